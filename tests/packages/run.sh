#!/usr/bin/env bash
# Every way in which programs get pqrtc, tried. `run.sh NAME...` runs some of the files beside it.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

names=("$@")
[ $# != 0 ] || for file in *.sh; do
  case $file in common.sh | run.sh | wheels.sh) ;; *) names+=("${file%.sh}") ;; esac
done
failures=()
for name in "${names[@]}"; do
  echo "-- packages: $name"
  bash "./$name.sh" || failures+=("$name")
done
[ ${#failures[@]} = 0 ] || { echo "failed: ${failures[*]}"; exit 1; }
