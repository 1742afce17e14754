#!/usr/bin/env bash
# Meetings over the delivery server of examples/meeting, honest and hostile, with each provider.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

python_packages meeting || { finish; exit; }
export PYTHONPATH=$PWD/bindings/python/src PYTHONDONTWRITEBYTECODE=1
example() { "$venv/bin/python" examples/meeting/member.py | tee /dev/stderr | grep -q 'eve, who left: .*(49)'; }
for provider in "${providers[@]}"; do
  from=$(provider_build "$provider") || { failed "meeting: build of $provider"; continue; }
  PQRTC_LIBRARY=$(realpath "$from")/libpqrtc.so
  export PQRTC_LIBRARY
  check "meeting: three over the delivery server, one leaves ($provider)" example
  check "meeting: a hostile delivery server ($provider)" "$venv/bin/python" -m pytest -q -p no:cacheprovider --tb=short tests/meeting/hostile.py
done
finish
