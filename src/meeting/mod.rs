//! Meetings of many through a server that nobody trusts: flat epochs with sender keys.
//!
//! The members share the secret of an epoch. A [`Meeting::commit`] adds members, removes members or brings in a fresh secret, and takes
//! everybody to the next epoch. A delivery server orders commits, stores cards and forwards what [`Meeting::outgoing`] gives; it sees who is
//! in the meeting, and can withhold, but it cannot read, add, remove or show different members to different people without being
//! seen: members that disagree show different codes ([`Meeting::code`]) and cannot open each other's frames.
//!
//! | what | who makes it | who takes it |
//! |---|---|---|
//! | [`Card`] | everybody, beforehand | a committer who adds its owner, and all members |
//! | commit | a member | all members, and the members it adds |
//! | box | the committer, for each member that stays, if the secret is fresh | that member alone |
//! | welcome | the committer, for each new member | that member alone |
//! | roster | any member | a new member |
//!
//! Inside a meeting every member can make frames that pass for another's, as with any shared secret. Who may commit is the
//! application's policy: it sees the committer and the fingerprints in the roster. The format is docs/meeting.md.

mod card;
mod commit;
mod media;
mod roster;
mod schedule;
#[cfg(test)]
mod tests;

pub use card::{Card, REF_BYTES};
pub use roster::ENTRY_BYTES as ROSTER_ENTRY_BYTES;

use crate::protocol::{KemKey, Rng, Suite, Writer};
use crate::provider::fork;
use crate::secret::{Secret, equal};
use crate::sframe::{BaseKey, CipherSuite, Receiver, Sender};
use crate::signing::{SignatureAlgorithm, SigningKey};
use crate::{Error, Result};
use card::CardView;
use commit::{CommitView, Header};
use media::{Keys, Media};
use roster::{Member, Roster};
use schedule::Secrets;
use std::sync::Arc;

/// Length of a group identifier, in bytes.
pub const GROUP_ID_BYTES: usize = 32;
/// Digits of the code that members compare.
pub const CODE_DIGITS: usize = 30;
/// The longest credential of a card, in bytes.
pub const MAX_CREDENTIAL_BYTES: usize = u16::MAX as usize;
/// The highest index of a member.
pub const MAX_INDEX: u16 = 4095;

const VERSION: u8 = 1;
const CARD: u8 = 0x11;
const COMMIT: u8 = 0x12;
const WELCOME: u8 = 0x13;

/// One member's view of a meeting. Its secrets are wiped when it is dropped. In the child of a fork everything that would use or change its keys
/// is [`Error::KeyReused`].
pub struct Meeting {
    me: SigningKey,
    suite: Suite,
    rng: Rng,
    group: [u8; GROUP_ID_BYTES],
    /// The latest time that the application has told.
    now: u64,
    current: Epoch,
    /// What the last commit of this member's own sends to single members.
    outgoing: Vec<Outgoing>,
    pending: Option<Box<Pending>>,
    media: Arc<Media>,
    /// The [`fork::generation`] that it was made in.
    generation: u32,
}

/// Where a member stands.
struct Epoch {
    number: u32,
    /// The own index; None once a commit has removed this member.
    index: Option<u16>,
    roster: Roster,
    secrets: Arc<Secrets>,
    leaf: KemKey,
}

impl Epoch {
    /// What the keys of media are made from. None once a commit has removed this member.
    fn keys(&self) -> Option<Keys> {
        let (secrets, members) = (self.secrets.clone(), self.roster.indexes());
        self.index.map(|own| Keys { number: self.number, secrets, own, members })
    }
}

/// A commit of this member's own that the server has not accepted yet.
struct Pending {
    roster: Roster,
    secrets: Arc<Secrets>,
    /// The new leaf key, if the secret is fresh.
    leaf: Option<KemKey>,
    commit: Vec<u8>,
}

/// A message to a single member, beside a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The index of the member; that of a new member counts from this commit on.
    pub index: u16,
    /// The reference of its card, if the message is a welcome. It is a box without.
    pub card: Option<[u8; REF_BYTES]>,
    /// The message.
    pub bytes: Vec<u8>,
}

