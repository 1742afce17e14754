"""Real encoded frames for the tests here: clips by ffmpeg and by the encoders' own programs, taken apart into frames; and the library through ctypes."""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

OPAQUE, OPUS, VP8, VP9, H264, H264_AVCC, H265, H265_HVCC, AV1 = range(1, 10)
LENGTHS = {H264: H264_AVCC, H265: H265_HVCC}  # the same with four-byte lengths
SUITE = 5
METADATA = b"camera"
WORK = Path(tempfile.mkdtemp(prefix="frames."))


class Library:
    """A sender and a receiver with one key."""

    def __init__(self, kid: int = 1) -> None:
        self.lib = ctypes.CDLL(os.environ["PQRTC_SO"])
        self.lib.pqrtc_frame_seal_max_size.restype = ctypes.c_size_t
        key, length, kid64 = os.urandom(32), ctypes.c_size_t(32), ctypes.c_uint64(kid)
        self.sender, self.receiver = ctypes.c_void_p(), ctypes.c_void_p()
        self._call("sframe_sender_from_key", key, length, kid64, SUITE, ctypes.byref(self.sender))
        self._call("sframe_receiver_new", SUITE, ctypes.byref(self.receiver))
        self._call("sframe_receiver_set_window", self.receiver, 65536)
        self._call("sframe_receiver_add_key", self.receiver, kid64, key, length)

    def _call(self, name: str, *args: object) -> None:
        status = getattr(self.lib, "pqrtc_" + name)(*args)
        if status:
            raise ValueError(f"{name}: status {status}")

    def _frame(self, name: str, handle: object, codec: int, data: bytes, capacity: int, *rest: object) -> bytes:
        out, length, size = ctypes.create_string_buffer(capacity), ctypes.c_size_t(), ctypes.c_size_t
        self._call(name, handle, codec, METADATA, size(len(METADATA)), data, size(len(data)), out, size(capacity), ctypes.byref(length), *rest)
        return out.raw[: length.value]

    def seal(self, codec: int, frame: bytes) -> bytes:
        capacity = self.lib.pqrtc_frame_seal_max_size(ctypes.c_uint32(codec), ctypes.c_size_t(len(frame)))
        return self._frame("frame_seal", self.sender, codec, frame, capacity)

    def open(self, codec: int, sealed: bytes) -> bytes:
        return self._frame("frame_open", self.receiver, codec, sealed, len(sealed), None, None)


def run(*args: object, stdin: Optional[bytes] = None) -> bytes:
    done = subprocess.run([str(arg) for arg in args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=170, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, args))}: {done.stderr.decode(errors='replace')[-2500:]}")
    return done.stdout


def ffmpeg(*args: object) -> bytes:
    return run("ffmpeg", "-nostdin", "-v", "error", "-y", *args)


def source(pixels: str = "yuv420p", size: str = "320x240", seconds: float = 0.6, rate: int = 25) -> Path:
    """A moving picture, as YUV4MPEG."""
    path = WORK / f"{pixels}-{size}-{seconds}-{rate}.y4m"
    if not path.exists():
        test = f"testsrc2=size={size}:rate={rate}:duration={seconds}"
        ffmpeg("-f", "lavfi", "-i", test, "-pix_fmt", pixels, "-strict", "-1", "-f", "yuv4mpegpipe", path)
    return path


def ivf(data: bytes) -> List[bytes]:
    assert data[:4] == b"DKIF"
    frames, at = [], struct.unpack_from("<H", data, 6)[0]
    while at < len(data):
        size = struct.unpack_from("<I", data, at)[0]
        frames.append(data[at + 12 : at + 12 + size])
        at += 12 + size
    return frames


def to_ivf(fourcc: bytes, frames: Sequence[bytes], size: Tuple[int, int] = (320, 240)) -> bytes:
    head = struct.pack("<4sHH4sHHIIII", b"DKIF", 0, 32, fourcc, *size, 25, 1, len(frames), 0)
    return head + b"".join(struct.pack("<IQ", len(frame), i) + frame for i, frame in enumerate(frames))


def ogg(data: bytes) -> List[bytes]:
    packets, packet, at = [], b"", 0
    while at < len(data):
        count = data[at + 26]
        body = at + 27 + count
        for length in data[at + 27 : body]:
            packet += data[body : body + length]
            body += length
            if length < 255:
                packets.append(packet)
                packet = b""
        at = body
    return packets[2:]


def start_codes(data: bytes) -> List[int]:
    found, at = [], data.find(b"\0\0\1")
    while at >= 0:
        found.append(at)
        at = data.find(b"\0\0\1", at + 3)
    return found


def nal_units(data: bytes) -> List[bytes]:
    starts = start_codes(data)
    ends = starts[1:] + [len(data)]
    return [data[start + 3 : end].rstrip(b"\0") for start, end in zip(starts, ends)]


def nal_type(codec: int, header: int) -> int:
    return header & 31 if codec == H264 else header >> 1 & 63


def access_units(codec: int, data: bytes) -> List[bytes]:
    """Of a stream in which each begins with a delimiter."""
    delimiter = 9 if codec == H264 else 35
    cuts = [at - (at > 0 and data[at - 1] == 0) for at in start_codes(data) if nal_type(codec, data[at + 3]) == delimiter]
    return [data[start:end] for start, end in zip(cuts, cuts[1:] + [len(data)])]


def with_lengths(frame: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in nal_units(frame))


def obus(frame: bytes) -> List[Tuple[bytes, bytes]]:
    """The OBUs of a frame: each without its size, and as it stands."""
    found, at = [], 0
    while at < len(frame):
        start, header = at, frame[at : at + (2 if frame[at] & 4 else 1)]
        at += len(header)
        size, shift, more = len(frame) - at, 0, header[0] & 2
        if more:
            size = 0
        while more:
            size |= (frame[at] & 127) << shift
            more, at, shift = frame[at] & 128, at + 1, shift + 7
        found.append((bytes([header[0] & ~2]) + header[1:] + frame[at : at + size], frame[start : at + size]))
        at += size
    return found


def frame_md5(data: bytes, form: str) -> List[str]:
    """What a decoder makes of it: a hash of every picture."""
    path = WORK / "decode"
    path.write_bytes(data)
    out = ffmpeg("-f", form, "-i", path, "-f", "framemd5", "-").decode()
    return [line.split(",")[-1].strip() for line in out.splitlines() if not line.startswith("#")]
