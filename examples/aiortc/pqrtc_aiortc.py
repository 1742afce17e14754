"""Seals what an aiortc call sends and opens what it receives, frame by frame, between the codec and RTP.

    sealer = Sealer(pc.addTrack(track))            # before negotiation: from here on nothing leaves unsealed
    opener = Opener(transceiver.receiver)          # in pc.on("track"), before the first frame
    sealer.key = pqrtc.sframe.Sender(...)          # as soon as the key exchange is done; until then nothing is sent
    opener.key = pqrtc.sframe.Receiver(...)        # until then nothing is decoded

aiortc has no public hook for encoded frames. The private names used here exist in aiortc 1.16; both classes check that they do.
"""

from __future__ import annotations

import queue
import time
from collections import Counter
from typing import Any, Iterable, List, Optional, Tuple

import aiortc
import pqrtc
from aiortc.codecs import get_encoder
from pqrtc import Codec

# Payload formats that carry a sealed frame. The audio of other codecs would pass as OPAQUE; no other video codec of aiortc would.
CODECS = {"OPUS": Codec.OPUS, "VP8": Codec.VP8, "H264": Codec.H264}


def _require(thing: Any, *names: str) -> None:
    missing = [name for name in names if not hasattr(thing, name)]
    if missing:
        raise RuntimeError(f"aiortc {aiortc.__version__} has no {', '.join(missing)}: this module was written for aiortc 1.16")


# docs:begin sealer
class Sealer:
    """Seals every frame of one RTCRtpSender. Without a key, and when sealing fails, the frame is dropped: it is never sent as it is."""

    def __init__(self, sender: aiortc.RTCRtpSender, key: Optional[pqrtc.sframe.Sender] = None) -> None:
        _require(sender, "_next_encoded_frame", "_send_keyframe", "_RTCRtpSender__encoder", "_RTCRtpSender__started")
        if sender._RTCRtpSender__started:
            raise RuntimeError("the sender is running: frames may have left unsealed")
        self._sender, self._key = sender, key
        self._next_plain = sender._next_encoded_frame
        sender._next_encoded_frame = self._next_sealed
        self.dropped = 0
        self.error: Optional[Exception] = None

    @property
    def key(self) -> Optional[pqrtc.sframe.Sender]:
        """What seals the next frame. Another may be set at any time."""
        return self._key

    @key.setter
    def key(self, key: Optional[pqrtc.sframe.Sender]) -> None:
        if self._key is None:
            self._sender._send_keyframe()  # nobody has the frames before this one
        self._key = key

    async def _next_sealed(self, codec: Any) -> Any:
        if self._key is None:
            await self._sender.track.recv()
            self.dropped += 1
            return None
        if self._sender._RTCRtpSender__encoder is None:
            self._sender._RTCRtpSender__encoder = self._sealing(codec)
        return await self._next_plain(codec)

    def _sealing(self, codec: Any) -> Any:
        """aiortc's encoder for a codec, with sealing put in before it cuts frames into packets."""
        name = codec.name.upper()
        if name not in CODECS:
            raise ValueError(f"{codec.name} cannot be sealed: offer {', '.join(CODECS)} alone (setCodecPreferences)")
        encoder, kind = get_encoder(codec), CODECS[name]
        if kind is Codec.OPUS:
            # A packet is a frame.
            encode, pack = encoder.encode, encoder.pack
            encoder.encode = lambda frame, force_keyframe=False: self._packets(encode(frame, force_keyframe))
            encoder.pack = lambda packet: self._packets(pack(packet))
            return encoder
        _require(encoder, "_packetize")
        packetize = encoder._packetize
        if kind is Codec.VP8:
            encoder._packetize = lambda frame, picture_id: packetize(self._seal(kind, frame), picture_id)
        else:
            # H.264 comes as NAL units without start codes, and goes on as that.
            _require(encoder, "_split_bitstream")
            split = encoder._split_bitstream
            encoder._packetize = lambda units: packetize(split(self._seal(kind, _annex_b(units))))
        return encoder

    def _packets(self, encoded: Tuple[List[bytes], Any]) -> Tuple[List[bytes], Any]:
        sealed = [self._seal(Codec.OPUS, packet) for packet in encoded[0]]
        return [packet for packet in sealed if packet], encoded[1]

    def _seal(self, kind: Codec, frame: bytes) -> bytes:
        key = self._key
        if key is not None and frame:
            try:
                return pqrtc.frame.seal(key, kind, frame)
            except pqrtc.PqrtcError as why:
                self.error = why
        self.dropped += 1
        return b""


def _annex_b(units: Iterable[bytes]) -> bytes:
    return b"".join(b"\0\0\0\1" + unit for unit in units)
# docs:end sealer


# docs:begin opener
class Opener(queue.Queue):
    """Stands where aiortc queues frames for the decoder of one RTCRtpReceiver, and lets through only what opens."""

    def __init__(self, receiver: aiortc.RTCRtpReceiver, key: Optional[pqrtc.sframe.Receiver] = None) -> None:
        super().__init__()
        _require(receiver, *("_RTCRtpReceiver__" + name for name in ("decoder_queue", "decoder_thread", "decoder_error")))
        if receiver._RTCRtpReceiver__decoder_thread is not None:
            raise RuntimeError("the receiver is running: frames may have been decoded unopened")
        receiver._RTCRtpReceiver__decoder_queue = self
        self._wants_keyframe = receiver._RTCRtpReceiver__decoder_error.set
        self._gap, self._asked = False, 0.0
        self.key = key
        self.opened = 0
        self.dropped: Counter[str] = Counter()  # by class of error

    def put(self, item: Any, block: bool = True, timeout: Optional[float] = None) -> None:
        if item is None:  # the end of the track
            return super().put(None)
        codec, frame = item
        try:
            if self.key is None:
                raise LookupError("no key yet")
            frame.data = pqrtc.frame.open(self.key, CODECS[codec.name.upper()], frame.data)
        except (pqrtc.PqrtcError, LookupError) as why:
            self.dropped[type(why).__name__] += 1
            self._gap = True
            return None
        self.opened += 1
        # A picture that was dropped is missing in those after it. Once a second at most, lest forged frames call for many key frames.
        if self._gap and time.monotonic() - self._asked > 1:
            self._gap, self._asked = False, time.monotonic()
            self._wants_keyframe()
        return super().put(item)
# docs:end opener
