#!/usr/bin/env bash
# An independent implementation of the wire formats, on OpenSSL, against the library of each provider. The OpenSSL is that of PyPI
# `cryptography`, which has every algorithm. For the forms of key files that it does not write, it is that of Node 24, from npm.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

python_packages interop || { finish; exit; }
node24=$target/node24 node=
if ! have npm; then
  skipped "interop: key files in expanded form: needs npm"
elif ! npm install --silent --no-save --prefix "$node24" "node-$(node -p 'process.platform + "-" + process.arch')@24.21.0" > /dev/null; then
  failed "interop: Node 24 from npm"
else
  node=$(echo "$node24"/node_modules/node-*/bin/node)
fi
check "interop: OpenSSL reads the conformance file" "$venv/bin/python" tests/interop/vectors.py
for provider in "${providers[@]}"; do
  if from=$(provider_build "$provider"); then
    check "interop: OpenSSL and $provider, both ways" "$venv/bin/python" tests/interop/interop.py "$from/libpqrtc.so"
    check "interop: key files of OpenSSL and $provider, both ways" "$venv/bin/python" tests/interop/keyfiles.py "$from/libpqrtc.so" $node
  else
    failed "interop: build of $provider"
  fi
done
check "interop: build of the command" bash packaging/cli.sh
check "interop: the command pqrtc with OpenSSL and hmac" "$venv/bin/python" tests/interop/cli.py "$(realpath "$target")/cli/release/pqrtc"
finish
