#!/usr/bin/env python3
"""Sorts what memcheck found by the kinds of known.txt, and fails if a finding is of none.

Usage: triage.py [--complete] KNOWN LOG...; with --complete a kind that explains nothing is an error too.
"""

import collections
import re
import sys


def kinds(path):
    reason, patterns, found = [], [], []
    for line in [*open(path).read().splitlines(), ""]:
        if line.startswith("#"):
            reason.append(line.lstrip("# "))
        elif line:
            patterns.append(re.compile(line))
        else:
            if patterns:
                found.append((" ".join(reason), patterns))
            reason, patterns = [], []
    return found


def findings(path):
    text = re.sub(r"(?m)^==\d+== ?", "", open(path).read())
    for block in re.split(r"\n\s*\n", text):
        frames = re.findall(r"(?:at|by) 0x[0-9A-F]+: (.*)", block)
        if frames:
            yield block.splitlines()[0].strip(), " < ".join(frames)


def main():
    complete = sys.argv[1] == "--complete"
    known, logs = kinds(sys.argv[1 + complete]), sys.argv[2 + complete :]
    explained, unknown = collections.Counter(), {}
    for log in logs:
        for what, frames in findings(log):
            kind = next((reason for reason, patterns in known if any(p.search(frames) for p in patterns)), None)
            if kind is None:
                unknown.setdefault((what, " < ".join(frames.split(" < ")[:6])), log)
            else:
                explained[kind] += 1
    for (what, frames), log in unknown.items():
        print(f"unexplained, {log}: {what}\n  " + frames.replace(" < ", "\n  "))
    unused = [reason for reason, _ in known if complete and not explained[reason]]
    for reason in unused:
        print(f"explains nothing: {reason}")
    print(f"{sum(explained.values())} findings of {len(explained)} known kinds, {len(unknown)} unexplained")
    sys.exit(1 if unknown or unused else 0)


main()
