#!/usr/bin/env bash
# packaging/home names the project's public home; everything that repeats it says the same, and packaging/home.sh moves all of it.
set -uo pipefail
. "$(dirname "$0")/common.sh"
home=$(cat packaging/home)

# Each must name the home, in the place where its readers look.
named() { # FOLDER HOME
  local file module
  grep -qx "repository = \"https://$2\"" "$1/Cargo.toml" || { echo Cargo.toml; return 1; }
  grep -qx "Repository = \"https://$2\"" "$1/bindings/python/pyproject.toml" || { echo pyproject.toml; return 1; }
  grep -qF "https://$2" "$1/README.md" && grep -qF "<https://$2/security/" "$1/SECURITY.md" || { echo "README.md or SECURITY.md"; return 1; }
  while read -r file; do
    module=${file#"$1/"} && module=$2/${module%/go.mod}
    grep -qx "module $module" "$file" || { echo "$file is not module $module"; return 1; }
  done < <(find "$1" -name go.mod -not -path '*/target/*' -not -path '*/node_modules/*')
}

go_sees_a_host() { [[ ${home%%/*} == *.* ]]; }

moves() {
  local copy=$work/moved
  mkdir "$copy" && git ls-files -z --cached --others --exclude-standard | tar -c --null -T - | tar -x -C "$copy" &&
    bash "$copy/packaging/home.sh" code.example.org/team/pqrtc && named "$copy" code.example.org/team/pqrtc && ! grep -rIF "$home" "$copy"
}

check "packages: one home in every manifest and document" named . "$home"
check "packages: the Go modules' path has a host" go_sees_a_host
if git rev-parse --git-dir > /dev/null 2>&1; then check "packages: moving the home changes all of them" moves; else skipped "packages: moving the home: needs a git checkout"; fi
finish
