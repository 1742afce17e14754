//! The default provider. It calls aws-lc-sys, because aws-lc-rs has no call for it (seeded ML-KEM keys, encapsulation with given
//! randomness, FIPS 204 contexts, out-of-place AES-GCM, AES-CTR beside a precomputed HMAC key, Ed25519 keys that are not expanded on the
//! heap) or only one that copies secrets or caller-sized input to the heap (X25519, HKDF).
//!
//! aws-lc returns 0 for bad input and for lack of memory alike. Keys are checked before they get here, so a constructor that fails had
//! no memory. aws-lc wipes what it frees.

mod aead;
mod pq;

use super::{DsaAlgorithm, Hash, IncrementalHash, KemAlgorithm, Provider, scrubbed};
use crate::{Error, Result};
use aws_lc_sys as sys;
use core::ffi::{CStr, c_int};
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use zeroize::Zeroizing;

pub(crate) struct AwsLc;

impl Provider for AwsLc {
    const NAME: &'static CStr = c"aws-lc";
    const KEMS: &'static [KemAlgorithm] = &[KemAlgorithm::MlKem768, KemAlgorithm::MlKem1024];
    const DSAS: &'static [DsaAlgorithm] = &[DsaAlgorithm::MlDsa65, DsaAlgorithm::MlDsa87];
    type KemKey = pq::KemKey;
    type DsaKey = pq::DsaKey;
    type Aead = aead::Aead;
    type Sha512 = Sha512;

    fn kem_encapsulate(
        algorithm: KemAlgorithm,
        ek: &[u8],
        m: &[u8; 32],
        ct: &mut [u8],
        ss: &mut [u8; 32],
    ) -> Result<()> {
        pq::encapsulate(algorithm, ek, m, ct, ss)
    }

    fn dsa_verify(algorithm: DsaAlgorithm, pk: &[u8], context: &[u8], message: &[u8], signature: &[u8]) -> Result<()> {
        pq::verify(algorithm, pk, context, message, signature)
    }

    fn ed25519_public(seed: &[u8; 32]) -> [u8; 32] {
        let (mut pk, mut expanded) = ([0; 32], Zeroizing::new([0; 64]));
        // SAFETY: the buffers have the lengths of RFC 8032.
        unsafe { sys::ED25519_keypair_from_seed(pk.as_mut_ptr(), expanded.as_mut_ptr(), seed.as_ptr()) };
        pk
    }

    fn ed25519_sign(seed: &[u8; 32], pk: &[u8; 32], message: &[u8], signature: &mut [u8; 64]) -> Result<()> {
        let mut key = Zeroizing::new([0; 64]);
        key[..32].copy_from_slice(seed);
        key[32..].copy_from_slice(pk);
        // SAFETY: the message has the length passed beside it, key and signature are 64 bytes.
        let sign =
            || unsafe { sys::ED25519_sign(signature.as_mut_ptr(), message.as_ptr(), message.len(), key.as_ptr()) };
        ok(scrubbed::<STACK, _>(sign))
    }

    fn ed25519_verify(pk: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<()> {
        // SAFETY: the message has the length passed beside it, key and signature are 32 and 64 bytes.
        let verified = unsafe { sys::ED25519_verify(message.as_ptr(), message.len(), signature.as_ptr(), pk.as_ptr()) };
        ok_or(verified, Error::BadSignature)
    }

    fn x25519_public(sk: &[u8; 32]) -> [u8; 32] {
        let mut pk = [0; 32];
        // SAFETY: both are 32 bytes.
        unsafe { sys::X25519_public_from_private(pk.as_mut_ptr(), sk.as_ptr()) };
        pk
    }

    fn x25519(sk: &[u8; 32], pk: &[u8; 32], ss: &mut [u8; 32]) -> Result<()> {
        // SAFETY: all are 32 bytes.
        let agree = || unsafe { sys::X25519(ss.as_mut_ptr(), sk.as_ptr(), pk.as_ptr()) };
        ok_or(scrubbed::<STACK, _>(agree), Error::NonContributory)
    }

    fn hmac_sha1(key: &[u8], message: &[u8], mac: &mut [u8; 20]) {
        let mut len = 0;
        // SAFETY: every buffer has the length passed beside it, and the MAC that of SHA-1.
        let done = scrubbed::<STACK, _>(|| unsafe {
            sys::HMAC(
                sys::EVP_sha1(),
                key.as_ptr().cast(),
                key.len(),
                message.as_ptr(),
                message.len(),
                mac.as_mut_ptr(),
                &mut len,
            )
        });
        assert!(!done.is_null() && len == 20, "HMAC-SHA1 does not fail");
    }

    fn hkdf_extract(hash: Hash, salt: &[u8], ikm: &[u8], prk: &mut [u8]) -> Result<()> {
        let mut len = prk.len();
        // SAFETY: every buffer has the length passed beside it, and `prk` that of the hash.
        ok(scrubbed::<STACK, _>(|| unsafe {
            sys::HKDF_extract(
                prk.as_mut_ptr(),
                &mut len,
                digest(hash),
                ikm.as_ptr(),
                ikm.len(),
                salt.as_ptr(),
                salt.len(),
            )
        }))
    }

    fn hkdf_expand(hash: Hash, prk: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
        // SAFETY: every buffer has the length passed beside it.
        ok(scrubbed::<STACK, _>(|| unsafe {
            sys::HKDF_expand(
                out.as_mut_ptr(),
                out.len(),
                digest(hash),
                prk.as_ptr(),
                prk.len(),
                info.as_ptr(),
                info.len(),
            )
        }))
    }
}

/// Stack that the curves, HMAC and HKDF use and aws-lc does not wipe itself, with a margin.
const STACK: usize = 4 << 10;

fn digest(hash: Hash) -> *const sys::EVP_MD {
    // SAFETY: these only return static tables.
    match hash {
        Hash::Sha256 => unsafe { sys::EVP_sha256() },
        Hash::Sha512 => unsafe { sys::EVP_sha512() },
    }
}

#[derive(Clone)]
pub(crate) struct Sha512(sys::SHA512_CTX);

impl IncrementalHash<64> for Sha512 {
    fn new() -> Self {
        let mut state = MaybeUninit::uninit();
        // SAFETY: initialises the whole state.
        unsafe {
            sys::SHA512_Init(state.as_mut_ptr());
            Sha512(state.assume_init())
        }
    }

