#!/usr/bin/env bash
# The newcomer's two commands, from a clean clone on a bare machine: a folder with nothing but the installed Debian packages named below (and
# what they depend on) and a Rust toolchain, entered with chroot and an empty environment. Crates are downloaded into an empty home.
#   tests/bare.sh [COMMAND...]      "make demo" and "make test" if none is given
#   RUST=1.88 tests/bare.sh         with this toolchain of rustup's, not the default one
#   FILES="FILE..." tests/bare.sh   these are in /files there; dpkg knows what is installed, and can install them
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(base-files bash ca-certificates coreutils dash diffutils dpkg findutils gcc git grep gzip libc-bin libc6-dev make mawk sed tar)
if ! command -v apt-cache > /dev/null || [ "$(id -u)" != 0 ] || ! unshare --mount true 2> /dev/null; then
  echo "skipped: a bare machine: needs Debian, root and mount namespaces"
  [ "${PQRTC_REQUIRE:-}" != 1 ]
  exit
fi
[ $# != 0 ] || set -- "make demo" "make test"

bare=$(mktemp -d)
trap 'rm -rf "$bare"' EXIT
closure() {
  apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" |
    grep '^[a-z]' | sort -u
}
mkdir -p "$bare"/usr/{bin,sbin,lib,lib64} "$bare"/{dev,proc,tmp,root,rust,etc,src}
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$bare/$folder"; done
# Files alone, by the path below /usr under which usrmerge put them.
closure "${packages[@]}" | xargs dpkg -L 2> /dev/null | sed -E 's#^/(bin|sbin|lib|lib64)/#/usr/\1/#' | grep -v '^/usr/share/\(doc\|man\|locale\)' | sort -u |
  while read -r file; do if [ -f "$file" ] || [ -L "$file" ]; then echo "${file#/}"; fi; done |
  tar -C / --no-recursion -cf - -T - | tar -C "$bare" -xf -
cp -a --parents /etc/alternatives /etc/ssl /etc/ld.so.cache /etc/passwd /etc/group /usr/bin/{awk,cc} "$bare"
cp -L /etc/resolv.conf /etc/hosts "$bare/etc/"
for tool in g++ python3 pkg-config cmake go; do
  if [ -e "$bare/usr/bin/$tool" ]; then echo "not bare: it has $tool"; exit 1; fi
done

# The database of dpkg, for these packages alone.
mkdir -p "$bare"/var/lib/dpkg/{info,updates,triggers} "$bare/files"
dpkg-query -W -f '${Package}\n' $(closure "${packages[@]}") 2> /dev/null | sort -u > "$bare/files/.installed"
awk -v RS= -v ORS='\n\n' 'NR == FNR { n = split($0, names, "\n"); for (i = 1; i <= n; i++) known[names[i]]; next } $2 in known' \
  "$bare/files/.installed" /var/lib/dpkg/status > "$bare/var/lib/dpkg/status"
while read -r package; do cp -a /var/lib/dpkg/info/"$package"[:.]* "$bare/var/lib/dpkg/info/"; done < "$bare/files/.installed"
cp -a /var/lib/dpkg/info/format "$bare/var/lib/dpkg/info/"
cp -a /var/lib/dpkg/triggers/* "$bare/var/lib/dpkg/triggers/"
[ -z "${FILES:-}" ] || cp $FILES "$bare/files/"

git clone -q --no-local . "$bare/src/pqrtc"
toolchain=$(rustc ${RUST:++"$RUST"} --print sysroot)
# shellcheck disable=SC2016
TIMEFORMAT="   (%R s, %U s of processor time)" BARE=$bare TOOLCHAIN=$toolchain unshare --mount bash -euc '
  mount --bind "$TOOLCHAIN" "$BARE/rust"
  mount --bind /dev "$BARE/dev"
  mount --bind /proc "$BARE/proc"
  for command; do
    echo "== bare machine: $command"
    time chroot "$BARE" /usr/bin/env -i PATH=/rust/bin:/usr/bin:/bin HOME=/root bash -euc "cd /src/pqrtc && $command"
  done' bash "$@"
