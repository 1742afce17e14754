#!/usr/bin/env bash
# coturn: credentials minted, wrapped, unwrapped, used; every kind accepted or refused by it and by pqrtc alike.
# apt: coturn
# limit: 200
set -euo pipefail
. "$(dirname "$0")/env.sh"
need turnserver turnutils_uclient
need_python
exec "$python" "$root/examples/coturn/credentials.py"
