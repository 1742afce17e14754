//! Signatures of messages and of the artifacts of a meeting: ML-DSA-65 and ML-DSA-87 (FIPS 204), and the composite of ML-DSA-65 and
//! Ed25519 (draft-ietf-lamps-pq-composite-sigs), of which both halves must verify.
//!
//! An artifact is signed as the hash of its content under the context string of its kind, so that a signature of one kind never
//! verifies as another. The hash is SHA3-256; for ML-DSA-87 it is SHA-512, since CNSA 2.0 knows no SHA-3. Content that does not fit in
//! memory goes through an [`ArtifactHasher`].
//!
//! ```
//! use pqrtc::signing::{self, ArtifactKind, SignatureAlgorithm, SigningKey};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let algorithm = SignatureAlgorithm::MlDsa65;
//! let key = SigningKey::generate(algorithm)?;
//! let mut signature = vec![0; algorithm.signature_len()];
//! key.sign_artifact(ArtifactKind::Transcript, b"what was said", &mut signature)?;
//! signing::verify_artifact(algorithm, key.public_key(), ArtifactKind::Transcript, b"what was said", &signature)?;
//! assert!(signing::verify_artifact(algorithm, key.public_key(), ArtifactKind::Summary, b"what was said", &signature).is_err());
//! # Ok(())
//! # }
//! ```

use crate::provider::{self, Active, DsaAlgorithm, DsaPrivateKey, IncrementalHash, Provider, Sha3, Sha512};
use crate::secret::Secret;
use crate::{Error, Result, key_info};
use der::asn1::ObjectIdentifier;
use std::sync::Arc;

/// The longest context string, in bytes.
pub const MAX_CONTEXT_BYTES: usize = 255;
/// Length of a public key's fingerprint, in bytes.
pub const FINGERPRINT_BYTES: usize = key_info::FINGERPRINT_BYTES;

/// Contexts that begin so belong to this library: a signature of an application's under one would forge an artifact or a handshake.
const RESERVED: &[u8] = b"pqrtc ";

/// A signature algorithm. The numbers are those of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum SignatureAlgorithm {
    /// ML-DSA-65.
    MlDsa65 = 1,
    /// ML-DSA-87, which CNSA 2.0 asks for.
    MlDsa87 = 2,
    /// The composite `id-MLDSA65-Ed25519-SHA512`. Unforgeable as long as one of its halves is.
    MlDsa65Ed25519 = 3,
}

/// What an algorithm is made of. Its sizes follow from this.
pub(crate) struct SignatureRow {
    pub dsa: DsaAlgorithm,
    /// An Ed25519 half, with this label.
    composite: Option<&'static [u8]>,
    pub oid: ObjectIdentifier,
    content_hash: ContentHash,
}

/// The hash of content that is signed as its hash.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ContentHash {
    Sha3_256,
    Sha512,
}

impl SignatureAlgorithm {
    /// All of them.
    pub const ALL: [SignatureAlgorithm; 3] =
        [SignatureAlgorithm::MlDsa65, SignatureAlgorithm::MlDsa87, SignatureAlgorithm::MlDsa65Ed25519];

