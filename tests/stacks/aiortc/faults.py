"""aiortc calls that meet a bad network, forged frames, a peer that starts again and hostile signaling. In all of them: no frame leaves unsealed."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Callable, List, Tuple

root = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(root / "examples" / "aiortc"))

import pqrtc  # noqa: E402
from aiortc import RTCPeerConnection  # noqa: E402
from call import Peer, carry, join, pair, see_and_hear  # noqa: E402
from media import ColourTrack, Sink, ToneTrack, loopback_only  # noqa: E402
from pqrtc import SignatureAlgorithm, SigningKey  # noqa: E402
from signaling import SignalingError, decode, encode, fingerprint, from_sdp, into_sdp  # noqa: E402
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
    alice, bob = pair()
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
        # The whole handshake over the data channel this time.
        for me, other in ((alice, bob), (bob, alice)):
            assert me.channel.readyState == "open"
            me.begin(me.pc.localDescription.sdp, fingerprint(other.pc.localDescription.sdp))
        text, me, other = alice.rekey(), alice, bob
        while text:
            me.channel.send(text)
            text, me, other = await other.receive(await other.received.get()), other, me
        await see_and_hear(alice, bob, 10)
        assert watch.packets and not watch.unsealed, watch.unsealed[:9]
    await close(alice, bob)


class WholeFrames:
    """Counts the sealed frames that come as they were sealed and are refused for want of their key. A frame that was torn on the way has
    other bytes where its KID was, and may be refused for want of any key."""

    def __enter__(self) -> WholeFrames:
        self.came, self.refused, self._sealed = 0, 0, set()
        self._seal, self._open = pqrtc.frame.seal, pqrtc.frame.open
        pqrtc.frame.seal, pqrtc.frame.open = self._sealing, self._opening
        return self

    def __exit__(self, *_: object) -> None:
        pqrtc.frame.seal, pqrtc.frame.open = self._seal, self._open

    def _sealing(self, key: Any, codec: pqrtc.Codec, frame: bytes) -> bytes:
        sealed = self._seal(key, codec, frame)
        self._sealed.add(bytes(sealed))
        return sealed

    def _opening(self, key: Any, codec: pqrtc.Codec, frame: bytes) -> bytes:
        whole = bytes(frame) in self._sealed
        self.came += whole
        try:
            return self._open(key, codec, frame)
        except pqrtc.UnknownKeyIdError:
            self.refused += whole
            raise


async def bad_network() -> None:
    """5 % lost, 10 % out of order, 5 % doubled, from the first DTLS packet on; keys change meanwhile."""
    with Watch() as watch, WholeFrames() as whole, Network() as network:
        alice, bob = pair()
        await join(alice, bob)
        await see_and_hear(alice, bob, 45, within=50)
        await carry(alice.rekey(), bob, alice)
        await see_and_hear(alice, bob, 45, within=50)
        assert all(s.key.kid & 3 == 1 for peer in (alice, bob) for s in peer.sealers.values())
        assert network.lost and network.late and network.doubled
        assert watch.packets and not watch.unsealed, watch.unsealed[:9]
    opened = sum(o.opened for peer in (alice, bob) for o in peer.openers.values())
    torn = sum((o.dropped for peer in (alice, bob) for o in peer.openers.values()), Counter())
    assert whole.came > 100 and not whole.refused, (whole.came, whole.refused)  # the changes of keys cost no frame
    print(f"{network.sent} datagrams, {network.lost} lost, {network.late} late, {network.doubled} doubled; {opened} frames opened, torn ones refused: {dict(torn)}")
    await close(alice, bob)


async def rekeys_of_high_definition() -> None:
    """720p30 one way with 5 % lost: three changes of keys, and no frame that comes is refused for want of its key."""
    with WholeFrames() as whole, Network(loss=0.05, reorder=0, duplicate=0) as network:
        alice, bob = pair()
        alice.sealers["video"]._sender.replaceTrack(ColourTrack("red", 1280, 720, 30, noise=0.02))
        await join(alice, bob)
        for offerer, answerer in ((alice, bob), (bob, alice), (alice, bob)):
            await bob.sinks["video"].more(30)
            await carry(offerer.rekey(), answerer, offerer)
        await bob.sinks["video"].more(30)
        assert (bob.sinks["video"].recent[-1].width, alice.sealers["video"].key.kid & 3) == (1280, 3)
        assert whole.came > 100 and not whole.refused, (whole.came, whole.refused)
        assert not any(opener.dropped["LookupError"] for peer in (alice, bob) for opener in peer.openers.values())
        video = bob.openers["video"]
        print(f"{network.sent} datagrams, {network.lost} lost; {video.opened} frames of video opened, refused {dict(video.dropped)}")
    await close(alice, bob)


async def forged_frames() -> None:
    alice, bob = pair()
    with Watch() as watch:
        await join(alice, bob)
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
    alice, bob = pair()
    old: List[Tuple[pqrtc.Codec, bytes]] = []
    with Watch() as watch:
        await join(alice, bob)
        await see_and_hear(alice, bob, 10)
        seal = pqrtc.frame.seal
        pqrtc.frame.seal = lambda key, codec, frame: old.append((codec, seal(key, codec, frame))) or old[-1][1]
        await asyncio.sleep(0.5)
        pqrtc.frame.seal = seal
        # His process dies: the sockets go, no DTLS alert and no RTCP BYE is sent.
        ice = bob.pc.sctp.transport.transport
        await ice._connection.close()
        await alice.close()

        alice, again = Peer("red", 440, alice.me, bob.me.fingerprint), Peer("blue", 880, bob.me, alice.me.fingerprint)
        await join(alice, again)
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


async def refused(what: str, by: Peer, text: str, error: str) -> None:
    try:
        await by.receive(text)
    except (SignalingError, pqrtc.PqrtcError) as why:
        assert type(why).__name__ == error, f"{what}: {why!r}"
        assert by.call is None or not by.call.info().may_send
        print(f"    {what}: {why}")
        return
    raise AssertionError(f"{what}: accepted")


def altered(text: str, at: int = 200, sdp: Callable[[str], str] = lambda sdp: sdp) -> str:
    """With one byte of the message altered, or the SDP."""
    heard = decode(text)
    message = bytearray(heard.pqrtc)
    message[at] ^= at != 0
    return encode(heard.type, bytes(message), sdp(heard.sdp))


def other_certificate(sdp: str) -> str:
    return sdp.replace(colons(fingerprint(sdp)), colons(pqrtc.random(32)))


def colons(fingerprint: bytes) -> str:
    return ":".join(f"{byte:02X}" for byte in fingerprint)


async def hostile_signaling() -> None:
    """What the operator of the signaling server can do. Each is refused with a reason, and afterwards the true message still makes the call."""
    alice, bob = pair()
    with Watch() as watch:
        offer = await alice.offer()
        stripped = {name: value for name, value in json.loads(offer).items() if name != "pqrtc"}
        await refused("offer without pqrtc", bob, json.dumps(stripped), "SignalingError")
        await refused("offer cut", bob, offer[:-20], "SignalingError")
        await refused("finish before an offer", bob, encode("pqrtc", b"\1\3\0"), "SignalingError")
        await refused("offer with its message cut", bob, encode("offer", decode(offer).pqrtc[:-1], decode(offer).sdp), "MalformedMessageError")
        await refused("offer with two fingerprints", bob, altered(offer, 0, lambda sdp: sdp.replace("a=fingerprint", "a=fingerprint:sha-256 " + colons(bytes(32)) + "\r\na=fingerprint", 1)), "SignalingError")

        # A man in the middle makes the offer himself. Bob answers, because an offer names nobody, and refuses the rest.
        mallory = Peer("yellow", 600, SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519), bob.me.fingerprint)
        bob3 = Peer("blue", 880, bob.me, alice.me.fingerprint)
        finish = await mallory.receive(await bob3.receive(await mallory.offer()))
        await refused("finish of a man in the middle", bob3, finish, "PeerRejectedError")
        await mallory.close()
        # Or he answers Alice.
        mallory = Peer("yellow", 600, SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519), alice.me.fingerprint)
        await refused("answer of a man in the middle", alice, await mallory.receive(offer), "PeerRejectedError")
        await mallory.close()
        # Or puts his certificate into the offer: Bob's answer is good, and the finish shows it.
        bob2 = Peer("blue", 880, bob.me, alice.me.fingerprint)
        alice2 = Peer("red", 440, alice.me, bob.me.fingerprint)
        finish = await alice2.receive(await bob2.receive(altered(await alice2.offer(), 0, other_certificate)))
        await refused("offer with another certificate", bob2, finish, "BindingMismatchError")

        answer = await bob.receive(offer)
        await refused("answer to another offer", alice, await Peer("blue", 880, bob.me, alice.me.fingerprint).receive(await pair()[0].offer()), "HandshakeFailedError")
        await refused("answer altered", alice, altered(answer), "HandshakeFailedError")
        await refused("answer with another certificate", alice, altered(answer, 0, other_certificate), "BindingMismatchError")
        await refused("the own offer as the answer", alice, offer.replace("offer", "answer", 1), "UnexpectedMessageError")
        assert not any(sealer.key for peer in (alice, bob, bob2, bob3) for sealer in peer.sealers.values()), "sends before it knows who the other is"
        finish = await alice.receive(answer)
        await refused("finish altered", bob, altered(finish), "HandshakeFailedError")
        await carry(finish, bob, alice)
        await see_and_hear(alice, bob, 10)
        assert not watch.unsealed, watch.unsealed[:9]
        await close(alice, bob, alice2, bob2, bob3)

        # As lines of the SDP, whose fingerprints of other hashes are a server's: they are not looked at.
        alice, bob = pair()
        told = decode(await alice.offer())
        sdp = into_sdp(told.sdp.replace("a=fingerprint", "a=fingerprint:sha-512 " + colons(bytes(64)) + "\r\na=fingerprint", 1), told.pqrtc)
        told = from_sdp("offer", sdp)
        await carry(encode("offer", told.pqrtc, told.sdp), bob, alice)
        await see_and_hear(alice, bob, 10)
    await close(alice, bob)


def main() -> int:
    logging.basicConfig(level=logging.CRITICAL)
    loopback_only()
    tests = [the_watch_sees, without_a_key, bad_network, rekeys_of_high_definition, forged_frames, restart, hostile_signaling]
    for test in tests:
        if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
            asyncio.run(asyncio.wait_for(test(), 40))
            print(f"ok: {test.__name__.replace('_', ' ')}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
