//! The default provider. HMAC-SHA1 comes from aws-lc-rs. The rest calls aws-lc-sys, because aws-lc-rs has no call for it (seeded ML-KEM
//! keys, encapsulation with given randomness, FIPS 204 contexts, out-of-place AES-GCM, AES-CTR beside a precomputed HMAC key) or only
//! one that copies secrets or caller-sized input to the heap (X25519, HKDF).
//!
//! aws-lc returns 0 for bad input and for lack of memory alike. Keys are checked before they get here, so a constructor that fails had
//! no memory. aws-lc wipes what it frees.

use super::{
    AeadAlgorithm, AeadKey, DSA_PUBLIC_KEY, DSA_SIGNATURE, DsaPrivateKey, Hash, KEM_CIPHERTEXT, KEM_EXPANDED,
    KEM_PUBLIC_KEY, KEM_SEED, KemPrivateKey, Provider,
};
use crate::secret::{Secret, equal};
use crate::{Error, Result};
use aws_lc_rs::hmac;
use aws_lc_sys as sys;
use core::ffi::{CStr, c_int};
use core::mem::MaybeUninit;
use core::ptr::{NonNull, null, null_mut};
use zeroize::Zeroize;

pub(crate) struct AwsLc;

impl Provider for AwsLc {
    const NAME: &'static CStr = c"aws-lc";
    type KemKey = KemKey;
    type DsaKey = DsaKey;
    type Aead = Aead;

    fn kem_encapsulate(
        ek: &[u8; KEM_PUBLIC_KEY],
        m: &Secret<32>,
        ct: &mut [u8; KEM_CIPHERTEXT],
        ss: &mut Secret<32>,
    ) -> Result<()> {
        let (mut ct_len, mut ss_len, mut m_len) = (ct.len(), ss.as_bytes().len(), m.as_bytes().len());
        // SAFETY: all buffers have the lengths passed beside them; the contexts live until the end of the block.
        unsafe {
            let key = Owned::new(
                sys::EVP_PKEY_kem_new_raw_public_key(sys::NID_MLKEM768, ek.as_ptr(), ek.len()),
                sys::EVP_PKEY_free,
            )?;
            let ctx = Owned::new(sys::EVP_PKEY_CTX_new(key.get(), null_mut()), sys::EVP_PKEY_CTX_free)?;
            ok(sys::EVP_PKEY_encapsulate_deterministic(
                ctx.get(),
                ct.as_mut_ptr(),
                &mut ct_len,
                ss.as_mut().as_mut_ptr(),
                &mut ss_len,
                m.as_bytes().as_ptr(),
                &mut m_len,
            ))
        }
    }

    fn dsa_verify(
        pk: &[u8; DSA_PUBLIC_KEY],
        context: &[u8],
        message: &[u8],
        signature: &[u8; DSA_SIGNATURE],
    ) -> Result<()> {
        // SAFETY: all buffers have the lengths passed beside them; the contexts live until the end of the block.
        unsafe {
            let key = Owned::new(
                sys::EVP_PKEY_pqdsa_new_raw_public_key(sys::NID_MLDSA65, pk.as_ptr(), pk.len()),
                sys::EVP_PKEY_free,
            )?;
            let ctx = Owned::new(sys::EVP_MD_CTX_new(), sys::EVP_MD_CTX_free)?;
            let mut pctx = null_mut();
            ok(sys::EVP_DigestVerifyInit(ctx.get(), &mut pctx, null(), null_mut(), key.get()))?;
            set_context(pctx, context)?;
            let verified =
                sys::EVP_DigestVerify(ctx.get(), signature.as_ptr(), signature.len(), message.as_ptr(), message.len());
            ok(verified).map_err(|_| Error::BadSignature)
        }
    }

    fn x25519_public(sk: &Secret<32>) -> [u8; 32] {
        let mut pk = [0; 32];
        // SAFETY: both are 32 bytes.
        unsafe { sys::X25519_public_from_private(pk.as_mut_ptr(), sk.as_bytes().as_ptr()) };
        pk
    }

    fn x25519(sk: &Secret<32>, pk: &[u8; 32], ss: &mut Secret<32>) -> Result<()> {
        // SAFETY: all are 32 bytes.
        let code = unsafe { sys::X25519(ss.as_mut().as_mut_ptr(), sk.as_bytes().as_ptr(), pk.as_ptr()) };
        ok(code).map_err(|_| Error::NonContributory)
    }

    fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        let mut tag = [0; 20];
        tag.copy_from_slice(hmac::sign(&key, message).as_ref());
        tag
    }

    fn hkdf(hash: Hash, salt: &[u8], ikm: &[u8], info: &[u8], out: &mut [u8]) -> Result<()> {
        // SAFETY: every buffer has the length passed beside it.
        ok(unsafe {
            let digest = match hash {
                Hash::Sha256 => sys::EVP_sha256(),
                Hash::Sha512 => sys::EVP_sha512(),
            };
            sys::HKDF(
                out.as_mut_ptr(),
                out.len(),
                digest,
                ikm.as_ptr(),
                ikm.len(),
                salt.as_ptr(),
                salt.len(),
                info.as_ptr(),
                info.len(),
            )
        })
    }
}

pub(crate) struct KemKey {
    key: Owned<sys::EVP_PKEY>,
    // aws-lc keeps no public key beside an expanded private one.
    ek: Option<Box<[u8; KEM_PUBLIC_KEY]>>,
}

impl KemPrivateKey for KemKey {
    fn from_seed(seed: &Secret<KEM_SEED>) -> Result<Self> {
        let mut key = null_mut();
        let mut seed_len = KEM_SEED;
        // SAFETY: the seed has the length passed beside it; the context lives until the end of the block.
        unsafe {
            let ctx = Owned::new(sys::EVP_PKEY_CTX_new_id(sys::EVP_PKEY_KEM, null_mut()), sys::EVP_PKEY_CTX_free)?;
            ok(sys::EVP_PKEY_CTX_kem_set_params(ctx.get(), sys::NID_MLKEM768))?;
            ok(sys::EVP_PKEY_keygen_init(ctx.get()))?;
            ok(sys::EVP_PKEY_keygen_deterministic(ctx.get(), &mut key, seed.as_bytes().as_ptr(), &mut seed_len))
                .map_err(|_| Error::OutOfMemory)?;
        }
        Ok(KemKey { key: Owned::new(key, sys::EVP_PKEY_free)?, ek: None })
    }

    fn from_expanded(dk: &[u8; KEM_EXPANDED]) -> Result<Self> {
        // SAFETY: `dk` has the length passed beside it.
        let key = unsafe { sys::EVP_PKEY_kem_new_raw_secret_key(sys::NID_MLKEM768, dk.as_ptr(), dk.len()) };
        let key = Owned::new(key, sys::EVP_PKEY_free)?;
        let mut ek = Box::new([0; KEM_PUBLIC_KEY]);
        ek.copy_from_slice(&dk[1152..2336]);
        Ok(KemKey { key, ek: Some(ek) })
    }

    fn public_key(&self, ek: &mut [u8; KEM_PUBLIC_KEY]) {
        match &self.ek {
            Some(known) => *ek = **known,
            None => raw_public_key(&self.key, ek),
        }
    }

    fn decapsulate(&self, ct: &[u8; KEM_CIPHERTEXT], ss: &mut Secret<32>) -> Result<()> {
        let mut ss_len = ss.as_bytes().len();
        // SAFETY: the buffers have the lengths passed beside them; the key's reference count is atomic.
        unsafe {
            let ctx = Owned::new(sys::EVP_PKEY_CTX_new(self.key.get(), null_mut()), sys::EVP_PKEY_CTX_free)?;
            ok(sys::EVP_PKEY_decapsulate(ctx.get(), ss.as_mut().as_mut_ptr(), &mut ss_len, ct.as_ptr(), ct.len()))
        }
    }
}

pub(crate) struct DsaKey(Owned<sys::EVP_PKEY>);

impl DsaPrivateKey for DsaKey {
    fn from_seed(seed: &Secret<32>) -> Result<Self> {
        // SAFETY: the seed is 32 bytes, the seed length of ML-DSA.
        let key = unsafe { sys::EVP_PKEY_pqdsa_new_raw_private_key(sys::NID_MLDSA65, seed.as_bytes().as_ptr(), 32) };
        Ok(DsaKey(Owned::new(key, sys::EVP_PKEY_free)?))
    }

    fn public_key(&self, pk: &mut [u8; DSA_PUBLIC_KEY]) {
        raw_public_key(&self.0, pk);
    }

