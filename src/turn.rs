//! TURN credentials: minted and verified as coturn's `use-auth-secret` does, and wrapped for a client's ML-KEM-768 key so that a recording
//! of the signaling does not give them away.

use crate::kem::{self, KemKeypair};
use crate::provider::{self, Aead, AeadAlgorithm, AeadKey, Provider};
use crate::secret::equal;
use crate::{Error, Result};
use base64ct::{Base64, Encoding};
use zeroize::{Zeroize, Zeroizing};

/// What wrapping adds to a credential, in bytes: ciphertext, nonce and tag.
pub const WRAP_OVERHEAD_BYTES: usize = kem::CIPHERTEXT_BYTES + NONCE + TAG;
/// The longest credential that can be wrapped, in bytes.
pub const MAX_CREDENTIAL_BYTES: usize = 1 << 20;
/// The longest username, in bytes (the limit of STUN, RFC 8489 section 14.3).
pub const MAX_USERNAME_BYTES: usize = 508;
/// Length of a password, in bytes: base64 of an HMAC-SHA1.
pub const PASSWORD_BYTES: usize = 28;

const NONCE: usize = 12;
const TAG: usize = 16;

/// A username and its password, which is zeroed when it is dropped.
#[derive(Clone)]
pub struct Credential {
    username: [u8; MAX_USERNAME_BYTES],
    username_len: usize,
    password: [u8; PASSWORD_BYTES],
}

impl Credential {
    /// `expiry:user`, or the expiry alone.
    pub fn username(&self) -> &[u8] {
        &self.username[..self.username_len]
    }

    /// `base64(HMAC-SHA1(secret, username))`, with padding.
    pub fn password(&self) -> &[u8; PASSWORD_BYTES] {
        &self.password
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        self.password.zeroize();
    }
}

impl core::fmt::Debug for Credential {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Credential")
            .field("username", &String::from_utf8_lossy(self.username()))
            .finish_non_exhaustive()
    }
}

/// Mints a credential that is good until `expires_at` (Unix seconds). An empty `user` gives a username that is the expiry alone.
/// [`Error::InvalidLength`] if the secret is empty or the username comes to more than 508 bytes, [`Error::InvalidArgument`] if `user` has
/// a NUL byte.
pub fn mint(secret: &[u8], user: &[u8], expires_at: u64) -> Result<Credential> {
    if secret.is_empty() || user.len() > max_user_bytes(expires_at) {
        return Err(Error::InvalidLength);
    }
    let expiry = expires_at.to_string();
    let username_len = username_len(user.len(), &expiry);
    if user.contains(&0) {
        return Err(Error::InvalidArgument);
    }
    let mut username = [0; MAX_USERNAME_BYTES];
    username[..expiry.len()].copy_from_slice(expiry.as_bytes());
    if !user.is_empty() {
        username[expiry.len()] = b':';
        username[expiry.len() + 1..username_len].copy_from_slice(user);
    }
    let password = *password(secret, &username[..username_len])?;
    Ok(Credential { username, username_len, password })
}

/// What is left of the username for the user, beside the expiry and the colon.
pub(crate) fn max_user_bytes(expires_at: u64) -> usize {
    MAX_USERNAME_BYTES - 2 - expires_at.checked_ilog10().unwrap_or(0) as usize
}

fn username_len(user_len: usize, expiry: &str) -> usize {
    match user_len {
        0 => expiry.len(),
        len => len.saturating_add(expiry.len() + 1),
    }
}

/// Verifies a credential at the time `now` (Unix seconds). [`Error::CredentialRejected`] if the password is wrong or the username
/// malformed, [`Error::CredentialExpired`] if the password is right and the expiry not after `now`, [`Error::InvalidLength`] if the secret
/// is empty. Passwords are compared in constant time.
pub fn verify(secret: &[u8], username: &[u8], password: &[u8], now: u64) -> Result<()> {
    if secret.is_empty() {
        return Err(Error::InvalidLength);
    }
    if username.len() > MAX_USERNAME_BYTES || username.contains(&0) {
        return Err(Error::CredentialRejected);
    }
    if !equal(&self::password(secret, username)?[..], password) {
        return Err(Error::CredentialRejected);
    }
    if expiry(username).ok_or(Error::CredentialRejected)? > now { Ok(()) } else { Err(Error::CredentialExpired) }
}

/// The digits before the first colon.
fn expiry(username: &[u8]) -> Option<u64> {
    let digits = username.split(|&byte| byte == b':').next()?;
    if !(1..=20).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    core::str::from_utf8(digits).ok()?.parse().ok()
}

fn password(secret: &[u8], username: &[u8]) -> Result<Zeroizing<[u8; PASSWORD_BYTES]>> {
    let mut password = Zeroizing::new([0; PASSWORD_BYTES]);
    let mac = Zeroizing::new(provider::Active::hmac_sha1(secret, username));
    // Constant time: the password is a secret.
    Base64::encode(&mac[..], &mut password[..]).map_err(|_| Error::Internal)?;
    Ok(password)
}

/// Wraps a credential (at most 1 MiB, else [`Error::InvalidLength`]) for the holder of `ek`: `ct(1088) || nonce(12) || AES-256-GCM`.
/// Writes `credential.len() + 1116` bytes to `out` and returns how many. [`Error::InvalidKey`] if `ek` fails the modulus check of FIPS 203
/// section 7.2, [`Error::RngFailed`] without randomness.
pub fn wrap(ek: &[u8; kem::PUBLIC_KEY_BYTES], credential: &[u8], out: &mut [u8]) -> Result<usize> {
    if credential.len() > MAX_CREDENTIAL_BYTES {
        return Err(Error::InvalidLength);
    }
    let len = credential.len() + WRAP_OVERHEAD_BYTES;
    let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
    wrap_exact(ek, credential, out).inspect_err(|_| out.fill(0))?;
    Ok(len)
}

fn wrap_exact(ek: &[u8; kem::PUBLIC_KEY_BYTES], credential: &[u8], out: &mut [u8]) -> Result<()> {
    let (ct, rest) = out.split_first_chunk_mut().ok_or(Error::Internal)?;
    let (nonce, rest) = rest.split_first_chunk_mut().ok_or(Error::Internal)?;
    let (ciphertext, tag) = rest.split_at_mut(credential.len());
    let ss = kem::encapsulate(ek, ct)?;
    provider::random(nonce)?;
    Aead::new(AeadAlgorithm::Aes256Gcm, ss.as_bytes())?.seal(nonce, b"", credential, ciphertext, tag)
}

/// Unwraps a credential: writes `wrapped.len() - 1116` bytes to `out` and returns how many. [`Error::DecryptionFailed`] if it was altered
/// or wrapped for another key; `out` is then zeroed or untouched.
pub fn unwrap(pair: &KemKeypair, wrapped: &[u8], out: &mut [u8]) -> Result<usize> {
    let len = wrapped.len().checked_sub(WRAP_OVERHEAD_BYTES).ok_or(Error::InvalidLength)?;
    if len > MAX_CREDENTIAL_BYTES {
        return Err(Error::InvalidLength);
    }
    let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
    let (ct, rest) = wrapped.split_first_chunk().ok_or(Error::Internal)?;
    let (nonce, rest) = rest.split_first_chunk().ok_or(Error::Internal)?;
    let (ciphertext, tag) = rest.split_at(len);
    let ss = pair.decapsulate(ct)?;
    Aead::new(AeadAlgorithm::Aes256Gcm, ss.as_bytes())?.open(nonce, b"", ciphertext, tag, out)?;
    Ok(len)
}
