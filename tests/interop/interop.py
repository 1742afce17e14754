#!/usr/bin/env python3
"""Whatever libpqrtc makes, OpenSSL takes, and the other way round. usage: interop.py libpqrtc.so"""
import ctypes
import os
import sys

from cryptography.exceptions import InvalidSignature, InvalidTag

import protocol as p
from abi import BAD_SIGNATURE, DECRYPTION_FAILED, KEY_REUSED, U32, U64, UNEXPECTED_MESSAGE, UNSUPPORTED, Abi, refused

ROUNDS = 8
EXCHANGE = 1120


def fails(exception, function, *args):
    try:
        function(*args)
    except exception:
        return
    raise AssertionError("was not refused")


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def sessions(abi, suite):
    """One exchange in each direction: the library's handle, its role, and the key that OpenSSL has."""
    seed = os.urandom(96 if suite == p.V100 else 32)
    ours = abi.new("hybrid_keypair_from_seed", "hybrid_keypair", U32(suite), seed)
    theirs = p.Keypair(suite, seed)
    bundle = theirs.bundle()
    assert abi.fixed("hybrid_keypair_bundle", len(bundle), ours) == bundle

    exchange, key = p.initiate(suite, bundle)
    responder = abi.new("hybrid_respond", "session", ours, exchange)
    assert abi.fixed("session_key", 32, responder) == key
    refused(KEY_REUSED, abi.new, "hybrid_respond", "session", ours, exchange)
    yield responder, p.RESPONDER, key

    out = ctypes.create_string_buffer(EXCHANGE)
    initiator = abi.new("hybrid_initiate", "session", U32(suite), bundle, out, ctypes.c_size_t(len(out)))
    key = theirs.respond(out.raw)
    assert abi.fixed("session_key", 32, initiator) == key
    yield initiator, p.INITIATOR, key

    # implicit rejection: the same wrong key on both sides
    altered = flip(out.raw, 300)
    wrong = abi.new("hybrid_respond", "session", ours, altered)
    assert abi.fixed("session_key", 32, wrong) == theirs.respond(altered) != key


def exported(abi, session, key):
    for label, context, length in ((b"a", b"", 1), (b"recorder", b"room 5", 32), (b"x" * 124, b"y" * 65535, 16320)):
        assert abi.fixed("session_export", length, session, label, context) == p.export(key, b"app " + label, context, length)
    for profile, length in p.SRTP.items():
        material = abi.variable("session_srtp_keys", 88, session, U32(profile))
        assert material == p.export(key, b"pqrtc srtp", profile.to_bytes(2, "big"), length)


def messages(abi, session, role, key):
    peer = 3 - role
    for sequence, (aad, plaintext) in enumerate(((b"", b""), (b"room 5", b"a group key"), (b"z" * 300, os.urandom(5000)))):
        sealed = abi.variable("session_seal", len(plaintext) + 36, session, aad, plaintext)
        assert sealed[:8] == sequence.to_bytes(8, "big")
        assert p.open_message(key, role, aad, sealed) == plaintext
        fails(InvalidTag, p.open_message, key, peer, aad, sealed)
        sealed = p.seal_message(key, peer, 7 + sequence, aad, plaintext)
        assert abi.variable("session_open", len(plaintext) or 1, session, aad, sealed) == plaintext
        refused(DECRYPTION_FAILED, abi.variable, "session_open", 6000, session, aad, p.seal_message(key, role, 20, aad, plaintext))


def media(abi, session, role, key):
    for suite in p.SUITES:
        for kid in (suite, 20 + suite, 0x1234500 + suite, (1 << 64) - suite):
            ours = abi.new("sframe_sender_new", "sframe_sender", session, U64(kid), U32(suite))
            theirs = p.SFrame(suite, p.sframe_base_key(key, role, kid), kid)
            for counter in range(20):
                metadata, frame = b"m" * (counter % 4), os.urandom(counter * 100)
                sealed = abi.variable("sframe_seal", len(frame) + 33, ours, metadata, frame)
                assert sealed == theirs.seal(counter, metadata, frame)
            receiver = abi.new("sframe_receiver_new", "sframe_receiver", U32(suite))
            abi.call("sframe_receiver_add_session", receiver, session, U64(kid))
            theirs = p.SFrame(suite, p.sframe_base_key(key, 3 - role, kid), kid)
            for counter in (0, 7, 8, 255, 256, 70000, 1 << 33, (1 << 64) - 1):
                frame = os.urandom(counter % 997)
                sealed = theirs.seal(counter, b"meta", frame)
                refused(DECRYPTION_FAILED, abi.variable, "sframe_open", 1100, receiver, b"meta", flip(sealed, len(sealed) - 1),
                        after=(None, None))
                assert abi.variable("sframe_open", 1100, receiver, b"meta", sealed, after=(None, None)) == frame


def exchange(abi):
    for suite in (p.V100, p.X_WING):
        for _ in range(ROUNDS):
            for session, role, key in sessions(abi, suite):
                exported(abi, session, key)
                messages(abi, session, role, key)
                media(abi, session, role, key)


