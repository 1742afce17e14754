"""Meetings of many through a server that nobody trusts: cards, commits, and senders and receivers that follow epochs (docs/meeting.md)."""

from __future__ import annotations

from array import array
from ctypes import byref, c_size_t, c_uint32, c_uint64, sizeof
from struct import pack
from threading import Lock
from typing import TYPE_CHECKING, Any, Callable, Iterable, List, NamedTuple, Optional, Tuple

from ._api import MeetingInfoT, Status
from ._api import MeetingMessage as MeetingMessage
from ._buffers import asked, borrow, filled, writable
from ._native import Handle, Pointer, error, function, made, pointer, pointer_of, u32, u64
from .errors import InvalidArgumentError
from .session import BASE_KEY_BYTES
from .sframe import Receiver, Sender, _Receiver, _Sender
from .signing import SigningKey

if TYPE_CHECKING:
    from typing_extensions import Buffer

REFERENCE_BYTES = 32
CODE_DIGITS = 30
# Guesses; C is asked again if one is too small.
_CARD, _COMMIT, _MESSAGE, _ROSTER = 16384, 16384, 2048, 16384
_REMOVED = 0xFFFF_FFFF

_Card = pointer("meeting_card")
_Meeting = pointer("meeting")
_card_new = function("pqrtc_meeting_card_new")
_card_bytes = function("pqrtc_meeting_card_bytes")
_create = function("pqrtc_meeting_create")
_commit = function("pqrtc_meeting_commit")
_outgoing = function("pqrtc_meeting_outgoing")
_accepted = function("pqrtc_meeting_accepted")
_dropped = function("pqrtc_meeting_dropped")
_receive = function("pqrtc_meeting_receive")
_join = function("pqrtc_meeting_join")
_roster = function("pqrtc_meeting_roster")
_info = function("pqrtc_meeting_info")
_code = function("pqrtc_meeting_code")
_sender = function("pqrtc_meeting_sender")
_receiver = function("pqrtc_meeting_receiver")
_sframe_key = function("pqrtc_meeting_sframe_key")


def _check(status: int) -> None:
    if status:
        raise error(status)


def _listed(items: Iterable[Buffer]) -> bytes:
    """Cards and commits as C takes them: for each a u32 length, big-endian, and the bytes."""
    parts: List[Buffer] = []
    for one in items:
        parts += pack(">I", u32(memoryview(one).nbytes)), one
    return b"".join(parts)


class MeetingCard(Handle):
    """What somebody who wants to be added to a meeting publishes beforehand, with its private keys. It serves once. Any number of threads may
    use one; it locks."""

    __slots__ = ("_lock",)

    def __init__(self, identity: SigningKey, not_after: int, credential: Buffer = b"") -> None:
        """A card that is good until `not_after`, in Unix seconds. `identity` is of ML_DSA_65_ED25519 (suite 1) or ML_DSA_87 (suite 2),
        `credential` the application's own, at most 65535 bytes."""
        self._lock = Lock()
        self._pointer = made(_Card, _card_new, pointer_of(identity, SigningKey), u64(not_after), *borrow(credential))

    @property
    def encoded(self) -> bytes:
        """The card as it is published."""
        with self._lock:
            return asked(_CARD, _card_bytes, self._pointer)


class Outgoing(NamedTuple):
    """A message that goes with a commit, to the member of that index. `reference` is that of the card that a welcome is for, None for a box."""

    kind: MeetingMessage
    member: int
    reference: Optional[bytes]
    data: bytes


class Info(NamedTuple):
    """Where a member stands. `own_index` is None once a commit has removed it."""

    epoch: int
    own_index: Optional[int]
    members: int
    group_id: bytes


