//! The ground floor: the algorithms, and nothing of the protocol.
//!
//! A provider is a set of deterministic functions over fixed-size arrays. Randomness is drawn here, by [`random`], and handed in, so
//! that a failing source is an error and never an abort inside somebody else's code. Callers check what the standards want checked
//! (`kem.rs` does it for FIPS 203); a provider may rely on it.
//!
//! No file outside this folder names a cryptography crate.

use crate::{Result, error::Error, secret::Secret};

#[cfg(feature = "aws-lc")]
mod aws_lc;
// With both, aws-lc is in use, and this one is there for the tests that compare them.
pub(crate) mod fork;
#[cfg(feature = "pqclean")]
#[cfg_attr(feature = "aws-lc", allow(dead_code))]
mod pqclean;
mod self_test;
#[cfg(test)]
mod tests;

pub(crate) use self_test::self_test;

/// The provider in use: aws-lc when it is built in.
#[cfg(feature = "aws-lc")]
pub(crate) type Active = aws_lc::AwsLc;
#[cfg(all(feature = "pqclean", not(feature = "aws-lc")))]
pub(crate) type Active = pqclean::PqClean;
#[cfg(not(any(feature = "aws-lc", feature = "pqclean")))]
compile_error!("pqrtc needs a provider: enable the feature \"aws-lc\" (the default) or \"pqclean\"");

pub(crate) type KemKey = <Active as Provider>::KemKey;
pub(crate) type DsaKey = <Active as Provider>::DsaKey;
pub(crate) type Aead = <Active as Provider>::Aead;

pub(crate) const KEM_PUBLIC_KEY: usize = 1184;
pub(crate) const KEM_CIPHERTEXT: usize = 1088;
pub(crate) const KEM_SEED: usize = 64;
pub(crate) const KEM_EXPANDED: usize = 2400;
pub(crate) const DSA_PUBLIC_KEY: usize = 1952;
pub(crate) const DSA_SIGNATURE: usize = 3309;

/// What a provider offers.
pub(crate) trait Provider {
    /// "aws-lc" or "pqclean".
    const NAME: &'static core::ffi::CStr;
    type KemKey: KemPrivateKey;
    type DsaKey: DsaPrivateKey;
    type Aead: AeadKey;

    /// ML-KEM-768 encapsulation with the randomness `m` (FIPS 203, algorithm 17). `ek` has passed the modulus check.
    fn kem_encapsulate(
        ek: &[u8; KEM_PUBLIC_KEY],
        m: &Secret<32>,
        ct: &mut [u8; KEM_CIPHERTEXT],
        ss: &mut Secret<32>,
    ) -> Result<()>;

    /// ML-DSA-65 verification with a context of at most 255 bytes (FIPS 204, algorithm 3).
    fn dsa_verify(
        pk: &[u8; DSA_PUBLIC_KEY],
        context: &[u8],
        message: &[u8],
        signature: &[u8; DSA_SIGNATURE],
    ) -> Result<()>;

    /// The public key of an X25519 private key (RFC 7748).
    fn x25519_public(sk: &Secret<32>) -> [u8; 32];

    /// X25519; the all-zero result is [`Error::NonContributory`], found in constant time.
    fn x25519(sk: &Secret<32>, pk: &[u8; 32], ss: &mut Secret<32>) -> Result<()>;

    /// HMAC-SHA1 (RFC 2104), for TURN alone.
    fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20];

    /// HKDF extract and expand (RFC 5869). `out` is at most 255 hash lengths.
    fn hkdf(hash: Hash, salt: &[u8], ikm: &[u8], info: &[u8], out: &mut [u8]) -> Result<()>;
}

/// An ML-KEM-768 decapsulation key. Wiped when dropped.
pub(crate) trait KemPrivateKey: Sized + Send + Sync {
    /// From `d || z`.
    fn from_seed(seed: &Secret<KEM_SEED>) -> Result<Self>;
    /// From the FIPS 203 expanded form, already checked.
    fn from_expanded(dk: &[u8; KEM_EXPANDED]) -> Result<Self>;
    fn public_key(&self, ek: &mut [u8; KEM_PUBLIC_KEY]);
    fn decapsulate(&self, ct: &[u8; KEM_CIPHERTEXT], ss: &mut Secret<32>) -> Result<()>;
}

