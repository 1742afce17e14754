#!/usr/bin/env bash
# Every test that this machine can run, for both providers. `tests/run.sh NAME...` runs some; `tests/run.sh -l` lists them.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

export TARGET_aws_lc=$PWD/target/release TARGET_pqclean=$PWD/target/pqclean/release
pqclean=(--no-default-features --features pqclean --target-dir target/pqclean)

steps=(
  "build: cargo build --release"
  "build-pqclean: cargo build --release ${pqclean[*]}"
  "rust: cargo test --release"
  "rust-pqclean: cargo test --release ${pqclean[*]}"
  "rust-differential: cargo test --release --lib --all-features"
  "c: bash tests/c/run.sh"
  "interop: bash tests/interop/run.sh"
  "randomness: bash tests/randomness/run.sh"
  "frame-peer: bash tests/frame-peer/run.sh"
)

if [ "${1:-}" = -l ]; then
  printf '%s\n' "${steps[@]%%:*}"
  exit
fi

failures=()
for step in "${steps[@]}"; do
  name=${step%%:*} command=${step#*: }
  [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
  echo "== $name"
  $command || failures+=("$name")
done
[ ${#failures[@]} = 0 ] || { echo "failed: ${failures[*]}"; exit 1; }
echo "all steps passed"
