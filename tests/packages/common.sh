# shellcheck shell=bash
# Sourced by the tests of this folder: a temporary folder, the library of the default provider, and consumers in C by pkg-config.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
. tests/lib.sh

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc=${CC:-cc}
lessons="call key_exchange turn_wrap seal_frames sign_artifact"

# The folder with libpqrtc.so and libpqrtc.a.
built() {
  from=$(provider_build aws-lc) || { failed "packages: build"; finish; exit 1; }
  from=$(realpath "$from")
}

# needs COMMAND PACKAGE WHAT: ends the script with a skip if there is no such command.
needs() { command -v "$1" > /dev/null || { skipped "packages: $3: needs $2"; finish; exit; }; }

install_to() { FROM=$from PREFIX=$1 DESTDIR=${2:-} bash packaging/install.sh; }
needs_pqrtc() { readelf -d "$1" | grep -q 'NEEDED.*libpqrtc'; }

# pkg PREFIX ARGS...: pkg-config that knows this prefix alone.
pkg() { PKG_CONFIG_LIBDIR=$(dirname "$(find "$1" -name pqrtc.pc)") pkg-config "${@:2}"; }
static_libs() { pkg "$1" --static --libs pqrtc | sed 's/-lpqrtc/-l:libpqrtc.a/'; }

# catches_panics RUSTC-ARGS... -- LINK...: whether what is linked that way can unwind, so that a panic becomes an error and does not abort.
catches_panics() {
  local rust=()
  while [ "$1" != -- ]; do rust+=("$1"); shift; done
  echo 'int pqrtc_catches(void); int main(void) { return pqrtc_catches() != 1; }' > "$work/catches.c"
  rustc --edition 2024 --crate-type staticlib -O "${rust[@]}" tests/packages/catches.rs -o "$work/libcatches.a" &&
    bash packaging/localise.sh "$work/libcatches.a" "$work/liblocalised.a" &&
    "${@:2}" "$work/catches.c" "$work/liblocalised.a" -o "$work/catches" ${libs[@]+"${libs[@]}"} && "$work/catches"
}

# run_lesson LESSON PROGRAM [WRAPPER...]; with the emulator of another machine, if there is one.
emulator=()
run_lesson() {
  local args=()
  [ "$1" != sign_artifact ] || { cp Cargo.toml "$work/artifact" && args=("$work/artifact"); } || return
  "${@:3}" "${emulator[@]}" "$2" "${args[@]}"
}

# by_pkg_config PREFIX shared|static: every lesson in C.
by_pkg_config() {
  local lesson program links
  for lesson in $lessons; do
    program=$work/$lesson-$2
    if [ "$2" = shared ]; then links=$(pkg "$1" --libs pqrtc); else links=$(static_libs "$1"); fi
    # shellcheck disable=SC2046,SC2086
    "$cc" -Wall -Werror $(pkg "$1" --cflags pqrtc) -o "$program" "examples/c/$lesson.c" $links || return
    if [ "$2" = shared ]; then needs_pqrtc "$program" || return; elif needs_pqrtc "$program"; then return 1; fi
    LD_LIBRARY_PATH=$(pkg "$1" --variable=libdir pqrtc) run_lesson "$lesson" "$program" || return
  done
}
