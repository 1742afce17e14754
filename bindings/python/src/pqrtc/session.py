"""What both sides hold after a key exchange: the session key, and everything that is derived from it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Union

from ._api import SrtpProfile as SrtpProfile
from ._buffers import borrow, filled, text, variable
from ._native import Handle, exact, function, pointer, size, u32, u64

if TYPE_CHECKING:
    from typing_extensions import Buffer

KEY_BYTES = size("session_key")
BASE_KEY_BYTES = size("sframe_base_key")
SEAL_OVERHEAD_BYTES = size("session_seal_overhead")


class Role(IntEnum):
    """The sides of a key exchange."""

    INITIATOR = 1
    RESPONDER = 2


_Pointer = pointer("session")
_key = function("pqrtc_session_key")
_export = function("pqrtc_session_export")
_sframe_base_key = function("pqrtc_session_sframe_base_key")
_srtp_keys = function("pqrtc_session_srtp_keys")
_seal = function("pqrtc_session_seal")
_open = function("pqrtc_session_open")


class Session(Handle):
    """One end of a key exchange; initiate() and HybridKeypair.respond() make them. Any number of threads may use one. Senders and receivers
    made from a session outlive it."""

    __slots__ = ()

    def __init__(self) -> None:
        raise TypeError("sessions come from pqrtc.initiate() and HybridKeypair.respond()")

    def key(self) -> bytes:
        """The 32-byte session key itself, for code that was written to the V100 description; prefer export()."""
        return filled(KEY_BYTES, _key, self._pointer)

    def export(self, label: Union[str, Buffer], context: Buffer = b"", length: int = 32) -> bytes:
        """A key of 1 to 16320 bytes for the application's own use, another for each label (1 to 124 bytes), context (at most 65535) and
        length. Both sides get the same."""
        return filled(exact(length), _export, self._pointer, *text(label), *borrow(context))

    def srtp_keys(self, profile: int) -> bytes:
        """SRTP master keys and salts in the order of RFC 5764 section 4.2, the initiator being the client: client_key || server_key ||
        client_salt || server_salt (60, 56 or 88 bytes)."""
        return variable(128, _srtp_keys, self._pointer, u32(profile))

    def sframe_base_key(self, sender: int, kid: int) -> bytes:
        """The 32-byte base key of a sender (Role.INITIATOR or Role.RESPONDER) and KID, for an SFrame engine that is not this library's. A
        Sender of this side for that KID is KeyReusedError from then on."""
        return filled(BASE_KEY_BYTES, _sframe_base_key, self._pointer, u32(sender), u64(kid))

    def seal(self, plaintext: Buffer, aad: Buffer = b"") -> bytes:
        """Seals a small payload for the peer, such as a group key; adds 36 bytes. At most 1 MiB of plaintext and 65535 bytes of `aad`, which
        is authenticated and not sent."""
        data, length = borrow(plaintext)
        return variable(length + SEAL_OVERHEAD_BYTES, _seal, self._pointer, *borrow(aad), data, length)

    def open(self, sealed: Buffer, aad: Buffer = b"") -> bytes:
        """Opens what the peer sealed, each message once. DecryptionError for anything else, ReplayedFrameError for a message opened before
        or more than 1024 behind."""
        data, length = borrow(sealed)
        return variable(length, _open, self._pointer, *borrow(aad), data, length)
