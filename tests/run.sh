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
  "rust-examples: bash tests/repo/examples.sh"
  "sframe-peer: bash tests/sframe-peer/run.sh aws-lc"
  "sframe-peer-pqclean: bash tests/sframe-peer/run.sh pqclean"
  "tsan: bash tests/tsan.sh"
  "c: bash tests/c/run.sh"
  "interop: bash tests/interop/run.sh"
  "randomness: bash tests/randomness/run.sh"
  "frame-peer: bash tests/frame-peer/run.sh"
  "cpp: bash tests/cpp/run.sh"
  "coexist: bash tests/coexist/run.sh"
  "packages: bash tests/packages/run.sh"
  "python: bash tests/python/run.sh"
  "go: bash tests/go/run.sh"
  "matrix: bash tests/matrix/run.sh"
)

if [ "${1:-}" = -l ]; then
  printf '%s\n' "${steps[@]%%:*}"
  exit
fi

failures=()
for step in "${steps[@]}"; do
  name=${step%%:*} command=${step#*: }
  [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
  start=$SECONDS
  echo "== $name"
  $command || failures+=("$name")
  echo "   ($((SECONDS - start)) s)"
done
[ ${#failures[@]} = 0 ] || { echo "failed: ${failures[*]}"; exit 1; }
echo "all steps passed"
