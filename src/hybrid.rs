//! The hybrid key exchange: X25519 and ML-KEM-768 together, in one pass. The responder publishes a bundle, the initiator answers with an
//! exchange message, and both hold the same [`Session`]. Breaking it means breaking both.
//!
//! Neither side is authenticated by the exchange itself; the signaling channel that carries the bundle has to do that.

use crate::kem;
use crate::provider::{self, Active, KemPrivateKey, Provider, Sha3};
use crate::secret::Secret;
use crate::session::{Role, Session};
use crate::{Error, Result};

/// Public bundle of either suite, in bytes.
pub const BUNDLE_BYTES: usize = 1216;
/// Exchange message of either suite, in bytes.
pub const EXCHANGE_BYTES: usize = 1120;

const V100_LABEL: &[u8] = b"V100-HYBRID-KX-V1";
const X_WING_LABEL: &[u8] = &[0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c];

/// The longest private key of a suite, as stored.
const MAX_SEED_BYTES: usize = 96;

/// How the two shared secrets become a session key. The numbers are those of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Suite {
    /// The exchange of the V100 description, byte for byte. It binds neither ciphertext nor public keys.
    V100HybridKxV1 = 1,
    /// X-Wing (draft-connolly-cfrg-xwing-kem), the one to choose for new deployments.
    XWing = 2,
}

impl Suite {
    /// Length of the private key as stored, in bytes: `sk_X || d || z` for the V100 suite, a seed for X-Wing.
    pub const fn seed_len(self) -> usize {
        match self {
            Suite::V100HybridKxV1 => 96,
            Suite::XWing => 32,
        }
    }

    /// Where the X25519 and the ML-KEM part lie in a bundle or an exchange message.
    fn split(self, message: &[u8]) -> (&[u8], &[u8]) {
        match self {
            Suite::V100HybridKxV1 => message.split_at(32),
            Suite::XWing => {
                let (m, x) = message.split_at(message.len() - 32);
                (x, m)
            }
        }
    }

    fn split_mut(self, message: &mut [u8]) -> (&mut [u8], &mut [u8]) {
        match self {
            Suite::V100HybridKxV1 => message.split_at_mut(32),
            Suite::XWing => {
                let (m, x) = message.split_at_mut(message.len() - 32);
                (x, m)
            }
        }
    }

    fn session_key(self, ss_x: &Secret<32>, ss_m: &Secret<32>, ct_x: &[u8; 32], pk_x: &[u8; 32]) -> Secret<32> {
        let (x, m) = (ss_x.as_bytes(), ss_m.as_bytes());
        let mut key = Secret::zero();
        match self {
            Suite::V100HybridKxV1 => Sha3::digest(&[V100_LABEL, x, m], key.as_mut()),
            Suite::XWing => Sha3::digest(&[m, x, ct_x, pk_x, X_WING_LABEL], key.as_mut()),
        }
        key
    }
}

impl TryFrom<u32> for Suite {
    type Error = Error;

    fn try_from(suite: u32) -> Result<Self> {
        match suite {
            1 => Ok(Suite::V100HybridKxV1),
            2 => Ok(Suite::XWing),
            _ => Err(Error::InvalidArgument),
        }
    }
}

/// A responder's key pair. Usable from many threads at once; wiped when it is dropped.
///
/// A pair whose sessions key media serves one process lifetime and is not restored from its seed for that purpose: a restarted responder
/// that answered a recorded message again would encrypt under a used key.
pub struct HybridKeypair {
    suite: Suite,
    kem: provider::KemKey,
    sk_x: Secret<32>,
    pk_x: [u8; 32],
    seed: Secret<MAX_SEED_BYTES>,
}

impl HybridKeypair {
    /// A fresh key pair. [`Error::RngFailed`] without randomness.
    pub fn generate(suite: Suite) -> Result<Self> {
        let mut seed = Secret::<MAX_SEED_BYTES>::zero();
        provider::random(&mut seed.as_mut()[..suite.seed_len()])?;
        Self::from_owned_seed(suite, seed)
    }

    /// The key pair of a stored private key of [`Suite::seed_len`] bytes, else [`Error::InvalidLength`].
    pub fn from_seed(suite: Suite, seed: &[u8]) -> Result<Self> {
        if seed.len() != suite.seed_len() {
            return Err(Error::InvalidLength);
        }
        let mut owned = Secret::<MAX_SEED_BYTES>::zero();
        owned.as_mut()[..seed.len()].copy_from_slice(seed);
        Self::from_owned_seed(suite, owned)
    }

    fn from_owned_seed(suite: Suite, seed: Secret<MAX_SEED_BYTES>) -> Result<Self> {
        let mut seed_m = Secret::<{ kem::SEED_BYTES }>::zero();
        let mut sk_x = Secret::<32>::zero();
        match suite {
            Suite::V100HybridKxV1 => {
                sk_x.as_mut().copy_from_slice(&seed.as_bytes()[..32]);
                seed_m.as_mut().copy_from_slice(&seed.as_bytes()[32..]);
            }
            Suite::XWing => {
                let mut expanded = Secret::<96>::zero();
                provider::shake256(&seed.as_bytes()[..32], expanded.as_mut());
                seed_m.as_mut().copy_from_slice(&expanded.as_bytes()[..64]);
                sk_x.as_mut().copy_from_slice(&expanded.as_bytes()[64..]);
            }
        }
        let kem = provider::KemKey::from_seed(&seed_m)?;
        let pk_x = Active::x25519_public(&sk_x);
        Ok(HybridKeypair { suite, kem, sk_x, pk_x, seed })
    }

