"""Pictures and sounds that can be recognised at the other end: a colour, a tone."""

from __future__ import annotations

import array
import asyncio
import fractions
import math
import random
import time
from typing import Any, Dict, List, Optional, Tuple

import aioice.ice
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

# Y, U, V
COLOURS: Dict[str, Tuple[int, int, int]] = {"red": (81, 90, 240), "green": (145, 54, 34), "blue": (41, 240, 110), "yellow": (210, 16, 146), "white": (235, 128, 128)}
RATE = 48000


def only(address: str) -> None:
    """Makes aiortc offer this address of the machine and no other."""
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [address]


def loopback_only() -> None:
    """So that no packet of an example leaves the machine."""
    only("127.0.0.1")


class ColourTrack(MediaStreamTrack):
    """One colour above, noise below so that frames are of a real size."""

    kind = "video"

    def __init__(self, colour: str, width: int = 320, height: int = 240, rate: int = 30, noise: float = 0.05) -> None:
        super().__init__()
        self.colour, self._width, self._height, self._rate, self._noise = colour, width, height, rate, noise
        self._count, self._started = 0, 0.0

    async def recv(self) -> VideoFrame:
        if self.readyState != "live":
            raise MediaStreamError
        self._started = self._started or time.monotonic()
        await asyncio.sleep(max(0.0, self._started + self._count / self._rate - time.monotonic()))
        frame = VideoFrame(self._width, self._height, "yuv420p")
        for plane, value in zip(frame.planes, COLOURS[self.colour]):
            size = plane.buffer_size
            noisy = int(size * self._noise) if plane.width == self._width else 0
            plane.update(bytes([value]) * (size - noisy) + random.randbytes(noisy))
        frame.pts, frame.time_base = self._count * 90000 // self._rate, fractions.Fraction(1, 90000)
        self._count += 1
        return frame


class ToneTrack(MediaStreamTrack):
    """A sine of so many Hz, in blocks of 20 ms."""

    kind = "audio"

    def __init__(self, hertz: int) -> None:
        super().__init__()
        self._hertz, self._count, self._started = hertz, 0, 0.0

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        self._started = self._started or time.monotonic()
        await asyncio.sleep(max(0.0, self._started + self._count / RATE - time.monotonic()))
        first = self._count
        samples = (int(12000 * math.sin(2 * math.pi * self._hertz * n / RATE)) for n in range(first, first + RATE // 50))
        frame = AudioFrame(format="s16", layout="mono", samples=RATE // 50)
        frame.planes[0].update(array.array("h", samples).tobytes())
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, fractions.Fraction(1, RATE)
        self._count += RATE // 50
        return frame


def colour_of(frame: VideoFrame) -> Optional[str]:
    """The colour in the upper quarter of a picture, if it is one of ours."""
    seen: List[int] = []
    for plane in frame.reformat(format="yuv420p").planes:
        data = bytes(plane)
        part = b"".join(data[row * plane.line_size :][: plane.width] for row in range(plane.height // 4))
        seen.append(sum(part) // len(part))
    return next((name for name, value in COLOURS.items() if all(abs(a - b) < 24 for a, b in zip(seen, value))), None)


def hertz_of(frames: List[AudioFrame]) -> float:
    """The frequency of a tone, by its zero crossings; 0 for silence."""
    left: List[int] = []
    for frame in frames:
        left += array.array("h", bytes(frame.planes[0])[: 2 * frame.samples * frame.layout.nb_channels])[:: frame.layout.nb_channels]
    if not left or max(map(abs, left)) < 2000:
        return 0.0
    rises = sum(1 for a, b in zip(left, left[1:]) if a < 0 <= b)
    return rises * RATE / len(left)


class Sink:
    """Takes in a received track and remembers what it saw of late."""

    def __init__(self, track: MediaStreamTrack) -> None:
        self.frames = 0
        self.recent: List[Any] = []
        self._task = asyncio.ensure_future(self._run(track))

    async def _run(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                self.recent = [*self.recent[-24:], frame]
                self.frames += 1
        except MediaStreamError:
            pass

    async def more(self, count: int, seconds: float = 15) -> None:
        """Waits for so many more frames; TimeoutError says how many came."""
        until, target = time.monotonic() + seconds, self.frames + count
        while self.frames < target:
            if time.monotonic() > until:
                raise TimeoutError(f"{count - target + self.frames} of {count} frames in {seconds} s")
            await asyncio.sleep(0.02)

    def colour(self) -> Optional[str]:
        return colour_of(self.recent[-1]) if self.recent else None

    def hertz(self) -> float:
        return hertz_of(self.recent)
