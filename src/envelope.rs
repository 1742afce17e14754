//! Envelopes: a payload sealed for the holder of a KEM key, in one message and from nobody in particular. HPKE in base mode (RFC 9180,
//! draft-ietf-hpke-pq) with HKDF-SHA512 and AES-256-GCM: what any HPKE library with these algorithms opens.
//!
//! ```text
//! envelope = enc || ciphertext || tag
//! ```
//!
//! All context goes into `info`, and the additional data is empty. An envelope does not say who made it: sign it, and whom it is for with
//! it, where that matters. docs/envelopes.md has the formats for TURN credentials and for API keys.

use crate::kem::{KemAlgorithm, KemKeypair};
use crate::protocol::{Rng, Suite, TAG_BYTES, hash};
use crate::provider::{Active, Aead, AeadAlgorithm, AeadKey, Hash, InOut, Provider};
use crate::secret::Secret;
use crate::signing::{self, SignatureAlgorithm, SigningKey};
use crate::suite::{self as hybrid, HybridKeypair};
use crate::{Error, Result};

/// The longest payload, in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 1 << 20;
/// The longest context, in bytes.
pub const MAX_INFO_BYTES: usize = 65535;

const SIGN_CONTEXT: &[u8] = b"pqrtc api-key-envelope v2";

const VERSION: &[u8] = b"HPKE-v1";
const HKDF_SHA512: u16 = 0x0003;
const AES_256_GCM: u16 = 0x0002;
const NONCE_BYTES: usize = 12;

/// What an envelope adds to its payload, in bytes: 1,136 in suite 1, 1,584 in suite 2.
pub const fn overhead(suite: Suite) -> usize {
    suite.ciphertext_len() + TAG_BYTES
}

/// The key that opens envelopes of a suite.
#[derive(Clone, Copy)]
pub enum Key<'a> {
    /// Of suite 1: an X-Wing pair.
    XWing(&'a HybridKeypair),
    /// Of suite 2: an ML-KEM-1024 pair.
    MlKem1024(&'a KemKeypair),
}

impl Key<'_> {
    /// [`Error::InvalidArgument`] for a pair of another suite or algorithm.
    pub fn suite(self) -> Result<Suite> {
        match self {
            Key::XWing(pair) if pair.suite() == hybrid::Suite::XWing => Ok(Suite::Default),
            Key::MlKem1024(pair) if pair.algorithm() == KemAlgorithm::MlKem1024 => Ok(Suite::Cnsa2),
            _ => Err(Error::InvalidArgument),
        }
    }
}

/// Seals a payload (at most 1 MiB) under a context (at most 65535 bytes) for the holder of a public key. Writes
/// `payload.len() + overhead(suite)` bytes to `out` and returns how many.
///
/// In this order: [`Error::Unsupported`] if this build lacks the suite, [`Error::InvalidLength`], [`Error::BufferTooSmall`],
/// [`Error::InvalidKey`] for a key that fails the modulus check of FIPS 203 section 7.2, [`Error::NonContributory`]. `out` is zeroed or
/// untouched on failure.
pub fn seal(suite: Suite, public_key: &[u8], info: &[u8], payload: &[u8], out: &mut [u8]) -> Result<usize> {
    seal_with(suite, public_key, info, payload, out, &Rng::default())
}

fn seal_with(suite: Suite, public_key: &[u8], info: &[u8], payload: &[u8], out: &mut [u8], rng: &Rng) -> Result<usize> {
    suite.check()?;
    let too_long = info.len() > MAX_INFO_BYTES || payload.len() > MAX_PAYLOAD_BYTES;
    if public_key.len() != suite.public_key_len() || too_long {
        return Err(Error::InvalidLength);
    }
    let len = payload.len() + overhead(suite);
    let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
    suite.check_public_key(public_key)?;
    let mut seal = || {
        let (enc, rest) = out.split_at_mut(suite.ciphertext_len());
        let (ciphertext, tag) = rest.split_at_mut(payload.len());
        let shared = suite.encapsulate(public_key, rng, enc)?;
        let (key, nonce) = schedule(suite, &shared, info)?;
        key.seal(&nonce, b"", InOut::Apart(payload, ciphertext), tag)
    };
    seal().inspect_err(|_| out.fill(0))?;
    Ok(len)
}

