#!/usr/bin/env bash
# libwebrtc, the stack in C++: two peer connections with pqrtc on their frames, and what goes wrong in a call.
# apt: cmake g++ libtgowt-dev nlohmann-json3-dev
# limit: 600
# bench
set -uo pipefail
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
cd "$root" || exit
need cmake g++
[ -d /usr/include/tg_owt ] || skip "no libtgowt-dev"

from=$(provider_build "${PROVIDER:-aws-lc}") || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() {
  FROM=$from PREFIX=$work/prefix bash packaging/install.sh && cmake -S examples/libwebrtc -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" &&
    cmake --build "$work/build"
}
build > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
if [ "${1:-}" = --bench ]; then "$work/build/call" figures; else "$work/build/profile" tests/vectors/signaling.json && "$work/build/call"; fi
