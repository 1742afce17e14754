#!/usr/bin/env python3
"""Records a sealed call to a file, writes a manifest of it, signs both.      record.py FOLDER

The recorder is a participant like any other: it was given the key, opens what the others seal, and what it writes is for who may read the file. In FOLDER:
recording.mp4 and manifest.json, a signature of each beside it (.sig), and signer.pub, which a verifier must have from elsewhere.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import shutil
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "aiortc"))

import av  # noqa: E402
from aiortc.contrib.media import MediaRecorder, MediaRelay  # noqa: E402
from call import Peer, join  # noqa: E402
from media import Sink, colour_of, loopback_only  # noqa: E402
from pqrtc import ArtifactHasher, ArtifactKind, SignatureAlgorithm, SigningKey  # noqa: E402

SECONDS = 4


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class RecordingPeer(Peer):
    """Bob, who gives what he receives to FFmpeg as well."""

    def __init__(self, file: Path, me: SigningKey, pin: bytes) -> None:
        super().__init__("blue", 880, me, pin)
        self._relay, self.recorder = MediaRelay(), MediaRecorder(str(file))

    def _on_track(self, track: Any) -> None:
        super()._on_track(track)
        self.recorder.addTrack(self._relay.subscribe(track))

    def sink(self, track: Any) -> Sink:
        return Sink(self._relay.subscribe(track))


async def record(file: Path) -> Dict[str, Any]:
    """A call of a few seconds; what the manifest says of it."""
    me, you = (SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) for _ in range(2))
    alice, bob = Peer("red", 440, me, you.fingerprint), RecordingPeer(file, you, me.fingerprint)
    started = now()
    try:
        await join(alice, bob)
        await bob.recorder.start()
        await bob.sinks["video"].more(30 * SECONDS, 30)
        await bob.recorder.stop()
        return {
            "meeting": {"id": "recorded call", "started_at": started, "ended_at": now()},
            "participants": [{"name": "alice", "tracks": sorted(bob.sinks)}],
            "frames_opened": {kind: opener.opened for kind, opener in sorted(bob.openers.items())},
            "frames_refused": {kind: sum(opener.dropped.values()) for kind, opener in sorted(bob.openers.items())},
        }
    finally:
        await alice.close()
        await bob.close()


def look_at(file: Path) -> Dict[str, Any]:
    """That it is a real recording: FFmpeg reads it, and what was sent is in it."""
    with av.open(str(file)) as container:
        pictures = [colour_of(frame) for frame in container.decode(video=0)]
        streams = [{"kind": stream.type, "codec": stream.codec_context.name} for stream in container.streams]
    assert len(pictures) > 10 * SECONDS and set(pictures[5:]) == {"red"}, f"{len(pictures)} pictures, {set(pictures)}"
    return {"file": file.name, "bytes": file.stat().st_size, "streams": streams, "pictures": len(pictures)}


# docs:begin sign
def sign_file(key: SigningKey, file: Path) -> Path:
    """Signs a file of any size: it goes through the hasher in pieces and is never in memory as a whole."""
    hasher = ArtifactHasher(ArtifactKind.RECORDING_MANIFEST)
    with file.open("rb") as source:
        shutil.copyfileobj(source, hasher)
    signature = file.with_name(file.name + ".sig")
    signature.write_bytes(hasher.sign(key))
    return signature


def write_manifest(file: Path, facts: Dict[str, Any]) -> Path:
    """The manifest names the file by its hash, so the signature of the manifest holds for the file too."""
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha3_256").hexdigest()
    manifest = file.with_name("manifest.json")
    manifest.write_text(json.dumps({"format": "meeting-recording-manifest/1", **facts, "sha3_256": digest}, indent=2) + "\n")
    return manifest
# docs:end sign


def main() -> int:
    folder = Path(sys.argv[1])
    logging.basicConfig(level=logging.ERROR)
    loopback_only()
    recording = folder / "recording.mp4"
    facts = asyncio.run(record(recording))
    manifest = write_manifest(recording, {**facts, "container": look_at(recording)})
    key = SigningKey.generate(SignatureAlgorithm.ML_DSA_65)
    (folder / "signer.pub").write_bytes(key.public_key)
    for file in (recording, manifest):
        print(f"{file.name}: {file.stat().st_size} bytes, {sign_file(key, file).name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
