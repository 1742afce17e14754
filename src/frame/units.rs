//! Frames of units, NAL units and OBUs alike: what is sealed of them, how the sealed units of a frame hang together, and how they are
//! opened again.
//!
//! A group is a run of sealed units of one layer. Each unit is bound to the counter of its group's first one and to whether it is the last,
//! which the receiver knows from where the unit stands. So a unit that is missing, repeated, moved or from another frame does not open.

use super::bind::{Binding, MAX_SHOWN};
use super::emulation::{escape, escaped_max, first_hazard, unescape, unescape_start, zeros_at_end};
use super::nal::{self, Family, Framing};
use super::obu::{self, HAS_SIZE, leb128_len, write_leb128};
use super::sets::{self, MAX_EXTRA, MAX_SET_BYTES, MAX_SETS, Sets};
use super::{Codec, Info, MAX_OVERHEAD, Open, Plan, Seal};
use crate::sframe::{Source, peek};
use crate::{Error, Result};
use core::ops::Range;

/// The last byte of a sealed unit, but for its low bits.
const TRAILER: u8 = 0x80;
/// Set in the trailer of the first sealed unit if parameter sets are inside.
const SETS_INSIDE: u8 = 0x40;

/// How a frame is made of units.
#[derive(Clone, Copy)]
pub(super) enum Syntax {
    Nal(Family, Framing),
    Obu,
}

/// What becomes of a unit.
#[derive(Clone, Copy)]
pub(super) enum Class {
    /// A parameter set: clear, and sealed with the first unit.
    Set,
    /// Passes through.
    Delimiter,
    /// Sealed but for its header and this many bytes more.
    Sealed { layer: Layer, clear: usize },
}

/// Which group a sealed unit belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Number(u8),
    /// To one of its own.
    Alone,
}

/// The lengths of a unit's parts, in order.
pub(super) struct Unit {
    /// What stands before a NAL unit.
    pub lead: usize,
    pub header: usize,
    /// The size field of an OBU.
    pub field: usize,
    pub payload: usize,
    pub class: Class,
}

impl Unit {
    pub fn len(&self) -> usize {
        self.lead + self.header + self.field + self.payload
    }
}

/// The lengths of a frame's first units without their leads, so that start codes need not be looked for again.
#[derive(Default)]
pub(super) struct Lens([u32; 8]);

impl Lens {
    /// 0 is for a unit that is not known.
    fn of(&self, unit: usize) -> Option<usize> {
        self.0.get(unit).filter(|len| **len > 0).map(|len| *len as usize)
    }

    fn set(&mut self, unit: usize, len: usize) {
        if let (Some(slot), Ok(len)) = (self.0.get_mut(unit), u32::try_from(len)) {
            *slot = len;
        }
    }
}

impl Syntax {
    /// The number that stands for the codec in what units are bound to: that of its first framing.
    fn family(self) -> u8 {
        match self {
            Syntax::Nal(Family::H264, _) => Codec::H264 as u8,
            Syntax::Nal(Family::H265, _) => Codec::H265 as u8,
            Syntax::Obu => Codec::Av1 as u8,
        }
    }

    /// The unit that `rest` begins with. None at the end, where zeros may be left.
    pub fn next(self, rest: &[u8]) -> Result<Option<Unit>> {
        self.next_of(rest, None)
    }

    /// The same, given its length without the lead if that is known.
    fn next_of(self, rest: &[u8], len: Option<usize>) -> Result<Option<Unit>> {
        match self {
            Syntax::Nal(family, framing) => family.next(framing, rest, len),
            Syntax::Obu => obu::next(rest),
        }
    }

    /// The layer of the next unit that is sealed.
    fn next_layer(self, mut rest: &[u8]) -> Result<Option<Layer>> {
        if let Syntax::Nal(family, framing) = self {
            return family.next_layer(framing, rest);
        }
        while let Some(unit) = self.next(rest)? {
            if let Class::Sealed { layer, .. } = unit.class {
                return Ok(Some(layer));
            }
            rest = &rest[unit.len()..];
        }
        Ok(None)
    }

    /// Whether `bytes` are a parameter set that may have been sealed with a lead of this length.
    pub fn is_set(self, lead: usize, bytes: &[u8]) -> bool {
        match self {
            Syntax::Nal(family, _) => (3..=255).contains(&lead) && family.is_set(bytes),
            Syntax::Obu => lead == 0 && obu::is_set(bytes),
        }
    }

