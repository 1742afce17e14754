#!/usr/bin/env bash
# Chromium: a page that speaks pqrtc by WebCrypto alone, byte by byte against the library, then calls with itself and with aiortc.
# apt: chromium
# pip: -r examples/aiortc/requirements.txt playwright==1.*
# limit: 240
set -euo pipefail
. "$(dirname "$0")/env.sh"
need_python aiortc playwright.async_api
need chromium
need npm
modules=$(bash "$root/tests/browser/noble.sh")/node_modules || skip "npm cannot install @noble/post-quantum"
"$python" "$root/tests/stacks/browser/bytes.py" "$(command -v chromium)" "$modules"
"$python" "$root/tests/stacks/browser/codecs.py" "$(command -v chromium)" "$modules"
"$python" "$root/tests/stacks/browser/calls.py" "$(command -v chromium)" "$modules" "$stacks/browser.png"
