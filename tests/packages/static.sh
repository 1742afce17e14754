#!/usr/bin/env bash
# Programs that need no shared library at all, not even libc: -static, -static-pie, and Go with external static linking.
set -uo pipefail
. "$(dirname "$0")/common.sh"
needs pkg-config pkg-config "static programs"
built
install_to "$work/prefix" || { failed "packages: install"; finish; exit 1; }

needs_nothing() { ! readelf -dW "$1" | grep NEEDED; }

# linked FLAG: every lesson, run with nothing in its environment.
linked() {
  local lesson program
  for lesson in $lessons; do
    program=$work/$lesson$1
    # shellcheck disable=SC2046
    "$cc" "$1" $(pkg "$work/prefix" --cflags pqrtc) -o "$program" "examples/c/$lesson.c" $(static_libs "$work/prefix") &&
      needs_nothing "$program" && run_lesson "$lesson" "$program" env -i || return
  done
}

# What rustc says that a static library needs is named, but for libgcc_s: every compiler driver adds the libgcc that fits how it links.
private_libraries() {
  local lib
  for lib in $(rustc --crate-type=staticlib --print=native-static-libs -o "$work/empty.a" - < /dev/null 2>&1 | sed -n 's/.*native-static-libs: //p'); do
    [ "$lib" = -lgcc_s ] || grep -qw -- "$lib" packaging/libs-private || { echo "missing $lib"; return 1; }
  done
  ! grep gcc_s packaging/libs-private
}

go_static() {
  (cd examples/go && go build -tags pqrtc_static -ldflags '-linkmode external -extldflags "-static"' -o "$work/go-static" ./keyexchange) &&
    needs_nothing "$work/go-static" && env -i "$work/go-static"
}

if command -v rustc > /dev/null; then
  read -ra libs < packaging/libs-private
  check "packages: private libraries" private_libraries
  check "packages: a panic is caught in a program with -static" catches_panics -- "$cc" -static
else
  skipped "packages: private libraries: needs rustc"
fi
check "packages: C with -static" linked -static
if echo 'int main(void) { return 0; }' | "$cc" -static-pie -x c - -o "$work/probe" 2> /dev/null; then
  check "packages: C with -static-pie" linked -static-pie
else
  skipped "packages: C with -static-pie: needs a compiler that has it"
fi
. tests/go/env.sh
why=$(go_missing)
if [ -z "$why" ]; then
  go_env "$from" "$work/go" && check "packages: Go, external static linking" go_static
else
  skipped "packages: Go, external static linking: needs Go ($why)"
fi
finish
