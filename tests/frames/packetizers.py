#!/usr/bin/env python3
"""Sealed frames through real packetizers and back: pion's for every codec at three sizes, GStreamer's payloaders, depayloaders and parsers. What
comes out opens as what was sealed. And key frames are found in sealed frames as SFUs find them, for every length of key ID.

Usage: packetizers.py PACKETIZE, the program of packetize/ (or "" for none)
"""

from __future__ import annotations

import shutil
import struct
import sys
from typing import Dict, List, Sequence

from common import AV1, H264, H265, OPUS, VP8, VP9, WORK, Library, access_units, ffmpeg, ivf, nal_type, nal_units, obus, ogg, run, source, to_ivf

SIZES = (1200, 200, 60)


def clips() -> Dict[int, List[bytes]]:
    def made(name: str, *args: object) -> bytes:
        path = WORK / name
        ffmpeg("-i", source(), *args, path)
        return path.read_bytes()

    x264 = made("a.264", "-c:v", "libx264", "-preset", "veryfast", "-x264-params", "aud=1:slices=4:bframes=0:keyint=8", "-f", "h264")
    x265 = made("a.265", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "aud=1:repeat-headers=1:bframes=0:keyint=8:log-level=error", "-f", "hevc")
    path = WORK / "a.opus"
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=1", "-c:a", "libopus", "-f", "ogg", path)
    return {
        OPUS: ogg(path.read_bytes()),
        VP8: ivf(made("a.vp8", "-c:v", "libvpx", "-deadline", "realtime", "-g", "8", "-f", "ivf")),
        VP9: ivf(made("a.vp9", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "8", "-f", "ivf")),
        H264: access_units(H264, x264),
        H265: access_units(H265, x265),
        AV1: ivf(made("a.av1", "-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-g", "8", "-tiles", "2x1", "-f", "ivf")),
    }


def essence(codec: int, frame: bytes) -> List[bytes]:
    """A frame without what transports may change: start codes, sizes, delimiters and padding."""
    if codec in (H264, H265):
        drop = (9, 10, 11) if codec == H264 else (35, 36, 37)
        return [unit for unit in nal_units(frame) if nal_type(codec, unit[0]) not in drop]
    if codec == AV1:
        return [obu for obu, _ in obus(frame) if obu[0] >> 3 not in (2, 8, 15)]
    return [frame]


def opened(library: Library, codec: int, what: str, plain: Sequence[bytes], sealed: Sequence[bytes]) -> None:
    assert len(sealed) == len(plain), f"{what}: {len(sealed)} of {len(plain)} frames came through"
    for i, (before, after) in enumerate(zip(plain, sealed)):
        assert essence(codec, library.open(codec, after)) == essence(codec, before), f"{what}, frame {i}"
    print(f"{what}: {len(plain)} frames", flush=True)


def pion(program: str, frames: Dict[int, List[bytes]]) -> None:
    names = {OPUS: ["opus"], VP8: ["vp8"], VP9: ["vp9", "vp9-flexible"], H264: ["h264"], H265: ["h265"], AV1: ["av1"]}
    for codec, plain in frames.items():
        for name in names[codec]:
            for size in SIZES:
                if codec == OPUS and size < 1200:
                    continue  # an Opus packet is never split
                library = Library(kid=size)
                sealed = [library.seal(codec, frame) for frame in plain]
                data = run(program, name, size, stdin=b"".join(struct.pack(">I", len(frame)) + frame for frame in sealed))
                back, at = [], 0
                while at < len(data):
                    end = at + 4 + struct.unpack_from(">I", data, at)[0]
                    back.append(data[at + 4 : end])
                    at = end
                opened(library, codec, f"pion, {name}, packets of {size}", plain, back)


def gstreamer(frames: Dict[int, List[bytes]]) -> None:
    if not shutil.which("gst-launch-1.0"):
        print("skipped: GStreamer's payloaders: needs gstreamer1.0-tools")
        return
    pipes = {
        VP9: ("ivfparse ! vp9parse ! rtpvp9pay mtu={mtu} ! rtpvp9depay", "rtpvp9depay vp9parse ivfparse"),
        H264: ("h264parse ! rtph264pay mtu={mtu} ! rtph264depay ! video/x-h264,stream-format=byte-stream,alignment=au", "rtph264depay h264parse"),
        H265: ("h265parse ! rtph265pay mtu={mtu} ! rtph265depay ! video/x-h265,stream-format=byte-stream,alignment=au", "rtph265depay h265parse"),
    }
    for codec, (pipe, elements) in pipes.items():
        missing = [element for element in elements.split() if not has_element(element)]
        if missing:
            print(f"skipped: GStreamer's payloader: needs the elements {', '.join(missing)} (gstreamer1.0-plugins-good and -bad)")
            continue
        for mtu in (1200, 200):
            library, plain = Library(kid=mtu), frames[codec]
            sealed = [library.seal(codec, frame) for frame in plain]
            path, out = WORK / "sealed", WORK / f"out{codec}-{mtu}"
            path.write_bytes(to_ivf(b"VP90", sealed) if codec == VP9 else b"".join(sealed))
            out.mkdir()
            line = f"filesrc location={path} ! {pipe.format(mtu=mtu)} ! multifilesink location={out}/%05d"
            run("gst-launch-1.0", "-q", *line.split())
            back = [file.read_bytes() for file in sorted(out.iterdir())]
            name = next(word for word in pipe.split() if word.startswith("rtp"))
            opened(library, codec, f"GStreamer, {name}, packets of {mtu}", plain, back)


def has_element(name: str) -> bool:
    try:
        run("gst-inspect-1.0", name)
    except RuntimeError:
        return False
    return True


# As SFUs look for key frames, in the payload: Galene, LiveKit, Janus, mediasoup.
def is_key(codec: int, frame: bytes) -> bool:
    if codec == VP8:
        return not frame[0] & 1
    if codec == VP9:
        if frame[0] >> 6 != 2:
            return False
        return frame[0] >> (1 if frame[0] >> 4 & 3 == 3 else 2) & 3 == 0
    if codec in (H264, H265):
        keys = (5, 7) if codec == H264 else range(16, 22)
        return any(nal_type(codec, unit[0]) in keys for unit in nal_units(frame))
    # A sequence header, and a shown frame header of type KEY_FRAME.
    units = [obu for obu, _ in obus(frame)]
    headers = [obu[2 if obu[0] & 4 else 1] for obu in units if obu[0] >> 3 in (3, 6)]
    return any(obu[0] >> 3 == 1 for obu in units) and any(byte >> 5 == 0 for byte in headers)


def key_frames(frames: Dict[int, List[bytes]]) -> None:
    for codec in (VP8, VP9, H264, H265, AV1):
        plain = frames[codec][:10]
        expected = [is_key(codec, frame) for frame in plain]
        assert expected[0] and not all(expected), expected
        for kid in range(301):
            library = Library(kid)
            assert [is_key(codec, library.seal(codec, frame)) for frame in plain] == expected, f"codec {codec}, key ID {kid}"
        print(f"key frames of codec {codec} are found for key IDs 0 to 300", flush=True)


def main() -> None:
    if not shutil.which("ffmpeg"):
        print("skipped: packetizers: needs ffmpeg")
        return
    frames = clips()
    key_frames(frames)
    if sys.argv[1]:
        pion(sys.argv[1], frames)
    gstreamer(frames)
    shutil.rmtree(WORK)


if __name__ == "__main__":
    main()
