#!/usr/bin/env bash
# A call recorded by FFmpeg, its recording and manifest signed by pqrtc, verified by OpenSSL; altered, and refused by both.
# pip: -r examples/recording/requirements.txt
# limit: 90
set -euo pipefail
. "$(dirname "$0")/env.sh"
need_python aiortc cryptography.hazmat.primitives.asymmetric.mldsa
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" "$root/examples/recording/record.py" "$folder"
env -u PQRTC_LIBRARY PYTHONPATH= "$python" "$root/examples/recording/verify.py" "$folder"
"$python" "$root/tests/stacks/recording/altered.py" "$folder"
