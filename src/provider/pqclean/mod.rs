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
mod stack;
#[cfg(all(test, unix))]
mod tests;

use super::{DSA_PUBLIC_KEY, DSA_SIGNATURE, Hash, KEM_CIPHERTEXT, KEM_PUBLIC_KEY, Provider};
use crate::{Result, error::Error, secret::Secret};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use stack::scrubbed;
use x25519_dalek::{PublicKey, StaticSecret};

pub(crate) struct PqClean;

impl Provider for PqClean {
    const NAME: &'static core::ffi::CStr = c"pqclean";
    type KemKey = kem::KemKey;
    type DsaKey = dsa::DsaKey;
    type Aead = aead::Aead;

    fn kem_encapsulate(
        ek: &[u8; KEM_PUBLIC_KEY],
        m: &Secret<32>,
        ct: &mut [u8; KEM_CIPHERTEXT],
        ss: &mut Secret<32>,
    ) -> Result<()> {
        kem::encapsulate(ek, m, ct, ss)
    }

    fn dsa_verify(
        pk: &[u8; DSA_PUBLIC_KEY],
        context: &[u8],
        message: &[u8],
        signature: &[u8; DSA_SIGNATURE],
    ) -> Result<()> {
        dsa::verify(pk, context, message, signature)
    }

    fn x25519_public(sk: &Secret<32>) -> [u8; 32] {
        scrubbed::<SMALL, _>(|| PublicKey::from(&StaticSecret::from(*sk.as_bytes())).to_bytes())
    }

    fn x25519(sk: &Secret<32>, pk: &[u8; 32], ss: &mut Secret<32>) -> Result<()> {
        scrubbed::<SMALL, _>(|| {
            let shared = StaticSecret::from(*sk.as_bytes()).diffie_hellman(&PublicKey::from(*pk));
            if !shared.was_contributory() {
                return Err(Error::NonContributory);
            }
            ss.as_mut().copy_from_slice(shared.as_bytes());
            Ok(())
        })
    }

    fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
        scrubbed::<SMALL, _>(|| {
            let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
            mac.update(message);
            mac.finalize().into_bytes().into()
        })
    }

    fn hkdf(hash: Hash, salt: &[u8], ikm: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
        scrubbed::<SMALL, _>(|| match hash {
            Hash::Sha256 => Hkdf::<Sha256>::new(Some(salt), ikm).expand(info, out),
            Hash::Sha512 => Hkdf::<Sha512>::new(Some(salt), ikm).expand(info, out),
        })
        .map_err(|_| Error::Internal)
    }
}

/// Stack that X25519 and the hashes use (4 KiB), with a margin for other compilers.
const SMALL: usize = 8 << 10;
