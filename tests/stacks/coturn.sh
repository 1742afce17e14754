#!/usr/bin/env bash
# coturn: credentials minted, wrapped, unwrapped, used; every kind accepted or refused by it and by pqrtc alike; and
# those that the command pqrtc mints.
# apt: coturn
# limit: 200
set -euo pipefail
. "$(dirname "$0")/env.sh"
need turnserver turnutils_uclient
need_python
"$python" "$root/examples/coturn/credentials.py"
cd "$root" && cargo build --quiet --release -p pqrtc-cli
"$python" tests/stacks/coturn_command.py "$target/release/pqrtc"
