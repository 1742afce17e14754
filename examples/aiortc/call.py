#!/usr/bin/env python3
"""A call between two aiortc peers in one process: audio, video and data, sealed end to end, on loopback.

    call.py [--codec VP8|H264] [--relay]     --relay: through coturn alone, with a credential that was wrapped for the client

Each knows the fingerprint of the other's identity. Alice sends red and 440 Hz, Bob blue and 880 Hz. In mid-call the keys are changed. Then Bob has
another key, and none.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Tuple

import pqrtc
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCIceTransportPolicy
from media import ColourTrack, Sink, ToneTrack, loopback_only
from pqrtc import Call, CipherSuite, KemAlgorithm, KemKeypair, Policy, PolicyOption, Profile, SignatureAlgorithm, SigningKey, sframe, turn
from pqrtc_aiortc import Opener, Sealer
from signaling import SignalingError, decode, encode, fingerprint

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "coturn"))
from coturn import Coturn  # noqa: E402

CIPHER = CipherSuite.AES_256_GCM_SHA512_128
STREAMS = {"video": 0, "audio": 1}


class Peer:
    """One end of a call. `me` is this side's identity, `pin` the fingerprint of the other's. `codec` None is whatever aiortc negotiates."""

    def __init__(
        self, colour: str, hertz: int, me: SigningKey, pin: bytes, codec: Optional[str] = None, ice: Optional[RTCConfiguration] = None
    ) -> None:
        self.me, self.pin = me, pin
        self.call: Optional[Call] = None
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
        self.openers[track.kind] = Opener(receiver, self.call and self.call.receiver(CIPHER))
        self.sinks[track.kind] = self.sink(track)
    # docs:end track

    def sink(self, track: Any) -> Sink:
        return Sink(track)

    def _on_channel(self, channel: Any) -> None:
        self.channel = channel
        channel.on("message", self.received.put_nowait)

    # docs:begin signaling
    async def offer(self) -> str:
        """The first message of a call."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        self.begin(self.pc.localDescription.sdp)
        return encode("offer", self.call.offer(), self.pc.localDescription.sdp)

    async def receive(self, text: str) -> Optional[str]:
        """Takes what signaling brought, and gives what it has to take back. What is refused is an error, and changes nothing."""
        heard = decode(text)
        description = RTCSessionDescription(heard.sdp, heard.type) if heard.sdp else None
        if heard.type == "offer":
            if self.call and self.call.info().may_send:
                raise SignalingError("there is a call already")
            theirs = fingerprint(heard.sdp)
            await self.pc.setRemoteDescription(description)
            answer = await self.pc.createAnswer()
            self.begin(answer.sdp, theirs)
            reply = self.call.receive(heard.pqrtc, theirs)
            await self.pc.setLocalDescription(answer)
            return encode("answer", reply, self.pc.localDescription.sdp)
        if self.call is None:
            raise SignalingError(f"{heard.type}, and no call was begun")
        if heard.type == "answer":
            theirs = fingerprint(heard.sdp)
            reply = self.call.receive(heard.pqrtc, theirs)
            self.theirs = theirs
            await self.pc.setRemoteDescription(description)
        else:
            reply = self.call.receive(heard.pqrtc, self.theirs)
        self.start()
        return encode("pqrtc", reply) if reply else None

    def rekey(self) -> str:
        """Begins a change of keys. Senders and receivers follow by themselves."""
        return encode("pqrtc", self.call.offer())

    def begin(self, sdp: str, theirs: bytes = b"") -> None:
        policy = Policy(Profile.DEFAULT)
        policy.set(PolicyOption.PIN, self.pin)
        policy.set(PolicyOption.REQUIRE_BINDING)
        self.call = Call(policy, self.me, binding=fingerprint(sdp))  # of the certificate that this side uses in DTLS
        self.theirs = theirs

    def start(self) -> None:
        """As soon as this side knows who the other is it seals."""
        for kind, sealer in self.sealers.items():
            if sealer.key is None and self.call.info().may_send:
                sealer.key = self.call.sender(STREAMS[kind], CIPHER)
        for opener in self.openers.values():
            opener.key = opener.key or self.call.receiver(CIPHER)
    # docs:end signaling

    async def say(self, message: Any) -> None:
        """Over the data channel, sealed as well: its DTLS may have no post-quantum key exchange."""
        for _ in range(500):
            if self.channel and self.channel.readyState != "connecting":
                break
            await asyncio.sleep(0.02)
        self.channel.send(self.call.session().seal(json.dumps(message).encode()))

    async def heard(self) -> Any:
        return json.loads(self.call.session().open(await asyncio.wait_for(self.received.get(), 15)))

    async def close(self) -> None:
        await self.pc.close()
        if self.call:
            self.call.close()


