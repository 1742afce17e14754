#!/usr/bin/env bash
# Chromium: a page that speaks pqrtc by WebCrypto alone, byte by byte against the library, then calls with itself and with aiortc.
# apt: chromium
# pip: -r examples/aiortc/requirements.txt playwright==1.*
# limit: 240
set -euo pipefail
. "$(dirname "$0")/env.sh"
need_python aiortc playwright.async_api
need chromium
hashes=$stacks/node/node_modules/@noble/hashes
if [ ! -f "$hashes/sha3.js" ]; then
  need npm
  mkdir -p "$stacks/node"
  cp "$root/examples/browser/package.json" "$stacks/node/"
  npm install --prefix "$stacks/node" --ignore-scripts --no-audit --no-fund || skip "npm cannot install @noble/hashes"
fi
"$python" "$root/tests/stacks/browser/bytes.py" "$(command -v chromium)" "$hashes"
"$python" "$root/tests/stacks/browser/codecs.py" "$(command -v chromium)" "$hashes"
"$python" "$root/tests/stacks/browser/calls.py" "$(command -v chromium)" "$hashes" "$stacks/browser.png"
