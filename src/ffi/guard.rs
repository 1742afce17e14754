//! The guard that every exported function goes through: results become status codes, and a panic becomes `PQRTC_INTERNAL` without a
//! word on the caller's stderr.

use super::cancel::Whole;
use crate::error::{self, Error, Result};
use crate::provider::fork;
use core::cell::Cell;
use core::ffi::CStr;
use core::panic::AssertUnwindSafe;
use core::sync::atomic::{AtomicBool, Ordering};
use std::panic::{catch_unwind, set_hook, take_hook};

/// The result of every function that can fail. Codes are never renumbered or reused.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum pqrtc_status {
    /// Success.
    PQRTC_OK = 0,
    /// A required pointer is NULL.
    PQRTC_NULL_POINTER = 1,
    /// A length differs from the one required, or is out of range.
    PQRTC_INVALID_LENGTH = 2,
    /// The output buffer is too small; `*out_len` says what is needed, and nothing else was done.
    PQRTC_BUFFER_TOO_SMALL = 3,
    /// Unknown suite, kind, profile, codec or cipher suite; text that is not what it must be; buffers that overlap where they may not.
    PQRTC_INVALID_ARGUMENT = 4,
    /// Known, but not in this build or not for this key.
    PQRTC_UNSUPPORTED = 5,
    /// A key that fails its standard's checks.
    PQRTC_INVALID_KEY = 16,
    /// X25519 gave the all-zero result.
    PQRTC_NON_CONTRIBUTORY = 17,
    /// Authentication failed: altered data or another key.
    PQRTC_DECRYPTION_FAILED = 18,
    /// The signature does not verify.
    PQRTC_BAD_SIGNATURE = 19,
    /// Right password, expiry not in the future.
    PQRTC_CREDENTIAL_EXPIRED = 32,
    /// Wrong password or malformed username.
    PQRTC_CREDENTIAL_REJECTED = 33,
    /// Not an SFrame ciphertext.
    PQRTC_MALFORMED_FRAME = 48,
    /// No key for the frame's KID.
    PQRTC_UNKNOWN_KEY_ID = 49,
    /// Counter seen before, or older than the window.
    PQRTC_REPLAYED_FRAME = 50,
    /// A second sender for the same key and KID, or a KID that the receiver has.
    PQRTC_KEY_REUSED = 51,
    /// The sender has used up its counters.
    PQRTC_COUNTER_EXHAUSTED = 52,
    /// A frame of parameter sets or delimiters alone: send it as it is, or keep it for the next frame.
    PQRTC_NOTHING_TO_SEAL = 53,
    /// A recording without its last entry, or with bytes that no entry covers.
    PQRTC_INCOMPLETE = 54,
    /// An entry whose index is not the next: a segment is missing, repeated or moved.
    PQRTC_OUT_OF_SEQUENCE = 55,
    /// A segment is not the one that its entry names.
    PQRTC_DIGEST_MISMATCH = 56,
    /// Not a message of this protocol, or one that breaks its format.
    PQRTC_MALFORMED_MESSAGE = 64,
    /// A message or call that does not fit the state.
    PQRTC_UNEXPECTED_MESSAGE = 65,
    /// A protocol version that is not spoken here.
    PQRTC_VERSION_REFUSED = 66,
    /// The policy allows none of what the peer offers.
    PQRTC_POLICY_REFUSED = 67,
    /// The peer shows no identity, and the policy asks for one.
    PQRTC_PEER_ANONYMOUS = 68,
    /// The peer proved an identity that is not a pinned one.
    PQRTC_PEER_REJECTED = 69,
    /// The binding that the peer signed is not the one given.
    PQRTC_BINDING_MISMATCH = 70,
    /// A message of the handshake does not authenticate.
    PQRTC_HANDSHAKE_FAILED = 71,
    /// The operating system gave no randomness.
    PQRTC_RNG_FAILED = 240,
    /// Allocation failed.
    PQRTC_OUT_OF_MEMORY = 241,
    /// A bug in the library, caught.
    PQRTC_INTERNAL = 255,
}

