//! AES-GCM, and AES-CTR with HMAC.

use super::{Owned, ok, sys};
use crate::provider::{AeadAlgorithm, AeadKey, InOut};
use crate::secret::equal;
use crate::{Error, Result};
use core::mem::MaybeUninit;
use core::ptr::{null, null_mut};
use zeroize::Zeroize;

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
            AeadAlgorithm::Aes128CtrHmacSha256 { tag_len } => {
                return Ok(Aead::CtrHmac(CtrHmac::new(MacHash::Sha256, tag_len, key)?));
            }
            AeadAlgorithm::Aes256CtrHmacSha512 { tag_len } => {
                return Ok(Aead::CtrHmac(CtrHmac::new(MacHash::Sha512, tag_len, key)?));
            }
        };
        // SAFETY: the key has the length passed beside it, which is the cipher's.
        unsafe { Owned::new(sys::EVP_AEAD_CTX_new(gcm, key.as_ptr(), key.len(), algorithm.tag_len())) }.map(Aead::Gcm)
    }

    fn seal(&self, nonce: &[u8; 12], aad: &[u8], mut data: InOut, tag: &mut [u8]) -> Result<()> {
        let (input, output, len) = data.raw()?;
        // SAFETY: as `raw` promises; the buffers are reached through these pointers alone.
        unsafe { self.seal_raw(nonce, aad, input, output, len, tag) }
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], mut data: InOut, tag: &[u8]) -> Result<()> {
        let opened = match data.raw() {
            // SAFETY: as `raw` promises; the buffers are reached through these pointers alone.
            Ok((input, output, len)) => unsafe { self.open_raw(nonce, aad, input, output, len, tag) },
            Err(error) => Err(error),
        };
        opened.inspect_err(|_| data.output().zeroize())
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
        match self {
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
            })
            .map_err(|_| Error::DecryptionFailed),
            Aead::CtrHmac(key) => {
                let mut expected = [0; MAX_MAC];
                let expected = expected.get_mut(..tag.len()).ok_or(Error::Internal)?;
                // SAFETY: the caller vouches for the input; it is not written while this view of it is alive.
                key.tag(nonce, aad, unsafe { core::slice::from_raw_parts(input, len) }, expected)?;
                if !equal(expected, tag) {
                    return Err(Error::DecryptionFailed);
                }
                // SAFETY: as promised by the caller.
                unsafe { key.apply(nonce, input, output, len) };
                Ok(())
            }
        }
    }
}

/// The longest MAC, and the longest HMAC state, in bytes.
const MAX_MAC: usize = 64;
const MAX_STATE: usize = sys::HMAC_MAX_PRECOMPUTED_KEY_SIZE as usize;

#[derive(Clone, Copy)]
enum MacHash {
    Sha256,
    Sha512,
}

impl MacHash {
    fn digest(self) -> *const sys::EVP_MD {
        // SAFETY: these only return static tables.
        match self {
            MacHash::Sha256 => unsafe { sys::EVP_sha256() },
            MacHash::Sha512 => unsafe { sys::EVP_sha512() },
        }
    }

    /// Length of the AES key, in bytes.
    fn enc_len(self) -> usize {
        match self {
            MacHash::Sha256 => 16,
            MacHash::Sha512 => 32,
        }
    }
}

/// AES-CTR with HMAC, RFC 9605 section 4.5.1.
pub(crate) struct CtrHmac {
    hash: MacHash,
    tag_len: usize,
    enc: sys::AES_KEY,
    /// The HMAC state after the key block: at most 128 bytes where a context would take 1.2 KB.
    auth: [u8; MAX_STATE],
    auth_len: usize,
}

impl CtrHmac {
    fn new(hash: MacHash, tag_len: usize, key: &[u8]) -> Result<Box<Self>> {
        let (enc, auth) = key.split_at(hash.enc_len());
        // SAFETY: all-zero bytes are a valid AES_KEY, and it is set just below.
        let unset = unsafe { MaybeUninit::zeroed().assume_init() };
        let mut this = Box::new(CtrHmac { hash, tag_len, enc: unset, auth: [0; MAX_STATE], auth_len: MAX_STATE });
        // SAFETY: the keys have the lengths passed beside them; the context is initialised before its use and cleaned up by `Hmac`.
        unsafe {
            if sys::AES_set_encrypt_key(enc.as_ptr(), 8 * enc.len() as u32, &mut this.enc) != 0 {
                return Err(Error::Internal);
            }
            let mut hmac = Hmac::new();
            ok(sys::HMAC_Init_ex(hmac.get(), auth.as_ptr().cast(), auth.len(), hash.digest(), null_mut()))?;
            ok(sys::HMAC_set_precomputed_key_export(hmac.get()))?;
            ok(sys::HMAC_get_precomputed_key(hmac.get(), this.auth.as_mut_ptr(), &mut this.auth_len))?;
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
        if tag.len() != self.tag_len {
            return Err(Error::Internal);
        }
        let mut lengths = [0; 24];
        lengths[..8].copy_from_slice(&(aad.len() as u64).to_be_bytes());
        lengths[8..16].copy_from_slice(&(ciphertext.len() as u64).to_be_bytes());
        lengths[16..].copy_from_slice(&(tag.len() as u64).to_be_bytes());
        let mut full = [0; MAX_MAC];
        let mut full_len = 0;
        let mut hmac = Hmac::new();
        // SAFETY: every buffer has the length passed beside it.
        unsafe {
            ok(sys::HMAC_Init_from_precomputed_key(hmac.get(), self.auth.as_ptr(), self.auth_len, self.hash.digest()))?;
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
