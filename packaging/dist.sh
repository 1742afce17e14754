#!/usr/bin/env bash
# What a release has, made in target/dist from the tree as it stands. docs/releases.md says what each file is.
#
#   packaging/dist.sh [PART...]     parts: source TARGET... deb wheel crate npm sbom sums; all of them if none is named
#
# TARGET is one of $targets below; deb and wheel take the libraries of those that were built. Zig compiles and links the C, for any machine and
# against any glibc. It comes from PyPI, with what else packaging/dist-requirements.txt names. Needs Rust with the targets, Python with venv, GNU
# binutils (binutils-aarch64-linux-gnu for aarch64) and dpkg-deb; npm for the npm package.
set -euo pipefail
cd "$(dirname "$0")/.."

targets=({x86_64,aarch64}-unknown-linux-{gnu,musl})
glibc=2.28
root=$PWD
build=$(realpath -m "${CARGO_TARGET_DIR:-target}")
out=$root/target/dist
fact() { sed -n "/^\[$1\]/,/^\[/s/^version *= *\"\(.*\)\".*/\1/p" Cargo.toml; }
version=$(fact package)
soversion=$(fact package.metadata.capi.library)
name=pqrtc-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The source archive, unpacked, is a tree without git and without a date.
if git rev-parse --git-dir > /dev/null 2>&1; then SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}; fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0}
mkdir -p "$out"

tools() { # into the PATH
  local venv=$build/dist-tools
  cmp -s packaging/dist-requirements.txt "$venv/installed" ||
    { python3 -m venv --clear "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r packaging/dist-requirements.txt &&
      cp packaging/dist-requirements.txt "$venv/installed"; }
  PATH=$venv/bin:$PATH
}

# The folder $1 as an archive that depends on nothing but its files.
archive() {
  tar --sort=name --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw --mtime="@$SOURCE_DATE_EPOCH" -C "$(dirname "$1")" -cf - "$(basename "$1")" |
    gzip -9n > "$out/$(basename "$1").tar.gz"
}

# The tracked files with their changes: for a release, those of its tag.
tree() {
  local tree
  tree=$(git stash create) && git archive --format=tar --prefix="$name/" "${tree:-HEAD}"
}

compiled() { # TARGET: in $build. Paths of this machine stay out of it.
  local flags="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo --remap-path-prefix=$root=/pqrtc" target=$1.$glibc
  # Rust brings a linker and the start files of musl, with which Zig's own do not go together.
  [[ $1 != *-musl ]] || { flags+=" -Clinker=rust-lld -Clink-self-contained=yes" target=$1; }
  RUSTFLAGS=$flags cargo zigbuild --release --locked --quiet --package pqrtc --package pqrtc-cli --target "$target" --target-dir "$build"
  [[ $1 != *-musl ]] || shared "$1"
  # The command writes its manual pages itself, the same on every machine.
  [[ $1 != "$(uname -m)"-* ]] || COMMAND=$build/$1/release bash packaging/cli.sh
  [[ $1 = "$(uname -m)"-* ]] || cp -r "$build/$(uname -m)-${1#*-}/release/pqrtc-share" "$build/$1/release/"
}

# Rust makes no shared library where libc is linked statically. For musl, libpqrtc.so is made of libpqrtc.a, which has its own unwinder. The loader
# of musl takes the name libc.so for itself, whatever file it is in.
shared() { # TARGET
  local ld start from=$build/$1/release
  ld=$(cross "$1")ld start=$(rustc --print target-libdir --target "$1")/self-contained
  CROSS_COMPILE=$(cross "$1") bash packaging/localise.sh "$from/libpqrtc.a" "$work/libpqrtc.a"
  "$ld" -shared -b binary /dev/null -o "$work/libc.so"
  "$ld" -shared -soname "libpqrtc.so.${soversion%%.*}" -Bsymbolic -z nodelete -z noexecstack -z relro -z now --eh-frame-hdr -o "$from/libpqrtc.so" \
    "$start/crtbeginS.o" --whole-archive "$work/libpqrtc.a" --no-whole-archive -L "$work" -l:libc.so "$start/crtendS.o"
}

cross() { [[ $1 = "$(uname -m)"-* ]] || echo "${1%%-*}-linux-gnu-"; } # the prefix of the binutils of TARGET

# installed TARGET PREFIX DESTDIR [LIBDIR]: as make install does it.
installed() {
  CROSS_COMPILE=$(cross "$1") FROM=$build/$1/release COMMAND=$build/$1/release PREFIX=$2 DESTDIR=$3 LIBDIR=${4:-$2/lib} bash packaging/install.sh
}

tarball() { # TARGET: the libraries and the command in a folder that can be put anywhere
  local prefix=/$name-$1
  tools
  compiled "$1"
  installed "$1" "$prefix" "$work"
  # shellcheck disable=SC2016 # pkg-config knows where its file is
  sed -i "s|$prefix|\${pcfiledir}/../..|" "$work$prefix/lib/pkgconfig/pqrtc.pc"
  install -D -m 644 -t "$work$prefix/share/doc/pqrtc" LICENSE-MIT LICENSE-APACHE
  install -m 644 THIRD-PARTY-NOTICES "$work$prefix/share/doc/pqrtc/THIRD-PARTY-NOTICES.libpqrtc"
  archive "$work$prefix"
}

