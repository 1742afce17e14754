//! The messages of the handshake: strict parsers, and what puts them together. Nothing here computes with keys.
//!
//! ```text
//! M1 = u8 version || u8 1 || u8 max_version || u8 mode || u32 epoch || commit[32] || u8 n || n x ( u8 suite || u16 length || ek )
//! M2 = u8 version || u8 2 || u8 suite || ct1 || ek_R || sealed( body || signature )
//! M3 = u8 version || u8 3 || ct2 || sealed( r_I || body || signature )
//! M4 = u8 version || u8 4 || ack[16]
//! body = u8 id || u8 len_b || binding || u16 len_c || credential || public key if id = 1
//! ```

use crate::protocol::{Reader, Suite, TAG_BYTES, Writer};
use crate::{Error, Result};

/// The version of the protocol, the only one so far.
pub(super) const VERSION: u8 = 1;
/// The highest version spoken here.
const MAX_VERSION: u8 = 1;

/// The longest message, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 65535;
/// The longest binding, in bytes.
pub const MAX_BINDING_BYTES: usize = 64;
/// The longest credential, in bytes: with it, the longest message of the largest suite is as long as a message may be.
pub const MAX_CREDENTIAL_BYTES: usize = 55093;

/// Length of the acknowledgement, in bytes.
pub(super) const ACK_BYTES: usize = 18;
const MAX_SHARES: u8 = 4;
const OFFER_HEAD_BYTES: usize = 41;
/// Of a body, what is there however short the fields are.
const BODY_BYTES: usize = 4;
pub(super) const NONCE_BYTES: usize = 32;

/// The kind of a message, its second byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Offer = 1,
    Answer = 2,
    Finish = 3,
    Ack = 4,
}

impl Kind {
    /// The checks that come before all others: length and type, then the version.
    pub fn of(message: &[u8]) -> Result<Self> {
        if !(3..=MAX_MESSAGE_BYTES).contains(&message.len()) {
            return Err(Error::MalformedMessage);
        }
        let kind = match message[1] {
            1 => Kind::Offer,
            2 => Kind::Answer,
            3 => Kind::Finish,
            4 => Kind::Ack,
            _ => return Err(Error::MalformedMessage),
        };
        if message[0] == VERSION { Ok(kind) } else { Err(Error::VersionRefused) }
    }
}

/// Where the PSK of a handshake comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mode {
    Plain = 0,
    ExternalPsk = 1,
    Rekey = 2,
}

/// M1.
pub(super) struct Offer<'a> {
    /// Not known to be a [`Mode`].
    pub mode: u8,
    pub epoch: u32,
    pub commitment: &'a [u8; 32],
    /// The KEM keys of the suites that are known here, in the order of the initiator's preference.
    shares: [Option<(Suite, &'a [u8])>; MAX_SHARES as usize],
}

impl<'a> Offer<'a> {
    /// [`Kind::of`] has seen the message.
    pub fn parse(message: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(message);
        reader.bytes(2)?;
        let max_version = reader.u8()?;
        let (mode, epoch, commitment, count) = (reader.u8()?, reader.u32()?, reader.array()?, reader.u8()?);
        if !(1..=MAX_SHARES).contains(&count) {
            return Err(Error::MalformedMessage);
        }
        let (mut shares, mut numbers) = ([None; MAX_SHARES as usize], [0; MAX_SHARES as usize]);
        for at in 0..usize::from(count) {
            let (number, len) = (reader.u8()?, reader.u16()?);
            let share = reader.bytes(len.into())?;
            let suite = Suite::of_number(number);
            if numbers[..at].contains(&number) || suite.is_some_and(|suite| share.len() != suite.public_key_len()) {
                return Err(Error::MalformedMessage);
            }
            numbers[at] = number;
            shares[at] = suite.map(|suite| (suite, share));
        }
        reader.end()?;
        // A peer that speaks a later version too should have been offered it: somebody took it out of an earlier message.
        if max_version.min(MAX_VERSION) > VERSION {
            return Err(Error::VersionRefused);
        }
        Ok(Offer { mode, epoch, commitment, shares })
    }

    pub fn share(&self, suite: Suite) -> Option<&'a [u8]> {
        self.shares.iter().flatten().find(|(offered, _)| *offered == suite).map(|(_, share)| *share)
    }

    /// The suites that are offered and known here.
    pub fn suites(&self) -> impl Iterator<Item = Suite> {
        self.shares.iter().flatten().map(|(suite, _)| *suite)
    }

    /// Writes an offer; `share` gives the public part of a key.
    pub fn write<K>(
        mode: Mode,
        epoch: u32,
        commitment: &[u8; 32],
        keys: &[(Suite, K)],
        share: impl Fn(&K) -> &[u8],
    ) -> Result<Vec<u8>> {
        let mut writer = Writer::new(Self::len(keys.iter().map(|(suite, _)| suite)))?;
        writer.u8(VERSION).u8(Kind::Offer as u8).u8(MAX_VERSION).u8(mode as u8).u32(epoch).bytes(commitment);
        writer.u8(keys.len() as u8);
        for (suite, key) in keys {
            let share = share(key);
            writer.u8(*suite as u8).u16(share.len() as u16).bytes(share);
        }
        Ok(writer.done())
    }

    /// How long an offer of these suites is.
    pub fn len<'s>(suites: impl IntoIterator<Item = &'s Suite>) -> usize {
        OFFER_HEAD_BYTES + suites.into_iter().map(|suite| 3 + suite.public_key_len()).sum::<usize>()
    }
}

