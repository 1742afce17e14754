#!/usr/bin/env bash
# Builds examples/web with the pages of the tests beside it, and installs what drives the browsers and other bundlers: site.sh WORK. The page is then
# in WORK/site/dist, WORK/drivers/node_modules has the drivers, and WORK/bundlers what bundlers.mjs builds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$1
mkdir -p "$work/site/src" "$work/site/public" "$work/drivers"

npm_install() { (cd "$1" && PUPPETEER_SKIP_DOWNLOAD=1 npm install --ignore-scripts --no-audit --no-fund --no-package-lock) >&2; }
# Once for each package.json.
installed() { cmp -s "$1/package.json" "$1/node_modules/package.json"; }
install_in() { installed "$1" || { npm_install "$1" && cp "$1/package.json" "$1/node_modules/"; }; }

cp "$here/package.json" "$work/drivers/"
install_in "$work/drivers"

rm -rf "$work/site/src" "$work/site/dist"
cp -r "$root/examples/web/." "$work/site/"
sed -i "s|file:../../bindings/web|file:$root/bindings/web|" "$work/site/package.json"
cp "$here/page.html" "$work/site/test.html"
cp "$here/page.ts" "$work/site/src/test.ts"
cp "$here/meeting.html" "$work/site/"
cp "$here/meeting.ts" "$work/site/src/"
cp "$here/bare.js" "$work/site/public/"
cp "$here/vite.config.js" "$work/site/test.config.js"
install_in "$work/site"
mkdir -p "$work/bundlers"
cp "$here/bundlers/"{app.js,index.html,package.json} "$work/bundlers/"
sed -i "s|file:../../../../bindings/web|file:$root/bindings/web|" "$work/bundlers/package.json"
install_in "$work/bundlers"
cd "$work/site"
npx tsc --noEmit
npx vite build --config test.config.js --logLevel warn
