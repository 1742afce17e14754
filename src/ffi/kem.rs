//! `pqrtc_kem_keypair`: ML-KEM-768.

use super::args::{Input, Output, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle::{self, slot};
use crate::kem::{self, KemAlgorithm, KemKeypair, SHARED_SECRET_BYTES};

const A: KemAlgorithm = KemAlgorithm::MlKem768;

/// An ML-KEM-768 key pair (FIPS 203). Its private key is zeroed when it is freed.
#[allow(non_camel_case_types)]
pub struct pqrtc_kem_keypair(pub(super) KemKeypair);

/// Generates a key pair. PQRTC_RNG_FAILED without randomness. Any thread. Free it with pqrtc_kem_keypair_free().
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_generate(out: *mut *mut pqrtc_kem_keypair) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put(pqrtc_kem_keypair(KemKeypair::generate(A)?));
        Ok(())
    })
}

/// Makes the key pair of the 64-byte seed `d || z` (FIPS 203, algorithm 16). The seed is copied; wipe yours. Any thread.
///
/// # Safety
/// `seed` is readable for `seed_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_from_seed(
    seed: *const u8,
    seed_len: usize,
    out: *mut *mut pqrtc_kem_keypair,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let seed = Input::required(seed, seed_len)?.exactly(A.seed_len())?;
        disjoint(&[&seed], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_kem_keypair(KemKeypair::from_seed(A, unsafe { seed.bytes() })?));
        Ok(())
    })
}

/// Imports a 2400-byte expanded decapsulation key. PQRTC_INVALID_KEY if it fails the hash check of FIPS 203 section 7.3 or has a
/// coefficient of 3329 or more. Such a pair has no seed to give out. The key is copied; wipe yours. Any thread.
///
/// # Safety
/// `dk` is readable for `dk_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_from_expanded(
    dk: *const u8,
    dk_len: usize,
    out: *mut *mut pqrtc_kem_keypair,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let dk = Input::required(dk, dk_len)?.exactly(A.expanded_len())?;
        disjoint(&[&dk], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_kem_keypair(KemKeypair::from_expanded(A, unsafe { dk.bytes() })?));
        Ok(())
    })
}

/// Writes the 1184-byte encapsulation key. Any number of threads may use one pair.
///
/// # Safety
/// `kp` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_public_key(
    kp: *const pqrtc_kem_keypair,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        let out = Output::required(out, out_len)?.exactly(A.public_key_len())?;
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(kp.0.public_key());
        Ok(())
    })
}

/// Writes the 64-byte seed `d || z`, a secret. PQRTC_UNSUPPORTED if the pair was imported in expanded form. Any number of threads.
///
/// # Safety
/// `kp` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_seed(
    kp: *const pqrtc_kem_keypair,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        let out = Output::required(out, out_len)?.exactly(A.seed_len())?;
        let seed = kp.0.seed()?;
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(seed);
        Ok(())
    })
}

/// Encapsulates to the 1184-byte key `ek` (FIPS 203 section 7.2): writes the 1088-byte ciphertext and the 32-byte shared secret.
/// PQRTC_INVALID_KEY if a coefficient of `ek` is 3329 or more, PQRTC_RNG_FAILED without randomness. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_encapsulate(
    ek: *const u8,
    ek_len: usize,
    ct: *mut u8,
    ct_len: usize,
    ss: *mut u8,
    ss_len: usize,
) -> pqrtc_status {
    guard(|| {
        let ek = Input::required(ek, ek_len)?;
        let (ct, ss) = (Output::required(ct, ct_len)?, Output::required(ss, ss_len)?);
        let ek = ek.exactly(A.public_key_len())?;
        let (ct, ss) = (ct.exactly(A.ciphertext_len())?, ss.exactly(SHARED_SECRET_BYTES)?);
        disjoint(&[&ek], &[&ct, &ss])?;
        // SAFETY: checked above.
        let secret = unsafe { kem::encapsulate(A, ek.bytes(), ct.bytes()) }?;
        // SAFETY: checked above.
        unsafe { ss.bytes() }.copy_from_slice(secret.as_bytes());
        Ok(())
    })
}

/// Decapsulates a 1088-byte ciphertext to the 32-byte shared secret (FIPS 203 section 7.3). An altered ciphertext is no error: it gives a
/// secret that nobody else has. Any number of threads may use one pair.
///
/// # Safety
/// `kp` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_decapsulate(
    kp: *const pqrtc_kem_keypair,
    ct: *const u8,
    ct_len: usize,
    ss: *mut u8,
    ss_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        let (ct, ss) = (Input::required(ct, ct_len)?, Output::required(ss, ss_len)?);
        let (ct, ss) = (ct.exactly(A.ciphertext_len())?, ss.exactly(SHARED_SECRET_BYTES)?);
        disjoint(&[&ct], &[&ss])?;
        // SAFETY: checked above.
        let secret = kp.0.decapsulate(unsafe { ct.bytes() })?;
        // SAFETY: checked above.
        unsafe { ss.bytes() }.copy_from_slice(secret.as_bytes());
        Ok(())
    })
}

/// Zeroes and frees a key pair; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `kp` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_free(kp: *mut pqrtc_kem_keypair) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(kp) });
}
