//! Counts what is allocated, in Rust and in C alike: on Linux with glibc this program's own `malloc` stands before the C library's, and
//! Rust's default allocator and a C library linked into the program both call it. Elsewhere [`COUNTS`] is false and every figure 0.

#![allow(dead_code)]

use core::cell::Cell;

/// Whether allocations are counted on this platform. A sanitizer has a `malloc` of its own.
pub const COUNTS: bool = cfg!(all(target_os = "linux", target_env = "gnu", not(pqrtc_sanitizer)));

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
}

/// Allocations (and reallocations) that this thread makes in `body`.
pub fn calls(body: impl FnOnce()) -> u64 {
    let before = CALLS.get();
    body();
    CALLS.get() - before
}

/// Bytes of heap that this thread has taken and not given back, as the allocator rounds them.
pub fn live() -> usize {
    LIVE.get().max(0) as usize
}

/// Bytes of heap that what `make` returns keeps.
pub fn kept<T>(make: impl FnOnce() -> T) -> (T, usize) {
    let before = live();
    let made = make();
    let after = live();
    (made, after.saturating_sub(before))
}

#[cfg(all(target_os = "linux", target_env = "gnu", not(pqrtc_sanitizer)))]
mod malloc {
    use super::{CALLS, LIVE};
    use core::ffi::{c_int, c_void};

    unsafe extern "C" {
        fn __libc_malloc(size: usize) -> *mut c_void;
        fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
        fn __libc_realloc(p: *mut c_void, size: usize) -> *mut c_void;
        fn __libc_memalign(align: usize, size: usize) -> *mut c_void;
        fn __libc_free(p: *mut c_void);
        fn malloc_usable_size(p: *mut c_void) -> usize;
    }

    const ENOMEM: c_int = 12;

    fn allocated(p: *mut c_void) -> *mut c_void {
        CALLS.set(CALLS.get() + 1);
        // SAFETY: NULL, or just allocated.
        LIVE.set(LIVE.get() + unsafe { malloc_usable_size(p) } as isize);
        p
    }

    fn released(p: *mut c_void) {
        // SAFETY: NULL, or allocated and not yet freed.
        LIVE.set(LIVE.get() - unsafe { malloc_usable_size(p) } as isize);
    }

    // SAFETY of all that follow: they are malloc and its kin, and pass on what their callers pass.

    #[unsafe(no_mangle)]
    unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
        allocated(unsafe { __libc_malloc(size) })
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
        allocated(unsafe { __libc_calloc(count, size) })
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn realloc(p: *mut c_void, size: usize) -> *mut c_void {
        released(p);
        let moved = unsafe { __libc_realloc(p, size) };
        if moved.is_null() && size != 0 {
            // `p` is still there.
            LIVE.set(LIVE.get() + unsafe { malloc_usable_size(p) } as isize);
        }
        allocated(moved)
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memalign(align: usize, size: usize) -> *mut c_void {
        allocated(unsafe { __libc_memalign(align, size) })
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn aligned_alloc(align: usize, size: usize) -> *mut c_void {
        allocated(unsafe { __libc_memalign(align, size) })
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn posix_memalign(out: *mut *mut c_void, align: usize, size: usize) -> c_int {
        let p = allocated(unsafe { __libc_memalign(align, size) });
        if p.is_null() {
            return ENOMEM;
        }
        unsafe { out.write(p) };
        0
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn free(p: *mut c_void) {
        released(p);
        unsafe { __libc_free(p) };
    }
}
