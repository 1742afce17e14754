//! What two peers share after a key exchange: the session key, and the keys that are derived from it. One session key never serves two
//! purposes; everything but [`Session::key`] goes through an exporter (HKDF-SHA512, RFC 5869).
//!
//! ```
//! use pqrtc::session::SEAL_OVERHEAD_BYTES;
//! use pqrtc::suite::{self, HybridKeypair, Suite};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let responder = HybridKeypair::generate(Suite::XWing)?;
//! let mut exchange = vec![0; Suite::XWing.exchange_len()];
//! let alice = suite::initiate(Suite::XWing, responder.bundle(), &mut exchange)?;
//! let bob = responder.respond(&exchange)?;
//!
//! let (mut ours, mut theirs) = ([0; 32], [0; 32]);
//! alice.export(b"file transfer", b"room 7", &mut ours)?;
//! bob.export(b"file transfer", b"room 7", &mut theirs)?;
//! assert_eq!(ours, theirs);
//!
//! let mut sealed = [0; 4 + SEAL_OVERHEAD_BYTES];
//! alice.seal(b"keys", b"data", &mut sealed)?;
//! let mut opened = [0; 4];
//! assert_eq!(bob.open(b"keys", &sealed, &mut opened)?, 4);
//! # Ok(())
//! # }
//! ```

use crate::protocol::Prk;
use crate::provider::{Aead, AeadAlgorithm, AeadKey, InOut, fork, scrubbed};
use crate::replay::Window;
use crate::secret::Secret;
use crate::sframe::BaseKey;
use crate::{Error, Result};
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

/// Session key, in bytes.
pub const KEY_BYTES: usize = 32;
/// The longest label that an application may export under, in bytes.
pub const MAX_LABEL_BYTES: usize = 124;
/// The longest context of an export, in bytes.
pub const MAX_CONTEXT_BYTES: usize = 65535;
/// The most that one export gives, in bytes.
pub const MAX_EXPORT_BYTES: usize = 16320;
/// What [`Session::seal`] adds to a payload, in bytes: sequence number, nonce and tag.
pub const SEAL_OVERHEAD_BYTES: usize = SEQUENCE + NONCE + TAG;
/// The longest payload of [`Session::seal`], in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 1 << 20;

/// A base key of [`Session::sframe_base_key`], in bytes.
pub const SFRAME_BASE_KEY_BYTES: usize = 32;

/// "app " or "pqrtc ".
const MAX_PREFIX_BYTES: usize = 6;
const EXPORTER_SALT: &[u8] = b"pqrtc exporter v1";
const SEQUENCE: usize = 8;
const NONCE: usize = 12;
const TAG: usize = 16;
const MESSAGE_WINDOW: u32 = 1024;
/// Stack that is wiped after a payload was on it.
const STACK: usize = 4 << 10;

/// Which side of the exchange a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Role {
    /// The side that answered a bundle.
    Initiator = 1,
    /// The side that published the bundle.
    Responder = 2,
}

impl Role {
    /// The other side.
    pub const fn peer(self) -> Role {
        match self {
            Role::Initiator => Role::Responder,
            Role::Responder => Role::Initiator,
        }
    }
}

impl TryFrom<u32> for Role {
    type Error = Error;

    fn try_from(role: u32) -> Result<Self> {
        match role {
            1 => Ok(Role::Initiator),
            2 => Ok(Role::Responder),
            _ => Err(Error::InvalidArgument),
        }
    }
}

/// An SRTP protection profile, by its IANA number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum SrtpProfile {
    /// `SRTP_AES128_CM_HMAC_SHA1_80`
    Aes128CmHmacSha1_80 = 0x0001,
    /// `SRTP_AEAD_AES_128_GCM`
    AeadAes128Gcm = 0x0007,
    /// `SRTP_AEAD_AES_256_GCM`
    AeadAes256Gcm = 0x0008,
}

impl SrtpProfile {
    /// Length of all keys and salts together, in bytes.
    pub const fn key_material_len(self) -> usize {
        match self {
            SrtpProfile::Aes128CmHmacSha1_80 => 2 * (16 + 14),
            SrtpProfile::AeadAes128Gcm => 2 * (16 + 12),
            SrtpProfile::AeadAes256Gcm => 2 * (32 + 12),
        }
    }
}

impl TryFrom<u32> for SrtpProfile {
    type Error = Error;

