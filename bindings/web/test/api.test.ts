import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ArtifactHasher,
  ArtifactKind,
  CipherSuite,
  Codec,
  HybridKeypair,
  KemAlgorithm,
  KemKeypair,
  KeyFormat,
  PUBLIC_KEY_KEM,
  Role,
  SframeReceiver,
  SframeSender,
  SignatureAlgorithm,
  SigningKey,
  SrtpProfile,
  Suite,
  artifactVerify,
  cleanse,
  encapsulate,
  envelope,
  exportPublicKey,
  fingerprint,
  frame,
  importPublicKey,
  init,
  initiate,
  kemSizes,
  mlsKid,
  provider,
  random,
  ratchetBaseKey,
  selfTest,
  signatureSizes,
  suiteSizes,
  turn,
  verify,
  version,
} from "pqrtc";
import { ascii, flipped, media, newKid, refused, sessions } from "./common.js";

await init();
const GCM = CipherSuite.AES_256_GCM_SHA512_128;

test("the library says what it is, and its known answers are right", () => {
  assert.match(version(), /^\d+\.\d+\.\d+$/);
  assert.equal(provider(), "rustcrypto");
  selfTest();
});

test("random and cleanse", () => {
  assert.notDeepEqual(random(32), random(32));
  assert.equal(random(100_000).length, 100_000);
  const secret = random(32);
  cleanse(secret);
  assert.deepEqual(secret, new Uint8Array(32));
});

for (const [name, suite] of Object.entries(Suite)) {
  test(`a key exchange of ${name}, and all that hangs on the session`, () => {
    const pair = HybridKeypair.generate(suite);
    const sizes = suiteSizes(suite);
    assert.equal(pair.suite, suite);
    assert.equal(pair.bundle.length, sizes.bundle);
    assert.equal(pair.seed().length, sizes.seed);
    assert.deepEqual(HybridKeypair.fromSeed(suite, pair.seed()).bundle, pair.bundle);
    const { exchange, session: alice } = initiate(suite, pair.bundle);
    assert.equal(exchange.length, sizes.exchange);
    const bob = pair.respond(exchange);
    assert.deepEqual(alice.key(), bob.key());
    assert.deepEqual(alice.export("chat", ascii("room 7"), 100), bob.export(ascii("chat"), ascii("room 7"), 100));
    assert.notDeepEqual(alice.export("chat"), alice.export("chess"));
    for (const profile of Object.values(SrtpProfile)) assert.deepEqual(alice.srtpKeys(profile), bob.srtpKeys(profile));
    assert.deepEqual(alice.sframeBaseKey(Role.RESPONDER, 5n), bob.sframeBaseKey(Role.RESPONDER, 5n));
    refused("KEY_REUSED", () => SframeSender.fromSession(bob, 5n, GCM));
    const sealed = alice.seal(ascii("group key"), ascii("group 1"));
    refused("DECRYPTION_FAILED", () => bob.open(sealed, ascii("group 2")));
    assert.deepEqual(bob.open(sealed, ascii("group 1")), ascii("group key"));
    refused("REPLAYED_FRAME", () => bob.open(sealed, ascii("group 1")));
  });
}

for (const [name, algorithm] of Object.entries(KemAlgorithm)) {
  test(`${name}: keys, files, encapsulation, TURN`, () => {
    const pair = KemKeypair.generate(algorithm);
    const sizes = kemSizes(algorithm);
    assert.equal(pair.algorithm, algorithm);
    assert.equal(pair.publicKey.length, sizes.publicKey);
    for (const format of Object.values(KeyFormat)) {
      assert.deepEqual(KemKeypair.importFile(pair.exportFile(format)).publicKey, pair.publicKey);
      const file = exportPublicKey(PUBLIC_KEY_KEM + algorithm, pair.publicKey, format);
      assert.deepEqual(importPublicKey(file), { algorithm: PUBLIC_KEY_KEM + algorithm, publicKey: pair.publicKey });
    }
    assert.deepEqual(KemKeypair.fromSeed(algorithm, pair.seed()).publicKey, pair.publicKey);
    const { ciphertext, secret } = encapsulate(algorithm, pair.publicKey);
    assert.deepEqual(pair.decapsulate(ciphertext), secret);
    assert.notDeepEqual(pair.decapsulate(flipped(ciphertext)), secret);
    const wrapped = turn.wrap(algorithm, pair.publicKey, ascii("user:password"));
    assert.equal(wrapped.length, 13 + turn.wrapOverhead(algorithm));
    assert.deepEqual(turn.unwrap(pair, wrapped), ascii("user:password"));
    refused("DECRYPTION_FAILED", () => turn.unwrap(pair, flipped(wrapped)));
  });
}

test("TURN credentials", () => {
  const { username, password } = turn.mint("secret", "alice", 2_000_000_000);
  assert.equal(username, "2000000000:alice");
  turn.verify("secret", username, password, 1_999_999_999);
  turn.verify("secret", username, password);
  refused("CREDENTIAL_EXPIRED", () => turn.verify("secret", username, password, 2_000_000_000));
  refused("CREDENTIAL_REJECTED", () => turn.verify("other", username, password, 1));
});

