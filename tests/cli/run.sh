#!/usr/bin/env bash
# The command pqrtc: its tests in Rust (cli/tests), pipes in a shell, and what `make cli` makes beside it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

have cargo || { failed "cli: needs cargo"; finish; exit; }
check "cli: tests" cargo test --release -p pqrtc-cli --target-dir "$target/cli"
check "cli: build" make cli
pqrtc=$(realpath "$target")/cli/release/pqrtc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pipes() (
  cd "$work" && umask 022 && set -e
  "$pqrtc" keygen sign -o key && "$pqrtc" keygen kem -o kem && "$pqrtc" pubkey -i kem -o kem.pub
  [ "$(stat -c %a key)" = 600 ]
  "$pqrtc" keygen sign -o - | "$pqrtc" pubkey -i - | "$pqrtc" inspect key - | grep ml-dsa-65 > /dev/null
  head -c 3000000 /dev/urandom > file
  tee < file >("$pqrtc" sign -i key -k summary - -o sig) > copy
  for _ in {1..100}; do [ -s sig ] && break; sleep 0.1; done
  "$pqrtc" verify -p <("$pqrtc" pubkey -i key) -k summary - sig < copy
  printf north | "$pqrtc" turn mint --secret-file - --user alice --to kem.pub | "$pqrtc" turn unwrap -i kem |
    "$pqrtc" turn verify --secret-file <(printf north)
)
check "cli: pipes in a shell" pipes

# FFmpeg names each segment when it is finished. The signer is killed in the middle, and started again with all of them.
ffmpeg_recording() (
  mkdir "$work/rec" && cd "$work/rec" && umask 077 && set -e
  "$pqrtc" keygen sign -o ../rec.key && "$pqrtc" pubkey -i ../rec.key -o ../rec.pub
  ffmpeg -nostdin -v error -f lavfi -i testsrc=size=320x240:rate=25 -t 12 -c:v libx264 -preset ultrafast -g 25 -f segment -segment_time 1 \
    -segment_list pipe:1 -segment_list_type flat %03d.ts > ../names
  sign() { "$pqrtc" recording sign -i ../rec.key --id "$1" --index "$1.pqrtc" "${@:2}"; }
  sign whole --from ../names --end
  "$pqrtc" recording verify -p ../rec.pub --id whole --index whole.pqrtc
  (while read -r name; do echo "$name" && sleep 0.05; done < ../names) | timeout -s KILL 0.3 "$pqrtc" recording sign -i ../rec.key --id killed --index killed.pqrtc --from - || true
  signed=$(wc -l < killed.pqrtc)
  [ "$signed" -gt 1 ] && [ "$signed" -lt 13 ]
  sign killed --end ./*.ts
  "$pqrtc" recording verify -p ../rec.pub --id killed --index killed.pqrtc
  mv 003.ts x && cp 004.ts 003.ts
  if "$pqrtc" recording verify -p ../rec.pub --id killed --index killed.pqrtc; then exit 1; else [ $? = 1 ]; fi
)
if have ffmpeg; then check "cli: a recording of FFmpeg, its signer killed" ffmpeg_recording; else skipped "cli: a recording of FFmpeg: needs ffmpeg"; fi

# On a terminal: no binary output, and a bar for what takes longer than a second; none without one.
terminal() (
  cd "$work" && set -e
  "$pqrtc" keygen sign -o terminal.key && truncate -s 1500M large
  ! script -qec "'$pqrtc' keygen sign --format der -o -" /dev/null > said
  grep 'does not go to a terminal' said > /dev/null
  script -qec "'$pqrtc' sign -i terminal.key -k summary large" /dev/null > said
  grep 'GiB' said > /dev/null
  "$pqrtc" sign -i terminal.key -k summary large --force > said 2>&1
  ! grep 'GiB' said
)
if have script; then check "cli: on a terminal" terminal; else skipped "cli: on a terminal: needs bsdutils"; fi

secrets_stay_inside() { # the command line of a running process is there for everybody to read
  ! "$pqrtc" turn mint --help | grep -iE -- '--(secret|password)[ =]' && ! "$pqrtc" turn verify --help | grep -- '--password[ =]'
}
check "cli: no option takes a secret" secrets_stay_inside

pages() {
  local page
  for page in "$(dirname "$pqrtc")"/pqrtc-share/man/man1/*.1; do grep -q '^\.SH NAME' "$page" || { echo "$page"; return 1; }; done
  bash -n "$(dirname "$pqrtc")/pqrtc-share/bash-completion/completions/pqrtc" && [ -n "$page" ]
}
check "cli: manual pages and completions" pages
finish
