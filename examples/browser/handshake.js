// The authenticated handshake, version 1 with suite 1, and its rekeys: written from docs/handshake.md, without the library. Messages are taken one after the other and
// nothing here waits, because the cryptography is @noble's: WebCrypto waits, and has no X-Wing.

import { gcm } from '@noble/ciphers/aes.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { expand as hkdfExpand, extract as hkdfExtract } from '@noble/hashes/hkdf.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { KEY_BYTES, SIGNATURE_BYTES, fingerprint, verify } from './identity.js';
import { EXPORTER, INITIATOR, PqrtcError, RESPONDER, labelled, utf8 } from './session.js';
import { bigEndian, concat } from './sframe.js';

export const Code = {
  INVALID_KEY: 16, NON_CONTRIBUTORY: 17, BAD_SIGNATURE: 19, MALFORMED_MESSAGE: 64, UNEXPECTED_MESSAGE: 65, VERSION_REFUSED: 66, POLICY_REFUSED: 67,
  PEER_ANONYMOUS: 68, PEER_REJECTED: 69, BINDING_MISMATCH: 70, HANDSHAKE_FAILED: 71,
};

export class HandshakeError extends PqrtcError {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const need = (condition, code, why) => {
  if (!condition) throw new HandshakeError(code, why);
};
const failing = (code, why, work) => {
  try {
    return work();
  } catch {
    throw new HandshakeError(code, why);
  }
};

const VERSION = 1, SUITE = 1, EK = 1216, CT = 1120, TAG = 16, M1 = 1, M2 = 2, M3 = 3, ACK = 4, PLAIN = 0, EXTERNAL_PSK = 1, REKEY = 2;
const EK_BYTES = { 1: EK, 2: 1568 }; // suite 2 is known by its length alone
const NONE = new Uint8Array(0);

const equal = (a, b) => a.length === b.length && !a.reduce((different, byte, i) => different | (byte ^ b[i]), 0);
const wipe = (...secrets) => secrets.forEach((secret) => secret?.fill(0));
const H = (...parts) => sha512(concat(...parts));
const extract = (salt, ...secrets) => hkdfExtract(sha512, concat(...secrets), salt);
const expand = (prk, label, context, length) => hkdfExpand(sha512, prk, labelled(label, context, length), length);
const exported = (key, label, context) => expand(extract(EXPORTER, key), label, context, 32);
// Each key seals once, so the nonce is zeros.
const seal = (key, text) => gcm(key, new Uint8Array(12)).encrypt(text);
const open = (key, sealed) => failing(Code.HANDSHAKE_FAILED, 'the message was altered, or belongs to another handshake', () => gcm(key, new Uint8Array(12)).decrypt(sealed));
const commitment = (r) => H(utf8('pqrtc commit v1'), r).subarray(0, 32);

// X-Wing: ML-KEM-768, then X25519.
const combined = (ssM, ssX, ctX, pkX) => sha3_256(concat(ssM, ssX, ctX, pkX, [0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c]));
const agree = (secret, pk) => failing(Code.NON_CONTRIBUTORY, 'X25519 gave zero', () => x25519.getSharedSecret(secret, pk));

function kemKeys(seed) {
  const both = shake256(seed, { dkLen: 96 }), m = ml_kem768.keygen(both.subarray(0, 64)), x = both.subarray(64), pkX = x25519.getPublicKey(x);
  return { ek: concat(m.publicKey, pkX), m: m.secretKey, x, pkX };
}

function encapsulate(ek, random) {
  const pkX = ek.subarray(1184), x = random.subarray(32);
  const m = failing(Code.INVALID_KEY, 'not an ML-KEM-768 key', () => ml_kem768.encapsulate(ek.subarray(0, 1184), random.subarray(0, 32)));
  const ctX = x25519.getPublicKey(x);
  return { ct: concat(m.cipherText, ctX), ss: combined(m.sharedSecret, agree(x, pkX), ctX, pkX) };
}

function decapsulate({ m, x, pkX }, ct) {
  const ctX = ct.subarray(1088);
  return combined(ml_kem768.decapsulate(ct.subarray(0, 1088), m), agree(x, ctX), ctX, pkX);
}

// Takes bytes from the front; done() when nothing may be left.
class Reader {
  constructor(data) {
    this.rest = data;
  }

  take(length) {
    need(this.rest.length >= length, Code.MALFORMED_MESSAGE, 'the message is cut off');
    const taken = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return taken;
  }

