"""The wire formats of pqrtc, version 1, written again from their description with OpenSSL (PyPI cryptography) and hashlib, and nothing
of this project."""
import base64
import hashlib
import hmac
import os

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa, mlkem, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

# number: name, private key class, public key class
KEMS = {
    1: ("ML-KEM-768", mlkem.MLKEM768PrivateKey, mlkem.MLKEM768PublicKey),
    2: ("ML-KEM-1024", mlkem.MLKEM1024PrivateKey, mlkem.MLKEM1024PublicKey),
}
SIGNATURES = {
    1: ("ML-DSA-65", mldsa.MLDSA65PrivateKey, mldsa.MLDSA65PublicKey),
    2: ("ML-DSA-87", mldsa.MLDSA87PrivateKey, mldsa.MLDSA87PublicKey),
}
COMPOSITE = 3
V100, X_WING = 1, 2
INITIATOR, RESPONDER = 1, 2
KINDS = {1: b"pqrtc recording-manifest v1", 2: b"pqrtc transcript v1", 3: b"pqrtc summary v1", 4: b"pqrtc api-key-envelope v1"}
SRTP = {0x0001: 60, 0x0007: 56, 0x0008: 88}


def raw(public_key):
    return public_key.public_bytes_raw()


class Keypair:
    """A responder's keys, from the private key as stored."""

    def __init__(self, suite, seed):
        self.suite = suite
        if suite == V100:
            x, self.kem_seed = seed[:32], seed[32:]
        else:
            expanded = hashlib.shake_256(seed).digest(96)
            self.kem_seed, x = expanded[:64], expanded[64:]
        self.x = x25519.X25519PrivateKey.from_private_bytes(x)
        self.kem = mlkem.MLKEM768PrivateKey.from_seed_bytes(self.kem_seed)

    def bundle(self):
        pk, ek = raw(self.x.public_key()), raw(self.kem.public_key())
        return pk + ek if self.suite == V100 else ek + pk

    def respond(self, exchange):
        epk, ct = (exchange[:32], exchange[32:]) if self.suite == V100 else (exchange[1088:], exchange[:1088])
        ss_x = self.x.exchange(x25519.X25519PublicKey.from_public_bytes(epk))
        return session_key(self.suite, ss_x, self.kem.decapsulate(ct), epk, raw(self.x.public_key()))


def initiate(suite, bundle):
    """The exchange message and the session key."""
    pk, ek = (bundle[:32], bundle[32:]) if suite == V100 else (bundle[1184:], bundle[:1184])
    ephemeral = x25519.X25519PrivateKey.generate()
    epk = raw(ephemeral.public_key())
    ss_m, ct = mlkem.MLKEM768PublicKey.from_public_bytes(ek).encapsulate()
    ss_x = ephemeral.exchange(x25519.X25519PublicKey.from_public_bytes(pk))
    return (epk + ct if suite == V100 else ct + epk), session_key(suite, ss_x, ss_m, epk, pk)


def session_key(suite, ss_x, ss_m, ct_x, pk_x):
    if suite == V100:
        return hashlib.sha3_256(b"V100-HYBRID-KX-V1" + ss_x + ss_m).digest()
    return hashlib.sha3_256(ss_m + ss_x + ct_x + pk_x + bytes.fromhex("5c2e2f2f5e5c")).digest()


def extract(hash_name, salt, ikm):
    return hmac.new(salt, ikm, hash_name).digest()


def expand(algorithm, prk, info, length):
    return HKDFExpand(algorithm, length, info).derive(prk)


def export(key, label, context, length):
    info = length.to_bytes(2, "big") + bytes([len(label)]) + label + len(context).to_bytes(2, "big") + context
    return expand(hashes.SHA512(), extract("sha512", b"pqrtc exporter v1", key), info, length)


def seal_message(key, role, sequence, aad, plaintext):
    nonce, counter = os.urandom(12), sequence.to_bytes(8, "big")
    return counter + nonce + AESGCM(export(key, b"pqrtc message", bytes([role]), 32)).encrypt(nonce, plaintext, counter + aad)


def open_message(key, role, aad, sealed):
    counter, nonce = sealed[:8], sealed[8:20]
    return AESGCM(export(key, b"pqrtc message", bytes([role]), 32)).decrypt(nonce, sealed[20:], counter + aad)


def kem_key(algorithm, seed):
    return KEMS[algorithm][1].from_seed_bytes(seed)


