"""Other people's vectors, by each peer of the language matrix: `vectors.py SHARED WYCHEPROOF name=command...`, where SHARED has the vectors
of the standards and WYCHEPROOF the files of that suite. README.md says what the peers speak. Needs nothing but Python."""

from __future__ import annotations

import json
import sys
import threading
from base64 import b64decode
from pathlib import Path
from typing import Any

from run import KEMS, PATIENCE, SIGNATURES, Peer, Wrong, has, same

ML_KEM, ML_DSA = {768: 1, 1024: 2}, {65: 1, 87: 2}
X_WING = 2
COMPOSITE = {"id-ML-DSA-65": 1, "id-ML-DSA-87": 2, "id-MLDSA65-Ed25519-SHA512": 3}
# What a provider may lack, by the number of its signature algorithm or of its KEM.
OF_SIGNATURE = {2: ["ML-DSA-87"]}
OF_KEM = {2: ["ML-KEM-1024", "ML-KEM-1024 encapsulation keys"]}
# How many vectors there must be at least of each, good and bad, so that an empty file is no success.
LEAST = {
    "ACVP ML-KEM-768 keys": (25, 0),
    "ACVP ML-DSA-65 keys": (25, 0),
    "RFC 9605": (5, 5),
    "X-Wing": (3, 3),
    "composite signatures": (6, 6),
    "ML-KEM-768": (161, 40),
    "ML-KEM-768 encapsulation keys": (133, 132),
    "ML-KEM-1024": (162, 40),
    "ML-KEM-1024 encapsulation keys": (133, 136),
    "ML-DSA-65": (79, 131),
    "ML-DSA-87": (71, 170),
}


class Vectors:
    def __init__(self, shared: Path, wycheproof: Path) -> None:
        self.shared, self.wycheproof = shared, wycheproof

    def of(self, name: str) -> Any:
        return json.loads((self.shared / f"{name}.json").read_text())

    def groups(self, name: str) -> Any:
        return json.loads((self.wycheproof / f"{name}_test.json").read_text())["testGroups"]


class Count:
    """Good and bad vectors that came out as they should."""

    def __init__(self) -> None:
        self.seen: dict[str, list[int]] = {what: [0, 0] for what in LEAST}

    def see(self, what: str, case: object, good: bool, accepted: bool) -> None:
        if good != accepted:
            raise Wrong(f"{what}, vector {case}: {'refused' if good else 'accepted'}")
        self.seen[what][not good] += 1


def accepted(peer: Peer, verb: str, *fields: object) -> bool:
    answer = peer.ask(verb, *fields)
    # What is refused is refused for what it is, and not for how it was asked.
    if answer in ("error 1", "error 4") or answer.startswith("error 255"):
        raise Wrong(f"{peer.name} answered {verb} with {answer}")
    return not answer.startswith("error")


def lacking(peer: Peer) -> tuple[list[int], list[int]]:
    """The KEMs and signature algorithms that a peer's provider does not have."""
    kems = [which for which in KEMS if not has(peer, "kem", which, bytes(64))]
    return kems, [which for which, length in SIGNATURES.items() if not has(peer, "signer", which, bytes(length))]


