# shellcheck shell=bash
# What the test scripts share: one line a test, a build for each provider.

passes=0 fails=0 skips=0
passed() { passes=$((passes + 1)); echo "passed: $1"; }
failed() { fails=$((fails + 1)); echo "failed: $1"; }
skipped() { skips=$((skips + 1)); echo "skipped: $1"; }

# check NAME COMMAND...: passed if the command succeeds; its output is shown only if it does not.
check() {
  local name=$1 log
  shift
  log=$(mktemp)
  if "$@" > "$log" 2>&1; then passed "$name"; else failed "$name"; sed 's/^/    /' "$log" | tail -n 40; fi
  rm -f "$log"
}

finish() {
  echo "$passes passed, $fails failed, $skips skipped"
  [ "$fails" = 0 ]
}

# The folder with libpqrtc.so and libpqrtc.a of a provider: TARGET_aws_lc or TARGET_pqclean, else built now.
provider_build() {
  local given=TARGET_${1//-/_}
  if [ -n "${!given:-}" ]; then echo "${!given}"; return; fi
  command -v cargo > /dev/null || return 1
  cargo build --quiet --release --lib --no-default-features --features "$1" --target-dir "${CARGO_TARGET_DIR:-target}/$1" >&2 &&
    echo "${CARGO_TARGET_DIR:-target}/$1/release"
}

# The name under which programs look for a shared library at run time.
soname() { readelf -dW "$1" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'; }

have_header() { echo "#include <$1>" | "${CC:-cc}" -fsyntax-only -x c - 2> /dev/null; }
