//! Fields of messages. Integers are big-endian.

use crate::{Error, Result};

/// Takes fields off the front of a message. Whatever is not there is [`Error::MalformedMessage`].
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub fn new(message: &'a [u8]) -> Self {
        Reader(message)
    }

    pub fn bytes(&mut self, len: usize) -> Result<&'a [u8]> {
        let (field, rest) = self.0.split_at_checked(len).ok_or(Error::MalformedMessage)?;
        self.0 = rest;
        Ok(field)
    }

    pub fn array<const N: usize>(&mut self) -> Result<&'a [u8; N]> {
        let (field, rest) = self.0.split_first_chunk().ok_or(Error::MalformedMessage)?;
        self.0 = rest;
        Ok(field)
    }

    pub fn u8(&mut self) -> Result<u8> {
        self.array().map(|&[byte]| byte)
    }

    pub fn u16(&mut self) -> Result<u16> {
        self.array().map(|bytes| u16::from_be_bytes(*bytes))
    }

    pub fn u32(&mut self) -> Result<u32> {
        self.array().map(|bytes| u32::from_be_bytes(*bytes))
    }

    pub fn u64(&mut self) -> Result<u64> {
        self.array().map(|bytes| u64::from_be_bytes(*bytes))
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.0.len()
    }

    /// What is left.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    /// Nothing may be left.
    pub fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::MalformedMessage) }
    }
}

/// Puts a message together, in room that is allocated once.
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    /// Room for `len` bytes, or [`Error::OutOfMemory`].
    pub fn new(len: usize) -> Result<Self> {
        let mut message = Vec::new();
        message.try_reserve_exact(len).map_err(|_| Error::OutOfMemory)?;
        Ok(Writer(message))
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.bytes(&[value])
    }

    pub fn u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// `len` zero bytes, to be filled where they are.
    pub fn room(&mut self, len: usize) -> &mut [u8] {
        let start = self.0.len();
        self.0.resize(start + len, 0);
        &mut self.0[start..]
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    pub fn done(self) -> Vec<u8> {
        self.0
    }
}

/// A copy, or [`Error::OutOfMemory`].
pub(crate) fn try_copy(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = Writer::new(bytes.len())?;
    writer.bytes(bytes);
    Ok(writer.done())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_and_every_cut_is_malformed() {
        let mut writer = Writer::new(16).unwrap();
        writer.u8(1).u16(0x203).u32(0x4050607).bytes(b"abc").room(2).fill(9);
        let message = writer.done();
        let parse = |bytes: &[u8]| {
            let mut reader = Reader::new(bytes);
            let fields = (reader.u8()?, reader.u16()?, reader.u32()?, reader.bytes(3)?.to_vec(), *reader.array::<2>()?);
            reader.end().map(|()| fields)
        };
        assert_eq!(parse(&message), Ok((1, 0x203, 0x4050607, b"abc".to_vec(), [9, 9])));
        (0..message.len()).for_each(|cut| assert_eq!(parse(&message[..cut]), Err(Error::MalformedMessage)));
        assert_eq!(parse(&[&message[..], &[0]].concat()), Err(Error::MalformedMessage));
    }
}
