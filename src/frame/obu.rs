//! AV1 temporal units in the low-overhead bitstream format (AV1 section 5.2): every OBU but temporal delimiters and sequence headers is
//! sealed by itself.

use super::{MAX_OVERHEAD, Open, Seal, TRAILER};
use crate::{Error, Result};

const HAS_EXTENSION: u8 = 0x04;
const HAS_SIZE: u8 = 0x02;
/// The longest size field of a sealed OBU: longer ones have no use, a size has 32 bits, and could make an opened OBU longer than the
/// sealed one.
const MAX_SIZE_FIELD: usize = 6;

/// What one sealed OBU adds at most: the SFrame overhead, the trailer and one byte more in the size field.
pub(super) const UNIT_OVERHEAD: usize = MAX_OVERHEAD + 2;

struct Obu<'a> {
    /// All of it.
    whole: &'a [u8],
    /// The header byte, and the extension byte if there is one.
    header: &'a [u8],
    /// How long the size field is; 0 for none.
    size_field: usize,
    payload: &'a [u8],
}

impl<'a> Obu<'a> {
    /// The first OBU of `data` and what comes after it.
    fn split(data: &'a [u8]) -> Result<(Self, &'a [u8])> {
        let first = *data.first().ok_or(Error::MalformedFrame)?;
        let header_len = if first & HAS_EXTENSION != 0 { 2 } else { 1 };
        let (header, rest) = data.split_at_checked(header_len).ok_or(Error::MalformedFrame)?;
        // The forbidden bit and the reserved ones.
        if first & 0x81 != 0 || header.get(1).is_some_and(|extension| extension & 0x07 != 0) {
            return Err(Error::MalformedFrame);
        }
        let (size_field, size) = if first & HAS_SIZE != 0 { read_leb128(rest)? } else { (0, rest.len()) };
        let payload = rest[size_field..].get(..size).ok_or(Error::MalformedFrame)?;
        let (whole, rest) = data.split_at(header_len + size_field + size);
        Ok((Obu { whole, header, size_field, payload }, rest))
    }

    /// Temporal delimiters and sequence headers stay clear.
    fn is_clear(&self) -> Result<bool> {
        match (self.header[0] >> 3, self.payload) {
            (1, _) | (2, []) => Ok(true),
            (2, _) => Err(Error::MalformedFrame),
            _ => Ok(false),
        }
    }

    /// Hands on the metadata: the header without `obu_has_size_field`, which transports change, and the trailer.
    fn with_trailer<T>(&self, trailer: u8, then: impl FnOnce(&[u8]) -> T) -> T {
        match *self.header {
            [first, extension] => then(&[first & !HAS_SIZE, extension, trailer]),
            _ => then(&[self.header[0] & !HAS_SIZE, trailer]),
        }
    }
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
fn leb128_len(value: usize) -> usize {
    ((usize::BITS - value.leading_zeros()).div_ceil(7) as usize).max(1)
}

/// Fills `field` with `value`, which must fit.
fn write_leb128(mut value: usize, field: &mut [u8]) {
    let last = field.len() - 1;
    for (i, byte) in field.iter_mut().enumerate() {
        *byte = (value & 0x7f) as u8 | if i < last { 0x80 } else { 0 };
        value >>= 7;
    }
}

/// How many OBUs of `frame` will be sealed; an error if it is no temporal unit.
pub(super) fn count(frame: &[u8]) -> Result<usize> {
    let (mut rest, mut sealed) = (frame, 0);
    while !rest.is_empty() {
        let (obu, next) = Obu::split(rest)?;
        if !obu.is_clear()? {
            if obu.size_field > MAX_SIZE_FIELD {
                return Err(Error::MalformedFrame);
            }
            sealed += 1;
        }
        rest = next;
    }
    Ok(sealed)
}

/// Seals a frame that [`count`] has passed. `out` has room for the bound.
pub(super) fn seal(frame: &[u8], out: &mut [u8], sender: &mut impl Seal) -> Result<usize> {
    let (mut rest, mut len) = (frame, 0);
    while !rest.is_empty() {
        let (obu, next) = Obu::split(rest)?;
        rest = next;
        if obu.is_clear()? {
            out[len..len + obu.whole.len()].copy_from_slice(obu.whole);
            len += obu.whole.len();
            continue;
        }
        out[len..len + obu.header.len()].copy_from_slice(obu.header);
        len += obu.header.len();
        let trailer = TRAILER | obu.size_field as u8;
        // The SFrame header's length is not known before, so the size field may turn out shorter than this.
        let room = obu.payload.len() + MAX_OVERHEAD;
        let mut field = if obu.size_field == 0 { 0 } else { leb128_len(room + 1) };
        let sealed = &mut out[len + field..len + field + room];
        let sealed_len = obu.with_trailer(trailer, |metadata| sender.seal(metadata, obu.payload, sealed))?;
        if field > leb128_len(sealed_len + 1) {
            let from = len + field;
            field = leb128_len(sealed_len + 1);
            out.copy_within(from..from + sealed_len, len + field);
        }
        if field > 0 {
            write_leb128(sealed_len + 1, &mut out[len..len + field]);
        }
        len += field + sealed_len;
        out[len] = trailer;
        len += 1;
    }
    Ok(len)
}

/// Opens a frame into `out`, which is as long as `sealed`. At least one OBU is opened, else it is an error.
pub(super) fn open(sealed: &[u8], out: &mut [u8], receiver: &mut impl Open) -> Result<usize> {
    let (mut rest, mut len) = (sealed, 0);
    while !rest.is_empty() {
        let (obu, next) = Obu::split(rest)?;
        rest = next;
        if obu.is_clear()? {
            out[len..len + obu.whole.len()].copy_from_slice(obu.whole);
            len += obu.whole.len();
            continue;
        }
        let (&trailer, body) = obu.payload.split_last().ok_or(Error::MalformedFrame)?;
        let field = usize::from(trailer ^ TRAILER);
        // Only the last OBU can do without a size.
        if field > MAX_SIZE_FIELD || (field == 0 && !rest.is_empty()) {
            return Err(Error::MalformedFrame);
        }
        out[len] = if field == 0 { obu.header[0] & !HAS_SIZE } else { obu.header[0] | HAS_SIZE };
        out[len + 1..len + obu.header.len()].copy_from_slice(&obu.header[1..]);
        len += obu.header.len();
        // An SFrame ciphertext is longer than its plaintext by five bytes at least, so this fits; a shorter one is refused below.
        let start = (len + field).min(out.len());
        let end = (start + body.len()).min(out.len());
        let room = &mut out[start..end];
        let opened = obu.with_trailer(trailer, |metadata| receiver.open(metadata, body, room))?;
        if field > 0 {
            if leb128_len(opened) > field {
                return Err(Error::MalformedFrame);
            }
            write_leb128(opened, &mut out[len..len + field]);
        }
        len += field + opened;
    }
    Ok(len)
}
