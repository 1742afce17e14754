#!/usr/bin/env python3
"""Verifies a signed recording without pqrtc, with OpenSSL through the package `cryptography` (48 or later).      verify.py FOLDER PUBLIC_KEY ID

Exit code 0, or 1 and a word on what is wrong.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey


# docs:begin verify
def sha3(*parts: bytes) -> bytes:
    return hashlib.sha3_256(b"".join(parts)).digest()


def verify(folder: Path, public_key: bytes, recording_id: bytes) -> int:
    """Gives the number of segments. InvalidSignature, ValueError or OSError if anything is missing, moved or altered."""
    signer = MLDSA65PublicKey.from_public_bytes(public_key)
    chain = sha3(b"pqrtc recording v1", bytes([len(recording_id)]), recording_id)
    segments = sorted(folder.glob("segment-*.ts"))
    for index in range(len(segments) + 1):
        last = index == len(segments)
        entry = (folder / "end.entry" if last else segments[index].with_name(segments[index].name + ".entry")).read_bytes()
        content = b"" if last else segments[index].read_bytes()
        head, signature = entry[:51], entry[51:]
        if head != bytes([1, 1, last]) + index.to_bytes(8, "big") + len(content).to_bytes(8, "big") + sha3(content):
            raise ValueError(f"segment {index} is not the one that was recorded there")
        signer.verify(signature, chain + head, b"pqrtc recording-segment v1")
        chain = sha3(chain, head)
    manifest = (folder / "manifest.json").read_bytes()
    signer.verify((folder / "manifest.json.sig").read_bytes(), sha3(manifest), b"pqrtc recording-manifest v1")
    if json.loads(manifest)["last_entry_sha3_256"] != sha3(entry).hex():
        raise ValueError("the manifest is of another recording")
    return len(segments)
# docs:end verify


def main() -> int:
    folder, public_key, recording_id = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), sys.argv[3].encode()
    try:
        segments = verify(folder, public_key, recording_id)
    except InvalidSignature:
        print("refused: a signature does not verify")
        return 1
    except (ValueError, OSError) as why:
        print(f"refused: {why}")
        return 1
    print(f"verified: {segments} segments, that none is missing, and the manifest")
    return 0


if __name__ == "__main__":
    sys.exit(main())
