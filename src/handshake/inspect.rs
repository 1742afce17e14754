//! What anybody can read of a message of the handshake.

use super::message::{ACK_BYTES, Answer, Kind, Offer};
use crate::protocol::Suite;
use crate::{Error, Result};

/// A message, as far as it can be read without keys. Nothing of it is authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Message<'a> {
    /// M1.
    Offer {
        /// 0 plain, 1 with an external PSK, 2 a rekey; others are refused by a call.
        mode: u8,
        /// The epoch that it begins, from 0.
        epoch: u32,
        /// The commitment to the finish.
        commitment: &'a [u8; 32],
        /// The suites that are known here, in the order of the initiator's preference.
        suites: Vec<Suite>,
    },
    /// M2.
    Answer {
        /// The suite that the responder chose.
        suite: Suite,
        /// Length of the encrypted part, in bytes, with its tag: binding, credential, identity and signature.
        sealed_bytes: usize,
    },
    /// M3, which does not name its suite.
    Finish,
    /// M4.
    Ack,
}

impl<'a> Message<'a> {
    /// Reads a message as a call would: [`Error::MalformedMessage`], [`Error::VersionRefused`], [`Error::PolicyRefused`] for an answer of a
    /// suite that is not known.
    pub fn parse(message: &'a [u8]) -> Result<Self> {
        match Kind::of(message)? {
            Kind::Offer => {
                let offer = Offer::parse(message)?;
                Ok(Message::Offer {
                    mode: offer.mode,
                    epoch: offer.epoch,
                    commitment: offer.commitment,
                    suites: offer.suites().collect(),
                })
            }
            Kind::Answer => {
                let suite = Answer::suite(message).ok_or(Error::PolicyRefused)?;
                Ok(Message::Answer { suite, sealed_bytes: Answer::parse(message, suite)?.sealed.len() })
            }
            Kind::Finish => Ok(Message::Finish),
            Kind::Ack if message.len() == ACK_BYTES => Ok(Message::Ack),
            Kind::Ack => Err(Error::MalformedMessage),
        }
    }
}

#[cfg(all(test, not(miri)))]
mod tests {
    use super::*;
    use crate::handshake::{Call, Policy, Profile};
    use crate::signing::{SignatureAlgorithm, SigningKey};

    #[test]
    fn messages_of_a_call_are_read_and_cut_ones_refused() {
        let key = || SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519).unwrap();
        let call = |key: &SigningKey| {
            let mut policy = Policy::new(Profile::Default).unwrap();
            policy.accept_any_peer();
            Call::new(&[key], &policy, b"", b"").unwrap()
        };
        let (alice, bob) = (call(&key()), call(&key()));
        let offer = alice.offer().unwrap();
        let answer = bob.receive(&offer, b"").unwrap();
        let finish = alice.receive(&answer, b"").unwrap();
        let ack = bob.receive(&finish, b"").unwrap();
        let Ok(Message::Offer { mode: 0, epoch: 0, suites, .. }) = Message::parse(&offer) else { panic!() };
        assert_eq!(suites, [Suite::Default]);
        assert!(matches!(Message::parse(&answer), Ok(Message::Answer { suite: Suite::Default, .. })));
        assert_eq!((Message::parse(&finish), Message::parse(&ack)), (Ok(Message::Finish), Ok(Message::Ack)));
        for cut in [&offer[..offer.len() - 1], &answer[..2000], &ack[..17], &offer[..2], b""] {
            assert_eq!(Message::parse(cut), Err(Error::MalformedMessage));
        }
        assert_eq!(Message::parse(&[2, 1, 1, 0]), Err(Error::VersionRefused));
        assert_eq!(Message::parse(&[1, 2, 9, 0]), Err(Error::PolicyRefused));
    }
}
