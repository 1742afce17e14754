#!/usr/bin/env bash
# Plays a meeting with C programs linked to the built library: an authenticated call, a meeting of three, a join over TCP, a TURN credential, a signed recording, sealed media.
# PQRTC_INCLUDE and PQRTC_LIBDIR say where the header and libpqrtc.so are (include and target/release of this tree by default);
# CC and CFLAGS as usual. Ends with an error if anything is not as it should be.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
include=${PQRTC_INCLUDE:-$root/include}
libdir=$(cd "${PQRTC_LIBDIR:-${CARGO_TARGET_DIR:-$root/target}/release}" && pwd)
source=$root/examples/c/demo
started=$SECONDS
work=$(mktemp -d)
turn_pid= server_pid=
clean() {
  [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
  [ -z "$turn_pid" ] || { kill "$turn_pid" && wait "$turn_pid"; } 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT

ln -s "$libdir/libpqrtc.so" "$work/libpqrtc.so"
# Programs look for the name that the library gives itself (SONAME).
ln -s "$libdir/libpqrtc.so" "$work/$(readelf -dW "$libdir/libpqrtc.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')"
for program in call meeting join_responder join_initiator record media; do
  # shellcheck disable=SC2086
  ${CC:-cc} -std=c11 -O2 -Wall -Wextra ${CFLAGS:-} -I"$include" "$source/$program.c" -L"$work" -lpqrtc \
    -Wl,-rpath,"$work" -Wl,-rpath,"$libdir" -o "$work/$program"
done

free_port() { python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# A real TURN server on loopback, where there is one.
if command -v turnserver >/dev/null && command -v turnutils_uclient >/dev/null && command -v python3 >/dev/null; then
  PQRTC_TURN_SECRET=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  PQRTC_TURN_PORT=$(free_port)
  export PQRTC_TURN_SECRET PQRTC_TURN_PORT
  printf '%s\n' listening-ip=127.0.0.1 relay-ip=127.0.0.1 "listening-port=$PQRTC_TURN_PORT" min-port=50000 max-port=50200 \
    realm=pq.test fingerprint use-auth-secret "static-auth-secret=$PQRTC_TURN_SECRET" allow-loopback-peers no-cli no-tls no-dtls \
    no-multicast-peers log-file=stdout simple-log "pidfile=$work/turn.pid" "userdb=$work/turn.db" >"$work/turn.conf"
  turnserver -c "$work/turn.conf" >"$work/turn.log" 2>&1 &
  turn_pid=$!
fi

# wait_for COMMAND...: up to ten seconds.
wait_for() {
  for _ in $(seq 200); do
    "$@" && return 0
    sleep 0.05
  done
  echo "demo: waited in vain for: $*" >&2
  return 1
}

"$work/call"
"$work/meeting"

"$work/join_responder" "$work/port" &
server_pid=$!
wait_for test -s "$work/port"
if [ -n "$turn_pid" ]; then
  turn_listens() { grep -qs ":$(printf %04X "$PQRTC_TURN_PORT") " /proc/net/udp; }
  wait_for turn_listens || export PQRTC_TURN_PORT=
fi
"$work/join_initiator" "$(cat "$work/port")"
wait "$server_pid"
server_pid=

"$work/record" "$root/examples/data/recording-manifest.json" "$work/recording.bin"
rm -f "$work/recording.bin"

clip=$root/examples/data/clip-vp8.ivf
if command -v ffmpeg >/dev/null && ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=640x360:rate=25:duration=4 -c:v libvpx \
  -deadline realtime -cpu-used 8 -b:v 800k -auto-alt-ref 0 -g 50 "$work/clip.ivf" 2>/dev/null; then
  clip=$work/clip.ivf
fi
"$work/media" "$clip" "$work/played.ivf"
cmp "$clip" "$work/played.ivf"

printf '\nAll of it in %d seconds.\n' $((SECONDS - started))