    fn sign(&self, context: &[u8], message: &[u8], signature: &mut [u8; DSA_SIGNATURE]) -> Result<()> {
        // aws-lc draws the hedge itself and aborts when its source fails, so we see first whether there is one. What remains is a
        // source that fails between these two lines.
        super::random(&mut [0; 32])?;
        let mut len = signature.len();
        // SAFETY: all buffers have the lengths passed beside them; the key's reference count is atomic.
        unsafe {
            let ctx = Owned::new(sys::EVP_MD_CTX_new(), sys::EVP_MD_CTX_free)?;
            let mut pctx = null_mut();
            ok(sys::EVP_DigestSignInit(ctx.get(), &mut pctx, null(), null_mut(), self.0.get()))?;
            set_context(pctx, context)?;
            ok(sys::EVP_DigestSign(ctx.get(), signature.as_mut_ptr(), &mut len, message.as_ptr(), message.len()))
        }
    }
}

pub(crate) enum Aead {
    Gcm(Owned<sys::EVP_AEAD_CTX>),
    CtrHmac(Box<CtrHmac>),
}

// SAFETY: an AES-GCM context is not changed by sealing or opening.
unsafe impl Send for Aead {}
// SAFETY: as above.
unsafe impl Sync for Aead {}

impl AeadKey for Aead {
    fn new(algorithm: AeadAlgorithm, key: &[u8]) -> Result<Self> {
        if key.len() != algorithm.key_len() {
            return Err(Error::Internal);
        }
        let gcm = match algorithm {
            // SAFETY: these only return static tables.
            AeadAlgorithm::Aes128Gcm => unsafe { sys::EVP_aead_aes_128_gcm() },
            AeadAlgorithm::Aes256Gcm => unsafe { sys::EVP_aead_aes_256_gcm() },
            AeadAlgorithm::Aes128CtrHmacSha256 { .. } => return Ok(Aead::CtrHmac(CtrHmac::new(key)?)),
        };
        // SAFETY: the key has the length passed beside it, which is the cipher's.
        let ctx = unsafe { sys::EVP_AEAD_CTX_new(gcm, key.as_ptr(), key.len(), algorithm.tag_len()) };
        Ok(Aead::Gcm(Owned::new(ctx, sys::EVP_AEAD_CTX_free)?))
    }

    fn seal(
        &self,
        nonce: &[u8; 12],
        aad: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
        tag: &mut [u8],
    ) -> Result<()> {
        same_length(plaintext, ciphertext)?;
        // SAFETY: two slices of equal length, which cannot overlap.
        unsafe { self.seal_raw(nonce, aad, plaintext.as_ptr(), ciphertext.as_mut_ptr(), ciphertext.len(), tag) }
    }

    fn seal_in_place(&self, nonce: &[u8; 12], aad: &[u8], data: &mut [u8], tag: &mut [u8]) -> Result<()> {
        let (both, len) = (data.as_mut_ptr(), data.len());
        // SAFETY: input and output are one, and reached through this pointer alone.
        unsafe { self.seal_raw(nonce, aad, both, both, len, tag) }
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], ciphertext: &[u8], tag: &[u8], plaintext: &mut [u8]) -> Result<()> {
        same_length(ciphertext, plaintext)?;
        // SAFETY: two slices of equal length, which cannot overlap.
        unsafe { self.open_raw(nonce, aad, ciphertext.as_ptr(), plaintext.as_mut_ptr(), plaintext.len(), tag) }
    }

    fn open_in_place(&self, nonce: &[u8; 12], aad: &[u8], data: &mut [u8], tag: &[u8]) -> Result<()> {
        let (both, len) = (data.as_mut_ptr(), data.len());
        // SAFETY: input and output are one, and reached through this pointer alone.
        unsafe { self.open_raw(nonce, aad, both, both, len, tag) }
    }
}

