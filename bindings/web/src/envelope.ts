// Envelopes: a payload for the holder of a KEM key in one message, HPKE in base mode (docs/envelopes.md). An envelope does not say who made it;
// sign() does.
import type { SignatureAlgorithm } from "./api.js";
import { NOTHING, bytes, u32, type Bytes } from "./check.js";
import { run } from "./core.js";
import { pointerOf } from "./handle.js";
import { HybridKeypair } from "./hybrid.js";
import { KemKeypair } from "./kem.js";
import { SigningKey, lengthsOf } from "./signing.js";

/** The most that an envelope is longer than its payload: 1136 bytes in suite 1, 1584 in suite 2. */
export const MAX_OVERHEAD_BYTES = 1584;

/**
 * Seals at most 1 MiB. `suite` is that of the handshake: 1 takes the bundle of an X-Wing pair, 2 an ML-KEM-1024 public key. `info`, at most
 * 65535 bytes, is the context: who opens it must give the same. INVALID_KEY for a key that fails its standard's checks.
 */
export function seal(suite: 1 | 2, publicKey: Bytes, payload: Bytes, info: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
  const [which, key] = [u32(suite, "suite"), bytes(publicKey, "publicKey")];
  const [data, about] = [bytes(payload, "payload"), bytes(info, "info")];
  return run((core) => {
    const [keyAt, aboutAt, at] = [core.put(key), core.put(about), core.put(data)];
    return core.variable(data.length + MAX_OVERHEAD_BYTES, (...out) =>
      core.x.pqrtc_envelope_seal(which, keyAt, key.length, aboutAt, about.length, at, data.length, ...out),
    );
  });
}

/**
 * Opens an envelope with the pair that it was sealed for: X-Wing or ML-KEM-1024. DECRYPTION_FAILED if it was altered, is for another key or
 * was sealed under another `info`.
 */
export function open(keypair: HybridKeypair | KemKeypair, envelope: Bytes, info: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
  const hybrid = keypair instanceof HybridKeypair ? pointerOf(keypair, HybridKeypair, "keypair") : 0;
  const kem = hybrid ? 0 : pointerOf(keypair, KemKeypair, "keypair");
  const [data, about] = [bytes(envelope, "envelope"), bytes(info, "info")];
  return run((core) => {
    const [aboutAt, at] = [core.put(about), core.put(data)];
    return core.variable(data.length, (...out) => core.x.pqrtc_envelope_open(hybrid, kem, aboutAt, about.length, at, data.length, ...out));
  });
}

/** Signs an envelope, and whom it is for with it, as the issuer of an API key does. */
export function sign(issuer: SigningKey, envelope: Bytes, info: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
  const [key, data, about] = [pointerOf(issuer, SigningKey, "issuer"), bytes(envelope, "envelope"), bytes(info, "info")];
  return run((core) => {
    const [aboutAt, at] = [core.put(about), core.put(data)];
    return core.filled(lengthsOf(core, key).signature, (...out) => core.x.pqrtc_envelope_sign(key, aboutAt, about.length, at, data.length, ...out));
  });
}

/** Returns if `sign()` made this signature of this envelope under this `info`; else BAD_SIGNATURE. */
export function verify(algorithm: SignatureAlgorithm, publicKey: Bytes, envelope: Bytes, signature: Bytes, info: Bytes = NOTHING): void {
  const which = u32(algorithm, "algorithm");
  const [key, about] = [bytes(publicKey, "publicKey"), bytes(info, "info")];
  const [data, proof] = [bytes(envelope, "envelope"), bytes(signature, "signature")];
  run((core) => {
    const [keyAt, aboutAt, at, proofAt] = [core.put(key), core.put(about), core.put(data), core.put(proof)];
    core.check(core.x.pqrtc_envelope_verify(which, keyAt, key.length, aboutAt, about.length, at, data.length, proofAt, proof.length));
  });
}
