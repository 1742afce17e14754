#!/usr/bin/env bash
# The Debian packages, installed by dpkg on a bare Debian and used by gcc there; and removed, with nothing left. Those of the other machine are looked at.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/dist/common.sh

here=$(dpkg --print-architecture 2> /dev/null) || { skipped "dist: Debian packages: needs dpkg"; finish; exit; }
debs=("$dist"/{libpqrtc2,libpqrtc-dev,pqrtc}_"${version}_$here.deb")
there=("$dist"/{libpqrtc2,libpqrtc-dev,pqrtc}_"${version}_$([ "$here" = amd64 ] && echo arm64 || echo amd64).deb")

# shellcheck disable=SC2016
used='
export PATH=$PATH:/usr/sbin:/sbin
dpkg -i /files/*.deb
ldconfig -p | grep "libpqrtc.so.2 "
for lesson in call key_exchange seal_frames turn_wrap; do
  gcc -Wall -Werror examples/c/$lesson.c -o /tmp/$lesson -lpqrtc
  /tmp/$lesson > /dev/null
done
gcc examples/c/key_exchange.c -o /tmp/static -l:libpqrtc.a -lm
/tmp/static > /dev/null
pqrtc doctor
pqrtc keygen sign -o /tmp/key
test -s /usr/share/man/man1/pqrtc.1.gz
dpkg --verify libpqrtc2 libpqrtc-dev pqrtc
dpkg --purge pqrtc libpqrtc-dev libpqrtc2
test "$(ldconfig -p | grep -c pqrtc)" = 0
test -z "$(find /usr -name "*pqrtc*")"'
bare() { FILES="${debs[*]}" bash tests/bare.sh "$used"; }

same_files() { # the packages of both machines, but for the name of the machine
  local i
  for i in "${!debs[@]}"; do
    diff <(dpkg-deb -c "${debs[i]}" | awk '{ print $1, $6 }' | sed 's/x86_64/MACHINE/' | sort) \
      <(dpkg-deb -c "${there[i]}" | awk '{ print $1, $6 }' | sed 's/aarch64/MACHINE/' | sort) || return
  done
}

check "dist: Debian packages on a bare Debian" bare
check "dist: Debian packages of the other machine hold the same files" same_files
finish
