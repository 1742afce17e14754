//! Cards: what somebody who wants to be added to a meeting publishes beforehand.
//!
//! ```text
//! card = u8 1 || u8 0x11 || u8 suite || u64 not_after || init_ek || leaf_ek || u16 len || credential || public key || signature
//! ```

use super::{CARD, MAX_CREDENTIAL_BYTES, VERSION};
use crate::protocol::{KemKey, Reader, Rng, Suite, Writer, hash};
use crate::signing::{self, FINGERPRINT_BYTES, SigningKey};
use crate::{Error, Result};

const CONTEXT: &[u8] = b"pqrtc card v1";

/// What names a card: a hash of all of it.
pub const REF_BYTES: usize = 32;
pub(super) type Ref = [u8; REF_BYTES];
/// What names a leaf key in the roster.
pub(super) type LeafHash = [u8; 32];

/// A card with its private keys. It serves to create one meeting or to join one. Wiped when it is dropped.
pub struct Card {
    suite: Suite,
    not_after: u64,
    bytes: Vec<u8>,
    keys: Option<Keys>,
}

/// The private keys of a card.
pub(super) struct Keys {
    /// For one welcome.
    pub init: KemKey,
    /// For boxes.
    pub leaf: KemKey,
}

impl Card {
    /// A card of the identity `me`, good until `not_after` (Unix seconds), with a credential of the application's own, at most 65535 bytes
    /// ([`Error::InvalidLength`]). [`Error::Unsupported`] for a key of ML-DSA-65, which belongs to no suite.
    pub fn new(me: &SigningKey, not_after: u64, credential: &[u8]) -> Result<Self> {
        Self::with_rng(me, not_after, credential, &Rng::default())
    }

    pub(super) fn with_rng(me: &SigningKey, not_after: u64, credential: &[u8], rng: &Rng) -> Result<Self> {
        let suite = super::suite_of(me)?;
        if credential.len() > MAX_CREDENTIAL_BYTES {
            return Err(Error::InvalidLength);
        }
        let keys = Keys { init: KemKey::generate(suite, rng)?, leaf: KemKey::generate(suite, rng)? };
        let mut card = Writer::new(Self::len(suite, credential.len()))?;
        card.u8(VERSION).u8(CARD).u8(suite as u8).bytes(&not_after.to_be_bytes());
        card.bytes(keys.init.public_key()).bytes(keys.leaf.public_key());
        card.u16(credential.len() as u16).bytes(credential).bytes(me.public_key());
        let bytes = super::signed(card, rng, me, CONTEXT)?;
        Ok(Card { suite, not_after, bytes, keys: Some(keys) })
    }

    /// How long a card is: 7,802 bytes in suite 1 and 10,368 in suite 2, and the credential.
    pub(crate) const fn len(suite: Suite, credential_len: usize) -> usize {
        let identity = suite.signature();
        3 + 8 + 2 * suite.public_key_len() + 2 + credential_len + identity.public_key_len() + identity.signature_len()
    }

    /// The card, to be published.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What others make of this card. For an own card nothing can fail.
    pub(super) fn view(&self) -> Result<CardView<'_>> {
        CardView::parse(&self.bytes)
    }

    /// Whether the card may be used now by `me`: [`Error::InvalidKey`] for somebody else's, [`Error::KeyReused`] for one that was used,
    /// [`Error::CredentialExpired`] from `not_after` on.
    pub(super) fn check(&self, me: &SigningKey, now: u64) -> Result<(Suite, &Keys)> {
        if super::suite_of(me)? != self.suite || self.view()?.public_key != me.public_key() {
            return Err(Error::InvalidKey);
        }
        let keys = self.keys.as_ref().ok_or(Error::KeyReused)?;
        if self.not_after <= now {
            return Err(Error::CredentialExpired);
        }
        Ok((self.suite, keys))
    }

    /// Uses the card up, and gives its leaf key. The key for the welcome is wiped.
    pub(super) fn take_leaf(&mut self) -> Result<KemKey> {
        self.keys.take().map(|keys| keys.leaf).ok_or(Error::KeyReused)
    }
}

/// A card of anybody.
#[derive(Clone, Copy)]
pub(super) struct CardView<'a> {
    pub suite: Suite,
    pub not_after: u64,
    pub init_ek: &'a [u8],
    pub leaf_ek: &'a [u8],
    pub public_key: &'a [u8],
    signed: &'a [u8],
    signature: &'a [u8],
    whole: &'a [u8],
}

impl<'a> CardView<'a> {
    /// [`Error::MalformedMessage`] for what is no card. The signature is not checked.
    pub fn parse(card: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(card);
        if (reader.u8()?, reader.u8()?) != (VERSION, CARD) {
            return Err(Error::MalformedMessage);
        }
        let suite = Suite::of_number(reader.u8()?).ok_or(Error::MalformedMessage)?;
        let not_after = u64::from_be_bytes(*reader.array()?);
        let (init_ek, leaf_ek) = (reader.bytes(suite.public_key_len())?, reader.bytes(suite.public_key_len())?);
        let credential_len = usize::from(reader.u16()?);
        reader.bytes(credential_len)?;
        let public_key = reader.bytes(suite.signature().public_key_len())?;
        let signature = reader.bytes(suite.signature().signature_len())?;
        reader.end()?;
        let signed = &card[..card.len() - signature.len()];
        Ok(CardView { suite, not_after, init_ek, leaf_ek, public_key, signed, signature, whole: card })
    }

