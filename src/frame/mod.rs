#![doc = include_str!("../../docs/frame-format.md")]
//!
//! # In this module
//!
//! [`seal`], [`open`] and [`open_in_place`] work straight from the caller's input to the caller's output, in time linear in its length. They
//! do not allocate, but for metadata of more than 200 bytes and for opening frames of more than 64 sealed units.
//!
//! ```
//! use pqrtc::frame::{self, Codec};
//! use pqrtc::sframe::{CipherSuite, Receiver, Sender};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let mut key = [0; 32];
//! pqrtc::random(&mut key)?;
//! let sender = Sender::from_key(&key, 1, CipherSuite::Aes256GcmSha512_128)?;
//! let receiver = Receiver::new(CipherSuite::Aes256GcmSha512_128);
//! receiver.add_key(1, &key)?;
//!
//! let access_unit = [0, 0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]; // one slice, Annex B
//! let mut sealed = vec![0; frame::seal_max_size(Codec::H264, access_unit.len())?];
//! let n = frame::seal(&sender, Codec::H264, b"camera", &access_unit, &mut sealed)?;
//! let mut out = vec![0; n];
//! let opened = frame::open(&receiver, Codec::H264, b"camera", &sealed[..n], &mut out)?;
//! assert_eq!(out[..opened.len], access_unit);
//! # Ok(())
//! # }
//! ```

mod bind;
mod emulation;
mod nal;
mod obu;
mod sets;
mod units;

use crate::sframe::{Block, MAX_FRAME_BYTES, MAX_OVERHEAD, Opened, Receiver, Sender, Source, Units, peek};
use crate::{Error, Result};
use bind::Binding;
use nal::{Family, Framing};
use units::{Buffers, Lens, Syntax};

/// The longest metadata of a frame, in bytes.
pub const MAX_METADATA_BYTES: usize = 60_000;

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
    /// VP9: 10 or 11 bytes of a key frame stay clear, 1 or 2 of any other.
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
            Codec::Opaque | Codec::Opus => Layout::Whole,
            Codec::Vp8 => Layout::Prefix(self, vp8_prefix),
            Codec::Vp9 => Layout::Prefix(self, vp9_prefix),
            Codec::H264 => Layout::Units(Syntax::Nal(Family::H264, Framing::AnnexB)),
            Codec::H264Avcc => Layout::Units(Syntax::Nal(Family::H264, Framing::Length)),
            Codec::H265 => Layout::Units(Syntax::Nal(Family::H265, Framing::AnnexB)),
            Codec::H265Hvcc => Layout::Units(Syntax::Nal(Family::H265, Framing::Length)),
            Codec::Av1 => Layout::Units(Syntax::Obu),
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
/// size is scratch. `metadata` (at most 60,000 bytes) is authenticated and not sent: what both sides know of the frame, such as the name of
/// its track.
///
/// [`Error::InvalidLength`], [`Error::BufferTooSmall`], [`Error::InvalidArgument`] for what is no frame of this codec,
/// [`Error::NothingToSeal`] for parameter sets or delimiters alone and for an empty frame of any codec but opaque and Opus: these use up no
/// counter. [`Error::CounterExhausted`] as [`Sender::seal`]; `out` is then zeroed.
///
/// A VP9 frame whose ciphertext ends like a superframe index, which parsers would act on, is sealed again under the next counter: a key
/// frame takes 8/7 counters on average, another 1.0005.
pub fn seal(sender: &Sender, codec: Codec, metadata: &[u8], frame: &[u8], out: &mut [u8]) -> Result<usize> {
    check_metadata(metadata)?;
    let out = out.get_mut(..seal_max_size(codec, frame.len())?).ok_or(Error::BufferTooSmall)?;
    let layout = codec.layout();
    let plan = layout.check(frame)?;
    loop {
        let sealed = sender
            .with_block(plan.units, |block| layout.seal(&plan, metadata, frame, out, &mut Sealing { block, next: 0 }))
            .inspect_err(|_| out.fill(0))?;
        if codec != Codec::Vp9 || !vp9_index_seen(&out[..sealed]) {
            return Ok(sealed);
        }
    }
}

