"""Media frames, RFC 9605. A call for one frame, a call for many at once, and calls that write into the caller's buffer."""

from __future__ import annotations

from ctypes import byref, c_size_t, c_uint64, sizeof
from io import BytesIO
from struct import pack, unpack_from
from typing import TYPE_CHECKING, Iterable, List, NamedTuple, Optional, Tuple, Union

from ._api import CipherSuite as CipherSuite
from ._api import SFrameSenderStatsT, SFrameStats, Status
from ._buffers import EMPTY, NOTHING, SIZES, SMALL, borrow, give, take, variable, wipe, writable
from ._native import Handle, Pointer, error, function, made, pointer, pointer_of, size, u32, u64
from .errors import PqrtcError
from .session import Session
from .session import _Pointer as _SessionPointer

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAX_OVERHEAD_BYTES = size("sframe_max_overhead")
SIZE_BYTES = sizeof(c_size_t)


_Sender = pointer("sframe_sender")
_Receiver = pointer("sframe_receiver")
_sender_new = function("pqrtc_sframe_sender_new")
_sender_from_key = function("pqrtc_sframe_sender_from_key")
_sender_set_ratchet = function("pqrtc_sframe_sender_set_ratchet")
_sender_ratchet = function("pqrtc_sframe_sender_ratchet")
_sender_kid = function("pqrtc_sframe_sender_kid")
_seal = function("pqrtc_sframe_seal")
_seal_batch = function("pqrtc_sframe_seal_batch")
_ratchet_base_key = function("pqrtc_sframe_ratchet_base_key")
_mls_kid = function("pqrtc_sframe_mls_kid")
_receiver_new = function("pqrtc_sframe_receiver_new")
_receiver_set_window = function("pqrtc_sframe_receiver_set_window")
_receiver_set_ratchet = function("pqrtc_sframe_receiver_set_ratchet")
_receiver_add_session = function("pqrtc_sframe_receiver_add_session")
_receiver_add_key = function("pqrtc_sframe_receiver_add_key")
_receiver_remove_key = function("pqrtc_sframe_receiver_remove_key")
_sender_stats = function("pqrtc_sframe_sender_stats")
_receiver_key_stats = function("pqrtc_sframe_receiver_key_stats")
_receiver_stats = function("pqrtc_sframe_receiver_stats")
_open = function("pqrtc_sframe_open")
_open_batch = function("pqrtc_sframe_open_batch")


class SenderStats(NamedTuple):
    """Frames sealed under a KID, or units of codec frames, and how many are left."""

    kid: int
    sealed: int
    left: int


class Sender(Handle):
    """Seals the frames of one sender under one key and key ID (KID). Any number of threads may seal on one.

    KeyReusedError if this process has made a sender for this key and KID before. Do not use one on both sides of a fork."""

    __slots__ = ()

    def __init__(self, session: Session, kid: int, cipher: int, *, ratchet_bits: int = 0) -> None:
        """The sender of this side of a session. `ratchet_bits` low bits of the KID, 1 to 16, count ratchet steps and are 0 here; 0 is no
        ratchet."""
        pointer = pointer_of(session, Session)
        self._ready(made(_Sender, _sender_new, pointer, u64(kid), u32(cipher)), ratchet_bits)

    @classmethod
    def from_key(cls, base_key: Buffer, kid: int, cipher: int, *, ratchet_bits: int = 0) -> Sender:
        """A sender with a base key of 16 to 64 bytes, such as pqrtc.random(32) gives."""
        self = cls.__new__(cls)
        pointer = made(_Sender, _sender_from_key, *borrow(base_key), u64(kid), u32(cipher))
        self._ready(pointer, ratchet_bits)
        return self

    def _ready(self, pointer: Pointer, ratchet_bits: int) -> None:
        if ratchet_bits:
            _check(_sender_set_ratchet(pointer, u32(ratchet_bits)))
        self._pointer = pointer

    def seal(self, frame: Buffer, metadata: Buffer = b"") -> bytes:
        """Seals a frame of at most 64 MiB; adds at most 33 bytes. `metadata`, at most 65535 bytes, is authenticated and not sent."""
        data, length = (frame, len(frame)) if type(frame) is bytes else borrow(frame)
        extra, extra_length = NOTHING if metadata is EMPTY else borrow(metadata)
        held = take(length + MAX_OVERHEAD_BYTES)
        memory, at, capacity, written, written_at, _ = held
        size = SIZES[length] if length < SMALL else length
        status = _seal(self._pointer, extra, extra_length, data, size, at, capacity, written_at)
        if status:
            give(held)
            raise error(status)
        sealed: bytes = memory[: written.value]
        give(held)
        return sealed

    def seal_into(self, frame: Buffer, out: Buffer, metadata: Buffer = b"") -> int:
        """Seals into a writable buffer of at least `len(frame) + 33` bytes and gives the number of bytes written. `out` may start exactly
        where `frame` does."""
        data, length = (frame, len(frame)) if type(frame) is bytes else borrow(frame)
        extra, extra_length = NOTHING if metadata is EMPTY else borrow(metadata)
        target, capacity = writable(out)
        written = c_size_t()
        status = _seal(self._pointer, extra, extra_length, data, length, target, capacity, byref(written))
        if status:
            raise error(status, written.value)
        return written.value

    def seal_many(self, frames: Iterable[Buffer], metadata: Buffer = b"") -> List[bytes]:
        """Seals many frames with the same metadata in one call of C: what to use for small ones. All or none."""
        packed, lengths, count = _packed(frames)
        if not count:
            return []
        # The lengths of the sealed frames go first, the frames after them.
        table, most = SIZE_BYTES * count, len(packed) + count * MAX_OVERHEAD_BYTES
        held = take(table + most)
        memory, at, _, written, written_at, _ = held
        status = _seal_batch(
            self._pointer, *borrow(metadata), packed, len(packed), lengths, count,
            byref(memory, table), most, written_at, at,
        )  # fmt: skip
        if status:
            give(held)
            raise error(status)
        sealed = _split(memory[table : table + written.value], unpack_from(f"{count}N", memory))
        give(held)
        return sealed

    @property
    def kid(self) -> int:
        """The KID that the next frame is sealed under."""
        kid = c_uint64()
        _check(_sender_kid(self._pointer, byref(kid)))
        return kid.value

    def stats(self) -> SenderStats:
        """What it has done under the KID in use."""
        stats = SFrameSenderStatsT(sizeof(SFrameSenderStatsT))
        _check(_sender_stats(self._pointer, byref(stats)))
        return SenderStats(stats.kid, stats.sealed, stats.left)

    def ratchet(self) -> int:
        """One step (RFC 9605 section 5.1): the next base key, KID + 1, counter 0; gives the new KID. The key before is wiped, so who learns
        the key from now on cannot open what was sealed before. Other threads may seal meanwhile."""
        kid = c_uint64()
        _check(_sender_ratchet(self._pointer, byref(kid)))
        return kid.value


