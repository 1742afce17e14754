//! H.264 and H.265 access units: every NAL unit that is not a parameter set or a delimiter is sealed by itself.

use super::emulation::{escape, escaped_max, first_hazard, is_clean, next_start_code, unescape, zeros_at_end};
use super::{MAX_OVERHEAD, Open, Seal, TRAILER};
use crate::{Error, Result};

/// The bytes of a slice that stay clear after the NAL unit header: packetizers read the slice header's first fields.
const MAX_CLEAR: usize = 8;

/// What one sealed unit adds at most, besides half of its own bytes: the SFrame overhead, half of that again, and the trailer.
pub(super) const UNIT_OVERHEAD: usize = escaped_max(MAX_OVERHEAD) + 1;

#[derive(Clone, Copy)]
pub(super) enum Family {
    H264,
    H265,
}

#[derive(Clone, Copy)]
pub(super) enum Framing {
    /// H.264 and H.265 Annex B: start codes.
    AnnexB,
    /// ISO/IEC 14496-15 with four-byte lengths.
    Length,
}

/// A NAL unit with what stands before it: zeros and a start code, or its length.
struct Unit<'a> {
    lead: &'a [u8],
    nal: &'a [u8],
}

/// What becomes of a unit.
enum UnitClass {
    Clear,
    /// Sealed but for its header and this many bytes more.
    Sealed {
        header: usize,
        clear: usize,
    },
}

impl Family {
    fn header_len(self) -> usize {
        match self {
            Family::H264 => 1,
            Family::H265 => 2,
        }
    }

    /// The fate of a unit to be sealed.
    fn class(self, nal: &[u8]) -> Result<UnitClass> {
        let header = self.header_len();
        // forbidden_zero_bit
        if nal.len() < header || nal[0] & 0x80 != 0 {
            return Err(Error::MalformedFrame);
        }
        let (clear, slice) = match (self, nal[0]) {
            (Family::H264, byte) => match byte & 0x1f {
                7..=11 | 13 | 15 => (true, false),
                kind => (false, matches!(kind, 1..=5 | 14 | 19..=21)),
            },
            (Family::H265, byte) => match byte >> 1 {
                32..=37 => (true, false),
                kind => (false, kind < 32),
            },
        };
        let kept = if slice { (nal.len() - header).min(MAX_CLEAR) } else { 0 };
        let shown = if clear { nal } else { &nal[..header + kept] };
        // A start code hidden in a clear part would make one unit two for whoever looks for start codes.
        if !is_clean(shown) || (clear && nal.last() == Some(&0)) {
            return Err(Error::MalformedFrame);
        }
        Ok(if clear { UnitClass::Clear } else { UnitClass::Sealed { header, clear: kept } })
    }
}

/// Walks the units of a frame.
struct Units<'a> {
    framing: Framing,
    rest: &'a [u8],
}

impl<'a> Units<'a> {
    fn next(&mut self) -> Result<Option<Unit<'a>>> {
        match self.framing {
            Framing::AnnexB => self.next_annex_b(),
            Framing::Length => self.next_length(),
        }
    }

    fn next_annex_b(&mut self) -> Result<Option<Unit<'a>>> {
        let code = next_start_code(self.rest, 0);
        // Only zeros may stand before a start code, and at the end.
        let zeros = code.unwrap_or(self.rest.len());
        if self.rest[..zeros].iter().any(|&byte| byte != 0) {
            return Err(Error::MalformedFrame);
        }
        let Some(code) = code else { return Ok(None) };
        let (lead, rest) = self.rest.split_at(code + 3);
        let mut end = next_start_code(rest, 0).unwrap_or(rest.len());
        // A NAL unit does not end in a zero byte: those before the next start code belong to it.
        while end > 0 && rest[end - 1] == 0 {
            end -= 1;
        }
        let (nal, rest) = rest.split_at(end);
        self.rest = rest;
        Ok(Some(Unit { lead, nal }))
    }

    fn next_length(&mut self) -> Result<Option<Unit<'a>>> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (lead, rest) = self.rest.split_first_chunk::<4>().ok_or(Error::MalformedFrame)?;
        let len = usize::try_from(u32::from_be_bytes(*lead)).map_err(|_| Error::MalformedFrame)?;
        let (nal, rest) = rest.split_at_checked(len).ok_or(Error::MalformedFrame)?;
        self.rest = rest;
        Ok(Some(Unit { lead, nal }))
    }
}

