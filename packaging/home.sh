#!/usr/bin/env bash
# packaging/home holds the project's public home, host and path. Manifests and documents repeat it, because each is read by itself.
#
#   packaging/home.sh HOST/PATH     moves the project: writes packaging/home and every file that repeats it
set -euo pipefail
cd "$(dirname "$0")/.."

old=$(cat packaging/home) new=${1:?usage: home.sh HOST/PATH}
[[ $new =~ ^[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._-]+)+$ ]] || { echo "home.sh: $new is not HOST/PATH; the host has a dot" >&2; exit 1; }
grep -rlIF "$old" . --exclude-dir={.git,target,node_modules,build,dist} | xargs sed -i "s|${old//./\\.}|$new|g"
