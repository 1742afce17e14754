"""ML-KEM (FIPS 203): the key that TURN credentials are wrapped for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Tuple

from ._api import KemAlgorithm as KemAlgorithm
from ._buffers import asked, borrow, filled, give, take
from ._native import Handle, function, made, number, numbers, pointer, size, u32

if TYPE_CHECKING:
    from typing_extensions import Buffer

SHARED_SECRET_BYTES = size("kem_shared_secret")

_Pointer = pointer("kem_keypair")
_sizes = function("pqrtc_kem_sizes")
_algorithm = function("pqrtc_kem_keypair_algorithm")
_generate = function("pqrtc_kem_keypair_generate")
_from_seed = function("pqrtc_kem_keypair_from_seed")
_from_expanded = function("pqrtc_kem_keypair_from_expanded")
_import = function("pqrtc_kem_keypair_import")
_export = function("pqrtc_kem_keypair_export")
_public_key = function("pqrtc_kem_keypair_public_key")
_seed = function("pqrtc_kem_keypair_seed")
_encapsulate = function("pqrtc_kem_encapsulate")
_decapsulate = function("pqrtc_kem_decapsulate")


class KemSizes(NamedTuple):
    """The lengths in bytes that belong to an algorithm."""

    public_key: int
    ciphertext: int
    seed: int


def sizes(algorithm: int) -> KemSizes:
    """UnsupportedError for an algorithm that is known and not in this build."""
    return KemSizes(*numbers(3, _sizes, u32(algorithm)))


class KemKeypair(Handle):
    """An ML-KEM key pair. Any number of threads may use one."""

    __slots__ = ()

    def __init__(self, algorithm: int) -> None:
        """A new key pair, as generate()."""
        self._pointer = made(_Pointer, _generate, u32(algorithm))

    @classmethod
    def generate(cls, algorithm: int) -> KemKeypair:
        """A new key pair of a KemAlgorithm. RandomSourceError without randomness."""
        return cls(algorithm)

    @classmethod
    def from_seed(cls, algorithm: int, seed: Buffer) -> KemKeypair:
        """From the 64-byte seed `d || z`."""
        return cls._own(made(_Pointer, _from_seed, u32(algorithm), *borrow(seed)))

    @classmethod
    def from_expanded(cls, algorithm: int, key: Buffer) -> KemKeypair:
        """From the expanded form. InvalidKeyError if it fails the checks of FIPS 203 section 7.3."""
        return cls._own(made(_Pointer, _from_expanded, u32(algorithm), *borrow(key)))

    @classmethod
    def import_file(cls, file: Buffer) -> KemKeypair:
        """From a PKCS#8 file, DER or PEM (RFC 9935). InvalidKeyError for what is none."""
        return cls._own(made(_Pointer, _import, *borrow(file)))

    def export_file(self, format: int) -> bytes:
        """As a PKCS#8 file in a KeyFormat, a secret."""
        return asked(4096, _export, self._pointer, u32(format))

    @property
    def algorithm(self) -> KemAlgorithm:
        return KemAlgorithm(number(_algorithm, self._pointer))

    @property
    def public_key(self) -> bytes:
        """The encapsulation key."""
        return filled(sizes(self.algorithm).public_key, _public_key, self._pointer)

    def seed(self) -> bytes:
        """The private seed, 64 bytes. UnsupportedError if the pair came from an expanded key."""
        return filled(sizes(self.algorithm).seed, _seed, self._pointer)

    def decapsulate(self, ciphertext: Buffer) -> bytes:
        """The 32-byte shared secret. A wrong or altered ciphertext gives one that nobody else has (implicit rejection)."""
        return filled(SHARED_SECRET_BYTES, _decapsulate, self._pointer, *borrow(ciphertext))


def encapsulate(algorithm: int, public_key: Buffer) -> Tuple[bytes, bytes]:
    """A ciphertext and the 32-byte shared secret in it. InvalidKeyError if the key fails FIPS 203 section 7.2."""
    length = sizes(algorithm).ciphertext
    ciphertext = take(length)
    try:
        arguments = u32(algorithm), *borrow(public_key), ciphertext[1], length
        secret = filled(SHARED_SECRET_BYTES, _encapsulate, *arguments)
        return ciphertext[0][:length], secret
    finally:
        give(ciphertext)
