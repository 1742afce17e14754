#!/usr/bin/env bash
# Sealed frames of every codec against an independent implementation in Python, for each provider.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

python_packages frame-peer || { finish; exit; }
for provider in "${providers[@]}"; do
  name="frames against a second implementation, $provider"
  if from=$(provider_build "$provider"); then check "$name" "$venv/bin/python" tests/frame-peer/peer.py "$from/libpqrtc.so"
  else failed "$name: it does not build"; fi
done
finish
