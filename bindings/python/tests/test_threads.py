"""Many threads, and the lock of the interpreter."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest
from conftest import GCM, ML_DSA, media, sessions

import pqrtc
from pqrtc import frame, sframe


def at_once(threads: int, work: Callable[[int], None]) -> None:
    """Runs `work(index)` in that many threads that start together; raises what they raise."""
    start = threading.Barrier(threads)

    def run(index: int) -> None:
        start.wait()
        work(index)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(threads)))


def test_the_gil_is_released_during_a_call() -> None:
    """While one thread is in a long call another one runs: not only near its ends, where the interpreter may have switched, but in its
    middle."""
    hasher, content = pqrtc.ArtifactHasher(1), bytes(200_000_000)
    done, moments = threading.Event(), [perf_counter()]

    def watch() -> None:
        while not done.is_set():
            moments.append(perf_counter())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = perf_counter()
    hasher.update(content)
    end = perf_counter()
    done.set()
    watcher.join()
    quarter = (end - start) / 4
    assert any(start + quarter < moment < end - quarter for moment in moments)


def test_one_sender_and_receiver_from_many_threads() -> None:
    # A thread may be kept from its turn while the others seal: a window for that.
    key, seen = pqrtc.random(32), list[int]()
    sender, receiver = sframe.Sender.from_key(key, 1, GCM), sframe.Receiver(GCM, window=65536)
    receiver.add_key(1, key)

    def work(index: int) -> None:
        for number in range(300):
            clear = b"%d:%d" % (index, number)
            opened = receiver.open_detail(sender.seal(clear, metadata=b"m"), metadata=b"m")
            assert opened.frame == clear
            seen.append(opened.counter)
            batch = [clear] * 3
            assert receiver.open_many(sender.seal_many(batch)) == batch
            room = bytearray(100)
            assert receiver.open_into(memoryview(room)[: sender.seal_into(clear, room)], room) == len(clear)
            assert frame.open(receiver, 1, frame.seal(sender, 1, clear)) == clear

    at_once(8, work)
    assert len(set(seen)) == len(seen) == 2400
    assert receiver.stats().opened == 8 * 300 * 6


def test_one_session_from_many_threads() -> None:
    one, other = sessions()

    def work(index: int) -> None:
        for number in range(200):
            label = f"{index}:{number}"
            assert one.export(label) == other.export(label)
            assert other.open(one.seal(label.encode())) == label.encode()

    at_once(6, work)


def test_one_hasher_from_many_threads() -> None:
    hasher, key = pqrtc.ArtifactHasher(2), pqrtc.SigningKey(ML_DSA)
    piece = os.urandom(1000)

    def work(index: int) -> None:
        for _ in range(200):
            hasher.update(piece)

    at_once(6, work)
    pqrtc.artifact_verify(ML_DSA, key.public_key, 2, piece * 1200, hasher.sign(key))


def test_close_during_calls_of_other_threads() -> None:
    """Whoever is in a call finishes it, whoever comes later is told."""
    for _ in range(30):
        close_while_in_use()


def close_while_in_use() -> None:
    sender, receiver = media()
    pair, hasher = pqrtc.HybridKeypair(1), pqrtc.ArtifactHasher(1)
    bundle = pair.bundle

    def work(index: int) -> None:
        if index == 0:
            for handle in (sender, pair, hasher, receiver):
                handle.close()
            return
        with pytest.raises(pqrtc.ClosedHandleError):
            while True:
                receiver.open(sender.seal(bytes(20_000)))
                pair.respond(pqrtc.initiate(1, bundle)[0])
                hasher.update(bytes(20_000))

    at_once(4, work)


def test_sessions_made_by_many_threads() -> None:
    pair = pqrtc.HybridKeypair(2)

    def work(index: int) -> None:
        for _ in range(50):
            exchange, one = pqrtc.initiate(2, pair.bundle)
            with one, pair.respond(exchange) as other:
                assert one.key() == other.key()

    at_once(6, work)
