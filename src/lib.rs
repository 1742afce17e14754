//! Post-quantum protection for WebRTC stacks that already exist.
//!
//! | what | where |
//! |---|---|
//! | the authenticated handshake: identities, rekey, a short code for people | [`handshake`] |
//! | hybrid key exchange over signaling, X25519 with ML-KEM-768 | [`suite`] |
//! | the session key, exported keys, SRTP keys, small sealed messages | [`session`] |
//! | media frames, sealed end to end (SFrame) | [`sframe`] |
//! | the same, shaped for codecs and their packetizers | [`frame`] |
//! | TURN credentials, minted, verified, wrapped | [`turn`] |
//! | signatures of recordings, transcripts, summaries, API keys: ML-DSA-65, ML-DSA-87, ML-DSA-65 with Ed25519 | [`signing`] |
//! | recordings in segments, signed so that nobody can splice them | [`recording`] |
//! | the same signatures for verifiers that have a COSE library | [`cose`] |
//! | ML-KEM-768 and ML-KEM-1024 by themselves | [`kem`] |
//!
//! ```
//! use pqrtc::suite::{self, HybridKeypair, Suite};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let responder = HybridKeypair::generate(Suite::XWing)?;                            // publishes responder.bundle()
//! let mut exchange = vec![0; Suite::XWing.exchange_len()];
//! let alice = suite::initiate(Suite::XWing, responder.bundle(), &mut exchange)?;     // sends back 1,120 bytes
//! let bob = responder.respond(&exchange)?;
//! assert_eq!(alice.key(), bob.key());
//! # Ok(())
//! # }
//! ```
//!
//! The byte formats are fixed and the same on every provider. The algorithms come from one of two providers, chosen by a Cargo feature:
//! `aws-lc` (the default) or `pqclean`.
//!
//! Secrets are zeroed when they are dropped and compared in constant time. Everything here may be used from many threads at once, except
//! through `&mut`. Small fixed-size allocations abort when there is no memory, as in any Rust program; those whose size a caller chose
//! give [`Error::OutOfMemory`].

#![deny(unsafe_code, missing_docs)]

pub mod cose;
pub mod envelope;
mod error;
#[cfg(feature = "capi")]
#[allow(unsafe_code)]
pub mod ffi;
pub mod frame;
pub mod handshake;
pub mod kem;
mod key_info;
pub mod keyfile;
pub mod meeting;
mod protocol;
#[allow(unsafe_code)]
mod provider;
mod random;
pub mod recording;
mod replay;
mod secret;
pub mod session;
pub mod sframe;
pub mod signing;
pub mod suite;
pub mod turn;

pub use error::{Error, Result};
#[cfg(all(fuzzing, feature = "aws-lc", feature = "pqclean"))]
pub use provider::fuzz_providers;
pub use random::random;
pub use secret::Secret;
pub use session::Session;
pub use suite::{HybridKeypair, Suite};

/// The name of the provider in use: "aws-lc", "rustcrypto" or "pqclean".
pub fn provider() -> &'static str {
    use provider::Provider;
    provider::Active::NAME.to_str().unwrap_or_default()
}

/// Runs a known-answer test of every primitive in use; [`Error::Internal`] if one fails.
pub fn self_test() -> Result<()> {
    provider::self_test()
}
