// A peer of pqrtc in plain JavaScript: hybrid key exchange, exporter, TURN credentials and signatures, written from the wire formats and
// without the library. X25519, ML-KEM-768, ML-DSA-65, HKDF and AES-GCM are the browser's own (WebCrypto, with its "modern algorithms").
// SHA3-256 is @noble/hashes, served from this origin, because Chromium 156 has none.

import { sha3_256 } from '@noble/hashes/sha3.js';
import { INITIATOR, PqrtcError, RESPONDER, Session, utf8 } from './session.js';
import { concat } from './sframe.js';

const subtle = crypto.subtle;
const KEM = 'ML-KEM-768', DSA = 'ML-DSA-65', EK_BYTES = 1184, CT_BYTES = 1088;
const bytes = (data) => (typeof data === 'string' ? utf8(data) : data);
export const SUITE_1 = 1, X_WING = 2;

// docs:begin exchange
// Suite 1 has the X25519 part first, X-Wing (2) the ML-KEM part.
const joined = (suite, x, m) => (suite === SUITE_1 ? concat(x, m) : concat(m, x));

function parted(suite, data, size, name) {
  if (suite !== SUITE_1 && suite !== X_WING) throw new PqrtcError(`suite ${suite} is not known`);
  if (data.length !== 32 + size) throw new PqrtcError(`${name}: ${data.length} bytes, not ${32 + size}`);
  return suite === SUITE_1 ? [data.slice(0, 32), data.slice(32)] : [data.slice(size), data.slice(0, size)];
}

async function agree(privateKey, publicBytes) {
  const publicKey = await subtle.importKey('raw', publicBytes, 'X25519', true, []);
  try {
    return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: publicKey }, privateKey, 256));
  } catch {
    throw new PqrtcError("X25519 gave zero: the peer's key is no key"); // WebCrypto refuses it by itself
  }
}

async function session(suite, role, ssX, ssM, ctX, pkX) {
  const said = suite === SUITE_1 ? [utf8('V100-HYBRID-KX-V1'), ssX, ssM] : [ssM, ssX, ctX, pkX, [0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c]];
  const input = concat(...said), key = sha3_256(input);
  const made = new Session(await subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']), role);
  for (const secret of [input, key, ssX, ssM]) secret.fill(0);
  return made;
}

// The responder's keys, for one call: they cannot be exported, and end with the page.
export class Keypair {
  static async generate(suite = X_WING) {
    const self = new Keypair();
    self.suite = suite;
    self.x = await subtle.generateKey('X25519', false, ['deriveBits']);
    self.m = await subtle.generateKey(KEM, false, ['decapsulateBits', 'encapsulateBits']);
    self.pkX = new Uint8Array(await subtle.exportKey('raw', self.x.publicKey));
    self.bundle = joined(suite, self.pkX, new Uint8Array(await subtle.exportKey('raw-public', self.m.publicKey)));
    return self;
  }

  async respond(exchange) {
    const [ctX, ctM] = parted(this.suite, exchange, CT_BYTES, 'exchange');
    const ssX = await agree(this.x.privateKey, ctX);
    const ssM = new Uint8Array(await subtle.decapsulateBits(KEM, this.m.privateKey, ctM));
    return session(this.suite, RESPONDER, ssX, ssM, ctX, this.pkX);
  }
}

export async function initiate(suite, bundle) {
  const [pkX, ekM] = parted(suite, bundle, EK_BYTES, 'bundle');
  const ek = await kemPublicKey(ekM);
  const x = await subtle.generateKey('X25519', false, ['deriveBits']);
  const ctX = new Uint8Array(await subtle.exportKey('raw', x.publicKey));
  const ssX = await agree(x.privateKey, pkX);
  const { ciphertext, sharedKey } = await subtle.encapsulateBits(KEM, ek);
  const made = await session(suite, INITIATOR, ssX, new Uint8Array(sharedKey), ctX, pkX);
  return { exchange: joined(suite, ctX, new Uint8Array(ciphertext)), session: made };
}
// docs:end exchange

async function kemPublicKey(raw) {
  try {
    return await subtle.importKey('raw-public', raw, KEM, false, ['encapsulateBits']);
  } catch {
    throw new PqrtcError('not an ML-KEM-768 key (FIPS 203 section 7.2)');
  }
}

// The key that TURN credentials are wrapped for.
export class CredentialKey {
  static async generate() {
    const self = new CredentialKey();
    const pair = await subtle.generateKey(KEM, false, ['decapsulateBits', 'encapsulateBits']);
    self.privateKey = pair.privateKey;
    self.publicKey = new Uint8Array(await subtle.exportKey('raw-public', pair.publicKey));
    return self;
  }

  async unwrap(wrapped) {
    if (wrapped.length < CT_BYTES + 12 + 16) throw new PqrtcError('not a wrapped credential: too short');
    const ss = await subtle.decapsulateBits(KEM, this.privateKey, wrapped.slice(0, CT_BYTES));
    const key = await subtle.importKey('raw', ss, 'AES-GCM', false, ['decrypt']);
    new Uint8Array(ss).fill(0);
    const iv = wrapped.slice(CT_BYTES, CT_BYTES + 12);
    try {
      return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv }, key, wrapped.slice(CT_BYTES + 12)));
    } catch {
      throw new PqrtcError('the credential was altered, or wrapped for another key');
    }
  }
}

export async function wrap(publicKey, credential) {
  const { ciphertext, sharedKey } = await subtle.encapsulateBits(KEM, await kemPublicKey(publicKey));
  const key = await subtle.importKey('raw', sharedKey, 'AES-GCM', false, ['encrypt']);
  new Uint8Array(sharedKey).fill(0);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return concat(new Uint8Array(ciphertext), iv, new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv }, key, credential)));
}

// docs:begin signatures
export const MANIFEST = 'pqrtc recording-manifest v1', TRANSCRIPT = 'pqrtc transcript v1', SUMMARY = 'pqrtc summary v1';

// ML-DSA-65. True or false; no key or signature of another length passes.
export async function verify(publicKey, message, signature, context = '') {
  const key = await subtle.importKey('raw-public', publicKey, DSA, false, ['verify']);
  return subtle.verify({ name: DSA, context: bytes(context) }, key, signature, message);
}

export const sign = async (privateKey, message, context = '') =>
  new Uint8Array(await subtle.sign({ name: DSA, context: bytes(context) }, privateKey, message));

// Of a recording manifest, transcript or summary: the hash of the content is signed, under the context of its kind.
export const verifyArtifact = (publicKey, kind, content, signature) => verify(publicKey, sha3_256(content), signature, kind);
export const signArtifact = (privateKey, kind, content) => sign(privateKey, sha3_256(content), kind);
// docs:end signatures
