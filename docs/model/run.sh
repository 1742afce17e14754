#!/usr/bin/env bash
# Runs the models: run.sh [proverif] [verifpal], or both. With ProVerif (PROVERIF=/path/to/proverif) every query must say what results.txt
# has. With Verifpal (VERIFPAL=/path/to/verifpal) every model must give the code that stands beside it below.
set -euo pipefail
cd "$(dirname "$0")"
proverif=${PROVERIF:-$(command -v proverif || true)} verifpal=${VERIFPAL:-$(command -v verifpal || true)}
wanted=" ${*:-proverif verifpal} "
failures=0

skip() {
  echo "skipped: $1: needs $2"
  [ "${PQRTC_REQUIRE:-}" != 1 ] || exit 1
}

expected() { # the queries of one file
  sed -n "/^== $1 /,/^== /{/^RESULT/p}" results.txt
}

if [[ $wanted != *" proverif "* ]]; then
  :
elif [ -n "$proverif" ]; then
  queries=0
  for model in *.pv; do
    said=$(timeout 600 "$proverif" "$model" | grep '^RESULT' || true)
    queries=$((queries + $(grep -c . <<< "$said")))
    if [ "$said" != "$(expected "$model")" ]; then
      echo "$model: differs from results.txt"
      diff <(expected "$model") - <<< "$said" || true
      failures=$((failures + 1))
    fi
  done
  echo "ProVerif: $queries queries"
else
  skip "ProVerif models" proverif
fi

if [[ $wanted != *" verifpal "* ]]; then
  :
elif [ -n "$verifpal" ]; then
  (cd verifpal && bash mutate.sh)
  while read -r model code; do
    said=$(timeout 1800 "$verifpal" verify --result-code --quiet "verifpal/$model.vp" 2> /dev/null | tail -n 1 || true)
    [[ "$said" == *"$code"* ]] || { echo "$model: $said, not $code"; failures=$((failures + 1)); }
  done << 'CODES'
handshake c0c0c0c0a0a0a0f0f0e0
kci_alice c0c0c1c0a0a1a1f0f0e0
kci_bob c1c1c0c1a1a0a0f0f0e0
mut_sig_no_transcript c1c1c0c1a1a0a0f0f0e0
mut_no_verify c1c1c0c1a1a0a0f0f0e0
mut_no_verify_finish c0c0c1c0a0a1a1f0f0e0
CODES
else
  skip "Verifpal models" verifpal
fi
exit "$((failures > 0))"
