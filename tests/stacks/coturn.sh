#!/usr/bin/env bash
# coturn: credentials minted, wrapped, unwrapped, used; every kind accepted or refused by it and by pqrtc alike; and
# those that the command pqrtc mints.
# apt: coturn
# limit: 600
set -euo pipefail
. "$(dirname "$0")/env.sh"
need turnserver turnutils_uclient
need_python
"$python" "$root/examples/coturn/credentials.py"
bash "$root/packaging/cli.sh"
"$python" "$root/tests/stacks/coturn_command.py" "$target/cli/release/pqrtc"
