#!/usr/bin/env bash
# The checks that are about the sources: formatting, clippy for each provider, documentation, the header in step, licences.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

builds=("" "--all-features")
for provider in "${all_providers[@]:1}"; do builds+=("--no-default-features --features $provider"); done

check "cargo fmt" cargo fmt --all --check
# Clippy would compile OpenSSL and liboqs.
check "benches/peers: fmt" cargo fmt --manifest-path benches/peers/Cargo.toml --check
for features in "${builds[@]}"; do
  # shellcheck disable=SC2086
  check "clippy $features" cargo clippy --release --all-targets $features -- -D warnings
done
check "clippy of the command" cargo clippy --release --all-targets -p pqrtc-cli --target-dir "$target/cli" -- -D warnings
RUSTDOCFLAGS="-D warnings" check "rustdoc" cargo doc --release --no-deps
no_provider() {
  local said
  said=$(cargo check --release --no-default-features 2>&1) && return 1
  grep -q 'needs a provider' <<< "$said"
}
check "no provider is a compile error that says what to do" no_provider

# The build script has written the header if it was another one.
header_in_step() {
  cargo check --release --quiet && git diff --exit-code HEAD -- include/pqrtc.h || { echo "include/pqrtc.h was not in step: commit the new one"; return 1; }
}
check "include/pqrtc.h in step with the sources" header_in_step


# From a package or a read-only checkout the build uses the header that came with it.
read_only_tree() {
  local tree
  tree=$(mktemp -d) && git archive HEAD | tar -x -C "$tree" && rm "$tree/include/pqrtc.h" || return 1
  # shellcheck disable=SC2016
  TREE=$tree CARGO_TARGET_DIR=$PWD/target unshare --mount bash -c '
    mount --bind "$TREE" "$TREE" && mount -o remount,bind,ro "$TREE" && cd "$TREE" && cargo check --release --locked --quiet'
}
if unshare --mount true 2> /dev/null; then
  check "builds from a tree that cannot be written" read_only_tree
else
  skipped "builds from a tree that cannot be written: needs mount namespaces"
fi

# The README shows examples/c/call.c; `extract.py --check` below holds the two together.
readme_works() {
  local work
  work=$(mktemp -d) && ln -s "$PWD/target/release/libpqrtc.so" "$work/$(soname target/release/libpqrtc.so)" &&
    cc -std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude examples/c/call.c -o "$work/call" target/release/libpqrtc.so "-Wl,-rpath,$work" && "$work/call"
}
check "the C of the README compiles and works" readme_works

layers() {
  local stray
  stray=$(grep -rnE '\bunsafe\b' src --include='*.rs' | grep -vE '^src/(ffi|provider)/|unsafe_code|//')
  stray+=$(grep -rnE '\b(aws_lc_rs|aws_lc_sys|pqcrypto_[a-z]+|x25519_dalek|aes_gcm|ml_dsa|sha3|shake|hkdf|hmac|sha1|sha2)::' src --include='*.rs' |
    grep -vE '^src/provider/|^src/[^:]*:[0-9]+: *//')
  [ -z "$stray" ] || { echo "$stray"; return 1; }
}
check "unsafe and cryptography crates stay in their layers" layers

# The packages beside the library: they are not in its workspace, and follow its API.
for package in benches tests/sframe-peer fuzz tools/api; do
  check "$package: fmt" cargo fmt --manifest-path "$package/Cargo.toml" --check
  check "$package: clippy" cargo clippy --release --all-targets --manifest-path "$package/Cargo.toml" --target-dir target -- -D warnings
done

# Words that need a legend, and what belongs to one machine.
words() {
  local stray
  stray=$(git grep -nwE '[Ff](loor|ace)s?|walls?|Walls|cannot be had|/(work|root|home)/[a-z0-9_]+' -- ':!*.json' ':!tests/repo/lint.sh' | grep -vi 'math.floor')
  [ -z "$stray" ] || { echo "$stray"; return 1; }
}
check "plain words, and no path of one machine" words

if have_python; then
  check "code in the documents is the code that is tested" "$python" tests/docs/extract.py --check
  check "THIRD-PARTY-NOTICES in step with the dependencies" "$python" packaging/notices.py --check
  check "tests/c/expanded_key.h in step with its script" "$python" tests/c/mlkem_expand.py --check
else
  skipped "code in the documents, licences: needs python3"
fi
# Not the advisories: their database is on the network.
if cargo deny --version > /dev/null 2>&1; then
  check "licences, sources and copies of dependencies" cargo deny check bans licenses sources
else
  skipped "licences, sources and copies of dependencies: needs cargo install --locked cargo-deny"
fi
finish
