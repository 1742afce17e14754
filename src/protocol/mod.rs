//! What the handshake, meetings and envelopes have in common: the suites, the hash and key schedule, and the fields of messages.
//!
//! One hash (SHA-512), one KDF (HKDF-SHA-512) and one AEAD (AES-256-GCM) serve every suite; a suite chooses the KEM and the signature.

mod crypto;
mod rng;
mod suite;
mod wire;

pub use suite::Suite;

pub(crate) use crypto::{Digest, Prk, TAG_BYTES, hash, open_once, seal_once};
pub(crate) use rng::Rng;
pub(crate) use suite::KemKey;
pub(crate) use wire::{Reader, Writer, try_copy};
