#!/usr/bin/env bash
# The tests, in steps. Each step is a script that says for every test whether it passed, failed or was skipped, and why.
#
#   tests/run.sh                the steps of `make test`, default provider
#   tests/run.sh --all          every step, every provider
#   tests/run.sh [--all] STEP...
#   tests/run.sh --list
#
# A step is NAME: COMMAND. PQRTC_REQUIRE=1 makes a skip a failure.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=lib.sh
. tests/lib.sh

steps=(
  "rust: bash tests/rust/run.sh"
  "c: bash tests/c/run.sh"
  "randomness: bash tests/randomness/run.sh"
  "coexist: bash tests/coexist/run.sh"
  "packages: bash tests/packages/run.sh home install static cmake"
  "cpp: bash tests/cpp/run.sh"
  "python: bash tests/python/run.sh"
  "go: bash tests/go/run.sh"
  "meeting: bash tests/meeting/run.sh"
  "web: bash tests/web/run.sh"
  "browser: bash tests/browser/run.sh"
  "matrix: bash tests/matrix/run.sh"
)
more_steps=(
  "cli: bash tests/cli/run.sh"
  "api: cargo test --quiet --manifest-path tools/api/Cargo.toml --target-dir target/tools"
  "abi: bash tests/repo/abi.sh"
  "c-sanitizers: env MODES=asan PQRTC_PROVIDERS=aws-lc bash tests/c/run.sh"
  "c-valgrind: env MODES=valgrind PQRTC_PROVIDERS=aws-lc bash tests/c/run.sh"
  "soak: bash tests/soak/run.sh short"
  "wheel: bash tests/packages/run.sh wheel"
  "packages-more: bash tests/packages/run.sh crate musl"
  "dist: bash tests/dist/run.sh"
  "cargo-c: bash tests/packages/run.sh cargo_c"
  "differential: bash tests/rust/differential.sh"
  "sframe-peer: env PQRTC_PROVIDERS=aws-lc bash tests/sframe-peer/run.sh"
  "interop: bash tests/interop/run.sh"
  "frame-peer: bash tests/frame-peer/run.sh"
  "frames: bash tests/frames/run.sh"
  "vectors: bash tests/vectors/run.sh"
  "constant-time: bash tests/constant-time/run.sh"
  "instructions: bash benches/instructions.sh"
  "tsan: bash tests/tsan.sh"
  "miri: bash tests/miri.sh"
  "fuzz: bash tests/fuzz.sh"
  "docs: bash tests/docs/run.sh"
  "model: bash tests/model.sh"
  "portability: bash tests/portability/run.sh"
)

case "${1:-}" in
--list)
  printf '%s\n' "${steps[@]%%:*}" && printf '%s (test-all)\n' "${more_steps[@]%%:*}"
  exit
  ;;
--all)
  shift
  export PQRTC_PROVIDERS=${PQRTC_PROVIDERS:-${all_providers[*]}}
  steps+=("${more_steps[@]}")
  ;;
esac
if [ $# != 0 ]; then
  steps+=("${more_steps[@]}")
  for name; do [[ $'\n'$(printf '%s\n' "${steps[@]%%:*}")$'\n' == *$'\n'"$name"$'\n'* ]] || { echo "no step $name: tests/run.sh --list"; exit 2; }; done
fi

failures=() done=" "
TIMEFORMAT="   (%0R s; %0U s of processor time)"
for step in "${steps[@]}"; do
  name=${step%%:*} command=${step#*: }
  [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
  [[ $done != *" $name "* ]] || continue
  done+="$name "
  echo "== $name"
  time $command || failures+=("$name")
done
[ ${#failures[@]} = 0 ] || { echo "failed: ${failures[*]}"; exit 1; }
echo "all steps passed in $SECONDS s"
