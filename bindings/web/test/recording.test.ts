// Recordings in segments: a whole one verifies, also after crashes; a spliced, cut, altered or foreign one does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordingSigner, RecordingVerifier, SignatureAlgorithm, SigningKey, init } from "pqrtc";
import { ascii, refused } from "./common.js";

await init();
const algorithm = SignatureAlgorithm.ML_DSA_65_ED25519;
const id = ascii("meeting 7");
const segments = ["first", "second", "", "last"].map(ascii);
const key = SigningKey.generate(algorithm);

/** By a recorder that crashes before each entry. */
function sign(by: SigningKey, name: Uint8Array): Uint8Array[] {
  let signer = RecordingSigner.create(by, name);
  const entries = segments.map((segment, number) => {
    const { state } = signer;
    signer.update(ascii("lost"));
    refused("UNEXPECTED_MESSAGE", () => signer.state);
    signer.dispose();
    signer = RecordingSigner.resume(by, name, state);
    for (const byte of segment) signer.update(Uint8Array.of(byte));
    return signer.entry(number === 3);
  });
  for (const ended of [signer, RecordingSigner.resume(by, name, signer.state)]) {
    refused("UNEXPECTED_MESSAGE", () => ended.update(id));
    refused("UNEXPECTED_MESSAGE", () => ended.entry());
  }
  return entries;
}

function altered(entry: Uint8Array, at: number): Uint8Array {
  const copy = entry.slice();
  copy[at]! ^= 1;
  return copy;
}

test("every splice is refused, and the whole recording is not", () => {
  const [entries, foreign, others] = [sign(key, id), sign(key, ascii("meeting 8")), sign(SigningKey.generate(algorithm), id)];
  const verifier = RecordingVerifier.create(algorithm, key.publicKey, id);
  const show = (segment: Uint8Array, entry: Uint8Array) => () => {
    verifier.update(segment);
    verifier.entry(entry);
  };
  segments.forEach((segment, number) => {
    const [entry, other] = [entries[number]!, (number + 1) % 4];
    refused("OUT_OF_SEQUENCE", show(segments[other]!, entries[other]!));
    refused("DIGEST_MISMATCH", show(ascii("false"), entry));
    for (const wrong of [foreign[number]!, others[number]!, altered(entry, entry.length - 1)]) refused("BAD_SIGNATURE", show(segment, wrong));
    for (const wrong of [new Uint8Array(), entry.subarray(1), altered(entry, 0)]) refused("MALFORMED_MESSAGE", show(segment, wrong));
    refused("INCOMPLETE", () => verifier.finish());
    show(segment, entry)();
  });
  verifier.finish();
  refused("MALFORMED_MESSAGE", show(segments[3]!, entries[3]!));
  verifier.finish();
  verifier.update(id);
  refused("INCOMPLETE", () => verifier.finish());
});

test("wrong arguments are refused", () => {
  for (const length of [0, 65]) {
    const name = new Uint8Array(length);
    refused("INVALID_LENGTH", () => RecordingSigner.create(key, name));
    refused("INVALID_LENGTH", () => RecordingSigner.resume(key, name, new Uint8Array(43)));
    refused("INVALID_LENGTH", () => RecordingVerifier.create(algorithm, key.publicKey, name));
  }
  refused("INVALID_LENGTH", () => RecordingVerifier.create(algorithm, key.publicKey.subarray(1), id));
  for (const state of [new Uint8Array(), new Uint8Array(43), RecordingSigner.create(key, ascii("meeting 8")).state]) {
    refused("MALFORMED_MESSAGE", () => RecordingSigner.resume(key, id, state));
  }
});

test("entries and artifacts as COSE_Sign1", () => {
  const plain = SigningKey.generate(SignatureAlgorithm.ML_DSA_65);
  const signer = RecordingSigner.create(plain, id);
  refused("UNEXPECTED_MESSAGE", () => signer.cose());
  const { state } = signer;
  const entry = signer.entry(true);
  assert.equal(signer.cose().length, 3405);
  assert.deepEqual(signer.cose().subarray(10, 93), new Uint8Array([...state.subarray(11), ...entry.subarray(0, 51)]));
  assert.deepEqual(plain.artifactSignCose(1, id).subarray(9, 18), id);
  refused("UNSUPPORTED", () => key.artifactSignCose(1, id));
  refused("INVALID_ARGUMENT", () => plain.artifactSignCose(9 as never, id));
});

test("a signer outlives its key", () => {
  const shortLived = SigningKey.generate(algorithm);
  const [signer, verifier] = [RecordingSigner.create(shortLived, id), RecordingVerifier.create(algorithm, shortLived.publicKey, id)];
  shortLived.dispose();
  verifier.entry(signer.entry(true));
  verifier.finish();
  signer.dispose();
  refused("NULL_POINTER", () => signer.entry());
  assert.equal(signer.disposed, true);
});
