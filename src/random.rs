//! Randomness, from the operating system alone. It sits below everything else, so that a failing source is an error of this library and
//! never an abort inside somebody else's code.

use crate::{Error, Result};

/// Fills `out` from the operating system's random source; [`Error::RngFailed`] if there is none. On wasm32-unknown-unknown, which has no
/// operating system, from the host of the module.
pub fn random(out: &mut [u8]) -> Result<()> {
    #[cfg(not(all(target_arch = "wasm32", target_os = "unknown", not(feature = "wasm-js"))))]
    return getrandom::fill(out).map_err(|_| Error::RngFailed);
    #[cfg(all(target_arch = "wasm32", target_os = "unknown", not(feature = "wasm-js")))]
    return if crate::provider::host_random(out) { Ok(()) } else { Err(Error::RngFailed) };
}
