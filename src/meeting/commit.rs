//! Commits: each takes a meeting to its next epoch. And what goes with one to single members: boxes and welcomes.
//!
//! ```text
//! hdr     = u8 1 || u8 0x12 || u8 suite || group[32] || u32 epoch || u16 committer || u16 n || n x u16 removed
//!           || u16 m || m x ( u16 index || ref[32] ) || u8 fresh || leaf_ek if fresh || roster hash[32]
//! commit  = hdr || confirm[32] || signature
//! box     = ct || sealed( s )
//! welcome = u8 1 || u8 0x13 || ref[32] || ct || sealed( joiner )
//! ```

use super::card::Ref;
use super::schedule::{FRESH_BYTES, JOINER_BYTES};
use super::{COMMIT, GROUP_ID_BYTES, MAX_INDEX, VERSION, WELCOME};
use crate::protocol::{KemKey, Prk, Reader, Rng, Suite, TAG_BYTES, Writer, hash, open_once, seal_once};
use crate::secret::Secret;
use crate::signing::{self, SigningKey};
use crate::{Error, Result};

const CONTEXT: &[u8] = b"pqrtc commit v1";
pub(super) const CONFIRM_BYTES: usize = 32;

/// What a commit says, before it is confirmed and signed.
pub(super) struct Header<'a> {
    pub suite: Suite,
    pub group: &'a [u8; GROUP_ID_BYTES],
    pub epoch: u32,
    pub committer: u16,
    pub removed: &'a [u16],
    pub added: &'a [(u16, Ref)],
    pub leaf_ek: Option<&'a [u8]>,
    pub roster_hash: &'a [u8; 32],
}

impl Header<'_> {
    pub fn write(&self) -> Result<Vec<u8>> {
        let len = header_len(self.suite, self.removed.len(), self.added.len(), self.leaf_ek.is_some());
        let mut hdr = Writer::new(len)?;
        hdr.u8(VERSION).u8(COMMIT).u8(self.suite as u8).bytes(self.group).u32(self.epoch).u16(self.committer);
        hdr.u16(self.removed.len() as u16);
        self.removed.iter().for_each(|index| _ = hdr.u16(*index));
        hdr.u16(self.added.len() as u16);
        self.added.iter().for_each(|(index, reference)| _ = hdr.u16(*index).bytes(reference));
        hdr.u8(self.leaf_ek.is_some().into()).bytes(self.leaf_ek.unwrap_or_default()).bytes(self.roster_hash);
        Ok(hdr.done())
    }
}

const fn header_len(suite: Suite, removed: usize, added: usize, fresh: bool) -> usize {
    let leaf_ek = if fresh { suite.public_key_len() } else { 0 };
    3 + GROUP_ID_BYTES + 4 + 2 + 2 + 2 * removed + 2 + 34 * added + 1 + leaf_ek + 32
}

/// How long a commit is.
pub(super) const fn commit_len(suite: Suite, removed: usize, added: usize, fresh: bool) -> usize {
    header_len(suite, removed, added, fresh) + CONFIRM_BYTES + suite.signature().signature_len()
}

/// Confirms and signs a commit.
pub(super) fn finish(
    suite: Suite,
    hdr: &[u8],
    confirm: &Secret<CONFIRM_BYTES>,
    rng: &Rng,
    me: &SigningKey,
) -> Result<Vec<u8>> {
    let mut commit = Writer::new(hdr.len() + CONFIRM_BYTES + suite.signature().signature_len())?;
    commit.bytes(hdr).bytes(confirm.as_bytes());
    super::signed(commit, rng, me, CONTEXT)
}

/// A commit of anybody.
pub(super) struct CommitView<'a> {
    pub suite: Suite,
    pub group: &'a [u8; GROUP_ID_BYTES],
    pub epoch: u32,
    pub committer: u16,
    pub removed: Vec<u16>,
    pub added: Vec<(u16, Ref)>,
    pub leaf_ek: Option<&'a [u8]>,
    pub roster_hash: &'a [u8; 32],
    pub confirm: &'a [u8; CONFIRM_BYTES],
    pub hdr: &'a [u8],
    signed: &'a [u8],
    signature: &'a [u8],
}

