"""Makes every pair of peers talk to each other, both ways round: `run.py name=command...`. A peer that this machine cannot run is given as
`name=skipped: why`. README.md says what the peers speak. Needs nothing but Python."""

from __future__ import annotations

import itertools
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator

PATIENCE = 300  # seconds for one pair, after which a peer that hangs is ended
SUITES = {1: 96, 2: 32}  # and the length of their seeds
SRTP = {1: 60, 7: 56, 8: 88}
CIPHERS = range(1, 9)
# Algorithms, by their number in the C API: ML-KEM with the lengths of key and of what wrapping adds, signatures with that of the seed.
KEMS = {1: (1184, 1116), 2: (1568, 1596)}
SIGNATURES = {1: 32, 2: 32, 3: 64}
BAD_ARGUMENT, BAD_LENGTH, UNSUPPORTED, BAD_KEY, BAD_TAG, BAD_SIGNATURE, NO_KEY_ID, REPLAYED, REUSED, NOTHING = 4, 2, 5, 16, 18, 19, 49, 50, 51, 53


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


def talk(a: Peer, b: Peer) -> list[str]:
    """Gives the algorithms that one of them does not have."""
    kids, absent = itertools.count(1000), []
    for one, other in ((a, b), (b, a)):
        for suite in SUITES:
            agree(one, other, suite, kids)
        absent += [f"KEM {algorithm}" for algorithm in KEMS if not credentials(one, other, algorithm)]
        absent += [f"signature {algorithm}" for algorithm in SIGNATURES if not signatures(one, other, algorithm)]
    a.quit()
    b.quit()
    return sorted(set(absent))


def main(arguments: list[str]) -> int:
    given = dict(argument.split("=", 1) for argument in arguments)
    commands = {name: command for name, command in given.items() if not command.startswith("skipped:")}
    passed = failed = skipped = 0
    for one, other in itertools.combinations_with_replacement(given, 2):
        absent = [given[name] for name in (one, other) if name not in commands]
        if absent:
            skipped += 1
            print(f"{absent[0]} ({one} and {other})", flush=True)
            continue
        peers: list[Peer] = []
        hurry = threading.Timer(PATIENCE, lambda running=peers: [peer.process.kill() for peer in running])
        hurry.start()
        try:
            peers += [Peer(one, commands[one])]
            peers += [Peer(other, commands[other])]
            without = talk(*peers)
            passed += 1
            left_out = f", without {', '.join(without)}" if without else ""
            print(f"passed: {one} and {other}, {sum(peer.checks for peer in peers)} answers{left_out}", flush=True)
        except (Wrong, OSError, ValueError, subprocess.TimeoutExpired) as why:
            failed += 1
            print(f"failed: {one} and {other}: {why}", flush=True)
        finally:
            hurry.cancel()
            for peer in peers:
                peer.process.kill()
                peer.process.wait()
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