    fn update(&mut self, data: &[u8]) {
        // SAFETY: the data has the length passed beside it; the state is initialised.
        unsafe { sys::SHA512_Update(&mut self.0, data.as_ptr().cast(), data.len()) };
    }

    fn finish(&mut self, out: &mut [u8; 64]) {
        // SAFETY: the output is 64 bytes; the state is initialised.
        unsafe {
            sys::SHA512_Final(out.as_mut_ptr(), &mut self.0);
            sys::SHA512_Init(&mut self.0);
        }
    }
}

impl Drop for Sha512 {
    fn drop(&mut self) {
        // SAFETY: the state is plain data of this size.
        unsafe { sys::OPENSSL_cleanse((&raw mut self.0).cast(), size_of::<sys::SHA512_CTX>()) };
    }
}

/// An object of aws-lc's, freed when dropped.
pub(crate) struct Owned<T: Object>(NonNull<T>);

/// What aws-lc allocates.
pub(crate) trait Object {
    const FREE: unsafe extern "C" fn(*mut Self);
}

impl Object for sys::EVP_PKEY {
    const FREE: unsafe extern "C" fn(*mut Self) = sys::EVP_PKEY_free;
}

impl Object for sys::EVP_PKEY_CTX {
    const FREE: unsafe extern "C" fn(*mut Self) = sys::EVP_PKEY_CTX_free;
}

impl Object for sys::EVP_MD_CTX {
    const FREE: unsafe extern "C" fn(*mut Self) = sys::EVP_MD_CTX_free;
}

impl Object for sys::EVP_AEAD_CTX {
    const FREE: unsafe extern "C" fn(*mut Self) = sys::EVP_AEAD_CTX_free;
}

impl<T: Object> Owned<T> {
    /// # Safety
    /// `ptr` is NULL or new from a constructor of aws-lc's.
    unsafe fn new(ptr: *mut T) -> Result<Self> {
        // SAFETY: as promised.
        unsafe { Self::new_or(ptr, Error::OutOfMemory) }
    }

    /// As [`Owned::new`], where what is wrong with the arguments is `error`.
    ///
    /// # Safety
    /// As [`Owned::new`].
    unsafe fn new_or(ptr: *mut T, error: Error) -> Result<Self> {
        NonNull::new(ptr).map(Owned).ok_or_else(|| cause().unwrap_or(error))
    }

    fn get(&self) -> *mut T {
        self.0.as_ptr()
    }
}

impl<T: Object> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a constructor, and is freed once.
        unsafe { T::FREE(self.0.as_ptr()) };
    }
}

// SAFETY: the keys held in this type are not changed after their creation but for an atomic reference count.
unsafe impl Send for Owned<sys::EVP_PKEY> {}
// SAFETY: as above.
unsafe impl Sync for Owned<sys::EVP_PKEY> {}

fn ok(code: c_int) -> Result<()> {
    ok_or(code, Error::Internal)
}

/// `error` if aws-lc says no; [`Error::OutOfMemory`] if that is for lack of memory.
fn ok_or(code: c_int, error: Error) -> Result<()> {
    if code == 1 { Ok(()) } else { Err(cause().unwrap_or(error)) }
}

/// [`Error::OutOfMemory`] if that is what aws-lc has queued first, the root of what else is there. Clears the queue.
fn cause() -> Option<Error> {
    // SAFETY: have no pointers.
    let reason = unsafe { sys::ERR_GET_REASON(sys::ERR_peek_error()) };
    clear_errors();
    (reason == sys::ERR_R_MALLOC_FAILURE).then_some(Error::OutOfMemory)
}

/// aws-lc queues what went wrong for each thread; nobody else will take it away.
fn clear_errors() {
    // SAFETY: has no arguments.
    unsafe { sys::ERR_clear_error() };
}
