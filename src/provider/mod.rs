//! The lowest layer: the algorithms, and nothing of the protocol.
//!
//! A provider is a set of functions over slices. Their lengths have been checked against the row of the algorithm before they get here;
//! a provider may rely on it, and on the checks of keys that the standards ask for (`kem.rs` does those of FIPS 203). Randomness is
//! drawn by the layers above and handed in.
//!
//! No file outside this folder names a cryptography crate.

use crate::{Error, Result};

mod algorithm;
#[cfg(feature = "aws-lc")]
mod aws_lc;
pub(crate) mod fork;
#[cfg(all(fuzzing, feature = "aws-lc", feature = "pqclean"))]
mod fuzz;
#[cfg(all(target_arch = "wasm32", target_os = "unknown", not(feature = "wasm-js")))]
mod host;
mod in_out;
// With more than one, the first of aws-lc, pqclean and rustcrypto is in use, and the others are there for the tests that compare them.
#[cfg(feature = "pqclean")]
#[cfg_attr(feature = "aws-lc", allow(dead_code))]
mod pqclean;
#[cfg(feature = "rustcrypto")]
#[cfg_attr(any(feature = "aws-lc", feature = "pqclean"), allow(dead_code))]
mod rustcrypto;
mod self_test;
mod stack;
#[cfg(test)]
mod tests;

pub(crate) use algorithm::DsaAlgorithm;
pub use algorithm::KemAlgorithm;
#[cfg(all(fuzzing, feature = "aws-lc", feature = "pqclean"))]
pub use fuzz::fuzz_providers;
#[cfg(all(target_arch = "wasm32", target_os = "unknown", not(feature = "wasm-js")))]
pub(crate) use host::host_random;
pub(crate) use in_out::InOut;
pub(crate) use self_test::self_test;
pub(crate) use stack::scrubbed;

/// The provider in use: aws-lc when it is built in.
#[cfg(feature = "aws-lc")]
pub(crate) type Active = aws_lc::AwsLc;
#[cfg(all(feature = "pqclean", not(feature = "aws-lc")))]
pub(crate) type Active = pqclean::PqClean;
#[cfg(all(feature = "rustcrypto", not(any(feature = "aws-lc", feature = "pqclean"))))]
pub(crate) type Active = rustcrypto::RustCrypto;
#[cfg(not(any(feature = "aws-lc", feature = "rustcrypto")))]
compile_error!("pqrtc needs a provider: enable the feature \"aws-lc\" (the default), \"rustcrypto\" or \"pqclean\"");

pub(crate) type KemKey = <Active as Provider>::KemKey;
pub(crate) type DsaKey = <Active as Provider>::DsaKey;
pub(crate) type Aead = <Active as Provider>::Aead;
pub(crate) type Sha512 = <Active as Provider>::Sha512;

/// What a provider offers.
pub(crate) trait Provider {
    /// As in the name of its feature.
    const NAME: &'static core::ffi::CStr;
    /// The parameter sets that it has. Its functions are called with no others.
    const KEMS: &'static [KemAlgorithm];
    const DSAS: &'static [DsaAlgorithm];
    type KemKey: KemPrivateKey;
    type DsaKey: DsaPrivateKey;
    type Aead: AeadKey;
    type Sha512: IncrementalHash<64>;

    /// ML-KEM encapsulation with the randomness `m` (FIPS 203, algorithm 17). `ek` has passed the modulus check.
    fn kem_encapsulate(
        algorithm: KemAlgorithm,
        ek: &[u8],
        m: &[u8; 32],
        ct: &mut [u8],
        ss: &mut [u8; 32],
    ) -> Result<()>;

    /// ML-DSA verification with a context of at most 255 bytes (FIPS 204, algorithm 3).
    fn dsa_verify(algorithm: DsaAlgorithm, pk: &[u8], context: &[u8], message: &[u8], signature: &[u8]) -> Result<()>;

    /// The public key of an Ed25519 seed (RFC 8032).
    fn ed25519_public(seed: &[u8; 32]) -> [u8; 32];

    /// Ed25519; `pk` is the public key of `seed`.
    fn ed25519_sign(seed: &[u8; 32], pk: &[u8; 32], message: &[u8], signature: &mut [u8; 64]) -> Result<()>;

