//! Envelopes: HPKE in base mode.

use super::args::{Input, Output, VarOutput, disjoint};
use super::guard::{guard, pqrtc_status};
use super::handle;
use super::kem::pqrtc_kem_keypair;
use super::signing::pqrtc_signing_key;
use super::suite::pqrtc_hybrid_keypair;
use crate::envelope::{self, Key, MAX_INFO_BYTES, MAX_PAYLOAD_BYTES, overhead};
use crate::error::Error;
use crate::handshake::Suite;
use crate::signing::SignatureAlgorithm;

/// The longest envelope, in bytes.
const MAX_ENVELOPE_BYTES: usize = MAX_PAYLOAD_BYTES + overhead(Suite::Cnsa2);

/// Seals a payload (at most 1048576 bytes) for the holder of a public key: HPKE base mode (RFC 9180) with HKDF-SHA512 and AES-256-GCM, in one
/// message. `suite` is that of the handshake: 1 takes the bundle of an X-Wing pair (1,216 bytes) and adds 1,136 bytes, 2 takes an
/// ML-KEM-1024 public key (1,568 bytes) and adds 1,584. All context goes into `info` (at most 65535 bytes; docs/envelopes.md has the formats for
/// TURN credentials and API keys); whoever opens it must give the same. An envelope does not say who made it. Any thread.
///
/// PQRTC_INVALID_KEY for a key that fails its standard's checks, PQRTC_NON_CONTRIBUTORY if its X25519 part gives the all-zero result,
/// PQRTC_UNSUPPORTED if this build lacks the suite.
///
/// # Safety
/// Each pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_envelope_seal(
    suite: u32,
    pk: *const u8,
    pk_len: usize,
    info: *const u8,
    info_len: usize,
    r#in: *const u8,
    in_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let (pk, info) = (Input::required(pk, pk_len)?, Input::optional(info, info_len)?);
        let (payload, out) = (Input::optional(r#in, in_len)?, VarOutput::new(out, out_cap, out_len)?);
        let suite = Suite::try_from(suite)?;
        let (pk, info) = (pk.exactly(suite.public_key_len())?, info.between(0, MAX_INFO_BYTES)?);
        let (payload, out) = (payload.between(0, MAX_PAYLOAD_BYTES)?, out.sane()?);
        disjoint(&[&pk, &info, &payload], &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let sealed = out.take(payload.len() + overhead(suite))?;
            out.set_written(envelope::seal(suite, pk.bytes(), info.bytes(), payload.bytes(), sealed)?);
        }
        Ok(())
    })
}

/// Opens an envelope with the key pair that it was sealed for: an X-Wing pair (suite 1) or an ML-KEM-1024 pair (suite 2). One of the two is
/// NULL; PQRTC_INVALID_ARGUMENT if both are there, PQRTC_NULL_POINTER if none is. `info` is what it was sealed under. The payload is shorter
/// than `in` by 1,136 or 1,584 bytes. Any number of threads.
///
/// PQRTC_INVALID_ARGUMENT for a pair of another suite or algorithm. PQRTC_DECRYPTION_FAILED if the envelope was altered, is for another key or
/// was sealed under another context; `out` is zeroed or untouched then.
///
/// # Safety
/// `xwing` and `kem1024` are NULL or live handles, each other pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_envelope_open(
    xwing: *const pqrtc_hybrid_keypair,
    kem1024: *const pqrtc_kem_keypair,
    info: *const u8,
    info_len: usize,
    r#in: *const u8,
    in_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let key = match unsafe { handle::optional(kem1024) } {
            // SAFETY: as the caller promises.
            None => Key::XWing(&unsafe { handle::get(xwing) }?.0),
            Some(_) if !xwing.is_null() => return Err(Error::InvalidArgument),
            Some(pair) => Key::MlKem1024(&pair.0),
        };
        let (info, envelope) = (Input::optional(info, info_len)?, Input::required(r#in, in_len)?);
        let out = VarOutput::new(out, out_cap, out_len)?;
        let overhead = overhead(key.suite()?);
        let (info, envelope) =
            (info.between(0, MAX_INFO_BYTES)?, envelope.between(overhead, overhead + MAX_PAYLOAD_BYTES)?);
        let out = out.sane()?;
        disjoint(&[&info, &envelope], &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let payload = out.take(envelope.len() - overhead)?;
            out.set_written(envelope::open(key, info.bytes(), envelope.bytes(), payload)?);
        }
        Ok(())
    })
}

/// Signs an envelope, and whom it is for with it, as the issuer of an API key does: under a context of the library's own, over SHA-512(info) and
/// the envelope. `signature` takes exactly the length of the key's algorithm. Any number of threads.
///
/// # Safety
/// `issuer` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_envelope_sign(
    issuer: *const pqrtc_signing_key,
    info: *const u8,
    info_len: usize,
    envelope: *const u8,
    envelope_len: usize,
    signature: *mut u8,
    signature_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let issuer = unsafe { handle::get(issuer) }?;
        let (info, envelope) = (Input::optional(info, info_len)?, Input::required(envelope, envelope_len)?);
        let signature = Output::required(signature, signature_len)?;
        let (info, envelope) = (info.between(0, MAX_INFO_BYTES)?, envelope.between(1, MAX_ENVELOPE_BYTES)?);
        let signature = signature.exactly(issuer.0.algorithm().signature_len())?;
        disjoint(&[&info, &envelope], &[&signature])?;
        // SAFETY: checked above.
        unsafe { envelope::sign(&issuer.0, info.bytes(), envelope.bytes(), signature.bytes()) }
    })
}

/// Verifies what pqrtc_envelope_sign() made: PQRTC_BAD_SIGNATURE if it is not the issuer's signature of this envelope under this context. Any
/// thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_envelope_verify(
    algorithm: u32,
    pk: *const u8,
    pk_len: usize,
    info: *const u8,
    info_len: usize,
    envelope: *const u8,
    envelope_len: usize,
    signature: *const u8,
    signature_len: usize,
) -> pqrtc_status {
    guard(|| {
        let (pk, info) = (Input::required(pk, pk_len)?, Input::optional(info, info_len)?);
        let (envelope, signature) =
            (Input::required(envelope, envelope_len)?, Input::required(signature, signature_len)?);
        let algorithm = SignatureAlgorithm::try_from(algorithm)?;
        let (pk, info) = (pk.exactly(algorithm.public_key_len())?, info.between(0, MAX_INFO_BYTES)?);
        let envelope = envelope.between(1, MAX_ENVELOPE_BYTES)?;
        let signature = signature.exactly(algorithm.signature_len())?;
        // SAFETY: checked above.
        unsafe { envelope::verify(algorithm, pk.bytes(), info.bytes(), envelope.bytes(), signature.bytes()) }
    })
}
