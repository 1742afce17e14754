"""What a careless or hostile caller may pass: each case is refused with its own exception, and nothing crashes."""

from __future__ import annotations

import array
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from conftest import GCM, ML_DSA, ML_KEM, ROOT, media, new_kid, sessions

import pqrtc
from pqrtc import ArtifactHasher, HybridKeypair, KemKeypair, SigningKey, Suite, frame, sframe, turn

X_WING, V100 = Suite.X_WING, Suite.V100_HYBRID_KX_V1
LENGTH, ARGUMENT, KEY = pqrtc.InvalidLengthError, pqrtc.InvalidArgumentError, pqrtc.InvalidKeyError
NOT_BYTES: list[Any] = ["text", 7, 1.5, None, object(), ["list"]]


class Objects(NamedTuple):
    """One of each."""

    kem: KemKeypair
    pair: HybridKeypair
    session: pqrtc.Session
    peer: pqrtc.Session
    key: SigningKey
    hasher: ArtifactHasher
    sender: sframe.Sender
    receiver: sframe.Receiver


@pytest.fixture(scope="module")
def made() -> Objects:
    session, peer = sessions()
    sender, receiver = media()
    return Objects(
        KemKeypair(ML_KEM), HybridKeypair(X_WING), session, peer, SigningKey(ML_DSA), ArtifactHasher(1), sender, receiver,
    )  # fmt: skip


Case = Callable[[Objects], object]

