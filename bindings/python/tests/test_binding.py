"""What the binding itself promises: lifetimes, buffers, what the module exports."""

from __future__ import annotations

import copy
import ctypes
import gc
import importlib
import io
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import GCM, ML_DSA, ML_KEM, media, new_kid, sessions

import pqrtc
from pqrtc import _buffers, frame, kem, sframe, turn


def test_the_library() -> None:
    assert pqrtc.__version__ == pqrtc.version() and len(pqrtc.version().split(".")) == 3
    assert pqrtc.provider() in ("aws-lc", "pqclean", "rustcrypto")
    pqrtc.self_test()
    assert len(pqrtc.random(1 << 20)) == 1 << 20 and pqrtc.random(32) != pqrtc.random(32)
    assert set(pqrtc.__all__) <= set(dir(pqrtc))
    assert pqrtc.suite_sizes(pqrtc.Suite.X_WING) == (1216, 1120, 32)


def test_cleanse() -> None:
    secret = bytearray(b"secret" * 100)
    pqrtc.cleanse(memoryview(secret)[6:])
    assert secret == b"secret" + bytes(594)
    pqrtc.cleanse(bytearray())


FORMS: list[Callable[[bytes], Any]] = [
    bytes,
    bytearray,
    memoryview,
    lambda data: memoryview(bytearray(data)),
    lambda data: memoryview(bytearray(data)).toreadonly(),
    lambda data: memoryview(b"xx" + data + b"yyy")[2:-3],
    lambda data: memoryview(bytearray(b"xx" + data + b"yyy"))[2:-3],
    lambda data: type("Named", (bytes,), {})(data),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("length", [0, 1, 300, 100_000])
def test_every_kind_of_buffer(form: Callable[[bytes], Any], length: int) -> None:
    sender, receiver = media()
    clear, extra = os.urandom(length), os.urandom(min(length, 1000))
    sealed = sender.seal(form(clear), metadata=form(extra))
    assert receiver.open(form(sealed), metadata=form(extra)) == clear
    sealed_many = sender.seal_many([form(clear), clear], metadata=form(extra))
    assert receiver.open_many(list(map(form, sealed_many)), metadata=form(extra)) == [clear, clear]
    room = bytearray(length + 100)
    written = sender.seal_into(form(clear), memoryview(room)[5:], metadata=form(extra))
    back = bytearray(length + 40)
    assert receiver.open_into(form(bytes(room[5 : 5 + written])), back, metadata=form(extra)) == length
    assert back[:length] == clear
    sealed = frame.seal(sender, frame.Codec.OPAQUE, form(clear))
    assert frame.open(receiver, frame.Codec.OPAQUE, form(sealed)) == clear


def test_no_input_is_copied_and_none_stays_locked() -> None:
    for data in (bytearray(b"frame"), memoryview(bytearray(b"frame"))):
        pointer, length = _buffers.borrow(data)
        assert length == 5
        with pytest.raises(BufferError):
            (data if isinstance(data, bytearray) else data.obj).append(0)  # type: ignore[attr-defined]
        del pointer
    clear = bytearray(b"frame")
    sender, receiver = media()
    sender.seal(clear)
    clear.append(0)  # not locked any more
    room = bytearray(100)
    sender.seal_into(clear, room)
    room.append(0)

    original = b"x" + os.urandom(64)
    view = memoryview(original)[1:]
    pointer, _ = _buffers.borrow(view)
    whole, _ = _buffers.borrow(memoryview(original))
    addresses = [ctypes.cast(one, ctypes.c_void_p).value for one in (pointer, whole)]
    assert addresses[0] == (addresses[1] or 0) + 1  # the very bytes, at their offset


def test_a_read_only_view_keeps_its_memory_while_it_is_borrowed() -> None:
    before = len(gc.get_objects())
    for _ in range(1000):
        pointer, length = _buffers.borrow(memoryview(os.urandom(1000))[1:])
        assert length == 999
        assert len(ctypes.string_at(pointer, 999)) == 999
    del pointer
    gc.collect()
    assert len(gc.get_objects()) < before + 500


def test_in_place() -> None:
    sender, receiver = media()
    room = bytearray(b"frame" + bytes(40))
    written = sender.seal_into(memoryview(room)[:5], room, metadata=b"m")
    assert receiver.open_into(memoryview(room)[:written], room, metadata=b"m") == 5
    assert room[:5] == b"frame"


def test_output_buffers_are_wiped_after_a_secret_was_in_them() -> None:
    session, _ = sessions()
    key = session.key()
    sender, receiver = media()
    clear = os.urandom(500)
    assert receiver.open(sender.seal(clear)) == clear
    assert receiver.open_many(sender.seal_many([clear] * 3)) == [clear] * 3
    for codec in (frame.Codec.OPAQUE, frame.Codec.H264):
        picture = b"\0\0\0\1\x65" + clear
        assert frame.open(receiver, codec, frame.seal(sender, codec, picture)) == picture
    for held in _buffers._pool:
        left = bytes(held[5])
        assert key not in left and clear[16:32] not in left and clear[-16:] not in left


def test_big_batches_and_frames_do_not_stay_in_the_pool() -> None:
    sender, receiver = media()
    big = os.urandom(3_000_000)
    assert receiver.open(sender.seal(big)) == big
    assert receiver.open_many(sender.seal_many([big, b"", big])) == [big, b"", big]
    assert all(len(held[5]) == _buffers.SCRATCH_BYTES for held in _buffers._pool)


def test_batches() -> None:
    sender, receiver = media()
    assert sender.seal_many([]) == [] and receiver.open_many(()) == []
    clear = [os.urandom(length) for length in (0, 1, 120, 5000)]
    sealed = sender.seal_many(iter(clear), metadata=b"m")
    assert receiver.open(sealed[2], metadata=b"m") == clear[2]
    forged = sealed[1][:-1] + bytes([sealed[1][-1] ^ 1])
    opened = receiver.open_many((sealed[0], forged, sealed[2], sealed[3], b"", b"\xf7" + bytes(40)), metadata=b"m")
    kinds = [type(one) for one in opened]
    assert opened[0] == clear[0] and opened[3] == clear[3]
    assert kinds == [
        bytes, pqrtc.DecryptionError, pqrtc.ReplayedFrameError, bytes, pqrtc.MalformedFrameError, pqrtc.UnknownKeyIdError,
    ]  # fmt: skip
    stats = receiver.stats()
    assert stats == (1, 3, 1, 1, 1, 1) and stats.replayed == 1
    assert len(sender.seal_many([b"x"] * 65536)) == 65536


def test_with_blocks_close() -> None:
    with pqrtc.HybridKeypair.generate(pqrtc.Suite.X_WING) as pair:
        exchange, session = pqrtc.initiate(pair.suite, pair.bundle)
        with session, pair.respond(exchange) as other:
            sender = sframe.Sender(session, new_kid(), GCM)
            assert other.key() == session.key()
    assert pair.closed and session.closed and other.closed
    assert sender.seal(b"x")  # outlives its session


def test_handles_cannot_be_copied() -> None:
    for handle in (pqrtc.SigningKey(ML_DSA), media()[0], sessions()[0]):
        for duplicate in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="copied"):
                duplicate(handle)


