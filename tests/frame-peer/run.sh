#!/usr/bin/env bash
# Sealed frames of every codec against an independent implementation in Python, for each provider. Needs the package `cryptography`.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

python=python3
if ! $python -c 'import cryptography' 2> /dev/null; then
  python=${CARGO_TARGET_DIR:-target}/frame-peer-venv/bin/python
  [ -x "$python" ] || python3 -m venv "${python%/bin/python}" > /dev/null 2>&1
  "$python" -m pip install --quiet cryptography > /dev/null 2>&1
fi

for provider in aws-lc pqclean; do
  name="frames against a second implementation, $provider"
  if ! "$python" -c 'import cryptography' 2> /dev/null; then
    skipped "$name: no Python package cryptography"
  elif target=$(provider_build "$provider"); then
    check "$name" "$python" tests/frame-peer/peer.py "$target/libpqrtc.so"
  else
    failed "$name: it does not build"
  fi
done
finish
