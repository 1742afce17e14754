#!/usr/bin/env python3
"""A credential that the command pqrtc mints, and one that it wraps and unwraps, used with a real coturn.
usage: coturn_command.py PQRTC"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "coturn"))
from coturn import Coturn  # noqa: E402

SECRET = "north-of-the-river"


def main() -> int:
    command = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder, Coturn(SECRET) as server:

        def pqrtc(*args: str, data: bytes = b"") -> bytes:
            return subprocess.run([command, *args], input=data, stdout=subprocess.PIPE, check=True, cwd=folder).stdout

        mint = ["turn", "mint", "--secret-file", "-", "--user", "alice"]
        pqrtc("keygen", "kem", "-o", "client")
        pqrtc("pubkey", "-i", "client", "-o", "client.pub")
        wrapped = pqrtc(*mint, "--to", "client.pub", data=SECRET.encode())
        cases = [
            ("minted by the command", json.loads(pqrtc(*mint, "--json", data=SECRET.encode())), True),
            ("unwrapped by the command", json.loads(pqrtc("turn", "unwrap", "-i", "client", data=wrapped)), True),
            ("minted with another secret", json.loads(pqrtc(*mint, "--json", data=b"south")), False),
        ]
        bad = 0
        for what, credential, good in cases:
            allocates = server.allocates(credential["username"], credential["password"])
            print(f"{what}: coturn {'allocates' if allocates else 'refuses'}", flush=True)
            bad += allocates != good
    return bad


if __name__ == "__main__":
    sys.exit(main())
