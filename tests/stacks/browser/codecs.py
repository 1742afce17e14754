"""Chromium to itself, the worker of the page on both sides: VP8, VP9, H.264 and AV1, first under a wrong key, then under the right one."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict

from chromium import page_and_peer
from playwright.async_api import Page

CONNECT = """async (codec) => {
  const known = RTCRtpReceiver.getCapabilities('video').codecs.filter(({ mimeType }) => mimeType === `video/${codec}`);
  const can = RTCRtpSender.getCapabilities('video').codecs.some(({ mimeType }) => mimeType === `video/${codec}`);
  if (!known.length || !can) return false;
  const end = () => ({ pc: new RTCPeerConnection(), worker: new Worker('worker.js', { type: 'module' }), asked: 0 });
  const [from, to] = [end(), end()];
  from.pc.onicecandidate = ({ candidate }) => to.pc.addIceCandidate(candidate);
  to.pc.onicecandidate = ({ candidate }) => from.pc.addIceCandidate(candidate);
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240, frameRate: 30 } });
  const options = { kind: 'video', codec };
  const incoming = to.pc.addTransceiver('video', { direction: 'recvonly' });
  incoming.setCodecPreferences(known);
  incoming.receiver.transform = new RTCRtpScriptTransform(to.worker, { side: 'receive', ...options });
  const sender = from.pc.addTrack(stream.getVideoTracks()[0], stream);
  sender.transform = new RTCRtpScriptTransform(from.worker, { side: 'send', ...options });
  for (const { worker } of [from, to]) worker.onmessage = ({ data }) => { worker.counts = data.counts; };
  document.getElementById('peer').srcObject = new MediaStream([incoming.receiver.track]);
  await to.pc.setLocalDescription();
  await from.pc.setRemoteDescription(to.pc.localDescription);
  await from.pc.setLocalDescription();
  await to.pc.setRemoteDescription(from.pc.localDescription);
  window.pair = { from, to, stream, key: crypto.getRandomValues(new Uint8Array(32)) };
  return true;
}"""
# The side that sends is the initiator. Keys that are not the right ones are nobody's.
KEYS = """async ([side, epoch, right]) => {
  const raw = right ? pair.key : crypto.getRandomValues(new Uint8Array(32)), key = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveBits']);
  pair[side].worker.postMessage({ id: 1, keys: { epoch, role: side === 'from' ? 1 : 2, key }, maySend: true });
}"""
STATS = """async () => {
  for (const { worker } of [pair.from, pair.to]) worker.postMessage({ id: 2 });
  const reports = [...(await pair.to.pc.getStats()).values()];
  const rtp = reports.find(({ type }) => type === 'inbound-rtp') ?? {};
  return { mime: reports.find(({ id }) => id === rtp.codecId)?.mimeType, decoded: rtp.framesDecoded ?? 0, keys: rtp.keyFramesDecoded ?? 0,
    from: pair.from.worker.counts, to: pair.to.worker.counts };
}"""
CLOSE = """() => {
  for (const { pc, worker } of [pair.from, pair.to]) { pc.close(); worker.terminate(); }
  pair.stream.getTracks().forEach((track) => track.stop());
}"""


async def until(page: Page, what: str, true: Callable[[Dict[str, Any]], bool], seconds: float = 25) -> Dict[str, Any]:
    end = time.monotonic() + seconds
    while True:
        stats: Dict[str, Any] = await page.evaluate(STATS)
        if stats["from"] and stats["to"] and true(stats):
            return stats
        assert time.monotonic() < end, f"{what}: not in {seconds} s, page has {stats}"
        await asyncio.sleep(0.2)


async def codec(page: Page, name: str) -> None:
    assert await page.evaluate(CONNECT, name), f"this Chromium has no {name}"
    await page.evaluate(KEYS, ["from", 0, True])
    await page.evaluate(KEYS, ["to", 0, False])
    stats = await until(page, f"{name}, wrong key", lambda s: s["to"]["dropped"].get("receive DecryptionFailed", 0) > 30)
    assert stats["decoded"] == 0 and stats["to"]["opened"] == 0, stats
    await page.evaluate(KEYS, ["to", 1, True])
    await page.evaluate(KEYS, ["from", 1, True])
    refused = stats["to"]["dropped"]
    stats = await until(page, f"{name}, right key", lambda s: s["decoded"] > 45)
    assert stats["mime"] == f"video/{name}" and stats["to"]["opened"] > 45, stats
    assert set(stats["from"]["dropped"]) <= {"send NoKey"}, stats
    assert set(stats["to"]["dropped"]) == set(refused), f"a frame came that did not open: {stats}"
    print(f"{name}: {stats['from']['sealed']} frames sealed, {stats['to']['opened']} opened, {stats['decoded']} pictures decoded, "
          f"{stats['keys']} of them key frames; before, under a wrong key: {refused}, no picture", flush=True)
    await page.evaluate(CLOSE)


async def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    async with page_and_peer(sys.argv[1], Path(sys.argv[2])) as (page, _):
        for name in ("VP8", "VP9", "H264", "AV1"):
            await codec(page, name)


asyncio.run(main())
