#!/usr/bin/env bash
# cargo package: it takes what builds the library and its header, and no more. That it builds by itself is shown by wheel.sh, whose source
# distribution is this crate.
set -uo pipefail
. "$(dirname "$0")/common.sh"
needs cargo cargo crate

cargo package --list --allow-dirty > "$work/list" 2> /dev/null
no_more() {
  ! grep -vE '^(src/.*\.(rs|sig|ct)|include/pqrtc\.(h|hpp)|build\.rs|cbindgen\.toml|Cargo\.(lock|toml|toml\.orig)|\.cargo_vcs_info\.json|(README|CHANGELOG|SECURITY)\.md|LICENSE-(MIT|APACHE)|docs/frame-format\.md|THIRD-PARTY-NOTICES)$' "$work/list" &&
    ! grep -E '^src/(.*/)?tests(\.rs|/)' "$work/list"
}
no_less() {
  local file
  for file in include/pqrtc.h include/pqrtc.hpp cbindgen.toml build.rs Cargo.lock LICENSE-MIT LICENSE-APACHE README.md; do
    grep -qx "$file" "$work/list" || { echo "missing $file"; return 1; }
  done
}
docs_rs() { # the features and the target that docs.rs is told exist
  cargo metadata --no-deps --format-version 1 > "$work/metadata" &&
    grep -q '"docs":{"rs":{"features":\["aws-lc"\]' "$work/metadata" && grep -q '"documentation":"https://docs.rs/pqrtc"' "$work/metadata"
}

check "packages: the crate holds what it needs" no_less
check "packages: the crate holds no more" no_more
check "packages: metadata for docs.rs" docs_rs
finish
