"""Calls of pages that use the package with other stacks, by the signaling profile: tests/stacks/cross/run.py with a table of its own.

    cross.py NAME=COMMAND...
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "cross"))

import run  # noqa: E402

run.PAIRS = [
    ("chromium", "aiortc", ()),
    ("aiortc", "chromium-h264", ()),
    ("pion", "chromium", ("answerer",)),
    ("aiortc", "firefox", ()),
    ("firefox", "pion", ("offerer",)),
    ("chromium-streams", "firefox", ()),
]
run.H264 = {"chromium-h264"}
# What the page itself looks at; that the handshake refuses what it should is tested without a browser.
run.HOSTILE = [case for case in run.HOSTILE if any(what in case[0] for what in ("man in the middle", "certificate", "without pqrtc"))]

sys.exit(run.play(sys.argv[1:]))
