#!/usr/bin/env bash
# What pip makes of the Python binding, in environments that have nothing else: from the sources, and from a source distribution that builds by
# itself. The wheels of a release: tests/dist/wheel.sh.
set -uo pipefail
. "$(dirname "$0")/common.sh"
. tests/packages/wheels.sh
needs cargo cargo "Python wheel"
python_packages "packages: Python wheel" || { finish; exit; }

notices_in_step() { "$venv/bin/python" packaging/notices.py --check; }
sdist() { (cd bindings/python && "$venv/bin/python" -m build --sdist -o "$work/sdist"); }
no_links() { # every file is a file, and the crate is there
  ! tar -tvzf "$1" | grep '^[lh]' && tar -tzf "$1" | grep 'rust/Cargo.toml$' && ! tar -tzf "$1" | grep -E 'rust/(tests|examples|fuzz)/'
}
from_sdist() {
  CARGO_TARGET_DIR=$(realpath "$target") "$venv/bin/pip" wheel -q --no-deps -w "$work/from-sdist" "$work"/sdist/*.tar.gz && installs "$work"/from-sdist/*.whl
}

check "packages: THIRD-PARTY-NOTICES in step with the dependencies" notices_in_step
check "packages: pip install ./bindings/python" installs ./bindings/python
check "packages: the Python source distribution" sdist
check "packages: licences in the source distribution" has_licences tar -tzf "$work"/sdist/*.tar.gz
check "packages: no links and no tests in the source distribution" no_links "$work"/sdist/*.tar.gz
check "packages: a wheel from the source distribution alone" from_sdist
rm -rf bindings/python/build
finish