/// What [`Meeting::info`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// The number of the epoch, from 0.
    pub epoch: u32,
    /// The own index; None once a commit has removed this member.
    pub index: Option<u16>,
    /// How many are in the meeting.
    pub members: usize,
    /// What names the meeting.
    pub group: [u8; GROUP_ID_BYTES],
}

impl Meeting {
    /// A new meeting with one member. The card is used up, if this succeeds. `now` is the time in Unix seconds.
    ///
    /// [`Error::InvalidKey`] for a card of another identity, [`Error::KeyReused`] for one that was used, [`Error::CredentialExpired`].
    pub fn create(me: &SigningKey, card: &mut Card, now: u64) -> Result<Self> {
        let rng = Rng::default();
        let (suite, _) = card.check(me, now)?;
        let mut roster = Roster::default();
        roster.insert(Member::of_card(0, &card.view()?)?);
        let mut group = [0; GROUP_ID_BYTES];
        rng.fill(&mut group)?;
        let secrets = Arc::new(Secrets::first(rng.secret()?));
        let current = Epoch { number: 0, index: Some(0), roster, secrets, leaf: card.take_leaf()? };
        Self::begin(me, suite, group, now, current)
    }

    /// Joins a meeting with a welcome, the commit that it belongs to, the roster after that commit, and cards: at least the committer's.
    /// `cards` is a list of `u32 length || bytes`. Give those of all members, and the commits with which members changed their leaf keys
    /// since, before the own first commit with a fresh secret: here or in [`Meeting::receive`]. The card is used up, if this
    /// succeeds.
    ///
    /// In this order: as [`Meeting::create`]; [`Error::MalformedMessage`]; [`Error::UnexpectedMessage`] for a welcome or commit that is
    /// not for this card; [`Error::HandshakeFailed`] if the roster is not the commit's; [`Error::UnknownKeyId`] without the committer's card;
    /// [`Error::BadSignature`]; [`Error::DecryptionFailed`]; [`Error::HandshakeFailed`] if the confirmation is wrong.
    pub fn join(
        me: &SigningKey,
        card: &mut Card,
        welcome: &[u8],
        commit: &[u8],
        roster: &[u8],
        cards: &[u8],
        now: u64,
    ) -> Result<Self> {
        let (suite, keys) = card.check(me, now)?;
        let (reference, sealed) = commit::parse_welcome(suite, welcome)?;
        let commit = CommitView::parse(commit)?;
        let (mut roster, own) = (Roster::parse(roster)?, card.view()?);
        let items = card::items(cards)?;
        let added = commit.added.iter().find(|(_, added)| added == reference);
        let index = added.map(|(index, _)| *index).ok_or(Error::UnexpectedMessage)?;
        if commit.suite != suite || *reference != own.reference() {
            return Err(Error::UnexpectedMessage);
        }
        let entry = Member::of_card(index, &own)?;
        let listed = roster.get_mut(index).ok_or(Error::HandshakeFailed)?;
        if (listed.fingerprint, listed.leaf_hash) != (entry.fingerprint, entry.leaf_hash) {
            return Err(Error::HandshakeFailed);
        }
        *listed = entry;
        if roster.hash(suite)? != *commit.roster_hash {
            return Err(Error::HandshakeFailed);
        }
        roster.learn(&items)?;
        let committer = roster.get_mut(commit.committer).ok_or(Error::HandshakeFailed)?;
        commit.verify(committer.public_key.as_deref().ok_or(Error::UnknownKeyId)?)?;
        if let Some(leaf_ek) = commit.leaf_ek {
            committer.learn_leaf(leaf_ek);
        }
        let joiner = commit::open_welcome(suite, commit.hdr, reference, &keys.init, sealed)?;
        let secrets = Secrets::of_joiner(joiner, commit.hdr)?;
        if !equal(secrets.confirm()?.as_bytes(), commit.confirm) {
            return Err(Error::HandshakeFailed);
        }
        let (number, secrets) = (commit.epoch, Arc::new(secrets));
        let current = Epoch { number, index: Some(index), roster, secrets, leaf: card.take_leaf()? };
        Self::begin(me, suite, *commit.group, now, current)
    }

