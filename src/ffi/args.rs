//! Arguments from C. Each is checked for NULL when it is taken; then come its length, the overlap of inputs with outputs, and only then
//! is it seen as a slice. This is the order of checks that the C API promises.

use crate::error::{Error, Result};
use core::slice;

/// What is sane for any one buffer; slices beyond this are not possible.
const MAX_LEN: usize = isize::MAX as usize;

/// An input buffer that is not NULL, or is `(NULL, 0)` where that is allowed.
#[derive(Clone, Copy)]
pub(super) struct Input {
    ptr: *const u8,
    len: usize,
}

/// An output buffer that is not NULL.
#[derive(Clone, Copy)]
pub(super) struct Output {
    ptr: *mut u8,
    len: usize,
}

/// An output of variable size: `(out, out_cap, out_len)`.
#[derive(Clone, Copy)]
pub(super) struct VarOutput {
    ptr: *mut u8,
    cap: usize,
    written: *mut usize,
}

impl Input {
    /// An input that may not be empty: NULL is refused.
    pub fn required(ptr: *const u8, len: usize) -> Result<Self> {
        if ptr.is_null() { Err(Error::NullPointer) } else { Ok(Input { ptr, len }) }
    }

    /// An input that may be empty: `(NULL, 0)` is an empty one.
    pub fn optional(ptr: *const u8, len: usize) -> Result<Self> {
        if ptr.is_null() && len != 0 { Err(Error::NullPointer) } else { Ok(Input { ptr, len }) }
    }

    /// Exactly `len` bytes.
    pub fn exactly(self, len: usize) -> Result<Self> {
        if self.len == len { Ok(self) } else { Err(Error::InvalidLength) }
    }

    /// Between `min` and `max` bytes.
    pub fn between(self, min: usize, max: usize) -> Result<Self> {
        if (min..=max).contains(&self.len) { self.sane() } else { Err(Error::InvalidLength) }
    }

    /// Any length that a buffer can have.
    pub fn sane(self) -> Result<Self> {
        fits(self.ptr as usize, self.len).map(|()| self)
    }

    pub fn len(self) -> usize {
        self.len
    }

    /// # Safety
    /// The caller of the C function vouches for `(ptr, len)`, the length has been checked, and no output overlaps it.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: as above.
        unsafe { slice::from_raw_parts(self.ptr, self.len) }
    }
}

impl Output {
    pub fn required(ptr: *mut u8, len: usize) -> Result<Self> {
        if ptr.is_null() { Err(Error::NullPointer) } else { Ok(Output { ptr, len }) }
    }

    /// Exactly `len` bytes.
    pub fn exactly(self, len: usize) -> Result<Self> {
        if self.len == len { Ok(self) } else { Err(Error::InvalidLength) }
    }

    /// Between `min` and `max` bytes.
    pub fn between(self, min: usize, max: usize) -> Result<Self> {
        if (min..=max).contains(&self.len) {
            fits(self.ptr as usize, self.len).map(|()| self)
        } else {
            Err(Error::InvalidLength)
        }
    }

    /// # Safety
    /// The caller of the C function vouches for `(ptr, len)`, the length has been checked, and nothing else overlaps it.
    pub unsafe fn bytes<'a>(self) -> &'a mut [u8] {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(self.ptr, self.len) }
    }
}

impl VarOutput {
    /// `(NULL, 0)` asks for the size; `out_len` is always needed.
    pub fn new(ptr: *mut u8, cap: usize, written: *mut usize) -> Result<Self> {
        if written.is_null() || (ptr.is_null() && cap != 0) {
            return Err(Error::NullPointer);
        }
        Ok(VarOutput { ptr, cap, written })
    }

    /// Any capacity that a buffer can have.
    pub fn sane(self) -> Result<Self> {
        fits(self.ptr as usize, self.cap).map(|()| self)
    }

    /// Whether the buffer begins where `input` does.
    pub fn is_at(self, input: Input) -> bool {
        !self.ptr.is_null() && core::ptr::eq(self.ptr, input.ptr)
    }

    /// This output together with the input that begins where it does, for [`disjoint`].
    pub fn spanning(self, input: Input) -> Self {
        VarOutput { cap: self.cap.max(input.len), ..self }
    }

    /// The first `needed` bytes; too small a buffer is told what it takes, and so is NULL.
    ///
    /// # Safety
    /// As [`Output::bytes`].
    pub unsafe fn take<'a>(self, needed: usize) -> Result<&'a mut [u8]> {
        // SAFETY: as the caller promises.
        unsafe {
            self.fits(needed)?;
            Ok(slice::from_raw_parts_mut(self.ptr, needed))
        }
    }

