#!/usr/bin/env bash
# The npm package of bindings/web: built, its types checked, and its tests in Node.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/web/env.sh

why=$(web_missing)
if [ -n "$why" ]; then skipped "web: $why"; finish; exit; fi
check "web: npm ci" web_packages
check "web: the package builds" web_build
check "web: types and tests in Node" in_web npm run --silent check
finish