WRONG: list[tuple[type[Exception], Case]] = [
    # Lengths.
    *[(LENGTH, lambda o, n=n: KemKeypair.from_seed(ML_KEM, bytes(n))) for n in (0, 1, 63, 65, 5000)],
    *[(LENGTH, lambda o, n=n: KemKeypair.from_expanded(ML_KEM, bytes(n))) for n in (0, 2399, 2401)],
    *[(LENGTH, lambda o, n=n: o.kem.decapsulate(bytes(n))) for n in (0, 1087, 1089)],
    *[(LENGTH, lambda o, n=n: pqrtc.encapsulate(ML_KEM, bytes(n))) for n in (0, 1183, 1185)],
    *[(LENGTH, lambda o, n=n: HybridKeypair.from_seed(X_WING, bytes(n))) for n in (0, 31, 33, 96)],
    *[(LENGTH, lambda o, n=n: HybridKeypair.from_seed(V100, bytes(n))) for n in (0, 32, 95, 97)],
    *[(LENGTH, lambda o, n=n: o.pair.respond(bytes(n))) for n in (0, 1119, 1121)],
    *[(LENGTH, lambda o, n=n: pqrtc.initiate(X_WING, bytes(n))) for n in (0, 1215, 1217)],
    *[(LENGTH, lambda o, n=n: o.session.export("x", length=n)) for n in (-1, 0, 16321, 1 << 20, 1 << 62, 1 << 80)],
    (LENGTH, lambda o: o.session.export("")),
    (LENGTH, lambda o: o.session.export(b"x" * 125)),
    (LENGTH, lambda o: o.session.export("x", context=bytes(65536))),
    (LENGTH, lambda o: o.session.seal(bytes((1 << 20) + 1))),
    (LENGTH, lambda o: o.session.seal(b"", aad=bytes(65536))),
    (LENGTH, lambda o: o.session.open(bytes(35))),
    (LENGTH, lambda o: turn.mint(b"", "alice", 1)),
    (LENGTH, lambda o: turn.mint("s", "u" * 500, 1 << 40)),
    (LENGTH, lambda o: turn.verify(b"", "1:a", "p", 0)),
    (LENGTH, lambda o: turn.wrap(ML_KEM, bytes(1183), b"x")),
    (LENGTH, lambda o: turn.wrap(ML_KEM, o.kem.public_key, bytes((1 << 20) + 1))),
    (LENGTH, lambda o: turn.unwrap(o.kem, bytes(1115))),
    *[(LENGTH, lambda o, n=n: SigningKey.from_seed(ML_DSA, bytes(n))) for n in (0, 31, 33)],
    (LENGTH, lambda o: o.key.sign(b"x", context=bytes(256))),
    (LENGTH, lambda o: pqrtc.verify(ML_DSA, bytes(1951), b"x", bytes(3309))),
    (LENGTH, lambda o: pqrtc.verify(ML_DSA, o.key.public_key, b"x", bytes(3308))),
    (LENGTH, lambda o: pqrtc.artifact_verify(ML_DSA, o.key.public_key, 1, b"x", b"")),
    (LENGTH, lambda o: o.hasher.verify(ML_DSA, b"", bytes(3309))),
    *[(LENGTH, lambda o, n=n: sframe.Sender.from_key(bytes(n), 1, GCM)) for n in (0, 15, 65)],
    (LENGTH, lambda o: o.receiver.add_key(1 << 40, bytes(15))),
    *[(LENGTH, lambda o, n=n: sframe.ratchet_base_key(GCM, bytes(n))) for n in (0, 15, 65)],
    (ARGUMENT, lambda o: sframe.ratchet_base_key(9, bytes(16))),
    (LENGTH, lambda o: o.sender.seal(bytes((64 << 20) + 1))),
    (LENGTH, lambda o: o.sender.seal(b"", metadata=bytes(65536))),
    (LENGTH, lambda o: o.sender.seal_many([b""] * 65537)),
    (LENGTH, lambda o: o.receiver.open(b"\x00", metadata=bytes(65536))),
    *[(LENGTH, lambda o, n=n: pqrtc.random(n)) for n in (-1, 0, (1 << 20) + 1)],
    # Numbers that stand for something, and numbers that do not fit C.
    *[(ARGUMENT, lambda o, n=n: HybridKeypair(n)) for n in (0, 3, -1, 1 << 32, (1 << 32) + 1, 1 << 64)],
    *[(ARGUMENT, lambda o, n=n: pqrtc.initiate(n, o.pair.bundle)) for n in (0, 3, -1, (1 << 32) + 1)],
    *[(ARGUMENT, lambda o, n=n: pqrtc.suite_sizes(n)) for n in (0, 3)],
    *[(ARGUMENT, lambda o, n=n: o.session.srtp_keys(n)) for n in (0, 2, 9, (1 << 32) + 7)],
    *[(ARGUMENT, lambda o, n=n: o.key.artifact_sign(n, b"")) for n in (0, 5, -1)],
    *[(ARGUMENT, lambda o, n=n: ArtifactHasher(n)) for n in (0, 5)],
    *[(ARGUMENT, lambda o, n=n: sframe.Receiver(n)) for n in (0, 9, -1, (1 << 32) + 5)],
    *[(ARGUMENT, lambda o, n=n: sframe.Receiver(GCM, window=n)) for n in (0, 63, 65, 65600, -64)],
    *[(ARGUMENT, lambda o, n=n: sframe.Receiver(GCM, ratchet_bits=n)) for n in (-1, 17)],
    (ARGUMENT, lambda o: sframe.Receiver(GCM, ratchet_bits=8, max_steps=0)),
    (ARGUMENT, lambda o: sframe.Sender(o.session, new_kid(), 9)),
    *[(ARGUMENT, lambda o, n=n: sframe.Sender(o.session, n, GCM)) for n in (-1, 1 << 64)],
    (ARGUMENT, lambda o: sframe.Sender.from_key(b"k" * 32, 0x1_0001, GCM, ratchet_bits=8)),
    (ARGUMENT, lambda o: o.sender.ratchet()),
    (ARGUMENT, lambda o: turn.mint("s", "alice", -1)),
    *[(ARGUMENT, lambda o, c=c: turn.mint("s", f"ali{c}ce", 1)) for c in "\0 '\"\\\n\x7f"],
    *[(ARGUMENT, lambda o, n=n: turn.mint("s", "alice", n)) for n in (1 << 31, 1 << 40)],
    *[(ARGUMENT, lambda o, n=n: KemKeypair(n)) for n in (0, 3, 99, -1)],
    *[(ARGUMENT, lambda o, n=n: SigningKey(n)) for n in (0, 4, 99, -1)],
    *[(ARGUMENT, lambda o, n=n: pqrtc.encapsulate(n, bytes(1184))) for n in (0, 3, 99)],
    *[(ARGUMENT, lambda o, n=n: turn.wrap(n, bytes(1184), b"")) for n in (0, 3, 99)],
    *[(ARGUMENT, lambda o, n=n: pqrtc.verify(n, bytes(1952), b"", bytes(3309))) for n in (0, 4, 99)],
    (ARGUMENT, lambda o: o.session.sframe_base_key(3, 1)),
    (KEY, lambda o: sframe.Sender.from_key(bytes(32), 1, GCM)),
    (KEY, lambda o: o.receiver.add_key(1, bytes(32))),
    (ARGUMENT, lambda o: o.key.sign(b"x", context=b"pqrtc x")),
    *[(ARGUMENT, lambda o, n=n: frame.seal(o.sender, n, b"x")) for n in (0, 10, -1, (1 << 32) + 1)],
    (ARGUMENT, lambda o: frame.seal_max_size(10, 5)),
    (ARGUMENT, lambda o: frame.seal(o.sender, frame.Codec.H264, b"no start code")),
    # Keys that fail their standard's checks.
    (KEY, lambda o: pqrtc.encapsulate(ML_KEM, b"\xff" * 1184)),
    (KEY, lambda o: turn.wrap(ML_KEM, b"\xff" * 1184, b"x")),
    (KEY, lambda o: pqrtc.initiate(X_WING, b"\xff" * 1216)),
    (KEY, lambda o: KemKeypair.from_expanded(ML_KEM, bytes(2400))),
    (pqrtc.NonContributoryError, lambda o: pqrtc.initiate(V100, bytes(32) + o.kem.public_key)),
    (pqrtc.NonContributoryError, lambda o: o.pair.respond(bytes(1120))),
    (pqrtc.UnsupportedError, lambda o: KemKeypair.from_expanded(ML_KEM, expanded()).seed()),
    # Bytes from someone else.
    (pqrtc.DecryptionError, lambda o: o.session.open(bytes(36))),
    (pqrtc.DecryptionError, lambda o: turn.unwrap(o.kem, bytes(1116))),
    (pqrtc.BadSignatureError, lambda o: pqrtc.verify(ML_DSA, o.key.public_key, b"x", bytes(3309))),
    (pqrtc.BadSignatureError, lambda o: o.hasher.verify(ML_DSA, o.key.public_key, bytes(3309))),
    (pqrtc.CredentialRejectedError, lambda o: turn.verify("s", "123:alice", "wrong")),
    (pqrtc.CredentialRejectedError, lambda o: turn.verify("s", "alice", "")),
    (pqrtc.CredentialExpiredError, lambda o: turn.verify("s", *turn.mint("s", "alice", 1000), now=1000)),
    (pqrtc.MalformedFrameError, lambda o: o.receiver.open(b"")),
    (pqrtc.UnknownKeyIdError, lambda o: o.receiver.open(b"\xf7" + b"\xff" * 40)),
    (pqrtc.UnknownKeyIdError, lambda o: o.receiver.remove_key(1 << 50)),
    (pqrtc.MalformedFrameError, lambda o: frame.open(o.receiver, frame.Codec.H264, b"no start code")),
    # Things that are of another type.
    *[(TypeError, lambda o, x=x: KemKeypair.from_seed(ML_KEM, x)) for x in NOT_BYTES],
    *[(TypeError, lambda o, x=x: o.sender.seal(x)) for x in NOT_BYTES],
    *[(TypeError, lambda o, x=x: o.sender.seal(b"", metadata=x)) for x in NOT_BYTES],
    *[(TypeError, lambda o, x=x: o.sender.seal_many([b"", x])) for x in NOT_BYTES],
    *[(TypeError, lambda o, x=x: o.receiver.open(x)) for x in NOT_BYTES],
    *[(TypeError, lambda o, x=x: o.receiver.open_into(bytes(40), x)) for x in (*NOT_BYTES, bytes(40))],
    *[(TypeError, lambda o, x=x: o.sender.seal_into(b"", x)) for x in (*NOT_BYTES, bytes(40), memoryview(bytes(9)))],
    *[(TypeError, lambda o, x=x: o.hasher.update(x)) for x in NOT_BYTES],
    *[(TypeError, lambda o, x=x: HybridKeypair(x)) for x in ("1", 1.0, None, b"\x01")],
    *[(TypeError, lambda o, x=x: turn.mint("s", "alice", x)) for x in ("1", 1.5, None)],
    *[(TypeError, lambda o, x=x: pqrtc.random(x)) for x in ("1", 1.5, None)],
    *[(TypeError, lambda o, x=x: turn.unwrap(x, bytes(2000))) for x in (None, 5, SigningKey(ML_DSA))],
    *[(TypeError, lambda o, x=x: sframe.Sender(x, 1, GCM)) for x in (None, 5, SigningKey(ML_DSA))],
    *[(TypeError, lambda o, x=x: o.receiver.add_session(x, 1)) for x in (None, 5, SigningKey(ML_DSA))],
    *[(TypeError, lambda o, x=x: o.hasher.sign(x)) for x in (None, 5, KemKeypair(ML_KEM))],
    *[(TypeError, lambda o, x=x: frame.seal(x, 1, b"")) for x in (None, 5, sframe.Receiver(GCM))],
    *[(TypeError, lambda o, x=x: frame.open(x, 1, b"")) for x in (None, 5, KemKeypair(ML_KEM))],
    (TypeError, lambda o: pqrtc.Session()),
    (TypeError, lambda o: pqrtc.cleanse(b"bytes")),
    (TypeError, lambda o: o.session.export(5)),  # type: ignore[arg-type]
    (TypeError, lambda o: o.session.export("x", length="32")),  # type: ignore[arg-type]
    # Buffers that ctypes or C would read wrongly.
    (BufferError, lambda o: o.sender.seal(memoryview(bytes(10))[::2])),
    (BufferError, lambda o: o.sender.seal(memoryview(bytearray(10))[::-1])),
    (TypeError, lambda o: o.sender.seal_into(b"", memoryview(bytearray(100))[::2])),
    (pqrtc.BufferTooSmallError, lambda o: o.sender.seal_into(b"frame", bytearray(37))),
    (pqrtc.BufferTooSmallError, lambda o: o.sender.seal_into(b"frame", bytearray())),
    (pqrtc.BufferTooSmallError, lambda o: frame.seal_into(o.sender, 1, b"frame", bytearray(5))),
]


