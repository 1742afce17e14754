"""What pqrtc adds to an aiortc call: to joining it, to a frame at 720p30, to signaling. Prints lines "figure aiortc NAME VALUE UNIT"."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

root = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(root / "examples" / "aiortc"))

import pqrtc  # noqa: E402
from aiortc import RTCPeerConnection, RTCSessionDescription  # noqa: E402
from call import Peer, join  # noqa: E402
from media import ColourTrack, Sink, ToneTrack, loopback_only  # noqa: E402
from pqrtc import Call, Policy, PolicyOption, Profile, SignatureAlgorithm, SigningKey  # noqa: E402
from pqrtc_aiortc import Opener, Sealer  # noqa: E402
from signaling import decode, encode  # noqa: E402

JOINS = 20
IDENTITIES = [SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) for _ in range(2)]


def figure(name: str, value: float, unit: str) -> None:
    print(f"figure aiortc {name.replace(' ', '_')} {value:.4g} {unit}", flush=True)


class PlainPeer(Peer):
    """The same peer without pqrtc."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        for sealer in self.sealers.values():
            del sealer._sender._next_encoded_frame  # what Sealer put before the method of the class

    def _on_track(self, track: Any) -> None:
        self.sinks[track.kind] = Sink(track)


async def plain_join(alice: Peer, bob: Peer) -> None:
    alice._on_channel(alice.pc.createDataChannel("chat"))
    await alice.pc.setLocalDescription(await alice.pc.createOffer())
    offer = json.dumps({"type": "offer", "sdp": alice.pc.localDescription.sdp})
    await bob.pc.setRemoteDescription(RTCSessionDescription(**json.loads(offer)))
    await bob.pc.setLocalDescription(await bob.pc.createAnswer())
    reply = json.dumps({"type": "answer", "sdp": bob.pc.localDescription.sdp})
    await alice.pc.setRemoteDescription(RTCSessionDescription(**json.loads(reply)))


async def time_join(kind: Callable[..., Peer], how: Callable[..., Any]) -> Tuple[float, float]:
    """Milliseconds from creating the offer until both are connected, and until both have a picture (which comes at the next thirtieth of a second)."""
    me, you = IDENTITIES
    alice, bob = kind("red", 440, me, you.fingerprint), kind("blue", 880, you, me.fingerprint)
    started = time.perf_counter()
    await how(alice, bob)
    while not all(peer.pc.connectionState == "connected" for peer in (alice, bob)):
        await asyncio.sleep(0.001)
    connected = time.perf_counter()
    while not all(peer.sinks["video"].frames for peer in (alice, bob)):
        await asyncio.sleep(0.001)
    seen = time.perf_counter()
    await alice.close()
    await bob.close()
    return (connected - started) * 1000, (seen - started) * 1000


async def joins() -> None:
    times: Dict[str, List[Tuple[float, float]]] = {"without": [], "with": []}
    for _ in range(JOINS + 1):  # the first of each warms up
        for way in random.sample(("without", "with"), 2):
            times[way].append(await (time_join(PlainPeer, plain_join) if way == "without" else time_join(Peer, join)))
    for at, until in enumerate(("connected", "first picture")):
        medians = []
        for way, of in times.items():
            low, median, high = statistics.quantiles((taken[at] for taken in of[1:]), n=4)
            medians.append(median)
            figure(f"join until {until}, {way} pqrtc (median of {JOINS}; quartiles {low:.0f} and {high:.0f})", median, "ms")
        figure(f"join until {until}, added", medians[1] - medians[0], "ms")

    alone = []
    for _ in range(101):
        alice, bob = calls()
        started = time.thread_time()
        offer = decode(encode("offer", alice.offer(), "v=0")).pqrtc
        answer = decode(encode("answer", bob.receive(offer, b"a" * 32), "v=0")).pqrtc
        finish = decode(encode("pqrtc", alice.receive(answer, b"b" * 32))).pqrtc
        alice.receive(decode(encode("pqrtc", bob.receive(finish, b"a" * 32))).pqrtc, b"b" * 32)
        alone.append((time.thread_time() - started) * 1000)
    figure("computing in the handshake of a join, both sides together", statistics.median(alone), "ms")


