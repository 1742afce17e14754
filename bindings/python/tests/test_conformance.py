"""tests/vectors/pqrtc-v1.json: an implementation that agrees with every entry speaks the protocol."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from conftest import ML_KEM, ROOT

import pqrtc
from pqrtc import frame, kem, recording, sframe, signing, turn

FILE = ROOT / "tests" / "vectors" / "pqrtc-v1.json"
if not FILE.exists():
    pytest.skip("skipped: no conformance file", allow_module_level=True)
VECTORS: dict[str, Any] = json.loads(FILE.read_text())

bits = bytes.fromhex


def code(call: Callable[..., object], *arguments: Any) -> int:
    """The status of a call, 0 if it works."""
    try:
        call(*arguments)
    except pqrtc.PqrtcError as refused:
        return refused.code
    return 0


def xored(data: bytes, place: int, value: int = 1) -> bytes:
    place %= len(data)
    return data[:place] + bytes([data[place] ^ value]) + data[place + 1 :]


def test_every_section_is_tested() -> None:
    assert set(VECTORS) == {"format", "kem", "hybrid", "turn", "kems", "signing", "signings", "recordings", "sframe", "ratchet", "codecs"}
    assert VECTORS["format"] == "pqrtc wire formats, version 1"


def built(vectors: list[Any], sizes: Any) -> list[Any]:
    """Those of the algorithms that are in this build."""
    return [vector for vector in vectors if code(sizes, vector["algorithm"]) == 0]


KEMS = built([VECTORS["kem"], *VECTORS["kems"]], kem.sizes)
SIGNINGS = built([VECTORS["signing"], *VECTORS["signings"]], signing.signature_sizes)


@pytest.mark.parametrize("vector", KEMS, ids=lambda vector: f"algorithm {vector['algorithm']}")
def test_kem(vector: Any) -> None:
    algorithm = vector["algorithm"]
    pair, ciphertext = pqrtc.KemKeypair.from_seed(algorithm, bits(vector["seed"])), bits(vector["ciphertext"])
    assert turn.unwrap(pair, bits(vector["wrapped"])) == bits(vector["credential"])
    assert pair.public_key == bits(vector["public_key"])
    assert pair.decapsulate(ciphertext) == bits(vector["shared_secret"])
    for altered in vector["altered"]:
        changed = xored(ciphertext, altered["byte"], altered["xor"])
        assert pair.decapsulate(changed) == bits(altered["shared_secret"])
    for rejected in vector["rejected_public_keys"]:
        assert code(pqrtc.encapsulate, algorithm, bits(rejected["public_key"])) == rejected["code"]


@pytest.fixture(scope="module", params=VECTORS["hybrid"], ids=lambda vector: f"suite {vector['suite']}")
def hybrid(request: pytest.FixtureRequest) -> Any:
    return request.param


def pair_of(vector: Any) -> pqrtc.HybridKeypair:
    return pqrtc.HybridKeypair.from_seed(vector["suite"], bits(vector["seed"]))


def responder_of(vector: Any) -> pqrtc.Session:
    return pair_of(vector).respond(bits(vector["exchange"]))


def test_key_exchange(hybrid: Any) -> None:
    pair, exchange = pair_of(hybrid), bits(hybrid["exchange"])
    assert pair.bundle == bits(hybrid["bundle"])
    session = pair.respond(exchange)
    assert session.key() == bits(hybrid["session_key"])
    assert code(pair.respond, exchange) == 51
    for altered in hybrid["altered"]:
        changed = xored(exchange, altered["byte"], altered["xor"])
        assert pair.respond(changed).key() == bits(altered["session_key"])
    for rejected in hybrid["rejected_bundles"]:
        assert code(pqrtc.initiate, hybrid["suite"], bits(rejected["bundle"])) == rejected["code"]
    for rejected in hybrid["rejected_exchanges"]:
        if not rejected.get("answered_before"):
            assert code(pair.respond, bits(rejected["exchange"])) == rejected["code"]


def test_exported_keys(hybrid: Any) -> None:
    session = responder_of(hybrid)
    for one in hybrid["exports"]:
        assert session.export(one["label"], bits(one["context"]), one["length"]) == bits(one["key"])
    for one in hybrid["srtp"]:
        assert session.srtp_keys(one["profile"]) == bits(one["keys"])


def test_messages(hybrid: Any) -> None:
    session = responder_of(hybrid)
    for one in hybrid["messages"]:
        assert one["role"] == 1
        sealed, aad = bits(one["sealed"]), bits(one["aad"])
        assert code(session.open, xored(sealed, -1), aad) == 18
        assert session.open(sealed, aad) == bits(one["plaintext"])
        assert code(session.open, sealed, aad) == 50


def test_frames_of_a_session(hybrid: Any) -> None:
    session, engine = responder_of(hybrid), responder_of(hybrid)
    for one in hybrid["sframe"]:
        cipher, kid, metadata = one["cipher_suite"], one["kid"], bits(one["metadata"])
        assert engine.sframe_base_key(pqrtc.Role.INITIATOR, kid) == bits(one["initiator_base_key"])
        sender = sframe.Sender(session, kid, cipher)
        assert sender.seal(b"from the responder", metadata) == bits(one["responder"])
        receiver = sframe.Receiver(cipher)
        receiver.add_session(session, kid)
        assert receiver.open(bits(one["initiator"]), metadata) == b"from the initiator"


def test_turn() -> None:
    vector = VECTORS["turn"]
    for one in vector["mint"]:
        secret, credential = bits(one["secret"]), turn.Credential(one["username"], one["password"])
        assert turn.mint(secret, one["user"], int(one["expires_at"])) == credential
        for check in one["verify"]:
            assert code(turn.verify, secret, *credential, int(check["now"])) == check["code"]
    recipient = pqrtc.KemKeypair.from_seed(ML_KEM, bits(vector["recipient_seed"]))
    for one in vector["wrapped"]:
        wrapped = bits(one["wrapped"])
        assert turn.unwrap(recipient, wrapped) == bits(one["credential"])
        assert code(turn.unwrap, recipient, xored(wrapped, 20)) == one["byte_20_xor_1"]


@pytest.mark.parametrize("vector", SIGNINGS, ids=lambda vector: f"algorithm {vector['algorithm']}")
def test_signatures(vector: Any) -> None:
    public_key, algorithm = bits(vector["public_key"]), vector["algorithm"]
    key = pqrtc.SigningKey.from_seed(algorithm, bits(vector["seed"]))
    assert key.public_key == public_key and key.algorithm == algorithm
    assert key.fingerprint == pqrtc.fingerprint(algorithm, public_key) == bits(vector["fingerprint"])
    for one in vector["signatures"]:
        message, signature = bits(one["message"]), bits(one["signature"])
        pqrtc.verify(algorithm, public_key, message, signature, bits(one["context"]))
        assert code(pqrtc.verify, algorithm, public_key, message, signature, b"another context") == one["another_context"]
    for one in vector["artifacts"]:
        content, signature = bits(one["content"]), bits(one["signature"])
        arguments = content, signature
        found = [code(pqrtc.artifact_verify, algorithm, public_key, kind, *arguments) for kind in pqrtc.ArtifactKind]
        assert found == one["verified_as_kind_1_to_4"] and found[one["kind"] - 1] == 0


@pytest.mark.parametrize("vector", built(VECTORS["recordings"], signing.signature_sizes), ids=lambda vector: f"algorithm {vector['algorithm']}")
def test_recordings(vector: Any) -> None:
    algorithm, public_key, name = vector["algorithm"], bits(vector["public_key"]), bits(vector["id"])
    key = pqrtc.SigningKey.from_seed(algorithm, bits(vector["seed"]))
    assert key.public_key == public_key
    signer = recording.Signer(key, name)
    assert signer.state == bits(vector["beginning"])
    for one in vector["segments"]:
        signer.update(bits(one["segment"]))
        made, entry = signer.entry(one["last"]), bits(one["entry"])
        head = len(entry) - signing.signature_sizes(algorithm).signature
        assert len(made) == len(entry) and made[:head] == entry[:head]
        assert signer.state == bits(one["state"])
        signer = recording.Signer.resume(key, name, bits(one["state"]))

    def after(accepted: int) -> recording.Verifier:
        verifier = recording.Verifier(algorithm, public_key, name)
        for one in vector["segments"][:accepted]:
            assert code(verifier.finish) == pqrtc.IncompleteError.code
            verifier.update(bits(one["segment"]))
            verifier.entry(bits(one["entry"]))
        return verifier

    after(len(vector["segments"])).finish()
    for one in vector["refused"]:
        entry = xored(bits(vector["segments"][one["entry"]]["entry"]), one["byte"], one["xor"])[: one["length"]]
        verifier = after(one["after"])
        verifier.update(bits(one["segment"]))
        assert code(verifier.entry, entry) == one["code"], one
    verifier = recording.Verifier(algorithm, public_key, bits(vector["another_id"]["id"]))
    first = vector["segments"][0]
    verifier.update(bits(first["segment"]))
    assert code(verifier.entry, bits(first["entry"])) == vector["another_id"]["first_entry"]


@pytest.mark.parametrize("vector", VECTORS["sframe"], ids=lambda vector: f"cipher {vector['cipher_suite']}")
def test_frames(vector: Any) -> None:
    cipher = vector["cipher_suite"]
    for one in vector["keys"]:
        key, kid = bits(one["base_key"]), int(one["kid"], 16)
        sender, receiver = sframe.Sender.from_key(key, kid, cipher), sframe.Receiver(cipher)
        receiver.add_key(kid, key)
        last = -1
        for number in one["frames"]:
            while last + 1 < number["counter"]:
                sender.seal(b"")
                last += 1
            last = number["counter"]
            clear, metadata, sealed = bits(number["frame"]), bits(number["metadata"]), bits(number["sealed"])
            assert sender.seal(clear, metadata) == sealed
            assert receiver.open_detail(sealed, metadata) == (clear, kid, number["counter"])

    rejected = vector["rejected"]
    key, kid, forged = bits(rejected["base_key"]), rejected["kid"], rejected["forged"]
    receiver = sframe.Receiver(cipher)
    receiver.add_key(kid, key)
    assert code(receiver.open, bits(forged["sealed"])) == forged["code"]
    receiver.open(bits(rejected["opened_before"]))
    sealed_frames = [bits(one["sealed"]) for one in rejected["frames"]]
    wanted = [one["code"] for one in rejected["frames"]]
    assert [code(receiver.open, sealed) for sealed in sealed_frames] == wanted
    refused = receiver.open_many(sealed_frames)
    assert [one.code for one in refused if isinstance(one, pqrtc.PqrtcError)] == wanted


@pytest.mark.parametrize("vector", VECTORS["ratchet"], ids=lambda vector: f"cipher {vector['cipher_suite']}")
def test_ratchet(vector: Any) -> None:
    cipher, key, kid = vector["cipher_suite"], bits(vector["base_key"]), vector["steps"][0]["kid"]
    sender = sframe.Sender.from_key(key, kid, cipher, ratchet_bits=vector["ratchet_bits"])
    receiver = sframe.Receiver(cipher, ratchet_bits=vector["ratchet_bits"])
    receiver.add_key(kid, key)
    for one in vector["steps"]:
        assert sender.kid == one["kid"]
        assert sender.seal(bits(one["frame"])) == bits(one["sealed"])
        assert receiver.open_detail(bits(one["sealed"])) == (bits(one["frame"]), one["kid"], 0)
        sender.ratchet()


@pytest.mark.parametrize("vector", VECTORS["codecs"], ids=lambda vector: f"codec {vector['codec']}")
def test_codecs(vector: Any) -> None:
    codec, cipher, key, kid = vector["codec"], vector["cipher_suite"], bits(vector["base_key"]), vector["kid"]
    sender, receiver = sframe.Sender.from_key(key, kid, cipher), sframe.Receiver(cipher)
    receiver.add_key(kid, key)
    for one in vector["frames"]:
        sealed = bits(one["sealed"])
        assert frame.seal(sender, codec, bits(one["frame"])) == sealed
        altered = xored(sealed, len(sealed) // 2)
        assert code(frame.open, receiver, codec, altered) == one["middle_byte_xor_1"]
        assert frame.open(receiver, codec, sealed) == bits(one["frame"])
        assert code(frame.open, receiver, codec, sealed) == one["again"]