def expanded() -> bytes:
    """An expanded decapsulation key, from another library."""
    path = ROOT.parent / "shared" / "vectors" / "acvp-mlkem768-keygen.json"
    if not path.exists():
        pytest.skip("skipped: no ML-KEM vectors beside the project")
    return bytes.fromhex(json.loads(path.read_text())[0]["dk"])


@pytest.mark.parametrize(("wanted", "case"), WRONG)
def test_is_refused(made: Objects, wanted: type[Exception], case: Case) -> None:
    with pytest.raises(wanted) as caught:
        case(made)
    assert caught.type is wanted or not issubclass(wanted, pqrtc.PqrtcError)


def test_objects_still_work_after_all_that(made: Objects) -> None:
    assert made.receiver.open(made.sender.seal(b"frame")) == b"frame"
    assert made.peer.open(made.session.seal(b"message")) == b"message"
    pqrtc.verify(ML_DSA, made.key.public_key, b"x", made.key.sign(b"x"))
    assert turn.unwrap(made.kem, turn.wrap(ML_KEM, made.kem.public_key, b"credential")) == b"credential"


def test_the_size_that_suffices_is_told(made: Objects) -> None:
    with pytest.raises(pqrtc.BufferTooSmallError) as caught:
        made.sender.seal_into(b"frame", bytearray(10))
    assert caught.value.needed == 5 + sframe.MAX_OVERHEAD_BYTES
    made.sender.seal_into(b"frame", bytearray(caught.value.needed))
    with pytest.raises(pqrtc.BufferTooSmallError) as caught:
        frame.seal_into(made.sender, frame.Codec.VP8, b"frame", bytearray(10))
    assert caught.value.needed == frame.seal_max_size(frame.Codec.VP8, 5)