# docs:begin join
async def carry(text: Optional[str], to: Peer, back: Peer) -> None:
    """What the application's signaling does: each message goes to the other side, until there is none to take back."""
    while text:
        text, to, back = await to.receive(text), back, to


async def join(alice: Peer, bob: Peer) -> None:
    alice._on_channel(alice.pc.createDataChannel("chat"))
    await carry(await alice.offer(), bob, alice)
# docs:end join


def pair(**more: Any) -> Tuple[Peer, Peer]:
    """Alice and Bob, who know each other's identity."""
    alice, bob = (SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) for _ in range(2))
    return Peer("red", 440, alice, bob.fingerprint, **more), Peer("blue", 880, bob, alice.fingerprint, **more)


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
    for name, me, colour, hertz in (("alice", alice, "blue", 880), ("bob", bob, "red", 440)):
        await me.sinks["video"].more(count)
        await me.sinks["audio"].more(40)
        seen, heard = me.sinks["video"].colour(), me.sinks["audio"].hertz()
        print(f"{name} sees {seen}, hears {heard:.0f} Hz", flush=True)
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
    receivers = {kind: sframe.Receiver(CIPHER) for kind in STREAMS}
    for kind, receiver in receivers.items():
        receiver.add_key(sender.sealers[kind].key.kid, pqrtc.random(32))
    return receivers


async def call(codec: str, ice: Callable[[], Optional[RTCConfiguration]]) -> None:
    alice, bob = pair(codec=codec, ice=ice())
    try:
        await join(alice, bob)
        print(f"alice's code {alice.call.sas()}, bob's {bob.call.sas()}")
        await see_and_hear(alice, bob)
        dtls = alice.pc.sctp.transport
        local, remote = dtls.transport.iceGatherer.getLocalCandidates(), dtls.transport._connection._nominated[1].remote_candidate
        print(f"candidates {sorted({c.type for c in local})}, peer at a {remote.type} address; "
              f"{dtls._ssl.get_protocol_version_name()}, {dtls._ssl.get_group_name()}")
        assert ice() is None or {c.type for c in local} | {remote.type} == {"relay"}, "not through the relay"

        await alice.say("hello")
        print(f"bob reads {await bob.heard()!r}")

        opened = {peer: {kind: o.opened for kind, o in peer.openers.items()} for peer in (alice, bob)}
        for epoch, (offerer, answerer) in enumerate(((alice, bob), (bob, alice)), 1):
            await carry(offerer.rekey(), answerer, offerer)
            await see_and_hear(alice, bob)
            assert alice.call.info().epoch == bob.call.info().epoch == epoch
        for peer in (alice, bob):
            assert all(s.key.kid & 3 == 2 for s in peer.sealers.values()), "sealed under a key of an epoch before"
            assert not any(o.dropped for o in peer.openers.values()), "the change of keys cost a frame"
            assert all(o.opened > opened[peer][kind] for kind, o in peer.openers.items())
        await bob.say("still here")
        print(f"keys changed twice, no frame lost; alice reads {await alice.heard()!r}")

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