    /// Whether something may follow a unit: the last OBU of a frame can do without a size.
    pub fn may_precede(self, unit: &[u8]) -> bool {
        match self {
            Syntax::Nal(..) => true,
            Syntax::Obu => unit.first().is_some_and(|header| header & HAS_SIZE != 0),
        }
    }

    /// The length of what stands before a unit, given the one that it was sealed with.
    pub fn lead_len(self, sealed: usize) -> usize {
        match self {
            Syntax::Nal(_, framing) => framing.lead_len(sealed),
            Syntax::Obu => 0,
        }
    }

    /// Writes what stands before a unit of `len` bytes.
    pub fn write_lead(self, lead: &mut [u8], len: usize) -> Result<()> {
        match self {
            Syntax::Nal(_, framing) => framing.write_lead(lead, len),
            Syntax::Obu => Ok(()),
        }
    }

    /// How many units of a frame of this length may be sealed.
    pub fn max_units(frame_len: usize) -> usize {
        2048 + frame_len / 64
    }

    /// The longest that a frame of this length can be when it is sealed.
    pub fn sealed_max(self, frame_len: usize) -> usize {
        let sets = frame_len.min(MAX_SET_BYTES);
        match self {
            // The shortest unit has four bytes. Emulation prevention can add half of what is sealed: the plaintext, the parameter sets,
            // and the overhead of each unit.
            Syntax::Nal(..) => {
                let units = Self::max_units(frame_len).min(frame_len / 4);
                let unit = escaped_max(MAX_OVERHEAD) + 1;
                frame_len + frame_len / 2 + sets + escaped_max(MAX_EXTRA) + unit * units
            }
            // The shortest OBU has one byte, all but the last have two; a size field grows by a byte at most.
            Syntax::Obu => {
                let units = Self::max_units(frame_len).min(frame_len.div_ceil(2));
                frame_len + sets + MAX_EXTRA + (MAX_OVERHEAD + 2) * units
            }
        }
    }

    /// How many units a frame seals, and whether it has parameter sets. [`Error::InvalidArgument`] for what is no frame, or would not come
    /// back as it is; [`Error::NothingToSeal`] for one of parameter sets or delimiters alone.
    pub fn check(self, frame: &[u8], lens: &mut Lens) -> Result<(usize, bool)> {
        let (mut rest, mut units, mut count, mut bytes, mut all) = (frame, 0, 0, 0, 0);
        let (mut after_set, mut order) = (false, true);
        while let Some(unit) = self.next(rest).map_err(|_| Error::InvalidArgument)? {
            match unit.class {
                Class::Sealed { .. } => {
                    units += 1;
                    after_set = false;
                }
                // A parameter set is put back right before a sealed unit or at the end, after the delimiters there.
                Class::Delimiter => order &= !after_set,
                Class::Set => {
                    after_set = true;
                    order &= unit.lead <= usize::from(u8::MAX) && units <= usize::from(u16::MAX);
                    count += 1;
                    bytes += unit.len() - unit.lead;
                }
            }
            lens.set(all, unit.len() - unit.lead);
            all += 1;
            rest = &rest[unit.len()..];
        }
        if units == 0 {
            return Err(Error::NothingToSeal);
        }
        let few = units <= Self::max_units(frame.len()) && count <= MAX_SETS && bytes <= MAX_SET_BYTES;
        if few && order { Ok((units, count > 0)) } else { Err(Error::InvalidArgument) }
    }

    /// What a sealed unit shows: its header, of an OBU without the bit that transports change, and the first bytes of its payload.
    fn shown(self, head: &[u8], clear: &[u8], buffer: &mut [u8; MAX_SHOWN]) -> usize {
        buffer[..head.len()].copy_from_slice(head);
        if let Syntax::Obu = self {
            buffer[0] &= !HAS_SIZE;
        }
        buffer[head.len()..head.len() + clear.len()].copy_from_slice(clear);
        head.len() + clear.len()
    }

    /// Whether a unit with a size field of this length has none, so that it ends where the frame does.
    fn is_open_ended(self, field: usize) -> bool {
        matches!(self, Syntax::Obu) && field == 0
    }

    /// The zeros before a ciphertext that count for emulation prevention, where there is one.
    fn escape_zeros(self, shown: &[u8]) -> Option<usize> {
        matches!(self, Syntax::Nal(..)).then(|| zeros_at_end(shown))
    }
}