def test_a_refused_call_uses_up_no_counter() -> None:
    sender, receiver = media()
    for _ in range(3):
        with pytest.raises(pqrtc.BufferTooSmallError):
            sender.seal_into(b"frame", bytearray(10))
        with pytest.raises(LENGTH):
            sender.seal(b"", metadata=bytes(65536))
    assert receiver.open_detail(sender.seal(b"")).counter == 0


def test_output_that_overlaps_its_input(made: Objects) -> None:
    room = bytearray(200)
    with pytest.raises(ARGUMENT):
        made.sender.seal_into(memoryview(room)[1:100], room)
    with pytest.raises(ARGUMENT):
        made.sender.seal_into(b"", room, metadata=memoryview(room)[:5])
    with pytest.raises(ARGUMENT):
        frame.seal_into(made.sender, 1, memoryview(room)[:100], room)


def test_items_that_are_not_bytes_are_taken_as_their_bytes() -> None:
    sender, receiver = media()
    samples = array.array("h", [1, -2, 3])
    assert receiver.open(sender.seal(samples)) == samples.tobytes()
    assert receiver.open_many(sender.seal_many([samples, b"x"])) == [samples.tobytes(), b"x"]
    room = array.array("Q", bytes(80))
    length = sender.seal_into(b"frame", room)
    assert receiver.open(memoryview(room).cast("B")[:length]) == b"frame"


