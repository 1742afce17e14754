import { bytes } from "./check.js";
import { run } from "./core.js";
import { u32 } from "./check.js";

/** The version of the library, "MAJOR.MINOR.PATCH". */
export function version(): string {
  return run((core) => core.string(core.x.pqrtc_version()));
}

/** Where its algorithms come from: "rustcrypto". */
export function provider(): string {
  return run((core) => core.string(core.x.pqrtc_provider()));
}

/** Known answers for every primitive in use. INTERNAL if one is wrong. */
export function selfTest(): void {
  run((core) => core.check(core.x.pqrtc_self_test()));
}

/** 1 to 1048576 bytes from `crypto.getRandomValues`, for seeds and base keys. RNG_FAILED without randomness. */
export function random(length: number): Uint8Array<ArrayBuffer> {
  const size = u32(length, "length");
  return run((core) => core.filled(Math.min(size, 0x10_0001), (out) => core.x.pqrtc_random(out, size)));
}

/** Zeroes bytes that held a secret. */
export function cleanse(secret: Uint8Array): void {
  bytes(secret, "secret").fill(0);
}