/// M2.
pub(super) struct Answer<'a> {
    pub head: &'a [u8],
    pub ciphertext: &'a [u8],
    pub share: &'a [u8],
    pub sealed: &'a [u8],
}

impl<'a> Answer<'a> {
    const HEAD: usize = 3;

    /// The suite of an answer, if it is a known one.
    pub fn suite(message: &[u8]) -> Option<Suite> {
        Suite::of_number(message[2])
    }

    pub fn parse(message: &'a [u8], suite: Suite) -> Result<Self> {
        let mut reader = Reader::new(message);
        reader.bytes(Self::HEAD)?;
        let (ciphertext, share) = (reader.bytes(suite.ciphertext_len())?, reader.bytes(suite.public_key_len())?);
        let sealed = reader.rest();
        if sealed.len() < BODY_BYTES + TAG_BYTES {
            return Err(Error::MalformedMessage);
        }
        Ok(Answer { head: &message[..message.len() - sealed.len()], ciphertext, share, sealed })
    }

    pub fn head_len(suite: Suite) -> usize {
        Self::HEAD + suite.ciphertext_len() + suite.public_key_len()
    }
}

/// M3.
pub(super) struct Finish<'a> {
    pub head: &'a [u8],
    pub ciphertext: &'a [u8],
    pub sealed: &'a [u8],
}

impl<'a> Finish<'a> {
    const HEAD: usize = 2;

    pub fn parse(message: &'a [u8], suite: Suite) -> Result<Self> {
        let mut reader = Reader::new(message);
        reader.bytes(Self::HEAD)?;
        let ciphertext = reader.bytes(suite.ciphertext_len())?;
        let sealed = reader.rest();
        if sealed.len() < NONCE_BYTES + BODY_BYTES + TAG_BYTES {
            return Err(Error::MalformedMessage);
        }
        Ok(Finish { head: &message[..message.len() - sealed.len()], ciphertext, sealed })
    }

    pub fn head_len(suite: Suite) -> usize {
        Self::HEAD + suite.ciphertext_len()
    }
}

/// M4: writes all but the tag, and gives the room for that.
pub(super) fn ack_tag(message: &mut [u8; ACK_BYTES]) -> &mut [u8] {
    let (head, tag) = message.split_at_mut(2);
    head.copy_from_slice(&[VERSION, Kind::Ack as u8]);
    tag
}

/// What a side says of itself.
pub(super) struct Body<'a> {
    pub binding: &'a [u8],
    pub credential: &'a [u8],
    pub public_key: Option<&'a [u8]>,
    pub signature: &'a [u8],
}

impl<'a> Body<'a> {
    /// A body and the signature after it.
    pub fn parse(plaintext: &'a [u8], suite: Suite) -> Result<Self> {
        let mut reader = Reader::new(plaintext);
        let id = reader.u8()?;
        let binding_len = reader.u8()?;
        if id > 1 || usize::from(binding_len) > MAX_BINDING_BYTES {
            return Err(Error::MalformedMessage);
        }
        let binding = reader.bytes(binding_len.into())?;
        let credential_len = reader.u16()?;
        let credential = reader.bytes(credential_len.into())?;
        let public_key = if id == 1 { Some(reader.bytes(suite.signature().public_key_len())?) } else { None };
        let signature = reader.rest();
        let expected = if id == 1 { suite.signature().signature_len() } else { 0 };
        if signature.len() != expected {
            return Err(Error::MalformedMessage);
        }
        Ok(Body { binding, credential, public_key, signature })
    }

