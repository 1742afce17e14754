import assert from "node:assert/strict";
import { test } from "node:test";
import { Call, CallState, CipherSuite, Direction, Policy, PolicyOption, Profile, Role, SframeReceiver, SignatureAlgorithm, SigningKey, init, random } from "pqrtc";
import { ascii, flipped, refused } from "./common.js";

await init();
const GCM = CipherSuite.AES_256_GCM_SHA512_128;
const [dtlsA, dtlsB] = [random(32), random(32)];

function pair(profile: Profile, algorithm: SignatureAlgorithm): { a: Call; b: Call; keyA: SigningKey; keyB: SigningKey } {
  const [keyA, keyB] = [SigningKey.generate(algorithm), SigningKey.generate(algorithm)];
  const accepting = (peer: SigningKey) => new Policy(profile).set(PolicyOption.PIN, peer.fingerprint).set(PolicyOption.REQUIRE_BINDING);
  return {
    a: new Call(accepting(keyB), { identity: keyA, binding: dtlsA, credential: ascii("alice") }),
    b: new Call(accepting(keyA), { identity: keyB, binding: dtlsB }),
    keyA,
    keyB,
  };
}

/** Carries messages until there is none. */
function talk(first: Call, second: Call, firstDtls: Uint8Array, secondDtls: Uint8Array): void {
  let message = first.offer();
  for (let [from, to] = [first, second]; message.length; [from, to] = [to, from]) message = to.receive(message, from === first ? firstDtls : secondDtls);
}

for (const [profile, algorithm] of [[Profile.DEFAULT, SignatureAlgorithm.ML_DSA_65_ED25519], [Profile.CNSA2, SignatureAlgorithm.ML_DSA_87]] as const) {
  test(`a call of profile ${profile}, with media and a rekey`, () => {
    const { a, b, keyA, keyB } = pair(profile, algorithm);
    assert.deepEqual([a.info().state, a.info().role, a.info().suite, a.info().maySend], [CallState.NEW, undefined, undefined, false]);
    talk(a, b, dtlsA, dtlsB);
    assert.deepEqual([a.info().role, b.info().role, a.info().maySend, b.info().maySend], [Role.INITIATOR, Role.RESPONDER, true, true]);
    assert.deepEqual(a.info().peerFingerprint, keyB.fingerprint);
    assert.deepEqual(b.peer(), { algorithm, publicKey: keyA.publicKey, credential: ascii("alice") });
    assert.deepEqual(a.peer().credential.length, 0);
    assert.match(a.sas(), /^\d{10}$/);
    assert.equal(a.sas(), b.sas());
    assert.deepEqual(a.session().export("x"), b.session().export("x"));

    const [sender, receiver] = [a.sender(0, GCM), b.receiver(GCM)];
    const before = sender.seal(ascii("before"));
    assert.deepEqual(receiver.open(before), ascii("before"));
    const kid = sender.kid;
    talk(b, a, dtlsB, dtlsA);
    assert.deepEqual([a.info().epoch, b.info().epoch], [1, 1]);
    const after = receiver.openDetail(sender.seal(ascii("after")));
    assert.deepEqual(after.frame, ascii("after"));
    assert.notEqual(after.kid, kid);

    // The key of another stream, for another engine.
    const mine = a.sframeKey(Direction.SENDING, 7);
    assert.deepEqual(b.sframeKey(Direction.RECEIVING, 7), mine);
    const other = new SframeReceiver(GCM);
    other.addKey(mine.kid, mine.baseKey);
    refused("KEY_REUSED", () => a.sender(7, GCM));
  });
}

test("digits for people, without identities and with a PSK", () => {
  const psk = random(32);
  const policy = (secret: Uint8Array) => new Policy(Profile.SAS).set(PolicyOption.PSK, secret);
  const [a, b] = [new Call(policy(psk)), new Call(policy(psk), { identity: SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) })];
  let message = a.offer();
  for (let [from, to] = [a, b]; message.length; [from, to] = [to, from]) message = to.receive(message);
  assert.equal(a.sas(), b.sas());
  assert.equal(b.peer().algorithm, undefined);
  assert.equal(b.info().peerIdentity, undefined);
  assert.equal(a.info().peerIdentity, SignatureAlgorithm.ML_DSA_65_ED25519);
  const stranger = new Call(policy(random(32)));
  const offer = new Call(policy(psk)).offer();
  refused("HANDSHAKE_FAILED", () => {
    const c = new Call(policy(psk));
    c.receive(stranger.receive(c.offer()));
  });
  assert.ok(offer.length > 1000);
});

test("what is refused changes nothing, and the call goes on", () => {
  const { a, b } = pair(Profile.DEFAULT, SignatureAlgorithm.ML_DSA_65_ED25519);
  refused("UNEXPECTED_MESSAGE", () => a.session());
  refused("UNEXPECTED_MESSAGE", () => a.sas());
  const m1 = a.offer();
  refused("MALFORMED_MESSAGE", () => b.receive(new Uint8Array(5), dtlsA));
  refused("MALFORMED_MESSAGE", () => b.receive(new Uint8Array(0), dtlsA));
  const m2 = b.receive(m1, dtlsA);
  refused("HANDSHAKE_FAILED", () => a.receive(flipped(m2), dtlsB));
  refused("BINDING_MISMATCH", () => a.receive(m2, random(32)));
  const m3 = a.receive(m2, dtlsB);
  b.receive(m3, dtlsA);
  assert.ok(b.info().maySend);
  refused("INVALID_LENGTH", () => a.pin(new Uint8Array(31)));
  refused("INVALID_LENGTH", () => a.setBinding(new Uint8Array(65)));
  a.setBinding(random(32));
});

test("an unknown peer can be pinned once somebody has looked", () => {
  const { b, keyA } = pair(Profile.DEFAULT, SignatureAlgorithm.ML_DSA_65_ED25519);
  const keyC = SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519);
  const a = new Call(new Policy(Profile.DEFAULT).set(PolicyOption.PIN, keyC.fingerprint), { identity: keyA });
  const stranger = new Call(new Policy(Profile.DEFAULT).set(PolicyOption.PIN, keyA.fingerprint), { identity: SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) });
  const m2 = stranger.receive(a.offer());
  refused("PEER_REJECTED", () => a.receive(m2));
  a.pin(a.info().peerFingerprint!);
  assert.ok(a.receive(m2).length > 0);
  b.dispose();
});
