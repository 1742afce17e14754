"""Authenticated calls, and keys in files."""

from __future__ import annotations

import pytest
from conftest import GCM, ML_DSA, ML_KEM

import pqrtc
from pqrtc import Call, CallState, KemKeypair, KeyFormat, Policy, PolicyOption, Profile, SigningKey
from pqrtc.signing import PUBLIC_KEY_KEM

IDENTITY = pqrtc.SignatureAlgorithm.ML_DSA_65_ED25519


def policy(pin: SigningKey) -> Policy:
    made = Policy(Profile.DEFAULT)
    made.set(PolicyOption.PIN, pin.fingerprint)
    return made


def test_a_call_and_a_rekey() -> None:
    me, you = SigningKey.generate(IDENTITY), SigningKey.generate(IDENTITY)
    alice = Call(policy(you), me, binding=b"a" * 32, credential=b"alice")
    bob = Call(policy(me), you, binding=b"b" * 32, credential=b"bob")
    answer = bob.receive(alice.offer(), b"a" * 32)
    finish = alice.receive(answer, b"b" * 32)
    ack = bob.receive(finish, b"a" * 32)
    assert alice.receive(ack, b"b" * 32) == b""
    assert alice.info().state is CallState.CONFIRMED and bob.info().may_send
    assert alice.info().peer_fingerprint == you.fingerprint
    assert bob.peer() == (IDENTITY, me.public_key, b"alice")
    assert alice.sas() == bob.sas() and len(alice.sas()) == 10
    assert alice.session().export("x") == bob.session().export("x")
    sender, receiver = alice.sender(0, GCM), bob.receiver(GCM)
    assert receiver.open(sender.seal(b"before")) == b"before"
    assert alice.sframe_key(pqrtc.Direction.SENDING, 1) == bob.sframe_key(pqrtc.Direction.RECEIVING, 1)
    alice.receive(bob.receive(alice.receive(bob.receive(alice.offer(), b"a" * 32), b"b" * 32), b"a" * 32), b"b" * 32)
    assert alice.info().epoch == bob.info().epoch == 1
    assert receiver.open(sender.seal(b"after")) == b"after"


def test_refusals_of_a_call() -> None:
    me, you, other = (SigningKey.generate(IDENTITY) for _ in range(3))
    alice, bob = Call(policy(other), me, binding=b"a" * 32), Call(policy(me), you, binding=b"b" * 32)
    answer = bob.receive(alice.offer(), b"a" * 32)
    with pytest.raises(pqrtc.PeerRejectedError):
        alice.receive(answer, b"b" * 32)
    assert alice.peer().public_key == you.public_key
    alice.pin(you.fingerprint)
    with pytest.raises(pqrtc.BindingMismatchError):
        alice.receive(answer, b"x" * 32)
    finish = alice.receive(answer, b"b" * 32)
    with pytest.raises(pqrtc.HandshakeFailedError):
        bob.receive(finish[:-1] + bytes([finish[-1] ^ 1]), b"a" * 32)
    with pytest.raises(pqrtc.MalformedMessageError):
        bob.receive(b"\1\x09\0")
    with pytest.raises(pqrtc.VersionRefusedError):
        bob.receive(b"\2" + finish[1:])
    with pytest.raises(pqrtc.UnexpectedMessageError):
        Call(policy(me), you).session()
    with pytest.raises(pqrtc.InvalidLengthError):
        alice.pin(b"short")
    with pytest.raises(pqrtc.InvalidArgumentError):
        Policy(99)
    me.close()
    with pytest.raises(pqrtc.ClosedHandleError):
        Call(policy(you), me)


def test_a_peer_without_identity() -> None:
    for credential in (b"", b"guest"):
        one, other = Call(Policy(Profile.SAS), credential=credential), Call(Policy(Profile.SAS))
        other.receive(one.receive(other.receive(one.offer())))
        assert other.peer() == (None, b"", credential) and one.peer() == (None, b"", b"")


def test_keys_in_files() -> None:
    key, pair = SigningKey.generate(ML_DSA), KemKeypair.generate(ML_KEM)
    for form in KeyFormat:
        assert SigningKey.import_file(key.export_file(form)).seed() == key.seed()
        assert KemKeypair.import_file(pair.export_file(form)).seed() == pair.seed()
        for algorithm, raw in ((ML_DSA, key.public_key), (PUBLIC_KEY_KEM + ML_KEM, pair.public_key)):
            file = pqrtc.export_public_key(algorithm, raw, form)
            assert pqrtc.import_public_key(file) == (algorithm, raw)
            with pytest.raises(pqrtc.InvalidKeyError):
                pqrtc.import_public_key(file[: len(file) // 2])
    assert SigningKey.import_file(key.export_file(KeyFormat.DER)).algorithm is ML_DSA
    with pytest.raises(pqrtc.InvalidKeyError):
        SigningKey.import_file(pair.export_file(KeyFormat.DER))
    with pytest.raises(pqrtc.InvalidArgumentError):
        key.export_file(3)
