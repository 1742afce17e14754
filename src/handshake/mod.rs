//! The authenticated handshake: a call between two participants who know each other's identity keys, or compare a short code.
//!
//! Three messages over signaling (offer, answer, finish, and an optional acknowledgement) give both sides a [`Session`](crate::Session) that nobody else has,
//! and each the certainty of who the other is. A rekey in mid-call is the same handshake with a PSK from the epoch before. The format is in
//! docs/handshake.md; nobody outside the project has reviewed it.
//!
//! ```
//! use pqrtc::handshake::{Call, Policy, Profile};
//! use pqrtc::signing::{SignatureAlgorithm, SigningKey, public_key_fingerprint};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let alice = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519)?;
//! let bob = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519)?;
//! let pinned = |peer: &SigningKey| -> pqrtc::Result<Policy> {
//!     let mut policy = Policy::new(Profile::Default)?;
//!     policy.pin(&public_key_fingerprint(peer.algorithm(), peer.public_key())?)?;
//!     Ok(policy)
//! };
//! let initiator = Call::new(&[&alice], &pinned(&bob)?, b"", b"")?;
//! let responder = Call::new(&[&bob], &pinned(&alice)?, b"", b"")?;
//!
//! let offer = initiator.offer()?;                     // beside the SDP offer
//! let answer = responder.receive(&offer, b"")?;       // beside the SDP answer
//! let finish = initiator.receive(&answer, b"")?;      // one more message; the initiator may send media already
//! let ack = responder.receive(&finish, b"")?;         // optional
//! initiator.receive(&ack, b"")?;
//! assert_eq!(initiator.session()?.key(), responder.session()?.key());
//! assert_eq!(initiator.sas()?, responder.sas()?);
//!
//! let suite = pqrtc::sframe::CipherSuite::Aes256GcmSha512_128;
//! let (sender, receiver) = (initiator.sender(0, suite)?, responder.receiver(suite)?);      // they follow rekeys by themselves
//! let (mut sealed, mut frame) = ([0; 64], [0; 64]);
//! let len = sender.seal(b"", b"frame", &mut sealed)?;
//! assert_eq!(receiver.open(b"", &sealed[..len], &mut frame)?.len, 5);
//! # Ok(())
//! # }
//! ```

mod call;
mod inspect;
mod machine;
mod media;
mod message;
mod policy;

#[cfg(test)]
mod tests;

pub use crate::protocol::Suite;
pub use call::{Call, Direction, Info, SAS_DIGITS, SFRAME_KEY_BYTES};
pub use inspect::Message;
pub use machine::{Peer, State};
pub use message::{MAX_BINDING_BYTES, MAX_CREDENTIAL_BYTES, MAX_MESSAGE_BYTES};
pub use policy::{PSK_BYTES, Policy, Profile};
