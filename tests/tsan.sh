#!/usr/bin/env bash
# The thread tests under ThreadSanitizer. It must see the standard library too (its locks, Arc, joining of threads), or it reports false
# races: so this needs a nightly Rust with the component rust-src.
#
# What it does not see is compiled C. There is an argument for that: the layers above `provider` have no unsafe code, the keys of a provider
# are not written after they were made, and handles in `ffi` follow the rule in pqrtc.h.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

sysroot=$(rustc +nightly --print sysroot 2> /dev/null) || { skipped "ThreadSanitizer: needs a nightly Rust"; finish; exit; }
[ -d "$sysroot/lib/rustlib/src/rust/library" ] || { skipped "ThreadSanitizer: needs the component rust-src of nightly Rust"; finish; exit; }
host=$(rustc +nightly -vV | sed -n 's/^host: //p')

export RUSTFLAGS="-Zsanitizer=thread --cfg pqrtc_sanitizer" TSAN_OPTIONS="halt_on_error=1 exitcode=66"
thread_tests() {
  cargo +nightly test -Zbuild-std --target "$host" --target-dir "$target/tsan" --test rust -- thread 2>&1 | tee "$log" &&
    ! grep -q 'test result: ok. 0 passed' "$log"
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
check "ThreadSanitizer: the thread tests" thread_tests
finish
