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
    # Debian has no compiler for it: Zig compiles, and what runs takes the musl of Debian's own package for that machine.
    cc=$work/cc root_of=$work/musl
    printf '#!/bin/sh\nexec "%s" -m ziglang cc -target %s-linux-musl -fno-sanitize=all "$@"\n' "$tools/python" "$machine" > "$cc" && chmod +x "$cc" ;;
  esac
  [ -z "${root_of:-}" ] || emulator=("qemu-$machine" -L "$root_of")
  tar -xzf "$dist/pqrtc-$version-$1.tar.gz" -C "$work"
}
