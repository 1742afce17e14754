//! The sending side.
//!
//! A unit of a larger frame is sealed with [`Sender::seal`] too: straight into its place in the caller's output, as long as
//! [`MAX_OVERHEAD`] bytes of room follow the unit there. Units of one frame that are sealed one after the other on one thread have
//! strictly increasing (KID, counter), which is what [`Receiver::open_units`](super::Receiver::open_units) relies on.

use super::header::{Encoded, Header};
use super::key::{AadBuffer, Step, with_aad_buffer};
use super::registry;
use super::{CipherSuite, MAX_OVERHEAD, MAX_RATCHET_BITS, check_lengths};
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
        self.seal_with(metadata, frame.len(), out, |step, counter, header, room, out| {
            step.seal(counter, header, room, frame, out)
        })
    }

    /// As [`Sender::seal`], for a frame that is the first `frame_len` bytes of `buffer`. It is moved up by the length of the header.
    pub fn seal_in_place(&self, metadata: &[u8], buffer: &mut [u8], frame_len: usize) -> Result<usize> {
        self.seal_with(metadata, frame_len, buffer, |step, counter, header, room, out| {
            step.seal_in_place(counter, header, room, frame_len, out)
        })
    }

    fn seal_with(
        &self,
        metadata: &[u8],
        frame_len: usize,
        out: &mut [u8],
        seal: impl FnOnce(&Step, u64, &Encoded, AadBuffer, &mut [u8]) -> Result<()>,
    ) -> Result<usize> {
        check_lengths(metadata.len(), frame_len)?;
        if out.len() < frame_len + MAX_OVERHEAD {
            return Err(Error::BufferTooSmall);
        }
        with_aad_buffer(metadata, |room| {
            let current = self.current();
            let counter = current.take_counter()?;
            let header = Header { kid: current.step.kid, counter }.encode();
            let len = header.as_bytes().len() + frame_len + self.suite.tag_len();
            seal(&current.step, counter, &header, room, &mut out[..len])?;
            Ok(len)
        })
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
    /// Hands out a counter to one frame. That it is one operation on one variable is all it takes: nothing else is ordered by it.
    fn take_counter(&self) -> Result<u64> {
        let next = |counter: u64| counter.checked_add(1);
        self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).map_err(|_| Error::CounterExhausted)
    }
}

/// The bits of a KID that count ratchet steps.
pub(super) fn step_mask(bits: u32) -> u64 {
    (1 << bits) - 1
}
