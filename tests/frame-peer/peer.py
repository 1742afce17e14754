#!/usr/bin/env python3
"""Sealed frames by a second implementation, written from docs/frame-format.md and RFC 9605 alone (cipher suite 5).

Both seal the same random frames under the same keys and metadata and must agree on every byte; each opens what the other sealed, and
both refuse the same forgeries. Usage: peer.py LIBPQRTC [CASES], a file to write the frames to for another implementation.
"""

import contextlib
import ctypes
import json
import os
import random
import sys
from collections import namedtuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CODECS = OPAQUE, OPUS, VP8, VP9, H264, H264_AVCC, H265, H265_HVCC, AV1 = range(1, 10)
LENGTH_PREFIXED = (H264_AVCC, H265_HVCC)
FAMILY = {VP8: 3, VP9: 4, H264: 5, H264_AVCC: 5, H265: 7, H265_HVCC: 7, AV1: 9}
LABEL = b"pqrtc frame v1"
SUITE = 5
ROUNDS = 400


class Refused(Exception):
    """No sealed frame, or not one of ours."""


def need(condition):
    if not condition:
        raise Refused


def number(value, length):
    return value.to_bytes(length, "big")


class Key:
    """RFC 9605 sections 4.3 and 4.4."""

    def __init__(self, base_key, kid):
        def derive(label, length):
            info = label + number(kid, 8) + number(SUITE, 2)
            return HKDF(hashes.SHA512(), length, b"", info).derive(base_key)

        self.kid, self.counter, self.seen, self.opened = kid, 0, set(), set()
        self.aead = AESGCM(derive(b"SFrame 1.0 Secret key ", 32))
        self.salt = int.from_bytes(derive(b"SFrame 1.0 Secret salt ", 12), "big")

    def nonce(self, counter):
        return number(self.salt ^ counter, 12)

    def seal(self, metadata, plaintext):
        def field(value):
            rest = number(value, (value.bit_length() + 7) // 8) if value > 7 else b""
            return 8 | len(rest) - 1 if rest else value, rest

        counter, self.counter = self.counter, self.counter + 1
        (kid, kid_bytes), (ctr, ctr_bytes) = field(self.kid), field(counter)
        header = bytes([kid << 4 | ctr]) + kid_bytes + ctr_bytes
        return header + self.aead.encrypt(self.nonce(counter), plaintext, header + metadata)

    @staticmethod
    def header(sealed):
        """KID, counter, and the length of both."""
        need(sealed)
        at, fields = 1, []
        for value in (sealed[0] >> 4, sealed[0] & 15):
            if value > 7:
                end = at + (value & 7) + 1
                value, at = int.from_bytes(sealed[at:end], "big"), end
            fields.append(value)
        need(at + 16 <= len(sealed))
        return (*fields, at)

    def open(self, metadata, sealed):
        kid, counter, at = self.header(sealed)
        need(kid == self.kid and counter not in self.seen)
        self.opened.add(counter)
        try:
            return self.aead.decrypt(self.nonce(counter), sealed[at:], sealed[:at] + metadata)
        except InvalidTag:
            raise Refused from None


def escape(before, data):
    out = bytearray(before)
    for byte in data:
        if out[-2:] == b"\0\0" and byte <= 3:
            out.append(3)
        out.append(byte)
    return bytes(out[len(before):])


def unescape(before, data):
    out, seen = bytearray(), bytearray(before)
    for byte in data:
        if not (seen[-2:] == b"\0\0" and byte == 3):
            out.append(byte)
        seen.append(byte)
    need(escape(before, out) == data)
    return bytes(out)


def leb128(value, width=1):
    out = bytearray()
    while value or len(out) < width:
        out.append(value & 127 | 128)
        value >>= 7
    out[-1] &= 127
    return bytes(out)


SET, DELIMITER, SEALED = range(3)
# What stands before a unit, its header, the length of its size field, and what follows.
Unit = namedtuple("Unit", "kind layer clear lead header width payload")


def nal_unit(codec, lead, data):
    if codec in LENGTH_PREFIXED and not data:
        return Unit(DELIMITER, 0, 0, lead, b"", 0, b"")
    length = 2 if FAMILY[codec] == 7 else 1
    need(len(data) >= length and data[0] < 128)
    header, payload = data[:length], data[length:]
    if length == 2:
        kind, layer = header[0] >> 1, (header[0] & 1) << 5 | header[1] >> 3
        sets, delimiters, is_slice = (32, 33, 34), (35, 36, 37), kind < 32
    else:
        kind, layer = header[0] & 31, 0
        sets, delimiters, is_slice = (7, 8, 13, 15), (9, 10, 11), kind in (1, 2, 3, 4, 5, 14, 19, 20, 21)
        if kind in (20, 21):
            layer = object()  # equal to no other
    what = SET if kind in sets else DELIMITER if kind in delimiters else SEALED
    clear = min(8, len(payload)) if is_slice else 0
    shown = header + payload[:clear] if what == SEALED else data.rstrip(b"\0")
    need(not any(shown[i:i + 2] == b"\0\0" and shown[i + 2] < 3 for i in range(len(shown) - 2)))
    return Unit(what, layer, clear, lead, header, 0, payload)


def obu(data):
    """The first OBU, and what follows it."""
    length = 2 if data[0] & 4 else 1
    need(len(data) >= length and data[0] < 128)
    header, width, size = data[:length], 0, len(data) - length
    if header[0] & 2:
        size, more = 0, True
        while more:
            need(width < 8 and length + width < len(data))
            byte = data[length + width]
            size |= (byte & 127) << 7 * width
            width, more = width + 1, byte & 128
    start = length + width
    need(start + size <= len(data))
    kind = header[0] >> 3
    what = SET if kind == 1 else DELIMITER if kind in (2, 8, 15) else SEALED
    need(what != DELIMITER or not (header[0] & 1 or kind == 2 and size))
    clear = 1 if kind in (3, 6, 7) else 0
    need(what != SEALED or width <= 6 and size >= clear)
    layer = header[1] >> 3 & 3 if length == 2 else 0
    return Unit(what, layer, clear, b"", header, width, data[start:start + size]), data[start + size:]


def split(codec, frame):
    """The units of a frame, and the zeros at its end."""
    units = []
    while frame:
        if codec == AV1:
            unit, frame = obu(frame)
            units.append(unit)
            continue
        if codec in LENGTH_PREFIXED:
            need(len(frame) >= 4)
            start = 4
            end = start + int.from_bytes(frame[:4], "big")
            need(end <= len(frame))
        else:
            start = frame.find(b"\0\0\1") + 3
            if start < 3:
                need(not any(frame))
                return units, frame
            need(not any(frame[:start - 3]))
            end = frame.find(b"\0\0\1", start)
            end = start + len(frame[start:end if end >= 0 else len(frame)].rstrip(b"\0"))
        units.append(nal_unit(codec, frame[:start], frame[start:end]))
        frame = frame[end:]
    return units, b""


def whole(codec, unit):
    if codec == AV1:
        size = leb128(len(unit.payload), unit.width) if unit.width else b""
        return unit.header + size + unit.payload
    data = unit.header + unit.payload
    return (number(len(data), 4) if codec in LENGTH_PREFIXED else unit.lead) + data


def shown_of(codec, unit, clear):
    header = bytes([unit.header[0] & ~2]) + unit.header[1:] if codec == AV1 else unit.header
    return header + clear


def bound(codec, first, last, trailer, shown, metadata):
    head = LABEL + bytes([FAMILY[codec]]) + number(first, 8) + bytes([last, trailer])
    return head + number(len(shown), 2) + shown + metadata


def groups(units):
    """For each sealed unit, how far it is from its group's first one, and whether it is the last."""
    sealed = [unit.layer for unit in units if unit.kind == SEALED]
    at = 0
    for i, layer in enumerate(sealed):
        if i and layer != sealed[i - 1]:
            at = 0
        yield at, i + 1 == len(sealed) or sealed[i + 1] != layer
        at += 1


def seal_units(key, codec, frame, metadata):
    units, zeros = split(codec, frame)
    blob, position = b"", 0
    for unit in units:
        if unit.kind == SET:
            data = whole(codec, unit)[len(unit.lead):]
            blob += number(position, 2) + bytes([len(unit.lead)]) + number(len(data), 4) + data
        position += unit.kind == SEALED
    out, places = b"", groups(units)
    for unit in units:
        if unit.kind != SEALED:
            out += whole(codec, unit)
            continue
        at, last = next(places)
        clear, rest = unit.payload[:unit.clear], unit.payload[unit.clear:]
        trailer = 0x80 | (unit.width if codec == AV1 else unit.clear)
        if blob:
            trailer, rest, blob = trailer | 0x40, rest + blob + number(len(blob), 4), b""
        shown = shown_of(codec, unit, clear)
        sealed = key.seal(bound(codec, key.counter - at, last, trailer, shown, metadata), rest)
        if codec != AV1:
            sealed = escape(shown, sealed)
        payload = clear + sealed + bytes([trailer])
        out += whole(codec, unit._replace(payload=payload, width=min(unit.width, 1)))
    return out + zeros


def open_units(key, codec, sealed, metadata):
    units, zeros = split(codec, sealed)
    out, sets, count, previous, places = b"", [], 0, None, groups(units)

    def put_back(position):
        nonlocal out
        while sets and sets[0][0] <= position:
            _, lead, data = sets.pop(0)
            if codec in LENGTH_PREFIXED:
                out += number(len(data), 4)
            elif codec != AV1:
                out += bytes(lead - 1) + b"\1"
            out += data

    for unit in units:
        if unit.kind != SEALED:
            out += whole(codec, unit) if unit.kind == DELIMITER else b""
            continue
        at, last = next(places)
        need(unit.payload)
        trailer, low = unit.payload[-1], unit.payload[-1] & 63
        need(trailer & 0x80 and low <= (6 if codec == AV1 else 8) and not (trailer & 0x40 and count))
        need(codec != AV1 or low or unit is units[-1])
        clear = unit.payload[:unit.clear if codec == AV1 else low]
        body = unit.payload[len(clear):-1]
        shown = shown_of(codec, unit, clear)
        if codec != AV1:
            body = unescape(shown, body)
        kid, counter, _ = key.header(body)
        if previous:
            need(kid == previous[0] and (counter == previous[1] + 1 if at else counter > previous[1]))
        previous = kid, counter
        rest = key.open(bound(codec, counter - at, last, trailer, shown, metadata), body)
        if trailer & 0x40:
            end = len(rest) - 4
            start = end - int.from_bytes(rest[end:], "big")
            blob, rest = rest[start:end], rest[:start]
            while blob:
                end = 7 + int.from_bytes(blob[3:7], "big")
                sets.append((int.from_bytes(blob[:2], "big"), blob[2], blob[7:end]))
                blob = blob[end:]
        put_back(count)
        header = unit.header
        if codec == AV1:
            header = bytes([header[0] | 2 if low else header[0] & ~2]) + header[1:]
        out += whole(codec, unit._replace(header=header, width=low if codec == AV1 else 0, payload=clear + rest))
        count += 1
    put_back(1 << 16)
    need(count)
    return out + zeros


def prefix_len(codec, frame):
    need(frame)
    first = frame[0]
    if codec == VP8:
        length = 3 if first & 1 else 10
    else:
        need(first >> 6 == 2)
        profile = (first >> 5 & 1) + 2 * (first >> 4 & 1)
        key_frame = first >> (1 if profile == 3 else 2) & 3 == 0
        length = (11 if profile else 10) if key_frame else (2 if profile == 3 else 1)
    need(len(frame) >= length)
    return length


def superframe_seen(sealed, key_frame):
    marker = sealed[-1]
    index = 2 + ((marker >> 3 & 3) + 1) * ((marker & 7) + 1)
    return marker >> 5 == 6 and (key_frame or len(sealed) >= index and sealed[-index] == marker)


def seal(key, codec, metadata, frame):
    if codec in (OPAQUE, OPUS):
        return key.seal(metadata, frame)
    if codec in (VP8, VP9):
        prefix = frame[:prefix_len(codec, frame)]
        head = LABEL + bytes([FAMILY[codec]]) + number(len(prefix), 2) + prefix
        while True:
            sealed = prefix + key.seal(head + metadata, frame[len(prefix):])
            if codec == VP8 or not superframe_seen(sealed, len(prefix) >= 10):
                return sealed
    return seal_units(key, codec, frame, metadata)


def open_(key, codec, metadata, sealed):
    """Opens a frame, once."""
    key.opened = set()
    frame = open_again(key, codec, metadata, sealed)
    key.seen |= key.opened
    return frame


def open_again(key, codec, metadata, sealed):
    if codec in (OPAQUE, OPUS):
        return key.open(metadata, sealed)
    if codec in (VP8, VP9):
        prefix = sealed[:prefix_len(codec, sealed)]
        head = LABEL + bytes([FAMILY[codec]]) + number(len(prefix), 2) + prefix
        return prefix + key.open(head + metadata, sealed[len(prefix):])
    return open_units(key, codec, sealed, metadata)


def random_frame(dice, codec):
    def some(length):
        return bytes(dice.choice([0, 0, 0, 1, 2, 3, 4, 0x80, dice.randrange(256)]) for _ in range(length))

    out = b""
    if codec == AV1:
        out = b"\x12\0" * dice.randrange(2) + b"\x0a\3\1\2\3" * dice.randrange(2)
        for last in [False] * dice.randrange(3) + [True]:
            extended, sized, payload = dice.randrange(2), not last or dice.randrange(2), some(dice.randrange(1, 200))
            out += bytes([dice.choice([3, 4, 5, 6, 7]) << 3 | extended << 2 | (2 if sized else 0)])
            out += bytes([dice.randrange(32) << 3] * extended)
            out += (leb128(len(payload), dice.randrange(1, 7)) if sized else b"") + payload
            if not last:
                out += b"\x7a\2\1\2" * dice.randrange(2) + b"\x0a\2\5\6" * dice.randrange(2)
    elif codec in FAMILY and codec > VP9:
        if FAMILY[codec] == 7:
            headers = [b"\x26\1", b"\x02\1", b"\x4e\1", b"\x02\x09"]
            sets, delimiter = [b"\x40\1", b"\x42\1", b"\x44\1"], b"\x46\1\x50"
        else:
            headers, sets, delimiter = [b"\x65", b"\x41", b"\x06", b"\x6e", b"\x74"], [b"\x67", b"\x68"], b"\x09\xf0"
        units = [delimiter] * dice.randrange(2)
        for _ in range(dice.randrange(1, 6)):
            units += [dice.choice(sets) + b"\x42\xc0\x1e" for _ in range(dice.randrange(3) * dice.randrange(2))]
            header = dice.choice(headers)
            units.append(header + escape(header, some(dice.randrange(40))) + b"\x80")
        for unit in units:
            start_code = b"\0" * dice.randrange(3) + b"\0\0\1"
            out += (number(len(unit), 4) if codec in LENGTH_PREFIXED else start_code) + unit
    else:
        out = some(11 + dice.randrange(100))
        if codec == VP9:
            out = bytes([out[0] & 63 | 128]) + out[1:]
    return out


def forged(dice, codec, sealed, other):
    """What a forwarder could make of a frame, with the units of another one at hand."""
    if codec < H264 or dice.randrange(3) == 0:
        at = dice.randrange(len(sealed))
        return sealed[:at] + bytes([sealed[at] ^ 1 << dice.randrange(8)]) + sealed[at + 1:]
    units = [whole(codec, unit) for unit in split(codec, sealed)[0]]
    others = [whole(codec, unit) for unit in split(codec, other)[0]]
    at = dice.randrange(len(units))
    how = dice.randrange(5)
    if how == 0:
        units.pop(at)
    elif how == 1:
        units.insert(at, units[dice.randrange(len(units))])
    elif how == 2:
        units[at] = dice.choice(others)
    elif how == 3:
        units.insert(at, dice.choice(others))
    else:
        units = units + others
    return b"".join(units)


class Library:
    """The library's frames, under one key for each direction."""

    def __init__(self, path):
        self.lib = ctypes.CDLL(path)
        self.lib.pqrtc_frame_seal_max_size.restype = ctypes.c_size_t
        self.lib.pqrtc_frame_seal_max_size.argtypes = [ctypes.c_uint32, ctypes.c_size_t]

    def peers(self, kid, seal_key, open_key):
        self.sender, self.receiver = ctypes.c_void_p(), ctypes.c_void_p()
        kid, length = ctypes.c_uint64(kid), ctypes.c_size_t(32)
        self.call("sframe_sender_from_key", seal_key, length, kid, SUITE, ctypes.byref(self.sender))
        self.call("sframe_receiver_new", SUITE, ctypes.byref(self.receiver))
        self.call("sframe_receiver_add_key", self.receiver, kid, open_key, length)

    def call(self, name, *args):
        status = getattr(self.lib, "pqrtc_" + name)(*args)
        if status in (18, 48, 49, 50):
            raise Refused
        assert status == 0, f"{name}: status {status}"

    def frame(self, name, handle, codec, metadata, data, capacity, *rest):
        out, length, size = ctypes.create_string_buffer(capacity), ctypes.c_size_t(), ctypes.c_size_t
        inputs = metadata, size(len(metadata)), data, size(len(data))
        self.call(name, handle, codec, *inputs, out, size(capacity), ctypes.byref(length), *rest)
        return out.raw[:length.value]

    def seal(self, codec, metadata, frame):
        capacity = self.lib.pqrtc_frame_seal_max_size(codec, len(frame))
        return self.frame("frame_seal", self.sender, codec, metadata, frame, capacity)

    def open(self, codec, metadata, sealed):
        return self.frame("frame_open", self.receiver, codec, metadata, sealed, len(sealed), None, None)


def result(function, *args):
    try:
        return function(*args)
    except Refused:
        return None


def main():
    library, dice = Library(sys.argv[1]), random.Random(1)
    refused, cases = 0, open(sys.argv[2] if len(sys.argv) > 2 else os.devnull, "w")
    with contextlib.closing(cases):
        refused = compare(library, dice, cases)
    total = len(CODECS) * 3 * ROUNDS
    print(f"{total} frames sealed to the same bytes by both, and opened each by the other; {refused} of as many forgeries refused by both")


def compare(library, dice, cases):
    def write(**case):
        if case["codec"] not in (OPAQUE, H264_AVCC, H265_HVCC):  # of which a browser knows nothing
            cases.write(json.dumps({name: value.hex() if isinstance(value, bytes) else value for name, value in case.items()}) + "\n")

    refused = 0
    for codec in CODECS:
        for kid in (0, 5, 300):
            keys = [os.urandom(32), os.urandom(32)]
            library.peers(kid, *keys)
            same, ours = (Key(key, kid) for key in keys)
            metadata, before = dice.choice([b"", b"camera"]), None
            write(codec=codec, key=keys[1], kid=str(kid))
            for _ in range(ROUNDS):
                frame = random_frame(dice, codec)
                sealed = library.seal(codec, metadata, frame)
                assert seal(same, codec, metadata, frame) == sealed, f"codec {codec}: {frame.hex()} sealed to {sealed.hex()}"
                assert open_(same, codec, metadata, sealed) == frame, f"codec {codec}: {sealed.hex()}"
                mine = seal(ours, codec, metadata, frame)
                forgery = forged(dice, codec, mine, before or mine)
                theirs = result(library.open, codec, metadata, forgery)
                assert theirs == result(open_, ours, codec, metadata, forgery), f"codec {codec}: {mine.hex()} forged to {forgery.hex()}"
                if theirs is None:
                    refused += 1
                    assert library.open(codec, metadata, mine) == frame, f"codec {codec}: {frame.hex()}"
                    open_(ours, codec, metadata, mine)
                write(codec=codec, metadata=metadata, frame=frame, sealed=mine, forged=forgery, opened=theirs)
                before = mine
    return refused


if __name__ == "__main__":
    main()
