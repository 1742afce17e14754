//! ML-KEM by `ml-kem`.

use crate::provider::{KemAlgorithm, KemPrivateKey, scrubbed};
use crate::{Error, Result};
use ml_kem::{Decapsulate, DecapsulationKey, EncapsulationKey, KeyExport, MlKem768, MlKem1024};

/// Stack that ML-KEM-1024 uses (54 KiB), with a margin for other compilers.
pub(super) const STACK: usize = 64 << 10;

/// What it holds is on the heap, and wiped by its crate.
pub(crate) enum KemKey {
    MlKem768(DecapsulationKey<MlKem768>),
    MlKem1024(DecapsulationKey<MlKem1024>),
}

/// The same expression for either parameter set.
macro_rules! each {
    ($key:expr, $inner:ident => $body:expr) => {
        match $key {
            KemKey::MlKem768($inner) => $body,
            KemKey::MlKem1024($inner) => $body,
        }
    };
}

impl KemPrivateKey for KemKey {
    fn from_seed(algorithm: KemAlgorithm, seed: &[u8; 64]) -> Result<Self> {
        Ok(scrubbed::<STACK, _>(|| match algorithm {
            KemAlgorithm::MlKem768 => KemKey::MlKem768(DecapsulationKey::from_seed((*seed).into())),
            KemAlgorithm::MlKem1024 => KemKey::MlKem1024(DecapsulationKey::from_seed((*seed).into())),
        }))
    }

    // The crate would rather have seeds; so would we, but other software has such keys.
    #[allow(deprecated)]
    fn from_expanded(algorithm: KemAlgorithm, dk: &[u8]) -> Result<Self> {
        macro_rules! key {
            () => {
                DecapsulationKey::from_expanded(dk.try_into().map_err(|_| Error::Internal)?)
                    .map_err(|_| Error::InvalidKey)?
            };
        }
        scrubbed::<STACK, _>(|| {
            Ok(match algorithm {
                KemAlgorithm::MlKem768 => KemKey::MlKem768(key!()),
                KemAlgorithm::MlKem1024 => KemKey::MlKem1024(key!()),
            })
        })
    }

    fn public_key(&self, ek: &mut [u8]) {
        each!(self, key => ek.copy_from_slice(&key.encapsulation_key().to_bytes()));
    }

    #[allow(deprecated)]
    fn expanded(&self, dk: &mut [u8]) -> Result<()> {
        use ml_kem::ExpandedKeyEncoding;
        scrubbed::<STACK, _>(|| each!(self, key => dk.copy_from_slice(&key.to_expanded_bytes())));
        Ok(())
    }

    fn decapsulate(&self, ct: &[u8], ss: &mut [u8; 32]) -> Result<()> {
        scrubbed::<STACK, _>(|| {
            let shared = each!(self, key => key.decapsulate(ct.try_into().map_err(|_| Error::Internal)?));
            ss.copy_from_slice(&shared);
            Ok(())
        })
    }
}

pub(super) fn encapsulate(
    algorithm: KemAlgorithm,
    ek: &[u8],
    m: &[u8; 32],
    ct: &mut [u8],
    ss: &mut [u8; 32],
) -> Result<()> {
    macro_rules! encapsulate {
        ($parameters:ty) => {{
            let ek: &ml_kem::Key<EncapsulationKey<$parameters>> = ek.try_into().map_err(|_| Error::Internal)?;
            let key = EncapsulationKey::<$parameters>::new(ek).map_err(|_| Error::InvalidKey)?;
            let (ciphertext, shared) = key.encapsulate_deterministic(m.into());
            ct.copy_from_slice(&ciphertext);
            ss.copy_from_slice(&shared);
            Ok(())
        }};
    }
    scrubbed::<STACK, _>(|| match algorithm {
        KemAlgorithm::MlKem768 => encapsulate!(MlKem768),
        KemAlgorithm::MlKem1024 => encapsulate!(MlKem1024),
    })
}
