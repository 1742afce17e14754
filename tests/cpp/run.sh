#!/usr/bin/env bash
# The C++ binding, with each provider: it covers the C API, compiles without a warning on gcc and clang as C++17 and C++20 (also without
# exceptions and RTTI), passes its tests as they are and under AddressSanitizer and UBSan. With the first provider its examples run, as do
# those in C.
# Prints one line for each test.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -ra libs < packaging/libs-private
warnings=(-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror)
bare=(-fno-exceptions -fno-rtti)
tests=(tests/cpp/pqrtc_test.cpp tests/cpp/hostile_test.cpp tests/cpp/allocations.cpp)
have g++ || { skipped "cpp: needs g++"; finish; exit; }
if have_hpp nlohmann/json.hpp; then tests+=(tests/cpp/conformance_test.cpp); else skipped "cpp: conformance file: needs nlohmann-json3-dev"; fi
have_gtest=$(have_hpp gtest/gtest.h && echo yes)

# The header alone, twice, and what uses it.
compiles() { # CXX STANDARD
  printf '#include <pqrtc.hpp>\n#include <pqrtc.hpp>\nint main() {}\n' > "$work/alone.cpp"
  local file
  for file in "$work/alone.cpp" examples/cpp/*.cpp tests/matrix/peer.cpp benches/cpp_binding.cpp; do
    "$1" "-std=c++$2" "${warnings[@]}" -Iinclude -fsyntax-only "$file" || return 1
  done
  for file in "$work/alone.cpp" tests/cpp/bare_test.cpp; do
    "$1" "-std=c++$2" "${bare[@]}" "${warnings[@]}" -Iinclude -fsyntax-only "$file" || return 1
  done
}

# refused.cpp: case 0 compiles, each other one is refused for the reason that it shows.
refused() { # CXX
  local case flags=(-std=c++17 -Iinclude -fsyntax-only tests/cpp/refused.cpp)
  "$1" -DCASE=0 "${flags[@]}" || return 1
  for ((case = 1; case <= 15; case++)); do
    if "$1" -DCASE="$case" "${flags[@]}" > "$work/refused" 2>&1; then echo "case $case compiles"; return 1; fi
    grep -q 'deleted function\|deleted member function\|deleted constructor\|explicitly deleted\|selected deleted' "$work/refused" || { cat "$work/refused"; return 1; }
  done
}

built() { # OUT ARGS...
  g++ -std=c++17 -g "${warnings[@]}" -Iinclude -o "$1" "${@:2}"
}

# Each test file is compiled once for each flavour, then linked to each provider.
plain=(-O1) asan=(-O0 -fsanitize=address,undefined -fno-sanitize-recover=all)
flavour() { # NAME FLAGS...
  mkdir -p "$work/$1"
  printf '%s\n' "${tests[@]}" | xargs -P 2 -I{} sh -c '"$@" -c -o "$0/$(basename "{}" .cpp).o" "{}"' "$work/$1" \
    g++ -std=c++17 -g "${warnings[@]}" -Iinclude "${@:2}"
}
gtests() { # NAME FLAGS...
  g++ "${@:2}" -o "$work/$1-tests" "$work/$1"/*.o "$archive" -lgtest -lgtest_main "${libs[@]}" && "$work/$1-tests"
}

barely() { built "$work/bare" "${bare[@]}" tests/cpp/bare_test.cpp "$archive" "${libs[@]}" && "$work/bare"; }

example() { # LANGUAGE LESSON
  local program=$work/$1-$2 args=()
  if [ "$1" = c ]; then cc -std=c11 -Wall -Wextra -Werror -Iinclude -o "$program" "examples/c/$2.c" "$archive" "${libs[@]}" || return 1
  else built "$program" "examples/cpp/$2.cpp" "$archive" "${libs[@]}" || return 1; fi
  [ "$2" != sign_artifact ] || { head -c 300000 "$archive" > "$work/artifact" && args=("$work/artifact"); }
  "$program" "${args[@]}"
}

if have_python; then check "cpp: every function and constant of pqrtc.h" "$python" tests/cpp/coverage.py include/pqrtc.h include/pqrtc.hpp
else skipped "cpp: every function and constant of pqrtc.h: needs python3"; fi
for cxx in g++ clang++; do
  for standard in 17 20; do
    if have "$cxx"; then check "cpp: $cxx -std=c++$standard without a warning" compiles "$cxx" "$standard"
    else skipped "cpp: $cxx -std=c++$standard without a warning: needs ${cxx/clang++/clang}"; fi
  done
  if have "$cxx"; then check "cpp: $cxx refuses views of secrets that are wiped in the same statement" refused "$cxx"; fi
done

if [ "$have_gtest" = yes ]; then
  check "cpp: the tests compile" flavour plain "${plain[@]}"
  check "cpp: the tests compile with sanitizers" flavour asan "${asan[@]}"
fi
for provider in "${providers[@]}"; do
  from=$(provider_build "$provider") || { failed "cpp $provider: build"; continue; }
  archive=$work/$provider.a
  bash packaging/localise.sh "$from/libpqrtc.a" "$archive" || { failed "cpp $provider: localise"; continue; }
  check "cpp $provider: without exceptions and RTTI" barely
  if [ "$have_gtest" = yes ]; then
    check "cpp $provider: tests" gtests plain
    check "cpp $provider: tests under AddressSanitizer and UBSan" gtests asan "${asan[@]}"
  else
    skipped "cpp $provider: tests: needs libgtest-dev"
  fi
  [ "$provider" = "${providers[0]}" ] || continue
  for lesson in call key_exchange turn_wrap sign_artifact seal_frames; do
    [ ! -f "examples/c/$lesson.c" ] || check "cpp: example c/$lesson" example c "$lesson"
    check "cpp: example cpp/$lesson" example cpp "$lesson"
  done
done
finish
