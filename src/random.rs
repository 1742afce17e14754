//! Randomness, from the operating system alone. It sits below everything else, so that a failing source is an error of this library and
//! never an abort inside somebody else's code.

use crate::{Error, Result};

/// Fills `out` from the operating system's random source; [`Error::RngFailed`] if there is none.
pub fn random(out: &mut [u8]) -> Result<()> {
    getrandom::fill(out).map_err(|_| Error::RngFailed)
}
