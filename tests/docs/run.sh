#!/usr/bin/env bash
# The documentation site: it builds without a warning, every link leads somewhere, the search finds, and every example in C that the reference shows
# works.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh

site=$target/docs/html
# search WORD PAGE: the search page of the site, in a browser, has the page among its results.
search() {
  chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=8000 --dump-dom "file://$(realpath "$site")/search.html?q=$1" 2> /dev/null | grep -q "href=\"$2.html\" data-score"
}
finds() { search ratchet reference/sframe && search pqrtc_call_receive reference/call && search coturn integrations/coturn; }
finds_nothing() { ! search nosuchword reference/sframe; }

if ! have_python || ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
  skipped "docs: the site: needs python3 (3.11) and python3-venv"
else
  check "docs: the site builds, with an example for every function" bash tools/docs/build.sh
  check "docs: every link" "$python" tests/docs/links.py "$site"
  if have chromium; then
    check "docs: the search finds" finds
    check "docs: the search finds no more than there is" finds_nothing
  else
    skipped "docs: the search: needs chromium"
  fi
fi

# The first ten minutes, as the pages say them. What pip, cargo and npm build anew for the other languages is tested with their bindings.
pages=(c)
if have g++; then pages+=(cpp); else skipped "docs: the first ten minutes in C++: needs g++"; fi
why=$(. tests/go/env.sh && go_missing)
if [ -z "$why" ]; then pages+=(go); else skipped "docs: the first ten minutes in Go: $why"; fi
if have_python && have pkg-config; then check "docs: the first ten minutes: ${pages[*]}" "$python" tests/docs/start.py "${pages[@]}"
else skipped "docs: the first ten minutes: needs python3 and pkg-config"; fi

# Examples that other steps do not run.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
example() {
  cc -std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude "examples/c/$1.c" -o "$work/$1" "$work/libpqrtc.so" "-Wl,-rpath,$work" && "$work/$1"
}
if from=$(provider_build "${providers[0]}"); then
  ln -s "$(realpath "$from")/libpqrtc.so" "$work/libpqrtc.so" && ln -s libpqrtc.so "$work/$(soname "$from/libpqrtc.so")"
  for lesson in envelope identities key_files library meeting_keys recording sframe_keys; do check "docs: example c/$lesson" example "$lesson"; done
else
  failed "docs: build of the library"
fi
finish