    pub(crate) const fn row(self) -> SignatureRow {
        match self {
            SignatureAlgorithm::MlDsa65 => SignatureRow {
                dsa: DsaAlgorithm::MlDsa65,
                composite: None,
                oid: const { ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18") },
                content_hash: ContentHash::Sha3_256,
            },
            SignatureAlgorithm::MlDsa87 => SignatureRow {
                dsa: DsaAlgorithm::MlDsa87,
                composite: None,
                oid: const { ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19") },
                content_hash: ContentHash::Sha512,
            },
            SignatureAlgorithm::MlDsa65Ed25519 => SignatureRow {
                dsa: DsaAlgorithm::MlDsa65,
                composite: Some(b"COMPSIG-MLDSA65-Ed25519-SHA512"),
                oid: const { ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.6.48") },
                content_hash: ContentHash::Sha3_256,
            },
        }
    }

    /// Length of a public key, in bytes.
    pub const fn public_key_len(self) -> usize {
        self.row().dsa.row().public_key + if self.row().composite.is_some() { 32 } else { 0 }
    }

    /// Length of a signature, in bytes.
    pub const fn signature_len(self) -> usize {
        self.row().dsa.row().signature + if self.row().composite.is_some() { 64 } else { 0 }
    }

    /// Length of a private key as its seed, in bytes: of the ML-DSA seed, with the Ed25519 seed after it in the composite.
    pub const fn seed_len(self) -> usize {
        if self.row().composite.is_some() { 64 } else { 32 }
    }

    /// Length of the expanded private key of FIPS 204, in bytes; 0 for the composite, which has no such form.
    pub const fn expanded_len(self) -> usize {
        if self.row().composite.is_some() { 0 } else { self.row().dsa.row().expanded }
    }

    /// Length of the hash of content that is signed as its hash, in bytes: 32 (SHA3-256), or 64 (SHA-512) for ML-DSA-87.
    pub(crate) const fn digest_len(self) -> usize {
        match self.row().content_hash {
            ContentHash::Sha3_256 => 32,
            ContentHash::Sha512 => 64,
        }
    }

    /// [`Error::Unsupported`] if this build does not have it.
    pub(crate) fn check(self) -> Result<()> {
        self.row().dsa.check()
    }
}

impl TryFrom<u32> for SignatureAlgorithm {
    type Error = Error;

    /// [`Error::InvalidArgument`] for a number that is none of them, [`Error::Unsupported`] for one that is not in this build.
    fn try_from(number: u32) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|algorithm| *algorithm as u32 == number);
        let known = known.ok_or(Error::InvalidArgument)?;
        known.check().map(|()| known)
    }
}

/// A signing key. Usable from many threads at once. A clone is the same key in memory; it is wiped when the last one is dropped.
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    algorithm: SignatureAlgorithm,
    dsa: provider::DsaKey,
    ed25519: Option<Secret<32>>,
    public_key: Box<[u8]>,
    /// Of ML-DSA.
    seed: Option<Secret<32>>,
}

impl SigningKey {
    /// A fresh key. [`Error::RngFailed`] without randomness, [`Error::Unsupported`] if this build does not have the algorithm.
    pub fn generate(algorithm: SignatureAlgorithm) -> Result<Self> {
        algorithm.check()?;
        let ed25519 = algorithm.row().composite.map(|_| Secret::random()).transpose()?;
        Self::from_seeds(algorithm, Secret::random()?, ed25519)
    }

    /// The key of a seed of [`SignatureAlgorithm::seed_len`] bytes (FIPS 204, algorithm 6; RFC 8032), else [`Error::InvalidLength`].
    pub fn from_seed(algorithm: SignatureAlgorithm, seed: &[u8]) -> Result<Self> {
        algorithm.check()?;
        if seed.len() != algorithm.seed_len() {
            return Err(Error::InvalidLength);
        }
        let (dsa, ed25519) = seed.split_at(32);
        let ed25519 = algorithm.row().composite.map(|_| Secret::from_slice(ed25519)).transpose()?;
        Self::from_seeds(algorithm, Secret::from_slice(dsa)?, ed25519)
    }

    fn from_seeds(algorithm: SignatureAlgorithm, seed: Secret<32>, ed25519: Option<Secret<32>>) -> Result<Self> {
        let dsa = provider::DsaKey::from_seed(algorithm.row().dsa, seed.as_bytes())?;
        Ok(Self::new(algorithm, dsa, Some(seed), ed25519))
    }

    /// The key of an expanded ML-DSA private key of [`SignatureAlgorithm::expanded_len`] bytes (FIPS 204, algorithm 24). It has no seed to
    /// give out. [`Error::InvalidKey`] for one that does not decode or does not agree with itself, [`Error::Unsupported`] for the composite.
    pub fn from_expanded(algorithm: SignatureAlgorithm, sk: &[u8]) -> Result<Self> {
        algorithm.check()?;
        if algorithm.row().composite.is_some() {
            return Err(Error::Unsupported);
        }
        if sk.len() != algorithm.expanded_len() {
            return Err(Error::InvalidLength);
        }
        let dsa = provider::DsaKey::from_expanded(algorithm.row().dsa, sk)?;
        Ok(Self::new(algorithm, dsa, None, None))
    }

