//! Sizes as macros for C, C++ and cgo. Those of an algorithm come from pqrtc_kem_sizes(), pqrtc_signature_sizes() and pqrtc_suite_sizes() too,
//! the rest from functions here, for ctypes and dlopen. The macros are literals, because the header generator does not evaluate; each is
//! held to the size it stands for.

use super::guard::guard_or;
use crate::kem::KemAlgorithm;
use crate::signing::SignatureAlgorithm;
use crate::suite::Suite;

/// ML-KEM-768 encapsulation key, in bytes.
pub const PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES: usize = 1184;
/// ML-KEM-768 ciphertext, in bytes.
pub const PQRTC_ML_KEM_768_CIPHERTEXT_BYTES: usize = 1088;
/// ML-KEM-768 private key as the seed `d || z`, in bytes.
pub const PQRTC_ML_KEM_768_SEED_BYTES: usize = 64;
/// ML-KEM-768 private key in the expanded form of FIPS 203, in bytes.
pub const PQRTC_ML_KEM_768_EXPANDED_KEY_BYTES: usize = 2400;
/// What pqrtc_turn_wrap() adds with ML-KEM-768, in bytes.
pub const PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES: usize = 1116;
/// ML-KEM-1024 encapsulation key, in bytes.
pub const PQRTC_ML_KEM_1024_PUBLIC_KEY_BYTES: usize = 1568;
/// ML-KEM-1024 ciphertext, in bytes.
pub const PQRTC_ML_KEM_1024_CIPHERTEXT_BYTES: usize = 1568;
/// ML-KEM-1024 private key as the seed `d || z`, in bytes.
pub const PQRTC_ML_KEM_1024_SEED_BYTES: usize = 64;
/// ML-KEM-1024 private key in the expanded form of FIPS 203, in bytes.
pub const PQRTC_ML_KEM_1024_EXPANDED_KEY_BYTES: usize = 3168;
/// What pqrtc_turn_wrap() adds with ML-KEM-1024, in bytes.
pub const PQRTC_ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES: usize = 1596;
/// Shared secret of every ML-KEM, in bytes.
pub const PQRTC_KEM_SHARED_SECRET_BYTES: usize = 32;
/// ML-DSA-65 public key, in bytes.
pub const PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES: usize = 1952;
/// ML-DSA-65 signature, in bytes.
pub const PQRTC_ML_DSA_65_SIGNATURE_BYTES: usize = 3309;
/// ML-DSA-65 private key as its seed, in bytes.
pub const PQRTC_ML_DSA_65_SEED_BYTES: usize = 32;
/// ML-DSA-87 public key, in bytes.
pub const PQRTC_ML_DSA_87_PUBLIC_KEY_BYTES: usize = 2592;
/// ML-DSA-87 signature, in bytes.
pub const PQRTC_ML_DSA_87_SIGNATURE_BYTES: usize = 4627;
/// ML-DSA-87 private key as its seed, in bytes.
pub const PQRTC_ML_DSA_87_SEED_BYTES: usize = 32;
/// ML-DSA-65 with Ed25519 public key, in bytes.
pub const PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES: usize = 1984;
/// ML-DSA-65 with Ed25519 signature, in bytes.
pub const PQRTC_ML_DSA_65_ED25519_SIGNATURE_BYTES: usize = 3373;
/// ML-DSA-65 with Ed25519 private key as its seed, in bytes.
pub const PQRTC_ML_DSA_65_ED25519_SEED_BYTES: usize = 64;
/// Fingerprint of a public key, in bytes.
pub const PQRTC_FINGERPRINT_BYTES: usize = 32;
/// V100-HYBRID-KX-V1 public bundle, in bytes.
pub const PQRTC_V100_HYBRID_KX_V1_BUNDLE_BYTES: usize = 1216;
/// V100-HYBRID-KX-V1 exchange message, in bytes.
pub const PQRTC_V100_HYBRID_KX_V1_EXCHANGE_BYTES: usize = 1120;
/// V100-HYBRID-KX-V1 private key as stored, in bytes.
pub const PQRTC_V100_HYBRID_KX_V1_SEED_BYTES: usize = 96;
/// X-Wing public bundle, in bytes.
pub const PQRTC_X_WING_BUNDLE_BYTES: usize = 1216;
/// X-Wing exchange message, in bytes.
pub const PQRTC_X_WING_EXCHANGE_BYTES: usize = 1120;
/// X-Wing private key as stored, in bytes.
pub const PQRTC_X_WING_SEED_BYTES: usize = 32;
/// Session key, in bytes.
pub const PQRTC_SESSION_KEY_BYTES: usize = 32;
/// What pqrtc_session_seal() adds, in bytes.
pub const PQRTC_SESSION_SEAL_OVERHEAD_BYTES: usize = 36;
/// What pqrtc_session_sframe_base_key() writes, in bytes.
pub const PQRTC_SFRAME_BASE_KEY_BYTES: usize = 32;
/// The most that pqrtc_sframe_seal() adds, in bytes.
pub const PQRTC_SFRAME_MAX_OVERHEAD_BYTES: usize = 33;

