"""A call between the page in Chromium and aiortc with libpqrtc, media both ways and across rekeys; without a key, with a wrong one, with hostile signaling."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict

from chromium import b64, page_and_peer, refused, root, unb64
from playwright.async_api import Page

sys.path.append(str(root / "tests" / "stacks" / "aiortc"))

from media import loopback_only
from peer import Answerer
from wire import Forger, Network, Watch

# A new call, up to its offer. `keys` is what the page's worker is given, as the call has them, in place of them, or not at all.
OFFER = """async (keys) => {
  const [c, g, i, m] = await Promise.all(['/call.js', '/http.js', '/identity.js', '/session.js'].map((name) => import(name)));
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240, frameRate: 15 } });
  const show = (id, media) => { document.getElementById(id).srcObject = media; };
  show('own', stream);
  window.call?.close();
  window.me ??= i.Identity.generate();
  const { fingerprint } = await (await fetch('identity')).json(), id = crypto.randomUUID();
  const call = await c.Call.create(stream, { identity: me, pins: [m.unb64(fingerprint, 'fingerprint', 32)] });
  show('peer', call.remote);
  const own = call.keys.bind(call), other = () => crypto.subtle.importKey('raw', crypto.getRandomValues(new Uint8Array(32)), 'HKDF', false, ['deriveBits']);
  if (keys === 'none') call.keys = () => {};
  if (keys === 'wrong') call.keys = async (keys, maySend) => own({ ...keys, key: await other() }, maySend);
  Object.assign(window, { c, g, id, call, say: (text) => g.converse(id, call, text), offer: await call.offer() });
  return [id, JSON.parse(offer)];
}"""
CONNECT = "async (keys) => { await (%s)(keys); await say(offer); }" % OFFER
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
    """Connected, and the page's worker has not been given its keys: it sends nothing and shows nothing."""
    await page.evaluate(CONNECT, "none")
    await until(page, "connected, frames encoded", lambda s: s.get("dtls") == "connected" and s["dropped"].get("send NoKey", 0) > 40)
    stats = await until(page, "sealed frames come in", lambda s: s["dropped"].get("receive NoKey", 0) > 40)
    assert stats["sealed"] == stats["opened"] == stats["framesDecoded"] == stats["bytesSent"] == 0, stats
    assert not any(o.opened or o.dropped for o in answerer.peer.openers.values()), "something left the page without a key"
    print(f"without a key: {stats['dropped']}, 0 bytes of media sent", flush=True)


async def both_ways(page: Page, answerer: Answerer) -> None:
    await page.evaluate(CONNECT)
    await agreed(page, answerer, 0)
    await goes_on(page, answerer)


async def agreed(page: Page, answerer: Answerer, epoch: int) -> None:
    """Both are at this epoch, with each other."""
    hex_of = "(data) => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('')"
    theirs = await page.evaluate(f"() => [call.epoch, call.sas, ({hex_of})(call.peer.fingerprint), ({hex_of})(me.fingerprint)]")
    call = answerer.peer.call
    assert theirs == [epoch, call.sas(), answerer.identity.fingerprint.hex(), call.info().peer_fingerprint.hex()], theirs
    assert call.info().epoch == epoch


