//! The provider made of the crates of the V100 description: `pqcrypto-mlkem` and `pqcrypto-mldsa` (PQClean's C code) for ML-KEM-768 and
//! ML-DSA-65, and `rustcrypto` for all else. It has no ML-KEM-1024 and no ML-DSA-87.
//!
//! The pqcrypto crates are not used through their Rust API, which has no seeded keys, returns secrets by value and draws its own
//! randomness. The C functions below it are called with our buffers and our randomness, and the stack they ran on is wiped.
//!
//! Stack: as `rustcrypto`, except that signing takes 100 KiB and ML-KEM 40 KiB.

mod dsa;
mod kem;
#[cfg(all(test, unix))]
mod tests;

use super::rustcrypto::{self, RustCrypto};
use super::{DsaAlgorithm, Hash, KemAlgorithm, Provider};
use crate::Result;

pub(crate) struct PqClean;

impl Provider for PqClean {
    const NAME: &'static core::ffi::CStr = c"pqclean";
    const KEMS: &'static [KemAlgorithm] = &[KemAlgorithm::MlKem768];
    const DSAS: &'static [DsaAlgorithm] = &[DsaAlgorithm::MlDsa65];
    type KemKey = kem::KemKey;
    type DsaKey = dsa::DsaKey;
    type Aead = rustcrypto::Aead;
    type Sha512 = rustcrypto::Sha512;

    fn kem_encapsulate(_: KemAlgorithm, ek: &[u8], m: &[u8; 32], ct: &mut [u8], ss: &mut [u8; 32]) -> Result<()> {
        kem::encapsulate(ek, m, ct, ss)
    }

    fn dsa_verify(_: DsaAlgorithm, pk: &[u8], context: &[u8], message: &[u8], signature: &[u8]) -> Result<()> {
        dsa::verify(pk, context, message, signature)
    }

    fn ed25519_public(seed: &[u8; 32]) -> [u8; 32] {
        RustCrypto::ed25519_public(seed)
    }

    fn ed25519_sign(seed: &[u8; 32], pk: &[u8; 32], message: &[u8], signature: &mut [u8; 64]) -> Result<()> {
        RustCrypto::ed25519_sign(seed, pk, message, signature)
    }

    fn ed25519_verify(pk: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<()> {
        RustCrypto::ed25519_verify(pk, message, signature)
    }

    fn x25519_public(sk: &[u8; 32]) -> [u8; 32] {
        RustCrypto::x25519_public(sk)
    }

    fn x25519(sk: &[u8; 32], pk: &[u8; 32], ss: &mut [u8; 32]) -> Result<()> {
        RustCrypto::x25519(sk, pk, ss)
    }

    fn hmac_sha1(key: &[u8], message: &[u8], mac: &mut [u8; 20]) {
        RustCrypto::hmac_sha1(key, message, mac);
    }

    fn hkdf_extract(hash: Hash, salt: &[u8], ikm: &[u8], prk: &mut [u8]) -> Result<()> {
        RustCrypto::hkdf_extract(hash, salt, ikm, prk)
    }

    fn hkdf_expand(hash: Hash, prk: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
        RustCrypto::hkdf_expand(hash, prk, info, out)
    }
}
