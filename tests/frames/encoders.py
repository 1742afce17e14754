#!/usr/bin/env python3
"""What real encoders make comes back equal, frame by frame, in both framings where there are two, and decodes to the same pictures."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Callable, Dict, List, Tuple

from common import AV1, H264, H265, LENGTHS, OPUS, VP8, VP9, WORK, Library, access_units, ffmpeg, frame_md5, ivf, nal_type, nal_units, obus, ogg, run, source, to_ivf, with_lengths

X264: Dict[str, Tuple[str, str]] = {
    "4 slices, AUD, SEI": ("--slices 4", "yuv420p"),
    "a slice for each macroblock": ("--slice-max-mbs 1", "yuv420p"),
    "slices of at most 200 bytes": ("--slice-max-size 200", "yuv420p"),
    "MBAFF": ("--tff --slices 2", "yuv420p"),
    "intra refresh": ("--intra-refresh --keyint 10", "yuv420p"),
    "filler, HRD": ("--nal-hrd cbr --bitrate 900 --vbv-maxrate 900 --vbv-bufsize 300 --filler", "yuv420p"),
    "4:4:4": ("--output-csp i444", "yuv444p"),
    "10 bit": ("--output-depth 10", "yuv420p"),
    "open GOP, B pyramid": ("--open-gop --keyint 6 --bframes 3", "yuv420p"),
}
X265: Dict[str, str] = {
    "WPP": "--wpp --ctu 16",
    "slices": "--slices 3",
    "field": "--interlace tff",
    "HRD": "--hrd --bitrate 500 --vbv-maxrate 500 --vbv-bufsize 300",
    "hash and HDR SEI": "--hash 1 --max-cll 1000,400 --master-display G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)",
    "open GOP": "--open-gop --keyint 6 --bframes 3",
    "tiny frames": "--qp 51",
}
VP8S: Dict[str, str] = {
    "realtime": "-deadline realtime",
    "alternate reference frames": "-auto-alt-ref 1 -lag-in-frames 12 -deadline good -cpu-used 5",
    "8 token partitions": "-slices 8 -deadline realtime",
}
VP9S: Dict[str, Tuple[str, str]] = {
    "profile 0, superframes": ("-auto-alt-ref 1 -lag-in-frames 12 -deadline good -cpu-used 8", "yuv420p"),
    "profile 1": ("-profile:v 1 -deadline realtime -cpu-used 8", "yuv444p"),
    "profile 2": ("-profile:v 2 -deadline realtime -cpu-used 8", "yuv420p10le"),
    "profile 3": ("-profile:v 3 -deadline realtime -cpu-used 8", "yuv444p10le"),
    "temporal layers": ("-deadline realtime -cpu-used 8 -ts-parameters ts_number_layers=3:ts_target_bitrate=100,200,300:ts_rate_decimator=4,2,1:ts_periodicity=4:ts_layer_id=0,2,1,2:ts_layering_mode=3", "yuv420p"),
    "error resilient, tiles": ("-deadline realtime -cpu-used 8 -error-resilient 1 -tile-columns 2 -frame-parallel 1", "yuv420p"),
}
AOM: Dict[str, str] = {
    "tiles": "--tile-columns=1 --tile-rows=1",
    "tile groups": "--tile-columns=2 --tile-rows=1 --num-tile-groups=3",
    "monochrome": "--monochrome",
    "S-frames": "--sframe-dist=4 --sframe-mode=1",
    "error resilient": "--error-resilient=1",
}
OPUSES: Dict[str, str] = {
    "voice, DTX, FEC": "-application voip -b:a 16k -dtx 1 -fec 1 -packet_loss 20",
    "audio, 120 ms": "-application audio -frame_duration 120",
    "low delay, 2.5 ms": "-application lowdelay -frame_duration 2.5 -b:a 96k",
    "SILK alone": "-application voip -cutoff 4000 -b:a 8k",
    "hybrid": "-application voip -cutoff 20000 -b:a 28k",
}

frames_seen = 0


def through(codec: int, name: str, frames: List[bytes]) -> List[bytes]:
    """Seals and opens every frame."""
    global frames_seen
    library = Library(kid=len(name) * 7 % 300)
    opened = []
    for i, frame in enumerate(frames):
        sealed = library.seal(codec, frame)
        opened.append(library.open(codec, sealed))
        assert opened[-1] == frame, f"{name}, frame {i}: {frame.hex()[:200]}"
        assert len(sealed) >= len(frame), name
    assert frames, name
    frames_seen += len(frames)
    return opened


def nal_clip(codec: int, name: str, stream: bytes) -> None:
    frames = access_units(codec, stream)
    opened = through(codec, name, frames)
    through(LENGTHS[codec], name, [with_lengths(frame) for frame in frames])
    form = "h264" if codec == H264 else "hevc"
    pictures = frame_md5(stream, form)
    assert pictures and pictures == frame_md5(b"".join(opened), form), name
    types = sorted({nal_type(codec, unit[0]) for unit in nal_units(stream)})
    print(f"{form}, {name}: {len(frames)} frames, types {types}, {max(len(nal_units(frame)) for frame in frames)} units at most", flush=True)


def ivf_clip(codec: int, name: str, data: bytes) -> None:
    frames = ivf(data)
    opened = through(codec, name, frames)
    fourcc = {VP8: b"VP80", VP9: b"VP90", AV1: b"AV01"}[codec]
    pictures = frame_md5(data, "ivf")
    assert pictures and pictures == frame_md5(to_ivf(fourcc, opened), "ivf"), name
    print(f"{fourcc.decode()}, {name}: {len(frames)} frames, {min(map(len, frames))} to {max(map(len, frames))} bytes", flush=True)


def x264() -> None:
    for name, (options, pixels) in X264.items():
        path = WORK / "clip.264"
        run("x264", "--quiet", "--preset", "veryfast", "--aud", "--demuxer", "y4m", *options.split(), "-o", path, source(pixels))
        nal_clip(H264, name, path.read_bytes())


def x265() -> None:
    for name, options in X265.items():
        path = WORK / "clip.265"
        run("x265", "--log-level", "error", "--preset", "ultrafast", "--aud", "--repeat-headers", *options.split(), "--y4m", source(), "-o", path)
        nal_clip(H265, name, path.read_bytes())


def vpx() -> None:
    for name, options in VP8S.items():
        path = WORK / "clip.ivf"
        ffmpeg("-i", source(), "-c:v", "libvpx", *options.split(), "-f", "ivf", path)
        ivf_clip(VP8, name, path.read_bytes())
    for name, (options, pixels) in VP9S.items():
        path = WORK / "clip.ivf"
        ffmpeg("-i", source(pixels), "-c:v", "libvpx-vp9", *options.split(), "-f", "ivf", path)
        ivf_clip(VP9, name, path.read_bytes())


def av1() -> None:
    for name, options in AOM.items():
        path = WORK / "clip.ivf"
        run("aomenc", "--quiet", "--rt", "--cpu-used=9", "--lag-in-frames=0", "--ivf", *options.split(), "-o", path, source())
        ivf_clip(AV1, f"libaom, {name}", path.read_bytes())
    if not shutil.which("SvtAv1EncApp"):
        print("skipped: SVT-AV1: needs svt-av1")
        return
    for name, options in {"random access": "--pred-struct 2", "tiles": "--tile-columns 1 --tile-rows 1"}.items():
        path = WORK / "clip.ivf"
        run("SvtAv1EncApp", "-i", source(), "--preset", "12", *options.split(), "-b", path)
        ivf_clip(AV1, f"SVT-AV1, {name}", path.read_bytes())


def svc() -> None:
    program = WORK / "svc"
    try:
        run("cc", "-O1", "-Wall", "-Wextra", "-Werror", Path(__file__).with_name("svc.c"), "-laom", "-lvpx", "-lm", "-lpthread", "-o", program)
    except RuntimeError as why:
        if "aom/" not in str(why) and "vpx/" not in str(why) and "-laom" not in str(why) and "-lvpx" not in str(why):
            raise
        print("skipped: scalable video: needs libaom-dev and libvpx-dev")
        return
    path = WORK / "clip.ivf"
    for spatial, temporal in ((2, 1), (3, 2)):
        run(program, "vp9", spatial, temporal, source(), path)
        ivf_clip(VP9, f"L{spatial}T{temporal}", path.read_bytes())
    for spatial, temporal in ((1, 2), (2, 1), (3, 2)):
        run(program, "av1", spatial, temporal, source(), path)
        ivf_clip(AV1, f"L{spatial}T{temporal}", path.read_bytes())
        # What an SFU does: it drops the upper spatial layers, and what remains opens.
        library, frames = Library(), ivf(path.read_bytes())
        for i, frame in enumerate(frames):
            sealed, top = library.seal(AV1, frame), i % spatial
            kept = without_layers(sealed, top)
            assert library.open(AV1, kept) == without_layers(frame, top), f"L{spatial}T{temporal}, frame {i} up to layer {top}"
            assert spatial == 1 or top == spatial - 1 or len(kept) < len(sealed)
        print(f"L{spatial}T{temporal}: opened with upper spatial layers dropped")


def without_layers(frame: bytes, top: int) -> bytes:
    return b"".join(whole for obu, whole in obus(frame) if not obu[0] & 4 or obu[1] >> 3 & 3 <= top)


def opus() -> None:
    for name, options in OPUSES.items():
        path = WORK / "clip.ogg"
        sound = "sine=frequency=440:duration=1,apad=pad_dur=1"
        ffmpeg("-f", "lavfi", "-i", sound, "-t", "2", "-ar", "48000", "-c:a", "libopus", *options.split(), "-f", "ogg", path)
        packets = ogg(path.read_bytes())
        through(OPUS, name, packets)
        print(f"Opus, {name}: {len(packets)} packets, {min(map(len, packets))} to {max(map(len, packets))} bytes, {len({packet[0] >> 3 for packet in packets})} modes")


PARTS: Dict[str, Tuple[Callable[[], None], Tuple[str, ...]]] = {
    "x264": (x264, ("ffmpeg", "x264")),
    "x265": (x265, ("ffmpeg", "x265")),
    "vpx": (vpx, ("ffmpeg",)),
    "av1": (av1, ("ffmpeg", "aomenc")),
    "svc": (svc, ("ffmpeg", "cc")),
    "opus": (opus, ("ffmpeg",)),
}


def main() -> None:
    for name, (part, programs) in PARTS.items():
        if name not in (sys.argv[1:] or PARTS):
            continue
        missing = [program for program in programs if not shutil.which(program)]
        if missing:
            print(f"skipped: encoders {part.__name__}: needs {', '.join(missing)}")
        else:
            part()
    shutil.rmtree(WORK)
    assert frames_seen, "nothing was tried"
    print(f"{frames_seen} frames of real encoders came back equal")


if __name__ == "__main__":
    main()
