#!/usr/bin/env bash
# Whose randomness, and what without: each provider, shared and static, in a program that defines the C symbols of PQClean itself and that
# runs out of randomness on demand. `PQCRYPTO_RUST_randombytes`, exported by a shared library, would let such a program make all keys equal.
# Then every draw of every function fails in turn; with the first provider under sanitizers too, which find what is leaked.
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
compile() { "${CC:-cc}" -std=c11 -O1 -g -Wall -Wextra -Werror -rdynamic -Iinclude "$@"; }
shared() { compile tests/randomness/check.c -o "$work/shared" "$work/libpqrtc.so" -Wl,-rpath,"$work" && "$work/shared"; }
# shellcheck disable=SC2046
static() {
  bash packaging/localise.sh "$1/libpqrtc.a" "$work/libpqrtc.a" &&
    compile tests/randomness/check.c -o "$work/static" "$work/libpqrtc.a" $(cat packaging/libs-private) && "$work/static"
}
# nth FLAGS...
nth() {
  local log=$work/log
  compile "$@" tests/randomness/nth.c tests/c/{calls_{core,media,handshake,meeting},frame,api}.c -o "$work/nth" "$work/libpqrtc.so" -Wl,-rpath,"$work" &&
    "$work/nth" > "$log" 2>&1 || { cat "$log"; return 1; }
  said=$(head -n 1 "$log")
}

for provider in "${providers[@]}"; do
  dir=$(provider_build "$provider") || { failed "$provider: build"; continue; }
  cp "$dir/libpqrtc.so" "$work/libpqrtc.so" && cp "$dir/libpqrtc.so" "$work/$(soname "$dir/libpqrtc.so")"
  check "$provider, shared: own randomness, and RNG_FAILED without" shared
  check "$provider, static: own randomness, and RNG_FAILED without" static "$dir"
  said=
  check "$provider: every draw fails in turn" nth
  [ -z "$said" ] || echo "    $said"
  [ "$provider" = "${providers[0]}" ] || continue
  if echo 'int main(void){return 0;}' | compile -fsanitize=address,undefined -x c - -o "$work/probe" 2> /dev/null; then
    check "$provider: every draw fails in turn, and nothing is leaked" nth -fsanitize=address,undefined
  else
    skipped "$provider: every draw fails in turn, and nothing is leaked: needs libasan and libubsan for ${CC:-cc}"
  fi
done
finish
