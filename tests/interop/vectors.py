#!/usr/bin/env python3
"""tests/vectors/pqrtc-v1.json read by the independent implementation, as a reader in any language would. usage: vectors.py [FILE]"""
import json
import pathlib
import sys

from cryptography.exceptions import InvalidSignature, InvalidTag

import protocol as p

sys.path.append(str(pathlib.Path(__file__).parents[1] / "frame-peer"))
import peer

DEFAULT = pathlib.Path(__file__).parents[1] / "vectors" / "pqrtc-v1.json"
x = bytes.fromhex


def flip(data, place):
    return data[:place["byte"]] + bytes([data[place["byte"]] ^ place["xor"]]) + data[place["byte"] + 1:]


def refuses(exception, function, *args):
    try:
        function(*args)
    except exception:
        return
    raise AssertionError("was accepted")


def kem(v):
    algorithm, seed = v["algorithm"], x(v["seed"])
    key = p.kem_key(algorithm, seed)
    assert p.raw(key.public_key()) == x(v["public_key"])
    assert key.decapsulate(x(v["ciphertext"])) == x(v["shared_secret"])
    for altered in v["altered"]:
        assert key.decapsulate(flip(x(v["ciphertext"]), altered)) == x(altered["shared_secret"])
    for rejected in v["rejected_public_keys"]:
        assert rejected["code"] == 16
        refuses(ValueError, p.kem_public_key, algorithm, x(rejected["public_key"]))
    assert p.unwrap(algorithm, seed, x(v["wrapped"])) == x(v["credential"])


def kems(all_of_them):
    assert [v["algorithm"] for v in all_of_them] == [2]
    for v in all_of_them:
        kem(v)


def hybrid(suites):
    for v in suites:
        pair = p.Keypair(v["suite"], x(v["seed"]))
        assert pair.bundle() == x(v["bundle"])
        key = x(v["session_key"])
        assert pair.respond(x(v["exchange"])) == key
        for altered in v["altered"]:
            assert pair.respond(flip(x(v["exchange"]), altered)) == x(altered["session_key"])
        assert [r["code"] for r in v["rejected_bundles"]] == [16, 17]
        for rejected in v["rejected_bundles"]:
            refuses(ValueError, p.initiate, v["suite"], x(rejected["bundle"]))
        no_point, again = v["rejected_exchanges"]
        assert no_point["code"] == 17
        refuses(ValueError, pair.respond, x(no_point["exchange"]))
        # A pair answers an exchange once.
        assert again["answered_before"] and again["code"] == 51 and again["exchange"] == v["exchange"]
        for e in v["exports"]:
            assert p.export(key, b"app " + e["label"].encode(), x(e["context"]), e["length"]) == x(e["key"])
        for s in v["srtp"]:
            assert p.export(key, b"pqrtc srtp", s["profile"].to_bytes(2, "big"), p.SRTP[s["profile"]]) == x(s["keys"])
        for sequence, m in enumerate(v["messages"]):
            assert p.open_message(key, m["role"], x(m["aad"]), x(m["sealed"])) == x(m["plaintext"])
            assert x(m["sealed"])[:8] == sequence.to_bytes(8, "big")
        for s in v["sframe"]:
            for role, name in ((p.INITIATOR, "initiator"), (p.RESPONDER, "responder")):
                sender = p.SFrame(s["cipher_suite"], p.sframe_base_key(key, role, s["kid"]), s["kid"])
                assert sender.seal(0, x(s["metadata"]), b"from the " + name.encode()) == x(s[name])


def turn(v):
    for m in v["mint"]:
        username, password = p.turn(x(m["secret"]), m["user"].encode(), int(m["expires_at"]))
        assert (username.decode(), password.decode()) == (m["username"], m["password"])
        for verified in m["verify"]:
            assert verified["code"] == (0 if int(verified["now"]) < int(m["expires_at"]) else 32)
    for w in v["wrapped"]:
        assert p.unwrap(1, x(v["recipient_seed"]), x(w["wrapped"])) == x(w["credential"])
        assert w["byte_20_xor_1"] == 18
        refuses(InvalidTag, p.unwrap, 1, x(v["recipient_seed"]), flip(x(w["wrapped"]), {"byte": 20, "xor": 1}))


