//! ML-DSA-65: keys by `rustcrypto`, signatures by PQClean's C code.
//!
//! PQClean has neither seeded key generation nor the checks of an expanded key. Both read and write the expanded private key of FIPS 204. The C code is the portable one and must stay so: the AVX2
//! verifier accepts signatures that it should refuse.

use crate::provider::{DsaAlgorithm, DsaPrivateKey, rustcrypto, scrubbed};
use crate::{Error, Result, random};
use core::ffi::c_int;
// The crate that holds the C code; naming it is what links it.
use pqcrypto_mldsa as _;

const SIGNATURE: usize = DsaAlgorithm::MlDsa65.row().signature;
const MAX_CONTEXT: usize = 255;

/// Stack that signing uses (78 KiB), with a margin for other compilers.
pub(super) const SIGN_STACK: usize = 96 << 10;

unsafe extern "C" {
    fn PQCLEAN_MLDSA65_CLEAN_crypto_sign_signature_ctx(
        sig: *mut u8,
        sig_len: *mut usize,
        m: *const u8,
        m_len: usize,
        ctx: *const u8,
        ctx_len: usize,
        sk: *const u8,
    ) -> c_int;
    fn PQCLEAN_MLDSA65_CLEAN_crypto_sign_verify_ctx(
        sig: *const u8,
        sig_len: usize,
        m: *const u8,
        m_len: usize,
        ctx: *const u8,
        ctx_len: usize,
        pk: *const u8,
    ) -> c_int;
}

pub(super) fn verify(pk: &[u8], context: &[u8], message: &[u8], signature: &[u8]) -> Result<()> {
    if context.len() > MAX_CONTEXT {
        return Err(Error::InvalidLength);
    }
    // SAFETY: every pointer is to as many bytes as the length beside it says, and `pk` to 1952. All are read only.
    let status = unsafe {
        PQCLEAN_MLDSA65_CLEAN_crypto_sign_verify_ctx(
            signature.as_ptr(),
            signature.len(),
            message.as_ptr(),
            message.len(),
            context.as_ptr(),
            context.len(),
            pk.as_ptr(),
        )
    };
    if status == 0 { Ok(()) } else { Err(Error::BadSignature) }
}

pub(crate) struct DsaKey(rustcrypto::DsaKey);

impl DsaPrivateKey for DsaKey {
    fn from_seed(algorithm: DsaAlgorithm, seed: &[u8; 32]) -> Result<Self> {
        rustcrypto::DsaKey::from_seed(algorithm, seed).map(DsaKey)
    }

    fn from_expanded(algorithm: DsaAlgorithm, sk: &[u8]) -> Result<Self> {
        rustcrypto::DsaKey::from_expanded(algorithm, sk).map(DsaKey)
    }

    fn public_key(&self, pk: &mut [u8]) {
        self.0.public_key(pk);
    }

    fn expanded(&self, sk: &mut [u8]) -> Result<()> {
        self.0.expanded(sk)
    }

    fn sign(&self, context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        if context.len() > MAX_CONTEXT {
            return Err(Error::InvalidLength);
        }
        // PQClean draws the 32 bytes that hedge a signature from the operating system by itself, through a function of pqcrypto-internals
        // that panics when it gets none, and a panic under C aborts. So see first that there is randomness. What remains is a source that
        // answers here and fails a few microseconds later: Linux's never does once it is seeded.
        random(&mut [0; 32])?;
        let mut written = 0;
        let (out, sk) = (signature.as_mut_ptr(), self.0.sk().as_ptr());
        // SAFETY: 3309 bytes and a length to write, none of which overlap with what is read: as many bytes as the length beside each
        // pointer says, and 4032 of `sk`.
        let status = scrubbed::<SIGN_STACK, _>(|| unsafe {
            PQCLEAN_MLDSA65_CLEAN_crypto_sign_signature_ctx(
                out,
                &mut written,
                message.as_ptr(),
                message.len(),
                context.as_ptr(),
                context.len(),
                sk,
            )
        });
        if status == 0 && written == SIGNATURE { Ok(()) } else { Err(Error::Internal) }
    }

    #[cfg(test)]
    fn sign_with(&self, _: &[u8; 32], _: &[u8], _: &[u8], _: &mut [u8]) -> Result<()> {
        Err(Error::Unsupported)
    }
}
