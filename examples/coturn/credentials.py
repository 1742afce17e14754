#!/usr/bin/env python3
"""A TURN credential from the service that mints it to the client that uses it, wrapped for that client on the way, and used with a real coturn. Then
credentials of many kinds: coturn and pqrtc must accept and refuse the same, and nothing is minted that coturn refuses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from typing import List, NamedTuple, Tuple

import pqrtc
from coturn import Coturn
from pqrtc import KemAlgorithm, KemKeypair, turn

SECRET = pqrtc.random(16).hex()


# docs:begin service
def issue(user: str, client_key: bytes, seconds: int = 600) -> bytes:
    """The service: a credential that only the holder of the client's ML-KEM key can read."""
    credential = turn.mint(SECRET, user, int(time.time()) + seconds)
    return turn.wrap(KemAlgorithm.ML_KEM_768, client_key, json.dumps(credential._asdict()).encode())
# docs:end service


# docs:begin client
def receive(keys: KemKeypair, wrapped: bytes) -> turn.Credential:
    """The client: DecryptionError if it was altered on the way or made for another key."""
    return turn.Credential(**json.loads(turn.unwrap(keys, wrapped)))
# docs:end client


class Case(NamedTuple):
    what: str
    username: str
    password: str
    good: bool


def cases(good: turn.Credential) -> List[Case]:
    now = int(time.time())
    expiry, _, _ = good.username.partition(":")
    flipped = ("B" if good.password[0] == "A" else "A") + good.password[1:]
    return [
        Case("as received", good.username, good.password, True),
        Case("empty user", *turn.mint(SECRET, "", now + 600), True),
        Case("wrong secret", *turn.mint("not the secret", "alice", now + 600), False),
        Case("swapped user", f"{expiry}:mallory", good.password, False),
        Case("later expiry", f"{int(expiry) + 1}:alice", good.password, False),
        Case("expired", *turn.mint(SECRET, "alice", now - 1), False),
        Case("truncated password", good.username, good.password[:-1], False),
        Case("altered password", good.username, flipped, False),
        Case("truncated username", good.username[:-1], good.password, False),
    ]


def usernames() -> List[Case]:
    """Every form of username, each with its right password, whoever made it."""
    soon = int(time.time()) + 600

    def case(what: str, username: str, good: bool) -> Case:
        mac = hmac.new(SECRET.encode(), username.encode(), hashlib.sha1).digest()
        return Case(what, username, base64.b64encode(mac).decode(), good)

    return [
        case("user first", f"alice:{soon}", True),
        case("colon, expiry", f":{soon}", True),
        case("expiry alone", f"{soon}", True),
        case("no colon after expiry", f"{soon}_alice", True),
        case("two colons", f"{soon}:alice:phone", True),
        case("user first, expired", f"alice:{soon - 1200}", False),
        case("no expiry", "alice", False),
        case("not ASCII", f"{soon}:J\u00fcrgen", True),
        *(case(f"user {user!r}", f"{soon}:{user}", False) for user in NEVER_USERS),
        case("last expiry", f"{NEVER_EXPIRES - 1}:alice", True),
        case("expiry of 2^31", f"{NEVER_EXPIRES}:alice", False),
        case("expiry of 2100", "4102444800:alice", False),
        case("milliseconds", f"{soon * 1000}:alice", False),
    ]


# What no coturn accepts, as a user and from which expiry on.
NEVER_USERS = ["John Smith", "O'Neil", 'a"b', "a\\b", "a\tb", "a\nb", "a\rb"]
NEVER_EXPIRES = 2**31


def minted_but_never_accepted() -> List[str]:
    """What mint should have refused."""
    now = int(time.time())
    bad = [(user, now + 600) for user in [*NEVER_USERS, "a\x01b", "a\x7fb"]]
    bad += [("alice", expiry) for expiry in (NEVER_EXPIRES, (now + 600) * 1000)]
    minted = []
    for user, expiry in bad:
        try:
            minted.append(turn.mint(SECRET, user, expiry).username)
        except pqrtc.InvalidArgumentError:
            pass
    return minted


def pqrtc_accepts(username: str, password: str) -> Tuple[bool, str]:
    try:
        turn.verify(SECRET, username, password)
    except pqrtc.PqrtcError as why:
        return False, type(why).__name__
    return True, ""


def altered(keys: KemKeypair, wrapped: bytes) -> bool:
    """Whether every altered form of a wrapped credential is refused before anything is read from it."""
    other = KemKeypair.generate(KemAlgorithm.ML_KEM_768)
    for holder, data in [(keys, wrapped[:-1]), (keys, wrapped[:-1] + bytes([wrapped[-1] ^ 1])), (keys, wrapped[:1000]), (other, wrapped)]:
        try:
            turn.unwrap(holder, data)
            return False
        except (pqrtc.DecryptionError, pqrtc.InvalidLengthError):
            pass
    return True


def main() -> int:
    if Coturn.missing():
        print(f"skipped: no {', '.join(Coturn.missing())} (Debian package coturn)")
        return 77
    keys = KemKeypair.generate(KemAlgorithm.ML_KEM_768)
    wrapped = issue("alice", keys.public_key)
    credential = receive(keys, wrapped)
    print(f"minted, wrapped ({len(wrapped)} bytes), sent, unwrapped: {credential.username}")
    bad = 0 if altered(keys, wrapped) else 1
    print(f"wrapped for another, altered or truncated: {'accepted' if bad else 'refused'}")
    useless = minted_but_never_accepted()
    print(f"users and expiries that no coturn accepts: {f'minted: {useless}' if useless else 'not minted'}")
    bad += len(useless)
    with Coturn(SECRET) as server:
        print(f"\n{'credential':22} {'coturn':10} {'pqrtc':10}")
        for case in cases(credential) + usernames():
            theirs, (ours, why) = server.allocates(case.username, case.password), pqrtc_accepts(case.username, case.password)
            words = ["allocates" if theirs else "refuses", "accepts" if ours else "refuses"]
            print(f"{case.what:22} {words[0]:10} {words[1]:10} {why}".rstrip(), flush=True)
            if (theirs, ours) != (case.good, case.good):
                print(f"    expected both to {'accept' if case.good else 'refuse'}")
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
