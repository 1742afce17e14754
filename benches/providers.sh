#!/usr/bin/env bash
# What the operations cost with each provider in PQRTC_PROVIDERS, all of them by default, in turns. Takes TARGET_aws_lc= and the like as tests/lib.sh says.
set -euo pipefail
cd "$(dirname "$0")/.."
export PQRTC_PROVIDERS=${PQRTC_PROVIDERS:-aws-lc pqclean rustcrypto}
. tests/lib.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -ra libs < packaging/libs-private
for provider in "${providers[@]}"; do
  from=$(provider_build "$provider")
  "${CC:-cc}" -O2 -Iinclude -o "$work/$provider" benches/providers.c "$from/libpqrtc.a" "${libs[@]}"
done
for _ in 1 2 3; do
  for provider in "${providers[@]}"; do echo "$provider" && "$work/$provider" | sed 's/^/  /'; done
done
