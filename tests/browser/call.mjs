// A call of examples/browser/handshake.js for another process: a JSON object a line, answered by one. Byte strings are hex.
//   {"do": "new", "call": NAME, "options": {...}}    {"do": "offer", "call": NAME}    {"do": "receive", "call": NAME, "message": ..., "binding": ...}
//   {"do": "info", "call": NAME, "stream": N}        {"do": "pin", "call": NAME, "fingerprint": ...}
//   {"do": "become", "call": NAME, "shows": PEM, "signs": [PEM, PEM]}    a dishonest peer: from here on it shows the key of one identity and
//     signs with the ML-DSA half of another and the Ed25519 half of a third
//   {"do": "forget", "call": NAME}                   and another: it does not open what its offer committed to
import { createInterface } from 'node:readline';
import { Call } from '../../examples/browser/handshake.js';
import { Identity } from '../../examples/browser/identity.js';
import { Session } from '../../examples/browser/session.js';
import { concat } from '../../examples/browser/sframe.js';

const hex = (data) => Buffer.from(data).toString('hex'), unhex = (text) => Uint8Array.from(Buffer.from(text, 'hex'));
const calls = {}, identities = {}, drawn = {};

const commands = {
  new({ call, options: { pem, pins = [], binding = '', credential = '', psk = '', ...flags } }) {
    const identity = pem ? Identity.fromPem(pem) : null;
    identities[call] = identity;
    drawn[call] = [];
    const random = (length) => {
      drawn[call].push(crypto.getRandomValues(new Uint8Array(length)));
      return drawn[call].at(-1);
    };
    calls[call] = new Call({ identity, pins: pins.map(unhex), binding: unhex(binding), credential: unhex(credential), psk: unhex(psk), ...flags, random });
    return identity ? hex(identity.fingerprint) : null;
  },
  offer: ({ call }) => hex(calls[call].offer()),
  receive: ({ call, message, binding }) => hex(calls[call].receive(unhex(message), unhex(binding))),
  pin: ({ call, fingerprint }) => calls[call].pin(unhex(fingerprint)),
  become({ call, shows, signs }) {
    const { publicKey } = Identity.fromPem(shows), [dsa, ed] = signs.map(Identity.fromPem);
    Object.assign(identities[call], { publicKey, sign: (...of) => concat(dsa.sign(...of).subarray(0, 3309), ed.sign(...of).subarray(3309)) });
  },
  forget({ call }) {
    drawn[call][0][0] ^= 1; // what an offer draws first
  },
  async info({ call, stream }) {
    const { state, role, epoch, sas, peer } = calls[call], found = { state, role, epoch, sas };
    if (!peer) return found;
    const session = new Session(await calls[call].sessionKey(), role), [own, theirs] = [role, 3 - role].map((r) => (BigInt(stream) << 3n) | BigInt((r - 1) << 2) | BigInt(epoch & 3));
    return {
      ...found, credential: hex(peer.credential), peer: peer.fingerprint && hex(peer.fingerprint), exported: hex(await session.export('test')),
      sending: [String(own), hex(await session.sealingKey(own))], receiving: [String(theirs), hex(await session.openingKey(theirs))],
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  let said;
  try {
    said = { result: (await commands[command.do](command)) ?? null };
  } catch (why) {
    said = { error: why.message, code: why.code ?? null, stack: why.stack };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
