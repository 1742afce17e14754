#!/usr/bin/env bash
# What pip makes of the Python binding, in environments that have nothing else: from the sources, as a wheel whose manylinux tag auditwheel
# proves, and from a source distribution that builds by itself; the licences in both.
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
# The lessons, run by the Python of an environment where nothing but the package is; the PATH is empty, so there is no Rust on it.
lessons() {
  local lesson
  for lesson in examples/python/*.py; do
    env -i PATH="$work/nothing" "$1/bin/python" -I "$lesson" || return
  done
}
installs() { # WHAT [PYTHON]: pip takes it into a new environment, and the lessons run
  local env
  env=$(mktemp -d -p "$work")
  "${2:-$python}" -m venv "$env" && "$env/bin/pip" install -q --disable-pip-version-check --no-deps "$1" && lessons "$env"
}
well_made() { # one library, one tag for every Python
  local listing=$work/listing
  [[ ${1##*/} == pqrtc-*-py3-none-*.whl ]] || { echo "its name is $1"; return 1; }
  "$venv/bin/python" -m zipfile -l "$1" | awk '{ print $1 }' > "$listing"
  [ "$(grep -c 'libpqrtc\.\|pqrtc\.dll' "$listing")" = 1 ] && grep -q pqrtc/py.typed "$listing" || { cat "$listing"; return 1; }
}
fit() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' > /dev/null 2>&1; }
fitting() { local one; for one; do if fit "$one"; then echo "$one"; return; fi; done; return 1; }
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
check "packages: Python wheel" builds
check "packages: the wheel holds what it should" well_made "$work"/dist/*.whl
check "packages: the wheel's manylinux tag" is_manylinux
check "packages: licences in the wheel" has_licences "$venv/bin/python" -m zipfile -l "$work"/dist/*.whl
for version in 9 10 11 12 13 14; do
  other=$(fitting "python3.$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$version".*/bin/python3) || continue
  check "packages: the wheel in an empty Python 3.$version" installs "$work"/dist/*.whl "$other"
done
check "packages: the Python source distribution" sdist
check "packages: licences in the source distribution" has_licences tar -tzf "$work"/sdist/*.tar.gz
check "packages: no links and no tests in the source distribution" no_links "$work"/sdist/*.tar.gz
check "packages: a wheel from the source distribution alone" from_sdist
rm -rf bindings/python/build
finish
