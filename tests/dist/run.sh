#!/usr/bin/env bash
# What packaging/dist.sh makes, built and used. Not the npm package, which the step `web` packs and tries.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

have python3 && have rustup || { skipped "dist: needs rustup and python3"; finish; exit; }
for triple in {x86_64,aarch64}-unknown-linux-gnu; do
  [[ " $(rustup target list --installed | tr '\n' ' ') " == *" $triple "* ]] || { skipped "dist: needs rustup target add $triple"; finish; exit; }
done
have dpkg-deb && have aarch64-linux-gnu-ld || { skipped "dist: needs dpkg and gcc-aarch64-linux-gnu"; finish; exit; }

rm -rf target/dist
for part in source {x86_64,aarch64}-unknown-linux-gnu deb wheel crate sbom; do check "dist: $part" bash packaging/dist.sh "$part"; done
finish || exit 1
code=0
for test in "gnu x86_64" "gnu aarch64" deb wheel sums; do
  echo "-- dist: $test"
  # shellcheck disable=SC2086
  set -- $test
  bash "tests/dist/$1.sh" "${@:2}" || code=1
done
exit $code
