//! COSE_Sign1 messages (RFC 9052) with ML-DSA (RFC 9964), for verifiers that have a COSE library and not this one. They are only made here:
//! who has this library verifies the signatures of [`signing`](crate::signing) and [`recording`](crate::recording).
//!
//! ```text
//! COSE_Sign1 = 18([<< {1: alg} >>, {}, payload, signature])                        alg: -49 ML-DSA-65, -50 ML-DSA-87
//! signature  = ML-DSA(context "", ["Signature1", << {1: alg} >>, external_aad, payload])
//! ```
//!
//! The encoding is deterministic (RFC 8949, section 4.2.1). RFC 9964 leaves the context string of FIPS 204 empty, so the context string of
//! the native signature is the external_aad here, which a verifier must give. The two signatures are different ones, and neither verifies
//! as the other. No number is registered for the composite of ML-DSA-65 and Ed25519: [`Error::Unsupported`].

use crate::protocol::Writer;
use crate::signing::{ArtifactKind, SignatureAlgorithm, SigningKey};
use crate::{Error, Result};

/// Major types of CBOR.
const BYTES: u8 = 2 << 5;
const TEXT: u8 = 3 << 5;
const ARRAY_OF_FOUR: u8 = 4 << 5 | 4;
const EMPTY_MAP: u8 = 5 << 5;
const COSE_SIGN1: u8 = 6 << 5 | 18;

/// Length of the COSE_Sign1 of content of this length, in bytes. [`Error::Unsupported`] for the composite, [`Error::InvalidLength`] if
/// there is no such length.
pub fn sign1_len(algorithm: SignatureAlgorithm, content_len: usize) -> Result<usize> {
    let (content, signature) = (head_len(content_len), algorithm.signature_len());
    let rest = 3 + protected(algorithm)?.len() + content + head_len(signature) + signature;
    content_len.checked_add(rest).ok_or(Error::InvalidLength)
}

/// Signs an artifact, which the message then contains, with the context string of its kind as external_aad. Writes [`sign1_len`] bytes to
/// `out` and returns how many. The content is signed as it is and not as its hash, so all of it is in memory.
///
/// In this order: [`Error::Unsupported`] for the composite, [`Error::InvalidLength`], [`Error::BufferTooSmall`], [`Error::OutOfMemory`],
/// [`Error::RngFailed`]. `out` is zeroed or untouched on failure.
pub fn sign_artifact(key: &SigningKey, kind: ArtifactKind, content: &[u8], out: &mut [u8]) -> Result<usize> {
    sign1(key, kind.context(), content, out)
}

pub(crate) fn sign1(key: &SigningKey, external_aad: &[u8], payload: &[u8], out: &mut [u8]) -> Result<usize> {
    let algorithm = key.algorithm();
    let (protected, len) = (protected(algorithm)?, sign1_len(algorithm, payload.len())?);
    let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;

    let context = b"Signature1";
    let parts = [(TEXT, &context[..]), (BYTES, &protected[1..]), (BYTES, external_aad), (BYTES, payload)];
    let mut signed = Writer::new(1 + parts.iter().map(|(_, part)| head_len(part.len()) + part.len()).sum::<usize>())?;
    signed.u8(ARRAY_OF_FOUR);
    for (major, part) in parts {
        head(&mut signed, major, part.len()).bytes(part);
    }

    let (message, signature) = out.split_at_mut(len - algorithm.signature_len());
    let mut begin = Writer::new(3 + protected.len() + head_len(payload.len()))?;
    begin.u8(COSE_SIGN1).u8(ARRAY_OF_FOUR).bytes(&protected).u8(EMPTY_MAP);
    head(&mut begin, BYTES, payload.len());
    let mut end = Writer::new(head_len(signature.len()))?;
    head(&mut end, BYTES, signature.len());
    let (before, rest) = message.split_at_mut(begin.as_bytes().len());
    let (content, after) = rest.split_at_mut(payload.len());
    before.copy_from_slice(begin.as_bytes());
    content.copy_from_slice(payload);
    after.copy_from_slice(end.as_bytes());
    if let Err(error) = key.sign_any(b"", signed.as_bytes(), signature) {
        out.fill(0);
        return Err(error);
    }
    Ok(len)
}

