#!/usr/bin/env bash
# The JavaScript of examples/browser that needs no browser, in Node 18.19 or later. The rest: tests/stacks/browser.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

in_node() { node --import ./tests/browser/node.mjs "$@"; }
if ! have node || ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 18 || (a == 18 && b >= 19) ? 0 : 1)'; then
  skipped "browser: needs nodejs 18.19"
  finish
  exit
fi
for test in keys media signaling; do check "browser: $test" in_node tests/browser/$test.mjs; done

if ! have npm || ! NOBLE=$(bash tests/browser/noble.sh 2> /dev/null); then skipped "browser: handshake: needs npm and @noble/post-quantum from its registry"
else
  export NOBLE
  name="browser: handshake, published runs" vectors=../shared/vectors/handshake-v1.json
  if [ -f "$vectors" ]; then check "$name" in_node tests/browser/vectors.mjs "$vectors"
  else skipped "$name: needs $vectors"; fi
  name="browser: handshake against the library"
  if ! have_python; then skipped "$name: needs python3"
  elif ! from=$(provider_build "${providers[0]}"); then failed "$name: it does not build"
  else check "$name" env PYTHONPATH=bindings/python/src PYTHONDONTWRITEBYTECODE=1 PQRTC_LIBRARY="$(realpath "$from")/libpqrtc.so" "$python" tests/browser/library.py; fi
fi
finish
