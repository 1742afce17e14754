#!/usr/bin/env python3
"""Checks every link, image and anchor of a built site. Addresses outside of it are checked for their syntax alone.

    links.py FOLDER
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Dict, List, Set, Tuple
from urllib.parse import unquote, urlsplit

ROOT = Path(sys.argv[1]).resolve()


class Page(HTMLParser):
    def __init__(self, path: Path):
        super().__init__()
        self.anchors: Set[str] = {"", "top"}
        self.links: List[str] = []
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attributes: List[Tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("id", "name"):
                self.anchors.add(value or "")
            elif (tag, name) in (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src"), ("source", "srcset")):
                self.links.append(value or "")


pages: Dict[Path, Page] = {}


def page(path: Path) -> Page:
    if path not in pages:
        pages[path] = Page(path)
    return pages[path]


def wrong(at: Path, link: str) -> str | None:
    parts = urlsplit(link)
    if parts.scheme in ("http", "https"):
        return None if "." in parts.netloc or parts.netloc.startswith("localhost") else "no host"
    if parts.scheme in ("data", "mailto"):
        return None
    if parts.scheme or parts.netloc:
        return "neither a page nor an address"
    target = (at.parent / unquote(parts.path)).resolve() if parts.path else at
    if target.is_dir():
        target /= "index.html"
    if not target.is_file() or ROOT not in target.parents:
        return "no such file"
    if target.suffix == ".html" and unquote(parts.fragment) not in page(target).anchors:
        return "no such anchor"
    return None


count, bad = 0, []
for path in sorted(ROOT.rglob("*.html")):
    if path.relative_to(ROOT).parts[0] in ("rust", "_static"):  # rustdoc checks its own links
        continue
    for link in page(path).links:
        count += 1
        why = wrong(path, link)
        if why:
            bad.append(f"{path.relative_to(ROOT)}: {link}: {why}")
print("\n".join(dict.fromkeys(bad)) or f"{count} links of {len(pages)} pages")
sys.exit(bool(bad) or count < 1000)
