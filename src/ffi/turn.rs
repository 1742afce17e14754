//! TURN credentials. They have no handle: a wrapped one is opened with a `pqrtc_kem_keypair`.

use super::args::{Input, VarOutput, disjoint};
use super::guard::{guard, pqrtc_status};
use super::handle;
use super::kem::pqrtc_kem_keypair;
use crate::error::Error;
use crate::kem::KemAlgorithm;
use crate::turn::{self, MAX_CREDENTIAL_BYTES, wrap_overhead};
use core::ffi::c_char;

/// Mints a TURN REST credential as coturn's `use-auth-secret` checks it: `username = expires_at || ":" || user` (the expiry alone if
/// `user` is empty) and `password = base64(HMAC-SHA1(secret, username))`, 28 bytes. Neither output ends in a NUL. `expires_at` is in Unix
/// seconds. PQRTC_INVALID_LENGTH if the secret is empty or the username comes to more than 508 bytes. PQRTC_INVALID_ARGUMENT for what no
/// coturn accepts: an expiry of 2^31 or later (milliseconds land there), and spaces, quotes, backslashes and control characters in `user`,
/// or the words "union" and "select" together. If either buffer is too small both lengths are set to what is needed. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it, both written lengths are writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_turn_credential_mint(
    secret: *const u8,
    secret_len: usize,
    user: *const c_char,
    user_len: usize,
    expires_at: u64,
    username: *mut c_char,
    username_cap: usize,
    username_len: *mut usize,
    password: *mut c_char,
    password_cap: usize,
    password_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let (secret, user) = (Input::required(secret, secret_len)?, Input::optional(user.cast(), user_len)?);
        let username = VarOutput::new(username.cast(), username_cap, username_len)?;
        let password = VarOutput::new(password.cast(), password_cap, password_len)?;
        let (secret, user) =
            (secret.between(1, isize::MAX as usize)?, user.between(0, turn::max_user_bytes(expires_at))?);
        let (username, password) = (username.sane()?, password.sane()?);
        disjoint(&[&secret, &user], &[&username, &password])?;
        // SAFETY: checked above.
        let credential = unsafe { turn::mint(secret.bytes(), user.bytes(), expires_at) }?;
        let parts = [(username, credential.username()), (password, credential.password())];
        // SAFETY: checked above.
        if parts.iter().fold(false, |short, (out, text)| short | unsafe { out.take(text.len()) }.is_err()) {
            // SAFETY: checked above.
            parts.iter().for_each(|(out, text)| unsafe { out.set_written(text.len()) });
            return Err(Error::BufferTooSmall);
        }
        for (out, text) in parts {
            // SAFETY: checked above.
            unsafe {
                out.take(text.len())?.copy_from_slice(text);
                out.set_written(text.len());
            }
        }
        Ok(())
    })
}

/// Verifies a TURN REST credential at the time `now` (Unix seconds), with any of the usernames that coturn takes: `expiry:user`,
/// `user:expiry`, `:expiry`, or the expiry alone. PQRTC_CREDENTIAL_REJECTED if the password is wrong or the username is none of these,
/// PQRTC_CREDENTIAL_EXPIRED if the password is right and the expiry not after `now`, PQRTC_INVALID_LENGTH if the secret is empty. Passwords
/// are compared in constant time. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_turn_credential_verify(
    secret: *const u8,
    secret_len: usize,
    username: *const c_char,
    username_len: usize,
    password: *const c_char,
    password_len: usize,
    now: u64,
) -> pqrtc_status {
    guard(|| {
        let secret = Input::required(secret, secret_len)?;
        let username = Input::optional(username.cast(), username_len)?;
        let password = Input::optional(password.cast(), password_len)?;
        let secret = secret.between(1, isize::MAX as usize)?;
        let (username, password) = (username.sane()?, password.sane()?);
        // SAFETY: checked above.
        unsafe { turn::verify(secret.bytes(), username.bytes(), password.bytes(), now) }
    })
}

/// Wraps a credential of any content (0 to 1048576 bytes) for the holder of the key `ek` of a `pqrtc_kem_algorithm`: `ct || nonce(12) ||
/// AES-256-GCM ciphertext || tag(16)`, so `credential_len + 1116` bytes with ML-KEM-768 and `credential_len + 1596` with ML-KEM-1024. PQRTC_INVALID_KEY if a coefficient of `ek` is 3329 or more,
/// PQRTC_RNG_FAILED without randomness. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_turn_wrap(
    algorithm: u32,
    ek: *const u8,
    ek_len: usize,
    credential: *const u8,
    credential_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let (ek, credential) = (Input::required(ek, ek_len)?, Input::optional(credential, credential_len)?);
        let out = VarOutput::new(out, out_cap, out_len)?;
        let algorithm = KemAlgorithm::try_from(algorithm)?;
        let (ek, credential) = (ek.exactly(algorithm.public_key_len())?, credential.between(0, MAX_CREDENTIAL_BYTES)?);
        let out = out.sane()?;
        disjoint(&[&ek, &credential], &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let buffer = out.take(credential.len() + wrap_overhead(algorithm))?;
            out.set_written(turn::wrap(algorithm, ek.bytes(), credential.bytes(), buffer)?);
        }
        Ok(())
    })
}

/// Unwraps a credential with the recipient's key pair; gives `wrapped_len` less what wrapping added. PQRTC_DECRYPTION_FAILED if it was altered or
/// wrapped for another key; `out` is then zeroed or untouched. Any number of threads may use one pair.
///
/// # Safety
/// `kp` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_turn_unwrap(
    kp: *const pqrtc_kem_keypair,
    wrapped: *const u8,
    wrapped_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        let wrapped = Input::required(wrapped, wrapped_len)?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let overhead = wrap_overhead(kp.0.algorithm());
        let wrapped = wrapped.between(overhead, overhead + MAX_CREDENTIAL_BYTES)?;
        let out = out.sane()?;
        disjoint(&[&wrapped], &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let buffer = out.take(wrapped.len() - overhead)?;
            out.set_written(turn::unwrap(&kp.0, wrapped.bytes(), buffer)?);
        }
        Ok(())
    })
}
