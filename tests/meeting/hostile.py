"""A delivery server that does what it should not, and members that refuse it with the right code and go on as if it had not been."""

from __future__ import annotations

import asyncio
import copy
import itertools
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "meeting"))

import pqrtc  # noqa: E402
import pytest  # noqa: E402
from member import CIPHER, IDENTITY, Member  # noqa: E402
from pqrtc import MeetingCard, SigningKey  # noqa: E402
from server import Meeting, Server, b64, unb64  # noqa: E402
from websockets.asyncio.client import connect  # noqa: E402
from websockets.exceptions import ConnectionClosed  # noqa: E402

Message = Dict[str, Any]
STREAMS = itertools.count(10)
CODES = {
    "InvalidLengthError": 2,
    "DecryptionError": 18,
    "BadSignatureError": 19,
    "UnknownKeyIdError": 49,
    "KeyReusedError": 51,
    "MalformedMessageError": 64,
    "UnexpectedMessageError": 65,
    "HandshakeFailedError": 71,
}


class Hostile(Server):
    """Gives `tamper` each message for a member, and sends what comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.tamper: Callable[[bytes, Message], Iterable[Message]] = lambda member, message: [message]
        self.sides: Dict[bytes, Meeting] = {}

    def send(self, meeting: Meeting, member: bytes, *messages: Message) -> None:
        for message in messages:
            super().send(meeting, member, *self.tamper(member, message))

    def fork(self, meeting: Meeting, *groups: List[Member]) -> None:
        """From here on each group has an order of commits of its own."""
        for group in groups:
            side = copy.copy(meeting)
            side.members, side.log, side.leaf_commits = dict(meeting.members), list(meeting.log), dict(meeting.leaf_commits)
            side.applicants, side.leaving = set(meeting.applicants), set(meeting.leaving)
            side.online = {one.reference: meeting.online[one.reference] for one in group}
            self.sides.update((one.reference, side) for one in group)

    def _commit(self, meeting: Meeting, me: bytes, message: Message) -> None:
        super()._commit(self.sides.get(me, meeting), me, message)


class Play(AsyncExitStack):
    """async with Play() as play: ...   A hostile server, which is honest until told otherwise, and members."""

    async def __aenter__(self) -> Play:
        await super().__aenter__()
        self.server = await self.enter_async_context(Hostile())
        self.keys = [SigningKey.generate(IDENTITY) for _ in range(5)]
        self.invited = {key.fingerprint for key in self.keys}
        self.members: List[Member] = []
        return self

    async def come(self) -> Member:
        key = self.keys[len(self.members)]
        member = Member(key, f"{self.server.url}/room", self.invited, create=not self.members)
        self.members.append(await self.enter_async_context(member))
        return member

    async def meet(self, count: int) -> List[Member]:
        for _ in range(count):
            await self.come()
            await agree(*self.members)
        return self.members

    @property
    def meeting(self) -> Meeting:
        return self.server.meetings["/room"]


def epoch(member: Member) -> int:
    return member.meeting.info().epoch if member.meeting else -1


async def until(condition: Callable[[], Any]) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("it did not come to be")


async def agree(*members: Member, at: int = 0) -> None:
    """Waits until all are in one epoch, `at` or a later one, and in nobody else's company; then all show one code."""
    await until(lambda: len({epoch(one) for one in members}) == 1 and epoch(members[0]) >= at and all(one.meeting.info().members == len(members) for one in members))
    assert len({one.meeting.code() for one in members}) == 1


async def sealed(sender: pqrtc.sframe.Sender, member: Member) -> bytes:
    """A frame of the member's newest epoch: senders follow two seconds later."""
    while True:
        frame = sender.seal(b"frame")
        if sender.kid & 15 == epoch(member) & 15:
            return frame
        await asyncio.sleep(0.05)


async def hear(*members: Member) -> None:
    receivers = [one.meeting.receiver(CIPHER) for one in members]
    for member in members:
        frame = await sealed(member.meeting.sender(next(STREAMS), CIPHER), member)
        assert [receiver.open(frame) for one, receiver in zip(members, receivers) if one is not member] == [b"frame"] * (len(members) - 1)


def flipped(text: str, at: int = -1) -> str:
    data = bytearray(unb64(text))
    data[at] ^= 1
    return b64(bytes(data))


def took_none_of(member: Member, **refused: int) -> None:
    """How often each was refused, with the code of the C API if it was not this example that looked."""
    assert member.refused == refused
    assert all(getattr(pqrtc, name).code == CODES[name] for name in refused if name not in ("NotInvited", "KeyError", "error"))


async def conflicts() -> None:
    """Three change their keys at once: each gets its turn. One leaves meanwhile."""
    async with Play() as play:
        a, b, c, d = await play.meet(4)
        for one in (b, c, a):
            one.refresh()
        d.leave()
        await until(lambda: d.meeting.info().own_index is None)
        await until(lambda: not any(one._refresh or one._pending for one in (a, b, c)))
        await agree(a, b, c, at=6)
        await hear(a, b, c)
        assert len({entry.commit.committer for entry in play.meeting.log}) == 3 and not any(one.refused for one in (a, b, c, d))
        with pytest.raises(pqrtc.UnexpectedMessageError):
            d.meeting.code()


