//! The provider made of the crates of the V100 description: `pqcrypto-mlkem` and `pqcrypto-mldsa` (PQClean's C code), `x25519-dalek` and
//! `aes-gcm`, with what they lack from their RustCrypto siblings: seeded ML-DSA keys, AES-CTR, HMAC and HKDF.
//!
//! The pqcrypto crates are not used through their Rust API, which has no seeded keys, returns secrets by value and draws its own
//! randomness. The C functions below it are called with our buffers and our randomness, and the stack they ran on is wiped.
//!
//! Stack: at most 200 KiB (making a signing key), 100 KiB (signing) and 40 KiB (all else), so 256 KiB threads do. That is of optimised
//! code: a program built without any optimisation needs 512 KiB, and then the wipe may not reach to the bottom of what was used.

mod aead;
mod dsa;
mod kem;
#[cfg(all(test, unix))]
mod tests;

use super::{DsaAlgorithm, Hash, IncrementalHash, KemAlgorithm, Provider, scrubbed};
use crate::{Error, Result};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};

pub(crate) struct PqClean;

impl Provider for PqClean {
    const NAME: &'static core::ffi::CStr = c"pqclean";
    const KEMS: &'static [KemAlgorithm] = &[KemAlgorithm::MlKem768];
    const DSAS: &'static [DsaAlgorithm] = &[DsaAlgorithm::MlDsa65];
    type KemKey = kem::KemKey;
    type DsaKey = dsa::DsaKey;
    type Aead = aead::Aead;
    type Sha512 = Sha512;

    fn kem_encapsulate(_: KemAlgorithm, ek: &[u8], m: &[u8; 32], ct: &mut [u8], ss: &mut [u8; 32]) -> Result<()> {
        kem::encapsulate(ek, m, ct, ss)
    }

    fn dsa_verify(_: DsaAlgorithm, pk: &[u8], context: &[u8], message: &[u8], signature: &[u8]) -> Result<()> {
        dsa::verify(pk, context, message, signature)
    }

    fn ed25519_public(seed: &[u8; 32]) -> [u8; 32] {
        scrubbed::<SMALL, _>(|| SigningKey::from_bytes(seed).verifying_key().to_bytes())
    }

    fn ed25519_sign(seed: &[u8; 32], _: &[u8; 32], message: &[u8], signature: &mut [u8; 64]) -> Result<()> {
        scrubbed::<SMALL, _>(|| *signature = SigningKey::from_bytes(seed).sign(message).to_bytes());
        Ok(())
    }

    fn ed25519_verify(pk: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<()> {
        let key = VerifyingKey::from_bytes(pk).map_err(|_| Error::BadSignature)?;
        key.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| Error::BadSignature)
    }

    fn x25519_public(sk: &[u8; 32]) -> [u8; 32] {
        scrubbed::<SMALL, _>(|| PublicKey::from(&StaticSecret::from(*sk)).to_bytes())
    }

    fn x25519(sk: &[u8; 32], pk: &[u8; 32], ss: &mut [u8; 32]) -> Result<()> {
        scrubbed::<SMALL, _>(|| {
            let shared = StaticSecret::from(*sk).diffie_hellman(&PublicKey::from(*pk));
            if !shared.was_contributory() {
                return Err(Error::NonContributory);
            }
            ss.copy_from_slice(shared.as_bytes());
            Ok(())
        })
    }

    fn hmac_sha1(key: &[u8], message: &[u8], out: &mut [u8; 20]) {
        scrubbed::<SMALL, _>(|| {
            let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
            mac.update(message);
            *out = mac.finalize().into_bytes().into();
        });
    }

    fn hkdf_extract(hash: Hash, salt: &[u8], ikm: &[u8], prk: &mut [u8]) -> Result<()> {
        scrubbed::<SMALL, _>(|| match hash {
            Hash::Sha256 => prk.copy_from_slice(&Hkdf::<Sha256>::extract(Some(salt), ikm).0),
            Hash::Sha512 => prk.copy_from_slice(&Hkdf::<sha2::Sha512>::extract(Some(salt), ikm).0),
        });
        Ok(())
    }

    fn hkdf_expand(hash: Hash, prk: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
        scrubbed::<SMALL, _>(|| match hash {
            Hash::Sha256 => Hkdf::<Sha256>::from_prk(prk).ok()?.expand(info, out).ok(),
            Hash::Sha512 => Hkdf::<sha2::Sha512>::from_prk(prk).ok()?.expand(info, out).ok(),
        })
        .ok_or(Error::Internal)
    }
}

#[derive(Clone)]
pub(crate) struct Sha512(sha2::Sha512);

impl IncrementalHash<64> for Sha512 {
    fn new() -> Self {
        Sha512(Digest::new())
    }

    fn update(&mut self, data: &[u8]) {
        Digest::update(&mut self.0, data);
    }

    fn finish(&mut self, out: &mut [u8; 64]) {
        Digest::finalize_into_reset(&mut self.0, out.into());
    }
}

/// Stack that the curves and the hashes use (4 KiB), with a margin for other compilers.
const SMALL: usize = 8 << 10;
