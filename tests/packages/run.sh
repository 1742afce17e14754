#!/usr/bin/env bash
# Installs into empty prefixes, then builds and runs consumers against what was installed: C with pkg-config, C++ with CMake (installed,
# add_subdirectory, FetchContent), and, where cargo-c is there or PQRTC_TEST_CARGO_C=1, what cargo cinstall makes of the same tree.
# Takes TARGET_aws_lc= as tests/lib.sh says. Prints one line for each test.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc=${CC:-cc}
from=$(provider_build aws-lc) || { failed "packages: build"; finish; exit 1; }
from=$(realpath "$from")

install_to() { FROM=$from PREFIX=$1 DESTDIR=${2:-} bash packaging/install.sh; }
needs_pqrtc() { readelf -d "$1" | grep -q 'NEEDED.*libpqrtc'; }

# pkg PREFIX ARGS...: pkg-config that knows this prefix alone.
pkg() { PKG_CONFIG_LIBDIR=$(dirname "$(find "$1" -name pqrtc.pc)") pkg-config "${@:2}"; }

# Every lesson in C, linked to the shared and to the static library of a prefix by pkg-config.
by_pkg_config() {
  local prefix=$1 how=$2 lesson program links args=()
  for lesson in key_exchange turn_wrap seal_frames sign_artifact; do
    program=$work/$lesson-$how
    if [ "$how" = shared ]; then links=$(pkg "$prefix" --libs pqrtc); else links=$(pkg "$prefix" --static --libs pqrtc | sed 's/-lpqrtc/-l:libpqrtc.a/'); fi
    # shellcheck disable=SC2046,SC2086
    "$cc" -Wall -Werror $(pkg "$prefix" --cflags pqrtc) -o "$program" "examples/c/$lesson.c" $links || return 1
    if [ "$how" = shared ]; then needs_pqrtc "$program" || return 1; else ! needs_pqrtc "$program" || return 1; fi
    args=()
    [ "$lesson" != sign_artifact ] || { cp Cargo.toml "$work/artifact" && args=("$work/artifact"); } || return 1
    LD_LIBRARY_PATH=$(pkg "$prefix" --variable=libdir pqrtc) "$program" "${args[@]}" || return 1
  done
}

# by_cmake HOW ARGS...
by_cmake() {
  local build=$work/cmake-$1
  cmake -S tests/packages/consumer -B "$build" -DHOW="$1" -DPQRTC_SOURCE="$root" "${@:2}" &&
    cmake --build "$build" -j 2 && (cd "$build" && ctest --output-on-failure)
}

installed_alone() { # the same list of files for every way, so that nothing is forgotten or left over
  (cd "$1" && find . ! -type d | sort) | diff - <(
    cat << 'FILES'
./include/pqrtc.h
./include/pqrtc.hpp
./lib/cmake/pqrtc/pqrtc-config-version.cmake
./lib/cmake/pqrtc/pqrtc-config.cmake
./lib/libpqrtc.a
./lib/libpqrtc.so
./lib/libpqrtc.so.1
./lib/libpqrtc.so.1.0.0
./lib/pkgconfig/pqrtc.pc
./share/pqrtc/pqrtc.map
FILES
  )
}

staged() { # DESTDIR holds the files, and no file knows of it
  install_to /opt/pqrtc "$work/stage" && installed_alone "$work/stage/opt/pqrtc" && ! grep -rI "$work/stage" "$work/stage" &&
    grep -qx 'prefix=/opt/pqrtc' "$work/stage/opt/pqrtc/lib/pkgconfig/pqrtc.pc"
}

facts() { # stated once, or proved equal
  local version abi
  version=$(sed -n '/^\[package\]/,/^\[/s/^version *= *"\(.*\)"/\1/p' Cargo.toml)
  abi=$(sed -n 's/^#define PQRTC_ABI_VERSION *\([0-9]*\).*/\1/p' include/pqrtc.h)
  [ "$(pkg "$work/prefix" --modversion pqrtc)" = "$version" ] && [ "$(soname "$work/prefix/lib/libpqrtc.so")" = "libpqrtc.so.$abi" ] &&
    [ -e "$work/prefix/lib/libpqrtc.so.$abi" ]
}

