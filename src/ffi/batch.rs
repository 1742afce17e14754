//! Many SFrame frames in one call, for languages where a call into C costs as much as sealing a small frame. Frames lie back to back, and an
//! array has their lengths: what one function writes the other reads, and cgo may pass it.

use super::args::{Input, Span, VarOutput, disjoint};
use super::guard::{guard_frame, pqrtc_status};
use super::handle;
use super::sframe::{pqrtc_sframe_receiver, pqrtc_sframe_sender};
use crate::error::{Error, Result};
use crate::sframe::{MAX_FRAME_BYTES, MAX_METADATA_BYTES, MAX_OVERHEAD};

/// More frames than this in one call are not sane.
const MAX_COUNT: usize = 65536;

/// An array of the caller with one item for each frame.
#[derive(Clone, Copy)]
struct ItemArray<T> {
    ptr: *mut T,
    count: usize,
}

impl<T> ItemArray<T> {
    fn required(ptr: *mut T, count: usize) -> Result<Self> {
        if ptr.is_null() { Err(Error::NullPointer) } else { Ok(ItemArray { ptr, count }) }
    }

    fn optional(ptr: *mut T, count: usize) -> Self {
        ItemArray { ptr, count: if ptr.is_null() { 0 } else { count } }
    }

    /// # Safety
    /// The C caller vouches for the array, and `index` is less than the count that it was made with.
    unsafe fn set(self, index: usize, value: T) {
        if index < self.count {
            // SAFETY: within the array, as above.
            unsafe { self.ptr.add(index).write(value) };
        }
    }
}

impl<T> Span for ItemArray<T> {
    fn ranges(&self) -> [(usize, usize); 2] {
        [(self.ptr as usize, self.count.saturating_mul(size_of::<T>())), (0, 0)]
    }
}

/// The lengths of frames that lie back to back.
impl ItemArray<usize> {
    /// Between 1 and 65536 of them, none above `max`, in all `total`.
    ///
    /// # Safety
    /// The C caller vouches for the array.
    unsafe fn lengths(self, max: usize, total: usize) -> Result<Self> {
        if !(1..=MAX_COUNT).contains(&self.count) {
            return Err(Error::InvalidLength);
        }
        let mut sum = 0usize;
        for index in 0..self.count {
            // SAFETY: within the array.
            let len = unsafe { self.get(index) };
            sum = sum.checked_add(len).filter(|_| len <= max).ok_or(Error::InvalidLength)?;
        }
        if sum == total { Ok(self) } else { Err(Error::InvalidLength) }
    }

    /// # Safety
    /// As [`ItemArray::set`].
    unsafe fn get(self, index: usize) -> usize {
        // SAFETY: within the array.
        unsafe { self.ptr.add(index).read() }
    }
}

/// Seals `count` frames (1 to 65536) with the same metadata, as `count` calls of pqrtc_sframe_seal() would. `frames` has them back to
/// back, `frames_len` bytes in all, and `frame_lens` their lengths, which must add up to that. `out` receives the sealed frames back to back,
/// and `out_lens` the length of each. `out_cap` is at least `frames_len` + `count` * PQRTC_SFRAME_MAX_OVERHEAD_BYTES. Nothing may overlap.
/// All frames are sealed or none: on failure `out` is zeroed or untouched. Any number of threads may seal on one sender.
///
/// # Safety
/// `s` is NULL or a live handle, `metadata`, `frames` and `out` are valid for the length beside them, `frame_lens` and `out_lens` for `count`
/// items, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_seal_batch(
    s: *const pqrtc_sframe_sender,
    metadata: *const u8,
    metadata_len: usize,
    frames: *const u8,
    frames_len: usize,
    frame_lens: *const usize,
    count: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
    out_lens: *mut usize,
) -> pqrtc_status {
    guard_frame(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let (metadata, frames) = (Input::optional(metadata, metadata_len)?, Input::optional(frames, frames_len)?);
        let lens = ItemArray::required(frame_lens.cast_mut(), count)?;
        let (out, out_lens) = (VarOutput::new(out, out_cap, out_len)?, ItemArray::required(out_lens, count)?);
        let (metadata, frames) = (metadata.between(0, MAX_METADATA_BYTES)?, frames.sane()?);
        // SAFETY: as the caller promises.
        let lens = unsafe { lens.lengths(MAX_FRAME_BYTES, frames_len) }?;
        let out = out.sane()?;
        disjoint(&[&metadata, &frames, &lens], &[&out, &out_lens])?;
        let needed = frames_len.checked_add(count * MAX_OVERHEAD).ok_or(Error::InvalidLength)?;
        // SAFETY: checked above.
        let (metadata, mut rest, out_bytes) = unsafe { (metadata.bytes(), frames.bytes(), out.take(needed)?) };
        let mut written = 0;
        for index in 0..count {
            // SAFETY: within the arrays.
            let (frame, after) = rest.split_at(unsafe { lens.get(index) });
            rest = after;
            let sealed = s
                .0
                .seal(metadata, frame, &mut out_bytes[written..written + frame.len() + MAX_OVERHEAD])
                .inspect_err(|_| {
                    out_bytes[..written].fill(0);
                    // SAFETY: within the array.
                    (0..index).for_each(|sealed| unsafe { out_lens.set(sealed, 0) });
                })?;
            // SAFETY: within the array.
            unsafe { out_lens.set(index, sealed) };
            written += sealed;
        }
        // SAFETY: checked above.
        unsafe { out.set_written(written) };
        Ok(())
    })
}

