# shellcheck shell=bash
# gstreamer_missing: says what keeps the examples from being built, if anything does.
gstreamer_missing() {
  command -v pkg-config > /dev/null && command -v cc > /dev/null || { echo "no pkg-config or cc"; return; }
  pkg-config --exists gstreamer-1.0 gstreamer-sdp-1.0 json-glib-1.0 || { echo "no headers of GStreamer and JSON-GLib"; return; }
  # The WebRTC headers alone: their package would bring 430 others. The library itself came with the plugins.
  [ -d "$stacks/gstreamer/usr" ] || (
    mkdir -p "$stacks/gstreamer" && cd "$stacks/gstreamer" && apt-get download -q libgstreamer-plugins-bad1.0-dev > /dev/null 2>&1 && dpkg -x ./*.deb .
  ) || echo "no headers of GStreamer's webrtc"
}

# gstreamer_build WORK NAME SOURCE...: WORK/NAME from sources of examples/gstreamer, which loads the library from WORK.
gstreamer_build() {
  local work=$1 name=$2 flags libs
  shift 2
  # shellcheck disable=SC2207
  flags=(-std=gnu11 -Wall -Wextra -Werror -O2 -D_GNU_SOURCE "-I$root/include" -isystem "$stacks/gstreamer/usr/include/gstreamer-1.0"
    $(pkg-config --cflags gstreamer-1.0 gstreamer-sdp-1.0 json-glib-1.0))
  # shellcheck disable=SC2207
  libs=($(pkg-config --libs gstreamer-1.0 gstreamer-sdp-1.0 json-glib-1.0) -l:libgstwebrtc-1.0.so.0 "-L$work" -lpqrtc "-Wl,-rpath,$work")
  ln -sf "$target/release/libpqrtc.so" "$work/libpqrtc.so"
  ln -sf libpqrtc.so "$work/$(soname "$target/release/libpqrtc.so")"
  (cd "$root/examples/gstreamer" && cc "${flags[@]}" "$@" -o "$work/$name" "${libs[@]}")
}
