#!/usr/bin/env bash
# coturn: credentials minted, wrapped, unwrapped, used; bad ones refused by it and by pqrtc alike.
# apt: coturn
# limit: 60
set -euo pipefail
. "$(dirname "$0")/env.sh"
need turnserver turnutils_uclient
need_python
exec "$python" "$root/examples/coturn/credentials.py"