    fn begin(me: &SigningKey, suite: Suite, group: [u8; GROUP_ID_BYTES], now: u64, current: Epoch) -> Result<Self> {
        let (me, rng, media, generation) = (me.clone(), Rng::default(), Media::new(), fork::generation());
        current.keys().map_or(Ok(()), |keys| media.begin(keys))?;
        Ok(Meeting { me, suite, rng, group, now, current, outgoing: Vec::new(), pending: None, media, generation })
    }

    /// Makes a commit that adds the owners of `cards` (a list of `u32 length || bytes`), removes the members with these indexes and, if
    /// `fresh` is set or somebody is removed, brings in a fresh secret and a new leaf key of this member. It takes effect with
    /// [`Meeting::accepted`]; until then or [`Meeting::dropped`] no other is made. [`Meeting::outgoing`] has what goes to single members.
    ///
    /// In this order: [`Error::UnexpectedMessage`] while a commit waits and after this member was removed; [`Error::MalformedMessage`]
    /// for a list or card that is none; [`Error::InvalidArgument`] if there is nothing to do, for an index that is not in the roster, twice
    /// or the own, for a card that is given twice or whose keys are in the roster, or for more than 4096 members;
    /// [`Error::BadSignature`], [`Error::CredentialExpired`] or [`Error::InvalidKey`] for a card; [`Error::UnknownKeyId`] if the card of
    /// a member that needs a box was never seen; [`Error::CounterExhausted`] after 2^32 - 1 epochs.
    pub fn commit(&mut self, cards: &[u8], remove: &[u32], fresh: bool) -> Result<&[u8]> {
        let index = self.may_commit()?;
        let (suite, before) = (self.suite, &self.current.roster);
        let items = card::items(cards)?;
        let views = items.iter().map(|item| CardView::parse(item)).collect::<Result<Vec<_>>>()?;
        let fresh = fresh || !remove.is_empty();
        if items.is_empty() && !fresh {
            return Err(Error::InvalidArgument);
        }
        let mut roster = before.clone();
        let mut removed = Vec::new();
        for &gone in remove {
            let gone = u16::try_from(gone).ok().filter(|&gone| gone != index && roster.remove(gone));
            removed.push(gone.ok_or(Error::InvalidArgument)?);
        }
        removed.sort_unstable();
        let free: Vec<u16> = roster.free_indexes(before).take(views.len()).collect();
        if free.len() < views.len() {
            return Err(Error::InvalidArgument);
        }
        let mut added = Vec::new();
        for (view, &index) in views.iter().zip(&free) {
            if view.suite != suite {
                return Err(Error::InvalidArgument);
            }
            let member = Member::of_card(index, view)?;
            let known = |other: &Member| other.leaf_hash == member.leaf_hash;
            if before.members().iter().any(known) || roster.members().iter().any(known) {
                return Err(Error::InvalidArgument);
            }
            view.verify(self.now)?;
            added.push((index, view.reference()));
            roster.insert(member);
        }
        let epoch = self.current.number.checked_add(1).ok_or(Error::CounterExhausted)?;

        let (mut leaf, mut secret) = (None, None);
        if fresh {
            let key = KemKey::generate(suite, &self.rng)?;
            roster.get_mut(index).ok_or(Error::Internal)?.set_leaf(key.public_key());
            (leaf, secret) = (Some(key), Some(self.rng.secret()?));
        }
        let roster_hash = &roster.hash(suite)?;
        let header = Header {
            suite,
            group: &self.group,
            epoch,
            committer: index,
            removed: &removed,
            added: &added,
            leaf_ek: leaf.as_ref().map(KemKey::public_key),
            roster_hash,
        };
        let hdr = header.write()?;

        let joiner = self.current.secrets.joiner(secret.as_ref())?;
        let mut outgoing = Vec::new();
        if let Some(secret) = &secret {
            let staying = |member: &&Member| member.index != index && before.get(member.index).is_some();
            for member in roster.members().iter().filter(staying) {
                let leaf_ek = member.leaf_ek.as_deref().ok_or(Error::UnknownKeyId)?;
                let bytes = commit::seal_box(suite, &hdr, member.index, leaf_ek, secret, &self.rng)?;
                outgoing.push(Outgoing { index: member.index, card: None, bytes });
            }
        }
        for (view, &(index, reference)) in views.iter().zip(&added) {
            let bytes = commit::seal_welcome(suite, &hdr, &reference, view.init_ek, &joiner, &self.rng)?;
            outgoing.push(Outgoing { index, card: Some(reference), bytes });
        }
        let secrets = Arc::new(Secrets::of_joiner(joiner, &hdr)?);
        let commit = commit::finish(suite, &hdr, &secrets.confirm()?, &self.rng, &self.me)?;
        self.outgoing = outgoing;
        Ok(&self.pending.insert(Box::new(Pending { roster, secrets, leaf, commit })).commit)
    }

