#!/usr/bin/env bash
# SFrame against the crate `sframe`, all five cipher suites in both directions: tests/sframe-peer/run.sh [aws-lc|pqclean]
set -euo pipefail
cd "$(dirname "$0")/../.."
provider=${1:-aws-lc}
target=target
[ "$provider" = aws-lc ] || target=target/$provider
exec cargo test --release --manifest-path tests/sframe-peer/Cargo.toml --target-dir "$target" \
  --no-default-features --features "$provider"
