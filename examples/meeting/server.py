#!/usr/bin/env python3
"""A delivery server for meetings, in memory: puts commits in one order, keeps cards, forwards what is for others. It holds no key and nobody
trusts it; docs/meeting.md says what it has to do, and has the messages.

    server.py [--port PORT]        listens on loopback; a meeting is a path, such as ws://127.0.0.1:PORT/standup

Who may connect is not its concern here. A real one asks its users to log in, and limits what it keeps.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import struct
from typing import Any, Dict, List, NamedTuple, Optional, Set, Tuple

from websockets.asyncio.server import ServerConnection, broadcast, serve

MAX_MESSAGE = 1 << 24  # a leave has a box of 1,168 bytes for each member that stays


class Commit(NamedTuple):
    """What a commit says. Nothing is verified here; members do that."""

    epoch: int
    committer: int
    removed: Tuple[int, ...]
    added: Dict[bytes, int]  # reference of the card: index
    fresh: bool

    @classmethod
    def parse(cls, commit: bytes) -> Commit:
        """struct.error, IndexError or ValueError for what is none. Version, suite and group are 35 bytes before the epoch."""
        epoch, committer, count = struct.unpack_from(">IHH", commit, 35)
        removed, at = struct.unpack_from(f">{count}H", commit, 43), 45 + 2 * count
        (count,) = struct.unpack_from(">H", commit, at - 2)
        added = {card: index for index, card in struct.iter_unpack(">H32s", commit[at : at + 34 * count])}
        return cls(epoch, committer, removed, added, commit[at + 34 * count] == 1)


def reference(card: bytes) -> bytes:
    return hashlib.sha512(b"pqrtc card v1" + card).digest()[:32]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


# docs:begin meeting
class Entry(NamedTuple):
    """A commit in its place, with what goes to single members."""

    commit: Commit
    message: Dict[str, Any]  # as it came
    boxes: Dict[bytes, str]  # reference of the member's card: box
    cards: List[str]  # of all members, and the commits with which they last changed their leaf keys


class Meeting:
    """What the server knows of a meeting. A member is known by the reference of its card."""

    def __init__(self) -> None:
        self.cards: Dict[bytes, bytes] = {}
        self.members: Dict[int, bytes] = {}
        self.applicants: Set[bytes] = set()
        self.leaving: Set[int] = set()
        self.leaf_commits: Dict[int, str] = {}
        self.log: List[Entry] = []  # the commit of epoch n is at n - 1
        self.rosters: Dict[int, str] = {}  # of epochs in which somebody came
        self.online: Dict[bytes, ServerConnection] = {}

    def index(self, member: bytes) -> Optional[int]:
        return next((index for index, one in self.members.items() if one == member), None)

    def take(self, sender: bytes, message: Dict[str, Any]) -> Entry:
        """Puts a commit into the order. ValueError if it is not the first one for the next epoch, or not the sender's own."""
        commit = Commit.parse(unb64(message["commit"]))
        if commit.epoch != len(self.log) + 1:
            raise ValueError("another commit was first")
        if self.members.get(commit.committer) != sender or not commit.added.keys() <= self.cards.keys():
            raise ValueError("not the sender's own, or a card that is not here")
        boxes = {self.members[int(index)]: box for index, box in message["boxes"].items()}
        self.applicants -= commit.added.keys()
        self.leaving.difference_update(commit.removed)
        for index in commit.removed:
            self.members.pop(index, None)
            self.leaf_commits.pop(index, None)
        self.members.update((index, card) for card, index in commit.added.items())
        if commit.fresh:
            self.leaf_commits[commit.committer] = message["commit"]
        cards = [b64(self.cards[member]) for member in self.members.values()] if commit.added else []
        self.log.append(Entry(commit, message, boxes, cards + list(self.leaf_commits.values())))
        return self.log[-1]

    def commit_for(self, member: bytes, entry: Entry) -> Dict[str, Any]:
        cards = [b64(self.cards[card]) for card in entry.commit.added]
        return {"type": "commit", "commit": entry.message["commit"], "box": entry.boxes.get(member, ""), "cards": cards}

    def wanted(self) -> List[Dict[str, Any]]:
        """Who wants to come or to leave, for a member that was not told yet."""
        cards: List[Dict[str, Any]] = [{"type": "card", "card": b64(self.cards[card])} for card in self.applicants]
        return cards + [{"type": "leave", "index": index} for index in self.leaving]

    def since(self, member: bytes, epoch: int) -> List[Dict[str, Any]]:
        return [self.commit_for(member, entry) for entry in self.log[epoch:]] + self.wanted()

    def welcome_for(self, member: bytes) -> List[Dict[str, Any]]:
        """The welcome and the commits after it; nothing as long as nobody has added this member, or its committer has not sent the roster."""
        entry = next((entry for entry in reversed(self.log) if member in entry.commit.added), None)
        if entry is None or entry.commit.epoch not in self.rosters:
            return []
        message, roster = entry.message, self.rosters[entry.commit.epoch]
        welcome = {"welcome": message["welcomes"][b64(member)], "commit": message["commit"], "roster": roster, "cards": entry.cards}
        return [{"type": "welcome", **welcome}, *self.since(member, entry.commit.epoch)]
