//! `pqrtc_recording_signer` and `pqrtc_recording_verifier`: recordings in segments.

use super::args::{Input, VarOutput, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle::{self, slot};
use super::signing::pqrtc_signing_key;
use crate::error::Error;
use crate::recording::{MAX_ID_BYTES, Signer, Verifier, cose_len, entry_len, state_len};
use crate::signing::SignatureAlgorithm;

/// Signs a recording, segment by segment. It holds a share of the signing key, which is zeroed with the last one.
#[allow(non_camel_case_types)]
pub struct pqrtc_recording_signer(Signer);

/// Verifies a recording, segment by segment, in constant memory.
#[allow(non_camel_case_types)]
pub struct pqrtc_recording_verifier(Verifier);

/// Makes a signer at the beginning of a recording. `id` (1 to 64 bytes) names the recording, and no other one that this key signs. The key may
/// be freed before the signer. docs/recordings.md has the format. Any thread. Free it with pqrtc_recording_signer_free().
///
/// # Safety
/// `k` is NULL or a live handle, `id` is readable for `id_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_signer_new(
    k: *const pqrtc_signing_key,
    id: *const u8,
    id_len: usize,
    out: *mut *mut pqrtc_recording_signer,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let (out, k) = unsafe { (slot(out)?, handle::get(k)?) };
        let id = Input::required(id, id_len)?.between(1, MAX_ID_BYTES)?;
        disjoint(&[&id], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_recording_signer(Signer::new(&k.0, unsafe { id.bytes() })?));
        Ok(())
    })
}

/// Adds the next piece of the current segment, which may be empty. PQRTC_UNEXPECTED_MESSAGE after the last entry. One thread at a time.
///
/// # Safety
/// `s` is NULL or a live handle that nobody else uses meanwhile, `data` is readable for `data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_signer_update(
    s: *mut pqrtc_recording_signer,
    data: *const u8,
    data_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get_mut(s) }?;
        let data = Input::optional(data, data_len)?.sane()?;
        // SAFETY: checked above.
        s.0.update(unsafe { data.bytes() })
    })
}

/// Ends the current segment, which may be empty, and writes its entry: 3360 bytes (ML-DSA-65), 4710 (ML-DSA-87) or 3424 (ML-DSA-65 with
/// Ed25519). `last` is 1 if the recording ends with it, else 0; another value is PQRTC_INVALID_ARGUMENT. One thread at a time.
///
/// PQRTC_UNEXPECTED_MESSAGE after the last entry, PQRTC_COUNTER_EXHAUSTED after 2^64 - 1 entries, PQRTC_RNG_FAILED without randomness. After any
/// failure, PQRTC_BUFFER_TOO_SMALL too, the segment is as it was and its entry can be asked for again.
///
/// # Safety
/// `s` is NULL or a live handle that nobody else uses meanwhile, `out` is writable for `out_cap` bytes, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_signer_entry(
    s: *mut pqrtc_recording_signer,
    last: u32,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get_mut(s) }?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let last = match last {
            0 => false,
            1 => true,
            _ => return Err(Error::InvalidArgument),
        };
        let out = out.sane()?;
        disjoint(&[], &[&out])?;
        // SAFETY: checked above.
        unsafe { out.set_written(s.0.entry(last, out.take(entry_len(s.0.algorithm()))?)?) };
        Ok(())
    })
}

/// Writes the state, from which pqrtc_recording_signer_resume() goes on: 43 bytes, or 75 with ML-DSA-87. There is no secret in it, but who can
/// change it can make the rest of the recording worthless. Store it after each entry, once the entry is stored. Any number of threads, but none in
/// pqrtc_recording_signer_update() or pqrtc_recording_signer_entry() meanwhile.
///
/// PQRTC_UNEXPECTED_MESSAGE within a segment: the state would not have its bytes.
///
/// # Safety
/// `s` is NULL or a live handle, `out` is writable for `out_cap` bytes, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_signer_state(
    s: *const pqrtc_recording_signer,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let out = VarOutput::new(out, out_cap, out_len)?.sane()?;
        disjoint(&[], &[&out])?;
        // SAFETY: checked above.
        unsafe { out.set_written(s.0.state(out.take(state_len(s.0.algorithm()))?)?) };
        Ok(())
    })
}

/// Signs the entry that was made last once more, as a COSE_Sign1 message (RFC 9052, RFC 9964), for verifiers that have a COSE library and not this
/// one: 3405 bytes, or 4787 with ML-DSA-87. It contains what an entry signs, and its external_aad is "pqrtc recording-segment v1".
/// docs/recordings.md says how to verify it. Any number of threads, but none in pqrtc_recording_signer_update() or
/// pqrtc_recording_signer_entry() meanwhile.
///
/// PQRTC_UNSUPPORTED for a key of ML-DSA-65 with Ed25519, for which COSE has no number. PQRTC_UNEXPECTED_MESSAGE if this signer has made no entry
/// yet, which one that was resumed has not. PQRTC_RNG_FAILED without randomness.
///
/// # Safety
/// `s` is NULL or a live handle, `out` is writable for `out_cap` bytes, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_signer_cose(
    s: *const pqrtc_recording_signer,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let out = VarOutput::new(out, out_cap, out_len)?.sane()?;
        disjoint(&[], &[&out])?;
        // SAFETY: checked above.
        unsafe { out.set_written(s.0.cose(out.take(cose_len(s.0.algorithm())?)?)?) };
        Ok(())
    })
}

