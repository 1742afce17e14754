// tests/vectors/pqrtc-v1.json: an implementation that agrees with every entry speaks the protocol.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ArtifactKind,
  HybridKeypair,
  KemAlgorithm,
  KemKeypair,
  PqrtcError,
  RecordingSigner,
  RecordingVerifier,
  Role,
  SframeReceiver,
  SframeSender,
  SigningKey,
  Status,
  artifactVerify,
  encapsulate,
  fingerprint,
  frame,
  init,
  initiate,
  signatureSizes,
  turn,
  verify,
  type Session,
} from "pqrtc";
import { ascii, code, hex, json } from "./common.js";

await init();
const vectors = json("tests/vectors/pqrtc-v1.json");

function xored(data: Uint8Array, place: number, value = 1): Uint8Array {
  const altered = data.slice();
  altered[(place + data.length) % data.length]! ^= value;
  return altered;
}

test("every section is tested", () => {
  const sections = ["codecs", "format", "hybrid", "kem", "kems", "ratchet", "recordings", "sframe", "signing", "signings", "turn"];
  assert.deepEqual(Object.keys(vectors).sort(), sections);
  assert.equal(vectors.format, "pqrtc wire formats, version 1");
});

for (const vector of [vectors.kem, ...vectors.kems]) {
  test(`ML-KEM, algorithm ${vector.algorithm}`, () => {
    const [pair, ciphertext] = [KemKeypair.fromSeed(vector.algorithm, hex(vector.seed)), hex(vector.ciphertext)];
    assert.deepEqual(turn.unwrap(pair, hex(vector.wrapped)), hex(vector.credential));
    assert.deepEqual(pair.publicKey, hex(vector.public_key));
    assert.deepEqual(pair.decapsulate(ciphertext), hex(vector.shared_secret));
    for (const { byte, xor, shared_secret } of vector.altered) {
      assert.deepEqual(pair.decapsulate(xored(ciphertext, byte, xor)), hex(shared_secret));
    }
    for (const rejected of vector.rejected_public_keys) {
      assert.equal(code(() => encapsulate(vector.algorithm, hex(rejected.public_key))), rejected.code);
    }
  });
}

for (const vector of vectors.hybrid) {
  const pairOf = () => HybridKeypair.fromSeed(vector.suite, hex(vector.seed));
  const responder = (): Session => pairOf().respond(hex(vector.exchange));

  test(`key exchange, suite ${vector.suite}`, () => {
    const [pair, exchange] = [pairOf(), hex(vector.exchange)];
    assert.deepEqual(pair.bundle, hex(vector.bundle));
    assert.deepEqual(pair.respond(exchange).key(), hex(vector.session_key));
    assert.equal(code(() => pair.respond(exchange)), 51);
    for (const { byte, xor, session_key } of vector.altered) assert.deepEqual(pair.respond(xored(exchange, byte, xor)).key(), hex(session_key));
    for (const rejected of vector.rejected_bundles) assert.equal(code(() => initiate(vector.suite, hex(rejected.bundle))), rejected.code);
    for (const rejected of vector.rejected_exchanges) {
      if (!rejected.answered_before) assert.equal(code(() => pair.respond(hex(rejected.exchange))), rejected.code);
    }
  });

  test(`what a session gives, suite ${vector.suite}`, () => {
    const session = responder();
    for (const one of vector.exports) assert.deepEqual(session.export(one.label, hex(one.context), one.length), hex(one.key));
    for (const one of vector.srtp) assert.deepEqual(session.srtpKeys(one.profile), hex(one.keys));
    for (const one of vector.messages) {
      const [sealed, aad] = [hex(one.sealed), hex(one.aad)];
      assert.equal(code(() => session.open(xored(sealed, -1), aad)), 18);
      assert.deepEqual(session.open(sealed, aad), hex(one.plaintext));
      assert.equal(code(() => session.open(sealed, aad)), 50);
    }
  });

  test(`frames of a session, suite ${vector.suite}`, () => {
    const [session, engine] = [responder(), responder()];
    for (const one of vector.sframe) {
      const [kid, metadata] = [BigInt(one.kid), hex(one.metadata)];
      assert.deepEqual(engine.sframeBaseKey(Role.INITIATOR, kid), hex(one.initiator_base_key));
      const sender = SframeSender.fromSession(session, kid, one.cipher_suite);
      assert.deepEqual(sender.seal(ascii("from the responder"), metadata), hex(one.responder));
      const receiver = new SframeReceiver(one.cipher_suite);
      receiver.addSession(session, kid);
      assert.deepEqual(receiver.open(hex(one.initiator), metadata), Uint8Array.from(ascii("from the initiator")));
    }
  });
}