    fn new(
        algorithm: SignatureAlgorithm,
        dsa: provider::DsaKey,
        seed: Option<Secret<32>>,
        ed25519: Option<Secret<32>>,
    ) -> Self {
        let mut public_key = vec![0; algorithm.public_key_len()].into_boxed_slice();
        let (pk_dsa, pk_ed25519) = public_key.split_at_mut(algorithm.row().dsa.row().public_key);
        dsa.public_key(pk_dsa);
        if let Some(seed) = &ed25519 {
            pk_ed25519.copy_from_slice(&Active::ed25519_public(seed.as_bytes()));
        }
        SigningKey(Arc::new(Inner { algorithm, dsa, ed25519, public_key, seed }))
    }

    /// The algorithm.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm
    }

    /// The public key.
    pub fn public_key(&self) -> &[u8] {
        &self.0.public_key
    }

    /// Writes the seed to `out`, which has [`SignatureAlgorithm::seed_len`] bytes. [`Error::Unsupported`] for a key that was imported in
    /// expanded form, which has none.
    pub fn seed(&self, out: &mut [u8]) -> Result<()> {
        if out.len() != self.0.algorithm.seed_len() {
            return Err(Error::InvalidLength);
        }
        let (dsa, ed25519) = out.split_at_mut(32);
        dsa.copy_from_slice(self.0.seed.as_ref().ok_or(Error::Unsupported)?.as_bytes());
        if let Some(seed) = &self.0.ed25519 {
            ed25519.copy_from_slice(seed.as_bytes());
        }
        Ok(())
    }

    /// Writes the expanded form of FIPS 204 to `out`, which has [`SignatureAlgorithm::expanded_len`] bytes. The composite has none.
    pub(crate) fn expanded(&self, out: &mut [u8]) -> Result<()> {
        if self.0.algorithm.row().composite.is_some() {
            return Err(Error::Unsupported);
        }
        self.0.dsa.expanded(out)
    }

    /// Signs `message`, hedged, into `signature`, which has [`SignatureAlgorithm::signature_len`] bytes. The context is at most 255 bytes
    /// ([`Error::InvalidLength`]) and does not begin with `"pqrtc "` ([`Error::InvalidArgument`]); the V100 description's is empty.
    /// [`Error::RngFailed`] without randomness.
    pub fn sign(&self, context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        if context.starts_with(RESERVED) {
            return Err(Error::InvalidArgument);
        }
        self.sign_any(context, message, signature)
    }

    /// Signs an artifact that is in memory, into `signature`, which has [`SignatureAlgorithm::signature_len`] bytes.
    pub fn sign_artifact(&self, kind: ArtifactKind, content: &[u8], signature: &mut [u8]) -> Result<()> {
        let digest = Hasher::digest(self.0.algorithm, &[content]);
        self.sign_any(kind.context(), digest.as_bytes(), signature)
    }

    /// Signs under any context, those of this library too.
    pub(crate) fn sign_any(&self, context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        self.sign_by(context, message, signature, |dsa, context, message, signature| {
            dsa.sign(context, message, signature)
        })
    }

    /// [`SigningKey::sign_any`] with the 32 bytes that hedge ML-DSA given, for test vectors.
    #[cfg(test)]
    pub(crate) fn sign_with_randomness(
        &self,
        rnd: &[u8; 32],
        context: &[u8],
        message: &[u8],
        signature: &mut [u8],
    ) -> Result<()> {
        self.sign_by(context, message, signature, |dsa, context, message, signature| {
            dsa.sign_with(rnd, context, message, signature)
        })
    }

    fn sign_by(
        &self,
        context: &[u8],
        message: &[u8],
        signature: &mut [u8],
        sign: impl FnOnce(&provider::DsaKey, &[u8], &[u8], &mut [u8]) -> Result<()>,
    ) -> Result<()> {
        let Inner { algorithm, dsa, ed25519, public_key, .. } = &*self.0;
        check_context(context)?;
        if signature.len() != algorithm.signature_len() {
            return Err(Error::InvalidLength);
        }
        let (Some(label), Some(seed)) = (algorithm.row().composite, ed25519) else {
            return sign(dsa, context, message, signature);
        };
        let message = Composite::message(label, context, message);
        let row = algorithm.row().dsa.row();
        let (signature, signature_ed25519) = signature.split_at_mut(row.signature);
        let (pk, signature_ed25519) = (array(&public_key[row.public_key..])?, array_mut(signature_ed25519)?);
        sign(dsa, label, message.as_bytes(), signature)?;
        Active::ed25519_sign(seed.as_bytes(), pk, message.as_bytes(), signature_ed25519)
    }
}

