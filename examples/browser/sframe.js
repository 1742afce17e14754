// SFrame (RFC 9605) with cipher suite 5, AES_256_GCM_SHA512_128, on WebCrypto alone; frames.js has the layout of sealed frames. Runs in a
// page or a worker. Key IDs and counters are BigInt: they have 64 bits.

export { openFrame, sealFrame } from './frames.js';

const subtle = crypto.subtle;
const SUITE = 5n, KEY_BITS = 256, SALT_BITS = 96, TAG_BYTES = 16;
const WINDOW = 1024;

// What can be wrong with a frame or a key; `name` is one of MalformedFrame, UnknownKeyId, ReplayedFrame, DecryptionFailed, NotAFrame, NothingToSeal, KeyReused,
// CounterExhausted, InvalidKeyId, InvalidKey.
export class FrameError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function bigEndian(value, length) {
  const out = new Uint8Array(length);
  for (let at = length - 1, left = BigInt(value); at >= 0; at--, left >>= 8n) out[at] = Number(left & 255n);
  return out;
}

function fewestBytes(value) {
  let length = 1;
  while (value >> BigInt(8 * length)) length++;
  return bigEndian(value, length);
}

// Section 4.3: a config byte, then the key ID and the counter unless they are below 8 and fit in it.
export function header(kid, counter) {
  const k = kid < 8n ? [] : fewestBytes(kid), c = counter < 8n ? [] : fewestBytes(counter);
  const high = k.length ? 8 | (k.length - 1) : Number(kid), low = c.length ? 8 | (c.length - 1) : Number(counter);
  return concat([(high << 4) | low], k, c);
}

export function parseHeader(data) {
  let at = 1;
  const field = (bits) => {
    if (!(bits & 8)) return BigInt(bits);
    let value = 0n;
    for (const end = at + (bits & 7) + 1; at < end; at++) value = (value << 8n) | BigInt(data[at] ?? 0);
    return value;
  };
  const kid = field((data[0] ?? 0) >> 4), counter = field((data[0] ?? 0) & 15);
  if (data.length < at + TAG_BYTES) throw new FrameError('MalformedFrame', 'too short for an SFrame ciphertext');
  return { kid, counter, length: at };
}

// A key ID is a BigInt of 64 bits and nothing else: 1, 1n and "1" would pass for three key IDs and derive one key.
export function keyId(kid) {
  if (typeof kid !== 'bigint' || kid < 0n || kid >> 64n) throw new FrameError('InvalidKeyId', `a key ID is a BigInt from 0n to 2n ** 64n - 1n, not ${typeof kid} ${kid}`);
  return kid;
}

function checkBaseKey(baseKey) {
  if (!(baseKey instanceof Uint8Array) || baseKey.length !== 32 || baseKey.every((byte) => !byte)) throw new FrameError('InvalidKey', 'a base key is 32 bytes and not zero');
}

// Section 4.4.2. WebCrypto's HKDF extracts and expands in one; an empty salt is the RFC's.
async function keyAndSalt(baseKey, kid, usage) {
  const base = await subtle.importKey('raw', baseKey, 'HKDF', false, ['deriveBits']);
  const derive = async (label, bits) => {
    const info = concat(new TextEncoder().encode(label), bigEndian(kid, 8), bigEndian(SUITE, 2));
    return new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-512', salt: new Uint8Array(0), info }, base, bits));
  };
  const raw = await derive('SFrame 1.0 Secret key ', KEY_BITS);
  const key = await subtle.importKey('raw', raw, 'AES-GCM', false, [usage]);
  raw.fill(0);
  return { key, salt: await derive('SFrame 1.0 Secret salt ', SALT_BITS) };
}

const gcm = (salt, counter, additionalData) => ({
  name: 'AES-GCM', iv: bigEndian(counter, 12).map((byte, i) => byte ^ salt[i]), additionalData, tagLength: 8 * TAG_BYTES,
});

