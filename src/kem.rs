//! ML-KEM-768 (FIPS 203) with the input checks that the standard asks for and many libraries leave out.

use crate::provider::{self, KemPrivateKey, Provider, Sha3};
use crate::secret::{Secret, equal};
use crate::{Error, Result};
use zeroize::Zeroizing;

/// Encapsulation key (public), in bytes.
pub const PUBLIC_KEY_BYTES: usize = provider::KEM_PUBLIC_KEY;
/// Ciphertext, in bytes.
pub const CIPHERTEXT_BYTES: usize = provider::KEM_CIPHERTEXT;
/// Shared secret, in bytes.
pub const SHARED_SECRET_BYTES: usize = 32;
/// Private key as the seed `d || z`, in bytes.
pub const SEED_BYTES: usize = provider::KEM_SEED;
/// Private key in the expanded form of FIPS 203, in bytes.
pub const EXPANDED_KEY_BYTES: usize = provider::KEM_EXPANDED;

/// Coefficients take 12 bits each; three polynomials of 256 of them make a vector.
const VECTOR_BYTES: usize = 1152;
const Q: u16 = 3329;

/// An ML-KEM-768 key pair. Usable from many threads at once; the private key is wiped when it is dropped.
pub struct KemKeypair {
    key: provider::KemKey,
    seed: Option<Secret<SEED_BYTES>>,
}

impl KemKeypair {
    /// A fresh key pair. [`Error::RngFailed`] without randomness.
    pub fn generate() -> Result<Self> {
        Self::from_owned_seed(Secret::random()?)
    }

    /// The key pair of the seed `d || z` (FIPS 203, algorithm 16).
    pub fn from_seed(seed: &[u8; SEED_BYTES]) -> Result<Self> {
        Self::from_owned_seed(Secret::new(seed))
    }

    fn from_owned_seed(seed: Secret<SEED_BYTES>) -> Result<Self> {
        Ok(KemKeypair { key: provider::KemKey::from_seed(&seed)?, seed: Some(seed) })
    }

    /// The key pair of an expanded decapsulation key. [`Error::InvalidKey`] if it fails the hash check of FIPS 203 section 7.3, or has
    /// a coefficient that is not below 3329.
    pub fn from_expanded(dk: &[u8; EXPANDED_KEY_BYTES]) -> Result<Self> {
        check_expanded_key(dk)?;
        Ok(KemKeypair { key: provider::KemKey::from_expanded(dk)?, seed: None })
    }

    /// The encapsulation key.
    pub fn public_key(&self) -> [u8; PUBLIC_KEY_BYTES] {
        let mut ek = [0; PUBLIC_KEY_BYTES];
        self.write_public_key(&mut ek);
        ek
    }

    pub(crate) fn write_public_key(&self, ek: &mut [u8; PUBLIC_KEY_BYTES]) {
        self.key.public_key(ek);
    }

    /// The seed; [`Error::Unsupported`] for a key that was imported in expanded form, which has none.
    pub fn seed(&self) -> Result<&Secret<SEED_BYTES>> {
        self.seed.as_ref().ok_or(Error::Unsupported)
    }

    /// Decapsulates (FIPS 203 section 7.3). An altered ciphertext is no error: it gives a secret that nobody else has.
    pub fn decapsulate(&self, ct: &[u8; CIPHERTEXT_BYTES]) -> Result<Secret<SHARED_SECRET_BYTES>> {
        let mut ss = Secret::zero();
        self.key.decapsulate(ct, &mut ss)?;
        Ok(ss)
    }
}

/// Encapsulates to `ek` with fresh randomness: writes the ciphertext and returns the shared secret. [`Error::InvalidKey`] if `ek`
/// fails the modulus check of FIPS 203 section 7.2, [`Error::RngFailed`] without randomness.
pub fn encapsulate(
    ek: &[u8; PUBLIC_KEY_BYTES],
    ct: &mut [u8; CIPHERTEXT_BYTES],
) -> Result<Secret<SHARED_SECRET_BYTES>> {
    check_encapsulation_key(ek)?;
    encapsulate_with(ek, &Secret::random()?, ct)
}

/// Encapsulates with given randomness. `ek` has been checked.
pub(crate) fn encapsulate_with(
    ek: &[u8; PUBLIC_KEY_BYTES],
    m: &Secret<32>,
    ct: &mut [u8; CIPHERTEXT_BYTES],
) -> Result<Secret<SHARED_SECRET_BYTES>> {
    let mut ss = Secret::zero();
    provider::Active::kem_encapsulate(ek, m, ct, &mut ss).inspect_err(|_| ct.fill(0))?;
    Ok(ss)
}

/// FIPS 203 section 7.2, the modulus check.
pub(crate) fn check_encapsulation_key(ek: &[u8; PUBLIC_KEY_BYTES]) -> Result<()> {
    if reduced(&ek[..VECTOR_BYTES]) { Ok(()) } else { Err(Error::InvalidKey) }
}

/// FIPS 203 section 7.3, the hash check, and a modulus check of both vectors: `dk = s || ek || H(ek) || z`.
pub(crate) fn check_expanded_key(dk: &[u8; EXPANDED_KEY_BYTES]) -> Result<()> {
    let ek = &dk[VECTOR_BYTES..VECTOR_BYTES + PUBLIC_KEY_BYTES];
    let mut hash = Zeroizing::new([0; 32]);
    Sha3::digest(&[ek], &mut hash);
    // Three verdicts on a private key, none of which stops the others.
    let sound = [reduced(&dk[..VECTOR_BYTES]), reduced(&ek[..VECTOR_BYTES]), equal(&hash[..], &dk[2336..2368])];
    if sound.iter().fold(true, |all, &one| all & one) { Ok(()) } else { Err(Error::InvalidKey) }
}

/// Whether every 12-bit coefficient is below q, in time that does not depend on them.
fn reduced(vector: &[u8]) -> bool {
    let excess = vector.chunks_exact(3).fold(0u16, |seen, bytes| {
        let [a, b, c] = [bytes[0], bytes[1], bytes[2]].map(u16::from);
        let (low, high) = (a | (b & 15) << 8, b >> 4 | c << 4);
        // The subtraction's sign bit is set for a coefficient below q.
        seen | !low.wrapping_sub(Q) | !high.wrapping_sub(Q)
    });
    excess >> 15 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coefficient_is_checked_at_its_bound() {
        for index in 0..768 {
            for (value, sound) in [(Q - 1, true), (Q, false), (0xfff, false)] {
                let mut vector = [0u8; VECTOR_BYTES];
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

    #[test]
    fn an_expanded_key_is_the_key_of_its_seed_without_the_seed() {
        let pair = KemKeypair::from_seed(&[7; SEED_BYTES]).unwrap();
        let mut ct = [0; CIPHERTEXT_BYTES];
        let ss = encapsulate(&pair.public_key(), &mut ct).unwrap();
        assert_eq!(pair.decapsulate(&ct).unwrap(), ss);
        assert_eq!(pair.seed().unwrap().as_bytes(), &[7; SEED_BYTES]);
    }
}
