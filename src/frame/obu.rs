//! AV1 temporal units in the low-overhead bitstream format (AV1 section 5.2): OBUs, their classes and their size fields.

use super::units::{Class, Layer, Unit};
use crate::{Error, Result};

const HAS_EXTENSION: u8 = 0x04;
pub(super) const HAS_SIZE: u8 = 0x02;
const RESERVED: u8 = 0x01;
/// The longest size field of a sealed OBU: longer ones have no use, a size has 32 bits, and could make an opened OBU longer than the
/// sealed one.
pub(super) const MAX_SIZE_FIELD: usize = 6;

/// The OBU that `rest` begins with.
pub(super) fn next(rest: &[u8]) -> Result<Option<Unit>> {
    let Some(&first) = rest.first() else { return Ok(None) };
    let header = if first & HAS_EXTENSION != 0 { 2 } else { 1 };
    let (head, data) = rest.split_at_checked(header).ok_or(Error::MalformedFrame)?;
    // obu_forbidden_bit
    if first & 0x80 != 0 {
        return Err(Error::MalformedFrame);
    }
    let (field, payload) = if first & HAS_SIZE != 0 { read_leb128(data)? } else { (0, data.len()) };
    if payload > data.len() - field {
        return Err(Error::MalformedFrame);
    }
    let class = match first >> 3 {
        1 => Class::Set,
        // Nothing authenticates these, so they hold no more than they must: no reserved bit, and no payload of a temporal delimiter.
        kind @ (2 | 8 | 15) if first & RESERVED != 0 || (kind == 2 && payload > 0) => {
            return Err(Error::MalformedFrame);
        }
        2 | 8 | 15 => Class::Delimiter,
        kind => {
            // The first byte of a frame header tells a key frame. Without it there is no frame header.
            let clear = usize::from(matches!(kind, 3 | 6 | 7));
            if field > MAX_SIZE_FIELD || payload < clear {
                return Err(Error::MalformedFrame);
            }
            let spatial_id = head.get(1).map_or(0, |extension| extension >> 3 & 3);
            Class::Sealed { layer: Layer::Number(spatial_id), clear }
        }
    };
    Ok(Some(Unit { lead: 0, header, field, payload, class }))
}

/// Whether `obu` is one sequence header.
pub(super) fn is_set(obu: &[u8]) -> bool {
    matches!(next(obu), Ok(Some(unit)) if matches!(unit.class, Class::Set) && unit.len() == obu.len())
}

/// A size field (AV1 section 4.10.5): its length and its value.
fn read_leb128(data: &[u8]) -> Result<(usize, usize)> {
    let mut value = 0u64;
    for (i, byte) in data.iter().enumerate().take(8) {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).map_err(|_| Error::MalformedFrame)?;
            return Ok((i + 1, usize::try_from(value).map_err(|_| Error::MalformedFrame)?));
        }
    }
    Err(Error::MalformedFrame)
}

/// The fewest bytes that hold `value`.
pub(super) fn leb128_len(value: usize) -> usize {
    ((usize::BITS - value.leading_zeros()).div_ceil(7) as usize).max(1)
}

/// Fills `field` with `value`, which must fit. No field, no size.
pub(super) fn write_leb128(mut value: usize, field: &mut [u8]) {
    let last = field.len().wrapping_sub(1);
    for (i, byte) in field.iter_mut().enumerate() {
        *byte = (value & 0x7f) as u8 | if i < last { 0x80 } else { 0 };
        value >>= 7;
    }
}
