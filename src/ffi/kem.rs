//! `pqrtc_kem_keypair`: ML-KEM.

use super::args::{Input, Output, Sizes, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle::{self, slot};
use crate::error::Error;
use crate::kem::{self, KemAlgorithm, KemKeypair, SHARED_SECRET_BYTES};

/// An ML-KEM parameter set (FIPS 203).
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_kem_algorithm {
    /// ML-KEM-768.
    PQRTC_KEM_ML_KEM_768 = 1,
    /// ML-KEM-1024, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean".
    PQRTC_KEM_ML_KEM_1024 = 2,
}

/// An ML-KEM key pair (FIPS 203). Its private key is zeroed when it is freed.
#[allow(non_camel_case_types)]
pub struct pqrtc_kem_keypair(pub(super) KemKeypair);

/// Gives the sizes of an algorithm, in bytes: encapsulation key, ciphertext, and private key as the seed `d || z`. PQRTC_INVALID_ARGUMENT
/// for a number that is no algorithm, PQRTC_UNSUPPORTED for one that is not in this build. Any thread.
///
/// # Safety
/// Each pointer is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_sizes(
    algorithm: u32,
    public_key_len: *mut usize,
    ciphertext_len: *mut usize,
    seed_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let sizes = Sizes::new([public_key_len, ciphertext_len, seed_len])?;
        let algorithm = KemAlgorithm::try_from(algorithm)?;
        // SAFETY: writable as the caller promises.
        unsafe { sizes.set([algorithm.public_key_len(), algorithm.ciphertext_len(), algorithm.seed_len()]) };
        Ok(())
    })
}

/// Generates a key pair of a `pqrtc_kem_algorithm`. PQRTC_RNG_FAILED without randomness. Any thread. Free it with
/// pqrtc_kem_keypair_free().
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_generate(algorithm: u32, out: *mut *mut pqrtc_kem_keypair) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put(pqrtc_kem_keypair(KemKeypair::generate(algorithm.try_into()?)?));
        Ok(())
    })
}

/// Makes the key pair of a 64-byte seed `d || z` (FIPS 203, algorithm 16). The seed is copied; wipe yours. Any thread.
///
/// # Safety
/// `seed` is readable for `seed_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_from_seed(
    algorithm: u32,
    seed: *const u8,
    seed_len: usize,
    out: *mut *mut pqrtc_kem_keypair,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let seed = Input::required(seed, seed_len)?;
        let algorithm = KemAlgorithm::try_from(algorithm)?;
        let seed = seed.exactly(algorithm.seed_len())?;
        disjoint(&[&seed], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_kem_keypair(KemKeypair::from_seed(algorithm, unsafe { seed.bytes() })?));
        Ok(())
    })
}

/// Imports an expanded decapsulation key (2400 bytes for ML-KEM-768, 3168 for ML-KEM-1024). PQRTC_INVALID_KEY if it fails the hash check of FIPS 203 section 7.3 or has a
/// coefficient of 3329 or more. Such a pair has no seed to give out. The key is copied; wipe yours. Any thread.
///
/// # Safety
/// `dk` is readable for `dk_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_from_expanded(
    algorithm: u32,
    dk: *const u8,
    dk_len: usize,
    out: *mut *mut pqrtc_kem_keypair,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let dk = Input::required(dk, dk_len)?;
        let algorithm = KemAlgorithm::try_from(algorithm)?;
        let dk = dk.exactly(algorithm.expanded_len())?;
        disjoint(&[&dk], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_kem_keypair(KemKeypair::from_expanded(algorithm, unsafe { dk.bytes() })?));
        Ok(())
    })
}

/// Gives the algorithm of a key pair. Any number of threads may use one pair.
///
/// # Safety
/// `kp` is NULL or a live handle, `algorithm` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_keypair_algorithm(
    kp: *const pqrtc_kem_keypair,
    algorithm: *mut u32,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        if algorithm.is_null() {
            return Err(Error::NullPointer);
        }
        // SAFETY: writable, as the caller promises.
        unsafe { algorithm.write(kp.0.algorithm() as u32) };
        Ok(())
    })
}

/// Writes the encapsulation key (1184 or 1568 bytes). Any number of threads may use one pair.
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
        let out = Output::required(out, out_len)?.exactly(kp.0.public_key().len())?;
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
        let out = Output::required(out, out_len)?.exactly(kp.0.algorithm().seed_len())?;
        let seed = kp.0.seed()?;
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(seed);
        Ok(())
    })
}

/// Encapsulates to the key `ek` of an algorithm (FIPS 203 section 7.2): writes the ciphertext (1088 or 1568 bytes) and the 32-byte shared
/// secret.
/// PQRTC_INVALID_KEY if a coefficient of `ek` is 3329 or more, PQRTC_RNG_FAILED without randomness. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_kem_encapsulate(
    algorithm: u32,
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
        let algorithm = KemAlgorithm::try_from(algorithm)?;
        let ek = ek.exactly(algorithm.public_key_len())?;
        let (ct, ss) = (ct.exactly(algorithm.ciphertext_len())?, ss.exactly(SHARED_SECRET_BYTES)?);
        disjoint(&[&ek], &[&ct, &ss])?;
        // SAFETY: checked above.
        let secret = unsafe { kem::encapsulate(algorithm, ek.bytes(), ct.bytes()) }?;
        // SAFETY: checked above.
        unsafe { ss.bytes() }.copy_from_slice(secret.as_bytes());
        Ok(())
    })
}

/// Decapsulates a ciphertext to the 32-byte shared secret (FIPS 203 section 7.3). An altered ciphertext is no error: it gives a
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
        let (ct, ss) = (ct.exactly(kp.0.algorithm().ciphertext_len())?, ss.exactly(SHARED_SECRET_BYTES)?);
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
