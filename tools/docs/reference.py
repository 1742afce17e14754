"""The C reference: pages made from api/pqrtc.json, one for each file of src/ffi. A function that no example calls is an error."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

TITLES = {
    "call": "Calls", "meeting": "Meetings", "suite": "Hybrid key exchange", "session": "Sessions", "sframe": "SFrame", "batch": "SFrame in batches",
    "frame": "Frames of codecs", "signing": "Signatures", "envelope": "Envelopes", "turn": "TURN credentials", "kem": "ML-KEM", "keyfile": "Key files",
    "library": "Library", "sizes": "Sizes",
}  # fmt: skip
STATUS = "index"  # the page of the contract and the codes
EXAMPLES = re.compile(r"(examples|tests/docs)/.*\.[ch]$")
ROLES = {
    "const_handle": "the handle; other threads may use it meanwhile",
    "handle": "the handle",
    "new_handle": "receives the new handle; NULL on failure",
    "input": "input",
    "output": "output of exactly the length given",
    "variable_output": "output",
    "length": "length of `{of}`, in bytes",
    "capacity": "capacity of `{of}`, in bytes",
    "written": "receives the length of `{of}`, or what is needed",
    "input_array": "inputs",
    "output_array": "outputs",
    "count": "elements of `{of}`",
    "enum": "a {of}",
    "number": "`{type}`",
    "number_output": "receives a `{type}`",
    "struct": "a struct whose `size` the caller sets",
    "memory": "memory",
}
THREADS = re.compile(
    r"(?<![^\s;])(any thread|any number of threads[^.;]*|one thread at a time|exclusive use[^.;]*|nothing may use it at the same time[^.;]*)[.;]", re.I
)
OUTPUTS = {"output", "variable_output", "output_array", "new_handle", "number_output", "written", "struct"}


class Reference:
    def __init__(self, root: Path, paths: List[str]):
        self.root = root
        self.api = json.loads((root / "api/pqrtc.json").read_text())
        self.statuses = {status["name"] for status in self.api["statuses"]}
        self.files = {file.stem: file.read_text() for file in sorted((root / "src/ffi").glob("*.rs"))}
        self.examples = {path: (root / path).read_text().splitlines() for path in paths if EXAMPLES.match(path)}
        self.anchors = {}
        for kind in ("handles", "enums", "structs", "constants", "functions"):
            for item in self.api[kind]:
                item["page"] = self.page_of(item, kind)
                self.anchors[item["name"]] = (item["page"], item["name"])
        for enum in self.api["enums"]:
            self.anchors.update((value["name"], (enum["page"], enum["name"])) for value in enum["values"])
        self.anchors.update((status, (STATUS, "status-codes")) for status in self.statuses)
        self.anchors["pqrtc_status"] = (STATUS, "status-codes")

    def page_of(self, item: Dict, kind: str) -> str:
        name = re.escape(item.get("free", item["name"]))
        declared = re.compile(rf"\b(fn|enum|struct|const|type) {name}\b|^\s*{name}\s*=>?\s", re.M)
        found = [stem for stem, text in self.files.items() if declared.search(text)] or [
            stem for stem, text in self.files.items() if kind != "functions" and re.search(rf"\b{name}\b", text)
        ]
        if not found:
            raise ValueError(f"{item['name']} is in no file of src/ffi")
        return found[0]

    def text(self, doc: str, page: str) -> str:
        """A doc comment as Markdown, names as links."""
        out = []
        for at, part in enumerate(re.split(r"(`[^`]*`)", doc)):
            if at % 2:
                out.append(part)
                continue
            part = re.sub(r"([*<>\[\]|\\])", r"\\\1", part)
            out.append(re.sub(r"\b(pqrtc_\w+|PQRTC_\w+)(\(\))?", lambda m: self.link(m[1], page, m[2] or ""), part))
        return "".join(out).replace("\n", "\n\n")

    def link(self, name: str, page: str, after: str = "") -> str:
        if name not in self.anchors:
            return f"`{name}{after}`"
        to, anchor = self.anchors[name]
        return f"[`{name}{after}`]({'' if to == page else to + '.md'}#{anchor.lower()})"

    def example(self, name: str) -> Tuple[str, int, str]:
        """The first place that calls a function, with the lines around it."""
        call = re.compile(rf"\b{name}\s*\(")
        for path, lines in self.examples.items():
            for at, line in enumerate(lines):
                if call.search(line) and not line.lstrip().startswith(("/*", "*", "//", "static")):
                    return path, at + 1, textwrap.dedent("\n".join(lines[max(at - 1, 0) : at + 3]))
        raise ValueError(f"{name}: no example calls it; add one to examples/c")

    def errors(self, function: Dict) -> Tuple[List[str], List[str]]:
        """The codes that the comment names, and those that the contract gives to arguments like these."""
        said = [name for name in dict.fromkeys(re.findall(r"PQRTC_\w+", function["doc"])) if name in self.statuses and name != "PQRTC_OK"]
        roles = {argument["role"] for argument in function["arguments"]}
        contract = ["PQRTC_NULL_POINTER"] if any("*" in argument["type"] for argument in function["arguments"]) else []
        contract += ["PQRTC_INVALID_LENGTH"] if roles & {"output", "struct"} else []
        contract += ["PQRTC_INVALID_ARGUMENT"] if "enum" in roles or (roles & {"input", "input_array"} and roles & OUTPUTS) else []
        contract += ["PQRTC_BUFFER_TOO_SMALL"] if "variable_output" in roles else []
        return said, [name for name in contract if name not in said]

    def threads(self, function: Dict) -> str:
        said = THREADS.findall(function["doc"])
        if said:
            return "; ".join(sentence[0].upper() + sentence[1:] for sentence in said)
        if function["name"].endswith("_free"):
            return "Nothing may use it at the same time or afterwards"
        roles = {argument["role"] for argument in function["arguments"]}
        return "One thread at a time" if "handle" in roles else "Any number of threads" if "const_handle" in roles else "Any thread"

    def function(self, function: Dict, page: str) -> Iterator[str]:
        name, arguments = function["name"], function["arguments"]

        def typed(argument: Dict) -> str:
            return argument["type"] + ("" if argument["type"].endswith("*") else " ") + argument["name"]

        gap = "" if function["returns"].endswith("*") else " "
        yield f"### {name}\n"
        yield "```c\n" + f"{function['returns']}{gap}{name}(" + ("\n    " + ",\n    ".join(map(typed, arguments)) if arguments else "void") + ");\n```\n"
        yield self.text(function["doc"], page) + "\n"
        if arguments:
            yield "| argument | |\n|---|---|"
            for argument in arguments:
                what = ROLES[argument["role"]].replace("{of}", argument.get("of", "")).replace("{type}", argument["type"].rstrip(" *"))
                if argument["role"] == "enum":
                    what = f"a {self.link(argument['of'], page)}"
                yield f"| `{argument['name']}` | {what}{'; may be NULL' if argument['optional'] else ''} |"
            yield ""
        yield "::::{container} facts\n"
        if function["returns"] == "pqrtc_status":
            said, contract = self.errors(function)
            lists = [", ".join(self.link(code, page) for code in codes) for codes in (said, contract)]
            yield "**Errors:** " + "; ".join(filter(None, [lists[0], lists[1] and f"by the contract {lists[1]}"])) + ".\n"
        yield f"**Threads:** {self.threads(function)}.\n"
        path, line, code = self.example(name)
        yield f"**Example:** [{path}, line {line}](../../{path})\n"
        yield f"```c\n{code}\n```\n"
        yield "::::\n"

    def page(self, page: str) -> str:
        parts = [f"# {TITLES.get(page, page.capitalize())}\n"]
        here = {kind: [item for item in self.api[kind] if item["page"] == page] for kind in ("handles", "enums", "structs", "constants", "functions")}
        if here["functions"]:
            parts.append("Every function keeps the [contract](index.md). All of this is there since version 0.1.0.\n")
        for handle in here["handles"]:
            parts += [f"## {handle['name']}\n", self.text(handle["doc"], page) + f" Freed by {self.link(handle['free'], page, '()')}.\n"]
        if here["functions"]:
            parts.append("## Functions\n")
            for function in here["functions"]:
                parts += self.function(function, page)
        if here["enums"] or here["structs"]:
            parts.append("## Types\n")
        for enum in here["enums"]:
            parts += [f"### {enum['name']}\n", self.text(enum["doc"], page) + "\n", "| name | value | |\n|---|---|---|"]
            parts += [f"| `{value['name']}` | {value['value']} | {self.text(value['doc'], page)} |" for value in enum["values"]] + [""]
        for struct in here["structs"]:
            parts += [f"### {struct['name']}\n", self.text(struct["doc"], page) + "\n", "| field | type | |\n|---|---|---|"]
            for field in struct["fields"]:
                size = f"[{field['array']}]" if field["array"] else ""
                parts.append(f"| `{field['name']}` | `{field['type']}{size}` | {self.text(field['doc'], page)} |")
            parts.append("")
        if here["constants"]:
            parts += ["## Constants\n"]
            for constant in here["constants"]:
                parts += [f"### {constant['name']}\n", f"{constant['value']:,}. {self.text(constant['doc'], page)}\n"]
        return "\n".join(parts)

    def contract(self) -> str:
        top = (self.root / "include/pqrtc.h").read_text().split("*/")[0]
        lines = [line[3:] for line in top.splitlines() if line.startswith(" * ")]
        bullets = "\n".join(self.text(line, STATUS) for line in lines if line.startswith(("- ", "  ")))
        rows = "\n".join(f"| `{s['name']}` | {s['value']} | {self.text(s['doc'], STATUS)} |" for s in self.api["statuses"])
        return (
            f"# The contract\n\nEvery function of `pqrtc.h` keeps to this. The ABI version is {self.api['abi_version']}.\n\n{bullets}\n\n"
            f"## Status codes\n\n| name | value | |\n|---|---|---|\n{rows}\n"
        )

    def pages(self) -> Dict[str, str]:
        made, missing = {}, []
        for function in self.api["functions"]:
            try:
                self.example(function["name"])
            except ValueError as why:
                missing.append(str(why))
        if missing:
            raise SystemExit("\n".join(missing))
        for stem in self.titles():
            made[stem] = self.contract() if stem == STATUS else self.page(stem)
        return made

    def titles(self) -> Dict[str, str]:
        """The pages in their order."""
        used = {item["page"] for kind in ("handles", "enums", "structs", "constants", "functions") for item in self.api[kind]}
        stems = sorted(used - {STATUS}, key=lambda stem: ([*TITLES, stem].index(stem), stem))
        return {STATUS: "The contract of the C API", **{stem: TITLES.get(stem, stem.capitalize()) for stem in stems}}
