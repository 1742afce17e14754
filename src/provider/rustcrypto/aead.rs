//! The ciphers: AES-GCM by `aes-gcm`, and the AES-CTR with HMAC of RFC 9605, section 4.5.1. The tag is checked before anything is decrypted.

use crate::provider::{AeadAlgorithm, AeadKey, InOut, scrubbed};
use crate::{Error, Result, secret};
use aes::{Aes128Enc, Aes256Enc};
use aes_gcm::aead::{AeadInOut, KeyInit, inout::InOutBuf};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use ctr::cipher::{BlockCipherEncrypt, BlockSizeUser, InnerIvInit, StreamCipherCore, consts};
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha512};

/// Stack that making a key uses (7 KiB) and that a frame uses (2 KiB), with a margin for other compilers.
pub(super) const KEY_STACK: usize = 16 << 10;
pub(super) const FRAME_STACK: usize = 4 << 10;

/// On the heap, so that moving it leaves no copies of the round keys.
pub(crate) struct Aead(Box<Cipher>);

// One allocation a key is worth more than the bytes that the smaller ones waste.
#[allow(clippy::large_enum_variant)]
enum Cipher {
    Aes128Gcm(Aes128Gcm),
    Aes256Gcm(Aes256Gcm),
    Aes128CtrHmacSha256(CtrHmac<Aes128Enc, Hmac<Sha256>>),
    Aes256CtrHmacSha512(CtrHmac<Aes256Enc, Hmac<Sha512>>),
}

/// The same expression for every cipher.
macro_rules! each {
    ($cipher:expr, $key:ident => $body:expr) => {
        match $cipher {
            Cipher::Aes128Gcm($key) => $body,
            Cipher::Aes256Gcm($key) => $body,
            Cipher::Aes128CtrHmacSha256($key) => $body,
            Cipher::Aes256CtrHmacSha512($key) => $body,
        }
    };
}

impl Cipher {
    /// None if a length is wrong.
    fn new(algorithm: AeadAlgorithm, key: &[u8]) -> Option<Self> {
        Some(match algorithm {
            AeadAlgorithm::Aes128Gcm => Cipher::Aes128Gcm(Aes128Gcm::new_from_slice(key).ok()?),
            AeadAlgorithm::Aes256Gcm => Cipher::Aes256Gcm(Aes256Gcm::new_from_slice(key).ok()?),
            AeadAlgorithm::Aes128CtrHmacSha256 { tag_len } => {
                Cipher::Aes128CtrHmacSha256(CtrHmac::new(key, 16, 32, tag_len)?)
            }
            AeadAlgorithm::Aes256CtrHmacSha512 { tag_len } => {
                Cipher::Aes256CtrHmacSha512(CtrHmac::new(key, 32, 64, tag_len)?)
            }
        })
    }
}

impl AeadKey for Aead {
    fn new(algorithm: AeadAlgorithm, key: &[u8]) -> Result<Self> {
        scrubbed::<KEY_STACK, _>(|| Cipher::new(algorithm, key).map(|cipher| Aead(Box::new(cipher))))
            .ok_or(Error::Internal)
    }

    fn seal(&self, nonce: &[u8; 12], aad: &[u8], data: InOut, tag: &mut [u8]) -> Result<()> {
        let data = buffer(data)?;
        scrubbed::<FRAME_STACK, _>(|| each!(&*self.0, key => key.seal(nonce, aad, data, tag)))
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], mut data: InOut, tag: &[u8]) -> Result<()> {
        let opened = buffer(data.reborrow())
            .and_then(|data| scrubbed::<FRAME_STACK, _>(|| each!(&*self.0, key => key.open(nonce, aad, data, tag))));
        opened.inspect_err(|_| data.output().fill(0))
    }
}

fn buffer(data: InOut<'_>) -> Result<InOutBuf<'_, '_, u8>> {
    match data {
        InOut::Apart(input, output) => InOutBuf::new(input, output).map_err(|_| Error::Internal),
        InOut::InPlace(data) => Ok(data.into()),
    }
}

/// What a cipher does to a frame. [`Error::Internal`] if the tag has another length than the cipher's.
trait Frames {
    fn seal(&self, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &mut [u8]) -> Result<()>;
    fn open(&self, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &[u8]) -> Result<()>;
}

/// AES-GCM.
impl<K: AeadInOut<NonceSize = consts::U12, TagSize = consts::U16>> Frames for K {
    fn seal(&self, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &mut [u8]) -> Result<()> {
        let tag: &mut [u8; 16] = tag.try_into().map_err(|_| Error::Internal)?;
        *tag = self.encrypt_inout_detached(nonce.into(), aad, data).map_err(|_| Error::Internal)?.into();
        Ok(())
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &[u8]) -> Result<()> {
        let tag: &[u8; 16] = tag.try_into().map_err(|_| Error::Internal)?;
        self.decrypt_inout_detached(nonce.into(), aad, data, tag.into()).map_err(|_| Error::DecryptionFailed)
    }
}

/// AES-CTR, then HMAC.
struct CtrHmac<C, M> {
    cipher: C,
    mac: M,
    tag_len: usize,
}

impl<C, M> CtrHmac<C, M>
where
    C: KeyInit + BlockCipherEncrypt + BlockSizeUser<BlockSize = consts::U16>,
    M: Mac + KeyInit + Clone,
{
    fn new(key: &[u8], enc_len: usize, auth_len: usize, tag_len: usize) -> Option<Self> {
        let (enc, auth) = key.split_at_checked(enc_len)?;
        if auth.len() != auth_len || !matches!(tag_len, 4 | 8 | 10) {
            return None;
        }
        Some(CtrHmac { cipher: C::new_from_slice(enc).ok()?, mac: M::new_from_slice(auth).ok()?, tag_len })
    }

    fn seal(&self, nonce: &[u8; 12], aad: &[u8], mut data: InOutBuf<'_, '_, u8>, tag: &mut [u8]) -> Result<()> {
        if tag.len() != self.tag_len {
            return Err(Error::Internal);
        }
        self.keystream(nonce, data.reborrow())?;
        tag.copy_from_slice(&self.tag(nonce, aad, data.get_out())[..self.tag_len]);
        Ok(())
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &[u8]) -> Result<()> {
        if tag.len() != self.tag_len {
            return Err(Error::Internal);
        }
        if !secret::equal(&self.tag(nonce, aad, data.get_in())[..self.tag_len], tag) {
            return Err(Error::DecryptionFailed);
        }
        self.keystream(nonce, data)
    }

    /// [`Error::Internal`] if there is not enough of it (2^32 blocks).
    fn keystream(&self, nonce: &[u8; 12], data: InOutBuf<'_, '_, u8>) -> Result<()> {
        let mut iv = [0; 16];
        iv[..12].copy_from_slice(nonce);
        let ctr = ctr::CtrCore::<_, ctr::flavors::Ctr32BE>::inner_iv_init(&self.cipher, &iv.into());
        ctr.try_apply_keystream_partial(data).map_err(|_| Error::Internal)
    }

    fn tag(&self, nonce: &[u8; 12], aad: &[u8], ciphertext: &[u8]) -> hmac::digest::Output<M> {
        let mut mac = self.mac.clone();
        for len in [aad.len(), ciphertext.len(), self.tag_len] {
            mac.update(&(len as u64).to_be_bytes());
        }
        for part in [nonce, aad, ciphertext] {
            mac.update(part);
        }
        mac.finalize().into_bytes()
    }
}
