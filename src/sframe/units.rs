//! Frames that come in several sealed units, of which all count or none.

use super::Source;
use super::chain::{Keys, PendingStep};
use super::header::Header;
use super::key::metadata_len;
use super::receiver::{Frame, Opened, Receiver};
use crate::{Error, Result};
use std::sync::RwLockReadGuard;

/// The units of one frame, as they are opened; see [`Receiver::open_units`].
pub struct Units<'r> {
    receiver: &'r Receiver,
    keys: RwLockReadGuard<'r, Keys>,
    ahead: Option<PendingStep>,
    seen: Seen,
}

impl<'r> Units<'r> {
    pub(super) fn new(receiver: &'r Receiver, keys: RwLockReadGuard<'r, Keys>) -> Self {
        Units { receiver, keys, ahead: None, seen: Seen::new() }
    }

    pub(super) fn done(self) -> (RwLockReadGuard<'r, Keys>, Option<PendingStep>, Seen) {
        (self.keys, self.ahead, self.seen)
    }

    /// Opens the next unit, as [`Receiver::open`] does a frame, to the start of `out`. [`Error::MalformedFrame`] for a unit of another
    /// sender than the one before, and [`Error::ReplayedFrame`] for one that was sealed earlier than it: strictly increasing (KID, counter)
    /// is what makes a repeated unit show. `metadata` is the concatenation of its parts.
    pub(crate) fn open_unit(&mut self, metadata: &[&[u8]], sealed: Source, out: &mut [u8]) -> Result<Opened> {
        let metadata_len = metadata_len(metadata);
        let frame = match sealed {
            Source::Apart(sealed) => {
                let frame = self.next(metadata_len, sealed)?;
                self.keys.attempt(
                    &mut self.ahead,
                    &frame,
                    |len| out.get_mut(..len).ok_or(Error::BufferTooSmall),
                    |step, out| frame.open(step, metadata, sealed, out),
                )?;
                frame
            }
            Source::InPlace(len) => {
                let sealed = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
                let frame = self.next(metadata_len, sealed)?;
                self.keys.attempt(
                    &mut self.ahead,
                    &frame,
                    |_| Ok(sealed),
                    |step, sealed| frame.open_in_place(step, metadata, sealed),
                )?;
                frame
            }
        };
        self.seen.push(frame.header);
        Ok(frame.opened())
    }

    /// As [`Receiver::open`].
    pub fn open(&mut self, metadata: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<Opened> {
        self.open_unit(&[metadata], Source::Apart(sealed), out)
    }

    /// As [`Receiver::open_in_place`].
    pub fn open_in_place(&mut self, metadata: &[u8], sealed: &mut [u8]) -> Result<Opened> {
        self.open_unit(&[metadata], Source::InPlace(sealed.len()), sealed)
    }

    fn next(&mut self, metadata_len: usize, sealed: &[u8]) -> Result<Frame> {
        let frame = self.receiver.parse(metadata_len, sealed)?;
        if let Some(last) = self.seen.as_slice().last() {
            if self.keys.id(last.kid) != self.keys.id(frame.header.kid) {
                return Err(Error::MalformedFrame);
            }
            if frame.header <= *last {
                return Err(Error::ReplayedFrame);
            }
        }
        self.seen.reserve()?;
        Ok(frame)
    }
}

/// Headers of units, on the stack while they are few.
pub(super) struct Seen {
    few: [Header; Seen::FEW],
    len: usize,
    many: Vec<Header>,
}

impl Seen {
    const FEW: usize = 64;

    fn new() -> Self {
        Seen { few: [Header { kid: 0, counter: 0 }; Seen::FEW], len: 0, many: Vec::new() }
    }

    /// Makes room for one more.
    fn reserve(&mut self) -> Result<()> {
        if self.len < Seen::FEW {
            return Ok(());
        }
        if self.many.is_empty() {
            self.many.try_reserve(2 * Seen::FEW).map_err(|_| Error::OutOfMemory)?;
            self.many.extend_from_slice(&self.few);
        }
        self.many.try_reserve(1).map_err(|_| Error::OutOfMemory)
    }

    fn push(&mut self, header: Header) {
        match self.few.get_mut(self.len) {
            Some(slot) => *slot = header,
            None => self.many.push(header),
        }
        self.len += 1;
    }

    pub fn as_slice(&self) -> &[Header] {
        if self.len <= Seen::FEW { &self.few[..self.len] } else { &self.many }
    }
}
