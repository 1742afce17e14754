import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { json, root } from "./common.js";

/** Functions of the C API that the package has no use for, each with the reason. */
const unused: Record<string, string> = {
  pqrtc_cleanse: "wipes memory of the module's host, which is JavaScript's: cleanse() is its fill(0)",
  pqrtc_kem_shared_secret_bytes: "KEM_SHARED_SECRET_BYTES is generated",
  pqrtc_fingerprint_bytes: "FINGERPRINT_BYTES is generated",
  pqrtc_session_key_bytes: "SESSION_KEY_BYTES is generated",
  pqrtc_session_seal_overhead_bytes: "SESSION_SEAL_OVERHEAD_BYTES is generated",
  pqrtc_sframe_base_key_bytes: "SFRAME_BASE_KEY_BYTES is generated",
  pqrtc_sframe_max_overhead_bytes: "SFRAME_MAX_OVERHEAD_BYTES is generated",
};

test("every function of the C API is used by the package, or listed with a reason", () => {
  const folder = new URL("bindings/web/src/", root);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "api.ts");
  const source = sources.map((name) => readFileSync(new URL(name, folder), "utf8")).join("");
  const used = new Set(source.match(/\bpqrtc_\w+/g));
  const names: string[] = json("api/pqrtc.json").functions.map(({ name }: { name: string }) => name);
  assert.ok(names.length > 60);
  for (const name of names) assert.notEqual(used.has(name), name in unused, name);
  for (const name of Object.keys(unused)) assert.ok(names.includes(name), name);
});