def kem_public_key(algorithm, ek):
    return KEMS[algorithm][2].from_public_bytes(ek)


def wrap(algorithm, ek, credential):
    ss, ct = kem_public_key(algorithm, ek).encapsulate()
    nonce = os.urandom(12)
    return ct + nonce + AESGCM(ss).encrypt(nonce, credential, b"")


def unwrap(algorithm, seed, wrapped):
    end = {1: 1088, 2: 1568}[algorithm]
    ss = kem_key(algorithm, seed).decapsulate(wrapped[:end])
    return AESGCM(ss).decrypt(wrapped[end:end + 12], wrapped[end + 12:], b"")


def turn(secret, user, expiry):
    username = str(expiry).encode() + (b":" + user if user else b"")
    return username, base64.b64encode(hmac.new(secret, username, "sha1").digest())


class Composite:
    """id-MLDSA65-Ed25519-SHA512. As a private key it has the interface of the others."""
    LABEL = b"COMPSIG-MLDSA65-Ed25519-SHA512"

    def __init__(self, seed):
        self.dsa = mldsa.MLDSA65PrivateKey.from_seed_bytes(seed[:32])
        self.ed = ed25519.Ed25519PrivateKey.from_private_bytes(seed[32:])

    def public_key(self):
        return self

    def public_bytes_raw(self):
        return raw(self.dsa.public_key()) + raw(self.ed.public_key())

    @classmethod
    def message(cls, message, context):
        return b"CompositeAlgorithmSignatures2025" + cls.LABEL + bytes([len(context)]) + context + hashlib.sha512(message).digest()

    def sign(self, message, context):
        message = self.message(message, context)
        return self.dsa.sign(message, self.LABEL) + self.ed.sign(message)

    @classmethod
    def verify(cls, pk, signature, message, context):
        message = cls.message(message, context)
        mldsa.MLDSA65PublicKey.from_public_bytes(pk[:1952]).verify(signature[:3309], message, cls.LABEL)
        ed25519.Ed25519PublicKey.from_public_bytes(pk[1952:]).verify(signature[3309:], message)


def signing_key(algorithm, seed):
    return Composite(seed) if algorithm == COMPOSITE else SIGNATURES[algorithm][1].from_seed_bytes(seed)


def verify(algorithm, pk, signature, message, context):
    if algorithm == COMPOSITE:
        Composite.verify(pk, signature, message, context)
    else:
        SIGNATURES[algorithm][2].from_public_bytes(pk).verify(signature, message, context)


def fingerprint(algorithm, pk):
    if algorithm == COMPOSITE:
        # SEQUENCE { SEQUENCE { OID 1.3.6.1.5.5.7.6.48 }, BIT STRING }
        body = bytes.fromhex("300a06082b06010505070630" + "0382") + (len(pk) + 1).to_bytes(2, "big") + b"\0" + pk
        spki = b"\x30\x82" + len(body).to_bytes(2, "big") + body
    else:
        public = SIGNATURES[algorithm][2].from_public_bytes(pk)
        spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha512(spki).digest()[:32]


def artifact_digest(algorithm, content):
    return hashlib.new("sha512" if algorithm == 2 else "sha3_256", content).digest()


class Recording:
    """What a verifier of a recording in segments knows; entry() gives the status code."""

    def __init__(self, algorithm, pk, identifier):
        self.algorithm, self.pk, self.index, self.ended = algorithm, pk, 0, False
        self.chain = artifact_digest(algorithm, b"pqrtc recording v1" + bytes([len(identifier)]) + identifier)

    def state(self):
        return bytes([1, self.algorithm, self.ended]) + self.index.to_bytes(8, "big") + self.chain

    def entry(self, segment, entry):
        digest = artifact_digest(self.algorithm, segment)
        head, signature = entry[:19 + len(digest)], entry[19 + len(digest):]
        whole = len(signature) == {1: 3309, 2: 4627, COMPOSITE: 3373}[self.algorithm]
        if not whole or head[:2] != bytes([1, self.algorithm]) or head[2] > 1 or self.ended:
            return 64
        if int.from_bytes(head[3:11], "big") != self.index:
            return 55
        if head[11:] != len(segment).to_bytes(8, "big") + digest:
            return 56
        try:
            verify(self.algorithm, self.pk, signature, self.chain + head, b"pqrtc recording-segment v1")
        except InvalidSignature:
            return 19
        self.chain = artifact_digest(self.algorithm, self.chain + head)
        self.index, self.ended = self.index + 1, head[2] == 1
        return 0


