//! The sending side.
//!
//! The units of one frame are sealed in a block ([`Sender::with_block`]): straight into their places in the caller's output, as long as
//! [`MAX_OVERHEAD`] bytes of room follow each unit there.

use super::header::Header;
use super::key::{AadBuffer, Step, metadata_len, next_step, with_aad_buffer};
use super::registry;
use super::{BaseKey, CipherSuite, MAX_OVERHEAD, MAX_RATCHET_BITS, Source, check_lengths};
use crate::provider::fork;
use crate::{Error, Result};
use arc_swap::ArcSwapOption;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::Arc;

/// Seals the frames of one sender. Any number of threads may seal on one at once: they share a counter and nothing else that is written
/// to. A key is wiped when it is replaced or the sender is dropped, and the last frame that was begun under it is done.
///
/// In the child of a fork every call that seals or changes the key is [`Error::KeyReused`]: the parent goes on with the same counters.
pub struct Sender {
    suite: CipherSuite,
    /// The [`fork::generation`] that it was made in.
    generation: u32,
    ratchet_bits: AtomicU32,
    current: ArcSwapOption<Current>,
    /// Held by who replaces the current key.
    replacing: fork::Mutex<()>,
    /// Frames sealed under keys that were replaced.
    sealed_before: AtomicU64,
    /// Keys come from an owner, who may take them away.
    follows: bool,
    owner: Option<Arc<dyn Owner>>,
}

/// Who gives a sender its keys, where it wants to know that the sender is about to seal.
pub(crate) trait Owner: Send + Sync {
    /// Called before every frame, by any thread. It may give the sender another key.
    fn before_sealing(&self);
}

/// A key and its counter.
struct Current {
    step: Box<Step>,
    /// The key of the ratchet step after it.
    next_key: BaseKey,
    /// The counter of the next frame; `u64::MAX` when there is none left, or another key has come.
    next: AtomicU64,
}

/// What a sender has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderStats {
    /// The KID that the next frame is sealed under.
    pub kid: u64,
    /// Frames (sealed units) so far, under this KID and those before.
    pub sealed: u64,
    /// Frames that can still be sealed under this KID.
    pub left: u64,
}

impl Sender {
    /// A sender with a key that this process has not used before: else [`Error::KeyReused`], also after the sender was dropped, for another
    /// cipher suite, and through another copy of the key.
    pub fn new(key: &BaseKey, suite: CipherSuite) -> Result<Self> {
        let sender = Sender { follows: false, ..Self::without_key(suite) };
        sender.replace_key(key)?;
        Ok(sender)
    }

    /// [`Sender::new`] with the bytes of a [`BaseKey`].
    pub fn from_key(base_key: &[u8], kid: u64, suite: CipherSuite) -> Result<Self> {
        Self::new(&BaseKey::new(kid, base_key)?, suite)
    }

    /// A sender that refuses to seal, as [`Error::UnexpectedMessage`], until [`Sender::replace_key`] gives it a key. It does not ratchet.
    pub(crate) fn without_key(suite: CipherSuite) -> Self {
        Sender {
            suite,
            generation: fork::generation(),
            ratchet_bits: AtomicU32::new(0),
            current: ArcSwapOption::empty(),
            replacing: fork::Mutex::new(()),
            sealed_before: AtomicU64::new(0),
            follows: true,
            owner: None,
        }
    }

    /// As [`Sender::without_key`], with an owner that is told before a frame is sealed.
    pub(crate) fn owned(suite: CipherSuite, owner: Arc<dyn Owner>) -> Self {
        Sender { owner: Some(owner), ..Self::without_key(suite) }
    }

    /// Seals from now on under another base key and its KID, from counter 0. Other threads may seal meanwhile; each frame is sealed under one
    /// of the two keys, and none that is begun after this call under the old one, which is wiped. Errors as [`Sender::new`], and
    /// nothing has changed then.
    pub(crate) fn replace_key(&self, key: &BaseKey) -> Result<()> {
        self.check_fork()?;
        let key = self.derive(key)?;
        let _alone = self.replacing.lock()?;
        registry::register(key.0.pair)?;
        self.put(Some(key));
        Ok(())
    }

    /// Takes the key away and wipes it: sealing is [`Error::UnexpectedMessage`] until another comes.
    pub(crate) fn remove_key(&self) -> Result<()> {
        self.check_fork()?;
        let _alone = self.replacing.lock()?;
        self.put(None);
        Ok(())
    }

