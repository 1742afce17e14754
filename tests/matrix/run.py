"""Makes every pair of peers talk to each other, both ways round: `run.py name=command...`. A peer that this machine cannot run is given as
`name=skipped: why`. README.md says what the peers speak. Needs nothing but Python."""

from __future__ import annotations

import itertools
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

PATIENCE = 300  # seconds for one pair, after which a peer that hangs is ended
SUITES = {1: 96, 2: 32}  # and the length of their seeds
SRTP = {1: 60, 7: 56, 8: 88}
CIPHERS = range(1, 9)
# Algorithms, by their number in the C API: ML-KEM with the lengths of key and of what wrapping adds, signatures with that of the seed.
KEMS = {1: (1184, 1116), 2: (1568, 1596)}
SIGNATURES = {1: 32, 2: 32, 3: 64}
BAD_ARGUMENT, BAD_LENGTH, UNSUPPORTED, BAD_KEY, BAD_TAG, BAD_SIGNATURE, NO_KEY_ID, REPLAYED, REUSED, NOTHING = 4, 2, 5, 16, 18, 19, 49, 50, 51, 53
UNEXPECTED, REJECTED, OTHER_BINDING, ALTERED = 65, 69, 70, 71
# By the profile of a call: the algorithm of its identities.
PROFILES = {1: 3, 2: 2}
NOW = 1000  # of meetings


class Wrong(Exception):
    """What a peer should not have said."""


def hexed(field: object) -> str:
    return (field.hex() or "-") if isinstance(field, bytes) else str(field)