    /// How long a body of these lengths is, with its signature.
    pub fn len(suite: Suite, identified: bool, binding: usize, credential: usize) -> usize {
        let signature = suite.signature();
        let identity = if identified { signature.public_key_len() + signature.signature_len() } else { 0 };
        BODY_BYTES + binding + credential + identity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_message_is_as_long_as_one_may_be() {
        let longest = Answer::head_len(Suite::Cnsa2)
            + Body::len(Suite::Cnsa2, true, MAX_BINDING_BYTES, MAX_CREDENTIAL_BYTES)
            + TAG_BYTES;
        assert_eq!(longest, MAX_MESSAGE_BYTES);
    }

    #[test]
    fn offers_that_break_the_format() {
        let keys = [(Suite::Default, vec![2; 1216]), (Suite::Cnsa2, vec![1; 1568])];
        let good = Offer::write(Mode::Plain, 0, &[7; 32], &keys, Vec::as_slice).unwrap();
        assert_eq!(good.len(), 2831);
        assert!(Offer::parse(&good).is_ok_and(|offer| offer.share(Suite::Cnsa2) == Some(&[1; 1568])));
        (3..good.len()).for_each(|cut| assert_eq!(Offer::parse(&good[..cut]).err(), Some(Error::MalformedMessage)));
        let refused = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut message = good.clone();
            change(&mut message);
            assert_eq!(Offer::parse(&message).err(), Some(Error::MalformedMessage));
        };
        refused(&|m| m.push(0));
        for count in [0, 1, 3, 5, 255] {
            refused(&move |m| m[40] = count);
        }
        // The second suite is the first again, whatever length it says.
        refused(&|m| m[41 + 3 + 1216] = 1);
        // A known suite with an unknown one's length.
        refused(&|m| m[43] ^= 1);
        // Suites that are not known are skipped, of any length, but each comes once.
        let unknown = [&good[..40], &[3, 9, 0, 0, 77, 0, 2, 5, 5, 8, 0, 1, 0]].concat();
        let parsed = Offer::parse(&unknown).unwrap();
        assert!(parsed.share(Suite::Default).is_none() && parsed.share(Suite::Cnsa2).is_none());
        let twice = [&good[..40], &[2, 9, 0, 0, 9, 0, 0]].concat();
        assert_eq!(Offer::parse(&twice).err(), Some(Error::MalformedMessage));
    }

    #[test]
    fn kinds_in_the_order_of_their_checks() {
        for len in [0, 1, 2, MAX_MESSAGE_BYTES + 1] {
            assert_eq!(Kind::of(&vec![1; len]), Err(Error::MalformedMessage));
        }
        for first in [0, 1, 2, 255] {
            for (kind, expected) in [(0, None), (1, Some(Kind::Offer)), (4, Some(Kind::Ack)), (5, None), (255, None)] {
                let version = if first == 1 { Ok(()) } else { Err(Error::VersionRefused) };
                let expected = expected.ok_or(Error::MalformedMessage).and_then(|kind| version.map(|()| kind));
                assert_eq!(Kind::of(&[first, kind, 0]), expected);
            }
        }
    }

    #[test]
    fn bodies_that_break_the_format() {
        let suite = Suite::Cnsa2;
        let body = |id: u8, binding: &[u8], credential: &[u8], identity: usize| {
            let lens = [&[id, binding.len() as u8][..], binding, &(credential.len() as u16).to_be_bytes(), credential];
            [lens.concat(), vec![3; identity]].concat()
        };
        let identity = 2592 + 4627;
        assert!(Body::parse(&body(1, &[1; 64], &[2; 300], identity), suite).is_ok());
        assert!(Body::parse(&body(0, &[], &[], 0), suite).is_ok());
        for bad in [
            body(0, &[], &[], 1),
            body(0, &[], &[], identity),
            body(1, &[], &[], identity - 1),
            body(1, &[], &[], identity + 1),
            body(1, &[], &[], 0),
            body(2, &[], &[], 0),
            body(0, &[1; 65], &[], 0),
        ] {
            assert_eq!(Body::parse(&bad, suite).err(), Some(Error::MalformedMessage));
        }
        let good = body(1, &[1; 32], &[2; 30], identity);
        (0..good.len())
            .for_each(|cut| assert_eq!(Body::parse(&good[..cut], suite).err(), Some(Error::MalformedMessage)));
    }
}
