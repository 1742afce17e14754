#!/usr/bin/env bash
# Whether the tarballs in target/dist, which `make dist` made of a committed tree, are what another person gets: built again in a clone, with another
# folder, Cargo home, cache, language, time zone and umask, and the same toolchain. Compiles everything, so it is no part of a step.
#   bash tests/dist/reproducible.sh [TARGET...]     x86_64-unknown-linux-gnu if none is given
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/dist/common.sh
[ $# != 0 ] || set -- x86_64-unknown-linux-gnu
unset CARGO_TARGET_DIR
there=$work/another-folder/of-a-longer-name

made() { [ -f "$dist/pqrtc-$version-$1.tar.gz" ] || bash packaging/dist.sh "$1"; }
again() {
  (umask 077 && CARGO_HOME=$there/cargo XDG_CACHE_HOME=$there/cache LC_ALL=C.UTF-8 TZ=Asia/Tokyo bash "$there/source/packaging/dist.sh" "$1")
}
same_files() {
  local i folders=("$dist" "$there/source/target/dist")
  for i in 0 1; do mkdir -p "$work/$i" && tar -xzf "${folders[i]}/pqrtc-$version-$1.tar.gz" -C "$work/$i" || return; done
  diff -r --no-dereference "$work/0" "$work/1"
}
same_archive() { cmp "$dist/pqrtc-$version-$1.tar.gz" "$there/source/target/dist/pqrtc-$version-$1.tar.gz"; }

check "reproducible: the tree is committed" git diff --quiet HEAD
git clone -q --no-local . "$there/source" || exit 1
for triple; do
  check "reproducible: $triple, made" made "$triple"
  check "reproducible: $triple, built again" again "$triple"
  check "reproducible: $triple, libpqrtc.so, libpqrtc.a, the command and the other files are the same" same_files "$triple"
  check "reproducible: $triple, the tarballs are the same" same_archive "$triple"
done
finish
