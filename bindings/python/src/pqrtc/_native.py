"""Finds the native library, loads it and declares what is in it. `ctypes.CDLL` releases the GIL during every call."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import byref, c_size_t, c_uint32, c_void_p
from operator import index
from pathlib import Path
from typing import Any, Callable, ClassVar, Dict, List, Optional, Type, TypeVar

from . import errors
from ._api import ABI_VERSION, FUNCTIONS, HANDLES, Status

FILE_NAME = {"win32": "pqrtc.dll", "darwin": "libpqrtc.dylib"}.get(sys.platform, "libpqrtc.so")
PATH = os.environ.get("PQRTC_LIBRARY") or str(Path(__file__).with_name(FILE_NAME))

try:
    _library = ctypes.CDLL(PATH)
except OSError as why:
    raise ImportError(f"pqrtc: no native library at {PATH} (the variable PQRTC_LIBRARY can name one): {why}") from why

# Every function that the package uses, for the test that holds them to the header.
declared: Dict[str, Any] = {}


def function(name: str) -> Any:
    """The C function of that name, declared as _api.py has it."""
    try:
        found = _library[name]  # a new object each time, unlike an attribute
    except AttributeError as why:
        raise ImportError(f"pqrtc: {PATH} is not the library that this package needs: {why}") from why
    found.restype, *arguments = FUNCTIONS[name]
    found.argtypes = [pointer(one) if isinstance(one, str) else one for one in arguments]
    declared[name] = found
    return found


class Pointer(c_void_p):
    """A C handle. It is freed when the last reference to it goes, and a running call holds one: close() in one thread cannot pull it from
    under a call in another."""

    free: ClassVar[Any]

    def __del__(self) -> None:
        self.free(self)


_pointers: Dict[str, Type[Pointer]] = {}


def pointer(name: str) -> Type[Pointer]:
    """The class of a handle, such as "session"."""
    if name not in _pointers:
        _pointers[name] = type(name, (Pointer,), {"free": function(HANDLES[name])})
    return _pointers[name]


if function("pqrtc_abi_version")() != ABI_VERSION:
    raise ImportError(f"pqrtc: {PATH} has another ABI version than this package, {ABI_VERSION}")


def size(name: str) -> int:
    """A size of the C API, from the function named after its macro."""
    return int(function(f"pqrtc_{name}_bytes")())


status_string = function("pqrtc_status_string")


def error(status: int, needed: int = 0) -> errors.PqrtcError:
    """The exception for a status that is not 0."""
    text = (status_string(status) or b"").decode()
    kind = errors.BY_CODE.get(status)
    if kind is None:
        unknown = errors.PqrtcError(f"{text} ({status})")
        unknown.code = status
        return unknown
    if kind is errors.ClosedHandleError:
        # Nothing but a closed object ever passes NULL.
        text = "the object is closed"
    raised = kind(f"{text} ({status})")
    if isinstance(raised, errors.BufferTooSmallError):
        raised.needed = needed
    return raised


def u32(value: int) -> int:
    return _unsigned(value, 0xFFFF_FFFF)


def u64(value: int) -> int:
    return _unsigned(value, 0xFFFF_FFFF_FFFF_FFFF)


def exact(value: int) -> int:
    """The number as C would see it: a plain int, whatever comparisons a subclass defines."""
    number = index(value)
    return number if type(number) is int else int.__add__(number, 0)


def _unsigned(value: int, most: int) -> int:
    """ctypes would take the low bits of any number."""
    number = exact(value)
    if not 0 <= number <= most:
        raise errors.InvalidArgumentError(f"{number} is not between 0 and {most} (4)")
    return number


P = TypeVar("P", bound=Pointer)
H = TypeVar("H", bound="Handle")


def made(kind: Type[P], make: Callable[..., int], *args: Any) -> P:
    """Calls `make(*args, &handle)` and owns what it gives."""
    pointer = kind()
    status = make(*args, byref(pointer))
    if status:
        raise error(status)
    return pointer


def numbers(count: int, function: Callable[..., int], *args: Any) -> List[int]:
    """Calls `function(*args, &size, &size, ...)` and gives the sizes."""
    cells = [c_size_t() for _ in range(count)]
    status = function(*args, *map(byref, cells))
    if status:
        raise error(status)
    return [cell.value for cell in cells]


def number(function: Callable[..., int], pointer: Any) -> int:
    """Calls `function(pointer, &uint32)` and gives the number."""
    cell = c_uint32()
    status = function(pointer, byref(cell))
    if status:
        raise error(status)
    return cell.value


class Handle:
    """What every object with a C handle can do. Closing twice is fine; the memory is zeroed and freed as soon as no call uses it."""

    __slots__ = ("_pointer", "__weakref__")
    _pointer: Optional[Any]

    @classmethod
    def _own(cls: Type[H], pointer: Pointer) -> H:
        self = cls.__new__(cls)
        self._pointer = pointer
        return self

    def close(self) -> None:
        """Zeroes and frees the native object. Any use afterwards raises ClosedHandleError."""
        self._pointer = None

    @property
    def closed(self) -> bool:
        return self._pointer is None

    def __enter__(self: H) -> H:
        if self._pointer is None:
            raise error(Status.NULL_POINTER)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<pqrtc {type(self).__name__}{' (closed)' if self.closed else ''}>"

    def __reduce__(self) -> Any:
        raise TypeError(f"a {type(self).__name__} cannot be copied or pickled")


def pointer_of(handle: Any, kind: Type[Handle]) -> Any:
    """The pointer of an object that came as an argument."""
    if not isinstance(handle, kind):
        raise TypeError(f"a {kind.__name__} is needed, not {type(handle).__name__}")
    return handle._pointer