/// The protected header: the map {1: alg}, in a byte string.
fn protected(algorithm: SignatureAlgorithm) -> Result<[u8; 5]> {
    match algorithm {
        SignatureAlgorithm::MlDsa65 => Ok([BYTES | 4, 0xa1, 0x01, 0x38, 48]),
        SignatureAlgorithm::MlDsa87 => Ok([BYTES | 4, 0xa1, 0x01, 0x38, 49]),
        SignatureAlgorithm::MlDsa65Ed25519 => Err(Error::Unsupported),
    }
}

const fn head_len(len: usize) -> usize {
    match len {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        _ if len as u64 <= 0xffff_ffff => 5,
        _ => 9,
    }
}

/// Major type and length, in the fewest bytes.
fn head(writer: &mut Writer, major: u8, len: usize) -> &mut Writer {
    match head_len(len) {
        1 => writer.u8(major | len as u8),
        2 => writer.u8(major | 24).u8(len as u8),
        3 => writer.u8(major | 25).u16(len as u16),
        5 => writer.u8(major | 26).u32(len as u32),
        _ => writer.u8(major | 27).bytes(&(len as u64).to_be_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing;

    #[test]
    fn messages_are_those_of_the_rfc() {
        let heads = [(0, 1), (23, 1), (24, 2), (255, 2), (256, 3), (65535, 3), (65536, 5), (0xffff_ffff, 5)];
        for algorithm in [SignatureAlgorithm::MlDsa65, SignatureAlgorithm::MlDsa87] {
            if algorithm.check().is_err() {
                continue;
            }
            let key = SigningKey::generate(algorithm).unwrap();
            let number = if algorithm == SignatureAlgorithm::MlDsa65 { 0x30 } else { 0x31 };
            for (len, head) in heads.into_iter().filter(|(len, _)| *len <= 65536) {
                let content = vec![7; len];
                let mut message = vec![0; sign1_len(algorithm, len).unwrap()];
                let made = sign_artifact(&key, ArtifactKind::Summary, &content, &mut message);
                assert_eq!(made, Ok(message.len()));
                assert_eq!(message[..8], [0xd2, 0x84, 0x44, 0xa1, 0x01, 0x38, number, 0xa0]);
                assert_eq!(message[8 + head..][..len], content);
                let at = 8 + head + len;
                let signature_len = (algorithm.signature_len() as u16).to_be_bytes();
                assert_eq!(message[at..at + 3], [&[0x59], &signature_len[..]].concat());
                // The Sig_structure, put together here.
                let signed =
                    [&b"\x84\x6aSignature1"[..], &message[2..7], b"\x50pqrtc summary v1", &message[8..at]].concat();
                let verify = |context: &[u8], signed: &[u8]| {
                    signing::verify(algorithm, key.public_key(), context, signed, &message[at + 3..])
                };
                assert_eq!(verify(b"", &signed), Ok(()));
                assert_eq!(verify(b"pqrtc summary v1", &content), Err(Error::BadSignature));
            }
        }
        for (len, bytes) in heads {
            let mut writer = Writer::new(9).unwrap();
            head(&mut writer, BYTES, len);
            assert_eq!((head_len(len), writer.as_bytes().len()), (bytes, bytes), "{len}");
        }
    }

    #[test]
    fn what_cannot_be_signed_is_refused_and_nothing_is_written() {
        let composite = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519).unwrap();
        let mut out = vec![9; 4000];
        let sign = |key: &SigningKey, out: &mut [u8]| sign_artifact(key, ArtifactKind::Summary, b"x", out);
        assert_eq!(sign(&composite, &mut out), Err(Error::Unsupported));
        let key = SigningKey::generate(SignatureAlgorithm::MlDsa65).unwrap();
        let len = sign1_len(key.algorithm(), 1).unwrap();
        assert_eq!(sign(&key, &mut out[..len - 1]), Err(Error::BufferTooSmall));
        assert!(out.iter().all(|byte| *byte == 9));
        assert_eq!(sign(&key, &mut out), Ok(len));
        assert_eq!(out[len..], [9; 4000][len..]);
        assert_eq!(sign1_len(key.algorithm(), usize::MAX), Err(Error::InvalidLength));
    }
}
