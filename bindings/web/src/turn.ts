// TURN credentials: minted and verified as coturn's use-auth-secret does, and wrapped for a recipient's ML-KEM key.
import type { KemAlgorithm } from "./api.js";
import { bytes, safe, text, u32, type Bytes } from "./check.js";
import { run } from "./core.js";
import { pointerOf } from "./handle.js";
import { KemKeypair, kemSizes } from "./kem.js";

/** Nonce and tag of AES-256-GCM. */
const NONCE_AND_TAG = 28;

/** What a TURN client is given. */
export interface Credential {
  readonly username: string;
  readonly password: string;
}

/**
 * A TURN REST credential that is good until `expiresAt`, in Unix seconds. INVALID_LENGTH if the secret is empty or the username comes to more
 * than 508 bytes, INVALID_ARGUMENT if `user` has a NUL.
 */
export function mint(secret: string | Bytes, user: string, expiresAt: number): Credential {
  const [key, name, until] = [text(secret, "secret"), text(user, "user"), safe(expiresAt, "expiresAt")];
  return run((core) => {
    const [usernameLength, passwordLength, username, password] = [core.word(), core.word(), core.room(512), core.room(64)];
    const [keyAt, nameAt] = [core.put(key), core.put(name)];
    core.check(
      core.x.pqrtc_turn_credential_mint(
        keyAt, key.length, nameAt, name.length, until, username, 512, usernameLength, password, 64, passwordLength,
      ),
    ); // prettier-ignore
    const string = (at: number, length: number) => new TextDecoder().decode(core.take(at, core.u32(length)));
    return { username: string(username, usernameLength), password: string(password, passwordLength) };
  });
}

/**
 * Returns if a credential is good at the time `now` (Unix seconds; the clock's if not given). CREDENTIAL_REJECTED if the password is wrong or
 * the username malformed, CREDENTIAL_EXPIRED if only the time has passed.
 */
export function verify(secret: string | Bytes, username: string, password: string, now: number = Math.floor(Date.now() / 1000)): void {
  const [key, name, word, time] = [text(secret, "secret"), text(username, "username"), text(password, "password"), safe(now, "now")];
  run((core) => {
    const [keyAt, nameAt, wordAt] = [core.put(key), core.put(name), core.put(word)];
    core.check(core.x.pqrtc_turn_credential_verify(keyAt, key.length, nameAt, name.length, wordAt, word.length, time));
  });
}

/** How many bytes `wrap()` adds. */
export function wrapOverhead(algorithm: KemAlgorithm): number {
  return kemSizes(algorithm).ciphertext + NONCE_AND_TAG;
}

/**
 * Wraps a credential of any content (at most 1 MiB) for the holder of an ML-KEM key. INVALID_KEY if the key fails FIPS 203 section 7.2.
 */
export function wrap(algorithm: KemAlgorithm, publicKey: Bytes, credential: Bytes): Uint8Array<ArrayBuffer> {
  const [which, key, data] = [u32(algorithm, "algorithm"), bytes(publicKey, "publicKey"), bytes(credential, "credential")];
  const most = data.length + wrapOverhead(algorithm);
  return run((core) => {
    const [keyAt, at] = [core.put(key), core.put(data)];
    return core.variable(most, (...out) => core.x.pqrtc_turn_wrap(which, keyAt, key.length, at, data.length, ...out));
  });
}

/** Unwraps a credential. DECRYPTION_FAILED if it was altered or wrapped for another key. */
export function unwrap(keypair: KemKeypair, wrapped: Bytes): Uint8Array<ArrayBuffer> {
  const [pair, data] = [pointerOf(keypair, KemKeypair, "keypair"), bytes(wrapped, "wrapped")];
  return run((core) => {
    const at = core.put(data);
    return core.variable(data.length, (...out) => core.x.pqrtc_turn_unwrap(pair, at, data.length, ...out));
  });
}
