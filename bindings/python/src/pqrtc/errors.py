"""One exception for each class of failure. `code` is the status code of the C API, which never changes its meaning."""

from __future__ import annotations

from typing import Dict, Optional, Type

from ._api import Status


class PqrtcError(Exception):
    """The base of all. Raised itself only for a code that this version does not know.

    `kid` and `counter` are what a refused frame says of itself, with UnknownKeyIdError, ReplayedFrameError and DecryptionError of a frame;
    else None. Nothing authenticates them."""

    code: int = 0
    kid: Optional[int] = None
    counter: Optional[int] = None


class ClosedHandleError(PqrtcError, ValueError):
    """The object was closed."""

    code = Status.NULL_POINTER


class InvalidLengthError(PqrtcError, ValueError):
    """A length differs from the one required, or is out of range."""

    code = Status.INVALID_LENGTH


class BufferTooSmallError(PqrtcError, ValueError):
    """The output buffer is too small; nothing was done. `needed` is the size in bytes that suffices."""

    code = Status.BUFFER_TOO_SMALL
    needed: int = 0


class InvalidArgumentError(PqrtcError, ValueError):
    """Unknown suite, kind, profile, codec or cipher suite; a number out of range; buffers that overlap where they may not."""

    code = Status.INVALID_ARGUMENT


class UnsupportedError(PqrtcError):
    """Known, but not in this build or not for this key."""

    code = Status.UNSUPPORTED


class InvalidKeyError(PqrtcError, ValueError):
    """A key that fails its standard's checks."""

    code = Status.INVALID_KEY


class NonContributoryError(PqrtcError):
    """X25519 gave the all-zero result: the peer's key is no key."""

    code = Status.NON_CONTRIBUTORY


class DecryptionError(PqrtcError):
    """Authentication failed: altered data or another key."""

    code = Status.DECRYPTION_FAILED


class BadSignatureError(PqrtcError):
    """The signature does not verify."""

    code = Status.BAD_SIGNATURE


class CredentialExpiredError(PqrtcError):
    """Right password, expiry not in the future."""

    code = Status.CREDENTIAL_EXPIRED


class CredentialRejectedError(PqrtcError):
    """Wrong password or malformed username."""

    code = Status.CREDENTIAL_REJECTED


class MalformedFrameError(PqrtcError, ValueError):
    """Not a sealed frame."""

    code = Status.MALFORMED_FRAME


class UnknownKeyIdError(PqrtcError, LookupError):
    """No key for the frame's key ID."""

    code = Status.UNKNOWN_KEY_ID


class ReplayedFrameError(PqrtcError):
    """The counter was seen before, or is older than the window."""

    code = Status.REPLAYED_FRAME


class KeyReusedError(PqrtcError):
    """A second sender for the same key and key ID, or a key ID that the receiver has or had."""

    code = Status.KEY_REUSED


class CounterExhaustedError(PqrtcError):
    """The sender has used up its counters or its ratchet steps."""

    code = Status.COUNTER_EXHAUSTED


class NothingToSealError(PqrtcError, ValueError):
    """A frame of parameter sets or delimiters alone, or an empty one: send it as it is, or keep it for the next frame."""

    code = Status.NOTHING_TO_SEAL


class IncompleteError(PqrtcError):
    """A recording without its last entry, or with bytes that no entry covers."""

    code = Status.INCOMPLETE


class OutOfSequenceError(PqrtcError):
    """An entry whose index is not the next: a segment is missing, repeated or moved."""

    code = Status.OUT_OF_SEQUENCE


class DigestMismatchError(PqrtcError):
    """A segment is not the one that its entry names."""

    code = Status.DIGEST_MISMATCH


class MalformedMessageError(PqrtcError, ValueError):
    """Not a message of this protocol, or one that breaks its format."""

    code = Status.MALFORMED_MESSAGE


class UnexpectedMessageError(PqrtcError):
    """A message or call that does not fit the state."""

    code = Status.UNEXPECTED_MESSAGE


class VersionRefusedError(PqrtcError):
    """A protocol version that is not spoken here."""

    code = Status.VERSION_REFUSED


class PolicyRefusedError(PqrtcError):
    """The policy allows none of what the peer offers."""

    code = Status.POLICY_REFUSED


class PeerAnonymousError(PqrtcError):
    """The peer shows no identity, and the policy asks for one."""

    code = Status.PEER_ANONYMOUS


class PeerRejectedError(PqrtcError):
    """The peer proved an identity that is not a pinned one."""

    code = Status.PEER_REJECTED


class BindingMismatchError(PqrtcError):
    """The binding that the peer signed is not the one given."""

    code = Status.BINDING_MISMATCH


class HandshakeFailedError(PqrtcError):
    """A message of the handshake does not authenticate."""

    code = Status.HANDSHAKE_FAILED


class RandomSourceError(PqrtcError, OSError):
    """The operating system gave no randomness."""

    code = Status.RNG_FAILED


class OutOfMemoryError(PqrtcError, MemoryError):
    """Allocation failed."""

    code = Status.OUT_OF_MEMORY


class InternalError(PqrtcError):
    """A bug in the library, caught."""

    code = Status.INTERNAL


BY_CODE: Dict[int, Type[PqrtcError]] = {cls.code: cls for cls in PqrtcError.__subclasses__()}
