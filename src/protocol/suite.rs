//! The suites: which KEM goes with which signature. A suite is a whole, so that there is nothing to mix and match downwards.

use super::Rng;
use crate::kem::{self, KemAlgorithm, KemKeypair};
use crate::secret::Secret;
use crate::signing::SignatureAlgorithm;
use crate::suite::{self as hybrid, HybridKeypair};
use crate::{Error, Result};

/// A suite of the handshake, of meetings and of envelopes. The numbers go over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Suite {
    /// X-Wing (ML-KEM-768 and X25519) and the composite signature of ML-DSA-65 and Ed25519: breaking it means breaking both halves.
    Default = 1,
    /// ML-KEM-1024 and ML-DSA-87, as CNSA 2.0 asks for.
    Cnsa2 = 2,
}

impl Suite {
    /// All of them.
    pub const ALL: [Suite; 2] = [Suite::Default, Suite::Cnsa2];

    /// The suite with this number, if it is a known one.
    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| *suite as u8 == number)
    }

    /// [`Error::Unsupported`](crate::Error::Unsupported) if the provider in use does not have its algorithms.
    pub(crate) fn check(self) -> Result<()> {
        match self {
            Suite::Default => Ok(()),
            Suite::Cnsa2 => KemAlgorithm::MlKem1024.check(),
        }
    }

    /// The algorithm of an identity key.
    pub const fn signature(self) -> SignatureAlgorithm {
        match self {
            Suite::Default => SignatureAlgorithm::MlDsa65Ed25519,
            Suite::Cnsa2 => SignatureAlgorithm::MlDsa87,
        }
    }

    /// Length of a KEM key (public), in bytes.
    pub const fn public_key_len(self) -> usize {
        match self {
            Suite::Default => hybrid::Suite::XWing.bundle_len(),
            Suite::Cnsa2 => KemAlgorithm::MlKem1024.public_key_len(),
        }
    }

    /// Length of a KEM ciphertext, in bytes.
    pub const fn ciphertext_len(self) -> usize {
        match self {
            Suite::Default => hybrid::Suite::XWing.exchange_len(),
            Suite::Cnsa2 => KemAlgorithm::MlKem1024.ciphertext_len(),
        }
    }

    /// FIPS 203 section 7.2, the modulus check of a KEM key of the right length.
    pub(crate) fn check_public_key(self, key: &[u8]) -> Result<()> {
        let (algorithm, x25519) = match self {
            Suite::Default => (KemAlgorithm::MlKem768, 32),
            Suite::Cnsa2 => (KemAlgorithm::MlKem1024, 0),
        };
        kem::check_encapsulation_key(algorithm, &key[..key.len() - x25519])
    }

    /// Encapsulates to a key that [`Suite::check_public_key`] has passed; fills `ciphertext`. [`NonContributory`](crate::Error::NonContributory) if its X25519 part
    /// gives the all-zero result.
    pub(crate) fn encapsulate(self, key: &[u8], rng: &Rng, ciphertext: &mut [u8]) -> Result<Secret<32>> {
        match self {
            Suite::Default => hybrid::encapsulate_with(hybrid::Suite::XWing, key, rng.secret()?.as_bytes(), ciphertext),
            Suite::Cnsa2 => kem::encapsulate_with(KemAlgorithm::MlKem1024, key, rng.secret()?.as_bytes(), ciphertext),
        }
    }
}

impl TryFrom<u32> for Suite {
    type Error = Error;

    /// [`Error::InvalidArgument`] for a number that is none of them, [`Error::Unsupported`] for one that is not in this build.
    fn try_from(number: u32) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|suite| *suite as u32 == number).ok_or(Error::InvalidArgument)?;
        known.check().map(|()| known)
    }
}

/// The KEM key pair of a suite. Wiped when it is dropped.
pub(crate) enum KemKey {
    XWing(Box<HybridKeypair>),
    MlKem(KemKeypair),
}

impl KemKey {
    pub fn generate(suite: Suite, rng: &Rng) -> Result<Self> {
        match suite {
            Suite::Default => {
                let pair = HybridKeypair::from_seed(hybrid::Suite::XWing, rng.secret::<32>()?.as_bytes())?;
                Ok(KemKey::XWing(pair))
            }
            Suite::Cnsa2 => {
                KemKeypair::from_seed(KemAlgorithm::MlKem1024, rng.secret::<64>()?.as_bytes()).map(KemKey::MlKem)
            }
        }
    }

    pub fn public_key(&self) -> &[u8] {
        match self {
            KemKey::XWing(pair) => pair.bundle(),
            KemKey::MlKem(pair) => pair.public_key(),
        }
    }

    /// Decapsulates a ciphertext of the suite's length. [`NonContributory`](crate::Error::NonContributory) if its X25519 part gives the all-zero result; an altered
    /// ML-KEM ciphertext is no error, it gives a secret that nobody else has.
    pub fn decapsulate(&self, ciphertext: &[u8]) -> Result<Secret<32>> {
        match self {
            KemKey::XWing(pair) => pair.decapsulate(ciphertext),
            KemKey::MlKem(pair) => pair.decapsulate(ciphertext),
        }
    }
}
