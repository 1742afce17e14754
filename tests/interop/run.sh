#!/usr/bin/env bash
# An independent implementation of the wire formats, on OpenSSL, against the library of each provider. The OpenSSL is that of PyPI
# `cryptography`, which has every algorithm; an `openssl` program of 3.5 or later is an extra for key files, tried where there is one.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

python_packages interop || { finish; exit; }
check "interop: OpenSSL reads the conformance file" "$venv/bin/python" tests/interop/vectors.py
for provider in "${providers[@]}"; do
  if from=$(provider_build "$provider"); then
    check "interop: OpenSSL and $provider, both ways" "$venv/bin/python" tests/interop/interop.py "$from/libpqrtc.so"
    check "interop: key files of OpenSSL and $provider, both ways" "$venv/bin/python" tests/interop/keyfiles.py "$from/libpqrtc.so"
  else
    failed "interop: build of $provider"
  fi
done
finish
