// The signaling profile of examples/browser: what tests/vectors/signaling.json says is read, refused and written.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PqrtcError } from '../../examples/browser/session.js';
import { decode, encode, fingerprint, fromSdp, intoSdp } from '../../examples/browser/signaling.js';

const { messages, sdp, fingerprints, writes } = JSON.parse(readFileSync(new URL('../vectors/signaling.json', import.meta.url)));
const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'));
const check = ({ name, text, refused }, read, wanted) => {
  if (refused) assert.throws(() => read(text), PqrtcError, name);
  else assert.deepEqual(read(text), wanted(), name);
};
for (const v of messages) {
  const wanted = () => ({ type: v.type, sdp: v.sdp, pqrtc: bytes(v.pqrtc) });
  check(v, decode, wanted);
  if (!v.refused) assert.deepEqual(decode(encode(v.type, bytes(v.pqrtc), v.sdp || undefined)), wanted());
}
for (const v of sdp) check(v, (text) => fromSdp('offer', text), () => ({ type: 'offer', sdp: v.sdp, pqrtc: bytes(v.pqrtc) }));
for (const v of fingerprints) check(v, fingerprint, () => bytes(v.fingerprint));
for (const v of writes) assert.equal(intoSdp(v.sdp, bytes(v.pqrtc)), v.text, v.name);
console.log(`signaling profile: ${messages.length} messages, ${sdp.length} descriptions, ${fingerprints.length} fingerprints, ${writes.length} written`);
