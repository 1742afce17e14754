#!/usr/bin/env python3
"""Writes the files THIRD-PARTY-NOTICES: the licences of what is linked into the libraries, for those who pass them on in binary form.

    notices.py             writes the files
    notices.py --check     exit code 1 if one is not what the dependencies of Cargo.lock have

One for the libraries with the default provider, one for the WebAssembly module of the npm package. The crates' own licence files, as they lie in Cargo's registry."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set

ROOT = Path(__file__).resolve().parent.parent
# Each with what it is for, and the options of cargo that build that.
FILES = {
    "THIRD-PARTY-NOTICES": ("default provider", ["--filter-platform", "x86_64-unknown-linux-gnu"]),
    "bindings/web/THIRD-PARTY-NOTICES": (
        "provider rustcrypto for WebAssembly",
        ["--filter-platform", "wasm32-unknown-unknown", "--no-default-features", "--features", "rustcrypto,capi"],
    ),
}
HEAD = """What libpqrtc links in, with the licences of each. pqrtc's own are LICENSE-MIT and LICENSE-APACHE.
Made by packaging/notices.py from the dependencies in Cargo.lock, {}.

The Rust standard library is linked in too: MIT or Apache-2.0, The Rust Project Contributors, https://www.rust-lang.org/policies/licenses
"""


def metadata(options: List[str]) -> Dict[str, Any]:
    command = ["cargo", "metadata", "--format-version", "1", "--locked", *options]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)  # type: ignore[no-any-return]


def linked(data: Dict[str, Any]) -> List[Dict[str, Any]]:
    """The packages that reach the library by normal dependencies; what only builds it is not in it."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    packages = {package["id"]: package for package in data["packages"]}
    # resolve.root is null in a workspace without a root package.
    root = next(p["id"] for p in data["packages"] if p["name"] == "pqrtc" and Path(p["manifest_path"]).parent == ROOT)
    seen: Set[str] = set()
    todo = [root]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        kinds = ((dep["pkg"], [kind["kind"] for kind in dep["dep_kinds"]]) for dep in nodes[name]["deps"])
        todo += [package for package, of in kinds if None in of and not is_macro(packages[package])]
    seen.discard(root)
    return sorted((packages[one] for one in seen), key=lambda p: (p["name"], p["version"]))


def is_macro(package: Dict[str, Any]) -> bool:
    return any("proc-macro" in target["kind"] for target in package["targets"])


def texts(package: Dict[str, Any]) -> Iterator[Path]:
    folder = Path(package["manifest_path"]).parent
    found = sorted(p for p in folder.iterdir() if p.is_file() and p.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT")))
    if not found:
        raise SystemExit(f"{package['name']} {package['version']} has no licence file in {folder}")
    yield from found


def notices(build: str, options: List[str]) -> str:
    parts, known = [HEAD.format(build)], {}  # type: ignore[var-annotated]
    for package in linked(metadata(options)):
        parts.append(f"{'=' * 100}\n{package['name']} {package['version']}: {package['license']}\n")
        for path in texts(package):
            text = path.read_text(errors="replace").strip() + "\n"
            where = f"{package['name']} {package['version']}, {path.name}"
            parts.append(f"--- {path.name}" + (f": the same as {known[text]}\n" if text in known else f"\n\n{text}"))
            known.setdefault(text, where)
    return "\n".join(parts)


def main() -> int:
    stale = 0
    for name, (build, options) in FILES.items():
        out, now = ROOT / name, notices(build, options)
        if "--check" not in sys.argv[1:]:
            out.write_text(now)
        elif not out.exists() or out.read_text() != now:
            print(f"{name} is out of step; run packaging/notices.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
