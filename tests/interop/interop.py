#!/usr/bin/env python3
"""Whatever libpqrtc makes, OpenSSL takes, and the other way round. usage: interop.py libpqrtc.so"""
import ctypes
import os
import sys

from cryptography.exceptions import InvalidSignature, InvalidTag

import protocol as p
from abi import SIZES, U32, U64, Abi, Refused

ROUNDS = 8
DECRYPTION_FAILED, BAD_SIGNATURE = 18, 19


def refused(status, function, *args, **more):
    try:
        function(*args, **more)
    except Refused as e:
        assert e.status == status, f"status {e.status}, not {status}"
    else:
        raise AssertionError("was not refused")


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
    bundle = abi.fixed("hybrid_keypair_bundle", SIZES["bundle"], ours)
    assert bundle == theirs.bundle()

    exchange, key = p.initiate(suite, bundle)
    responder = abi.new("hybrid_respond", "session", ours, exchange)
    assert abi.fixed("session_key", 32, responder) == key
    yield responder, p.RESPONDER, key

    out = ctypes.create_string_buffer(SIZES["exchange"])
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
        for kid in (suite, 7 + suite, 0x1234500 + suite, (1 << 64) - suite):
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


def credentials(abi):
    for _ in range(ROUNDS):
        seed = os.urandom(64)
        keys = abi.new("kem_keypair_from_seed", "kem_keypair", seed)
        ek = abi.fixed("kem_keypair_public_key", SIZES["kem_public_key"], keys)
        for credential in (b"", b"1900000000:alice\nc2VjcmV0", os.urandom(3000)):
            wrapped = abi.variable("turn_wrap", len(credential) + 1116, ek, credential)
            assert p.unwrap(seed, wrapped) == credential
            fails(InvalidTag, p.unwrap, seed, flip(wrapped, 10))
            wrapped = p.wrap(ek, credential)
            assert abi.variable("turn_unwrap", len(credential) + 1, keys, wrapped) == credential
            refused(DECRYPTION_FAILED, abi.variable, "turn_unwrap", 4000, keys, flip(wrapped, len(wrapped) - 1))


def turn(abi):
    for secret, user, expiry in ((b"north", b"alice", 1900000000), (b"\x00\xff" * 50, b"", 7), (b"k", "Zoë:x".encode(), (1 << 64) - 1)):
        username, password = p.turn(secret, user, expiry)
        out, length = ctypes.create_string_buffer(100), ctypes.c_size_t()
        minted = abi.variable("turn_credential_mint", 600, secret, user, U64(expiry), after=(out, ctypes.c_size_t(100), ctypes.byref(length)))
        assert (minted, out.raw[:length.value]) == (username, password)
        abi.call("turn_credential_verify", secret, username, password, U64(expiry - 1))


def signatures(abi):
    for i in range(ROUNDS):
        seed, message = os.urandom(32), os.urandom(i * 500)
        ours, theirs = abi.new("signing_key_from_seed", "signing_key", seed), p.signing_key(seed)
        pk = abi.fixed("signing_key_public_key", SIZES["signing_public_key"], ours)
        assert pk == p.raw(theirs.public_key())
        for context in (b"", b"c", b"a context", b"d" * 255):
            signature = abi.fixed("sign", SIZES["signature"], ours, context, message)
            p.verify(pk, signature, message, context)
            fails(InvalidSignature, p.verify, pk, flip(signature, 100), message, context)
            signature = theirs.sign(message, context)
            abi.call("verify", pk, context, message, signature)
            refused(BAD_SIGNATURE, abi.call, "verify", pk, context + b"x" if len(context) < 255 else b"", message, signature)
        for kind, context in p.KINDS.items():
            digest = p.hashlib.sha3_256(message).digest()
            signature = abi.fixed("artifact_sign", SIZES["signature"], ours, U32(kind), message)
            p.verify(pk, signature, digest, context)
            abi.call("artifact_verify", pk, U32(kind), message, theirs.sign(digest, context))


def main():
    abi = Abi(sys.argv[1])
    for test in (exchange, credentials, turn, signatures):
        test(abi)
        print(f"passed: OpenSSL and {abi.provider()}: {test.__name__}")


main()
