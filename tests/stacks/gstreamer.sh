#!/usr/bin/env bash
# GStreamer in C: webrtcbin with H.264 and Opus sealed in pad probes, and SRTP keyed by a session.
# apt: gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-nice gstreamer1.0-libav libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libjson-glib-dev pkg-config gcc
# limit: 300
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$root/tests/stacks/gstreamer/build.sh"
why=$(gstreamer_missing)
[ -z "$why" ] || skip "$why"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gstreamer_build "$work" profile profile.c signaling.c
gstreamer_build "$work" call call.c participant.c signaling.c pqrtc_gst.c
gstreamer_build "$work" srtp srtp.c

export GST_REGISTRY=$work/registry
"$work/profile" "$root/tests/vectors/signaling.json"
for mode in right wrong none; do "$work/call" $mode; done
"$work/srtp"
