#!/usr/bin/env bash
# CMake projects that use pqrtc: installed (find_package), or as source (add_subdirectory, FetchContent); and what they install themselves.
set -uo pipefail
. "$(dirname "$0")/common.sh"
needs cmake cmake CMake
needs c++ g++ CMake
built
target=$(dirname "$from")
install_to "$work/prefix" || { failed "packages: install"; finish; exit 1; }

# by_cmake HOW ARGS...
by_cmake() {
  local build=$work/cmake-$1
  cmake -S tests/packages/consumer -B "$build" -DHOW="$1" -DPQRTC_SOURCE="$root" "${@:2}" &&
    cmake --build "$build" -j 2 && (cd "$build" && ctest --output-on-failure)
}

# by_install HOW: what the consumer installed runs from another place, with the build folder gone and no LD_LIBRARY_PATH.
by_install() {
  local program
  cmake --install "$work/cmake-$1" --prefix "$work/app" && mv "$work/app" "$work/app-moved" && rm -rf "$work/cmake-$1" || return
  for program in "$work"/app-moved/bin/key_exchange-{c,cpp}-{pqrtc,static}; do env -i "$program" || return; done
  needs_pqrtc "$work/app-moved/bin/key_exchange-c-pqrtc" && ! readelf -dW "$work/app-moved/bin/key_exchange-c-pqrtc" | grep "PATH.*$work"
}

refuses() { # VERSION
  mkdir -p "$work/refuse"
  printf 'cmake_minimum_required(VERSION 3.16)\nproject(x LANGUAGES C)\nfind_package(pqrtc %s REQUIRED)\n' "$1" > "$work/refuse/CMakeLists.txt"
  ! cmake -S "$work/refuse" -B "$work/refuse/build" -DCMAKE_PREFIX_PATH="$work/prefix"
}

own_install() { # this repository as a CMake project of its own installs what make install does
  cmake -S . -B "$work/own" -DPQRTC_CARGO_TARGET_DIR="$target" -DCMAKE_INSTALL_PREFIX="$work/by-cmake" && cmake --build "$work/own" &&
    cmake --install "$work/own" && diff <(cd "$work/by-cmake" && find . ! -type d | sort) <(cd "$work/moved" && find . ! -type d | sort)
}

check "packages: CMake find_package" by_cmake find_package -DCMAKE_PREFIX_PATH="$work/prefix"
check "packages: find_package refuses a newer version" refuses 0.99
check "packages: find_package refuses another major version" refuses 1.0
mv "$work/prefix" "$work/moved"
rm -rf "$work/cmake-find_package"
check "packages: CMake find_package after the prefix was moved" by_cmake find_package -DCMAKE_PREFIX_PATH="$work/moved"
check "packages: CMake add_subdirectory" by_cmake add_subdirectory -DPQRTC_CARGO_TARGET_DIR="$target"
check "packages: CMake FetchContent" by_cmake FetchContent -DPQRTC_CARGO_TARGET_DIR="$target"
check "packages: cmake --install after FetchContent" by_install FetchContent
check "packages: cmake --install of this repository" own_install
finish