// The base keys and key IDs that had a sender in this page or worker, as hashes.
const used = new Set();

// One sender under one base key and key ID. A second one would repeat nonces and is refused, as long as this page or worker lives; other workers
// and later pages are not known here, so make a new exchange for each.
export class Sender {
  #key;
  #salt;
  #kid;
  #counter = 0n;

  static async create(baseKey, kid) {
    keyId(kid);
    checkBaseKey(baseKey);
    const self = new Sender();
    const [hash, { key, salt }] = await Promise.all([subtle.digest('SHA-256', concat(baseKey, bigEndian(kid, 8))), keyAndSalt(baseKey, kid, 'encrypt')]);
    const name = new Uint8Array(hash).join();
    if (used.has(name)) throw new FrameError('KeyReused', `there was a sender for key ID ${kid} under this key`);
    used.add(name);
    [self.#key, self.#salt, self.#kid] = [key, salt, kid];
    return self;
  }

  get kid() {
    return this.#kid;
  }

  async seal(plaintext, metadata = new Uint8Array(0)) {
    return this.block(1).seal(plaintext, metadata);
  }

  // Consecutive counters for the units of one frame, taken at once and before anything is awaited: no other frame comes between.
  block(count) {
    if (!this.#key) throw new FrameError('InvalidKey', 'a sender is made by Sender.create()');
    const first = this.#counter, end = first + BigInt(count);
    if ((end - 1n) >> 64n) throw new FrameError('CounterExhausted', 'no counter is left for this key');
    this.#counter = end;
    let next = first;
    const seal = async (plaintext, metadata) => {
      if (next >= end) throw new FrameError('CounterExhausted', 'more units than were asked for');
      const counter = next++, head = header(this.#kid, counter);
      return concat(head, new Uint8Array(await subtle.encrypt(gcm(this.#salt, counter, concat(head, metadata)), this.#key, plaintext)));
    };
    return { first, seal };
  }
}

export class Receiver {
  #keys = new Map();

  async addKey(kid, baseKey) {
    keyId(kid);
    checkBaseKey(baseKey);
    if (this.#keys.has(kid)) throw new FrameError('KeyReused', `there is a key for ${kid}`);
    // The newest counter that was opened, for each remainder by WINDOW: an equal or lower one is a replay or too old.
    const key = await keyAndSalt(baseKey, kid, 'decrypt');
    this.#keys.set(kid, { ...key, seen: new Array(WINDOW).fill(-1n) });
  }

  async open(sealed, metadata = new Uint8Array(0)) {
    const plaintext = await this.decrypt(sealed, metadata);
    this.accept([parseHeader(sealed)]);
    return plaintext;
  }

  // Opens a unit of a frame, which does not count as seen before accept().
  async decrypt(sealed, metadata) {
    const { kid, counter, length } = parseHeader(sealed);
    this.#fresh({ kid, counter });
    const { key, salt } = this.#keys.get(kid);
    try {
      const aad = concat(sealed.subarray(0, length), metadata);
      return new Uint8Array(await subtle.decrypt(gcm(salt, counter, aad), key, sealed.subarray(length)));
    } catch {
      throw new FrameError('DecryptionFailed', 'altered, or sealed under another key');
    }
  }

  // Marks what has authenticated as seen: all of it or, if some was opened meanwhile, nothing.
  accept(units) {
    units.forEach((unit) => this.#fresh(unit));
    for (const { kid, counter } of units) this.#keys.get(kid).seen[Number(counter % BigInt(WINDOW))] = counter;
  }

  #fresh({ kid, counter }) {
    const entry = this.#keys.get(kid);
    if (!entry) throw new FrameError('UnknownKeyId', `no key for ${kid}`);
    if (entry.seen[Number(counter % BigInt(WINDOW))] >= counter) {
      throw new FrameError('ReplayedFrame', `counter ${counter} was seen or is too old`);
    }
  }
}