def ratchet_base_key(cipher: int, base_key: Buffer) -> bytes:
    """The base key of the ratchet step after one of 16 to 64 bytes: what to hand a newcomer, who then has no key of an earlier step."""
    return variable(64, _ratchet_base_key, u32(cipher), *borrow(base_key))


def mls_kid(epoch: int, index: int, stream: int, index_bits: int, epoch_bits: int) -> int:
    """The KID of RFC 9605 section 5.2 for an application that runs MLS (RFC 9420) itself, with `index_bits` as S and `epoch_bits` as E.
    InvalidArgumentError if the index or the stream does not fit its bits, or S and E take more than 64."""
    kid = c_uint64()
    _check(_mls_kid(u64(epoch), u64(index), u64(stream), u32(index_bits), u32(epoch_bits), byref(kid)))
    return kid.value


class Opened(NamedTuple):
    """A frame, and the key ID and counter that it was sealed under."""

    frame: bytes
    kid: int
    counter: int


class Stats(NamedTuple):
    """What a receiver has seen: KIDs held now, frames opened, and frames refused, by reason."""

    keys: int
    opened: int
    malformed: int
    unknown_key_id: int
    replayed: int
    decryption_failed: int


class Receiver(Handle):
    """Opens the frames of any number of senders, each once. Any number of threads may use one; it locks inside.

    What opening raises: MalformedFrameError, UnknownKeyIdError, ReplayedFrameError, DecryptionError, looked for in this order."""

    __slots__ = ()

    def __init__(
        self,
        cipher: int,
        *,
        window: Optional[int] = None,
        ratchet_bits: int = 0,
        max_steps: int = 16,
        grace_frames: int = 64,
    ) -> None:
        """A receiver without keys. `window` is the replay window in counters, a multiple of 64 from 64 to 65536; 1024 if not given. For
        senders that ratchet: their `ratchet_bits`; `max_steps`, 1 to 1024, how far ahead of the newest step a frame may be; `grace_frames`, how
        many frames of a new step are opened before the step before it is wiped."""
        pointer = made(_Receiver, _receiver_new, u32(cipher))
        if window is not None:
            _check(_receiver_set_window(pointer, u32(window)))
        if ratchet_bits:
            _check(_receiver_set_ratchet(pointer, u32(ratchet_bits), u32(max_steps), u32(grace_frames)))
        self._pointer = pointer

    def add_session(self, session: Session, kid: int) -> None:
        """Adds the key of the peer's sender with this KID. KeyReusedError for a KID that the receiver has, and for a key that was removed
        from it."""
        _check(_receiver_add_session(self._pointer, pointer_of(session, Session), u64(kid)))

    def add_key(self, kid: int, base_key: Buffer) -> None:
        """Adds the key of a sender: its KID and base key of 16 to 64 bytes. One that ratchets is added at the step that it is at."""
        _check(_receiver_add_key(self._pointer, u64(kid), *borrow(base_key)))

    def remove_key(self, kid: int) -> None:
        """Wipes the key of a KID. UnknownKeyIdError if there is none."""
        _check(_receiver_remove_key(self._pointer, u64(kid)))

    def open(self, sealed: Buffer, metadata: Buffer = b"") -> bytes:
        """Opens a sealed frame; `metadata` is what the sender gave with it."""
        return self._open(sealed, metadata)[0]

    def open_detail(self, sealed: Buffer, metadata: Buffer = b"") -> Opened:
        """As open(), and says what the frame was sealed under."""
        return self._open(sealed, metadata)

    def _open(self, sealed: Buffer, metadata: Buffer) -> Opened:
        data, length = (sealed, len(sealed)) if type(sealed) is bytes else borrow(sealed)
        extra, extra_length = NOTHING if metadata is EMPTY else borrow(metadata)
        held = take(length)
        memory, at, capacity, written, written_at, view = held
        size = SIZES[length] if length < SMALL else length
        kid, counter = c_uint64(), c_uint64()
        status = _open(
            self._pointer, extra, extra_length, data, size, at, capacity, written_at, byref(kid), byref(counter)
        )
        if status:
            give(held)
            raise refused(status, kid, counter)
        opened = written.value
        frame: bytes = memory[:opened]
        wipe(view, opened)
        give(held)
        return Opened(frame, kid.value, counter.value)

    def open_into(self, sealed: Buffer, out: Buffer, metadata: Buffer = b"") -> int:
        """Opens into a writable buffer and gives the number of bytes written; `len(sealed)` bytes always suffice. `out` may start exactly
        where `sealed` does: a failure may then destroy what is there."""
        data, length = (sealed, len(sealed)) if type(sealed) is bytes else borrow(sealed)
        extra, extra_length = NOTHING if metadata is EMPTY else borrow(metadata)
        target, capacity = writable(out)
        written, kid, counter = c_size_t(), c_uint64(), c_uint64()
        status = _open(
            self._pointer, extra, extra_length, data, length, target, capacity, byref(written), byref(kid), byref(counter)
        )
        if status:
            raise refused(status, kid, counter, written.value)
        return written.value

    def open_many(self, sealed: Iterable[Buffer], metadata: Buffer = b"") -> List[Union[bytes, PqrtcError]]:
        """Opens many frames with the same metadata in one call of C. In the place of a frame that is refused stands its exception, not
        raised: one bad frame does not cost the others."""
        packed, lengths, count = _packed(sealed)
        if not count:
            return []
        # The lengths of the frames, then a status for each, then the frames.
        lengths_end = SIZE_BYTES * count
        table = lengths_end + 4 * count
        held = take(table + len(packed))
        memory, at, _, written, written_at, view = held
        status = _open_batch(
            self._pointer, *borrow(metadata), packed, len(packed), lengths, count,
            byref(memory, table), len(packed), written_at, at, byref(memory, lengths_end), None, None,
        )  # fmt: skip
        if status:
            give(held)
            raise error(status)
        opened: List[Union[bytes, PqrtcError]] = []
        opened += _split(memory[table : table + written.value], unpack_from(f"{count}N", memory))
        if memory[lengths_end:table] != bytes(4 * count):
            statuses = unpack_from(f"{count}I", memory, lengths_end)
            opened = [error(code) if code else frame for frame, code in zip(opened, statuses)]
        wipe(view, table + written.value)
        give(held)
        return opened

    def stats(self) -> Stats:
        """What it has seen so far."""
        stats = SFrameStats(sizeof(SFrameStats))
        _check(_receiver_stats(self._pointer, byref(stats)))
        return Stats(*(getattr(stats, name) for name in Stats._fields))

    def key_stats(self, kid: int) -> Stats:
        """The same for one KID. UnknownKeyIdError if the receiver does not have it."""
        stats = SFrameStats(sizeof(SFrameStats))
        _check(_receiver_key_stats(self._pointer, u64(kid), byref(stats)))
        return Stats(*(getattr(stats, name) for name in Stats._fields))


_HINTED = (Status.UNKNOWN_KEY_ID, Status.REPLAYED_FRAME, Status.DECRYPTION_FAILED)


def refused(status: int, kid: c_uint64, counter: c_uint64, needed: int = 0) -> PqrtcError:
    """The exception for a frame that was not opened, with what the frame says of itself."""
    raised = error(status, needed)
    if status in _HINTED:
        raised.kid, raised.counter = kid.value, counter.value
    return raised


def _check(status: int) -> None:
    if status:
        raise error(status)


def _packed(frames: Iterable[Buffer]) -> Tuple[bytes, bytes, int]:
    """Frames back to back, their lengths as an array of size_t, and how many there are."""
    if type(frames) not in (list, tuple):
        frames = list(frames)
    packed = b"".join(frames)
    if set(map(type, frames)) <= {bytes}:
        lengths = list(map(len, frames))  # type: ignore[arg-type]
    else:
        lengths = [memoryview(frame).nbytes for frame in frames]
    return packed, pack(f"{len(lengths)}N", *lengths), len(lengths)


def _split(packed: bytes, lengths: Tuple[int, ...]) -> List[bytes]:
    return list(map(BytesIO(packed).read, lengths))