private_libraries() { # packaging/libs-private names all that rustc says a static library needs
  local lib
  for lib in $(rustc --crate-type=staticlib --print=native-static-libs -o "$work/empty.a" - < /dev/null 2>&1 | sed -n 's/.*native-static-libs: //p'); do
    grep -qw -- "$lib" packaging/libs-private || { echo "missing $lib"; return 1; }
  done
}

find_package_refuses() {
  printf 'cmake_minimum_required(VERSION 3.16)\nproject(x LANGUAGES C)\nfind_package(pqrtc %s REQUIRED)\n' "$1" > "$work/refuse/CMakeLists.txt"
  ! cmake -S "$work/refuse" -B "$work/refuse/build" -DCMAKE_PREFIX_PATH="$work/prefix"
}

by_cmake_install() { # this repository as a CMake project of its own
  cmake -S . -B "$work/own" -DPQRTC_CARGO_TARGET_DIR="$target" -DCMAKE_INSTALL_PREFIX="$work/by-cmake" && cmake --build "$work/own" &&
    cmake --install "$work/own" && installed_alone "$work/by-cmake"
}

cargo_c() {
  cargo cinstall --release --prefix "$work/cargo-c" --target-dir "${CARGO_TARGET_DIR:-target}/cargo-c" || return 1
  [ "$(soname "$(find "$work/cargo-c" -name libpqrtc.so)")" = "$(soname "$from/libpqrtc.so")" ] &&
    [ -f "$work/cargo-c/include/pqrtc.h" ] && [ -f "$work/cargo-c/include/pqrtc.hpp" ]
}

stripped() { strip -g "$work/prefix/lib/libpqrtc.a" && by_pkg_config "$work/prefix" static; }

check "packages: install with DESTDIR" staged
check "packages: install into an empty prefix" install_to "$work/prefix"
check "packages: versions, SONAME and pkg-config agree" facts
if command -v rustc > /dev/null; then check "packages: private libraries" private_libraries; else skipped "packages: private libraries: no rustc"; fi
check "packages: C with pkg-config, shared" by_pkg_config "$work/prefix" shared
check "packages: C with pkg-config, static" by_pkg_config "$work/prefix" static
check "packages: C with pkg-config, static, strip -g" stripped

if command -v cmake > /dev/null; then
  check "packages: CMake find_package" by_cmake find_package -DCMAKE_PREFIX_PATH="$work/prefix"
  mkdir -p "$work/refuse"
  check "packages: find_package refuses a newer version" find_package_refuses 0.99
  check "packages: find_package refuses another major version" find_package_refuses 1.0
  mv "$work/prefix" "$work/moved"
  rm -rf "$work/cmake-find_package"
  check "packages: CMake find_package after the prefix was moved" by_cmake find_package -DCMAKE_PREFIX_PATH="$work/moved"
  target=$(dirname "$from")
  for how in add_subdirectory FetchContent; do
    check "packages: CMake $how" by_cmake "$how" -DPQRTC_CARGO_TARGET_DIR="$target"
  done
  check "packages: cmake --install" by_cmake_install
else
  skipped "packages: CMake is not installed"
fi

if command -v cargo-cinstall > /dev/null || [ "${PQRTC_TEST_CARGO_C:-}" = 1 ]; then
  check "packages: cargo cinstall" cargo_c
  check "packages: cargo-c, C with pkg-config, shared" by_pkg_config "$work/cargo-c" shared
  check "packages: cargo-c, C with pkg-config, static" by_pkg_config "$work/cargo-c" static
else
  skipped "packages: cargo-c is not installed"
fi
finish
