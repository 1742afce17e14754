//! One error type: a variant for each status code of the C API, so that Rust and C callers speak of the same thing.

use core::ffi::CStr;
use core::fmt;

/// What went wrong. The discriminants are the status codes of the C API and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum Error {
    /// A required pointer is NULL (C API only).
    NullPointer = 1,
    /// A length differs from the one required, or is out of range.
    InvalidLength = 2,
    /// The output buffer is too small; nothing was done.
    BufferTooSmall = 3,
    /// An unknown suite, kind, profile, codec or cipher suite, text that is not what it must be, or buffers that overlap.
    InvalidArgument = 4,
    /// Known, but not in this build or not for this key.
    Unsupported = 5,
    /// A key that fails its standard's checks.
    InvalidKey = 16,
    /// X25519 gave the all-zero result (RFC 7748, section 6.1).
    NonContributory = 17,
    /// Authentication failed: altered data or another key.
    DecryptionFailed = 18,
    /// The signature does not verify.
    BadSignature = 19,
    /// Right password, expiry not in the future.
    CredentialExpired = 32,
    /// Wrong password or malformed username.
    CredentialRejected = 33,
    /// Not an SFrame ciphertext.
    MalformedFrame = 48,
    /// No key for the frame's KID.
    UnknownKeyId = 49,
    /// Counter seen before, or older than the window.
    ReplayedFrame = 50,
    /// A second sender for the same key and KID, or a KID that the receiver has.
    KeyReused = 51,
    /// The sender has used up its counters.
    CounterExhausted = 52,
    /// A frame of parameter sets or delimiters alone: send it as it is, or keep it for the next frame.
    NothingToSeal = 53,
    /// A recording without its last entry, or with bytes that no entry covers.
    Incomplete = 54,
    /// An entry whose index is not the next: a segment is missing, repeated or moved.
    OutOfSequence = 55,
    /// A segment is not the one that its entry names.
    DigestMismatch = 56,
    /// Not a message of this protocol, or one that breaks its format.
    MalformedMessage = 64,
    /// A message or call that does not fit the state.
    UnexpectedMessage = 65,
    /// A protocol version that is not spoken here.
    VersionRefused = 66,
    /// The policy allows none of what the peer offers.
    PolicyRefused = 67,
    /// The peer shows no identity, and the policy asks for one.
    PeerAnonymous = 68,
    /// The peer proved an identity that is not a pinned one.
    PeerRejected = 69,
    /// The binding that the peer signed is not the one given.
    BindingMismatch = 70,
    /// A message of the handshake does not authenticate.
    HandshakeFailed = 71,
    /// The operating system gave no randomness.
    RngFailed = 240,
    /// Allocation failed.
    OutOfMemory = 241,
    /// A bug in the library, caught.
    Internal = 255,
}

impl Error {
    /// The status code of the C API.
    pub const fn code(self) -> u32 {
        self as u32
    }

    /// The error in words, without a trailing period. Never carries key bytes.
    pub fn message(self) -> &'static str {
        self.text().to_str().unwrap_or_default()
    }

    pub(crate) const fn text(self) -> &'static CStr {
        match self {
            Error::NullPointer => c"a required pointer is NULL",
            Error::InvalidLength => c"a length differs from the one required or is out of range",
            Error::BufferTooSmall => c"the output buffer is too small",
            Error::InvalidArgument => c"an argument is not one of the values allowed, or buffers overlap",
            Error::Unsupported => c"not supported by this build or this key",
            Error::InvalidKey => c"the key fails the checks of its standard",
            Error::NonContributory => c"the X25519 result is all zero",
            Error::DecryptionFailed => c"authentication failed: altered data or another key",
            Error::BadSignature => c"the signature does not verify",
            Error::CredentialExpired => c"the credential has expired",
            Error::CredentialRejected => c"the credential is malformed or its password is wrong",
            Error::MalformedFrame => c"not an SFrame ciphertext",
            Error::UnknownKeyId => c"no key for the frame's key ID",
            Error::ReplayedFrame => c"the frame was seen before or is older than the replay window",
            Error::KeyReused => c"this key and key ID are or were in use",
            Error::CounterExhausted => c"the counters or ratchet steps of the sender are used up",
            Error::NothingToSeal => c"nothing to seal: parameter sets or delimiters alone",
            Error::Incomplete => c"the recording does not end here: its last entry is missing, or bytes have no entry",
            Error::OutOfSequence => c"the entry is not the next: a segment is missing, repeated or moved",
            Error::DigestMismatch => c"the segment is not the one that its entry names",
            Error::MalformedMessage => c"not a message of this protocol",
            Error::UnexpectedMessage => c"the message or call does not fit the state",
            Error::VersionRefused => c"the protocol version is not supported",
            Error::PolicyRefused => c"the policy does not allow what the peer offers",
            Error::PeerAnonymous => c"the peer shows no identity",
            Error::PeerRejected => c"the identity of the peer is not accepted",
            Error::BindingMismatch => c"the binding that the peer signed is not the one given",
            Error::HandshakeFailed => c"the handshake message does not authenticate",
            Error::RngFailed => c"the operating system gave no randomness",
            Error::OutOfMemory => c"out of memory",
            Error::Internal => c"internal error: a bug in pqrtc",
        }
    }
}

/// Every error, for what must hold of all of them.
#[cfg_attr(not(feature = "capi"), allow(dead_code))]
pub(crate) const ALL: [Error; 31] = [
    Error::NullPointer,
    Error::InvalidLength,
    Error::BufferTooSmall,
    Error::InvalidArgument,
    Error::Unsupported,
    Error::InvalidKey,
    Error::NonContributory,
    Error::DecryptionFailed,
    Error::BadSignature,
    Error::CredentialExpired,
    Error::CredentialRejected,
    Error::MalformedFrame,
    Error::UnknownKeyId,
    Error::ReplayedFrame,
    Error::KeyReused,
    Error::CounterExhausted,
    Error::NothingToSeal,
    Error::Incomplete,
    Error::OutOfSequence,
    Error::DigestMismatch,
    Error::MalformedMessage,
    Error::UnexpectedMessage,
    Error::VersionRefused,
    Error::PolicyRefused,
    Error::PeerAnonymous,
    Error::PeerRejected,
    Error::BindingMismatch,
    Error::HandshakeFailed,
    Error::RngFailed,
    Error::OutOfMemory,
    Error::Internal,
];

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Error {}

/// `Result` with this crate's [`Error`].
pub type Result<T> = core::result::Result<T, Error>;
