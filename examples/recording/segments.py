"""Segments of a recording, each signed when it is finished, so that none can be dropped, moved, repeated or exchanged (docs/recordings.md). A
recorder that was killed goes on from what is stored: segment-00000.ts and segment-00000.ts.entry beside it, and so on; state; end.entry once
the recording has ended."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import List

from pqrtc import SigningKey
from pqrtc.recording import Signer


# docs:begin store
def store(file: Path, data: bytes) -> None:
    """The file holds all of the data or is as it was, also if the machine dies meanwhile."""
    draft = file.with_name(file.name + ".new")
    with draft.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


class SegmentSigner:
    """The signer of the recording in a folder: a new one, or the one that was killed."""

    def __init__(self, folder: Path, key: SigningKey, recording_id: bytes) -> None:
        self._folder, self._state, self._end = folder, folder / "state", folder / "end.entry"
        if self._state.exists():
            self._signer = Signer.resume(key, recording_id, self._state.read_bytes())
        else:
            self._signer = Signer(key, recording_id)
        if self._end.exists() and not self.ended:
            self.end()

    @property
    def ended(self) -> bool:
        return self._signer.state[2] == 1

    @property
    def unsigned(self) -> List[Path]:
        """What has no entry yet, or one that was stored without its state: signed again, it has the same head, and the history does not fork."""
        signed = int.from_bytes(self._signer.state[3:11], "big")
        return sorted(self._folder.glob("segment-*.ts"))[signed:]

    def sign(self, segment: Path) -> None:
        """The segment first, then its entry, then the state: a crash in between leaves something to sign again, and never a gap."""
        with segment.open("rb") as source:
            os.fsync(source.fileno())
            shutil.copyfileobj(source, self._signer)
        store(segment.with_name(segment.name + ".entry"), self._signer.entry())
        store(self._state, self._signer.state)

    def end(self) -> None:
        """Ends the recording with an empty segment."""
        store(self._end, self._signer.entry(last=True))
        store(self._state, self._signer.state)
# docs:end store
