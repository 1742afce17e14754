// handshake.js and the published runs of suite 1, every message and key: node --import ./node.mjs vectors.mjs handshake-v1.json
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Call } from '../../examples/browser/handshake.js';
import { Identity } from '../../examples/browser/identity.js';
import { Session } from '../../examples/browser/session.js';

const hex = (data) => Buffer.from(data).toString('hex'), unhex = (text) => Uint8Array.from(Buffer.from(text, 'hex'));
const { runs, identities } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

for (const { suite, seed, private_pem: pem, fingerprint } of identities) {
  if (suite !== 1) {
    assert.throws(() => Identity.fromPem(pem), /not a private key of ML-DSA-65 with Ed25519/);
    continue;
  }
  assert.equal(hex(new Identity(unhex(seed)).fingerprint), fingerprint);
  assert.equal(hex(Identity.fromPem(pem).fingerprint), fingerprint);
  assert.throws(() => Identity.fromPem(pem.replace('PRIVATE', 'PUBLIC')), /not base64/);
  assert.throws(() => Identity.fromPem(pem.replace('MF', 'ME')), /not a private key/);
}

// What is drawn, in its order; ML-DSA in these runs mixes in zeros.
function drawn() {
  const left = [];
  const random = (length) => {
    const next = left.shift();
    assert.equal(next?.length, length, 'something is drawn in another order');
    return next;
  };
  return { left, random };
}

const sides = {}; // by seed: a rekey goes on with the calls of the run before
let count = 0;
for (const run of runs.filter(({ suite }) => suite === 1)) {
  const side = (me, peer) => {
    const seed = run[`identity_${me}`], name = seed || me;
    if (run.mode !== 2) {
      const source = drawn(), psk = unhex(run.mode === 1 ? run.values.psk : '');
      const anonymous = { anyPeer: true, anonymousPeer: true }, pinned = { pins: [unhex(run[`fingerprint_${peer}`] ?? '')] };
      const identity = seed ? new Identity(unhex(seed)) : null;
      sides[name] = { ...source, call: new Call({ identity, psk, random: source.random, ...(seed ? pinned : anonymous) }) };
    }
    return Object.assign(sides[name].call, { binding: unhex(run[`binding_${me}`]), credential: unhex(me === 'I' ? run.credential_I : '') }) && sides[name];
  };
  const I = side('I', 'R'), R = side('R', 'I'), zeros = () => new Uint8Array(32), signs = run.identity_I ? [zeros()] : [];
  I.left.push(...['r', 'dk_I suite 1', 'eseed_I'].map((name) => unhex(run.random_I[name])), ...signs);
  R.left.push(...['eseed_R', 'dk_R'].map((name) => unhex(run.random_R[name])), ...signs);
  const [bindingI, bindingR] = ['binding_I', 'binding_R'].map((name) => unhex(run[name]));

  const m1 = I.call.offer();
  const m2 = R.call.receive(m1);
  const m3 = I.call.receive(m2, bindingR);
  const ack = R.call.receive(m3, bindingI);
  assert.equal(I.call.receive(ack).length, 0);
  assert.deepEqual([m1, m2, m3, ack].map(hex), [run.M1, run.M2, run.M3, run.ack], run.name);
  assert.deepEqual([I.call.state, R.call.state, I.left.length, R.left.length], ['confirmed', 'done', 0, 0]);
  for (const [{ call }, role, peer] of [[I, 1, 'R'], [R, 2, 'I']]) {
    assert.deepEqual([call.role, call.epoch, call.sas, call.peer.fingerprint && hex(call.peer.fingerprint)], [role, run.epoch, run.sas, run[`fingerprint_${peer}`] || null]);
    const session = new Session(await call.sessionKey(), role);
    for (const { role: sender, kid, base_key: key } of run.sframe) {
      assert.equal(hex(await (sender === role ? session.sealingKey(BigInt(kid)) : session.openingKey(BigInt(kid)))), key);
    }
  }
  assert.deepEqual(R.call.peer.credential, unhex(run.credential_I));
  count++;
}
assert.ok(count >= 5, `${count} runs of suite 1`);
console.log(`${count} published runs of suite 1`);
