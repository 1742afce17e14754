// Senders and receivers that follow the rekeys of a call (docs/handshake.md, "Rekey"). An epoch is { epoch, role, session }.

import { FrameError, Receiver, Sender, parseHeader } from './sframe.js';

const GRACE_FRAMES = 512;
const keyId = (stream, role, epoch) => (BigInt(stream) << 3n) | BigInt((role - 1) << 2) | BigInt(epoch & 3);

// docs:begin sender
// Of one stream of this side: what sealFrame() takes. A key is prepared when it exists, and used when it may be.
export class CallSender {
  #now;
  #next;

  constructor(stream) {
    this.stream = stream;
  }

  async prepare({ epoch, role, session }) {
    const kid = keyId(this.stream, role, epoch);
    this.#next = await Sender.create(await session.sealingKey(kid), kid);
  }

  // True if this was the first key.
  advance() {
    const first = !this.#now;
    this.#now = this.#next ?? this.#now;
    this.#next = undefined;
    return first;
  }

  block(count) {
    if (!this.#now) throw new FrameError('NoKey', 'no key yet');
    return this.#now.block(count);
  }

  async seal(plaintext, metadata) {
    return this.block(1).seal(plaintext, metadata);
  }
}
// docs:end sender

// docs:begin receiver
// Of all streams of the peer: what openFrame() takes. Keys of the epoch before are kept until 512 frames of their stream came under the new one, or the next rekey.
export class CallReceiver {
  #newest;
  #streams = new Map(); // by key ID
  opened = {}; // by epoch

  async add({ epoch, role, session }) {
    const peer = 3 - role;
    // The session of the epoch before goes, so what may still come of its first stream needs its key now.
    const before = this.#newest, kid = before && keyId(0, before.peer, before.epoch);
    const late = before && !this.#streams.has(kid) && (await this.#made(kid, before));
    if (late) this.#streams.set(kid, late);
    for (const [kid, stream] of this.#streams) if (stream.epoch < epoch - 1) this.#streams.delete(kid);
    this.#newest = { epoch, peer, session };
    this.opened[epoch] = 0;
  }

  async open(sealed, metadata) {
    const plaintext = await this.decrypt(sealed, metadata);
    this.accept([parseHeader(sealed)]);
    return plaintext;
  }

  async decrypt(sealed, metadata) {
    const { kid } = parseHeader(sealed), known = this.#streams.get(kid);
    if (known) return known.receiver.decrypt(sealed, metadata);
    const newest = this.#newest;
    if (!newest) throw new FrameError('NoKey', 'no key yet');
    if ((kid & 7n) !== keyId(0, newest.peer, newest.epoch)) throw new FrameError('UnknownKeyId', `no key for ${kid}`);
    // The first frame of a stream. Its key is kept if it opens, so that forged key IDs leave nothing.
    const made = await this.#made(kid, newest), plaintext = await made.receiver.decrypt(sealed, metadata);
    if (this.#newest === newest && !this.#streams.has(kid)) this.#streams.set(kid, made);
    return plaintext;
  }

  accept(units) {
    const { kid } = units[0], stream = this.#streams.get(kid);
    if (!stream) throw new FrameError('UnknownKeyId', `no key for ${kid}`);
    stream.receiver.accept(units);
    this.opened[stream.epoch]++;
    if (stream.epoch !== this.#newest.epoch || ++stream.frames < GRACE_FRAMES) return;
    for (const [older, { epoch }] of this.#streams) if (older >> 3n === kid >> 3n && epoch < stream.epoch) this.#streams.delete(older);
  }

  async #made(kid, { epoch, session }) {
    const receiver = new Receiver();
    await receiver.addKey(kid, await session.openingKey(kid));
    return { epoch, receiver, frames: 0 };
  }
}
// docs:end receiver
