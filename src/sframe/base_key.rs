//! The key that everything of one sender is derived from.

use super::registry::{self, Pair};
use super::{MAX_BASE_KEY_BYTES, MIN_BASE_KEY_BYTES};
use crate::secret::{Secret, equal};
use crate::{Error, Result};

/// A base key (RFC 9605 section 4.4) of 16 to 64 bytes, and the KID that it is for. Wiped when it is dropped.
pub struct BaseKey {
    bytes: Secret<MAX_BASE_KEY_BYTES>,
    len: usize,
    kid: u64,
}

impl BaseKey {
    /// A copy of `bytes`; wipe yours. [`Error::InvalidLength`] unless they are 16 to 64, [`Error::InvalidKey`] if all are zero, which is
    /// what a buffer that was wiped too early holds.
    pub fn new(kid: u64, bytes: &[u8]) -> Result<Self> {
        Self::derive(kid, bytes.len(), |out| {
            out.copy_from_slice(bytes);
            Ok(())
        })
    }

    /// A key of `len` bytes that `fill` writes where they stay.
    pub(crate) fn derive(kid: u64, len: usize, fill: impl FnOnce(&mut [u8]) -> Result<()>) -> Result<Self> {
        if !(MIN_BASE_KEY_BYTES..=MAX_BASE_KEY_BYTES).contains(&len) {
            return Err(Error::InvalidLength);
        }
        let mut key = BaseKey { bytes: Secret::zero(), len, kid };
        fill(&mut key.bytes.as_mut()[..len])?;
        if equal(key.as_bytes(), &[0; MAX_BASE_KEY_BYTES][..len]) { Err(Error::InvalidKey) } else { Ok(key) }
    }

    /// The KID.
    pub fn kid(&self) -> u64 {
        self.kid
    }

    /// The bytes, to be handled with care: for an SFrame engine that is not this one.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes.as_bytes()[..self.len]
    }

    /// Gives the key to an engine that is not this one: from now on [`Error::KeyReused`] for a sender of this process under it, as there
    /// would be two that count by themselves. [`Error::KeyReused`] if there is such a sender, or was. Giving it away again is allowed.
    pub fn give_away(&self) -> Result<()> {
        registry::give_away(Pair::of(self.as_bytes(), self.kid))
    }
}
