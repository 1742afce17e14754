#!/usr/bin/env bash
# Sealed frames of real encoders, through real packetizers, and decoded: ffmpeg, x264, x265, libvpx, libaom, SVT-AV1, Opus; pion, GStreamer.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

here=tests/frames
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
from=$(provider_build "${providers[0]}") || { failed "frames: build of ${providers[0]}"; finish; exit; }
PQRTC_SO=$(realpath "$from")/libpqrtc.so
export PQRTC_SO TMPDIR=$work
have_python || { skipped "frames: needs python3"; finish; exit; }

packetize=
if ! have go; then
  skipped "frames: pion's packetizers: needs Go 1.24 or later"
elif (cd $here/packetize && [ -z "$(gofmt -l .)" ] && go vet . && go build -o "$work/packetize" .) > "$work/log" 2>&1; then
  packetize=$work/packetize
else
  failed "frames: pion's packetizers: $(tail -n 3 "$work/log")"
fi
check "frames of real encoders come back equal and decode to the same pictures" "$python" $here/encoders.py
check "frames pass packetizers, and their key frames are found" "$python" $here/packetizers.py "$packetize"
finish
