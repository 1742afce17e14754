#!/usr/bin/env python3
"""Makes independent.json: what OpenSSL (PyPI cryptography 48 or later) and Go's standard library (make.go) make of fixed inputs.

    make.py             writes the file anew, with new random ciphertexts and signatures
    make.py --check     makes all again that is not random, and has OpenSSL and Go read the rest

SFrame is written here from RFC 9605 with OpenSSL's AES, HMAC and HKDF. Nothing of this project takes part.
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa, mlkem, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HERE = pathlib.Path(__file__).parent
FILE = HERE / "independent.json"
ML_KEM = {768: mlkem.MLKEM768PrivateKey, 1024: mlkem.MLKEM1024PrivateKey}
ML_DSA = {65: mldsa.MLDSA65PrivateKey, 87: mldsa.MLDSA87PrivateKey}
HASHES = {"SHA-256": hashes.SHA256(), "SHA-512": hashes.SHA512()}


def fixed(label, length):
    """Input bytes that are always the same."""
    return hashlib.shake_256(label.encode()).digest(length)


def ml_kem(recorded):
    for number, private in ML_KEM.items():
        for at in range(3):
            seed = fixed(f"ML-KEM-{number} {at}", 64)
            key = private.from_seed_bytes(seed)
            public = key.public_key()
            if recorded:
                ciphertexts = [bytes.fromhex(entry["ciphertext"]) for entry in next(recorded)["ciphertexts"]]
            else:
                ours = public.encapsulate()[1]
                altered = bytearray(ours)
                altered[at * 300] ^= 1
                ciphertexts = [ours, go("encapsulate", number, public.public_bytes_raw()), bytes(altered)]
            yield {
                "parameter_set": number,
                "seed": seed,
                "public_key": public.public_bytes_raw(),
                "ciphertexts": [
                    {"by": by, "ciphertext": ciphertext, "shared_secret": key.decapsulate(ciphertext)}
                    for by, ciphertext in zip(("OpenSSL", "Go", "OpenSSL, altered"), ciphertexts)
                ],
            }


def ml_dsa(recorded):
    for number, private in ML_DSA.items():
        for at, context in enumerate((b"", b"context", fixed("context", 255))):
            seed = fixed(f"ML-DSA-{number} {at}", 32)
            message = fixed("message", 100 * at)
            key = private.from_seed_bytes(seed)
            signature = bytes.fromhex(next(recorded)["signature"]) if recorded else key.sign(message, context)
            public = key.public_key()
            public.verify(signature, message, context)
            try:
                public.verify(signature, message, context + b"." if at < 2 else b"")
                sys.exit("a signature verifies under another context")
            except InvalidSignature:
                pass
            public_key = public.public_bytes_raw()
            yield {"parameter_set": number, "seed": seed, "public_key": public_key, "context": context, "message": message, "signature": signature}


def x25519_():
    for at in range(4):
        ours, theirs = (x25519.X25519PrivateKey.from_private_bytes(fixed(f"X25519 {at} {side}", 32)) for side in "ab")
        yield {
            "private_key": ours.private_bytes_raw(),
            "public_key": ours.public_key().public_bytes_raw(),
            "peer": theirs.public_key().public_bytes_raw(),
            "shared_secret": ours.exchange(theirs.public_key()),
        }


def ed25519_():
    for length in (0, 1, 64, 1000):
        key, message = ed25519.Ed25519PrivateKey.from_private_bytes(fixed(f"Ed25519 {length}", 32)), fixed("message", length)
        yield {"seed": key.private_bytes_raw(), "public_key": key.public_key().public_bytes_raw(), "message": message, "signature": key.sign(message)}


def aes_gcm():
    for size in (16, 32):
        for length, aad in ((0, 0), (0, 20), (1, 13), (16, 0), (100, 33), (1200, 300)):
            name = f"AES-{size} {length}"
            key, nonce, plaintext, aad = fixed(name, size), fixed(name + " nonce", 12), fixed(name + " text", length), fixed("aad", aad)
            yield {"key": key, "nonce": nonce, "aad": aad, "plaintext": plaintext, "sealed": AESGCM(key).encrypt(nonce, plaintext, aad)}


def hkdf():
    for name, algorithm in HASHES.items():
        for salt, ikm, info, length in ((0, 32, 0, 16), (17, 32, 5, 32), (64, 64, 100, 64), (200, 1, 30, 200)):
            salt, ikm, info = fixed("salt", salt), fixed("ikm", ikm), fixed("info", info)
            yield {"hash": name, "salt": salt, "ikm": ikm, "info": info, "out": HKDF(algorithm, length, salt, info).derive(ikm)}


# RFC 9605, section 4.5, and the IANA registry for 6 to 8: hash, AES key, tag, and whether AES-CTR with HMAC.
SFRAME = {
    1: (hashes.SHA256(), 16, 10, True),
    2: (hashes.SHA256(), 16, 8, True),
    3: (hashes.SHA256(), 16, 4, True),
    4: (hashes.SHA256(), 16, 16, False),
    5: (hashes.SHA512(), 32, 16, False),
    6: (hashes.SHA512(), 32, 10, True),
    7: (hashes.SHA512(), 32, 8, True),
    8: (hashes.SHA512(), 32, 4, True),
}


def sframe_seal(suite, base_key, kid, counter, metadata, plaintext):
    algorithm, key_len, tag_len, ctr = SFRAME[suite]

    def field(value):
        rest = value.to_bytes((value.bit_length() + 7) // 8, "big") if value > 7 else b""
        return 8 | len(rest) - 1 if rest else value, rest

    def derive(label, length):
        return HKDF(algorithm, length, b"", label + kid.to_bytes(8, "big") + suite.to_bytes(2, "big")).derive(base_key)

    (k, kid_bytes), (c, counter_bytes) = field(kid), field(counter)
    header = bytes([k << 4 | c]) + kid_bytes + counter_bytes
    aad = header + metadata
    key = derive(b"SFrame 1.0 Secret key ", key_len + (algorithm.digest_size if ctr else 0))
    nonce = (int.from_bytes(derive(b"SFrame 1.0 Secret salt ", 12), "big") ^ counter).to_bytes(12, "big")
    if not ctr:
        return header + AESGCM(key).encrypt(nonce, plaintext, aad)
    ciphertext = Cipher(algorithms.AES(key[:key_len]), modes.CTR(nonce + bytes(4))).encryptor().update(plaintext)
    mac = hmac.HMAC(key[key_len:], algorithm)
    for length in (len(aad), len(ciphertext), tag_len):
        mac.update(length.to_bytes(8, "big"))
    mac.update(nonce + aad + ciphertext)
    return header + ciphertext + mac.finalize()[:tag_len]


def sframe():
    numbers = (0, 7, 8, 255, 256, 65535, 1 << 32, (1 << 56) - 1, (1 << 64) - 2)
    for suite in SFRAME:
        for at, counter in enumerate(numbers):
            kid = (1 << 64) - 1 if at == 0 else numbers[-1 - at]
            base_key, metadata, plaintext = fixed(f"SFrame {suite} {at}", 16 + 6 * at), fixed("metadata", 11 * at), fixed("frame", 40 * at)
            sealed = sframe_seal(suite, base_key, kid, counter, metadata, plaintext)
            # JSON has no integers of 64 bits.
            yield {
                "cipher_suite": suite, "base_key": base_key, "kid": f"{kid:016x}", "counter": f"{counter:016x}",
                "metadata": metadata, "plaintext": plaintext, "sealed": sealed,
            }  # fmt: skip


def go(command, *arguments):
    text = [argument.hex() if isinstance(argument, bytes) else str(argument) for argument in arguments]
    run = subprocess.run(["go", "run", HERE / "make.go", command, *text], check=True, capture_output=True, text=True)
    return bytes.fromhex(run.stdout.strip())


def make(recorded=None):
    """The document; what is random by nature is taken from `recorded`, if that is given."""
    kems, dsas = (iter(recorded[name]) if recorded else None for name in ("ml_kem", "ml_dsa"))
    document = {
        "ml_kem": ml_kem(kems), "ml_dsa": ml_dsa(dsas), "x25519": x25519_(), "ed25519": ed25519_(),
        "aes_gcm": aes_gcm(), "hkdf": hkdf(), "sframe": sframe(),
    }  # fmt: skip
    document = {name: list(entries) for name, entries in document.items()}
    return json.dumps(document, indent=1, default=bytes.hex) + "\n"


def main():
    if "--check" not in sys.argv:
        FILE.write_text(make())
        return
    text = FILE.read_text()
    if make(json.loads(text)) != text:
        sys.exit("independent.json is not what OpenSSL makes")
    if shutil.which("go"):
        go("check", FILE)
    else:
        print("skipped: independent.json by Go: needs golang-go")


main()
