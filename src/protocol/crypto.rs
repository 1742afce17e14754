//! Hash, key schedule, and the AEAD whose keys seal one message each.

use crate::provider::{Active, Aead, AeadAlgorithm, AeadKey, Hash, InOut, IncrementalHash, Provider, Sha512};
use crate::secret::Secret;
use crate::{Error, Result};

/// SHA-512.
pub(crate) type Digest = [u8; 64];

/// What [`seal_once`] adds, in bytes.
pub(crate) const TAG_BYTES: usize = 16;

/// The most input keying material that [`Prk::extract`] takes, in bytes: two shared secrets and a PSK, or a chain key.
const MAX_IKM_BYTES: usize = 96;

/// SHA-512 of the concatenation of `parts`.
pub(crate) fn hash(parts: &[&[u8]]) -> Digest {
    let mut digest = [0; 64];
    Sha512::digest(parts, &mut digest);
    digest
}

/// A pseudorandom key of HKDF-SHA-512 (RFC 5869).
pub(crate) struct Prk(Secret<64>);

impl Prk {
    /// Extract. The input keying material is the concatenation of `ikm`, 96 bytes at most.
    pub fn extract(salt: &[u8], ikm: &[&[u8]]) -> Result<Self> {
        let mut joined = Secret::<MAX_IKM_BYTES>::zero();
        let mut len = 0;
        for part in ikm {
            joined.as_mut().get_mut(len..len + part.len()).ok_or(Error::Internal)?.copy_from_slice(part);
            len += part.len();
        }
        let mut prk = Prk(Secret::zero());
        Active::hkdf_extract(Hash::Sha512, salt, &joined.as_bytes()[..len], prk.0.as_mut())?;
        Ok(prk)
    }

    /// From a secret that is uniformly random.
    pub fn from_secret(secret: Secret<64>) -> Self {
        Prk(secret)
    }

    pub fn into_secret(self) -> Secret<64> {
        self.0
    }

    /// Expand, with `u16(out.len()) || u8(len(label)) || label || u16(len(context)) || context` as the info: the format of the exporter.
    /// `label` has at most 255 bytes, `context` at most 65535, `out` at most 16320; else [`Error::InvalidLength`]. `out` is zeroed on
    /// failure.
    pub fn expand(&self, label: &[u8], context: &[u8], out: &mut [u8]) -> Result<()> {
        let lengths = (u16::try_from(out.len()), u8::try_from(label.len()), u16::try_from(context.len()));
        let (Ok(out_len), Ok(label_len), Ok(context_len)) = lengths else { return Err(Error::InvalidLength) };
        let mut info = Vec::new();
        info.try_reserve_exact(5 + label.len() + context.len()).map_err(|_| Error::OutOfMemory)?;
        info.extend_from_slice(&out_len.to_be_bytes());
        info.push(label_len);
        info.extend_from_slice(label);
        info.extend_from_slice(&context_len.to_be_bytes());
        info.extend_from_slice(context);
        Active::hkdf_expand(Hash::Sha512, self.0.as_bytes(), &info, out).inspect_err(|_| out.fill(0))
    }

    /// As [`Prk::expand`], to a secret.
    pub fn secret<const N: usize>(&self, label: &[u8], context: &[u8]) -> Result<Secret<N>> {
        let mut secret = Secret::zero();
        self.expand(label, context, secret.as_mut())?;
        Ok(secret)
    }
}

/// Seals `data`, the last [`TAG_BYTES`] of which receive the tag, where it is: AES-256-GCM with a zero nonce and no additional data. The key
/// is used up: nothing else may ever be sealed under it.
pub(crate) fn seal_once(key: Secret<32>, data: &mut [u8]) -> Result<()> {
    let (plaintext, tag) = data.split_at_mut(data.len() - TAG_BYTES);
    Aead::new(AeadAlgorithm::Aes256Gcm, key.as_bytes())?.seal(&[0; 12], b"", InOut::InPlace(plaintext), tag)
}

/// Opens what [`seal_once`] sealed into `out`, which is [`TAG_BYTES`] shorter. [`Error::DecryptionFailed`] if it does not authenticate; `out`
/// is zeroed then.
pub(crate) fn open_once(key: &Secret<32>, sealed: &[u8], out: &mut [u8]) -> Result<()> {
    let (ciphertext, tag) = sealed.split_at(sealed.len() - TAG_BYTES);
    Aead::new(AeadAlgorithm::Aes256Gcm, key.as_bytes())?.open(&[0; 12], b"", InOut::Apart(ciphertext, out), tag)
}
