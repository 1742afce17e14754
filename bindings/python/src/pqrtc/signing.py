"""ML-DSA signatures (FIPS 204), and the composite with Ed25519: of bytes under a context, and of meeting artifacts."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from ._api import ArtifactKind as ArtifactKind
from ._api import SignatureAlgorithm as SignatureAlgorithm
from ._buffers import borrow, filled
from ._native import Handle, error, function, made, number, numbers, pointer, pointer_of, size, u32

if TYPE_CHECKING:
    from typing_extensions import Buffer

FINGERPRINT_BYTES = size("fingerprint")

_Key = pointer("signing_key")
_Hasher = pointer("artifact_hasher")
_sizes = function("pqrtc_signature_sizes")
_algorithm = function("pqrtc_signing_key_algorithm")
_fingerprint = function("pqrtc_public_key_fingerprint")
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


class SignatureSizes(NamedTuple):
    """The lengths in bytes that belong to an algorithm."""

    public_key: int
    signature: int
    seed: int


def signature_sizes(algorithm: int) -> SignatureSizes:
    """UnsupportedError for an algorithm that is known and not in this build."""
    return SignatureSizes(*numbers(3, _sizes, u32(algorithm)))


class SigningKey(Handle):
    """A signing key. Any number of threads may use one."""

    __slots__ = ()

    def __init__(self, algorithm: int) -> None:
        """A new key, as generate()."""
        self._pointer = made(_Key, _generate, u32(algorithm))

    @classmethod
    def generate(cls, algorithm: int) -> SigningKey:
        """A new key of a SignatureAlgorithm. RandomSourceError without randomness."""
        return cls(algorithm)

    @classmethod
    def from_seed(cls, algorithm: int, seed: Buffer) -> SigningKey:
        """From the seed: 32 bytes for ML-DSA, 64 for the composite."""
        return cls._own(made(_Key, _from_seed, u32(algorithm), *borrow(seed)))

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return SignatureAlgorithm(number(_algorithm, self._pointer))

    @property
    def _lengths(self) -> SignatureSizes:
        return signature_sizes(self.algorithm)

    @property
    def public_key(self) -> bytes:
        return filled(self._lengths.public_key, _public_key, self._pointer)

    @property
    def fingerprint(self) -> bytes:
        """What a participant is known by: see fingerprint()."""
        return fingerprint(self.algorithm, self.public_key)

    def seed(self) -> bytes:
        """The private seed. UnsupportedError if the key was imported in expanded form."""
        return filled(self._lengths.seed, _seed, self._pointer)

    def sign(self, message: Buffer, context: Buffer = b"") -> bytes:
        """Signs bytes under a context string of at most 255 bytes. InvalidArgumentError for a context that begins with "pqrtc ": those
        belong to the library."""
        return filled(self._lengths.signature, _sign, self._pointer, *borrow(context), *borrow(message))

    def artifact_sign(self, kind: int, content: Buffer) -> bytes:
        """Signs an artifact that is in memory; see ArtifactHasher for one that is not."""
        return filled(self._lengths.signature, _artifact_sign, self._pointer, u32(kind), *borrow(content))


def fingerprint(algorithm: int, public_key: Buffer) -> bytes:
    """The first 32 bytes of SHA-512 of a public key's SubjectPublicKeyInfo."""
    return filled(FINGERPRINT_BYTES, _fingerprint, u32(algorithm), *borrow(public_key))


def verify(algorithm: int, public_key: Buffer, message: Buffer, signature: Buffer, context: Buffer = b"") -> None:
    """Returns if SigningKey.sign() made this signature; else BadSignatureError."""
    status = _verify(u32(algorithm), *borrow(public_key), *borrow(context), *borrow(message), *borrow(signature))
    if status:
        raise error(status)


def artifact_verify(algorithm: int, public_key: Buffer, kind: int, content: Buffer, signature: Buffer) -> None:
    """Returns if the signature is of an artifact of this kind and content; else BadSignatureError."""
    arguments = u32(algorithm), *borrow(public_key), u32(kind), *borrow(content), *borrow(signature)
    status = _artifact_verify(*arguments)
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
            return filled(key._lengths.signature, _hasher_sign, self._pointer, pointer)

    def verify(self, algorithm: int, public_key: Buffer, signature: Buffer) -> None:
        """Returns if the signature is of what was fed so far; else BadSignatureError."""
        arguments = u32(algorithm), *borrow(public_key), *borrow(signature)
        with self._lock:
            status = _hasher_verify(self._pointer, *arguments)
        if status:
            raise error(status)
