#!/usr/bin/env bash
# aarch64, built on another machine: make build and make install by gcc-aarch64-linux-gnu, then the C tests under qemu-user.
set -uo pipefail
. "$(dirname "$0")/common.sh"
triple=aarch64-unknown-linux-gnu
needs aarch64-linux-gnu-gcc "gcc-aarch64-linux-gnu libc6-dev-arm64-cross" aarch64
needs qemu-aarch64 qemu-user aarch64
needs rustup "rustup target add $triple" aarch64
[[ " $(rustup target list --installed | tr '\n' ' ') " == *" $triple "* ]] || { skipped "packages: aarch64: needs rustup target add $triple"; finish; exit; }
export CARGO_BUILD_TARGET=$triple CROSS_COMPILE=aarch64-linux-gnu- CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
emulated=(qemu-aarch64 -L /usr/aarch64-linux-gnu -E "LD_LIBRARY_PATH=$work/prefix/lib")
prefix=$work/prefix

is_aarch64() { readelf -hW "$1" | grep -q 'Machine:.*AArch64'; }
installs() { make install PREFIX="$prefix" && is_aarch64 "$prefix/lib/libpqrtc.so" && is_aarch64 "$prefix/lib/libpqrtc.a"; }

compiled() { aarch64-linux-gnu-gcc -std=c11 -O2 -Wall -Wextra -Werror -I"$prefix/include" "$@" -lpthread; }

# A test of tests/c, linked to the shared and to the static library. PQRTC_SLOW: it is emulated. Not rng: qemu-user has no seccomp.
c_test() {
  local name=$1 more=() libs
  case $name in hostile) more=(tests/c/calls_*.c tests/c/frame.c tests/c/api.c) ;; esac
  read -ra libs < packaging/libs-private
  compiled "tests/c/$name.c" "${more[@]}" -L"$prefix/lib" -lpqrtc -o "$work/$name" && PQRTC_SLOW=1 "${emulated[@]}" "$work/$name" &&
    compiled "tests/c/$name.c" "${more[@]}" "$prefix/lib/libpqrtc.a" "${libs[@]}" -o "$work/$name-static" && PQRTC_SLOW=1 "${emulated[@]}" "$work/$name-static"
}

fully_static() {
  local libs
  read -ra libs < packaging/libs-private
  compiled -static examples/c/key_exchange.c "$prefix/lib/libpqrtc.a" "${libs[@]}" -o "$work/key_exchange" && qemu-aarch64 "$work/key_exchange"
}

check "packages: aarch64, make build" make build
check "packages: aarch64, make install" installs
for name in sizes roundtrip media threads hostile; do check "packages: aarch64, C test $name" c_test "$name"; done
check "packages: aarch64, -static" fully_static
finish
