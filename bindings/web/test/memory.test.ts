// What stays in the module's memory: no input and no output of a call, and nothing of an object that was disposed of.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Call,
  CipherSuite,
  HybridKeypair,
  KemKeypair,
  KeyFormat,
  MeetingCard,
  Policy,
  PolicyOption,
  Profile,
  SframeSender,
  SigningKey,
  Suite,
  encapsulate,
  envelope,
  init,
  initiate,
  random,
  turn,
  type Handle,
} from "pqrtc";
import { core } from "#dist/core.js";
import { ascii, media, sessions } from "./common.js";

await init();
const GCM = CipherSuite.AES_256_GCM_SHA512_128;

/** How often the bytes, or their first 16, are in the memory of the module. */
function found(secret: Uint8Array): number {
  const memory = Buffer.from(core().memory.buffer as ArrayBuffer);
  let count = 0;
  for (let at = memory.indexOf(secret.subarray(0, 16)); at >= 0; at = memory.indexOf(secret.subarray(0, 16), at + 1)) count++;
  return count;
}

/** Objects, and the secret that each keeps. */
const kept: Record<string, () => [Handle, Uint8Array]> = {
  "the seed of an ML-KEM-768 pair": () => seeded(64, (seed) => KemKeypair.fromSeed(1, seed)),
  "the seed of an ML-KEM-1024 pair": () => seeded(64, (seed) => KemKeypair.fromSeed(2, seed)),
  "the seed of an X-Wing pair": () => seeded(32, (seed) => HybridKeypair.fromSeed(Suite.X_WING, seed)),
  "the X25519 key of a V100 pair": () => seeded(96, (seed) => HybridKeypair.fromSeed(Suite.V100_HYBRID_KX_V1, seed)),
  "the seed of an ML-DSA-65 key": () => seeded(32, (seed) => SigningKey.fromSeed(1, seed)),
  "the seed of an ML-DSA-87 key": () => seeded(32, (seed) => SigningKey.fromSeed(2, seed)),
  "the seed of a composite key": () => seeded(64, (seed) => SigningKey.fromSeed(3, seed)),
  "the key of a session": () => {
    const { initiator, responder } = sessions();
    responder.dispose();
    return [initiator, initiator.key()];
  },
  "the PSK of a policy": () => seeded(32, (psk) => new Policy(Profile.SAS).set(PolicyOption.PSK, psk)),
};

function seeded(length: number, make: (secret: Uint8Array) => Handle): [Handle, Uint8Array] {
  const secret = random(length);
  return [make(secret), secret];
}

for (const [name, make] of Object.entries(kept)) {
  test(`${name} is in memory while the object lives, and not after dispose()`, () => {
    const [handle, secret] = make();
    assert.ok(found(secret) > 0, "this test can see it");
    handle.dispose();
    assert.equal(found(secret), 0);
  });
}

test("what goes in and comes out of a call is not there afterwards", () => {
  const secrets: Record<string, Uint8Array> = {};
  const secret = (name: string, length = 32) => (secrets[name] = random(length));
  const { initiator, responder } = sessions();
  const sender = SframeSender.fromKey(secret("a base key"), 5n, GCM);
  const { sender: from, receiver } = media();
  const frame = secret("a frame", 1200);
  const large = secret("a frame that needs more memory", 300_000);
  for (const clear of [frame, large]) {
    assert.deepEqual(receiver.open(from.seal(clear)), clear);
    assert.deepEqual(receiver.openMany(from.sealMany([clear]))[0], clear);
    const out = new Uint8Array(clear.length + 40);
    receiver.openInto(from.seal(clear), out);
  }
  assert.deepEqual(responder.open(initiator.seal(secret("a message"))), secrets["a message"]);
  secrets["an exported key"] = initiator.export("label");
  secrets["SRTP keys"] = initiator.srtpKeys(7);
  secrets["an SFrame base key"] = initiator.sframeBaseKey(1, 9n);
  const kem = KemKeypair.generate(2);
  const { ciphertext, secret: shared } = encapsulate(2, kem.publicKey);
  secrets["a shared secret"] = shared;
  assert.deepEqual(kem.decapsulate(ciphertext), shared);
  turn.mint(secret("the secret of a TURN server"), "alice", 5);
  secrets["a TURN password"] = ascii(turn.mint("another secret", "alice", 5).password);
  turn.unwrap(kem, turn.wrap(2, kem.publicKey, secret("a credential")));
  envelope.open(kem, envelope.seal(2, kem.publicKey, secret("a payload")));
  const key = SigningKey.generate(1);
  key.sign(secret("a signed message"));
  secrets["a PEM file"] = key.exportFile(KeyFormat.PEM).subarray(40);
  SigningKey.importFile(key.exportFile(KeyFormat.PEM)).dispose();
  secrets["random bytes"] = random(64);
  for (const [name, data] of Object.entries(secrets)) assert.equal(found(data), 0, name);
  sender.dispose();
});

test("nothing of an exchange, a call or a card is left once its objects are disposed of", () => {
  const { initiator, responder } = sessions();
  const derived = [initiator.key(), initiator.export("x")];
  initiator.dispose();
  responder.dispose();
  const [key, other] = [SigningKey.generate(3), SigningKey.generate(3)];
  const accepting = (peer: SigningKey) => new Policy(Profile.DEFAULT).set(PolicyOption.PIN, peer.fingerprint);
  const [a, b] = [new Call(accepting(other), { identity: key }), new Call(accepting(key), { identity: other })];
  b.receive(a.receive(b.receive(a.offer())));
  const card = new MeetingCard(key, 5000);
  const session = a.session();
  derived.push(session.key(), a.sframeKey(1, 3).baseKey, key.seed(), other.seed());
  for (const handle of [a, b, card, session, key, other]) handle.dispose();
  for (const one of derived) assert.equal(found(one), 0);
});

test("an object that is forgotten is freed when it is collected", async () => {
  assert.ok(globalThis.gc, "run with --expose-gc");
  const secret = random(32);
  (() => void HybridKeypair.fromSeed(Suite.X_WING, secret))();
  assert.ok(found(secret) > 0);
  for (let i = 0; i < 50 && found(secret); i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(found(secret), 0);
});

test("memory does not grow with use", () => {
  const { sender, receiver } = media();
  const turn = () => {
    for (let i = 0; i < 20; i++) receiver.open(sender.seal(new Uint8Array(100_000)));
    for (let i = 0; i < 3; i++) {
      using pair = HybridKeypair.generate(Suite.X_WING);
      const { exchange, session } = initiate(Suite.X_WING, pair.bundle);
      pair.respond(exchange).dispose();
      session.dispose();
    }
  };
  turn();
  const size = core().memory.length;
  for (let i = 0; i < 5; i++) turn();
  assert.equal(core().memory.length, size);
});
