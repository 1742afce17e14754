#!/usr/bin/env bash
# Runs each fuzz target for a while, one after the other, and says how often it ran: tests/fuzz.sh [SECONDS [TARGET...]]. Without them it is
# PQRTC_FUZZ_SECONDS or 10, and all. Needs a nightly Rust and cargo-fuzz. What is found on the way stays in fuzz/corpus, and what fails in
# fuzz/artifacts; git knows neither.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=lib.sh
. tests/lib.sh
seconds=${1:-${PQRTC_FUZZ_SECONDS:-10}}
shift $(($# > 0))

cargo +nightly --version > /dev/null 2>&1 || { skipped "fuzz: needs a nightly Rust"; finish; exit; }
cargo fuzz --version > /dev/null 2>&1 || { skipped "fuzz: needs cargo-fuzz"; finish; exit; }

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
run() {
  mkdir -p "fuzz/corpus/$1"
  cargo +nightly fuzz run "$1" "fuzz/corpus/$1" "fuzz/seeds/$1" -- -max_total_time="$seconds" -max_len=4096 -timeout=60 -print_final_stats=1 2>&1 |
    tee "$logs/$1"
}

check "fuzz: build" cargo +nightly fuzz build
mapfile -t targets < <(if [ $# != 0 ]; then printf '%s\n' "$@"; else cargo +nightly fuzz list; fi)
for name in "${targets[@]}"; do check "fuzz: $name" run "$name"; done
awk '/^stat::number_of_executed_units:/ { n = split(FILENAME, path, "/"); printf "%12d executions of %s\n", $2, path[n]; sum += $2 } END { printf "%12d in all\n", sum }' "$logs"/*
finish
