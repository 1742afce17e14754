//! Input and output of a cipher: two buffers, or one that is rewritten where it is.

use crate::{Error, Result};

/// Where a cipher reads and where it writes.
pub(crate) enum InOut<'a> {
    /// Two buffers of one length, else [`Error::Internal`] from whoever is given them.
    Apart(&'a [u8], &'a mut [u8]),
    /// One buffer.
    InPlace(&'a mut [u8]),
}

impl InOut<'_> {
    /// The same for a while.
    #[cfg_attr(not(feature = "rustcrypto"), allow(dead_code))]
    pub fn reborrow(&mut self) -> InOut<'_> {
        match self {
            InOut::Apart(input, output) => InOut::Apart(input, output),
            InOut::InPlace(data) => InOut::InPlace(data),
        }
    }

    /// The output, whatever is in it.
    pub fn output(&mut self) -> &mut [u8] {
        match self {
            InOut::Apart(_, output) => output,
            InOut::InPlace(data) => data,
        }
    }

    /// The input, the output and the length of both. The two are the same or apart, readable and writable for that length while `self` is
    /// borrowed.
    #[cfg_attr(not(feature = "aws-lc"), allow(dead_code))]
    pub fn raw(&mut self) -> Result<(*const u8, *mut u8, usize)> {
        match self {
            InOut::Apart(input, output) if input.len() == output.len() => {
                Ok((input.as_ptr(), output.as_mut_ptr(), output.len()))
            }
            InOut::Apart(..) => Err(Error::Internal),
            InOut::InPlace(data) => {
                let data_ptr = data.as_mut_ptr();
                Ok((data_ptr, data_ptr, data.len()))
            }
        }
    }
}
