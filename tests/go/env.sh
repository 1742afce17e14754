# shellcheck shell=bash
# go_env FROM WORK: installs the library of FROM into WORK/prefix and points Go at it.
go_env() {
  PREFIX=$2/prefix FROM=$1 bash "$(dirname "${BASH_SOURCE[0]}")/../../packaging/install.sh" || return
  export PKG_CONFIG_PATH=$2/prefix/lib/pkgconfig LD_LIBRARY_PATH=$2/prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} GOTOOLCHAIN=local
  # Go's build cache does not see headers and libraries; a flag that names this prefix makes it build the package for it.
  export CGO_CFLAGS="-O2 -g -DPQRTC_PREFIX=$2"
}

# go_missing: says what keeps Go tests from running, if anything does.
go_missing() {
  local version
  command -v go > /dev/null || { echo "needs golang-go"; return; }
  command -v pkg-config > /dev/null || { echo "needs pkg-config"; return; }
  version=$(GOTOOLCHAIN=local go env GOVERSION)
  [ "$(printf '%s\n' go1.24 "$version" | sort -V | head -n 1)" = go1.24 ] || echo "needs Go 1.24 or later, not $version"
}

# in_module FOLDER COMMAND...
in_module() { (cd "$1" && shift && "$@"); }
