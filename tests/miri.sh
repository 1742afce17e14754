#!/usr/bin/env bash
# Unit tests of the core under Miri, which sees undefined behaviour that no other tool does. The provider is rustcrypto, which calls no foreign
# code. Miri takes some thousand times as long as the machine, so this is a choice: tests/README.md says what is left out.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=lib.sh
. tests/lib.sh

chosen=(
  sframe::header sframe::tests::a_key_that_is_removed replay:: protocol::wire kem::tests::numbers turn::tests::the_expiry
  frame::tests::an_obu frame::tests::units_are frame::tests::what_is
  tags_and_keys_have_one_length aead_refuses_unequal_lengths
)

if cargo +nightly miri --version > /dev/null 2>&1; then
  export MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-strict-provenance"
  check "miri: the core on rustcrypto" cargo +nightly miri test --quiet --lib --no-default-features --features rustcrypto \
    --target-dir "$target/miri" -- "${chosen[@]}"
else
  skipped "miri: needs rustup component add miri rust-src --toolchain nightly"
fi
finish
