#!/usr/bin/env bash
# Builds the command, and what `make install` installs beside it: manual pages and completions, which it writes itself, and the licences of
# what it links in. These are in the folder pqrtc-share, laid out as PREFIX/share is.
#
# COMMAND names the folder of a command that was built already. Else it is built in a target folder of its own: its dependencies change the
# features of crates that only the library's build script uses, and in a shared folder each of the two builds would compile the library again
# after the other.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
target=$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")/cli
from=${COMMAND:-$target/release}
share=$from/pqrtc-share

[ -n "${COMMAND:-}" ] || cargo build --release --manifest-path "$root/Cargo.toml" -p pqrtc-cli --target-dir "$target"
rm -rf "$share"
mkdir -p "$share"/{man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d,doc/pqrtc}
"$from/pqrtc" man "$share/man/man1" > /dev/null
"$from/pqrtc" completions bash > "$share/bash-completion/completions/pqrtc"
"$from/pqrtc" completions zsh > "$share/zsh/site-functions/_pqrtc"
"$from/pqrtc" completions fish > "$share/fish/vendor_completions.d/pqrtc.fish"
cp "$root/cli/THIRD-PARTY-NOTICES" "$share/doc/pqrtc/"
