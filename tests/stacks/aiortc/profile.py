"""The signaling profile: what tests/vectors/signaling.json says is read, refused and written."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Callable, Dict

root = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(root / "examples" / "aiortc"))

from signaling import Message, SignalingError, decode, encode, fingerprint, from_sdp, into_sdp  # noqa: E402


def check(vector: Dict[str, Any], read: Callable[[str], Any], wanted: Callable[[], Any]) -> None:
    try:
        got = read(vector["text"])
    except SignalingError as why:
        assert "refused" in vector, f"{vector['name']}: refused: {why}"
        return
    assert "refused" not in vector, f"{vector['name']}: read"
    assert got == wanted(), f"{vector['name']}: {got}"


def main() -> int:
    vectors = json.loads((root / "tests/vectors/signaling.json").read_text())
    for v in vectors["messages"]:
        check(v, decode, lambda: Message(v["type"], v["sdp"], bytes.fromhex(v["pqrtc"])))
        if "refused" not in v:
            message = decode(v["text"])
            assert decode(encode(message.type, message.pqrtc, message.sdp)) == message
    for v in vectors["sdp"]:
        check(v, lambda text: from_sdp("offer", text), lambda: Message("offer", v["sdp"], bytes.fromhex(v["pqrtc"])))
    for v in vectors["fingerprints"]:
        check(v, fingerprint, lambda: bytes.fromhex(v["fingerprint"]))
    for v in vectors["writes"]:
        assert into_sdp(v["sdp"], bytes.fromhex(v["pqrtc"])) == v["text"], v["name"]
    print("signaling profile: " + ", ".join(f"{len(of)} {kind}" for kind, of in vectors.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
