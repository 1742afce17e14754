#!/usr/bin/env bash
# The JavaScript of examples/browser that needs no browser, in Node 18.19 or later. The rest: tests/stacks/browser.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

if have node && node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)'; then
  check "browser: key IDs and senders" node tests/browser/keys.mjs
else
  skipped "browser: key IDs and senders: needs nodejs"
fi
finish
