#!/usr/bin/env bash
# What pqrtc costs in real stacks: runs every stack test that knows --bench and writes docs/integrations/figures.md. Stacks are installed by run.sh.
set -uo pipefail
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
cd "$root" || exit
mkdir -p "$stacks" docs/integrations
table=$(mktemp)
trap 'rm -f "$table"' EXIT
for file in $(grep -lx '# bench' tests/stacks/*.sh); do
  name=$(basename "$file" .sh) log=$stacks/$(basename "$file" .sh).bench.log
  timeout --kill-after=10 300 bash "$file" --bench > "$log" 2>&1 < /dev/null &
  group=$!
  wait $group
  code=$?
  kill -TERM -- -$group 2> /dev/null
  case $code in
    0) echo "measured: $name" ;;
    77) echo "skipped: $name: $(tail -n 1 "$log")" ;;
    *) echo "failed: $name (exit code $code)"; tail -n 20 "$log"; exit 1 ;;
  esac
  sed -n 's/^figure //p' "$log" >> "$table"
done
[ -s "$table" ] || { echo "no figures"; exit 1; }
{
  echo "# What it costs in real stacks"
  echo
  echo "Written by \`make bench-stacks\` on $(date -u +%F), on $(nproc) cores of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1) ($(uname -m)), all peers on the one machine."
  echo
  echo "| stack | what | figure |"
  echo "|---|---|---|"
  while read -r stack what value unit; do
    echo "| $stack | ${what//-/ } | $value $unit |"
  done < "$table"
} > docs/integrations/figures.md
cat docs/integrations/figures.md