test("TURN", () => {
  for (const one of vectors.turn.mint) {
    const secret = hex(one.secret);
    assert.deepEqual(turn.mint(secret, one.user, Number(one.expires_at)), { username: one.username, password: one.password });
    for (const check of one.verify) assert.equal(code(() => turn.verify(secret, one.username, one.password, Number(check.now))), check.code);
  }
  const recipient = KemKeypair.fromSeed(KemAlgorithm.ML_KEM_768, hex(vectors.turn.recipient_seed));
  for (const one of vectors.turn.wrapped) {
    assert.deepEqual(turn.unwrap(recipient, hex(one.wrapped)), hex(one.credential));
    assert.equal(code(() => turn.unwrap(recipient, xored(hex(one.wrapped), 20))), one.byte_20_xor_1);
  }
});

for (const vector of [vectors.signing, ...vectors.signings]) {
  test(`signatures, algorithm ${vector.algorithm}`, () => {
    const { algorithm } = vector;
    const [key, publicKey] = [SigningKey.fromSeed(algorithm, hex(vector.seed)), hex(vector.public_key)];
    assert.deepEqual(key.publicKey, publicKey);
    assert.deepEqual(key.fingerprint, hex(vector.fingerprint));
    assert.deepEqual(fingerprint(algorithm, publicKey), hex(vector.fingerprint));
    for (const one of vector.signatures) {
      const [message, signature] = [hex(one.message), hex(one.signature)];
      verify(algorithm, publicKey, message, signature, hex(one.context));
      assert.equal(code(() => verify(algorithm, publicKey, message, signature, ascii("another context"))), one.another_context);
    }
    for (const one of vector.artifacts) {
      const found = Object.values(ArtifactKind).map((kind) =>
        code(() => artifactVerify(algorithm, publicKey, kind, hex(one.content), hex(one.signature))),
      );
      assert.deepEqual(found, one.verified_as_kind_1_to_4);
      assert.equal(found[one.kind - 1], 0);
    }
  });
}

for (const vector of vectors.recordings) {
  test(`recordings, algorithm ${vector.algorithm}`, () => {
    const { algorithm, segments } = vector;
    const [key, publicKey, id] = [SigningKey.fromSeed(algorithm, hex(vector.seed)), hex(vector.public_key), hex(vector.id)];
    assert.deepEqual(key.publicKey, publicKey);
    let signer = RecordingSigner.create(key, id);
    assert.deepEqual(signer.state, hex(vector.beginning));
    for (const one of segments) {
      signer.update(hex(one.segment));
      const [made, entry] = [signer.entry(one.last), hex(one.entry)];
      const head = entry.length - signatureSizes(algorithm).signature;
      assert.equal(made.length, entry.length);
      assert.deepEqual(made.subarray(0, head), entry.subarray(0, head));
      assert.deepEqual(signer.state, hex(one.state));
      signer = RecordingSigner.resume(key, id, hex(one.state));
    }
    const after = (accepted: number): RecordingVerifier => {
      const verifier = RecordingVerifier.create(algorithm, publicKey, id);
      for (const one of segments.slice(0, accepted)) {
        assert.equal(code(() => verifier.finish()), Status.INCOMPLETE);
        verifier.update(hex(one.segment));
        verifier.entry(hex(one.entry));
      }
      return verifier;
    };
    after(segments.length).finish();
    for (const one of vector.refused) {
      const entry = xored(hex(segments[one.entry].entry), one.byte, one.xor).subarray(0, one.length);
      const verifier = after(one.after);
      verifier.update(hex(one.segment));
      assert.equal(code(() => verifier.entry(entry)), one.code, JSON.stringify(one));
    }
    const other = RecordingVerifier.create(algorithm, publicKey, hex(vector.another_id.id));
    other.update(hex(segments[0].segment));
    assert.equal(code(() => other.entry(hex(segments[0].entry))), vector.another_id.first_entry);
  });
}

