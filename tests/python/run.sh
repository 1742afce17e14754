#!/usr/bin/env bash
# The Python binding: its types, its tests with each provider, and what pip makes of it in environments that have nothing else.
# PYTHON= names the interpreter.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=$(realpath -m "$target")

fit() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' > /dev/null 2>&1; }
fitting() { local one; for one; do if fit "$one"; then echo "$one"; return; fi; done; return 1; }
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

# The lessons, run by the Python of an environment where nothing but the package is; the PATH is empty, so there is no Rust on it.
lessons() {
  local lesson
  for lesson in examples/python/*.py; do
    env -i PATH="$work/nothing" "$1/bin/python" -I "$lesson" || return 1
  done
}

# installed WHAT PYTHON: pip takes it into a new environment, and the lessons run.
installed() {
  local env
  env=$(mktemp -d -p "$work")
  "$2" -m venv "$env" && "$env/bin/pip" install -q --disable-pip-version-check --no-deps "$1" && lessons "$env"
}

well_made() { # one library, one tag for every Python
  case ${wheel##*/} in pqrtc-*-py3-none-*.whl) ;; *) echo "its name is $wheel"; return 1 ;; esac
  "$venv/bin/python" -m zipfile -l "$wheel" | awk '{print $1}' > "$work/listing"
  [ "$(grep -c 'libpqrtc\.\|pqrtc\.dll' "$work/listing")" = 1 ] && grep -q pqrtc/py.typed "$work/listing" || { cat "$work/listing"; return 1; }
}

from_sdist() {
  (cd bindings/python && "$venv/bin/python" -m build --sdist -o "$work/sdist") &&
    CARGO_TARGET_DIR=$target "$venv/bin/pip" wheel -q --no-deps -w "$work/from-sdist" "$work"/sdist/*.tar.gz && installed "$work"/from-sdist/*.whl "$python"
}

if ! have cargo; then
  skipped "python: wheels: needs cargo"
else
  rm -rf bindings/python/build
  check "python: pip install ./bindings/python" installed ./bindings/python "$python"
  check "python: pip wheel" "$venv/bin/pip" wheel -q --disable-pip-version-check --no-deps -w "$work/wheel" ./bindings/python
  wheel=$(echo "$work"/wheel/*.whl)
  check "python: the wheel holds what it should" well_made
  for version in 9 10 11 12 13 14; do
    other=$(fitting "python3.$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$version".*/bin/python3) || continue
    check "python: the wheel in an empty Python 3.$version" installed "$wheel" "$other"
  done
  check "python: a wheel from the source distribution" from_sdist
  rm -rf bindings/python/build
fi

finish