/// An ML-DSA-65 signing key. Wiped when dropped.
pub(crate) trait DsaPrivateKey: Sized + Send + Sync {
    fn from_seed(seed: &Secret<32>) -> Result<Self>;
    fn public_key(&self, pk: &mut [u8; DSA_PUBLIC_KEY]);
    /// Hedged ML-DSA-65 (FIPS 204, algorithm 2) with a context of at most 255 bytes.
    fn sign(&self, context: &[u8], message: &[u8], signature: &mut [u8; DSA_SIGNATURE]) -> Result<()>;
}

/// The hash inside HKDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha512,
}

/// An authenticated cipher. Nonces are 12 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AeadAlgorithm {
    /// AES-GCM with a 16-byte key and tag.
    Aes128Gcm,
    /// AES-GCM with a 32-byte key and a 16-byte tag.
    Aes256Gcm,
    /// AES-128-CTR with HMAC-SHA256, RFC 9605 section 4.5.1, with a tag of 10, 8 or 4 bytes. The 48-byte key is `enc || auth`.
    Aes128CtrHmacSha256 { tag_len: usize },
}

impl AeadAlgorithm {
    pub(crate) const fn key_len(self) -> usize {
        match self {
            AeadAlgorithm::Aes128Gcm => 16,
            AeadAlgorithm::Aes256Gcm => 32,
            AeadAlgorithm::Aes128CtrHmacSha256 { .. } => 48,
        }
    }

    pub(crate) const fn tag_len(self) -> usize {
        match self {
            AeadAlgorithm::Aes128Gcm | AeadAlgorithm::Aes256Gcm => 16,
            AeadAlgorithm::Aes128CtrHmacSha256 { tag_len } => tag_len,
        }
    }
}

/// A key of an [`AeadAlgorithm`], ready for use: nothing here allocates after `new`. Wiped when dropped.
///
/// `tag` has the algorithm's tag length; `plaintext` and `ciphertext` have equal lengths, else [`Error::Internal`].
/// A failed open leaves its output zeroed.
pub(crate) trait AeadKey: Sized + Send + Sync {
    /// `key` has the algorithm's key length.
    fn new(algorithm: AeadAlgorithm, key: &[u8]) -> Result<Self>;
    fn seal(&self, nonce: &[u8; 12], aad: &[u8], plaintext: &[u8], ciphertext: &mut [u8], tag: &mut [u8])
    -> Result<()>;
    fn seal_in_place(&self, nonce: &[u8; 12], aad: &[u8], data: &mut [u8], tag: &mut [u8]) -> Result<()>;
    fn open(&self, nonce: &[u8; 12], aad: &[u8], ciphertext: &[u8], tag: &[u8], plaintext: &mut [u8]) -> Result<()>;
    fn open_in_place(&self, nonce: &[u8; 12], aad: &[u8], data: &mut [u8], tag: &[u8]) -> Result<()>;
}

/// Fills `out` from the operating system.
pub(crate) fn random(out: &mut [u8]) -> Result<()> {
    getrandom::fill(out).map_err(|_| Error::RngFailed)
}

/// SHA3-256 (FIPS 202), for data that comes in pieces.
#[derive(Clone)]
pub(crate) struct Sha3(sha3::Sha3_256);

impl Sha3 {
    pub(crate) fn new() -> Self {
        Sha3(sha3::Digest::new())
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        sha3::Digest::update(&mut self.0, data);
    }

    /// In place: a move would leave a copy of the state.
    pub(crate) fn finish(&mut self, out: &mut [u8; 32]) {
        sha3::Digest::finalize_into_reset(&mut self.0, out.into());
    }

    /// SHA3-256 of the concatenation of `parts`.
    pub(crate) fn digest(parts: &[&[u8]], out: &mut [u8; 32]) {
        let mut hash = Self::new();
        parts.iter().for_each(|part| hash.update(part));
        hash.finish(out);
    }
}

/// SHAKE256 (FIPS 202) of `input`, filling `out`.
pub(crate) fn shake256(input: &[u8], out: &mut [u8]) {
    use shake::digest::ExtendableOutputReset;
    use shake::{Update, XofReader};
    let mut hash = shake::Shake256::default();
    hash.update(input);
    hash.finalize_xof_reset().read(out);
}
