# shellcheck shell=bash
# Sourced by the tests of this folder, which are given what packaging/dist.sh made in target/dist.
. tests/packages/common.sh
dist=$root/target/dist
tools=$(realpath -m "$target")/dist-tools/bin
version=$(sed -n '/^\[package\]/,/^\[/s/^version *= *"\(.*\)"/\1/p' Cargo.toml)

# unpacked TARGET: the folder of its tarball, in $prefix; $cc and $emulator are those of the machine.
unpacked() {
  prefix=$work/pqrtc-$version-$1
  if [[ $1 = "$(uname -m)"-* ]]; then cc=cc emulator=(); else cc=${1%%-*}-linux-gnu-gcc emulator=("qemu-${1%%-*}" -L "/usr/${1%%-*}-linux-gnu"); fi
  tar -xzf "$dist/pqrtc-$version-$1.tar.gz" -C "$work"
}