class Peer:
    """A running peer. `peer.verb(fields)` gives its bytes, or None for ok."""

    def __init__(self, name: str, command: str) -> None:
        self.name, self.checks = name, 0
        self.process = subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
        )

    def ask(self, verb: str, *fields: object) -> str:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(" ".join([verb, *map(hexed, fields)]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise Wrong(f"{self.name} said nothing to {verb}")
        self.checks += 1
        return answer.strip()

    def get(self, verb: str, *fields: object) -> bytes:
        answer = self.ask(verb, *fields)
        if answer == "ok" or answer.startswith("error"):
            raise Wrong(f"{self.name} answered {verb} with {answer}")
        return b"" if answer == "-" else bytes.fromhex(answer)

    def do(self, verb: str, *fields: object) -> None:
        answer = self.ask(verb, *fields)
        if answer != "ok":
            raise Wrong(f"{self.name} answered {verb} with {answer[:80]}, not ok")

    def refuses(self, code: int, verb: str, *fields: object) -> None:
        answer = self.ask(verb, *fields)
        if answer != f"error {code}":
            raise Wrong(f"{self.name} answered {verb} with {answer[:80]}, not error {code}")

    def quit(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("quit\n")
        self.process.stdin.close()
        if self.process.wait(timeout=10):
            raise Wrong(f"{self.name} ended with {self.process.returncode}")


def same(what: str, one: bytes, other: bytes) -> None:
    if one != other:
        raise Wrong(f"{what} differs: {one.hex()[:40]} and {other.hex()[:40]}")


def different(what: str, one: bytes, other: bytes) -> None:
    if one == other:
        raise Wrong(f"{what} is the same")


def flipped(data: bytes, place: int = -1) -> bytes:
    altered = bytearray(data)
    altered[place] ^= 1
    return bytes(altered)


def agree(a: Peer, b: Peer, suite: int, kids: Iterator[int]) -> None:
    """`a` initiates, `b` responds; then all that hangs on the session, both ways."""
    seed = os.urandom(SUITES[suite])
    bundle = b.get("keypair", suite, seed)
    same("bundle", bundle, a.get("keypair", suite, seed))
    b.do("respond", a.get("initiate", suite, bundle))
    for label, context, length in ((b"a", b"", 1), (b"chat", b"room 7", 32), (b"l" * 124, os.urandom(300), 16320)):
        same("export", a.get("export", label, context, length), b.get("export", label, context, length))
    different("export", a.get("export", b"chat", b"", 32), b.get("export", b"chat", b"-", 32))
    b.refuses(BAD_LENGTH, "export", b"", b"", 32)
    for profile, length in SRTP.items():
        keys = a.get("srtp", profile)
        same("SRTP keys", keys, b.get("srtp", profile))
        if len(keys) != length:
            raise Wrong(f"SRTP profile {profile} has {len(keys)} bytes")
    a.refuses(BAD_ARGUMENT, "srtp", 2)
    for role in (1, 2):
        same("SFrame base key", a.get("basekey", role, 77), b.get("basekey", role, 77))
    a.refuses(REUSED, "sender", 77, 5)
    a.refuses(BAD_ARGUMENT, "basekey", 3, 77)
    for one, other in ((a, b), (b, a)):
        messages(one, other)
        for cipher in CIPHERS:
            frames(one, other, cipher, next(kids))
    codecs(a, b, next(kids))
    codecs(b, a, next(kids))

    # Another bundle, an altered exchange: no session, or one that nobody shares.
    a.refuses(BAD_LENGTH, "initiate", suite, bundle[:-1])
    a.refuses(BAD_ARGUMENT, "initiate", 9, bundle)
    a.refuses(BAD_KEY, "initiate", suite, b"\xff" * len(bundle))
    b.do("respond", flipped(a.get("initiate", suite, bundle), 500))
    different("key after an altered exchange", a.get("export", b"x", b"", 32), b.get("export", b"x", b"", 32))


def messages(a: Peer, b: Peer) -> None:
    for aad, plaintext in ((b"", b""), (b"group 1", os.urandom(32)), (os.urandom(300), os.urandom(70000))):
        sealed = a.get("sseal", aad, plaintext)
        b.refuses(BAD_TAG, "sopen", aad, flipped(sealed))
        b.refuses(BAD_TAG, "sopen", aad + b"x", sealed)
        same("message", plaintext, b.get("sopen", aad, sealed))
        b.refuses(REPLAYED, "sopen", aad, sealed)
        if a.ask("sopen", aad, sealed) not in (f"error {BAD_TAG}", f"error {REPLAYED}"):
            raise Wrong(f"{a.name} opened its own message")
    b.refuses(BAD_LENGTH, "sopen", b"", b"\0" * 35)


def frames(a: Peer, b: Peer, cipher: int, kid: int) -> None:
    a.do("sender", kid + 10**6, cipher)
    a.refuses(REUSED, "sender", kid + 10**6, cipher)
    a.do("sender", kid, cipher)
    b.do("receiver", cipher, kid)
    for metadata, frame in ((b"", b""), (b"video", os.urandom(120)), (os.urandom(300), os.urandom(70000))):
        sealed = a.get("seal", metadata, frame)
        b.refuses(BAD_TAG, "open", metadata, flipped(sealed))
        b.refuses(BAD_TAG, "open", metadata + b"x", sealed)
        same("frame", frame, b.get("open", metadata, sealed))
        b.refuses(REPLAYED, "open", metadata, sealed)
    # A header of one byte names KID 7, which nobody has; the KIDs here are larger.
    b.refuses(NO_KEY_ID, "open", b"", b"\x70" + os.urandom(40))


def codecs(a: Peer, b: Peer, kid: int) -> None:
    a.do("sender", kid, 5)
    b.do("receiver", 5, kid)
    for codec, frame in samples():
        for metadata in (b"", b"track 7"):
            sealed = a.get("fseal", codec, metadata, frame)
            b.refuses(BAD_TAG, "fopen", codec, metadata, flipped(sealed, len(sealed) // 2))
            b.refuses(BAD_TAG, "fopen", codec, metadata + b"x", sealed)
            same(f"frame of codec {codec}", frame, b.get("fopen", codec, metadata, sealed))
            b.refuses(REPLAYED, "fopen", codec, metadata, sealed)
    a.refuses(BAD_ARGUMENT, "fseal", 10, b"", b"frame")
    a.refuses(NOTHING, "fseal", 5, b"", b"\0\0\0\1\x67\x42\xc0\x1f")


def samples() -> Iterator[tuple[int, bytes]]:
    """A frame of each codec, by the numbers of the C API."""
    body = bytes(range(1, 250))
    yield 1, os.urandom(300)
    yield 2, b"\x78" + os.urandom(119)
    yield 3, b"\x10\x02\x00\x9d\x01\x2a\x40\x01\xb4\x00" + body  # key frame, 320 x 180
    yield 3, b"\x31\x02\x00" + body
    yield 4, b"\x82\x49\x83\x42" + body
    h264 = [b"\x67\x42\xc0\x1f" + body[:8], b"\x68\xce\x3c\x80", b"\x65\x88" + body, b"\x41\x9a" + body]
    h265 = [b"\x40\x01" + body[:12], b"\x42\x01" + body[:16], b"\x44\x01" + body[:4], b"\x26\x01\xaf" + body]
    for start_codes, lengths, units in ((5, 6, h264), (7, 8, h265)):
        yield start_codes, b"".join(b"\0\0\0\1" + unit for unit in units)
        yield lengths, b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)
    tile = b"\x10" + body[:99]
    yield 9, b"\x12\x00" + b"\x0a\x0b" + body[:11] + b"\x32" + bytes([len(tile)]) + tile


def has(peer: Peer, verb: str, algorithm: int, seed: bytes) -> bool:
    """Whether an algorithm is in a peer's build. Any other refusal is found where the pair uses it."""
    return peer.ask(verb, algorithm, seed) != f"error {UNSUPPORTED}"


def credentials(a: Peer, b: Peer, algorithm: int) -> bool:
    """`a` wraps for `b`. False if one of them does not have the algorithm."""
    seed, (key_len, overhead) = os.urandom(64), KEMS[algorithm]
    if not (has(a, "kem", algorithm, seed) and has(b, "kem", algorithm, seed)):
        return False
    key = b.get("kem", algorithm, seed)
    same("encapsulation key", key, a.get("kem", algorithm, seed))
    a.get("kem", algorithm, os.urandom(64))
    for credential in (b"", b"1735689600:alice " + b"x" * 28, os.urandom(5000)):
        wrapped = a.get("wrap", algorithm, key, credential)
        same("credential", credential, b.get("unwrap", wrapped))
        b.refuses(BAD_TAG, "unwrap", flipped(wrapped))
        b.refuses(BAD_TAG, "unwrap", flipped(wrapped, 0))
        a.refuses(BAD_TAG, "unwrap", wrapped)
    b.refuses(BAD_LENGTH, "unwrap", b"\0" * (overhead - 1))
    a.refuses(BAD_KEY, "wrap", algorithm, b"\xff" * key_len, b"x")
    a.refuses(BAD_LENGTH, "wrap", algorithm, key[:-1], b"x")
    a.refuses(BAD_ARGUMENT, "wrap", 99, key, b"x")
    return True


def signatures(a: Peer, b: Peer, algorithm: int) -> bool:
    """`a` signs, `b` verifies. False if one of them does not have the algorithm."""
    seed = os.urandom(SIGNATURES[algorithm])
    if not (has(a, "signer", algorithm, seed) and has(b, "signer", algorithm, seed)):
        return False
    key = a.get("signer", algorithm, seed)
    same("public key", key, b.get("signer", algorithm, seed))
    for kind in range(1, 5):
        content = os.urandom(1000 * (kind - 1))
        signature = a.get("sign", kind, content)
        b.do("verify", algorithm, key, kind, content, signature)
        b.refuses(BAD_SIGNATURE, "verify", algorithm, key, kind % 4 + 1, content, signature)
        b.refuses(BAD_SIGNATURE, "verify", algorithm, key, kind, content + b"x", signature)
        b.refuses(BAD_SIGNATURE, "verify", algorithm, key, kind, content, flipped(signature, 100))
    a.refuses(BAD_ARGUMENT, "sign", 5, b"x")
    for context, message in ((b"", b""), (b"c" * 255, os.urandom(2000))):
        signature = a.get("signctx", context, message)
        b.do("verifyctx", algorithm, key, context, message, signature)
        b.refuses(BAD_SIGNATURE, "verifyctx", algorithm, key, context[1:] + b"y", message, signature)
        b.refuses(BAD_SIGNATURE, "verifyctx", algorithm, key, context, message + b"x", signature)
    a.refuses(BAD_ARGUMENT, "signctx", b"pqrtc ", b"x")
    b.refuses(BAD_ARGUMENT, "verifyctx", 99, key, b"", b"", signature)
    return True


def identity(peer: Peer, algorithm: int) -> bytes:
    """A new signing key; its fingerprint."""
    return peer.get("fingerprint", algorithm, peer.get("signer", algorithm, os.urandom(SIGNATURES[algorithm])))


def call(a: Peer, b: Peer, profile: int) -> bool:
    """`a` calls `b`, both signed and bound; then each begins a rekey, and media goes on. False if one of them lacks the algorithm."""
    algorithm = PROFILES[profile]
    seed = os.urandom(SIGNATURES[algorithm])
    if not (has(a, "signer", algorithm, seed) and has(b, "signer", algorithm, seed)):
        return False
    fingerprints = {peer: identity(peer, algorithm) for peer in (a, b)}
    bindings = {a: b"a" * 32, b: b"b" * 48}
    a.do("call", profile, fingerprints[a], bindings[a])  # with itself: not Bob's answer
    b.do("call", profile, fingerprints[a], bindings[b])
    answer = b.get("receive", bindings[a], a.get("offer"))
    a.refuses(REJECTED, "receive", bindings[b], answer)

    a.do("call", profile, fingerprints[b], bindings[a])
    b.do("call", profile, fingerprints[a], bindings[b])
    a.refuses(UNEXPECTED, "sas")
    b.refuses(UNEXPECTED, "receive", bindings[a], answer)
    shake(a, b, bindings)
    a.do("callsender", 0, 5)
    b.do("callreceiver", 5)
    for one, other in ((a, b), (b, a), (a, b)):
        sealed = a.get("seal", b"", b"frame")
        same("frame", b"frame", b.get("open", b"", sealed))
        late = a.get("seal", b"", b"under way")
        shake(one, other, bindings)  # a rekey
        same("frame of the epoch before", b"under way", b.get("open", b"", late))
        b.refuses(REPLAYED, "open", b"", late)
    a.do("callsession")
    b.do("callsession")
    same("export", a.get("export", b"chat", b"", 32), b.get("export", b"chat", b"", 32))
    return True


def shake(a: Peer, b: Peer, bindings: dict[Peer, bytes]) -> None:
    offer = a.get("offer")
    answer = b.get("receive", bindings[a], offer)
    a.refuses(ALTERED, "receive", bindings[b], flipped(answer))
    a.refuses(OTHER_BINDING, "receive", bindings[a], answer)
    finish = a.get("receive", bindings[b], answer)
    b.refuses(ALTERED, "receive", bindings[a], flipped(finish))
    ack = b.get("receive", bindings[a], finish)
    same("reply to what is said again", ack, b.get("receive", bindings[a], finish))
    same("reply to the acknowledgement", b"", a.get("receive", bindings[b], ack))
    same("SAS", a.get("sas"), b.get("sas"))


class Meeting:
    """What a delivery server would do, and the members by their index."""

    def __init__(self, peers: list[Peer]) -> None:
        self.cards = {}
        for peer in peers:
            identity(peer, 3)
            self.cards[peer] = peer.get("card", NOW + 1000)
        self.members: dict[int, Peer] = {0: peers[0]}
        self.leaves: list[bytes] = []
        peers[0].do("create", NOW)

    def listed(self, *items: bytes) -> bytes:
        return b"".join(len(item).to_bytes(4, "big") + item for item in items)

    def commit(self, by: int, add: Peer | None = None, remove: int | None = None) -> None:
        """Everybody takes it, altered ones are refused, and all show one code."""
        committer, before = self.members[by], dict(self.members)
        cards = self.listed(self.cards[add]) if add else b""
        commit = committer.get("commit", cards, b"" if remove is None else bytes([remove]), int(add is None))
        committer.refuses(UNEXPECTED, "commit", cards, b"", 1)
        messages = {}
        while not (answer := committer.ask("outgoing", len(messages))).startswith("error"):
            message = bytes.fromhex(answer)
            messages[message[1]] = message[2:]
        committer.do("accepted")
        if remove is not None:
            before[remove].do("take", commit, b"", b"", NOW)
            before[remove].refuses(UNEXPECTED, "code")
            del self.members[remove]
        for index in self.members.keys() - {by}:
            member, box = self.members[index], messages.get(index, b"")
            member.refuses(BAD_SIGNATURE, "take", flipped(commit), box, cards, NOW)
            if box:
                member.refuses(BAD_TAG, "take", commit, flipped(box), cards, NOW)
            member.do("take", commit, box, cards, NOW)
            member.refuses(UNEXPECTED, "take", commit, box, cards, NOW)
        if add is None:
            self.leaves.append(commit)
        else:
            index = next(iter(messages))
            welcome, roster = messages[index], committer.get("roster")
            shown = self.listed(*self.cards.values(), *self.leaves)
            add.refuses(BAD_TAG, "join", flipped(welcome), commit, roster, shown, NOW)
            add.refuses(ALTERED, "join", welcome, commit, flipped(roster), shown, NOW)
            add.do("join", welcome, commit, roster, shown, NOW)
            self.members[index] = add
        if len({member.get("code") for member in self.members.values()}) != 1:
            raise Wrong(f"different codes after a commit of {committer.name}")

    def media(self) -> None:
        for peer in self.members.values():
            peer.do("meetsender", 0, 5)
            peer.do("meetreceiver", 5)

    def hear(self) -> None:
        """Senders change two seconds after a commit."""
        time.sleep(2.1)
        for peer in self.members.values():
            sealed = peer.get("seal", b"", b"frame")
            for other in self.members.values():
                if other is not peer:
                    same("frame", b"frame", other.get("open", b"", sealed))


def meet(peers: list[Peer]) -> None:
    """All but the last meet, each added by the one before. Then the last comes, and the second leaves."""
    meeting = Meeting(peers)
    *first, last = peers
    for index, peer in enumerate(first[1:]):
        meeting.commit(index, add=peer)
    for index in range(len(first)):
        meeting.commit(index)  # a fresh secret
    meeting.media()
    meeting.hear()
    before = first[0].get("seal", b"", b"before")
    meeting.commit(0, add=last)
    last.do("meetsender", 0, 5)
    last.do("meetreceiver", 5)
    last.refuses(NO_KEY_ID, "open", b"", before)
    same("frame", b"before", first[1].get("open", b"", before))
    meeting.hear()
    gone = meeting.members[1]
    meeting.commit(len(first), remove=1)
    gone.refuses(UNEXPECTED, "seal", b"", b"frame")
    meeting.hear()
    gone.refuses(NO_KEY_ID, "open", b"", last.get("seal", b"", b"after"))
    for peer in peers:
        peer.quit()


def talk(a: Peer, b: Peer) -> list[str]:
    """Gives the algorithms that one of them does not have."""
    kids, absent = itertools.count(1000), []
    for one, other in ((a, b), (b, a)):
        for suite in SUITES:
            agree(one, other, suite, kids)
        absent += [f"KEM {algorithm}" for algorithm in KEMS if not credentials(one, other, algorithm)]
        absent += [f"signature {algorithm}" for algorithm in SIGNATURES if not signatures(one, other, algorithm)]
        absent += [f"call {profile}" for profile in PROFILES if not call(one, other, profile)]
    a.quit()
    b.quit()
    return sorted(set(absent))


def play(what: str, commands: list[tuple[str, str]], act: Callable[..., Any]) -> bool:
    """Runs the peers, lets them do it and says how it went."""
    peers: list[Peer] = []
    hurry = threading.Timer(PATIENCE, lambda: [peer.process.kill() for peer in peers])
    hurry.start()
    try:
        peers += [Peer(name, command) for name, command in commands]
        without = act(peers)
        left_out = f", without {', '.join(without)}" if without else ""
        print(f"passed: {what}, {sum(peer.checks for peer in peers)} answers{left_out}", flush=True)
        return True
    except (Wrong, OSError, ValueError, subprocess.TimeoutExpired) as why:
        print(f"failed: {what}: {why}", flush=True)
        return False
    finally:
        hurry.cancel()
        for peer in peers:
            peer.process.kill()
            peer.process.wait()


def main(arguments: list[str]) -> int:
    given = dict(argument.split("=", 1) for argument in arguments)
    commands = {name: command for name, command in given.items() if not command.startswith("skipped:")}
    passed = failed = skipped = 0
    for one, other in itertools.combinations_with_replacement(given, 2):
        absent = [given[name] for name in (one, other) if name not in commands]
        if absent:
            skipped += 1
            print(f"{absent[0]} ({one} and {other})", flush=True)
        elif play(f"{one} and {other}", [(one, commands[one]), (other, commands[other])], lambda peers: talk(*peers)):
            passed += 1
        else:
            failed += 1
    if len(commands) > 2:
        ok = play(f"a meeting of {', '.join(commands)}", list(commands.items()), meet)
        passed, failed = passed + ok, failed + (not ok)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