def standards(peer: Peer, vectors: Vectors, count: Count, lacks: list[int]) -> None:
    for v in vectors.of("acvp-mlkem768-keygen"):
        key = peer.get("kem", ML_KEM[768], bytes.fromhex(v["d"] + v["z"]))
        count.see("ACVP ML-KEM-768 keys", v["tcId"], True, key == bytes.fromhex(v["ek"]))
    for v in vectors.of("acvp-mldsa65-keygen"):
        key = peer.get("signer", ML_DSA[65], bytes.fromhex(v["seed"]))
        count.see("ACVP ML-DSA-65 keys", v["tcId"], True, key == bytes.fromhex(v["pk"]))
    for v in vectors.of("rfc9605-sframe")["sframe"]:
        metadata, sealed, clear = (bytes.fromhex(v[field]) for field in ("metadata", "ct", "pt"))
        peer.do("receiverkey", v["cipher_suite"], v["kid"], bytes.fromhex(v["base_key"]))
        count.see("RFC 9605", v["cipher_suite"], False, accepted(peer, "open", metadata + b"x", sealed))
        count.see("RFC 9605", v["cipher_suite"], True, peer.get("open", metadata, sealed) == clear)
    for at, v in enumerate(vectors.of("x-wing")):
        same("X-Wing key", peer.get("keypair", X_WING, bytes.fromhex(v["seed"])), bytes.fromhex(v["pk"]))
        peer.do("respond", bytes.fromhex(v["ct"]))
        count.see("X-Wing", at, True, peer.get("key") == bytes.fromhex(v["ss"]))
        # An altered ciphertext gives another secret: ML-KEM rejects implicitly.
        altered = bytes.fromhex(v["ct"])
        peer.get("keypair", X_WING, bytes.fromhex(v["seed"]))
        peer.do("respond", altered[:9] + bytes([altered[9] ^ 1]) + altered[10:])
        count.see("X-Wing", at, False, peer.get("key") == bytes.fromhex(v["ss"]))
    composite = vectors.of("composite-sigs")
    message, context = b64decode(composite["m"]), b64decode(composite["ctx"])
    for v in composite["tests"]:
        if COMPOSITE.get(v["tcId"]) in (None, *lacks):
            continue
        key = COMPOSITE[v["tcId"]], b64decode(v["pk"])
        for ctx, signature in ((b"", v["s"]), (context, v["sWithContext"])):
            count.see("composite signatures", v["tcId"], True, accepted(peer, "verifyctx", *key, ctx, message, b64decode(signature)))
            other = b"another context"
            count.see("composite signatures", v["tcId"], False, accepted(peer, "verifyctx", *key, other, message, b64decode(signature)))


def wycheproof(peer: Peer, vectors: Vectors, count: Count, no_kems: list[int], no_signatures: list[int]) -> None:
    for bits, algorithm in ML_KEM.items():
        if algorithm in no_kems:
            continue
        for test in (test for group in vectors.groups(f"mlkem_{bits}") for test in group["tests"]):
            # A seed of another length, or a ciphertext; else the secret is the one of the vector.
            opened = accepted(peer, "kem", algorithm, bytes.fromhex(test["seed"]))
            right = opened and peer.ask("decapsulate", bytes.fromhex(test["c"])) == test["K"]
            count.see(f"ML-KEM-{bits}", test["tcId"], test["result"] != "invalid", right)
        for test in (test for group in vectors.groups(f"mlkem_{bits}_encaps") for test in group["tests"]):
            took = accepted(peer, "encapsulate", algorithm, bytes.fromhex(test["ek"]))
            count.see(f"ML-KEM-{bits} encapsulation keys", test["tcId"], test["result"] != "invalid", took)
    for bits, algorithm in ML_DSA.items():
        if algorithm in no_signatures:
            continue
        for group in vectors.groups(f"mldsa_{bits}_verify"):
            key = bytes.fromhex(group["publicKey"])
            for test in group["tests"]:
                fields = (bytes.fromhex(test.get("ctx", "")), bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
                took = accepted(peer, "verifyctx", algorithm, key, *fields)
                count.see(f"ML-DSA-{bits}", test["tcId"], test["result"] != "invalid", took)


def main() -> int:
    vectors, failures = Vectors(Path(sys.argv[1]), Path(sys.argv[2])), 0
    for name, command in (peer.split("=", 1) for peer in sys.argv[3:]):
        peer, count = Peer(name, command), Count()
        watch = threading.Timer(PATIENCE, peer.process.kill)
        watch.start()
        try:
            kems, signatures = lacking(peer)
            standards(peer, vectors, count, signatures)
            wycheproof(peer, vectors, count, kems, signatures)
            peer.quit()
            left_out = [what for which in kems for what in OF_KEM[which]]
            left_out += [what for which in signatures for what in OF_SIGNATURE[which]]
            for what, least in LEAST.items():
                if what == "composite signatures":
                    least = tuple(wanted - 2 * len(signatures) for wanted in least)
                if what not in left_out and any(seen < wanted for seen, wanted in zip(count.seen[what], least)):
                    raise Wrong(f"{what}: {count.seen[what]} vectors, not {least}")
            good, bad = (sum(seen) for seen in zip(*count.seen.values()))
            without = f"; without {', '.join(left_out)}" if left_out else ""
            print(f"passed: {name}: {good} accepted and right, {bad} refused or rejected{without}")
        except Wrong as why:
            failures += 1
            print(f"failed: {name}: {why}")
        finally:
            watch.cancel()
            peer.process.kill()
    return 1 if failures else 0


sys.exit(main())