const _: () = {
    assert!(PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES == KemAlgorithm::MlKem768.public_key_len());
    assert!(PQRTC_ML_KEM_768_CIPHERTEXT_BYTES == KemAlgorithm::MlKem768.ciphertext_len());
    assert!(PQRTC_ML_KEM_768_SEED_BYTES == KemAlgorithm::MlKem768.seed_len());
    assert!(PQRTC_ML_KEM_768_EXPANDED_KEY_BYTES == KemAlgorithm::MlKem768.expanded_len());
    assert!(PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES == crate::turn::wrap_overhead(KemAlgorithm::MlKem768));
    assert!(PQRTC_ML_KEM_1024_PUBLIC_KEY_BYTES == KemAlgorithm::MlKem1024.public_key_len());
    assert!(PQRTC_ML_KEM_1024_CIPHERTEXT_BYTES == KemAlgorithm::MlKem1024.ciphertext_len());
    assert!(PQRTC_ML_KEM_1024_SEED_BYTES == KemAlgorithm::MlKem1024.seed_len());
    assert!(PQRTC_ML_KEM_1024_EXPANDED_KEY_BYTES == KemAlgorithm::MlKem1024.expanded_len());
    assert!(PQRTC_ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES == crate::turn::wrap_overhead(KemAlgorithm::MlKem1024));
    assert!(PQRTC_KEM_SHARED_SECRET_BYTES == crate::kem::SHARED_SECRET_BYTES);
    assert!(PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES == SignatureAlgorithm::MlDsa65.public_key_len());
    assert!(PQRTC_ML_DSA_65_SIGNATURE_BYTES == SignatureAlgorithm::MlDsa65.signature_len());
    assert!(PQRTC_ML_DSA_65_SEED_BYTES == SignatureAlgorithm::MlDsa65.seed_len());
    assert!(PQRTC_ML_DSA_87_PUBLIC_KEY_BYTES == SignatureAlgorithm::MlDsa87.public_key_len());
    assert!(PQRTC_ML_DSA_87_SIGNATURE_BYTES == SignatureAlgorithm::MlDsa87.signature_len());
    assert!(PQRTC_ML_DSA_87_SEED_BYTES == SignatureAlgorithm::MlDsa87.seed_len());
    assert!(PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES == SignatureAlgorithm::MlDsa65Ed25519.public_key_len());
    assert!(PQRTC_ML_DSA_65_ED25519_SIGNATURE_BYTES == SignatureAlgorithm::MlDsa65Ed25519.signature_len());
    assert!(PQRTC_ML_DSA_65_ED25519_SEED_BYTES == SignatureAlgorithm::MlDsa65Ed25519.seed_len());
    assert!(PQRTC_FINGERPRINT_BYTES == crate::signing::FINGERPRINT_BYTES);
    assert!(PQRTC_V100_HYBRID_KX_V1_BUNDLE_BYTES == Suite::V100HybridKxV1.bundle_len());
    assert!(PQRTC_V100_HYBRID_KX_V1_EXCHANGE_BYTES == Suite::V100HybridKxV1.exchange_len());
    assert!(PQRTC_V100_HYBRID_KX_V1_SEED_BYTES == Suite::V100HybridKxV1.seed_len());
    assert!(PQRTC_X_WING_BUNDLE_BYTES == Suite::XWing.bundle_len());
    assert!(PQRTC_X_WING_EXCHANGE_BYTES == Suite::XWing.exchange_len());
    assert!(PQRTC_X_WING_SEED_BYTES == Suite::XWing.seed_len());
    assert!(PQRTC_SESSION_KEY_BYTES == crate::session::KEY_BYTES);
    assert!(PQRTC_SESSION_SEAL_OVERHEAD_BYTES == crate::session::SEAL_OVERHEAD_BYTES);
    assert!(PQRTC_SFRAME_BASE_KEY_BYTES == crate::session::SFRAME_BASE_KEY_BYTES);
    assert!(PQRTC_SFRAME_MAX_OVERHEAD_BYTES == crate::sframe::MAX_OVERHEAD);
};

/// PQRTC_KEM_SHARED_SECRET_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_kem_shared_secret_bytes() -> usize {
    guard_or(0, || PQRTC_KEM_SHARED_SECRET_BYTES)
}

/// PQRTC_FINGERPRINT_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_fingerprint_bytes() -> usize {
    guard_or(0, || PQRTC_FINGERPRINT_BYTES)
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

/// PQRTC_SFRAME_BASE_KEY_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_sframe_base_key_bytes() -> usize {
    guard_or(0, || PQRTC_SFRAME_BASE_KEY_BYTES)
}

/// PQRTC_SFRAME_MAX_OVERHEAD_BYTES
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_sframe_max_overhead_bytes() -> usize {
    guard_or(0, || PQRTC_SFRAME_MAX_OVERHEAD_BYTES)
}
