#!/usr/bin/env bash
# The providers against each other, in one build that holds them all.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
check "rust: the providers against each other" cargo test --release --lib --all-features -- provider
finish
