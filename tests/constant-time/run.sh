#!/usr/bin/env bash
# Branches and memory accesses that depend on secrets, in each optimised library, by valgrind's memcheck (secrets.c). known.txt explains what is no
# leak; anything else fails.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

here=tests/constant-time
scenarios=(kem exchange handshake turn sign media envelopes)
if ! have valgrind || ! have_header valgrind/memcheck.h; then skipped "constant time: needs valgrind"; finish; exit; fi
have_python || { skipped "constant time: needs python3"; finish; exit; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# memcheck SCENARIO DIR: what is found is in DIR/SCENARIO.
memcheck() { LD_LIBRARY_PATH=$2 valgrind --quiet --error-limit=no --num-callers=40 --log-file="$2/$1" "$2/secrets" "$1"; }
sort_out() { "$python" $here/triage.py "$@"; }

logs=()
for provider in "${providers[@]}"; do
  dir=$work/$provider
  mkdir "$dir"
  from=$(provider_build "$provider") && ln -s "$(realpath "$from")/libpqrtc.so" "$dir/$(soname "$from/libpqrtc.so")" &&
    "${CC:-cc}" -std=c11 -Wall -Wextra -Werror -O1 -Iinclude -rdynamic $here/secrets.c "$from/libpqrtc.so" -o "$dir/secrets" ||
    { failed "constant time: build, $provider"; continue; }
  for scenario in "${scenarios[@]}"; do
    check "constant time: $provider: $scenario runs" memcheck "$scenario" "$dir"
    logs+=("$dir/$scenario")
  done
  memcheck fault "$dir" > /dev/null
  if sort_out $here/known.txt "$dir/fault" > "$work/log"; then failed "constant time: $provider: a branch on a secret is not found"
  else passed "constant time: $provider: a branch on a secret is found"; fi
done
complete=()
[ "${providers[*]}" != "${all_providers[*]}" ] || complete=(--complete)
if sort_out "${complete[@]}" $here/known.txt "${logs[@]}" > "$work/log"; then passed "constant time: $(tail -n 1 "$work/log")"
else failed "constant time: $(tail -n 1 "$work/log")"; head -n 60 "$work/log"; fi
finish
