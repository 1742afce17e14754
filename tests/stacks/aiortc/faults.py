"""aiortc calls that meet a bad network, forged frames, a peer that starts again and hostile signaling. In all of them: no frame leaves unsealed."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

root = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(root / "examples" / "aiortc"))

import pqrtc  # noqa: E402
import signaling  # noqa: E402
from aiortc import RTCPeerConnection, RTCSessionDescription  # noqa: E402
from call import Peer, join, new_video_key, see_and_hear  # noqa: E402
from media import ColourTrack, Sink, ToneTrack, loopback_only  # noqa: E402
from pqrtc import SignatureAlgorithm, SigningKey  # noqa: E402
from signaling import Offerer, SignalingError, answer, from_sdp, into_sdp  # noqa: E402
from wire import Forger, Network, Watch  # noqa: E402


async def connect(offerer: RTCPeerConnection, answerer: RTCPeerConnection) -> None:
    """SDP alone, without pqrtc."""
    await offerer.setLocalDescription(await offerer.createOffer())
    await answerer.setRemoteDescription(offerer.localDescription)
    await answerer.setLocalDescription(await answerer.createAnswer())
    await offerer.setRemoteDescription(answerer.localDescription)


async def close(*peers: Any) -> None:
    for peer in peers:
        await peer.close()


async def the_watch_sees() -> None:
    """The watch itself: a call without pqrtc, of which it must complain."""
    a, b = RTCPeerConnection(), RTCPeerConnection()
    for track in (ToneTrack(440), ColourTrack("red")):
        a.addTrack(track)
    sinks: List[Sink] = []
    b.on("track", lambda track: sinks.append(Sink(track)))
    with Watch() as watch:
        await connect(a, b)
        for sink in sinks:
            await sink.more(10)
    await close(a, b)
    assert watch.packets and len(watch.unsealed) == watch.packets, "the watch missed plain frames"


async def without_a_key() -> None:
    """Connected, and no key yet: nothing is sent at all. Then the key comes, and the picture with it."""
    alice, bob = Peer("alice", "red", 440), Peer("bob", "blue", 880)
    with Watch() as watch:
        alice._on_channel(alice.pc.createDataChannel("chat"))
        await connect(alice.pc, bob.pc)
        for _ in range(200):
            if alice.pc.connectionState == bob.pc.connectionState == "connected":
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(1.0)
        assert watch.packets == 0, f"{watch.packets} packets before there was a key"
        assert alice.sealers["video"].dropped > 10
        # Over the data channel this time, sealed by nothing yet.
        offer = Offerer(b"late")
        for channel in (alice.channel, bob.channel):
            assert channel.readyState == "open"
        alice.channel.send(json.dumps(offer.offer()))
        blob, session = answer(b"late", json.loads(await bob.received.get()))
        bob.start(session)
        bob.channel.send(json.dumps(blob))
        alice.start(offer.accept(json.loads(await alice.received.get())))
        await see_and_hear(alice, bob, 10)
        assert watch.packets and not watch.unsealed, watch.unsealed[:9]
    await close(alice, bob)


async def bad_network() -> None:
    """5 % lost, 10 % out of order, 5 % doubled, from the first DTLS packet on; keys change meanwhile."""
    with Watch() as watch, Network() as network:
        alice, bob = Peer("alice", "red", 440), Peer("bob", "blue", 880)
        await join(alice, bob, b"bad network")
        await see_and_hear(alice, bob, 45, within=50)
        for peer in (alice, bob):
            peer.sealers["audio"].key.ratchet()
        await new_video_key(alice, bob)
        await see_and_hear(alice, bob, 45, within=50)
        assert network.lost and network.late and network.doubled
        assert watch.packets and not watch.unsealed, watch.unsealed[:9]
    opened = sum(o.opened for peer in (alice, bob) for o in peer.openers.values())
    torn = sum((o.dropped for peer in (alice, bob) for o in peer.openers.values()), Counter())
    print(f"{network.sent} datagrams, {network.lost} lost, {network.late} late, {network.doubled} doubled; {opened} frames opened, torn ones refused: {dict(torn)}")
    await close(alice, bob)


async def forged_frames() -> None:
    alice, bob = Peer("alice", "red", 440), Peer("bob", "blue", 880)
    with Watch() as watch:
        await join(alice, bob, b"forged")
        await see_and_hear(alice, bob, 10)
        forgers = [Forger(sender, watch) for sender in alice.pc.getSenders()]
        await asyncio.sleep(3)
        opened = {kind: opener.opened for kind, opener in bob.openers.items()}
        await see_and_hear(alice, bob, 20)
        assert not watch.unsealed, watch.unsealed[:9]
    for kind, opener in bob.openers.items():
        print(f"{kind}: {opener.opened} opened, refused {dict(opener.dropped)}")
        assert opener.opened > opened[kind] and opener.dropped["DecryptionError"] and opener.dropped["ReplayedFrameError"]
        assert not {name for name in opener.dropped} - {"DecryptionError", "ReplayedFrameError", "MalformedFrameError", "UnknownKeyIdError"}
    assert all(forger.forged > 40 for forger in forgers)
    await close(alice, bob)


async def restart() -> None:
    """Bob is gone without a word and comes again. A new call, new keys; nothing of the old one is of use."""
    alice, bob = Peer("alice", "red", 440), Peer("bob", "blue", 880)
    old: List[Tuple[pqrtc.Codec, bytes]] = []
    with Watch() as watch:
        await join(alice, bob, b"call 1")
        await see_and_hear(alice, bob, 10)
        seal = pqrtc.frame.seal
        pqrtc.frame.seal = lambda key, codec, frame: old.append((codec, seal(key, codec, frame))) or old[-1][1]
        await asyncio.sleep(0.5)
        pqrtc.frame.seal = seal
        # His process dies: the sockets go, no DTLS alert and no RTCP BYE is sent.
        ice = bob.pc.sctp.transport.transport
        await ice._connection.close()
        await alice.close()

        alice, again = Peer("alice", "red", 440), Peer("bob", "blue", 880)
        await join(alice, again, b"call 2")
        await see_and_hear(alice, again, 10)
        for codec, sealed in old:
            for opener in (*alice.openers.values(), *again.openers.values()):
                try:
                    pqrtc.frame.open(opener.key, codec, sealed)
                except pqrtc.PqrtcError:
                    continue
                raise AssertionError("a frame of the old call opened in the new one")
        assert old and not watch.unsealed, watch.unsealed[:9]
    await close(alice, again, bob)


def refused(what: str, act: Callable[[], Any]) -> None:
    try:
        act()
    except SignalingError as why:
        print(f"    {what}: {why}")
        return
    raise AssertionError(f"{what}: accepted")


def altered(blob: Dict[str, Any], **changes: Any) -> Dict[str, Any]:
    return {**copy.deepcopy(blob), **changes}


def flip(text: str) -> str:
    return text[:200] + ("A" if text[200] != "A" else "B") + text[201:]


async def hostile_signaling() -> None:
    """Each is refused in words, and afterwards the true message still makes the call."""
    for me, peer in ((None, None), (SigningKey.generate(SignatureAlgorithm.ML_DSA_65), SigningKey.generate(SignatureAlgorithm.ML_DSA_65))):
        who = {"me": me, "peer": peer.public_key} if me else {}
        back = {"me": peer, "peer": me.public_key} if me else {}
        print("  with identities" if me else "  without identities")
        offerer, elsewhere = Offerer(b"call 7", **who), Offerer(b"call 6", **who)
        offer = json.loads(json.dumps(offerer.offer()))
        reply, session = answer(b"call 7", offer, **back)
        earlier, _ = answer(b"call 6", elsewhere.offer(), **back)

        for name in ("bundle", *(["signature"] if me else [])):
            refused(f"offer, {name} truncated", lambda: answer(b"call 7", altered(offer, **{name: offer[name][:-4]}), **back))
            refused(f"offer, {name} cut in a group", lambda: answer(b"call 7", altered(offer, **{name: offer[name][:-1]}), **back))
        refused("offer without one", lambda: answer(b"call 7", None, **back))
        refused("offer of another suite", lambda: answer(b"call 7", altered(offer, suite=9), **back))
        refused("offer, bundle of ones", lambda: answer(b"call 7", altered(offer, bundle=signaling.b64(b"\xff" * 1216)), **back))
        if me:
            refused("offer altered", lambda: answer(b"call 7", altered(offer, bundle=flip(offer["bundle"])), **back))
            refused("offer of an earlier call", lambda: answer(b"call 7", elsewhere.offer(), **back))
            refused("offer of somebody else", lambda: answer(b"call 7", Offerer(b"call 7", SigningKey.generate(SignatureAlgorithm.ML_DSA_65)).offer(), **back))
            refused("answer of somebody else", lambda: offerer.accept(answer(b"call 7", offer, SigningKey.generate(SignatureAlgorithm.ML_DSA_65))[0]))

        for name in ("exchange", "confirm"):
            refused(f"answer, {name} truncated", lambda: offerer.accept(altered(reply, **{name: reply[name][:-4]})))
            refused(f"answer, {name} altered", lambda: offerer.accept(altered(reply, **{name: flip(reply[name] * 5)[: len(reply[name])]} if name == "exchange" else {name: earlier[name]})))
            refused(f"answer, {name} missing", lambda: offerer.accept({k: v for k, v in reply.items() if k != name}))
        refused("answer of an earlier call", lambda: offerer.accept(earlier))
        refused("answer for another peer", lambda: elsewhere.accept(reply))
        assert offerer.accept(reply).export("x") == session.export("x")
        refused("the answer once more", lambda: offerer.accept(reply))

    # And in a call: Bob's answer is swapped on the way for one of an earlier call. Alice sends nothing, says why, and goes on with the true one.
    alice, bob = Peer("alice", "red", 440), Peer("bob", "blue", 880)
    with Watch() as watch:
        stale, _ = answer(b"old", Offerer(b"old").offer())
        await alice.pc.setLocalDescription(await alice.pc.createOffer())
        offerer = Offerer(b"new")
        # As SDP attributes this time.
        sdp = into_sdp(alice.pc.localDescription.sdp, offerer.offer())
        blob, session = answer(b"new", from_sdp(sdp))
        await bob.pc.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await bob.pc.setLocalDescription(await bob.pc.createAnswer())
        refused("in a call, the answer of an earlier one", lambda: offerer.accept(stale))
        sdp = into_sdp(bob.pc.localDescription.sdp, blob)
        await alice.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        await asyncio.sleep(1)
        assert watch.packets == 0
        bob.start(session)
        alice.start(offerer.accept(from_sdp(sdp)))
        await see_and_hear(alice, bob, 10)
        assert not watch.unsealed, watch.unsealed[:9]
    await close(alice, bob)


def main() -> int:
    logging.basicConfig(level=logging.CRITICAL)
    loopback_only()
    tests = [the_watch_sees, without_a_key, bad_network, forged_frames, restart, hostile_signaling]
    for test in tests:
        if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
            asyncio.run(asyncio.wait_for(test(), 40))
            print(f"ok: {test.__name__.replace('_', ' ')}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