    fn try_from(profile: u32) -> Result<Self> {
        match profile {
            0x0001 => Ok(SrtpProfile::Aes128CmHmacSha1_80),
            0x0007 => Ok(SrtpProfile::AeadAes128Gcm),
            0x0008 => Ok(SrtpProfile::AeadAes256Gcm),
            _ => Err(Error::InvalidArgument),
        }
    }
}

/// The result of a key exchange. Usable from many threads at once; wiped when it is dropped.
pub struct Session {
    key: Secret<KEY_BYTES>,
    role: Role,
    messages: fork::Mutex<Option<Arc<Messages>>>,
}

/// The state of [`Session::seal`] and [`Session::open`], made when one of them is first called.
struct Messages {
    seal: Aead,
    open: Aead,
    next: AtomicU64,
    seen: Window,
    /// Held by who marks a message as seen.
    marking: fork::Mutex<()>,
}

impl Messages {
    /// Of two threads with the same message one succeeds.
    fn mark(&self, counter: u64) -> Result<()> {
        let _alone = self.marking.lock()?;
        self.seen.check(counter)?;
        self.seen.accept(counter);
        Ok(())
    }
}

impl Session {
    pub(crate) fn new(key: Secret<KEY_BYTES>, role: Role) -> Self {
        Session { key, role, messages: fork::Mutex::new(None) }
    }

    /// The session key itself, for code that was written to the V100 description. Prefer [`Session::export`].
    pub fn key(&self) -> &Secret<KEY_BYTES> {
        &self.key
    }

    /// Which side this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Fills `out` (1 to 16320 bytes) with a key of the application's own: the same on both sides, another for each label (1 to 124
    /// bytes), context (at most 65535 bytes) and length. [`Error::InvalidLength`] beyond these.
    pub fn export(&self, label: &[u8], context: &[u8], out: &mut [u8]) -> Result<()> {
        if !(1..=MAX_LABEL_BYTES).contains(&label.len()) {
            return Err(Error::InvalidLength);
        }
        self.derive(b"app ", label, context, out)
    }

    /// SRTP master keys and salts in the order of RFC 5764 section 4.2, the initiator as client:
    /// `client_key || server_key || client_salt || server_salt`. `out` has [`SrtpProfile::key_material_len`] bytes.
    pub fn srtp_keys(&self, profile: SrtpProfile, out: &mut [u8]) -> Result<()> {
        if out.len() != profile.key_material_len() {
            return Err(Error::InvalidLength);
        }
        self.derive(b"pqrtc ", b"srtp", &(profile as u16).to_be_bytes(), out)
    }

    /// The SFrame base key of the sender with this role and KID, for [`Sender::new`](crate::sframe::Sender::new) on its side and
    /// [`Receiver::add`](crate::sframe::Receiver::add) on the other. The two roles never share one, whatever KIDs they choose.
    pub fn sframe_base_key(&self, sender: Role, kid: u64) -> Result<BaseKey> {
        let mut context = [sender as u8; 9];
        context[1..].copy_from_slice(&kid.to_be_bytes());
        BaseKey::derive(kid, SFRAME_BASE_KEY_BYTES, |out| self.derive(b"pqrtc ", b"sframe", &context, out))
    }

    /// The PSK of the handshake for the epoch `epoch`, which the side with the role `offerer` in this session begins.
    pub(crate) fn rekey_psk(&self, offerer: Role, epoch: u32) -> Result<Secret<32>> {
        let mut context = [offerer as u8; 5];
        context[1..].copy_from_slice(&epoch.to_be_bytes());
        let mut psk = Secret::zero();
        self.derive(b"pqrtc ", b"rekey", &context, psk.as_mut())?;
        Ok(psk)
    }

