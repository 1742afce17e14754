//! The hybrid key exchange: X25519 and ML-KEM together, in one pass. The responder publishes a bundle, the initiator answers with an
//! exchange message, and both hold the same [`Session`]. Breaking it means breaking both.
//!
//! Neither side is authenticated by the exchange itself; the signaling channel that carries the two messages has to do that.
//!
//! ```
//! use pqrtc::suite::{self, HybridKeypair, Suite};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let responder = HybridKeypair::generate(Suite::XWing)?;
//! let mut exchange = vec![0; Suite::XWing.exchange_len()];
//! let alice = suite::initiate(Suite::XWing, responder.bundle(), &mut exchange)?;
//! let bob = responder.respond(&exchange)?;
//! assert_eq!(alice.key(), bob.key());
//! # Ok(())
//! # }
//! ```

use crate::kem::{KemAlgorithm, check_encapsulation_key};
use crate::provider::{self, Active, IncrementalHash, KemPrivateKey, Provider, Sha3, scrubbed};
use crate::secret::Secret;
use crate::session::{Role, Session};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

const V100_LABEL: &[u8] = b"V100-HYBRID-KX-V1";
const X_WING_LABEL: &[u8] = &[0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c];

/// An X25519 key of either kind, in bytes.
const X25519: usize = 32;
/// The longest bundle of a suite.
const MAX_BUNDLE_BYTES: usize = Suite::XWing.bundle_len();
/// The longest private key of a suite, as stored.
const MAX_SEED_BYTES: usize = 96;
/// `d || z || sk_X`.
const EXPANDED_BYTES: usize = 96;

/// How the two shared secrets become a session key. The numbers are those of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Suite {
    /// The exchange of the V100 description, byte for byte. It binds neither ciphertext nor public keys.
    V100HybridKxV1 = 1,
    /// X-Wing (draft-connolly-cfrg-xwing-kem), the one to choose for new deployments.
    XWing = 2,
}

/// What a suite is made of.
struct SuiteRow {
    kem: KemAlgorithm,
    seed: usize,
    /// Where the X25519 key is in [`HybridKeypair::secrets`].
    sk_x: usize,
    /// Whether the X25519 part of a message comes first.
    x25519_first: bool,
}

impl Suite {
    /// All of them.
    pub const ALL: [Suite; 2] = [Suite::V100HybridKxV1, Suite::XWing];

    const fn row(self) -> SuiteRow {
        match self {
            Suite::V100HybridKxV1 => SuiteRow { kem: KemAlgorithm::MlKem768, seed: 96, sk_x: 0, x25519_first: true },
            Suite::XWing => SuiteRow { kem: KemAlgorithm::MlKem768, seed: 32, sk_x: 32, x25519_first: false },
        }
    }

    /// Length of the private key as stored, in bytes: `sk_X || d || z` for the V100 suite, a seed for X-Wing.
    pub const fn seed_len(self) -> usize {
        self.row().seed
    }

    /// Length of the public bundle, in bytes.
    pub const fn bundle_len(self) -> usize {
        X25519 + self.row().kem.public_key_len()
    }

    /// Length of an exchange message, in bytes.
    pub const fn exchange_len(self) -> usize {
        X25519 + self.row().kem.ciphertext_len()
    }

    /// The X25519 and the ML-KEM part of a bundle or an exchange message of the right length.
    fn split(self, message: &[u8]) -> Result<(&[u8; X25519], &[u8])> {
        let parts = match self.row().x25519_first {
            true => message.split_first_chunk(),
            false => message.split_last_chunk().map(|(kem, x)| (x, kem)),
        };
        parts.ok_or(Error::InvalidLength)
    }

    fn split_mut(self, message: &mut [u8]) -> Result<(&mut [u8; X25519], &mut [u8])> {
        let parts = match self.row().x25519_first {
            true => message.split_first_chunk_mut(),
            false => message.split_last_chunk_mut().map(|(kem, x)| (x, kem)),
        };
        parts.ok_or(Error::InvalidLength)
    }

