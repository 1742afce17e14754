"""Every example runs and says what it promises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pqrtc

SAYS = {
    "call.py": "Bob opens what Alice seals",
    "key_exchange.py": "both sides agree",
    "turn_wrap.py": "verified; altered: authentication failed",
    "sign_artifact.py": "3309 bytes, verified: True\nwith another key: False",
    "seal_frames.py": "opened 15 of 16",
}


def test_none_is_forgotten(root: Path) -> None:
    assert {path.name for path in (root / "examples" / "python").glob("*.py")} == set(SAYS)


@pytest.mark.parametrize("name", SAYS)
def test_example(root: Path, tmp_path: Path, name: str) -> None:
    arguments = []
    if name == "sign_artifact.py":
        arguments = [str(tmp_path / "recording.webm")]
        Path(arguments[0]).write_bytes(os.urandom(100_000))
    package = str(Path(pqrtc.__file__).parents[1])
    ended = subprocess.run(
        [sys.executable, str(root / "examples" / "python" / name), *arguments],
        env={**os.environ, "PYTHONPATH": package},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert SAYS[name] in ended.stdout
    assert not arguments or Path(arguments[0] + ".sig").stat().st_size == 3309


def test_the_lines_of_the_readme(root: Path) -> None:
    readme = (root / "bindings" / "python" / "README.md").read_text()
    exec(readme.split("```python\n")[1].split("```")[0], {})