    /// The key, and that of the ratchet step after it.
    fn derive(&self, key: &BaseKey) -> Result<(Box<Step>, BaseKey)> {
        Ok((Step::derive(self.suite, key)?, next_step(self.suite, key)?))
    }

    /// Replaces what is sealed under. No counter of what was before is taken any more; frames that have one are finished.
    fn put(&self, key: Option<(Box<Step>, BaseKey)>) {
        let new = key.map(|(step, next_key)| Arc::new(Current { step, next_key, next: AtomicU64::new(0) }));
        if let Some(old) = self.current.swap(new) {
            // Who finds the counters gone looks for the new key, which is there by now.
            let sealed = old.next.swap(u64::MAX, Ordering::AcqRel);
            self.sealed_before.fetch_add(sealed, Ordering::Relaxed);
        }
    }

    /// Seals `frame` (at most 64 MiB) into `out`, which has room for `frame.len()` + [`MAX_OVERHEAD`] bytes whatever this frame will need,
    /// and returns how many were written. `metadata` (at most 65535 bytes) is authenticated and not sent.
    ///
    /// [`Error::InvalidLength`], [`Error::BufferTooSmall`], or [`Error::CounterExhausted`] after 2^64 - 1 frames. None of these uses up a
    /// counter.
    pub fn seal(&self, metadata: &[u8], frame: &[u8], out: &mut [u8]) -> Result<usize> {
        self.seal_one(metadata, Source::Apart(frame), out)
    }

    /// As [`Sender::seal`], for a frame that is the first `frame_len` bytes of `buffer`. It is moved up by the length of the header.
    pub fn seal_in_place(&self, metadata: &[u8], buffer: &mut [u8], frame_len: usize) -> Result<usize> {
        self.seal_one(metadata, Source::InPlace(frame_len), buffer)
    }

    fn seal_one(&self, metadata: &[u8], frame: Source, out: &mut [u8]) -> Result<usize> {
        let metadata = &[metadata];
        check(metadata, &frame, out)?;
        with_aad_buffer(metadata, |aad| self.with_block(1, |block| block.seal_unit(0, aad, frame, out)))
    }

    /// Takes `units` consecutive counters (at least 1) for the units of one frame, and runs `body` with them. The key step stays the same
    /// until `body` is done, so that neither another thread's frame nor a ratchet step comes between the units.
    ///
    /// [`Error::CounterExhausted`], if there are not so many counters left: none is then used up. An error of `body`'s own is returned; the
    /// counters stay used up, so check what can be checked before.
    pub(crate) fn with_block<T>(&self, units: u64, body: impl FnOnce(&Block) -> Result<T>) -> Result<T> {
        self.check_fork()?;
        if let Some(owner) = &self.owner {
            owner.before_sealing();
        }
        let mut current = self.current.load();
        loop {
            let held = current.as_ref().ok_or(Error::UnexpectedMessage)?;
            if let Some(first) = held.take_counters(units) {
                return body(&Block { suite: self.suite, step: &held.step, first, units });
            }
            let newer = self.current.load();
            if newer.as_ref().is_some_and(|newer| Arc::ptr_eq(newer, held)) {
                return Err(Error::CounterExhausted);
            }
            current = newer;
        }
    }

    /// The KID that the next frame is sealed under; 0 while there is no key.
    pub fn kid(&self) -> u64 {
        self.stats().map_or(0, |stats| stats.kid)
    }

    /// What was sealed so far.
    pub fn stats(&self) -> Result<SenderStats> {
        let current = self.current.load();
        let current = current.as_ref().ok_or(Error::UnexpectedMessage)?;
        let sealed = current.next.load(Ordering::Relaxed);
        Ok(SenderStats {
            kid: current.step.kid,
            sealed: self.sealed_before.load(Ordering::Relaxed).saturating_add(sealed),
            left: u64::MAX - sealed,
        })
    }

    /// The cipher suite.
    pub fn suite(&self) -> CipherSuite {
        self.suite
    }

    /// Says how many of the KID's low bits count ratchet steps: 1 to 16, or 0 for no ratchet, the default. Before the first frame, and
    /// with a KID whose step is 0; else [`Error::InvalidArgument`].
    pub fn set_ratchet(&self, bits: u32) -> Result<()> {
        self.check_fork()?;
        let _alone = self.replacing.lock()?;
        let SenderStats { kid, sealed, .. } = self.stats()?;
        let steps = step_mask(self.ratchet_bits.load(Ordering::Relaxed)) | step_mask(bits.min(MAX_RATCHET_BITS));
        if self.follows || bits > MAX_RATCHET_BITS || sealed != 0 || kid & steps != 0 {
            return Err(Error::InvalidArgument);
        }
        self.ratchet_bits.store(bits, Ordering::Relaxed);
        Ok(())
    }

