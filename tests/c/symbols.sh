#!/usr/bin/env bash
# What the built files show to the world: only pqrtc_ symbols, the SONAME, symbols bound to the library itself, no executable stack.
# usage: symbols.sh LIBRARY.so INCLUDE_DIR INSTALLED.a LINK_LIBRARIES...
set -euo pipefail
export LC_ALL=C
so=$1 include=$2 archive=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
fail() { echo "symbols: $*"; bad=1; }

"${CC:-cc}" -E -P "$include/pqrtc.h" | grep -oE '\bpqrtc_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u > "$work/declared"
nm -D --defined-only "$so" | awk '{ print $NF }' | sed 's/@.*//' | sort -u > "$work/exported"
diff "$work/declared" "$work/exported" || fail "$so does not export what the header declares, and that alone"
# Where another library could define this one, it would choose all keys.
if nm -D "$so" | grep -q PQCRYPTO_RUST; then fail "$so shows PQCRYPTO_RUST_randombytes"; fi

readelf -dW "$so" > "$work/dynamic"
abi=$(sed -n 's/^#define PQRTC_ABI_VERSION *//p' "$include/pqrtc.h")
grep -q "SONAME.*\[libpqrtc\.so\.$abi\]" "$work/dynamic" || fail "$so: the SONAME is not libpqrtc.so.$abi"
grep -qE '\(SYMBOLIC\)|FLAGS.*SYMBOLIC' "$work/dynamic" || fail "$so is not linked -Bsymbolic"
if grep -q TEXTREL "$work/dynamic"; then fail "$so has text relocations"; fi
stack() { readelf -lW "$1" | awk '/GNU_STACK/ { print $7 }'; }
[ "$(stack "$so")" = RW ] || fail "$so: the stack is '$(stack "$so")', not RW"

nm -g --defined-only "$archive" 2> /dev/null | awk 'NF == 3 { print $3 }' | sort -u > "$work/global"
diff "$work/declared" "$work/global" || fail "$archive does not show what the header declares, and that alone"
cat > "$work/main.c" << 'C'
#include <pqrtc.h>
/* names that programs with a cryptography library of their own have */
int shake256(void) { return 1; }
int sha3_256(void) { return 2; }
int OPENSSL_cleanse(void) { return 3; }
int PQCRYPTO_RUST_randombytes(void) { return 4; }
int main(void) {
  return pqrtc_self_test() != PQRTC_OK || shake256() != 1 || sha3_256() != 2 || OPENSSL_cleanse() != 3 || PQCRYPTO_RUST_randombytes() != 4;
}
C
"${CC:-cc}" -I"$include" "$work/main.c" "$archive" "$@" -o "$work/main"
"$work/main" || fail "a program linked to $archive does not run beside functions of the same names"
[ "$(stack "$work/main")" = RW ] || fail "a program linked to $archive has the stack '$(stack "$work/main")', not RW"
exit $bad
