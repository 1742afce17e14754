#!/usr/bin/env python3
"""A call between two aiortc peers in one process: audio, video and data, sealed end to end, on loopback.

    call.py [--codec VP8|H264] [--relay]     --relay: through coturn alone, with a credential that was wrapped for the client

Alice sends red and 440 Hz, Bob blue and 880 Hz. In mid-call the audio key is ratcheted and the video key replaced. Then Bob has another key, and none.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Optional

import pqrtc
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCIceTransportPolicy
from media import ColourTrack, Sink, ToneTrack, loopback_only
from pqrtc import CipherSuite, KemAlgorithm, KemKeypair, Session, sframe, turn
from pqrtc_aiortc import Opener, Sealer
from signaling import Offerer, answer, b64, unb64

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "coturn"))
from coturn import Coturn  # noqa: E402

# docs:begin keys
CIPHER, RATCHET_BITS = CipherSuite.AES_256_GCM_SHA512_128, 8
TRACKS = {"audio": 0, "video": 1}  # a key ID for each, so that no frame of one passes for one of the other


def sealing_key(session: Session, kind: str) -> sframe.Sender:
    return sframe.Sender(session, TRACKS[kind] << RATCHET_BITS, CIPHER, ratchet_bits=RATCHET_BITS)


def opening_key(session: Session, kind: str) -> sframe.Receiver:
    receiver = sframe.Receiver(CIPHER, ratchet_bits=RATCHET_BITS, grace_frames=32)
    receiver.add_session(session, TRACKS[kind] << RATCHET_BITS)
    return receiver
# docs:end keys


class Peer:
    """One end of a call. `codec` None is whatever aiortc negotiates."""

    def __init__(self, name: str, colour: str, hertz: int, codec: Optional[str] = None, ice: Optional[RTCConfiguration] = None) -> None:
        self.name, self.session = name, None
        self.pc = RTCPeerConnection(ice)
        self.sinks: Dict[str, Sink] = {}
        self.openers: Dict[str, Opener] = {}
        self.channel: Any = None
        self.received: asyncio.Queue[bytes] = asyncio.Queue()
        self.pc.on("track", self._on_track)
        self.pc.on("datachannel", self._on_channel)
        # docs:begin attach
        self.sealers: Dict[str, Sealer] = {}
        for track in (ToneTrack(hertz), ColourTrack(colour)):
            self.sealers[track.kind] = Sealer(self.pc.addTrack(track))
        # docs:end attach
        for transceiver in self.pc.getTransceivers():
            if codec and transceiver.kind == "video":
                known = transceiver.sender.getCapabilities("video").codecs
                transceiver.setCodecPreferences([c for c in known if c.mimeType == f"video/{codec}"])

    # docs:begin track
    def _on_track(self, track: Any) -> None:
        receiver = next(r for r in self.pc.getReceivers() if r.track is track)
        self.openers[track.kind] = Opener(receiver)
        self.sinks[track.kind] = self.sink(track)
    # docs:end track

    def sink(self, track: Any) -> Sink:
        return Sink(track)

    def _on_channel(self, channel: Any) -> None:
        self.channel = channel
        channel.on("message", self.received.put_nowait)

    # docs:begin start
    def start(self, session: Session) -> None:
        """From here on this side seals, and opens what the other seals."""
        self.session = session
        for kind, sealer in self.sealers.items():
            sealer.key = sealing_key(session, kind)
        for kind, opener in self.openers.items():
            opener.key = opening_key(session, kind)
    # docs:end start

    async def say(self, message: Any) -> None:
        """Over the data channel, sealed as well: its DTLS ends wherever the SDP says."""
        for _ in range(500):
            if self.channel and self.channel.readyState != "connecting":
                break
            await asyncio.sleep(0.02)
        self.channel.send(self.session.seal(json.dumps(message).encode()))

    async def heard(self) -> Any:
        return json.loads(self.session.open(await asyncio.wait_for(self.received.get(), 15)))

    async def close(self) -> None:
        await self.pc.close()


# docs:begin join
async def join(alice: Peer, bob: Peer, call: bytes) -> None:
    """Offer and answer as the application's signaling would carry them: two JSON messages, no more than without pqrtc."""
    alice._on_channel(alice.pc.createDataChannel("chat"))
    await alice.pc.setLocalDescription(await alice.pc.createOffer())
    keys = Offerer(call)
    offer = json.dumps({"type": "offer", "sdp": alice.pc.localDescription.sdp, "pqrtc": keys.offer()})

    heard = json.loads(offer)
    blob, session = answer(call, heard.pop("pqrtc"))
    await bob.pc.setRemoteDescription(RTCSessionDescription(**heard))
    bob.start(session)
    await bob.pc.setLocalDescription(await bob.pc.createAnswer())
    reply = json.dumps({"type": "answer", "sdp": bob.pc.localDescription.sdp, "pqrtc": blob})

    heard = json.loads(reply)
    session = keys.accept(heard.pop("pqrtc"))
    await alice.pc.setRemoteDescription(RTCSessionDescription(**heard))
    alice.start(session)
# docs:end join


