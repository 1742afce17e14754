#!/usr/bin/env bash
# rustcrypto as a WebAssembly module, and its self-test in Node: the C ABI, with no JavaScript glue and randomness from an import.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

triple=wasm32-unknown-unknown
if [ ! -d "$(rustc --print target-libdir --target $triple)" ]; then
  skipped "wasm: needs the Rust target $triple (rustup target add $triple)"
  finish
  exit
fi
flags=(--lib --target $triple --no-default-features --features)
check "wasm: builds without the C ABI" cargo build "${flags[@]}" rustcrypto
check "wasm: builds with the C ABI" cargo build "${flags[@]}" rustcrypto,capi
if have node; then
  check "wasm: the self-test in Node" node tests/wasm.mjs "$target/$triple/debug/pqrtc.wasm"
else
  skipped "wasm: the self-test: needs node"
fi
finish
