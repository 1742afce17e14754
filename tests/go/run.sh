#!/usr/bin/env bash
# The Go binding, its examples and the matrix peer, against a library installed into an empty prefix, linked both ways.
#   PROVIDER=aws-lc tests/go/run.sh
set -uo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/go/env.sh
. tests/go/env.sh

provider=${PROVIDER:-aws-lc}
why=$(go_missing)
[ -z "$why" ] || { skipped "Go binding: $why"; finish; exit; }
from=$(provider_build "$provider") || { skipped "Go binding: no library for $provider and no cargo"; finish; exit; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go_env "$from" "$work" || { failed "Go binding: install"; finish; exit; }

formatted() { [ -z "$(gofmt -l bindings/go examples/go examples/pion tests/matrix/go)" ]; }
tests_of() { in_module "$1" go test -count=1 "${@:2}" ./...; }
alone() { env -u LD_LIBRARY_PATH "$@"; }
static_needs_no_library() {
  in_module examples/go go build -tags pqrtc_static -o "$work/keyexchange" ./keyexchange || return
  if ldd "$work/keyexchange" | grep libpqrtc; then return 1; fi
  alone "$work/keyexchange"
}

check "Go: gofmt" formatted
for module in bindings/go examples/go tests/matrix/go; do
  check "Go: vet $module" in_module "$module" go vet ./...
done
check "Go: the binding, shared library, race detector ($provider)" tests_of bindings/go -race
check "Go: the binding, static library ($provider)" tests_of bindings/go -tags pqrtc_static
check "Go: examples ($provider)" tests_of examples/go
check "Go: a static program needs no libpqrtc.so" static_needs_no_library
check "Go: matrix peer" in_module tests/matrix/go go build -o "$work/peer" .
finish