/// Makes a signer that goes on where another one gave `state`, with the same key and identifier. After the last entry it signs nothing more. A
/// state that is resumed twice gives two recordings that verify: see to it that only one recorder does. Any thread. Free it with
/// pqrtc_recording_signer_free().
///
/// PQRTC_MALFORMED_MESSAGE if `state` is none, is of another algorithm than the key, or is that of another recording before its first entry. A later
/// state does not tell: entries that are made after one of another recording or key do not verify.
///
/// # Safety
/// `k` is NULL or a live handle, each other pointer is valid for the length beside it, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_signer_resume(
    k: *const pqrtc_signing_key,
    id: *const u8,
    id_len: usize,
    state: *const u8,
    state_len: usize,
    out: *mut *mut pqrtc_recording_signer,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let (out, k) = unsafe { (slot(out)?, handle::get(k)?) };
        let (id, state) = (Input::required(id, id_len)?, Input::required(state, state_len)?);
        let (id, state) = (id.between(1, MAX_ID_BYTES)?, state.sane()?);
        disjoint(&[&id, &state], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_recording_signer(unsafe { Signer::resume(&k.0, id.bytes(), state.bytes()) }?));
        Ok(())
    })
}

/// Frees a signer; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `s` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_signer_free(s: *mut pqrtc_recording_signer) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(s) });
}

/// Makes a verifier at the beginning of the recording that `id` (1 to 64 bytes) names, for the signer's public key. Any thread. Free it with
/// pqrtc_recording_verifier_free().
///
/// # Safety
/// Each pointer is valid for the length beside it, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_verifier_new(
    algorithm: u32,
    pk: *const u8,
    pk_len: usize,
    id: *const u8,
    id_len: usize,
    out: *mut *mut pqrtc_recording_verifier,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let (pk, id) = (Input::required(pk, pk_len)?, Input::required(id, id_len)?);
        let algorithm = SignatureAlgorithm::try_from(algorithm)?;
        let (pk, id) = (pk.exactly(algorithm.public_key_len())?, id.between(1, MAX_ID_BYTES)?);
        disjoint(&[&pk, &id], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_recording_verifier(unsafe { Verifier::new(algorithm, pk.bytes(), id.bytes()) }?));
        Ok(())
    })
}

/// Adds the next piece of the current segment, which may be empty. One thread at a time.
///
/// # Safety
/// `v` is NULL or a live handle that nobody else uses meanwhile, `data` is readable for `data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_verifier_update(
    v: *mut pqrtc_recording_verifier,
    data: *const u8,
    data_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let v = unsafe { handle::get_mut(v) }?;
        let data = Input::optional(data, data_len)?.sane()?;
        // SAFETY: checked above.
        v.0.update(unsafe { data.bytes() })
    })
}

/// Verifies the entry of the segment just given. In this order: PQRTC_MALFORMED_MESSAGE if it is no entry, is of another algorithm, or comes after
/// the last one; PQRTC_OUT_OF_SEQUENCE if its index is not the next: a segment is missing, repeated or moved; PQRTC_DIGEST_MISMATCH if the segment
/// is not what the entry says; PQRTC_BAD_SIGNATURE for an altered entry, another recording, another key or another history. One thread at a time.
///
/// The first three compare fields that nobody has authenticated: they say what does not fit, not who did what. After a refusal the verifier stands
/// where it stood, and the bytes of the segment are forgotten. A NULL pointer is no refusal, and changes nothing.
///
/// # Safety
/// `v` is NULL or a live handle that nobody else uses meanwhile, `entry` is readable for `entry_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_verifier_entry(
    v: *mut pqrtc_recording_verifier,
    entry: *const u8,
    entry_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let v = unsafe { handle::get_mut(v) }?;
        let entry = Input::required(entry, entry_len)?.sane()?;
        // SAFETY: checked above.
        v.0.entry(unsafe { entry.bytes() })
    })
}

/// Says whether the recording is whole: PQRTC_INCOMPLETE before the last entry, and if bytes were given after it. Any number of threads, but none in
/// pqrtc_recording_verifier_update() or pqrtc_recording_verifier_entry() meanwhile.
///
/// # Safety
/// `v` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_verifier_finish(v: *const pqrtc_recording_verifier) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let v = unsafe { handle::get(v) }?;
        v.0.finish()
    })
}

/// Frees a verifier; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `v` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_recording_verifier_free(v: *mut pqrtc_recording_verifier) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(v) });
}