impl From<Error> for pqrtc_status {
    fn from(error: Error) -> Self {
        match error {
            Error::NullPointer => Self::PQRTC_NULL_POINTER,
            Error::InvalidLength => Self::PQRTC_INVALID_LENGTH,
            Error::BufferTooSmall => Self::PQRTC_BUFFER_TOO_SMALL,
            Error::InvalidArgument => Self::PQRTC_INVALID_ARGUMENT,
            Error::Unsupported => Self::PQRTC_UNSUPPORTED,
            Error::InvalidKey => Self::PQRTC_INVALID_KEY,
            Error::NonContributory => Self::PQRTC_NON_CONTRIBUTORY,
            Error::DecryptionFailed => Self::PQRTC_DECRYPTION_FAILED,
            Error::BadSignature => Self::PQRTC_BAD_SIGNATURE,
            Error::CredentialExpired => Self::PQRTC_CREDENTIAL_EXPIRED,
            Error::CredentialRejected => Self::PQRTC_CREDENTIAL_REJECTED,
            Error::MalformedFrame => Self::PQRTC_MALFORMED_FRAME,
            Error::UnknownKeyId => Self::PQRTC_UNKNOWN_KEY_ID,
            Error::ReplayedFrame => Self::PQRTC_REPLAYED_FRAME,
            Error::KeyReused => Self::PQRTC_KEY_REUSED,
            Error::CounterExhausted => Self::PQRTC_COUNTER_EXHAUSTED,
            Error::NothingToSeal => Self::PQRTC_NOTHING_TO_SEAL,
            Error::Incomplete => Self::PQRTC_INCOMPLETE,
            Error::OutOfSequence => Self::PQRTC_OUT_OF_SEQUENCE,
            Error::DigestMismatch => Self::PQRTC_DIGEST_MISMATCH,
            Error::MalformedMessage => Self::PQRTC_MALFORMED_MESSAGE,
            Error::UnexpectedMessage => Self::PQRTC_UNEXPECTED_MESSAGE,
            Error::VersionRefused => Self::PQRTC_VERSION_REFUSED,
            Error::PolicyRefused => Self::PQRTC_POLICY_REFUSED,
            Error::PeerAnonymous => Self::PQRTC_PEER_ANONYMOUS,
            Error::PeerRejected => Self::PQRTC_PEER_REJECTED,
            Error::BindingMismatch => Self::PQRTC_BINDING_MISMATCH,
            Error::HandshakeFailed => Self::PQRTC_HANDSHAKE_FAILED,
            Error::RngFailed => Self::PQRTC_RNG_FAILED,
            Error::OutOfMemory => Self::PQRTC_OUT_OF_MEMORY,
            Error::Internal => Self::PQRTC_INTERNAL,
        }
    }
}

/// What a status code means, for people.
pub(super) fn text(status: u32) -> &'static CStr {
    match status {
        0 => c"success",
        code => error::ALL.iter().find(|error| error.code() == code).map_or(c"unknown status", |error| error.text()),
    }
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Marks the thread as inside the library, so that the panic hook keeps quiet.
struct Quiet(bool);

impl Quiet {
    fn enter() -> Self {
        if !HOOKED.load(Ordering::Acquire) {
            hook();
        }
        Quiet(GUARDED.replace(true))
    }
}

static HOOKED: AtomicBool = AtomicBool::new(false);

/// Installs the panic hook, under the lock of the process: no thread is inside when it forks. While a thread unwinds std allows no change
/// of the hook, and a panic of ours would end the process there: left to a later call.
#[cold]
fn hook() {
    if std::thread::panicking() {
        return;
    }
    let Ok(_whole) = fork::lock() else { return };
    if HOOKED.load(Ordering::Relaxed) {
        return;
    }
    let previous = take_hook();
    set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            previous(info);
        }
    }));
    HOOKED.store(true, Ordering::Release);
}

impl Drop for Quiet {
    fn drop(&mut self) {
        GUARDED.set(self.0);
    }
}

/// Runs `body`, in which this thread is not cancelled, and turns what it returns, or a panic, into a status.
pub(super) fn guard(body: impl FnOnce() -> Result<()>) -> pqrtc_status {
    let _whole = Whole::begin();
    guard_frame(body)
}

/// As [`guard`] for the calls that seal and open frames. They pass no cancellation point of the C library, since they draw no randomness, and
/// [`Whole`] would be a twentieth of their time.
pub(super) fn guard_frame(body: impl FnOnce() -> Result<()>) -> pqrtc_status {
    caught(pqrtc_status::PQRTC_INTERNAL, || match body() {
        Ok(()) => pqrtc_status::PQRTC_OK,
        Err(error) => error.into(),
    })
}

/// As [`guard`], for what gives no status; a panic gives `fallback`.
pub(super) fn guard_or<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    let _whole = Whole::begin();
    caught(fallback, body)
}

fn caught<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    let _quiet = Quiet::enter();
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        // The payload's own destructor may panic.
        core::mem::forget(payload);
        fallback
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_internal_and_the_guard_can_be_used_again() {
        assert_eq!(guard(|| panic!("caught")), pqrtc_status::PQRTC_INTERNAL);
        assert_eq!(guard(|| Ok(())), pqrtc_status::PQRTC_OK);
        assert_eq!(guard_or(7, || panic!("caught")), 7);
        assert!(!GUARDED.get());
    }

    #[test]
    fn every_error_keeps_its_code() {
        for error in crate::error::ALL {
            assert_eq!(pqrtc_status::from(error) as u32, error.code(), "{error:?}");
        }
    }
}