# docs:end meeting


class Server:
    """async with Server() as server: ..."""

    def __init__(self, port: int = 0) -> None:
        self.meetings: Dict[str, Meeting] = {}
        self._port = port

    async def __aenter__(self) -> Server:
        self._server = await serve(self._connection, "127.0.0.1", self._port, max_size=MAX_MESSAGE)
        self.url = f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: Any) -> None:
        self._server.close()
        await self._server.wait_closed()

    def send(self, meeting: Meeting, member: bytes, *messages: Dict[str, Any]) -> None:
        """To a member, if it is there. One that is not asks for what it missed when it comes back. Nobody waits for a slow one."""
        for message in messages if member in meeting.online else ():
            broadcast([meeting.online[member]], json.dumps(message))

    async def _connection(self, connection: ServerConnection) -> None:
        meeting, me = self.meetings.setdefault(connection.request.path, Meeting()), b""
        actions = {"create": self._create, "card": self._card, "resume": self._resume, "commit": self._commit, "roster": self._roster, "leave": self._leave}
        try:
            async for text in connection:
                message = json.loads(text)
                if message["type"] in ("create", "card", "resume"):
                    me = unb64(message["reference"]) if message["type"] == "resume" else reference(unb64(message["card"]))
                    meeting.online[me] = connection
                actions[message["type"]](meeting, me, message)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error) as why:
            await connection.close(1008, f"refused: {type(why).__name__}")
        finally:
            if meeting.online.get(me) is connection:
                del meeting.online[me]

    def _create(self, meeting: Meeting, me: bytes, message: Dict[str, Any]) -> None:
        if meeting.members:
            raise ValueError("there is one already")
        meeting.cards[me] = unb64(message["card"])
        meeting.members[0] = me
        self.send(meeting, me, *meeting.wanted())

    def _card(self, meeting: Meeting, me: bytes, message: Dict[str, Any]) -> None:
        meeting.cards[me] = unb64(message["card"])
        if meeting.index(me) is not None:
            return self.send(meeting, me, *meeting.welcome_for(me))
        meeting.applicants.add(me)
        for member in meeting.members.values():
            self.send(meeting, member, message)

    def _resume(self, meeting: Meeting, me: bytes, message: Dict[str, Any]) -> None:
        self.send(meeting, me, *meeting.since(me, int(message["epoch"])))

    def _commit(self, meeting: Meeting, me: bytes, message: Dict[str, Any]) -> None:
        others = [member for member in meeting.members.values() if member != me]
        try:
            entry = meeting.take(me, message)
        except ValueError as why:
            # The one that was first has gone to this member already.
            return self.send(meeting, me, {"type": "refused", "commit": message["commit"], "why": str(why)})
        self.send(meeting, me, {"type": "accepted", "commit": message["commit"]})
        for member in others:
            self.send(meeting, member, meeting.commit_for(member, entry))

    def _roster(self, meeting: Meeting, me: bytes, message: Dict[str, Any]) -> None:
        commit = meeting.log[int(message["epoch"]) - 1].commit
        if meeting.members.get(commit.committer) == me:
            meeting.rosters[commit.epoch] = message["roster"]
            for member in commit.added:
                self.send(meeting, member, *meeting.welcome_for(member))

    def _leave(self, meeting: Meeting, me: bytes, message: Dict[str, Any]) -> None:
        """A member does not remove itself: the others are told."""
        index = meeting.index(me)
        if index is not None:
            meeting.leaving.add(index)
            for member in meeting.members.values():
                self.send(meeting, member, {"type": "leave", "index": index})


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8765)
    async with Server(options.parse_args().port) as server:
        print(f"listening on {server.url}", flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
