"""A signed recording in a folder, then altered in every way: pqrtc and OpenSSL must refuse the same."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable

import pqrtc
from pqrtc import ArtifactHasher, ArtifactKind, SignatureAlgorithm, SigningKey

root = Path(__file__).resolve().parents[3]
KIND = ArtifactKind.RECORDING_MANIFEST


def ours(folder: Path) -> bool:
    """The same verification with pqrtc."""
    try:
        for name in ("manifest.json", "recording.mp4"):
            hasher = ArtifactHasher(KIND)
            with (folder / name).open("rb") as source:
                while piece := source.read(4096):
                    hasher.update(piece)
            hasher.verify(SignatureAlgorithm.ML_DSA_65, (folder / "signer.pub").read_bytes(), (folder / f"{name}.sig").read_bytes())
    except pqrtc.PqrtcError:
        return False
    return True


def theirs(folder: Path) -> bool:
    return subprocess.run([sys.executable, root / "examples/recording/verify.py", folder], stdout=subprocess.DEVNULL, check=False).returncode == 0


def flip(name: str, at: float) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[int(at * (len(data) - 1))] ^= 1
        (folder / name).write_bytes(data)

    return alter


def cut(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-1])


def swap(folder: Path) -> None:
    a, b = folder / "manifest.json.sig", folder / "recording.mp4.sig"
    first, second = a.read_bytes(), b.read_bytes()
    a.write_bytes(second)
    b.write_bytes(first)


def sign(folder: Path, name: str, key: SigningKey, kind: ArtifactKind) -> None:
    (folder / f"{name}.sig").write_bytes(key.artifact_sign(kind, (folder / name).read_bytes()))


def other_signer(folder: Path) -> None:
    sign(folder, "manifest.json", SigningKey.generate(SignatureAlgorithm.ML_DSA_65), KIND)


def other_kind(folder: Path) -> None:
    key = SigningKey.generate(SignatureAlgorithm.ML_DSA_65)
    (folder / "signer.pub").write_bytes(key.public_key)
    sign(folder, "recording.mp4", key, KIND)
    sign(folder, "manifest.json", key, ArtifactKind.TRANSCRIPT)


def retitled(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["participants"][0]["name"] = "mallory"
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


CASES = {
    "as recorded": None,
    "recording, first byte": flip("recording.mp4", 0),
    "recording, in the middle": flip("recording.mp4", 0.5),
    "recording, last byte": flip("recording.mp4", 1),
    "recording truncated": cut("recording.mp4"),
    "manifest names another": retitled,
    "manifest truncated": cut("manifest.json"),
    "signature altered": flip("recording.mp4.sig", 0.7),
    "signature truncated": cut("manifest.json.sig"),
    "signatures swapped": swap,
    "another signer": other_signer,
    "signed as a transcript": other_kind,
    "key altered": flip("signer.pub", 0.3),
}


def main() -> int:
    wrong = 0
    print(f"{'recording':28} {'OpenSSL':10} pqrtc")
    for what, alter in CASES.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "copy"
            shutil.copytree(sys.argv[1], folder)
            if alter:
                alter(folder)
            seen = theirs(folder), ours(folder)
        print(f"{what:28} {'verified' if seen[0] else 'refused':10} {'verified' if seen[1] else 'refused'}", flush=True)
        wrong += seen != ((alter is None),) * 2
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