def calls() -> Tuple[Call, Call]:
    """Two ends of a call without a connection."""
    made = []
    for me, you, binding in ((*IDENTITIES, b"a" * 32), (*IDENTITIES[::-1], b"b" * 32)):
        policy = Policy(Profile.DEFAULT)
        policy.set(PolicyOption.PIN, you.fingerprint)
        made.append(Call(policy, me, binding=binding))
    return made[0], made[1]


def signaling() -> None:
    alice, bob = calls()
    offer = alice.offer()
    answer = bob.receive(offer, b"a" * 32)
    finish = alice.receive(answer, b"b" * 32)
    ack = bob.receive(finish, b"a" * 32)
    for name, message in (("offer", offer), ("answer", answer)):
        figure(f"bytes added to the {name}", len(encode(name, message)) - len('{"type": "%s"}' % name), "bytes")
    for name, message in (("finish", finish), ("acknowledgement", ack)):
        figure(f"bytes of the {name}", len(encode("pqrtc", message)), "bytes")


async def frames() -> None:
    """A call at 720p30, one way. The time is that of the thread which seals or opens, so other work on the machine does not count."""
    spent: Dict[str, List[float]] = {"seal": [], "open": [], "encode": []}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            started = time.thread_time()
            result = function(*arguments, **more)
            spent[name].append(time.thread_time() - started)
            return result

        return call

    sender, receiver = RTCPeerConnection(), RTCPeerConnection()
    sealer = Sealer(sender.addTrack(ColourTrack("green", 1280, 720, 30, noise=0.02)))
    opened: List[Any] = []

    def on_track(track: Any) -> None:
        opened.extend((Opener(receiver.getReceivers()[0]), Sink(track)))

    receiver.on("track", on_track)
    seal, open_ = pqrtc.frame.seal, pqrtc.frame.open
    pqrtc.frame.seal, pqrtc.frame.open = timed("seal", seal), timed("open", open_)
    make = sealer._sealing

    def encoder(codec: Any) -> Any:
        made = make(codec)
        made.encode = timed("encode", made.encode)
        return made

    sealer._sealing = encoder
    await plain_join_of(sender, receiver)
    key = pqrtc.random(32)
    opened[0].key = pqrtc.sframe.Receiver(5)
    opened[0].key.add_key(0, key)
    sealer.key = pqrtc.sframe.Sender.from_key(key, 0, 5)
    await opened[1].more(150, 60)
    pqrtc.frame.seal, pqrtc.frame.open = seal, open_
    await sender.close()
    await receiver.close()
    for name in ("seal", "open"):
        figure(f"{name} a VP8 frame at 720p30, mean", statistics.mean(spent[name][10:]) * 1e6, "us")
        figure(f"share of one core to {name} 30 frames a second", statistics.mean(spent[name][10:]) * 30 * 100, "%")
    # `encode` has sealing in it.
    figure("sealing as a share of encoding and sealing, 720p", 100 * sum(spent["seal"]) / sum(spent["encode"]), "%")


async def plain_join_of(sender: RTCPeerConnection, receiver: RTCPeerConnection) -> None:
    await sender.setLocalDescription(await sender.createOffer())
    await receiver.setRemoteDescription(sender.localDescription)
    await receiver.setLocalDescription(await receiver.createAnswer())
    await sender.setRemoteDescription(receiver.localDescription)


def main() -> int:
    logging.basicConfig(level=logging.CRITICAL)
    loopback_only()
    signaling()
    asyncio.run(joins())
    asyncio.run(frames())
    return 0


if __name__ == "__main__":
    sys.exit(main())