    /// How long the commit of these arguments is, in bytes: 3,517 for a join and 4,701 for a leave in suite 1. It fails as [`Meeting::commit`]
    /// does up to [`Error::MalformedMessage`].
    pub fn commit_len(&self, cards: &[u8], remove: &[u32], fresh: bool) -> Result<usize> {
        self.may_commit()?;
        let fresh = fresh || !remove.is_empty();
        Ok(commit::commit_len(self.suite, remove.len(), card::items(cards)?.len(), fresh))
    }

    /// What the last own commit sends to single members. There until the next commit, of anybody.
    pub fn outgoing(&self) -> &[Outgoing] {
        &self.outgoing
    }

    /// The server has put the own commit first: the meeting goes to its epoch. [`Error::UnexpectedMessage`] if none waits.
    pub fn accepted(&mut self) -> Result<()> {
        self.check_fork()?;
        let pending = self.pending.as_ref().ok_or(Error::UnexpectedMessage)?;
        self.media.begin(self.next_keys(&pending.roster, &pending.secrets)?)?;
        if let Some(pending) = self.pending.take() {
            self.current.number += 1;
            self.current.roster = pending.roster;
            self.current.secrets = pending.secrets;
            if let Some(leaf) = pending.leaf {
                self.current.leaf = leaf;
            }
        }
        Ok(())
    }

    /// The server has not taken the own commit, and never will. [`Error::UnexpectedMessage`] if none waits.
    pub fn dropped(&mut self) -> Result<()> {
        self.pending.take().ok_or(Error::UnexpectedMessage)?;
        self.outgoing.clear();
        Ok(())
    }

