#!/usr/bin/env bash
# The instructions that an operation takes, by callgrind: a figure that a busy machine does not change. Compared with benches/instructions.txt,
# where more than 3 % above fails; `--record` writes that file. Other compilers than those that it names give other counts: then nothing is judged.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
have valgrind || { skipped "instructions: needs valgrind"; finish; exit; }
known=benches/instructions.txt most=3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -ra libs < packaging/libs-private

# Signing is left out: how often it tries is random.
operations=("handshake, X-Wing" "wrap" "unwrap" "verify, ML-DSA-65" "seal 1200 bytes" "seal and open 1200 bytes")
compilers() { echo "$(rustc --version | cut -d' ' -f1-2), $("${CC:-cc}" --version | head -n 1)"; }

each() { # OPERATION: the mean of many calls
  local calls=64 total
  total=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no --toggle-collect=repeat "$work/providers" "$1" $calls 2>&1 |
    sed -n 's/.*Collected : //p')
  [ -n "$total" ] && echo $((total / calls))
}
# judged OPERATION COUNT: what was known of it, and the difference in per mille.
judged() {
  local before
  before=$(sed -n "s/^$1: //p" "$known")
  [ -n "$before" ] || { echo "$1 is not in $known"; return 1; }
  local more=$((($2 - before) * 1000 / before))
  echo "$1: $2 instructions, $before before: $more per mille more"
  [ "$more" -le $((most * 10)) ]
}

from=$(provider_build "${all_providers[0]}") && "${CC:-cc}" -O2 -Iinclude -o "$work/providers" benches/providers.c "$from/libpqrtc.a" "${libs[@]}" ||
  { failed "instructions: build"; finish; exit 1; }
for operation in "${operations[@]}"; do
  echo "$operation: $(each "$operation")"
done > "$work/now"
if [ "${1:-}" = --record ]; then { echo "# $(compilers)" && cat "$work/now"; } > "$known"; cat "$known"; exit; fi
cat "$work/now"
if [ "$(head -n 1 "$known")" != "# $(compilers)" ]; then
  echo "$known is of $(head -n 1 "$known"), this is $(compilers): nothing is judged"
  exit
fi
too_many() { ! judged "${1%: *}" $((${1##*: } * 104 / 100)); }
check "instructions: 4 % more are found" too_many "$(tail -n 1 "$known")"
while read -r line; do check "instructions: ${line%: *}" judged "${line%: *}" "${line##*: }"; done < "$work/now"
finish
