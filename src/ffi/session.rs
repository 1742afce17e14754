//! `pqrtc_session`: what two peers share after a key exchange.

use super::args::{Input, Output, VarOutput, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle;
use crate::session::{
    KEY_BYTES, MAX_CONTEXT_BYTES, MAX_EXPORT_BYTES, MAX_LABEL_BYTES, MAX_PAYLOAD_BYTES, Role, SEAL_OVERHEAD_BYTES,
    SFRAME_BASE_KEY_BYTES, Session, SrtpProfile,
};
use std::sync::Arc;

/// An SRTP protection profile, by its IANA number.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_srtp_profile {
    /// 16-byte keys, 14-byte salts: 60 bytes in all.
    PQRTC_SRTP_AES128_CM_HMAC_SHA1_80 = 1,
    /// 16-byte keys, 12-byte salts: 56 bytes in all.
    PQRTC_SRTP_AEAD_AES_128_GCM = 7,
    /// 32-byte keys, 12-byte salts: 88 bytes in all.
    PQRTC_SRTP_AEAD_AES_256_GCM = 8,
}

/// The result of a key exchange. Zeroed when it is freed.
#[allow(non_camel_case_types)]
// Not a plain attribute, which cbindgen would see and show C what is inside.
#[cfg_attr(feature = "capi", repr(transparent))]
pub struct pqrtc_session(pub(super) Session);

impl pqrtc_session {
    /// The same share.
    pub(super) fn of(session: Arc<Session>) -> Arc<Self> {
        // SAFETY: the one type is the other, in a transparent wrapper.
        unsafe { Arc::from_raw(Arc::into_raw(session).cast()) }
    }
}

/// Writes the 32-byte session key itself, a secret, for code that was written to the V100 description; prefer pqrtc_session_export(). Any
/// number of threads may use one session.
///
/// # Safety
/// `s` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_session_key(s: *const pqrtc_session, out: *mut u8, out_len: usize) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let out = Output::required(out, out_len)?.exactly(KEY_BYTES)?;
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(s.0.key().as_bytes());
        Ok(())
    })
}

/// Fills `out` (1 to 16320 bytes) with a key of the application's own (HKDF-SHA512, RFC 5869): the same on both sides, another for each
/// label (1 to 124 bytes), context (0 to 65535 bytes) and length; PQRTC_INVALID_LENGTH beyond these. Any number of threads.
///
/// # Safety
/// `s` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_session_export(
    s: *const pqrtc_session,
    label: *const u8,
    label_len: usize,
    context: *const u8,
    context_len: usize,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let (label, context) = (Input::required(label, label_len)?, Input::optional(context, context_len)?);
        let out = Output::required(out, out_len)?;
        let (label, context) = (label.between(1, MAX_LABEL_BYTES)?, context.between(0, MAX_CONTEXT_BYTES)?);
        let out = out.between(1, MAX_EXPORT_BYTES)?;
        disjoint(&[&label, &context], &[&out])?;
        // SAFETY: checked above.
        unsafe { s.0.export(label.bytes(), context.bytes(), out.bytes()) }
    })
}

/// Writes SRTP master keys and salts for a profile, in the order of RFC 5764 section 4.2 with the initiator as client: `client_key ||
/// server_key || client_salt || server_salt` (60, 56 or 88 bytes). Any number of threads.
///
/// # Safety
/// `s` is NULL or a live handle, `out` is NULL or writable for `out_cap` bytes, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_session_srtp_keys(
    s: *const pqrtc_session,
    profile: u32,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let profile = SrtpProfile::try_from(profile)?;
        let out = out.sane()?;
        disjoint(&[], &[&out])?;
        let needed = profile.key_material_len();
        // SAFETY: checked above.
        s.0.srtp_keys(profile, unsafe { out.take(needed) }?)?;
        // SAFETY: checked above.
        unsafe { out.set_written(needed) };
        Ok(())
    })
}

/// Writes the 32-byte SFrame base key of the sender with this role (1 initiator, 2 responder) and KID, a secret, for an SFrame engine that is
/// not this library's (libwebrtc, W3C). The other side gives the same for the same role.
///
/// A key of this side's own role is given away with that, as often as it is asked for: pqrtc_sframe_sender_new() for the KID is
/// PQRTC_KEY_REUSED from then on, since two senders that count by themselves would use nonces twice. PQRTC_KEY_REUSED if such a sender was
/// made before. PQRTC_INVALID_ARGUMENT for another role. Any number of threads.
///
/// # Safety
/// `s` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_session_sframe_base_key(
    s: *const pqrtc_session,
    sender_role: u32,
    kid: u64,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let out = Output::required(out, out_len)?;
        let sender = Role::try_from(sender_role)?;
        let out = out.exactly(SFRAME_BASE_KEY_BYTES)?;
        let key = s.0.sframe_base_key(sender, kid)?;
        if sender == s.0.role() {
            key.give_away()?;
        }
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(key.as_bytes());
        Ok(())
    })
}

/// Seals a small payload for the peer, such as a group key: `sequence(8) || nonce(12) || AES-256-GCM ciphertext || tag(16)`, so
/// `plaintext_len + 36` bytes. `aad` is authenticated and not sent. At most 1048576 bytes of plaintext and 65535 of `aad`; both may be
/// empty. PQRTC_RNG_FAILED without randomness. Any number of threads may use one session.
///
/// # Safety
/// `s` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_session_seal(
    s: *const pqrtc_session,
    aad: *const u8,
    aad_len: usize,
    plaintext: *const u8,
    plaintext_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let (aad, plaintext) = (Input::optional(aad, aad_len)?, Input::optional(plaintext, plaintext_len)?);
        let out = VarOutput::new(out, out_cap, out_len)?;
        let (aad, plaintext) = (aad.between(0, MAX_CONTEXT_BYTES)?, plaintext.between(0, MAX_PAYLOAD_BYTES)?);
        let out = out.sane()?;
        disjoint(&[&aad, &plaintext], &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let buffer = out.take(plaintext.len() + SEAL_OVERHEAD_BYTES)?;
            out.set_written(s.0.seal(aad.bytes(), plaintext.bytes(), buffer)?);
        }
        Ok(())
    })
}

/// Opens what the peer sealed; gives `sealed_len - 36` bytes. PQRTC_DECRYPTION_FAILED for anything that the peer did not seal with this
/// `aad`, PQRTC_REPLAYED_FRAME for a message that this handle has opened before or that is 1024 or more behind; `out` is then zeroed or
/// untouched. Any number of threads may use one session.
///
/// # Safety
/// `s` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_session_open(
    s: *const pqrtc_session,
    aad: *const u8,
    aad_len: usize,
    sealed: *const u8,
    sealed_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let (aad, sealed) = (Input::optional(aad, aad_len)?, Input::required(sealed, sealed_len)?);
        let out = VarOutput::new(out, out_cap, out_len)?;
        let aad = aad.between(0, MAX_CONTEXT_BYTES)?;
        let sealed = sealed.between(SEAL_OVERHEAD_BYTES, SEAL_OVERHEAD_BYTES + MAX_PAYLOAD_BYTES)?;
        let out = out.sane()?;
        disjoint(&[&aad, &sealed], &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let buffer = out.take(sealed.len() - SEAL_OVERHEAD_BYTES)?;
            out.set_written(s.0.open(aad.bytes(), sealed.bytes(), buffer)?);
        }
        Ok(())
    })
}

/// Zeroes and frees a session; NULL is allowed. Nothing may use it at the same time or afterwards. Keys derived from it live on.
///
/// # Safety
/// `s` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_session_free(s: *mut pqrtc_session) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free_shared(s) });
}
