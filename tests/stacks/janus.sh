#!/usr/bin/env bash
# Janus: an SFU that forwards what it has no key for, and takes its TURN credentials from us.
# apt: janus coturn iproute2
# pip: -r examples/aiortc/requirements.txt -r examples/meeting/requirements.txt
# limit: 300
set -euo pipefail
. "$(dirname "$0")/env.sh"
need janus turnserver
need_python aiortc

# Neither Janus nor libnice uses 127.0.0.1 for media. So all of it runs in a network of its own, with one address (RFC 5737) and no way out.
if [ -z "${PQRTC_OWN_NETWORK:-}" ]; then
  need unshare ip
  unshare --net true 2> /dev/null || skip "no network namespaces here"
  # shellcheck disable=SC2016
  PQRTC_OWN_NETWORK=1 exec unshare --net bash -c 'set -e
    ip link set lo up && ip link add media type veth peer name media1
    ip address add 192.0.2.1/24 dev media && ip link set media up && ip link set media1 up
    exec bash "$0"' "$0"
fi

"$python" "$root/examples/janus/room.py" --codec VP8
"$python" "$root/examples/janus/room.py" --codec H264 --relay
"$python" "$root/tests/stacks/janus/faults.py"
