#!/usr/bin/env bash
# The package of bindings/web in Chromium and Firefox: calls with aiortc and pion, through Janus between the two, and what goes wrong in one.
# apt: chromium firefox-esr janus iproute2
# pip: -r examples/aiortc/requirements.txt -r examples/meeting/requirements.txt
# limit: 600
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$root/tests/web/env.sh"
need node npm chromium firefox-esr
need_python aiortc websockets
here=$root/tests/stacks/web
work=$stacks/web
export MODULES=$work/drivers/node_modules PICTURES=$work CHROMIUM FIREFOX
CHROMIUM=$(command -v chromium) FIREFOX=$(command -v firefox-esr)

# Neither Janus nor libnice uses 127.0.0.1 for media. So that part runs in a network of its own, with one address (RFC 5737), a default route, without which
# Firefox finds no address, and no way out.
if [ -n "${PQRTC_OWN_NETWORK:-}" ]; then exec "$python" "$here/room.py" "$work/site/dist" "$work" 192.0.2.1; fi

why=$(web_missing)
[ -z "$why" ] || skip "the npm package $why"
cd "$root"
web_build
bash "$here/site.sh" "$work"
site=$work/site/dist
if [ "${1:-}" = --bench ]; then exec node "$here/bench.mjs" "$site"; fi

peers=("aiortc=$python $root/examples/aiortc/peer.py")
for name in chromium firefox; do peers+=("$name=node $here/peer.mjs $name $site"); done
peers+=("chromium-h264=node $here/peer.mjs chromium $site" "chromium-streams=node $here/peer.mjs chromium $site --streams")
why=$(. "$root/tests/go/env.sh" && go_missing)
[ -z "$why" ] || skip "pion $why"
# shellcheck source=../go/env.sh
(. "$root/tests/go/env.sh" && cd "$root/examples/pion" && go_env "$target/release" "$work" && go build -o "$work/pion" .)
export LD_LIBRARY_PATH=$work/prefix/lib
peers+=("pion=$work/pion")

"$python" "$here/cross.py" "${peers[@]}"
# both COMMAND...: for Chromium and Firefox at the same time.
both() {
  local name pids=() pid
  for name in chromium firefox; do "$@" $name & pids+=($!); done
  for pid in "${pids[@]}"; do wait "$pid"; done
}
both "$python" "$here/calls.py" "$site" "$work"
both node "$here/example.mjs" "$site" "$work"
(cd "$work/bundlers" && node "$here/bundlers/bundlers.mjs" "$site")
both node "$here/meeting.mjs" "$site" "$work" "$python"

need janus ip unshare
unshare --net true 2> /dev/null || skip "no network namespaces here"
# shellcheck disable=SC2016
PQRTC_OWN_NETWORK=1 exec unshare --net bash -c 'set -e
  ip link set lo up && ip link add media type veth peer name media1
  ip address add 192.0.2.1/24 dev media && ip link set media up && ip link set media1 up && ip route add default dev media
  exec bash "$0"' "$0"
