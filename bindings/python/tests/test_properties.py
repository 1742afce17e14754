"""Properties that hold for any input."""

from __future__ import annotations

import pytest
from conftest import ML_DSA, ML_KEM, media, sessions
from hypothesis import given
from hypothesis import strategies as st

import pqrtc
from pqrtc import Suite, frame, sframe, turn

ENDS = {suite: sessions(suite) for suite in Suite}
MEDIA = {cipher: media(cipher) for cipher in sframe.CipherSuite}
KEM, SIGNER = pqrtc.KemKeypair(ML_KEM), pqrtc.SigningKey(ML_DSA)
PUBLIC = SIGNER.public_key

suites = st.sampled_from(list(Suite))
ciphers = st.sampled_from(list(sframe.CipherSuite))
kinds = st.sampled_from(list(pqrtc.ArtifactKind))
data = st.binary(max_size=2000)
places = st.integers(min_value=0)


def altered(sealed: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(sealed)
    changed[place % len(sealed)] ^= 1 << bit
    return bytes(changed)


@given(suites, st.binary(min_size=1, max_size=124), data, st.integers(1, 16320))
def test_both_ends_export_the_same(suite: Suite, label: bytes, context: bytes, length: int) -> None:
    one, other = ENDS[suite]
    exported = one.export(label, context, length)
    assert exported == other.export(label, context, length) and len(exported) == length


@given(suites, st.binary(min_size=96, max_size=96))
def test_seeds_come_back(suite: Suite, seed: bytes) -> None:
    seed = seed[: pqrtc.suite_sizes(suite)[2]]
    pair = pqrtc.HybridKeypair.from_seed(suite, seed)
    assert pair.seed() == seed and pair.suite is suite
    assert pair.bundle == pqrtc.HybridKeypair.from_seed(suite, pair.seed()).bundle


@given(suites, places, st.integers(0, 7))
def test_an_altered_exchange_gives_no_shared_key(suite: Suite, place: int, bit: int) -> None:
    pair = pqrtc.HybridKeypair(suite)
    exchange, one = pqrtc.initiate(suite, pair.bundle)
    changed = altered(exchange, place, bit)
    try:
        other = pair.respond(changed)
    except pqrtc.NonContributoryError:
        return
    # X25519 ignores the top bit of a public key, and V100-HYBRID-KX-V1 does not bind it.
    top_bit = changed[31] ^ exchange[31] == 0x80 and suite is Suite.V100_HYBRID_KX_V1
    assert (one.key() == other.key()) is top_bit


@given(suites, data, data, places, st.integers(0, 7))
def test_messages(suite: Suite, plaintext: bytes, aad: bytes, place: int, bit: int) -> None:
    one, other = ENDS[suite]
    sealed = one.seal(plaintext, aad)
    assert len(sealed) == len(plaintext) + 36
    with pytest.raises((pqrtc.DecryptionError, pqrtc.ReplayedFrameError)):
        other.open(altered(sealed, place, bit), aad)
    assert other.open(sealed, aad) == plaintext
    with pytest.raises(pqrtc.ReplayedFrameError):
        other.open(sealed, aad)


@given(ciphers, data, data)
def test_frames(cipher: sframe.CipherSuite, clear: bytes, metadata: bytes) -> None:
    sender, receiver = MEDIA[cipher]
    sealed = sender.seal(clear, metadata)
    assert len(clear) < len(sealed) <= len(clear) + sframe.MAX_OVERHEAD_BYTES
    assert receiver.open(sealed, metadata) == clear
    with pytest.raises(pqrtc.ReplayedFrameError):
        receiver.open(sealed, metadata)


@given(data, places, st.integers(0, 7))
def test_an_altered_frame_does_not_open(clear: bytes, place: int, bit: int) -> None:
    sender, receiver = MEDIA[sframe.CipherSuite.AES_256_GCM_SHA512_128]
    sealed = sender.seal(clear)
    with pytest.raises(pqrtc.PqrtcError):
        receiver.open(altered(sealed, place, bit))
    assert receiver.open(sealed) == clear


@given(ciphers, st.lists(st.binary(max_size=300), max_size=40), st.binary(max_size=40))
def test_a_batch_is_as_many_single_frames(cipher: sframe.CipherSuite, clear: list[bytes], metadata: bytes) -> None:
    sender, receiver = MEDIA[cipher]
    assert [receiver.open(one, metadata) for one in sender.seal_many(clear, metadata)] == clear
    assert receiver.open_many([sender.seal(one, metadata) for one in clear], metadata) == clear


@given(st.sampled_from(list(frame.Codec)), data, data)
def test_codecs_take_any_bytes_or_refuse_them(codec: frame.Codec, clear: bytes, foreign: bytes) -> None:
    sender, receiver = MEDIA[sframe.CipherSuite.AES_256_GCM_SHA512_128]
    try:
        sealed = frame.seal(sender, codec, clear)
    except (pqrtc.InvalidArgumentError, pqrtc.NothingToSealError):
        pass
    else:
        assert len(sealed) <= frame.seal_max_size(codec, len(clear))
        assert frame.open(receiver, codec, sealed) == clear
    with pytest.raises(pqrtc.PqrtcError):
        frame.open(receiver, codec, foreign)


@given(data)
def test_any_bytes_are_refused_by_everything_that_opens(foreign: bytes) -> None:
    _, receiver = MEDIA[sframe.CipherSuite.AES_128_GCM_SHA256_128]
    for opens in (
        lambda: receiver.open(foreign),
        lambda: ENDS[Suite.X_WING][0].open(foreign),
        lambda: turn.unwrap(KEM, foreign),
        lambda: pqrtc.verify(ML_DSA, PUBLIC, b"", foreign.ljust(3309, b"\0")[:3309]),
        lambda: pqrtc.verify(ML_DSA, foreign, b"", bytes(3309)),
    ):
        with pytest.raises(pqrtc.PqrtcError):
            opens()


@given(data, places, st.integers(0, 7))
def test_wrapped_credentials(credential: bytes, place: int, bit: int) -> None:
    wrapped = turn.wrap(ML_KEM, KEM.public_key, credential)
    assert len(wrapped) == len(credential) + turn.wrap_overhead(ML_KEM) and turn.unwrap(KEM, wrapped) == credential
    with pytest.raises(pqrtc.DecryptionError):
        turn.unwrap(KEM, altered(wrapped, place, bit))


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=" '\"\\"), max_size=100),
    st.integers(1, 2**31 - 1),
)
def test_minted_credentials(user: str, expiry: int) -> None:
    credential = turn.mint("secret", user, expiry)
    turn.verify("secret", *credential, now=expiry - 1)
    with pytest.raises(pqrtc.CredentialExpiredError):
        turn.verify("secret", *credential, now=expiry)
    with pytest.raises(pqrtc.CredentialRejectedError):
        turn.verify("other", *credential, now=expiry - 1)


