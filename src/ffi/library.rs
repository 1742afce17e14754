//! The library itself: versions, provider, texts, self test.

use super::args::Output;
use super::guard::{guard, guard_or, pqrtc_status};
use core::ffi::{CStr, c_char, c_void};

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("the version has no NUL"),
};

/// The most that one call of pqrtc_random() gives, in bytes.
const MAX_RANDOM: usize = 1 << 20;

/// The version of the library, "MAJOR.MINOR.PATCH". A static string; any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_version() -> *const c_char {
    guard_or(c"".as_ptr(), || VERSION.as_ptr())
}

/// The version of this C API. It changes when a program built against an older header would break. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_abi_version() -> u32 {
    guard_or(0, || super::PQRTC_ABI_VERSION)
}

/// The provider of the algorithms, "aws-lc", "rustcrypto" or "pqclean". A static string; any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_provider() -> *const c_char {
    guard_or(c"".as_ptr(), || {
        use crate::provider::{Active, Provider};
        Active::NAME.as_ptr()
    })
}

/// A status code in words: a static string, never NULL, also for codes that are not known. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_status_string(status: u32) -> *const c_char {
    guard_or(c"".as_ptr(), || super::guard::text(status).as_ptr())
}

/// Runs a known-answer test of every primitive in use. PQRTC_INTERNAL if one fails. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_self_test() -> pqrtc_status {
    guard(crate::self_test)
}

/// Fills `out` (1 to 1048576 bytes) from the operating system's random source, for base keys and seeds. PQRTC_RNG_FAILED if there is
/// none; `out` is then zeroed. Any thread.
///
/// # Safety
/// `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_random(out: *mut u8, out_len: usize) -> pqrtc_status {
    guard(|| {
        let out = Output::required(out, out_len)?.between(1, MAX_RANDOM)?;
        // SAFETY: checked above.
        let out = unsafe { out.bytes() };
        crate::random(out).inspect_err(|_| out.fill(0))
    })
}

/// Zeroes `len` bytes at `p` in a way that the compiler does not remove. NULL is allowed. Any thread.
///
/// # Safety
/// `p` is NULL or writable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_cleanse(p: *mut c_void, len: usize) {
    guard_or((), || {
        if let Ok(bytes) = Output::required(p.cast(), len).and_then(|out| out.between(0, isize::MAX as usize)) {
            // SAFETY: checked above.
            zeroize::Zeroize::zeroize(unsafe { bytes.bytes() });
        }
    });
}