class Meeting(Handle):
    """One member's view of a meeting; create() and join() make them. Its senders and receivers outlive it. Any number of threads may use one;
    it locks. `now` is the time in Unix seconds, wherever it is an argument."""

    __slots__ = ("_lock",)
    _lock: Lock

    def __init__(self) -> None:
        raise TypeError("meetings come from Meeting.create() and Meeting.join()")

    @classmethod
    def _with(cls, card: MeetingCard, function: Callable[..., int], identity: SigningKey, *args: Any) -> Meeting:
        me, its_pointer = pointer_of(identity, SigningKey), pointer_of(card, MeetingCard)
        with card._lock:
            self = cls._own(made(_Meeting, function, me, its_pointer, *args))
        self._lock = Lock()
        return self

    @classmethod
    def create(cls, identity: SigningKey, card: MeetingCard, now: int) -> Meeting:
        """A new meeting with one member, whose index is 0. It uses up the card. InvalidKeyError for a card of another identity, KeyReusedError
        for one that was used, CredentialExpiredError for one that is no longer good."""
        return cls._with(card, _create, identity, u64(now))

    @classmethod
    def join(
        cls, identity: SigningKey, card: MeetingCard, welcome: Buffer, commit: Buffer, roster: Buffer, cards: Iterable[Buffer], now: int
    ) -> Meeting:  # fmt: skip
        """Joins with a welcome, the commit that it belongs to, and the roster after that commit as any member has it. `cards` has at least the
        committer's, and others as for receive(). It uses up the card."""
        rest = *borrow(welcome), *borrow(commit), *borrow(roster), *borrow(_listed(cards)), u64(now)
        return cls._with(card, _join, identity, *rest)

    def commit(self, add: Iterable[Buffer] = (), remove: Iterable[int] = (), *, fresh: bool = False) -> bytes:
        """A commit that adds the owners of cards, removes members by index, and brings in a fresh secret if it is to or if somebody is removed.
        Send it to the delivery server with what outgoing() gives; it takes effect with accepted()."""
        indexes = array("I", map(u32, remove))
        arguments = *borrow(_listed(add)), borrow(indexes)[0], len(indexes), int(bool(fresh))
        with self._lock:
            return asked(_COMMIT, _commit, self._pointer, *arguments)

    def outgoing(self) -> List[Outgoing]:
        """The messages that go with the last own commit. There until the next commit, of anybody."""
        found: List[Outgoing] = []
        kind, index, reference = c_uint32(), c_uint32(), bytearray(REFERENCE_BYTES)
        to = byref(kind), byref(index), *writable(reference)
        with self._lock:
            if self._pointer is None:
                raise error(Status.NULL_POINTER)
            while True:
                try:
                    data = asked(_MESSAGE, _outgoing, self._pointer, c_size_t(len(found)), *to)
                except InvalidArgumentError:  # past the last
                    return found
                what = MeetingMessage(kind.value)
                card = bytes(reference) if what is MeetingMessage.WELCOME else None
                found.append(Outgoing(what, index.value, card, data))

    def accepted(self) -> None:
        """The delivery server has put the own commit first: the meeting goes to its epoch. UnexpectedMessageError if none waits."""
        with self._lock:
            _check(_accepted(self._pointer))

    def dropped(self) -> None:
        """The own commit will never take effect. UnexpectedMessageError if none waits."""
        with self._lock:
            _check(_dropped(self._pointer))

    def receive(self, commit: Buffer, box: Buffer = b"", cards: Iterable[Buffer] = (), *, now: int) -> None:
        """Takes the commit of another member; an own one that waits is dropped. `box` is the box for this member, if there is one. `cards` has
        the cards of those that the commit adds; give those of all members, and the commits with which they changed their leaf keys, before the
        own first fresh commit. A commit that is refused changes nothing. A member that the commit removes learns it from info()."""
        arguments = *borrow(commit), *borrow(box), *borrow(_listed(cards)), u64(now)
        with self._lock:
            _check(_receive(self._pointer, *arguments))

    def roster(self) -> bytes:
        """For each member by rising index: u16 index, fingerprint (32 bytes) and the hash of its leaf key (32 bytes)."""
        with self._lock:
            return asked(_ROSTER, _roster, self._pointer)

    def info(self) -> Info:
        info = MeetingInfoT(sizeof(MeetingInfoT))
        with self._lock:
            _check(_info(self._pointer, byref(info)))
        return Info(info.epoch, None if info.index == _REMOVED else info.index, info.members, bytes(info.group_id))

    def code(self) -> str:
        """Thirty digits for people to compare: the same for all members of an epoch, and for nobody else."""
        with self._lock:
            return filled(CODE_DIGITS, _code, self._pointer).decode()

    def sender(self, stream: int, cipher: int) -> Sender:
        """A sender for one of this member's streams, 0 to 2**48 - 1. It follows epochs by itself for as long as the meeting lives. KeyReusedError
        for a stream that has one in this epoch."""
        return Sender._own(self._made(_Sender, _sender, u64(stream), u32(cipher)))

    def receiver(self, cipher: int) -> Receiver:
        """A receiver of all streams of all other members, which follows epochs by itself for as long as the meeting lives."""
        return Receiver._own(self._made(_Receiver, _receiver, u32(cipher)))

    def _made(self, kind: Any, function: Callable[..., int], *args: Any) -> Pointer:
        with self._lock:
            owned: Pointer = made(kind, function, self._pointer, *args)
        return owned

    def sframe_key(self, index: int, stream: int) -> Tuple[int, bytes]:
        """KID and base key of a stream of a member in the newest epoch, for an SFrame engine that is not this library's. The own key is then
        taken: a Sender for that stream is KeyReusedError in this epoch."""
        kid = c_uint64()
        with self._lock:
            key = filled(BASE_KEY_BYTES, _sframe_key, self._pointer, u32(index), u64(stream), byref(kid))
        return kid.value, key