    /// The session key of the two shared secrets.
    fn combine(self, secrets: &Shared, ct_x: &[u8; 32], pk_x: &[u8; 32]) -> Secret<32> {
        let (x, m) = (&secrets.x25519[..], &secrets.kem[..]);
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
        Self::ALL.into_iter().find(|known| *known as u32 == suite).ok_or(Error::InvalidArgument)
    }
}

/// Stack that is wiped after the two secrets were combined; providers wipe what lies deeper.
const STACK: usize = 4 << 10;

/// The two shared secrets, where they are computed; never moved.
#[derive(Default)]
struct Shared {
    x25519: Zeroizing<[u8; 32]>,
    kem: Zeroizing<[u8; 32]>,
}

/// What tells one session from another: the beginning of a hash of its key. Whoever finds two that are equal has a session of his own refused.
type Answer = [u8; 16];

/// The sessions that a pair has made. Most pairs make one, which takes no memory of its own.
#[derive(Default)]
enum Answered {
    #[default]
    None,
    One(Answer),
    More(BTreeSet<Answer>),
}

impl Answered {
    /// Whether it was new.
    fn insert(&mut self, answer: Answer) -> bool {
        match self {
            Answered::None => *self = Answered::One(answer),
            Answered::One(first) if *first == answer => return false,
            Answered::One(first) => *self = Answered::More(BTreeSet::from([*first, answer])),
            Answered::More(answers) => return answers.insert(answer),
        }
        true
    }
}

/// A responder's key pair. Usable from many threads at once; wiped when it is dropped. It is made in a box and should stay there: a move
/// would leave a copy of its secrets behind.
///
/// A pair whose sessions key media serves one process lifetime and is not restored from its seed for that purpose: a restarted responder
/// that answered a recorded message again would encrypt under a used key.
pub struct HybridKeypair {
    suite: Suite,
    kem: provider::KemKey,
    bundle: [u8; MAX_BUNDLE_BYTES],
    /// The private key as stored, and the X25519 key behind it unless it is a part of it.
    secrets: Zeroizing<[u8; MAX_SEED_BYTES]>,
    answered: Mutex<Answered>,
}

impl HybridKeypair {
    /// A fresh key pair. [`Error::RngFailed`] without randomness.
    pub fn generate(suite: Suite) -> Result<Box<Self>> {
        let mut seed = Zeroizing::new([0; MAX_SEED_BYTES]);
        let seed = &mut seed[..suite.seed_len()];
        crate::random(seed)?;
        Self::from_seed(suite, seed)
    }

    /// The key pair of a stored private key of [`Suite::seed_len`] bytes, else [`Error::InvalidLength`].
    pub fn from_seed(suite: Suite, seed: &[u8]) -> Result<Box<Self>> {
        if seed.len() != suite.seed_len() {
            return Err(Error::InvalidLength);
        }
        let mut expanded = Zeroizing::new([0; EXPANDED_BYTES]);
        match suite {
            Suite::V100HybridKxV1 => {
                expanded[..64].copy_from_slice(&seed[32..]);
                expanded[64..].copy_from_slice(&seed[..32]);
            }
            Suite::XWing => provider::shake256(seed, &mut expanded[..]),
        }
        let (seed_kem, sk_x) = expanded.split_first_chunk().ok_or(Error::Internal)?;
        let sk_x = sk_x.first_chunk().ok_or(Error::Internal)?;
        let kem = provider::KemKey::from_seed(suite.row().kem, seed_kem)?;
        let mut bundle = [0; MAX_BUNDLE_BYTES];
        let (x, ek) = suite.split_mut(&mut bundle[..suite.bundle_len()])?;
        *x = Active::x25519_public(sk_x);
        kem.public_key(ek);
        let secrets = Zeroizing::new([0; MAX_SEED_BYTES]);
        let mut pair = Box::new(HybridKeypair { suite, kem, bundle, secrets, answered: Mutex::default() });
        pair.secrets[..seed.len()].copy_from_slice(seed);
        pair.secrets[suite.row().sk_x..][..X25519].copy_from_slice(sk_x);
        Ok(pair)
    }

