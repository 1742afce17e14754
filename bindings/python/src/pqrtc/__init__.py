"""Post-quantum protection for WebRTC stacks that already exist.

    import pqrtc

    responder = pqrtc.HybridKeypair.generate(pqrtc.Suite.X_WING)              # publishes responder.bundle
    exchange, alice = pqrtc.initiate(pqrtc.Suite.X_WING, responder.bundle)    # sends back 1120 bytes
    bob = responder.respond(exchange)
    assert alice.export("chat") == bob.export("chat")

Every call releases the GIL. Inputs are any bytes-like objects and are not copied; do not change one during a call. Objects free themselves,
or at close(), or at the end of a `with` block. Any number of threads may use any object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import envelope, errors, frame, meeting, recording, sframe, turn
from ._buffers import filled, writable
from ._native import error, exact, function
from .call import Call, CallState, Direction, Policy, PolicyOption, Profile
from .errors import (
    BadSignatureError,
    BindingMismatchError,
    BufferTooSmallError,
    ClosedHandleError,
    CounterExhaustedError,
    CredentialExpiredError,
    CredentialRejectedError,
    DecryptionError,
    DigestMismatchError,
    HandshakeFailedError,
    IncompleteError,
    InternalError,
    InvalidArgumentError,
    InvalidKeyError,
    InvalidLengthError,
    KeyReusedError,
    MalformedFrameError,
    MalformedMessageError,
    NonContributoryError,
    NothingToSealError,
    OutOfMemoryError,
    OutOfSequenceError,
    PeerAnonymousError,
    PeerRejectedError,
    PolicyRefusedError,
    PqrtcError,
    RandomSourceError,
    ReplayedFrameError,
    UnexpectedMessageError,
    UnknownKeyIdError,
    UnsupportedError,
    VersionRefusedError,
)
from .frame import Codec
from .hybrid import HybridKeypair, Suite, initiate, suite_sizes
from .kem import KemAlgorithm, KemKeypair, encapsulate
from .meeting import Meeting, MeetingCard, MeetingMessage
from .session import Role, Session, SrtpProfile
from .sframe import CipherSuite
from .signing import (
    ArtifactHasher,
    ArtifactKind,
    KeyFormat,
    SignatureAlgorithm,
    SigningKey,
    artifact_verify,
    export_public_key,
    fingerprint,
    import_public_key,
    verify,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer

_version = function("pqrtc_version")
_provider = function("pqrtc_provider")
_self_test = function("pqrtc_self_test")
_random = function("pqrtc_random")
_cleanse = function("pqrtc_cleanse")


def version() -> str:
    """The version of the native library, "MAJOR.MINOR.PATCH"."""
    return bytes(_version()).decode()


def provider() -> str:
    """Where its algorithms come from: "aws-lc", "rustcrypto" or "pqclean"."""
    return bytes(_provider()).decode()


def self_test() -> None:
    """Known answers for every primitive in use. InternalError if one is wrong."""
    status = _self_test()
    if status:
        raise error(status)


def random(length: int) -> bytes:
    """1 to 1048576 bytes from the operating system, for seeds and base keys."""
    return filled(exact(length), _random)


def cleanse(buffer: Buffer) -> None:
    """Zeroes a writable buffer that held a secret. (A bytes object cannot be zeroed: keep what must be wiped in a bytearray.)"""
    _cleanse(*writable(buffer))


__version__ = version()

__all__ = [
    "ArtifactHasher",
    "ArtifactKind",
    "BadSignatureError",
    "BindingMismatchError",
    "BufferTooSmallError",
    "Call",
    "CallState",
    "CipherSuite",
    "ClosedHandleError",
    "Codec",
    "CounterExhaustedError",
    "CredentialExpiredError",
    "CredentialRejectedError",
    "DecryptionError",
    "DigestMismatchError",
    "Direction",
    "HandshakeFailedError",
    "HybridKeypair",
    "IncompleteError",
    "InternalError",
    "InvalidArgumentError",
    "InvalidKeyError",
    "InvalidLengthError",
    "KemAlgorithm",
    "KemKeypair",
    "KeyFormat",
    "KeyReusedError",
    "MalformedFrameError",
    "MalformedMessageError",
    "Meeting",
    "MeetingCard",
    "MeetingMessage",
    "NonContributoryError",
    "NothingToSealError",
    "OutOfMemoryError",
    "OutOfSequenceError",
    "PeerAnonymousError",
    "PeerRejectedError",
    "Policy",
    "PolicyOption",
    "PolicyRefusedError",
    "PqrtcError",
    "Profile",
    "RandomSourceError",
    "ReplayedFrameError",
    "Role",
    "Session",
    "SignatureAlgorithm",
    "SigningKey",
    "SrtpProfile",
    "Suite",
    "UnexpectedMessageError",
    "UnknownKeyIdError",
    "UnsupportedError",
    "VersionRefusedError",
    "artifact_verify",
    "cleanse",
    "encapsulate",
    "envelope",
    "errors",
    "export_public_key",
    "fingerprint",
    "frame",
    "import_public_key",
    "initiate",
    "meeting",
    "provider",
    "random",
    "recording",
    "self_test",
    "sframe",
    "suite_sizes",
    "turn",
    "verify",
    "version",
]