    /// The signature, the date, and the keys that will be encapsulated to. In this order: [`Error::BadSignature`],
    /// [`Error::CredentialExpired`], [`Error::InvalidKey`].
    pub fn verify(&self, now: u64) -> Result<()> {
        signing::verify(self.suite.signature(), self.public_key, CONTEXT, self.signed, self.signature)?;
        if self.not_after <= now {
            return Err(Error::CredentialExpired);
        }
        self.suite.check_public_key(self.init_ek)?;
        self.suite.check_public_key(self.leaf_ek)
    }

    pub fn reference(&self) -> Ref {
        super::short(hash(&[CONTEXT, self.whole]))
    }

    pub fn fingerprint(&self) -> Result<[u8; FINGERPRINT_BYTES]> {
        signing::public_key_fingerprint(self.suite.signature(), self.public_key)
    }
}

/// What the roster says of a leaf key.
pub(super) fn leaf_hash(leaf_ek: &[u8]) -> LeafHash {
    super::short(hash(&[b"pqrtc leaf v1", leaf_ek]))
}

/// The items of a list `u32 length || bytes` and so on. [`Error::MalformedMessage`] for a list that ends within an item.
pub(super) fn items(list: &[u8]) -> Result<Vec<&[u8]>> {
    let (mut rest, mut items) = (list, Vec::new());
    while !rest.is_empty() {
        let mut reader = Reader::new(rest);
        let len = usize::try_from(reader.u32()?).map_err(|_| Error::MalformedMessage)?;
        items.try_reserve(1).map_err(|_| Error::OutOfMemory)?;
        items.push(reader.bytes(len)?);
        rest = reader.rest();
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::SignatureAlgorithm;

    #[test]
    fn a_card_has_its_length_and_every_change_of_it_shows() {
        for (algorithm, len) in [(SignatureAlgorithm::MlDsa65Ed25519, 7802), (SignatureAlgorithm::MlDsa87, 10368)] {
            let Ok(me) = SigningKey::generate(algorithm) else { continue };
            let card = Card::new(&me, 1000, b"").unwrap();
            assert_eq!(card.as_bytes().len(), len);
            let with_credential = Card::new(&me, 1000, b"alice").unwrap();
            let bytes = with_credential.as_bytes().to_vec();
            assert_eq!(bytes.len(), len + 5);
            assert_eq!(CardView::parse(&bytes).unwrap().verify(999), Ok(()));
            assert_eq!(CardView::parse(&bytes).unwrap().verify(1000), Err(Error::CredentialExpired));
            for at in (0..bytes.len()).step_by(97).chain([0, 1, 2, 3, bytes.len() - 1]) {
                let mut altered = bytes.clone();
                altered[at] ^= 1;
                assert!(CardView::parse(&altered).and_then(|card| card.verify(999)).is_err(), "byte {at}");
            }
            for cut in [0, 1, 2, 3, 11, 100, bytes.len() - 1] {
                assert_eq!(CardView::parse(&bytes[..cut]).err(), Some(Error::MalformedMessage));
            }
            assert_eq!(CardView::parse(&[&bytes[..], b"x"].concat()).err(), Some(Error::MalformedMessage));
        }
    }

    #[test]
    fn a_card_is_for_one_meeting_of_its_owner() {
        let me = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519).unwrap();
        let other = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519).unwrap();
        let mut card = Card::new(&me, 1000, b"").unwrap();
        assert_eq!(card.check(&other, 1).err(), Some(Error::InvalidKey));
        assert_eq!(card.check(&me, 1000).err(), Some(Error::CredentialExpired));
        assert!(card.check(&me, 999).is_ok());
        card.take_leaf().unwrap();
        assert_eq!(card.check(&me, 1).err(), Some(Error::KeyReused));
        let plain = SigningKey::generate(SignatureAlgorithm::MlDsa65).unwrap();
        assert_eq!(Card::new(&plain, 1000, b"").err(), Some(Error::Unsupported));
        assert_eq!(Card::new(&me, 1000, &[0; 65536]).err(), Some(Error::InvalidLength));
    }

    #[test]
    fn lists_are_read_to_their_ends() {
        assert_eq!(items(&[]), Ok(vec![]));
        assert_eq!(items(&[0, 0, 0, 1, 7, 0, 0, 0, 0]), Ok(vec![&[7u8][..], &[]]));
        for list in [&[0u8][..], &[0, 0, 0, 1], &[0, 0, 0, 0, 0], &[0xff, 0xff, 0xff, 0xff, 1]] {
            assert_eq!(items(list), Err(Error::MalformedMessage));
        }
    }
}
