from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import pqrtc
from pqrtc import Session, Suite, sframe

ROOT = Path(__file__).resolve().parents[3]
ML_KEM, ML_DSA = pqrtc.KemAlgorithm.ML_KEM_768, pqrtc.SignatureAlgorithm.ML_DSA_65
GCM = sframe.CipherSuite.AES_256_GCM_SHA512_128

# A time limit would fail on a busy machine.
settings.register_profile("pqrtc", deadline=None, max_examples=60)
settings.load_profile("pqrtc")

_kids = itertools.count(1)


def new_kid() -> int:
    return next(_kids)


def sessions(suite: int = Suite.X_WING) -> tuple[Session, Session]:
    """Both ends of a new session."""
    pair = pqrtc.HybridKeypair.generate(suite)
    exchange, initiator = pqrtc.initiate(suite, pair.bundle)
    return initiator, pair.respond(exchange)


def media(cipher: int = GCM) -> tuple[sframe.Sender, sframe.Receiver]:
    """A sender and the receiver that opens its frames."""
    key, kid = os.urandom(32), new_kid()
    receiver = sframe.Receiver(cipher)
    receiver.add_key(kid, key)
    return sframe.Sender.from_key(key, kid, cipher), receiver


@pytest.fixture(scope="session")
def root() -> Iterator[Path]:
    """The repository, for tests that read its files."""
    if not (ROOT / "include" / "pqrtc.h").exists():
        pytest.skip("skipped: not in the repository")
    yield ROOT
