# shellcheck shell=bash
# What the scripts share that use the npm package of bindings/web.

in_web() { (cd bindings/web && "$@"); }

# What is missing to build the package: nothing if all is there.
web_missing() {
  have node || { echo "needs node"; return; }
  node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' || { echo "needs node 20"; return; }
  have npm || { echo "needs npm"; return; }
  have cargo || { echo "needs cargo"; return; }
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] || echo "needs the Rust target wasm32-unknown-unknown (rustup target add)"
}

# Again only after a change of what is to be installed.
web_packages() {
  cmp -s bindings/web/package-lock.json bindings/web/node_modules/installed ||
    { in_web npm ci --silent && cp bindings/web/package-lock.json bindings/web/node_modules/installed; }
}

web_build() { web_packages && in_web npm run --silent build; }
