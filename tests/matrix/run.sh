#!/usr/bin/env bash
# Builds the peers that this machine can build, one for each language, and makes every pair talk to each other; README.md says how.
# The library is PROVIDER's (aws-lc), the Rust peer has it inside; with TARGET_pqclean= given, Python comes a second time with that one. Takes
# TARGET_aws_lc= as tests/lib.sh says.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/go/env.sh

command -v python3 > /dev/null || { skipped "matrix: no python3"; finish; exit; }
provider=${PROVIDER:-aws-lc}
from=$(provider_build "$provider") || { skipped "matrix: no library for $provider and no cargo"; finish; exit; }
from=$(realpath "$from")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The library alone, under the name that programs look for.
mkdir "$work/lib" && cp "$from/libpqrtc.so" "$work/lib/" && ln -s libpqrtc.so "$work/lib/$(soname "$from/libpqrtc.so")"
compile() { "$@" -O1 -Iinclude -L"$work/lib" -Wl,-rpath,"$work/lib" -lpqrtc; }

# peer NAME COMMAND: one that was built, or the reason why not.
peers=()
peer() { peers+=("$1=$2"); }
built() { # NAME COMMAND BUILD...
  if "${@:3}" > "$work/log" 2>&1; then peer "$1" "$2"; else failed "matrix: the $1 peer"; tail -n 20 "$work/log" | sed 's/^/    /'; fi
}

if have_compiler=$(command -v "${CC:-cc}"); then
  built c "$work/c" compile "$have_compiler" -o "$work/c" tests/matrix/peer.c
else
  peer c "skipped: no C compiler"
fi
if have_compiler=$(command -v "${CXX:-c++}"); then
  built c++ "$work/cpp" compile "$have_compiler" -std=c++17 -o "$work/cpp" tests/matrix/peer.cpp
else
  peer c++ "skipped: no C++ compiler"
fi

if python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
  python_with() { echo "env PYTHONPATH=$PWD/bindings/python/src PQRTC_LIBRARY=$1/libpqrtc.so python3 tests/matrix/peer.py"; }
  peer python "$(python_with "$work/lib")"
  other=${TARGET_pqclean:-}
  [ "$provider" = pqclean ] || [ ! -e "$other/libpqrtc.so" ] || peer python-on-pqclean "$(python_with "$(realpath "$other")")"
else
  peer python "skipped: no Python 3.9 or later"
fi

go_peer() { go_env "$from" "$work" && in_module tests/matrix/go go build -o "$work/go" .; }
why=$(go_missing)
if [ -n "$why" ]; then peer go "skipped: $why"; else built go "$work/go" go_peer; fi

if command -v cargo > /dev/null; then
  rust=(cargo build --quiet --release --example matrix_peer)
  [ "$provider" = aws-lc ] || rust+=(--no-default-features --features "$provider" --target-dir "${CARGO_TARGET_DIR:-target}/$provider")
  place=${CARGO_TARGET_DIR:-target}
  [ "$provider" = aws-lc ] || place+=/$provider
  built rust "$place/release/examples/matrix_peer" "${rust[@]}"
else
  peer rust "skipped: no cargo"
fi

[ "$fails" = 0 ] || { finish; exit; }
python3 tests/matrix/run.py "${peers[@]}"
