#!/usr/bin/env bash
# An independent implementation of the wire formats, on OpenSSL, against the library of each provider. Needs PyPI cryptography 48 or
# later: the installed one, or one in an environment of its own. Takes TARGET_aws_lc= and TARGET_pqclean= as tests/lib.sh says.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

enough='import cryptography as c; from cryptography.hazmat.primitives.asymmetric import mlkem, mldsa; assert int(c.__version__.split(".")[0]) >= 48'
python=python3
if ! $python -c "$enough" 2> /dev/null; then
  venv=${CARGO_TARGET_DIR:-target}/interop-venv
  python=$venv/bin/python
  if ! $python -c "$enough" 2> /dev/null; then
    { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet 'cryptography>=48'; } > /dev/null 2>&1 || true
  fi
  if ! $python -c "$enough" 2> /dev/null; then
    skipped "interop: PyPI cryptography 48 cannot be had here (pip install 'cryptography>=48')"
    finish
    exit
  fi
fi
check "interop: OpenSSL reads the conformance file" "$python" tests/interop/vectors.py
for provider in aws-lc pqclean; do
  if from=$(provider_build "$provider"); then
    check "interop: OpenSSL and $provider, both ways" "$python" tests/interop/interop.py "$from/libpqrtc.so"
  else
    failed "interop: build of $provider"
  fi
done
finish