  number(length) {
    return this.take(length).reduce((value, byte) => value * 256 + byte, 0);
  }

  done() {
    need(!this.rest.length, Code.MALFORMED_MESSAGE, 'the message has bytes too many');
  }
}

function parseOffer(message) {
  const from = new Reader(message.subarray(2)), keys = {};
  const offer = { max: from.number(1), mode: from.number(1), epoch: from.number(4), commit: from.take(32) };
  const count = from.number(1);
  need(count >= 1 && count <= 4, Code.MALFORMED_MESSAGE, `${count} suites`);
  for (let i = 0; i < count; i++) {
    const suite = from.number(1), ek = from.take(from.number(2));
    need(!keys[suite], Code.MALFORMED_MESSAGE, `suite ${suite} twice`);
    need(ek.length === (EK_BYTES[suite] ?? ek.length), Code.MALFORMED_MESSAGE, `suite ${suite} with a key of ${ek.length} bytes`);
    keys[suite] = ek;
  }
  from.done();
  return { ...offer, ek: keys[SUITE] };
}

// Who speaks. `text` is what the signature is over.
function parseBody(data) {
  const from = new Reader(data), id = from.number(1);
  need(id <= 1, Code.MALFORMED_MESSAGE, `an identity of kind ${id}`);
  const length = from.number(1);
  need(length <= 64, Code.MALFORMED_MESSAGE, `a binding of ${length} bytes`);
  const binding = from.take(length), credential = from.take(from.number(2)).slice(), publicKey = id ? from.take(KEY_BYTES).slice() : null;
  const text = data.subarray(0, data.length - from.rest.length), signature = from.take(id ? SIGNATURE_BYTES : 0);
  from.done();
  return { binding, text, signature, peer: { publicKey, fingerprint: publicKey && fingerprint(publicKey), credential } };
}

// docs:begin call
// One end of a call. `identity` is missing for an anonymous side. Accepts the peers whose fingerprints are pinned, or any that signs (`anyPeer`), or none at all
// (`anonymousPeer`). `binding` is the fingerprint of the own DTLS certificate; `psk` are 32 bytes that both have.
export class Call {
  #options;
  #open = null; // the handshake or rekey that is going on
  #done = null; // the newest epoch

  constructor({ identity = null, pins = [], binding = NONE, credential = NONE, psk = NONE, anyPeer = false, anonymousPeer = false, requireBinding = false,
    random = (length) => crypto.getRandomValues(new Uint8Array(length)) }) {
    this.#options = { identity, pins: [...pins], psk, anyPeer, anonymousPeer, requireBinding, random };
    // May be set for the next rekey, as after a change of certificate.
    Object.assign(this, { binding, credential });
  }