async def late() -> None:
    """A member that was away gets what it missed; one that comes back before it was welcomed gets its welcome."""
    async with Play() as play:
        a, b, c = await play.meet(3)
        await c._socket.close()
        a.refresh()
        await until(lambda: epoch(a) == 3)
        d = await play.come()
        await until(lambda: epoch(d) == 4)
        b.leave()
        await until(lambda: b.meeting.info().own_index is None)
        assert epoch(c) == 2
        await c.resume()
        await agree(a, c, d)
        await hear(a, c, d)
        for one in (c, d):  # they have the leaf keys of all, Ada's new one too
            one.refresh()
        await agree(a, c, d, at=7)
        assert not any(one.refused for one in (a, b, c, d))


async def host_gone() -> None:
    """The member that adds and removes is gone without a word: the next one takes its place."""
    async with Play() as play:
        a, b, c = await play.meet(3)
        await a.__aexit__()
        d, e = await play.come(), await play.come()
        for one in (b, c):
            one.remove(0)
        # Whoever comes first gets index 0, and has to add the other, of whom it hears from the server.
        await agree(b, c, d, e, at=5)
        await hear(b, c, d, e)
        assert play.meeting.log[-1].commit.committer == 0 and not any(one.refused for one in (b, c, d, e))


def commits_to(member: Member) -> Callable[[bytes, Message], bool]:
    return lambda to, message: to == member.reference and message["type"] == "commit"


async def drops() -> None:
    async with Play() as play:
        a, b, c = await play.meet(3)
        drop = commits_to(c)
        play.server.tamper = lambda to, message: [] if drop(to, message) else [message]
        a.refresh()
        await until(lambda: epoch(b) == 3)
        play.server.tamper = lambda to, message: [message]
        a.refresh()
        await until(lambda: c.refused)
        took_none_of(c, UnexpectedMessageError=1)
        await until(lambda: epoch(b) == 4)
        assert epoch(c) == 2 and c.meeting.code() != a.meeting.code() == b.meeting.code()
        await c.resume()
        await agree(a, b, c)
        await hear(a, b, c)


async def reorders() -> None:
    async with Play() as play:
        a, b, c = await play.meet(3)
        held: List[Message] = []
        mine = commits_to(c)

        def later(to: bytes, message: Message) -> List[Message]:
            if not mine(to, message):
                return [message]
            held.append(message)
            return [held[1], held[0], held[1]] if len(held) == 2 else []

        play.server.tamper = later
        a.refresh()
        await until(lambda: epoch(b) == 3)
        b.refresh()
        await agree(a, b, c, at=4)
        took_none_of(c, UnexpectedMessageError=1)
        await hear(a, b, c)


async def replays() -> None:
    """Of every message, to everybody; welcomes too."""
    async with Play() as play:
        play.server.tamper = lambda to, message: [message] * 3
        a, b, c = await play.meet(3)
        a.refresh()
        await agree(a, b, c, at=3)
        await hear(a, b, c)
        took_none_of(c, KeyReusedError=2, UnexpectedMessageError=2)
        assert set(a.refused) <= {"UnexpectedMessageError"} and set(b.refused) == {"KeyReusedError", "UnexpectedMessageError"}


async def forks() -> None:
    """Two orders of commits: two meetings, which show two codes and do not hear each other."""
    async with Play() as play:
        a, b, c, d = await play.meet(4)
        receivers = [one.meeting.receiver(CIPHER) for one in (b, c)]
        sender = a.meeting.sender(1, CIPHER)
        play.server.fork(play.meeting, [a, c], [b, d])
        a.refresh()
        b.refresh()
        await until(lambda: epoch(c) == 4)
        await until(lambda: epoch(d) == 4)
        assert a.meeting.code() == c.meeting.code() != b.meeting.code() == d.meeting.code()
        frame = await sealed(sender, a)
        assert receivers[1].open(frame) == b"frame"
        with pytest.raises(pqrtc.DecryptionError):
            receivers[0].open(frame)
        # What comes next on one side is no commit of the other.
        b.refresh()
        await until(lambda: epoch(d) == 5)
        entry = play.server.sides[b.reference].log[-1]
        play.server.send(play.meeting, c.reference, play.meeting.commit_for(c.reference, entry))
        await until(lambda: c.refused)
        took_none_of(c, HandshakeFailedError=1)
        await asyncio.gather(hear(a, c), hear(b, d))


