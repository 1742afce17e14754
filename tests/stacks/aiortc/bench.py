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
from pqrtc import SignatureAlgorithm, SigningKey  # noqa: E402
from pqrtc_aiortc import Opener, Sealer  # noqa: E402
from signaling import Offerer, answer  # noqa: E402

JOINS = 20


def figure(name: str, value: float, unit: str) -> None:
    print(f"figure aiortc {name.replace(' ', '_')} {value:.4g} {unit}", flush=True)


class PlainPeer(Peer):
    """The same peer without pqrtc."""

    def __init__(self, name: str, colour: str, hertz: int) -> None:
        super().__init__(name, colour, hertz)
        for sealer in self.sealers.values():
            del sealer._sender._next_encoded_frame  # what Sealer put before the method of the class

    def _on_track(self, track: Any) -> None:
        self.sinks[track.kind] = Sink(track)


async def plain_join(alice: Peer, bob: Peer, _: bytes) -> None:
    alice._on_channel(alice.pc.createDataChannel("chat"))
    await alice.pc.setLocalDescription(await alice.pc.createOffer())
    offer = json.dumps({"type": "offer", "sdp": alice.pc.localDescription.sdp})
    await bob.pc.setRemoteDescription(RTCSessionDescription(**json.loads(offer)))
    await bob.pc.setLocalDescription(await bob.pc.createAnswer())
    reply = json.dumps({"type": "answer", "sdp": bob.pc.localDescription.sdp})
    await alice.pc.setRemoteDescription(RTCSessionDescription(**json.loads(reply)))


async def time_join(kind: Callable[..., Peer], how: Callable[..., Any], call: bytes) -> Tuple[float, float]:
    """Milliseconds from creating the offer until both are connected, and until both have a picture (which comes at the next thirtieth of a second)."""
    alice, bob = kind("alice", "red", 440), kind("bob", "blue", 880)
    started = time.perf_counter()
    await how(alice, bob, call)
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
    for number in range(JOINS + 1):  # the first of each warms up
        for way in random.sample(("without", "with"), 2):
            made = (PlainPeer, plain_join, b"") if way == "without" else (Peer, join, b"join %d" % number)
            times[way].append(await time_join(*made))
    for at, until in enumerate(("connected", "first picture")):
        medians = []
        for way, of in times.items():
            low, median, high = statistics.quantiles((taken[at] for taken in of[1:]), n=4)
            medians.append(median)
            figure(f"join until {until}, {way} pqrtc (median of {JOINS}; quartiles {low:.0f} and {high:.0f})", median, "ms")
        figure(f"join until {until}, added", medians[1] - medians[0], "ms")

    alone = []
    for number in range(101):
        started = time.thread_time()
        offerer = Offerer(b"alone")
        blob, _ = answer(b"alone", json.loads(json.dumps(offerer.offer())))
        offerer.accept(json.loads(json.dumps(blob)))
        alone.append((time.thread_time() - started) * 1000)
    figure("computing in the key exchange of a join, both sides together", statistics.median(alone), "ms")


def signaling() -> None:
    for words, me, peer in (("", None, None), (" with identities", SigningKey.generate(SignatureAlgorithm.ML_DSA_65), SigningKey.generate(SignatureAlgorithm.ML_DSA_65))):
        offerer = Offerer(b"size", me)
        offer = offerer.offer()
        blob, _ = answer(b"size", offer, peer)
        for name, added in (("offer", offer), ("answer", blob)):
            figure(f"bytes added to the {name}{words}", len(json.dumps({"pqrtc": added})), "bytes")


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
