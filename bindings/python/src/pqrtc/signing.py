"""ML-DSA signatures (FIPS 204), and the composite with Ed25519: of bytes under a context, and of meeting artifacts."""

from __future__ import annotations

from ctypes import byref, c_uint32
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Tuple

from ._api import SIZES
from ._api import ArtifactKind as ArtifactKind
from ._api import KeyFormat as KeyFormat
from ._api import SignatureAlgorithm as SignatureAlgorithm
from ._buffers import asked, borrow, filled
from ._native import Handle, error, function, made, number, numbers, pointer, pointer_of, size, u32

if TYPE_CHECKING:
    from typing_extensions import Buffer

FINGERPRINT_BYTES = size("fingerprint")
# Added to the number of a KemAlgorithm where keys of both kinds are taken.
PUBLIC_KEY_KEM = SIZES["PUBLIC_KEY_KEM"]

_Key = pointer("signing_key")
_Hasher = pointer("artifact_hasher")
_sizes = function("pqrtc_signature_sizes")
_algorithm = function("pqrtc_signing_key_algorithm")
_fingerprint = function("pqrtc_public_key_fingerprint")
_generate = function("pqrtc_signing_key_generate")
_from_seed = function("pqrtc_signing_key_from_seed")
_import = function("pqrtc_signing_key_import")
_export = function("pqrtc_signing_key_export")
_public_import = function("pqrtc_public_key_import")
_public_export = function("pqrtc_public_key_export")
_public_key = function("pqrtc_signing_key_public_key")
_seed = function("pqrtc_signing_key_seed")
_sign = function("pqrtc_sign")
_verify = function("pqrtc_verify")
_artifact_sign = function("pqrtc_artifact_sign")
_artifact_sign_cose = function("pqrtc_artifact_sign_cose")
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

    @classmethod
    def import_file(cls, file: Buffer) -> SigningKey:
        """From a PKCS#8 file, DER or PEM (RFC 9881; the composite as its draft has it). InvalidKeyError for what is none."""
        return cls._own(made(_Key, _import, *borrow(file)))

    def export_file(self, format: int) -> bytes:
        """As a PKCS#8 file in a KeyFormat, a secret."""
        return asked(4096, _export, self._pointer, u32(format))

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

    def artifact_sign_cose(self, kind: int, content: Buffer) -> bytes:
        """As a COSE_Sign1 message (RFC 9964) that contains the content; its external_aad is the context string of the kind, such as
        "pqrtc recording-manifest v1". UnsupportedError for the composite, for which COSE has no number."""
        data, length = borrow(content)
        return asked(length + 8192, _artifact_sign_cose, self._pointer, u32(kind), data, length)


def fingerprint(algorithm: int, public_key: Buffer) -> bytes:
    """The first 32 bytes of SHA-512 of a public key's SubjectPublicKeyInfo."""
    return filled(FINGERPRINT_BYTES, _fingerprint, u32(algorithm), *borrow(public_key))


def import_public_key(file: Buffer) -> Tuple[int, bytes]:
    """The algorithm and the raw key of a SubjectPublicKeyInfo file, DER or PEM: a SignatureAlgorithm, or PUBLIC_KEY_KEM and a KemAlgorithm.
    InvalidKeyError for what is none."""
    algorithm = c_uint32()
    data, length = borrow(file)
    raw = asked(4096, _public_import, data, length, byref(algorithm))
    return algorithm.value, raw


def export_public_key(algorithm: int, public_key: Buffer, format: int) -> bytes:
    """A SubjectPublicKeyInfo file in a KeyFormat. `algorithm` is as import_public_key() gives it."""
    return asked(8192, _public_export, u32(algorithm), *borrow(public_key), u32(format))


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
