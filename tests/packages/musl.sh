#!/usr/bin/env bash
# The musl target: make install gives the static part and says that there is no shared one; a program links to it and runs.
set -uo pipefail
. "$(dirname "$0")/common.sh"
triple=$(uname -m)-unknown-linux-musl
needs musl-gcc musl-tools musl
needs rustup "rustup target add $triple" musl
[[ " $(rustup target list --installed | tr '\n' ' ') " == *" $triple "* ]] || { skipped "packages: musl: needs rustup target add $triple"; finish; exit; }
export CARGO_BUILD_TARGET=$triple

installs() {
  make install PREFIX="$work/prefix" > "$work/said" && grep -q 'installing the static library alone' "$work/said" &&
    [ -f "$work/prefix/lib/libpqrtc.a" ] && [ ! -e "$work/prefix/lib/libpqrtc.so" ] && ! ls "$work"/prefix/lib/libpqrtc.so.*
}

# --libs without --static has to do too, since nothing but a static link is possible.
runs() {
  local lesson
  for lesson in $lessons; do
    # shellcheck disable=SC2046
    musl-gcc -static $(pkg "$work/prefix" --cflags pqrtc) "examples/c/$lesson.c" -o "$work/$lesson" $(pkg "$work/prefix" --libs pqrtc) &&
      run_lesson "$lesson" "$work/$lesson" env -i || return
  done
}

finds() { # the CMake package gives pqrtc::pqrtc in either case
  printf 'cmake_minimum_required(VERSION 3.16)\nproject(x LANGUAGES C)\nfind_package(pqrtc REQUIRED)\nadd_executable(x x.c)\ntarget_link_libraries(x pqrtc::pqrtc -static)\n' > "$work/CMakeLists.txt"
  cp examples/c/key_exchange.c "$work/x.c"
  CC=musl-gcc cmake -S "$work" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" && cmake --build "$work/build" && env -i "$work/build/x"
}

check "packages: musl, make build" make build
check "packages: musl, make install" installs
check "packages: musl, C with pkg-config" runs
read -ra libs < <(pkg "$work/prefix" --libs pqrtc | sed 's/-lpqrtc//')
unwinder=$(rustc --print target-libdir --target "$triple")/self-contained # as build.rs has it
check "packages: musl, a panic is caught" catches_panics --target "$triple" -L "native=$unwinder" -l static:+bundle=unwind -- musl-gcc -static
if command -v cmake > /dev/null; then check "packages: musl, CMake" finds; else skipped "packages: musl, CMake: needs cmake"; fi
finish
