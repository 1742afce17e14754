#!/usr/bin/env bash
# Mutation testing with cargo-mutants: every change that it makes in a module, against the tests that concern the module. Not a step of CI: a
# mutant takes a build.
#
#   run.sh MODULE    replay, recording, turn, sframe, frame or handshake. MUTANTS="--re NAME" and other options of cargo mutants: a part.
#
# Survivors that no test can kill are in .cargo/mutants.toml, with the reason.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

case "${1:-}" in
replay) args=(--lib -- replay) ;;
recording | turn | sframe | frame) args=(--lib --test rust -- "$1" conformance) ;;
handshake) args=(--lib -- "$1") ;;
*) echo "MODULE is replay, recording, turn, sframe, frame or handshake"; exit 2 ;;
esac
cargo mutants --version > /dev/null 2>&1 || { echo "needs cargo install --locked cargo-mutants"; exit 2; }
files=src/$1.rs
[ ! -d "src/$1" ] || [ -f "$files" ] || files="src/$1/*.rs"

# Without the C ABI, whose header is made anew in each build. The folder of builds is kept from one run to the next.
read -ra more <<< "${MUTANTS:-}"
export CARGO_TARGET_DIR=$PWD/$target/mutants CARGO_PROFILE_DEV_DEBUG=false
nice cargo mutants --file "$files" --no-default-features --features "${providers[0]}" --timeout 300 --output "$target" "${more[@]}" -- "${args[@]}"
