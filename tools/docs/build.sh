#!/usr/bin/env bash
# Builds the documentation site into target/docs/html: `make docs`. Needs Python 3.11 with venv; what requirements.txt names comes from PyPI once, and
# later builds need no network. A warning is an error.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=tools/docs out=${CARGO_TARGET_DIR:-target}/docs
python=${PYTHON:-python3}
if ! cmp -s $here/requirements.txt "$out/venv/installed"; then
  "$python" -m venv --clear "$out/venv"
  "$out/venv/bin/pip" install -q --disable-pip-version-check -r $here/requirements.txt
  cp $here/requirements.txt "$out/venv/installed"
fi
rm -rf "$out/html"
"$out/venv/bin/python" $here/site.py "$out/src"
"$out/venv/bin/sphinx-build" -q -W -j 2 -b html -d "$out/doctrees" "$out/src" "$out/html"
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --release --no-deps --lib
cp -r "${CARGO_TARGET_DIR:-target}/doc" "$out/html/rust"
rm -f "$out/html/rust/.lock"
