// Builds the package into dist/: the WebAssembly module by cargo, and the TypeScript over it.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const triple = "wasm32-unknown-unknown";
const root = join(here, "../..");
const built = resolve(root, process.env.CARGO_TARGET_DIR ?? "target", triple, "web/pqrtc.wasm");
const dist = join(here, "dist");

const asked = spawnSync("rustc", ["--print", "target-libdir", "--target", triple], { encoding: "utf8" });
if (asked.error || asked.status !== 0) fail("Rust is missing: https://rustup.rs");
if (!existsSync(asked.stdout.trim())) fail(`the Rust target ${triple} is missing: rustup target add ${triple}`);

const run = (program, args, options = {}) => execFileSync(program, args, { stdio: "inherit", cwd: here, ...options });
const modules = createRequire(import.meta.url);

run("cargo", [
  "rustc", "--quiet", "--locked", "--lib", "--crate-type", "cdylib", "--profile", "web", "--target", triple,
  "--no-default-features", "--features", "rustcrypto,capi",
], { cwd: root, env: { ...process.env, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: "-Ctarget-feature=+simd128" } });
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
copyFileSync(built, join(dist, "pqrtc.wasm"));
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, name), join(dist, name));
const tsc = join(dirname(modules.resolve("typescript/package.json")), "bin/tsc");
// The comments are for editors, which read the declarations.
run(process.execPath, [tsc, "-p", ".", "--declaration", "false", "--removeComments"]);
run(process.execPath, [tsc, "-p", ".", "--emitDeclarationOnly"]);

function fail(why) {
  console.error(`pqrtc: cannot build: ${why}`);
  process.exit(1);
}