def signing(v):
    algorithm, pk = v["algorithm"], x(v["public_key"])
    assert p.raw(p.signing_key(algorithm, x(v["seed"])).public_key()) == pk
    assert p.fingerprint(algorithm, pk) == x(v["fingerprint"])
    for s in v["signatures"]:
        p.verify(algorithm, pk, x(s["signature"]), x(s["message"]), x(s["context"]))
        assert s["another_context"] == 19
        refuses(InvalidSignature, p.verify, algorithm, pk, x(s["signature"]), x(s["message"]), b"another context")
    for a in v["artifacts"]:
        digest = p.artifact_digest(algorithm, x(a["content"]))
        for kind, context in p.KINDS.items():
            code = a["verified_as_kind_1_to_4"][kind - 1]
            assert code == (0 if kind == a["kind"] else 19)
            if code == 0:
                p.verify(algorithm, pk, x(a["signature"]), digest, context)
            else:
                refuses(InvalidSignature, p.verify, algorithm, pk, x(a["signature"]), digest, context)


def signings(all_of_them):
    assert [v["algorithm"] for v in all_of_them] == [2, p.COMPOSITE]
    for v in all_of_them:
        signing(v)


def recordings(all_of_them):
    assert [v["algorithm"] for v in all_of_them] == [1, 2, p.COMPOSITE]
    for v in all_of_them:
        assert p.raw(p.signing_key(v["algorithm"], x(v["seed"])).public_key()) == x(v["public_key"])

        def after(accepted):
            verifier = p.Recording(v["algorithm"], x(v["public_key"]), x(v["id"]))
            assert verifier.state() == x(v["beginning"])
            for s in v["segments"][:accepted]:
                assert not verifier.ended and verifier.entry(x(s["segment"]), x(s["entry"])) == 0
                assert verifier.state() == x(s["state"]) and verifier.ended == s["last"]
            return verifier

        assert after(len(v["segments"])).ended
        assert {r["code"] for r in v["refused"]} == {19, 55, 56, 64}
        for r in v["refused"]:
            entry = flip(x(v["segments"][r["entry"]]["entry"]), r)[:r["length"]]
            assert after(r["after"]).entry(x(r["segment"]), entry) == r["code"], r
        first, other = v["segments"][0], p.Recording(v["algorithm"], x(v["public_key"]), x(v["another_id"]["id"]))
        assert other.entry(x(first["segment"]), x(first["entry"])) == v["another_id"]["first_entry"] == 19


def sframe(suites):
    assert [v["cipher_suite"] for v in suites] == list(p.SUITES)
    for v in suites:
        for k in v["keys"]:
            sender = p.SFrame(v["cipher_suite"], x(k["base_key"]), int(k["kid"], 16))
            for f in k["frames"]:
                assert sender.seal(f["counter"], x(f["metadata"]), x(f["frame"])) == x(f["sealed"])
        r = v["rejected"]
        sender = p.SFrame(v["cipher_suite"], x(r["base_key"]), r["kid"])
        assert sender.seal(0, b"", b"frame") == x(r["opened_before"]) == x(r["frames"][0]["sealed"])
        assert [f["code"] for f in r["frames"]] == [50, 49, 48, 48, 48] and r["forged"]["code"] == 18


def ratchet(suites):
    for v in suites:
        algorithm, base_key = p.SUITES[v["cipher_suite"]][0], x(v["base_key"])
        for s in v["steps"]:
            assert p.SFrame(v["cipher_suite"], base_key, s["kid"]).seal(0, b"", x(s["frame"])) == x(s["sealed"])
            # RFC 9605 section 5.1
            base_key = p.expand(algorithm, p.extract(algorithm.name, b"", base_key), b"SFrame 1.0 Ratchet", algorithm.digest_size)


def codecs(all_of_them):
    for v in all_of_them:
        assert v["cipher_suite"] == peer.SUITE
        key = peer.Key(x(v["base_key"]), v["kid"])
        for f in v["frames"]:
            assert peer.seal(key, v["codec"], b"", x(f["frame"])) == x(f["sealed"])
            assert f["middle_byte_xor_1"] in (18, 48, 49) and f["again"] == 50


def main():
    document = json.loads(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else DEFAULT).read_text())
    for name in ("kem", "kems", "hybrid", "turn", "signing", "signings", "recordings", "sframe", "ratchet", "codecs"):
        globals()[name](document[name])
        print(f"passed: the conformance file, read by OpenSSL: {name}")


main()
