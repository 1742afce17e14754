//! The ciphers: AES-GCM by `aes-gcm`, and the AES-CTR with HMAC of RFC 9605, section 4.5.1. The tag is checked before anything is decrypted.

use crate::provider::{AeadAlgorithm, AeadKey, InOut, scrubbed};
use crate::{Result, error::Error, secret};
use aes::{Aes128Enc, Aes256Enc};
use aes_gcm::aead::{AeadInOut, KeyInit, inout::InOutBuf};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use ctr::cipher::consts::U16;
use ctr::cipher::{BlockCipherEncrypt, BlockSizeUser, InnerIvInit, StreamCipherCore};
use hmac::digest::Output;
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
    Aes128CtrHmac(CtrHmac<Aes128Enc, Hmac<Sha256>>),
    Aes256CtrHmac(CtrHmac<Aes256Enc, Hmac<Sha512>>),
}

impl Cipher {
    fn new(algorithm: AeadAlgorithm, key: &[u8]) -> Option<Self> {
        Some(match algorithm {
            AeadAlgorithm::Aes128Gcm => Cipher::Aes128Gcm(Aes128Gcm::new_from_slice(key).ok()?),
            AeadAlgorithm::Aes256Gcm => Cipher::Aes256Gcm(Aes256Gcm::new_from_slice(key).ok()?),
            AeadAlgorithm::Aes128CtrHmacSha256 { tag_len } => Cipher::Aes128CtrHmac(CtrHmac::new(key, 32, tag_len)?),
            AeadAlgorithm::Aes256CtrHmacSha512 { tag_len } => Cipher::Aes256CtrHmac(CtrHmac::new(key, 64, tag_len)?),
        })
    }

    /// None if a length is wrong.
    fn seal(&self, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &mut [u8]) -> Option<()> {
        fn gcm(key: &impl Gcm, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &mut [u8]) -> Option<()> {
            let tag: &mut [u8; 16] = tag.try_into().ok()?;
            *tag = key.encrypt_inout_detached(nonce.into(), aad, data).ok()?.into();
            Some(())
        }
        match self {
            Cipher::Aes128Gcm(key) => gcm(key, nonce, aad, data, tag),
            Cipher::Aes256Gcm(key) => gcm(key, nonce, aad, data, tag),
            Cipher::Aes128CtrHmac(key) => key.seal(nonce, aad, data, tag),
            Cipher::Aes256CtrHmac(key) => key.seal(nonce, aad, data, tag),
        }
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &[u8]) -> Result<()> {
        fn gcm(key: &impl Gcm, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &[u8]) -> Result<()> {
            let tag: &[u8; 16] = tag.try_into().map_err(|_| Error::Internal)?;
            key.decrypt_inout_detached(nonce.into(), aad, data, tag.into()).map_err(|_| Error::DecryptionFailed)
        }
        match self {
            Cipher::Aes128Gcm(key) => gcm(key, nonce, aad, data, tag),
            Cipher::Aes256Gcm(key) => gcm(key, nonce, aad, data, tag),
            Cipher::Aes128CtrHmac(key) => key.open(nonce, aad, data, tag),
            Cipher::Aes256CtrHmac(key) => key.open(nonce, aad, data, tag),
        }
    }
}

/// AES-GCM with a 12-byte nonce and a 16-byte tag.
trait Gcm: AeadInOut<NonceSize = ctr::cipher::consts::U12, TagSize = ctr::cipher::consts::U16> {}
impl Gcm for Aes128Gcm {}
impl Gcm for Aes256Gcm {}

/// AES-CTR, then HMAC.
struct CtrHmac<C, M> {
    cipher: C,
    mac: M,
    tag_len: usize,
}

impl<C: KeyInit + BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>, M: Mac + KeyInit + Clone> CtrHmac<C, M> {
    fn new(key: &[u8], auth_len: usize, tag_len: usize) -> Option<Self> {
        let (enc, auth) = key.split_at_checked(key.len().checked_sub(auth_len)?)?;
        if !matches!(tag_len, 4 | 8 | 10) {
            return None;
        }
        let mac = <M as KeyInit>::new_from_slice(auth).ok()?;
        Some(CtrHmac { cipher: C::new_from_slice(enc).ok()?, mac, tag_len })
    }

    fn seal(&self, nonce: &[u8; 12], aad: &[u8], mut data: InOutBuf<'_, '_, u8>, tag: &mut [u8]) -> Option<()> {
        if tag.len() != self.tag_len {
            return None;
        }
        self.keystream(nonce, data.reborrow())?;
        tag.copy_from_slice(&self.tag(nonce, aad, data.get_out())[..self.tag_len]);
        Some(())
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], data: InOutBuf<'_, '_, u8>, tag: &[u8]) -> Result<()> {
        if tag.len() != self.tag_len {
            return Err(Error::Internal);
        }
        if !secret::equal(&self.tag(nonce, aad, data.get_in())[..self.tag_len], tag) {
            return Err(Error::DecryptionFailed);
        }
        self.keystream(nonce, data).ok_or(Error::Internal)
    }

    /// None if there is not enough of it (2^32 blocks).
    fn keystream(&self, nonce: &[u8; 12], data: InOutBuf<'_, '_, u8>) -> Option<()> {
        let mut iv = [0; 16];
        iv[..12].copy_from_slice(nonce);
        let ctr = ctr::CtrCore::<_, ctr::flavors::Ctr32BE>::inner_iv_init(&self.cipher, &iv.into());
        ctr.try_apply_keystream_partial(data).ok()
    }

    fn tag(&self, nonce: &[u8; 12], aad: &[u8], ciphertext: &[u8]) -> Output<M> {
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

impl AeadKey for Aead {
    fn new(algorithm: AeadAlgorithm, key: &[u8]) -> Result<Self> {
        scrubbed::<KEY_STACK, _>(|| Cipher::new(algorithm, key).map(|cipher| Aead(Box::new(cipher))))
            .ok_or(Error::Internal)
    }

    fn seal(&self, nonce: &[u8; 12], aad: &[u8], data: InOut, tag: &mut [u8]) -> Result<()> {
        let data = buffer(data)?;
        scrubbed::<FRAME_STACK, _>(|| self.0.seal(nonce, aad, data, tag)).ok_or(Error::Internal)
    }

    fn open(&self, nonce: &[u8; 12], aad: &[u8], mut data: InOut, tag: &[u8]) -> Result<()> {
        let opened = match buffer(data.reborrow()) {
            Ok(buffer) => scrubbed::<FRAME_STACK, _>(|| self.0.open(nonce, aad, buffer, tag)),
            Err(error) => Err(error),
        };
        opened.inspect_err(|_| data.output().fill(0))
    }
}

fn buffer(data: InOut<'_>) -> Result<InOutBuf<'_, '_, u8>> {
    match data {
        InOut::Apart(input, output) => InOutBuf::new(input, output).map_err(|_| Error::Internal),
        InOut::InPlace(data) => Ok(data.into()),
    }
}