/// Opens an envelope: writes its payload to `out` and returns how many bytes. In this order: [`Error::InvalidArgument`] for a key of no
/// suite, [`Error::InvalidLength`], [`Error::BufferTooSmall`], [`Error::DecryptionFailed`] if it was altered, is for another key, or was
/// sealed under another context. `out` is zeroed or untouched on failure.
pub fn open(key: Key, info: &[u8], envelope: &[u8], out: &mut [u8]) -> Result<usize> {
    let suite = key.suite()?;
    let len = envelope.len().checked_sub(overhead(suite)).ok_or(Error::InvalidLength)?;
    if len > MAX_PAYLOAD_BYTES || info.len() > MAX_INFO_BYTES {
        return Err(Error::InvalidLength);
    }
    let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
    let (enc, rest) = envelope.split_at(suite.ciphertext_len());
    let (ciphertext, tag) = rest.split_at(len);
    let shared = match key {
        Key::XWing(pair) => pair.decapsulate(enc),
        Key::MlKem1024(pair) => pair.decapsulate(enc),
    };
    // An X25519 share that gives zero is an altered envelope like any other.
    let shared =
        shared.map_err(|error| if error == Error::NonContributory { Error::DecryptionFailed } else { error })?;
    let (key, nonce) = schedule(suite, &shared, info)?;
    key.open(&nonce, b"", InOut::Apart(ciphertext, out), tag)?;
    Ok(len)
}

/// Signs an envelope, and who it is for with it: the issuer of an API key does. The signature has the length of the key's algorithm, else
/// [`Error::InvalidLength`]; lengths of the others as in [`seal`].
pub fn sign(issuer: &SigningKey, info: &[u8], envelope: &[u8], signature: &mut [u8]) -> Result<()> {
    issuer.sign_any(SIGN_CONTEXT, &signed(info, envelope)?, signature)
}

/// Verifies what [`sign`] made, with the issuer's public key: [`Error::BadSignature`] if it is not a signature of this envelope under this
/// context.
pub fn verify(
    algorithm: SignatureAlgorithm,
    public_key: &[u8],
    info: &[u8],
    envelope: &[u8],
    signature: &[u8],
) -> Result<()> {
    signing::verify(algorithm, public_key, SIGN_CONTEXT, &signed(info, envelope)?, signature)
}

fn signed(info: &[u8], envelope: &[u8]) -> Result<Vec<u8>> {
    if info.len() > MAX_INFO_BYTES || envelope.len() > MAX_PAYLOAD_BYTES + overhead(Suite::Cnsa2) {
        return Err(Error::InvalidLength);
    }
    joined(&[&hash(&[info]), envelope])
}

/// RFC 9180 section 5.1, base mode: the key and the nonce of the first message.
fn schedule(suite: Suite, shared: &Secret<32>, info: &[u8]) -> Result<(Aead, [u8; NONCE_BYTES])> {
    let kem: u16 = match suite {
        Suite::Default => 0x647a,
        Suite::Cnsa2 => 0x0042,
    };
    let mut id = *b"HPKE\0\0\0\0\0\0";
    for (part, number) in id[4..].chunks_exact_mut(2).zip([kem, HKDF_SHA512, AES_256_GCM]) {
        part.copy_from_slice(&number.to_be_bytes());
    }
    let mut context = [0; 1 + 64 + 64];
    let (psk_id_hash, info_hash) = context[1..].split_at_mut(64);
    labeled_extract(&id, b"", b"psk_id_hash", b"", psk_id_hash)?;
    labeled_extract(&id, b"", b"info_hash", info, info_hash)?;
    let mut secret = Secret::<64>::zero();
    labeled_extract(&id, shared.as_bytes(), b"secret", b"", secret.as_mut())?;
    let (mut key, mut nonce) = (Secret::<32>::zero(), [0; NONCE_BYTES]);
    labeled_expand(&id, &secret, b"key", &context, key.as_mut())?;
    labeled_expand(&id, &secret, b"base_nonce", &context, &mut nonce)?;
    Ok((Aead::new(AeadAlgorithm::Aes256Gcm, key.as_bytes())?, nonce))
}

fn labeled_extract(id: &[u8], salt: &[u8], label: &[u8], ikm: &[u8], out: &mut [u8]) -> Result<()> {
    Active::hkdf_extract(Hash::Sha512, salt, &joined(&[VERSION, id, label, ikm])?, out)
}

