#!/usr/bin/env bash
# localise.sh IN.a OUT.a: one object in which only pqrtc_ symbols are global.
#
# A Rust static library exports the Rust runtime and every C symbol of its dependencies (shake256, sha3_256, aws_lc_...). Those clash
# with a second Rust library or with the program's own crypto. So: link what pqrtc_ needs into one object, make the rest local, and say
# that none of it needs an executable stack. Debug information is left out. Needs GNU binutils: CROSS_COMPILE=aarch64-linux-gnu- takes those
# of another target; LD, OBJCOPY, NM and AR name them one by one.
set -euo pipefail

in=$1 out=$2
cross=${CROSS_COMPILE:-}
ld=${LD:-${cross}ld} objcopy=${OBJCOPY:-${cross}objcopy} nm=${NM:-${cross}nm} ar=${AR:-${cross}ar}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# -u makes each exported function a root, so that --gc-sections keeps what they reach and nothing else.
# Groups are resolved here: the final link must not drop a local copy in favour of another library's.
"$nm" -g --defined-only "$in" 2>/dev/null | awk '$2 == "T" && $3 ~ /^pqrtc_/ { print "-u", $3 }' > "$work/roots"
[ -s "$work/roots" ] || { echo "localise.sh: no pqrtc_ function in $in" >&2; exit 1; }
# The bitcode that Rust's own objects carry is of no use here, and binutils with an LLVM plugin choke on it.
echo 'SECTIONS { /DISCARD/ : { *(.llvmbc) *(.llvmcmd) } } INSERT AFTER .comment;' > "$work/discard.ld"
"$ld" -r -z noexecstack --gc-sections --force-group-allocation -T "$work/discard.ld" "@$work/roots" "$in" -o "$work/pqrtc.o"
# What only discarded code asked for is still listed, and no longer as weak: then a program that has Rust's weak symbols too would not link.
readelf -rW "$work/pqrtc.o" | awk '{ print $5 }' | sort -u > "$work/referenced"
"$nm" -u "$work/pqrtc.o" | awk '$1 == "U" { print $2 }' | sort -u | comm -23 - "$work/referenced" > "$work/dead"
# An assembler file without the .note.GNU-stack marker would make the whole program's stack executable.
: > "$work/empty"
"$objcopy" --wildcard --strip-debug --keep-global-symbol='pqrtc_*' --remove-section=.note.GNU-stack --strip-symbols="$work/dead" "$work/pqrtc.o"
"$objcopy" --add-section=.note.GNU-stack="$work/empty" --set-section-flags=.note.GNU-stack=contents,readonly "$work/pqrtc.o"

rm -f "$out"
"$ar" rcsD "$out" "$work/pqrtc.o"
