#!/usr/bin/env bash
# pqrtc beside other people's code in Rust, C, Python, Go and the browser's engine: each takes the other's keys, ciphertexts, signatures and
# frames, then both are measured in one run. `make bench-peers`; PQRTC_BENCH_ROUNDS=21 for a short one. The first run compiles OpenSSL and
# liboqs, 10 minutes of processor time.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/go/env.sh
rounds=${PQRTC_BENCH_ROUNDS:-301}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# show NAME COMMAND...: its figures are what it is run for.
show() {
  local name=$1
  shift
  echo "-- $name"
  if "$@"; then passed "$name"; else failed "$name"; fi
}
cargo_bench() { cargo bench --quiet --manifest-path benches/peers/Cargo.toml --target-dir target "$@"; }

rust() {
  have cmake && have clang || { skipped "peers: OpenSSL and liboqs: needs cmake, clang and perl"; return; }
  show "peers: key exchange" cargo_bench --bench kem --features ring
  show "peers: signatures" cargo_bench --bench dsa --features ring
}
frames() {
  local backend
  for backend in ring openssl rust-crypto; do show "peers: sframe on $backend" cargo_bench --bench sframe_backend --features "$backend"; done
}

python_peers() {
  python_packages "peers: Python" || return
  export PYTHONPATH=bindings/python/src PQRTC_LIBRARY=$from/libpqrtc.so
  show "peers: Python beside cryptography" "$venv/bin/python" bindings/python/bench.py "$rounds"
}

go_peers() {
  local missing
  missing=$(go_missing)
  [ -z "$missing" ] || { skipped "peers: Go: $missing"; return; }
  check "peers: Go: installed library" go_env "$from" "$work"
  go_env "$from" "$work" > /dev/null
  show "peers: Go beside circl and crypto/mlkem" in_module benches/peers/go go run . "$rounds"
}

web_peers() {
  have npm || { skipped "peers: npm package: needs npm"; return; }
  check "peers: build of the npm package" in_module bindings/web npm ci --silent
  check "peers: build of the npm package" in_module bindings/web npm run --silent build
  show "peers: npm package beside noble and WebCrypto" in_module bindings/web npm run --silent bench
}

from=$(realpath "$(provider_build aws-lc)") || { failed "peers: build of the library"; finish; exit 1; }
parts=("$@")
[ $# != 0 ] || parts=(rust frames python_peers go_peers web_peers)
for part in "${parts[@]}"; do "$part"; done
finish