def kems(abi):
    for algorithm, (name, *_) in p.KEMS.items():
        number = U32(algorithm)
        for _ in range(ROUNDS):
            seed = os.urandom(64)
            theirs = p.kem_key(algorithm, seed)
            ek = p.raw(theirs.public_key())
            if abi.lacks(name):
                ct, ss = (ctypes.create_string_buffer(n) for n in (1568, 32))
                refused(UNSUPPORTED, abi.new, "kem_keypair_from_seed", "kem_keypair", number, seed)
                refused(UNSUPPORTED, abi.call, "kem_encapsulate", number, ek, ct, ctypes.c_size_t(1568), ss, ctypes.c_size_t(32))
                refused(UNSUPPORTED, abi.variable, "turn_wrap", 2000, number, ek, b"credential")
                continue
            public_len, ciphertext_len, seed_len = abi.sizes("kem", algorithm)
            assert (public_len, seed_len) == (len(ek), len(seed))
            ours = abi.new("kem_keypair_from_seed", "kem_keypair", number, seed)
            assert abi.fixed("kem_keypair_public_key", public_len, ours) == ek

            secret, ciphertext = theirs.public_key().encapsulate()
            assert abi.fixed("kem_decapsulate", 32, ours, ciphertext) == secret
            altered = flip(ciphertext, 100)
            assert abi.fixed("kem_decapsulate", 32, ours, altered) == theirs.decapsulate(altered) != secret
            out = ctypes.create_string_buffer(ciphertext_len)
            secret = abi.fixed("kem_encapsulate", 32, number, ek, out, ctypes.c_size_t(ciphertext_len))
            assert theirs.decapsulate(out.raw) == secret

            for credential in (b"", b"1900000000:alice\nc2VjcmV0", os.urandom(3000)):
                wrapped = abi.variable("turn_wrap", len(credential) + ciphertext_len + 28, number, ek, credential)
                assert p.unwrap(algorithm, seed, wrapped) == credential
                fails(InvalidTag, p.unwrap, algorithm, seed, flip(wrapped, 10))
                wrapped = p.wrap(algorithm, ek, credential)
                assert abi.variable("turn_unwrap", len(credential) + 1, ours, wrapped) == credential
                refused(DECRYPTION_FAILED, abi.variable, "turn_unwrap", 4000, ours, flip(wrapped, len(wrapped) - 1))


def turn(abi):
    for secret, user, expiry in ((b"north", b"alice", 1900000000), (b"\x00\xff" * 50, b"", 7), (b"k", "Zoë:x".encode(), (1 << 31) - 1)):
        username, password = p.turn(secret, user, expiry)
        out, length = ctypes.create_string_buffer(100), ctypes.c_size_t()
        minted = abi.variable("turn_credential_mint", 600, secret, user, U64(expiry), after=(out, ctypes.c_size_t(100), ctypes.byref(length)))
        assert (minted, out.raw[:length.value]) == (username, password)
        abi.call("turn_credential_verify", secret, username, password, U64(expiry - 1))


def signatures(abi):
    for algorithm, name in {**{n: row[0] for n, row in p.SIGNATURES.items()}, p.COMPOSITE: "ML-DSA-65 and Ed25519"}.items():
        number = U32(algorithm)
        for i in range(ROUNDS):
            seed, message = os.urandom(64 if algorithm == p.COMPOSITE else 32), os.urandom(i * 500)
            theirs = p.signing_key(algorithm, seed)
            pk = p.raw(theirs.public_key())
            signature = theirs.sign(message, b"c")
            if abi.lacks(name):
                refused(UNSUPPORTED, abi.new, "signing_key_from_seed", "signing_key", number, seed)
                refused(UNSUPPORTED, abi.call, "verify", number, pk, b"c", message, signature)
                refused(UNSUPPORTED, abi.call, "artifact_verify", number, pk, U32(1), message, signature)
                continue
            public_len, signature_len, seed_len = abi.sizes("signature", algorithm)
            assert (public_len, signature_len, seed_len) == (len(pk), len(signature), len(seed))
            ours = abi.new("signing_key_from_seed", "signing_key", number, seed)
            assert abi.fixed("signing_key_public_key", public_len, ours) == pk
            for context in (b"", b"c", b"a context", b"d" * 255):
                signature = abi.fixed("sign", signature_len, ours, context, message)
                p.verify(algorithm, pk, signature, message, context)
                fails(InvalidSignature, p.verify, algorithm, pk, flip(signature, 100), message, context)
                signature = theirs.sign(message, context)
                abi.call("verify", number, pk, context, message, signature)
                other = context + b"x" if len(context) < 255 else b""
                refused(BAD_SIGNATURE, abi.call, "verify", number, pk, other, message, signature)
                # in the composite, a byte of each half
                for at in (100, signature_len - 40):
                    refused(BAD_SIGNATURE, abi.call, "verify", number, pk, context, message, flip(signature, at))
            digest = p.artifact_digest(algorithm, message)
            for kind, context in p.KINDS.items():
                p.verify(algorithm, pk, abi.fixed("artifact_sign", signature_len, ours, U32(kind), message), digest, context)
                abi.call("artifact_verify", number, pk, U32(kind), message, theirs.sign(digest, context))
            # an envelope and whom it is for
            info, envelope = os.urandom(i), b"sealed" + message
            signed, context = p.hashlib.sha512(info).digest() + envelope, b"pqrtc api-key-envelope v2"
            p.verify(algorithm, pk, abi.fixed("envelope_sign", signature_len, ours, info, envelope), signed, context)
            abi.call("envelope_verify", number, pk, info, envelope, theirs.sign(signed, context))
            refused(BAD_SIGNATURE, abi.call, "envelope_verify", number, pk, info + b"x", envelope, theirs.sign(signed, context))


