"""ML-DSA-65 signatures (FIPS 204): of bytes under a context, and of meeting artifacts."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from ._api import ArtifactKind as ArtifactKind
from ._buffers import borrow, filled
from ._native import Handle, error, function, made, pointer, pointer_of, size, u32

if TYPE_CHECKING:
    from typing_extensions import Buffer

PUBLIC_KEY_BYTES = size("signing_public_key")
SEED_BYTES = size("signing_seed")
SIGNATURE_BYTES = size("signature")


_Key = pointer("signing_key")
_Hasher = pointer("artifact_hasher")
_generate = function("pqrtc_signing_key_generate")
_from_seed = function("pqrtc_signing_key_from_seed")
_public_key = function("pqrtc_signing_key_public_key")
_seed = function("pqrtc_signing_key_seed")
_sign = function("pqrtc_sign")
_verify = function("pqrtc_verify")
_artifact_sign = function("pqrtc_artifact_sign")
_artifact_verify = function("pqrtc_artifact_verify")
_hasher_new = function("pqrtc_artifact_hasher_new")
_hasher_update = function("pqrtc_artifact_hasher_update")
_hasher_sign = function("pqrtc_artifact_hasher_sign")
_hasher_verify = function("pqrtc_artifact_hasher_verify")


class SigningKey(Handle):
    """An ML-DSA-65 signing key. Any number of threads may use one."""

    __slots__ = ()

    def __init__(self) -> None:
        """A new key, as generate()."""
        self._pointer = made(_Key, _generate)

    @classmethod
    def generate(cls) -> SigningKey:
        """A new key. RandomSourceError without randomness."""
        return cls()

    @classmethod
    def from_seed(cls, seed: Buffer) -> SigningKey:
        """From the 32-byte seed."""
        return cls._own(made(_Key, _from_seed, *borrow(seed)))

    @property
    def public_key(self) -> bytes:
        """1952 bytes."""
        return filled(PUBLIC_KEY_BYTES, _public_key, self._pointer)

    def seed(self) -> bytes:
        """The private seed, 32 bytes."""
        return filled(SEED_BYTES, _seed, self._pointer)

    def sign(self, message: Buffer, context: Buffer = b"") -> bytes:
        """Signs bytes under a FIPS 204 context string of at most 255 bytes; gives 3309 bytes. InvalidArgumentError for a context that begins
        with "pqrtc ": those belong to artifacts."""
        return filled(SIGNATURE_BYTES, _sign, self._pointer, *borrow(context), *borrow(message))

    def artifact_sign(self, kind: int, content: Buffer) -> bytes:
        """Signs an artifact that is in memory; see ArtifactHasher for one that is not."""
        return filled(SIGNATURE_BYTES, _artifact_sign, self._pointer, u32(kind), *borrow(content))


def verify(public_key: Buffer, message: Buffer, signature: Buffer, context: Buffer = b"") -> None:
    """Returns if SigningKey.sign() made this signature; else BadSignatureError."""
    status = _verify(*borrow(public_key), *borrow(context), *borrow(message), *borrow(signature))
    if status:
        raise error(status)


def artifact_verify(public_key: Buffer, kind: int, content: Buffer, signature: Buffer) -> None:
    """Returns if the signature is of an artifact of this kind and content; else BadSignatureError."""
    status = _artifact_verify(*borrow(public_key), u32(kind), *borrow(content), *borrow(signature))
    if status:
        raise error(status)


class ArtifactHasher(Handle):
    """An artifact that does not fit in memory, fed in pieces. `write` makes it a file to copy to: shutil.copyfileobj(source, hasher). Any
    number of threads may use one; it locks."""

    __slots__ = ("_lock",)

    def __init__(self, kind: int) -> None:
        self._lock = Lock()
        self._pointer = made(_Hasher, _hasher_new, u32(kind))

    def update(self, data: Buffer) -> None:
        """Adds a piece of the content."""
        pointer, length = borrow(data)
        with self._lock:
            status = _hasher_update(self._pointer, pointer, length)
        if status:
            raise error(status)

    def write(self, data: Buffer) -> int:
        """As update(); gives the number of bytes, as a file does."""
        self.update(data)
        return memoryview(data).nbytes

    def sign(self, key: SigningKey) -> bytes:
        """Signs what was fed so far, as SigningKey.artifact_sign() would. More may be fed afterwards."""
        pointer = pointer_of(key, SigningKey)
        with self._lock:
            return filled(SIGNATURE_BYTES, _hasher_sign, self._pointer, pointer)

    def verify(self, public_key: Buffer, signature: Buffer) -> None:
        """Returns if the signature is of what was fed so far; else BadSignatureError."""
        arguments = *borrow(public_key), *borrow(signature)
        with self._lock:
            status = _hasher_verify(self._pointer, *arguments)
        if status:
            raise error(status)
