"""Envelopes: a payload for the holder of a KEM key in one message, HPKE in base mode (docs/envelopes.md). An envelope does not say who made
it; sign() does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from ._buffers import borrow, filled, variable
from ._native import error, function, pointer_of, u32
from .hybrid import HybridKeypair
from .kem import KemKeypair
from .signing import SigningKey

if TYPE_CHECKING:
    from typing_extensions import Buffer

# The most that an envelope is longer than its payload: 1136 bytes in suite 1, 1584 in suite 2.
MAX_OVERHEAD_BYTES = 1584

_seal = function("pqrtc_envelope_seal")
_open = function("pqrtc_envelope_open")
_sign = function("pqrtc_envelope_sign")
_verify = function("pqrtc_envelope_verify")


def seal(suite: int, public_key: Buffer, payload: Buffer, info: Buffer = b"") -> bytes:
    """Seals at most 1 MiB. `suite` is that of the handshake: 1 takes the bundle of an X-Wing pair, 2 an ML-KEM-1024 public key. `info`, at
    most 65535 bytes, is the context: who opens it must give the same. InvalidKeyError for a key that fails its standard's checks."""
    data, length = borrow(payload)
    arguments = u32(suite), *borrow(public_key), *borrow(info), data, length
    return variable(length + MAX_OVERHEAD_BYTES, _seal, *arguments)


def open(keypair: Union[HybridKeypair, KemKeypair], envelope: Buffer, info: Buffer = b"") -> bytes:
    """Opens an envelope with the pair that it was sealed for: X-Wing or ML-KEM-1024. DecryptionError if it was altered, is for another key or
    was sealed under another `info`."""
    data, length = borrow(envelope)
    if isinstance(keypair, HybridKeypair):
        pair = keypair._pointer, None
    else:
        pair = None, pointer_of(keypair, KemKeypair)
    return variable(length, _open, *pair, *borrow(info), data, length)


def sign(issuer: SigningKey, envelope: Buffer, info: Buffer = b"") -> bytes:
    """Signs an envelope, and whom it is for with it, as the issuer of an API key does."""
    pointer = pointer_of(issuer, SigningKey)
    return filled(issuer._lengths.signature, _sign, pointer, *borrow(info), *borrow(envelope))


def verify(algorithm: int, public_key: Buffer, envelope: Buffer, signature: Buffer, info: Buffer = b"") -> None:
    """Returns if sign() made this signature of this envelope under this `info`; else BadSignatureError."""
    status = _verify(u32(algorithm), *borrow(public_key), *borrow(info), *borrow(envelope), *borrow(signature))
    if status:
        raise error(status)
