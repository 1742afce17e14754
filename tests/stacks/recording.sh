#!/usr/bin/env bash
# A call recorded by FFmpeg in segments, by a recorder that is killed in the middle and started again; verified by OpenSSL; spliced and altered, and
# refused by both.
# pip: -r examples/recording/requirements.txt
# limit: 120
set -euo pipefail
. "$(dirname "$0")/env.sh"
need_python aiortc cryptography.hazmat.primitives.asymmetric.mldsa
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/recording"
recording=("$work/recording" "$work/key.pem" "recorded call 1")

"$python" "$root/examples/recording/record.py" "${recording[@]}" 60 &
recorder=$!
for _ in {1..300}; do
  [ "$(find "$work/recording" -name 'segment-*.entry' | wc -l)" -lt 2 ] || break
  sleep 0.1
done
kill -KILL $recorder
wait $recorder || true
ls "$work/recording"
[ -f "$work/recording/segment-00001.ts.entry" ] && [ ! -f "$work/recording/end.entry" ]
cp "$work/recording/segment-00000.ts.entry" "$work/before"

"$python" "$root/examples/recording/record.py" "${recording[@]}" 3
cmp "$work/before" "$work/recording/segment-00000.ts.entry"
env -u PQRTC_LIBRARY PYTHONPATH= "$python" "$root/examples/recording/verify.py" "$work/recording" "$work/key.pem.pub" "recorded call 1"
"$python" "$root/tests/stacks/recording/altered.py" "${recording[@]}"
