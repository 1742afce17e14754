#!/usr/bin/env bash
# Calls between stacks, by the signaling profile of docs/integrations/README.md: authenticated, bound to DTLS, rekeyed; and with hostile signaling.
# pip: -r examples/aiortc/requirements.txt
# limit: 150
set -euo pipefail
. "$(dirname "$0")/env.sh"
need_python aiortc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# NAME=COMMAND of each peer that is here; cross/run.py has the table of pairs.
peers=("aiortc=$python $root/examples/aiortc/peer.py")

"$python" "$root/tests/stacks/cross/run.py" "${peers[@]}"
