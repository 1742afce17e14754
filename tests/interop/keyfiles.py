#!/usr/bin/env python3
"""Key files both ways: what libpqrtc writes, OpenSSL reads, and the other way round. The OpenSSL is that of PyPI cryptography, and for the forms
that it does not write that of a Node 24.
usage: keyfiles.py libpqrtc.so [NODE]"""
import ctypes
import os
import subprocess
import sys
import tempfile

from cryptography.hazmat.primitives import serialization as s

import protocol as p
from abi import INVALID_KEY, U32, UNSUPPORTED, Abi, Refused, refused

DER, PEM = 1, 2
ENCODINGS = {DER: s.Encoding.DER, PEM: s.Encoding.PEM}
KEM = 0x100
SCRIPT = os.path.join(os.path.dirname(__file__), "openssl.mjs")
# number in public key files: name for OpenSSL, private key class, public key class
ALGORITHMS = {**p.SIGNATURES, **{KEM + number: row for number, row in p.KEMS.items()}}


def seed_bytes(number):
    return 64 if number & KEM else 32


class Key:
    """A private key of the library."""

    def __init__(self, abi, number, function, *args):
        self.abi, self.number = abi, number
        self.kind = "kem_keypair" if number & KEM else "signing_key"
        self.handle = abi.new(f"{self.kind}_{function}", self.kind, *args)
        self.algorithm = U32(number & ~KEM)

    @classmethod
    def from_seed(cls, abi, number, seed):
        return cls(abi, number, "from_seed", U32(number & ~KEM), seed)

    @classmethod
    def read(cls, abi, number, file):
        return cls(abi, number, "import", file)

    def export(self, form):
        return self.abi.variable(f"{self.kind}_export", 20000, self.handle, U32(form))

    def seed(self):
        """None if it has none."""
        try:
            return self.abi.fixed(f"{self.kind}_seed", seed_bytes(self.number), self.handle)
        except Refused as e:
            assert e.status == UNSUPPORTED
            return None

    def public(self):
        self.sizes = self.abi.sizes("kem" if self.number & KEM else "signature", self.number & ~KEM)
        return self.abi.fixed(f"{self.kind}_public_key", self.sizes[0], self.handle)

    def works_with(self, theirs):
        """Their private key and our key are the same key."""
        public = self.public()
        if self.number & KEM:
            secret, ciphertext = theirs.public_key().encapsulate()
            assert self.abi.fixed("kem_decapsulate", 32, self.handle, ciphertext) == secret
        else:
            signature = self.abi.fixed("sign", self.sizes[1], self.handle, b"context", b"message")
            theirs.public_key().verify(signature, b"message", b"context")
            self.abi.call("verify", self.algorithm, public, b"", b"message", theirs.sign(b"message"))


def public_import(abi, file):
    number = ctypes.c_uint32()
    out, length = ctypes.create_string_buffer(3000), ctypes.c_size_t()
    abi.call("public_key_import", file, ctypes.byref(number), out, ctypes.c_size_t(3000), ctypes.byref(length))
    return number.value, out.raw[:length.value]


def public_export(abi, number, raw, form):
    return abi.variable("public_key_export", 5000, U32(number), raw, U32(form))


