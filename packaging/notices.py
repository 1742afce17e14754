#!/usr/bin/env python3
"""Writes the files THIRD-PARTY-NOTICES: the licences of what is linked into the libraries and the command, for those who pass them on in binary form.

    notices.py             writes the files
    notices.py --check     exit code 1 if one is not what the dependencies of Cargo.lock have

One for the libraries with the default provider, one for the WebAssembly module of the npm package, one for the command. The crates' own licence files, as they lie in Cargo's registry."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

ROOT = Path(__file__).resolve().parent.parent
# Each with what it is of, with what it is made, and the options of cargo that build that.
FILES = {
    "THIRD-PARTY-NOTICES": ("libpqrtc", "default provider", ["--package", "pqrtc", "--target", "x86_64-unknown-linux-gnu"]),
    "bindings/web/THIRD-PARTY-NOTICES": (
        "libpqrtc",
        "provider rustcrypto for WebAssembly",
        ["--package", "pqrtc", "--target", "wasm32-unknown-unknown", "--no-default-features", "--features", "rustcrypto,capi"],
    ),
    "cli/THIRD-PARTY-NOTICES": ("the command pqrtc", "default provider", ["--package", "pqrtc-cli", "--target", "x86_64-unknown-linux-gnu"]),
}
HEAD = """What {} links in, with the licences of each. pqrtc's own are LICENSE-MIT and LICENSE-APACHE.
Made by packaging/notices.py from the dependencies in Cargo.lock, {}.

The Rust standard library is linked in too: MIT or Apache-2.0, The Rust Project Contributors, https://www.rust-lang.org/policies/licenses
"""


def cargo(*command: str) -> str:
    return subprocess.run(["cargo", *command, "--locked"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def packages() -> Dict[Tuple[str, str], Dict[str, Any]]:
    return {(p["name"], p["version"]): p for p in json.loads(cargo("metadata", "--format-version", "1", "--all-features"))["packages"]}


def linked(packages: Dict[Tuple[str, str], Dict[str, Any]], options: List[str]) -> List[Dict[str, Any]]:
    """The packages that are linked in; what only builds it is not. `cargo metadata` would join the features of the library and the command."""
    tree = cargo("tree", "--edges", "normal,no-proc-macro", "--prefix", "none", "--no-dedupe", "--format", "{p}", *options)
    names = {tuple(line.split()[:2]) for line in tree.splitlines()}
    found = (packages[name, version[1:]] for name, version in names)  # type: ignore[misc]
    return sorted((package for package in found if package["source"]), key=lambda p: (p["name"], p["version"]))


def texts(package: Dict[str, Any]) -> Iterator[Path]:
    folder = Path(package["manifest_path"]).parent
    found = sorted(p for p in folder.iterdir() if p.is_file() and p.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT")))
    if not found:
        raise SystemExit(f"{package['name']} {package['version']} has no licence file in {folder}")
    yield from found


def notices(what: str, build: str, options: List[str], packages: Dict[Tuple[str, str], Dict[str, Any]]) -> str:
    parts, known = [HEAD.format(what, build)], {}  # type: ignore[var-annotated]
    for package in linked(packages, options):
        parts.append(f"{'=' * 100}\n{package['name']} {package['version']}: {package['license']}\n")
        for path in texts(package):
            text = path.read_text(errors="replace").strip() + "\n"
            where = f"{package['name']} {package['version']}, {path.name}"
            parts.append(f"--- {path.name}" + (f": the same as {known[text]}\n" if text in known else f"\n\n{text}"))
            known.setdefault(text, where)
    return "\n".join(parts)


def main() -> int:
    stale = 0
    known = packages()
    for name, (what, build, options) in FILES.items():
        out, now = ROOT / name, notices(what, build, options, known)
        if "--check" not in sys.argv[1:]:
            out.write_text(now)
        elif not out.exists() or out.read_text() != now:
            print(f"{name} is out of step; run packaging/notices.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
