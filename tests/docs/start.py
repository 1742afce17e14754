#!/usr/bin/env python3
"""Does what the pages of docs/start say, literally, in an empty folder: the commands, the programs that are to be saved, and what they print.

    start.py [--clone] PAGE...     c, cpp, python, go, rust, typescript

The checkout is this one, by a link, or a clone with --clone. Packages of the system and Rust are there already.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEP = re.compile(r"Save this as `(?P<name>[^`]+)`|^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.M | re.S)
# What the machine has, or has in another place.
THERE = re.compile(r"^(sudo apt-get|curl --proto|\. \"\$HOME/\.cargo/env\"|git clone).*\n", re.M)


def script(page: str) -> tuple[str, list[str]]:
    """The page as a script, and what it should print."""
    commands, prints, save = ["set -eu"], [], None
    for step in STEP.finditer((ROOT / f"docs/start/{page}.md").read_text()):
        if step["name"]:
            save = step["name"]
        elif step["language"] == "text":
            prints.append(step["code"])
        elif step["language"] == "sh":
            commands.append(THERE.sub("", step["code"]))
        elif save:
            commands.append(f"cat > {save} <<'end of {save}'\n{step['code']}end of {save}\n")
            save = None
    return "\n".join(commands), prints


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    clone, pages = "--clone" in sys.argv, [page for page in sys.argv[1:] if not page.startswith("--")]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path.home()
        # A folder of the user's own, so that what is installed goes there; tools keep what they have.
        kept = {"CARGO_HOME": ".cargo", "RUSTUP_HOME": ".rustup", "GOPATH": "go", "GOCACHE": ".cache/go-build", "npm_config_cache": ".npm"}
        environment = {**{name: str(home / at) for name, at in kept.items()}, **os.environ, "HOME": folder}

        def run(page: str) -> subprocess.CompletedProcess:
            return subprocess.run(["bash", "-c", script(page)[0]], cwd=folder, env=environment, capture_output=True, text=True)

        if clone:
            subprocess.run(["git", "clone", "--quiet", ROOT, f"{folder}/pqrtc"], check=True)
        else:
            Path(folder, "pqrtc").symlink_to(ROOT)
        for page in ["README", *pages]:
            started, used = time.monotonic(), processor()
            done = run(page)
            good = done.returncode == 0 and all(text in done.stdout for text in script(page)[1])
            print(f"{'passed' if good else 'failed'}: docs/start/{page}.md, {time.monotonic() - started:.0f} s, {processor() - used:.0f} s of processor time", flush=True)
            if not good:
                failed += 1
                print(done.stdout[-2000:] + done.stderr[-2000:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
