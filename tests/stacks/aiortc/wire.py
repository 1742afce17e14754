"""What lies between peers: a watch over every RTP packet that aiortc sends in this process, a network that loses, delays and doubles, a forger."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from typing import Any, Deque, List, Optional

import pqrtc
from aioice import Connection
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import RtpPacket, is_rtcp

TAIL = 16


def tail_of(payload: bytes) -> bytes:
    """The last bytes of the part of a frame that a packet carries: two may be of retransmission and four of the payload format."""
    return payload[6:][-TAIL:]


# Kept from the start: what was sealed before a watch begins may be sent, or sent again, within it.
_sealed: Deque[bytes] = deque(maxlen=4000)
_seal = pqrtc.frame.seal


def _remembered(key: Any, codec: int, frame: Any) -> bytes:
    sealed = _seal(key, codec, frame)
    _sealed.append(sealed)
    return sealed


pqrtc.frame.seal = _remembered


class Watch:
    """with Watch() as watch: ...   Every media payload must end in bytes that pqrtc.frame.seal() gave out, and what that gives out must not end, or
    have in its middle, what was given in. Looked at before SRTP, so that it sees what an SFU would see."""

    def __init__(self) -> None:
        self.packets = 0
        self.unsealed: List[str] = []
        self.exempt: set[bytes] = set()  # tails of what a test forges

    def __enter__(self) -> Watch:
        self._seal, self._send = pqrtc.frame.seal, RTCDtlsTransport._send_rtp

        def seal(key: Any, codec: int, frame: Any) -> bytes:
            sealed = self._seal(key, codec, frame)
            for at in (len(frame) // 2, len(frame) - TAIL):
                if at > 32 and bytes(frame[at : at + TAIL]) in sealed:
                    self.unsealed.append(f"in what was sealed of a {codec!r}: {bytes(frame[at : at + TAIL]).hex()}")
            return sealed

        async def send(transport: RTCDtlsTransport, data: bytes) -> None:
            if not is_rtcp(data):
                self._look(RtpPacket.parse(data).payload)
            await self._send(transport, data)

        pqrtc.frame.seal, RTCDtlsTransport._send_rtp = seal, send
        return self

    def __exit__(self, *_: Any) -> None:
        pqrtc.frame.seal, RTCDtlsTransport._send_rtp = self._seal, self._send

    def _look(self, payload: bytes) -> None:
        self.packets += 1
        tail = tail_of(payload)
        if tail and tail not in self.exempt and not self._known(tail):
            self.unsealed.append(f"in a packet of {len(payload)} bytes: {tail.hex()}")

    def _known(self, tail: bytes) -> bool:
        # Encoders run in threads of their own and may add meanwhile: a copy.
        return any(tail in sealed for sealed in reversed(_sealed.copy()))


class Network:
    """with Network(...): every datagram of calls made inside, DTLS and all, runs these risks."""

    def __init__(self, loss: float = 0.05, reorder: float = 0.10, duplicate: float = 0.05, seed: Optional[int] = 1) -> None:
        self._loss, self._reorder, self._duplicate, self._chance = loss, reorder, duplicate, random.Random(seed)
        self.sent = self.lost = self.late = self.doubled = 0

    def __enter__(self) -> Network:
        self._send = Connection.send
        chance = self._chance.random

        async def send(connection: Connection, data: bytes) -> None:
            self.sent += 1
            if chance() < self._loss:
                self.lost += 1
                return
            if chance() < self._duplicate:
                self.doubled += 1
                await self._send(connection, data)
            if chance() < self._reorder:
                self.late += 1
                asyncio.ensure_future(self._later(connection, data))
            else:
                await self._send(connection, data)

        Connection.send = send
        return self

    async def _later(self, connection: Connection, data: bytes) -> None:
        await asyncio.sleep(0.02)
        try:
            await self._send(connection, data)
        except ConnectionError:
            pass

    def __exit__(self, *_: Any) -> None:
        Connection.send = self._send


class Forger:
    """An SFU gone bad: after every fourth frame of a sender it puts forged ones of its own, in RTP that is in order."""

    def __init__(self, sender: Any, watch: Watch) -> None:
        self._next, self._watch, self._count, self.forged = sender._next_encoded_frame, watch, 0, 0
        self._waiting: List[RTCEncodedFrame] = []
        sender._next_encoded_frame = self._next_or_forged

    async def _next_or_forged(self, codec: Any) -> Any:
        if not self._waiting:
            frame = await self._next(codec)
            self._count += 1
            if frame is None or self._count % 4:
                return frame
            last = frame.payloads[-1]
            # Altered and truncated before the true one, lest they be refused as replays; after it a replay, noise under its header, and nothing.
            for payload in (last[:-1] + bytes([last[-1] ^ 1]), last[:-5], last, last, last[:6] + pqrtc.random(60), last[:4]):
                self._waiting.append(RTCEncodedFrame([*frame.payloads[:-1], payload], frame.timestamp + len(self._waiting), frame.audio_level))
                self._watch.exempt.add(tail_of(payload))
            self.forged += len(self._waiting) - 1
        return self._waiting.pop(0)