/// Opens a sealed frame into `out`, which has room for [`open_max_size`] bytes, and tells the KID and counter of the last sealed unit.
///
/// [`Error::InvalidLength`], [`Error::BufferTooSmall`], then as [`Receiver::open`] for the first unit that is refused;
/// [`Error::MalformedFrame`] also for what is no sealed frame of this codec, and for units of which some are missing, repeated, moved or of
/// another frame, where counters show it. On failure `out` is zeroed or untouched, and nothing but the statistics changes.
pub fn open(receiver: &Receiver, codec: Codec, metadata: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<Opened> {
    open_hinted(receiver, codec, metadata, Source::Apart(sealed), out).map_err(|refused| refused.error)
}

/// As [`open`], for a frame that is opened where it is: it ends up at the start of `sealed`. On failure that is destroyed or untouched.
pub fn open_in_place(receiver: &Receiver, codec: Codec, metadata: &[u8], sealed: &mut [u8]) -> Result<Opened> {
    open_hinted(receiver, codec, metadata, Source::InPlace(sealed.len()), sealed).map_err(|refused| refused.error)
}

/// Why a frame was not opened, and the KID and counter of the unit that was refused, if they could be read. They are not authenticated.
pub(crate) struct Refused {
    pub error: Error,
    #[cfg_attr(not(feature = "capi"), allow(dead_code))]
    pub origin: Option<(u64, u64)>,
}

/// As [`open`] and [`open_in_place`].
pub(crate) fn open_hinted(
    receiver: &Receiver,
    codec: Codec,
    metadata: &[u8],
    sealed: Source,
    out: &mut [u8],
) -> core::result::Result<Opened, Refused> {
    let mut origin = None;
    open_seen(receiver, codec, metadata, sealed, out, &mut origin).map_err(|error| Refused { error, origin })
}

fn open_seen(
    receiver: &Receiver,
    codec: Codec,
    metadata: &[u8],
    sealed: Source,
    out: &mut [u8],
    origin: &mut Option<(u64, u64)>,
) -> Result<Opened> {
    check_metadata(metadata)?;
    let out = out.get_mut(..open_max_size(codec, sealed.len())?).ok_or(Error::BufferTooSmall)?;
    let layout = codec.layout();
    let buffers = match sealed {
        Source::Apart(sealed) => Buffers::apart(sealed, out),
        Source::InPlace(_) => Buffers::in_place(out),
    };
    let result = match layout {
        Layout::Prefix(_, prefix) if prefix(buffers.sealed()).is_err() => {
            receiver.open_units(|_| Err(Error::MalformedFrame)) // which counts it
        }
        Layout::Whole | Layout::Prefix(..) => layout.open(metadata, buffers, &mut One { receiver, origin }),
        Layout::Units(_) => receiver.open_units(|units| layout.open(metadata, buffers, &mut Many { units, origin })),
    };
    let opened = result.and_then(|len| {
        let (kid, counter) = origin.ok_or(Error::Internal)?;
        Ok(Opened { len, kid, counter })
    });
    opened.inspect_err(|_| out.fill(0))
}

/// What a sealed frame looks like. Nothing of it is authenticated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// The KID of all sealed units.
    pub kid: u64,
    /// The counter of the first sealed unit.
    pub first_counter: u64,
    /// The counter of the last one.
    pub last_counter: u64,
    /// Sealed units. Each has taken a counter.
    pub sealed_units: u64,
    /// Clear parameter sets.
    pub parameter_sets: u64,
    /// Delimiters and padding.
    pub delimiters: u64,
    /// Bytes of the frame that can be read: headers, first bytes of what is sealed, parameter sets and delimiters, without start codes and
    /// sizes.
    pub clear_bytes: u64,
}

