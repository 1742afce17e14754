//! H.264 and H.265: NAL units, their classes, and what stands between them.

use super::emulation::{is_clean, next_start_code};
use super::units::{Class, Layer, Unit};
use crate::{Error, Result};

/// The bytes of a slice that stay clear after the NAL unit header: packetizers read the slice header's first fields.
pub(super) const MAX_CLEAR: usize = 8;

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

/// What becomes of a unit, by its type.
enum Kind {
    Set,
    Delimiter,
    Sealed { layer: Layer, slice: bool },
}

impl Family {
    fn header_len(self) -> usize {
        match self {
            Family::H264 => 1,
            Family::H265 => 2,
        }
    }

    /// The kind of the unit that begins `nal`, which may be followed by more.
    fn kind(self, nal: &[u8]) -> Result<Kind> {
        let header = nal.get(..self.header_len()).ok_or(Error::MalformedFrame)?;
        // forbidden_zero_bit
        if header[0] & 0x80 != 0 {
            return Err(Error::MalformedFrame);
        }
        Ok(match *header {
            [byte] => match byte & 0x1f {
                7 | 8 | 13 | 15 => Kind::Set,
                9..=11 => Kind::Delimiter,
                20 | 21 => Kind::Sealed { layer: Layer::Alone, slice: true },
                kind => Kind::Sealed { layer: Layer::Number(0), slice: matches!(kind, 1..=5 | 14 | 19) },
            },
            [one, two] => match one >> 1 {
                32..=34 => Kind::Set,
                35..=37 => Kind::Delimiter,
                kind => Kind::Sealed { layer: Layer::Number((one & 1) << 5 | two >> 3), slice: kind < 32 },
            },
            _ => return Err(Error::MalformedFrame),
        })
    }

    /// The class of a whole unit.
    fn class(self, nal: &[u8]) -> Result<Class> {
        let header = self.header_len();
        let kind = self.kind(nal)?;
        let (class, shown) = match kind {
            Kind::Sealed { layer, slice } => {
                let clear = if slice { (nal.len() - header).min(MAX_CLEAR) } else { 0 };
                (Class::Sealed { layer, clear }, &nal[..header + clear])
            }
            // Zeros at the end are no start code, and none before the next one: they belong to no unit in Annex B.
            Kind::Set => (Class::Set, without_zeros(nal)),
            Kind::Delimiter => (Class::Delimiter, without_zeros(nal)),
        };
        // A start code hidden in a clear part would make one unit two for whoever looks for start codes.
        if is_clean(shown) { Ok(class) } else { Err(Error::MalformedFrame) }
    }

    /// The unit that `rest` begins with; `len` is its length without the lead, if that is known.
    pub fn next(self, framing: Framing, rest: &[u8], len: Option<usize>) -> Result<Option<Unit>> {
        let Some(lead) = framing.lead(rest)? else { return Ok(None) };
        let len = match len {
            Some(len) => len,
            None => framing.unit_len(rest, lead)?,
        };
        let nal = &rest[lead..lead + len];
        if let (Framing::Length, []) = (framing, nal) {
            return Ok(Some(Unit { lead, header: 0, field: 0, payload: 0, class: Class::Delimiter }));
        }
        let header = self.header_len();
        Ok(Some(Unit { class: self.class(nal)?, lead, header, field: 0, payload: len - header }))
    }

    /// The layer of the next unit that is sealed. Looks at no more of it than its header.
    pub fn next_layer(self, framing: Framing, mut rest: &[u8]) -> Result<Option<Layer>> {
        while let Some(lead) = framing.lead(rest)? {
            if !matches!((framing, &rest[..lead]), (Framing::Length, [0, 0, 0, 0]))
                && let Kind::Sealed { layer, .. } = self.kind(&rest[lead..])?
            {
                return Ok(Some(layer));
            }
            rest = &rest[lead + framing.unit_len(rest, lead)?..];
        }
        Ok(None)
    }

    /// Whether `nal` is one parameter set.
    pub fn is_set(self, nal: &[u8]) -> bool {
        matches!(self.class(nal), Ok(Class::Set))
    }
}

impl Framing {
    /// The length of what stands before the next unit: zeros and a start code, or a length. None at the end, where zeros may be left.
    fn lead(self, rest: &[u8]) -> Result<Option<usize>> {
        match self {
            Framing::AnnexB => {
                let Some(zeros) = rest.iter().position(|&byte| byte != 0) else { return Ok(None) };
                if zeros >= 2 && rest[zeros] == 1 { Ok(Some(zeros + 1)) } else { Err(Error::MalformedFrame) }
            }
            Framing::Length if rest.is_empty() => Ok(None),
            Framing::Length if rest.len() < 4 => Err(Error::MalformedFrame),
            Framing::Length => Ok(Some(4)),
        }
    }

    /// The length of the unit after its lead.
    fn unit_len(self, rest: &[u8], lead: usize) -> Result<usize> {
        let (before, data) = rest.split_at(lead);
        match (self, before) {
            (Framing::Length, &[a, b, c, d]) => {
                let len = usize::try_from(u32::from_be_bytes([a, b, c, d])).map_err(|_| Error::MalformedFrame)?;
                if len <= data.len() { Ok(len) } else { Err(Error::MalformedFrame) }
            }
            // A NAL unit does not end in a zero byte: those before the next start code belong to it.
            _ => Ok(without_zeros(&data[..next_start_code(data, 0).unwrap_or(data.len())]).len()),
        }
    }

    /// The length of what stands before a unit, given the one that it was sealed with.
    pub fn lead_len(self, sealed: usize) -> usize {
        match self {
            Framing::AnnexB => sealed,
            Framing::Length => 4,
        }
    }

    /// Writes what stands before a unit of `len` bytes.
    pub fn write_lead(self, lead: &mut [u8], len: usize) -> Result<()> {
        match self {
            Framing::AnnexB => {
                lead.fill(0);
                *lead.last_mut().ok_or(Error::Internal)? = 1;
            }
            Framing::Length => {
                let len = u32::try_from(len).map_err(|_| Error::InvalidLength)?;
                lead.copy_from_slice(&len.to_be_bytes());
            }
        }
        Ok(())
    }
}

fn without_zeros(data: &[u8]) -> &[u8] {
    &data[..data.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)]
}
