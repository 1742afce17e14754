//! Who is in a meeting: the list that every member holds, and that each commit fixes by its hash.
//!
//! ```text
//! roster = entries by rising index: u16 index || fingerprint[32] || leaf hash[32]
//! ```

use super::MAX_INDEX;
use super::card::{CardView, LeafHash, leaf_hash};
use super::commit::CommitView;
use crate::protocol::{Reader, Suite, Writer, hash};
use crate::signing::FINGERPRINT_BYTES;
use crate::{Error, Result};
use std::sync::Arc;

/// Length of an entry, in bytes.
pub const ENTRY_BYTES: usize = 2 + FINGERPRINT_BYTES + 32;

/// One member. The keys are known when its card was seen.
#[derive(Clone)]
pub(super) struct Member {
    pub index: u16,
    pub fingerprint: [u8; FINGERPRINT_BYTES],
    pub leaf_hash: LeafHash,
    pub public_key: Option<Arc<[u8]>>,
    pub leaf_ek: Option<Arc<[u8]>>,
}

impl Member {
    pub fn of_card(index: u16, card: &CardView) -> Result<Self> {
        let mut member = Member {
            index,
            fingerprint: card.fingerprint()?,
            leaf_hash: [0; 32],
            public_key: Some(card.public_key.into()),
            leaf_ek: None,
        };
        member.set_leaf(card.leaf_ek);
        Ok(member)
    }

    pub fn set_leaf(&mut self, leaf_ek: &[u8]) {
        self.leaf_hash = leaf_hash(leaf_ek);
        self.leaf_ek = Some(leaf_ek.into());
    }
}

/// The members by rising index.
#[derive(Clone, Default)]
pub(super) struct Roster(Vec<Member>);

impl Roster {
    /// [`Error::MalformedMessage`] unless indexes rise and are at most 4095.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if !bytes.len().is_multiple_of(ENTRY_BYTES) || bytes.len() / ENTRY_BYTES > usize::from(MAX_INDEX) + 1 {
            return Err(Error::MalformedMessage);
        }
        let mut members = Vec::<Member>::new();
        for entry in bytes.chunks_exact(ENTRY_BYTES) {
            let mut reader = Reader::new(entry);
            let index = reader.u16()?;
            if index > MAX_INDEX || members.last().is_some_and(|last| last.index >= index) {
                return Err(Error::MalformedMessage);
            }
            let (fingerprint, leaf_hash) = (*reader.array()?, *reader.array()?);
            members.push(Member { index, fingerprint, leaf_hash, public_key: None, leaf_ek: None });
        }
        Ok(Roster(members))
    }

    pub fn write(&self) -> Result<Vec<u8>> {
        let mut writer = Writer::new(self.byte_len())?;
        for member in &self.0 {
            writer.u16(member.index).bytes(&member.fingerprint).bytes(&member.leaf_hash);
        }
        Ok(writer.done())
    }

    pub fn byte_len(&self) -> usize {
        self.0.len() * ENTRY_BYTES
    }

    pub fn hash(&self, suite: Suite) -> Result<[u8; 32]> {
        Ok(super::short(hash(&[b"pqrtc roster v1", &[suite as u8], &self.write()?])))
    }

    pub fn members(&self) -> &[Member] {
        &self.0
    }

    pub fn indexes(&self) -> Arc<[u16]> {
        self.0.iter().map(|member| member.index).collect()
    }

    pub fn get(&self, index: u16) -> Option<&Member> {
        self.find(index).ok().map(|at| &self.0[at])
    }

    pub fn get_mut(&mut self, index: u16) -> Option<&mut Member> {
        self.find(index).ok().map(|at| &mut self.0[at])
    }

    /// False if the index is taken.
    pub fn insert(&mut self, member: Member) -> bool {
        match self.find(member.index) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, member);
                true
            }
        }
    }

    /// False if there is nobody of this index.
    pub fn remove(&mut self, index: u16) -> bool {
        self.find(index).map(|at| self.0.remove(at)).is_ok()
    }

    /// The lowest indexes that are free here and in `before`: an index that a commit frees is not given away again by the same commit.
    pub fn free_indexes(&self, before: &Roster) -> impl Iterator<Item = u16> {
        (0..=MAX_INDEX).filter(|&index| self.get(index).is_none() && before.get(index).is_none())
    }

    /// Takes the keys of members from cards and from commits that changed leaf keys. The roster vouches for them: what does not fit an
    /// entry's hashes is passed over.
    pub fn learn(&mut self, items: &[&[u8]]) -> Result<()> {
        for item in items {
            if let Ok(card) = CardView::parse(item) {
                let fingerprint = card.fingerprint()?;
                for member in self.0.iter_mut().filter(|member| member.fingerprint == fingerprint) {
                    member.public_key.get_or_insert_with(|| card.public_key.into());
                    member.learn_leaf(card.leaf_ek);
                }
            } else if let Ok(commit) = CommitView::parse(item)
                && let Some(leaf_ek) = commit.leaf_ek
                && let Some(member) = self.get_mut(commit.committer)
            {
                member.learn_leaf(leaf_ek);
            } else if CommitView::parse(item).is_err() {
                return Err(Error::MalformedMessage);
            }
        }
        Ok(())
    }

    fn find(&self, index: u16) -> core::result::Result<usize, usize> {
        self.0.binary_search_by_key(&index, |member| member.index)
    }
}

impl Member {
    pub fn learn_leaf(&mut self, leaf_ek: &[u8]) {
        if self.leaf_ek.is_none() && leaf_hash(leaf_ek) == self.leaf_hash {
            self.leaf_ek = Some(leaf_ek.into());
        }
    }
}
