//! Frames that come in several sealed units, of which all count or none.

use super::Source;
use super::key::metadata_len;
use super::keys::HeldKey;
use super::receiver::{Opened, Receiver};
use crate::{Error, Result};

/// The units of one frame, as they are opened; see [`Receiver::open_units`].
pub struct Units<'r> {
    receiver: &'r Receiver,
    /// The key of all of them, from the first on.
    key: Option<HeldKey>,
    seen: Seen,
}

impl<'r> Units<'r> {
    pub(super) fn new(receiver: &'r Receiver) -> Self {
        Units { receiver, key: None, seen: Seen::new() }
    }

    /// The key and the counters, unless there was no unit.
    pub(super) fn done(self) -> Option<(HeldKey, Seen)> {
        self.key.map(|key| (key, self.seen))
    }

    /// Counts a refusal that [`Receiver::open_under`] did not.
    pub(super) fn refused(&self, error: Error) {
        if let (Some(key), Error::MalformedFrame) = (&self.key, error) {
            key.found.chain.refused.count(error);
        }
    }

    /// Opens the next unit, as [`Receiver::open`] does a frame, to the start of `out`. [`Error::MalformedFrame`] for a unit of another KID
    /// than the one before, and [`Error::ReplayedFrame`] for one whose counter is not higher, which is what makes a repeated unit show.
    /// `metadata` is the concatenation of its parts.
    pub(crate) fn open_unit(&mut self, metadata: &[&[u8]], sealed: Source, out: &mut [u8]) -> Result<Opened> {
        let frame = {
            let sealed = match sealed {
                Source::Apart(sealed) => sealed,
                Source::InPlace(len) => out.get(..len).ok_or(Error::BufferTooSmall)?,
            };
            self.receiver.parse(metadata_len(metadata), sealed)?
        };
        let Units { receiver, key, seen } = self;
        let key = match key {
            Some(key) if key.step().step.kid != frame.header.kid => return Err(Error::MalformedFrame),
            Some(key) => key,
            None => key.insert(receiver.key(frame.header)?),
        };
        if out.len() < frame.len {
            return Err(Error::BufferTooSmall);
        }
        receiver.open_under(key, &frame, || {
            seen.check(frame.header.counter)?;
            match sealed {
                Source::Apart(sealed) => frame.open(&key.step().step, metadata, sealed, &mut out[..frame.len]),
                Source::InPlace(len) => frame.open_in_place(&key.step().step, metadata, &mut out[..len]),
            }
        })?;
        seen.push(frame.header.counter)?;
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
}

/// Rising counters, as runs of consecutive ones: from, to. On the stack while these are few.
pub(super) struct Seen {
    few: [(u64, u64); Seen::FEW],
    len: usize,
    many: Vec<(u64, u64)>,
}

impl Seen {
    const FEW: usize = 64;

    fn new() -> Self {
        Seen { few: [(0, 0); Seen::FEW], len: 0, many: Vec::new() }
    }

    fn last(&mut self) -> Option<&mut (u64, u64)> {
        match self.len {
            0 => None,
            len @ 1..=Seen::FEW => Some(&mut self.few[len - 1]),
            _ => self.many.last_mut(),
        }
    }

    /// [`Error::ReplayedFrame`] for a counter that is not higher than the last.
    fn check(&mut self, counter: u64) -> Result<()> {
        if self.last().is_some_and(|(_, last)| counter <= *last) { Err(Error::ReplayedFrame) } else { Ok(()) }
    }

    /// Adds a counter that [`Seen::check`] has passed.
    fn push(&mut self, counter: u64) -> Result<()> {
        match self.last() {
            Some((_, last)) if last.checked_add(1) == Some(counter) => *last = counter,
            _ => {
                match self.few.get_mut(self.len) {
                    Some(slot) => *slot = (counter, counter),
                    None => {
                        self.many.try_reserve(1).map_err(|_| Error::OutOfMemory)?;
                        self.many.push((counter, counter));
                    }
                }
                self.len += 1;
            }
        }
        Ok(())
    }

    /// All of them.
    pub fn counters(&self) -> impl Iterator<Item = u64> + Clone {
        self.few[..self.len.min(Seen::FEW)].iter().chain(&self.many).flat_map(|&(from, to)| from..=to)
    }
}
