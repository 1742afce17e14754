"""ML-KEM-768 (FIPS 203): the key that TURN credentials are wrapped for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Tuple

from ._buffers import borrow, filled, give, take
from ._native import Handle, function, made, pointer, size

if TYPE_CHECKING:
    from typing_extensions import Buffer

PUBLIC_KEY_BYTES = size("kem_public_key")
CIPHERTEXT_BYTES = size("kem_ciphertext")
SHARED_SECRET_BYTES = size("kem_shared_secret")
SEED_BYTES = size("kem_seed")
EXPANDED_KEY_BYTES = size("kem_expanded_key")


_Pointer = pointer("kem_keypair")
_generate = function("pqrtc_kem_keypair_generate")
_from_seed = function("pqrtc_kem_keypair_from_seed")
_from_expanded = function("pqrtc_kem_keypair_from_expanded")
_public_key = function("pqrtc_kem_keypair_public_key")
_seed = function("pqrtc_kem_keypair_seed")
_encapsulate = function("pqrtc_kem_encapsulate")
_decapsulate = function("pqrtc_kem_decapsulate")


class KemKeypair(Handle):
    """An ML-KEM-768 key pair. Any number of threads may use one."""

    __slots__ = ()

    def __init__(self) -> None:
        """A new key pair, as generate()."""
        self._pointer = made(_Pointer, _generate)

    @classmethod
    def generate(cls) -> KemKeypair:
        """A new key pair. RandomSourceError without randomness."""
        return cls()

    @classmethod
    def from_seed(cls, seed: Buffer) -> KemKeypair:
        """From the 64-byte seed `d || z`."""
        return cls._own(made(_Pointer, _from_seed, *borrow(seed)))

    @classmethod
    def from_expanded(cls, key: Buffer) -> KemKeypair:
        """From the 2400-byte expanded form. InvalidKeyError if it fails the checks of FIPS 203 section 7.3."""
        return cls._own(made(_Pointer, _from_expanded, *borrow(key)))

    @property
    def public_key(self) -> bytes:
        """The encapsulation key, 1184 bytes."""
        return filled(PUBLIC_KEY_BYTES, _public_key, self._pointer)

    def seed(self) -> bytes:
        """The private seed, 64 bytes. UnsupportedError if the pair came from an expanded key."""
        return filled(SEED_BYTES, _seed, self._pointer)

    def decapsulate(self, ciphertext: Buffer) -> bytes:
        """The 32-byte shared secret. A wrong or altered ciphertext gives one that nobody else has (implicit rejection)."""
        return filled(SHARED_SECRET_BYTES, _decapsulate, self._pointer, *borrow(ciphertext))


def encapsulate(public_key: Buffer) -> Tuple[bytes, bytes]:
    """A ciphertext of 1088 bytes and the 32-byte shared secret in it. InvalidKeyError if the key fails FIPS 203 section 7.2."""
    ciphertext = take(CIPHERTEXT_BYTES)
    try:
        secret = filled(SHARED_SECRET_BYTES, _encapsulate, *borrow(public_key), ciphertext[1], CIPHERTEXT_BYTES)
        return ciphertext[0][:CIPHERTEXT_BYTES], secret
    finally:
        give(ciphertext)
