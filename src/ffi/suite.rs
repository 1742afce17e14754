//! `pqrtc_hybrid_keypair`: the hybrid key exchange.

use super::args::{Input, Output, Sizes, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle::{self, slot};
use super::session::pqrtc_session;
use crate::error::Error;
use crate::suite::{self, HybridKeypair, Suite};
use std::sync::Arc;

/// How the shared secrets of X25519 and ML-KEM-768 become a session key.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_suite {
    /// The exchange of the V100 description, byte for byte. It binds neither ciphertext nor public keys.
    PQRTC_SUITE_V100_HYBRID_KX_V1 = 1,
    /// X-Wing (draft-connolly-cfrg-xwing-kem), the one to choose for new deployments.
    PQRTC_SUITE_X_WING = 2,
}

/// A responder's key pair for the hybrid key exchange. Zeroed when it is freed.
///
/// A pair whose sessions key media serves one process lifetime and is not restored from its seed for that purpose: a restarted
/// responder that answered a recorded message again would encrypt under a used key.
#[allow(non_camel_case_types)]
// Not a plain attribute, which cbindgen would see and show C what is inside.
#[cfg_attr(feature = "capi", repr(transparent))]
pub struct pqrtc_hybrid_keypair(pub(super) HybridKeypair);

/// The same box.
fn handle_of(pair: Box<HybridKeypair>) -> Box<pqrtc_hybrid_keypair> {
    // SAFETY: the one type is the other, in a transparent wrapper.
    unsafe { Box::from_raw(Box::into_raw(pair).cast()) }
}

/// Gives the sizes of a suite, in bytes: bundle (1216), exchange message (1120) and private key as stored (96 for V100-HYBRID-KX-V1, 32
/// for X-Wing). PQRTC_INVALID_ARGUMENT for an unknown suite. Any thread.
///
/// # Safety
/// Each pointer is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_suite_sizes(
    suite: u32,
    bundle_len: *mut usize,
    exchange_len: *mut usize,
    seed_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let sizes = Sizes::new([bundle_len, exchange_len, seed_len])?;
        let suite = Suite::try_from(suite)?;
        // SAFETY: writable as the caller promises.
        unsafe { sizes.set([suite.bundle_len(), suite.exchange_len(), suite.seed_len()]) };
        Ok(())
    })
}

/// Generates a key pair of a suite. PQRTC_INVALID_ARGUMENT for an unknown suite, PQRTC_RNG_FAILED without randomness. Any thread. Free it
/// with pqrtc_hybrid_keypair_free().
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_hybrid_keypair_generate(
    suite: u32,
    out: *mut *mut pqrtc_hybrid_keypair,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put_box(handle_of(HybridKeypair::generate(suite.try_into()?)?));
        Ok(())
    })
}

/// Makes the key pair of a stored private key: 96 bytes `sk_X || d || z` for V100-HYBRID-KX-V1, a 32-byte seed for X-Wing. The seed is
/// copied; wipe yours. Any thread.
///
/// # Safety
/// `seed` is readable for `seed_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_hybrid_keypair_from_seed(
    suite: u32,
    seed: *const u8,
    seed_len: usize,
    out: *mut *mut pqrtc_hybrid_keypair,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let seed = Input::required(seed, seed_len)?;
        let suite = Suite::try_from(suite)?;
        let seed = seed.exactly(suite.seed_len())?;
        disjoint(&[&seed], &[&out])?;
        // SAFETY: checked above.
        out.put_box(handle_of(HybridKeypair::from_seed(suite, unsafe { seed.bytes() })?));
        Ok(())
    })
}

/// Gives the suite of a key pair. Any number of threads may use one pair.
///
/// # Safety
/// `kp` is NULL or a live handle, `suite` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_hybrid_keypair_suite(kp: *const pqrtc_hybrid_keypair, suite: *mut u32) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        if suite.is_null() {
            return Err(Error::NullPointer);
        }
        // SAFETY: not NULL, and writable as the caller promises.
        unsafe { suite.write(kp.0.suite() as u32) };
        Ok(())
    })
}

/// Writes the 1216-byte public bundle, to be sent to the initiator over an authenticated channel. Any number of threads may use one pair.
///
/// # Safety
/// `kp` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_hybrid_keypair_bundle(
    kp: *const pqrtc_hybrid_keypair,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        let out = Output::required(out, out_len)?.exactly(kp.0.bundle().len())?;
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(kp.0.bundle());
        Ok(())
    })
}

/// Writes the private key as stored, a secret: 96 bytes for V100-HYBRID-KX-V1, 32 for X-Wing. Any number of threads.
///
/// # Safety
/// `kp` is NULL or a live handle, `out` is writable for `out_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_hybrid_keypair_seed(
    kp: *const pqrtc_hybrid_keypair,
    out: *mut u8,
    out_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        let out = Output::required(out, out_len)?.exactly(kp.0.seed().len())?;
        // SAFETY: checked above.
        unsafe { out.bytes() }.copy_from_slice(kp.0.seed());
        Ok(())
    })
}

/// Answers a 1216-byte bundle: writes the 1120-byte exchange message for the responder and makes the session. Every call draws fresh
/// randomness. PQRTC_INVALID_KEY if the ML-KEM key fails the modulus check of FIPS 203 section 7.2, PQRTC_NON_CONTRIBUTORY if the X25519
/// key gives the all-zero result, PQRTC_RNG_FAILED without randomness. Any thread. Free the session with pqrtc_session_free().
///
/// # Safety
/// Each pointer is valid for the length beside it, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_hybrid_initiate(
    suite: u32,
    bundle: *const u8,
    bundle_len: usize,
    exchange: *mut u8,
    exchange_len: usize,
    out: *mut *mut pqrtc_session,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let (bundle, exchange) = (Input::required(bundle, bundle_len)?, Output::required(exchange, exchange_len)?);
        let suite = Suite::try_from(suite)?;
        let (bundle, exchange) = (bundle.exactly(suite.bundle_len())?, exchange.exactly(suite.exchange_len())?);
        disjoint(&[&bundle], &[&exchange, &out])?;
        // SAFETY: checked above.
        let session = unsafe { suite::initiate(suite, bundle.bytes(), exchange.bytes()) }?;
        out.put_shared(pqrtc_session::of(Arc::new(session)));
        Ok(())
    })
}

/// Answers a 1120-byte exchange message and makes the session. PQRTC_NON_CONTRIBUTORY if the X25519 key in it gives the all-zero result. An
/// altered ML-KEM ciphertext is no error: it gives a session whose key the peer does not have. PQRTC_KEY_REUSED for
/// a message that gives a session which this pair has made before; each answer is remembered, some 20 to 40 bytes, until the pair is
/// freed. Any number of threads may use one pair. Free the session with pqrtc_session_free().
///
/// # Safety
/// `kp` is NULL or a live handle, `exchange` is readable for `exchange_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_hybrid_respond(
    kp: *const pqrtc_hybrid_keypair,
    exchange: *const u8,
    exchange_len: usize,
    out: *mut *mut pqrtc_session,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let kp = unsafe { handle::get(kp) }?;
        let exchange = Input::required(exchange, exchange_len)?.exactly(kp.0.suite().exchange_len())?;
        disjoint(&[&exchange], &[&out])?;
        // SAFETY: checked above.
        out.put_shared(pqrtc_session::of(Arc::new(kp.0.respond(unsafe { exchange.bytes() })?)));
        Ok(())
    })
}

/// Zeroes and frees a key pair; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `kp` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_hybrid_keypair_free(kp: *mut pqrtc_hybrid_keypair) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(kp) });
}
