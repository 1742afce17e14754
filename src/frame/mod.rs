#![doc = include_str!("../../docs/frame-format.md")]
//!
//! # In this module
//!
//! [`seal`] and [`open`] work straight from the caller's input to the caller's output, in time linear in its length. Neither allocates, but
//! for frames of more than 64 sealed units that are opened.

mod emulation;
mod nal;
mod obu;

use crate::sframe::{MAX_FRAME_BYTES, MAX_OVERHEAD, Opened, Receiver, Sender, Units};
use crate::{Error, Result};
use nal::{Family, Framing};

/// The last byte of a sealed unit, but for its low bits.
const TRAILER: u8 = 0x80;

/// How frames are laid out. The discriminants are the codec numbers of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum Codec {
    /// Anything: sealed whole.
    Opaque = 1,
    /// Opus: sealed whole.
    Opus = 2,
    /// VP8: 10 bytes of a key frame stay clear, 3 of a delta frame.
    Vp8 = 3,
    /// VP9: sealed whole.
    Vp9 = 4,
    /// H.264 with start codes (Annex B).
    H264 = 5,
    /// H.264 with four-byte lengths.
    H264Avcc = 6,
    /// H.265 with start codes (Annex B).
    H265 = 7,
    /// H.265 with four-byte lengths.
    H265Hvcc = 8,
    /// AV1, low-overhead bitstream format.
    Av1 = 9,
}

impl Codec {
    /// Every codec.
    pub const ALL: [Codec; 9] = [
        Codec::Opaque,
        Codec::Opus,
        Codec::Vp8,
        Codec::Vp9,
        Codec::H264,
        Codec::H264Avcc,
        Codec::H265,
        Codec::H265Hvcc,
        Codec::Av1,
    ];

    fn layout(self) -> Layout {
        match self {
            Codec::Opaque | Codec::Opus | Codec::Vp9 => Layout::Whole,
            Codec::Vp8 => Layout::Vp8,
            Codec::H264 => Layout::Nal(Family::H264, Framing::AnnexB),
            Codec::H264Avcc => Layout::Nal(Family::H264, Framing::Length),
            Codec::H265 => Layout::Nal(Family::H265, Framing::AnnexB),
            Codec::H265Hvcc => Layout::Nal(Family::H265, Framing::Length),
            Codec::Av1 => Layout::Obu,
        }
    }
}

impl TryFrom<u32> for Codec {
    type Error = Error;

    /// [`Error::InvalidArgument`] for a number that is none of them.
    fn try_from(number: u32) -> Result<Self> {
        Self::ALL.into_iter().find(|codec| *codec as u32 == number).ok_or(Error::InvalidArgument)
    }
}

/// The capacity that [`seal`] needs for a frame of this length; [`Error::InvalidLength`] beyond 64 MiB.
pub fn seal_max_size(codec: Codec, frame_len: usize) -> Result<usize> {
    if frame_len <= MAX_FRAME_BYTES { Ok(codec.layout().sealed_max(frame_len)) } else { Err(Error::InvalidLength) }
}

/// The capacity that [`open`] needs for a sealed frame of this length: as much. [`Error::InvalidLength`] beyond what 64 MiB can seal to.
pub fn open_max_size(codec: Codec, sealed_len: usize) -> Result<usize> {
    if sealed_len <= codec.layout().sealed_max(MAX_FRAME_BYTES) { Ok(sealed_len) } else { Err(Error::InvalidLength) }
}

/// Seals a frame into `out`, which has room for [`seal_max_size`] bytes, and returns how many were written; what follows them up to that
/// size is scratch.
///
/// [`Error::InvalidLength`], [`Error::BufferTooSmall`], [`Error::InvalidArgument`] for what is no frame of this codec: these use up no
/// counter. [`Error::CounterExhausted`] as [`Sender::seal`]; `out` is then zeroed.
pub fn seal(sender: &Sender, codec: Codec, frame: &[u8], out: &mut [u8]) -> Result<usize> {
    let out = out.get_mut(..seal_max_size(codec, frame.len())?).ok_or(Error::BufferTooSmall)?;
    let layout = codec.layout();
    layout.check(frame).map_err(|_| Error::InvalidArgument)?;
    layout.seal(frame, out, &mut &*sender).inspect_err(|_| out.fill(0))
}

/// Opens a sealed frame into `out`, which has room for [`open_max_size`] bytes, and tells the KID and counter of the last sealed unit.
///
/// [`Error::InvalidLength`], [`Error::BufferTooSmall`], then as [`Receiver::open`] for the first unit that is refused;
/// [`Error::MalformedFrame`] also for what is no sealed frame of this codec or mixes senders, [`Error::ReplayedFrame`] also for units that
/// are not in the order in which they were sealed. On failure `out` is zeroed or untouched, and nothing but the statistics changes.
pub fn open(receiver: &Receiver, codec: Codec, sealed: &[u8], out: &mut [u8]) -> Result<Opened> {
    let out = out.get_mut(..open_max_size(codec, sealed.len())?).ok_or(Error::BufferTooSmall)?;
    let result = receiver.open_units(|units| {
        let mut units = Opening { units, last: None };
        let len = codec.layout().open(sealed, out, &mut units)?;
        // A frame in which nothing is authenticated is none.
        let last = units.last.ok_or(Error::MalformedFrame)?;
        Ok(Opened { len, ..last })
    });
    result.inspect_err(|_| out.fill(0))
}

