"""Python's bytes-like objects as C buffers, without copies, and output buffers that are used again."""

from __future__ import annotations

import ctypes
from ctypes import Structure, addressof, byref, c_char, c_char_p, c_int, c_size_t, c_ssize_t, c_void_p, py_object
from typing import TYPE_CHECKING, Any, Callable, List, Tuple, Union

from ._api import Status
from ._native import error

if TYPE_CHECKING:
    from typing_extensions import Buffer


class _PyBuffer(Structure):
    """Py_buffer of the CPython stable ABI."""

    _fields_ = [
        ("buf", c_void_p),
        ("obj", c_void_p),
        ("len", c_ssize_t),
        ("itemsize", c_ssize_t),
        ("readonly", c_int),
        ("ndim", c_int),
        ("format", c_void_p),
        ("shape", c_void_p),
        ("strides", c_void_p),
        ("suboffsets", c_void_p),
        ("internal", c_void_p),
    ]


_get_buffer = ctypes.pythonapi.PyObject_GetBuffer
_get_buffer.argtypes, _get_buffer.restype = [py_object, c_void_p, c_int], c_int
_release = ctypes.pythonapi.PyBuffer_Release
_release.argtypes, _release.restype = [c_void_p], None


# The empty input that is the default of many, as a C argument and its length, made once.
EMPTY = b""
NOTHING: Tuple[Any, Any] = None, c_size_t(0)
# The lengths of small frames as C arguments, made once too: to convert a number takes ctypes as long as to pass two.
SMALL = 2048
SIZES = tuple(map(c_size_t, range(SMALL)))


def borrow(data: Buffer) -> Tuple[Any, Any]:
    """An input as a C argument and its length in bytes. The argument keeps the memory where it is for as long as it lives. The length is
    the buffer's own: what a subclass says of its length does not count."""
    if type(data) is bytes:
        return data, len(data)
    view = memoryview(data)
    if not view.c_contiguous:
        raise BufferError("a contiguous buffer is needed")
    length = view.nbytes
    if not length:
        return b"", 0
    if not view.readonly:
        return byref(c_char.from_buffer(view)), length
    # ctypes has no way to a read-only buffer. The view holds the memory, so it may be asked for its address and let go.
    raw = _PyBuffer()
    _get_buffer(view, byref(raw), 0)
    pointer = c_char_p(raw.buf)
    _release(byref(raw))
    pointer.view = view  # type: ignore[attr-defined]
    return pointer, length


def writable(out: Buffer) -> Tuple[Any, int]:
    """An output of the caller as a C argument and its capacity in bytes."""
    if type(out) is bytearray and out:
        return byref(c_char.from_buffer(out)), len(out)
    view = memoryview(out)
    if view.readonly or not view.c_contiguous:
        raise TypeError("a writable, contiguous buffer is needed")
    if not view.nbytes:
        return None, 0
    return byref(c_char.from_buffer(view)), view.nbytes


def text(data: Union[Buffer, str]) -> Tuple[Any, int]:
    """As borrow(); a str is taken as UTF-8."""
    return borrow(str.encode(data) if isinstance(data, str) else data)


SCRATCH_BYTES = 1 << 16
# More than any output whose size the caller chooses may have.
MOST_BYTES = 1 << 20
_ZEROS = memoryview(bytes(SCRATCH_BYTES))
# Memory, its address and capacity, a cell for the length written and its address, the memory as it is wiped.
Scratch = Tuple[Any, c_void_p, c_size_t, c_size_t, c_void_p, memoryview]
# Output buffers are taken from this list and put back. Both are atomic, so threads and signal handlers never share one.
_pool: List[Scratch] = []
_pop, _push = _pool.pop, _pool.append


def take(capacity: int) -> Scratch:
    """An output buffer of at least that many bytes."""
    if capacity <= SCRATCH_BYTES:
        try:
            return _pop()
        except IndexError:
            capacity = SCRATCH_BYTES
    # A power of two, since ctypes keeps every array type for ever.
    capacity = 1 << (capacity - 1).bit_length()
    memory, length = (c_char * capacity)(), c_size_t()
    view = memoryview(memory).cast("B")
    return memory, c_void_p(addressof(memory)), c_size_t(capacity), length, c_void_p(addressof(length)), view


def give(held: Scratch) -> None:
    """Puts back what take() gave."""
    if len(held[5]) == SCRATCH_BYTES:
        _push(held)


def wipe(view: memoryview, length: int) -> None:
    """Zeroes the first bytes: what was there may be a secret. (That the bytes object made of them lives on is Python's way.)"""
    view[:length] = _ZEROS[:length] if length <= SCRATCH_BYTES else bytes(length)


def filled(size: int, function: Callable[..., int], *args: Any) -> bytes:
    """Calls C with an output of `size` bytes at the end of its arguments, and gives those bytes."""
    if not 0 <= size <= MOST_BYTES:
        raise error(Status.INVALID_LENGTH)
    held = take(size)
    status = function(*args, held[1], size)
    if status:
        give(held)
        raise error(status)
    data: bytes = held[0][:size]
    wipe(held[5], size)
    give(held)
    return data


def variable(capacity: int, function: Callable[..., int], *args: Any) -> bytes:
    """The same for an output of at most `capacity` bytes that is followed by its length."""
    held = take(capacity)
    memory, at, most, length, length_at, view = held
    status = function(*args, at, most, length_at)
    if status:
        give(held)
        raise error(status)
    written = length.value
    data: bytes = memory[:written]
    wipe(view, written)
    give(held)
    return data


def asked(guess: int, function: Callable[..., int], *args: Any) -> bytes:
    """As variable(), for an output whose size C alone knows: called again if `guess` was too small."""
    held = take(guess)
    try:
        status = function(*args, held[1], held[2], held[4])
        if status == Status.BUFFER_TOO_SMALL:
            give(held)
            held = take(held[3].value)
            status = function(*args, held[1], held[2], held[4])
        if status:
            raise error(status)
        written = held[3].value
        data: bytes = held[0][:written]
        wipe(held[5], written)
        return data
    finally:
        give(held)
