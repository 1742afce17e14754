//! ML-KEM-768 with PQClean's C code: the `_derand` functions, which take their randomness as an argument and cannot fail.

use crate::provider::{KemAlgorithm, KemPrivateKey, scrubbed};
use crate::secret::Secret;
use crate::{Error, Result};
use core::ffi::c_int;
// The crate that holds the C code; naming it is what links it.
use pqcrypto_mlkem as _;

const VECTOR: usize = KemAlgorithm::MlKem768.vector_len();
const PUBLIC_KEY: usize = KemAlgorithm::MlKem768.public_key_len();
pub(super) const EXPANDED: usize = KemAlgorithm::MlKem768.expanded_len();

/// Stack that either code uses (AVX2: 18 KiB), with a margin for other compilers.
pub(super) const STACK: usize = 32 << 10;

/// One compilation of PQClean's ML-KEM-768. Buffers have the sizes of FIPS 203 and need no alignment.
pub(super) struct Code {
    /// (ek out, dk out, d || z)
    keypair: unsafe extern "C" fn(*mut u8, *mut u8, *const u8) -> c_int,
    /// (ct out, ss out, ek, m)
    enc: unsafe extern "C" fn(*mut u8, *mut u8, *const u8, *const u8) -> c_int,
    /// (ss out, ct, dk)
    dec: unsafe extern "C" fn(*mut u8, *const u8, *const u8) -> c_int,
}

macro_rules! code {
    ($name:ident: $keypair:ident, $enc:ident, $dec:ident) => {
        pub(super) static $name: Code = {
            unsafe extern "C" {
                fn $keypair(ek: *mut u8, dk: *mut u8, coins: *const u8) -> c_int;
                fn $enc(ct: *mut u8, ss: *mut u8, ek: *const u8, coins: *const u8) -> c_int;
                fn $dec(ss: *mut u8, ct: *const u8, dk: *const u8) -> c_int;
            }
            Code { keypair: $keypair, enc: $enc, dec: $dec }
        };
    };
}

code!(PORTABLE:
    PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand,
    PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand,
    PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec);

// As pqcrypto-mlkem's build script has it: these are the targets where the AVX2 code exists.
#[cfg(all(target_arch = "x86_64", not(target_os = "windows"), not(target_os = "macos")))]
code!(AVX2:
    PQCLEAN_MLKEM768_AVX2_crypto_kem_keypair_derand,
    PQCLEAN_MLKEM768_AVX2_crypto_kem_enc_derand,
    PQCLEAN_MLKEM768_AVX2_crypto_kem_dec);

/// The fastest code that this processor runs.
pub(super) fn code() -> &'static Code {
    // Every extension that the AVX2 code was allowed to use (pqcrypto-mlkem itself looks for AVX2 alone).
    #[cfg(all(target_arch = "x86_64", not(target_os = "windows"), not(target_os = "macos")))]
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("aes")
        && is_x86_feature_detected!("pclmulqdq")
    {
        return &AVX2;
    }
    &PORTABLE
}

impl Code {
    pub(super) fn keypair(&self, dk: &mut Secret<EXPANDED>, seed: &[u8; 64]) -> Result<()> {
        let (dk, seed) = (dk.as_mut().as_mut_ptr(), seed.as_ptr());
        done(scrubbed::<STACK, _>(|| {
            // Also in dk.
            let mut ek = [0; PUBLIC_KEY];
            // SAFETY: 1184 and 2400 bytes to write, 64 to read, none of which overlap.
            unsafe { (self.keypair)(ek.as_mut_ptr(), dk, seed) }
        }))
    }

    pub(super) fn enc(&self, ek: &[u8], m: &[u8; 32], ct: &mut [u8], ss: &mut [u8; 32]) -> Result<()> {
        let (ct, ss, m) = (ct.as_mut_ptr(), ss.as_mut_ptr(), m.as_ptr());
        // SAFETY: 1088 and 32 bytes to write, 1184 and 32 to read, none of which overlap.
        done(scrubbed::<STACK, _>(|| unsafe { (self.enc)(ct, ss, ek.as_ptr(), m) }))
    }

    pub(super) fn dec(&self, dk: &Secret<EXPANDED>, ct: &[u8], ss: &mut [u8; 32]) -> Result<()> {
        let (ss, dk) = (ss.as_mut_ptr(), dk.as_bytes().as_ptr());
        // SAFETY: 32 bytes to write, 1088 and 2400 to read, none of which overlap.
        done(scrubbed::<STACK, _>(|| unsafe { (self.dec)(ss, ct.as_ptr(), dk) }))
    }
}

fn done(status: c_int) -> Result<()> {
    if status == 0 { Ok(()) } else { Err(Error::Internal) }
}

pub(super) fn encapsulate(ek: &[u8], m: &[u8; 32], ct: &mut [u8], ss: &mut [u8; 32]) -> Result<()> {
    code().enc(ek, m, ct, ss)
}

/// The FIPS 203 expanded key.
pub(crate) struct KemKey(Secret<EXPANDED>);

impl KemPrivateKey for KemKey {
    fn from_seed(_: KemAlgorithm, seed: &[u8; 64]) -> Result<Self> {
        let mut dk = Secret::zero();
        code().keypair(&mut dk, seed)?;
        Ok(KemKey(dk))
    }

    fn from_expanded(_: KemAlgorithm, dk: &[u8]) -> Result<Self> {
        Ok(KemKey(Secret::from_slice(dk)?))
    }

    fn public_key(&self, ek: &mut [u8]) {
        ek.copy_from_slice(&self.0.as_bytes()[VECTOR..VECTOR + PUBLIC_KEY]);
    }

    fn expanded(&self, dk: &mut [u8]) -> Result<()> {
        dk.copy_from_slice(self.0.as_bytes());
        Ok(())
    }

    fn decapsulate(&self, ct: &[u8], ss: &mut [u8; 32]) -> Result<()> {
        code().dec(&self.0, ct, ss)
    }
}