async def rekeys(page: Page, answerer: Answerer) -> None:
    """In mid-call, by either side: media goes on under the new keys, and no frame is lost to them."""
    dropped = failures((await page.evaluate(STATS))["dropped"]), lost(answerer)
    for epoch in range(1, 6):
        if epoch == 5:  # the acknowledgement is lost: a frame under the new keys tells the page as much
            answer = await answerer.receive(answerer.id, await page.evaluate("() => call.rekey()"))
            await answerer.receive(answerer.id, await page.evaluate("(answer) => call.receive(answer)", answer))
            assert await page.evaluate("() => call.state") == "done"
        elif epoch % 2:
            await page.evaluate("() => say(call.rekey())")
        else:
            call = answerer.peer.call
            finish = await answerer.receive(answerer.id, await page.evaluate("(m1) => call.receive(m1)", answerer.peer.rekey()))
            assert await page.evaluate("async (finish) => say(await call.receive(finish))", finish) is None
        await agreed(page, answerer, epoch)
        before = {kind: opener.opened for kind, opener in answerer.peer.openers.items()}
        stats = await until(page, f"media of epoch {epoch}", lambda s: all(of.get(str(epoch), 0) > 15 for of in s["epochs"].values()) and s["sending"] == epoch)
        sealed = stats["sealed"]
        await until(page, "more is sealed", lambda s: s["sealed"] > sealed + 60)
        assert all(opener.opened > before[kind] for kind, opener in answerer.peer.openers.items())
    assert (failures((await page.evaluate(STATS))["dropped"]), lost(answerer)) == dropped, "a rekey cost a frame"
    print(f"five rekeys, by either side, one without acknowledgement: frames opened by epoch {stats['epochs']}, none lost", flush=True)


async def goes_on(page: Page, answerer: Answerer) -> None:
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
    await page.evaluate(CONNECT, "wrong")
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


def swapped(sdp: str) -> str:
    """With the fingerprint of another certificate, as a server in the middle would."""
    return re.sub(r"(a=fingerprint:sha-256 )\S+", r"\1" + ":".join(["AB"] * 32), sdp)


def altered(message: Dict[str, Any], at: int = 4000) -> Dict[str, Any]:
    data = bytearray(unb64(message["pqrtc"]))
    data[at] ^= 1
    return {**message, "pqrtc": b64(data)}


ACCEPT = "async (message) => JSON.parse(await call.receive(JSON.stringify(message)))"


async def said(answerer: Answerer, id: str, message: Dict[str, Any]) -> Dict[str, Any]:
    return json.loads(await answerer.receive(id, json.dumps(message)))


async def hostile_answers(page: Page, answerer: Answerer) -> None:
    """Each is refused in words, and afterwards the true one still makes the call."""
    earlier = await said(answerer, *await page.evaluate(OFFER))
    id, offer = await page.evaluate(OFFER)
    answer, accept = await said(answerer, id, offer), ACCEPT
    sdp, pqrtc = answer["sdp"], answer["pqrtc"]
    stranger = Answerer()
    other = await said(stranger, id, offer)
    two = sdp.replace("a=fingerprint:sha-256", "a=fingerprint:sha-256 " + ":".join(["AB"] * 32) + "\r\na=fingerprint:sha-256", 1)
    for what, message, words in (
        ("without keys", {"type": "answer", "sdp": sdp}, "answer without pqrtc"),
        ("cut in a group", {**answer, "pqrtc": pqrtc[:-1]}, "not base64"),
        ("truncated", {**answer, "pqrtc": pqrtc[:2000]}, "cut off"),
        ("altered in its keys", altered(answer, 300), "altered"),
        ("altered in its seal", altered(answer), "altered"),
        ("of an earlier call", {**answer, "pqrtc": earlier["pqrtc"]}, "altered, or belongs to another"),
        ("of somebody else", other, "not pinned"),
        ("with another certificate in its SDP", {**answer, "sdp": swapped(sdp)}, "another DTLS fingerprint"),
        ("with two certificates in its SDP", {**answer, "sdp": two}, "2 SHA-256 fingerprints"),
        ("without a certificate in its SDP", {**answer, "sdp": re.sub("a=fingerprint.*\r\n", "", sdp)}, "0 SHA-256 fingerprints"),
        ("as another kind", {**answer, "type": "rollback"}, "no offer, answer or pqrtc message"),
    ):
        await refused(page, f"answer {what}", accept, message, words)
    assert await page.evaluate("() => call.pc.remoteDescription") is None, "the page connects to whom it refuses"
    # A fingerprint under another hash, beside the one that is signed, is not given to the browser.
    finish = await page.evaluate(accept, {**answer, "sdp": sdp.replace("a=fingerprint:", "a=fingerprint:sha-512 " + ":".join(["AB"] * 64) + "\r\na=fingerprint:", 1)})
    assert "sha-512" not in await page.evaluate("() => call.pc.remoteDescription.sdp")
    await refused(page, "a second answer with another certificate", accept, {**answer, "sdp": swapped(sdp)}, "another certificate than before")
    # The finish, at the other end.
    for what, message, code in (("altered", altered(finish), "(71)"), ("truncated", {**finish, "pqrtc": finish["pqrtc"][:400]}, "(64)")):
        try:
            await said(answerer, id, message)
        except ValueError as why:
            print(f"    finish {what}: {why}", flush=True)
            assert code in str(why)
        else:
            raise AssertionError(f"finish {what}: taken")
    assert not answerer.peer.call.info().may_send
    await page.evaluate("(finish) => say(JSON.stringify(finish))", finish)
    await agreed(page, answerer, 0)
    await goes_on(page, answerer)
    await stranger.close()


