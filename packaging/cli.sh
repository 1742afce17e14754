#!/usr/bin/env bash
# What `make install` installs beside the command: manual pages and completions, which it writes itself, and the licences of what it links
# in. They go where Cargo puts the command, in the folder pqrtc-share, laid out as PREFIX/share is.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
from=${FROM:-${CARGO_TARGET_DIR:-$root/target}/release}
share=$from/pqrtc-share

rm -rf "$share"
mkdir -p "$share"/{man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d,doc/pqrtc}
"$from/pqrtc" man "$share/man/man1" > /dev/null
"$from/pqrtc" completions bash > "$share/bash-completion/completions/pqrtc"
"$from/pqrtc" completions zsh > "$share/zsh/site-functions/_pqrtc"
"$from/pqrtc" completions fish > "$share/fish/vendor_completions.d/pqrtc.fish"
cp "$root/cli/THIRD-PARTY-NOTICES" "$share/doc/pqrtc/"
