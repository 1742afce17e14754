import { KEM_SHARED_SECRET_BYTES, type KemAlgorithm, type KeyFormat } from "./api.js";
import { bytes, u32, type Bytes } from "./check.js";
import { run, type Core } from "./core.js";
import { FREE, Handle, made, pointerOf } from "./handle.js";

/** What a PKCS#8 file takes, at a guess. */
export const FILE = 4096;

/** The lengths in bytes that belong to an algorithm. */
export interface KemSizes {
  readonly publicKey: number;
  readonly ciphertext: number;
  readonly seed: number;
}

/** The lengths of an ML-KEM. */
export function kemSizes(algorithm: KemAlgorithm): KemSizes {
  const which = u32(algorithm, "algorithm");
  return run((core) => sizesOf(core, which));
}

function sizesOf(core: Core, algorithm: number): KemSizes {
  const [publicKey, ciphertext, seed] = core.sizes(3, ([a, b, c]) => core.x.pqrtc_kem_sizes(algorithm, a!, b!, c!));
  return { publicKey: publicKey!, ciphertext: ciphertext!, seed: seed! };
}

/** An ML-KEM key pair (FIPS 203): what TURN credentials are wrapped for. */
export class KemKeypair extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_kem_keypair_free";

  /** A new key pair. RNG_FAILED without randomness. */
  static generate(algorithm: KemAlgorithm): KemKeypair {
    const which = u32(algorithm, "algorithm");
    return new KemKeypair(made(KemKeypair, ({ x }, out) => x.pqrtc_kem_keypair_generate(which, out)));
  }

  /** From the 64-byte seed `d || z`. */
  static fromSeed(algorithm: KemAlgorithm, seed: Bytes): KemKeypair {
    const [which, data] = [u32(algorithm, "algorithm"), bytes(seed, "seed")];
    return new KemKeypair(made(KemKeypair, (core, out) => core.x.pqrtc_kem_keypair_from_seed(which, core.put(data), data.length, out)));
  }

  /** From the expanded form. INVALID_KEY if it fails the checks of FIPS 203 section 7.3. */
  static fromExpanded(algorithm: KemAlgorithm, key: Bytes): KemKeypair {
    const [which, data] = [u32(algorithm, "algorithm"), bytes(key, "key")];
    return new KemKeypair(
      made(KemKeypair, (core, out) => core.x.pqrtc_kem_keypair_from_expanded(which, core.put(data), data.length, out)),
    );
  }

  /** From a PKCS#8 file, DER or PEM (RFC 9935). INVALID_KEY for what is none. */
  static importFile(file: Bytes): KemKeypair {
    const data = bytes(file, "file");
    return new KemKeypair(made(KemKeypair, (core, out) => core.x.pqrtc_kem_keypair_import(core.put(data), data.length, out)));
  }

  /** As a PKCS#8 file, a secret. */
  exportFile(format: KeyFormat): Uint8Array<ArrayBuffer> {
    const [pair, how] = [pointerOf(this, KemKeypair), u32(format, "format")];
    return run((core) => core.variable(FILE, (...out) => core.x.pqrtc_kem_keypair_export(pair, how, ...out)));
  }

  get algorithm(): KemAlgorithm {
    const pair = pointerOf(this, KemKeypair);
    return run((core) => algorithmOf(core, pair));
  }

  /** The encapsulation key. */
  get publicKey(): Uint8Array<ArrayBuffer> {
    const pair = pointerOf(this, KemKeypair);
    return run((core) => core.filled(sizesOf(core, algorithmOf(core, pair)).publicKey, (...out) => core.x.pqrtc_kem_keypair_public_key(pair, ...out)));
  }

  /** The private seed, 64 bytes. UNSUPPORTED if the pair came from an expanded key. */
  seed(): Uint8Array<ArrayBuffer> {
    const pair = pointerOf(this, KemKeypair);
    return run((core) => core.filled(sizesOf(core, algorithmOf(core, pair)).seed, (...out) => core.x.pqrtc_kem_keypair_seed(pair, ...out)));
  }

  /** The 32-byte shared secret. A wrong or altered ciphertext gives one that nobody else has (implicit rejection). */
  decapsulate(ciphertext: Bytes): Uint8Array<ArrayBuffer> {
    const [pair, data] = [pointerOf(this, KemKeypair), bytes(ciphertext, "ciphertext")];
    return run((core) => {
      const at = core.put(data);
      return core.filled(KEM_SHARED_SECRET_BYTES, (...out) => core.x.pqrtc_kem_decapsulate(pair, at, data.length, ...out));
    });
  }
}

function algorithmOf(core: Core, pair: number): KemAlgorithm {
  const [algorithm] = core.sizes(1, ([out]) => core.x.pqrtc_kem_keypair_algorithm(pair, out!));
  return algorithm as KemAlgorithm;
}

/** A ciphertext and the 32-byte shared secret in it. INVALID_KEY if the key fails FIPS 203 section 7.2. */
export function encapsulate(algorithm: KemAlgorithm, publicKey: Bytes): { ciphertext: Uint8Array<ArrayBuffer>; secret: Uint8Array<ArrayBuffer> } {
  const [which, key] = [u32(algorithm, "algorithm"), bytes(publicKey, "publicKey")];
  return run((core) => {
    const { ciphertext: length } = sizesOf(core, which);
    const [at, ciphertext] = [core.put(key), core.room(length)];
    const secret = core.filled(KEM_SHARED_SECRET_BYTES, (...out) =>
      core.x.pqrtc_kem_encapsulate(which, at, key.length, ciphertext, length, ...out),
    );
    return { ciphertext: core.take(ciphertext, length), secret };
  });
}
