"""Recordings in segments: a whole one verifies, also after crashes; a spliced, cut, altered or foreign one does not."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import ML_DSA

import pqrtc
from pqrtc import recording

ID = b"meeting 7"
SEGMENTS = [b"first", b"second", b"", b"last"]


@pytest.fixture(scope="module")
def key() -> pqrtc.SigningKey:
    return pqrtc.SigningKey(ML_DSA)


@pytest.fixture
def verifier(key: pqrtc.SigningKey) -> recording.Verifier:
    return recording.Verifier(ML_DSA, key.public_key, ID)


def sign(key: pqrtc.SigningKey, name: bytes = ID) -> list[bytes]:
    """By a recorder that crashes before each entry."""
    state, entries = recording.Signer(key, name).state, []
    for number, segment in enumerate(SEGMENTS):
        with recording.Signer.resume(key, name, state) as crashed:
            crashed.update(b"lost")
            with pytest.raises(pqrtc.UnexpectedMessageError):
                crashed.state  # noqa: B018
        signer = recording.Signer.resume(key, name, state)
        shutil.copyfileobj(io.BytesIO(segment), signer)
        entries.append(signer.entry(last=number == 3))
        state = signer.state
    more: list[Callable[[recording.Signer], object]] = [lambda s: s.update(b"more"), lambda s: s.entry(), lambda s: s.write(b"")]
    for ended in (signer, recording.Signer.resume(key, name, state)):
        for call in more:
            with pytest.raises(pqrtc.UnexpectedMessageError):
                call(ended)
    return entries


def refused(error: type[Exception], verifier: recording.Verifier, segment: bytes, entry: bytes) -> None:
    verifier.update(segment)
    with pytest.raises(error):
        verifier.entry(entry)


def test_every_splice_is_refused_and_the_whole_recording_is_not(key: pqrtc.SigningKey, verifier: recording.Verifier) -> None:
    entries = sign(key)
    foreign, others = sign(key, b"meeting 8"), sign(pqrtc.SigningKey(ML_DSA))
    for number, (segment, entry) in enumerate(zip(SEGMENTS, entries)):
        other = (number + 1) % 4
        refused(pqrtc.OutOfSequenceError, verifier, SEGMENTS[other], entries[other])
        refused(pqrtc.DigestMismatchError, verifier, segment + b"x", entry)
        for wrong in (foreign[number], others[number], entry[:-1] + bytes([entry[-1] ^ 1])):
            refused(pqrtc.BadSignatureError, verifier, segment, wrong)
        for wrong in (b"", entry[:-1], entry + b"x", b"\0" + entry[1:]):
            refused(pqrtc.MalformedMessageError, verifier, segment, wrong)
        with pytest.raises(pqrtc.IncompleteError):
            verifier.finish()
        assert verifier.write(memoryview(segment)) == len(segment)
        verifier.entry(bytearray(entry))
    verifier.finish()
    refused(pqrtc.MalformedMessageError, verifier, SEGMENTS[3], entries[3])
    verifier.finish()
    verifier.update(b"more")
    with pytest.raises(pqrtc.IncompleteError):
        verifier.finish()


WRONG: list[tuple[type[Exception], Callable[[pqrtc.SigningKey], object]]] = [
    *[(pqrtc.InvalidLengthError, lambda k, n=n: recording.Signer(k, bytes(n))) for n in (0, 65)],
    *[(pqrtc.InvalidLengthError, lambda k, n=n: recording.Signer.resume(k, bytes(n), bytes(43))) for n in (0, 65)],
    *[(pqrtc.InvalidLengthError, lambda k, n=n: recording.Verifier(ML_DSA, k.public_key, bytes(n))) for n in (0, 65)],
    *[(pqrtc.InvalidLengthError, lambda k, n=n: recording.Verifier(ML_DSA, bytes(n), ID)) for n in (0, 1951, 1953)],
    *[(pqrtc.InvalidArgumentError, lambda k, n=n: recording.Verifier(n, k.public_key, ID)) for n in (0, 4, -1)],
    *[(pqrtc.MalformedMessageError, lambda k, s=s: recording.Signer.resume(k, ID, s)) for s in (b"", bytes(43), bytes(44))],
    (pqrtc.MalformedMessageError, lambda k: recording.Signer.resume(k, b"meeting 8", recording.Signer(k, ID).state)),
    *[(TypeError, lambda k, x=x: recording.Signer(x, ID)) for x in (None, 5, b"key")],
    *[(TypeError, lambda k, x=x: recording.Signer(k, x)) for x in (None, 5, "id")],
    *[(TypeError, lambda k, x=x: recording.Signer(k, ID).update(x)) for x in (None, 5, "text")],
    *[(TypeError, lambda k, x=x: recording.Verifier(ML_DSA, k.public_key, ID).entry(x)) for x in (None, 5, "text")],
]


@pytest.mark.parametrize("error, call", WRONG, ids=range(len(WRONG)))
def test_wrong_arguments_are_refused(key: pqrtc.SigningKey, error: type[Exception], call: Any) -> None:
    with pytest.raises(error):
        call(key)


def test_a_signer_outlives_its_key_and_says_when_it_is_closed() -> None:
    short_lived = pqrtc.SigningKey(ML_DSA)
    signer, verifier = recording.Signer(short_lived, ID), recording.Verifier(ML_DSA, short_lived.public_key, ID)
    short_lived.close()
    verifier.entry(signer.entry(last=True))
    verifier.finish()
    signer.close()
    verifier.close()
    for call in (lambda: signer.update(b""), signer.entry, lambda: signer.state, lambda: verifier.entry(b"x"), verifier.finish):
        with pytest.raises(pqrtc.ClosedHandleError):
            call()
    with pytest.raises(pqrtc.ClosedHandleError):
        recording.Signer(short_lived, ID)


def test_entries_and_artifacts_as_cose(key: pqrtc.SigningKey) -> None:
    signer = recording.Signer(key, ID)
    with pytest.raises(pqrtc.UnexpectedMessageError):
        signer.cose()
    chain = signer.state[11:]
    head = signer.entry(last=True)[:51]
    message = signer.cose()
    assert len(message) == 3405 and message[10:93] == chain + head
    content = b"a manifest" * 10_000
    message = key.artifact_sign_cose(pqrtc.ArtifactKind.RECORDING_MANIFEST, content)
    assert len(message) == 3320 + 5 + len(content) and message[13 : 13 + len(content)] == content
    with pytest.raises(pqrtc.InvalidArgumentError):
        key.artifact_sign_cose(9, content)
    with pytest.raises(pqrtc.UnsupportedError):
        pqrtc.SigningKey(pqrtc.SignatureAlgorithm.ML_DSA_65_ED25519).artifact_sign_cose(1, content)


def test_threads_share_a_signer(key: pqrtc.SigningKey, verifier: recording.Verifier) -> None:
    signer, piece = recording.Signer(key, ID), bytes(50_000)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: signer.update(piece), range(100)))
    verifier.update(piece * 100)
    verifier.entry(signer.entry(last=True))
    verifier.finish()
