#!/usr/bin/env bash
# What packaging/dist.sh makes, built and used. Not the npm package, which the step `web` packs and tries.
#   bash tests/dist/run.sh [LIBC...]     gnu, which CI runs, musl, or both; gnu if none is given. musl compiles everything for two more targets.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
[ $# != 0 ] || set -- gnu
triples=()
for libc; do triples+=({x86_64,aarch64}-unknown-linux-"$libc"); done

have python3 && have rustup || { skipped "dist: needs rustup and python3"; finish; exit; }
for triple in "${triples[@]}"; do
  [[ " $(rustup target list --installed | tr '\n' ' ') " == *" $triple "* ]] || { skipped "dist: needs rustup target add $triple"; finish; exit; }
done
have dpkg-deb && have aarch64-linux-gnu-ld || { skipped "dist: needs dpkg and gcc-aarch64-linux-gnu"; finish; exit; }

parts=("${triples[@]}") tests=("${triples[@]/#/tarball }")
if [[ " $* " == *" gnu "* ]]; then
  rm -rf target/dist
  parts=(source "${triples[@]}" deb wheel crate sbom) tests+=(deb wheel sums)
fi
for part in "${parts[@]}"; do check "dist: $part" bash packaging/dist.sh "$part"; done
finish || exit 1
code=0
for test in "${tests[@]}"; do
  echo "-- dist: $test"
  # shellcheck disable=SC2086
  set -- $test
  bash "tests/dist/$1.sh" "${@:2}" || code=1
done
exit $code
