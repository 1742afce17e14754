#!/usr/bin/env bash
# The C ABI against api/abi.xml, which libabigail wrote: what is added passes, what is changed or gone fails, and would need another ABI version.
#
#   tests/repo/abi.sh            the check
#   tests/repo/abi.sh --write    writes api/abi.xml anew: for an addition, or with another ABI version
#
# libabigail reads debug information. Here it is that of a C library with the functions of include/pqrtc.h and empty bodies: the types as callers
# compile them. That the header is what the Rust sources say, and that the library exports all of it, is checked elsewhere (lint.sh, tests/c/symbols.sh).
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
have abidw && have abidiff || { skipped "ABI: needs abigail-tools"; finish; exit; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
abi=$(sed -n 's/^#define PQRTC_ABI_VERSION *//p' include/pqrtc.h)

library() { # HEADER OUT.so
  { echo '#include "pqrtc.h"' && "${CC:-cc}" -E -P -include stddef.h "$1" | tr '\n' ' ' | grep -oE '[a-z_0-9]+ [a-z_0-9 *]*pqrtc_[a-z0-9_]+\([^;{}]*\);' |
    grep -v typedef | sed 's/;$/ { __builtin_trap(); }/'; } > "$work/pqrtc.c"
  [ "$(grep -c __builtin_trap "$work/pqrtc.c")" = "$(grep -cE '^[^ *#/].* \*?pqrtc_[a-z0-9_]+\(' "$1")" ] || { echo "not every function was read"; return 1; }
  "${CC:-cc}" -std=c11 -g -shared -fPIC -I"$(dirname "$1")" "-Wl,-soname,libpqrtc.so.$abi" "$work/pqrtc.c" -o "$2"
}
described() { abidw --no-corpus-path --no-show-locs --no-comp-dir-path "$1" > "$2"; }
compatible() { abidiff --no-added-syms api/abi.xml "$1"; }
in_step() { library include/pqrtc.h "$work/now.so" && compatible "$work/now.so"; }

# A header altered by sed: its library and ABI.
altered() { # SED
  mkdir -p "$work/altered" && sed -E "$1" include/pqrtc.h > "$work/altered/pqrtc.h" && ! cmp -s include/pqrtc.h "$work/altered/pqrtc.h" &&
    library "$work/altered/pqrtc.h" "$work/altered.so"
}
refused() { altered "$1" && { compatible "$work/altered.so"; [ $(($? & 4)) = 4 ]; }; }
accepted() { altered "$1" && compatible "$work/altered.so"; }

if [ "${1:-}" = --write ]; then library include/pqrtc.h "$work/now.so" && described "$work/now.so" api/abi.xml; exit; fi
check "ABI: nothing of api/abi.xml is changed or gone" in_step
some=pqrtc_session_key_bytes
check "ABI: a changed parameter is refused" refused "s/^size_t $some\(void\)/size_t $some(uint32_t kind)/"
check "ABI: a changed result is refused" refused "s/^size_t $some/uint16_t $some/"
check "ABI: a removed function is refused" refused "/^size_t $some/d"
check "ABI: a changed structure is refused" refused 's/^  uint64_t kid;/  uint32_t kid;/'
check "ABI: an added function and an added code pass" accepted "s/^size_t $some.*/&\nsize_t ${some}_2(void);/; s/^  PQRTC_OK = 0,/&\n  PQRTC_ADDED = 200,/"
finish