impl Aead {
    /// # Safety
    /// `len` bytes of input are readable and as many of output writable, and they are the same or apart.
    unsafe fn seal_raw(
        &self,
        nonce: &[u8; 12],
        aad: &[u8],
        input: *const u8,
        output: *mut u8,
        len: usize,
        tag: &mut [u8],
    ) -> Result<()> {
        match self {
            Aead::Gcm(ctx) => {
                let mut tag_len = 0;
                // SAFETY: every buffer has the length passed beside it; aliasing as promised.
                let code = unsafe {
                    sys::EVP_AEAD_CTX_seal_scatter(
                        ctx.get(),
                        output,
                        tag.as_mut_ptr(),
                        &mut tag_len,
                        tag.len(),
                        nonce.as_ptr(),
                        nonce.len(),
                        input,
                        len,
                        null(),
                        0,
                        aad.as_ptr(),
                        aad.len(),
                    )
                };
                ok(code)
            }
            Aead::CtrHmac(key) => {
                // SAFETY: as promised by the caller; the ciphertext is seen as a slice once it is written.
                let ciphertext = unsafe {
                    key.apply(nonce, input, output, len);
                    core::slice::from_raw_parts(output, len)
                };
                key.tag(nonce, aad, ciphertext, tag)
            }
        }
    }

    /// # Safety
    /// As [`Aead::seal_raw`].
    unsafe fn open_raw(
        &self,
        nonce: &[u8; 12],
        aad: &[u8],
        input: *const u8,
        output: *mut u8,
        len: usize,
        tag: &[u8],
    ) -> Result<()> {
        let opened = match self {
            // SAFETY: every buffer has the length passed beside it; aliasing as promised.
            Aead::Gcm(ctx) => ok(unsafe {
                sys::EVP_AEAD_CTX_open_gather(
                    ctx.get(),
                    output,
                    nonce.as_ptr(),
                    nonce.len(),
                    input,
                    len,
                    tag.as_ptr(),
                    tag.len(),
                    aad.as_ptr(),
                    aad.len(),
                )
            }),
            Aead::CtrHmac(key) => {
                let mut expected = [0; 32];
                let expected = &mut expected[..tag.len().min(32)];
                // SAFETY: the caller vouches for the input; it is not written while this view of it is alive.
                key.tag(nonce, aad, unsafe { core::slice::from_raw_parts(input, len) }, expected).and_then(|()| {
                    if !equal(expected, tag) {
                        return Err(Error::DecryptionFailed);
                    }
                    // SAFETY: as promised by the caller.
                    unsafe { key.apply(nonce, input, output, len) };
                    Ok(())
                })
            }
        };
        opened.map_err(|_| {
            // SAFETY: as promised by the caller.
            unsafe { core::slice::from_raw_parts_mut(output, len) }.zeroize();
            Error::DecryptionFailed
        })
    }
}

fn same_length(a: &[u8], b: &[u8]) -> Result<()> {
    if a.len() == b.len() { Ok(()) } else { Err(Error::Internal) }
}

/// AES-128-CTR with HMAC-SHA256, RFC 9605 section 4.5.1.
pub(crate) struct CtrHmac {
    enc: sys::AES_KEY,
    /// The HMAC state after the key block: 64 bytes where a context would take 1.2 KB.
    auth: [u8; 64],
}

impl CtrHmac {
    fn new(key: &[u8]) -> Result<Box<Self>> {
        let (enc, auth) = key.split_at(16);
        // SAFETY: all-zero bytes are a valid AES_KEY, and it is set just below.
        let mut this = Box::new(CtrHmac { enc: unsafe { MaybeUninit::zeroed().assume_init() }, auth: [0; 64] });
        let mut len = this.auth.len();
        // SAFETY: the keys have the lengths passed beside them; the context is initialised before its use and cleaned up by `Hmac`.
        unsafe {
            if sys::AES_set_encrypt_key(enc.as_ptr(), 128, &mut this.enc) != 0 {
                return Err(Error::Internal);
            }
            let mut hmac = Hmac::new();
            ok(sys::HMAC_Init_ex(hmac.get(), auth.as_ptr().cast(), auth.len(), sys::EVP_sha256(), null_mut()))?;
            ok(sys::HMAC_set_precomputed_key_export(hmac.get()))?;
            ok(sys::HMAC_get_precomputed_key(hmac.get(), this.auth.as_mut_ptr(), &mut len))?;
        }
        Ok(this)
    }

    /// Encrypts or decrypts.
    ///
    /// # Safety
    /// As [`Aead::seal_raw`].
    unsafe fn apply(&self, nonce: &[u8; 12], input: *const u8, output: *mut u8, len: usize) {
        let (mut counter, mut stream, mut used) = ([0; 16], [0; 16], 0);
        counter[..12].copy_from_slice(nonce);
        // SAFETY: as promised by the caller; the key is set.
        unsafe {
            sys::AES_ctr128_encrypt(
                input,
                output,
                len,
                &self.enc,
                counter.as_mut_ptr(),
                stream.as_mut_ptr(),
                &mut used,
            );
        }
        stream.zeroize();
    }