/// Says what a sealed frame looks like, without a key. [`Error::MalformedFrame`] for what cannot be one.
pub fn inspect(codec: Codec, sealed: &[u8]) -> Result<Info> {
    open_max_size(codec, sealed.len())?;
    let prefix = match codec.layout() {
        Layout::Units(syntax) => return units::inspect(syntax, sealed),
        Layout::Whole => 0,
        Layout::Prefix(_, prefix) => prefix(sealed)?,
    };
    let (kid, counter) = peek(&sealed[prefix..])?;
    Ok(Info {
        kid,
        first_counter: counter,
        last_counter: counter,
        sealed_units: 1,
        clear_bytes: prefix as u64,
        ..Info::default()
    })
}

fn check_metadata(metadata: &[u8]) -> Result<()> {
    if metadata.len() <= MAX_METADATA_BYTES { Ok(()) } else { Err(Error::InvalidLength) }
}

#[derive(Clone, Copy)]
enum Layout {
    Whole,
    /// With a clear prefix, whose length this tells; [`Error::MalformedFrame`] for what is no frame.
    Prefix(Codec, fn(&[u8]) -> Result<usize>),
    Units(Syntax),
}

/// What sealing a frame takes.
struct Plan {
    units: u64,
    /// Whether there are parameter sets.
    sets: bool,
    lens: Lens,
}

impl Layout {
    fn sealed_max(self, frame_len: usize) -> usize {
        match self {
            Layout::Whole | Layout::Prefix(..) => frame_len + MAX_OVERHEAD,
            Layout::Units(syntax) => syntax.sealed_max(frame_len),
        }
    }

    /// Refuses what is no frame of this layout, before anything is done.
    fn check(self, frame: &[u8]) -> Result<Plan> {
        let mut plan = Plan { units: 1, sets: false, lens: Lens::default() };
        match self {
            Layout::Whole => {}
            _ if frame.is_empty() => return Err(Error::NothingToSeal),
            Layout::Prefix(_, prefix) => prefix(frame).map(|_| ()).map_err(|_| Error::InvalidArgument)?,
            Layout::Units(syntax) => {
                let (units, sets) = syntax.check(frame, &mut plan.lens)?;
                (plan.units, plan.sets) = (units as u64, sets);
            }
        }
        Ok(plan)
    }

    fn seal(self, plan: &Plan, metadata: &[u8], frame: &[u8], out: &mut [u8], sender: &mut impl Seal) -> Result<usize> {
        match self {
            Layout::Whole => sender.seal(&[metadata], Source::Apart(frame), out),
            Layout::Prefix(codec, prefix) => {
                let (shown, rest) = frame.split_at(prefix(frame)?);
                let (clear, out) = out.split_at_mut(shown.len());
                clear.copy_from_slice(shown);
                let binding = Binding::prefix(codec as u8, shown);
                let len = sender.seal(&[binding.as_bytes(), metadata], Source::Apart(rest), out)?;
                Ok(shown.len() + len)
            }
            Layout::Units(syntax) => units::seal(syntax, frame, plan, metadata, out, sender),
        }
    }

    fn open(self, metadata: &[u8], mut buffers: Buffers, receiver: &mut impl Open) -> Result<usize> {
        match self {
            Layout::Whole => buffers.open(0..buffers.sealed().len(), 0, receiver, &[metadata]),
            Layout::Prefix(codec, prefix) => {
                let sealed = buffers.sealed();
                let (shown, end) = (prefix(sealed)?, sealed.len());
                let binding = Binding::prefix(codec as u8, &sealed[..shown]);
                buffers.copy(0..shown, 0);
                let len = buffers.open(shown..end, shown, receiver, &[binding.as_bytes(), metadata])?;
                Ok(shown + len)
            }
            Layout::Units(syntax) => units::open(syntax, metadata, buffers, receiver),
        }
    }
}

/// The length of what stays clear of a VP8 frame (RFC 6386 section 9.1).
fn vp8_prefix(frame: &[u8]) -> Result<usize> {
    let first = frame.first().ok_or(Error::MalformedFrame)?;
    let len = if first & 1 == 0 { 10 } else { 3 };
    if len <= frame.len() { Ok(len) } else { Err(Error::MalformedFrame) }
}

