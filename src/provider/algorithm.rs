//! The parameter sets of ML-KEM and ML-DSA. Their sizes stand here and nowhere else; whoever needs one asks the row.

use crate::{Error, Result};
use der::asn1::ObjectIdentifier;

/// An ML-KEM parameter set (FIPS 203). The numbers are those of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum KemAlgorithm {
    /// ML-KEM-768.
    MlKem768 = 1,
    /// ML-KEM-1024, which CNSA 2.0 asks for.
    MlKem1024 = 2,
}

/// The sizes of an ML-KEM parameter set, in bytes.
struct KemRow {
    /// A vector of polynomials, 12 bits a coefficient: the first part of both keys.
    vector: usize,
    ciphertext: usize,
    /// Its object identifier (RFC 9935).
    oid: ObjectIdentifier,
}

impl KemAlgorithm {
    /// All of them.
    pub const ALL: [KemAlgorithm; 2] = [KemAlgorithm::MlKem768, KemAlgorithm::MlKem1024];

    const fn row(self) -> KemRow {
        match self {
            KemAlgorithm::MlKem768 => KemRow {
                vector: 1152,
                ciphertext: 1088,
                oid: const { ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.2") },
            },
            KemAlgorithm::MlKem1024 => KemRow {
                vector: 1536,
                ciphertext: 1568,
                oid: const { ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.3") },
            },
        }
    }

    pub(crate) const fn oid(self) -> ObjectIdentifier {
        self.row().oid
    }

    pub(crate) const fn vector_len(self) -> usize {
        self.row().vector
    }

    /// Length of an encapsulation key (public), in bytes.
    pub const fn public_key_len(self) -> usize {
        self.row().vector + 32
    }

    /// Length of a ciphertext, in bytes.
    pub const fn ciphertext_len(self) -> usize {
        self.row().ciphertext
    }

    /// Length of a private key as the seed `d || z`, in bytes.
    pub const fn seed_len(self) -> usize {
        64
    }

    /// Length of a private key in the expanded form `dk_PKE || ek || H(ek) || z`, in bytes.
    pub const fn expanded_len(self) -> usize {
        self.row().vector + self.public_key_len() + 64
    }
}

impl TryFrom<u32> for KemAlgorithm {
    type Error = Error;

    /// [`Error::InvalidArgument`] for a number that is none of them, [`Error::Unsupported`] for one that is not in this build.
    fn try_from(number: u32) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|algorithm| *algorithm as u32 == number);
        let known = known.ok_or(Error::InvalidArgument)?;
        known.check().map(|()| known)
    }
}

/// An ML-DSA parameter set (FIPS 204).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DsaAlgorithm {
    MlDsa65,
    MlDsa87,
}

/// The sizes of an ML-DSA parameter set, in bytes.
pub(crate) struct DsaRow {
    pub public_key: usize,
    pub signature: usize,
    /// The expanded private key of FIPS 204.
    pub expanded: usize,
}

impl DsaAlgorithm {
    #[cfg(all(test, feature = "aws-lc"))]
    pub const ALL: [DsaAlgorithm; 2] = [DsaAlgorithm::MlDsa65, DsaAlgorithm::MlDsa87];

    pub const fn row(self) -> DsaRow {
        match self {
            DsaAlgorithm::MlDsa65 => DsaRow { public_key: 1952, signature: 3309, expanded: 4032 },
            DsaAlgorithm::MlDsa87 => DsaRow { public_key: 2592, signature: 4627, expanded: 4896 },
        }
    }
}
