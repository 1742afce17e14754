#!/usr/bin/env python3
"""A meeting of five through a Janus VideoRoom that holds no key, with a delivery server beside it that holds none either. One comes late and cannot
open what was before; one leaves and cannot open what follows.

    room.py [--codec VP8|H264] [--relay]    --relay: publishers reach Janus through coturn alone, with credentials that Janus fetches from our service
                                            (and subscribers could; only who sends the offer can ask Janus for relay alone)

The room has `require_e2ee`: Janus refuses whoever does not say that his media is sealed, and does not look into payloads.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

for folder in ("aiortc", "coturn", "meeting"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

import aioice.ice  # noqa: E402
import pqrtc  # noqa: E402
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription  # noqa: E402
from coturn import Coturn  # noqa: E402
from janus import Handle, Janus, JanusError  # noqa: E402
from media import ColourTrack, Sink, ToneTrack, only  # noqa: E402
from member import CIPHER, IDENTITY, Member  # noqa: E402
from pqrtc import SigningKey  # noqa: E402
from pqrtc_aiortc import CODECS, Opener, Sealer  # noqa: E402
from server import Server  # noqa: E402
from turn_service import TurnService, serve  # noqa: E402

ROOM = 1234
# Each is known by a colour; the first two speak, too.
PEOPLE: Dict[str, Tuple[str, Optional[int]]] = {"ada": ("red", 440), "bob": ("green", 660), "carol": ("blue", None), "dave": ("yellow", None), "eve": ("white", None)}


class Tap(Opener):
    """Remembers the last sealed frame, and the member whose frame was the last to open."""

    member: Optional[int] = None
    last: Optional[Tuple[int, bytes]] = None

    def put(self, item: Any, block: bool = True, timeout: Optional[float] = None) -> None:
        before, self.last = self.opened, self.last if item is None else (CODECS[item[0].name.upper()], bytes(item[1].data))
        super().put(item, block, timeout)
        if self.opened > before:
            self.member = pqrtc.frame.inspect(*self.last).kid >> 4 & 0xFFF


class Feed:
    """What one participant receives of another."""

    def __init__(self) -> None:
        self.taps: Dict[str, Tap] = {}
        self.sinks: Dict[str, Sink] = {}
        self.key: Optional[pqrtc.sframe.Receiver] = None
        self.pc = RTCPeerConnection()
        self.pc.on("track", self._on_track)

    def _on_track(self, track: MediaStreamTrack) -> None:
        receiver = next(r for r in self.pc.getReceivers() if r.track is track)
        self.taps[track.kind] = Tap(receiver, self.key)
        self.sinks[track.kind] = Sink(track)

    async def subscribe(self, janus: Janus, feed: int) -> None:
        self.handle = Handle(janus)
        await self.handle.attach()
        _, offer = await self.handle.message(request="join", ptype="subscriber", room=ROOM, streams=[{"feed": feed}])
        await self.pc.setRemoteDescription(RTCSessionDescription(offer["sdp"], offer["type"]))
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        await self.handle.message(_jsep(self.pc), request="start")

    def use(self, key: pqrtc.sframe.Receiver) -> None:
        self.key = key
        for tap in self.taps.values():
            tap.key = key

    async def close(self) -> None:
        await self.pc.close()
        await self.handle.close()


# docs:begin participant
class Participant:
    """Publishes to the room, sealed, and subscribes to the others. Keys come from its membership in the meeting, which Janus has no part in."""

    def __init__(self, name: str, member: Member) -> None:
        self.name, self.member = name, member
        self.colour, self.hertz = PEOPLE[name]
        tracks: List[MediaStreamTrack] = [ColourTrack(self.colour, 160, 120, rate=10)]
        if self.hertz:
            tracks.append(ToneTrack(self.hertz))
        self.pc = RTCPeerConnection()
        self.sealers = [Sealer(self.pc.addTrack(track)) for track in tracks]
        self.feeds: Dict[str, Feed] = {}

    def in_meeting(self) -> None:
        """Once, when it has joined: senders and receivers follow the meeting from then on. Each track is a stream of its own."""
        for stream, sealer in enumerate(self.sealers):
            sealer.key = self.member.meeting.sender(stream, CIPHER)
        self.receiver = self.member.meeting.receiver(CIPHER)
        for feed in self.feeds.values():
            feed.use(self.receiver)

    def who(self, index: int) -> bytes:
        """The fingerprint of a member. What Janus calls a feed proves nothing; the index in its key IDs does."""
        return self.member.roster()[index]
# docs:end participant

    async def publish(self, janus: Janus, codec: str, relay: bool) -> None:
        video = self.pc.getTransceivers()[0]
        video.setCodecPreferences([c for c in video.sender.getCapabilities("video").codecs if c.mimeType == f"video/{codec}"])
        self.handle = Handle(janus)
        await self.handle.attach()
        joined, _ = await self.handle.message(request="join", ptype="publisher", room=ROOM, display=self.name)
        await self.pc.setLocalDescription(await self.pc.createOffer())
        _, reply = await self.handle.message(_jsep(self.pc, relay), request="publish")
        await self.pc.setRemoteDescription(RTCSessionDescription(reply["sdp"], reply["type"]))
        await self.handle.up()
        self.feed, self.sdp = joined["id"], reply["sdp"]

    async def watch(self, janus: Janus, other: Participant) -> None:
        feed = self.feeds[other.name] = Feed()
        if self.member.meeting is not None:
            feed.use(self.receiver)
        await feed.subscribe(janus, other.feed)

    async def sees(self, *others: Participant, within: float = 20) -> None:
        """Each of them by colour, tone, and key."""
        for other in others:
            if other is self:
                continue
            feed = self.feeds[other.name]
            await feed.sinks["video"].more(10, 30)
            colour, member = feed.sinks["video"].colour(), feed.taps["video"].member
            assert colour == other.colour, f"{self.name} sees {other.name} in {colour}"
            assert self.who(member) == other.member.identity.fingerprint, f"{self.name}: {other.name} is sealed by another"
            if other.hertz:
                await feed.sinks["audio"].more(40, 30)
                hertz = feed.sinks["audio"].hertz()
                assert abs(hertz - other.hertz) < within, f"{self.name} hears {other.name} at {hertz} Hz"

    async def close(self) -> None:
        for feed in self.feeds.values():
            await feed.close()
        await self.pc.close()
        await self.handle.close()


# docs:begin jsep
def _jsep(pc: RTCPeerConnection, relay: bool = False, sealed: bool = True) -> Dict[str, Any]:
    """What Janus is told: media is sealed end to end. It takes the last fingerprint of an SDP for SHA-256, so that one alone."""
    lines = pc.localDescription.sdp.splitlines(keepends=True)
    sdp = "".join(line for line in lines if not line.startswith(("a=fingerprint:sha-384", "a=fingerprint:sha-512")))
    return {"type": pc.localDescription.type, "sdp": sdp, "e2ee": sealed, **({"force_relay": True} if relay else {})}
# docs:end jsep


async def until(condition: Callable[[], Any], seconds: float = 30) -> None:
    for _ in range(int(seconds * 50)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("it did not come to be")


class Play(AsyncExitStack):
    """async with Play(janus, names) as play: ...   A delivery server, and identities that know each other."""

    def __init__(self, janus: Janus, codec: str = "VP8", relay: bool = False) -> None:
        super().__init__()
        self.janus, self._media = janus, (codec, relay)
        self.identities = {name: SigningKey.generate(IDENTITY) for name in PEOPLE}
        self.there: List[Participant] = []

    async def __aenter__(self) -> Play:
        await super().__aenter__()
        self.server = await self.enter_async_context(Server())
        return self

    async def come(self, name: str) -> Participant:
        """Into the room, not yet into the meeting."""
        invited = {key.fingerprint for key in self.identities.values()}
        new = Participant(name, Member(self.identities[name], f"{self.server.url}/meeting", invited, create=not self.there))
        await new.publish(self.janus, *self._media)
        self.push_async_callback(new.close)
        await asyncio.gather(*(new.watch(self.janus, other) for other in self.there), *(other.watch(self.janus, new) for other in self.there))
        self.there.append(new)
        return new

    async def join(self, new: Participant) -> None:
        await self.enter_async_context(new.member)
        await until(lambda: new.member.meeting)
        new.in_meeting()
        await self.one_code()

    async def one_code(self) -> str:
        """Waits until all who are in the meeting show one code."""
        members = [one.member for one in self.there if one.member.meeting]
        await until(lambda: len({one.meeting.info().epoch for one in members}) == 1 and len(members) == members[0].meeting.info().members)
        (code,) = {one.meeting.code() for one in members}
        return code


async def meeting(janus: Janus, codec: str, relay: bool) -> None:
    await refuses_plain(janus)
    async with Play(janus, codec, relay) as play:
        for name in ("ada", "bob", "carol", "dave"):
            await play.join(await play.come(name))
        ada, bob, carol, dave = play.there
        kinds = sorted({line.split(" typ ")[1].split()[0] for line in ada.sdp.splitlines() if line.startswith("a=candidate")})
        dtls = ada.pc.getTransceivers()[0].sender.transport
        print(f"Janus offers candidates {kinds}. DTLS to Janus: {dtls._ssl.get_protocol_version_name()}, {dtls._ssl.get_group_name()}")
        assert not relay or kinds == ["relay"]
        await asyncio.gather(*(one.sees(*play.there) for one in play.there))
        print(f"four see and hear each other, and read {await play.one_code()}")

        eve = await play.come("eve")
        await until(lambda: all(feed.taps["video"].dropped["LookupError"] > 3 for feed in eve.feeds.values()))
        before = eve.feeds["ada"].taps["video"].last
        assert not any(sink.frames for feed in eve.feeds.values() for sink in feed.sinks.values())
        await play.join(eve)
        cannot_open(eve, *before)
        await asyncio.gather(*(one.sees(*play.there) for one in play.there))
        cannot_open(eve, *before)
        print(f"five do, and read {await play.one_code()}; eve, who came last, cannot open what ada sealed before")

        carol.member.leave()
        await until(lambda: carol.member.meeting.info().own_index is None)
        play.there.remove(carol)
        code = await play.one_code()
        tap = carol.feeds["ada"].taps["video"]
        await until(lambda: tap.dropped["UnknownKeyIdError"])  # senders change two seconds later
        opened, refused = tap.opened, tap.dropped["UnknownKeyIdError"]
        await asyncio.gather(*(one.sees(*play.there) for one in play.there))
        await until(lambda: tap.dropped["UnknownKeyIdError"] > refused + 5)
        assert tap.opened == opened, "carol still opens frames"
        cannot_open(carol, *tap.last)
        await until(lambda: all(isinstance(sealer.error, pqrtc.UnexpectedMessageError) for sealer in carol.sealers))
        print(f"carol left: four read {code} and go on. carol still gets frames from Janus and opens none of {tap.dropped['UnknownKeyIdError']}, nor can she seal")
        await play.there[0].sees(bob, dave, eve)


def cannot_open(participant: Participant, codec: int, sealed: bytes) -> None:
    try:
        pqrtc.frame.open(participant.receiver, codec, sealed)
    except pqrtc.UnknownKeyIdError:
        return
    raise AssertionError(f"{participant.name} opened a frame of an epoch without {participant.name}")


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
        asyncio.run(asyncio.wait_for(meeting(janus, chosen.codec, chosen.relay), 120))
        if service:
            log = server.log()
            used = [user for user in service.issued if f"user <{user}>: incoming packet ALLOCATE processed, success" in log]
            print(f"Janus fetched {len(service.issued)} credentials from our service, coturn took {len(used)}, such as {used[0]}")
            assert len(used) >= 5, "one for each publisher (the plain one was refused before)"
            service.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