/// The length of what stays clear of a VP9 frame (VP9 specification section 6.2): of a key frame its size too.
fn vp9_prefix(frame: &[u8]) -> Result<usize> {
    let first = frame.first().ok_or(Error::MalformedFrame)?;
    let profile = first >> 5 & 1 | first >> 3 & 2;
    // show_existing_frame and frame_type, behind a reserved bit in profile 3.
    let shift = if profile == 3 { 1 } else { 2 };
    let key_frame = first >> shift & 3 == 0;
    let len = match (key_frame, profile) {
        (true, 0) => 10,
        (true, _) => 11,
        (false, 3) => 2,
        (false, _) => 1,
    };
    // frame_marker
    if first >> 6 == 2 && len <= frame.len() { Ok(len) } else { Err(Error::MalformedFrame) }
}

/// Whether a VP9 parser sees a superframe index (VP9 specification, Annex B) at the end of a sealed frame, where a random tag is. Of a key
/// frame the last byte alone counts: GStreamer's `vp9parse` refuses an index that does not begin with the same byte, and a stream whose
/// first frame it refuses stops.
fn vp9_index_seen(sealed: &[u8]) -> bool {
    let Some((&marker, rest)) = sealed.split_last() else { return false };
    if marker & 0xe0 != 0xc0 {
        return false;
    }
    // The index is the marker, a size of 1 to 4 bytes for each of 1 to 8 frames, and the marker again.
    let sizes = usize::from((marker >> 3 & 3) + 1) * usize::from((marker & 7) + 1);
    let begins = rest.len().checked_sub(sizes + 1).is_some_and(|at| rest[at] == marker);
    begins || vp9_prefix(sealed).is_ok_and(|prefix| prefix >= 10)
}

/// What the codecs need of a sender, for one frame.
trait Seal {
    /// The counter of the next ciphertext.
    fn counter(&self) -> u64;
    /// Seals to the start of `out`, which has [`MAX_OVERHEAD`] bytes more than the plaintext.
    fn seal(&mut self, metadata: &[&[u8]], plaintext: Source, out: &mut [u8]) -> Result<usize>;
}

/// What the codecs need of a receiver, for one frame.
trait Open {
    /// Opens to the start of `out`, which is as long as `sealed`.
    fn open(&mut self, metadata: &[&[u8]], sealed: Source, out: &mut [u8]) -> Result<usize>;
}

/// The counters of one frame.
struct Sealing<'a, 'b> {
    block: &'a Block<'b>,
    next: u64,
}

impl Seal for Sealing<'_, '_> {
    fn counter(&self) -> u64 {
        self.block.first() + self.next
    }

    fn seal(&mut self, metadata: &[&[u8]], plaintext: Source, out: &mut [u8]) -> Result<usize> {
        self.next += 1;
        self.block.seal(self.next - 1, metadata, plaintext, out)
    }
}

/// A frame of one ciphertext, and its KID and counter.
struct One<'a> {
    receiver: &'a Receiver,
    origin: &'a mut Option<(u64, u64)>,
}

impl Open for One<'_> {
    fn open(&mut self, metadata: &[&[u8]], sealed: Source, out: &mut [u8]) -> Result<usize> {
        Ok(self.receiver.open_parts(metadata, sealed, out, self.origin)?.len)
    }
}

/// The units of one frame, and KID and counter of the last one that was looked at.
struct Many<'a, 'r> {
    units: &'a mut Units<'r>,
    origin: &'a mut Option<(u64, u64)>,
}

impl Open for Many<'_, '_> {
    fn open(&mut self, metadata: &[&[u8]], sealed: Source, out: &mut [u8]) -> Result<usize> {
        let apart = match sealed {
            Source::Apart(sealed) => Some(sealed),
            // Gone when it is refused.
            Source::InPlace(len) => {
                *self.origin = peek(&out[..len]).ok();
                None
            }
        };
        match self.units.open_unit(metadata, sealed, out) {
            Ok(opened) => {
                *self.origin = Some((opened.kid, opened.counter));
                Ok(opened.len)
            }
            Err(error) => {
                *self.origin = apart.map_or(*self.origin, |sealed| peek(sealed).ok());
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests;
