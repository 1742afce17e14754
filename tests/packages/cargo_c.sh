#!/usr/bin/env bash
# What cargo cinstall makes of the same tree. PQRTC_TEST_CARGO_C=1 takes it for installed.
set -uo pipefail
. "$(dirname "$0")/common.sh"
[ "${PQRTC_TEST_CARGO_C:-}" = 1 ] || needs cargo-cinstall cargo-c cargo-c
needs pkg-config pkg-config cargo-c

cargo_c() {
  local so
  cargo cinstall --release --prefix "$work/cargo-c" --target-dir "${CARGO_TARGET_DIR:-target}/cargo-c" || return
  so=$(find "$work/cargo-c" -name libpqrtc.so)
  [ "$(soname "$so")" = "libpqrtc.so.$(sed -n 's/^#define PQRTC_ABI_VERSION *//p' include/pqrtc.h)" ] &&
    [ -f "$work/cargo-c/include/pqrtc.h" ] && [ -f "$work/cargo-c/include/pqrtc.hpp" ]
}

check "packages: cargo cinstall" cargo_c
check "packages: cargo-c, C with pkg-config, shared" by_pkg_config "$work/cargo-c" shared
check "packages: cargo-c, C with pkg-config, static" by_pkg_config "$work/cargo-c" static
finish
