#!/usr/bin/env bash
# Janus: an SFU that forwards what it has no key for, and takes its TURN credentials from us.
# apt: janus coturn
# pip: -r examples/aiortc/requirements.txt
# limit: 120
set -euo pipefail
. "$(dirname "$0")/env.sh"
need janus turnserver
need_python aiortc
"$python" "$root/examples/janus/room.py" --codec VP8
"$python" "$root/examples/janus/room.py" --codec H264 --relay
"$python" "$root/tests/stacks/janus/faults.py"