CLOSED: list[Case] = [
    lambda o: o.kem.public_key,
    lambda o: o.kem.seed(),
    lambda o: o.kem.decapsulate(bytes(1088)),
    lambda o: turn.unwrap(o.kem, bytes(1200)),
    lambda o: o.pair.bundle,
    lambda o: o.pair.seed(),
    lambda o: o.pair.respond(bytes(1120)),
    lambda o: o.session.key(),
    lambda o: o.session.export("x"),
    lambda o: o.session.srtp_keys(7),
    lambda o: o.session.seal(b""),
    lambda o: o.session.open(bytes(36)),
    lambda o: sframe.Sender(o.session, 1, GCM),
    lambda o: sframe.Receiver(GCM).add_session(o.session, 1),
    lambda o: o.key.public_key,
    lambda o: o.key.sign(b""),
    lambda o: o.key.artifact_sign(1, b""),
    lambda o: ArtifactHasher(1).sign(o.key),
    lambda o: o.hasher.update(b""),
    lambda o: o.hasher.write(b""),
    lambda o: o.hasher.sign(SigningKey(ML_DSA)),
    lambda o: o.hasher.verify(ML_DSA, bytes(1952), bytes(3309)),
    lambda o: o.sender.seal(b""),
    lambda o: o.sender.seal_into(b"", bytearray(40)),
    lambda o: o.sender.seal_many([b""]),
    lambda o: o.sender.kid,
    lambda o: o.sender.ratchet(),
    lambda o: frame.seal(o.sender, 1, b"x"),
    lambda o: frame.seal_into(o.sender, 1, b"x", bytearray(100)),
    lambda o: o.receiver.open(bytes(40)),
    lambda o: o.receiver.open_detail(bytes(40)),
    lambda o: o.receiver.open_into(bytes(40), bytearray(40)),
    lambda o: o.receiver.open_many([bytes(40)]),
    lambda o: o.receiver.add_key(1, bytes(16)),
    lambda o: o.receiver.remove_key(1),
    lambda o: o.receiver.stats(),
    lambda o: frame.open(o.receiver, 1, bytes(40)),
    lambda o: frame.open_detail(o.receiver, 1, bytes(40)),
    lambda o: frame.open_into(o.receiver, 1, bytes(40), bytearray(40)),
    lambda o: o.session.__enter__(),
]


