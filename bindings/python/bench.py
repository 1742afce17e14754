"""What pqrtc costs from Python, beside the same done by hand with `cryptography`. Ratios of processor time, from alternating rounds of one
run: below 1 is faster. Where the exchange by hand gives a key, pqrtc gives a Session.

python bench.py [ROUNDS]"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from statistics import median
from time import thread_time_ns

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import pqrtc
from pqrtc import sframe

V100 = pqrtc.Suite.V100_HYBRID_KX_V1


def hand_generate() -> tuple[X25519PrivateKey, MLKEM768PrivateKey, bytes]:
    classical, lattice = X25519PrivateKey.generate(), MLKEM768PrivateKey.generate()
    return classical, lattice, classical.public_key().public_bytes_raw() + lattice.public_key().public_bytes_raw()


def hand_initiate(bundle: bytes) -> tuple[bytes, bytes]:
    ephemeral = X25519PrivateKey.generate()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(bundle[:32]))
    secret, ciphertext = MLKEM768PublicKey.from_public_bytes(bundle[32:]).encapsulate()
    exchange = ephemeral.public_key().public_bytes_raw() + ciphertext
    return exchange, hashlib.sha3_256(b"V100-HYBRID-KX-V1" + shared + secret).digest()


def hand_respond(classical: X25519PrivateKey, lattice: MLKEM768PrivateKey, exchange: bytes) -> bytes:
    shared = classical.exchange(X25519PublicKey.from_public_bytes(exchange[:32]))
    secret = lattice.decapsulate(exchange[32:])
    return hashlib.sha3_256(b"V100-HYBRID-KX-V1" + shared + secret).digest()


def ours_generate() -> bytes:
    return pqrtc.HybridKeypair.generate(V100).bundle


def time_of(work: Callable[[], object]) -> int:
    start = thread_time_ns()
    work()
    return thread_time_ns() - start


def compare(
    name: str, rounds: int, count: int, ours: Callable[[], object], peer: Callable[[], object], most: float = 0
) -> None:
    """`ours` and `peer` each do the work `count` times; a median of the rounds."""
    pairs = [(time_of(ours), time_of(peer)) for _ in range(rounds)]
    ratio = median(mine / theirs for mine, theirs in pairs)
    mine, theirs = (median(side) / count / 1000 for side in zip(*pairs))
    wanted = f"   at most {most:.2f}" if most else ""
    print(f"{name:32} {mine:9.2f} us {theirs:9.2f} us   {ratio:5.2f}{wanted}", flush=True)


def repeat(count: int, work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        for _ in range(count):
            work()

    return run


def key_exchange(rounds: int) -> None:
    count = 50
    classical, lattice, bundle = hand_generate()
    pair = pqrtc.HybridKeypair.generate(V100)
    # A pair answers an exchange once.
    exchanges = iter([hand_initiate(pair.bundle)[0] for _ in range(count * rounds)])
    hand_exchange, key = hand_initiate(bundle)
    assert hand_respond(classical, lattice, hand_exchange) == key

    rows = (
        ("hybrid key generation", ours_generate, hand_generate, 0.25),
        ("initiate", lambda: pqrtc.initiate(V100, bundle), lambda: hand_initiate(bundle), 0.50),
        ("respond", lambda: pair.respond(next(exchanges)), lambda: hand_respond(classical, lattice, hand_exchange), 0.65),
    )
    for name, ours, peer, most in rows:
        compare(name, rounds, count, repeat(count, ours), repeat(count, peer), most)


def frames(rounds: int, size: int, batch: int, most: float = 0, most_many: float = 0) -> None:
    count = 1600
    key, kid = os.urandom(32), size
    sender = sframe.Sender.from_key(key, kid, sframe.CipherSuite.AES_256_GCM_SHA512_128)
    receiver = sframe.Receiver(sframe.CipherSuite.AES_256_GCM_SHA512_128)
    receiver.add_key(kid, key)
    aes, nonce, clear = AESGCM(key), os.urandom(12), os.urandom(size)
    group, sealed_by_aes = [clear] * batch, aes.encrypt(nonce, clear, None)
    room, sealed_room = bytearray(size + sframe.MAX_OVERHEAD_BYTES), bytearray(size + sframe.MAX_OVERHEAD_BYTES)

    encrypt = repeat(count, lambda: aes.encrypt(nonce, clear, None))
    decrypt = repeat(count, lambda: aes.decrypt(nonce, sealed_by_aes, None))
    compare(f"seal, {size} bytes", rounds, count, repeat(count, lambda: sender.seal(clear)), encrypt, most)
    compare(f"seal_into, {size} bytes", rounds, count, repeat(count, lambda: sender.seal_into(clear, room)), encrypt)
    many = repeat(count // batch, lambda: sender.seal_many(group))
    compare(f"seal_many, {batch} of {size} bytes", rounds, count, many, encrypt, most_many)

    # Each sealed frame opens once.
    fresh = iter([sender.seal(clear) for _ in range(count * rounds)])
    compare(f"open, {size} bytes", rounds, count, repeat(count, lambda: receiver.open(next(fresh))), decrypt)
    fresh = iter([sender.seal(clear) for _ in range(count * rounds)])
    into = repeat(count, lambda: receiver.open_into(next(fresh), sealed_room))
    compare(f"open_into, {size} bytes", rounds, count, into, decrypt)
    groups = iter([sender.seal_many(group) for _ in range(count // batch * rounds)])
    many = repeat(count // batch, lambda: receiver.open_many(next(groups)))
    compare(f"open_many, {batch} of {size} bytes", rounds, count, many, decrypt)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    print(f"pqrtc {pqrtc.version()} ({pqrtc.provider()}), Python {sys.version.split()[0]}")
    print(f"{'':32} {'pqrtc':>12} {'by hand':>12}   ratio")
    key_exchange(rounds)
    frames(rounds, 120, 16, 3.0, 1.0)
    frames(rounds, 1200, 16)


main()
