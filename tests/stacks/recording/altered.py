"""A signed recording in a folder, then altered in every way: pqrtc and OpenSSL must refuse the same.      altered.py FOLDER KEY ID"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable, List, Optional

root = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(root / "examples" / "recording"))

import pqrtc  # noqa: E402
from pqrtc import ArtifactKind, SigningKey, recording  # noqa: E402
from segments import SegmentSigner  # noqa: E402

RECORDED, KEY, ID = Path(sys.argv[1]), SigningKey.import_file(Path(sys.argv[2]).read_bytes()), sys.argv[3].encode()
OTHER_KEY = SigningKey(KEY.algorithm)
Alteration = Callable[[Path], None]


def segments(folder: Path) -> List[Path]:
    return sorted(folder.glob("segment-*.ts"))


def entry(segment: Path) -> Path:
    return segment.with_name(segment.name + ".entry")


def ours(folder: Path, key: bytes, name: bytes) -> bool:
    """The same verification as verify.py's, with pqrtc."""
    try:
        verifier = recording.Verifier(KEY.algorithm, key, name)
        for segment in segments(folder):
            with segment.open("rb") as source:
                shutil.copyfileobj(source, verifier)
            verifier.entry(entry(segment).read_bytes())
        verifier.entry((folder / "end.entry").read_bytes())
        verifier.finish()
        manifest = (folder / "manifest.json").read_bytes()
        pqrtc.artifact_verify(KEY.algorithm, key, ArtifactKind.RECORDING_MANIFEST, manifest, (folder / "manifest.json.sig").read_bytes())
        last = hashlib.sha3_256((folder / "end.entry").read_bytes()).hexdigest()
        return str(json.loads(manifest)["last_entry_sha3_256"]) == last
    except (pqrtc.PqrtcError, OSError):
        return False


def theirs(folder: Path, key: bytes, name: bytes) -> bool:
    with tempfile.NamedTemporaryFile() as public:
        public.write(key)
        public.flush()
        command = [sys.executable, root / "examples/recording/verify.py", folder, public.name, name.decode()]
        return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


def flip(pick: Callable[[Path], Path], at: float) -> Alteration:
    def alter(folder: Path) -> None:
        file = pick(folder)
        data = bytearray(file.read_bytes())
        data[int(at * (len(data) - 1))] ^= 1
        file.write_bytes(data)

    return alter


def cut(pick: Callable[[Path], Path]) -> Alteration:
    return lambda folder: pick(folder).write_bytes(pick(folder).read_bytes()[:-1]) and None


def drop(at: int) -> Alteration:
    """With its entry; the ones behind it move up."""

    def alter(folder: Path) -> None:
        files = segments(folder)
        for here, behind in zip(files[at:], files[at + 1 :]):
            behind.replace(here)
            entry(behind).replace(entry(here))
        if at == len(files) - 1:
            files[at].unlink()
            entry(files[at]).unlink()

    return alter


def exchange(a: Path, b: Path) -> None:
    first, second = a.read_bytes(), b.read_bytes()
    a.write_bytes(second)
    b.write_bytes(first)


def swap(entries_too: bool) -> Alteration:
    def alter(folder: Path) -> None:
        one, two = segments(folder)[:2]
        exchange(one, two)
        if entries_too:
            exchange(entry(one), entry(two))

    return alter


def repeat(folder: Path) -> None:
    one, two = segments(folder)[:2]
    shutil.copy(one, two)
    shutil.copy(entry(one), entry(two))


def foreign(key: SigningKey, name: bytes) -> Alteration:
    """The second segment, as another recording has it in the same place."""

    def alter(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            other = Path(place)
            for segment in segments(folder)[:2]:
                (other / segment.name).write_bytes(segment.read_bytes()[::-1])
            signer = SegmentSigner(other, key, name)
            for segment in signer.unsigned:
                signer.sign(segment)
            mine, its = segments(folder)[1], segments(other)[1]
            shutil.copy(its, mine)
            shutil.copy(entry(its), entry(mine))

    return alter


def cut_off(folder: Path) -> None:
    """The end is gone, and so is what says that it is missing."""
    for file in (segments(folder)[-1], entry(segments(folder)[-1]), folder / "end.entry"):
        file.unlink()


def retitled(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["participants"][0]["name"] = "mallory"
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def other_end(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["last_entry_sha3_256"] = "00" * 32
    data = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.json.sig").write_bytes(KEY.artifact_sign(ArtifactKind.RECORDING_MANIFEST, data))


def first(folder: Path) -> Path:
    return segments(folder)[0]


def first_entry(folder: Path) -> Path:
    return entry(first(folder))


CASES = {
    "as recorded": None,
    "a segment dropped": drop(1),
    "the last segment dropped": drop(len(segments(RECORDED)) - 1),
    "two segments swapped": swap(entries_too=False),
    "two swapped with their entries": swap(entries_too=True),
    "a segment repeated": repeat,
    "of another recording": foreign(KEY, b"another recording"),
    "a false beginning, same id": foreign(KEY, ID),
    "of another signer": foreign(OTHER_KEY, ID),
    "cut off": cut_off,
    "segment, first byte": flip(first, 0),
    "segment, in the middle": flip(first, 0.5),
    "segment truncated": cut(first),
    "entry, last or not": flip(first_entry, 2 / 3359),
    "entry, signature": flip(first_entry, 0.7),
    "entry truncated": cut(first_entry),
    "manifest names another": retitled,
    "manifest of another recording": other_end,
}


def main() -> int:
    print(f"{'recording':32} {'OpenSSL':10} pqrtc")

    def look(what: str, alter: Optional[Alteration], key: bytes = KEY.public_key, name: bytes = ID, good: bool = False) -> int:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "copy"
            shutil.copytree(RECORDED, folder)
            if alter:
                alter(folder)
            seen = theirs(folder, key, name), ours(folder, key, name)
        print(f"{what:32} {'verified' if seen[0] else 'refused':10} {'verified' if seen[1] else 'refused'}", flush=True)
        return int(seen != (good, good))

    wrong = sum(look(what, alter, good=alter is None) for what, alter in CASES.items())
    wrong += look("expected from another signer", None, key=OTHER_KEY.public_key)
    wrong += look("expected under another id", None, name=b"another recording")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
