import { FINGERPRINT_BYTES, type ArtifactKind, type KeyFormat, type SignatureAlgorithm } from "./api.js";
import { NOTHING, bytes, u32, type Bytes } from "./check.js";
import { run, type Core } from "./core.js";
import { FREE, Handle, made, pointerOf } from "./handle.js";
import { FILE } from "./kem.js";

/** The lengths in bytes that belong to an algorithm. */
export interface SignatureSizes {
  readonly publicKey: number;
  readonly signature: number;
  readonly seed: number;
}

/** The lengths of a signature algorithm. */
export function signatureSizes(algorithm: SignatureAlgorithm): SignatureSizes {
  const which = u32(algorithm, "algorithm");
  return run((core) => sizesOf(core, which));
}

function sizesOf(core: Core, algorithm: number): SignatureSizes {
  const [publicKey, signature, seed] = core.sizes(3, ([a, b, c]) => core.x.pqrtc_signature_sizes(algorithm, a!, b!, c!));
  return { publicKey: publicKey!, signature: signature!, seed: seed! };
}

/** The lengths of a signing key's algorithm. */
export function lengthsOf(core: Core, key: number): SignatureSizes {
  return sizesOf(core, algorithmOf(core, key));
}

function algorithmOf(core: Core, key: number): SignatureAlgorithm {
  const [algorithm] = core.sizes(1, ([out]) => core.x.pqrtc_signing_key_algorithm(key, out!));
  return algorithm as SignatureAlgorithm;
}

/** A signing key: ML-DSA (FIPS 204), or its composite with Ed25519. */
export class SigningKey extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_signing_key_free";

  /** A new key. RNG_FAILED without randomness. */
  static generate(algorithm: SignatureAlgorithm): SigningKey {
    const which = u32(algorithm, "algorithm");
    return new SigningKey(made(SigningKey, ({ x }, out) => x.pqrtc_signing_key_generate(which, out)));
  }

  /** From the seed: 32 bytes for ML-DSA, 64 for the composite. */
  static fromSeed(algorithm: SignatureAlgorithm, seed: Bytes): SigningKey {
    const [which, data] = [u32(algorithm, "algorithm"), bytes(seed, "seed")];
    return new SigningKey(made(SigningKey, (core, out) => core.x.pqrtc_signing_key_from_seed(which, core.put(data), data.length, out)));
  }

  /** From a PKCS#8 file, DER or PEM (RFC 9881; the composite as its draft has it). INVALID_KEY for what is none. */
  static importFile(file: Bytes): SigningKey {
    const data = bytes(file, "file");
    return new SigningKey(made(SigningKey, (core, out) => core.x.pqrtc_signing_key_import(core.put(data), data.length, out)));
  }

  /** As a PKCS#8 file, a secret. */
  exportFile(format: KeyFormat): Uint8Array<ArrayBuffer> {
    const [key, how] = [pointerOf(this, SigningKey), u32(format, "format")];
    return run((core) => core.variable(FILE, (...out) => core.x.pqrtc_signing_key_export(key, how, ...out)));
  }

  get algorithm(): SignatureAlgorithm {
    const key = pointerOf(this, SigningKey);
    return run((core) => algorithmOf(core, key));
  }

  get publicKey(): Uint8Array<ArrayBuffer> {
    const key = pointerOf(this, SigningKey);
    return run((core) => core.filled(lengthsOf(core, key).publicKey, (...out) => core.x.pqrtc_signing_key_public_key(key, ...out)));
  }

  /** What a participant is known by: see `fingerprint()`. */
  get fingerprint(): Uint8Array<ArrayBuffer> {
    const key = pointerOf(this, SigningKey);
    return run((core) => {
      const [algorithm, { publicKey }] = [algorithmOf(core, key), lengthsOf(core, key)];
      const at = core.room(publicKey);
      core.check(core.x.pqrtc_signing_key_public_key(key, at, publicKey));
      return core.filled(FINGERPRINT_BYTES, (...out) => core.x.pqrtc_public_key_fingerprint(algorithm, at, publicKey, ...out));
    });
  }

  /** The private seed. UNSUPPORTED if the key was imported in expanded form. */
  seed(): Uint8Array<ArrayBuffer> {
    const key = pointerOf(this, SigningKey);
    return run((core) => core.filled(lengthsOf(core, key).seed, (...out) => core.x.pqrtc_signing_key_seed(key, ...out)));
  }

  /**
   * Signs bytes under a context string of at most 255 bytes. INVALID_ARGUMENT for a context that begins with "pqrtc ": those belong to the
   * library.
   */
  sign(message: Bytes, context: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
    const [key, data, about] = [pointerOf(this, SigningKey), bytes(message, "message"), bytes(context, "context")];
    return run((core) => {
      const [aboutAt, at] = [core.put(about), core.put(data)];
      return core.filled(lengthsOf(core, key).signature, (...out) => core.x.pqrtc_sign(key, aboutAt, about.length, at, data.length, ...out));
    });
  }

  /** Signs an artifact that is in memory; see ArtifactHasher for one that is not. */
  artifactSign(kind: ArtifactKind, content: Bytes): Uint8Array<ArrayBuffer> {
    const [key, which, data] = [pointerOf(this, SigningKey), u32(kind, "kind"), bytes(content, "content")];
    return run((core) => {
      const at = core.put(data);
      return core.filled(lengthsOf(core, key).signature, (...out) => core.x.pqrtc_artifact_sign(key, which, at, data.length, ...out));
    });
  }

  /**
   * As a COSE_Sign1 message (RFC 9964) that contains the content; its external_aad is the context string of the kind, such as
   * "pqrtc recording-manifest v1". UNSUPPORTED for the composite, for which COSE has no number.
   */
  artifactSignCose(kind: ArtifactKind, content: Bytes): Uint8Array<ArrayBuffer> {
    const [key, which, data] = [pointerOf(this, SigningKey), u32(kind, "kind"), bytes(content, "content")];
    return run((core) => {
      const at = core.put(data);
      return core.variable(data.length + 8192, (...out) => core.x.pqrtc_artifact_sign_cose(key, which, at, data.length, ...out));
    });
  }
}

