//! Secrets of a fixed size: zeroed when dropped, compared in constant time, never printed.

use core::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// `N` secret bytes. Not `Copy` or `Clone`; on the heap and filled in place, so that a move leaves no copy behind on the stack.
pub struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    pub(crate) fn zero() -> Self {
        Secret(Box::new([0; N]))
    }

    /// A secret of the bytes of a slice, which the caller wipes; [`Error::InvalidLength`](crate::Error::InvalidLength) if it has another
    /// length.
    pub(crate) fn from_slice(bytes: &[u8]) -> crate::Result<Self> {
        bytes.try_into().map(Self::new).map_err(|_| crate::Error::InvalidLength)
    }

    /// A secret with the bytes of `bytes`, which the caller wipes.
    pub fn new(bytes: &[u8; N]) -> Self {
        let mut secret = Self::zero();
        secret.0.copy_from_slice(bytes);
        secret
    }

    /// A secret drawn from the operating system.
    pub(crate) fn random() -> crate::Result<Self> {
        let mut secret = Self::zero();
        crate::random(secret.as_mut())?;
        Ok(secret)
    }

    /// The bytes, to be handled with care.
    pub fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn as_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> PartialEq for Secret<N> {
    /// Constant time.
    fn eq(&self, other: &Self) -> bool {
        equal(self.as_bytes(), other.as_bytes())
    }
}

impl<const N: usize> Eq for Secret<N> {}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret<{N}>(..)")
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for Secret<N> {}

/// Constant-time equality of two byte strings; their lengths are public.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
