#!/usr/bin/env python3
"""Lays out the sources of the site in a folder: the documents of the repository, the C reference, and a page for each source file that they link
to. A link that leads nowhere is an error.

    site.py FOLDER
"""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List

import reference

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ELSEWHERE = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"] + [f"bindings/{of}/README.md" for of in ("python", "go")]
# Inline links and images; code is left alone.
CODE_OR_LINK = re.compile(
    r"(?P<code>^ *(?P<fence>`{3,}).*?^ *(?P=fence) *$|^(?: {4}|\t)[^\n]*$|(?P<tick>`+)(?!`)(?:(?!\n\n).)+?(?<!`)(?P=tick)(?!`))|\]\((?P<to>[^)\s]+)\)",
    re.M | re.S,
)
LANGUAGES = {".h": "c", ".hpp": "cpp", ".rs": "rust", ".py": "python", ".js": "js", ".mjs": "js", ".cc": "cpp", ".mod": "text", ".sh": "bash"}
# A source page is read where something links to it; it is in no menu, and the search is for the documentation.
HIDDEN = "---\norphan: true\nnosearch: true\n---\n"

RUST = """# Rust

The crate is `pqrtc`, and its Rust API is what the C API is made of. <a href="../rust/pqrtc/index.html">Its reference</a> is made by `cargo doc`.
"""


def tracked() -> List[str]:
    """The files of the repository; of a source archive, what is in it."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        return sorted(path for path in listed.stdout.split("\n") if (ROOT / path).is_file())
    built = {"target", "node_modules", "dist"}
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if not built & set(path.parts))


def place(path: str) -> str:
    """Where a document goes in the site: docs/ is its root, and its README the first page."""
    path = {"README.md": "overview.md", "docs/README.md": "index.md"}.get(path, path)
    path = re.sub(r"(^|/)README\.md$", r"\1index.md", path)
    return path[len("docs/") :] if path.startswith("docs/") else path


class Site:
    def __init__(self) -> None:
        self.paths = tracked()
        made = reference.Reference(ROOT, self.paths)
        self.texts = {path: (ROOT / path).read_text() for path in self.paths if path in ELSEWHERE or re.match(r"docs/.*\.md$", path)}
        self.texts.update({f"docs/reference/{stem}.md": text for stem, text in made.pages().items()})
        self.texts["docs/reference/rust.md"] = RUST
        self.places = {path: place(path) for path in self.texts}
        self.places["include/pqrtc.h"] = "reference/index.md"
        self.titles = made.titles()
        self.sources: List[str] = []
        self.broken: List[str] = []

    def source(self, path: str) -> str | None:
        """The place of a page of a source file, or of all in a folder."""
        inside = [file for file in self.paths if file.startswith(path + "/")]
        if not inside and path not in self.paths:
            return None
        self.sources += [file for file in [path, *inside] if file not in self.sources]
        return f"source/{path}/index.md" if inside else f"source/{path}.md"

    def linked(self, path: str, text: str) -> str:
        """A document with its links led to where their targets are in the site."""
        folder = posixpath.dirname(path)

        def lead(match: re.Match) -> str:
            to = match["to"]
            if to is None or re.match(r"(https?|mailto):", to) or to.startswith("#"):
                return match[0]
            to, _, anchor = to.partition("#")
            target = posixpath.normpath(posixpath.join(folder, to))
            if target.endswith(".svg") and target in self.paths:
                at = place(target)
            else:
                readme = posixpath.join(target, "README.md")
                at = self.places.get(target) or self.places.get(readme) or self.source(target)
            if at is None:
                self.broken.append(f"{path}: {to} is not there")
                return match[0]
            return f"]({posixpath.relpath(at, posixpath.dirname(self.places[path]) or '.')}{'#' + anchor if anchor else ''})"

        return CODE_OR_LINK.sub(lead, text)

    def source_page(self, path: str) -> str | None:
        """None for a file that is not text."""
        inside = [file for file in self.paths if file.startswith(path + "/")]
        if inside:
            rows = (f"- [{file[len(path) + 1 :]}]({file[len(path) + 1 :]}.md)\n" for file in inside if self.is_text(file))
            return f"{HIDDEN}# {path}\n\n" + "".join(rows)
        if not self.is_text(path):
            return None
        text = (ROOT / path).read_text().rstrip()
        fence = "`" * (max(map(len, re.findall("`+", text)), default=2) + 1)
        suffix = Path(path).suffix
        language = LANGUAGES.get(suffix, suffix[1:] if suffix in (".c", ".cpp", ".go", ".ts", ".html", ".json") else "text")
        return f"{HIDDEN}# {path}\n\n{max(fence, '```', key=len)}{{code-block}} {language}\n:linenos:\n:force:\n\n{text}\n{max(fence, '```', key=len)}\n"

    @staticmethod
    def is_text(path: str) -> bool:
        try:
            (ROOT / path).read_text()
        except UnicodeDecodeError:
            return False
        return True

    def menu(self) -> str:
        """The navigation of nav.txt as tables of contents, the reference with its pages."""
        out: List[str] = []
        for line in (HERE / "nav.txt").read_text().splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith(" "):
                out += ["```", "", "```{toctree}", ":hidden:", f":caption: {line}", ""]
                if line == "Reference":
                    out += [f"{title} <reference/{stem}>" for stem, title in self.titles.items()] + ["Rust <reference/rust>"]
                continue
            title, path = line.rsplit(maxsplit=1)
            if path not in self.places:
                self.broken.append(f"tools/docs/nav.txt: {path} is not there")
            out.append(f"{title.strip()} <{self.places.get(path, path)[:-3]}>")
        return "\n".join(out[1:] + ["```", ""])

    def write(self, folder: Path) -> None:
        pages: Dict[str, str] = {self.places[path]: self.linked(path, text) for path, text in self.texts.items()}
        pages["index.md"] += "\n" + self.menu()
        for path in self.sources:
            at = f"source/{path}.md" if path in self.paths else f"source/{path}/index.md"
            page = self.source_page(path)
            if page is not None:
                pages[at] = page
        if self.broken:
            raise SystemExit("\n".join(self.broken))
        shutil.rmtree(folder, ignore_errors=True)
        for at, text in pages.items():
            (folder / at).parent.mkdir(parents=True, exist_ok=True)
            (folder / at).write_text(text)
        for path in self.paths:
            if re.match(r"docs/.*\.svg$", path):
                (folder / place(path)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, folder / place(path))
        (folder / "_static").mkdir()
        shutil.copy(HERE / "style.css", folder / "_static")
        shutil.copy(HERE / "conf.py", folder)


if __name__ == "__main__":
    Site().write(Path(sys.argv[1]))
