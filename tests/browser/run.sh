#!/usr/bin/env bash
# The JavaScript of examples/browser that needs no browser: keys, media and signaling in Node 18.19 or later, the handshake in Node 20.19 or later. The rest:
# tests/stacks/browser.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

# node_from MAJOR: Node MAJOR.19 or later.
node_from() { have node && node -e 'const [a, b] = process.versions.node.split(".").map(Number), least = +process.argv[1]; process.exit(a > least || (a === least && b >= 19) ? 0 : 1)' "$1"; }

for test in keys media signaling; do
  if node_from 18; then check "browser: $test" node tests/browser/$test.mjs
  else skipped "browser: $test: needs nodejs 18.19"; fi
done

if ! node_from 20; then skipped "browser: handshake: needs nodejs 20.19"
elif ! have npm || ! NOBLE=$(bash tests/browser/noble.sh 2> /dev/null); then skipped "browser: handshake: needs npm and @noble/post-quantum from its registry"
else
  export NOBLE
  name="browser: handshake, published runs" vectors=../shared/vectors/handshake-v1.json
  if [ -f "$vectors" ]; then check "$name" node --import ./tests/browser/noble.mjs tests/browser/vectors.mjs "$vectors"
  else skipped "$name: needs $vectors"; fi
  name="browser: handshake against the library"
  if ! have_python; then skipped "$name: needs python3"
  elif ! from=$(provider_build "${providers[0]}"); then failed "$name: it does not build"
  else check "$name" env PYTHONPATH=bindings/python/src PYTHONDONTWRITEBYTECODE=1 PQRTC_LIBRARY="$(realpath "$from")/libpqrtc.so" "$python" tests/browser/library.py; fi
fi
finish
