#!/usr/bin/env python3
"""Fails when pqrtc.h has a function or a constant that pqrtc.hpp does not use: coverage.py include/pqrtc.h include/pqrtc.hpp"""
import re
import sys

header, binding = (re.sub(r"/\*.*?\*/|//[^\n]*", "", open(path).read(), flags=re.S) for path in sys.argv[1:3])
functions = set(re.findall(r"\b(pqrtc_\w+)\s*\(", header))
# Macros of sizes are C++ as they stand.
constants = {name for name in re.findall(r"\b(PQRTC_\w+)\b", header) if not name.endswith("_BYTES")} - {"PQRTC_H", "PQRTC_NODISCARD"}
missing = sorted(name for name in functions | constants if not re.search(rf"\b{name}\b", binding))
if missing or len(functions) < 60:
    sys.exit(f"pqrtc.hpp leaves out: {' '.join(missing) or 'nothing, but pqrtc.h has too few functions to be itself'}")
print(f"pqrtc.hpp covers {len(functions)} functions and {len(constants)} constants")
