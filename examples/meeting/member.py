#!/usr/bin/env python3
"""A member of a meeting over the delivery server, which it does not trust. Run as a program: a meeting of three, one of whom leaves.

It follows the server's events by itself: adds those who are invited, removes those who leave, and makes its commit again when another was first.
"""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections import Counter
from contextlib import suppress
from typing import Any, Callable, Dict, Iterable, Optional, Set

import pqrtc
from pqrtc import CipherSuite, MeetingCard, MeetingMessage, SignatureAlgorithm, SigningKey
from server import MAX_MESSAGE, Commit, Server, b64, reference, unb64
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

IDENTITY = SignatureAlgorithm.ML_DSA_65_ED25519
CIPHER = CipherSuite.AES_256_GCM_SHA512_128
KEM_KEY, PUBLIC_KEY, DAY = 1216, 1984, 86400


class NotInvited(Exception):
    """Somebody is to come in, or in already, whom this member does not know."""


def fingerprint_of(card: bytes) -> bytes:
    """Of its owner. The card is not verified here."""
    at = 11 + 2 * KEM_KEY
    at += 2 + int.from_bytes(card[at : at + 2], "big")
    return pqrtc.fingerprint(IDENTITY, card[at : at + PUBLIC_KEY])


# docs:begin member
class Member:
    """async with Member(identity, url, invited) as me: ...   `invited` are the fingerprints of those who may be in the meeting."""

    def __init__(self, identity: SigningKey, url: str, invited: Set[bytes], create: bool = False) -> None:
        self.identity, self.invited, self._url = identity, invited | {identity.fingerprint}, url
        self._card = MeetingCard(identity, int(time.time()) + DAY)
        self.reference = reference(self._card.encoded)
        self.meeting: Optional[pqrtc.Meeting] = pqrtc.Meeting.create(identity, self._card, int(time.time())) if create else None
        self._waiting: Dict[bytes, bytes] = {}  # cards of those to add, by reference
        self._leaving: Set[int] = set()
        self._refresh = False
        self._pending: Dict[str, Any] = {}  # the own commit, while the server decides
        self.refused: Counter[str] = Counter()  # what the server gave and this member did not take, by class of error
        self._changed = asyncio.Event()

    def roster(self) -> Dict[int, bytes]:
        """Index: fingerprint."""
        return {index: fingerprint for index, fingerprint, _ in struct.iter_unpack(">H32s32s", self.meeting.roster())}

    def _receive(self, message: Dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "welcome":
            self._join(message)
        elif self.meeting is None or self.meeting.info().own_index is None:
            return
        elif kind in ("commit", "accepted") and message["commit"] == self._pending.get("commit"):
            self._accepted()
        elif kind == "commit":
            self._take(message)
        elif kind == "refused" and message["commit"] == self._pending.get("commit"):
            self._pending = {}
            self.meeting.dropped()
        elif kind == "card":
            card = unb64(message["card"])
            self._check([fingerprint_of(card)])
            self._waiting[reference(card)] = card
        elif kind == "leave":
            self._leaving.add(message["index"])

    def _take(self, message: Dict[str, Any]) -> None:
        commit, cards = unb64(message["commit"]), [unb64(card) for card in message["cards"]]
        self._check(map(fingerprint_of, cards))
        self.meeting.receive(commit, unb64(message["box"]), cards, now=int(time.time()))
        self._pending = {}
        self._done(Commit.parse(commit))

    def _join(self, message: Dict[str, Any]) -> None:
        welcome, commit, roster = (unb64(message[field]) for field in ("welcome", "commit", "roster"))
        # A server could make a meeting of its own and welcome people there.
        self._check(fingerprint for _, fingerprint, _ in struct.iter_unpack(">H32s32s", roster))
        cards = [unb64(card) for card in message["cards"]]
        self.meeting = pqrtc.Meeting.join(self.identity, self._card, welcome, commit, roster, cards, int(time.time()))

    def _check(self, fingerprints: Iterable[bytes]) -> None:
        if not self.invited.issuperset(fingerprints):
            raise NotInvited

    def _accepted(self) -> None:
        commit, self._pending = Commit.parse(unb64(self._pending["commit"])), {}
        self.meeting.accepted()
        self._refresh &= not commit.fresh
        self._done(commit)
        if commit.added:
            self._send({"type": "roster", "epoch": commit.epoch, "roster": b64(self.meeting.roster())})

    def _done(self, commit: Commit) -> None:
        for card in commit.added:
            self._waiting.pop(card, None)
        self._leaving.difference_update(commit.removed)

    def _commit(self) -> None:
        """Of those who stay, the one with the lowest index adds and removes. Leaves that come together go into one commit."""
        own = None if self.meeting is None else self.meeting.info().own_index
        if own is None or self._pending:
            return
        indexes = self.roster().keys()
        self._leaving &= indexes
        first = own == min(indexes - self._leaving, default=None)
        remove, card = sorted(self._leaving) if first else [], next(iter(self._waiting), None) if first else None
        try:
            if remove or self._refresh:
                commit = self.meeting.commit(remove=remove, fresh=True)
            elif card is not None:
                commit = self.meeting.commit([self._waiting[card]])
            else:
                return
        except pqrtc.PqrtcError as why:  # a card that is none, or one that the server has not shown yet
            self.refused[type(why).__name__] += 1
            if remove or self._refresh:
                self._leaving, self._refresh = set(), False
            else:
                del self._waiting[card]
            return self._commit()
        outgoing = self.meeting.outgoing()
        boxes = {one.member: b64(one.data) for one in outgoing if one.kind is MeetingMessage.BOX}
        welcomes = {b64(one.reference): b64(one.data) for one in outgoing if one.kind is MeetingMessage.WELCOME}
        self._pending = {"type": "commit", "commit": b64(commit), "boxes": boxes, "welcomes": welcomes}
        self._send(self._pending)

    def refresh(self) -> None:
        """A fresh secret and a new leaf key, which heals the meeting if this member's secrets had leaked. Do it every five minutes, in turn."""
        self._refresh = True
        self._commit()

    def remove(self, index: int) -> None:
        """Of somebody who is gone without a word. Only the member with the lowest index does it."""
        self._leaving.add(index)
        self._commit()

    def leave(self) -> None:
        """Asks the others to remove this member."""
        self._send({"type": "leave"})
# docs:end member

    async def __aenter__(self) -> Member:
        create = self.meeting is not None
        await self._connect({"type": "create" if create else "card", "card": b64(self._card.encoded)})
        return self

    async def __aexit__(self, *_: Any) -> None:
        for task in self._tasks:
            task.cancel()
        await self._socket.close()

    async def resume(self) -> None:
        """Connects again, and gets what it missed."""
        await self.__aexit__()
        if self.meeting is None:
            await self._connect({"type": "card", "card": b64(self._card.encoded)})
        else:
            await self._connect({"type": "resume", "reference": b64(self.reference), "epoch": self.meeting.info().epoch})
            if self._pending:
                self._send(self._pending)

    async def until(self, condition: Callable[[], Any], seconds: float = 10) -> None:
        """Waits until events have made it true."""

        async def wait() -> None:
            while not condition():
                self._changed.clear()
                await self._changed.wait()

        await asyncio.wait_for(wait(), seconds)

    async def _connect(self, hello: Dict[str, Any]) -> None:
        self._socket = await connect(self._url, max_size=MAX_MESSAGE)
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._send(hello)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write(self._socket, self._outbox))]

    def _send(self, message: Dict[str, Any]) -> None:
        self._outbox.put_nowait(json.dumps(message))

    async def _write(self, socket: Any, outbox: Any) -> None:
        with suppress(ConnectionClosed):
            while True:
                await socket.send(await outbox.get())

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for text in self._socket:
                try:
                    self._receive(json.loads(text))
                except (pqrtc.PqrtcError, NotInvited, ValueError, LookupError, TypeError, struct.error) as why:
                    # Nothing has changed. Who misses a commit since then shows another code, and asks the server again with resume().
                    self.refused[type(why).__name__] += 1
                self._commit()
                self._changed.set()


async def main() -> None:
    ada, bob, eve = (SigningKey.generate(IDENTITY) for _ in range(3))
    invited = {key.fingerprint for key in (ada, bob, eve)}
    async with Server() as server:
        url = f"{server.url}/standup"
        async with Member(ada, url, invited, create=True) as a, Member(bob, url, invited) as b, Member(eve, url, invited) as e:
            await asyncio.gather(*(one.until(lambda one=one: one.meeting and one.meeting.info().members == 3) for one in (a, b, e)))
            print(f"three read {a.meeting.code()}, {b.meeting.code()}, {e.meeting.code()}")
            sender, receivers = a.meeting.sender(0, CIPHER), [one.meeting.receiver(CIPHER) for one in (b, e)]
            e.leave()
            await e.until(lambda: e.meeting.info().own_index is None)
            await b.until(lambda: b.meeting.info().members == 2)
            await asyncio.sleep(2.1)  # senders change two seconds after a commit
            sealed = sender.seal(b"frame")
            print(f"bob opens {receivers[0].open(sealed)!r}")
            try:
                receivers[1].open(sealed)
            except pqrtc.PqrtcError as why:
                print(f"eve, who left: {why}")


if __name__ == "__main__":
    asyncio.run(main())
