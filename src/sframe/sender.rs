//! The sending side.
//!
//! The units of one frame are sealed in a block ([`Sender::with_block`]): straight into their places in the caller's output, as long as
//! [`MAX_OVERHEAD`] bytes of room follow each unit there.

use super::header::Header;
use super::key::{AadBuffer, Step, metadata_len, with_aad_buffer};
use super::registry;
use super::{CipherSuite, MAX_OVERHEAD, MAX_RATCHET_BITS, Source, check_lengths};
use crate::secret::Secret;
use crate::session::Session;
use crate::{Error, Result};
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Seals the frames of one sender. Any number of threads may seal on one at once. Its keys are wiped when it is dropped.
pub struct Sender {
    suite: CipherSuite,
    ratchet_bits: u32,
    current: RwLock<Current>,
}

struct Current {
    step: Box<Step>,
    /// The counter of the next frame; `u64::MAX` when there is none left.
    next: AtomicU64,
}

impl Sender {
    /// A sender with a base key of 16 to 64 bytes, which this process has not used with this KID before: else [`Error::KeyReused`],
    /// also after the sender was dropped, and for another cipher suite. [`Error::InvalidLength`] for a base key of another length.
    pub fn from_key(base_key: &[u8], kid: u64, suite: CipherSuite) -> Result<Self> {
        let step = Step::derive(suite, base_key, kid)?;
        registry::register(step.pair)?;
        let current = RwLock::new(Current { step, next: AtomicU64::new(0) });
        Ok(Sender { suite, ratchet_bits: 0, current })
    }

    /// A sender with a key of its own from a session. The two roles of a session never share one, whatever KIDs they choose;
    /// [`Error::KeyReused`] for a KID that this role has used, through any handle of the session.
    pub fn for_session(session: &Session, kid: u64, suite: CipherSuite) -> Result<Self> {
        let mut base_key = Secret::zero();
        session.sframe_base_key(session.role(), kid, &mut base_key)?;
        Self::from_key(base_key.as_bytes(), kid, suite)
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
        let current = self.current();
        let first = current.take_counters(units)?;
        body(&Block { suite: self.suite, step: &current.step, first, units })
    }

    /// The KID that the next frame is sealed under.
    pub fn kid(&self) -> u64 {
        self.current().step.kid
    }

    /// The cipher suite.
    pub fn suite(&self) -> CipherSuite {
        self.suite
    }

    /// Says how many of the KID's low bits count ratchet steps: 1 to 16, or 0 for no ratchet, the default. Before the first frame, and
    /// with a KID whose step is 0; else [`Error::InvalidArgument`].
    pub fn set_ratchet(&mut self, bits: u32) -> Result<()> {
        let current = self.current.get_mut().unwrap_or_else(PoisonError::into_inner);
        let steps = step_mask(self.ratchet_bits) | step_mask(bits.min(MAX_RATCHET_BITS));
        if bits > MAX_RATCHET_BITS || *current.next.get_mut() != 0 || current.step.kid & steps != 0 {
            return Err(Error::InvalidArgument);
        }
        self.ratchet_bits = bits;
        Ok(())
    }

    /// Goes one step ahead (RFC 9605 section 5.1): the next base key, the next KID, counter 0. The key of the step before is wiped. Other
    /// threads may seal meanwhile. Returns the new KID.
    ///
    /// This gives forward secrecy: who takes the key from now on cannot open what was sealed before, and a member who is handed the base
    /// key of this step cannot either. It does not heal: who has a key of an earlier step has all that follow. Hand out a new base key
    /// under the next generation when a member leaves or a key may be known.
    ///
    /// [`Error::CounterExhausted`] after the last step of this generation, [`Error::InvalidArgument`] without
    /// [`Sender::set_ratchet`].
    pub fn ratchet(&self) -> Result<u64> {
        let mask = step_mask(self.ratchet_bits);
        if mask == 0 {
            return Err(Error::InvalidArgument);
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let kid = current.step.kid;
        if kid & mask == mask {
            return Err(Error::CounterExhausted);
        }
        let step = current.step.advance(self.suite, 1, kid + 1)?;
        registry::register(step.pair)?;
        *current = Current { step, next: AtomicU64::new(0) };
        Ok(kid + 1)
    }

    fn current(&self) -> RwLockReadGuard<'_, Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seals its next frame under this counter.
    #[cfg(test)]
    pub(crate) fn set_counter(&mut self, counter: u64) {
        *self.current.get_mut().unwrap_or_else(PoisonError::into_inner).next.get_mut() = counter;
    }
}

impl Current {
    /// Hands out consecutive counters to one frame, and tells the first. That it is one operation on one variable is all it takes: nothing
    /// else is ordered by it.
    fn take_counters(&self, count: u64) -> Result<u64> {
        let next = |counter: u64| counter.checked_add(count);
        self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).map_err(|_| Error::CounterExhausted)
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
