//! Opaque handles: boxes that C holds. The type of a handle is the type of its pointer, so that a wrong cast does not compile.

use super::args::Span;
use crate::error::{Error, Result};

/// Where a new handle goes. NULL is stored there at once, so that a call that fails leaves no handle.
pub(super) struct Slot<T>(*mut *mut T);

/// # Safety
/// `out` is NULL or writable.
pub(super) unsafe fn slot<T>(out: *mut *mut T) -> Result<Slot<T>> {
    if out.is_null() {
        return Err(Error::NullPointer);
    }
    // SAFETY: not NULL, and writable as promised.
    unsafe { out.write(core::ptr::null_mut()) };
    Ok(Slot(out))
}

/// An output like any other: no input may lie where the handle goes.
impl<T> Span for Slot<T> {
    fn ranges(&self) -> [(usize, usize); 2] {
        [(self.0 as usize, size_of::<*mut T>()), (0, 0)]
    }
}

impl<T> Slot<T> {
    /// Hands `value` to C, which has to free it.
    pub fn put(self, value: T) {
        // SAFETY: writable, as promised to `slot`.
        unsafe { self.0.write(Box::into_raw(Box::new(value))) };
    }
}

/// # Safety
/// `handle` is NULL or came from [`Slot::put`] and is not freed while the reference lives.
pub(super) unsafe fn get<'a, T>(handle: *const T) -> Result<&'a T> {
    // SAFETY: as promised.
    unsafe { handle.as_ref() }.ok_or(Error::NullPointer)
}

/// A handle that may be NULL.
///
/// # Safety
/// As [`get`].
pub(super) unsafe fn optional<'a, T>(handle: *const T) -> Option<&'a T> {
    // SAFETY: as promised.
    unsafe { handle.as_ref() }
}

/// # Safety
/// As [`get`], and nobody else uses the handle meanwhile.
pub(super) unsafe fn get_mut<'a, T>(handle: *mut T) -> Result<&'a mut T> {
    // SAFETY: as promised.
    unsafe { handle.as_mut() }.ok_or(Error::NullPointer)
}

/// # Safety
/// `handle` is NULL or came from [`Slot::put`], and is not used again.
pub(super) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: as promised.
        drop(unsafe { Box::from_raw(handle) });
    }
}
