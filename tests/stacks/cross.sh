#!/usr/bin/env bash
# Calls between stacks, by the signaling profile of docs/integrations/README.md: authenticated, bound to DTLS, rekeyed; and with hostile signaling.
# apt: chromium cmake g++ libtgowt-dev nlohmann-json3-dev
# apt: gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-nice gstreamer1.0-libav libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libjson-glib-dev pkg-config gcc
# pip: -r examples/aiortc/requirements.txt playwright==1.*
# limit: 420
set -euo pipefail
. "$(dirname "$0")/env.sh"
need_python aiortc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# NAME=COMMAND of each peer that is here; cross/run.py has the table of pairs.
peers=("aiortc=$python $root/examples/aiortc/peer.py")

why=$(. "$root/tests/go/env.sh" && go_missing)
if [ -z "$why" ]; then
  # shellcheck source=../go/env.sh
  (. "$root/tests/go/env.sh" && cd "$root/examples/pion" && go_env "$target/release" "$work" && go build -o "$work/pion" .)
  export LD_LIBRARY_PATH=$work/prefix/lib
  peers+=("pion=$work/pion")
fi

if have chromium && have npm && "$python" -c "import playwright.async_api" 2> /dev/null && modules=$(bash "$root/tests/browser/noble.sh"); then
  peers+=("browser=$python $root/tests/stacks/cross/browser.py $(command -v chromium) $modules/node_modules")
fi

if [ -d /usr/include/tg_owt ] && [ -d /usr/include/nlohmann ] && have cmake && have g++; then
  {
    FROM=$target/release PREFIX=$work/prefix bash "$root/packaging/install.sh"
    cmake -S "$root/examples/libwebrtc" -B "$work/libwebrtc" -DCMAKE_PREFIX_PATH="$work/prefix"
    cmake --build "$work/libwebrtc" --target peer
  } > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  peers+=("libwebrtc=$work/libwebrtc/peer")
fi

. "$root/tests/stacks/gstreamer/build.sh"
if [ -z "$(gstreamer_missing)" ]; then
  gstreamer_build "$work" gstreamer peer.c participant.c signaling.c pqrtc_gst.c
  peers+=("gstreamer=$work/gstreamer")
fi

"$python" "$root/tests/stacks/cross/run.py" "${peers[@]}"
