#!/usr/bin/env bash
# Sealed frames of every codec against an independent implementation in Python, and against the browser's in Node, for each provider.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

python_packages frame-peer || { finish; exit; }
for provider in "${providers[@]}"; do
  name="frames against a second implementation, $provider"
  if ! from=$(provider_build "$provider"); then failed "$name: it does not build"; continue; fi
  cases=$(mktemp)
  check "$name" "$venv/bin/python" tests/frame-peer/peer.py "$from/libpqrtc.so" "$cases"
  name="frames against the browser's implementation, $provider"
  if have node; then check "$name" node --no-warnings --import ./tests/browser/node.mjs tests/frame-peer/browser.mjs < "$cases"
  else skipped "$name: needs nodejs"; fi
  rm -f "$cases"
done
finish
