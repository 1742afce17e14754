import type { Suite } from "./api.js";
import { bytes, u32, type Bytes } from "./check.js";
import { core as running, run, type Core } from "./core.js";
import { FREE, Handle, Made, made, pointerOf } from "./handle.js";
import { Session } from "./session.js";

/** The lengths in bytes that belong to a suite. */
export interface SuiteSizes {
  readonly bundle: number;
  readonly exchange: number;
  readonly seed: number;
}

/** The lengths of a suite's bundle, exchange message and seed. */
export function suiteSizes(suite: Suite): SuiteSizes {
  const which = u32(suite, "suite");
  return run((core) => sizesOf(core, which));
}

function sizesOf(core: Core, suite: number): SuiteSizes {
  const [bundle, exchange, seed] = core.sizes(3, ([a, b, c]) => core.x.pqrtc_suite_sizes(suite, a!, b!, c!));
  return { bundle: bundle!, exchange: exchange!, seed: seed! };
}

/**
 * A responder's key pair. Answering one exchange message twice gives the same session key twice. So a pair whose sessions key media serves
 * the life of one page or process, and is not restored from a seed for that.
 */
export class HybridKeypair extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_hybrid_keypair_free";

  /** A new key pair. RNG_FAILED without randomness. */
  static generate(suite: Suite): HybridKeypair {
    const which = u32(suite, "suite");
    return new HybridKeypair(made(HybridKeypair, ({ x }, out) => x.pqrtc_hybrid_keypair_generate(which, out)));
  }

  /** From a private key as stored: 32 bytes for X-Wing, 96 for V100-HYBRID-KX-V1. */
  static fromSeed(suite: Suite, seed: Bytes): HybridKeypair {
    const [which, data] = [u32(suite, "suite"), bytes(seed, "seed")];
    return new HybridKeypair(
      made(HybridKeypair, (core, out) => core.x.pqrtc_hybrid_keypair_from_seed(which, core.put(data), data.length, out)),
    );
  }

  get suite(): Suite {
    const pair = pointerOf(this, HybridKeypair);
    return run((core) => suiteOf(core, pair));
  }

  /** What to publish: 1216 bytes. */
  get bundle(): Uint8Array<ArrayBuffer> {
    const pair = pointerOf(this, HybridKeypair);
    return run((core) => core.filled(sizesOf(core, suiteOf(core, pair)).bundle, (...out) => core.x.pqrtc_hybrid_keypair_bundle(pair, ...out)));
  }

  /** The private key as stored. */
  seed(): Uint8Array<ArrayBuffer> {
    const pair = pointerOf(this, HybridKeypair);
    return run((core) => core.filled(sizesOf(core, suiteOf(core, pair)).seed, (...out) => core.x.pqrtc_hybrid_keypair_seed(pair, ...out)));
  }

  /** Answers a 1120-byte exchange message. An altered one gives a session that nobody else has, or NON_CONTRIBUTORY. */
  respond(exchange: Bytes): Session {
    const [pair, data] = [pointerOf(this, HybridKeypair), bytes(exchange, "exchange")];
    return new Session(made(Session, (core, out) => core.x.pqrtc_hybrid_respond(pair, core.put(data), data.length, out)));
  }
}

function suiteOf(core: Core, pair: number): Suite {
  const [suite] = core.sizes(1, ([out]) => core.x.pqrtc_hybrid_keypair_suite(pair, out!));
  return suite as Suite;
}

/**
 * Starts a session with the owner of a bundle: gives the 1120-byte exchange message to send back, and the session. INVALID_KEY if the ML-KEM
 * key in the bundle fails FIPS 203 section 7.2, NON_CONTRIBUTORY if its X25519 key is of small order.
 */
export function initiate(suite: Suite, bundle: Bytes): { exchange: Uint8Array<ArrayBuffer>; session: Session } {
  const [which, data] = [u32(suite, "suite"), bytes(bundle, "bundle")];
  return run((core) => {
    const { exchange: length } = sizesOf(core, which);
    const [at, exchange] = [core.put(data), core.room(length)];
    const session = core.made((out) => core.x.pqrtc_hybrid_initiate(which, at, data.length, exchange, length, out));
    return { exchange: core.take(exchange, length), session: new Session(new Made(running(), "pqrtc_session_free", session)) };
  });
}