@given(kinds, kinds, st.lists(data, max_size=5), places, st.integers(0, 7))
def test_artifacts(
    kind: pqrtc.ArtifactKind, other: pqrtc.ArtifactKind, pieces: list[bytes], place: int, bit: int
) -> None:
    content = b"".join(pieces)
    with pqrtc.ArtifactHasher(kind) as hasher:
        for piece in pieces:
            hasher.update(piece)
        signature = hasher.sign(SIGNER)
        hasher.verify(ML_DSA, PUBLIC, SIGNER.artifact_sign(kind, content))
    pqrtc.artifact_verify(ML_DSA, PUBLIC, kind, content, signature)
    with pytest.raises(pqrtc.BadSignatureError):
        pqrtc.artifact_verify(ML_DSA, PUBLIC, kind, content, altered(signature, place, bit))
    if other is not kind:
        with pytest.raises(pqrtc.BadSignatureError):
            pqrtc.artifact_verify(ML_DSA, PUBLIC, other, content, signature)


@given(data, st.binary(max_size=255), st.binary(max_size=255))
def test_signatures(message: bytes, context: bytes, other: bytes) -> None:
    if context.startswith(b"pqrtc "):
        return
    signature = SIGNER.sign(message, context=context)
    pqrtc.verify(ML_DSA, PUBLIC, message, signature, context=context)
    if other != context:
        with pytest.raises((pqrtc.BadSignatureError, pqrtc.InvalidArgumentError)):
            pqrtc.verify(ML_DSA, PUBLIC, message, signature, context=other)
