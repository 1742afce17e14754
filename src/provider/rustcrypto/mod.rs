//! The provider in pure Rust, for targets without a C compiler (WebAssembly among them) and for Miri: the RustCrypto crates, and the
//! dalek crates for Curve25519.
//!
//! Rust leaves a copy of whatever it moves, so everything that sees a secret runs on a piece of stack that is wiped afterwards.
//!
//! Stack: at most 240 KiB (making an ML-DSA-87 key), 208 KiB (making an ML-DSA-65 key), 176 KiB (signing), 72 KiB (ML-KEM) and 16 KiB
//! (all else), so 256 KiB threads do. That is of optimised code: a program built without any optimisation needs 512 KiB, and then the
//! wipe may not reach to the bottom of what was used.

mod aead;
mod dsa;
mod kem;
#[cfg(all(test, unix))]
pub(in crate::provider) mod tests;

use super::{DsaAlgorithm, Hash, IncrementalHash, KemAlgorithm, Provider, scrubbed};
use crate::{Error, Result};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use hkdf::{Hkdf, HkdfExtract};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use sha2::digest::{Digest, FixedOutputReset};
use x25519_dalek::{PublicKey, StaticSecret};

pub(super) use aead::Aead;
pub(super) use dsa::DsaKey;
pub(super) use kem::KemKey;

pub(crate) struct RustCrypto;

/// Stack that Curve25519 and the hashes use (8 KiB), with a margin for other compilers.
const SMALL: usize = 16 << 10;

impl Provider for RustCrypto {
    const NAME: &'static core::ffi::CStr = c"rustcrypto";
    const KEMS: &'static [KemAlgorithm] = &[KemAlgorithm::MlKem768, KemAlgorithm::MlKem1024];
    const DSAS: &'static [DsaAlgorithm] = &[DsaAlgorithm::MlDsa65, DsaAlgorithm::MlDsa87];
    type KemKey = KemKey;
    type DsaKey = DsaKey;
    type Aead = Aead;
    type Sha512 = Sha512;

    fn kem_encapsulate(
        algorithm: KemAlgorithm,
        ek: &[u8],
        m: &[u8; 32],
        ct: &mut [u8],
        ss: &mut [u8; 32],
    ) -> Result<()> {
        kem::encapsulate(algorithm, ek, m, ct, ss)
    }

    fn dsa_verify(algorithm: DsaAlgorithm, pk: &[u8], context: &[u8], message: &[u8], signature: &[u8]) -> Result<()> {
        dsa::verify(algorithm, pk, context, message, signature)
    }

    fn ed25519_public(seed: &[u8; 32]) -> [u8; 32] {
        scrubbed::<SMALL, _>(|| SigningKey::from_bytes(seed).verifying_key().to_bytes())
    }

    fn ed25519_sign(seed: &[u8; 32], _pk: &[u8; 32], message: &[u8], signature: &mut [u8; 64]) -> Result<()> {
        // The crate takes no public key beside a private one, for fear of a wrong one, and makes its own.
        scrubbed::<SMALL, _>(|| {
            *signature = SigningKey::from_bytes(seed).try_sign(message).map_err(|_| Error::Internal)?.to_bytes();
            Ok(())
        })
    }

    fn ed25519_verify(pk: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<()> {
        VerifyingKey::from_bytes(pk)
            .and_then(|key| key.verify(message, &Signature::from_bytes(signature)))
            .map_err(|_| Error::BadSignature)
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

    fn hmac_sha1(key: &[u8], message: &[u8], mac: &mut [u8; 20]) {
        scrubbed::<SMALL, _>(|| {
            let mut hmac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
            hmac.update(message);
            mac.copy_from_slice(&hmac.finalize().into_bytes());
        });
    }

    fn hkdf_extract(hash: Hash, salt: &[u8], ikm: &[u8], prk: &mut [u8]) -> Result<()> {
        macro_rules! extract {
            ($hash:ty) => {{
                let mut extract = HkdfExtract::<$hash>::new(Some(salt));
                extract.input_ikm(ikm);
                prk.copy_from_slice(&extract.finalize().0);
            }};
        }
        scrubbed::<SMALL, _>(|| match hash {
            Hash::Sha256 => extract!(Sha256),
            Hash::Sha512 => extract!(sha2::Sha512),
        });
        Ok(())
    }

    fn hkdf_expand(hash: Hash, prk: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
        macro_rules! expand {
            ($hash:ty) => {
                Hkdf::<$hash>::from_prk(prk).ok().and_then(|hkdf| hkdf.expand(info, out).ok())
            };
        }
        scrubbed::<SMALL, _>(|| match hash {
            Hash::Sha256 => expand!(Sha256),
            Hash::Sha512 => expand!(sha2::Sha512),
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
        FixedOutputReset::finalize_into_reset(&mut self.0, out.into());
    }
}