#[derive(Clone, Copy)]
enum Layout {
    Whole,
    Vp8,
    Nal(Family, Framing),
    Obu,
}

impl Layout {
    /// How many units a frame of this length may have sealed.
    fn max_units(frame_len: usize) -> usize {
        frame_len.div_ceil(2).min(256 + frame_len / 256)
    }

    fn sealed_max(self, frame_len: usize) -> usize {
        match self {
            Layout::Whole | Layout::Vp8 => frame_len + MAX_OVERHEAD,
            Layout::Nal(..) => frame_len + frame_len / 2 + nal::UNIT_OVERHEAD * Self::max_units(frame_len),
            Layout::Obu => frame_len + obu::UNIT_OVERHEAD * Self::max_units(frame_len),
        }
    }

    /// Refuses what is no frame of this layout, before anything is done.
    fn check(self, frame: &[u8]) -> Result<()> {
        let units = match self {
            Layout::Whole => return Ok(()),
            Layout::Vp8 => return vp8_prefix(frame).map(|_| ()),
            Layout::Nal(family, framing) => nal::count(family, framing, frame)?,
            Layout::Obu => obu::count(frame)?,
        };
        if (1..=Self::max_units(frame.len())).contains(&units) { Ok(()) } else { Err(Error::MalformedFrame) }
    }

    fn seal(self, frame: &[u8], out: &mut [u8], sender: &mut impl Seal) -> Result<usize> {
        match self {
            Layout::Whole => sender.seal(&[], frame, out),
            Layout::Vp8 => {
                let (prefix, rest) = vp8_prefix(frame)?;
                let (shown, out) = out.split_at_mut(prefix.len());
                shown.copy_from_slice(prefix);
                sender.seal(prefix, rest, out).map(|len| prefix.len() + len)
            }
            Layout::Nal(family, framing) => nal::seal(family, framing, frame, out, sender),
            Layout::Obu => obu::seal(frame, out, sender),
        }
    }

    fn open(self, sealed: &[u8], out: &mut [u8], receiver: &mut impl Open) -> Result<usize> {
        match self {
            Layout::Whole => receiver.open(&[], sealed, out),
            Layout::Vp8 => {
                let (prefix, rest) = vp8_prefix(sealed)?;
                let (shown, out) = out.split_at_mut(prefix.len());
                shown.copy_from_slice(prefix);
                receiver.open(prefix, rest, out).map(|len| prefix.len() + len)
            }
            Layout::Nal(family, framing) => nal::open(family, framing, sealed, out, receiver),
            Layout::Obu => obu::open(sealed, out, receiver),
        }
    }
}

/// Splits off what stays clear of a VP8 frame (RFC 6386 section 9.1).
fn vp8_prefix(frame: &[u8]) -> Result<(&[u8], &[u8])> {
    let first = frame.first().ok_or(Error::MalformedFrame)?;
    frame.split_at_checked(if first & 1 == 0 { 10 } else { 3 }).ok_or(Error::MalformedFrame)
}

/// What the codecs need of a sender.
trait Seal {
    /// `out` has [`MAX_OVERHEAD`] bytes more than `plaintext`.
    fn seal(&mut self, metadata: &[u8], plaintext: &[u8], out: &mut [u8]) -> Result<usize>;
}

/// What the codecs need of a receiver.
trait Open {
    /// `out` has room for the plaintext.
    fn open(&mut self, metadata: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<usize>;
    /// The plaintext takes the first bytes of `data`.
    fn open_in_place(&mut self, metadata: &[u8], data: &mut [u8]) -> Result<usize>;
}

impl Seal for &Sender {
    fn seal(&mut self, metadata: &[u8], plaintext: &[u8], out: &mut [u8]) -> Result<usize> {
        Sender::seal(self, metadata, plaintext, out)
    }
}

/// The units of one frame, and the last one opened.
struct Opening<'a, 'r> {
    units: &'a mut Units<'r>,
    last: Option<Opened>,
}

impl Open for Opening<'_, '_> {
    fn open(&mut self, metadata: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<usize> {
        Ok(self.last.insert(self.units.open(metadata, sealed, out)?).len)
    }

    fn open_in_place(&mut self, metadata: &[u8], data: &mut [u8]) -> Result<usize> {
        Ok(self.last.insert(self.units.open_in_place(metadata, data)?).len)
    }
}

#[cfg(test)]
mod tests;
