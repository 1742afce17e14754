//! ML-KEM-768 and ML-KEM-1024 (FIPS 203) with the input checks that the standard asks for and many libraries leave out.
//!
//! ```
//! use pqrtc::kem::{self, KemAlgorithm, KemKeypair};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let algorithm = KemAlgorithm::MlKem768;
//! let pair = KemKeypair::generate(algorithm)?;
//! let mut ct = vec![0; algorithm.ciphertext_len()];
//! let sent = kem::encapsulate(algorithm, pair.public_key(), &mut ct)?;
//! assert_eq!(pair.decapsulate(&ct)?, sent);
//! # Ok(())
//! # }
//! ```

use crate::provider::{self, IncrementalHash, KemPrivateKey, Provider, Sha3};
use crate::secret::{Secret, equal};
use crate::{Error, Result};
use zeroize::Zeroizing;

pub use crate::provider::KemAlgorithm;

/// Shared secret of every parameter set, in bytes.
pub const SHARED_SECRET_BYTES: usize = 32;

const Q: u64 = 3329;

/// An ML-KEM key pair. Usable from many threads at once; the private key is wiped when it is dropped.
pub struct KemKeypair {
    algorithm: KemAlgorithm,
    key: provider::KemKey,
    public_key: Box<[u8]>,
    seed: Option<Secret<64>>,
}

impl KemKeypair {
    /// A fresh key pair. [`Error::RngFailed`] without randomness, [`Error::Unsupported`] if this build does not have the algorithm.
    pub fn generate(algorithm: KemAlgorithm) -> Result<Self> {
        algorithm.check()?;
        Self::from_owned_seed(algorithm, Secret::random()?)
    }

    /// The key pair of the 64-byte seed `d || z` (FIPS 203, algorithm 16).
    pub fn from_seed(algorithm: KemAlgorithm, seed: &[u8]) -> Result<Self> {
        algorithm.check()?;
        Self::from_owned_seed(algorithm, Secret::from_slice(seed)?)
    }

    fn from_owned_seed(algorithm: KemAlgorithm, seed: Secret<64>) -> Result<Self> {
        let key = provider::KemKey::from_seed(algorithm, seed.as_bytes())?;
        Ok(Self::new(algorithm, key, Some(seed)))
    }

    /// The key pair of an expanded decapsulation key of [`KemAlgorithm::expanded_len`] bytes. [`Error::InvalidKey`] if it fails the hash
    /// check of FIPS 203 section 7.3, or has a coefficient that is not below 3329.
    pub fn from_expanded(algorithm: KemAlgorithm, dk: &[u8]) -> Result<Self> {
        algorithm.check()?;
        check_expanded_key(algorithm, dk)?;
        let key = provider::KemKey::from_expanded(algorithm, dk)?;
        Ok(Self::new(algorithm, key, None))
    }

    fn new(algorithm: KemAlgorithm, key: provider::KemKey, seed: Option<Secret<64>>) -> Self {
        let mut public_key = vec![0; algorithm.public_key_len()].into_boxed_slice();
        key.public_key(&mut public_key);
        KemKeypair { algorithm, key, public_key, seed }
    }

    /// The algorithm.
    pub fn algorithm(&self) -> KemAlgorithm {
        self.algorithm
    }

    /// The encapsulation key.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// The seed; [`Error::Unsupported`] for a key that was imported in expanded form, which has none.
    pub fn seed(&self) -> Result<&[u8]> {
        self.seed.as_ref().map(|seed| &seed.as_bytes()[..]).ok_or(Error::Unsupported)
    }

    /// Writes the expanded form to `out`, which has [`KemAlgorithm::expanded_len`] bytes.
    pub(crate) fn expanded(&self, out: &mut [u8]) -> Result<()> {
        self.key.expanded(out)
    }

    /// Decapsulates (FIPS 203 section 7.3). [`Error::InvalidLength`] for a ciphertext of another length; one that was altered is no error:
    /// it gives a secret that nobody else has.
    pub fn decapsulate(&self, ct: &[u8]) -> Result<Secret<SHARED_SECRET_BYTES>> {
        length(ct, self.algorithm.ciphertext_len())?;
        let mut ss = Secret::zero();
        self.key.decapsulate(ct, ss.as_mut())?;
        Ok(ss)
    }
}

/// Encapsulates to `ek` with fresh randomness: fills `ct`, which has [`KemAlgorithm::ciphertext_len`] bytes, and returns the shared secret.
/// [`Error::InvalidLength`] for a key or buffer of another length, [`Error::InvalidKey`] if `ek` fails the modulus check of FIPS 203
/// section 7.2, [`Error::RngFailed`] without randomness.
pub fn encapsulate(algorithm: KemAlgorithm, ek: &[u8], ct: &mut [u8]) -> Result<Secret<SHARED_SECRET_BYTES>> {
    algorithm.check()?;
    check_encapsulation_key(algorithm, ek)?;
    encapsulate_with(algorithm, ek, Secret::random()?.as_bytes(), ct)
}

/// Encapsulates with given randomness. `ek` has been checked.
pub(crate) fn encapsulate_with(
    algorithm: KemAlgorithm,
    ek: &[u8],
    m: &[u8; 32],
    ct: &mut [u8],
) -> Result<Secret<SHARED_SECRET_BYTES>> {
    length(ek, algorithm.public_key_len())?;
    length(ct, algorithm.ciphertext_len())?;
    let mut ss = Secret::zero();
    provider::Active::kem_encapsulate(algorithm, ek, m, ct, ss.as_mut()).inspect_err(|_| ct.fill(0))?;
    Ok(ss)
}