def of_cryptography(abi, number):
    name, private, public = ALGORITHMS[number]
    for form, encoding in ENCODINGS.items():
        # theirs to ours
        theirs = private.generate()
        file = theirs.private_bytes(encoding, s.PrivateFormat.PKCS8, s.NoEncryption())
        ours = Key.read(abi, number, file)
        assert ours.seed() == theirs.private_bytes_raw()
        ours.works_with(theirs)
        assert ours.export(form) == file
        raw = theirs.public_key().public_bytes_raw()
        spki = theirs.public_key().public_bytes(encoding, s.PublicFormat.SubjectPublicKeyInfo)
        assert public_import(abi, spki) == (number, raw)
        assert public_export(abi, number, raw, form) == spki
        # ours to theirs
        ours = Key.from_seed(abi, number, os.urandom(seed_bytes(number)))
        load = s.load_der_private_key if form == DER else s.load_pem_private_key
        theirs = load(ours.export(form), None)
        assert isinstance(theirs, private) and theirs.private_bytes_raw() == ours.seed()
        ours.works_with(theirs)
        load = s.load_der_public_key if form == DER else s.load_pem_public_key
        theirs = load(public_export(abi, number, ours.public(), form), None)
        assert isinstance(theirs, public) and theirs.public_bytes_raw() == ours.public()
    # Encrypted files are not read; each kind of file is refused where the other is wanted.
    encrypted = theirs_encrypted(private)
    refused(INVALID_KEY, Key.read, abi, number, encrypted)
    refused(INVALID_KEY, Key.read, abi, number, spki)
    refused(INVALID_KEY, public_import, abi, file)
    refused(INVALID_KEY, Key.read, abi, number ^ KEM, file)


def theirs_encrypted(private):
    return private.generate().private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.BestAvailableEncryption(b"password"))


def of_node(abi, number, node):
    name = ALGORITHMS[number][0]

    def run(*args, input=None, form="seed-only"):
        with tempfile.NamedTemporaryFile("w", suffix=".cnf") as config:
            config.write(f"nodejs_conf = init\n[init]\nproviders = all\n[all]\ndefault = one\n[one]\nactivate = 1\n{name[:6].lower()}.output_formats = {form}\n")
            config.flush()
            done = subprocess.run([node, f"--openssl-config={config.name}", SCRIPT, *args], input=input, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    for form in ("seed-only", "priv-only", "seed-priv"):
        for encoding in ("der", "pem"):
            file = run("generate", name, encoding, form=form)
            ours = Key.read(abi, number, file)
            assert (ours.seed() is None) == (form == "priv-only")
            public = ours.public()
            assert public_import(abi, run("public", input=file)) == (number, public)
            # back, in the form that we write
            written = ours.export(DER)
            assert (written == file) == (encoding == "der" and form != "seed-priv")
            for again in (written, ours.export(PEM)):
                assert public_import(abi, run("public", input=again)) == (number, public)
                if number & KEM:
                    secret, ciphertext = encapsulate(abi, number, public)
                    assert run("decapsulate", ciphertext.hex(), input=again) == secret
                else:
                    signature = run("sign", "message", input=again)
                    abi.call("verify", ours.algorithm, public, b"", b"message", signature)
    # Explanatory text before the block and after it, as `openssl pkey -text` prints it (RFC 7468 section 2).
    for text in (b"%s Private-Key:\nseed:\n    00:11:22\n" % name.encode() + file, file + b"ek:\n    00:11:22\n"):
        assert Key.read(abi, number, text).public() == public


def encapsulate(abi, number, public):
    secret, sizes = ctypes.create_string_buffer(32), abi.sizes("kem", number & ~KEM)
    ciphertext = ctypes.create_string_buffer(sizes[1])
    algorithm = U32(number & ~KEM)
    abi.call("kem_encapsulate", algorithm, public, ciphertext, ctypes.c_size_t(sizes[1]), secret, ctypes.c_size_t(32))
    return secret.raw, ciphertext.raw


def main():
    abi = Abi(sys.argv[1])
    node = sys.argv[2] if len(sys.argv) > 2 else None
    for number, (name, private, _) in ALGORITHMS.items():
        if abi.lacks(name):
            refused(UNSUPPORTED, Key.from_seed, abi, number, bytes(seed_bytes(number)))
            file = private.generate().private_bytes(s.Encoding.DER, s.PrivateFormat.PKCS8, s.NoEncryption())
            refused(UNSUPPORTED, Key.read, abi, number, file)
            continue
        of_cryptography(abi, number)
        if node:
            of_node(abi, number, node)
        print(f"passed: key files of {name}, OpenSSL and {abi.provider()}")


main()
