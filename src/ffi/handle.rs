//! Opaque handles: boxes and shares that C holds. The type of a handle is the type of its pointer, so that a wrong cast does not compile.

use super::args::Span;
use crate::error::{Error, Result};
use std::sync::Arc;

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
    /// Hands `value` to C, which has to [`free`] it.
    pub fn put(self, value: T) {
        self.put_box(Box::new(value));
    }

    /// As [`Slot::put`], where it is.
    pub fn put_box(self, value: Box<T>) {
        // SAFETY: writable, as promised to `slot`.
        unsafe { self.0.write(Box::into_raw(value)) };
    }

    /// Hands a share of `value` to C, which has to [`free_shared`] it. Through a handle nothing is changed.
    pub fn put_shared(self, value: Arc<T>) {
        // SAFETY: writable, as promised to `slot`.
        unsafe { self.0.write(Arc::into_raw(value).cast_mut()) };
    }
}

/// # Safety
/// `handle` is NULL or came from a [`Slot`] and is not freed while the reference lives.
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
/// As [`get`], for a handle from [`Slot::put`], and nobody else uses it meanwhile.
pub(super) unsafe fn get_mut<'a, T>(handle: *mut T) -> Result<&'a mut T> {
    // SAFETY: as promised.
    unsafe { handle.as_mut() }.ok_or(Error::NullPointer)
}

/// # Safety
/// `handle` is NULL or came from [`Slot::put`] or [`Slot::put_box`], and is not used again.
pub(super) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: as promised.
        drop(unsafe { Box::from_raw(handle) });
    }
}

/// # Safety
/// `handle` is NULL or came from [`Slot::put_shared`], and is not used again.
pub(super) unsafe fn free_shared<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: as promised.
        drop(unsafe { Arc::from_raw(handle) });
    }
}