# docs:begin rekey
async def new_video_key(sender: Peer, receiver: Peer) -> None:
    """A fresh key over the data channel. The receiver has it before the first frame that needs it, and keeps the old one for those under way."""
    kid, key = sender.sealers["video"].key.kid + (len(TRACKS) << RATCHET_BITS), pqrtc.random(32)
    await sender.say({"kid": kid, "key": b64(key)})
    told = await receiver.heard()
    receiver.openers["video"].key.add_key(told["kid"], unb64(told, "key", 32))
    await receiver.say({"has": told["kid"]})
    assert (await sender.heard())["has"] == kid
    sender.sealers["video"].key = sframe.Sender.from_key(key, kid, CIPHER, ratchet_bits=RATCHET_BITS)
# docs:end rekey


# docs:begin relay
def relay_only(server: Coturn) -> RTCConfiguration:
    """Media through TURN alone. The credential comes wrapped for this client's ML-KEM key, so who reads the signaling cannot use it."""
    keys = KemKeypair.generate(KemAlgorithm.ML_KEM_768)
    wrapped = turn.wrap(KemAlgorithm.ML_KEM_768, keys.public_key, json.dumps(turn.mint(server.secret, "alice", int(time.time()) + 600)).encode())
    username, password = json.loads(turn.unwrap(keys, wrapped))
    address = RTCIceServer(f"turn:127.0.0.1:{server.port}?transport=udp", username, password)
    return RTCConfiguration([address], iceTransportPolicy=RTCIceTransportPolicy.RELAY)
# docs:end relay


async def see_and_hear(alice: Peer, bob: Peer, count: int = 20, within: float = 10) -> None:
    """Both see the other's colour and hear the other's tone, to within so many Hz (a packet that is lost is a jump in it)."""
    for me, colour, hertz in ((alice, "blue", 880), (bob, "red", 440)):
        await me.sinks["video"].more(count)
        await me.sinks["audio"].more(40)
        seen, heard = me.sinks["video"].colour(), me.sinks["audio"].hertz()
        print(f"{me.name} sees {seen}, hears {heard:.0f} Hz", flush=True)
        assert seen == colour and abs(heard - hertz) < within, f"expected {colour} and {hertz} Hz"


async def blind(peer: Peer, seconds: float = 1.5) -> None:
    """What was decoded before may still be on its way for a moment; after it, nothing."""
    await asyncio.sleep(0.3)
    before = peer.sinks["video"].frames, peer.sinks["audio"].frames
    await asyncio.sleep(seconds)
    after = peer.sinks["video"].frames, peer.sinks["audio"].frames
    assert before == after, f"decoded {after} after {before} without the key"


def other_keys(sender: Peer) -> Dict[str, sframe.Receiver]:
    """What somebody else would hold under the same key IDs."""
    receivers = {kind: sframe.Receiver(CIPHER, ratchet_bits=RATCHET_BITS) for kind in TRACKS}
    for kind, receiver in receivers.items():
        receiver.add_key(sender.sealers[kind].key.kid, pqrtc.random(32))
    return receivers


async def call(codec: str, ice: Callable[[], Optional[RTCConfiguration]]) -> None:
    alice, bob = Peer("alice", "red", 440, codec, ice()), Peer("bob", "blue", 880, codec, ice())
    try:
        await join(alice, bob, b"call 1")
        await see_and_hear(alice, bob)
        dtls = alice.pc.sctp.transport
        local, remote = dtls.transport.iceGatherer.getLocalCandidates(), dtls.transport._connection._nominated[1].remote_candidate
        print(f"candidates {sorted({c.type for c in local})}, peer at a {remote.type} address; "
              f"{dtls._ssl.get_protocol_version_name()}, {dtls._ssl.get_group_name()}")
        assert ice() is None or {c.type for c in local} | {remote.type} == {"relay"}, "not through the relay"

        await alice.say("hello")
        print(f"bob reads {await bob.heard()!r}")

        for peer in (alice, bob):
            peer.sealers["audio"].key.ratchet()
        await new_video_key(alice, bob)
        await new_video_key(bob, alice)
        opened = {peer: {kind: o.opened for kind, o in peer.openers.items()} for peer in (alice, bob)}
        await see_and_hear(alice, bob)
        for peer in (alice, bob):
            assert not any(o.dropped for o in peer.openers.values()), "the change of keys cost a frame"
            assert all(o.opened > opened[peer][kind] for kind, o in peer.openers.items())
        print("keys changed, no frame lost")

        right = {kind: o.key for kind, o in bob.openers.items()}
        for wrong in (other_keys(alice), dict.fromkeys(right)):
            for kind, opener in bob.openers.items():
                opener.key = wrong[kind]
            await blind(bob)
        print(f"bob with another key, then with none: nothing. Dropped: {dict(bob.openers['video'].dropped)}")
        for kind, opener in bob.openers.items():
            opener.key = right[kind]
        await see_and_hear(alice, bob)
    finally:
        await alice.close()
        await bob.close()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--codec", default="VP8", choices=["VP8", "H264"])
    options.add_argument("--relay", action="store_true")
    chosen = options.parse_args()
    logging.basicConfig(level=logging.ERROR)
    loopback_only()
    if not chosen.relay:
        asyncio.run(call(chosen.codec, lambda: None))
        return 0
    if Coturn.missing():
        print(f"skipped: no {', '.join(Coturn.missing())} (Debian package coturn)")
        return 77
    with Coturn(pqrtc.random(16).hex()) as server:
        asyncio.run(call(chosen.codec, lambda: relay_only(server)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
