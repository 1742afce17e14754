// Key IDs and senders of examples/browser, run by Node: no key serves two senders, whatever is passed for a key ID.
import assert from 'node:assert/strict';
import { FrameError, Receiver, Sender, openFrame, sealFrame } from '../../examples/browser/sframe.js';
import { INITIATOR, RESPONDER, Session } from '../../examples/browser/session.js';

const refused = (name) => (why) => why instanceof FrameError && why.name === name;
const session = async (role) => new Session(await crypto.subtle.importKey('raw', new Uint8Array(32).fill(7), 'HKDF', false, ['deriveBits']), role);
const notKeyIds = [1, '1', 1.5, null, undefined, [1n], { valueOf: () => 1n }, -1n, 1n << 64n];

const alice = await session(INITIATOR), bob = await session(RESPONDER);
const one = await alice.sealingKey(1n);
for (const kid of notKeyIds) {
  assert.throws(() => alice.sealingKey(kid), refused('InvalidKeyId'));
  assert.throws(() => bob.openingKey(kid), refused('InvalidKeyId'));
  await assert.rejects(Sender.create(one, kid), refused('InvalidKeyId'));
  await assert.rejects(new Receiver().addKey(kid, one), refused('InvalidKeyId'));
}
assert.throws(() => alice.sealingKey(1n), /key ID 1 already/);
assert.notDeepEqual(await alice.sealingKey(2n), one);
assert.deepEqual(await bob.openingKey(1n), one);
await alice.sealingKey((1n << 64n) - 1n);

// A sender guards itself, also where the key came from elsewhere, and where two are made at once.
const made = await Promise.allSettled([Sender.create(one, 1n), Sender.create(one.slice(), 1n)]);
assert.deepEqual(made.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
assert.ok(refused('KeyReused')(made.find(({ reason }) => reason).reason));
await assert.rejects(Sender.create(one, 1n), refused('KeyReused'));
await Sender.create(one, 3n); // another key ID is another key
for (const key of [new Uint8Array(32), new Uint8Array(31).fill(1), 'k'.repeat(32), undefined]) await assert.rejects(Sender.create(key, 4n), refused('InvalidKey'));
await assert.rejects(new Sender().seal(new Uint8Array(1)), refused('InvalidKey'));

const sender = made.find(({ value }) => value).value, receiver = new Receiver();
await receiver.addKey(1n, await bob.openingKey(1n));
assert.equal(Reflect.set(sender, 'kid', 9n), false);
sender.counter = 0n; // is not the counter
const frame = Uint8Array.of(1, 2, 3, 4, 5), first = await sealFrame(sender, 'VP8', frame), second = await sealFrame(sender, 'VP8', frame);
assert.notDeepEqual(first, second);
assert.deepEqual(await openFrame(receiver, 'VP8', first), frame);
assert.deepEqual(await openFrame(receiver, 'VP8', second), frame);
await assert.rejects(openFrame(receiver, 'VP8', first), refused('ReplayedFrame'));
// An empty frame is sealed as Opus, as by the library, and is no VP8 frame.
assert.equal((await openFrame(receiver, 'opus', await sealFrame(sender, 'opus', new Uint8Array(0)))).length, 0);
await assert.rejects(sealFrame(sender, 'VP8', new Uint8Array(0)), refused('NothingToSeal'));
console.log('key IDs are BigInt, and no key serves two senders');
