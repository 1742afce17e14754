#!/usr/bin/env python3
"""Fails if a function of the header is in no row of api.c and in no line of hostile.c (or sizes.c, for the sizes).
usage: covered.py [--list] INCLUDE_DIR; --list prints the functions of the header."""
import pathlib
import re
import sys

here = pathlib.Path(__file__).parent
header = re.sub(r"/\*.*?\*/", "", pathlib.Path(sys.argv[-1], "pqrtc.h").read_text(), flags=re.S)
functions = set(re.findall(r"\b(pqrtc_[a-z0-9_]+)\s*\(", header))
if "--list" in sys.argv:
    print("\n".join(sorted(functions)))
    sys.exit()

read = {name: (here / name).read_text() for name in ("api.c", "calls_core.c", "calls_media.c", "calls_handshake.c", "calls_meeting.c", "hostile.c", "sizes.c")}
table = set(re.findall(r"^static pqrtc_status call_(pqrtc_[a-z0-9_]+)\(", read["api.c"], flags=re.M))
by_hand = set(re.findall(r"^\s*\{F\((pqrtc_[a-z0-9_]+)\)", read["calls_core.c"] + read["calls_media.c"] + read["calls_handshake.c"] + read["calls_meeting.c"], flags=re.M))
freed = set(re.findall(r"^  (pqrtc_[a-z0-9_]+_free)\(NULL\)", read["api.c"], flags=re.M))
hostile = set(re.findall(r"\b(pqrtc_[a-z0-9_]+)\(", read["hostile.c"]))
sizes = {f for f in re.findall(r"\b(pqrtc_[a-z0-9_]+)", read["sizes.c"]) if f.endswith(("_bytes", "version", "provider", "_string"))}
missing, gone = sorted(functions - table - freed - hostile - sizes), sorted((table | by_hand) - functions)
print(f"{len(functions)} functions in pqrtc.h, {len(table)} in the table, {len(by_hand)} of them called well")
if missing or gone or not functions:
    sys.exit(f"not called by the hostile caller: {missing}; not in the header: {gone}")