    /// The suite of this pair.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// The public bundle, [`Suite::bundle_len`] bytes.
    pub fn bundle(&self) -> &[u8] {
        &self.bundle[..self.suite.bundle_len()]
    }

    /// The private key as stored, [`Suite::seed_len`] bytes.
    pub fn seed(&self) -> &[u8] {
        &self.secrets[..self.suite.seed_len()]
    }

    /// Answers an exchange message of [`Suite::exchange_len`] bytes, else [`Error::InvalidLength`]. [`Error::NonContributory`] if its X25519
    /// key gives the all-zero result. An altered ML-KEM ciphertext is no error: it gives a session whose key the peer does not have.
    ///
    /// [`Error::KeyReused`] for a message that gives a session that this pair has made before: it would protect other media under the
    /// same keys. Each answer is remembered for as long as the pair lives, some 20 to 40 bytes.
    pub fn respond(&self, exchange: &[u8]) -> Result<Session> {
        let key = self.decapsulate(exchange)?;
        // Of the key, not of the message: X25519 ignores the top bit of what it is sent.
        let mut hash = [0; 32];
        Sha3::digest(&[b"pqrtc answered v1", key.as_bytes()], &mut hash);
        let answer = hash.first_chunk().ok_or(Error::Internal)?;
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.insert(*answer) { Ok(Session::new(key, Role::Responder)) } else { Err(Error::KeyReused) }
    }

    /// The suite as a plain KEM: the shared secret of a ciphertext of [`Suite::exchange_len`] bytes. Nothing is remembered.
    pub(crate) fn decapsulate(&self, ct: &[u8]) -> Result<Secret<32>> {
        if ct.len() != self.suite.exchange_len() {
            return Err(Error::InvalidLength);
        }
        let (ct_x, ct_kem) = self.suite.split(ct)?;
        let (pk_x, _) = self.suite.split(self.bundle())?;
        let sk_x = self.secrets[self.suite.row().sk_x..].first_chunk().ok_or(Error::Internal)?;
        scrubbed::<STACK, _>(|| {
            let mut shared = Shared::default();
            Active::x25519(sk_x, ct_x, &mut shared.x25519)?;
            self.kem.decapsulate(ct_kem, &mut shared.kem)?;
            Ok(self.suite.combine(&shared, ct_x, pk_x))
        })
    }
}

/// Answers a bundle: writes the exchange message for the responder and makes the session. [`Error::InvalidLength`] unless the two have
/// [`Suite::bundle_len`] and [`Suite::exchange_len`] bytes, [`Error::InvalidKey`] if the ML-KEM key fails the modulus check of FIPS 203
/// section 7.2, [`Error::NonContributory`] if the X25519 key gives the all-zero result, [`Error::RngFailed`] without randomness.
pub fn initiate(suite: Suite, bundle: &[u8], exchange: &mut [u8]) -> Result<Session> {
    Ok(Session::new(encapsulate(suite, bundle, exchange)?, Role::Initiator))
}

/// The suite as a plain KEM: fills `ct` and returns the shared secret. Errors as [`initiate`].
pub(crate) fn encapsulate(suite: Suite, ek: &[u8], ct: &mut [u8]) -> Result<Secret<32>> {
    let mut randomness = Zeroizing::new([0; 64]);
    crate::random(&mut randomness[..])?;
    encapsulate_with(suite, ek, &randomness, ct)
}

