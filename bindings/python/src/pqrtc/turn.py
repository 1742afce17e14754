"""TURN credentials: minted and verified as coturn's use-auth-secret does, and wrapped for a recipient's ML-KEM key."""

from __future__ import annotations

import time
from ctypes import byref, c_size_t
from typing import TYPE_CHECKING, NamedTuple, Optional, Union

from ._buffers import borrow, text, variable, writable
from ._native import error, function, pointer_of, u32, u64
from .kem import KemKeypair
from .kem import sizes as kem_sizes

if TYPE_CHECKING:
    from typing_extensions import Buffer

# What wrapping adds to the ciphertext of the algorithm: nonce and tag of AES-256-GCM.
_NONCE_AND_TAG = 28

_mint = function("pqrtc_turn_credential_mint")
_verify = function("pqrtc_turn_credential_verify")
_wrap = function("pqrtc_turn_wrap")
_unwrap = function("pqrtc_turn_unwrap")


class Credential(NamedTuple):
    """What a TURN client is given."""

    username: str
    password: str


def mint(secret: Union[str, Buffer], user: str, expires_at: int) -> Credential:
    """A TURN REST credential that is good until `expires_at`, in Unix seconds. InvalidLengthError if the secret is empty or the username
    comes to more than 508 bytes, InvalidArgumentError if `user` has a NUL."""
    # Longer than the longest username, 508 bytes, and than the password, 28.
    username, password = bytearray(512), bytearray(64)
    lengths = c_size_t(), c_size_t()
    status = _mint(
        *text(secret), *text(user), u64(expires_at),
        *writable(username), byref(lengths[0]), *writable(password), byref(lengths[1]),
    )  # fmt: skip
    if status:
        raise error(status)
    return Credential(username[: lengths[0].value].decode(), password[: lengths[1].value].decode())


def verify(secret: Union[str, Buffer], username: str, password: str, now: Optional[int] = None) -> None:
    """Returns if a credential is good at the time `now` (Unix seconds; the clock's if not given). CredentialRejectedError if the password is
    wrong or the username malformed, CredentialExpiredError if only the time has passed."""
    moment = int(time.time()) if now is None else u64(now)
    status = _verify(*text(secret), *text(username), *text(password), moment)
    if status:
        raise error(status)


def wrap_overhead(algorithm: int) -> int:
    """How many bytes wrap() adds."""
    return kem_sizes(algorithm).ciphertext + _NONCE_AND_TAG


def wrap(algorithm: int, public_key: Buffer, credential: Buffer) -> bytes:
    """Wraps a credential of any content (at most 1 MiB) for the holder of an ML-KEM key of a KemAlgorithm. InvalidKeyError if the key fails
    FIPS 203 section 7.2."""
    data, length = borrow(credential)
    return variable(length + wrap_overhead(algorithm), _wrap, u32(algorithm), *borrow(public_key), data, length)


def unwrap(keypair: KemKeypair, wrapped: Buffer) -> bytes:
    """Unwraps a credential. DecryptionError if it was altered or wrapped for another key."""
    data, length = borrow(wrapped)
    return variable(length, _unwrap, pointer_of(keypair, KemKeypair), data, length)