for (const vector of vectors.sframe) {
  const cipher = vector.cipher_suite;
  test(`frames, cipher suite ${cipher}`, () => {
    for (const one of vector.keys) {
      const [key, kid] = [hex(one.base_key), BigInt(`0x${one.kid}`)];
      const [sender, receiver] = [SframeSender.fromKey(key, kid, cipher), new SframeReceiver(cipher)];
      receiver.addKey(kid, key);
      let next = 0;
      for (const number of one.frames) {
        for (; next < number.counter; next++) sender.seal(new Uint8Array());
        next++;
        const [clear, metadata, sealed] = [hex(number.frame), hex(number.metadata), hex(number.sealed)];
        assert.deepEqual(sender.seal(clear, metadata), sealed);
        assert.deepEqual(receiver.openDetail(sealed, metadata), { frame: clear, kid, counter: BigInt(number.counter) });
      }
    }
    const { rejected } = vector;
    const receiver = new SframeReceiver(cipher);
    receiver.addKey(BigInt(rejected.kid), hex(rejected.base_key));
    assert.equal(code(() => receiver.open(hex(rejected.forged.sealed))), rejected.forged.code);
    receiver.open(hex(rejected.opened_before));
    const sealed: Uint8Array[] = rejected.frames.map((one: any) => hex(one.sealed));
    const wanted = rejected.frames.map((one: any) => one.code);
    assert.deepEqual(sealed.map((one) => code(() => receiver.open(one))), wanted);
    assert.deepEqual(receiver.openMany(sealed).map((one) => (one instanceof PqrtcError ? one.code : 0)), wanted);
  });
}

for (const vector of vectors.ratchet) {
  test(`the ratchet, cipher suite ${vector.cipher_suite}`, () => {
    const [key, kid, settings] = [hex(vector.base_key), BigInt(vector.steps[0].kid), { ratchetBits: vector.ratchet_bits }];
    const sender = SframeSender.fromKey(key, kid, vector.cipher_suite, settings);
    const receiver = new SframeReceiver(vector.cipher_suite, settings);
    receiver.addKey(kid, key);
    for (const one of vector.steps) {
      assert.equal(sender.kid, BigInt(one.kid));
      assert.deepEqual(sender.seal(hex(one.frame)), hex(one.sealed));
      assert.deepEqual(receiver.openDetail(hex(one.sealed)), { frame: hex(one.frame), kid: BigInt(one.kid), counter: 0n });
      sender.ratchet();
    }
  });
}

for (const vector of vectors.codecs) {
  test(`codec ${vector.codec}`, () => {
    const [key, kid] = [hex(vector.base_key), BigInt(vector.kid)];
    const [sender, receiver] = [SframeSender.fromKey(key, kid, vector.cipher_suite), new SframeReceiver(vector.cipher_suite)];
    receiver.addKey(kid, key);
    for (const one of vector.frames) {
      const sealed = hex(one.sealed);
      assert.deepEqual(frame.seal(sender, vector.codec, hex(one.frame)), sealed);
      const altered = xored(sealed, Math.floor(sealed.length / 2));
      assert.equal(code(() => frame.open(receiver, vector.codec, altered)), one.middle_byte_xor_1);
      assert.deepEqual(frame.open(receiver, vector.codec, sealed), hex(one.frame));
      assert.equal(code(() => frame.open(receiver, vector.codec, sealed)), one.again);
    }
  });
}
