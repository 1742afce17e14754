//! The secrets of an epoch.
//!
//! ```text
//! joiner  = Extract(chain of the epoch before, s if fresh else "")
//! E       = expand(joiner, "pqrtc meeting", H(hdr), 64)
//! chain   = expand(E, "pqrtc chain", "", 64)          confirm = expand(E, "pqrtc confirm", "", 32)
//! code    = expand(E, "pqrtc code", "", 32), as 30 digits
//! sender  = expand(E, "pqrtc sframe", u64(KID), 32)
//! ```

use super::CODE_DIGITS;
use super::commit::CONFIRM_BYTES;
use crate::Result;
use crate::protocol::{Prk, hash};
use crate::secret::Secret;

/// Length of the secret that a fresh commit brings in, in bytes.
pub(super) const FRESH_BYTES: usize = 32;
/// Length of the joiner secret, in bytes.
pub(super) const JOINER_BYTES: usize = 64;

/// What the members of an epoch share. Wiped when it is dropped.
pub(super) struct Secrets {
    /// E
    epoch: Prk,
}

impl Secrets {
    /// Those of epoch 0, from 64 random bytes.
    pub fn first(random: Secret<64>) -> Self {
        Secrets { epoch: Prk::from_secret(random) }
    }

    pub fn joiner(&self, fresh: Option<&Secret<FRESH_BYTES>>) -> Result<Secret<JOINER_BYTES>> {
        let chain = self.epoch.secret::<64>(b"pqrtc chain", b"")?;
        let fresh = fresh.map_or(&[][..], |fresh| fresh.as_bytes());
        Ok(Prk::extract(chain.as_bytes(), &[fresh])?.into_secret())
    }

    pub fn of_joiner(joiner: Secret<JOINER_BYTES>, hdr: &[u8]) -> Result<Self> {
        let epoch = Prk::from_secret(joiner).secret(b"pqrtc meeting", &hash(&[hdr]))?;
        Ok(Secrets { epoch: Prk::from_secret(epoch) })
    }

    pub fn confirm(&self) -> Result<Secret<CONFIRM_BYTES>> {
        self.epoch.secret(b"pqrtc confirm", b"")
    }

    /// Six groups of five digits, each five bytes modulo 100,000.
    pub fn code(&self) -> Result<[u8; CODE_DIGITS]> {
        let bytes = self.epoch.secret::<32>(b"pqrtc code", b"")?;
        let mut digits = [0; CODE_DIGITS];
        for (group, bytes) in digits.chunks_exact_mut(5).zip(bytes.as_bytes().chunks_exact(5)) {
            let mut number = bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte)) % 100_000;
            for digit in group.iter_mut().rev() {
                *digit = b'0' + (number % 10) as u8;
                number /= 10;
            }
        }
        Ok(digits)
    }

    /// The base key of the sender with this KID.
    pub fn sender(&self, kid: u64) -> Result<Secret<32>> {
        self.epoch.secret(b"pqrtc sframe", &kid.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_digits_with_leading_zeros() {
        for n in 0..200u8 {
            let code = Secrets::first(Secret::new(&[n; 64])).code().unwrap();
            assert!(code.iter().all(u8::is_ascii_digit));
        }
    }
}