    /// Takes the commit of another member: the meeting goes to its epoch, and an own commit that waits is dropped. `sealed` is the box
    /// for this member, and empty where there is none. `cards` is a list of `u32 length || bytes` with the cards of those that the
    /// commit adds, and of any other members. A member that the commit removes learns so ([`Info::index`]) and gets no new keys.
    ///
    /// In this order: [`Error::MalformedMessage`]; [`Error::UnexpectedMessage`] for another meeting, another epoch than the next, a committer
    /// that is not in the roster or is this member, and after this member was removed; [`Error::UnknownKeyId`] if a card is missing;
    /// [`Error::BadSignature`], of the commit, then of cards; [`Error::CredentialExpired`] or [`Error::InvalidKey`] for a card;
    /// [`Error::HandshakeFailed`] if the roster differs; [`Error::DecryptionFailed`] for the box; [`Error::HandshakeFailed`] if the
    /// confirmation is wrong. Nothing changes on failure.
    pub fn receive(&mut self, commit: &[u8], sealed: &[u8], cards: &[u8], now: u64) -> Result<()> {
        self.check_fork()?;
        let (commit, items) = (CommitView::parse(commit)?, card::items(cards)?);
        let (suite, current) = (self.suite, &self.current);
        let own = current.index.ok_or(Error::UnexpectedMessage)?;
        let expected = commit.suite == suite
            && commit.group == &self.group
            && Some(commit.epoch) == current.number.checked_add(1)
            && commit.committer != own
            && current.roster.get(commit.committer).is_some();
        if !expected {
            return Err(Error::UnexpectedMessage);
        }
        let removed = commit.removed.contains(&own);
        if sealed.is_empty() != (removed || commit.leaf_ek.is_none()) {
            return Err(Error::MalformedMessage);
        }

        let mut roster = current.roster.clone();
        roster.learn(&items)?;
        let committer = roster.get_mut(commit.committer).ok_or(Error::Internal)?;
        commit.verify(committer.public_key.as_deref().ok_or(Error::UnknownKeyId)?)?;
        if let Some(leaf_ek) = commit.leaf_ek {
            suite.check_public_key(leaf_ek)?;
            committer.set_leaf(leaf_ek);
        }
        if !commit.removed.iter().all(|&index| roster.remove(index)) {
            return Err(Error::MalformedMessage);
        }
        let views: Vec<CardView> = items.iter().filter_map(|item| CardView::parse(item).ok()).collect();
        for (index, reference) in &commit.added {
            let card = views.iter().find(|card| card.reference() == *reference).ok_or(Error::UnknownKeyId)?;
            if card.suite != suite {
                return Err(Error::MalformedMessage);
            }
            card.verify(now)?;
            if !roster.insert(Member::of_card(*index, card)?) {
                return Err(Error::MalformedMessage);
            }
        }
        if roster.hash(suite)? != *commit.roster_hash {
            return Err(Error::HandshakeFailed);
        }
        if removed {
            return self.leave(roster);
        }

        let fresh = match commit.leaf_ek {
            Some(_) => Some(commit::open_box(suite, commit.hdr, own, &current.leaf, sealed)?),
            None => None,
        };
        let secrets = Secrets::of_joiner(current.secrets.joiner(fresh.as_ref())?, commit.hdr)?;
        if !equal(secrets.confirm()?.as_bytes(), commit.confirm) {
            return Err(Error::HandshakeFailed);
        }
        let secrets = Arc::new(secrets);
        self.media.begin(self.next_keys(&roster, &secrets)?)?;
        self.current.number = commit.epoch;
        self.current.roster = roster;
        self.current.secrets = secrets;
        self.now = self.now.max(now);
        self.pending = None;
        self.outgoing.clear();
        Ok(())
    }

    /// The roster: `u16 index || fingerprint[32] || leaf hash[32]` for each member, by rising index.
    pub fn roster(&self) -> Result<Vec<u8>> {
        self.current.roster.write()
    }

    /// Its length, in bytes.
    pub fn roster_len(&self) -> usize {
        self.current.roster.byte_len()
    }

    /// Where this member stands.
    pub fn info(&self) -> Info {
        Info {
            epoch: self.current.number,
            index: self.current.index,
            members: self.current.roster.members().len(),
            group: self.group,
        }
    }

    /// Thirty digits that are the same for all members of an epoch, and for nobody else. [`Error::UnexpectedMessage`] after this member was
    /// removed.
    pub fn code(&self) -> Result<[u8; CODE_DIGITS]> {
        self.current.index.ok_or(Error::UnexpectedMessage)?;
        self.current.secrets.code()
    }

    /// A sender of this member's for a stream (0 to 2^48 - 1; 0 unless there are several), which follows epochs by itself for as long as the
    /// meeting lives: it changes to a new epoch two seconds after the meeting has, or at once when another begins. After this member
    /// was removed sealing is [`Error::UnexpectedMessage`].
    ///
    /// [`Error::UnexpectedMessage`] after this member was removed, [`Error::KeyReused`] for a stream that has a sender in this epoch.
    pub fn sender(&self, stream: u64, suite: CipherSuite) -> Result<Arc<Sender>> {
        self.check_fork()?;
        self.media.sender(stream, suite)
    }

    /// A receiver of all streams of all other members, which follows epochs by itself for as long as the meeting lives. Of the epoch before it
    /// opens frames of members that are still there, until 512 frames of their stream were opened under the new one, or another epoch begins.
    pub fn receiver(&self, suite: CipherSuite) -> Result<Arc<Receiver>> {
        self.check_fork()?;
        self.media.receiver(suite)
    }