/// Seals a frame that [`Syntax::check`] has passed, with as many counters of the sender. `out` has room for the bound.
pub(super) fn seal(
    syntax: Syntax,
    frame: &[u8],
    plan: &Plan,
    metadata: &[u8],
    out: &mut [u8],
    sender: &mut impl Seal,
) -> Result<usize> {
    let (mut rest, mut len, mut all) = (frame, 0, 0);
    let (mut group, mut sets_inside) = (None, plan.sets);
    while let Some(unit) = syntax.next_of(rest, plan.lens.of(all))? {
        let (whole, after) = rest.split_at(unit.len());
        rest = after;
        all += 1;
        let Class::Sealed { layer, clear } = unit.class else {
            out[len..len + whole.len()].copy_from_slice(whole);
            len += whole.len();
            continue;
        };
        let first = match group {
            Some((of, first)) if joins(of, layer) => first,
            _ => sender.counter(),
        };
        group = Some((layer, first));
        let last = !syntax.next_layer(rest)?.is_some_and(|next| joins(layer, next));

        let (lead, data) = whole.split_at(unit.lead);
        let (head, data) = data.split_at(unit.header);
        let (clear, plaintext) = data[unit.field..].split_at(clear);
        let mut shown = [0; MAX_SHOWN];
        let shown_len = syntax.shown(head, clear, &mut shown);
        let shown = &shown[..shown_len];
        let trailer = TRAILER
            | if sets_inside { SETS_INSIDE } else { 0 }
            | match syntax {
                Syntax::Nal(..) => clear.len(),
                Syntax::Obu => unit.field,
            } as u8;
        let binding = Binding::unit(syntax.family(), first, last, trailer, shown);
        let metadata = [binding.as_bytes(), metadata];

        // The SFrame header's length is not known before, so a size field may turn out shorter than the room for it.
        let with_sets = core::mem::take(&mut sets_inside);
        let blob_max = if with_sets { frame.len().min(MAX_SET_BYTES) + MAX_EXTRA } else { 0 };
        let max = plaintext.len() + blob_max + MAX_OVERHEAD;
        let field_max = if unit.field == 0 { 0 } else { leb128_len(clear.len() + max + 1) };
        let field_at = len + unit.lead + unit.header;
        let at = field_at + field_max + clear.len();
        let room = &mut out[at..at + max];
        let source = if with_sets {
            room[..plaintext.len()].copy_from_slice(plaintext);
            Source::InPlace(plaintext.len() + sets::write(syntax, frame, &mut room[plaintext.len()..])?)
        } else {
            Source::Apart(plaintext)
        };
        let mut n = sender.seal(&metadata, source, room)?;
        if let Some(zeros) = syntax.escape_zeros(shown) {
            n = escape(&mut out[at..], n, zeros);
        }
        let size = clear.len() + n + 1;
        let field = if unit.field == 0 { 0 } else { leb128_len(size) };
        out[at + n] = trailer;
        if field < field_max {
            out.copy_within(at..=at + n, field_at + field + clear.len());
        }

        // What stands before it.
        syntax.write_lead(&mut out[len..len + unit.lead], unit.header + size)?;
        len += lead.len();
        out[len..len + head.len()].copy_from_slice(head);
        write_leb128(size, &mut out[field_at..field_at + field]);
        out[field_at + field..][..clear.len()].copy_from_slice(clear);
        len += head.len() + field + size;
    }
    out[len..len + rest.len()].copy_from_slice(rest);
    Ok(len + rest.len())
}

fn joins(one: Layer, next: Layer) -> bool {
    one == next && one != Layer::Alone
}

/// A sealed frame, and where it is opened to: another buffer that is as long, or where it is.
pub(super) struct Buffers<'a> {
    apart: Option<&'a [u8]>,
    out: &'a mut [u8],
}

impl<'a> Buffers<'a> {
    pub fn apart(sealed: &'a [u8], out: &'a mut [u8]) -> Self {
        Buffers { apart: Some(sealed), out }
    }

    pub fn in_place(sealed: &'a mut [u8]) -> Self {
        Buffers { apart: None, out: sealed }
    }

    pub fn sealed(&self) -> &[u8] {
        self.apart.unwrap_or(self.out)
    }

    /// Copies a part of the sealed frame.
    pub fn copy(&mut self, from: Range<usize>, to: usize) {
        match self.apart {
            Some(sealed) => self.out[to..to + from.len()].copy_from_slice(&sealed[from]),
            None => self.out.copy_within(from, to),
        }
    }

    /// Opens an SFrame ciphertext to `to`, which is not after it, and gives the length of the plaintext. What follows that up to the
    /// ciphertext's length is scratch.
    pub fn open(
        &mut self,
        from: Range<usize>,
        to: usize,
        receiver: &mut impl Open,
        metadata: &[&[u8]],
    ) -> Result<usize> {
        let out = to..to + from.len();
        let source = match self.apart {
            Some(sealed) => Source::Apart(&sealed[from]),
            None => {
                if from.start != to {
                    self.out.copy_within(from, to);
                }
                Source::InPlace(out.len())
            }
        };
        receiver.open(metadata, source, &mut self.out[out])
    }
}

