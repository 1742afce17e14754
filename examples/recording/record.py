#!/usr/bin/env python3
"""Records a sealed call in segments, signs each when it is finished, and a manifest at the end.      record.py FOLDER KEY ID [SECONDS]

The recorder is a participant like any other: it was given the key, opens what the others seal, and what it writes is for who may read the file.
KEY is a PEM file, made with KEY.pub if it is not there; ID names the recording. Killed at any moment and started again with the same arguments, it goes on. In
FOLDER: what segments.py says, manifest.json, manifest.json.sig. A verifier must have KEY.pub and ID from elsewhere.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "aiortc"))

import av  # noqa: E402
from aiortc.contrib.media import MediaRecorder, MediaRelay  # noqa: E402
from call import Peer, join  # noqa: E402
from media import Sink, colour_of, loopback_only  # noqa: E402
from pqrtc import ArtifactKind, KeyFormat, SignatureAlgorithm, SigningKey  # noqa: E402
from segments import SegmentSigner, store  # noqa: E402


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class RecordingPeer(Peer):
    """Bob, who gives what he receives to FFmpeg's segmenter as well."""

    def __init__(self, folder: Path, first: int, me: SigningKey, pin: bytes) -> None:
        super().__init__("blue", 880, me, pin)
        options = {"segment_time": "1", "segment_format": "mpegts", "segment_start_number": str(first), "break_non_keyframes": "1"}
        self._relay, self.recorder = MediaRelay(), MediaRecorder(str(folder / "segment-%05d.ts"), format="segment", options=options)

    def _on_track(self, track: Any) -> None:
        super()._on_track(track)
        self.recorder.addTrack(self._relay.subscribe(track))

    def sink(self, track: Any) -> Sink:
        return Sink(self._relay.subscribe(track))


async def sign_finished(signer: SegmentSigner) -> None:
    """FFmpeg opens a segment when the one before is closed: all but the last are finished."""
    while True:
        for segment in signer.unsigned[:-1]:
            await asyncio.to_thread(signer.sign, segment)
        await asyncio.sleep(0.1)


async def record(folder: Path, signer: SegmentSigner, seconds: float) -> Dict[str, Any]:
    """A call of so many seconds; what the manifest says of it."""
    me, you = (SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519) for _ in range(2))
    first = len(list(folder.glob("segment-*.ts")))
    alice, bob = Peer("red", 440, me, you.fingerprint), RecordingPeer(folder, first, you, me.fingerprint)
    started, signing = now(), asyncio.create_task(sign_finished(signer))
    try:
        await join(alice, bob)
        await bob.recorder.start()
        await bob.sinks["video"].more(int(30 * seconds), 10 + 8 * seconds)
        await bob.recorder.stop()
        return {
            "meeting": {"id": "recorded call", "started_at": started, "ended_at": now()},
            "participants": [{"name": "alice", "tracks": sorted(bob.sinks)}],
            "frames_opened": {kind: opener.opened for kind, opener in sorted(bob.openers.items())},
            "frames_refused": {kind: sum(opener.dropped.values()) for kind, opener in sorted(bob.openers.items())},
        }
    finally:
        signing.cancel()
        await asyncio.wait([signing])
        await alice.close()
        await bob.close()


def look_at(folder: Path) -> Dict[str, Any]:
    """That it is a real recording: FFmpeg reads the segments one after the other, and what was sent is in them."""
    segments = sorted(folder.glob("segment-*.ts"))
    with tempfile.NamedTemporaryFile(suffix=".ts") as joined:
        for segment in segments:
            joined.write(segment.read_bytes())
        joined.flush()
        with av.open(joined.name) as container:
            pictures = [colour_of(frame) for frame in container.decode(video=0)]
            streams = [{"kind": stream.type, "codec": stream.codec_context.name} for stream in container.streams]
        size = os.path.getsize(joined.name)
    assert pictures.count("red") > 0.9 * len(pictures) > 20, f"{len(pictures)} pictures, {set(pictures)}"
    return {"segments": len(segments), "bytes": size, "streams": streams, "pictures": len(pictures)}


def key_of(file: Path) -> SigningKey:
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(SigningKey.generate(SignatureAlgorithm.ML_DSA_65).export_file(KeyFormat.PEM))
    key = SigningKey.import_file(file.read_bytes())
    file.with_name(file.name + ".pub").write_bytes(key.public_key)
    return key


# docs:begin sign
def finish(folder: Path, signer: SegmentSigner, key: SigningKey, recording_id: bytes, facts: Dict[str, Any]) -> None:
    """Signs what is left, ends the recording, and signs a manifest that names it by its last entry."""
    if not signer.ended:
        for segment in signer.unsigned:
            signer.sign(segment)
        signer.end()
    last = hashlib.sha3_256((folder / "end.entry").read_bytes()).hexdigest()
    facts = {"format": "meeting-recording-manifest/2", "id": recording_id.decode(), **facts, "last_entry_sha3_256": last}
    manifest = (json.dumps(facts, indent=2) + "\n").encode()
    store(folder / "manifest.json.sig", key.artifact_sign(ArtifactKind.RECORDING_MANIFEST, manifest))
    store(folder / "manifest.json", manifest)
# docs:end sign


def main() -> int:
    folder, key, recording_id = Path(sys.argv[1]), key_of(Path(sys.argv[2])), sys.argv[3].encode()
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 4
    logging.basicConfig(level=logging.ERROR)
    loopback_only()
    signer, facts = SegmentSigner(folder, key, recording_id), {}
    if not signer.ended:
        # What a crash left unsigned, the last of it perhaps cut off.
        for segment in signer.unsigned:
            signer.sign(segment)
        facts = asyncio.run(record(folder, signer, seconds))
    if not (folder / "manifest.json").exists():
        finish(folder, signer, key, recording_id, {**facts, "container": look_at(folder)})
    print(f"{len(list(folder.glob('*.entry')))} entries, manifest.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
