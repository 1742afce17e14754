"""Writes fuzz/seeds: for each target a few inputs that reach what is behind the first checks. The targets make valid messages themselves, so
an input here is mostly a choice of one and of what is done to it. Run it where it stands, after a change in what a target reads."""

from pathlib import Path

HERE = Path(__file__).parent / "seeds"


def frames():
    """Each codec: number of the codec, counter, its shift, a program of no bytes, the frame."""
    unit = bytes.fromhex
    example = {
        0: unit("78010203"),
        2: unit("100200 9d012a 4001f000 010203"),
        3: unit("824983420000f000f606010203"),
        4: unit("000000016742c01ed9 0000000168ce3880 000000016588840102030405060708 80 00000001654080"),
        5: unit("000000056742c01ed9 0000000c658884010203040506070880"),
        6: unit("0000000142010102 000000012601af010203040506070809 000000010209af01"),
        7: unit("0000000c0201af01020304050607 0809 0000000402 09af01"),
        8: unit("1200 0a03000000 3204100102 03"),
        9 + 8: unit("1e00023001 2600020102 3608023003"),
    }
    for codec, frame in example.items():
        yield bytes([codec]) + (0x1234).to_bytes(8, "big") + bytes([codec]) + bytes([0]) + frame
        # A flip, a cut, a repetition.
        yield bytes([codec]) + (7).to_bytes(8, "big") + bytes([0, 12]) + bytes([0, 0, 3, 0, 20, 1, 2, 30, 3, 4, 5, 6]) + frame


SEEDS = {
    "batch": [bytes(8) + bytes([0, 3, 4]) + b"abcd" + bytes(3) + b"\x04efgh" + bytes(20)],
    "exchange": [bytes([suite]) + program for suite in (0, 1) for program in (b"", bytes([1, 0, 5, 1]), bytes([0, 1, 9, 7]))]
    # The top bit of the X25519 key.
    + [bytes([suite]) + program for suite in (0, 1) for program in (bytes([1, 63, 31, 0]), bytes([0, 1, 63, 31, 0]))],
    "frame": list(frames()),
    "handshake": [bytes([who, which, 1, 0, 12, 0]) for who in range(5) for which in range(0, 7, 3)],
    "keyfile": [bytes([which]) + program for which in range(0, 128, 7) for program in (b"", bytes([1, 0, 4, 0]))]
    # An attribute that is none, which is not looked into.
    + [b"Rv3XffkMJ&+0"],
    "meeting": [bytes([which]) + bytes([1, 0, 40, 0]) for which in range(0, 128, 11)],
    "messages": [bytes([kind, 4, 0, 1, 0, 9]) + b"payload" for kind in (0, 12, 13, 14)],
    "providers": [bytes([kind]) + bytes(range(64)) * 3 for kind in range(16)],
    "recording": [bytes([0, 0, 4] + [0, 0, 0] * 4), bytes([1, 1, 0, 3, 0, 4, 0, 0, 0, 200, 0, 0, 0, 0, 15, 1, 0, 3, 0])],
    "sframe": [bytes([which]) + (300).to_bytes(8, "big") + bytes([0, 5, 3, 1, 0, 2, 0]) + b"metadata and a frame" for which in range(0, 20, 4)],
    "turn": [(1_800_000_000).to_bytes(8, "big") + bytes([0, 5]) + b"alice" + bytes([1, 0, 3, 0])],
}

for target, inputs in SEEDS.items():
    folder = HERE / target
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("seed-*"):
        old.unlink()
    for number, data in enumerate(inputs):
        (folder / f"seed-{number:03}").write_bytes(data)
