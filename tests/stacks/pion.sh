#!/usr/bin/env bash
# pion, the WebRTC stack in Go: a sealed call over its own TURN server, and what goes wrong in one. Go modules are fetched.
#   tests/stacks/pion.sh           the tests
#   tests/stacks/pion.sh --bench   the figures, as a table
set -uo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/go/env.sh
. tests/go/env.sh

why=$(go_missing)
[ -n "$why" ] || from=$(provider_build "${PROVIDER:-aws-lc}") || why="no library and no cargo"
[ -n "$why" ] || in_module examples/pion go mod download > /dev/null 2>&1 || why="its Go modules cannot be fetched"
[ -z "$why" ] || { skipped "pion: $why"; finish; exit; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go_env "$from" "$work" || { failed "pion: install"; finish; exit; }

if [ "${1:-}" = --bench ]; then in_module examples/pion go run . -bench; exit; fi

check "pion: vet" in_module examples/pion go vet ./...
check "pion: build" in_module examples/pion go test -race -c -o "$work/pion.test" .
for test in $(cd examples/pion && "$work/pion.test" -test.list .); do
  check "pion: $test" in_module examples/pion timeout 300 "$work/pion.test" -test.run "^$test\$" -test.count=1
done
finish
