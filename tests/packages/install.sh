#!/usr/bin/env bash
# make install: what it installs, where, with which tools; and C programs that find it by pkg-config.
set -uo pipefail
. "$(dirname "$0")/common.sh"
needs pkg-config pkg-config install
built

expected_files() {
  local version
  version=$(sed -n '/^\[package.metadata.capi.library\]/,/^\[/s/^version *= *"\(.*\)"/\1/p' Cargo.toml)
  {
    # The command, if `make cli` made it.
    [ ! -d "$target/cli/release/pqrtc-share" ] ||
      { echo ./bin/pqrtc && (cd "$target/cli/release/pqrtc-share" && find . -type f | sed 's#^\.#./share#'); }
    cat << FILES
./include/pqrtc.h
./include/pqrtc.hpp
./lib/cmake/pqrtc/pqrtc-config-version.cmake
./lib/cmake/pqrtc/pqrtc-config.cmake
./lib/libpqrtc.a
./lib/libpqrtc.so
./lib/libpqrtc.so.${version%%.*}
./lib/libpqrtc.so.$version
./lib/pkgconfig/pqrtc.pc
./share/pqrtc/pqrtc.map
FILES
  } | sort
}

staged() { # DESTDIR holds the files, and no file knows of it
  install_to /opt/pqrtc "$work/stage" && (cd "$work/stage/opt/pqrtc" && find . ! -type d | sort) | diff - <(expected_files) &&
    ! grep -rI "$work/stage" "$work/stage" && grep -qx 'prefix=/opt/pqrtc' "$work/stage/opt/pqrtc/lib/pkgconfig/pqrtc.pc"
}

# With make, coreutils and binutils alone on the PATH: neither Cargo nor a compiler, which another user (root) often has not.
without_cargo() {
  local tool tools="$work/tools"
  mkdir "$tools"
  for tool in make bash sh dirname realpath sed cat chmod install ln ls rm mktemp awk sort comm ld objcopy nm ar strip readelf; do
    ln -s "$(command -v $tool)" "$tools/$tool" || return
  done
  env -i PATH="$tools" FROM="$from" "$tools/make" install PREFIX="$work/bare" &&
    (cd "$work/bare" && find . ! -type d | sort) | diff - <(expected_files)
}

stripped() { ! readelf -SW "$1" | grep -E '\.(debug|symtab)'; }

# The SONAME, the version of the header's ABI and the name of the link are one number; pkg-config has the package's version.
facts() {
  local version abi
  version=$(sed -n '/^\[package\]/,/^\[/s/^version *= *"\(.*\)"/\1/p' Cargo.toml)
  abi=$(sed -n 's/^#define PQRTC_ABI_VERSION *\([0-9]*\).*/\1/p' include/pqrtc.h)
  [ "$(pkg "$work/prefix" --modversion pqrtc)" = "$version" ] && [ "$(soname "$work/prefix/lib/libpqrtc.so")" = "libpqrtc.so.$abi" ] &&
    [ -e "$work/prefix/lib/libpqrtc.so.$abi" ]
}

nothing_built() { # says what to do
  local said
  said=$(FROM=$work/empty PREFIX=$work/none bash packaging/install.sh 2>&1) && return 1
  grep -q 'make build' <<< "$said" && [ ! -e "$work/none" ]
}

check "packages: install with DESTDIR" staged
check "packages: install without Cargo or a compiler on the PATH" without_cargo
check "packages: install into an empty prefix" install_to "$work/prefix"
check "packages: the installed shared library is stripped" stripped "$work/prefix/lib/libpqrtc.so"
check "packages: versions, SONAME and pkg-config agree" facts
check "packages: install before build says what to do" nothing_built
check "packages: C with pkg-config, shared" by_pkg_config "$work/prefix" shared
check "packages: C with pkg-config, static" by_pkg_config "$work/prefix" static
finish