def cose(abi):
    """Manifests and entries as COSE_Sign1, verified with cbor2 and OpenSSL."""
    for algorithm in (1, 2):
        if abi.lacks(p.SIGNATURES[algorithm][0]):
            continue
        key = abi.new("signing_key_generate", "signing_key", U32(algorithm))
        pk = abi.fixed("signing_key_public_key", abi.sizes("signature", algorithm)[0], key)
        for kind, context in p.KINDS.items():
            for content in (b"", b"x" * 23, b"x" * 24, os.urandom(255), os.urandom(256), os.urandom(65535), os.urandom(65536)):
                message = abi.variable("artifact_sign_cose", len(content) + 5000, key, U32(kind), content)
                assert p.cose_verify(pk, message, context) == (algorithm, content)
                fails(InvalidSignature, p.cose_verify, pk, message, context + b"x")
                fails(InvalidSignature, p.cose_verify, pk, flip(message, len(message) - 1), context)
        # Entries: the payload is the chain and the head, which a tool follows by itself.
        context, name = b"pqrtc recording-segment v1", b"meeting 7"
        signer, verifier = abi.new("recording_signer_new", "recording_signer", key, name), p.Recording(algorithm, pk, name)
        refused(UNEXPECTED_MESSAGE, abi.variable, "recording_signer_cose", 5000, signer)
        for segment, last in ((b"first", 0), (b"", 0), (b"last", 1)):
            abi.call("recording_signer_update", signer, segment)
            entry = abi.variable("recording_signer_entry", 5000, signer, U32(last))
            message = abi.variable("recording_signer_cose", 5000, signer)
            head = entry[:19 + len(verifier.chain)]
            assert p.cose_verify(pk, message, context) == (algorithm, verifier.chain + head)
            fails(InvalidSignature, p.cose_verify, pk, message, b"")
            assert verifier.entry(segment, entry) == 0
        assert verifier.ended and abi.variable("recording_signer_state", 100, signer) == verifier.state()
    composite = abi.new("signing_key_generate", "signing_key", U32(p.COMPOSITE))
    refused(UNSUPPORTED, abi.variable, "artifact_sign_cose", 5000, composite, U32(1), b"")


def envelopes(abi):
    for suite, theirs in p.ENVELOPES.items():
        number = U32(suite)
        for _ in range(ROUNDS):
            seed = os.urandom(32 if suite == 1 else 64)
            key = p.envelope_key(suite, seed)
            pk = p.Keypair(p.X_WING, seed).bundle() if suite == 1 else p.raw(key.public_key())
            if suite == 2 and abi.lacks("ML-KEM-1024"):
                refused(UNSUPPORTED, abi.variable, "envelope_seal", 2000, number, pk, b"info", b"payload")
                continue
            if suite == 1:
                ours, enc = (abi.new("hybrid_keypair_from_seed", "hybrid_keypair", U32(p.X_WING), seed), None), 1120
            else:
                ours, enc = (None, abi.new("kem_keypair_from_seed", "kem_keypair", U32(2), seed)), 1568
            for info, payload in ((b"", b""), (b"pqrtc turn v2", b"a credential"), (b"i" * 65535, os.urandom(1 << 20))):
                sealed = abi.variable("envelope_seal", len(payload) + enc + 16, number, pk, info, payload)
                assert len(sealed) == len(payload) + enc + 16
                assert theirs.decrypt(sealed, key, info) == payload
                fails(InvalidTag, theirs.decrypt, sealed, key, info + b"x")
                fails(InvalidTag, theirs.decrypt, flip(sealed, 10), key, info)
                sealed = theirs.encrypt(payload, key.public_key(), info)
                assert abi.variable("envelope_open", len(payload) + 1, *ours, info, sealed) == payload
                refused(DECRYPTION_FAILED, abi.variable, "envelope_open", len(payload) + 1, *ours, info[1:] + b"x", sealed)
                for at in (10, enc - 5, len(sealed) - 1):
                    refused(DECRYPTION_FAILED, abi.variable, "envelope_open", len(payload) + 1, *ours, info, flip(sealed, at))


def main():
    abi = Abi(sys.argv[1])
    for test in (exchange, kems, turn, signatures, cose, envelopes):
        test(abi)
        print(f"passed: OpenSSL and {abi.provider()}: {test.__name__}")


main()
