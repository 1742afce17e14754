#!/usr/bin/env bash
# The lessons in Rust, run.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

cargo build --release --quiet --examples || { failed "examples: build"; finish; exit 1; }
bin=${CARGO_TARGET_DIR:-target}/release/examples
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp examples/data/recording-manifest.json "$work"
for name in key_exchange turn_wrap seal_frames meeting; do check "examples/rust/$name.rs" "$bin/$name"; done
check "examples/rust/sign_artifact.rs" "$bin/sign_artifact" "$work/recording-manifest.json"
finish