/// FIPS 203 section 7.2: the length, and the modulus check.
pub(crate) fn check_encapsulation_key(algorithm: KemAlgorithm, ek: &[u8]) -> Result<()> {
    length(ek, algorithm.public_key_len())?;
    if reduced(&ek[..algorithm.vector_len()]) { Ok(()) } else { Err(Error::InvalidKey) }
}

/// FIPS 203 section 7.3: the length, the hash check, and a modulus check of both vectors: `dk = s || ek || H(ek) || z`.
pub(crate) fn check_expanded_key(algorithm: KemAlgorithm, dk: &[u8]) -> Result<()> {
    length(dk, algorithm.expanded_len())?;
    let vector = algorithm.vector_len();
    let (s, rest) = dk.split_at(vector);
    let (ek, rest) = rest.split_at(algorithm.public_key_len());
    let mut hash = Zeroizing::new([0; 32]);
    Sha3::digest(&[ek], &mut hash);
    // Three verdicts on a private key, none of which stops the others.
    let sound = [reduced(s), reduced(&ek[..vector]), equal(&hash[..], &rest[..32])];
    if sound.iter().fold(true, |all, &one| all & one) { Ok(()) } else { Err(Error::InvalidKey) }
}

fn length(bytes: &[u8], len: usize) -> Result<()> {
    if bytes.len() == len { Ok(()) } else { Err(Error::InvalidLength) }
}

/// Whether every 12-bit coefficient is below q, in time that does not depend on them.
fn reduced(vector: &[u8]) -> bool {
    // Two coefficients, 24 bits apart; a sum carries into bit 12 of its own if the coefficient is not below q.
    const PAIR: u64 = 0xfff << 24 | 0xfff;
    const COMPLEMENT: u64 = ((1 << 12) - Q) << 24 | ((1 << 12) - Q);
    const CARRY: u64 = 1 << 36 | 1 << 12;
    let sums = vector.chunks_exact(6).fold(0, |seen, bytes| {
        let mut four = [0; 8];
        four[..6].copy_from_slice(bytes);
        let four = u64::from_le_bytes(four);
        seen | ((four & PAIR) + COMPLEMENT) | ((four >> 12 & PAIR) + COMPLEMENT)
    });
    sums & CARRY == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coefficient_is_checked_at_its_bound() {
        for algorithm in KemAlgorithm::ALL {
            for index in 0..algorithm.vector_len() / 3 * 2 {
                for (value, sound) in [(Q - 1, true), (Q, false), (0xfff, false)] {
                    let mut vector = vec![0u8; algorithm.vector_len()];
                    let at = index / 2 * 3;
                    if index % 2 == 0 {
                        vector[at] = value as u8;
                        vector[at + 1] = (value >> 8) as u8;
                    } else {
                        vector[at + 1] = (value << 4) as u8;
                        vector[at + 2] = (value >> 4) as u8;
                    }
                    assert_eq!(reduced(&vector), sound, "coefficient {index} = {value}");
                }
            }
        }
    }

    #[test]
    fn lengths_are_those_of_the_algorithm() {
        for &algorithm in provider::Active::KEMS {
            let pair = KemKeypair::from_seed(algorithm, &[7; 64]).unwrap();
            let mut ct = vec![0; algorithm.ciphertext_len()];
            let ss = encapsulate(algorithm, pair.public_key(), &mut ct).unwrap();
            assert_eq!(pair.decapsulate(&ct).unwrap(), ss);
            assert_eq!(pair.seed().unwrap(), [7; 64]);
            for other in [0, 1, ct.len() - 1, ct.len() + 1] {
                assert_eq!(pair.decapsulate(&vec![0; other]).unwrap_err(), Error::InvalidLength);
                let mut short = vec![0xA5; other];
                let refused = encapsulate(algorithm, pair.public_key(), &mut short).unwrap_err();
                assert!(refused == Error::InvalidLength && short.iter().all(|&byte| byte == 0xA5));
            }
            for len in [0, 32, 63, 65, 96] {
                assert_eq!(KemKeypair::from_seed(algorithm, &vec![7; len]).err(), Some(Error::InvalidLength));
            }
            // A key of one algorithm given as another.
            for other in KemAlgorithm::ALL.into_iter().filter(|&other| other != algorithm) {
                let expected = other.check().err().unwrap_or(Error::InvalidLength);
                let mut ct = vec![0; other.ciphertext_len()];
                assert_eq!(encapsulate(other, pair.public_key(), &mut ct).unwrap_err(), expected);
                let expanded = vec![0; algorithm.expanded_len()];
                assert_eq!(KemKeypair::from_expanded(other, &expanded).err(), Some(expected));
            }
        }
    }

    #[test]
    fn numbers_that_are_no_algorithm_are_refused() {
        for number in [0, 3, 4, 0x100, 0x101, u32::MAX] {
            assert_eq!(KemAlgorithm::try_from(number), Err(Error::InvalidArgument));
        }
        for algorithm in KemAlgorithm::ALL {
            assert_eq!(KemAlgorithm::try_from(algorithm as u32), algorithm.check().map(|()| algorithm));
        }
    }
}