def test_handles_are_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[int] = []
    free = kem._Pointer.free

    class Counting:
        def __call__(self, pointer: Any) -> None:
            freed.append(pointer.value)
            free(pointer)

    monkeypatch.setattr(kem._Pointer, "free", Counting())
    pair = pqrtc.KemKeypair(ML_KEM)
    address = pair._pointer.value  # type: ignore[union-attr]
    pair.close()
    assert freed == [address]
    del pair
    pair = pqrtc.KemKeypair(ML_KEM)
    with pytest.raises(pqrtc.InvalidLengthError):
        pqrtc.KemKeypair.from_seed(ML_KEM, b"")
    cycle: list[Any] = [pair]
    cycle.append(cycle)
    del pair, cycle
    gc.collect()
    assert len([one for one in freed if one]) == 2


def test_memory_does_not_grow() -> None:
    """Freed handles, borrowed buffers and array types that ctypes keeps would all show here."""
    resource = pytest.importorskip("resource")
    key = os.urandom(32)
    receiver, sender = sframe.Receiver(GCM), sframe.Sender.from_key(key, 1 << 62, GCM)
    receiver.add_key(1 << 62, key)

    def work(turns: int) -> None:
        for size in range(turns):
            session, _ = sessions()
            session.export("x", length=1 + size % 16000)
            receiver.open(memoryview(sender.seal(bytearray(size * 7))))
            with pqrtc.ArtifactHasher(1) as hasher:
                hasher.update(bytearray(size))
            receiver.open_many(sender.seal_many([bytes(size)] * 5))

    work(300)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work(3000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 8 * 1024, f"{grown} KiB"


def test_hasher_is_a_file_to_copy_to() -> None:
    content, key = os.urandom(300_000), pqrtc.SigningKey(ML_DSA)
    with pqrtc.ArtifactHasher(pqrtc.ArtifactKind.TRANSCRIPT) as hasher:
        shutil.copyfileobj(io.BytesIO(content), hasher)
        assert hasher.write(memoryview(b"end")) == 3
        signature = hasher.sign(key)
        hasher.verify(ML_DSA, key.public_key, signature)
        pqrtc.artifact_verify(ML_DSA, key.public_key, pqrtc.ArtifactKind.TRANSCRIPT, content + b"end", signature)
        hasher.update(b"more")
        with pytest.raises(pqrtc.BadSignatureError):
            hasher.verify(ML_DSA, key.public_key, signature)


def test_credentials_now_and_later() -> None:
    credential = turn.mint("s3cret", "zoë", (1 << 31) - 1)
    assert credential.username == f"{(1 << 31) - 1}:zoë"
    turn.verify("s3cret", *credential)
    turn.verify(b"s3cret", *credential, now=(1 << 31) - 2)
    with pytest.raises(pqrtc.CredentialExpiredError):
        turn.verify("s3cret", *credential, now=(1 << 31) - 1)
    assert turn.mint("s", "", 5).username == "5"
    with pytest.raises(pqrtc.CredentialRejectedError):
        turn.verify("s", "5:x", turn.mint("s", "", 5).password, now=0)


def test_ratchet() -> None:
    key = os.urandom(32)
    sender = sframe.Sender.from_key(key, 0x77_00, GCM, ratchet_bits=8)
    receiver = sframe.Receiver(GCM, ratchet_bits=8, max_steps=4, grace_frames=1, window=64)
    receiver.add_key(0x77_00, key)
    early = sender.seal(b"early")
    assert (sender.kid, sender.ratchet(), sender.kid) == (0x77_00, 0x77_01, 0x77_01)
    assert receiver.open_detail(sender.seal(b"later")) == (b"later", 0x77_01, 0)
    assert receiver.open(early) == b"early"
    newcomer = sframe.Receiver(GCM, ratchet_bits=8)
    newcomer.add_key(0x77_01, sframe.ratchet_base_key(GCM, key))
    assert newcomer.open(sender.seal(b"hello")) == b"hello"
    for _ in range(5):
        sender.ratchet()
    with pytest.raises(pqrtc.PqrtcError):
        receiver.open(sender.seal(b"too far"))


def test_the_defaults_of_the_ratchet_take_late_frames_and_sixteen_steps() -> None:
    key, kid = os.urandom(32), 0x78_00
    sender = sframe.Sender.from_key(key, kid, GCM, ratchet_bits=8)
    receiver = sframe.Receiver(GCM, ratchet_bits=8)
    receiver.add_key(kid, key)
    late, too_late = sender.seal(b"late"), sender.seal(b"too late")
    sender.ratchet()
    for number in range(65):
        assert receiver.open(sender.seal(b"new")) == b"new"
        if number == 63:
            assert receiver.open(late) == b"late"
    with pytest.raises(pqrtc.PqrtcError):
        receiver.open(too_late)
    for _ in range(16):
        sender.ratchet()
    far, _ = sender.seal(b"far"), sender.ratchet()
    with pytest.raises(pqrtc.UnknownKeyIdError):
        receiver.open(sender.seal(b"too far"))
    assert receiver.open(far) == b"far"


def test_metadata_hints_and_inspection() -> None:
    key, kid = os.urandom(32), 0x79
    sender, receiver = sframe.Sender.from_key(key, kid, GCM), sframe.Receiver(GCM)
    receiver.add_key(kid, key)
    clear = b"\x01\x02\x03" + os.urandom(300)
    sealed = frame.seal(sender, frame.Codec.VP8, clear, b"track")
    info = frame.inspect(frame.Codec.VP8, sealed)
    assert (info.kid, info.sealed_units, info.clear_bytes >= 3) == (kid, 1, True)
    with pytest.raises(pqrtc.DecryptionError) as caught:
        frame.open(receiver, frame.Codec.VP8, sealed, b"another track")
    assert (caught.value.kid, caught.value.counter) == (kid, info.first_counter)
    room = bytearray(sealed)
    assert room[: frame.open_into(receiver, frame.Codec.VP8, room, room, b"track")] == clear
    with pytest.raises(pqrtc.ReplayedFrameError) as again:
        frame.open_detail(receiver, frame.Codec.VP8, sealed, b"track")
    assert again.value.kid == kid
    with pytest.raises(pqrtc.UnknownKeyIdError) as unknown:
        sframe.Receiver(GCM).open(sender.seal(b"x"))
    assert unknown.value.kid == kid and unknown.value.counter is not None
    with pytest.raises(pqrtc.MalformedFrameError) as malformed:
        receiver.open(b"")
    assert malformed.value.kid is None
    with pytest.raises(pqrtc.NothingToSealError):
        frame.seal(sender, frame.Codec.H264, b"\0\0\0\1\x67\1\2\3")
    with pytest.raises(pqrtc.MalformedFrameError):
        frame.inspect(frame.Codec.VP8, b"\1")
    assert sender.stats()[:2] == (kid, 2) and sender.stats().left > 1 << 60
    assert receiver.key_stats(kid).opened == 1
    with pytest.raises(pqrtc.UnknownKeyIdError):
        receiver.key_stats(kid + 1)


def test_every_algorithm() -> None:
    for algorithm in pqrtc.KemAlgorithm:
        try:
            pair = pqrtc.KemKeypair.generate(algorithm)
        except pqrtc.UnsupportedError:
            continue
        ciphertext, secret = pqrtc.encapsulate(algorithm, pair.public_key)
        assert pair.algorithm is algorithm and pair.decapsulate(ciphertext) == secret
        again = pqrtc.KemKeypair.from_seed(algorithm, pair.seed())
        assert turn.unwrap(again, turn.wrap(algorithm, pair.public_key, b"password")) == b"password"
    for kind in pqrtc.SignatureAlgorithm:
        try:
            key = pqrtc.SigningKey.generate(kind)
        except pqrtc.UnsupportedError:
            continue
        pqrtc.verify(kind, key.public_key, b"message", key.sign(b"message", b"context"), b"context")
        assert key.algorithm is kind and pqrtc.SigningKey.from_seed(kind, key.seed()).public_key == key.public_key
        pqrtc.artifact_verify(kind, key.public_key, 1, b"text", key.artifact_sign(1, b"text"))


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = str(Path(pqrtc.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
    )


def test_a_library_that_is_not_there_is_an_import_error(tmp_path: Path) -> None:
    for library in (tmp_path / "none.so", Path(os.__file__)):
        ended = run("import pqrtc", PQRTC_LIBRARY=str(library))
        assert "ImportError" in ended.stderr and "PQRTC_LIBRARY" in ended.stderr
    another = importlib.import_module("_ctypes").__file__
    ended = run("import pqrtc", PQRTC_LIBRARY=str(another))
    assert "ImportError" in ended.stderr and "not the library" in ended.stderr


def test_a_key_of_one_process_cannot_seal_again_in_it() -> None:
    key, kid = os.urandom(32), new_kid()
    sframe.Sender.from_key(key, kid, GCM).close()
    with pytest.raises(pqrtc.KeyReusedError):
        sframe.Sender.from_key(key, kid, GCM)


def test_quiet_exit_with_live_objects() -> None:
    code = """
import pqrtc, threading
from pqrtc import sframe
key = pqrtc.random(32)
sender = sframe.Sender.from_key(key, 1, 5)
receiver = sframe.Receiver(5); receiver.add_key(1, key)
def work():
    while True: receiver.open(sender.seal(b"x" * 100000))
for _ in range(3): threading.Thread(target=work, daemon=True).start()
pair = pqrtc.HybridKeypair(2); self = [pair]; self.append(self)
"""
    for _ in range(5):
        ended = run(code)
        assert (ended.returncode, ended.stderr) == (0, "")
