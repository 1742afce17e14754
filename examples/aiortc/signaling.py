"""How the messages of a call travel: docs/integrations/README.md.

    {"type": "offer" or "answer", "sdp": ..., "pqrtc": the first or second message of the call in base64}
    {"type": "pqrtc", "pqrtc": any later one: the finish, the acknowledgement, those of a rekey}

Or, where signaling carries SDP alone, in lines of the SDP. What is refused is a SignalingError that says why.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import List, NamedTuple

MESSAGE_MAX, LINE_MAX = 65535, 960  # bytes, characters


class SignalingError(ValueError):
    """What came is not of the signaling profile."""


# docs:begin messages
class Message(NamedTuple):
    type: str
    sdp: str  # ready to be set
    pqrtc: bytes


def encode(type: str, pqrtc: bytes, sdp: str = "") -> str:
    return json.dumps({"type": type, **({"sdp": sdp} if sdp else {}), "pqrtc": b64(pqrtc)})


def decode(text: str) -> Message:
    try:
        heard = json.loads(text)
    except ValueError as why:
        raise SignalingError("not JSON") from why
    if not isinstance(heard, dict) or heard.get("type") not in ("offer", "answer", "pqrtc"):
        raise SignalingError("no offer, answer or pqrtc message")
    sdp = heard.get("sdp", "") if heard["type"] != "pqrtc" else ""
    if not isinstance(sdp, str) or (heard["type"] != "pqrtc" and not sdp):
        raise SignalingError(f"{heard['type']} without SDP")
    if not isinstance(heard.get("pqrtc"), str):
        raise SignalingError(f"{heard['type']} without pqrtc: the call does not go on without it")
    return Message(heard["type"], clean(sdp), unb64(heard["pqrtc"]))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Strict: the standard alphabet with its padding, in the one form that encoders write."""
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as why:
        raise SignalingError("not base64") from why
    if b64(data) != text or not 0 < len(data) <= MESSAGE_MAX:
        raise SignalingError("not base64 of a message")
    return data
# docs:end messages


# docs:begin fingerprint
def fingerprint(sdp: str) -> bytes:
    """The SHA-256 fingerprint of the DTLS certificate, which the call binds: one for the whole description."""
    found = {line.partition(" ")[2].upper() for line in _lines(sdp) if line.lower().startswith("a=fingerprint:sha-256 ")}
    if len(found) != 1:
        raise SignalingError(f"{len(found)} SHA-256 fingerprints")
    if not re.fullmatch(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}", value := found.pop()):
        raise SignalingError("no SHA-256 fingerprint")
    return bytes.fromhex(value.replace(":", ""))


def clean(sdp: str) -> str:
    """The description to set. Only the SHA-256 fingerprint is bound, and a stack may go by another: those are taken out. Parsers do
    not agree on characters beyond printable ASCII, so that one could see a fingerprint where another sees none: refused."""
    if not re.fullmatch(r"([ -~]*\r?\n)*[ -~]*", sdp):
        raise SignalingError("SDP with control characters, or not in ASCII")
    return re.sub(r"(?im)^a=(fingerprint(?!:sha-256 )|pqrtc:).*\n?", "", sdp)
# docs:end fingerprint


# docs:begin sdp
def into_sdp(sdp: str, message: bytes) -> str:
    """For signaling that carries SDP alone: a=pqrtc:1/n, a=pqrtc:2/n ..., at session level, where peers ignore what they do not know."""
    text = b64(message)
    parts = [text[at : at + LINE_MAX] for at in range(0, len(text), LINE_MAX)]
    media = re.search(r"^m=", sdp, re.MULTILINE)
    at = media.start() if media else len(sdp)
    return sdp[:at] + "".join(f"a=pqrtc:{i}/{len(parts)} {part}\r\n" for i, part in enumerate(parts, 1)) + sdp[at:]


def from_sdp(type: str, sdp: str) -> Message:
    lines = _lines(sdp)
    media = next((n for n, line in enumerate(lines) if line.startswith("m=")), len(lines))
    if any(line.startswith("a=pqrtc:") for line in lines[media:]):
        raise SignalingError("a=pqrtc in a media section")
    parts = [line for line in lines[:media] if line.startswith("a=pqrtc:")]
    if not parts:
        raise SignalingError("SDP without a=pqrtc: the call does not go on without it")
    text = ""
    for i, line in enumerate(parts, 1):
        begin = f"a=pqrtc:{i}/{len(parts)} "
        if not line.startswith(begin) or not 0 < len(line) - len(begin) <= LINE_MAX:
            raise SignalingError(f"{line[:20]!r} is not part {i} of {len(parts)}")
        text += line[len(begin) :]
    return Message(type, clean(sdp), unb64(text))
# docs:end sdp


def _lines(sdp: str) -> List[str]:
    return [line.removesuffix("\r") for line in sdp.split("\n")]
