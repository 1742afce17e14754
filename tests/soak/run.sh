#!/usr/bin/env bash
# Long runs over the C ABI (soak.c). The first provider alone.
#
#   run.sh          10^6 handshakes, 10^7 frames, 10^5 joins and leaves: half an hour of processor time
#   run.sh short    some seconds
#
# SOAK="PART COUNT" runs one part: handshakes, frames or meetings.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

if [ "$(uname)" != Linux ]; then
  skipped "soak: needs Linux, where /proc says how much memory is resident"
  finish
  exit
fi
parts=("handshakes 1000000" "frames 10000000" "meetings 100000")
[ "${1:-}" != short ] || parts=("handshakes 1600" "frames 800000" "meetings 1000")
[ -z "${SOAK:-}" ] || parts=("$SOAK")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
provider=${providers[0]}
# part NAME COUNT
part() { "$work/soak" "$@" > "$work/log" 2>&1 || { cat "$work/log"; return 1; }; }

if dir=$(provider_build "$provider") && so=$(realpath "$dir/libpqrtc.so") && cp "$so" "$work/$(soname "$so")" &&
  "${CC:-cc}" -std=c11 -O2 -Wall -Wextra -Wpedantic -Werror -Iinclude tests/soak/soak.c "$work/$(soname "$so")" -lpthread -Wl,-rpath,"$work" -o "$work/soak"; then
  for part in "${parts[@]}"; do
    read -ra words <<< "$part"
    check "soak: $provider: $part" part "${words[@]}"
    sed 's/^/    /' "$work/log"
  done
else
  failed "soak: build"
fi
finish
