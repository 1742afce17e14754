//! ML-DSA by `ml-dsa`.

use crate::provider::{DsaAlgorithm, DsaPrivateKey, scrubbed, shake256};
use crate::secret::{Secret, equal};
use crate::{Error, Result};
use core::ops::Range;
use ml_dsa::{ExpandedSigningKey, MlDsa65, MlDsa87, MlDsaParams, Signature, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

/// Stack that making a key uses (159 and 208 KiB) and that signing uses (137 KiB), with a margin for other compilers.
pub(crate) const KEY_STACK: usize = 224 << 10;
pub(super) const SIGN_STACK: usize = 160 << 10;

/// The expanded private key of FIPS 204 and its public key. The crate's own form takes 70 to 120 KB more, and saves a tenth of the time
/// of a signature.
pub(crate) struct DsaKey {
    algorithm: DsaAlgorithm,
    sk: Zeroizing<Vec<u8>>,
    pk: Vec<u8>,
}

/// The same expression for either parameter set.
macro_rules! each {
    ($algorithm:expr, $function:ident($($argument:expr),*)) => {
        match $algorithm {
            DsaAlgorithm::MlDsa65 => $function::<MlDsa65>($($argument),*),
            DsaAlgorithm::MlDsa87 => $function::<MlDsa87>($($argument),*),
        }
    };
}

impl DsaPrivateKey for DsaKey {
    fn from_seed(algorithm: DsaAlgorithm, seed: &[u8; 32]) -> Result<Self> {
        let row = algorithm.row();
        let mut key = DsaKey { algorithm, sk: Zeroizing::new(vec![0; row.expanded]), pk: vec![0; row.public_key] };
        scrubbed::<KEY_STACK, _>(|| each!(algorithm, expand(seed, &mut key.sk, &mut key.pk)));
        Ok(key)
    }

    fn from_expanded(algorithm: DsaAlgorithm, sk: &[u8]) -> Result<Self> {
        if !in_range(algorithm, sk) {
            return Err(Error::InvalidKey);
        }
        let row = algorithm.row();
        let mut key = DsaKey { algorithm, sk: Zeroizing::new(sk.to_vec()), pk: vec![0; row.public_key] };
        scrubbed::<KEY_STACK, _>(|| each!(algorithm, public_of(&key.sk, &mut key.pk)))?;
        Ok(key)
    }

    fn public_key(&self, pk: &mut [u8]) {
        pk.copy_from_slice(&self.pk);
    }

    fn expanded(&self, sk: &mut [u8]) -> Result<()> {
        sk.copy_from_slice(&self.sk);
        Ok(())
    }

    fn sign(&self, context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        let rnd = Secret::random()?;
        self.sign_by(rnd.as_bytes(), context, message, signature)
    }

    #[cfg(test)]
    fn sign_with(&self, rnd: &[u8; 32], context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        self.sign_by(rnd, context, message, signature)
    }
}

impl DsaKey {
    fn sign_by(&self, rnd: &[u8; 32], context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        let prefix = [0, context_len(context)?];
        let message = [&prefix[..], context, message];
        scrubbed::<SIGN_STACK, _>(|| each!(self.algorithm, sign(&self.sk, &message, rnd, signature)))
    }

    /// The expanded private key.
    #[cfg_attr(not(any(feature = "pqclean", test)), allow(dead_code))]
    pub(in crate::provider) fn sk(&self) -> &[u8] {
        &self.sk
    }
}

/// The length of a context as FIPS 204 writes it.
fn context_len(context: &[u8]) -> Result<u8> {
    u8::try_from(context.len()).map_err(|_| Error::InvalidLength)
}

// Deprecated in favour of the seed, which is what pqrtc stores where there is one.
#[allow(deprecated)]
fn expand<P: MlDsaParams>(seed: &[u8; 32], sk: &mut [u8], pk: &mut [u8]) {
    let key = SigningKey::<P>::from_seed(seed.into());
    sk.copy_from_slice(&key.expanded_key().to_expanded());
    pk.copy_from_slice(&key.as_ref().encode());
}

/// Where an expanded key, `rho || K || tr || s1 || s2 || t0`, has the hash of its public key.
const TR: Range<usize> = 64..128;

/// Whether every coefficient of the secret vectors is in -eta..eta (FIPS 204, algorithm 25, asks for it), in time that does not depend on
/// them. They are stored as eta minus the coefficient.
fn in_range(algorithm: DsaAlgorithm, sk: &[u8]) -> bool {
    let (bits, max, len) = match algorithm {
        DsaAlgorithm::MlDsa65 => (4, 8u32, 11 * 128),
        DsaAlgorithm::MlDsa87 => (3, 4u32, 15 * 96),
    };
    // Three bytes hold a whole number of coefficients of either width. The difference's sign bit is set for one that is too large.
    let excess = sk[TR.end..TR.end + len].chunks(3).fold(0, |seen, bytes| {
        let word = bytes.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte));
        (0..24).step_by(bits).fold(seen, |seen, at| seen | max.wrapping_sub(word >> at & ((1 << bits) - 1)))
    });
    excess >> 31 == 0
}

/// The public key of an expanded key, which must agree with itself: `tr` is the hash of the public key that follows from the rest, and a
/// signature verifies, which shows a wrong `t0`, though not one that is wrong in a few low bits.
fn public_of<P: MlDsaParams>(sk: &[u8], pk: &mut [u8]) -> Result<()> {
    let key = decode::<P>(sk)?;
    pk.copy_from_slice(&key.verifying_key().encode());
    let mut tr = [0; 64];
    shake256(pk, &mut tr);
    let signature = key.sign_internal(&[b"agrees"], &[0; 32].into());
    if equal(&tr, &sk[TR]) && key.verifying_key().verify_internal(b"agrees", &signature) {
        Ok(())
    } else {
        Err(Error::InvalidKey)
    }
}

#[allow(deprecated)]
#[inline(never)]
fn decode<P: MlDsaParams>(sk: &[u8]) -> Result<Box<ExpandedSigningKey<P>>> {
    let sk = sk.try_into().map_err(|_| Error::Internal)?;
    Ok(Box::new(ExpandedSigningKey::from_expanded(sk)))
}

fn sign<P: MlDsaParams>(sk: &[u8], message: &[&[u8]], rnd: &[u8; 32], signature: &mut [u8]) -> Result<()> {
    let key = decode::<P>(sk)?;
    signature.copy_from_slice(&key.sign_internal(message, rnd.into()).encode());
    Ok(())
}

pub(super) fn verify(
    algorithm: DsaAlgorithm,
    pk: &[u8],
    context: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    context_len(context)?;
    each!(algorithm, verify_with(pk, context, message, signature))
}

fn verify_with<P: MlDsaParams>(pk: &[u8], context: &[u8], message: &[u8], signature: &[u8]) -> Result<()> {
    let key = VerifyingKey::<P>::decode(pk.try_into().map_err(|_| Error::Internal)?);
    let signature = Signature::<P>::try_from(signature).map_err(|_| Error::BadSignature)?;
    if key.verify_with_context(message, context, &signature) { Ok(()) } else { Err(Error::BadSignature) }
}