/// How many units of `frame` will be sealed; an error if it is no access unit.
pub(super) fn count(family: Family, framing: Framing, frame: &[u8]) -> Result<usize> {
    let mut units = Units { framing, rest: frame };
    let mut sealed = 0;
    while let Some(unit) = units.next()? {
        sealed += usize::from(matches!(family.class(unit.nal)?, UnitClass::Sealed { .. }));
    }
    Ok(sealed)
}

/// Seals a frame that [`count`] has passed. `out` has room for the bound.
pub(super) fn seal(
    family: Family,
    framing: Framing,
    frame: &[u8],
    out: &mut [u8],
    sender: &mut impl Seal,
) -> Result<usize> {
    let mut units = Units { framing, rest: frame };
    let mut out = Writer { out, len: 0 };
    while let Some(Unit { lead, nal }) = units.next()? {
        let start = out.put(lead);
        match family.class(nal)? {
            UnitClass::Clear => {
                out.put(nal);
            }
            UnitClass::Sealed { header, clear } => {
                let (shown, rest) = nal.split_at(header + clear);
                out.put(shown);
                let trailer = TRAILER | clear as u8;
                let room = &mut out.out[out.len..];
                let len = with_trailer(shown, trailer, |metadata| {
                    sender.seal(metadata, rest, &mut room[..rest.len() + MAX_OVERHEAD])
                })?;
                out.len += escape(room, len, zeros_at_end(shown));
                out.put(&[trailer]);
            }
        }
        out.fix_length(framing, start)?;
    }
    out.put(units.rest);
    Ok(out.len)
}

/// Opens a frame into `out`, which is as long as `sealed`. At least one unit is opened, else it is an error.
pub(super) fn open(
    family: Family,
    framing: Framing,
    sealed: &[u8],
    out: &mut [u8],
    receiver: &mut impl Open,
) -> Result<usize> {
    let mut units = Units { framing, rest: sealed };
    let mut out = Writer { out, len: 0 };
    while let Some(Unit { lead, nal }) = units.next()? {
        let start = out.put(lead);
        match family.class(nal)? {
            UnitClass::Clear => {
                out.put(nal);
            }
            UnitClass::Sealed { header, .. } => {
                let (&trailer, nal) = nal.split_last().ok_or(Error::MalformedFrame)?;
                let clear = usize::from(trailer ^ TRAILER);
                if clear > MAX_CLEAR {
                    return Err(Error::MalformedFrame);
                }
                let (shown, body) = nal.split_at_checked(header + clear).ok_or(Error::MalformedFrame)?;
                out.put(shown);
                let zeros = zeros_at_end(shown);
                let room = &mut out.out[out.len..];
                out.len += with_trailer(shown, trailer, |metadata| match first_hazard(body, zeros) {
                    None => receiver.open(metadata, body, &mut room[..body.len()]),
                    Some(_) => {
                        let len = unescape(body, room, zeros)?;
                        receiver.open_in_place(metadata, &mut room[..len])
                    }
                })?;
            }
        }
        out.fix_length(framing, start)?;
    }
    out.put(units.rest);
    Ok(out.len)
}

/// Hands on `shown || trailer`, the metadata of a sealed unit.
fn with_trailer<T>(shown: &[u8], trailer: u8, then: impl FnOnce(&[u8]) -> T) -> T {
    let mut metadata = [0; 2 + MAX_CLEAR + 1];
    metadata[..shown.len()].copy_from_slice(shown);
    metadata[shown.len()] = trailer;
    then(&metadata[..=shown.len()])
}

struct Writer<'a> {
    out: &'a mut [u8],
    len: usize,
}

impl Writer<'_> {
    /// Appends, and gives the new length.
    fn put(&mut self, bytes: &[u8]) -> usize {
        self.out[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
        self.len
    }

    /// Writes the length of the unit that began at `start`, where there is one.
    fn fix_length(&mut self, framing: Framing, start: usize) -> Result<()> {
        if let Framing::Length = framing {
            let len = u32::try_from(self.len - start).map_err(|_| Error::InvalidLength)?;
            self.out[start - 4..start].copy_from_slice(&len.to_be_bytes());
        }
        Ok(())
    }
}
