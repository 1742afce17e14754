#!/usr/bin/env python3
"""Checks what the library and the command are made of: licences, where crates come from, and that there is one copy of each crypto library."""

import json
import re
import subprocess
import sys

ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
    "ISC", "MIT", "MIT-0", "Unicode-3.0", "Unlicense", "Zlib",
}
# Build tools, which leave nothing of themselves in the library.
ALLOWED_FOR_BUILDING = ALLOWED | {"MPL-2.0"}
ONE_COPY = ("aws-lc-sys", "aws-lc-rs", "pqcrypto-internals", "pqcrypto-mlkem", "pqcrypto-mldsa", "sha3", "zeroize")


def satisfied(expression, allowed):
    """Whether an SPDX expression can be met: AND binds tighter than OR, "/" is an old way to say OR."""
    tokens = re.findall(r"\(|\)|(?:(?! AND | OR |[()]).)+| AND | OR ", expression.replace("/", " OR "))
    tokens = [token.strip() for token in tokens if token.strip()]

    def either():
        met = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            met = both() or met
        return met

    def both():
        met = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            met = one() and met
        return met

    def one():
        token = tokens.pop(0)
        if token == "(":
            met = either()
            tokens.pop(0)
            return met
        return token in allowed

    return either()


def main():
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    members = metadata["workspace_members"]

    def reach(kinds):
        seen, todo = set(members), list(members)
        while todo:
            for dep in nodes[todo.pop()]["deps"]:
                if dep["pkg"] not in seen and any(kind["kind"] in kinds for kind in dep["dep_kinds"]):
                    seen.add(dep["pkg"])
                    todo.append(dep["pkg"])
        return seen - set(members)

    linked, building = reach({None}), reach({None, "build"})
    faults = []
    for package_id in building:
        package = packages[package_id]
        name, licence = f"{package['name']} {package['version']}", package["license"] or "none stated"
        if not satisfied(licence, ALLOWED if package_id in linked else ALLOWED_FOR_BUILDING):
            faults.append(f"{name}: licence {licence}")
        if not (package["source"] or "").startswith("registry+"):
            faults.append(f"{name}: comes from {package['source']}, not from a registry")
    for name in ONE_COPY:
        copies = [packages[p]["version"] for p in linked if packages[p]["name"] == name]
        if len(copies) > 1:
            faults.append(f"{name}: {len(copies)} copies, {', '.join(copies)}")
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"dependencies: {len(linked)} linked, {len(building) - len(linked)} for building, {len(faults)} faults")
    return bool(faults)


if __name__ == "__main__":
    assert satisfied("(MIT OR GPL-3.0) AND ISC", ALLOWED) and not satisfied("MIT AND GPL-3.0", ALLOWED)
    sys.exit(main())
