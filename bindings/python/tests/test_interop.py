"""The same bytes as an independent program: the protocol written out with `cryptography` and `hashlib`, against this library."""

from __future__ import annotations

import hashlib
import os

import pytest
from conftest import ML_DSA, ML_KEM, new_kid, sessions

import pqrtc
from pqrtc import Suite, sframe, turn

pytest.importorskip("cryptography", minversion="48", reason="skipped: no cryptography 48 or later")

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

X_WING_LABEL = bytes.fromhex("5c2e2f2f5e5c")


def split(suite: int, message: bytes) -> tuple[bytes, bytes]:
    """The X25519 and the ML-KEM part of a bundle or an exchange message."""
    return (message[:32], message[32:]) if suite == Suite.V100_HYBRID_KX_V1 else (message[-32:], message[:-32])


def join(suite: int, x: bytes, m: bytes) -> bytes:
    return x + m if suite == Suite.V100_HYBRID_KX_V1 else m + x


def session_key(suite: int, ss_x: bytes, ss_m: bytes, ct_x: bytes, pk_x: bytes) -> bytes:
    if suite == Suite.V100_HYBRID_KX_V1:
        return hashlib.sha3_256(b"V100-HYBRID-KX-V1" + ss_x + ss_m).digest()
    return hashlib.sha3_256(ss_m + ss_x + ct_x + pk_x + X_WING_LABEL).digest()


def export(key: bytes, label: bytes, context: bytes, length: int) -> bytes:
    prk = HKDF.extract(SHA512(), b"pqrtc exporter v1", key)
    info = length.to_bytes(2, "big") + bytes([len(label)]) + label + len(context).to_bytes(2, "big") + context
    return HKDFExpand(SHA512(), length, info).derive(prk)


@pytest.mark.parametrize("suite", list(Suite))
def test_we_respond_to_a_hand_made_initiator(suite: Suite) -> None:
    pair = pqrtc.HybridKeypair.generate(suite)
    pk_x, ek = split(suite, pair.bundle)
    ephemeral = X25519PrivateKey.generate()
    ss_x = ephemeral.exchange(X25519PublicKey.from_public_bytes(pk_x))
    ss_m, ct = MLKEM768PublicKey.from_public_bytes(ek).encapsulate()
    ct_x = ephemeral.public_key().public_bytes_raw()
    session = pair.respond(join(suite, ct_x, ct))
    assert session.key() == session_key(suite, ss_x, ss_m, ct_x, pk_x)


@pytest.mark.parametrize("suite", list(Suite))
def test_a_hand_made_responder_answers_us(suite: Suite) -> None:
    seed = os.urandom(pqrtc.suite_sizes(suite)[2])
    material = seed if suite == Suite.V100_HYBRID_KX_V1 else hashlib.shake_256(seed).digest(96)
    sk_x, d_z = (material[:32], material[32:]) if suite == Suite.V100_HYBRID_KX_V1 else (material[64:], material[:64])
    classical, lattice = X25519PrivateKey.from_private_bytes(sk_x), MLKEM768PrivateKey.from_seed_bytes(d_z)
    pk_x = classical.public_key().public_bytes_raw()
    bundle = join(suite, pk_x, lattice.public_key().public_bytes_raw())
    assert pqrtc.HybridKeypair.from_seed(suite, seed).bundle == bundle
    exchange, session = pqrtc.initiate(suite, bundle)
    ct_x, ct = split(suite, exchange)
    ss_x = classical.exchange(X25519PublicKey.from_public_bytes(ct_x))
    assert session.key() == session_key(suite, ss_x, lattice.decapsulate(ct), ct_x, pk_x)


def test_exporter_and_srtp() -> None:
    session, _ = sessions()
    for label, context, length in ((b"a", b"", 1), (b"chat", b"room", 32), (b"l" * 124, bytes(65535), 16320)):
        assert session.export(label, context, length) == export(session.key(), b"app " + label, context, length)
    for profile, length in ((1, 60), (7, 56), (8, 88)):
        wanted = export(session.key(), b"pqrtc srtp", profile.to_bytes(2, "big"), length)
        assert session.srtp_keys(profile) == wanted


def test_sealed_messages() -> None:
    initiator, responder = sessions()
    for role, sender, receiver in ((1, initiator, responder), (2, responder, initiator)):
        aes = AESGCM(export(sender.key(), b"pqrtc message", bytes([role]), 32))
        for number in range(3):
            sealed = sender.seal(b"group key", aad=b"room")
            assert int.from_bytes(sealed[:8], "big") == number
            assert aes.decrypt(sealed[8:20], sealed[20:], sealed[:8] + b"room") == b"group key"
        sequence, nonce = (500).to_bytes(8, "big"), os.urandom(12)
        assert receiver.open(sequence + nonce + aes.encrypt(nonce, b"by hand", sequence), b"") == b"by hand"


