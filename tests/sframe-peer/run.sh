#!/usr/bin/env bash
# SFrame against the crate `sframe`, all five cipher suites in both directions, with each provider.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
# In a folder of its own: its build of pqrtc has no C ABI, and would take the place of target/release/libpqrtc.so.
for provider in "${providers[@]}"; do
  check "SFrame against another implementation, $provider" cargo test --release --manifest-path tests/sframe-peer/Cargo.toml \
    --target-dir "$target/sframe-peer" --no-default-features --features "$provider"
done
finish
