// An identity of suite 1: id-MLDSA65-Ed25519-SHA512 (docs/identities.md). WebCrypto has no composite signatures, and Node 20 no ML-DSA, so this is @noble's.

import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { PqrtcError, unb64, utf8 } from './session.js';
import { concat } from './sframe.js';

const DSA_KEY = 1952, DSA_SIGNATURE = 3309;
export const KEY_BYTES = DSA_KEY + 32, SIGNATURE_BYTES = DSA_SIGNATURE + 64;
const hex = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
// What stands before the 64 bytes of a private key (PKCS#8) and the 1984 of a public one (SubjectPublicKeyInfo), in DER.
const PRIVATE = hex('3051020100300a06082b060105050706300440'), PUBLIC = hex('308207d1300a06082b06010505070630038207c100');
const PREFIX = utf8('CompositeAlgorithmSignatures2025'), LABEL = utf8('COMPSIG-MLDSA65-Ed25519-SHA512');

const signed = (message, context) => concat(PREFIX, LABEL, [context.length], utf8(context), sha512(message));

// Both halves must be right.
export function verify(publicKey, message, signature, context) {
  if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  const text = signed(message, context);
  try {
    return ml_dsa65.verify(signature.subarray(0, DSA_SIGNATURE), text, publicKey.subarray(0, DSA_KEY), { context: LABEL })
      && ed25519.verify(signature.subarray(DSA_SIGNATURE), text, publicKey.subarray(DSA_KEY), { zip215: false });
  } catch {
    return false; // no point of the curve
  }
}

export const fingerprint = (publicKey) => sha512(concat(PUBLIC, publicKey)).slice(0, 32);

export class Identity {
  #dsa;
  #ed;

  constructor(seed) {
    if (seed.length !== 64) throw new PqrtcError(`an identity is a seed of 64 bytes, not ${seed.length}`);
    this.#dsa = ml_dsa65.keygen(seed.subarray(0, 32)).secretKey;
    this.#ed = seed.slice(32);
    this.publicKey = concat(ml_dsa65.getPublicKey(this.#dsa), ed25519.getPublicKey(this.#ed));
    this.fingerprint = fingerprint(this.publicKey);
  }

  static generate() {
    return new Identity(crypto.getRandomValues(new Uint8Array(64)));
  }

  static fromPem(pem) {
    const found = /^-----BEGIN PRIVATE KEY-----\s([^-]*)-----END PRIVATE KEY-----\s*$/.exec(pem);
    const der = unb64(found?.[1].replace(/\s/g, ''), 'private key');
    if (der.length !== PRIVATE.length + 64 || !PRIVATE.every((byte, i) => byte === der[i])) throw new PqrtcError('not a private key of ML-DSA-65 with Ed25519');
    return new Identity(der.subarray(PRIVATE.length));
  }

  // `random` is what ML-DSA mixes in, 32 bytes.
  sign(message, context, random = crypto.getRandomValues(new Uint8Array(32))) {
    const text = signed(message, context);
    return concat(ml_dsa65.sign(text, this.#dsa, { context: LABEL, extraEntropy: random }), ed25519.sign(text, this.#ed));
  }
}