/// Opens `count` sealed frames (1 to 65536) with the same metadata, as `count` calls of pqrtc_sframe_open() would. `sealed` has them
/// back to back, `sealed_len` bytes in all, and `sealed_lens` their lengths, which must add up to that. `out`, of at least `sealed_len` bytes,
/// receives the frames back to back, and `out_lens` the length of each. `statuses` says of each frame whether it was opened; one that was not has
/// length 0 and does not cost the others. `kids` and `counters`, either of which may be NULL, receive what each was sealed under, or 0. Nothing
/// may overlap. PQRTC_OK means that every frame was tried. Any number of threads.
///
/// # Safety
/// `r` is NULL or a live handle, `metadata`, `sealed` and `out` are valid for the length beside them, `sealed_lens`, `out_lens` and `statuses`
/// for `count` items, `kids` and `counters` too unless they are NULL, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_open_batch(
    r: *const pqrtc_sframe_receiver,
    metadata: *const u8,
    metadata_len: usize,
    sealed: *const u8,
    sealed_len: usize,
    sealed_lens: *const usize,
    count: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
    out_lens: *mut usize,
    statuses: *mut pqrtc_status,
    kids: *mut u64,
    counters: *mut u64,
) -> pqrtc_status {
    guard_frame(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        let (metadata, sealed) = (Input::optional(metadata, metadata_len)?, Input::required(sealed, sealed_len)?);
        let lens = ItemArray::required(sealed_lens.cast_mut(), count)?;
        let (out, out_lens) = (VarOutput::new(out, out_cap, out_len)?, ItemArray::required(out_lens, count)?);
        let statuses = ItemArray::required(statuses, count)?;
        let (kids, counters) = (ItemArray::optional(kids, count), ItemArray::optional(counters, count));
        let (metadata, sealed) = (metadata.between(0, MAX_METADATA_BYTES)?, sealed.sane()?);
        // SAFETY: as the caller promises.
        let lens = unsafe { lens.lengths(MAX_FRAME_BYTES + MAX_OVERHEAD, sealed_len) }?;
        let out = out.sane()?;
        disjoint(&[&metadata, &sealed, &lens], &[&out, &out_lens, &statuses, &kids, &counters])?;
        // SAFETY: checked above.
        let (metadata, mut rest, out_bytes) = unsafe { (metadata.bytes(), sealed.bytes(), out.take(sealed_len)?) };
        let mut written = 0;
        for index in 0..count {
            // SAFETY: within the arrays.
            let (frame, after) = rest.split_at(unsafe { lens.get(index) });
            rest = after;
            let (status, len, kid, counter) = match r.0.open(metadata, frame, &mut out_bytes[written..]) {
                Ok(opened) => (pqrtc_status::PQRTC_OK, opened.len, opened.kid, opened.counter),
                Err(error) => (error.into(), 0, 0, 0),
            };
            // SAFETY: within the arrays.
            unsafe {
                statuses.set(index, status);
                out_lens.set(index, len);
                kids.set(index, kid);
                counters.set(index, counter);
            }
            written += len;
        }
        // SAFETY: checked above.
        unsafe { out.set_written(written) };
        Ok(())
    })
}
