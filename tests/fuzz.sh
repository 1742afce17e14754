#!/usr/bin/env bash
# Runs each fuzz target for a short while: tests/fuzz.sh [SECONDS]. Needs a nightly Rust and cargo-fuzz.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
seconds=${1:-10}

cargo +nightly --version > /dev/null 2>&1 || { skipped "fuzz: needs a nightly Rust"; finish; exit; }
cargo fuzz --version > /dev/null 2>&1 || { skipped "fuzz: needs cargo-fuzz"; finish; exit; }

check "fuzz: build" cargo +nightly fuzz build
for target in $(cargo +nightly fuzz list); do
  check "fuzz: $target" cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -max_len=4096 -len_control=0 -print_final_stats=1
done
finish
