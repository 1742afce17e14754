#!/usr/bin/env bash
# The Go binding against a library of each provider, installed into an empty prefix; with the first also under the race detector, linked
# statically, and its examples.
set -uo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/go/env.sh
. tests/go/env.sh

why=$(go_missing)
[ -z "$why" ] || { skipped "go: $why"; finish; exit; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

formatted() { [ -z "$(gofmt -l bindings/go examples/go examples/pion tests/matrix/go)" ]; }
# What a test skips is said on the lines before "--- SKIP".
tests_of() {
  in_module "$1" go test -count=1 -v "${@:2}" ./... | awk '
    /^ *[a-z0-9_]+_test\.go:[0-9]+: / { sub(/^ *[^ ]* /, ""); why = $0 }
    /--- SKIP/ { print "skipped: " $3 ": " why }
    !/^ *(===|--- PASS)/'
}
alone() { env -u LD_LIBRARY_PATH "$@"; }
static_needs_no_library() {
  in_module examples/go go build -tags pqrtc_static -o "$work/keyexchange" ./keyexchange || return
  if ldd "$work/keyexchange" | grep libpqrtc; then return 1; fi
  alone "$work/keyexchange"
}

without_cgo_says_what_to_do() {
  local said
  said=$(cd bindings/go && CGO_ENABLED=0 go build . 2>&1) && return 1
  grep -q 'set_CGO_ENABLED_1' <<< "$said" || { echo "$said"; return 1; }
}

check "go: gofmt" formatted
check "go: CGO_ENABLED=0 says what to do" without_cgo_says_what_to_do
for provider in "${providers[@]}"; do
  from=$(provider_build "$provider") && go_env "$from" "$work/$provider" || { failed "go: installing $provider"; continue; }
  if [ "$provider" != "${providers[0]}" ]; then
    check "go: the binding ($provider)" tests_of bindings/go
    continue
  fi
  for module in bindings/go examples/go tests/matrix/go; do
    check "go: vet $module" in_module "$module" go vet ./...
  done
  check "go: the binding ($provider), shared library, race detector" tests_of bindings/go -race
  check "go: the binding ($provider), static library" tests_of bindings/go -tags pqrtc_static
  check "go: examples" tests_of examples/go
  check "go: a static program needs no libpqrtc.so" static_needs_no_library
done
finish
