"""A call between the page in Chromium and aiortc with libpqrtc, media both ways; without a key, with a wrong one, with hostile signaling."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict

from chromium import b64, page_and_peer, refused, root
from playwright.async_api import Page

sys.path.append(str(root / "tests" / "stacks" / "aiortc"))

from media import loopback_only
from peer import Answerer
from wire import Forger, Network, Watch

CONNECT = """async () => {
  const [c, q] = [await import('/call.js'), { ...await import('/pqrtc.js'), ...await import('/session.js') }];
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240, frameRate: 15 } });
  const show = (id, media) => { document.getElementById(id).srcObject = media; };
  show('own', stream);
  window.call?.close();
  Object.assign(window, { c, q, call: new c.Call(stream, (remote) => show('peer', remote)) });
  window.session = await call.connect(await c.identity());
}"""
STATS = """async () => {
  const found = { ...(await call.counts()), framesDecoded: 0, framesEncoded: 0, framesSent: 0, audio: 0, bytesSent: 0 };
  for (const r of (await call.pc.getStats()).values()) {
    if (r.type === 'inbound-rtp' && r.kind === 'video') found.framesDecoded = r.framesDecoded ?? 0;
    if (r.type === 'inbound-rtp' && r.kind === 'audio') found.audio = r.totalAudioEnergy ?? 0;
    if (r.type === 'outbound-rtp' && r.kind === 'video') Object.assign(found, { framesEncoded: r.framesEncoded, framesSent: r.framesSent ?? 0 });
    if (r.type === 'outbound-rtp') found.bytesSent += r.bytesSent;
    if (r.type === 'transport') Object.assign(found, { tls: r.tlsVersion, group: r.tlsGroup, dtls: r.dtlsState });
  }
  const video = document.getElementById('peer'), canvas = new OffscreenCanvas(8, 8), at = canvas.getContext('2d');
  found.time = video.currentTime;
  if (video.videoWidth) { at.drawImage(video, 0, 0, 8, 8); found.pixel = [...at.getImageData(4, 1, 1, 1).data]; }
  return found;
}"""


def blue(stats: Dict[str, Any]) -> bool:
    red, _, blue, _ = stats.get("pixel") or (0, 0, 0, 0)
    return blue > 150 and red < 80


async def until(page: Page, what: str, true: Callable[[Dict[str, Any]], bool], seconds: float = 25) -> Dict[str, Any]:
    end = time.monotonic() + seconds
    while True:
        stats: Dict[str, Any] = await page.evaluate(STATS)
        if true(stats):
            return stats
        assert time.monotonic() < end, f"{what}: not in {seconds} s, page has {stats}"
        await asyncio.sleep(0.2)


def lost(answerer: Answerer) -> Dict[str, Dict[str, int]]:
    assert answerer.peer is not None
    return {kind: dict(opener.dropped) for kind, opener in answerer.peer.openers.items()}


def failures(dropped: Dict[str, int]) -> Dict[str, int]:
    return {name: count for name, count in dropped.items() if not name.endswith("NoKey")}


async def without_a_key(page: Page, answerer: Answerer) -> None:
    """Connected, and the page has not been given its keys: it sends nothing and shows nothing."""
    await page.evaluate(CONNECT)
    await until(page, "connected, frames encoded", lambda s: s.get("dtls") == "connected" and s["dropped"].get("send NoKey", 0) > 40)
    stats = await until(page, "sealed frames come in", lambda s: s["dropped"].get("receive NoKey", 0) > 40)
    assert stats["sealed"] == stats["opened"] == stats["framesDecoded"] == stats["bytesSent"] == 0, stats
    assert not any(o.opened or o.dropped for o in answerer.peer.openers.values()), "something left the page without a key"
    print(f"without a key: {stats['dropped']}, 0 bytes of media sent", flush=True)


async def both_ways(page: Page, answerer: Answerer) -> None:
    await page.evaluate("() => call.start(session)")
    peer = answerer.peer
    await asyncio.sleep(0.5)  # what is under way
    refused_here, refused_there = failures((await page.evaluate(STATS))["dropped"]), lost(answerer)
    await asyncio.gather(peer.sinks["video"].more(30, 25), peer.sinks["audio"].more(100, 25))
    before = await until(page, "video and audio", lambda s: s["framesDecoded"] > 30 and s["audio"] > 0 and blue(s))
    after = await until(page, "the picture moves on", lambda s: s["time"] > before["time"] and s["framesDecoded"] > before["framesDecoded"])
    shown = peer.sinks["video"].recent[-1]
    luma = bytes(shown.planes[0])
    assert shown.width >= 160 and max(luma) - min(luma) > 60, "aiortc shows a flat picture"
    assert lost(answerer) == refused_there, f"a frame came that did not open: {refused_there}, then {lost(answerer)}"
    assert failures(after["dropped"]) == refused_here, f"a frame came that did not open: {refused_here}, then {after['dropped']}"
    print(f"browser: {after['framesDecoded']} pictures decoded, blue {after['pixel'][:3]}, {after['opened']} frames opened, {after['sealed']} sealed; "
          f"aiortc: {peer.sinks['video'].frames} pictures of {shown.width}x{shown.height}, {peer.sinks['audio'].frames} blocks of sound; "
          f"TLS version {after['tls']}, group {after.get('group')}", flush=True)


async def wrong_key(page: Page, answerer: Answerer) -> None:
    """Connected, and the page has the keys of a session that nobody else has."""
    await page.evaluate(CONNECT)
    await page.evaluate(
        """async () => { const keys = await q.Keypair.generate();
        await call.start((await q.initiate(q.X_WING, keys.bundle)).session); }"""
    )
    peer = answerer.peer
    stats = await until(page, "failures counted", lambda s: s["dropped"].get("receive DecryptionFailed", 0) > 60 and s["sealed"] > 60)
    for _ in range(100):
        if all(o.dropped["DecryptionError"] > 10 for o in peer.openers.values()):
            break
        await asyncio.sleep(0.1)
    stats = await page.evaluate(STATS)
    assert stats["opened"] == stats["framesDecoded"] == stats["audio"] == 0, stats
    assert all(set(o.dropped) == {"DecryptionError"} and o.dropped["DecryptionError"] > 10 and not o.opened for o in peer.openers.values()), lost(answerer)
    assert not any(sink.frames for sink in peer.sinks.values()), "aiortc decoded something under the wrong key"
    print(f"wrong key: nothing decoded. Page {stats['dropped']}, aiortc {lost(answerer)}", flush=True)


async def hostile_signaling(page: Page, answerer: Answerer) -> None:
    """Each is refused in words, and afterwards the true message still makes the session."""
    await page.evaluate("async () => { window.offerer = await c.Offerer.create('call 7', await c.identity()); window.other = await c.Offerer.create('call 6', await c.identity()); }")
    offer, other = await page.evaluate("() => [offerer.offer, other.offer]")
    reply, session = answerer.keys("call 7", offer)
    earlier, _ = answerer.keys("call 6", other)
    stranger = Answerer()
    accept = "(blob) => offerer.accept(blob)"
    for name, bytes_left in (("exchange", 1119), ("confirm", 30), ("signature", 3306)):
        await refused(page, f"answer, {name} truncated", accept, {**reply, name: reply[name][:-4]}, f"{bytes_left} bytes, not")
        await refused(page, f"answer, {name} cut in a group", accept, {**reply, name: reply[name][:-1]}, "not base64")
        await refused(page, f"answer, {name} missing", accept, {k: v for k, v in reply.items() if k != name}, "not base64")
        await refused(page, f"answer, {name} of an earlier call", accept, {**reply, name: earlier[name]}, "the answer was")
    await refused(page, "no answer", accept, None, "no key exchange")
    await refused(page, "answer of an earlier call", accept, earlier, "not signed by the peer, or not for this call")
    await refused(page, "answer of somebody else", accept, stranger.keys("call 7", offer)[0], "not signed by the peer")
    await refused(page, "answer for another peer", "(blob) => other.accept(blob)", reply, "not for this call")
    theirs = await page.evaluate("async (blob) => q.b64(await (await offerer.accept(blob)).export('x'))", reply)
    assert theirs == b64(session.export("x"))
    send = "(body) => c.post('offer', body)"
    sdp, call = await page.evaluate("() => [call.pc.localDescription.sdp, call.id]")
    good = {"call": "call 8", "sdp": sdp, "pqrtc": offer}
    await refused(page, "offer, bundle truncated", send, {**good, "pqrtc": {**offer, "bundle": offer["bundle"][:-4]}}, "bytes, not 1216")
    await refused(page, "offer, bundle of ones", send, {**good, "pqrtc": {**offer, "bundle": b64(b"\xff" * 1216)}}, "bundle: ")
    await refused(page, "offer without keys", send, {"call": "call 8", "sdp": sdp}, "no key exchange")
    await refused(page, "offer, SDP cut", send, {**good, "sdp": "v=0\r\nm=audio"}, "sdp: ")
    await refused(page, "offer of an earlier call", send, {**good, "call": call}, "an offer of an earlier call")
    opened = (await page.evaluate(STATS))["opened"]
    await until(page, "the call goes on", lambda s: s["opened"] > opened + 50)


async def bad_network(page: Page, answerer: Answerer) -> None:
    """What aiortc sends is lost (5 %), late, doubled, and among it are forged frames, all from the start."""
    with Watch() as watch, Network() as network:
        await page.evaluate(CONNECT)
        forgers = [Forger(sender, watch) for sender in answerer.peer.pc.getSenders()]
        await page.evaluate("() => call.start(session)")
        await until(page, "a picture", lambda s: blue(s) and s["framesDecoded"] > 10)
        await asyncio.sleep(2)
        before = await page.evaluate(STATS)
        stats = await until(page, "it goes on", lambda s: blue(s) and s["framesDecoded"] > before["framesDecoded"] + 10 and s["opened"] > before["opened"] + 50)
        assert not watch.unsealed, watch.unsealed[:9]
    refused = failures(stats["dropped"])
    assert refused["receive DecryptionFailed"] and refused["receive ReplayedFrame"] and all(forger.forged > 20 for forger in forgers), refused
    print(f"{network.lost} datagrams lost, {network.late} late, {network.doubled} doubled, {sum(f.forged for f in forgers)} frames forged: "
          f"{stats['framesDecoded']} pictures decoded, refused {refused}", flush=True)


async def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    loopback_only()
    picture = Path(sys.argv[3])
    async with page_and_peer(sys.argv[1], Path(sys.argv[2])) as (page, answerer):
        await without_a_key(page, answerer)
        await both_ways(page, answerer)
        await hostile_signaling(page, answerer)
        await wrong_key(page, answerer)
        await both_ways(page, answerer)
        await bad_network(page, answerer)
        # By hand: a new page, the button.
        await page.reload()
        await page.click("#join")
        await page.wait_for_function("() => window.call")
        await until(page, "joined by the button", lambda s: blue(s) and s["framesDecoded"] > 10)
        await answerer.peer.sinks["video"].more(10)
        await page.screenshot(path=str(picture))


asyncio.run(main())