impl<'a> CommitView<'a> {
    /// [`Error::MalformedMessage`] for what is no commit: also one that names an index twice, and one that removes somebody without a
    /// fresh secret. The signature is not checked.
    pub fn parse(commit: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(commit);
        if (reader.u8()?, reader.u8()?) != (VERSION, COMMIT) {
            return Err(Error::MalformedMessage);
        }
        let suite = Suite::of_number(reader.u8()?).ok_or(Error::MalformedMessage)?;
        let (group, epoch, committer) = (reader.array()?, reader.u32()?, reader.u16()?);
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        let mut named = [false; MAX_INDEX as usize + 1];
        let mut name = |index: u16| {
            let seen = named.get_mut(usize::from(index)).ok_or(Error::MalformedMessage)?;
            if core::mem::replace(seen, true) { Err(Error::MalformedMessage) } else { Ok(index) }
        };
        for _ in 0..reader.u16()? {
            removed.push(name(reader.u16()?)?);
        }
        for _ in 0..reader.u16()? {
            added.push((name(reader.u16()?)?, *reader.array()?));
        }
        let leaf_ek = match reader.u8()? {
            0 if removed.is_empty() => None,
            1 => Some(reader.bytes(suite.public_key_len())?),
            _ => return Err(Error::MalformedMessage),
        };
        let roster_hash = reader.array()?;
        let hdr = &commit[..commit.len() - reader.left()];
        let confirm = reader.array()?;
        let signed = &commit[..hdr.len() + CONFIRM_BYTES];
        let signature = reader.bytes(suite.signature().signature_len())?;
        reader.end()?;
        let view = CommitView {
            suite,
            group,
            epoch,
            committer,
            removed,
            added,
            leaf_ek,
            roster_hash,
            confirm,
            hdr,
            signed,
            signature,
        };
        if name(committer).is_err() || epoch == 0 { Err(Error::MalformedMessage) } else { Ok(view) }
    }

    pub fn verify(&self, public_key: &[u8]) -> Result<()> {
        signing::verify(self.suite.signature(), public_key, CONTEXT, self.signed, self.signature)
    }
}

/// How long a box is: 1,168 bytes in suite 1.
pub(super) const fn box_len(suite: Suite) -> usize {
    suite.ciphertext_len() + FRESH_BYTES + TAG_BYTES
}

/// Seals the fresh secret for the member with this index.
pub(super) fn seal_box(
    suite: Suite,
    hdr: &[u8],
    index: u16,
    leaf_ek: &[u8],
    fresh: &Secret<FRESH_BYTES>,
    rng: &Rng,
) -> Result<Vec<u8>> {
    let mut sealed = Writer::new(box_len(suite))?;
    let ss = suite.encapsulate(leaf_ek, rng, sealed.room(suite.ciphertext_len()))?;
    let part = sealed.room(FRESH_BYTES + TAG_BYTES);
    part[..FRESH_BYTES].copy_from_slice(fresh.as_bytes());
    seal_once(box_key(hdr, index, &ss)?, part)?;
    Ok(sealed.done())
}

/// [`Error::MalformedMessage`] for another length, [`Error::DecryptionFailed`] if it is not for this member and this commit.
pub(super) fn open_box(
    suite: Suite,
    hdr: &[u8],
    index: u16,
    leaf: &KemKey,
    sealed: &[u8],
) -> Result<Secret<FRESH_BYTES>> {
    if sealed.len() != box_len(suite) {
        return Err(Error::MalformedMessage);
    }
    let (ct, part) = sealed.split_at(suite.ciphertext_len());
    let mut fresh = Secret::zero();
    open_once(&box_key(hdr, index, &leaf.decapsulate(ct)?)?, part, fresh.as_mut())?;
    Ok(fresh)
}

fn box_key(hdr: &[u8], index: u16, ss: &Secret<32>) -> Result<Secret<32>> {
    let salt = hash(&[b"pqrtc box v1", hdr, &index.to_be_bytes()]);
    Prk::extract(&salt, &[ss.as_bytes()])?.secret(b"pqrtc box", b"")
}

/// How long a welcome is: 1,234 bytes in suite 1.
pub(super) const fn welcome_len(suite: Suite) -> usize {
    2 + 32 + suite.ciphertext_len() + JOINER_BYTES + TAG_BYTES
}

