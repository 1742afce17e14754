#!/usr/bin/env python3
"""Keeps the code that the documents show true: it is taken from sources that tests run.

    extract.py             fills the code blocks
    extract.py --check     says which are not as in the source; exit code 1 if any

In Markdown, the line `<!-- from: PATH#NAME -->` before a fenced block; in the source, from the root of the project, the lines between those with
`docs:begin NAME` and `docs:end NAME` (in a comment of that language). Their common indentation is taken off.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from typing import List

ROOT = Path(__file__).resolve().parents[2]
FROM = re.compile(r"<!-- from: ([^#\s]+)#(\S+) -->")
MARK = re.compile(r"docs:(begin|end) (\S+)")


def region(path: str, name: str) -> List[str]:
    inside, found, lines = False, 0, []
    for line in (ROOT / path).read_text().splitlines():
        mark = MARK.search(line)
        if mark is None:
            lines += [line] if inside else []
        elif mark[2] == name:
            inside = mark[1] == "begin"
            found += 1
    if found != 2 or inside or not lines:
        raise ValueError(f"{path}: not one region {name}")
    return textwrap.dedent("\n".join(lines)).strip("\n").split("\n")


def filled(document: Path) -> List[str]:
    lines, out = iter(document.read_text().splitlines()), []
    for line in lines:
        out.append(line)
        source = FROM.fullmatch(line.strip())
        if source is None:
            continue
        fence = next(lines, "")
        if not fence.startswith("```"):
            raise ValueError(f"{document.relative_to(ROOT)}: no code block after {line}")
        out.append(fence)
        for old in lines:
            if old == "```":
                break
        else:
            raise ValueError(f"{document.relative_to(ROOT)}: a code block without an end")
        out += [*region(source[1], source[2]), "```"]
    return out


def main() -> int:
    check, stale = "--check" in sys.argv[1:], 0
    skipped = {"target", "node_modules", ".git", "dist"}
    for document in sorted(p for p in ROOT.rglob("*.md") if not skipped & set(p.relative_to(ROOT).parts)):
        try:
            now = "\n".join(filled(document)) + "\n"
        except (ValueError, OSError) as why:
            print(why)
            stale += 1
            continue
        if now == document.read_text():
            continue
        if check:
            print(f"{document.relative_to(ROOT)}: code differs from its source; run {Path(__file__).relative_to(ROOT)}")
            stale += 1
        else:
            document.write_text(now)
            print(f"filled: {document.relative_to(ROOT)}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