    /// Seals a small payload for the peer, such as a group key: `sequence(8) || nonce(12) || ciphertext || tag(16)`, AES-256-GCM under an
    /// exported key. Writes `payload.len() + 36` bytes to `out` and returns how many. `aad` (at most 65535 bytes) is authenticated and
    /// not sent. The nonce is random, so that a second handle of the same session repeats none.
    pub fn seal(&self, aad: &[u8], payload: &[u8], out: &mut [u8]) -> Result<usize> {
        if aad.len() > MAX_CONTEXT_BYTES || payload.len() > MAX_PAYLOAD_BYTES {
            return Err(Error::InvalidLength);
        }
        let len = payload.len() + SEAL_OVERHEAD_BYTES;
        let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
        let mut nonce = [0; NONCE];
        crate::random(&mut nonce)?;
        let messages = self.messages()?;
        let aad_buffer = authenticated(aad)?;

        let sequence = messages.next.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let (header, rest) = out.split_at_mut(SEQUENCE + NONCE);
        let (ciphertext, tag) = rest.split_at_mut(payload.len());
        header[..SEQUENCE].copy_from_slice(&sequence);
        header[SEQUENCE..].copy_from_slice(&nonce);
        let aad = with_sequence(aad_buffer, sequence, aad);
        scrubbed::<STACK, _>(|| messages.seal.seal(&nonce, &aad, InOut::Apart(payload, ciphertext), tag))?;
        Ok(len)
    }

    /// Opens what the peer sealed: writes `sealed.len() - 36` bytes to `out` and returns how many. [`Error::DecryptionFailed`] for anything
    /// that the peer did not seal with this `aad`, [`Error::ReplayedFrame`] for a message that this handle has opened before or that is
    /// 1024 or more behind.
    pub fn open(&self, aad: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<usize> {
        let len = sealed.len().checked_sub(SEAL_OVERHEAD_BYTES).ok_or(Error::InvalidLength)?;
        if aad.len() > MAX_CONTEXT_BYTES || len > MAX_PAYLOAD_BYTES {
            return Err(Error::InvalidLength);
        }
        let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
        let (sequence, rest) = sealed.split_first_chunk::<SEQUENCE>().ok_or(Error::InvalidLength)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(Error::InvalidLength)?;
        let (ciphertext, tag) = rest.split_at(len);
        let messages = self.messages()?;
        let aad = with_sequence(authenticated(aad)?, *sequence, aad);

        let counter = u64::from_be_bytes(*sequence);
        messages.seen.check(counter)?;
        scrubbed::<STACK, _>(|| messages.open.open(nonce, &aad, InOut::Apart(ciphertext, out), tag))?;
        messages.mark(counter).inspect_err(|_| out.fill(0))?;
        Ok(len)
    }

    fn messages(&self) -> Result<Arc<Messages>> {
        if let Some(messages) = self.messages.lock()?.as_ref() {
            return Ok(messages.clone());
        }
        let key = |sender: Role| {
            let mut key = Secret::<32>::zero();
            self.derive(b"pqrtc ", b"message", &[sender as u8], key.as_mut())?;
            Aead::new(AeadAlgorithm::Aes256Gcm, key.as_bytes())
        };
        let fresh = Messages {
            seal: key(self.role)?,
            open: key(self.role.peer())?,
            next: AtomicU64::new(0),
            seen: Window::new(MESSAGE_WINDOW),
            marking: fork::Mutex::new(()),
        };
        // Two threads may get here; the first one's is kept.
        Ok(self.messages.lock()?.get_or_insert(Arc::new(fresh)).clone())
    }

    fn derive(&self, prefix: &[u8], label: &[u8], context: &[u8], out: &mut [u8]) -> Result<()> {
        if context.len() > MAX_CONTEXT_BYTES || !(1..=MAX_EXPORT_BYTES).contains(&out.len()) {
            return Err(Error::InvalidLength);
        }
        let mut joined = [0; MAX_LABEL_BYTES + MAX_PREFIX_BYTES];
        let joined = &mut joined[..prefix.len() + label.len()];
        joined[..prefix.len()].copy_from_slice(prefix);
        joined[prefix.len()..].copy_from_slice(label);
        Prk::extract(EXPORTER_SALT, &[self.key.as_bytes()])?.expand(joined, context, out)
    }
}

/// An empty vector that holds `capacity` bytes, or [`Error::OutOfMemory`].
fn buffer(capacity: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(capacity).map_err(|_| Error::OutOfMemory)?;
    Ok(bytes)
}

/// Room for the sequence number and `aad`; taken before a sequence number is used up.
fn authenticated(aad: &[u8]) -> Result<Vec<u8>> {
    buffer(SEQUENCE + aad.len())
}

fn with_sequence(mut buffer: Vec<u8>, sequence: [u8; SEQUENCE], aad: &[u8]) -> Vec<u8> {
    buffer.extend_from_slice(&sequence);
    buffer.extend_from_slice(aad);
    buffer
}
