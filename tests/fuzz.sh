#!/usr/bin/env bash
# Runs each fuzz target for a short while: tests/fuzz.sh [seconds]. Needs a nightly Rust and cargo-fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}

skip() {
  echo "skipped: $*"
  exit 0
}
cargo +nightly --version > /dev/null 2>&1 || skip "fuzzing: no nightly Rust"
cargo +nightly fuzz --version > /dev/null 2>&1 || skip "fuzzing: no cargo-fuzz (cargo install cargo-fuzz)"

cargo +nightly fuzz build
for target in $(cargo +nightly fuzz list); do
  echo "== $target"
  cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -max_len=4096 -len_control=0 -print_final_stats=1
done