    /// The key of a member's stream in this epoch, for another SFrame engine. The own one is then taken: a sender of this library for the
    /// stream is [`Error::KeyReused`] in this epoch, and so is this function where there was one. [`Error::InvalidArgument`] for an index that
    /// is not in the meeting or a stream of 2^48 or more, [`Error::UnexpectedMessage`] after this member was removed.
    pub fn sframe_key(&self, index: u32, stream: u64) -> Result<BaseKey> {
        self.check_fork()?;
        let keys = self.current.keys().ok_or(Error::UnexpectedMessage)?;
        let index = u16::try_from(index).map_err(|_| Error::InvalidArgument)?;
        let key = keys.key(index, stream)?;
        if index == keys.own {
            key.give_away()?;
        }
        Ok(key)
    }

    fn next_keys(&self, roster: &Roster, secrets: &Arc<Secrets>) -> Result<Keys> {
        let own = self.current.index.ok_or(Error::UnexpectedMessage)?;
        let number = self.current.number.checked_add(1).ok_or(Error::CounterExhausted)?;
        Ok(Keys { number, secrets: secrets.clone(), own, members: roster.indexes() })
    }

    /// In the child of a fork the parent goes on with the same keys.
    fn check_fork(&self) -> Result<()> {
        if self.generation == fork::generation() { Ok(()) } else { Err(Error::KeyReused) }
    }

    fn may_commit(&self) -> Result<u16> {
        self.check_fork()?;
        match (self.current.index, &self.pending) {
            (Some(index), None) => Ok(index),
            _ => Err(Error::UnexpectedMessage),
        }
    }

    /// This member was removed: nothing of its keys is of use to it any more.
    fn leave(&mut self, roster: Roster) -> Result<()> {
        self.media.end()?;
        self.current.number += 1;
        self.current.index = None;
        self.current.roster = roster;
        self.current.secrets = Arc::new(Secrets::first(Secret::zero()));
        self.pending = None;
        self.outgoing.clear();
        Ok(())
    }
}

/// The KID of RFC 9605 section 5.2 for members of an MLS group: `context << (S + E) | index << E | epoch mod 2^E`, where the index has S
/// bits and the epoch E. [`Error::InvalidArgument`] if the index or the context does not fit its bits, or S and E take more than 64.
pub fn mls_kid(epoch: u64, index: u64, context: u64, index_bits: u32, epoch_bits: u32) -> Result<u64> {
    let used = index_bits.checked_add(epoch_bits).filter(|used| *used <= 64).ok_or(Error::InvalidArgument)?;
    let below = |bits: u32| 1u64.checked_shl(bits).map_or(u64::MAX, |limit| limit - 1);
    if index > below(index_bits) || context > below(64 - used) {
        return Err(Error::InvalidArgument);
    }
    let shifted = |value: u64, by: u32| value.checked_shl(by).unwrap_or(0);
    Ok(shifted(context, used) | shifted(index, epoch_bits) | (epoch & below(epoch_bits)))
}

fn suite_of(me: &SigningKey) -> Result<Suite> {
    match me.algorithm() {
        SignatureAlgorithm::MlDsa65Ed25519 => Ok(Suite::Default),
        SignatureAlgorithm::MlDsa87 => Ok(Suite::Cnsa2),
        SignatureAlgorithm::MlDsa65 => Err(Error::Unsupported),
    }
}

/// Appends the signature of what is there, in the room that the writer has for it.
fn signed(mut message: Writer, rng: &Rng, me: &SigningKey, context: &[u8]) -> Result<Vec<u8>> {
    let len = message.as_bytes().len();
    message.room(me.algorithm().signature_len());
    let (signed, signature) = message.as_mut().split_at_mut(len);
    rng.sign(me, context, signed, signature)?;
    Ok(message.done())
}

/// The first 32 bytes of a hash.
fn short(digest: crate::protocol::Digest) -> [u8; 32] {
    core::array::from_fn(|at| digest[at])
}