/// Verifies a signature of `message`; [`Error::BadSignature`] if it is not one, [`Error::InvalidLength`] for a key, a signature or a context
/// of another length, [`Error::Unsupported`] if this build does not have the algorithm.
pub fn verify(
    algorithm: SignatureAlgorithm,
    pk: &[u8],
    context: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    algorithm.check()?;
    check_context(context)?;
    if pk.len() != algorithm.public_key_len() || signature.len() != algorithm.signature_len() {
        return Err(Error::InvalidLength);
    }
    let dsa = algorithm.row().dsa;
    let Some(label) = algorithm.row().composite else {
        return Active::dsa_verify(dsa, pk, context, message, signature);
    };
    let message = Composite::message(label, context, message);
    let (pk, pk_ed25519) = pk.split_at(dsa.row().public_key);
    let (signature, signature_ed25519) = signature.split_at(dsa.row().signature);
    // Both, always.
    let halves = (
        Active::dsa_verify(dsa, pk, label, message.as_bytes(), signature),
        Active::ed25519_verify(array(pk_ed25519)?, message.as_bytes(), array(signature_ed25519)?),
    );
    halves.0.and(halves.1)
}

/// Verifies the signature of an artifact that is in memory; errors as [`verify`].
pub fn verify_artifact(
    algorithm: SignatureAlgorithm,
    pk: &[u8],
    kind: ArtifactKind,
    content: &[u8],
    signature: &[u8],
) -> Result<()> {
    let digest = Hasher::digest(algorithm, &[content]);
    verify(algorithm, pk, kind.context(), digest.as_bytes(), signature)
}

/// What a participant is known by: the first 32 bytes of SHA-512 over the SubjectPublicKeyInfo (DER) of the public key.
/// [`Error::InvalidLength`] for a key of another length.
pub fn public_key_fingerprint(algorithm: SignatureAlgorithm, pk: &[u8]) -> Result<[u8; FINGERPRINT_BYTES]> {
    if pk.len() != algorithm.public_key_len() {
        return Err(Error::InvalidLength);
    }
    key_info::fingerprint(algorithm.row().oid, pk)
}

/// What the two halves of a composite sign: `prefix || label || u8(len(context)) || context || SHA-512(message)`.
struct Composite {
    bytes: [u8; Composite::MAX],
    len: usize,
}

impl Composite {
    const PREFIX: &'static [u8] = b"CompositeAlgorithmSignatures2025";
    const MAX: usize = 32 + 64 + 1 + MAX_CONTEXT_BYTES + 64;

