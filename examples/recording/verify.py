#!/usr/bin/env python3
"""Verifies a signed recording without pqrtc, with OpenSSL through the package `cryptography` (48 or later).      verify.py FOLDER [signer.pub]

Exit code 0, or 1 and a word on what is wrong.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey

# docs:begin verify
CONTEXT = b"pqrtc recording-manifest v1"


def sha3(file: Path) -> bytes:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha3_256").digest()


def verify(folder: Path, public_key: bytes) -> None:
    """What was signed is the SHA3-256 of the file, under the context string of its kind. InvalidSignature or ValueError if anything differs."""
    signer = MLDSA65PublicKey.from_public_bytes(public_key)
    for name in ("manifest.json", "recording.mp4"):
        signer.verify((folder / f"{name}.sig").read_bytes(), sha3(folder / name), CONTEXT)
    named = bytes.fromhex(json.loads((folder / "manifest.json").read_bytes())["sha3_256"])
    if not hmac.compare_digest(named, sha3(folder / "recording.mp4")):
        raise ValueError("the manifest is of another recording")
# docs:end verify


def main() -> int:
    folder = Path(sys.argv[1])
    key = Path(sys.argv[2]) if len(sys.argv) > 2 else folder / "signer.pub"
    try:
        verify(folder, key.read_bytes())
    except InvalidSignature:
        print("refused: a signature does not verify")
        return 1
    except (ValueError, OSError) as why:
        print(f"refused: {why}")
        return 1
    print("verified: manifest, recording, and that the one is of the other")
    return 0


if __name__ == "__main__":
    sys.exit(main())
