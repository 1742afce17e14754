#!/usr/bin/env bash
# The Python packages for publication: a wheel whose manylinux tag auditwheel proves, a source distribution that builds by itself, the licences in both.
set -uo pipefail
. "$(dirname "$0")/common.sh"
needs cargo cargo "Python wheel"
python_packages "packages: Python wheel" || { finish; exit; }

builds() { PYTHON=$venv/bin/python bash packaging/wheel.sh "$work/dist"; }
is_manylinux() {
  local wheel tag
  wheel=$(echo "$work"/dist/*.whl) && tag=${wheel##*-py3-none-} && tag=${tag%.whl} && [[ $tag == manylinux_* ]] || { echo "$wheel"; return 1; }
  # In its own words: is consistent with the following platform tag: "manylinux_2_34_x86_64".
  "$venv/bin/python" -m auditwheel show "$wheel" | tr -d '\n' | grep -o 'consistent with[^.]*manylinux_[0-9_a-z]*' | grep -F "${tag%%.*}"
}
has_licences() { # FILE LISTING-COMMAND...
  local name
  "$@" > "$work/listing" || return
  for name in LICENSE-MIT LICENSE-APACHE THIRD-PARTY-NOTICES; do grep "$name" "$work/listing" || return; done
}
installs() { # WHAT: into an environment that has nothing else, with no Rust on the PATH; a lesson runs
  rm -rf "$work/env"
  "$venv/bin/python" -m venv "$work/env" && "$work/env/bin/pip" install -q --disable-pip-version-check --no-deps "$1" &&
    env -i PATH="$work/nothing" "$work/env/bin/python" -I examples/python/key_exchange.py
}
notices_in_step() { "$venv/bin/python" packaging/notices.py --check; }
sdist() { (cd bindings/python && "$venv/bin/python" -m build --sdist -o "$work/sdist"); }
no_links() { # every file is a file, and the crate is there
  ! tar -tvzf "$1" | grep '^[lh]' && tar -tzf "$1" | grep 'rust/Cargo.toml$' && ! tar -tzf "$1" | grep -E 'rust/(tests|examples|fuzz)/'
}
from_sdist() {
  CARGO_TARGET_DIR=$(realpath "$target") "$venv/bin/pip" wheel -q --no-deps -w "$work/from-sdist" "$work"/sdist/*.tar.gz && installs "$work"/from-sdist/*.whl
}

check "packages: THIRD-PARTY-NOTICES in step with the dependencies" notices_in_step
check "packages: Python wheel" builds
check "packages: the wheel's manylinux tag" is_manylinux
check "packages: licences in the wheel" has_licences "$venv/bin/python" -m zipfile -l "$work"/dist/*.whl
check "packages: the wheel in an empty environment" installs "$work"/dist/*.whl
check "packages: Python source distribution" sdist
check "packages: licences in the source distribution" has_licences tar -tzf "$work"/sdist/*.tar.gz
check "packages: no links and no tests in the source distribution" no_links "$work"/sdist/*.tar.gz
check "packages: a wheel from the source distribution alone" from_sdist
finish
