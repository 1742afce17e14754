// A module that has trapped is dead, says so, and has no key left. In a file, and so a process, of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HybridKeypair, PqrtcError, Suite, init, random, selfTest } from "pqrtc";
import { core } from "#dist/core.js";
import { refused } from "./common.js";

test("before init() everything says what to do", () => {
  assert.match(refused("UNEXPECTED_MESSAGE", () => random(5)).message, /init\(\)/);
  refused("UNEXPECTED_MESSAGE", () => HybridKeypair.generate(Suite.X_WING));
});

test("a source that is no module is an error, and init() can be tried again", async () => {
  await assert.rejects(init(5 as never), TypeError);
  await assert.rejects(init(new Uint8Array(50)), WebAssembly.CompileError);
  await assert.rejects(init(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)), /module/);
  await assert.rejects(init(new URL("file:///nowhere.wasm")));
  await Promise.all([init(), init()]);
  await init();
  selfTest();
});

test("a trap marks the module dead, wipes it, and every later call says so", async () => {
  const secret = random(32);
  const pair = HybridKeypair.fromSeed(Suite.X_WING, secret);
  const at = () => Buffer.from(core().memory.buffer as ArrayBuffer).indexOf(secret);
  assert.ok(at() > 0);
  // As a bug in the module would: a pointer to nowhere.
  const trapped = refused("INTERNAL", () => core().run(({ x }) => x.pqrtc_hybrid_keypair_suite(0xffff_fff0, 0xffff_fff8)));
  assert.match(trapped.message, /dead/);
  assert.equal(at(), -1);
  for (const call of [() => pair.bundle, () => random(5), () => HybridKeypair.generate(Suite.X_WING), () => pair.respond(new Uint8Array(1120))]) {
    assert.match(refused("INTERNAL", call).message, /dead.*reload/);
  }
  pair.dispose();
  await assert.rejects(init(), (why) => why instanceof PqrtcError && /dead/.test(why.message));
});
