//! Where a protocol's randomness comes from. Tests of published runs hand theirs in here; nothing else can.

use crate::Result;
use crate::secret::Secret;
use crate::signing::SigningKey;

/// The operating system, or in tests a list.
#[derive(Default)]
pub(crate) struct Rng {
    #[cfg(test)]
    given: Option<std::sync::Mutex<std::collections::VecDeque<Vec<u8>>>>,
}

impl Rng {
    /// Gives these in turn, each for a draw of its length, and signs without hedging.
    #[cfg(test)]
    pub fn given(values: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Rng { given: Some(std::sync::Mutex::new(values.into_iter().collect())) }
    }

    pub fn fill(&self, out: &mut [u8]) -> Result<()> {
        #[cfg(test)]
        if let Some(given) = &self.given {
            let mut value = given.lock().unwrap().pop_front().expect("as many values as draws");
            out.copy_from_slice(&value);
            zeroize::Zeroize::zeroize(&mut value);
            return Ok(());
        }
        crate::random(out)
    }

    pub fn secret<const N: usize>(&self) -> Result<Secret<N>> {
        let mut secret = Secret::zero();
        self.fill(secret.as_mut())?;
        Ok(secret)
    }

    /// Signs under a context of the protocol's own, into a signature of the key's length.
    pub fn sign(&self, key: &SigningKey, context: &[u8], message: &[u8], signature: &mut [u8]) -> Result<()> {
        #[cfg(test)]
        if self.given.is_some() {
            return key.sign_with_randomness(&[0; 32], context, message, signature);
        }
        key.sign_any(context, message, signature)
    }
}
