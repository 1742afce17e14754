#!/usr/bin/env bash
# Prints the folder with the npm packages of examples/browser, which it installs below target/. Fails without npm or without its registry.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${CARGO_TARGET_DIR:-$root/target}/stacks/node
mkdir -p "$folder"
if ! cmp -s "$root/examples/browser/package.json" "$folder/package.json" || [ ! -d "$folder/node_modules/@noble/post-quantum" ]; then
  cp "$root/examples/browser/package.json" "$folder/"
  npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --no-package-lock >&2 || { rm -f "$folder/package.json"; exit 1; }
fi
echo "$folder"