built() { local target; for target in {x86_64,aarch64}-unknown-linux-gnu; do [ ! -f "$build/$target/release/libpqrtc.a" ] || echo "$target"; done; }

# Debian packages: package NAME SECTION DEPENDS DESCRIPTION packs $work/$NAME. The files of all three come from one installation.
package() {
  local folder=$work/$1 doc=$work/$1/usr/share/doc/$1
  mkdir -p "$folder/DEBIAN" "$doc"
  { cat LICENSE-MIT && printf '\nOr, at your choice:\n\n' && cat LICENSE-APACHE && printf '\n' && cat THIRD-PARTY-NOTICES cli/THIRD-PARTY-NOTICES; } > "$doc/copyright"
  gzip -9n < CHANGELOG.md > "$doc/changelog.gz"
  cat > "$folder/DEBIAN/control" << CONTROL
Package: $1
Source: pqrtc
Version: $version
Architecture: $arch
Maintainer: pqrtc maintainers <maintainers@$(cut -d/ -f1 packaging/home)>
Installed-Size: $(du -ks --exclude=DEBIAN "$folder" | cut -f1)
Depends: $3
Section: $2
Priority: optional
Homepage: https://$(cat packaging/home)
Description: post-quantum protection for WebRTC: $4
 Hybrid key exchange, TURN credentials, signed artifacts and SFrame media for
 existing WebRTC stacks.
CONTROL
  [ "$1" = pqrtc ] || echo "Multi-Arch: same" >> "$folder/DEBIAN/control"
  (cd "$folder" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$folder/DEBIAN/md5sums"
  chmod -R u+rwX,go+rX,go-w "$folder"
  dpkg-deb --root-owner-group -Zxz --build "$folder" "$out/$1_${version}_$arch.deb" > /dev/null
}
deb() { # TARGET
  local arch=amd64 lib=usr/lib/${1%%-*}-linux-gnu run=libpqrtc${soversion%%.*} all
  [[ $1 != aarch64-* ]] || arch=arm64
  all=$work/deb-$arch run=libpqrtc${soversion%%.*}
  installed "$1" /usr "$all" "/$lib"
  rm -rf "${work:?}"/{"$run",libpqrtc-dev,pqrtc}
  mkdir -p "$work/$run/$lib" "$work/$run/DEBIAN" "$work/libpqrtc-dev/usr" "$work"/pqrtc/usr/share/zsh
  mv "$all/$lib"/libpqrtc.so.* "$work/$run/$lib/"
  echo "activate-noawait ldconfig" > "$work/$run/DEBIAN/triggers"
  echo "libpqrtc ${soversion%%.*} $run (>= $version)" > "$work/$run/DEBIAN/shlibs"
  mv "$all/usr/bin" "$work/pqrtc/usr/"
  mv "$all"/usr/share/{man,bash-completion,fish} "$work/pqrtc/usr/share/"
  mv "$all/usr/share/zsh/site-functions" "$work/pqrtc/usr/share/zsh/vendor-completions"
  gzip -9n "$work"/pqrtc/usr/share/man/man1/*
  rm -r "$all/usr/share/doc"
  mv "$all"/usr/* "$work/libpqrtc-dev/usr/"
  package "$run" libs "libc6 (>= $glibc)" "library"
  package libpqrtc-dev libdevel "$run (= $version)" "development files"
  package pqrtc utils "libc6 (>= $glibc)" "command"
}

wheel() { # TARGET
  local machine=${1%%-*}
  installed "$1" / "$work/wheel"
  tree | tar -x -C "$work"
  PQRTC_LIBRARY=$(realpath "$work/wheel/lib/libpqrtc.so") "$build/dist-tools/bin/pip" wheel -q --disable-pip-version-check --no-deps --no-build-isolation \
    --config-settings=--build-option=--plat-name="manylinux_${glibc/./_}_$machine" -w "$out" "$work/$name/bindings/python"
  rm -r "$work/wheel" "${work:?}/$name"
}

crate() { cargo package --quiet --locked --no-verify --allow-dirty --package pqrtc --target-dir "$work/crate" && cp "$work"/crate/package/*.crate "$out/"; }

npm_package() { (cd bindings/web && npm ci --silent && npm run --silent build && npm pack --silent --pack-destination "$out"); }

# Signed, if KEY names a file with the releaser's key.
sums() {
  (cd "$out" && rm -f SHA256SUMS* && sha256sum -- * > "$work/sums" && mv "$work/sums" SHA256SUMS)
  [ -z "${KEY:-}" ] || "$build/$(uname -m)-unknown-linux-gnu/release/pqrtc" sign -i "$KEY" -k recording-manifest "$out/SHA256SUMS" -o "$out/SHA256SUMS.sig"
}

parts=("$@")
[ $# != 0 ] || parts=(source "${targets[@]}" deb wheel crate npm sbom sums)
for part in "${parts[@]}"; do
  echo "dist: $part"
  case $part in
  source) tree | gzip -9n > "$out/$name.tar.gz" ;;
  *-linux-*) tarball "$part" ;;
  deb | wheel) tools && for target in $(built); do "$part" "$target"; done ;;
  npm) npm_package ;;
  sbom) tools && python packaging/sbom.py "$out" ;;
  crate | sums) "$part" ;;
  *) echo "dist.sh: no part $part" >&2; exit 2 ;;
  esac
done
