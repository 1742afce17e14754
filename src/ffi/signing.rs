//! `pqrtc_signing_key` and `pqrtc_artifact_hasher`: ML-DSA-65 signatures.

use super::args::{Input, Output, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle::{self, slot};
use crate::signing::{self, ArtifactHasher, ArtifactKind, MAX_CONTEXT_BYTES, SignatureAlgorithm, SigningKey};

const A: SignatureAlgorithm = SignatureAlgorithm::MlDsa65;

/// What kind of artifact a signature is for. A signature of one kind never verifies as another.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_artifact_kind {
    /// The manifest of a recording, or the recording itself.
    PQRTC_ARTIFACT_RECORDING_MANIFEST = 1,
    /// A transcript.
    PQRTC_ARTIFACT_TRANSCRIPT = 2,
    /// A meeting summary.
    PQRTC_ARTIFACT_SUMMARY = 3,
    /// An envelope around an API key.
    PQRTC_ARTIFACT_API_KEY_ENVELOPE = 4,
}

/// An ML-DSA-65 signing key (FIPS 204). Zeroed when it is freed.
#[allow(non_camel_case_types)]
pub struct pqrtc_signing_key(SigningKey);

/// Hashes an artifact that comes in pieces, in constant memory.
#[allow(non_camel_case_types)]
pub struct pqrtc_artifact_hasher(ArtifactHasher);

/// Generates a signing key. PQRTC_RNG_FAILED without randomness. Any thread. Free it with pqrtc_signing_key_free().
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_generate(out: *mut *mut pqrtc_signing_key) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put(pqrtc_signing_key(SigningKey::generate(A)?));
        Ok(())
    })
}

/// Makes the signing key of a 32-byte seed (FIPS 204, algorithm 6). The seed is copied; wipe yours. Any thread.
///
/// # Safety
/// `seed` is readable for `seed_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_from_seed(
    seed: *const u8,
    seed_len: usize,
    out: *mut *mut pqrtc_signing_key,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let seed = Input::required(seed, seed_len)?.exactly(A.seed_len())?;
        disjoint(&[&seed], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_signing_key(SigningKey::from_seed(A, unsafe { seed.bytes() })?));
        Ok(())
    })
}

/// Writes the 1952-byte public key. Any number of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_public_key(
    k: *const pqrtc_signing_key,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let out = Output::required(out, out_len)?.exactly(A.public_key_len())?;
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(k.0.public_key());
        Ok(())
    })
}

/// Writes the 32-byte seed, a secret. Any number of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_seed(
    k: *const pqrtc_signing_key,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let out = Output::required(out, out_len)?.exactly(A.seed_len())?;
        // SAFETY: checked above.
        k.0.seed(unsafe { out.bytes() })
    })
}

/// Signs a message with ML-DSA-65, pure and hedged (FIPS 204, algorithm 2): writes 3309 bytes. `context` is the FIPS 204 context string,
/// 0 to 255 bytes; empty is what the V100 description uses. One that begins with "pqrtc " is PQRTC_INVALID_ARGUMENT, because those belong
/// to artifacts. PQRTC_RNG_FAILED without randomness. Any number of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sign(
    k: *const pqrtc_signing_key,
    context: *const u8,
    context_len: usize,
    msg: *const u8,
    msg_len: usize,
    sig: *mut u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let (context, msg) = (Input::optional(context, context_len)?, Input::optional(msg, msg_len)?);
        let sig = Output::required(sig, sig_len)?;
        let (context, msg) = (context.between(0, MAX_CONTEXT_BYTES)?, msg.sane()?);
        let sig = sig.exactly(A.signature_len())?;
        disjoint(&[&context, &msg], &[&sig])?;
        // SAFETY: checked above.
        unsafe { k.0.sign(context.bytes(), msg.bytes(), sig.bytes()) }
    })
}

/// Verifies an ML-DSA-65 signature (FIPS 204, algorithm 3). PQRTC_BAD_SIGNATURE if it is not one of this message under this context. Any
/// thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_verify(
    pk: *const u8,
    pk_len: usize,
    context: *const u8,
    context_len: usize,
    msg: *const u8,
    msg_len: usize,
    sig: *const u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        let pk = Input::required(pk, pk_len)?;
        let (context, msg) = (Input::optional(context, context_len)?, Input::optional(msg, msg_len)?);
        let sig = Input::required(sig, sig_len)?;
        let (pk, sig) = (pk.exactly(A.public_key_len())?, sig.exactly(A.signature_len())?);
        let (context, msg) = (context.between(0, MAX_CONTEXT_BYTES)?, msg.sane()?);
        // SAFETY: checked above.
        unsafe { signing::verify(A, pk.bytes(), context.bytes(), msg.bytes(), sig.bytes()) }
    })
}

