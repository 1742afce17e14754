#!/usr/bin/env bash
# gnu.sh MACHINE: the tarball for glibc, used in C from where it was unpacked. Another machine than this one is emulated by qemu-user.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/dist/common.sh
triple=$1-unknown-linux-gnu
unpacked "$triple" || { failed "dist: $triple unpacks"; finish; exit 1; }
needs "$cc" "gcc-${1/_/-}-linux-gnu libc6-dev-arm64-cross" "$triple"
[ ${#emulator[@]} = 0 ] || needs "${emulator[0]}" qemu-user "$triple"
read -ra libs < packaging/libs-private
oldest=2.28

newest_symbol() { readelf -VW "$1" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1; }
glibc() { # what is linked dynamically asks for no newer glibc
  local file newest
  for file in "$prefix"/{lib/libpqrtc.so,bin/pqrtc}; do
    newest=$(newest_symbol "$file") && echo "$file: $newest" && [ "$(printf '%s\n' "GLIBC_$oldest" "$newest" | sort -V | tail -n 1)" = "GLIBC_$oldest" ] || return
  done
}
facts() {
  local abi
  abi=$(sed -n 's/^#define PQRTC_ABI_VERSION *\([0-9]*\).*/\1/p' include/pqrtc.h)
  [ "$(soname "$prefix/lib/libpqrtc.so")" = "libpqrtc.so.$abi" ] && [ -e "$prefix/lib/libpqrtc.so.$abi" ] &&
    [ "$(pkg "$prefix" --modversion pqrtc)" = "$version" ] && [ -f "$prefix/share/doc/pqrtc/THIRD-PARTY-NOTICES.libpqrtc" ] &&
    ! grep -rF -e "$root" -e "${CARGO_HOME:-$HOME/.cargo}" "$prefix"
}
# Linked against the stubs of that glibc, in which a newer symbol is undefined; then run with the one that is here.
by_zig() {
  local link
  for link in "-L$prefix/lib -lpqrtc" "$prefix/lib/libpqrtc.a -lunwind"; do
    # shellcheck disable=SC2086
    "$tools/python" -m ziglang cc -target "$1-linux-gnu.$oldest" -O2 -fno-sanitize=all -I"$prefix/include" examples/c/key_exchange.c $link "${libs[@]}" -o "$work/zig" &&
      LD_LIBRARY_PATH=$prefix/lib "${emulator[@]}" "$work/zig" || return
  done
}
# A test of tests/c, shared and static. PQRTC_SLOW: it is emulated. Not rng: qemu-user has no seccomp.
c_test() {
  local link more=()
  case $1 in hostile) more=(tests/c/calls_*.c tests/c/frame.c tests/c/api.c) ;; esac
  for link in "-L$prefix/lib -lpqrtc" "$prefix/lib/libpqrtc.a"; do
    # shellcheck disable=SC2086
    "$cc" -std=c11 -O2 -Wall -Wextra -Werror -I"$prefix/include" "tests/c/$1.c" "${more[@]}" $link "${libs[@]}" -o "$work/$1" &&
      LD_LIBRARY_PATH=$prefix/lib PQRTC_SLOW=1 "${emulator[@]}" "$work/$1" || return
  done
}
fully_static() {
  "$cc" -static -I"$prefix/include" examples/c/key_exchange.c "$prefix/lib/libpqrtc.a" "${libs[@]}" -o "$work/static" && "${emulator[@]}" "$work/static"
}

check "dist: $triple, versions, SONAME, licences, no path of the build" facts
check "dist: $triple, no symbol is newer than glibc $oldest" glibc
check "dist: $triple, C linked against glibc $oldest" by_zig "$1"
check "dist: $triple, C with pkg-config, shared" by_pkg_config "$prefix" shared
check "dist: $triple, C with pkg-config, static" by_pkg_config "$prefix" static
check "dist: $triple, -static" fully_static
check "dist: $triple, the command" "${emulator[@]}" "$prefix/bin/pqrtc" doctor
[ ${#emulator[@]} = 0 ] || for name in sizes roundtrip media threads hostile; do check "dist: $triple, C test $name" c_test "$name"; done
finish