for (const [name, algorithm] of Object.entries(SignatureAlgorithm)) {
  test(`${name}: keys, files, signatures, artifacts, envelopes`, () => {
    const key = SigningKey.generate(algorithm);
    const sizes = signatureSizes(algorithm);
    assert.equal(key.algorithm, algorithm);
    assert.equal(key.publicKey.length, sizes.publicKey);
    assert.deepEqual(SigningKey.fromSeed(algorithm, key.seed()).publicKey, key.publicKey);
    assert.deepEqual(key.fingerprint, fingerprint(algorithm, key.publicKey));
    for (const format of Object.values(KeyFormat)) {
      assert.deepEqual(SigningKey.importFile(key.exportFile(format)).publicKey, key.publicKey);
      assert.deepEqual(importPublicKey(exportPublicKey(algorithm, key.publicKey, format)), { algorithm, publicKey: key.publicKey });
    }
    const signature = key.sign(ascii("message"), ascii("context"));
    verify(algorithm, key.publicKey, ascii("message"), signature, ascii("context"));
    refused("BAD_SIGNATURE", () => verify(algorithm, key.publicKey, ascii("message"), signature));
    refused("BAD_SIGNATURE", () => verify(algorithm, key.publicKey, ascii("massage"), signature, ascii("context")));

    const content = random(200_000);
    const hasher = new ArtifactHasher(ArtifactKind.TRANSCRIPT);
    for (let at = 0; at < content.length; at += 70_000) hasher.update(content.subarray(at, at + 70_000));
    for (const signed of [key.artifactSign(ArtifactKind.TRANSCRIPT, content), hasher.sign(key)]) {
      artifactVerify(algorithm, key.publicKey, ArtifactKind.TRANSCRIPT, content, signed);
      hasher.verify(algorithm, key.publicKey, signed);
      refused("BAD_SIGNATURE", () => artifactVerify(algorithm, key.publicKey, ArtifactKind.SUMMARY, content, signed));
    }

    const box = envelope.seal(1, HybridKeypair.generate(Suite.X_WING).bundle, ascii("payload"));
    const proof = envelope.sign(key, box, ascii("info"));
    envelope.verify(algorithm, key.publicKey, box, proof, ascii("info"));
    refused("BAD_SIGNATURE", () => envelope.verify(algorithm, key.publicKey, flipped(box), proof, ascii("info")));
  });
}

test("envelopes for both kinds of pair", () => {
  const hybrid = HybridKeypair.generate(Suite.X_WING);
  const kem = KemKeypair.generate(KemAlgorithm.ML_KEM_1024);
  for (const [suite, key, pair, other] of [[1, hybrid.bundle, hybrid, kem], [2, kem.publicKey, kem, hybrid]] as const) {
    const sealed = envelope.seal(suite, key, ascii("API key"), ascii("deployment"));
    assert.deepEqual(envelope.open(pair, sealed, ascii("deployment")), ascii("API key"));
    refused("DECRYPTION_FAILED", () => envelope.open(pair, sealed));
    assert.throws(() => envelope.open(other, sealed, ascii("deployment")));
  }
});

for (const [name, cipher] of Object.entries(CipherSuite)) {
  test(`SFrame, ${name}`, () => {
    const { initiator, responder } = sessions();
    const kid = newKid();
    const sender = SframeSender.fromSession(initiator, kid, cipher);
    const receiver = new SframeReceiver(cipher, { window: 128 });
    receiver.addSession(responder, kid);
    refused("KEY_REUSED", () => receiver.addSession(responder, kid));
    refused("KEY_REUSED", () => SframeSender.fromSession(initiator, kid, cipher));
    for (const length of [0, 1, 120, 70_000, 200_000]) {
      const clear = random(length + 1).subarray(1);
      const sealed = sender.seal(clear, ascii("video"));
      refused("DECRYPTION_FAILED", () => receiver.open(sealed, ascii("audio")));
      assert.deepEqual(receiver.open(sealed, ascii("video")), Uint8Array.from(clear));
      const again = refused("REPLAYED_FRAME", () => receiver.open(sealed, ascii("video")));
      assert.equal(again.kid, kid);
      assert.equal(typeof again.counter, "bigint");
    }
    assert.deepEqual(receiver.openDetail(sender.seal(ascii("x"))), { frame: ascii("x"), kid, counter: 5n });
    const unknown = refused("UNKNOWN_KEY_ID", () => new SframeReceiver(cipher).open(sender.seal(ascii("x"))));
    assert.deepEqual([unknown.kid, unknown.counter], [kid, 6n]);

    const many = sender.sealMany([ascii("a"), new Uint8Array(), ascii("ccc")], ascii("m"));
    many[1] = flipped(many[1]!);
    const opened = receiver.openMany(many, ascii("m"));
    assert.deepEqual([opened[0], opened[2]], [ascii("a"), ascii("ccc")]);
    const wrong = opened[1];
    assert.ok(wrong instanceof Error && wrong.status === "DECRYPTION_FAILED");

    assert.deepEqual(sender.stats(), { kid, sealed: 10n, left: sender.stats().left });
    assert.deepEqual(receiver.stats(), { keys: 1, opened: 8, malformed: 0, unknownKeyId: 0, replayed: 5, decryptionFailed: 6 });
    assert.deepEqual(receiver.keyStats(kid).opened, 8);
    receiver.removeKey(kid);
    refused("UNKNOWN_KEY_ID", () => receiver.removeKey(kid));
  });
}

