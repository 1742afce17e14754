#!/usr/bin/env bash
# The unit tests of the core under Miri, which sees undefined behaviour that no other tool does. The provider is rustcrypto, which calls no foreign
# code. Miri is some hundred times slower than the machine: tests that make ML-DSA or ML-KEM keys, or try thousands of inputs, are left out.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
cargo +nightly miri --version > /dev/null 2>&1 || { skipped "miri: needs rustup component add miri --toolchain nightly"; finish; exit; }
MIRIFLAGS=-Zmiri-disable-isolation check "miri: the core on rustcrypto" cargo +nightly miri test --quiet --lib --no-default-features --features rustcrypto \
  --target-dir "$target/miri" -- sframe:: replay:: frame:: protocol:: handshake::message turn:: meeting::commit \
  --skip every_short_string
finish