    fn message(label: &[u8], context: &[u8], message: &[u8]) -> Self {
        let mut hash = [0; 64];
        Sha512::digest(&[message], &mut hash);
        let mut this = Composite { bytes: [0; Composite::MAX], len: 0 };
        for part in [Self::PREFIX, label, &[context.len() as u8], context, &hash] {
            this.bytes[this.len..][..part.len()].copy_from_slice(part);
            this.len += part.len();
        }
        this
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

fn array<const N: usize>(bytes: &[u8]) -> Result<&[u8; N]> {
    bytes.try_into().map_err(|_| Error::Internal)
}

fn array_mut<const N: usize>(bytes: &mut [u8]) -> Result<&mut [u8; N]> {
    bytes.try_into().map_err(|_| Error::Internal)
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
    pub(crate) const fn context(self) -> &'static [u8] {
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

/// Hashes content by the rule of an algorithm: SHA3-256, or SHA-512 for ML-DSA-87.
#[derive(Clone)]
pub(crate) enum Hasher {
    Sha3_256(Sha3),
    Sha512(Sha512),
}

impl Hasher {
    pub fn new(algorithm: SignatureAlgorithm) -> Self {
        match algorithm.row().content_hash {
            ContentHash::Sha3_256 => Hasher::Sha3_256(Sha3::new()),
            ContentHash::Sha512 => Hasher::Sha512(Sha512::new()),
        }
    }

    pub fn update(&mut self, data: &[u8]) {
        match self {
            Hasher::Sha3_256(hash) => hash.update(data),
            Hasher::Sha512(hash) => hash.update(data),
        }
    }

    /// Gives the hash and starts again.
    pub fn finish(&mut self) -> Digest {
        match self {
            Hasher::Sha3_256(hash) => Digest::sha3_256(hash),
            Hasher::Sha512(hash) => Digest::sha512(hash),
        }
    }

    /// The hash of the concatenation of `parts`.
    pub fn digest(algorithm: SignatureAlgorithm, parts: &[&[u8]]) -> Digest {
        let mut hash = Self::new(algorithm);
        parts.iter().for_each(|part| hash.update(part));
        hash.finish()
    }
}

/// What a [`Hasher`] gives: 32 or 64 bytes.
pub(crate) struct Digest {
    bytes: [u8; 64],
    len: usize,
}

impl Digest {
    /// [`Error::InvalidLength`] if it has more than 64 bytes.
    pub fn from_slice(digest: &[u8]) -> Result<Self> {
        let mut bytes = [0; 64];
        bytes.get_mut(..digest.len()).ok_or(Error::InvalidLength)?.copy_from_slice(digest);
        Ok(Digest { bytes, len: digest.len() })
    }

    fn sha3_256(hash: &mut Sha3) -> Self {
        let (mut bytes, mut digest) = ([0; 64], [0; 32]);
        hash.finish(&mut digest);
        bytes[..32].copy_from_slice(&digest);
        Digest { bytes, len: 32 }
    }

    fn sha512(hash: &mut Sha512) -> Self {
        let mut bytes = [0; 64];
        hash.finish(&mut bytes);
        Digest { bytes, len: 64 }
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Signs and verifies an artifact that comes in pieces, in constant memory. What has been fed so far can be signed or verified at any
/// time, by a key of any algorithm, and more may follow: it keeps both hashes.
#[derive(Clone)]
pub struct ArtifactHasher {
    kind: ArtifactKind,
    sha3: Sha3,
    sha512: Sha512,
}

impl ArtifactHasher {
    /// A hasher for an artifact of this kind.
    pub fn new(kind: ArtifactKind) -> Self {
        ArtifactHasher { kind, sha3: Sha3::new(), sha512: Sha512::new() }
    }

    /// Feeds the next piece.
    pub fn update(&mut self, data: &[u8]) {
        self.sha3.update(data);
        self.sha512.update(data);
    }

    /// Signs what has been fed so far, into `signature`, which has [`SignatureAlgorithm::signature_len`] bytes.
    pub fn sign(&self, key: &SigningKey, signature: &mut [u8]) -> Result<()> {
        key.sign_any(self.kind.context(), self.digest(key.algorithm()).as_bytes(), signature)
    }

    /// Verifies the signature of what has been fed so far; errors as [`verify`].
    pub fn verify(&self, algorithm: SignatureAlgorithm, pk: &[u8], signature: &[u8]) -> Result<()> {
        verify(algorithm, pk, self.kind.context(), self.digest(algorithm).as_bytes(), signature)
    }

    fn digest(&self, algorithm: SignatureAlgorithm) -> Digest {
        match algorithm.row().content_hash {
            ContentHash::Sha3_256 => Digest::sha3_256(&mut self.sha3.clone()),
            ContentHash::Sha512 => Digest::sha512(&mut self.sha512.clone()),
        }
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
