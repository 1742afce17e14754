//! What all public keys share: their form in DER, SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), and the fingerprint over it.

use crate::provider::{IncrementalHash, Sha512};
use crate::{Error, Result};
use der::Encode;
use der::asn1::{BitStringRef, ObjectIdentifier};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

/// A fingerprint of a public key, in bytes.
pub(crate) const FINGERPRINT_BYTES: usize = 32;

/// None of the algorithms has parameters.
pub(crate) fn identifier(oid: ObjectIdentifier) -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef { oid, parameters: None }
}

/// The SubjectPublicKeyInfo of a raw key.
pub(crate) fn public_key_info(oid: ObjectIdentifier, raw: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let subject_public_key = BitStringRef::from_bytes(raw).map_err(|_| Error::Internal)?;
    encode(&SubjectPublicKeyInfoRef { algorithm: identifier(oid), subject_public_key })
}

/// The first 32 bytes of SHA-512 over the SubjectPublicKeyInfo.
pub(crate) fn fingerprint(oid: ObjectIdentifier, raw: &[u8]) -> Result<[u8; FINGERPRINT_BYTES]> {
    let mut hash = [0; 64];
    Sha512::digest(&[&public_key_info(oid, raw)?], &mut hash);
    let mut fingerprint = [0; FINGERPRINT_BYTES];
    fingerprint.copy_from_slice(&hash[..FINGERPRINT_BYTES]);
    Ok(fingerprint)
}

/// Encodes into a buffer that does not grow, so that no copy of a secret is left behind.
pub(crate) fn encode(value: &impl Encode) -> Result<Zeroizing<Vec<u8>>> {
    let len = value.encoded_len().and_then(usize::try_from).map_err(|_| Error::Internal)?;
    let mut der = Zeroizing::new(vec![0; len]);
    value.encode_to_slice(&mut der).map_err(|_| Error::Internal)?;
    Ok(der)
}
