//! Signs a file by streaming it, and verifies it: `sign_artifact FILE` writes `FILE.sig`.

use pqrtc::signing::{ArtifactHasher, ArtifactKind, SignatureAlgorithm, SigningKey};
use std::fs::File;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: sign_artifact FILE")?;
    let mut hasher = ArtifactHasher::new(ArtifactKind::RecordingManifest);
    let len = std::io::copy(&mut File::open(&path)?, &mut hasher)?;

    // A real signer keeps its 32-byte seed and publishes the public key.
    let algorithm = SignatureAlgorithm::MlDsa65;
    let key = SigningKey::generate(algorithm)?;
    let mut signature = vec![0; algorithm.signature_len()];
    hasher.sign(&key, &mut signature)?;
    hasher.verify(algorithm, key.public_key(), &signature)?;

    std::fs::write(format!("{path}.sig"), &signature)?;
    println!("{path}, {len} bytes: {} bytes of signature in {path}.sig, verified", signature.len());
    Ok(())
}
