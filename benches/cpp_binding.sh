#!/usr/bin/env bash
# What pqrtc.hpp costs over pqrtc.h. Takes TARGET_aws_lc= as tests/lib.sh says.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib.sh
command -v g++ > /dev/null || { skipped "cpp_binding: no g++"; exit; }
from=$(provider_build aws-lc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -ra libs < packaging/libs-private
g++ -O2 -std=c++17 -Iinclude -o "$work/cpp_binding" benches/cpp_binding.cpp "$from/libpqrtc.a" "${libs[@]}"
"$work/cpp_binding"