  get state() {
    if (this.#open) return this.#open.role === INITIATOR ? 'offered' : 'answered';
    return !this.#done ? 'new' : this.#done.confirmed ? 'confirmed' : 'done';
  }

  // Of the newest epoch; undefined before there is one. `peer` has publicKey and fingerprint (null if it is anonymous) and credential.
  get role() { return this.#done?.role; }
  get epoch() { return this.#done?.epoch; }
  get peer() { return this.#done?.peer; }
  get sas() { return this.#done?.sas; }

  // For a Session, which may be in a worker.
  sessionKey() {
    need(this.#done, Code.UNEXPECTED_MESSAGE, 'there is no session yet');
    return crypto.subtle.importKey('raw', this.#done.key, 'HKDF', false, ['deriveBits']);
  }

  pin(peer) {
    this.#options.pins.push(peer);
  }

  // M1 of the call, or in a running call that of a rekey.
  offer() {
    need(!this.#open, Code.UNEXPECTED_MESSAGE, 'a handshake is going on');
    const { random } = this.#options, r = random(32), kem = kemKeys(random(32)), { mode, epoch, psk } = this.#next(INITIATOR);
    const m1 = concat([VERSION, M1, VERSION, mode], bigEndian(epoch, 4), commitment(r), [1, SUITE], bigEndian(EK, 2), kem.ek);
    this.#open = { role: INITIATOR, epoch, psk, m1, r, kem, taken: [] };
    return m1;
  }

  // Takes a message and gives the one to send back, which is empty if there is none. One that is refused changes nothing; one that comes again is answered again.
  // `peerBinding` is the fingerprint of the peer's DTLS certificate as the SDP has it.
  receive(message, peerBinding = NONE) {
    const again = [...(this.#open?.taken ?? []), ...(this.#done?.taken ?? [])].find(([taken]) => equal(taken, message));
    if (again) return again[1];
    need(message.length >= 3 && message.length <= 65535 && message[1] >= M1 && message[1] <= ACK, Code.MALFORMED_MESSAGE, 'not a message of the handshake');
    need(message[0] === VERSION, Code.VERSION_REFUSED, `version ${message[0]}`);
    const own = message.slice();
    return [this.#offered, this.#answered, this.#finished, this.#acknowledged][message[1] - 1].call(this, own, peerBinding);
  }
  // docs:end call

  // What a handshake that starts now has: in a running call it is a rekey, whose PSK depends on who begins it.
  #next(role) {
    const { psk } = this.#options, done = this.#done;
    if (!done) return { mode: psk.length ? EXTERNAL_PSK : PLAIN, epoch: 0, psk };
    const epoch = done.epoch + 1, begins = role === INITIATOR ? done.role : INITIATOR + RESPONDER - done.role;
    return { mode: REKEY, epoch, psk: exported(done.key, 'pqrtc rekey', concat([begins], bigEndian(epoch, 4))) };
  }

  #offered(m1) {
    const mine = this.#open;
    need(!mine || (this.#done && mine.role === INITIATOR), Code.UNEXPECTED_MESSAGE, 'an offer, in a handshake that is going on');
    const offer = parseOffer(m1), { mode, epoch, psk } = this.#next(RESPONDER);
    need(offer.mode === mode && offer.ek, Code.POLICY_REFUSED, 'an offer in another mode, or of no suite that we know');
    need(offer.epoch === epoch, Code.UNEXPECTED_MESSAGE, `an offer for epoch ${offer.epoch}, not ${epoch}`);
    // Both began a rekey: the smaller offer stays.
    const at = mine ? m1.findIndex((byte, i) => byte !== mine.m1[i]) : -1;
    if (mine && (at < 0 || mine.m1[at] < m1[at])) return NONE;

    const { random, identity } = this.#options, { ct, ss } = encapsulate(offer.ek, random(64)), kem = kemKeys(random(32));
    const head = concat([VERSION, M2, SUITE], ct, kem.ek), h2 = H(H(utf8('pqrtc handshake v1'), m1), head);
    const body = this.#body(), signature = identity ? identity.sign(concat(h2, body), 'pqrtc answer v1', random(32)) : NONE;
    const sealed = seal(expand(extract(h2, ss, psk), 'pqrtc answer', NONE, 32), concat(body, signature)), m2 = concat(head, sealed);
    if (mine) wipe(mine.r, mine.kem.m, mine.kem.x);
    this.#open = { role: RESPONDER, epoch, psk, commit: offer.commit, h3: H(h2, sealed), ss1: ss, kem, taken: [[m1, m2]] };
    return m2;
  }

  #answered(m2, peerBinding) {
    const mine = this.#open;
    need(mine?.role === INITIATOR, Code.UNEXPECTED_MESSAGE, 'an answer, and no offer is open');
    need(m2[2] === SUITE, Code.POLICY_REFUSED, `an answer of suite ${m2[2]}, which was not offered`);
    need(m2.length >= 3 + CT + EK + 4 + TAG, Code.MALFORMED_MESSAGE, 'the answer is cut off');
    const { random, identity } = this.#options, head = m2.subarray(0, 3 + CT + EK), sealed = m2.subarray(head.length);
    const { ct, ss: ss2 } = encapsulate(head.subarray(3 + CT), random(64)), ss1 = decapsulate(mine.kem, head.subarray(3, 3 + CT));
    const h2 = H(H(utf8('pqrtc handshake v1'), mine.m1), head), h3 = H(h2, sealed);
    const peer = this.#accept(open(expand(extract(h2, ss1, mine.psk), 'pqrtc answer', NONE, 32), sealed), h2, 'pqrtc answer v1', peerBinding);

    const head3 = concat([VERSION, M3], ct), h4 = H(h3, head3), prk = extract(h4, ss1, ss2, mine.psk);
    const body = concat(mine.r, this.#body()), signature = identity ? identity.sign(concat(h4, body), 'pqrtc finish v1', random(32)) : NONE;
    const sealed3 = seal(expand(prk, 'pqrtc finish', NONE, 32), concat(body, signature)), m3 = concat(head3, sealed3);
    this.#finish(mine, { prk, h3, h5: H(h4, sealed3), r: mine.r, peer, taken: [[m2, m3]] });
    wipe(ss1, ss2, prk);
    return m3;
  }

  #finished(m3, peerBinding) {
    const mine = this.#open;
    need(mine?.role === RESPONDER, Code.UNEXPECTED_MESSAGE, 'a finish, and no answer was given');
    need(m3.length >= 2 + CT + 32 + 4 + TAG, Code.MALFORMED_MESSAGE, 'the finish is cut off');
    const head = m3.subarray(0, 2 + CT), sealed = m3.subarray(head.length), h4 = H(mine.h3, head);
    const ss2 = decapsulate(mine.kem, head.subarray(2)), prk = extract(h4, mine.ss1, ss2, mine.psk);
    const text = open(expand(prk, 'pqrtc finish', NONE, 32), sealed), r = text.subarray(0, 32);
    need(equal(commitment(r), mine.commit), Code.HANDSHAKE_FAILED, 'this is not what the offer committed to');
    const peer = this.#accept(text.subarray(32), concat(h4, r), 'pqrtc finish v1', peerBinding);
    this.#finish(mine, { prk, h3: mine.h3, h5: H(h4, sealed), r, peer, taken: mine.taken });
    wipe(ss2, prk);
    const ack = concat([VERSION, ACK], this.#done.ack);
    this.#done.taken.push([m3, ack]);
    return ack;
  }

  // Of the newest epoch, also while its successor is made.
  #acknowledged(ack) {
    const done = this.#done;
    need(done?.role === INITIATOR && !done.confirmed, Code.UNEXPECTED_MESSAGE, 'an acknowledgement, and nothing to acknowledge');
    need(ack.length === 18, Code.MALFORMED_MESSAGE, `an acknowledgement of ${ack.length} bytes`);
    need(equal(ack.subarray(2), done.ack), Code.HANDSHAKE_FAILED, 'the acknowledgement is of another handshake');
    done.confirmed = true;
    done.taken.push([ack, NONE]);
    return NONE;
  }

  #body() {
    const { identity } = this.#options, { binding, credential } = this;
    return concat([identity ? 1 : 0, binding.length], binding, bigEndian(credential.length, 2), credential, identity?.publicKey ?? NONE);
  }

  // The peer, if its body is signed, wanted, and bound to the DTLS certificate.
  #accept(data, transcript, context, peerBinding) {
    const { identity, pins, anyPeer, anonymousPeer, requireBinding } = this.#options, { binding, text, signature, peer } = parseBody(data), mark = peer.fingerprint;
    if (mark) need(verify(peer.publicKey, concat(transcript, text), signature, context), Code.BAD_SIGNATURE, 'the signature is not right');
    const before = this.#done?.peer;
    const refused = (why) => Object.assign(new HandshakeError(Code.PEER_REJECTED, why), { peer });
    if (mark && identity && equal(mark, identity.fingerprint)) throw refused('the peer is ourselves');
    if (before && !equal(mark ?? NONE, before.fingerprint ?? NONE)) throw refused('another peer than before');
    if (mark && !before && !anyPeer && !pins.some((pin) => equal(pin, mark))) throw refused('the peer is not pinned');
    need(mark || anonymousPeer, Code.PEER_ANONYMOUS, 'the peer shows no identity');
    need(equal(binding, peerBinding) && (binding.length || !requireBinding), Code.BINDING_MISMATCH, 'the peer signed another DTLS fingerprint than the SDP has');
    return peer;
  }

  // The epoch is there, and what made it is wiped.
  #finish({ role, epoch, psk, ss1, kem, r: mine }, { prk, h3, h5, r, peer, taken }) {
    const digits = H(utf8('pqrtc sas v1'), h3, r).subarray(0, 8).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) % 10n ** 10n;
    const next = { role, epoch, peer, taken, confirmed: false, sas: `${digits}`.padStart(10, '0') };
    next.key = expand(prk, 'pqrtc session', h5, 32);
    next.ack = expand(prk, 'pqrtc ack', h5, 16);
    // An external PSK is the application's, and may be needed again.
    wipe(ss1, kem.m, kem.x, mine, this.#done?.key, this.#done && psk);
    this.#done = next;
    this.#open = null;
  }
}
