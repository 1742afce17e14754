//! ML-KEM and ML-DSA.

use super::{Owned, ok, ok_or, sys};
use crate::provider::{DsaAlgorithm, DsaPrivateKey, KemAlgorithm, KemPrivateKey};
use crate::{Error, Result};
use core::ffi::c_int;
use core::ptr::{null, null_mut};

const fn kem_id(algorithm: KemAlgorithm) -> c_int {
    match algorithm {
        KemAlgorithm::MlKem768 => sys::NID_MLKEM768,
        KemAlgorithm::MlKem1024 => sys::NID_MLKEM1024,
    }
}

const fn dsa_id(algorithm: DsaAlgorithm) -> c_int {
    match algorithm {
        DsaAlgorithm::MlDsa65 => sys::NID_MLDSA65,
        DsaAlgorithm::MlDsa87 => sys::NID_MLDSA87,
    }
}

pub(super) fn encapsulate(
    algorithm: KemAlgorithm,
    ek: &[u8],
    m: &[u8; 32],
    ct: &mut [u8],
    ss: &mut [u8; 32],
) -> Result<()> {
    let (mut ct_len, mut ss_len, mut m_len) = (ct.len(), ss.len(), m.len());
    // SAFETY: all buffers have the lengths passed beside them, and aws-lc checks those; the contexts live until the end of the block.
    unsafe {
        let key = Owned::new(sys::EVP_PKEY_kem_new_raw_public_key(kem_id(algorithm), ek.as_ptr(), ek.len()))?;
        let ctx = Owned::new(sys::EVP_PKEY_CTX_new(key.get(), null_mut()))?;
        ok(sys::EVP_PKEY_encapsulate_deterministic(
            ctx.get(),
            ct.as_mut_ptr(),
            &mut ct_len,
            ss.as_mut_ptr(),
            &mut ss_len,
            m.as_ptr(),
            &mut m_len,
        ))
    }
}

