#!/usr/bin/env bash
# What pqrtc costs in real stacks: runs every stack test that knows --bench and writes docs/integrations/figures.md. Stacks are installed by run.sh.
set -uo pipefail
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
cd "$root" || exit
mkdir -p "$stacks" docs/integrations
table=$(mktemp)
trap 'rm -f "$table"' EXIT
for file in $(grep -l -e '--bench' tests/stacks/*.sh); do
  name=$(basename "$file" .sh)
  case $name in run | bench | env) continue ;; esac
  log=$stacks/$name.bench.log
  timeout --kill-after=10 600 bash "$file" --bench > "$log" 2>&1 < /dev/null &
  group=$!
  wait $group
  code=$?
  kill -TERM -- -$group 2> /dev/null
  # "figure STACK NAME VALUE UNIT", or rows of a table of two columns.
  awk -v stack="$name" '
    /^figure / { gsub($3 ~ /_/ ? "_" : "-", " ", $3); print "| " $2 " | " $3 " | " $4 " " $5 " |"; found = 1 }
    /^\| / && !/^\| figure \| value \|/ && split($0, cell, / *\| */) == 4 { print "| " stack " | " cell[2] " | " cell[3] " |"; found = 1 }
    END { exit !found }' "$log" >> "$table"
  found=$?
  if [ $code = 77 ]; then echo "skipped: $name: $(tail -n 1 "$log")"
  elif [ $code != 0 ]; then echo "failed: $name (exit code $code)"; tail -n 20 "$log"; exit 1
  elif [ $found != 0 ]; then echo "skipped: $name: $(tail -n 2 "$log" | head -n 1)"
  else echo "measured: $name"; fi
done
[ -s "$table" ] || { echo "no figures"; exit 1; }
{
  echo "# What it costs in real stacks"
  echo
  echo "Written by \`make bench-stacks\` on $(date -u +%F), on $(nproc) cores of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1) ($(uname -m)), all peers on the one"
  echo "machine. A difference of two joins that is smaller than the distance of their quartiles is chance; what is computed for it is a row of its own."
  echo
  echo "| stack | what | figure |"
  echo "|---|---|---|"
  cat "$table"
} > docs/integrations/figures.md
cat docs/integrations/figures.md