/// Signs an artifact that is in memory, as SHA3-256 of it under the context string of its kind: writes 3309 bytes. PQRTC_INVALID_ARGUMENT
/// for an unknown kind, PQRTC_RNG_FAILED without randomness. Any number of threads may use one key.
///
/// # Safety
/// `k` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_sign(
    k: *const pqrtc_signing_key,
    kind: u32,
    content: *const u8,
    content_len: usize,
    sig: *mut u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let (content, sig) = (Input::optional(content, content_len)?, Output::required(sig, sig_len)?);
        let kind = ArtifactKind::try_from(kind)?;
        let (content, sig) = (content.sane()?, sig.exactly(A.signature_len())?);
        disjoint(&[&content], &[&sig])?;
        // SAFETY: checked above.
        unsafe { k.0.sign_artifact(kind, content.bytes(), sig.bytes()) }
    })
}

/// Verifies the signature of an artifact that is in memory. PQRTC_BAD_SIGNATURE if it is not one of this content and kind,
/// PQRTC_INVALID_ARGUMENT for an unknown kind. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_verify(
    pk: *const u8,
    pk_len: usize,
    kind: u32,
    content: *const u8,
    content_len: usize,
    sig: *const u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        let (pk, content) = (Input::required(pk, pk_len)?, Input::optional(content, content_len)?);
        let sig = Input::required(sig, sig_len)?;
        let kind = ArtifactKind::try_from(kind)?;
        let (pk, content, sig) = (pk.exactly(A.public_key_len())?, content.sane()?, sig.exactly(A.signature_len())?);
        // SAFETY: checked above.
        unsafe { signing::verify_artifact(A, pk.bytes(), kind, content.bytes(), sig.bytes()) }
    })
}

/// Zeroes and frees a signing key; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `k` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_signing_key_free(k: *mut pqrtc_signing_key) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(k) });
}

/// Makes a hasher for an artifact that does not fit in memory. PQRTC_INVALID_ARGUMENT for an unknown kind. Any thread. Free it with
/// pqrtc_artifact_hasher_free().
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_new(kind: u32, out: *mut *mut pqrtc_artifact_hasher) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put(pqrtc_artifact_hasher(ArtifactHasher::new(kind.try_into()?)));
        Ok(())
    })
}

/// Feeds the next piece, which may be empty. One thread at a time.
///
/// # Safety
/// `h` is NULL or a live handle that nobody else uses meanwhile, `data` is readable for `data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_update(
    h: *mut pqrtc_artifact_hasher,
    data: *const u8,
    data_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let h = unsafe { handle::get_mut(h) }?;
        let data = Input::optional(data, data_len)?.sane()?;
        // SAFETY: checked above.
        h.0.update(unsafe { data.bytes() });
        Ok(())
    })
}

/// Signs what has been fed so far, as pqrtc_artifact_sign() would: writes 3309 bytes. More may be fed afterwards. Any number of threads, but
/// none in pqrtc_artifact_hasher_update() meanwhile.
///
/// # Safety
/// `h` and `k` are NULL or live handles, `sig` is writable for `sig_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_sign(
    h: *const pqrtc_artifact_hasher,
    k: *const pqrtc_signing_key,
    sig: *mut u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let (h, k) = unsafe { (handle::get(h)?, handle::get(k)?) };
        let sig = Output::required(sig, sig_len)?.exactly(A.signature_len())?;
        // SAFETY: checked above.
        h.0.sign(&k.0, unsafe { sig.bytes() })
    })
}

/// Verifies the signature of what has been fed so far, as pqrtc_artifact_verify() would. More may be fed afterwards. Any number of threads,
/// but none in pqrtc_artifact_hasher_update() meanwhile.
///
/// # Safety
/// `h` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_verify(
    h: *const pqrtc_artifact_hasher,
    pk: *const u8,
    pk_len: usize,
    sig: *const u8,
    sig_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let h = unsafe { handle::get(h) }?;
        let (pk, sig) = (Input::required(pk, pk_len)?, Input::required(sig, sig_len)?);
        let (pk, sig) = (pk.exactly(A.public_key_len())?, sig.exactly(A.signature_len())?);
        // SAFETY: checked above.
        unsafe { h.0.verify(A, pk.bytes(), sig.bytes()) }
    })
}

/// Frees a hasher; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `h` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_artifact_hasher_free(h: *mut pqrtc_artifact_hasher) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(h) });
}