    fn tag(&self, nonce: &[u8; 12], aad: &[u8], ciphertext: &[u8], tag: &mut [u8]) -> Result<()> {
        let mut lengths = [0; 24];
        lengths[..8].copy_from_slice(&(aad.len() as u64).to_be_bytes());
        lengths[8..16].copy_from_slice(&(ciphertext.len() as u64).to_be_bytes());
        lengths[16..].copy_from_slice(&(tag.len() as u64).to_be_bytes());
        let mut full = [0; 32];
        let mut full_len = 32;
        let mut hmac = Hmac::new();
        // SAFETY: every buffer has the length passed beside it.
        unsafe {
            ok(sys::HMAC_Init_from_precomputed_key(
                hmac.get(),
                self.auth.as_ptr(),
                self.auth.len(),
                sys::EVP_sha256(),
            ))?;
            for part in [&lengths[..], nonce, aad, ciphertext] {
                ok(sys::HMAC_Update(hmac.get(), part.as_ptr(), part.len()))?;
            }
            ok(sys::HMAC_Final(hmac.get(), full.as_mut_ptr(), &mut full_len))?;
        }
        tag.copy_from_slice(full.get(..tag.len()).ok_or(Error::Internal)?);
        Ok(())
    }
}

impl Drop for CtrHmac {
    fn drop(&mut self) {
        // SAFETY: the key is plain data of this size.
        unsafe { sys::OPENSSL_cleanse((&raw mut self.enc).cast(), size_of::<sys::AES_KEY>()) };
        self.auth.zeroize();
    }
}

/// An HMAC context on the stack, cleaned up when dropped.
struct Hmac(MaybeUninit<sys::HMAC_CTX>);

impl Hmac {
    fn new() -> Self {
        let mut ctx = MaybeUninit::uninit();
        // SAFETY: initialises the context, which has no address of its own yet.
        unsafe { sys::HMAC_CTX_init(ctx.as_mut_ptr()) };
        Hmac(ctx)
    }

    fn get(&mut self) -> *mut sys::HMAC_CTX {
        self.0.as_mut_ptr()
    }
}

impl Drop for Hmac {
    fn drop(&mut self) {
        // SAFETY: initialised in `new`.
        unsafe { sys::HMAC_CTX_cleanup(self.get()) };
    }
}

/// An object of aws-lc's, freed when dropped.
pub(crate) struct Owned<T> {
    ptr: NonNull<T>,
    free: unsafe extern "C" fn(*mut T),
}

impl<T> Owned<T> {
    fn new(ptr: *mut T, free: unsafe extern "C" fn(*mut T)) -> Result<Self> {
        let ptr = NonNull::new(ptr).ok_or_else(|| {
            clear_errors();
            Error::OutOfMemory
        })?;
        Ok(Owned { ptr, free })
    }

    fn get(&self) -> *mut T {
        self.ptr.as_ptr()
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from the constructor that belongs to `free`, and is freed once.
        unsafe { (self.free)(self.ptr.as_ptr()) };
    }
}

// SAFETY: the keys held in this type are not changed after their creation but for an atomic reference count.
unsafe impl Send for Owned<sys::EVP_PKEY> {}
// SAFETY: as above.
unsafe impl Sync for Owned<sys::EVP_PKEY> {}

fn raw_public_key(key: &Owned<sys::EVP_PKEY>, out: &mut [u8]) {
    let mut len = out.len();
    // SAFETY: the buffer has the length passed beside it.
    let code = unsafe { sys::EVP_PKEY_get_raw_public_key(key.get(), out.as_mut_ptr(), &mut len) };
    debug_assert!(code == 1 && len == out.len());
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

fn ok(code: c_int) -> Result<()> {
    if code == 1 {
        return Ok(());
    }
    clear_errors();
    Err(Error::Internal)
}

/// aws-lc queues what went wrong for each thread; nobody else will take it away.
fn clear_errors() {
    // SAFETY: has no arguments.
    unsafe { sys::ERR_clear_error() };
}
