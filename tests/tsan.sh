#!/usr/bin/env bash
# The thread tests under ThreadSanitizer. It has to see the standard library too (its locks, Arc, joining of threads), or it reports
# races that are none: so this needs a nightly Rust with the component rust-src.
#
# Without it there is an argument. The floors above `provider` have no unsafe code (`deny(unsafe_code)` in lib.rs), so that a data race in
# them does not compile. What the compiler takes on trust is `Sync` for the keys of a provider, which are not written after they were
# made; and in `ffi`, that C keeps the rule on handles in pqrtc.h. That a frame is opened once, a counter used once, a key taken once is
# not a matter of data races: the tests named here put it under stress, in any build.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
  echo "skipped: ThreadSanitizer: $*"
  exit 0
}
sysroot=$(rustc +nightly --print sysroot 2> /dev/null) || skip "no nightly Rust"
[ -d "$sysroot/lib/rustlib/src/rust/library" ] || skip "nightly Rust has no rust-src, without which it reports false races"
host=$(rustc +nightly -vV | sed -n 's/^host: //p')

export RUSTFLAGS="-Zsanitizer=thread --cfg pqrtc_sanitizer" TSAN_OPTIONS="halt_on_error=1 exitcode=66"
cargo +nightly test -Zbuild-std --target "$host" --target-dir target/tsan --test rust -- thread
