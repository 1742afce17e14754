"""One exception for each class of failure. `code` is the status code of the C API, which never changes its meaning."""

from __future__ import annotations

from typing import Dict, Type


class PqrtcError(Exception):
    """The base of all. Raised itself only for a code that this version does not know."""

    code: int = 0


class ClosedHandleError(PqrtcError, ValueError):
    """The object was closed."""

    code = 1


class InvalidLengthError(PqrtcError, ValueError):
    """A length differs from the one required, or is out of range."""

    code = 2


class BufferTooSmallError(PqrtcError, ValueError):
    """The output buffer is too small; nothing was done. `needed` is the size in bytes that suffices."""

    code = 3
    needed: int = 0


class InvalidArgumentError(PqrtcError, ValueError):
    """Unknown suite, kind, profile, codec or cipher suite; a number out of range; buffers that overlap where they may not."""

    code = 4


class UnsupportedError(PqrtcError):
    """Known, but not in this build or not for this key."""

    code = 5


class InvalidKeyError(PqrtcError, ValueError):
    """A key that fails its standard's checks."""

    code = 16


class NonContributoryError(PqrtcError):
    """X25519 gave the all-zero result: the peer's key is no key."""

    code = 17


class DecryptionError(PqrtcError):
    """Authentication failed: altered data or another key."""

    code = 18


class BadSignatureError(PqrtcError):
    """The signature does not verify."""

    code = 19


class CredentialExpiredError(PqrtcError):
    """Right password, expiry not in the future."""

    code = 32


class CredentialRejectedError(PqrtcError):
    """Wrong password or malformed username."""

    code = 33


class MalformedFrameError(PqrtcError, ValueError):
    """Not a sealed frame."""

    code = 48


class UnknownKeyIdError(PqrtcError, LookupError):
    """No key for the frame's key ID."""

    code = 49


class ReplayedFrameError(PqrtcError):
    """The counter was seen before, or is older than the window."""

    code = 50


class KeyReusedError(PqrtcError):
    """A second sender for the same key and key ID, or a key ID that the receiver has or had."""

    code = 51


class CounterExhaustedError(PqrtcError):
    """The sender has used up its counters or its ratchet steps."""

    code = 52


class RandomSourceError(PqrtcError, OSError):
    """The operating system gave no randomness."""

    code = 240


class OutOfMemoryError(PqrtcError, MemoryError):
    """Memory could not be had."""

    code = 241


class InternalError(PqrtcError):
    """A bug in the library, caught."""

    code = 255


BY_CODE: Dict[int, Type[PqrtcError]] = {cls.code: cls for cls in PqrtcError.__subclasses__()}
