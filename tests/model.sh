#!/usr/bin/env bash
# The models of the handshake in Verifpal. They take some minutes, so what they passed on is remembered in docs/model/checked: a hash of the
# models and of the sources that they describe. Where it is still true, that is said and nothing runs. PQRTC_FULL=1 runs them always.
#
#   tests/model.sh                what the step `model` runs
#   tests/model.sh --record       runs them, and writes docs/model/checked if they pass
#   tests/model.sh --unchanged    succeeds if there is nothing to run
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
checked=docs/model/checked

state() { find docs/model src/handshake -type f ! -path "$checked" ! -path '*/tests/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1; }

models() { # in a copy, for the variants are made beside the model
  local work
  work=$(mktemp -d) && cp -r docs/model/. "$work" && bash "$work/run.sh" verifpal
  local code=$?
  rm -rf "$work"
  return $code
}

unchanged() { [ "${PQRTC_FULL:-}" != 1 ] && [ "$(state)" = "$(cat $checked 2> /dev/null)" ]; }

if [ "${1:-}" = --unchanged ]; then
  unchanged
  exit
elif [ "${1:-}" != --record ] && unchanged; then
  passed "model: neither the models nor src/handshake changed since Verifpal passed ($checked)"
elif ! have verifpal; then
  skipped "model: needs verifpal (cargo install verifpal --version 1.6.7 --ignore-rust-version)"
else
  check "model: Verifpal" models
  [ "${1:-}" != --record ] || [ "$fails" != 0 ] || state > $checked
fi
finish
