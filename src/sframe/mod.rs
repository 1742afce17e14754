//! Media frames, sealed end to end: SFrame, RFC 9605, cipher suites 1 to 5, and 6 to 8 of draft-barnes-sframe-iana-256.
//!
//! A [`Sender`] seals frames under one key and key ID (KID); a [`Receiver`] holds the keys of many senders and opens what they sealed,
//! each frame once. Keys are [`BaseKey`]s: of a [`Session`](crate::Session), where the two roles never share one, or of 16 to 64 bytes that
//! the application hands out (RFC 9605 section 5.1; [`Session::seal`](crate::Session::seal) carries them to each member).
//!
//! ```
//! use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let mut key = [0; 32];
//! pqrtc::random(&mut key)?;
//! let suite = CipherSuite::Aes256GcmSha512_128;
//! let sender = Sender::from_key(&key, 7, suite)?;
//! let receiver = Receiver::new(suite);
//! receiver.add_key(7, &key)?;
//!
//! let mut sealed = [0; 5 + MAX_OVERHEAD];
//! let sealed_len = sender.seal(b"metadata", b"frame", &mut sealed)?;
//! let mut frame = [0; 5];
//! let opened = receiver.open(b"metadata", &sealed[..sealed_len], &mut frame)?;
//! assert_eq!((&frame[..opened.len], opened.kid, opened.counter), (&b"frame"[..], 7, 0));
//! # Ok(())
//! # }
//! ```
//!
//! What it promises:
//! - No (key, nonce) pair is used twice: the counter is atomic and never wraps, and a second sender for the same key and KID is refused
//!   for the life of the process (`registry.rs`).
//! - A frame changes the state of a receiver only once it has authenticated. Forged frames move no window, evict no key, cost no memory.
//! - Sealing and opening allocate nothing for metadata up to 256 bytes, and copy nothing unless they work in place.
//!
//! What it does not: whoever holds a sender's key can seal in its name (RFC 9605 section 7.2), and KID, counter and length of a frame are
//! in the clear (section 7.1).
//!
//! RFC 9605 sets no limit below 2^64 to the counters of any cipher suite, nor to failed decryptions: section 9.3 is about replay, section
//! 7.5 weighs short tags. A sender therefore seals 2^64 - 1 frames. The replay window is the defence of section 7.5 that a library can
//! give; [`Stats::decryption_failed`] lets an application see a flood of guesses. Prefer suites 4 and 5.

mod base_key;
mod chain;
mod header;
mod key;
mod keys;
mod receiver;
mod registry;
mod sender;
mod units;

#[cfg(test)]
mod tests;

pub use base_key::BaseKey;
pub(crate) use receiver::Follow;
pub use receiver::{Opened, Receiver, Stats};
pub(crate) use sender::Block;
pub(crate) use sender::Owner;
pub use sender::{Sender, SenderStats};
pub use units::Units;

use crate::provider::{AeadAlgorithm, Hash};
use crate::{Error, Result};

/// The most that sealing adds to a frame, in bytes: a header of 17 and a tag of 16.
pub const MAX_OVERHEAD: usize = header::MAX + 16;
/// The longest frame, in bytes.
pub const MAX_FRAME_BYTES: usize = 64 << 20;
/// The longest metadata, in bytes.
pub const MAX_METADATA_BYTES: usize = 65535;
/// The shortest `base_key`, in bytes.
pub const MIN_BASE_KEY_BYTES: usize = 16;
/// The longest `base_key`, in bytes.
pub const MAX_BASE_KEY_BYTES: usize = 64;
/// The most bits of a KID that may count ratchet steps.
pub const MAX_RATCHET_BITS: u32 = 16;

/// An SFrame cipher suite, by its IANA number (RFC 9605 section 8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(non_camel_case_types)] // the standard's names, of which the last number is the bits of the tag
#[repr(u32)]
pub enum CipherSuite {
    /// `AES_128_CTR_HMAC_SHA256_80`: a tag of 10 bytes.
    Aes128CtrHmacSha256_80 = 1,
    /// `AES_128_CTR_HMAC_SHA256_64`: a tag of 8 bytes.
    Aes128CtrHmacSha256_64 = 2,
    /// `AES_128_CTR_HMAC_SHA256_32`: a tag of 4 bytes. Read RFC 9605 section 7.5 first.
    Aes128CtrHmacSha256_32 = 3,
    /// `AES_128_GCM_SHA256_128`: a tag of 16 bytes.
    Aes128GcmSha256_128 = 4,
    /// `AES_256_GCM_SHA512_128`: a tag of 16 bytes. The one to choose against a quantum computer.
    Aes256GcmSha512_128 = 5,
    /// `AES_256_CTR_HMAC_SHA512_80`: a tag of 10 bytes.
    Aes256CtrHmacSha512_80 = 6,
    /// `AES_256_CTR_HMAC_SHA512_64`: a tag of 8 bytes.
    Aes256CtrHmacSha512_64 = 7,
    /// `AES_256_CTR_HMAC_SHA512_32`: a tag of 4 bytes. Read RFC 9605 section 7.5 first.
    Aes256CtrHmacSha512_32 = 8,
}

