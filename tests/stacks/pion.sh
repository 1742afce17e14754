#!/usr/bin/env bash
# pion, the WebRTC stack in Go: a sealed call over its own TURN server, and what goes wrong in one. Go modules are fetched.
# limit: 400
# bench
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$root/tests/go/env.sh"
why=$(go_missing)
[ -z "$why" ] || skip "$why"
[ -f "$target/release/libpqrtc.so" ] || skip "no library in $target/release; make build"
cd "$root/examples/pion"
go mod download || skip "its Go modules cannot be fetched"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go_env "$target/release" "$work"
if [ "${1:-}" = --bench ]; then go run . -bench; exit; fi
go vet ./...
go test -race -count=1 -v .
