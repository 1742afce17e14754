#!/usr/bin/env bash
# aiortc: calls sealed end to end, straight and relayed; then with faults and attacks.
# apt: coturn
# pip: -r examples/aiortc/requirements.txt
# limit: 150
set -euo pipefail
. "$(dirname "$0")/env.sh"
need_python aiortc
if [ "${1:-}" = --bench ]; then exec "$python" "$root/tests/stacks/aiortc/bench.py"; fi
"$python" "$root/tests/stacks/aiortc/profile.py"
"$python" "$root/examples/aiortc/call.py" --codec VP8
if command -v turnserver turnutils_uclient > /dev/null; then
  "$python" "$root/examples/aiortc/call.py" --codec H264 --relay
else
  "$python" "$root/examples/aiortc/call.py" --codec H264
  echo "no coturn: not tried through a relay"
fi
"$python" "$root/tests/stacks/aiortc/faults.py"
