//! One step of one sender's key: what is derived from a (base_key, KID) pair, and the sealing and opening of one frame with it.

use super::header::{self, Encoded};
use super::registry::Pair;
use super::{BaseKey, CipherSuite};
use crate::provider::{Active, Aead, AeadAlgorithm, AeadKey, InOut, Provider};
use crate::secret::Secret;
use crate::{Error, Result};
use zeroize::Zeroize;

/// The key of a KID. The base key is not kept: it would also give the keys of its other KIDs and of all steps after.
pub(super) struct Step {
    pub kid: u64,
    pub pair: Pair,
    aead: Aead,
    salt: [u8; 12],
}

impl Drop for Step {
    fn drop(&mut self) {
        self.salt.zeroize();
    }
}

impl Step {
    /// RFC 9605 section 4.4.2. Boxed, so that no copy of a secret stays where it was moved from.
    pub fn derive(suite: CipherSuite, key: &BaseKey) -> Result<Box<Self>> {
        let (base_key, kid) = (key.as_bytes(), key.kid());
        let algorithm = suite.aead();
        let mut key = Secret::<{ AeadAlgorithm::MAX_KEY_LEN }>::zero();
        let key = &mut key.as_mut()[..algorithm.key_len()];
        expand(suite, base_key, b"SFrame 1.0 Secret key ", kid, key)?;
        let aead = Aead::new(algorithm, key)?;
        let mut step = Box::new(Step { kid, pair: Pair::of(base_key, kid), aead, salt: [0; 12] });
        expand(suite, base_key, b"SFrame 1.0 Secret salt ", kid, &mut step.salt)?;
        Ok(step)
    }

    /// Seals out of place: `header || ciphertext || tag` into `out`, which has that length.
    pub fn seal(&self, counter: u64, header: &Encoded, room: AadBuffer, frame: &[u8], out: &mut [u8]) -> Result<()> {
        let (head, rest) = out.split_at_mut(header.as_bytes().len());
        let (ciphertext, tag) = rest.split_at_mut(frame.len());
        head.copy_from_slice(header.as_bytes());
        self.aead.seal(&self.nonce(counter), room.aad(head), InOut::Apart(frame, ciphertext), tag)
    }

    /// Seals what is at the start of `out` already, `frame_len` bytes of it.
    pub fn seal_in_place(
        &self,
        counter: u64,
        header: &Encoded,
        room: AadBuffer,
        frame_len: usize,
        out: &mut [u8],
    ) -> Result<()> {
        out.copy_within(..frame_len, header.as_bytes().len());
        let (head, rest) = out.split_at_mut(header.as_bytes().len());
        let (data, tag) = rest.split_at_mut(frame_len);
        head.copy_from_slice(header.as_bytes());
        self.aead.seal(&self.nonce(counter), room.aad(head), InOut::InPlace(data), tag)
    }

    /// Opens out of place: `out` has the length of the ciphertext. Zeroed if the frame does not authenticate.
    pub fn open(
        &self,
        counter: u64,
        header: &[u8],
        room: AadBuffer,
        body: (&[u8], &[u8]),
        out: &mut [u8],
    ) -> Result<()> {
        let (ciphertext, tag) = body;
        self.aead.open(&self.nonce(counter), room.aad(header), InOut::Apart(ciphertext, out), tag)
    }

    /// Opens `header || ciphertext || tag` to the start of where it is, and writes no further than the plaintext, `len` bytes. These are
    /// zeroed if the frame does not authenticate.
    pub fn open_in_place(
        &self,
        counter: u64,
        header_len: usize,
        room: AadBuffer,
        len: usize,
        sealed: &mut [u8],
    ) -> Result<()> {
        let (mut head, mut tag) = ([0; header::MAX], [0; 16]);
        let (head, tag) = (&mut head[..header_len], &mut tag[..sealed.len() - header_len - len]);
        head.copy_from_slice(&sealed[..header_len]);
        tag.copy_from_slice(&sealed[header_len + len..]);
        sealed.copy_within(header_len..header_len + len, 0);
        self.aead.open(&self.nonce(counter), room.aad(head), InOut::InPlace(&mut sealed[..len]), tag)
    }

    /// RFC 9605 section 4.4.3: the salt XOR the counter, as 12 big-endian bytes.
    fn nonce(&self, counter: u64) -> [u8; 12] {
        let mut nonce = self.salt;
        nonce[4..].iter_mut().zip(counter.to_be_bytes()).for_each(|(n, c)| *n ^= c);
        nonce
    }
}

/// The base key of the step after `base_key`, RFC 9605 section 5.1; `out` has the length of the hash.
pub(super) fn ratchet(suite: CipherSuite, base_key: &[u8], out: &mut [u8]) -> Result<()> {
    Active::hkdf(suite.hash(), b"", base_key, b"SFrame 1.0 Ratchet", out)
}

/// The key of the step after `key`, with the KID after its.
pub(super) fn next_step(suite: CipherSuite, key: &BaseKey) -> Result<BaseKey> {
    BaseKey::derive(key.kid().saturating_add(1), suite.hash_len(), |out| ratchet(suite, key.as_bytes(), out))
}

fn expand(suite: CipherSuite, base_key: &[u8], label: &[u8], kid: u64, out: &mut [u8]) -> Result<()> {
    let mut info = [0; 33];
    let info = &mut info[..label.len() + 10];
    let (head, tail) = info.split_at_mut(label.len());
    head.copy_from_slice(label);
    tail[..8].copy_from_slice(&kid.to_be_bytes());
    tail[8..].copy_from_slice(&(suite as u16).to_be_bytes());
    Active::hkdf(suite.hash(), b"", base_key, info, out)
}

/// Metadata up to here is authenticated without an allocation.
const SHORT_METADATA: usize = 256;

/// Metadata in parts, and room for a header and all of them. Taken before a counter is, so that a lack of memory uses up none.
pub(super) struct AadBuffer<'a> {
    metadata: &'a [&'a [u8]],
    buffer: &'a mut [u8],
}

/// Runs `body` with room for `metadata`, the concatenation of its parts.
pub(super) fn with_aad_buffer<T>(metadata: &[&[u8]], body: impl FnOnce(AadBuffer) -> Result<T>) -> Result<T> {
    let len = metadata_len(metadata);
    if len == 0 {
        body(AadBuffer { metadata: &[], buffer: &mut [] })
    } else if len <= SHORT_METADATA {
        body(AadBuffer { metadata, buffer: &mut [0; header::MAX + SHORT_METADATA][..header::MAX + len] })
    } else {
        let mut buffer = Vec::new();
        buffer.try_reserve_exact(header::MAX + len).map_err(|_| Error::OutOfMemory)?;
        buffer.resize(header::MAX + len, 0);
        body(AadBuffer { metadata, buffer: &mut buffer })
    }
}

/// The length of metadata in parts.
pub(super) fn metadata_len(metadata: &[&[u8]]) -> usize {
    metadata.iter().map(|part| part.len()).sum()
}

impl<'a> AadBuffer<'a> {
    /// `header || metadata`
    fn aad(self, header: &'a [u8]) -> &'a [u8] {
        if self.metadata.is_empty() {
            return header;
        }
        let mut at = 0;
        for part in core::iter::once(&header).chain(self.metadata) {
            self.buffer[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        &self.buffer[..at]
    }
}
