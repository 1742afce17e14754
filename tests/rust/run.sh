#!/usr/bin/env bash
# The unit tests and the integration tests in Rust, with each provider; with the first also the examples, and those of the documentation.
# pqclean is rustcrypto with two files of its own, whose unit tests are in the step `differential`.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

# Tests that read the public vectors of the standards are marked ignored, for they stand beside the project and not in it.
args=()
if [ -d ../shared/vectors ]; then args=(--include-ignored); else skipped "rust: vectors of the standards: needs ../shared/vectors"; fi

for provider in "${providers[@]}"; do
  read -ra flags <<< "$(provider_flags "$provider")"
  [ "$provider" = pqclean ] && tests=(--test rust) || tests=(--lib --test rust)
  check "rust $provider: tests" cargo test --release "${tests[@]}" "${flags[@]}" -- "${args[@]}"
done

read -ra flags <<< "$(provider_flags "${providers[0]}")"
check "rust: examples build" cargo build --release --examples "${flags[@]}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp examples/data/recording-manifest.json "$work"
for name in call key_exchange turn_wrap seal_frames meeting sign_artifact; do
  [ $name = sign_artifact ] && input=("$work/recording-manifest.json") || input=()
  check "rust: examples/rust/$name.rs" "$(provider_folder "${providers[0]}")/release/examples/$name" "${input[@]}"
done
check "rust: documentation" cargo test --release --doc "${flags[@]}"
finish
