"""Envelopes."""

from __future__ import annotations

from typing import Union

import pytest
from conftest import ML_DSA, ML_KEM

import pqrtc
from pqrtc import HybridKeypair, KemAlgorithm, KemKeypair, SigningKey, Suite, envelope


def recipient(suite: int) -> tuple[Union[HybridKeypair, KemKeypair], bytes]:
    if suite == 1:
        xwing = HybridKeypair.generate(Suite.X_WING)
        return xwing, xwing.bundle
    pair = KemKeypair.generate(KemAlgorithm.ML_KEM_1024)
    return pair, pair.public_key


SUITES = [(1, 1136)]
if pqrtc.provider() == "pqclean":

    def test_the_provider_has_no_ml_kem_1024() -> None:
        with pytest.raises(pqrtc.UnsupportedError):
            recipient(2)
        with pytest.raises(pqrtc.UnsupportedError):
            envelope.seal(2, b"", b"")

else:
    SUITES.append((2, 1584))


@pytest.mark.parametrize(("suite", "overhead"), SUITES)
def test_both_suites(suite: int, overhead: int) -> None:
    pair, public_key = recipient(suite)
    for payload in (b"", b"an API key", bytearray(100_000)):
        sealed = envelope.seal(suite, public_key, payload, b"context")
        assert len(sealed) == len(payload) + overhead
        assert envelope.open(pair, memoryview(sealed), b"context") == payload
    altered = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for other, one, info in ((pair, altered, b"context"), (pair, sealed, b""), (recipient(suite)[0], sealed, b"context")):
        with pytest.raises(pqrtc.DecryptionError):
            envelope.open(other, one, info)
    with pytest.raises(pqrtc.InvalidLengthError):
        envelope.seal(suite, public_key[:-1], b"")
    with pytest.raises(pqrtc.InvalidLengthError):
        envelope.open(pair, b"short")
    pair.close()
    with pytest.raises(pqrtc.ClosedHandleError):
        envelope.open(pair, sealed, b"context")


def test_refused_arguments() -> None:
    with pytest.raises(pqrtc.InvalidArgumentError):
        envelope.seal(3, bytes(1216), b"")
    with pytest.raises(pqrtc.InvalidKeyError):
        envelope.seal(1, b"\xff" * 1216, b"")
    for pair in (HybridKeypair.generate(Suite.V100_HYBRID_KX_V1), KemKeypair.generate(ML_KEM)):
        with pytest.raises(pqrtc.InvalidArgumentError):
            envelope.open(pair, bytes(2000))
    with pytest.raises(TypeError):
        envelope.open(b"no pair", bytes(2000))  # type: ignore[arg-type]


def test_signed() -> None:
    issuer = SigningKey.generate(ML_DSA)
    signature = envelope.sign(issuer, b"envelope", b"for Bob")
    envelope.verify(ML_DSA, issuer.public_key, b"envelope", signature, b"for Bob")
    for sealed, info in ((b"envelope", b"for Eve"), (b"another", b"for Bob")):
        with pytest.raises(pqrtc.BadSignatureError):
            envelope.verify(ML_DSA, issuer.public_key, sealed, signature, info)
    issuer.close()
    with pytest.raises(pqrtc.ClosedHandleError):
        envelope.sign(issuer, b"envelope")
