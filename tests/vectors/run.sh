#!/usr/bin/env bash
# The vectors of our own making are what their scripts make: see README.md. `cargo test` reads them.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
python_packages vectors || { finish; exit; }
check "vectors: independent.json is what make.py makes" "$venv/bin/python" tests/vectors/make.py --check
finish