def test_ml_kem() -> None:
    seed = os.urandom(64)
    theirs, ours = MLKEM768PrivateKey.from_seed_bytes(seed), pqrtc.KemKeypair.from_seed(ML_KEM, seed)
    assert ours.public_key == theirs.public_key().public_bytes_raw() and ours.seed() == seed
    secret, ciphertext = theirs.public_key().encapsulate()
    assert ours.decapsulate(ciphertext) == secret
    ciphertext, secret = pqrtc.encapsulate(ML_KEM, ours.public_key)
    assert theirs.decapsulate(ciphertext) == secret
    # Implicit rejection gives the same key everywhere.
    assert theirs.decapsulate(bytes(1088)) == ours.decapsulate(bytes(1088))


def test_wrapped_credentials() -> None:
    theirs, credential = MLKEM768PrivateKey.generate(), os.urandom(100)
    key = theirs.public_key()
    wrapped = turn.wrap(ML_KEM, key.public_bytes_raw(), credential)
    aes = AESGCM(theirs.decapsulate(wrapped[:1088]))
    assert aes.decrypt(wrapped[1088:1100], wrapped[1100:], None) == credential
    secret, ciphertext = key.encapsulate()
    nonce = os.urandom(12)
    ours = pqrtc.KemKeypair.from_seed(ML_KEM, theirs.private_bytes_raw())
    assert turn.unwrap(ours, ciphertext + nonce + AESGCM(secret).encrypt(nonce, credential, None)) == credential


def test_signatures() -> None:
    seed = os.urandom(32)
    theirs, ours = MLDSA65PrivateKey.from_seed_bytes(seed), pqrtc.SigningKey.from_seed(ML_DSA, seed)
    public = theirs.public_key()
    assert ours.public_key == public.public_bytes_raw()
    for context in (b"", b"meeting", b"c" * 255):
        public.verify(ours.sign(b"message", context=context), b"message", context)
        pqrtc.verify(ML_DSA, ours.public_key, b"message", theirs.sign(b"message", context), context=context)
        with pytest.raises(InvalidSignature):
            public.verify(ours.sign(b"message", context=context), b"massage", context)


@pytest.mark.parametrize(
    ("kind", "context"),
    [
        (pqrtc.ArtifactKind.RECORDING_MANIFEST, b"pqrtc recording-manifest v1"),
        (pqrtc.ArtifactKind.TRANSCRIPT, b"pqrtc transcript v1"),
        (pqrtc.ArtifactKind.SUMMARY, b"pqrtc summary v1"),
        (pqrtc.ArtifactKind.API_KEY_ENVELOPE, b"pqrtc api-key-envelope v1"),
    ],
)
def test_artifacts(kind: pqrtc.ArtifactKind, context: bytes) -> None:
    theirs, ours, content = MLDSA65PrivateKey.generate(), pqrtc.SigningKey.generate(ML_DSA), os.urandom(5000)
    digest = hashlib.sha3_256(content).digest()
    public = MLDSA65PublicKey.from_public_bytes(ours.public_key)
    public.verify(ours.artifact_sign(kind, content), digest, context)
    pqrtc.artifact_verify(ML_DSA, theirs.public_key().public_bytes_raw(), kind, content, theirs.sign(digest, context))


def sframe_key(base_key: bytes, kid: int) -> tuple[AESGCM, bytes]:
    """RFC 9605 section 4.4.2 for AES_256_GCM_SHA512_128: the cipher and the salt."""
    secret = HKDF.extract(SHA512(), b"", base_key)
    tail = kid.to_bytes(8, "big") + (5).to_bytes(2, "big")
    key = HKDFExpand(SHA512(), 32, b"SFrame 1.0 Secret key " + tail).derive(secret)
    return AESGCM(key), HKDFExpand(SHA512(), 12, b"SFrame 1.0 Secret salt " + tail).derive(secret)


def sframe_header(kid: int, counter: int) -> bytes:
    """Section 4.3, in the fewest bytes."""
    parts = []
    for value in (kid, counter):
        extra = b"" if value < 8 else value.to_bytes((value.bit_length() + 7) // 8, "big")
        parts.append((8 | len(extra) - 1 if extra else value, extra))
    return bytes([parts[0][0] << 4 | parts[1][0]]) + parts[0][1] + parts[1][1]


@pytest.mark.parametrize("kid", [3, 0x1234_5678])
def test_frames(kid: int) -> None:
    initiator, responder = sessions()
    kid += new_kid() << 40 if kid > 7 else 0
    for role, ours, other in ((1, initiator, responder), (2, responder, initiator)):
        base_key = export(ours.key(), b"pqrtc sframe", bytes([role]) + kid.to_bytes(8, "big"), 32)
        aes, salt = sframe_key(base_key, kid)
        sender = sframe.Sender(ours, kid, sframe.CipherSuite.AES_256_GCM_SHA512_128)
        receiver = sframe.Receiver(sframe.CipherSuite.AES_256_GCM_SHA512_128)
        receiver.add_session(other, kid)
        for counter in range(20):
            header = sframe_header(kid, counter)
            nonce = (int.from_bytes(salt, "big") ^ counter).to_bytes(12, "big")
            by_hand = header + aes.encrypt(nonce, b"frame", header + b"metadata")
            assert sender.seal(b"frame", metadata=b"metadata") == by_hand
            opened = receiver.open_detail(by_hand, metadata=b"metadata")
            assert opened == (b"frame", kid, counter)
