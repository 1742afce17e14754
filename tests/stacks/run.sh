#!/usr/bin/env bash
# Real WebRTC stacks on loopback: tests/stacks/run.sh [--install] [NAME...]. env.sh says what a stack test is. --install installs, and no more.
# Installs what they ask for, runs each within its time limit, ends what it started, keeps its output in target/stacks/NAME.log.
set -uo pipefail
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
cd "$root" || exit
mkdir -p "$stacks"

install_alone=
[ "${1:-}" != --install ] || { install_alone=yes && shift; }
names=("$@")
if [ $# = 0 ]; then
  for file in tests/stacks/*.sh; do
    name=$(basename "$file" .sh)
    case $name in run | bench | env) ;; *) names+=("$name") ;; esac
  done
fi

asks() { sed -n "s/^# $2: //p" "tests/stacks/$1.sh"; }

# Packages, one stack after the other, so that one that is missing costs no other. What is missing then is skipped by the stack itself.
updated=
apt_install() {
  local package missing=()
  command -v apt-get > /dev/null && [ "$(id -u)" = 0 ] || return 0
  for package in $(asks "$1" apt); do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} != 0 ] || return 0
  [ -n "$updated" ] || apt-get -o DPkg::Lock::Timeout=500 update && updated=yes
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=500 install -y --no-install-recommends "${missing[@]}"
}
pip_install() {
  local requirements
  requirements=$(asks "$1" pip)
  grep -q need_python "tests/stacks/$1.sh" && command -v python3 > /dev/null || return 0
  [ -x "$python" ] || python3 -m venv "$stacks/venv"
  # shellcheck disable=SC2086
  [ -z "$requirements" ] || "$python" -m pip install --quiet --disable-pip-version-check $requirements
}
# Debian starts a server as it installs it, on every address. Not here.
policy=/usr/sbin/policy-rc.d
if [ "$(id -u)" = 0 ] && [ -d /usr/sbin ] && [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' > $policy && chmod +x $policy
  trap 'rm -f $policy' EXIT
fi
: > "$stacks/install.log"
for name in "${names[@]}"; do
  { apt_install "$name"; pip_install "$name"; } >> "$stacks/install.log" 2>&1 < /dev/null
done

[ -z "$install_alone" ] || exit 0

# Runs a stack and sets `code`.
try() {
  # timeout leads a process group of its own, which is ended as a whole, whatever the test left running.
  timeout --kill-after=10 "${limit:-300}" bash "tests/stacks/$name.sh" > "$log" 2>&1 < /dev/null &
  local group=$!
  wait $group
  code=$?
  kill -TERM -- -$group 2> /dev/null && sleep 1 && kill -KILL -- -$group 2> /dev/null
}

for name in "${names[@]}"; do
  log=$stacks/$name.log started=$SECONDS limit=$(asks "$name" limit) tries=
  try
  # Media plays in real time: a machine that was busy for a moment gets two more chances, and the line says so.
  for n in 2 3; do
    case $code in 0 | 77) break ;; esac
    cp "$log" "$stacks/$name.try$((n - 1)).log" && tries=", at try $n" && try
  done
  case $code in
    0) passed "$name ($((SECONDS - started)) s$tries)" ;;
    77) reason=$(tail -n 1 "$log") && skipped "$name: ${reason#skipped: }" ;;
    *)
      [ $code = 124 ] && why="not done in ${limit:-300} s" || why="exit code $code"
      failed "$name ($why)"
      tail -n 30 "$log" | sed 's/^/    /'
      ;;
  esac
done
finish
