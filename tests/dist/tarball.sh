#!/usr/bin/env bash
# tarball.sh TARGET: the tarball, used in C from where it was unpacked. Another machine than this one is emulated by qemu-user.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/dist/common.sh
triple=$1 machine=${1%%-*}
unpacked "$triple" || { failed "dist: $triple unpacks"; finish; exit 1; }
needs "$cc" "$(case $triple in *-musl) echo musl-tools ;; *) echo "gcc-${machine/_/-}-linux-gnu libc6-dev-arm64-cross" ;; esac)" "$triple"
[ ${#emulator[@]} = 0 ] || needs "${emulator[0]}" qemu-user "$triple"
read -ra libs < packaging/libs-private
oldest=2.28

facts() {
  local abi
  abi=$(sed -n 's/^#define PQRTC_ABI_VERSION *\([0-9]*\).*/\1/p' include/pqrtc.h)
  [ "$(soname "$prefix/lib/libpqrtc.so")" = "libpqrtc.so.$abi" ] && [ -e "$prefix/lib/libpqrtc.so.$abi" ] &&
    [ "$(pkg "$prefix" --modversion pqrtc)" = "$version" ] && [ -f "$prefix/share/doc/pqrtc/THIRD-PARTY-NOTICES.libpqrtc" ] &&
    ! grep -rF -e "$root" -e "${CARGO_HOME:-$HOME/.cargo}" "$prefix"
}
newest_symbol() { readelf -VW "$1" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1; }
glibc() { # what is linked dynamically asks for no newer glibc
  local file newest
  for file in "$prefix"/{lib/libpqrtc.so,bin/pqrtc}; do
    newest=$(newest_symbol "$file") && echo "$file: $newest" && [ "$(printf '%s\n' "GLIBC_$oldest" "$newest" | sort -V | tail -n 1)" = "GLIBC_$oldest" ] || return
  done
}
# Linked against the stubs of that glibc, in which a newer symbol is undefined; then run with the one that is here.
by_zig() {
  local link
  for link in "-L$prefix/lib -lpqrtc" "$prefix/lib/libpqrtc.a -lunwind"; do
    # shellcheck disable=SC2086
    "$tools/python" -m ziglang cc -target "$machine-linux-gnu.$oldest" -O2 -fno-sanitize=all -I"$prefix/include" examples/c/key_exchange.c $link "${libs[@]}" -o "$work/zig" &&
      LD_LIBRARY_PATH=$prefix/lib "${emulator[@]}" "$work/zig" || return
  done
}
# Nothing but libc, under the name that musl's loader takes for itself; the symbols of libpqrtc alone; a command that needs nothing at all.
musl() {
  local lib=$prefix/lib/libpqrtc.so
  [ "$(readelf -dW "$lib" | grep -o 'NEEDED.*')" = "NEEDED)             Shared library: [libc.so]" ] && ! nm -D --defined-only "$lib" | grep -v ' T pqrtc_' &&
    diff <(nm -D --defined-only "$lib" | awk '{ print $3 }' | sort) <(grep -o '\bpqrtc_[a-z0-9_]*(' "$prefix/include/pqrtc.h" | tr -d '(' | sort -u) &&
    ! readelf -dW "$prefix/bin/pqrtc" | grep NEEDED && ! readelf -lW "$prefix/bin/pqrtc" | grep 'Requesting program interpreter'
}
# Debian's packages for a machine that this one is not, from lists of its own: nothing here is changed.
musl_of_machine() {
  local deb=$work/deb arch=arm64
  [ "$machine" = aarch64 ] || arch=amd64
  mkdir -p "$deb"/{lists,cache/archives}/partial && : > "$deb/status" && (
    cd "$deb" && apt() { apt-get -q -o "APT::Architecture=$arch" -o "APT::Architectures::=$arch" -o "Dir::State::lists=$deb/lists" -o "Dir::State::status=$deb/status" -o "Dir::Cache=$deb/cache" "$@"; }
    apt update && apt download musl musl-dev
  ) && dpkg-deb -x "$deb"/musl_*.deb "$work/musl" && dpkg-deb -x "$deb"/musl-dev_*.deb "$work/musl" &&
    ln -sf "$work/musl/lib/$machine-linux-musl/libc.so" "$work/musl/usr/lib/$machine-linux-musl/" && # what is there points out of this folder
    sed "s|/usr/|$work/musl/usr/|g" "$work/musl/usr/lib/$machine-linux-musl/musl-gcc.specs" > "$work/musl/specs"
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
  # shellcheck disable=SC2046
  "$cc" -static -I"$prefix/include" examples/c/key_exchange.c $(static_libs "$prefix") -o "$work/static" && "${emulator[@]}" "$work/static"
}

check "dist: $triple, versions, SONAME, licences, no path of the build" facts
case $triple in
*-gnu)
  check "dist: $triple, no symbol is newer than glibc $oldest" glibc
  check "dist: $triple, C linked against glibc $oldest" by_zig ;;
*-musl)
  check "dist: $triple, needs musl alone, and the command nothing" musl
  [ ${#emulator[@]} = 0 ] || check "dist: $triple, Debian's musl for it" musl_of_machine ;;
esac
check "dist: $triple, C with pkg-config, shared" by_pkg_config "$prefix" shared
check "dist: $triple, C with pkg-config, static" by_pkg_config "$prefix" static
check "dist: $triple, -static" fully_static
check "dist: $triple, the command" "${emulator[@]}" "$prefix/bin/pqrtc" doctor
[[ $triple = "$(uname -m)"-*-gnu ]] || for name in sizes roundtrip media threads hostile; do check "dist: $triple, C test $name" c_test "$name"; done
finish
