//! ML-DSA-65 signatures (FIPS 204), of messages and of the artifacts of a meeting.
//!
//! An artifact is signed as the 32 bytes `SHA3-256(content)` under the context string of its kind, so that a signature of one kind never
//! verifies as another. Content that does not fit in memory goes through an [`ArtifactHasher`].

use crate::provider::{self, DsaPrivateKey, Provider, Sha3};
use crate::secret::Secret;
use crate::{Error, Result};

/// Public key, in bytes.
pub const PUBLIC_KEY_BYTES: usize = provider::DSA_PUBLIC_KEY;
/// Private key as its seed, in bytes.
pub const SEED_BYTES: usize = 32;
/// Signature, in bytes.
pub const SIGNATURE_BYTES: usize = provider::DSA_SIGNATURE;
/// The longest context string, in bytes.
pub const MAX_CONTEXT_BYTES: usize = 255;

/// Contexts that begin so belong to artifacts: a raw signature under one would forge an artifact.
const RESERVED: &[u8] = b"pqrtc ";

/// An ML-DSA-65 signing key. Usable from many threads at once; wiped when it is dropped.
pub struct SigningKey {
    key: provider::DsaKey,
    seed: Secret<SEED_BYTES>,
}

impl SigningKey {
    /// A fresh key. [`Error::RngFailed`] without randomness.
    pub fn generate() -> Result<Self> {
        Self::from_owned_seed(Secret::random()?)
    }

    /// The key of a 32-byte seed (FIPS 204, algorithm 6).
    pub fn from_seed(seed: &[u8; SEED_BYTES]) -> Result<Self> {
        Self::from_owned_seed(Secret::new(seed))
    }

    fn from_owned_seed(seed: Secret<SEED_BYTES>) -> Result<Self> {
        Ok(SigningKey { key: provider::DsaKey::from_seed(&seed)?, seed })
    }

    /// The public key.
    pub fn public_key(&self) -> [u8; PUBLIC_KEY_BYTES] {
        let mut pk = [0; PUBLIC_KEY_BYTES];
        self.key.public_key(&mut pk);
        pk
    }

    /// The seed.
    pub fn seed(&self) -> &Secret<SEED_BYTES> {
        &self.seed
    }

    /// Signs `message`, hedged. The context is a FIPS 204 context string of at most 255 bytes ([`Error::InvalidLength`]) that does not
    /// begin with `"pqrtc "` ([`Error::InvalidArgument`]); the V100 description's is empty. [`Error::RngFailed`] without randomness.
    pub fn sign(&self, context: &[u8], message: &[u8]) -> Result<[u8; SIGNATURE_BYTES]> {
        check_context(context)?;
        if context.starts_with(RESERVED) {
            return Err(Error::InvalidArgument);
        }
        self.sign_unchecked(context, message)
    }

    /// Signs an artifact that is in memory.
    pub fn sign_artifact(&self, kind: ArtifactKind, content: &[u8]) -> Result<[u8; SIGNATURE_BYTES]> {
        let mut hasher = ArtifactHasher::new(kind);
        hasher.update(content);
        hasher.sign(self)
    }

    fn sign_unchecked(&self, context: &[u8], message: &[u8]) -> Result<[u8; SIGNATURE_BYTES]> {
        let mut signature = [0; SIGNATURE_BYTES];
        self.key.sign(context, message, &mut signature)?;
        Ok(signature)
    }
}

/// Verifies a signature of `message`; [`Error::BadSignature`] if it is not one.
pub fn verify(
    pk: &[u8; PUBLIC_KEY_BYTES],
    context: &[u8],
    message: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
) -> Result<()> {
    check_context(context)?;
    provider::Active::dsa_verify(pk, context, message, signature)
}

/// Verifies the signature of an artifact that is in memory; [`Error::BadSignature`] if it is not one.
pub fn verify_artifact(
    pk: &[u8; PUBLIC_KEY_BYTES],
    kind: ArtifactKind,
    content: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
) -> Result<()> {
    let mut hasher = ArtifactHasher::new(kind);
    hasher.update(content);
    hasher.verify(pk, signature)
}

fn check_context(context: &[u8]) -> Result<()> {
    if context.len() <= MAX_CONTEXT_BYTES { Ok(()) } else { Err(Error::InvalidLength) }
}

/// What kind of artifact a signature is for. The numbers are those of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum ArtifactKind {
    /// The manifest of a recording, or the recording itself.
    RecordingManifest = 1,
    /// A transcript.
    Transcript = 2,
    /// A meeting summary.
    Summary = 3,
    /// An envelope around an API key.
    ApiKeyEnvelope = 4,
}

impl ArtifactKind {
    const fn context(self) -> &'static [u8] {
        match self {
            ArtifactKind::RecordingManifest => b"pqrtc recording-manifest v1",
            ArtifactKind::Transcript => b"pqrtc transcript v1",
            ArtifactKind::Summary => b"pqrtc summary v1",
            ArtifactKind::ApiKeyEnvelope => b"pqrtc api-key-envelope v1",
        }
    }
}

impl TryFrom<u32> for ArtifactKind {
    type Error = Error;

    fn try_from(kind: u32) -> Result<Self> {
        match kind {
            1 => Ok(ArtifactKind::RecordingManifest),
            2 => Ok(ArtifactKind::Transcript),
            3 => Ok(ArtifactKind::Summary),
            4 => Ok(ArtifactKind::ApiKeyEnvelope),
            _ => Err(Error::InvalidArgument),
        }
    }
}

/// Signs and verifies an artifact that comes in pieces, in constant memory. What has been fed so far can be signed or verified at any
/// time, and more may follow.
#[derive(Clone)]
pub struct ArtifactHasher {
    kind: ArtifactKind,
    hash: Sha3,
}

impl ArtifactHasher {
    /// A hasher for an artifact of this kind.
    pub fn new(kind: ArtifactKind) -> Self {
        ArtifactHasher { kind, hash: Sha3::new() }
    }

    /// Feeds the next piece.
    pub fn update(&mut self, data: &[u8]) {
        self.hash.update(data);
    }

    /// Signs what has been fed so far.
    pub fn sign(&self, key: &SigningKey) -> Result<[u8; SIGNATURE_BYTES]> {
        key.sign_unchecked(self.kind.context(), &self.digest())
    }

    /// Verifies the signature of what has been fed so far; [`Error::BadSignature`] if it is not one.
    pub fn verify(&self, pk: &[u8; PUBLIC_KEY_BYTES], signature: &[u8; SIGNATURE_BYTES]) -> Result<()> {
        provider::Active::dsa_verify(pk, self.kind.context(), &self.digest(), signature)
    }

    fn digest(&self) -> [u8; 32] {
        let mut digest = [0; 32];
        self.hash.clone().finish(&mut digest);
        digest
    }
}

impl std::io::Write for ArtifactHasher {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.update(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
