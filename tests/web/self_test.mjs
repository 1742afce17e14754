// The self-test of libpqrtc as a WebAssembly module, and that a host without randomness is an error. usage: wasm.mjs pqrtc.wasm
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

const OK = 0, RNG_FAILED = 240;
let answers = true;
const random = (pointer, length) => {
  if (!answers) return 0;
  const memory = new Uint8Array(instance.exports.memory.buffer, pointer, length);
  for (let at = 0; at < length; at += 65536) webcrypto.getRandomValues(memory.subarray(at, Math.min(at + 65536, length)));
  return 1;
};
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), { pqrtc: { random } });

const expect = (status, code, what) => {
  if (status !== code) throw new Error(`${what}: status ${status}, not ${code}`);
  console.log(`passed: ${what}`);
};
expect(instance.exports.pqrtc_self_test(), OK, "self-test");
answers = false;
expect(instance.exports.pqrtc_self_test(), RNG_FAILED, "self-test without randomness");