/// The units of a sealed frame, as a receiver knows them: by where they stand.
struct Walk {
    syntax: Syntax,
    units: usize,
    group: Option<Layer>,
    first: u64,
    kid: u64,
    counter: u64,
}

/// What a sealed unit has besides its lengths.
struct Trailer {
    byte: u8,
    /// How many bytes of the payload are clear.
    clear: usize,
    /// The length of the original size field.
    field: usize,
    sets_inside: bool,
}

impl Walk {
    fn new(syntax: Syntax) -> Self {
        Walk { syntax, units: 0, group: None, first: 0, kid: 0, counter: 0 }
    }

    /// The trailer of a sealed unit.
    fn trailer(&self, byte: u8, clear: usize) -> Result<Trailer> {
        let low = usize::from(byte & !(TRAILER | SETS_INSIDE));
        let sets_inside = byte & SETS_INSIDE != 0;
        let (clear, field, max) = match self.syntax {
            Syntax::Nal(..) => (low, 0, nal::MAX_CLEAR),
            Syntax::Obu => (clear, low, obu::MAX_SIZE_FIELD),
        };
        if byte & TRAILER == 0 || low > max || (sets_inside && self.units > 0) {
            return Err(Error::MalformedFrame);
        }
        Ok(Trailer { byte, clear, field, sets_inside })
    }

    /// Takes in the KID and counter of the next sealed unit: of a group consecutive counters, of a later group higher ones, of one KID all.
    /// Gives the counter of the group's first unit.
    fn step(&mut self, layer: Layer, (kid, counter): (u64, u64)) -> Result<u64> {
        if self.units > 0 && (kid != self.kid || counter <= self.counter) {
            return Err(Error::MalformedFrame);
        }
        match self.group {
            Some(of) if joins(of, layer) => {
                if counter != self.counter + 1 {
                    return Err(Error::MalformedFrame);
                }
            }
            _ => self.first = counter,
        }
        (self.group, self.kid, self.counter) = (Some(layer), kid, counter);
        self.units += 1;
        Ok(self.first)
    }
}