/// Seals the joiner secret for the holder of a card.
pub(super) fn seal_welcome(
    suite: Suite,
    hdr: &[u8],
    reference: &Ref,
    init_ek: &[u8],
    joiner: &Secret<JOINER_BYTES>,
    rng: &Rng,
) -> Result<Vec<u8>> {
    let mut welcome = Writer::new(welcome_len(suite))?;
    welcome.u8(VERSION).u8(WELCOME).bytes(reference);
    let ss = suite.encapsulate(init_ek, rng, welcome.room(suite.ciphertext_len()))?;
    let part = welcome.room(JOINER_BYTES + TAG_BYTES);
    part[..JOINER_BYTES].copy_from_slice(joiner.as_bytes());
    seal_once(welcome_key(hdr, reference, &ss)?, part)?;
    Ok(welcome.done())
}

/// The card that a welcome is for, and what is sealed in it.
pub(super) fn parse_welcome(suite: Suite, welcome: &[u8]) -> Result<(&Ref, &[u8])> {
    let mut reader = Reader::new(welcome);
    if (reader.u8()?, reader.u8()?) != (VERSION, WELCOME) || welcome.len() != welcome_len(suite) {
        return Err(Error::MalformedMessage);
    }
    Ok((reader.array()?, reader.rest()))
}

/// [`Error::DecryptionFailed`] if it is not for this card and this commit.
pub(super) fn open_welcome(
    suite: Suite,
    hdr: &[u8],
    reference: &Ref,
    init: &KemKey,
    sealed: &[u8],
) -> Result<Secret<JOINER_BYTES>> {
    let (ct, part) = sealed.split_at(suite.ciphertext_len());
    let mut joiner = Secret::zero();
    open_once(&welcome_key(hdr, reference, &init.decapsulate(ct)?)?, part, joiner.as_mut())?;
    Ok(joiner)
}

fn welcome_key(hdr: &[u8], reference: &Ref, ss: &Secret<32>) -> Result<Secret<32>> {
    let salt = hash(&[b"pqrtc welcome v1", hdr, reference]);
    Prk::extract(&salt, &[ss.as_bytes()])?.secret(b"pqrtc welcome", b"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_specification() {
        let of =
            |suite| (commit_len(suite, 0, 1, false), commit_len(suite, 1, 0, true), box_len(suite), welcome_len(suite));
        assert_eq!(of(Suite::Default), (3517, 4701, 1168, 1234));
        assert_eq!((commit_len(Suite::Cnsa2, 0, 1, false), commit_len(Suite::Cnsa2, 1, 0, true)), (4771, 6307));
    }

    fn header(removed: &[u16], added: &[(u16, Ref)], leaf_ek: Option<&[u8]>, committer: u16, epoch: u32) -> Vec<u8> {
        let (group, roster_hash) = (&[7; 32], &[8; 32]);
        let suite = Suite::Default;
        let hdr = Header { suite, group, epoch, committer, removed, added, leaf_ek, roster_hash }.write().unwrap();
        [&hdr[..], &[9; CONFIRM_BYTES], &vec![0; suite.signature().signature_len()]].concat()
    }

    #[test]
    fn commits_come_back_and_what_contradicts_itself_is_refused() {
        let leaf_ek = vec![1; Suite::Default.public_key_len()];
        let good = header(&[3, 4], &[(5, [6; 32])], Some(&leaf_ek), 0, 2);
        let view = CommitView::parse(&good).unwrap();
        assert_eq!(
            (view.epoch, view.committer, &view.removed[..], &view.added[..]),
            (2, 0, &[3, 4][..], &[(5, [6; 32])][..])
        );
        assert_eq!((view.leaf_ek, view.confirm), (Some(&leaf_ek[..]), &[9; 32]));
        assert_eq!(view.hdr.len() + CONFIRM_BYTES, view.signed.len());
        for cut in (0..good.len()).step_by(61).chain([good.len() - 1]) {
            assert_eq!(CommitView::parse(&good[..cut]).err(), Some(Error::MalformedMessage));
        }
        for bad in [
            header(&[3, 3], &[], Some(&leaf_ek), 0, 2),
            header(&[3], &[(3, [6; 32])], Some(&leaf_ek), 0, 2),
            header(&[0], &[], Some(&leaf_ek), 0, 2),
            header(&[4096], &[], Some(&leaf_ek), 0, 2),
            header(&[3], &[], None, 0, 2),
            header(&[], &[(4096, [6; 32])], None, 0, 2),
            header(&[], &[], None, 4096, 2),
            header(&[], &[], None, 0, 0),
            [&good[..], b"x"].concat(),
        ] {
            assert_eq!(CommitView::parse(&bad).err(), Some(Error::MalformedMessage));
        }
    }
}
