#!/usr/bin/env bash
# The library built for other machines, and its tests run there: on this machine where it can, else under qemu-user or Wine. docs/platforms.md says what
# that showed.
#
#   tests/portability/run.sh [TARGET...]    of s390x types windows i686 x86_64 aarch64
#
# Without a name: the first two. Provider rustcrypto, the conformance file in Rust, the quicker C tests. PQRTC_FULL=1: all of them, more providers, the
# Rust tests, all of these C tests.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

full=${PQRTC_FULL:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Quick to compile, with checks of overflow: what a smaller usize cannot hold is then a panic. The profile keeps its name, so that build scripts
# are those of the other steps; and aws-lc its options, so that its C comes from ccache.
export CARGO_INCREMENTAL=0
profile=(--release)
for setting in opt-level=1 debug=0 debug-assertions=true overflow-checks=true package.aws-lc-sys.{opt-level=3,debug=\"line-tables-only\"}; do
  profile+=(--config "profile.release.$setting")
done
# An emulator starts no program of its kind from inside (the first two), and for the others it takes hours.
left_out=(a_first_call_while_the_host_unwinds handshake::tests::wiped every_byte every_altered_byte ten_thousand_offers wycheproof)

# Options of cargo for a target and a provider. Each provider has a folder, for the library has one name. This machine's library is the one of the
# other steps.
native=$(rustc -vV 2> /dev/null | sed -n 's/^host: //p')
options() {
  if [ "$1" = "$native" ]; then echo --release; provider_flags "$2"
  else printf '%s\n' "${profile[@]}" --target "$1" --no-default-features --features "$2,capi" --target-dir "$(provider_folder "$2")"; fi
}

# here WHAT TRIPLE TOOL=PACKAGE...: whether all that a target needs is here; says what is not.
here() {
  local what=$1 tool
  have rustup || { skipped "$what: needs rustup"; return 1; }
  [[ " $(rustup target list --installed | tr '\n' ' ') " == *" $2 "* ]] || { skipped "$what: needs rustup target add $2"; return 1; }
  for tool in "${@:3}"; do have "${tool%=*}" || { skipped "$what: needs ${tool#*=}"; return 1; }; done
}

# rust TRIPLE PROVIDER RUNNER...
rust() {
  local flags tests=() variable=${1//-/_}
  mapfile -t flags < <(options "$1" "$2")
  export "CARGO_TARGET_${variable^^}_RUNNER=${*:3}"
  if [ -z "$full" ]; then cargo test "${flags[@]}" --test rust -- conformance frame_examples; return; fi
  [ ! -d ../shared/vectors ] || tests=(--include-ignored)
  cargo test "${flags[@]}" --lib --test rust -- "${tests[@]}" "${left_out[@]/#/--skip=}"
}

# c NAME COMPILER RUNNER...: a program of tests/c with the library in $work/lib. PQRTC_SLOW: it is emulated. It must say that it passed: a program
# that crashes under Wine may end with 0.
c() {
  local more=() program=$work/lib/$1${exe:-}
  [ "$1" != hostile ] || more=(tests/c/calls_{core,media,handshake,meeting}.c tests/c/{frame,api}.c)
  "$2" -std=c11 -O1 -Wall -Wextra -Wpedantic -Werror -Iinclude "tests/c/$1.c" "${more[@]}" "${link[@]}" -lpthread -o "$program" &&
    PQRTC_SLOW=1 "${@:3}" "$program" | tee "$work/said" && grep -q ' passed, 0 failed' "$work/said"
}

# The C++ binding is a header.
cxx() { # COMPILER
  printf '#include <pqrtc.hpp>\n#include <pqrtc.hpp>\nint main() {}\n' > "$work/header.cpp"
  local file
  for file in "$work/header.cpp" examples/cpp/*.cpp; do "$1" -std=c++17 -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Werror -Iinclude -fsyntax-only "$file" || return; done
}

# linux LABEL TRIPLE COMPILER PROVIDERS RUNNER...
linux() {
  local label=$1 triple=$2 cc=$3 provider name from link=(-L"$work/lib" -lpqrtc) variable=${2//-/_}
  [ "$triple" = "$native" ] || export "CARGO_TARGET_${variable^^}_LINKER=$cc"
  for provider in $4; do
    check "$label, $provider: Rust tests" rust "$triple" "$provider" "${@:5}"
    # The library that the Rust tests have built. This machine's own is that of the other steps.
    from=$(provider_folder "$provider")/$triple/release/deps
    [ "$triple" != "$native" ] || from=$(provider_build "$provider")
    [ -f "$from/libpqrtc.so" ] || { failed "$label, $provider: build"; continue; }
    rm -rf "$work/lib" && mkdir "$work/lib" && cp "$from/libpqrtc.so" "$work/lib/"
    ln -s libpqrtc.so "$work/lib/$(soname "$from/libpqrtc.so")"
    for name in sizes recording media fork ${full:+roundtrip call threads hostile}; do
      LD_LIBRARY_PATH=$work/lib check "$label, $provider: C test $name" c "$name" "$cc" "${@:5}"
    done
  done
}

target_s390x() {
  here s390x s390x-unknown-linux-gnu s390x-linux-gnu-gcc=gcc-s390x-linux-gnu qemu-s390x=qemu-user || return
  linux "s390x (big-endian)" s390x-unknown-linux-gnu s390x-linux-gnu-gcc rustcrypto qemu-s390x -L /usr/s390x-linux-gnu
}

target_i686() {
  local root=/usr/i686-linux-gnu run
  here i686 i686-unknown-linux-gnu i686-linux-gnu-gcc=gcc-i686-linux-gnu qemu-i386=qemu-user || return
  # The machine itself, if its kernel runs such programs. They find the library by LD_LIBRARY_PATH, as all do here.
  run=(env "LD_LIBRARY_PATH=$work/lib:$root/lib" $root/lib/ld-linux.so.2)
  $root/lib/ld-linux.so.2 --version > /dev/null 2>&1 || run=(qemu-i386 -L $root)
  linux "i686 (32 bits)" i686-unknown-linux-gnu i686-linux-gnu-gcc "rustcrypto${full:+ aws-lc}" "${run[@]}"
  if have i686-linux-gnu-g++; then check "i686: the C++ header" cxx i686-linux-gnu-g++; else skipped "i686: the C++ header: needs g++-i686-linux-gnu"; fi
}

# lacks CPU OPTION EXPRESSION: the emulated CPU ends a program that uses such an instruction, and the best one runs it.
lacks() {
  printf '#include <immintrin.h>\nint main(int n, char **p) { (void)p; return (%s) & 63; }\n' "$3" > "$work/lacks.c"
  cc -O1 "$2" "$work/lacks.c" -o "$work/lacks" || return
  qemu-x86_64 -cpu max "$work/lacks"
  [ $? -lt 64 ] || return
  qemu-x86_64 -cpu "$1" "$work/lacks"
  [ $? = 132 ] # SIGILL
}

# Westmere has AES and no AVX, Conroe neither: its SIMD ends with SSSE3.
target_x86_64() {
  local cpu
  here x86_64 x86_64-unknown-linux-gnu qemu-x86_64=qemu-user || return
  [ "$native" = x86_64-unknown-linux-gnu ] || { skipped "x86_64: needs a machine of that kind"; return; }
  check "x86_64: Westmere has no AVX2" lacks Westmere -mavx2 '_mm256_extract_epi32(_mm256_abs_epi32(_mm256_set1_epi32(n)), 0)'
  check "x86_64: Conroe has no AES" lacks Conroe -maes '_mm_cvtsi128_si32(_mm_aesenc_si128(_mm_set1_epi32(n), _mm_set1_epi32(n)))'
  for cpu in Westmere Conroe; do linux "x86_64 $cpu" "$native" cc "${all_providers[*]}" qemu-x86_64 -cpu $cpu; done
}

target_aarch64() {
  local cpu
  here aarch64 aarch64-unknown-linux-gnu aarch64-linux-gnu-gcc=gcc-aarch64-linux-gnu qemu-aarch64=qemu-user || return
  for cpu in cortex-a72 neoverse-n1 max; do
    linux "aarch64 $cpu" aarch64-unknown-linux-gnu aarch64-linux-gnu-gcc "${all_providers[*]}" qemu-aarch64 -cpu $cpu -L /usr/aarch64-linux-gnu
  done
}

# There is no fork: nothing of that is tested.
target_windows() {
  local triple=x86_64-pc-windows-gnu cc=x86_64-w64-mingw32-gcc exe=.exe provider name from flags wine=wine64
  # Static, so that the programs need no other DLL than pqrtc.dll.
  local link=(-D__USE_MINGW_ANSI_STDIO=1 -static "$work/lib/libpqrtc.dll.a")
  have wine64 || wine=/usr/lib/wine/wine64 # where Debian puts it
  here windows $triple $cc=gcc-mingw-w64-x86-64 $wine=wine64 || return
  export WINEPREFIX=$work/wine WINEDEBUG=-all WINEDLLOVERRIDES=winedbg.exe=d
  for provider in rustcrypto ${full:+aws-lc}; do
    [ -z "$full" ] || check "windows, $provider: Rust tests" rust $triple "$provider" $wine
    mapfile -t flags < <(options $triple "$provider")
    from=$(provider_folder "$provider")/$triple/release
    cargo build --quiet "${flags[@]}" --lib || { failed "windows, $provider: build"; continue; }
    rm -rf "$work/lib" && mkdir "$work/lib" && cp "$from/pqrtc.dll" "$from/libpqrtc.dll.a" "$work/lib/"
    $cc -shared -O1 -Wall -Wextra -Werror tests/portability/bcryptprimitives.c -ladvapi32 -o "$work/lib/bcryptprimitives.dll"
    for name in sizes roundtrip recording media call threads hostile; do check "windows, $provider: C test $name" c $name $cc $wine; done
  done
  if have x86_64-w64-mingw32-g++; then check "windows: the C++ header" cxx x86_64-w64-mingw32-g++; else skipped "windows: the C++ header: needs g++-mingw-w64-x86-64"; fi
  "${wine%wine64}wineserver" -k 2> /dev/null
}

# cargo check, which needs no linker: the types and what is left out there. With rustcrypto, for aws-lc needs a C compiler for the target.
target_types() {
  local triple flags
  for triple in aarch64-apple-darwin x86_64-pc-windows-gnu; do
    here "types, $triple" $triple || continue
    mapfile -t flags < <(options $triple rustcrypto)
    check "types, $triple" cargo check --quiet --lib "${flags[@]}"
  done
}

targets=("$@")
[ $# != 0 ] || targets=(s390x types ${full:+windows i686 x86_64 aarch64})
for name in "${targets[@]}"; do
  declare -F "target_$name" > /dev/null || { echo "no target $name"; exit 2; }
  echo "-- portability: $name"
  "target_$name"
done
finish