fn labeled_expand(id: &[u8], prk: &Secret<64>, label: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
    let len = (out.len() as u16).to_be_bytes();
    Active::hkdf_expand(Hash::Sha512, prk.as_bytes(), &joined(&[&len, VERSION, id, label, info])?, out)
}

fn joined(parts: &[&[u8]]) -> Result<Vec<u8>> {
    let mut joined = Vec::new();
    joined.try_reserve_exact(parts.iter().map(|part| part.len()).sum()).map_err(|_| Error::OutOfMemory)?;
    parts.iter().for_each(|part| joined.extend_from_slice(part));
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::KemKey;

    fn pairs() -> Vec<(Suite, KemKey)> {
        let suites = [Suite::Default, Suite::Cnsa2].into_iter().filter(|suite| suite.check().is_ok());
        suites.map(|suite| (suite, KemKey::generate(suite, &Rng::default()).unwrap())).collect()
    }

    fn key(pair: &KemKey) -> Key<'_> {
        match pair {
            KemKey::XWing(pair) => Key::XWing(pair),
            KemKey::MlKem(pair) => Key::MlKem1024(pair),
        }
    }

    #[test]
    fn payloads_come_back_and_nothing_else_opens() {
        for (suite, pair) in pairs() {
            let (_, other) = pairs().into_iter().find(|(of, _)| *of == suite).unwrap();
            let public = pair.public_key();
            for len in [0, 1, 28, 100_000] {
                let payload = vec![7; len];
                let mut envelope = vec![0; len + overhead(suite)];
                assert_eq!(seal(suite, public, b"info", &payload, &mut envelope), Ok(envelope.len()));
                let mut out = vec![0; len];
                assert_eq!(open(key(&pair), b"info", &envelope, &mut out), Ok(len));
                assert_eq!(out, payload);
                assert_eq!(open(key(&pair), b"Info", &envelope, &mut out), Err(Error::DecryptionFailed));
                assert_eq!(open(key(&other), b"info", &envelope, &mut out), Err(Error::DecryptionFailed));
                assert!(out.iter().all(|byte| *byte == 0));
                for at in (0..envelope.len()).step_by(envelope.len() / 50).chain([envelope.len() - 1]) {
                    let mut altered = envelope.clone();
                    altered[at] ^= 1;
                    assert_eq!(open(key(&pair), b"info", &altered, &mut out), Err(Error::DecryptionFailed), "{at}");
                }
                if len > 0 {
                    assert_eq!(open(key(&pair), b"info", &envelope, &mut out[1..]), Err(Error::BufferTooSmall));
                }
            }
            let short = vec![0; overhead(suite) - 1];
            assert_eq!(open(key(&pair), b"", &short, &mut [0; 8]), Err(Error::InvalidLength));
        }
    }

    #[test]
    fn keys_of_another_kind_are_refused() {
        let mut out = [0; 2000];
        assert_eq!(seal(Suite::Default, &[0; 1215], b"", b"", &mut out), Err(Error::InvalidLength));
        assert_eq!(seal(Suite::Default, &[0xff; 1216], b"", b"", &mut out), Err(Error::InvalidKey));
        assert_eq!(seal(Suite::Default, &[1; 1216], b"", b"", &mut out[..1135]), Err(Error::BufferTooSmall));
        let v100 = HybridKeypair::generate(hybrid::Suite::V100HybridKxV1).unwrap();
        assert_eq!(open(Key::XWing(&v100), b"", &[0; 1200], &mut out), Err(Error::InvalidArgument));
        let small = KemKeypair::generate(KemAlgorithm::MlKem768).unwrap();
        assert_eq!(open(Key::MlKem1024(&small), b"", &[0; 1700], &mut out), Err(Error::InvalidArgument));
    }

    #[test]
    fn a_signed_envelope_names_whom_it_is_for() {
        let issuer = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519).unwrap();
        let mut signature = vec![0; issuer.algorithm().signature_len()];
        sign(&issuer, b"for alice", b"envelope", &mut signature).unwrap();
        let check =
            |info: &[u8], envelope: &[u8]| verify(issuer.algorithm(), issuer.public_key(), info, envelope, &signature);
        assert_eq!(check(b"for alice", b"envelope"), Ok(()));
        assert_eq!(check(b"for mallory", b"envelope"), Err(Error::BadSignature));
        assert_eq!(check(b"for alice", b"envelopes"), Err(Error::BadSignature));
    }
}
