#!/usr/bin/env bash
# Installs what `make build` made, for people without cargo-c: headers, libpqrtc.so with its links, libpqrtc.a with only pqrtc_ symbols,
# both stripped, pqrtc.pc, the CMake package and the version script; and if `make cli` made it, the command with its manual pages and
# completions. Builds nothing: it needs GNU binutils, and neither Cargo nor a compiler.
#
#   PREFIX=/usr/local DESTDIR= LIBDIR=$PREFIX/lib INCLUDEDIR=$PREFIX/include packaging/install.sh
#
# The libraries are taken from where Cargo puts them: FROM=target/release, or target/$CARGO_BUILD_TARGET/release for another target.
# CROSS_COMPILE=aarch64-linux-gnu- names the binutils of that target; STRIP=true keeps debug information in libpqrtc.so. A target without
# shared libraries (musl, as rustup has it) gets the static part.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
includedir=${INCLUDEDIR:-$prefix/include}
from=${FROM:-${CARGO_TARGET_DIR:-$root/target}/${CARGO_BUILD_TARGET:+$CARGO_BUILD_TARGET/}release}
dest=${DESTDIR:-}
strip=${STRIP:-${CROSS_COMPILE:-}strip}

[ -f "$from/libpqrtc.a" ] || { echo "install.sh: $from/libpqrtc.a is missing: run make build first" >&2; exit 1; }

# The facts are in Cargo.toml: the version, and under package.metadata.capi.library the version of the ABI.
fact() { sed -n "/^\[$1\]/,/^\[/s/^version *= *\"\(.*\)\".*/\1/p" "$root/Cargo.toml"; }
version=$(fact package)
soversion=$(fact package.metadata.capi.library)
[ -n "$version" ] && [ -n "$soversion" ] || { echo "install.sh: no versions in Cargo.toml" >&2; exit 1; }
somajor=${soversion%%.*}
private=$(cat "$root/packaging/libs-private")
libs=-lpqrtc shared=yes
# The unwinder that libpqrtc.a has on musl targets finds its tables by their header, which gcc -static leaves out; without it a panic would abort
# where it should become PQRTC_INTERNAL.
if "${NM:-${CROSS_COMPILE:-}nm}" -g --defined-only "$from/libpqrtc.a" 2> /dev/null | grep ' T _Unwind_RaiseException$' > /dev/null; then private="-Wl,--eh-frame-hdr $private"; fi
# Where there is no shared library, every link is a static one.
[ -f "$from/libpqrtc.so" ] || { libs="-lpqrtc $private" shared=; }

cmakedir=$libdir/cmake/pqrtc
fill() {
  sed -e "s|@PREFIX@|$prefix|g" -e "s|@LIBDIR@|$libdir|g" -e "s|@INCLUDEDIR@|$includedir|g" \
    -e "s|@REL_LIBDIR@|$(realpath -ms --relative-to="$prefix" "$libdir")|g" \
    -e "s|@REL_INCLUDEDIR@|$(realpath -ms --relative-to="$prefix" "$includedir")|g" \
    -e "s|@UP_TO_PREFIX@|$(realpath -ms --relative-to="$cmakedir" "$prefix")|g" \
    -e "s|@VERSION@|$version|g" -e "s|@SOVERSION@|$soversion|g" -e "s|@SOMAJOR@|$somajor|g" \
    -e "s|@LIBS@|$libs|g" -e "s|@LIBS_PRIVATE@|$private|g" "$root/packaging/$1" > "$2"
  chmod 644 "$2"
}

install -d "$dest$libdir/pkgconfig" "$dest$cmakedir" "$dest$includedir" "$dest$prefix/share/pqrtc"
install -m 644 "$root/include/pqrtc.h" "$root/include/pqrtc.hpp" "$dest$includedir/"
if [ -n "$shared" ]; then
  install -m 755 "$from/libpqrtc.so" "$dest$libdir/libpqrtc.so.$soversion"
  "$strip" --strip-unneeded "$dest$libdir/libpqrtc.so.$soversion"
  ln -sf "libpqrtc.so.$soversion" "$dest$libdir/libpqrtc.so.$somajor"
  ln -sf "libpqrtc.so.$somajor" "$dest$libdir/libpqrtc.so"
else
  echo "install.sh: there is no $from/libpqrtc.so (Rust makes no shared library for this target): installing the static library alone"
fi
bash "$root/packaging/localise.sh" "$from/libpqrtc.a" "$dest$libdir/libpqrtc.a"
chmod 644 "$dest$libdir/libpqrtc.a"
install -m 644 "$root/packaging/pqrtc.map" "$dest$prefix/share/pqrtc/"
fill pqrtc.pc.in "$dest$libdir/pkgconfig/pqrtc.pc"
fill pqrtc-config.cmake.in "$dest$cmakedir/pqrtc-config.cmake"
fill pqrtc-config-version.cmake.in "$dest$cmakedir/pqrtc-config-version.cmake"

# For another machine only if COMMAND names the folder it is in.
command=${COMMAND:-${CARGO_TARGET_DIR:-$root/target}/cli/release}
if { [ -n "${COMMAND:-}" ] || [ -z "${CROSS_COMPILE:-}" ]; } && [ -d "$command/pqrtc-share" ]; then
  install -d "$dest$prefix/bin"
  install -m 755 "$command/pqrtc" "$dest$prefix/bin/pqrtc"
  "$strip" "$dest$prefix/bin/pqrtc"
  for file in "$command"/pqrtc-share/*/*/*; do install -D -m 644 "$file" "$dest$prefix/share/${file#"$command"/pqrtc-share/}"; done
fi
