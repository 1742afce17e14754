"""The hybrid key exchange, X25519 with ML-KEM-768. One pass: the responder publishes a bundle, the initiator answers with an exchange
message, and both hold the same session key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Tuple

from . import session
from ._api import Suite as Suite
from ._buffers import borrow, filled, give, take
from ._native import Handle, function, made, number, numbers, pointer, u32
from .session import Session

if TYPE_CHECKING:
    from typing_extensions import Buffer


_Pointer = pointer("hybrid_keypair")
_sizes = function("pqrtc_suite_sizes")
_generate = function("pqrtc_hybrid_keypair_generate")
_from_seed = function("pqrtc_hybrid_keypair_from_seed")
_suite = function("pqrtc_hybrid_keypair_suite")
_bundle = function("pqrtc_hybrid_keypair_bundle")
_seed = function("pqrtc_hybrid_keypair_seed")
_initiate = function("pqrtc_hybrid_initiate")
_respond = function("pqrtc_hybrid_respond")


class SuiteSizes(NamedTuple):
    """The lengths in bytes that belong to a suite."""

    bundle: int
    exchange: int
    seed: int


def suite_sizes(suite: int) -> SuiteSizes:
    """The lengths of a suite's bundle, exchange message and seed."""
    return SuiteSizes(*numbers(3, _sizes, u32(suite)))


class HybridKeypair(Handle):
    """A responder's key pair. Any number of threads may use one.

    Answering one exchange message twice gives the same session key twice. So a pair whose sessions key media serves one process lifetime,
    and is not restored from a seed for that."""

    __slots__ = ()

    def __init__(self, suite: int) -> None:
        """A new key pair, as generate()."""
        self._pointer = made(_Pointer, _generate, u32(suite))

    @classmethod
    def generate(cls, suite: int) -> HybridKeypair:
        """A new key pair of a Suite. RandomSourceError without randomness."""
        return cls(suite)

    @classmethod
    def from_seed(cls, suite: int, seed: Buffer) -> HybridKeypair:
        """From a private key as stored: 32 bytes for X-Wing, 96 for V100-HYBRID-KX-V1."""
        return cls._own(made(_Pointer, _from_seed, u32(suite), *borrow(seed)))

    @property
    def suite(self) -> Suite:
        return Suite(number(_suite, self._pointer))

    @property
    def bundle(self) -> bytes:
        """What to publish: 1216 bytes."""
        return filled(suite_sizes(self.suite).bundle, _bundle, self._pointer)

    def seed(self) -> bytes:
        """The private key as stored."""
        return filled(suite_sizes(self.suite).seed, _seed, self._pointer)

    def respond(self, exchange: Buffer) -> Session:
        """Answers a 1120-byte exchange message. An altered one gives a session that nobody else has, or NonContributoryError."""
        data, length = borrow(exchange)
        return Session._own(made(session._Pointer, _respond, self._pointer, data, length))


def initiate(suite: int, bundle: Buffer) -> Tuple[bytes, Session]:
    """Starts a session with the owner of a bundle: gives the 1120-byte exchange message to send back, and the session. InvalidKeyError if
    the ML-KEM key in the bundle fails FIPS 203 section 7.2, NonContributoryError if its X25519 key is of small order."""
    length = suite_sizes(suite).exchange
    held = take(length)
    try:
        pointer = made(session._Pointer, _initiate, u32(suite), *borrow(bundle), held[1], length)
        return held[0][:length], Session._own(pointer)
    finally:
        give(held)