@pytest.fixture(scope="module")
def closed() -> Objects:
    session, peer = sessions()
    sender, receiver = media()
    objects = Objects(
        KemKeypair(ML_KEM), HybridKeypair(X_WING), session, peer, SigningKey(ML_DSA), ArtifactHasher(1), sender, receiver,
    )  # fmt: skip
    for handle in objects:
        handle.close()
        handle.close()
        assert handle.closed and "closed" in repr(handle)
    return objects


@pytest.mark.parametrize("case", CLOSED)
def test_a_closed_object_says_so(closed: Objects, case: Case) -> None:
    with pytest.raises(pqrtc.ClosedHandleError, match="closed") as caught:
        case(closed)
    assert caught.value.code == 1


class Liar(bytes):
    """A bytes object that says it is longer than it is."""

    def __len__(self) -> int:
        return 4096

    def __iter__(self) -> Any:
        return iter(bytes(4096))


class LyingText(str):
    def encode(self, *_: object) -> Any:
        return Liar(b"x")


class LyingNumber(int):
    """A number that is always small enough."""

    def __le__(self, other: object) -> bool:
        return True

    __lt__ = __ge__ = __gt__ = __le__


def test_the_buffers_own_length_counts(made: Objects) -> None:
    sender, receiver, clear = made.sender, made.receiver, Liar(b"hello")
    assert receiver.open(Liar(sender.seal(clear, Liar(b"m"))), b"m") == b"hello"
    room = bytearray(100)
    assert receiver.open(room[: sender.seal_into(clear, room)]) == b"hello"
    assert receiver.open_into(Liar(sender.seal(b"hello")), room) == 5
    sealed = sender.seal_many([clear, b"two", Liar(b"")])
    assert receiver.open_many([Liar(one) for one in sealed]) == [b"hello", b"two", b""]
    assert frame.open(receiver, 1, Liar(frame.seal(sender, 1, clear))) == b"hello"
    assert made.peer.open(Liar(made.session.seal(clear, Liar(b"a"))), b"a") == b"hello"
    assert made.session.export(Liar(b"label"), Liar(b"c")) == made.peer.export("label", b"c")
    assert made.session.export(LyingText("label")) == made.peer.export("label")
    assert turn.unwrap(made.kem, Liar(turn.wrap(ML_KEM, Liar(made.kem.public_key), clear))) == b"hello"
    assert turn.mint(Liar(b"secret"), LyingText("alice"), 2000000000) == turn.mint(b"secret", "alice", 2000000000)
    pqrtc.verify(ML_DSA, Liar(made.key.public_key), b"hello", Liar(made.key.sign(clear)))
    made.hasher.update(clear)
    with pytest.raises(LENGTH):
        KemKeypair.from_seed(ML_KEM, Liar(bytes(63)))


def test_a_numbers_own_value_counts(made: Objects) -> None:
    for length in (LyingNumber(1 << 20), LyingNumber(-1), LyingNumber(1 << 70)):
        with pytest.raises(LENGTH):
            made.session.export("x", length=length)
    with pytest.raises(LENGTH):
        pqrtc.random(LyingNumber(1 << 30))
    with pytest.raises(ARGUMENT):
        made.receiver.add_key(LyingNumber(1 << 64), bytes(32))
    assert len(pqrtc.random(LyingNumber(32))) == 32
