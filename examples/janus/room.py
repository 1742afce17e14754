#!/usr/bin/env python3
"""A meeting through a Janus VideoRoom that holds no key: one publisher, subscribers that are given the key end to end, one that is not.

    room.py [--codec VP8|H264] [--relay]    --relay: the publisher reaches Janus through coturn alone, with credentials that Janus fetches from our
                                            service (and subscribers could; only who sends the offer can ask Janus for relay alone)

The room has `require_e2ee`: Janus refuses whoever does not say that his media is sealed, and does not look into payloads.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Dict, Optional

for folder in ("aiortc", "coturn"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

import aioice.ice  # noqa: E402
import pqrtc  # noqa: E402
from aiortc import RTCPeerConnection, RTCSessionDescription  # noqa: E402
from coturn import Coturn  # noqa: E402
from janus import Handle, Janus, JanusError  # noqa: E402
from media import ColourTrack, Sink, ToneTrack, only  # noqa: E402
from pqrtc import CipherSuite, sframe  # noqa: E402
from pqrtc_aiortc import Opener, Sealer  # noqa: E402
from exchange import Offerer, answer, b64, unb64  # noqa: E402
from turn_service import TurnService, serve  # noqa: E402

ROOM, MEETING, CIPHER = 1234, b"meeting 1", CipherSuite.AES_256_GCM_SHA512_128


# docs:begin publisher
class Publisher:
    """Seals each frame once for all receivers. When a member joins or leaves, new keys go to the members present."""

    def __init__(self, first_kid: int) -> None:
        self._members: Dict[str, pqrtc.Session] = {}
        self._next_kid = first_kid  # no two publishers of a room use the same
        self.pc = RTCPeerConnection()
        self.sealers = {track.kind: Sealer(self.pc.addTrack(track)) for track in (ToneTrack(440), ColourTrack("red"))}

    def admit(self, name: str, offer: Dict[str, Any]) -> Dict[str, Any]:
        """Answers a member's key exchange, which came over the application's signaling, not through Janus."""
        blob, self._members[name] = answer(MEETING, offer)
        return blob

    def new_keys(self) -> Dict[str, bytes]:
        """For each member a message with the next keys. use() them when they have been sent."""
        self._fresh = {}
        for kind in self.sealers:
            self._fresh[kind] = self._next_kid, pqrtc.random(32)
            self._next_kid += 1
        message = json.dumps({kind: {"kid": kid, "key": b64(key)} for kind, (kid, key) in self._fresh.items()}).encode()
        return {name: session.seal(message, aad=b"keys") for name, session in self._members.items()}

    def use(self) -> None:
        for kind, (kid, key) in self._fresh.items():
            self.sealers[kind].key = sframe.Sender.from_key(key, kid, CIPHER)

    def dismiss(self, name: str) -> None:
        self._members.pop(name).close()
# docs:end publisher

    async def publish(self, janus: Janus, relay: bool) -> int:
        self.handle = Handle(janus)
        await self.handle.attach()
        joined, _ = await self.handle.message(request="join", ptype="publisher", room=ROOM, display="alice")
        await self.pc.setLocalDescription(await self.pc.createOffer())
        _, reply = await self.handle.message(_jsep(self.pc, relay), request="publish")
        self.sdp = reply["sdp"]
        await self.pc.setRemoteDescription(RTCSessionDescription(reply["sdp"], reply["type"]))
        await self.handle.up()
        return joined["id"]


# docs:begin subscriber
class Subscriber:
    def __init__(self) -> None:
        self._keys, self.session = Offerer(MEETING), None
        self.offer = self._keys.offer()
        self.openers: Dict[str, Opener] = {}
        self.sinks: Dict[str, Sink] = {}
        self.pc = RTCPeerConnection()
        self.pc.on("track", self._on_track)

    def admitted(self, blob: Dict[str, Any]) -> None:
        self.session = self._keys.accept(blob)

    def take(self, message: bytes) -> None:
        """Keys of the publisher. Old ones stay for the frames under way."""
        told = json.loads(self.session.open(message, aad=b"keys"))
        for kind, opener in self.openers.items():
            if opener.key is None:
                opener.key = sframe.Receiver(CIPHER)
            opener.key.add_key(told[kind]["kid"], unb64(told[kind], "key", 32))
# docs:end subscriber

    def _on_track(self, track: Any) -> None:
        receiver = next(r for r in self.pc.getReceivers() if r.track is track)
        self.openers[track.kind] = Opener(receiver)
        self.sinks[track.kind] = Sink(track)

    async def subscribe(self, janus: Janus, feed: int) -> None:
        self.handle = Handle(janus)
        await self.handle.attach()
        _, offer = await self.handle.message(request="join", ptype="subscriber", room=ROOM, streams=[{"feed": feed}])
        await self.pc.setRemoteDescription(RTCSessionDescription(offer["sdp"], offer["type"]))
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        await self.handle.message(_jsep(self.pc), request="start")

    async def sees(self, count: int = 20, within: float = 10) -> None:
        await self.sinks["video"].more(count)
        await self.sinks["audio"].more(40)
        colour, hertz = self.sinks["video"].colour(), self.sinks["audio"].hertz()
        assert colour == "red" and abs(hertz - 440) < within, f"{colour}, {hertz} Hz"

    async def blind(self, seconds: float = 1.5) -> None:
        await asyncio.sleep(0.5)
        before = [sink.frames for sink in self.sinks.values()]
        refused = sum(sum(opener.dropped.values()) for opener in self.openers.values())
        await asyncio.sleep(seconds)
        assert before == [sink.frames for sink in self.sinks.values()], "decoded without the key"
        assert sum(sum(opener.dropped.values()) for opener in self.openers.values()) > refused, "no frame came, so nothing was tried"


# docs:begin jsep
def _jsep(pc: RTCPeerConnection, relay: bool = False, sealed: bool = True) -> Dict[str, Any]:
    """What Janus is told: media is sealed end to end. It takes the last fingerprint of an SDP for SHA-256, so that one alone."""
    lines = pc.localDescription.sdp.splitlines(keepends=True)
    sdp = "".join(line for line in lines if not line.startswith(("a=fingerprint:sha-384", "a=fingerprint:sha-512")))
    return {"type": pc.localDescription.type, "sdp": sdp, "e2ee": sealed, **({"force_relay": True} if relay else {})}
# docs:end jsep


async def refuses_plain(janus: Janus) -> None:
    """Janus itself turns away a publisher who does not say that his media is sealed."""
    pc, handle = RTCPeerConnection(), Handle(janus)
    pc.addTrack(ColourTrack("green"))
    await handle.attach()
    await handle.message(request="join", ptype="publisher", room=ROOM, display="plain")
    await pc.setLocalDescription(await pc.createOffer())
    try:
        await handle.message(_jsep(pc, sealed=False), request="publish")
        raise AssertionError("Janus took a publisher without end-to-end encryption")
    except JanusError as why:
        print(f"a publisher without it: {why}")
    await pc.close()
    await handle.close()


async def meeting(janus: Janus, codec: str, relay: bool) -> None:
    alice, bob, carol, eve = Publisher(first_kid=0), Subscriber(), Subscriber(), Subscriber()
    video = next(t for t in alice.pc.getTransceivers() if t.kind == "video")
    video.setCodecPreferences([c for c in video.sender.getCapabilities("video").codecs if c.mimeType == f"video/{codec}"])
    try:
        await refuses_plain(janus)
        feed = await alice.publish(janus, relay)
        kinds = sorted({line.split(" typ ")[1].split()[0] for line in alice.sdp.splitlines() if line.startswith("a=candidate")})
        dtls = alice.pc.sctp.transport if alice.pc.sctp else video.sender.transport
        print(f"Janus offers candidates {kinds}")
        assert not relay or kinds == ["relay"]
        for subscriber in (bob, carol, eve):
            await subscriber.subscribe(janus, feed)
        for name, member in (("bob", bob), ("carol", carol)):
            member.admitted(alice.admit(name, member.offer))

        def change_keys(**members: Subscriber) -> None:
            messages = alice.new_keys()
            assert messages.keys() == members.keys()
            for name, member in members.items():
                member.take(messages[name])
            alice.use()

        change_keys(bob=bob, carol=carol)
        await asyncio.gather(bob.sees(), carol.sees())
        await eve.blind()
        print(f"bob and carol, with the key: red, 440 Hz. eve, without: nothing of {sum(eve.openers['video'].dropped.values())} frames")
        print(f"DTLS to Janus: {dtls._ssl.get_protocol_version_name()}, {dtls._ssl.get_group_name()}")

        alice.dismiss("carol")
        change_keys(bob=bob)
        await bob.sees()
        await carol.blind()
        print(f"carol left, the keys changed: bob sees on, carol nothing: {dict(carol.openers['video'].dropped)}")
    finally:
        for peer in (alice, bob, carol, eve):
            await peer.pc.close()
            if hasattr(peer, "handle"):
                await peer.handle.close()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--codec", default="VP8", choices=["VP8", "H264"])
    options.add_argument("--relay", action="store_true")
    chosen = options.parse_args()
    logging.basicConfig(level=logging.ERROR)
    address = aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)
    if Janus.missing() or (chosen.relay and Coturn.missing()):
        print("skipped: no Janus or no coturn (Debian packages janus, coturn)")
        return 77
    if not address:
        print("skipped: no network interface but loopback, which Janus and its TURN client do not use")
        return 77
    # From the machine to itself, packets do not leave it.
    only(address[0])
    with ExitStack() as stack:
        service: Optional[TurnService] = None
        if chosen.relay:
            server = stack.enter_context(Coturn(pqrtc.random(16).hex(), address[0]))
            service = TurnService(server.secret, pqrtc.random(16).hex(), f"turn:{server.address}:{server.port}?transport=udp")
            stack.enter_context(serve(service))
        janus = stack.enter_context(Janus(ROOM, address[0], (service.url, service.key) if service else None))
        asyncio.run(asyncio.wait_for(meeting(janus, chosen.codec, chosen.relay), 60))
        if service:
            log = server.log()
            used = [user for user in service.issued if f"user <{user}>: incoming packet ALLOCATE processed, success" in log]
            print(f"Janus fetched {len(service.issued)} credentials from our service, coturn took {len(used)}, such as {used[0]}")
            assert len(used) >= 4, "one each for alice, bob, carol and eve (the plain publisher was refused before)"
            service.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
