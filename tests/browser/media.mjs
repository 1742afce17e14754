// Senders and receivers of examples/browser across rekeys, run by Node: frames in flight open, old keys end, forged key IDs leave nothing.
import assert from 'node:assert/strict';
import { CallReceiver, CallSender } from '../../examples/browser/media.js';
import { INITIATOR, RESPONDER, Session } from '../../examples/browser/session.js';
import { openFrame, parseHeader, sealFrame } from '../../examples/browser/sframe.js';

const frame = Uint8Array.of(9, 9, 9), refused = (name) => (why) => why.name === name;
const open = (sealed) => openFrame(receiver, 'opus', sealed), seal = (sender) => sealFrame(sender, 'opus', frame);

// Both ends of an epoch. The role of the sending side may change with each.
async function epoch(number, role = INITIATOR) {
  const key = await crypto.subtle.importKey('raw', crypto.getRandomValues(new Uint8Array(32)), 'HKDF', false, ['deriveBits']);
  const end = (role) => ({ epoch: number, role, session: new Session(key, role) });
  return { sending: end(role), receiving: end(INITIATOR + RESPONDER - role) };
}

const senders = [0, 1, 2].map((stream) => new CallSender(stream)), receiver = new CallReceiver();
await assert.rejects(seal(senders[0]), refused('NoKey'));
await assert.rejects(open(new Uint8Array(30)), refused('NoKey'));
const first = await epoch(0);
for (const sender of senders) await sender.prepare(first.sending);
await assert.rejects(seal(senders[0]), refused('NoKey')); // prepared, and not yet allowed
assert.deepEqual(senders.map((sender) => sender.advance()), [true, true, true]);
const unopened = await Promise.all(senders.map(seal));
assert.deepEqual(unopened.map((sealed) => parseHeader(sealed).kid), [0n, 8n, 16n]);
await receiver.add(first.receiving);

// Stream 1 was heard before the rekey, 0 and 2 were not: 0 opens all the same, 2 does not.
const late = await Promise.all([seal(senders[1]), seal(senders[1]), seal(senders[1])]), other = await seal(senders[0]);
assert.deepEqual(await open(unopened[1]), frame);
const second = await epoch(1, RESPONDER);
for (const sender of senders) await sender.prepare(second.sending);
assert.deepEqual(parseHeader(await seal(senders[1])).kid, 8n, 'a key that is prepared is not used');
await receiver.add(second.receiving);
assert.deepEqual(senders.map((sender) => sender.advance()), [false, false, false]);
assert.deepEqual(senders.map((sender) => sender.advance()), [false, false, false]); // told twice, as by an acknowledgement after a frame
assert.equal(parseHeader(await seal(senders[2])).kid, 21n);
assert.deepEqual(await open(unopened[0]), frame);
await assert.rejects(open(unopened[2]), refused('UnknownKeyId'));
assert.deepEqual(await open(late[0]), frame);
await assert.rejects(open(late[0]), refused('ReplayedFrame'));

// Until 512 frames of the stream came under the new key.
for (let i = 0; i < 511; i++) await open(await seal(senders[1]));
assert.deepEqual(await open(late[1]), frame);
assert.equal(parseHeader(await seal(senders[1])).kid, 13n); // 1 << 3 | responder | epoch 1
await open(await seal(senders[1]));
await assert.rejects(open(late[2]), refused('UnknownKeyId'));
assert.deepEqual(await open(other), frame); // of a stream that is not there yet
assert.deepEqual(receiver.opened, { 0: 5, 1: 512 });

// A forged key ID of the right epoch does not open, and leaves nothing: the true stream opens afterwards.
const before = await seal(senders[2]), forged = before.slice();
forged[forged.length - 1] ^= 1;
for (let i = 0; i < 100; i++) await assert.rejects(open(forged), refused('DecryptionFailed'));
assert.deepEqual(await open(before), frame);

// The next rekey ends the epoch before the last at once. Key IDs come again after four epochs, and are not confused.
const old = await seal(senders[0]);
for (const number of [2, 3, 4, 5]) {
  const next = await epoch(number, number % 2 ? RESPONDER : INITIATOR);
  for (const sender of senders) await sender.prepare(next.sending);
  await receiver.add(next.receiving);
  if (number === 2) assert.deepEqual(await open(old.slice()), frame);
  else await assert.rejects(open(old), number === 5 ? refused('DecryptionFailed') : refused('UnknownKeyId'));
  senders.forEach((sender) => sender.advance());
  assert.deepEqual(await open(await seal(senders[0])), frame);
}
console.log('media across rekeys');
