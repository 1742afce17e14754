"""The page's own implementation and libpqrtc, byte by byte, both ways: key exchange, exporter, SFrame, frames, credentials, signatures."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, List

from chromium import b64, page_and_peer, refused, unb64
from playwright.async_api import Page

import pqrtc
from pqrtc import (
    ArtifactKind,
    CipherSuite,
    Codec,
    HybridKeypair,
    KemAlgorithm,
    KemKeypair,
    SignatureAlgorithm,
    SigningKey,
    Suite,
    frame,
    sframe,
    turn,
)

CIPHER = CipherSuite.AES_256_GCM_SHA512_128
KIDS = [0, 7, 8, 255, 256, 1 << 32, (1 << 64) - 1]

# Byte strings cross as base64, key IDs as decimal strings.
SETUP = """async () => {
  const [q, s] = [{ ...await import('/pqrtc.js'), ...await import('/session.js') }, await import('/sframe.js')];
  const un = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  Object.assign(window, { q, s, un, sessions: {}, senders: {}, receivers: {} });
  window.exports = async (session) => [
    q.b64(await session.export('x')), q.b64(await session.export('y'.repeat(124), new Uint8Array(65535).fill(7), 16320)), q.b64(await session.export('ü', un('AAEC'), 1)),
  ];
}"""


def exported(session: pqrtc.Session) -> List[str]:
    return [b64(session.export("x")), b64(session.export("y" * 124, b"\7" * 65535, 16320)), b64(session.export("ü", b"\0\1\2", 1))]


async def key_exchange(page: Page) -> None:
    for suite in Suite:
        keys = HybridKeypair.generate(suite)
        exchange, theirs = await page.evaluate(
            """async ([suite, bundle]) => { const { exchange, session } = await q.initiate(suite, un(bundle));
            sessions[suite + 'i'] = session; return [q.b64(exchange), await exports(session)]; }""",
            [int(suite), b64(keys.bundle)],
        )
        responder = keys.respond(unb64(exchange))
        assert exported(responder) == theirs, f"{suite!r}: the page as initiator"
        bundle = unb64(await page.evaluate("async (suite) => { window.keys = await q.Keypair.generate(suite); return q.b64(keys.bundle); }", int(suite)))
        exchange, initiator = pqrtc.initiate(suite, bundle)
        theirs = await page.evaluate(
            "async ([suite, exchange]) => exports(sessions[suite + 'r'] = await keys.respond(un(exchange)))", [int(suite), b64(exchange)]
        )
        assert exported(initiator) == theirs, f"{suite!r}: the page as responder"
        for role, session in (("i", responder), ("r", initiator)):
            await frames(page, f"{int(suite)}{role}", session)
        initiate, respond = f"(bundle) => q.initiate({int(suite)}, un(bundle))", "(exchange) => keys.respond(un(exchange))"
        x_at = 0 if suite == 1 else 1184
        zero_x = keys.bundle[:x_at] + bytes(32) + keys.bundle[x_at + 32 :]
        await refused(page, "bundle truncated", initiate, b64(keys.bundle[:-1]), "1215 bytes, not 1216")
        await refused(page, "bundle of ones", initiate, b64(b"\xff" * 1216), "not an ML-KEM-768 key")
        await refused(page, "bundle with a zero X25519 key", initiate, b64(zero_x), "gave zero")
        await refused(page, "exchange truncated", respond, b64(exchange[:-1]), "1119 bytes, not 1120")
        altered = bytearray(exchange)
        altered[500] ^= 1
        assert await page.evaluate("async (exchange) => exports(await keys.respond(un(exchange)))", b64(altered)) != theirs
    await refused(page, "another suite", "(bundle) => q.initiate(3, un(bundle))", b64(keys.bundle), "suite 3 is not known")
    print("key exchange and exporter: suites 1 and 2, the page in both roles", flush=True)


async def opens(page: Page, name: str, codec: str, sealed: bytes) -> Any:
    """What the page makes of a frame: bytes, or the name of the error."""
    script = "([name, codec, sealed]) => s.openFrame(receivers[name], codec, un(sealed)).then(q.b64, (why) => why.name + '!')"
    said = await page.evaluate(script, [name, codec, b64(sealed)])
    return said if said.endswith("!") else unb64(said)


async def frames(page: Page, name: str, session: pqrtc.Session) -> None:
    key_frame, delta = b"\x10" + os.urandom(700), b"\x11" + os.urandom(90)
    samples = [("VP8", Codec.VP8, key_frame), ("VP8", Codec.VP8, delta), ("VP8", Codec.VP8, key_frame[:10]), ("VP8", Codec.VP8, delta[:3]), ("opus", Codec.OPUS, os.urandom(60))]
    samples += [("VP9", Codec.VP9, b"\x82" + os.urandom(200)), ("VP9", Codec.VP9, b"\x86" + os.urandom(40))]
    slice_of = lambda header: header + b"\x88" + bytes(range(4, 90)) + b"\0\0\3\1\x80"
    h264 = b"".join(b"\0\0\0\1" + unit for unit in (b"\x67\x42\xc0\x1e", b"\x68\xce\x38", slice_of(b"\x65"), slice_of(b"\x65")))
    h265 = b"".join(b"\0\0\0\1" + unit for unit in (b"\x42\1\1\2", slice_of(b"\x26\1")))
    samples += [("H264", Codec.H264, h264), ("H265", Codec.H265, h265), ("AV1", Codec.AV1, b"\x12\0\x0a\3\1\2\3\x32\x28\x10" + os.urandom(39))]
    for kid in KIDS:
        await page.evaluate(
            """async ([name, kid]) => { const r = receivers[name] = new s.Receiver(), k = BigInt(kid);
            senders[name] = await s.Sender.create(await sessions[name].sealingKey(k), k); await r.addKey(k, await sessions[name].openingKey(k)); }""",
            [name, str(kid)],
        )
        sender, receiver = sframe.Sender(session, kid, CIPHER), sframe.Receiver(CIPHER)
        receiver.add_session(session, kid)
        for step in range(20 if kid == 256 else 2):  # counters below and above 7
            codec_name, codec, plain = samples[step % len(samples)]
            assert await opens(page, name, codec_name, sealed := frame.seal(sender, codec, plain)) == plain, (kid, step)
            assert await opens(page, name, codec_name, sealed) == "ReplayedFrame!"
            script = "async ([name, codec, plain]) => q.b64(await s.sealFrame(senders[name], codec, un(plain)))"
            sealed = unb64(await page.evaluate(script, [name, codec_name, b64(plain)]))
            assert frame.open(receiver, codec, sealed) == plain, (kid, step)
            try:
                frame.open(receiver, codec, sealed)
            except pqrtc.ReplayedFrameError:
                continue
            raise AssertionError("the library opened a replayed frame")
    sealed = frame.seal(sender, Codec.VP8, key_frame)
    for at in (1, 9, 10, 12, 200, len(sealed) - 1):  # prefix, header, ciphertext, tag
        altered = bytearray(sealed)
        altered[at] ^= 0x10
        assert (await opens(page, name, "VP8", bytes(altered))).endswith("!"), at
    assert await opens(page, name, "VP8", key_frame) in ("DecryptionFailed!", "UnknownKeyId!", "MalformedFrame!")
    for length in (0, 2, 9, 12, 30):
        assert await opens(page, name, "VP8", sealed[:length]) == "MalformedFrame!", length
    assert await opens(page, name, "VP8", sealed) == key_frame, "a forgery moved the window"
    # A late frame within the window opens once; one behind it does not.
    late = frame.seal(sender, Codec.OPUS, b"late")
    for _ in range(1023):
        newest = frame.seal(sender, Codec.OPUS, b"new")
    newer = frame.seal(sender, Codec.OPUS, b"newer")
    assert await opens(page, name, "opus", newest) == b"new"
    assert await opens(page, name, "opus", late) == b"late" and await opens(page, name, "opus", late) == "ReplayedFrame!"
    assert await opens(page, name, "opus", newer) == b"newer" and await opens(page, name, "opus", newest) == "ReplayedFrame!"
    again = "([name, kid]) => (async () => sessions[name].sealingKey(BigInt(kid)))()"
    await refused(page, "a second sender for a key", again, [name, str(KIDS[0])], "there was a sender")


async def credentials(page: Page) -> None:
    credential = b"\n".join(part.encode() for part in turn.mint("secret", "alice", (1 << 31) - 1))
    public = unb64(await page.evaluate("async () => { window.ck = await q.CredentialKey.generate(); return q.b64(ck.publicKey); }"))
    wrapped = turn.wrap(KemAlgorithm.ML_KEM_768, public, credential)
    unwrap = "(wrapped) => ck.unwrap(un(wrapped))"
    assert unb64(await page.evaluate(f"async (wrapped) => q.b64(await ({unwrap})(wrapped))", b64(wrapped))) == credential
    await refused(page, "credential altered", unwrap, b64(wrapped[:-1] + bytes([wrapped[-1] ^ 1])), "altered, or wrapped for another key")
    await refused(page, "credential truncated", unwrap, b64(wrapped[:1000]), "too short")
    await refused(page, "credential of another", unwrap, b64(turn.wrap(KemAlgorithm.ML_KEM_768, KemKeypair.generate(KemAlgorithm.ML_KEM_768).public_key, credential)), "wrapped for another key")
    keys = KemKeypair.generate(KemAlgorithm.ML_KEM_768)
    wrapped = unb64(await page.evaluate("async ([key, text]) => q.b64(await q.wrap(un(key), un(text)))", [b64(keys.public_key), b64(credential)]))
    assert turn.unwrap(keys, wrapped) == credential
    print("TURN credentials wrapped and unwrapped, both ways", flush=True)


async def signatures(page: Page) -> None:
    key, manifest = SigningKey.generate(SignatureAlgorithm.ML_DSA_65), b'{"recording": "call.webm"}'
    public, signature = key.public_key, key.artifact_sign(ArtifactKind.RECORDING_MANIFEST, manifest)
    verify = "([key, kind, content, signature]) => q.verifyArtifact(un(key), q[kind], un(content), un(signature))"
    for good, kind, content, mark in (
        (True, "MANIFEST", manifest, signature),
        (False, "TRANSCRIPT", manifest, signature),
        (False, "MANIFEST", manifest + b" ", signature),
        (False, "MANIFEST", manifest, signature[:-1]),
        (False, "MANIFEST", manifest, signature[:99] + bytes([signature[99] ^ 1]) + signature[100:]),
    ):
        assert await page.evaluate(verify, [b64(public), kind, b64(content), b64(mark)]) is good
    script = """async ([manifest]) => { const pair = await crypto.subtle.generateKey('ML-DSA-65', false, ['sign', 'verify']);
      return [q.b64(new Uint8Array(await crypto.subtle.exportKey('raw-public', pair.publicKey))), q.b64(await q.signArtifact(pair.privateKey, q.MANIFEST, un(manifest))),
      q.b64(await q.sign(pair.privateKey, un(manifest), 'mine'))]; }"""
    public, signed, raw = map(unb64, await page.evaluate(script, [b64(manifest)]))
    pqrtc.artifact_verify(SignatureAlgorithm.ML_DSA_65, public, ArtifactKind.RECORDING_MANIFEST, manifest, signed)
    pqrtc.verify(SignatureAlgorithm.ML_DSA_65, public, manifest, raw, b"mine")
    for wrong in (lambda: pqrtc.artifact_verify(SignatureAlgorithm.ML_DSA_65, public, ArtifactKind.SUMMARY, manifest, signed), lambda: pqrtc.verify(SignatureAlgorithm.ML_DSA_65, public, manifest, raw, b"other")):
        try:
            wrong()
        except pqrtc.BadSignatureError:
            continue
        raise AssertionError("the library took a signature of another kind")
    print("manifests signed and verified, both ways", flush=True)


async def main() -> None:
    async with page_and_peer(sys.argv[1], Path(sys.argv[2])) as (page, _):
        await page.evaluate(SETUP)
        await key_exchange(page)
        print("SFrame, frames of every codec: both ways, replayed, altered and truncated ones refused", flush=True)
        await credentials(page)
        await signatures(page)


asyncio.run(main())
