"""Authenticated calls: two participants prove who they are, bind their DTLS certificates, and get a session that rekeys in mid-call."""

from __future__ import annotations

from ctypes import byref, c_size_t, c_uint32, c_uint64, sizeof
from typing import TYPE_CHECKING, NamedTuple, Optional, Tuple

from . import session as _session
from ._api import SIZES, CallInfoT, SignatureAlgorithm, Status
from ._api import CallState as CallState
from ._api import Direction as Direction
from ._api import PolicyOption as PolicyOption
from ._api import Profile as Profile
from ._buffers import asked, borrow, filled, writable
from ._native import Handle, error, function, made, pointer, pointer_of, u32, u64
from .session import BASE_KEY_BYTES, Session
from .sframe import Receiver, Sender, _Receiver, _Sender
from .signing import SigningKey

if TYPE_CHECKING:
    from typing_extensions import Buffer

MESSAGE_MAX = SIZES["CALL_MESSAGE_MAX"]

_Policy = pointer("policy")
_Call = pointer("call")
_policy_new = function("pqrtc_policy_new")
_policy_set = function("pqrtc_policy_set")
_new = function("pqrtc_call_new")
_offer = function("pqrtc_call_offer")
_receive = function("pqrtc_call_receive")
_pin = function("pqrtc_call_pin")
_set_binding = function("pqrtc_call_set_binding")
_info = function("pqrtc_call_info")
_peer = function("pqrtc_call_peer")
_sas = function("pqrtc_call_sas")
_session_of = function("pqrtc_call_session")
_sender = function("pqrtc_call_sender")
_receiver = function("pqrtc_call_receiver")
_sframe_key = function("pqrtc_call_sframe_key")


def _check(status: int) -> None:
    if status:
        raise error(status)


class Policy(Handle):
    """What a participant accepts of the other side. A new one accepts nobody. One thread at a time."""

    __slots__ = ()

    def __init__(self, profile: int) -> None:
        self._pointer = made(_Policy, _policy_new, u32(profile))

    def set(self, option: int, value: Buffer = b"") -> None:
        """Sets a PolicyOption: 32 bytes for PIN, which may be set many times, and PSK; nothing for the rest."""
        _check(_policy_set(self._pointer, u32(option), *borrow(value)))


class Info(NamedTuple):
    """Where a call is. `role` is a Role, `peer_identity` a SignatureAlgorithm or 0."""

    state: CallState
    role: int
    suite: int
    epoch: int
    may_send: bool
    peer_identity: int
    peer_fingerprint: bytes


class Peer(NamedTuple):
    """Who the peer proved to be: no algorithm and an empty key for an anonymous one."""

    algorithm: Optional[SignatureAlgorithm]
    public_key: bytes
    credential: bytes


class Call(Handle):
    """One end of an authenticated call: offer() and receive() until info().may_send. Any number of threads may use one."""

    __slots__ = ()

    def __init__(
        self,
        policy: Policy,
        identity: Optional[SigningKey] = None,
        *,
        second_identity: Optional[SigningKey] = None,
        binding: Buffer = b"",
        credential: Buffer = b"",
    ) -> None:
        """`identity` and `second_identity` are the keys for the suites of the profile, in any order; without one this side is anonymous.
        `binding` is the own DTLS fingerprint, 0 to 64 bytes; `credential` is the application's. Keys and policy are copied."""
        keys = [None if key is None else pointer_of(key, SigningKey) for key in (identity, second_identity)]
        for key, its_pointer in zip((identity, second_identity), keys):
            if key is not None and its_pointer is None:
                raise error(Status.NULL_POINTER)  # closed, and not left out
        rest = *borrow(binding), *borrow(credential)
        self._pointer = made(_Call, _new, *keys, pointer_of(policy, Policy), *rest)

    def offer(self) -> bytes:
        """The offer of the call, or of a rekey in one that runs."""
        return asked(MESSAGE_MAX, _offer, self._pointer)

    def receive(self, message: Buffer, peer_binding: Buffer = b"") -> bytes:
        """Takes a message of the peer and gives the one to send back, empty if there is none. `peer_binding` is the peer's DTLS fingerprint
        as the SDP has it. A message that is refused changes nothing. After PeerRejectedError look at peer(), pin() it, and give the message
        again."""
        return asked(MESSAGE_MAX, _receive, self._pointer, *borrow(message), *borrow(peer_binding))

    def pin(self, fingerprint: Buffer) -> None:
        """Accepts the identity of this fingerprint, 32 bytes."""
        _check(_pin(self._pointer, *borrow(fingerprint)))

    def set_binding(self, binding: Buffer) -> None:
        """The fingerprint of a new certificate, for the next rekey."""
        _check(_set_binding(self._pointer, *borrow(binding)))

    def info(self) -> Info:
        info = CallInfoT(sizeof(CallInfoT))
        _check(_info(self._pointer, byref(info)))
        return Info(
            CallState(info.state), info.role, info.suite, info.epoch, bool(info.may_send), info.peer_identity,
            bytes(info.peer_fingerprint),
        )  # fmt: skip

    def peer(self) -> Peer:
        """Who the peer proved to be, also after PeerRejectedError."""
        algorithm, key_length, length = c_uint32(), c_size_t(), c_size_t()
        status = _peer(self._pointer, byref(algorithm), None, 0, byref(key_length), None, 0, byref(length))
        # An anonymous peer without a credential needs no bytes.
        if status != Status.BUFFER_TOO_SMALL:
            _check(status)
        # Never an empty buffer, which would ask for the size.
        key, credential = bytearray(key_length.value + 1), bytearray(length.value + 1)
        arguments = *writable(key), byref(key_length), *writable(credential), byref(length)
        _check(_peer(self._pointer, byref(algorithm), *arguments))
        kind = SignatureAlgorithm(algorithm.value) if algorithm.value else None
        return Peer(kind, bytes(key[: key_length.value]), bytes(credential[: length.value]))

    def sas(self) -> str:
        """Ten digits for people to compare."""
        return filled(10, _sas, self._pointer).decode()

    def session(self) -> Session:
        """That of the newest epoch."""
        return Session._own(made(_session._Pointer, _session_of, self._pointer))

    def sender(self, stream: int, cipher: int) -> Sender:
        """A sender for one of this side's streams. It follows rekeys by itself, and refuses to seal before it may."""
        return Sender._own(made(_Sender, _sender, self._pointer, u64(stream), u32(cipher)))

    def receiver(self, cipher: int) -> Receiver:
        """A receiver of all streams of the peer, across rekeys."""
        return Receiver._own(made(_Receiver, _receiver, self._pointer, u32(cipher)))

    def sframe_key(self, direction: int, stream: int) -> Tuple[int, bytes]:
        """KID and base key of one direction and stream, for an SFrame engine that is not this library's."""
        kid = c_uint64()
        key = filled(BASE_KEY_BYTES, _sframe_key, self._pointer, u32(direction), u64(stream), byref(kid))
        return kid.value, key