    /// Goes one step ahead (RFC 9605 section 5.1): the next base key, the next KID, counter 0. Other threads may seal meanwhile: frames
    /// that they have begun are finished under the step before, whose key is then wiped. Returns the new KID.
    ///
    /// This gives forward secrecy: who takes the key from now on cannot open what was sealed before, and a member who is handed the base
    /// key of this step cannot either. It does not heal: who has a key of an earlier step has all that follow. Hand out a new base key
    /// under the next generation when a member leaves or a key may be known.
    ///
    /// [`Error::CounterExhausted`] after the last step of this generation, [`Error::InvalidArgument`] without
    /// [`Sender::set_ratchet`].
    pub fn ratchet(&self) -> Result<u64> {
        self.check_fork()?;
        let _alone = self.replacing.lock()?;
        let mask = step_mask(self.ratchet_bits.load(Ordering::Relaxed));
        if mask == 0 {
            return Err(Error::InvalidArgument);
        }
        let current = self.current.load_full().ok_or(Error::UnexpectedMessage)?;
        let kid = current.step.kid;
        if kid & mask == mask {
            return Err(Error::CounterExhausted);
        }
        let key = self.derive(&current.next_key)?;
        registry::register(key.0.pair)?;
        self.put(Some(key));
        Ok(kid + 1)
    }

    /// Refuses in a child of the process that made it.
    fn check_fork(&self) -> Result<()> {
        if self.generation == fork::generation() { Ok(()) } else { Err(Error::KeyReused) }
    }

    /// Seals its next frame under this counter.
    #[cfg(any(test, fuzzing))]
    pub fn set_counter(&self, counter: u64) {
        self.current.load().as_ref().unwrap().next.store(counter, Ordering::Relaxed);
    }
}

impl Current {
    /// Hands out consecutive counters to one frame, and tells the first, if there are as many. That it is one operation on one variable is
    /// all it takes: nothing else is ordered by it.
    fn take_counters(&self, count: u64) -> Option<u64> {
        let next = |counter: u64| counter.checked_add(count);
        self.next.fetch_update(Ordering::Acquire, Ordering::Acquire, next).ok()
    }
}

/// Consecutive counters of one key step, which belong to the units of one frame. See [`Sender::with_block`].
pub(crate) struct Block<'a> {
    suite: CipherSuite,
    step: &'a Step,
    first: u64,
    units: u64,
}

impl Block<'_> {
    /// The KID of every unit.
    #[cfg(test)]
    pub fn kid(&self) -> u64 {
        self.step.kid
    }

    /// The counter of the first unit.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// Seals unit `index` of the block, from 0, as [`Sender::seal`] does a frame; each of them at most once. `metadata` is the
    /// concatenation of its parts. Allocates nothing for metadata up to 256 bytes.
    pub fn seal(&self, index: u64, metadata: &[&[u8]], unit: Source, out: &mut [u8]) -> Result<usize> {
        check(metadata, &unit, out)?;
        with_aad_buffer(metadata, |aad| self.seal_unit(index, aad, unit, out))
    }

    fn seal_unit(&self, index: u64, aad: AadBuffer, unit: Source, out: &mut [u8]) -> Result<usize> {
        if index >= self.units {
            return Err(Error::Internal);
        }
        let counter = self.first + index;
        let header = Header { kid: self.step.kid, counter }.encode();
        let len = header.as_bytes().len() + unit.len() + self.suite.tag_len();
        let out = &mut out[..len];
        match unit {
            Source::Apart(unit) => self.step.seal(counter, &header, aad, unit, out)?,
            Source::InPlace(unit_len) => self.step.seal_in_place(counter, &header, aad, unit_len, out)?,
        }
        Ok(len)
    }
}

/// Refuses lengths that cannot be sealed, before a counter is taken.
fn check(metadata: &[&[u8]], frame: &Source, out: &[u8]) -> Result<()> {
    check_lengths(metadata_len(metadata), frame.len())?;
    if out.len() < frame.len() + MAX_OVERHEAD { Err(Error::BufferTooSmall) } else { Ok(()) }
}

/// The bits of a KID that count ratchet steps.
pub(super) fn step_mask(bits: u32) -> u64 {
    (1 << bits) - 1
}