impl CipherSuite {
    /// All of them.
    pub const ALL: [CipherSuite; 8] = [
        CipherSuite::Aes128CtrHmacSha256_80,
        CipherSuite::Aes128CtrHmacSha256_64,
        CipherSuite::Aes128CtrHmacSha256_32,
        CipherSuite::Aes128GcmSha256_128,
        CipherSuite::Aes256GcmSha512_128,
        CipherSuite::Aes256CtrHmacSha512_80,
        CipherSuite::Aes256CtrHmacSha512_64,
        CipherSuite::Aes256CtrHmacSha512_32,
    ];

    /// The length of the tag, in bytes (Nt of RFC 9605 section 4.5).
    pub const fn tag_len(self) -> usize {
        self.aead().tag_len()
    }

    /// The cipher and the hash: the one table of what a suite is made of.
    const fn row(self) -> (AeadAlgorithm, Hash) {
        match self {
            CipherSuite::Aes128CtrHmacSha256_80 => (AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 10 }, Hash::Sha256),
            CipherSuite::Aes128CtrHmacSha256_64 => (AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 8 }, Hash::Sha256),
            CipherSuite::Aes128CtrHmacSha256_32 => (AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 4 }, Hash::Sha256),
            CipherSuite::Aes128GcmSha256_128 => (AeadAlgorithm::Aes128Gcm, Hash::Sha256),
            CipherSuite::Aes256GcmSha512_128 => (AeadAlgorithm::Aes256Gcm, Hash::Sha512),
            CipherSuite::Aes256CtrHmacSha512_80 => (AeadAlgorithm::Aes256CtrHmacSha512 { tag_len: 10 }, Hash::Sha512),
            CipherSuite::Aes256CtrHmacSha512_64 => (AeadAlgorithm::Aes256CtrHmacSha512 { tag_len: 8 }, Hash::Sha512),
            CipherSuite::Aes256CtrHmacSha512_32 => (AeadAlgorithm::Aes256CtrHmacSha512 { tag_len: 4 }, Hash::Sha512),
        }
    }

    pub(crate) const fn aead(self) -> AeadAlgorithm {
        self.row().0
    }

    pub(crate) const fn hash(self) -> Hash {
        self.row().1
    }

    /// The length of the base key that [`ratchet_base_key`] gives, in bytes (Nh of RFC 9605 section 4.5).
    pub const fn base_key_len(self) -> usize {
        self.hash_len()
    }

    pub(crate) const fn hash_len(self) -> usize {
        self.hash().len()
    }
}

impl TryFrom<u32> for CipherSuite {
    type Error = Error;

    /// [`Error::InvalidArgument`] for a number that is none of them.
    fn try_from(number: u32) -> Result<Self> {
        Self::ALL.into_iter().find(|suite| *suite as u32 == number).ok_or(Error::InvalidArgument)
    }
}

/// The base key of the ratchet step after `base_key` (16 to 64 bytes), RFC 9605 section 5.1, to give the key of a sender that ratchets
/// to a newcomer, who then has no key of an earlier step. Writes [`CipherSuite::base_key_len`] bytes to `out` and returns how many.
pub fn ratchet_base_key(suite: CipherSuite, base_key: &[u8], out: &mut [u8]) -> Result<usize> {
    if !(MIN_BASE_KEY_BYTES..=MAX_BASE_KEY_BYTES).contains(&base_key.len()) {
        return Err(Error::InvalidLength);
    }
    let out = out.get_mut(..suite.hash_len()).ok_or(Error::BufferTooSmall)?;
    key::ratchet(suite, base_key, out)?;
    Ok(out.len())
}

/// Where the bytes are that are sealed or opened.
pub(crate) enum Source<'a> {
    /// Apart from the output.
    Apart(&'a [u8]),
    /// The first bytes of the output, so many of them.
    InPlace(usize),
}

impl Source<'_> {
    pub fn len(&self) -> usize {
        match self {
            Source::Apart(bytes) => bytes.len(),
            Source::InPlace(len) => *len,
        }
    }
}

/// The KID and counter of a sealed frame. Nothing is authenticated.
pub(crate) fn peek(sealed: &[u8]) -> Result<(u64, u64)> {
    let (header, _) = header::Header::parse(sealed)?;
    Ok((header.kid, header.counter))
}

/// Refuses what is beyond the lengths of a frame and its metadata.
fn check_lengths(metadata: usize, frame: usize) -> Result<()> {
    if metadata <= MAX_METADATA_BYTES && frame <= MAX_FRAME_BYTES { Ok(()) } else { Err(Error::InvalidLength) }
}
