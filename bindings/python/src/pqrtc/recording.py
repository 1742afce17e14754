"""Recordings in segments, signed so that nobody can splice them (docs/recordings.md): a segment that is dropped, moved, repeated, altered or
of another recording does not verify, and neither does a recording that was cut off.

    signer = recording.Signer(key, b"meeting 7")
    signer.update(segment)
    entry = signer.entry(last=True)

    verifier = recording.Verifier(algorithm, public_key, b"meeting 7")
    verifier.update(segment)
    verifier.entry(entry)
    verifier.finish()

`write` makes both files to copy a segment to: shutil.copyfileobj(source, signer). Any number of threads may use one object; it locks.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Callable

from ._buffers import asked, borrow
from ._native import Handle, error, function, made, pointer, pointer_of, u32
from .signing import SigningKey

if TYPE_CHECKING:
    from typing_extensions import Buffer

_Signer = pointer("recording_signer")
_Verifier = pointer("recording_verifier")
_signer_new = function("pqrtc_recording_signer_new")
_signer_update = function("pqrtc_recording_signer_update")
_signer_entry = function("pqrtc_recording_signer_entry")
_signer_state = function("pqrtc_recording_signer_state")
_signer_cose = function("pqrtc_recording_signer_cose")
_signer_resume = function("pqrtc_recording_signer_resume")
_verifier_new = function("pqrtc_recording_verifier_new")
_verifier_update = function("pqrtc_recording_verifier_update")
_verifier_entry = function("pqrtc_recording_verifier_entry")
_verifier_finish = function("pqrtc_recording_verifier_finish")


class _Fed(Handle):
    """What is given the bytes of a segment."""

    __slots__ = ("_lock",)
    _lock: Lock
    _feed: Callable[..., int]

    def update(self, data: Buffer) -> None:
        """Adds the next piece of the current segment."""
        self._call(self._feed, *borrow(data))

    def write(self, data: Buffer) -> int:
        """As update(); gives the number of bytes, as a file does."""
        self.update(data)
        return memoryview(data).nbytes

    def _call(self, call: Callable[..., int], *args: Any) -> None:
        with self._lock:
            status = call(self._pointer, *args)
        if status:
            raise error(status)


class Signer(_Fed):
    """Signs a recording, segment by segment. `recording_id` (1 to 64 bytes) names the recording, and no other one that this key signs."""

    __slots__ = ()
    _feed = _signer_update

    def __init__(self, key: SigningKey, recording_id: Buffer) -> None:
        self._lock = Lock()
        self._pointer = made(_Signer, _signer_new, pointer_of(key, SigningKey), *borrow(recording_id))

    @classmethod
    def resume(cls, key: SigningKey, recording_id: Buffer, state: Buffer) -> Signer:
        """A signer that goes on where another one gave `state`. MalformedMessageError if that is no state, one of another algorithm, or one of
        another recording before its first entry; what is signed after a later wrong state does not verify."""
        arguments = pointer_of(key, SigningKey), *borrow(recording_id), *borrow(state)
        signer = cls._own(made(_Signer, _signer_resume, *arguments))
        signer._lock = Lock()
        return signer

    def entry(self, last: bool = False) -> bytes:
        """Ends the current segment, which may be empty, and with `last` the recording. UnexpectedMessageError after the last entry; update()
        gives the same."""
        with self._lock:
            return asked(8192, _signer_entry, self._pointer, u32(bool(last)))

    def cose(self) -> bytes:
        """The entry that was made last as a COSE_Sign1 message (RFC 9964; docs/recordings.md). UnsupportedError for the composite,
        UnexpectedMessageError before the first entry that this signer made."""
        with self._lock:
            return asked(8192, _signer_cose, self._pointer)

    @property
    def state(self) -> bytes:
        """What resume() goes on from. No secret. Store it after each entry, once the entry is stored. UnexpectedMessageError within a segment."""
        with self._lock:
            return asked(128, _signer_state, self._pointer)


class Verifier(_Fed):
    """Verifies a recording, segment by segment, in constant memory."""

    __slots__ = ()
    _feed = _verifier_update

    def __init__(self, algorithm: int, public_key: Buffer, recording_id: Buffer) -> None:
        self._lock = Lock()
        self._pointer = made(_Verifier, _verifier_new, u32(algorithm), *borrow(public_key), *borrow(recording_id))

    def entry(self, entry: Buffer) -> None:
        """Returns if this is the entry of the segment just given. Else, in this order: MalformedMessageError (no entry, another algorithm,
        anything after the last entry), OutOfSequenceError (a segment is missing, repeated or moved), DigestMismatchError (another segment),
        BadSignatureError (an altered entry, another recording, key or history). The first three compare what nobody has authenticated. After
        a refusal the verifier stands where it stood, and the bytes of the segment are forgotten."""
        self._call(_verifier_entry, *borrow(entry))

    def finish(self) -> None:
        """Returns if the recording is whole; IncompleteError before the last entry, and if bytes were given after it."""
        self._call(_verifier_finish)
