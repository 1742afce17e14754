#!/usr/bin/env bash
# Whose randomness, and what without: each provider, shared and static, in a program that defines the C symbols of PQClean itself and that
# runs out of randomness on demand. `PQCRYPTO_RUST_randombytes`, exported by a shared library, would let such a program make all keys equal.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

if [ "$(uname)" != Linux ]; then
  skipped "randomness: needs Linux, where getrandom() can be replaced"
  finish
  exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile() { "${CC:-cc}" -std=c11 -O1 -g -Wall -Wextra -Werror -rdynamic -Iinclude tests/randomness/check.c "$@"; }
shared() { compile -o "$work/shared" "$1/libpqrtc.so" -Wl,-rpath,"$work" && cp "$1/libpqrtc.so" "$work/$(soname "$1/libpqrtc.so")" && "$work/shared"; }
# shellcheck disable=SC2046
static() {
  bash packaging/localise.sh "$1/libpqrtc.a" "$work/libpqrtc.a" &&
    compile -o "$work/static" "$work/libpqrtc.a" $(cat packaging/libs-private) && "$work/static"
}

for provider in "${providers[@]}"; do
  dir=$(provider_build "$provider") || { failed "$provider: build"; continue; }
  check "$provider, shared: own randomness, and RNG_FAILED without" shared "$dir"
  check "$provider, static: own randomness, and RNG_FAILED without" static "$dir"
done
finish
