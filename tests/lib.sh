# shellcheck shell=bash
# What the test scripts share: one line a test, the providers of this run, a build for each, a Python with packages.

# The first is the default one. `make test` runs with it, `make test-all` with all.
all_providers=(aws-lc pqclean rustcrypto)
read -ra providers <<< "${PQRTC_PROVIDERS:-${all_providers[0]}}"

passes=0 fails=0 skips=0
passed() { passes=$((passes + 1)); echo "passed: $1"; }
failed() { fails=$((fails + 1)); echo "failed: $1"; }
# skipped "WHAT: needs PACKAGE"; with PQRTC_REQUIRE=1 that is a failure.
skipped() {
  if [ "${PQRTC_REQUIRE:-}" = 1 ]; then failed "$1 (PQRTC_REQUIRE=1 allows no skip)"; else skips=$((skips + 1)); echo "skipped: $1"; fi
}

# check NAME COMMAND...: passed if the command succeeds; its output is shown only if it does not, except for what it skipped.
check() {
  local name=$1 log skip
  shift
  log=$(mktemp)
  if "$@" > "$log" 2>&1; then
    passed "$name"
    while read -r skip; do skipped "$name: ${skip#skipped: }"; done < <(grep '^skipped: ' "$log" | sort -u)
  else
    failed "$name"
    sed 's/^/    /' "$log" | tail -n 40
  fi
  rm -f "$log"
}

finish() {
  echo "$passes passed, $fails failed, $skips skipped"
  [ "$fails" = 0 ]
}

have() { command -v "$1" > /dev/null; }
have_header() { echo "#include <$1>" | "${CC:-cc}" -fsyntax-only -x c - 2> /dev/null; }
have_hpp() { echo "#include <$1>" | "${CXX:-c++}" -std=c++17 -fsyntax-only -x c++ - 2> /dev/null; }

# The cargo options of a provider. The default one shares its folder with `make build`. A new folder begins as a copy of one that has most of
# the same crates.
target=${CARGO_TARGET_DIR:-target}
provider_flags() {
  local from=$target
  [ "$1" != "${all_providers[0]}" ] || return 0
  [ "$1" != rustcrypto ] || [ ! -d "$target/pqclean" ] || from=$target/pqclean
  [ -d "$target/$1" ] || [ ! -d "$from/release" ] || { mkdir "$target/$1" && cp -a "$from/release" "$target/$1"; }
  echo "--no-default-features --features $1,capi --target-dir $target/$1"
}
provider_folder() { if [ "$1" = "${all_providers[0]}" ]; then echo "$target"; else echo "$target/$1"; fi; }

# The folder with libpqrtc.so and libpqrtc.a of a provider: TARGET_aws_lc (or the like) if given, else built now.
provider_build() {
  local given=TARGET_${1//-/_}
  if [ -n "${!given:-}" ]; then echo "${!given}"; return; fi
  have cargo || return 1
  # shellcheck disable=SC2046
  cargo build --quiet --release --lib $(provider_flags "$1") >&2 && echo "$(provider_folder "$1")/release"
}

# The name under which programs look for a shared library at run time.
soname() { readelf -dW "$1" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'; }

# have_python: a Python 3.9 or later, $python, runs. PYTHON names another.
python=${PYTHON:-python3}
have_python() { "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' > /dev/null 2>&1; }

# python_packages WHAT: a Python with what tests/python/requirements.txt names, in $venv; else says that WHAT is skipped.
venv=$(realpath -m "$target")/venv
python_packages() {
  local wanted=tests/python/requirements.txt
  have_python || { skipped "$1: needs python3"; return 1; }
  cmp -s $wanted "$venv/installed" && "$venv/bin/python" -c '' 2> /dev/null && return
  "$python" -c 'import venv, ensurepip' > /dev/null 2>&1 || { skipped "$1: needs python3-venv"; return 1; }
  { "$python" -m venv --clear "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r $wanted; } > /dev/null 2>&1 &&
    cp $wanted "$venv/installed" || { skipped "$1: needs $(tr '\n' ' ' < $wanted)from PyPI"; return 1; }
}
