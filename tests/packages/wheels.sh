# shellcheck shell=bash
# What the tests of wheels share, here and in tests/dist.
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
  "$python" -m zipfile -l "$1" | awk '{ print $1 }' > "$listing"
  [ "$(grep -c 'libpqrtc\.\|pqrtc\.dll' "$listing")" = 1 ] && grep -q pqrtc/py.typed "$listing" || { cat "$listing"; return 1; }
}
fit() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' > /dev/null 2>&1; }
fitting() { local one; for one; do if fit "$one"; then echo "$one"; return; fi; done; return 1; }
