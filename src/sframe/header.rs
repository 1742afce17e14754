//! The SFrame header, RFC 9605 section 4.3: a config byte `X K K K Y C C C`, then the KID if X is set, then the counter if Y is set, each
//! in K + 1 or C + 1 big-endian bytes. A value below 8 sits in the config byte itself.

use crate::{Error, Result};

/// The longest header, in bytes.
pub(super) const MAX: usize = 17;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub kid: u64,
    pub counter: u64,
}

/// A sealed frame: its header, the length of that, and the length of the ciphertext. The tag is the rest.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub header: Header,
    pub header_len: usize,
    pub len: usize,
}

impl Frame {
    pub fn parse(sealed: &[u8], tag_len: usize) -> Result<Self> {
        let (header, header_len) = Header::parse(sealed)?;
        let len = (sealed.len() - header_len).checked_sub(tag_len).ok_or(Error::MalformedFrame)?;
        Ok(Frame { header, header_len, len })
    }
}

/// A header in its fewest bytes.
#[derive(Clone, Copy)]
pub(super) struct Encoded {
    /// With room to write eight bytes wherever a value ends.
    bytes: [u8; MAX + 7],
    len: usize,
}

impl Encoded {
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Header {
    /// The minimal encoding.
    pub fn encode(self) -> Encoded {
        let mut encoded = Encoded { bytes: [0; MAX + 7], len: 1 };
        let kid = encoded.append(self.kid);
        let counter = encoded.append(self.counter);
        encoded.bytes[0] = kid << 4 | counter;
        encoded
    }

    /// The header at the start of `frame`, and its length. Values in more bytes than they need are accepted: only the sender is told to
    /// use the fewest, and the header is authenticated as it was received.
    pub fn parse(frame: &[u8]) -> Result<(Header, usize)> {
        let (&config, rest) = frame.split_first().ok_or(Error::MalformedFrame)?;
        let (kid, rest) = value(config >> 4, rest)?;
        let (counter, rest) = value(config & 0x0f, rest)?;
        Ok((Header { kid, counter }, frame.len() - rest.len()))
    }
}

impl Encoded {
    /// Appends `value` unless it fits the config byte; its four bits there.
    fn append(&mut self, value: u64) -> u8 {
        if value < 8 {
            return value as u8;
        }
        let len = 8 - value.leading_zeros() as usize / 8;
        // Eight bytes at a time, which is one store; the next value or the length cuts off what is too much.
        self.bytes[self.len..self.len + 8].copy_from_slice(&(value << (64 - 8 * len)).to_be_bytes());
        self.len += len;
        0x08 | (len as u8 - 1)
    }
}

/// The value that four bits of the config byte stand for, and what follows it.
fn value(bits: u8, rest: &[u8]) -> Result<(u64, &[u8])> {
    if bits & 0x08 == 0 {
        return Ok((u64::from(bits), rest));
    }
    let (bytes, rest) = rest.split_at_checked(usize::from(bits & 0x07) + 1).ok_or(Error::MalformedFrame)?;
    Ok((bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KIDs and counters around every change of length.
    fn edges() -> impl Iterator<Item = u64> {
        let step = if cfg!(miri) { 21 } else { 1 };
        (0..64).step_by(step).flat_map(|bit| [(1u64 << bit) - 1, 1 << bit, (1 << bit) + 1]).chain([u64::MAX])
    }

    #[test]
    fn headers_come_back_and_are_minimal() {
        let bytes_of = |value: u64| (1..=8).find(|&n| n == 8 || value < 1 << (8 * n)).unwrap();
        for kid in edges() {
            for counter in edges() {
                let header = Header { kid, counter };
                let encoded = header.encode();
                assert_eq!(Header::parse(encoded.as_bytes()), Ok((header, encoded.as_bytes().len())));
                let expected = 1 + [kid, counter].iter().filter(|v| **v >= 8).map(|v| bytes_of(*v)).sum::<usize>();
                assert_eq!(encoded.as_bytes().len(), expected);
            }
        }
    }

    #[test]
    fn every_config_byte_and_every_cut() {
        for config in (0..=255u8).step_by(if cfg!(miri) { 51 } else { 1 }) {
            let field = |bits: u8| if bits & 8 == 0 { 0 } else { usize::from(bits & 7) + 1 };
            let len = 1 + field(config >> 4) + field(config & 15);
            let mut frame = [0u8; MAX];
            frame[0] = config;
            for cut in 0..=MAX {
                let parsed = Header::parse(&frame[..cut]);
                assert_eq!(parsed.map(|(_, n)| n), if cut >= len { Ok(len) } else { Err(Error::MalformedFrame) });
            }
        }
    }

    /// Every config byte, with values of every length: each byte counts where it stands.
    #[test]
    fn every_header_is_read_by_the_book() {
        for config in (0..=255u8).step_by(if cfg!(miri) { 51 } else { 1 }) {
            for fill in [0x01, 0x80, 0xff] {
                for place in 0..=MAX {
                    let mut frame = [0; MAX + 1];
                    (frame[0], frame[1 + place.min(MAX - 1)]) = (config, fill);
                    let mut at = 1;
                    let [kid, counter] = [config >> 4, config & 15].map(|bits| {
                        if bits < 8 {
                            return u64::from(bits);
                        }
                        let field = &frame[at..at + usize::from(bits) - 7];
                        at += field.len();
                        let mut value = [0; 8];
                        value[8 - field.len()..].copy_from_slice(field);
                        u64::from_be_bytes(value)
                    });
                    let header = Header { kid, counter };
                    assert_eq!(Header::parse(&frame), Ok((header, at)));
                    assert_eq!(Header::parse(header.encode().as_bytes()).unwrap().0, header);
                }
            }
        }
    }

    #[test]
    fn long_encodings_are_accepted() {
        assert_eq!(Header::parse(&[0x88, 5, 6]), Ok((Header { kid: 5, counter: 6 }, 3)));
        let mut longest = [0u8; MAX];
        (longest[0], longest[8], longest[16]) = (0xff, 1, 2);
        assert_eq!(Header::parse(&longest), Ok((Header { kid: 1, counter: 2 }, MAX)));
    }
}
