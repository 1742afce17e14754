#!/usr/bin/env python3
"""Sealed frames by a second implementation, written from docs/frame-format.md and RFC 9605 alone (cipher suite 5).

Both seal the same random frames under the same keys and must agree on every byte; each opens what the other sealed.
Usage: peer.py LIBPQRTC
"""

import ctypes
import os
import random
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CODECS = OPAQUE, OPUS, VP8, VP9, H264, H264_AVCC, H265, H265_HVCC, AV1 = range(1, 10)
LENGTH_PREFIXED = (H264_AVCC, H265_HVCC)
IS_H265 = (H265, H265_HVCC)
OF_NAL_UNITS = (H264, H264_AVCC, H265, H265_HVCC)
SUITE = 5
ROUNDS = 400


class Key:
    """RFC 9605 sections 4.3 and 4.4."""

    def __init__(self, base_key, kid):
        def derive(label, length):
            info = label + kid.to_bytes(8, "big") + SUITE.to_bytes(2, "big")
            return HKDF(hashes.SHA512(), length, b"", info).derive(base_key)

        self.kid, self.counter = kid, 0
        self.aead = AESGCM(derive(b"SFrame 1.0 Secret key ", 32))
        self.salt = int.from_bytes(derive(b"SFrame 1.0 Secret salt ", 12), "big")

    def nonce(self, counter):
        return (self.salt ^ counter).to_bytes(12, "big")

    def seal(self, metadata, plaintext):
        def field(value):
            rest = value.to_bytes((value.bit_length() + 7) // 8, "big") if value > 7 else b""
            return 8 | len(rest) - 1 if rest else value, rest

        counter, self.counter = self.counter, self.counter + 1
        (kid, kid_bytes), (ctr, ctr_bytes) = field(self.kid), field(counter)
        header = bytes([kid << 4 | ctr]) + kid_bytes + ctr_bytes
        return header + self.aead.encrypt(self.nonce(counter), plaintext, header + metadata)

    def open(self, metadata, sealed):
        at, fields = 1, []
        for value in (sealed[0] >> 4, sealed[0] & 15):
            if value > 7:
                end = at + (value & 7) + 1
                value, at = int.from_bytes(sealed[at:end], "big"), end
            fields.append(value)
        assert fields[0] == self.kid
        return self.aead.decrypt(self.nonce(fields[1]), sealed[at:], sealed[:at] + metadata)


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
    return bytes(out)


def split(codec, frame):
    """Pairs of what stands before a NAL unit and the unit; zeros at the end come with None."""
    at = 0
    while at < len(frame):
        if codec in LENGTH_PREFIXED:
            start = at + 4
            end = start + int.from_bytes(frame[at:start], "big")
        else:
            start = frame.find(b"\0\0\1", at) + 3
            if start < 3:
                yield frame[at:], None
                return
            end = frame.find(b"\0\0\1", start)
            end = start + len(frame[start:end if end >= 0 else len(frame)].rstrip(b"\0"))
        yield frame[at:start], frame[start:end]
        at = end


def each_nal_unit(codec, frame, change):
    """`change(unit, header length, is a slice)` for every unit that does not stay clear."""
    out = b""
    for lead, unit in split(codec, frame):
        if unit is None:
            out += lead
            continue
        if codec in IS_H265:
            kind = unit[0] >> 1 & 63
            clear, header, is_slice = 32 <= kind <= 37, 2, kind < 32
        else:
            kind = unit[0] & 31
            clear, header, is_slice = kind in (7, 8, 9, 10, 11, 13, 15), 1, kind in (1, 2, 3, 4, 5, 14, 19, 20, 21)
        if not clear:
            unit = change(unit, header, is_slice)
        out += (len(unit).to_bytes(4, "big") if codec in LENGTH_PREFIXED else lead) + unit
    return out


def leb128(value, width=1):
    out = bytearray()
    while value or len(out) < width:
        out.append(value & 127 | 128)
        value >>= 7
    out[-1] &= 127
    return bytes(out)


def each_obu(frame, change):
    """`change(header, size of the size field, payload)` for every OBU that does not stay clear."""
    out, at = b"", 0
    while at < len(frame):
        header = frame[at:at + (2 if frame[at] & 4 else 1)]
        start = at + len(header)
        width, size = 0, len(frame) - start
        if header[0] & 2:
            size, more = 0, True
            while more:
                byte = frame[start + width]
                size |= (byte & 127) << 7 * width
                width, more = width + 1, byte & 128
        end = start + width + size
        clear = header[0] >> 3 in (1, 2)
        out += frame[at:end] if clear else change(header, width, frame[start + width:end])
        at = end
    return out


def vp8_prefix(frame):
    return frame[:3 if frame[0] & 1 else 10]


def seal(key, codec, frame):
    def nal_unit(unit, header, is_slice):
        clear = min(8, len(unit) - header) if is_slice else 0
        head, trailer = unit[:header + clear], bytes([0x80 + clear])
        return head + escape(head, key.seal(head + trailer, unit[header + clear:])) + trailer

    def obu(header, width, payload):
        trailer = bytes([0x80 + width])
        sealed = key.seal(bytes([header[0] & ~2]) + header[1:] + trailer, payload) + trailer
        return header + (leb128(len(sealed)) if width else b"") + sealed

    if codec in OF_NAL_UNITS:
        return each_nal_unit(codec, frame, nal_unit)
    if codec == AV1:
        return each_obu(frame, obu)
    prefix = vp8_prefix(frame) if codec == VP8 else b""
    return prefix + key.seal(prefix, frame[len(prefix):])


def open_(key, codec, sealed):
    def nal_unit(unit, header, _):
        head, trailer = unit[:header + unit[-1] - 0x80], unit[-1:]
        return head + key.open(head + trailer, unescape(head, unit[len(head):-1]))

    def obu(header, _, payload):
        width, first = payload[-1] - 0x80, header[0] & ~2
        plain = key.open(bytes([first]) + header[1:] + payload[-1:], payload[:-1])
        if not width:
            return bytes([first]) + header[1:] + plain
        return bytes([first | 2]) + header[1:] + leb128(len(plain), width) + plain

    if codec in OF_NAL_UNITS:
        return each_nal_unit(codec, sealed, nal_unit)
    if codec == AV1:
        return each_obu(sealed, obu)
    prefix = vp8_prefix(sealed) if codec == VP8 else b""
    return prefix + key.open(prefix, sealed[len(prefix):])


def random_frame(dice, codec):
    def some(length):
        return bytes(dice.choice([0, 0, 0, 1, 2, 3, 4, 0x80, dice.randrange(256)]) for _ in range(length))

    out = b""
    if codec == AV1:
        out = b"\x12\0" * dice.randrange(2)
        for last in [False] * dice.randrange(3) + [True]:
            extended, sized, payload = dice.randrange(2), not last or dice.randrange(2), some(dice.randrange(200))
            out += bytes([dice.choice([3, 4, 5, 6, 7]) << 3 | extended << 2 | (2 if sized else 0)])
            out += bytes([dice.randrange(32) << 3] * extended)
            out += (leb128(len(payload), dice.randrange(1, 7)) if sized else b"") + payload
    elif codec in OF_NAL_UNITS:
        headers = [b"\x26\1", b"\x02\1", b"\x4e\1"] if codec in IS_H265 else [b"\x65", b"\x41", b"\x06"]
        for _ in range(dice.randrange(1, 4)):
            header = dice.choice(headers)
            unit = header + escape(header, some(dice.randrange(40))) + b"\x80"
            start_code = b"\0" * dice.randrange(3) + b"\0\0\1"
            out += (len(unit).to_bytes(4, "big") if codec in LENGTH_PREFIXED else start_code) + unit
    else:
        out = some(10 + dice.randrange(100))
    return out


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
        assert status == 0, f"{name}: status {status}"

    def frame(self, name, handle, codec, data, capacity, *rest):
        out, length, size = ctypes.create_string_buffer(capacity), ctypes.c_size_t(), ctypes.c_size_t
        self.call(name, handle, codec, data, size(len(data)), out, size(capacity), ctypes.byref(length), *rest)
        return out.raw[:length.value]

    def seal(self, codec, frame):
        capacity = self.lib.pqrtc_frame_seal_max_size(codec, len(frame))
        return self.frame("frame_seal", self.sender, codec, frame, capacity)

    def open(self, codec, sealed):
        return self.frame("frame_open", self.receiver, codec, sealed, len(sealed), None, None)


def main():
    library, dice = Library(sys.argv[1]), random.Random(1)
    for codec in CODECS:
        for kid in (0, 5, 300):
            keys = [os.urandom(32), os.urandom(32)]
            library.peers(kid, *keys)
            same, ours = (Key(key, kid) for key in keys)
            for _ in range(ROUNDS):
                frame = random_frame(dice, codec)
                sealed = library.seal(codec, frame)
                assert seal(same, codec, frame) == sealed, f"codec {codec}: {frame.hex()} sealed to {sealed.hex()}"
                assert open_(same, codec, sealed) == frame, f"codec {codec}: {sealed.hex()}"
                assert library.open(codec, seal(ours, codec, frame)) == frame, f"codec {codec}: {frame.hex()}"
    print(f"{len(CODECS) * 3 * ROUNDS} frames sealed to the same bytes by both, and opened each by the other")


if __name__ == "__main__":
    main()