async def hostile_offers(page: Page, answerer: Answerer) -> None:
    """The call that there is goes on meanwhile."""
    send = "(offer) => g.post('call8', JSON.stringify(offer))"
    offer = await page.evaluate("""async () => {
      const other = await c.Call.create(new MediaStream(call.pc.getSenders().map(({ track }) => track)), { identity: me, pins: [] }), offer = await other.offer();
      other.close();
      return JSON.parse(offer);
    }""")
    await refused(page, "offer truncated", send, {**offer, "pqrtc": offer["pqrtc"][:-4]}, "(64)")
    await refused(page, "offer of another suite", send, altered(offer, 41), "(67)")
    await refused(page, "offer without keys", send, {"type": "offer", "sdp": offer["sdp"]}, "offer without pqrtc")
    await refused(page, "offer without a certificate", send, {**offer, "sdp": re.sub("a=fingerprint.*\r\n", "", offer["sdp"])}, "0 SHA-256 fingerprints")
    await refused(page, "offer, SDP cut", send, {**offer, "sdp": offer["sdp"][: offer["sdp"].index("a=fingerprint") + 130]}, "sdp: ")
    await refused(page, "offer of an earlier call", "(offer) => g.post(id, JSON.stringify(offer))", offer, "an offer of an earlier call")
    await refused(page, "a message of another call", send, {"type": "pqrtc", "pqrtc": "AQQA"}, "not a message of this call")
    opened = (await page.evaluate(STATS))["opened"]
    await until(page, "the call goes on", lambda s: s["opened"] > opened + 50)
    # A server in the middle swaps the page's certificate; a peer that has pinned somebody else. Both see it when the page finishes.
    id, offer = await page.evaluate(OFFER)
    await unfinished(page, answerer, id, await said(answerer, id, {**offer, "sdp": swapped(offer["sdp"])}), "(70)")
    answerer.pin = b"\1" * 32
    id, offer = await page.evaluate(OFFER)
    await unfinished(page, answerer, id, await said(answerer, id, offer), "(69)")
    answerer.pin = None


async def unfinished(page: Page, answerer: Answerer, id: str, answer: Dict[str, Any], code: str) -> None:
    finish = await page.evaluate(ACCEPT, answer)
    try:
        await said(answerer, id, finish)
    except ValueError as why:
        print(f"    finish: {why}", flush=True)
        assert code in str(why)
    else:
        raise AssertionError(f"not refused: {code}")
    assert not answerer.peer.call.info().may_send and not any(o.opened for o in answerer.peer.openers.values())


async def bad_network(page: Page, answerer: Answerer) -> None:
    """What aiortc sends is lost (5 %), late, doubled, and among it are forged frames, all from the start."""
    with Watch() as watch, Network() as network:
        await page.evaluate(CONNECT)
        forgers = [Forger(sender, watch) for sender in answerer.peer.pc.getSenders()]
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
        await rekeys(page, answerer)
        await hostile_answers(page, answerer)
        await hostile_offers(page, answerer)
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