    /// Ed25519 verification; [`Error::BadSignature`] if it fails.
    fn ed25519_verify(pk: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<()>;

    /// The public key of an X25519 private key (RFC 7748).
    fn x25519_public(sk: &[u8; 32]) -> [u8; 32];

    /// X25519; the all-zero result is [`Error::NonContributory`], found in constant time.
    fn x25519(sk: &[u8; 32], pk: &[u8; 32], ss: &mut [u8; 32]) -> Result<()>;

    /// HMAC-SHA1 (RFC 2104), for TURN alone.
    fn hmac_sha1(key: &[u8], message: &[u8], mac: &mut [u8; 20]);

    /// HKDF-Extract (RFC 5869). `prk` has the length of the hash.
    fn hkdf_extract(hash: Hash, salt: &[u8], ikm: &[u8], prk: &mut [u8]) -> Result<()>;

    /// HKDF-Expand (RFC 5869). `prk` has the length of the hash; `out` is at most 255 times as long.
    fn hkdf_expand(hash: Hash, prk: &[u8], info: &[u8], out: &mut [u8]) -> Result<()>;

    /// Both.
    fn hkdf(hash: Hash, salt: &[u8], ikm: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
        let mut prk = zeroize::Zeroizing::new([0; Hash::MAX_LEN]);
        let prk = &mut prk[..hash.len()];
        Self::hkdf_extract(hash, salt, ikm, prk)?;
        Self::hkdf_expand(hash, prk, info, out)
    }
}

impl KemAlgorithm {
    /// [`Error::Unsupported`] if the provider in use does not have it.
    pub(crate) fn check(self) -> Result<()> {
        if Active::KEMS.contains(&self) { Ok(()) } else { Err(Error::Unsupported) }
    }
}

impl DsaAlgorithm {
    /// As [`KemAlgorithm::check`].
    pub(crate) fn check(self) -> Result<()> {
        if Active::DSAS.contains(&self) { Ok(()) } else { Err(Error::Unsupported) }
    }
}

/// An ML-KEM decapsulation key. Wiped when dropped.
pub(crate) trait KemPrivateKey: Sized + Send + Sync {
    /// From `d || z`.
    fn from_seed(algorithm: KemAlgorithm, seed: &[u8; 64]) -> Result<Self>;
    /// From the FIPS 203 expanded form, already checked.
    fn from_expanded(algorithm: KemAlgorithm, dk: &[u8]) -> Result<Self>;
    fn public_key(&self, ek: &mut [u8]);
    /// The FIPS 203 expanded form, a secret.
    fn expanded(&self, dk: &mut [u8]) -> Result<()>;
    fn decapsulate(&self, ct: &[u8], ss: &mut [u8; 32]) -> Result<()>;
}

/// An ML-DSA signing key. Wiped when dropped.
pub(crate) trait DsaPrivateKey: Sized + Send + Sync {
    fn from_seed(algorithm: DsaAlgorithm, seed: &[u8; 32]) -> Result<Self>;
    /// From the FIPS 204 expanded form; [`Error::InvalidKey`] if that does not decode or does not agree with itself.
    fn from_expanded(algorithm: DsaAlgorithm, sk: &[u8]) -> Result<Self>;
    fn public_key(&self, pk: &mut [u8]);
    /// The FIPS 204 expanded form, a secret.
    fn expanded(&self, sk: &mut [u8]) -> Result<()>;
    /// Hedged ML-DSA (FIPS 204, algorithm 2) with a context of at most 255 bytes.
    fn sign(&self, context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()>;
    /// As `sign`, with the 32 bytes that hedge it given: for test vectors.
    #[cfg(test)]
    fn sign_with(&self, rnd: &[u8; 32], context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()>;
}

/// A hash of data that comes in pieces.
pub(crate) trait IncrementalHash<const N: usize>: Clone + Send + Sync {
    fn new() -> Self;
    fn update(&mut self, data: &[u8]);
    /// Writes the hash and starts again. In place: a move would leave a copy of the state.
    fn finish(&mut self, out: &mut [u8; N]);

    /// The hash of the concatenation of `parts`.
    fn digest(parts: &[&[u8]], out: &mut [u8; N]) {
        let mut hash = Self::new();
        parts.iter().for_each(|part| hash.update(part));
        hash.finish(out);
    }
}

/// The hash inside HKDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    pub const MAX_LEN: usize = 64;

    /// Length of a hash, in bytes.
    pub const fn len(self) -> usize {
        match self {
            Hash::Sha256 => 32,
            Hash::Sha512 => 64,
        }
    }
}

/// An authenticated cipher. Nonces are 12 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AeadAlgorithm {
    /// AES-GCM with a 16-byte key and tag.
    Aes128Gcm,
    /// AES-GCM with a 32-byte key and a 16-byte tag.
    Aes256Gcm,
    /// AES-128-CTR with HMAC-SHA256, RFC 9605 section 4.5.1, with a tag of 10, 8 or 4 bytes. The 48-byte key is `enc(16) || auth(32)`.
    Aes128CtrHmacSha256 { tag_len: usize },
    /// AES-256-CTR with HMAC-SHA512, the same construction (draft-barnes-sframe-iana-256). The 96-byte key is `enc(32) || auth(64)`.
    Aes256CtrHmacSha512 { tag_len: usize },
}

impl AeadAlgorithm {
    pub const MAX_KEY_LEN: usize = 96;

