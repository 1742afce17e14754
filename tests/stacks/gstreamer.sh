#!/usr/bin/env bash
# GStreamer in C: webrtcbin with H.264 and Opus sealed in pad probes, and SRTP keyed by a session.
# apt: gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-nice gstreamer1.0-libav libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev pkg-config gcc
# limit: 300
set -euo pipefail
. "$(dirname "$0")/env.sh"
need pkg-config cc
pkg-config --exists gstreamer-1.0 gstreamer-sdp-1.0 || skip "no GStreamer headers"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The WebRTC headers alone: their package would bring 430 others. The library itself came with the plugins.
headers=$stacks/gstreamer
if [ ! -d "$headers/usr" ]; then
  mkdir -p "$headers"
  (cd "$work" && apt-get download -q libgstreamer-plugins-bad1.0-dev 2> /dev/null && dpkg -x ./*.deb "$headers") || skip "no headers of GStreamer's webrtc"
fi

# shellcheck disable=SC2207
flags=(-std=gnu11 -Wall -Wextra -Werror -O2 -D_GNU_SOURCE "-I$root/include" -isystem "$headers/usr/include/gstreamer-1.0"
  $(pkg-config --cflags gstreamer-1.0 gstreamer-sdp-1.0))
# shellcheck disable=SC2207
libs=($(pkg-config --libs gstreamer-1.0 gstreamer-sdp-1.0) -l:libgstwebrtc-1.0.so.0 "-L$work" -lpqrtc "-Wl,-rpath,$work")
ln -s "$target/release/libpqrtc.so" "$work/libpqrtc.so"
ln -s libpqrtc.so "$work/$(soname "$target/release/libpqrtc.so")"
cd "$root/examples/gstreamer"
cc "${flags[@]}" call.c pqrtc_gst.c -o "$work/call" "${libs[@]}"
cc "${flags[@]}" srtp.c -o "$work/srtp" "${libs[@]}"

export GST_REGISTRY=$work/registry
for mode in signaling right wrong none; do "$work/call" $mode; done
"$work/srtp"
