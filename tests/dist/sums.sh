#!/usr/bin/env bash
# The sums of a release, signed and checked by its own command as docs/releases.md says, with a throwaway key; and what was altered is refused.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/dist/common.sh
unpacked "$(uname -m)-unknown-linux-gnu" || { failed "dist: unpack"; finish; exit 1; }
pqrtc=$prefix/bin/pqrtc

signed() {
  "$pqrtc" keygen sign -o "$work/key" && "$pqrtc" pubkey -i "$work/key" -o "$work/key.pub" && KEY=$work/key bash packaging/dist.sh sums &&
    cp "$dist"/SHA256SUMS* "$work"
}
verified() { "$pqrtc" verify -p "$work/key.pub" -k recording-manifest "$1/SHA256SUMS" "$1/SHA256SUMS.sig" && (cd "$dist" && sha256sum --check --quiet "$1/SHA256SUMS"); }
names_all() { diff <(cd "$dist" && find . -type f ! -name 'SHA256SUMS*' -printf '%P\n' | sort) <(awk '{ print $2 }' "$work/SHA256SUMS" | sort); }
refused() { # a sum of another file under the old signature: exit code 1
  mkdir -p "$work/altered" && cp "$work/SHA256SUMS.sig" "$work/altered/" && sed 's/^./x/' "$work/SHA256SUMS" > "$work/altered/SHA256SUMS" || return
  "$pqrtc" verify -p "$work/key.pub" -k recording-manifest "$work/altered/SHA256SUMS" "$work/altered/SHA256SUMS.sig"
  [ $? = 1 ]
}

check "dist: the sums are signed" signed
check "dist: the sums name every file" names_all
check "dist: signature and sums verify" verified "$work"
check "dist: an altered sum is refused" refused
check "dist: bills of materials name the crates" grep -q 'pkg:cargo/aws-lc-sys@' "$dist/libpqrtc.cdx.json"
rm -f "$dist"/SHA256SUMS* # those of a key that nobody has
finish
