#!/usr/bin/env bash
# The Python binding: its types, and its tests with each provider. PYTHON= names the interpreter. What pip makes of it: tests/packages/wheel.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

target=$(realpath -m "$target")
python_packages python || { finish; exit; }

# in_binding COMMAND...: in bindings/python, with the sources there and a library that was built already.
in_binding() { (cd bindings/python && PYTHONPATH=src PQRTC_LIBRARY=$library "$venv/bin/python" -m "$@"); }

with_provider() {
  PYTHONPATH=bindings/python/src PQRTC_LIBRARY=$library "$venv/bin/python" -c "import pqrtc; assert pqrtc.provider() == '$1'" &&
    in_binding pytest -p no:cacheprovider -rs | sed 's/^SKIPPED \[[0-9]*\] /skipped: /'
}

for provider in "${providers[@]}"; do
  built=$(provider_build "$provider") || { failed "python: build of $provider"; continue; }
  library=$(realpath "$built")/libpqrtc.so
  [ "$provider" != "${providers[0]}" ] || check "python: mypy --strict" in_binding mypy --cache-dir "$target/mypy"
  check "python: pytest, $provider" with_provider "$provider"
done

finish
