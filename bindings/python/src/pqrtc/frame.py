"""Media frames that still look like their codec's to the packetizers they pass: what those read stays clear, and is authenticated."""

from __future__ import annotations

from ctypes import byref, c_size_t, c_uint64
from typing import TYPE_CHECKING, Any

from ._api import Codec as Codec
from ._api import Status
from ._buffers import borrow, give, take, wipe, writable
from ._native import error, function, pointer_of, u32, u64
from .sframe import Opened, Receiver, Sender, _Receiver, _Sender

if TYPE_CHECKING:
    from typing_extensions import Buffer


_seal_max_size = function("pqrtc_frame_seal_max_size")
_open_max_size = function("pqrtc_frame_open_max_size")
_seal = function("pqrtc_frame_seal")
_open = function("pqrtc_frame_open")


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


def seal(sender: Sender, codec: int, frame: Buffer) -> bytes:
    """Seals an encoded frame of at most 64 MiB. InvalidArgumentError for bytes that are no frame of the codec."""
    pointer = pointer_of(sender, Sender)
    codec = codec if type(codec) is Codec else u32(codec)
    data, length = (frame, len(frame)) if type(frame) is bytes else borrow(frame)
    held = take(length)
    memory, at, capacity, written, written_at, _ = held
    status = _seal(pointer, codec, None, 0, data, length, at, capacity, written_at)
    if status == Status.BUFFER_TOO_SMALL:
        memory, at, capacity, written, written_at, _ = held = take(written.value)
        status = _seal(pointer, codec, None, 0, data, length, at, capacity, written_at)
    if status:
        give(held)
        raise error(status)
    sealed: bytes = memory[: written.value]
    give(held)
    return sealed


def seal_into(sender: Sender, codec: int, frame: Buffer, out: Buffer) -> int:
    """Seals into a writable buffer of at least seal_max_size() bytes, apart from `frame`, and gives the number of bytes written."""
    written = c_size_t()
    status = _seal(pointer_of(sender, Sender), u32(codec), None, 0, *borrow(frame), *writable(out), byref(written))
    if status:
        raise error(status, written.value)
    return written.value


def open(receiver: Receiver, codec: int, sealed: Buffer) -> bytes:
    """Opens what seal() made, whole or not at all. Raises what Receiver.open() does."""
    return _opened(receiver, codec, sealed, None, None)


def open_detail(receiver: Receiver, codec: int, sealed: Buffer) -> Opened:
    """As open(), and says what the last sealed unit of the frame was sealed under."""
    kid, counter = c_uint64(), c_uint64()
    return Opened(_opened(receiver, codec, sealed, byref(kid), byref(counter)), kid.value, counter.value)


def _opened(receiver: Receiver, codec: int, sealed: Buffer, kid: object, counter: object) -> bytes:
    pointer = pointer_of(receiver, Receiver)
    codec = codec if type(codec) is Codec else u32(codec)
    data, length = (sealed, len(sealed)) if type(sealed) is bytes else borrow(sealed)
    held = take(length)
    memory, at, capacity, written, written_at, view = held
    status = _open(pointer, codec, None, 0, data, length, at, capacity, written_at, kid, counter)
    if status:
        give(held)
        raise error(status)
    opened = written.value
    frame: bytes = memory[:opened]
    wipe(view, length)
    give(held)
    return frame


def open_into(receiver: Receiver, codec: int, sealed: Buffer, out: Buffer) -> int:
    """Opens into a writable buffer of at least `len(sealed)` bytes, apart from `sealed`, and gives the number of bytes written."""
    written = c_size_t()
    pointer = pointer_of(receiver, Receiver)
    status = _open(pointer, u32(codec), None, 0, *borrow(sealed), *writable(out), byref(written), None, None)
    if status:
        raise error(status, written.value)
    return written.value