pub(super) fn verify(
    algorithm: DsaAlgorithm,
    pk: &[u8],
    context: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<()> {
    // SAFETY: all buffers have the lengths passed beside them, and aws-lc checks those; the contexts live until the end of the block.
    unsafe {
        let key = Owned::new(sys::EVP_PKEY_pqdsa_new_raw_public_key(dsa_id(algorithm), pk.as_ptr(), pk.len()))?;
        let ctx = Owned::new(sys::EVP_MD_CTX_new())?;
        let mut pctx = null_mut();
        ok(sys::EVP_DigestVerifyInit(ctx.get(), &mut pctx, null(), null_mut(), key.get()))?;
        set_context(pctx, context)?;
        let verified =
            sys::EVP_DigestVerify(ctx.get(), signature.as_ptr(), signature.len(), message.as_ptr(), message.len());
        ok_or(verified, Error::BadSignature)
    }
}

pub(crate) struct KemKey(Owned<sys::EVP_PKEY>);

impl KemPrivateKey for KemKey {
    fn from_seed(algorithm: KemAlgorithm, seed: &[u8; 64]) -> Result<Self> {
        let mut key = null_mut();
        let mut seed_len = seed.len();
        // SAFETY: the seed has the length passed beside it; the context lives until the end of the block.
        unsafe {
            let ctx = Owned::new(sys::EVP_PKEY_CTX_new_id(sys::EVP_PKEY_KEM, null_mut()))?;
            ok(sys::EVP_PKEY_CTX_kem_set_params(ctx.get(), kem_id(algorithm)))?;
            ok(sys::EVP_PKEY_keygen_init(ctx.get()))?;
            ok_or(
                sys::EVP_PKEY_keygen_deterministic(ctx.get(), &mut key, seed.as_ptr(), &mut seed_len),
                Error::OutOfMemory,
            )?;
            Owned::new(key).map(KemKey)
        }
    }

    fn from_expanded(algorithm: KemAlgorithm, dk: &[u8]) -> Result<Self> {
        let ek = &dk[algorithm.vector_len()..][..algorithm.public_key_len()];
        // SAFETY: both have the lengths passed beside them.
        unsafe {
            let id = kem_id(algorithm);
            Owned::new(sys::EVP_PKEY_kem_new_raw_key(id, ek.as_ptr(), ek.len(), dk.as_ptr(), dk.len())).map(KemKey)
        }
    }

    fn public_key(&self, ek: &mut [u8]) {
        raw_public_key(&self.0, ek);
    }

    fn expanded(&self, dk: &mut [u8]) -> Result<()> {
        raw_private_key(&self.0, dk)
    }

    fn decapsulate(&self, ct: &[u8], ss: &mut [u8; 32]) -> Result<()> {
        let mut ss_len = ss.len();
        // SAFETY: the buffers have the lengths passed beside them; the key's reference count is atomic.
        unsafe {
            let ctx = Owned::new(sys::EVP_PKEY_CTX_new(self.0.get(), null_mut()))?;
            ok(sys::EVP_PKEY_decapsulate(ctx.get(), ss.as_mut_ptr(), &mut ss_len, ct.as_ptr(), ct.len()))
        }
    }
}

pub(crate) struct DsaKey(Owned<sys::EVP_PKEY>);

impl DsaKey {
    /// aws-lc tells a seed from an expanded key by its length. `error` is for a key that it refuses.
    fn raw(algorithm: DsaAlgorithm, key: &[u8], error: Error) -> Result<Self> {
        // SAFETY: the key has the length passed beside it.
        unsafe {
            let key = sys::EVP_PKEY_pqdsa_new_raw_private_key(dsa_id(algorithm), key.as_ptr(), key.len());
            Owned::new_or(key, error).map(DsaKey)
        }
    }
}

impl DsaPrivateKey for DsaKey {
    fn from_seed(algorithm: DsaAlgorithm, seed: &[u8; 32]) -> Result<Self> {
        Self::raw(algorithm, seed, Error::OutOfMemory)
    }

    fn from_expanded(algorithm: DsaAlgorithm, sk: &[u8]) -> Result<Self> {
        Self::raw(algorithm, sk, Error::InvalidKey)
    }

    fn public_key(&self, pk: &mut [u8]) {
        raw_public_key(&self.0, pk);
    }

    fn expanded(&self, sk: &mut [u8]) -> Result<()> {
        raw_private_key(&self.0, sk)
    }

    fn sign(&self, context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        // aws-lc draws the hedge itself and aborts when its source fails, so we see first whether there is one. What remains is a
        // source that fails between these two lines.
        crate::random(&mut [0; 32])?;
        let mut len = signature.len();
        // SAFETY: all buffers have the lengths passed beside them; the key's reference count is atomic.
        unsafe {
            let ctx = Owned::new(sys::EVP_MD_CTX_new())?;
            let mut pctx = null_mut();
            ok(sys::EVP_DigestSignInit(ctx.get(), &mut pctx, null(), null_mut(), self.0.get()))?;
            set_context(pctx, context)?;
            ok(sys::EVP_DigestSign(ctx.get(), signature.as_mut_ptr(), &mut len, message.as_ptr(), message.len()))
        }
    }

    #[cfg(test)]
    fn sign_with(&self, rnd: &[u8; 32], context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        deterministic::sign(self.0.get(), rnd, context, message, signature)
    }
}

fn raw_public_key(key: &Owned<sys::EVP_PKEY>, out: &mut [u8]) {
    let mut len = out.len();
    // SAFETY: the buffer has the length passed beside it.
    let code = unsafe { sys::EVP_PKEY_get_raw_public_key(key.get(), out.as_mut_ptr(), &mut len) };
    debug_assert!(code == 1 && len == out.len());
}

/// The expanded form.
fn raw_private_key(key: &Owned<sys::EVP_PKEY>, out: &mut [u8]) -> Result<()> {
    let mut len = out.len();
    // SAFETY: the buffer has the length passed beside it.
    ok(unsafe { sys::EVP_PKEY_get_raw_private_key(key.get(), out.as_mut_ptr(), &mut len) })?;
    if len == out.len() { Ok(()) } else { Err(Error::Internal) }
}

/// # Safety
/// `pctx` belongs to a live signing or verifying context.
unsafe fn set_context(pctx: *mut sys::EVP_PKEY_CTX, context: &[u8]) -> Result<()> {
    if context.is_empty() {
        return Ok(());
    }
    // SAFETY: as promised; the context string has the length passed beside it and is copied.
    ok(unsafe { sys::EVP_PKEY_CTX_set1_signature_context_string(pctx, context.as_ptr(), context.len()) })
}

/// ML-DSA with given randomness, for test vectors. aws-lc has it but does not declare it, and its name carries the version of the crate.
#[cfg(test)]
mod deterministic {
    use super::*;

    type SignInternal =
        unsafe extern "C" fn(*const u8, *mut u8, *mut usize, *const u8, usize, *const u8, usize, *const u8) -> c_int;

    unsafe extern "C" {
        #[link_name = "aws_lc_0_47_0_ml_dsa_65_sign_internal"]
        fn sign_65(
            sk: *const u8,
            sig: *mut u8,
            sig_len: *mut usize,
            m: *const u8,
            m_len: usize,
            pre: *const u8,
            pre_len: usize,
            rnd: *const u8,
        ) -> c_int;
        #[link_name = "aws_lc_0_47_0_ml_dsa_87_sign_internal"]
        fn sign_87(
            sk: *const u8,
            sig: *mut u8,
            sig_len: *mut usize,
            m: *const u8,
            m_len: usize,
            pre: *const u8,
            pre_len: usize,
            rnd: *const u8,
        ) -> c_int;
    }

    pub fn sign(
        key: *mut sys::EVP_PKEY,
        rnd: &[u8; 32],
        context: &[u8],
        message: &[u8],
        signature: &mut [u8],
    ) -> Result<()> {
        let of = |algorithm: &DsaAlgorithm| algorithm.row().signature == signature.len();
        let algorithm = DsaAlgorithm::ALL.into_iter().find(of).ok_or(Error::Internal)?;
        let sign: SignInternal = match algorithm {
            DsaAlgorithm::MlDsa65 => sign_65,
            DsaAlgorithm::MlDsa87 => sign_87,
        };
        let mut sk = vec![0; algorithm.row().expanded];
        let (mut sk_len, mut len) = (sk.len(), signature.len());
        let pre = [&[0, context.len() as u8], context].concat();
        // SAFETY: every buffer has the length passed beside it or the one of the parameter set.
        unsafe {
            ok(sys::EVP_PKEY_get_raw_private_key(key, sk.as_mut_ptr(), &mut sk_len))?;
            ok(sign(
                sk.as_ptr(),
                signature.as_mut_ptr(),
                &mut len,
                message.as_ptr(),
                message.len(),
                pre.as_ptr(),
                pre.len(),
                rnd.as_ptr(),
            ))
        }
    }
}
