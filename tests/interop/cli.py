#!/usr/bin/env python3
"""The command pqrtc beside OpenSSL (PyPI cryptography) and Python's hmac: keys and signatures both ways, TURN credentials.
usage: cli.py PQRTC"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem

COMMAND = sys.argv[1]
KIND, CONTEXT = "transcript", b"pqrtc transcript v1"
SIGNATURES = [
    ("ml-dsa-65", mldsa.MLDSA65PrivateKey, hashlib.sha3_256),
    ("ml-dsa-87", mldsa.MLDSA87PrivateKey, hashlib.sha512),
]
KEMS = [("ml-kem-768", mlkem.MLKEM768PrivateKey), ("ml-kem-1024", mlkem.MLKEM1024PrivateKey)]
PEM, PKCS8, SPKI = s.Encoding.PEM, s.PrivateFormat.PKCS8, s.PublicFormat.SubjectPublicKeyInfo


def pqrtc(*args, data=None, code=0):
    run = subprocess.run([COMMAND, *args], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == code, (args, run.returncode, run.stderr)
    return run.stdout


def private(name, data):
    path = Path(name)
    path.touch(0o600)
    path.write_bytes(data)


def signatures():
    content = os.urandom(100_000)
    Path("file").write_bytes(content)
    for algorithm, theirs, digest in SIGNATURES:
        hashed = digest(content).digest()
        # Ours, read and verified by OpenSSL.
        pqrtc("keygen", "sign", "-a", algorithm, "-o", "ours", "--force")
        pqrtc("pubkey", "-i", "ours", "-o", "ours.pub", "--force")
        pqrtc("sign", "-i", "ours", "-k", KIND, "file", "-o", "sig", "--force")
        key = s.load_pem_private_key(Path("ours").read_bytes(), None)
        assert isinstance(key, theirs)
        public = s.load_pem_public_key(Path("ours.pub").read_bytes())
        assert public.public_bytes(PEM, SPKI) == key.public_key().public_bytes(PEM, SPKI) == Path("ours.pub").read_bytes()
        public.verify(Path("sig").read_bytes(), hashed, CONTEXT)
        try:
            public.verify(Path("sig").read_bytes(), hashed, b"pqrtc summary v1")
            raise AssertionError("a transcript verified as a summary")
        except InvalidSignature:
            pass
        # OpenSSL's, read and verified by us.
        key = theirs.generate()
        private("theirs", key.private_bytes(PEM, PKCS8, s.NoEncryption()))
        Path("theirs.pub").write_bytes(key.public_key().public_bytes(PEM, SPKI))
        assert pqrtc("pubkey", "-i", "theirs") == Path("theirs.pub").read_bytes()
        Path("sig").write_bytes(key.sign(hashed, CONTEXT))
        pqrtc("verify", "-p", "theirs.pub", "-k", KIND, "file", "sig")
        pqrtc("verify", "-p", "theirs.pub", "-k", "summary", "file", "sig", code=1)
        pqrtc("verify", "-p", "ours.pub", "-k", KIND, "file", "sig", code=1)


def credentials():
    before = int(time.time())
    minted = json.loads(pqrtc("turn", "mint", "-s", "-", "-u", "alice", "-t", "600", "--json", data=b"north\n"))
    expiry, _, user = minted["username"].partition(":")
    assert user == "alice" and before + 600 <= int(expiry) <= time.time() + 600
    right = base64.b64encode(hmac.new(b"north", minted["username"].encode(), hashlib.sha1).digest()).decode()
    assert minted["password"] == right
    for algorithm, theirs in KEMS:
        key = theirs.generate()
        private("client", key.private_bytes(PEM, PKCS8, s.NoEncryption()))
        Path("client.pub").write_bytes(key.public_key().public_bytes(PEM, SPKI))
        wrapped = pqrtc("turn", "mint", "-s", "-", "-u", "alice", "--to", "client.pub", data=b"north")
        opened = json.loads(pqrtc("turn", "unwrap", "-i", "client", data=wrapped))
        assert set(opened) == {"username", "password"}
        right = base64.b64encode(hmac.new(b"north", opened["username"].encode(), hashlib.sha1).digest()).decode()
        assert opened["password"] == right
        said = json.loads(pqrtc("inspect", "key", "client.pub", "--json"))
        assert said["algorithm"] == algorithm
        digest = hashlib.sha512(key.public_key().public_bytes(s.Encoding.DER, SPKI)).hexdigest()
        assert said["fingerprint"] == digest[:64]


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    signatures()
    credentials()
