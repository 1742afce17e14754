"""The key exchange of a call, beside SDP: what goes into the application's own messages, as JSON.

    offer  {"type": "offer",  "sdp": ..., "pqrtc": {"suite": 2, "bundle": 1624 characters}}
    answer {"type": "answer", "sdp": ..., "pqrtc": {"suite": 2, "exchange": 1496, "confirm": 48}}

No round trip is added: the answerer has the session immediately, the offerer when it has the answer. `confirm` is an empty message sealed under the
session and bound to the call and to both blobs, so an answer that is altered, of another peer or of an earlier call is refused here and not by
silence later. With ML-DSA-65 identities both blobs are signed too ("signature", 4412 characters): without them whoever runs the signaling server can
sit in the middle.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Dict, Optional, Tuple

import pqrtc
from pqrtc import HybridKeypair, Session, SignatureAlgorithm, SigningKey, Suite

SIZES = pqrtc.hybrid.suite_sizes(Suite.X_WING)
CONTEXT = {"offer": b"example call offer v1", "answer": b"example call answer v1"}


class SignalingError(ValueError):
    """A blob that this call cannot use; says which and why."""


# docs:begin base64
def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(blob: Dict[str, Any], name: str, length: int) -> bytes:
    """Strict: the standard alphabet with its padding, nothing else, and exactly as long as it must be."""
    try:
        data = base64.b64decode(blob[name], validate=True)
    except (KeyError, TypeError, binascii.Error) as why:
        raise SignalingError(f"{name}: missing, or not base64") from why
    if len(data) != length:
        raise SignalingError(f"{name}: {len(data)} bytes, not {length}")
    return data
# docs:end base64


# docs:begin exchange
class Offerer:
    """The side that offers. `call` is what both sides know this call by: no two calls have the same. `me` and `peer` are the identities."""

    def __init__(self, call: bytes, me: Optional[SigningKey] = None, peer: Optional[bytes] = None) -> None:
        self._call, self._me, self._peer = call, me, peer
        self._keys = HybridKeypair.generate(Suite.X_WING)  # for this call alone
        self._bundle = self._keys.bundle
        # A key pair answers an exchange message once. Kept until its confirmation is right: the first one that comes may be altered.
        self._sessions: Dict[bytes, Session] = {}

    def offer(self) -> Dict[str, Any]:
        """What goes beside the SDP offer."""
        return _signed("offer", self._me, self._call + self._bundle, suite=int(Suite.X_WING), bundle=b64(self._bundle))

    def accept(self, blob: Dict[str, Any]) -> Session:
        """The session, from what came beside the SDP answer. A bad answer leaves the offer as it was: a good one may still come."""
        _check_suite(blob)
        exchange = unb64(blob, "exchange", SIZES.exchange)
        confirm = unb64(blob, "confirm", pqrtc.session.SEAL_OVERHEAD_BYTES)
        said = self._call + self._bundle + exchange
        _check_signature("answer", blob, self._peer, said)
        try:
            if exchange not in self._sessions:
                self._sessions[exchange] = self._keys.respond(exchange)
            self._sessions[exchange].open(confirm, aad=said)
        except pqrtc.PqrtcError as why:
            raise SignalingError("the answer was altered, or is to another offer") from why
        session = self._sessions.pop(exchange)
        for other in (self._keys, *self._sessions.values()):
            other.close()
        self._sessions.clear()
        return session


def answer(
    call: bytes, offer: Dict[str, Any], me: Optional[SigningKey] = None, peer: Optional[bytes] = None
) -> Tuple[Dict[str, Any], Session]:
    """What goes beside the SDP answer, and the session."""
    _check_suite(offer)
    bundle = unb64(offer, "bundle", SIZES.bundle)
    _check_signature("offer", offer, peer, call + bundle)
    try:
        exchange, session = pqrtc.initiate(Suite.X_WING, bundle)
    except pqrtc.PqrtcError as why:
        raise SignalingError(f"bundle: {why}") from why
    said = call + bundle + exchange
    confirm = session.seal(b"", aad=said)
    return _signed("answer", me, said, suite=int(Suite.X_WING), exchange=b64(exchange), confirm=b64(confirm)), session
# docs:end exchange


def _check_suite(blob: Dict[str, Any]) -> None:
    if not isinstance(blob, dict) or blob.get("suite") != int(Suite.X_WING):
        raise SignalingError("no key exchange of a suite that we know: the call does not go on without one")


def _signed(kind: str, me: Optional[SigningKey], said: bytes, **blob: Any) -> Dict[str, Any]:
    return {**blob, "signature": b64(me.sign(said, CONTEXT[kind]))} if me else blob


def _check_signature(kind: str, blob: Dict[str, Any], peer: Optional[bytes], said: bytes) -> None:
    if peer is None:
        return
    signature = unb64(blob, "signature", pqrtc.signing.signature_sizes(SignatureAlgorithm.ML_DSA_65).signature)
    try:
        pqrtc.verify(SignatureAlgorithm.ML_DSA_65, peer, said, signature, CONTEXT[kind])
    except pqrtc.PqrtcError as why:
        raise SignalingError(f"the {kind} was not signed by the peer, or not for this call") from why