async def altered() -> None:
    """First what is altered or lacks something, then the true message: nothing of the former has left a trace."""
    async with Play() as play:
        a, b, c = await play.meet(3)
        mine = commits_to(c)

        def worse(to: bytes, message: Message) -> List[Message]:
            if not mine(to, message):
                return [message]
            if not message["box"]:  # a join
                card = message["cards"][0]
                return [{**message, "cards": []}, {**message, "cards": [flipped(card)]}, {**message, "cards": [b64(b"no card")]}, {**message, "box": b64(bytes(1168))}, message]
            other = play.meeting.log[-1].boxes[b.reference]
            return [{**message, "commit": flipped(message["commit"])}, {**message, "commit": flipped(message["commit"], 3)}, {**message, "box": other},
                    {**message, "box": ""}, {**message, "box": flipped(message["box"])}, {"type": "commit"}, {"type": "none of these"}, message]  # fmt: skip

        play.server.tamper = worse
        a.refresh()
        await agree(a, b, c, at=3)
        took_none_of(c, BadSignatureError=1, UnexpectedMessageError=1, DecryptionError=2, MalformedMessageError=1, KeyError=1)
        c.refused.clear()
        d = await play.come()
        await agree(a, b, c, d)
        await hear(a, b, c, d)
        took_none_of(c, UnknownKeyIdError=2, InvalidLengthError=1, MalformedMessageError=1)


async def rosters() -> None:
    """Other rosters for the one who comes, and what else a welcome can lack."""
    async with Play() as play:
        a, b = await play.meet(2)
        before, other = a.meeting.roster(), play.keys[4].fingerprint

        def worse(to: bytes, message: Message) -> List[Message]:
            if message["type"] != "welcome":
                return [message]
            roster = unb64(message["roster"])
            for_b = play.meeting.log[0].message["welcomes"][b64(b.reference)]
            return [{**message, **change} for change in (
                {"roster": b64(before)}, {"roster": b64(roster[:2] + other + roster[34:])}, {"roster": flipped(message["roster"], 40)}, {"roster": b64(roster[:-1])},
                {"welcome": for_b}, {"welcome": flipped(message["welcome"])}, {"commit": flipped(message["commit"])}, {"cards": []}, {})]  # fmt: skip

        play.server.tamper = worse
        c = await play.come()
        await agree(a, b, c)
        await hear(a, b, c)
        took_none_of(c, HandshakeFailedError=3, error=1, UnexpectedMessageError=1, DecryptionError=1, BadSignatureError=1, UnknownKeyIdError=1)


async def strangers() -> None:
    """The server wants to come in itself, or to have somebody in a meeting of its own."""
    async with Play() as play:
        a, b = await play.meet(2)
        identity = SigningKey.generate(IDENTITY)
        card = MeetingCard(identity, 2**40)
        for one in (a, b):
            play.server.send(play.meeting, one.reference, {"type": "card", "card": b64(card.encoded)})
            await until(lambda: one.refused)
            took_none_of(one, NotInvited=1)
        assert len(play.meeting.log) == 1

        # A meeting of the server's own, in which it has added Carol, and Ada's true card so that it looks like hers.
        own = pqrtc.Meeting.create(identity, card, 0)
        play.server.tamper = lambda to, message: [message] if to in (a.reference, b.reference) else []
        c = await play.come()
        await until(lambda: epoch(a) == 2)
        cards = [b64(play.meeting.cards[one]) for one in (c.reference, a.reference)] + [b64(card.encoded)]
        commit = own.commit([unb64(one) for one in cards[:2]])
        welcome = own.outgoing()[0].data
        own.accepted()
        play.server.tamper = lambda to, message: [message]
        false = {"welcome": b64(welcome), "commit": b64(commit), "roster": b64(own.roster()), "cards": cards}
        play.server.send(play.meeting, c.reference, {"type": "welcome", **false})
        await until(lambda: c.refused)
        took_none_of(c, NotInvited=1)
        await c.resume()
        await agree(a, b, c)
        await hear(a, b, c)


async def bad_members() -> None:
    """What a member may not do: the server shuts it out, and the others do not notice."""
    async with Play() as play:
        a, b, c = await play.meet(3)
        first = play.meeting.log[0].message
        for text in ("", "[]", "{}", '{"type": "create"}', '{"type": "card", "card": "?"}', '{"type": "_connection"}', b"\xff\0", '{"type": "commit", "commit": ""}'):
            async with connect(f"{play.server.url}/room") as socket:
                await socket.send(text)
                with pytest.raises(ConnectionClosed):
                    await socket.recv()
        b._send({**first, "commit": flipped(first["commit"], 38)})
        b._send({"type": "roster", "epoch": 1, "roster": ""})
        a.refresh()
        await agree(a, b, c, at=3)
        await hear(a, b, c)
        assert len(play.meeting.log) == 3 and play.meeting.rosters[1]


@pytest.mark.parametrize("play", [conflicts, late, host_gone, drops, reorders, replays, forks, altered, rosters, strangers, bad_members], ids=lambda play: play.__name__)
def test(play: Callable[[], Any]) -> None:
    asyncio.run(asyncio.wait_for(play(), 60))
