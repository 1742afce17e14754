#!/usr/bin/env bash
# libpqrtc beside others in one process, with each provider: linked statically with OpenSSL, libsodium and a second Rust library, and with
# a second copy of itself; loaded and closed at run time; forked.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc=${CC:-cc}
flags=(-std=gnu11 -O1 -g -Wall -Wextra -Werror -Iinclude)
read -ra libs < packaging/libs-private

# localised IN OUT: makes the archive that is installed, and looks at what it exports.
localised() {
  bash packaging/localise.sh "$1" "$2" || return 1
  local strays
  strays=$(nm -g --defined-only "$2" | awk 'NF == 3 && $3 !~ /^pqrtc_/')
  [ -z "$strays" ] || { echo "$strays"; return 1; }
}

# build_and_run PROGRAM ARGS-OF-CC...
build_and_run() { "$cc" "${flags[@]}" -o "$1" "${@:2}" && "$1"; }

stack_is_not_executable() { readelf -lW "$1" | grep GNU_STACK | grep -q 'RW '; }

# The same .a inside a plugin, which exports what the version script says.
plugin() {
  sed 's/pqrtc_\*;/plugin_*;/' packaging/pqrtc.map > "$1/plugin.map"
  "$cc" "${flags[@]}" -fPIC -shared -o "$1/plugin.so" tests/coexist/plugin.c "$1/libpqrtc.a" "${libs[@]}" -Wl,-z,nodelete \
    -Wl,--version-script="$1/plugin.map" || return 1
  local strays
  strays=$(nm -D --defined-only "$1/plugin.so" | awk '$3 !~ /^(plugin_exercise|PQRTC_1)/ { print $3 }')
  [ -z "$strays" ] || { echo "exports $strays"; return 1; }
}

if command -v rustc > /dev/null; then
  rustc --edition 2024 --crate-type staticlib -O -o "$work/libsecond.a" tests/coexist/second.rs
fi

for provider in "${providers[@]}"; do
  from=$(provider_build "$provider") || { failed "coexist $provider: build"; continue; }
  out=$work/$provider
  mkdir -p "$out" && ln -s "$(realpath "$from/libpqrtc.so")" "$out/$(soname "$from/libpqrtc.so")"
  check "coexist $provider: only pqrtc_ symbols in the installed .a" localised "$from/libpqrtc.a" "$out/libpqrtc.a"

  if have_header openssl/evp.h && have_header sodium.h && [ -f "$work/libsecond.a" ]; then
    # The order on the command line decides who is searched first: try both.
    others=("$work/libsecond.a" -lcrypto -lsodium)
    check "coexist $provider: static before OpenSSL, libsodium and Rust" \
      build_and_run "$out/neighbours" tests/coexist/neighbours.c "$out/libpqrtc.a" "${others[@]}" -rdynamic "${libs[@]}"
    check "coexist $provider: static after them" \
      build_and_run "$out/neighbours" tests/coexist/neighbours.c "${others[@]}" "$out/libpqrtc.a" -rdynamic "${libs[@]}"
    check "coexist $provider: shared beside OpenSSL, libsodium and Rust" \
      build_and_run "$out/neighbours-so" tests/coexist/neighbours.c "${others[@]}" "$from/libpqrtc.so" -rdynamic -Wl,-rpath,"$out" "${libs[@]}"
    check "coexist $provider: the program's stack is not executable" stack_is_not_executable "$out/neighbours"
  else
    skipped "coexist $provider: OpenSSL and libsodium beside it: needs libssl-dev and libsodium-dev"
  fi

  check "coexist $provider: fork, static" build_and_run "$out/forked" tests/coexist/forked.c "$out/libpqrtc.a" "${libs[@]}"
  check "coexist $provider: fork, shared" build_and_run "$out/forked-so" tests/coexist/forked.c "$from/libpqrtc.so" -Wl,-rpath,"$out" "${libs[@]}"

  "$cc" "${flags[@]}" -o "$out/loader" tests/coexist/loader.c -ldl -lpthread
  check "coexist $provider: dlopen twice, use, close" "$out/loader" "$(realpath "$from/libpqrtc.so")" pqrtc_self_test
  check "coexist $provider: the .a in a .so of one's own" plugin "$out"
  check "coexist $provider: that plugin, dlopen twice, use, close" "$out/loader" "$out/plugin.so" plugin_exercise
done

one=$work/${providers[0]}/libpqrtc.a
for other in "${providers[@]:1}"; do
  two=$work/$other/libpqrtc.a
  nm -g --defined-only "$two" | awk '$2 == "T" { print $3, "other_" $3 }' > "$work/renames"
  objcopy --redefine-syms="$work/renames" "$two" "$work/libother.a"
  check "coexist: ${providers[0]} and $other linked into one program" \
    build_and_run "$work/two" tests/coexist/two_providers.c "$one" "$work/libother.a" "${libs[@]}"
done
finish
