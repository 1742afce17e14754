// The session (docs/protocol.md): the exporter and what is derived with it. In a page, a worker or Node.

import { bigEndian, concat, keyId } from './sframe.js';

export const INITIATOR = 1, RESPONDER = 2;
export const utf8 = (text) => new TextEncoder().encode(text);
export const EXPORTER = utf8('pqrtc exporter v1');

export class PqrtcError extends Error {}

export const b64 = (data) => btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));

// Strict: the standard alphabet with its padding, nothing else, and as long as it must be.
export function unb64(text, name, length) {
  let data;
  try {
    data = atob(text);
    if (btoa(data) !== text) throw new Error('another form');
  } catch {
    throw new PqrtcError(`${name}: missing, or not base64`);
  }
  if (length !== undefined && data.length !== length) throw new PqrtcError(`${name}: ${data.length} bytes, not ${length}`);
  return Uint8Array.from(data, (char) => char.charCodeAt(0));
}

// The info of everything that is expanded: the length, a label and a context.
export function labelled(label, context, length) {
  const name = utf8(label);
  return concat(bigEndian(length, 2), [name.length], name, bigEndian(context.length, 2), context);
}

// docs:begin exporter
// What two participants have after a key exchange or handshake. `key` is an HKDF CryptoKey, so that a worker can have it and nobody can read it.
export class Session {
  #key;
  #role;
  #sealing = new Set();

  constructor(key, role) {
    this.#key = key;
    this.#role = role;
  }

  async #derive(label, context, length) {
    const info = labelled(label, context, length);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-512', salt: EXPORTER, info }, this.#key, 8 * length));
  }

  // A key for the application's own use: label of 1 to 124 bytes, context of at most 65535, length of 1 to 16320.
  export(label, context = new Uint8Array(0), length = 32) {
    const size = utf8(label).length;
    if (size < 1 || size > 124 || context.length > 65535 || length < 1 || length > 16320) throw new PqrtcError('export: out of range');
    return this.#derive(`app ${label}`, context, length);
  }

  // The SFrame base key that this side seals under: once for each key ID (a BigInt), since a second sender would repeat nonces.
  sealingKey(kid) {
    keyId(kid);
    if (this.#sealing.has(kid)) throw new PqrtcError(`there was a sender for key ID ${kid} already`);
    this.#sealing.add(kid);
    return this.#derive('pqrtc sframe', concat([this.#role], bigEndian(kid, 8)), 32);
  }

  // And the one that the other side seals under.
  openingKey(kid) {
    keyId(kid);
    return this.#derive('pqrtc sframe', concat([INITIATOR + RESPONDER - this.#role], bigEndian(kid, 8)), 32);
  }
}
// docs:end exporter
