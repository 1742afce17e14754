"""Signs a recording and verifies it: a file in, a .sig beside it. `sign_artifact.py FILE`, or none for a made-up recording."""

import shutil
import sys
import tempfile
from pathlib import Path

import pqrtc
from pqrtc import ArtifactHasher, ArtifactKind, SignatureAlgorithm, SigningKey


def hashed(path: Path) -> ArtifactHasher:
    """The artifact, read in pieces: it may be larger than memory."""
    hasher = ArtifactHasher(ArtifactKind.RECORDING_MANIFEST)
    with path.open("rb") as file:
        shutil.copyfileobj(file, hasher)
    return hasher


def sign(path: Path, key: SigningKey) -> Path:
    signature = path.with_name(path.name + ".sig")
    signature.write_bytes(hashed(path).sign(key))
    return signature


def verify(path: Path, signature: Path, public_key: bytes) -> bool:
    try:
        hashed(path).verify(SignatureAlgorithm.ML_DSA_65, public_key, signature.read_bytes())
    except (pqrtc.BadSignatureError, pqrtc.InvalidLengthError):
        return False
    return True


if len(sys.argv) > 1:
    recording = Path(sys.argv[1])
else:
    recording = Path(tempfile.mkdtemp(), "recording.webm")
    recording.write_bytes(bytes(5_000_000))

# A service keeps `key.seed()`, 32 bytes, in its vault, and publishes `key.public_key`.
key = SigningKey.generate(SignatureAlgorithm.ML_DSA_65)
signature = sign(recording, key)
print(f"{signature}: {signature.stat().st_size} bytes, verified: {verify(recording, signature, key.public_key)}")

other = SigningKey.generate(SignatureAlgorithm.ML_DSA_65)
print(f"with another key: {verify(recording, signature, other.public_key)}")
