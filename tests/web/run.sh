#!/usr/bin/env bash
# The npm package of bindings/web: built, its types checked, and its tests in Node. rustcrypto for WebAssembly without the C ABI, as Rust has it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/web/env.sh

why=$(web_missing)
if [ -n "$why" ]; then skipped "web: $why"; finish; exit; fi
check "web: npm ci" web_packages
check "web: the package builds" web_build
check "web: the self-test of the module, and a host without randomness" node tests/web/self_test.mjs bindings/web/dist/pqrtc.wasm
check "web: types and tests in Node" in_web npm run --silent check

# As a user has it: the packed file in an empty project, without network.
packed() (
  work=$(mktemp -d) && in_web npm pack --silent --pack-destination "$work" && cd "$work" && npm init -y > package.txt &&
    npm install --silent --offline --no-save ./pqrtc-*.tgz && ls node_modules/pqrtc/dist/pqrtc.wasm node_modules/pqrtc/THIRD-PARTY-NOTICES &&
    node --input-type=module -e 'import { init, selfTest } from "pqrtc"; await init(); selfTest()' && rm -rf "$work"
)
check "web: the packed package works in an empty project" packed
check "web: the core compiles without the C ABI" \
  cargo check --quiet --lib --target wasm32-unknown-unknown --no-default-features --features rustcrypto
finish
