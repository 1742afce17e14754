//! Parameter sets: they stay clear for packetizers, and travel sealed inside the frame's first sealed unit, from where they are put back.

use super::units::{Class, Syntax};
use crate::{Error, Result};

/// The most parameter sets of a frame.
pub(super) const MAX_SETS: usize = 32;
/// The most bytes of parameter sets in a frame.
pub(super) const MAX_SET_BYTES: usize = 8192;
/// Before each: `u16(position) || u8(lead) || u32(len)`.
const ENTRY: usize = 7;
/// What sealing them adds to their bytes at most; the length of it all comes last.
pub(super) const MAX_EXTRA: usize = MAX_SETS * ENTRY + LENGTH;
const LENGTH: usize = 4;
const MAX_BLOB: usize = MAX_SET_BYTES + MAX_SETS * ENTRY;

/// Writes the parameter sets of a frame that has passed its checks, as they are sealed, and gives the length.
pub(super) fn write(syntax: Syntax, frame: &[u8], out: &mut [u8]) -> Result<usize> {
    let (mut rest, mut position, mut len) = (frame, 0u16, 0);
    while let Some(unit) = syntax.next(rest)? {
        let (whole, after) = rest.split_at(unit.len());
        rest = after;
        match unit.class {
            Class::Delimiter => {}
            Class::Sealed { .. } => position = position.saturating_add(1),
            Class::Set => {
                let bytes = &whole[unit.lead..];
                let (entry, data) = out[len..].split_at_mut(ENTRY);
                entry[..2].copy_from_slice(&position.to_be_bytes());
                entry[2] = u8::try_from(unit.lead).map_err(|_| Error::Internal)?;
                entry[3..].copy_from_slice(&(bytes.len() as u32).to_be_bytes());
                data[..bytes.len()].copy_from_slice(bytes);
                len += ENTRY + bytes.len();
            }
        }
    }
    out[len..len + LENGTH].copy_from_slice(&(len as u32).to_be_bytes());
    Ok(len + LENGTH)
}

/// The parameter sets that a frame was sealed with.
pub(super) struct Sets {
    blob: [u8; MAX_BLOB],
    len: usize,
    /// How much of it was put back.
    at: usize,
}

struct Entry<'a> {
    position: usize,
    lead: usize,
    bytes: &'a [u8],
}

impl Sets {
    /// Behind all units.
    pub const END: usize = usize::MAX;

    /// Takes them off the end of the first unit's plaintext, and gives what remains of its length.
    pub fn split_off(syntax: Syntax, plaintext: &[u8], sets: &mut Option<Sets>) -> Result<usize> {
        let (data, len) = plaintext.split_last_chunk::<LENGTH>().ok_or(Error::MalformedFrame)?;
        let len = usize::try_from(u32::from_be_bytes(*len)).map_err(|_| Error::MalformedFrame)?;
        let rest = data.len().checked_sub(len).ok_or(Error::MalformedFrame)?;
        if len > MAX_BLOB {
            return Err(Error::MalformedFrame);
        }
        let sets = sets.insert(Sets { blob: [0; MAX_BLOB], len, at: 0 });
        sets.blob[..len].copy_from_slice(&data[rest..]);
        sets.check(syntax)?;
        Ok(rest)
    }

    /// Refuses what [`write`] does not write.
    fn check(&self, syntax: Syntax) -> Result<()> {
        let (mut at, mut count, mut bytes, mut position) = (0, 0, 0, 0);
        while at < self.len {
            let entry = self.entry(at).ok_or(Error::MalformedFrame)?;
            at += ENTRY + entry.bytes.len();
            count += 1;
            bytes += entry.bytes.len();
            let sound = syntax.is_set(entry.lead, entry.bytes) && (at == self.len || syntax.may_precede(entry.bytes));
            if !sound || entry.position < position {
                return Err(Error::MalformedFrame);
            }
            position = entry.position;
        }
        if (1..=MAX_SETS).contains(&count) && bytes <= MAX_SET_BYTES { Ok(()) } else { Err(Error::MalformedFrame) }
    }

    fn entry(&self, at: usize) -> Option<Entry<'_>> {
        let (head, rest) = self.blob[..self.len].get(at..)?.split_first_chunk::<ENTRY>()?;
        let &[p, q, lead, a, b, c, d] = head;
        let bytes = rest.get(..usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?)?;
        Some(Entry { position: u16::from_be_bytes([p, q]).into(), lead: lead.into(), bytes })
    }

    /// Those that stand before the sealed unit with this number and were not put back.
    fn before(&self, unit: usize) -> impl Iterator<Item = Entry<'_>> {
        let mut at = self.at;
        core::iter::from_fn(move || {
            let entry = self.entry(at).filter(|entry| entry.position <= unit)?;
            at += ENTRY + entry.bytes.len();
            Some(entry)
        })
    }

    /// How long they are when they are put back.
    pub fn len_before(&self, syntax: Syntax, unit: usize) -> usize {
        self.before(unit).map(|entry| syntax.lead_len(entry.lead) + entry.bytes.len()).sum()
    }

    /// Puts them back, into as many bytes.
    pub fn put_before(&mut self, syntax: Syntax, unit: usize, mut out: &mut [u8]) -> Result<()> {
        let mut taken = 0;
        for entry in self.before(unit) {
            if unit != Self::END && !syntax.may_precede(entry.bytes) {
                return Err(Error::MalformedFrame);
            }
            let (lead, rest) = out.split_at_mut(syntax.lead_len(entry.lead));
            let (bytes, rest) = rest.split_at_mut(entry.bytes.len());
            syntax.write_lead(lead, bytes.len())?;
            bytes.copy_from_slice(entry.bytes);
            out = rest;
            taken += ENTRY + entry.bytes.len();
        }
        self.at += taken;
        Ok(())
    }
}
