//! Keys in the files of other software: PKCS#8, SubjectPublicKeyInfo, PEM.

use super::args::{Input, Place, Span, VarOutput, disjoint};
use super::guard::{guard, pqrtc_status};
use super::handle::{self, slot};
use super::{pqrtc_kem_keypair, pqrtc_signing_key};
use crate::error::Result;
use crate::kem::KemKeypair;
use crate::keyfile::{self, Format, MAX_FILE_BYTES, PublicKeyAlgorithm};
use crate::signing::SigningKey;
use zeroize::Zeroizing;

/// How a key is written.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_format {
    /// Binary.
    PQRTC_FORMAT_DER = 1,
    /// Text (RFC 7468), in lines of 64 characters that end in a line feed. No NUL at its end.
    PQRTC_FORMAT_PEM = 2,
}

/// Added to the number of an ML-KEM algorithm where a function takes the public keys of both kinds.
pub const PQRTC_PUBLIC_KEY_KEM: u32 = 0x100;

/// Reads a signing key from a PKCS#8 file of at most 65536 bytes, DER or PEM: ML-DSA (RFC 9881) as seed, expanded key or both, the
/// composite as its draft has it. PEM may have any line ends, blank lines and text around it. A key that comes in expanded form alone
/// signs, and pqrtc_signing_key_seed() is PQRTC_UNSUPPORTED for it.
/// PQRTC_INVALID_LENGTH for an empty or longer file; PQRTC_INVALID_KEY for what is no such file (an encrypted one, trailing bytes), another
/// kind of key, a key that fails the checks of FIPS 204, a seed and an expanded key that disagree, or a public key in the file that is
/// another's; PQRTC_UNSUPPORTED for an algorithm that is not in this build. The key is copied; wipe yours. Any thread.
///
/// # Safety
/// `file` is readable for `file_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_import(
    file: *const u8,
    file_len: usize,
    out: *mut *mut pqrtc_signing_key,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let file = Input::required(file, file_len)?.between(1, MAX_FILE_BYTES)?;
        disjoint(&[&file], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_signing_key(SigningKey::import(unsafe { file.bytes() })?));
        Ok(())
    })
}

/// Writes a signing key as a PKCS#8 file, a secret: its seed, or its expanded form if it has no seed. `format` is a pqrtc_format. Any number
/// of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, `out` is writable for `out_cap` bytes or NULL, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_export(
    k: *const pqrtc_signing_key,
    format: u32,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let format = Format::try_from(format)?;
        // SAFETY: as the caller promises.
        unsafe { write(out, &[], || k.0.export(format)) }
    })
}

/// Reads an ML-KEM key pair from a PKCS#8 file of at most 65536 bytes, DER or PEM (RFC 9935): seed, expanded key or both. As
/// pqrtc_signing_key_import(), with the checks of FIPS 203 section 7.3.
///
/// # Safety
/// `file` is readable for `file_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_import(
    file: *const u8,
    file_len: usize,
    out: *mut *mut pqrtc_kem_keypair,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let file = Input::required(file, file_len)?.between(1, MAX_FILE_BYTES)?;
        disjoint(&[&file], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_kem_keypair(KemKeypair::import(unsafe { file.bytes() })?));
        Ok(())
    })
}

/// Writes an ML-KEM key pair as a PKCS#8 file, a secret, as pqrtc_signing_key_export() does.
///
/// # Safety
/// `kp` is NULL or a live handle, `out` is writable for `out_cap` bytes or NULL, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_export(
    kp: *const pqrtc_kem_keypair,
    format: u32,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let format = Format::try_from(format)?;
        // SAFETY: as the caller promises.
        unsafe { write(out, &[], || kp.0.export(format)) }
    })
}

/// Reads a public key from a SubjectPublicKeyInfo file of at most 65536 bytes, DER or PEM: writes its algorithm, a pqrtc_signature_algorithm
/// or PQRTC_PUBLIC_KEY_KEM + a pqrtc_kem_algorithm, and the raw key. `algorithm` is written on success alone. PQRTC_INVALID_LENGTH for an
/// empty or longer file, PQRTC_INVALID_KEY for what is no such file, another algorithm's or an ML-KEM key that fails the modulus check of
/// FIPS 203 section 7.2, PQRTC_UNSUPPORTED for an algorithm that is not in this build. Any thread.
///
/// # Safety
/// `file` is readable for `file_len` bytes, `algorithm` is writable, `out` is writable for `out_cap` bytes or NULL, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_public_key_import(
    file: *const u8,
    file_len: usize,
    algorithm: *mut u32,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let file = Input::required(file, file_len)?;
        let algorithm = Place::required(algorithm)?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let (file, out) = (file.between(1, MAX_FILE_BYTES)?, out.sane()?);
        disjoint(&[&file], &[&algorithm, &out])?;
        // SAFETY: checked above.
        unsafe {
            let (found, raw) = keyfile::import_public_key(file.bytes())?;
            out.take(raw.len())?.copy_from_slice(&raw);
            out.set_written(raw.len());
            algorithm.set(found.number());
        }
        Ok(())
    })
}

/// Writes a public key as a SubjectPublicKeyInfo file. `algorithm` is as pqrtc_public_key_import() gives it, `format` a pqrtc_format.
/// PQRTC_INVALID_LENGTH if the key is not as long as the algorithm's, PQRTC_INVALID_KEY if an ML-KEM key fails the modulus check of
/// FIPS 203 section 7.2. Any thread.
///
/// # Safety
/// `raw` is readable for `raw_len` bytes, `out` is writable for `out_cap` bytes or NULL, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_public_key_export(
    algorithm: u32,
    raw: *const u8,
    raw_len: usize,
    format: u32,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let (raw, out) = (Input::required(raw, raw_len)?, VarOutput::new(out, out_cap, out_len)?);
        let (algorithm, format) = (PublicKeyAlgorithm::try_from(algorithm)?, Format::try_from(format)?);
        let raw = raw.exactly(algorithm.public_key_len())?;
        // SAFETY: checked above.
        unsafe { write(out, &[&raw], || keyfile::export_public_key(algorithm, raw.bytes(), format).map(Into::into)) }
    })
}

/// Writes what `make` makes.
///
/// # Safety
/// The C caller vouches for `out` and the inputs.
unsafe fn write(out: VarOutput, inputs: &[&dyn Span], make: impl FnOnce() -> Result<Zeroizing<Vec<u8>>>) -> Result<()> {
    let out = out.sane()?;
    disjoint(inputs, &[&out])?;
    let file = make()?;
    // SAFETY: as the caller promises, and checked above.
    unsafe {
        out.take(file.len())?.copy_from_slice(&file);
        out.set_written(file.len());
    }
    Ok(())
}