    /// The suite of this pair.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// The public bundle.
    pub fn bundle(&self) -> [u8; BUNDLE_BYTES] {
        let mut bundle = [0; BUNDLE_BYTES];
        let (x, m) = self.suite.split_mut(&mut bundle);
        x.copy_from_slice(&self.pk_x);
        if let Ok(m) = m.try_into() {
            self.kem.public_key(m);
        }
        bundle
    }

    /// The private key as stored, [`Suite::seed_len`] bytes.
    pub fn seed(&self) -> &[u8] {
        &self.seed.as_bytes()[..self.suite.seed_len()]
    }

    /// Answers an exchange message. [`Error::NonContributory`] if its X25519 key gives the all-zero result. An altered ML-KEM ciphertext
    /// is no error: it gives a session whose key the peer does not have. Answering one message twice gives the same key twice.
    pub fn respond(&self, exchange: &[u8; EXCHANGE_BYTES]) -> Result<Session> {
        let (ct_x, ct_m) = parts(self.suite, exchange)?;
        let (mut ss_x, mut ss_m) = (Secret::zero(), Secret::zero());
        Active::x25519(&self.sk_x, ct_x, &mut ss_x)?;
        self.kem.decapsulate(ct_m, &mut ss_m)?;
        Ok(Session::new(self.suite.session_key(&ss_x, &ss_m, ct_x, &self.pk_x), Role::Responder))
    }
}

/// Answers a bundle: the exchange message for the responder, and the session. [`Error::InvalidKey`] if the ML-KEM key fails the modulus
/// check of FIPS 203 section 7.2, [`Error::NonContributory`] if the X25519 key gives the all-zero result, [`Error::RngFailed`] without
/// randomness.
pub fn initiate(suite: Suite, bundle: &[u8; BUNDLE_BYTES]) -> Result<([u8; EXCHANGE_BYTES], Session)> {
    initiate_with(suite, bundle, &Secret::random()?, &Secret::random()?)
}

/// [`initiate`] with given randomness: the ML-KEM coins and the ephemeral X25519 key.
fn initiate_with(
    suite: Suite,
    bundle: &[u8; BUNDLE_BYTES],
    coins: &Secret<32>,
    esk_x: &Secret<32>,
) -> Result<([u8; EXCHANGE_BYTES], Session)> {
    let (pk_x, ek_m) = parts(suite, bundle)?;
    kem::check_encapsulation_key(ek_m)?;
    let mut ss_x = Secret::zero();
    Active::x25519(esk_x, pk_x, &mut ss_x)?;

    let mut exchange = [0; EXCHANGE_BYTES];
    let epk_x = Active::x25519_public(esk_x);
    let (x, m) = suite.split_mut(&mut exchange);
    x.copy_from_slice(&epk_x);
    let ss_m = kem::encapsulate_with(ek_m, coins, m.try_into().map_err(|_| Error::Internal)?)?;
    Ok((exchange, Session::new(suite.session_key(&ss_x, &ss_m, &epk_x, pk_x), Role::Initiator)))
}

fn parts<const M: usize>(suite: Suite, message: &[u8]) -> Result<(&[u8; 32], &[u8; M])> {
    let (x, m) = suite.split(message);
    Ok((x.try_into().map_err(|_| Error::InvalidLength)?, m.try_into().map_err(|_| Error::InvalidLength)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Public test vectors, kept beside the project and not in it.
    #[test]
    #[ignore = "needs ../shared/vectors"]
    fn x_wing_vectors() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/x-wing.json");
        let vectors: Vec<serde_json::Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(vectors.len(), 3);
        for vector in vectors {
            let field = |name: &str| -> Vec<u8> {
                let hex = vector[name].as_str().unwrap();
                (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
            };
            let eseed = field("eseed");
            let pair = HybridKeypair::from_seed(Suite::XWing, &field("seed")).unwrap();
            assert_eq!(pair.bundle()[..], field("pk"));
            let coins = Secret::new(eseed[..32].try_into().unwrap());
            let esk_x = Secret::new(eseed[32..].try_into().unwrap());
            let (exchange, session) = initiate_with(Suite::XWing, &pair.bundle(), &coins, &esk_x).unwrap();
            assert_eq!(exchange[..], field("ct"));
            assert_eq!(session.key().as_bytes()[..], field("ss"));
            assert_eq!(pair.respond(&exchange).unwrap().key().as_bytes()[..], field("ss"));
        }
    }

    #[test]
    fn seeds_come_back_and_give_the_same_pair() {
        for suite in [Suite::V100HybridKxV1, Suite::XWing] {
            let pair = HybridKeypair::generate(suite).unwrap();
            let again = HybridKeypair::from_seed(suite, pair.seed()).unwrap();
            assert_eq!(pair.bundle(), again.bundle());
            for len in [0, 31, 33, 64, 95, 97] {
                assert_eq!(HybridKeypair::from_seed(suite, &vec![1; len]).err(), Some(Error::InvalidLength));
            }
        }
    }
}