COSE = {-49: 1, -50: 2}


def cose_verify(pk, message, aad):
    """The algorithm and the payload of a COSE_Sign1 message (RFC 9052 section 4.4, RFC 9964), by cbor2. InvalidSignature or ValueError."""
    tagged = cbor2.loads(message)
    if cbor2.dumps(tagged, canonical=True) != message or tagged.tag != 18:
        raise ValueError("not a deterministic COSE_Sign1")
    protected, unprotected, payload, signature = tagged.value
    if unprotected or list(cbor2.loads(protected)) != [1]:
        raise ValueError("other headers")
    algorithm = COSE[cbor2.loads(protected)[1]]
    verify(algorithm, pk, signature, cbor2.dumps(["Signature1", protected, aad, payload], canonical=True), b"")
    return algorithm, payload


# Envelopes: HPKE by cryptography

ENVELOPES = {
    1: hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA512, hpke.AEAD.AES_256_GCM),
    2: hpke.Suite(hpke.KEM.MLKEM1024, hpke.KDF.HKDF_SHA512, hpke.AEAD.AES_256_GCM),
}


def envelope_key(suite, seed):
    if suite == 2:
        return kem_key(2, seed)
    pair = Keypair(X_WING, seed)
    return hpke.MLKEM768X25519PrivateKey(pair.kem, pair.x)


# SFrame, RFC 9605

SUITES = {  # hash, sizes of the AEAD's key (of the cipher and of HMAC together where it has both) and tag
    1: (hashes.SHA256(), 48, 10),
    2: (hashes.SHA256(), 48, 8),
    3: (hashes.SHA256(), 48, 4),
    4: (hashes.SHA256(), 16, 16),
    5: (hashes.SHA512(), 32, 16),
    6: (hashes.SHA512(), 96, 10),
    7: (hashes.SHA512(), 96, 8),
    8: (hashes.SHA512(), 96, 4),
}


def sframe_base_key(key, sender_role, kid):
    return export(key, b"pqrtc sframe", bytes([sender_role]) + kid.to_bytes(8, "big"), 32)


def header(kid, counter):
    def field(value):
        return (b"", value) if value < 8 else (value.to_bytes((value.bit_length() + 7) // 8, "big"), None)

    kid_bytes, small_kid = field(kid)
    counter_bytes, small_counter = field(counter)
    config = (small_kid << 4 if small_kid is not None else 0x80 | (len(kid_bytes) - 1) << 4)
    config |= small_counter if small_counter is not None else 8 | (len(counter_bytes) - 1)
    return bytes([config]) + kid_bytes + counter_bytes


class SFrame:
    def __init__(self, suite, base_key, kid):
        self.suite, self.kid = suite, kid
        algorithm, key_len, self.tag_len = SUITES[suite]
        self.hash, self.cipher_len = algorithm.name, key_len - algorithm.digest_size
        secret = extract(algorithm.name, b"", base_key)
        tail = kid.to_bytes(8, "big") + suite.to_bytes(2, "big")
        self.key = expand(algorithm, secret, b"SFrame 1.0 Secret key " + tail, key_len)
        self.salt = expand(algorithm, secret, b"SFrame 1.0 Secret salt " + tail, 12)

    def nonce(self, counter):
        return bytes(a ^ b for a, b in zip(self.salt, counter.to_bytes(12, "big")))

    def seal(self, counter, metadata, frame):
        head, nonce = header(self.kid, counter), self.nonce(counter)
        if self.suite in (4, 5):
            return head + AESGCM(self.key).encrypt(nonce, frame, head + metadata)
        ciphertext = self.ctr(nonce, frame)
        return head + ciphertext + self.tag(nonce, head + metadata, ciphertext)

    def ctr(self, nonce, data):
        return Cipher(algorithms.AES(self.key[:self.cipher_len]), modes.CTR(nonce + bytes(4))).encryptor().update(data)

    def tag(self, nonce, aad, ciphertext):
        lengths = b"".join(n.to_bytes(8, "big") for n in (len(aad), len(ciphertext), self.tag_len))
        return hmac.new(self.key[self.cipher_len:], lengths + nonce + aad + ciphertext, self.hash).digest()[:self.tag_len]
