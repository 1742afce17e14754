//! TURN credentials: minted and verified as coturn's `use-auth-secret` does, and wrapped for a client's ML-KEM key so that a recording of
//! the signaling does not give them away.
//!
//! ```
//! use pqrtc::turn;
//!
//! # fn main() -> pqrtc::Result<()> {
//! let credential = turn::mint(b"static-auth-secret", b"alice", 1_800_000_000)?;
//! assert_eq!(credential.username(), b"1800000000:alice");
//! turn::verify(b"static-auth-secret", credential.username(), credential.password(), 1_799_999_999)?;
//! # Ok(())
//! # }
//! ```

use crate::kem::{self, KemAlgorithm, KemKeypair};
use crate::provider::{self, Aead, AeadAlgorithm, AeadKey, InOut, Provider, scrubbed};
use crate::secret::{Secret, equal};
use crate::{Error, Result};
use base64ct::{Base64, Encoding};
use zeroize::{Zeroize, Zeroizing};

/// The longest credential that can be wrapped, in bytes.
pub const MAX_CREDENTIAL_BYTES: usize = 1 << 20;
/// The longest username, in bytes (the limit of STUN, RFC 8489 section 14.3).
pub const MAX_USERNAME_BYTES: usize = 508;
/// Length of a password, in bytes: base64 of an HMAC-SHA1.
pub const PASSWORD_BYTES: usize = 28;
/// coturn keeps times in 32 bits with a sign: this one (2038-01-19) and later ones are refused there, and so are milliseconds.
pub const EXPIRY_LIMIT: u64 = 1 << 31;

const NONCE: usize = 12;
const TAG: usize = 16;
/// Stack that is wiped after a password or a credential was on it.
const STACK: usize = 4 << 10;

/// What wrapping for a key of this algorithm adds to a credential, in bytes: ciphertext, nonce and tag.
pub const fn wrap_overhead(algorithm: KemAlgorithm) -> usize {
    algorithm.ciphertext_len() + NONCE + TAG
}

