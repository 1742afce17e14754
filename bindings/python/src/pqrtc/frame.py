"""Media frames that still look like their codec's to the packetizers they pass: what those read stays clear, and is authenticated."""

from __future__ import annotations

from ctypes import byref, c_size_t, c_uint64, sizeof
from typing import TYPE_CHECKING, Any, NamedTuple

from ._api import Codec as Codec
from ._api import FrameInfo, Status
from ._buffers import EMPTY, NOTHING, borrow, give, take, wipe, writable
from ._native import error, function, pointer_of, u32, u64
from .sframe import Opened, Receiver, Sender, refused

if TYPE_CHECKING:
    from typing_extensions import Buffer


_seal_max_size = function("pqrtc_frame_seal_max_size")
_open_max_size = function("pqrtc_frame_open_max_size")
_seal = function("pqrtc_frame_seal")
_open = function("pqrtc_frame_open")
_inspect = function("pqrtc_frame_inspect")


def seal_max_size(codec: int, frame_len: int) -> int:
    """The capacity that always suffices for seal_into(). InvalidArgumentError for an unknown codec or a frame over 64 MiB."""
    return _most(_seal_max_size, codec, frame_len)


def open_max_size(codec: int, sealed_len: int) -> int:
    """The same for open_into()."""
    return _most(_open_max_size, codec, sealed_len)


def _most(function: Any, codec: int, length: int) -> int:
    most: int = function(u32(codec), u64(length))
    if length and not most:
        raise error(Status.INVALID_ARGUMENT)
    return most


def seal(sender: Sender, codec: int, frame: Buffer, metadata: Buffer = b"") -> bytes:
    """Seals an encoded frame of at most 64 MiB. `metadata`, at most 60000 bytes, is what both sides know of the frame, such as the name of
    its track: authenticated and not sent. NothingToSealError for parameter sets or delimiters alone: send those as they are.
    InvalidArgumentError for bytes that are no frame of the codec."""
    pointer = pointer_of(sender, Sender)
    codec = codec if type(codec) is Codec else u32(codec)
    extra, extra_length = NOTHING if metadata is EMPTY else borrow(metadata)
    data, length = (frame, len(frame)) if type(frame) is bytes else borrow(frame)
    held = take(length)
    memory, at, capacity, written, written_at, _ = held
    status = _seal(pointer, codec, extra, extra_length, data, length, at, capacity, written_at)
    if status == Status.BUFFER_TOO_SMALL:
        give(held)
        memory, at, capacity, written, written_at, _ = held = take(written.value)
        status = _seal(pointer, codec, extra, extra_length, data, length, at, capacity, written_at)
    if status:
        give(held)
        raise error(status)
    sealed: bytes = memory[: written.value]
    give(held)
    return sealed


def seal_into(sender: Sender, codec: int, frame: Buffer, out: Buffer, metadata: Buffer = b"") -> int:
    """Seals into a writable buffer of at least seal_max_size() bytes, apart from `frame`, and gives the number of bytes written."""
    written = c_size_t()
    arguments = *borrow(metadata), *borrow(frame), *writable(out), byref(written)
    status = _seal(pointer_of(sender, Sender), u32(codec), *arguments)
    if status:
        raise error(status, written.value)
    return written.value


def open(receiver: Receiver, codec: int, sealed: Buffer, metadata: Buffer = b"") -> bytes:
    """Opens what seal() made with the same codec and metadata, whole or not at all. Raises what Receiver.open() does."""
    return _opened(receiver, codec, sealed, metadata)[0]


def open_detail(receiver: Receiver, codec: int, sealed: Buffer, metadata: Buffer = b"") -> Opened:
    """As open(), and says what the last sealed unit of the frame was sealed under."""
    return _opened(receiver, codec, sealed, metadata)


def _opened(receiver: Receiver, codec: int, sealed: Buffer, metadata: Buffer) -> Opened:
    pointer = pointer_of(receiver, Receiver)
    codec = codec if type(codec) is Codec else u32(codec)
    extra, extra_length = NOTHING if metadata is EMPTY else borrow(metadata)
    data, length = (sealed, len(sealed)) if type(sealed) is bytes else borrow(sealed)
    held = take(length)
    memory, at, capacity, written, written_at, view = held
    kid, counter = c_uint64(), c_uint64()
    arguments = data, length, at, capacity, written_at, byref(kid), byref(counter)
    status = _open(pointer, codec, extra, extra_length, *arguments)
    if status:
        give(held)
        raise refused(status, kid, counter)
    frame: bytes = memory[: written.value]
    wipe(view, length)
    give(held)
    return Opened(frame, kid.value, counter.value)


def open_into(receiver: Receiver, codec: int, sealed: Buffer, out: Buffer, metadata: Buffer = b"") -> int:
    """Opens into a writable buffer of at least `len(sealed)` bytes and gives the number of bytes written. `out` may start exactly where
    `sealed` does: a failure may then destroy what is there."""
    written, kid, counter = c_size_t(), c_uint64(), c_uint64()
    arguments = *borrow(metadata), *borrow(sealed), *writable(out), byref(written), byref(kid), byref(counter)
    status = _open(pointer_of(receiver, Receiver), u32(codec), *arguments)
    if status:
        raise refused(status, kid, counter, written.value)
    return written.value


class Info(NamedTuple):
    """What a sealed frame looks like. Nothing of it is authenticated."""

    kid: int
    first_counter: int
    last_counter: int
    sealed_units: int
    parameter_sets: int
    delimiters: int
    clear_bytes: int


def inspect(codec: int, sealed: Buffer) -> Info:
    """Looks at a sealed frame without a key, for logs and for finding the key of a KID. MalformedFrameError for what cannot be a sealed
    frame of the codec."""
    info = FrameInfo(sizeof(FrameInfo))
    data, length = borrow(sealed)
    status = _inspect(u32(codec), data, length, byref(info))
    if status:
        raise error(status)
    return Info(*(getattr(info, name) for name in Info._fields))