test("sealing and opening in the caller's memory", () => {
  const { sender, receiver } = media();
  const memory = new Uint8Array(100);
  memory.set(ascii("a frame"));
  const length = sender.sealInto(memory.subarray(0, 7), memory);
  assert.equal(receiver.openInto(memory.subarray(0, length), memory), 7);
  assert.deepEqual(memory.slice(0, 7), ascii("a frame"));
  assert.equal(refused("BUFFER_TOO_SMALL", () => sender.sealInto(new Uint8Array(50), new Uint8Array(50))).needed! > 50, true);
  const sealed = sender.seal(new Uint8Array(50));
  refused("BUFFER_TOO_SMALL", () => receiver.openInto(sealed, new Uint8Array(49)));
  assert.equal(receiver.openInto(sealed, new Uint8Array(200)), 50);
  const vp8 = Uint8Array.of(0x31, 2, 0, 1, 2, 3);
  const room = new Uint8Array(frame.sealMaxSize(Codec.VP8, vp8.length));
  const written = frame.sealInto(sender, Codec.VP8, vp8, room);
  assert.ok(frame.openMaxSize(Codec.VP8, written) >= 6);
  const out = new Uint8Array(frame.openMaxSize(Codec.VP8, written));
  assert.equal(frame.openInto(receiver, Codec.VP8, room.subarray(0, written), out), 6);
  assert.deepEqual(out.slice(0, 6), vp8);
});

test("the ratchet", () => {
  const [key, kid] = [random(32), newKid() << 8n];
  const sender = SframeSender.fromKey(key, kid, GCM, { ratchetBits: 8 });
  const receiver = new SframeReceiver(GCM, { ratchetBits: 8, maxSteps: 4, graceFrames: 2 });
  receiver.addKey(kid, key);
  const old = sender.seal(ascii("old"));
  assert.equal(sender.ratchet(), kid + 1n);
  assert.equal(sender.kid, kid + 1n);
  const next = sender.seal(ascii("new"));
  assert.deepEqual(receiver.open(next), ascii("new"));
  assert.deepEqual(receiver.open(old), ascii("old"));
  const newcomer = new SframeReceiver(GCM, { ratchetBits: 8 });
  newcomer.addKey(kid + 1n, ratchetBaseKey(GCM, key));
  assert.deepEqual(newcomer.open(next), ascii("new"));
  refused("UNKNOWN_KEY_ID", () => newcomer.open(old));
});

test("KIDs of MLS", () => {
  assert.equal(mlsKid(0x17n, 0x33n, 0n, 8, 8), 0x3317n);
  refused("INVALID_ARGUMENT", () => mlsKid(1n, 256n, 0n, 8, 8));
});

test("codec frames: what packetizers read stays, and inspect() sees it", () => {
  const { sender, receiver } = media();
  const nal = (...unit: number[]) => [0, 0, 0, 1, ...unit];
  const body = Array.from({ length: 60 }, (_, i) => i + 1);
  const h264 = Uint8Array.from([...nal(0x67, 0x42, 0xc0, 0x1f, 1, 2, 3), ...nal(0x68, 0xce, 0x3c, 0x80), ...nal(0x65, 0x88, ...body)]);
  const sealed = frame.seal(sender, Codec.H264, h264, ascii("track"));
  assert.deepEqual(sealed.slice(0, 10), h264.slice(0, 10));
  const info = frame.inspect(Codec.H264, sealed);
  assert.deepEqual([info.kid, info.firstCounter, info.sealedUnits, info.parameterSets], [sender.kid, 0n, 1, 2]);
  refused("DECRYPTION_FAILED", () => frame.open(receiver, Codec.H264, sealed));
  assert.deepEqual(frame.openDetail(receiver, Codec.H264, sealed, ascii("track")), { frame: h264, kid: sender.kid, counter: 0n });
  const more = frame.seal(sender, Codec.H264, h264);
  assert.deepEqual(frame.open(receiver, Codec.H264, more), h264);
  refused("NOTHING_TO_SEAL", () => frame.seal(sender, Codec.H264, Uint8Array.from(nal(0x67, 0x42, 0xc0, 0x1f))));
  refused("MALFORMED_FRAME", () => frame.inspect(Codec.H264, ascii("no start code")));
});