    /// Whether `needed` bytes will fit; the caller is told if not, and if there is no buffer.
    ///
    /// # Safety
    /// The C caller vouches for `out_len`.
    pub unsafe fn fits(self, needed: usize) -> Result<()> {
        if self.cap < needed || self.ptr.is_null() {
            // SAFETY: `written` is not NULL, and the C caller vouches for it.
            unsafe { self.written.write(needed) };
            return Err(Error::BufferTooSmall);
        }
        Ok(())
    }

    /// The input that begins where this output does, to be rewritten where it is.
    ///
    /// # Safety
    /// As [`Input::bytes`], and [`VarOutput::is_at`] holds for it.
    pub unsafe fn over<'a>(self, input: Input) -> &'a mut [u8] {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(self.ptr, input.len) }
    }

    /// # Safety
    /// The C caller vouches for `out_len`.
    pub unsafe fn set_written(self, len: usize) {
        // SAFETY: not NULL, checked in `new`.
        unsafe { self.written.write(len) };
    }
}

/// Places for a number each, none of which is NULL.
pub(super) struct Sizes<const N: usize>([*mut usize; N]);

impl<const N: usize> Sizes<N> {
    pub fn new(places: [*mut usize; N]) -> Result<Self> {
        if places.iter().any(|place| place.is_null()) { Err(Error::NullPointer) } else { Ok(Sizes(places)) }
    }

    /// # Safety
    /// The C caller vouches for the places.
    pub unsafe fn set(self, values: [usize; N]) {
        // SAFETY: as above; not NULL, checked in `new`.
        self.0.into_iter().zip(values).for_each(|(place, value)| unsafe { place.write(value) });
    }
}

/// A place for one number, which an input or another output must not overlap.
#[derive(Clone, Copy)]
pub(super) struct Place<T>(*mut T);

impl<T> Place<T> {
    pub fn required(place: *mut T) -> Result<Self> {
        if place.is_null() { Err(Error::NullPointer) } else { Ok(Place(place)) }
    }

    /// # Safety
    /// The C caller vouches for the place.
    pub unsafe fn set(self, value: T) {
        // SAFETY: not NULL, checked in `required`; writable as above.
        unsafe { self.0.write(value) };
    }
}

impl<T> Span for Place<T> {
    #[inline]
    fn ranges(&self) -> [(usize, usize); 2] {
        [(self.0 as usize, size_of::<T>()), (0, 0)]
    }
}

/// Two places for a number each, either of which may be NULL.
#[derive(Clone, Copy)]
pub(super) struct OptionalU64s(pub *mut u64, pub *mut u64);

impl OptionalU64s {
    /// # Safety
    /// The C caller vouches for what is not NULL.
    pub unsafe fn set(self, first: u64, second: u64) {
        for (place, value) in [(self.0, first), (self.1, second)] {
            if !place.is_null() {
                // SAFETY: as above.
                unsafe { place.write(value) };
            }
        }
    }
}

fn fits(start: usize, len: usize) -> Result<()> {
    if len <= MAX_LEN && start.checked_add(len).is_some() { Ok(()) } else { Err(Error::InvalidLength) }
}

/// What an argument covers of the caller's memory: as many as two ranges of (start, length), of which an empty one covers nothing.
pub(super) trait Span {
    fn ranges(&self) -> [(usize, usize); 2];
}

impl Span for Input {
    #[inline]
    fn ranges(&self) -> [(usize, usize); 2] {
        [(self.ptr as usize, self.len), (0, 0)]
    }
}

impl Span for Output {
    #[inline]
    fn ranges(&self) -> [(usize, usize); 2] {
        [(self.ptr as usize, self.len), (0, 0)]
    }
}

impl Span for VarOutput {
    /// The length cell is one of them.
    #[inline]
    fn ranges(&self) -> [(usize, usize); 2] {
        [(self.ptr as usize, self.cap), (self.written as usize, size_of::<usize>())]
    }
}

impl Span for OptionalU64s {
    #[inline]
    fn ranges(&self) -> [(usize, usize); 2] {
        [self.0, self.1].map(|place| (place as usize, if place.is_null() { 0 } else { size_of::<u64>() }))
    }
}

/// Refuses an output that overlaps an input, another output or its own length cell.
#[inline(always)]
pub(super) fn disjoint(inputs: &[&dyn Span], outputs: &[&dyn Span]) -> Result<()> {
    for (at, output) in outputs.iter().enumerate() {
        let [one, two] = output.ranges();
        let clash =
            |other: &&dyn Span| other.ranges().into_iter().any(|range| overlap(one, range) || overlap(two, range));
        if overlap(one, two) || inputs.iter().any(clash) || outputs[at + 1..].iter().any(clash) {
            return Err(Error::InvalidArgument);
        }
    }
    Ok(())
}

#[inline(always)]
fn overlap(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0 < b.0.saturating_add(b.1) && b.0 < a.0.saturating_add(a.1) && a.1 != 0 && b.1 != 0
}
