# shellcheck shell=bash
# Sourced by the stack tests: where things are, and how to say that something is missing.
#
# A stack test is tests/stacks/NAME.sh: exit code 0 is passed, 77 skipped (the last line of its output says why), all else failed. One that
# knows --bench prints lines "figure STACK NAME VALUE UNIT" then, words of NAME joined by "_" or "-". Comment lines in it tell the runner what to do beforehand:
#   # apt: PACKAGE...     installed where the runner may
#   # pip: ARGUMENT...    installed into target/stacks/venv
#   # limit: SECONDS      300 if not given

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=../lib.sh
. "$root/tests/lib.sh"
target=${CARGO_TARGET_DIR:-$root/target}
stacks=$target/stacks
python=$stacks/venv/bin/python
# What `make build` made serves provider_build too.
[ ! -f "$target/release/libpqrtc.so" ] || export TARGET_aws_lc=${TARGET_aws_lc:-$target/release}

skip() { echo "skipped: $1"; exit 77; }

# need COMMAND...: skipped without one of them.
need() {
  local command
  for command in "$@"; do command -v "$command" > /dev/null || skip "no $command"; done
}

# need_python MODULE...: the Python package pqrtc on the library of this tree (an error if it does not load), and these modules beside it.
need_python() {
  local module
  [ -x "$python" ] || skip "no Python environment in $stacks/venv"
  export PYTHONPATH=$root/bindings/python/src PQRTC_LIBRARY=${PQRTC_LIBRARY:-$target/release/libpqrtc.so} PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
  "$python" -c 'import pqrtc' || exit 1
  for module in "$@"; do "$python" -c "import $module" 2> /dev/null || skip "no Python module $module"; done
}