/// [`encapsulate`] with given randomness: the ML-KEM coins and the ephemeral X25519 key (the `eseed` of X-Wing).
pub(crate) fn encapsulate_with(suite: Suite, ek: &[u8], eseed: &[u8; 64], ct: &mut [u8]) -> Result<Secret<32>> {
    if ek.len() != suite.bundle_len() || ct.len() != suite.exchange_len() {
        return Err(Error::InvalidLength);
    }
    let (pk_x, ek_kem) = suite.split(ek)?;
    check_encapsulation_key(suite.row().kem, ek_kem)?;
    let (coins, rest) = eseed.split_first_chunk().ok_or(Error::Internal)?;
    let esk_x = rest.first_chunk().ok_or(Error::Internal)?;
    let mut shared = Shared::default();
    Active::x25519(esk_x, pk_x, &mut shared.x25519)?;
    let (ct_x, ct_kem) = suite.split_mut(ct)?;
    Active::kem_encapsulate(suite.row().kem, ek_kem, coins, ct_kem, &mut shared.kem).inspect_err(|_| ct_kem.fill(0))?;
    *ct_x = Active::x25519_public(esk_x);
    Ok(suite.combine(&shared, ct_x, pk_x))
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
            let pair = HybridKeypair::from_seed(Suite::XWing, &field("seed")).unwrap();
            assert_eq!(pair.bundle(), field("pk"));
            let eseed = field("eseed").try_into().unwrap();
            let mut ct = vec![0; Suite::XWing.exchange_len()];
            let ss = encapsulate_with(Suite::XWing, pair.bundle(), &eseed, &mut ct).unwrap();
            assert_eq!(ct, field("ct"));
            assert_eq!(ss.as_bytes()[..], field("ss"));
            assert_eq!(pair.decapsulate(&ct).unwrap().as_bytes()[..], field("ss"));
            assert_eq!(pair.respond(&ct).unwrap().key().as_bytes()[..], field("ss"));
        }
    }

    #[test]
    fn seeds_come_back_and_give_the_same_pair() {
        for suite in Suite::ALL {
            let pair = HybridKeypair::generate(suite).unwrap();
            let again = HybridKeypair::from_seed(suite, pair.seed()).unwrap();
            assert_eq!(pair.bundle(), again.bundle());
            for len in [0, 31, 33, 64, 95, 97] {
                assert_eq!(HybridKeypair::from_seed(suite, &vec![1; len]).err(), Some(Error::InvalidLength));
            }
        }
    }

    #[test]
    fn a_message_is_answered_once() {
        for suite in Suite::ALL {
            let pair = HybridKeypair::generate(suite).unwrap();
            for _ in 0..3 {
                let mut exchange = vec![0; suite.exchange_len()];
                initiate(suite, pair.bundle(), &mut exchange).unwrap();
                pair.respond(&exchange).unwrap();
                assert_eq!(pair.respond(&exchange).err(), Some(Error::KeyReused));
                // X25519 ignores the top bit; X-Wing hashes it and so makes another session.
                suite.split_mut(&mut exchange).unwrap().0[31] ^= 0x80;
                let altered = pair.respond(&exchange).err();
                assert_eq!(altered, (suite == Suite::V100HybridKxV1).then_some(Error::KeyReused));
                // A refused message is not remembered.
                suite.split_mut(&mut exchange).unwrap().0.fill(0);
                assert_eq!(pair.respond(&exchange).err(), Some(Error::NonContributory));
                assert_eq!(pair.respond(&exchange).err(), Some(Error::NonContributory));
            }
        }
    }

    #[test]
    fn lengths_are_checked_before_anything_is_written() {
        for suite in Suite::ALL {
            let pair = HybridKeypair::generate(suite).unwrap();
            for len in [0, 31, 32, suite.exchange_len() - 1, suite.exchange_len() + 1] {
                assert_eq!(pair.respond(&vec![9; len]).err(), Some(Error::InvalidLength));
                let mut exchange = vec![0xA5; len];
                assert_eq!(initiate(suite, pair.bundle(), &mut exchange).err(), Some(Error::InvalidLength));
                assert!(exchange.iter().all(|&byte| byte == 0xA5));
            }
            for len in [0, 31, 32, suite.bundle_len() - 1, suite.bundle_len() + 1] {
                let mut exchange = vec![0; suite.exchange_len()];
                assert_eq!(initiate(suite, &vec![9; len], &mut exchange).err(), Some(Error::InvalidLength));
            }
        }
    }
}