/// Opens a frame. At least one unit is opened, else it is an error.
///
/// What is written never gets ahead of what was read, so that a frame can be opened where it is, and is never longer than the sealed one.
pub(super) fn open(syntax: Syntax, metadata: &[u8], mut buffers: Buffers, receiver: &mut impl Open) -> Result<usize> {
    let end = buffers.sealed().len();
    let mut walk = Walk::new(syntax);
    let mut sets = None;
    // Read and written so far; and whether an OBU without a size was written, after which nothing can come.
    let (mut at, mut len, mut closed) = (0, 0, false);
    while let Some(unit) = syntax.next(&buffers.sealed()[at..])? {
        let start = at;
        at += unit.len();
        let Class::Sealed { layer, clear } = unit.class else {
            if let Class::Delimiter = unit.class {
                if closed {
                    return Err(Error::MalformedFrame);
                }
                buffers.copy(start..at, len);
                len += unit.len();
                closed = syntax.is_open_ended(unit.field);
            }
            continue;
        };
        let last = !syntax.next_layer(&buffers.sealed()[at..])?.is_some_and(|next| joins(layer, next));
        let payload = at - unit.payload;
        let sealed = buffers.sealed();
        // A sealed unit has no payload of no bytes.
        let trailer = match sealed[payload..at].last() {
            Some(&byte) => walk.trailer(byte, clear)?,
            None => return Err(Error::MalformedFrame),
        };
        let body = payload + trailer.clear..at - 1;
        if closed || body.is_empty() {
            return Err(Error::MalformedFrame);
        }
        let mut shown = [0; MAX_SHOWN];
        let head = start + unit.lead;
        let shown_len = syntax.shown(&sealed[head..head + unit.header], &sealed[payload..body.start], &mut shown);
        let shown = &shown[..shown_len];

        let before = sets.as_ref().map_or(0, |sets: &Sets| sets.len_before(syntax, walk.units));
        let ahead = |sets: usize| len + sets + unit.lead + unit.header + trailer.field + trailer.clear;
        let to = ahead(before).min(body.start);
        let hazard = syntax.escape_zeros(shown).filter(|&zeros| first_hazard(&sealed[body.clone()], zeros).is_some());
        let mut n = match hazard {
            None => {
                let first = walk.step(layer, peek(&sealed[body.clone()])?)?;
                let binding = Binding::unit(syntax.family(), first, last, trailer.byte, shown);
                buffers.open(body, to, receiver, &[binding.as_bytes(), metadata])?
            }
            Some(zeros) => {
                let size = body.len();
                buffers.copy(body, to);
                let room = &mut buffers.out[to..to + size];
                let size = unescape(room, zeros)?;
                let room = &mut room[..size];
                let first = walk.step(layer, peek(room)?)?;
                let binding = Binding::unit(syntax.family(), first, last, trailer.byte, shown);
                receiver.open(&[binding.as_bytes(), metadata], Source::InPlace(size), room)?
            }
        };
        let mut back = before;
        if trailer.sets_inside {
            n = Sets::split_off(syntax, &buffers.out[to..to + n], &mut sets)?;
            back = sets.as_ref().map_or(0, |sets| sets.len_before(syntax, 0));
        }
        let plaintext = ahead(back);
        if plaintext + n > at {
            return Err(Error::MalformedFrame);
        }
        if to != plaintext {
            buffers.out.copy_within(to..to + n, plaintext);
        }

        // What stands before it.
        if let Some(sets) = &mut sets {
            sets.put_before(syntax, walk.units - 1, &mut buffers.out[len..len + back])?;
            len += back;
        }
        syntax.write_lead(&mut buffers.out[len..len + unit.lead], shown.len() + n)?;
        len += unit.lead;
        let (head, clear) = shown.split_at(unit.header);
        buffers.out[len..len + head.len()].copy_from_slice(head);
        if trailer.field > 0 {
            buffers.out[len] |= HAS_SIZE;
        }
        len += head.len();
        let size = clear.len() + n;
        if trailer.field > 0 && leb128_len(size) > trailer.field {
            return Err(Error::MalformedFrame);
        }
        write_leb128(size, &mut buffers.out[len..len + trailer.field]);
        len += trailer.field;
        buffers.out[len..len + clear.len()].copy_from_slice(clear);
        len += size;
        closed = syntax.is_open_ended(trailer.field);
    }
    if let Some(sets) = &mut sets {
        let back = sets.len_before(syntax, Sets::END);
        if len + back > at || (closed && back > 0) {
            return Err(Error::MalformedFrame);
        }
        sets.put_before(syntax, Sets::END, &mut buffers.out[len..len + back])?;
        len += back;
    }
    buffers.copy(at..end, len);
    len += end - at;
    if (1..=Syntax::max_units(end)).contains(&walk.units) { Ok(len) } else { Err(Error::MalformedFrame) }
}

/// Says what a sealed frame looks like, without a key.
pub(super) fn inspect(syntax: Syntax, sealed: &[u8]) -> Result<Info> {
    let mut info = Info::default();
    let mut walk = Walk::new(syntax);
    let mut rest = sealed;
    while let Some(unit) = syntax.next(rest)? {
        let (whole, after) = rest.split_at(unit.len());
        rest = after;
        let payload = &whole[unit.len() - unit.payload..];
        match unit.class {
            Class::Set => info.parameter_sets += 1,
            Class::Delimiter => info.delimiters += 1,
            Class::Sealed { layer, clear } => {
                let (&byte, payload) = payload.split_last().ok_or(Error::MalformedFrame)?;
                let trailer = walk.trailer(byte, clear)?;
                let (clear, body) = payload.split_at_checked(trailer.clear).ok_or(Error::MalformedFrame)?;
                let mut shown = [0; MAX_SHOWN];
                let shown_len = syntax.shown(&whole[unit.lead..unit.lead + unit.header], clear, &mut shown);
                let origin = match syntax.escape_zeros(&shown[..shown_len]) {
                    None => peek(body)?,
                    Some(zeros) => {
                        let mut start = [0; MAX_OVERHEAD];
                        let len = unescape_start(body, &mut start, zeros);
                        peek(&start[..len])?
                    }
                };
                walk.step(layer, origin)?;
                if walk.units == 1 {
                    info.first_counter = walk.counter;
                }
                info.clear_bytes += shown_len as u64;
                continue;
            }
        }
        info.clear_bytes += (unit.header + unit.payload) as u64;
    }
    if !(1..=Syntax::max_units(sealed.len())).contains(&walk.units) {
        return Err(Error::MalformedFrame);
    }
    (info.kid, info.last_counter, info.sealed_units) = (walk.kid, walk.counter, walk.units as u64);
    Ok(info)
}
