"""examples/browser/handshake.js in Node and libpqrtc, over a pipe: calls and rekeys in both roles, and both refuse the same with the same code.

    PYTHONPATH=bindings/python/src PQRTC_LIBRARY=... NOBLE=... library.py
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple, Union

import pqrtc
from pqrtc import SignatureAlgorithm, SigningKey
from pqrtc._api import Status
from pqrtc.call import Call, Direction, Policy, PolicyOption, Profile

here = Path(__file__).resolve().parent
EK, CT, M2_HEAD = 1216, 1120, 3 + 1120 + 1216
FLAGS = {"anyPeer": PolicyOption.ANY_PEER, "anonymousPeer": PolicyOption.ANONYMOUS_PEER, "requireBinding": PolicyOption.REQUIRE_BINDING}


class Refused(Exception):
    """A code of either implementation."""

    def __init__(self, code: Optional[int], text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


class Node:
    """The process, and a call in it."""

    process = subprocess.Popen(
        ["node", "--import", str(here / "node.mjs"), str(here / "call.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    names = count()

    def __init__(self, me: Optional[SigningKey], **options: Any) -> None:
        self.name = next(self.names)
        options = {key: value.hex() if isinstance(value, bytes) else value for key, value in options.items()}
        options["pins"] = [pin.hex() for pin in options.get("pins", [])]
        mark = self.ask("new", options={**options, "pem": pem(me) if me else None})
        assert mark == (me.fingerprint.hex() if me else None)

    def ask(self, what: str, **rest: Any) -> Any:
        self.process.stdin.write(json.dumps({"do": what, "call": self.name, **rest}) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        if "error" in said:
            assert said["code"], said["stack"]  # anything else is a fault of the page's code
            raise Refused(said["code"], said["error"])
        return said["result"]

    def offer(self) -> bytes:
        return bytes.fromhex(self.ask("offer"))

    def receive(self, message: bytes, binding: bytes = b"") -> bytes:
        return bytes.fromhex(self.ask("receive", message=message.hex(), binding=binding.hex()))

    def pin(self, fingerprint: bytes) -> None:
        self.ask("pin", fingerprint=fingerprint.hex())

    def become(self, shows: SigningKey, *signs: SigningKey) -> None:
        """Shows the key of one identity, and signs with the ML-DSA half of a second and the Ed25519 half of a third."""
        self.ask("become", shows=pem(shows), signs=[pem(key) for key in signs])

    def info(self, stream: int = 0) -> Dict[str, Any]:
        return self.ask("info", stream=stream)


class Library:
    """The same with libpqrtc."""

    def __init__(self, me: Optional[SigningKey], pins: Iterable[bytes] = (), psk: bytes = b"", binding: bytes = b"", credential: bytes = b"", **flags: bool) -> None:
        policy = Policy(Profile.DEFAULT)
        for pin in pins:
            policy.set(PolicyOption.PIN, pin)
        if psk:
            policy.set(PolicyOption.PSK, psk)
        for flag in flags:
            policy.set(FLAGS[flag])
        self.call = Call(policy, me, binding=binding, credential=credential)

    def offer(self) -> bytes:
        return told(self.call.offer)

    def receive(self, message: bytes, binding: bytes = b"") -> bytes:
        return told(lambda: self.call.receive(message, binding))

    def pin(self, fingerprint: bytes) -> None:
        self.call.pin(fingerprint)

    def info(self, stream: int = 0) -> Dict[str, Any]:
        info = self.call.info()
        found = {"state": info.state.name.lower()}
        if info.state < 3 and not info.may_send:
            return found
        peer, (sending, own), (receiving, theirs) = self.call.peer(), *(self.call.sframe_key(way, stream) for way in Direction)
        return {
            **found, "role": info.role, "epoch": info.epoch, "sas": self.call.sas(), "credential": peer.credential.hex(),
            "peer": info.peer_fingerprint.hex() if info.peer_identity else None, "exported": self.call.session().export("test").hex(),
            "sending": [str(sending), own.hex()], "receiving": [str(receiving), theirs.hex()],
        }  # fmt: skip


Side = Union[Node, Library]


def told(work: Callable[[], bytes]) -> bytes:
    try:
        return work()
    except pqrtc.PqrtcError as why:
        raise Refused(why.code, str(why)) from why


def pem(key: SigningKey) -> str:
    return key.export_file(pqrtc.KeyFormat.PEM).decode()


def identity() -> SigningKey:
    return SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519)


def altered(message: bytes, at: int, by: int = 1) -> bytes:
    return message[:at] + bytes([message[at] ^ by]) + message[at + 1 :]


def put(message: bytes, at: int, value: bytes) -> bytes:
    return message[:at] + value + message[at + len(value) :]


def refuses(side: Side, message: bytes, codes: Union[int, Tuple[int, ...]], binding: bytes = b"", what: str = "") -> None:
    codes = codes if isinstance(codes, tuple) else (codes,)
    name, before = type(side).__name__, side.info()["state"]
    try:
        side.receive(message, binding)
    except Refused as why:
        assert why.code in codes, f"{name}, {what}: {why}, not {codes}"
    else:
        raise AssertionError(f"{name}, {what}: taken, not {codes}")
    assert side.info()["state"] == before, f"{name}, {what}: a refusal changed the state"


ALICE, BOB, MALLORY = identity(), identity(), identity()
A, B = b"\xa1" * 32, b"\xb2" * 32  # DTLS fingerprints


def pair(first: type, second: type, a: Dict[str, Any] = {}, b: Dict[str, Any] = {}) -> Tuple[Any, Any]:
    return (
        first(a.pop("me", ALICE), **{"pins": [BOB.fingerprint], "binding": A, **a}),
        second(b.pop("me", BOB), **{"pins": [ALICE.fingerprint], "binding": B, **b}),
    )


def agree(one: Side, other: Side, epoch: int, states: Tuple[str, str] = ("confirmed", "done")) -> None:
    stream = epoch % 2 * 5
    i, r = one.info(stream), other.info(stream)
    assert (i["state"], r["state"]) == states and i["epoch"] == r["epoch"] == epoch and (i["role"], r["role"]) == (1, 2), (i, r)
    assert i["sas"] == r["sas"] and len(i["sas"]) == 10 and i["exported"] == r["exported"], (i, r)
    assert i["sending"] == r["receiving"] and r["sending"] == i["receiving"], (i, r)


def shake(one: Side, other: Side, a: bytes = A, b: bytes = B) -> List[bytes]:
    """A whole handshake, in which every message comes twice."""
    m1 = one.offer()
    m2, again = other.receive(m1), other.receive(m1)
    m3, again3 = one.receive(m2, b), one.receive(m2, b)
    assert one.info()["state"] == "done" and other.info()["state"] == "answered"
    ack, again4 = other.receive(m3, a), other.receive(m3, a)
    assert one.receive(ack) == one.receive(ack) == b"" and (m2, m3, ack) == (again, again3, again4)
    return [m1, m2, m3, ack]


def calls(first: type, second: type) -> None:
    one, other = pair(first, second, {"credential": b"alice@example.org"}, {"credential": b"x" * 300})
    sizes = [len(m) for m in shake(one, other)]
    assert sizes == [1260, 7748 + 300, 6563 + 17, 18], sizes
    agree(one, other, 0)
    assert one.info()["peer"] == BOB.fingerprint.hex() and other.info()["peer"] == ALICE.fingerprint.hex()
    assert other.info()["credential"] == b"alice@example.org".hex() and one.info()["credential"] == (b"x" * 300).hex()
    # Rekeys by either side, one after the other, with the messages of the epoch before in between.
    last, seen = shake(one, other), set()
    agree(one, other, 1)
    for epoch, (i, r, a, b) in enumerate([(other, one, B, A), (other, one, B, A), (one, other, A, B), (one, other, A, B)], 2):
        old, last = last, shake(i, r, a, b)
        agree(i, r, epoch)
        for side in (i, r):
            for message in old:
                refuses(side, message, (Status.UNEXPECTED_MESSAGE, Status.POLICY_REFUSED), what="a message of an earlier epoch")
        seen.add(i.info()["exported"])
    assert len(seen) == 4


def sides_without_identity(first: type, second: type) -> None:
    guest = {"me": None, "binding": b""}
    one, other = pair(first, second, guest, {"anonymousPeer": True, "pins": [], "binding": b""})
    shake(one, other, b"", b"")
    agree(one, other, 0)
    assert other.info()["peer"] is None
    shake(other, one, b"", b"")
    agree(other, one, 1)
    psk = {"psk": b"\7" * 32}
    one, other = pair(first, second, dict(psk), dict(psk))
    shake(one, other)
    agree(one, other, 0)


def glare(first: type, second: type) -> None:
    """Both begin a rekey: the smaller offer stays, whoever made it."""
    winners = set()
    one, other = pair(first, second)
    shake(one, other)
    epoch = 0
    while len(winners) < 2:
        epoch += 1
        assert epoch < 60, "one side always wins"
        offers = {one: one.offer(), other: other.offer()}
        smaller, larger = sorted(offers, key=lambda side: offers[side])
        a, b = (A, B) if smaller is one else (B, A)
        assert smaller.receive(offers[larger]) == b""
        m2 = larger.receive(offers[smaller])
        ack = larger.receive(smaller.receive(m2, b), a)
        smaller.receive(ack)
        agree(smaller, larger, epoch)
        winners.add(smaller)


def unconfirmed(first: type, second: type) -> None:
    """The acknowledgement is late: it is taken during the next rekey, and needed for nothing else."""
    one, other = pair(first, second)
    ack = other.receive(one.receive(other.receive(m1 := one.offer()), B), A)
    assert one.info()["state"] == "done"
    m1 = one.offer()
    refuses(one, altered(ack, 9), Status.HANDSHAKE_FAILED, what="ack altered")
    assert one.receive(ack) == b""
    refuses(one, other.receive(m1)[:99], Status.MALFORMED_MESSAGE, what="an answer cut off")
    one.receive(other.receive(one.receive(other.receive(m1), B), A))
    agree(one, other, 1)


def bad_offers(victim: type) -> None:
    one, side = pair(Library, victim)
    m1 = one.offer()
    suite = m1[41:]  # u8 suite || u16 length || ek
    other = b"\x09\x00\x03abc"
    cases = [
        ("empty", b"", Status.MALFORMED_MESSAGE), ("two bytes", m1[:2], Status.MALFORMED_MESSAGE), ("too long", m1 + bytes(65536 - len(m1)), Status.MALFORMED_MESSAGE),
        ("type 0", put(m1, 1, b"\0"), Status.MALFORMED_MESSAGE), ("type 5", put(m1, 1, b"\5"), Status.MALFORMED_MESSAGE), ("version 0", put(m1, 0, b"\0"), Status.VERSION_REFUSED),
        ("version 2", put(m1, 0, b"\2"), Status.VERSION_REFUSED), ("version 2, type 5", b"\2\5" + m1[2:], Status.MALFORMED_MESSAGE),
        ("an answer", put(m1, 1, b"\2"), Status.UNEXPECTED_MESSAGE), ("a finish", put(m1, 1, b"\3"), Status.UNEXPECTED_MESSAGE), ("an ack", put(m1, 1, b"\4"), Status.UNEXPECTED_MESSAGE),
        ("mode 1", put(m1, 3, b"\1"), Status.POLICY_REFUSED), ("mode 2", put(m1, 3, b"\2"), Status.POLICY_REFUSED), ("mode 3", put(m1, 3, b"\3"), Status.POLICY_REFUSED),
        ("epoch 1", put(m1, 7, b"\1"), Status.UNEXPECTED_MESSAGE), ("mode 1, epoch 1", put(put(m1, 3, b"\1"), 7, b"\1"), Status.POLICY_REFUSED),
        ("no suites", m1[:40] + b"\0", Status.MALFORMED_MESSAGE), ("five suites", m1[:40] + b"\5" + other * 4 + suite, Status.MALFORMED_MESSAGE),
        ("twice the same suite", m1[:40] + b"\2" + suite + suite, Status.MALFORMED_MESSAGE), ("twice an unknown suite", m1[:40] + b"\3" + other * 2 + suite, Status.MALFORMED_MESSAGE),
        ("unknown suites alone", m1[:40] + b"\1" + other, Status.POLICY_REFUSED), ("one suite less", put(m1, 40, b"\2"), Status.MALFORMED_MESSAGE),
        ("a suite of another length", m1[:40] + b"\1\1\0\3abc", Status.MALFORMED_MESSAGE), ("suite 2 of another length", m1[:40] + b"\2\2\0\3abc" + suite, Status.MALFORMED_MESSAGE),
        ("a byte more", m1 + b"\0", Status.MALFORMED_MESSAGE), ("a key of ones", put(m1, 44, b"\xff" * 1184), Status.INVALID_KEY), ("X25519 zero", m1[:-32] + bytes(32), Status.NON_CONTRIBUTORY),
        ("a key of ones and X25519 zero", m1[:44] + b"\xff" * 1184 + bytes(32), Status.INVALID_KEY),
        *((f"cut at {cut}", m1[:cut], Status.MALFORMED_MESSAGE) for cut in (3, 4, 8, 39, 40, 41, 43, 44, 1000, 1259)),
    ]  # fmt: skip
    for what, message, code in cases:
        refuses(side, message, code, what=f"offer, {what}")
    # What is taken of an altered offer does not help whoever altered it: the transcript differs.
    for at in (2, 8, 39, 44, 1227, 1259):
        fresh = pair(Library, victim)[1]
        try:
            m2 = fresh.receive(altered(m1, at))
        except Refused as why:
            assert why.code in (Status.INVALID_KEY, Status.VERSION_REFUSED), (at, why)
            continue
        refuses(one, m2, Status.HANDSHAKE_FAILED, B, f"the answer to an offer altered at {at}")
    # The suite among unknown ones.
    side.receive(m1[:40] + b"\2" + other + suite)
    side = pair(Library, victim)[1]
    one.receive(side.receive(m1), B)


def bad_answers(victim: type, peer: type) -> None:
    one, other = pair(victim, peer)
    m1 = one.offer()
    m2 = other.receive(m1)
    failed, malformed, keys = Status.HANDSHAKE_FAILED, Status.MALFORMED_MESSAGE, (Status.INVALID_KEY, Status.HANDSHAKE_FAILED)
    for at in {*range(3, len(m2), 157), 3 + CT, M2_HEAD - 1, M2_HEAD, len(m2) - 1}:
        refuses(one, altered(m2, at, 1 << at % 8), keys, B, f"answer altered at {at}")
    earlier, stranger = pair(Library, peer)[1], peer(MALLORY, pins=[ALICE.fingerprint], binding=B)
    cases = [
        ("the offer reflected", m1, Status.UNEXPECTED_MESSAGE), ("suite 2", put(m2, 2, b"\2"), Status.POLICY_REFUSED), ("cut in its keys", m2[:2000], malformed),
        ("cut in its tag", m2[: M2_HEAD + 19], malformed), ("cut in its seal", m2[:-1], failed), ("a byte more", m2 + b"\0", failed),
        ("a key of ones", put(m2, 3 + CT, b"\xff" * 1184), Status.INVALID_KEY), ("X25519 of the key zero", put(m2, M2_HEAD - 32, bytes(32)), Status.NON_CONTRIBUTORY),
        ("X25519 of the ciphertext zero", put(m2, 3 + CT - 32, bytes(32)), Status.NON_CONTRIBUTORY), ("of another call", earlier.receive(Library(ALICE).offer()), failed),
        ("of somebody else", stranger.receive(m1), Status.PEER_REJECTED),
        ("of somebody without identity", peer(None, pins=[ALICE.fingerprint], binding=B).receive(m1), Status.PEER_ANONYMOUS),
        ("for another certificate", peer(BOB, pins=[ALICE.fingerprint], binding=A).receive(m1), Status.BINDING_MISMATCH),
        ("without a binding", peer(BOB, pins=[ALICE.fingerprint]).receive(m1), Status.BINDING_MISMATCH),
    ]  # fmt: skip
    for what, message, code in cases:
        refuses(one, message, code, B, f"answer {what}")
    anyone, again = victim(ALICE, anyPeer=True, binding=A), peer(ALICE, anyPeer=True, binding=B)
    refuses(anyone, again.receive(anyone.offer()), Status.PEER_REJECTED, B, "answer of ourselves")
    refuses(one, m2, Status.BINDING_MISMATCH, A, "another certificate in the SDP")
    refuses(one, m2, Status.BINDING_MISMATCH, b"", "no certificate in the SDP")
    m3 = one.receive(m2, B)
    refuses(one, stranger.receive(m1), Status.UNEXPECTED_MESSAGE, B, "a second answer")

    others = {at: altered(m3, at, 1 << at % 8) for at in {*range(2, len(m3), 211), 2 + CT, len(m3) - 1}}
    refused = [
        *((f"altered at {at}", message, failed) for at, message in others.items()),
        ("cut in its tag", m3[: 2 + CT + 40], malformed), ("cut in its seal", m3[:-1], failed), ("X25519 zero", put(m3, 2 + CT - 32, bytes(32)), Status.NON_CONTRIBUTORY),
        ("an answer reflected", m2, Status.UNEXPECTED_MESSAGE), ("an ack", b"\1\4" + bytes(16), Status.UNEXPECTED_MESSAGE),
    ]  # fmt: skip
    for what, message, code in refused:
        refuses(other, message, code, A, f"finish {what}")
    refuses(other, m3, Status.BINDING_MISMATCH, B, "another certificate in the SDP")
    ack = other.receive(m3, A)
    for what, message, code in (("altered", altered(ack, 17), failed), ("cut", ack[:-1], malformed), ("longer", ack + b"\0", malformed)):
        refuses(one, message, code, what=f"ack {what}")
    one.receive(ack)
    agree(one, other, 0)


def bad_finishes(victim: type, peer: type) -> None:
    """Who may not finish, and who may after a look at it."""
    for what, me, options, code in (
        ("of somebody else", MALLORY, {}, Status.PEER_REJECTED), ("of somebody without identity", None, {}, Status.PEER_ANONYMOUS),
        ("for another certificate", ALICE, {"binding": B}, Status.BINDING_MISMATCH),
    ):  # fmt: skip
        one, other = pair(peer, victim, {"me": me, **options})
        m3 = one.receive(other.receive(one.offer()), B)
        refuses(other, m3, code, A, f"finish {what}")
        if me is MALLORY:
            other.pin(MALLORY.fingerprint)
            one.receive(other.receive(m3, A))
            agree(one, other, 0)
    one, other = pair(peer, victim, {"psk": b"\1" * 32})
    refuses(other, one.offer(), Status.POLICY_REFUSED, what="a PSK where none is known")
    one, other = pair(victim, peer, {"psk": b"\1" * 32}, {"psk": b"\2" * 32})
    refuses(one, other.receive(one.offer()), Status.HANDSHAKE_FAILED, B, "another PSK")
    one, other = pair(peer, victim, {"binding": b""}, {"requireBinding": True})
    refuses(other, one.receive(other.receive(one.offer()), B), Status.BINDING_MISMATCH, b"", "no binding where one is asked for")


def dishonest(victim: type) -> None:
    """A peer with code of its own, which shows a key that it has not got, or another one in a rekey."""
    for halves in ((True, True), (True, False), (False, True), (False, False)):
        one, other = pair(Node, victim)
        one.become(ALICE, *(ALICE if right else MALLORY for right in halves))
        m3 = one.receive(other.receive(one.offer()), B)
        refuses(other, m3, Status.BAD_SIGNATURE, A, f"a finish, halves {halves}") if not all(halves) else other.receive(m3, A)
        one, other = pair(victim, Node)
        other.become(BOB, *(BOB if right else MALLORY for right in halves))
        m2 = other.receive(one.offer())
        refuses(one, m2, Status.BAD_SIGNATURE, B, f"an answer, halves {halves}") if not all(halves) else one.receive(m2, B)
    one, other = pair(Node, victim)
    m1 = one.offer()
    one.ask("forget")
    refuses(other, one.receive(other.receive(m1), B), Status.HANDSHAKE_FAILED, A, "a finish that does not open the commitment")
    one, other = pair(Node, victim)
    other.pin(MALLORY.fingerprint)
    shake(one, other)
    one.become(MALLORY, MALLORY, MALLORY)
    refuses(other, one.receive(other.receive(one.offer()), B), Status.PEER_REJECTED, A, "another identity in a rekey, though pinned")


def main() -> None:
    for pairing in ((Node, Library), (Library, Node), (Node, Node)):
        for test in (calls, sides_without_identity, glare, unconfirmed):
            test(*pairing)
    print("calls, rekeys, guests, a PSK, glare: both roles", flush=True)
    for victim, peer in ((Node, Library), (Library, Node)):
        bad_offers(victim)
        bad_answers(victim, peer)
        bad_finishes(victim, peer)
        dishonest(victim)
    print("altered, cut, swapped and dishonest messages: refused with the same codes", flush=True)
    Node.process.stdin.close()
    assert Node.process.wait(10) == 0


if __name__ == "__main__":
    sys.exit(main())