    pub const fn key_len(self) -> usize {
        match self {
            AeadAlgorithm::Aes128Gcm => 16,
            AeadAlgorithm::Aes256Gcm => 32,
            AeadAlgorithm::Aes128CtrHmacSha256 { .. } => 48,
            AeadAlgorithm::Aes256CtrHmacSha512 { .. } => 96,
        }
    }

    pub const fn tag_len(self) -> usize {
        match self {
            AeadAlgorithm::Aes128Gcm | AeadAlgorithm::Aes256Gcm => 16,
            AeadAlgorithm::Aes128CtrHmacSha256 { tag_len } | AeadAlgorithm::Aes256CtrHmacSha512 { tag_len } => tag_len,
        }
    }
}

/// A key of an [`AeadAlgorithm`], ready for use: nothing here allocates after `new`. Wiped when dropped.
///
/// `tag` has the algorithm's tag length, else [`Error::Internal`]. A failed open leaves its output zeroed.
pub(crate) trait AeadKey: Sized + Send + Sync {
    /// `key` has the algorithm's key length.
    fn new(algorithm: AeadAlgorithm, key: &[u8]) -> Result<Self>;
    fn seal(&self, nonce: &[u8; 12], aad: &[u8], data: InOut, tag: &mut [u8]) -> Result<()>;
    fn open(&self, nonce: &[u8; 12], aad: &[u8], data: InOut, tag: &[u8]) -> Result<()>;
}

/// SHA3-256 (FIPS 202).
#[derive(Clone)]
pub(crate) struct Sha3(sha3::Sha3_256);

impl IncrementalHash<32> for Sha3 {
    fn new() -> Self {
        Sha3(sha3::Digest::new())
    }

    fn update(&mut self, data: &[u8]) {
        sha3::Digest::update(&mut self.0, data);
    }

    fn finish(&mut self, out: &mut [u8; 32]) {
        scrubbed::<HASH_STACK, _>(|| sha3::Digest::finalize_into_reset(&mut self.0, out.into()));
    }

    fn digest(parts: &[&[u8]], out: &mut [u8; 32]) {
        scrubbed::<HASH_STACK, _>(|| {
            let mut hash = Self::new();
            parts.iter().for_each(|part| hash.update(part));
            hash.finish(out);
        });
    }
}

/// Stack that a hash uses (2 KiB), with a margin for other compilers.
const HASH_STACK: usize = 4 << 10;

/// SHAKE256 (FIPS 202) of `input`, filling `out`.
pub(crate) fn shake256(input: &[u8], out: &mut [u8]) {
    use shake::digest::ExtendableOutputReset;
    use shake::{Update, XofReader};
    scrubbed::<HASH_STACK, _>(|| {
        let mut hash = shake::Shake256::default();
        hash.update(input);
        hash.finalize_xof_reset().read(out);
    });
}