/// A username and its password, which is zeroed when it is dropped.
#[derive(Clone)]
pub struct Credential {
    username: [u8; MAX_USERNAME_BYTES],
    username_len: usize,
    /// On the heap, so that a move leaves no copy behind.
    password: Box<[u8; PASSWORD_BYTES]>,
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
/// [`Error::InvalidLength`] if the secret is empty or the username comes to more than 508 bytes; [`Error::InvalidArgument`] for what no
/// coturn accepts: an expiry of 2^31 or later, and spaces, quotes, backslashes and control characters in `user`, or the words "union" and
/// "select" together.
pub fn mint(secret: &[u8], user: &[u8], expires_at: u64) -> Result<Credential> {
    if secret.is_empty() || user.len() > max_user_bytes(expires_at) {
        return Err(Error::InvalidLength);
    }
    if expires_at >= EXPIRY_LIMIT || !sound(user) || user.iter().any(u8::is_ascii_control) {
        return Err(Error::InvalidArgument);
    }
    let expiry = expires_at.to_string();
    let username_len = username_len(user.len(), &expiry);
    let mut credential =
        Credential { username: [0; MAX_USERNAME_BYTES], username_len, password: Box::new([0; PASSWORD_BYTES]) };
    let username = &mut credential.username[..username_len];
    username[..expiry.len()].copy_from_slice(expiry.as_bytes());
    if !user.is_empty() {
        username[expiry.len()] = b':';
        username[expiry.len() + 1..].copy_from_slice(user);
    }
    password(secret, username, &mut credential.password)?;
    Ok(credential)
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

/// Verifies a credential at the time `now` (Unix seconds), with any of the usernames that coturn takes: `expiry:user`, `user:expiry`,
/// `:expiry`, or the expiry alone. [`Error::CredentialRejected`] if the password is wrong or the username is none of these,
/// [`Error::CredentialExpired`] if the password is right and the expiry not after `now`, [`Error::InvalidLength`] if the secret is empty.
/// Passwords are compared in constant time.
pub fn verify(secret: &[u8], username: &[u8], password: &[u8], now: u64) -> Result<()> {
    if secret.is_empty() {
        return Err(Error::InvalidLength);
    }
    if username.len() > MAX_USERNAME_BYTES || !sound(username) {
        return Err(Error::CredentialRejected);
    }
    let right = scrubbed::<STACK, _>(|| {
        let mut expected = Zeroizing::new([0; PASSWORD_BYTES]);
        self::password(secret, username, &mut expected)?;
        Ok(equal(&expected[..], password))
    })?;
    if !right {
        return Err(Error::CredentialRejected);
    }
    if expiry(username).ok_or(Error::CredentialRejected)? > now { Ok(()) } else { Err(Error::CredentialExpired) }
}

/// Whether coturn takes this in a username at all.
fn sound(name: &[u8]) -> bool {
    let has = |word: &[u8]| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    let character = name.iter().any(|byte| b"\0\t\n\r \"'\\".contains(byte));
    let words = has(b"union") && has(b"select");
    !(character || words)
}

/// As coturn finds it: before the first colon if there are digits alone, else after it. What follows the digits there is not looked at.
fn expiry(username: &[u8]) -> Option<u64> {
    let (first, rest) = match username.iter().position(|&byte| byte == b':') {
        Some(colon) => (&username[..colon], Some(&username[colon + 1..])),
        None => (username, None),
    };
    let field = match rest {
        Some(rest) if first.is_empty() || !first.iter().all(u8::is_ascii_digit) => rest,
        _ => first,
    };
    let digits = field.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let expiry = core::str::from_utf8(&field[..digits]).ok()?.parse().ok()?;
    (expiry < EXPIRY_LIMIT).then_some(expiry)
}

/// Writes the password where it stays.
fn password(secret: &[u8], username: &[u8], out: &mut [u8; PASSWORD_BYTES]) -> Result<()> {
    scrubbed::<STACK, _>(|| {
        let mut mac = Zeroizing::new([0; 20]);
        provider::Active::hmac_sha1(secret, username, &mut mac);
        // Constant time: the password is a secret.
        Base64::encode(&mac[..], out).map(|_| ()).map_err(|_| Error::Internal)
    })
}

/// Wraps a credential (at most 1 MiB, else [`Error::InvalidLength`]) for the holder of `ek`: `ct || nonce(12) || AES-256-GCM`. Writes
/// `credential.len()` + [`wrap_overhead`] bytes to `out` and returns how many. [`Error::InvalidKey`] if `ek` fails the modulus check of
/// FIPS 203 section 7.2, [`Error::RngFailed`] without randomness.
pub fn wrap(algorithm: KemAlgorithm, ek: &[u8], credential: &[u8], out: &mut [u8]) -> Result<usize> {
    algorithm.check()?;
    if credential.len() > MAX_CREDENTIAL_BYTES || ek.len() != algorithm.public_key_len() {
        return Err(Error::InvalidLength);
    }
    let len = credential.len() + wrap_overhead(algorithm);
    let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
    wrap_exact(algorithm, ek, credential, out).inspect_err(|_| out.fill(0))?;
    Ok(len)
}

fn wrap_exact(algorithm: KemAlgorithm, ek: &[u8], credential: &[u8], out: &mut [u8]) -> Result<()> {
    let (ct, rest) = out.split_at_mut(algorithm.ciphertext_len());
    let (nonce, rest) = rest.split_first_chunk_mut().ok_or(Error::Internal)?;
    let (ciphertext, tag) = rest.split_at_mut(credential.len());
    kem::check_encapsulation_key(algorithm, ek)?;
    // One draw for both.
    let mut randomness = Secret::<{ 32 + NONCE }>::zero();
    crate::random(randomness.as_mut())?;
    let (m, fresh) = randomness.as_bytes().split_first_chunk().ok_or(Error::Internal)?;
    nonce.copy_from_slice(fresh);
    let ss = kem::encapsulate_with(algorithm, ek, m, ct)?;
    scrubbed::<STACK, _>(|| {
        Aead::new(AeadAlgorithm::Aes256Gcm, ss.as_bytes())?.seal(nonce, b"", InOut::Apart(credential, ciphertext), tag)
    })
}

/// Unwraps a credential: writes `wrapped.len()` - [`wrap_overhead`] bytes to `out` and returns how many. [`Error::DecryptionFailed`] if it
/// was altered or wrapped for another key; `out` is then zeroed or untouched.
pub fn unwrap(pair: &KemKeypair, wrapped: &[u8], out: &mut [u8]) -> Result<usize> {
    let len = wrapped.len().checked_sub(wrap_overhead(pair.algorithm())).ok_or(Error::InvalidLength)?;
    if len > MAX_CREDENTIAL_BYTES {
        return Err(Error::InvalidLength);
    }
    let out = out.get_mut(..len).ok_or(Error::BufferTooSmall)?;
    let (ct, rest) = wrapped.split_at(pair.algorithm().ciphertext_len());
    let (nonce, rest) = rest.split_first_chunk().ok_or(Error::Internal)?;
    let (ciphertext, tag) = rest.split_at(len);
    let ss = pair.decapsulate(ct)?;
    scrubbed::<STACK, _>(|| {
        Aead::new(AeadAlgorithm::Aes256Gcm, ss.as_bytes())?.open(nonce, b"", InOut::Apart(ciphertext, out), tag)
    })?;
    Ok(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expiry_is_where_coturn_finds_it() {
        let found = |username: &str| expiry(username.as_bytes());
        for username in
            ["1700000000:alice", "alice:1700000000", ":1700000000", "1700000000", "1700000000_alice", "a:1700000000:b"]
        {
            assert_eq!(found(username), Some(1_700_000_000), "{username}");
        }
        assert_eq!(found("0:alice"), Some(0));
        assert_eq!(found("2147483647:alice"), Some(EXPIRY_LIMIT - 1));
        // All digits before the first colon are the expiry, whatever follows.
        assert_eq!(found("5:1700000000"), Some(5));
        for username in
            ["", ":", "alice", "alice:", "alice:bob", "::1700000000", ":x1700000000", "+1700000000", "-1:alice"]
        {
            assert_eq!(found(username), None, "{username}");
        }
        for username in ["2147483648:alice", "1700000000000:alice", "99999999999999999999999:alice", "alice:2147483648"]
        {
            assert_eq!(found(username), None, "{username}");
        }
    }

    #[test]
    fn what_no_coturn_accepts_is_not_minted_and_not_verified() {
        for user in ["John Smith", "O'Neil", "a\"b", "a\\b", "a\tb", "a\nb", "a\rb", "a\0b", "xUNIONySelectz"] {
            assert_eq!(
                mint(b"secret", user.as_bytes(), 1_700_000_000).unwrap_err(),
                Error::InvalidArgument,
                "{user:?}"
            );
            let username = format!("1700000000:{user}");
            let mut right = [0; PASSWORD_BYTES];
            password(b"secret", username.as_bytes(), &mut right).unwrap();
            assert_eq!(verify(b"secret", username.as_bytes(), &right, 0), Err(Error::CredentialRejected), "{user:?}");
        }
        for user in ["a\x01b", "a\x1fb", "a\x7fb"] {
            assert_eq!(
                mint(b"secret", user.as_bytes(), 1_700_000_000).unwrap_err(),
                Error::InvalidArgument,
                "{user:?}"
            );
        }
        for expires_at in [EXPIRY_LIMIT, 1_700_000_000_000, u64::MAX] {
            assert_eq!(mint(b"secret", b"alice", expires_at).unwrap_err(), Error::InvalidArgument);
        }
        for user in ["", "alice", "alice@example.org", "a:b:c", "union", "select", "\u{e9}"] {
            let credential = mint(b"secret", user.as_bytes(), EXPIRY_LIMIT - 1).unwrap();
            verify(b"secret", credential.username(), credential.password(), EXPIRY_LIMIT - 2).unwrap();
        }
    }

    #[test]
    fn lengths_are_those_of_the_documentation_and_nothing_shows_a_password() {
        for expires_at in [0, 9, 10, 1_700_000_000] {
            let room = MAX_USERNAME_BYTES - 1 - expires_at.to_string().len();
            let user = vec![b'a'; room + 1];
            let longest = mint(b"secret", &user[..room], expires_at).unwrap();
            assert_eq!(longest.username().len(), MAX_USERNAME_BYTES);
            assert_eq!(mint(b"secret", &user, expires_at).unwrap_err(), Error::InvalidLength);
        }
        assert_eq!(mint(b"", b"alice", 1).unwrap_err(), Error::InvalidLength);
        assert_eq!(verify(b"", b"5:alice", &[0; PASSWORD_BYTES], 0), Err(Error::InvalidLength));
        let mut right = [0; PASSWORD_BYTES];
        for (len, verdict) in [(MAX_USERNAME_BYTES, Ok(())), (MAX_USERNAME_BYTES + 1, Err(Error::CredentialRejected))] {
            let username = [&b"1700000000:"[..], &vec![b'a'; len - 11]].concat();
            password(b"secret", &username, &mut right).unwrap();
            assert_eq!(verify(b"secret", &username, &right, 0), verdict);
        }
        let credential = mint(b"secret", b"alice", 5).unwrap();
        assert_eq!(format!("{credential:?}"), "Credential { username: \"5:alice\", .. }");
    }

    #[test]
    fn both_orders_are_verified() {
        for username in ["1700000000:alice", "alice:1700000000", ":1700000000", "1700000000"] {
            let mut right = [0; PASSWORD_BYTES];
            password(b"secret", username.as_bytes(), &mut right).unwrap();
            let verify = |password: &[u8], now| verify(b"secret", username.as_bytes(), password, now);
            assert_eq!(verify(&right, 1_699_999_999), Ok(()));
            assert_eq!(verify(&right, 1_700_000_000), Err(Error::CredentialExpired));
            right[5] ^= 1;
            assert_eq!(verify(&right, 1_699_999_999), Err(Error::CredentialRejected));
        }
    }
}