/** The first 32 bytes of SHA-512 of a public key's SubjectPublicKeyInfo. */
export function fingerprint(algorithm: SignatureAlgorithm, publicKey: Bytes): Uint8Array<ArrayBuffer> {
  const [which, key] = [u32(algorithm, "algorithm"), bytes(publicKey, "publicKey")];
  return run((core) => {
    const at = core.put(key);
    return core.filled(FINGERPRINT_BYTES, (...out) => core.x.pqrtc_public_key_fingerprint(which, at, key.length, ...out));
  });
}

/**
 * The algorithm and the raw key of a SubjectPublicKeyInfo file, DER or PEM: a SignatureAlgorithm, or PUBLIC_KEY_KEM and a KemAlgorithm.
 * INVALID_KEY for what is none.
 */
export function importPublicKey(file: Bytes): { algorithm: number; publicKey: Uint8Array<ArrayBuffer> } {
  const data = bytes(file, "file");
  return run((core) => {
    const [algorithm, at] = [core.word(), core.put(data)];
    const publicKey = core.variable(FILE, (...out) => core.x.pqrtc_public_key_import(at, data.length, algorithm, ...out));
    return { algorithm: core.u32(algorithm), publicKey };
  });
}

/** A SubjectPublicKeyInfo file. `algorithm` is as `importPublicKey()` gives it. */
export function exportPublicKey(algorithm: number, publicKey: Bytes, format: KeyFormat): Uint8Array<ArrayBuffer> {
  const [which, key, how] = [u32(algorithm, "algorithm"), bytes(publicKey, "publicKey"), u32(format, "format")];
  return run((core) => {
    const at = core.put(key);
    return core.variable(FILE, (...out) => core.x.pqrtc_public_key_export(which, at, key.length, how, ...out));
  });
}

/** Returns if `SigningKey.sign()` made this signature; else BAD_SIGNATURE. */
export function verify(algorithm: SignatureAlgorithm, publicKey: Bytes, message: Bytes, signature: Bytes, context: Bytes = NOTHING): void {
  const which = u32(algorithm, "algorithm");
  const [key, about] = [bytes(publicKey, "publicKey"), bytes(context, "context")];
  const [data, proof] = [bytes(message, "message"), bytes(signature, "signature")];
  run((core) => {
    const [keyAt, aboutAt, at, proofAt] = [core.put(key), core.put(about), core.put(data), core.put(proof)];
    core.check(core.x.pqrtc_verify(which, keyAt, key.length, aboutAt, about.length, at, data.length, proofAt, proof.length));
  });
}

/** Returns if the signature is of an artifact of this kind and content; else BAD_SIGNATURE. */
export function artifactVerify(algorithm: SignatureAlgorithm, publicKey: Bytes, kind: ArtifactKind, content: Bytes, signature: Bytes): void {
  const [which, what] = [u32(algorithm, "algorithm"), u32(kind, "kind")];
  const [key, data, proof] = [bytes(publicKey, "publicKey"), bytes(content, "content"), bytes(signature, "signature")];
  run((core) => {
    const [keyAt, at, proofAt] = [core.put(key), core.put(data), core.put(proof)];
    core.check(core.x.pqrtc_artifact_verify(which, keyAt, key.length, what, at, data.length, proofAt, proof.length));
  });
}

/** An artifact that does not fit in memory, fed in pieces. */
export class ArtifactHasher extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_artifact_hasher_free";

  constructor(kind: ArtifactKind) {
    const what = u32(kind, "kind");
    super(made(ArtifactHasher, ({ x }, out) => x.pqrtc_artifact_hasher_new(what, out)));
  }

  /** Adds a piece of the content. */
  update(data: Bytes): void {
    const [hasher, piece] = [pointerOf(this, ArtifactHasher), bytes(data, "data")];
    run((core) => core.check(core.x.pqrtc_artifact_hasher_update(hasher, core.put(piece), piece.length)));
  }

  /** Signs what was fed so far, as `SigningKey.artifactSign()` would. More may be fed afterwards. */
  sign(key: SigningKey): Uint8Array<ArrayBuffer> {
    const [hasher, signer] = [pointerOf(this, ArtifactHasher), pointerOf(key, SigningKey, "key")];
    return run((core) => core.filled(lengthsOf(core, signer).signature, (...out) => core.x.pqrtc_artifact_hasher_sign(hasher, signer, ...out)));
  }

  /** Returns if the signature is of what was fed so far; else BAD_SIGNATURE. */
  verify(algorithm: SignatureAlgorithm, publicKey: Bytes, signature: Bytes): void {
    const [hasher, which] = [pointerOf(this, ArtifactHasher), u32(algorithm, "algorithm")];
    const [key, proof] = [bytes(publicKey, "publicKey"), bytes(signature, "signature")];
    run((core) => {
      const [keyAt, proofAt] = [core.put(key), core.put(proof)];
      core.check(core.x.pqrtc_artifact_hasher_verify(hasher, which, keyAt, key.length, proofAt, proof.length));
    });
  }
}
