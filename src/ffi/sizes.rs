//! Every size twice: as a macro for C, C++ and cgo, and as a function for ctypes and dlopen.
//! The macros are literals, because the header generator does not evaluate; each is held to the size it stands for.

use super::guard::guard_or;

/// ML-KEM-768 encapsulation key, in bytes.
pub const PQRTC_KEM_PUBLIC_KEY_BYTES: usize = 1184;
/// ML-KEM-768 ciphertext, in bytes.
pub const PQRTC_KEM_CIPHERTEXT_BYTES: usize = 1088;
/// ML-KEM-768 shared secret, in bytes.
pub const PQRTC_KEM_SHARED_SECRET_BYTES: usize = 32;
/// ML-KEM-768 private key as the seed `d || z`, in bytes.
pub const PQRTC_KEM_SEED_BYTES: usize = 64;
/// ML-KEM-768 private key in the expanded form of FIPS 203, in bytes.
pub const PQRTC_KEM_EXPANDED_KEY_BYTES: usize = 2400;
/// Public bundle of either hybrid suite, in bytes.
pub const PQRTC_HYBRID_BUNDLE_BYTES: usize = 1216;
/// Exchange message of either hybrid suite, in bytes.
pub const PQRTC_HYBRID_EXCHANGE_BYTES: usize = 1120;
/// Session key, in bytes.
pub const PQRTC_SESSION_KEY_BYTES: usize = 32;
/// What pqrtc_session_seal() adds, in bytes.
pub const PQRTC_SESSION_SEAL_OVERHEAD_BYTES: usize = 36;
/// The most that pqrtc_sframe_seal() adds, in bytes.
pub const PQRTC_SFRAME_MAX_OVERHEAD_BYTES: usize = 33;
/// What pqrtc_turn_wrap() adds, in bytes.
pub const PQRTC_TURN_WRAP_OVERHEAD_BYTES: usize = 1116;
/// ML-DSA-65 public key, in bytes.
pub const PQRTC_SIGNING_PUBLIC_KEY_BYTES: usize = 1952;
/// ML-DSA-65 private key as its seed, in bytes.
pub const PQRTC_SIGNING_SEED_BYTES: usize = 32;
/// ML-DSA-65 signature, in bytes.
pub const PQRTC_SIGNATURE_BYTES: usize = 3309;

/// PQRTC_KEM_PUBLIC_KEY_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_kem_public_key_bytes() -> usize {
    guard_or(0, || PQRTC_KEM_PUBLIC_KEY_BYTES)
}

/// PQRTC_KEM_CIPHERTEXT_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_kem_ciphertext_bytes() -> usize {
    guard_or(0, || PQRTC_KEM_CIPHERTEXT_BYTES)
}

/// PQRTC_KEM_SHARED_SECRET_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_kem_shared_secret_bytes() -> usize {
    guard_or(0, || PQRTC_KEM_SHARED_SECRET_BYTES)
}

/// PQRTC_KEM_SEED_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_kem_seed_bytes() -> usize {
    guard_or(0, || PQRTC_KEM_SEED_BYTES)
}

/// PQRTC_KEM_EXPANDED_KEY_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_kem_expanded_key_bytes() -> usize {
    guard_or(0, || PQRTC_KEM_EXPANDED_KEY_BYTES)
}

/// PQRTC_HYBRID_BUNDLE_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_hybrid_bundle_bytes() -> usize {
    guard_or(0, || PQRTC_HYBRID_BUNDLE_BYTES)
}

/// PQRTC_HYBRID_EXCHANGE_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_hybrid_exchange_bytes() -> usize {
    guard_or(0, || PQRTC_HYBRID_EXCHANGE_BYTES)
}

/// PQRTC_SESSION_KEY_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_session_key_bytes() -> usize {
    guard_or(0, || PQRTC_SESSION_KEY_BYTES)
}

/// PQRTC_SESSION_SEAL_OVERHEAD_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_session_seal_overhead_bytes() -> usize {
    guard_or(0, || PQRTC_SESSION_SEAL_OVERHEAD_BYTES)
}

/// PQRTC_SFRAME_MAX_OVERHEAD_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_sframe_max_overhead_bytes() -> usize {
    guard_or(0, || PQRTC_SFRAME_MAX_OVERHEAD_BYTES)
}

/// PQRTC_TURN_WRAP_OVERHEAD_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_turn_wrap_overhead_bytes() -> usize {
    guard_or(0, || PQRTC_TURN_WRAP_OVERHEAD_BYTES)
}

/// PQRTC_SIGNING_PUBLIC_KEY_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_signing_public_key_bytes() -> usize {
    guard_or(0, || PQRTC_SIGNING_PUBLIC_KEY_BYTES)
}

/// PQRTC_SIGNING_SEED_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_signing_seed_bytes() -> usize {
    guard_or(0, || PQRTC_SIGNING_SEED_BYTES)
}

/// PQRTC_SIGNATURE_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_signature_bytes() -> usize {
    guard_or(0, || PQRTC_SIGNATURE_BYTES)
}
