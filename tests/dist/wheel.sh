#!/usr/bin/env bash
# The wheels of packaging/dist.sh: their tags, which auditwheel proves, what is in them, and the lessons with each Python that is here.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/dist/common.sh
. tests/packages/wheels.sh

is_manylinux() { # in its own words: is consistent with the following platform tag: "manylinux_2_28_x86_64".
  "$tools/auditwheel" show "$1" | tr -d '\n' | grep -o 'consistent with[^.]*manylinux_[0-9_a-z]*' | grep -F "manylinux_2_28_$2"
}
for machine in x86_64 aarch64; do
  wheel=$dist/pqrtc-$version-py3-none-manylinux_2_28_$machine.whl
  check "dist: the wheel for $machine holds what it should" well_made "$wheel"
  check "dist: the wheel for $machine has the licences" has_licences python3 -m zipfile -l "$wheel"
  check "dist: the wheel for $machine is manylinux_2_28" is_manylinux "$wheel" "$machine"
done
for version_of_python in 9 10 11 12 13 14; do
  other=$(fitting "python3.$version_of_python" "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$version_of_python".*/bin/python3) || continue
  check "dist: the wheel in an empty Python 3.$version_of_python" installs "$dist/pqrtc-$version-py3-none-manylinux_2_28_$(uname -m).whl" "$other"
done
finish
