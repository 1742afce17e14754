# shellcheck shell=bash
# Sourced by the tests of this folder, which are given what packaging/dist.sh made in target/dist.
. tests/packages/common.sh
dist=$root/target/dist
tools=$(realpath -m "$target")/dist-tools/bin
version=$(sed -n '/^\[package\]/,/^\[/s/^version *= *"\(.*\)"/\1/p' Cargo.toml)

# unpacked TARGET: the folder of its tarball, in $prefix; $cc and $emulator are those of the machine.
unpacked() {
  local machine=${1%%-*} root_of
  prefix=$work/pqrtc-$version-$1 emulator=()
  case $1 in
  "$(uname -m)"-*-gnu) cc=cc ;;
  "$(uname -m)"-*-musl) cc=musl-gcc ;;
  *-gnu) cc=$machine-linux-gnu-gcc root_of=/usr/$machine-linux-gnu ;;
  *-musl)
    # As musl-gcc does it, with Debian's cross compiler and its musl for that machine. GCC's own atomics ask for glibc.
    cc=$work/cc root_of=$work/musl
    printf '#!/bin/sh\nexec %s-linux-gnu-gcc -specs="%s/specs" -mno-outline-atomics "$@"\n' "$machine" "$root_of" > "$cc" && chmod +x "$cc" ;;
  esac
  [ -z "${root_of:-}" ] || emulator=("qemu-$machine" -L "$root_of")
  tar -xzf "$dist/pqrtc-$version-$1.tar.gz" -C "$work"
}
