#!/usr/bin/env bash
# Builds and runs the C tests: against the shared and the static library, with sanitizers and under valgrind (both shared only).
#
#   run.sh                              the providers of this run, each against the next; the static library of the first alone
#   run.sh LIBRARY_DIR [INCLUDE_DIR]    one library; PQRTC_OTHER is the libpqrtc.so of another provider, for the differential test
#
# MODES are some of "header plain asan valgrind"; the first two if not given.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

here=tests/c
cc=${CC:-cc}
read -ra static_libs < packaging/libs-private
warn=(-std=c11 -Wall -Wextra -Wpedantic -Werror)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

programs="sizes roundtrip recording call media threads signals stack hostile rng memory fork wiped"
if have_header srtp2/srtp.h; then
  programs="$programs srtp"
else
  skipped "c: srtp: needs libsrtp2-dev"
fi

# build DIR FLAGS... -- LIBRARY...: every program.
build() {
  local dir=$1 name flags=() more
  shift
  while [ "$1" != -- ]; do flags+=("$1"); shift; done
  shift
  mkdir -p "$dir"
  for name in $programs; do
    more=()
    case $name in
    hostile | stack | rng | memory | signals) more=("$here"/calls_{core,media,handshake,meeting}.c "$here/frame.c" "$here/api.c") ;;
    srtp) more=(-lsrtp2) ;;
    # The dynamic linker's late binding saves all registers to the stack, what the last copy left in them too.
    wiped) more=(-Wl,-z,now) ;;
    esac
    "$cc" "${warn[@]}" "${flags[@]}" "$here/$name.c" "${more[@]}" "$@" -lpthread -o "$dir/$name" || return 1
  done
  for name in dlopen differential; do
    "$cc" "${warn[@]}" "${flags[@]}" "$here/$name.c" -ldl -lpthread -o "$dir/$name" || return 1
  done
}

# run NAME COMMAND...: passed if the program ends well; what it says of itself is shown.
run() {
  local name=$1 log=$work/log
  shift
  if "$@" > "$log" 2>&1; then passed "c: $name: $(tail -n 1 "$log" | tr -s ' ')"; else failed "c: $name"; fi
  head -n -1 "$log" | sed 's/^/    /' | head -n 40
}

# run_all LABEL DIR SO [WRAPPER...]; without SO (static) dlopen and differential stay out.
run_all() {
  local label=$1 dir=$2 so=$3 name more
  shift 3
  for name in $programs; do
    more=()
    # It has a malloc() of its own, and takes long.
    [ "$name $label" = "memory shared" ] || [ "$name" != memory ] || continue
    # A child of busy threads has what those held, and nothing points to it any more.
    [ "$label $name" != "valgrind fork" ] || more=(--leak-check=no)
    run "$label $name" "$@" "${more[@]}" "$dir/$name"
  done
  [ -n "$so" ] || return 0
  run "$label dlopen" "$@" "$dir/dlopen" "$so"
  [ -z "${PQRTC_OTHER:-}" ] || run "$label differential" "$@" "$dir/differential" "$so" "$PQRTC_OTHER"
}

headers() {
  local compiler
  for compiler in gcc clang; do
    have $compiler || { skipped "c: header, $compiler: needs $compiler"; continue; }
    check "c: header, $compiler: valid C11 alone and twice" $compiler "${warn[@]}" -I"$include" -fsyntax-only "$here/header.c"
    if ! echo '#include <cstdint>' | $compiler -x c++ -fsyntax-only - 2> /dev/null; then
      skipped "c: header, $compiler: valid C++17: needs g++"
      continue
    fi
    check "c: header, $compiler: valid C++17 alone and twice" \
      $compiler -std=c++17 -Wall -Wextra -Wpedantic -Werror -I"$include" -x c++ -fsyntax-only "$here/header.cpp"
  done
  if have_python; then check "c: every function of the header is called by the hostile caller" "$python" "$here/covered.py" "$include"
  else skipped "c: every function of the header is called by the hostile caller: needs python3"; fi
  check "c: symbols of the shared and the installed static library" \
    bash "$here/symbols.sh" "$libdir/libpqrtc.so" "$include" "$archive" "${static_libs[@]}"
}

# one LIBRARY_DIR INCLUDE_DIR
one() {
  local libdir include archive mode so
  libdir=$(cd "$1" && pwd) && include=$(cd "$2" && pwd) || { failed "c: $1 or $2 is missing"; return; }
  so=$libdir/libpqrtc.so
  rm -rf "$work/lib" && mkdir "$work/lib"
  ln -s "$so" "$work/lib/libpqrtc.so"
  ln -s "$so" "$work/lib/$(soname "$so")"
  archive=$work/lib/libpqrtc.a
  bash packaging/localise.sh "$libdir/libpqrtc.a" "$archive" || { failed "c: localise $libdir/libpqrtc.a"; return; }
  local inc=(-I"$include") shared=(-L"$work/lib" -lpqrtc -Wl,-rpath,"$work/lib") static=("$archive" "${static_libs[@]}")
  local sanitize=(-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  for mode in ${MODES:-header plain}; do
    case $mode in
    header) headers ;;
    plain)
      build "$work/shared" -O2 "${inc[@]}" -- "${shared[@]}" || { failed "c: build, shared"; continue; }
      run_all shared "$work/shared" "$so"
      # How a program links is no matter of the provider.
      [ -z "${static_too:-}" ] && continue
      build "$work/static" -O2 "${inc[@]}" -- "${static[@]}" || { failed "c: build, static"; continue; }
      run_all static "$work/static" ""
      ;;
    asan)
      if ! echo 'int main(void){return 0;}' | "$cc" -fsanitize=address,undefined -x c - -o "$work/probe" 2> /dev/null; then
        skipped "c: sanitizers: needs libasan and libubsan for $cc"
        continue
      fi
      build "$work/asan-shared" "${sanitize[@]}" "${inc[@]}" -- "${shared[@]}" || { failed "c: build, sanitizers"; continue; }
      PQRTC_SLOW=1 run_all "asan shared" "$work/asan-shared" "$so"
      ;;
    valgrind)
      have valgrind || { skipped "c: valgrind: needs valgrind"; continue; }
      build "$work/valgrind" -O1 -g "${inc[@]}" -- "${shared[@]}" || { failed "c: build, valgrind"; continue; }
      PQRTC_SLOW=1 run_all valgrind "$work/valgrind" "$so" valgrind --quiet --leak-check=full \
        --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99
      ;;
    esac
  done
}

if [ $# -gt 0 ]; then
  static_too=1
  one "$1" "${2:-include}"
else
  for at in "${!providers[@]}"; do
    provider=${providers[at]} next=${providers[(at + 1) % ${#providers[@]}]}
    from=$(provider_build "$provider") && other=$(provider_build "$next") || { failed "c: build of $provider"; continue; }
    echo "-- $provider"
    [ "$at" = 0 ] && static_too=1 || static_too=
    [ "$next" != "$provider" ] && PQRTC_OTHER=$(realpath "$other")/libpqrtc.so || PQRTC_OTHER=
    one "$from" include
  done
fi
finish
