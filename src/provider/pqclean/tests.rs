//! What is particular to this provider: two codes for ML-KEM, C code that takes anything, and a stack to wipe.

use super::*;
use crate::Error;
use crate::provider::tests::stack::leaves_nothing;
use crate::provider::{DsaPrivateKey, KemPrivateKey};
use crate::secret::Secret;

const KEM: KemAlgorithm = KemAlgorithm::MlKem768;
const DSA: DsaAlgorithm = DsaAlgorithm::MlDsa65;
const KEM_EXPANDED: usize = KEM.expanded_len();
const KEM_CIPHERTEXT: usize = KEM.ciphertext_len();
const DSA_SIGNATURE: usize = DSA.row().signature;

#[test]
fn portable_and_avx2_ml_kem_agree() {
    let fast = kem::code();
    if std::ptr::eq(fast, &kem::PORTABLE) {
        println!("skipped: this processor or target has the portable code alone");
        return;
    }
    for round in 0..300 {
        let (seed, m) = (Secret::random().unwrap(), Secret::random().unwrap());
        let (mut dk, mut other_dk) = (Secret::<KEM_EXPANDED>::zero(), Secret::zero());
        fast.keypair(&mut dk, seed.as_bytes()).unwrap();
        kem::PORTABLE.keypair(&mut other_dk, seed.as_bytes()).unwrap();
        assert!(dk == other_dk);
        let ek = dk.as_bytes()[1152..2336].to_vec();
        let (mut ct, mut other_ct) = ([0; KEM_CIPHERTEXT], [1; KEM_CIPHERTEXT]);
        let (mut ss, mut other_ss) = ([0; 32], [1; 32]);
        fast.enc(&ek, m.as_bytes(), &mut ct, &mut ss).unwrap();
        kem::PORTABLE.enc(&ek, m.as_bytes(), &mut other_ct, &mut other_ss).unwrap();
        assert!(ct == other_ct && ss == other_ss);
        // The right ciphertext, an altered one, and altered keys.
        for step in 0..4 {
            match step {
                1 => ct[round * 3 % KEM_CIPHERTEXT] ^= 1 << (round % 8),
                2 => dk.as_mut()[round * 3] ^= 1,
                3 => dk.as_mut()[2368 + round % 32] ^= 0x10,
                _ => {}
            }
            let (mut opened, mut other) = ([0; 32], [1; 32]);
            fast.dec(&dk, &ct, &mut opened).unwrap();
            kem::PORTABLE.dec(&dk, &ct, &mut other).unwrap();
            assert!(opened == other && (opened == ss) == (step == 0));
        }
    }
}

/// Why `kem.rs` checks: the C code does not.
#[test]
fn the_c_code_takes_bad_keys_and_the_library_does_not() {
    let mut ek = vec![0; KEM.public_key_len()];
    kem::KemKey::from_seed(KEM, Secret::random().unwrap().as_bytes()).unwrap().public_key(&mut ek);
    ek[..3].fill(0xFF);
    let mut ct = [0; KEM_CIPHERTEXT];
    PqClean::kem_encapsulate(KEM, &ek, &[1; 32], &mut ct, &mut [0; 32]).unwrap();
    assert_eq!(crate::kem::encapsulate(KEM, &ek, &mut ct).unwrap_err(), Error::InvalidKey);
}

#[test]
fn long_contexts_have_their_own_code() {
    let key = dsa::DsaKey::from_seed(DSA, Secret::random().unwrap().as_bytes()).unwrap();
    let mut signature = [0xA5; DSA_SIGNATURE];
    assert_eq!(key.sign(&[0; 256], b"message", &mut signature), Err(Error::InvalidLength));
    assert_eq!(signature, [0xA5; DSA_SIGNATURE]);
    assert_eq!(
        PqClean::dsa_verify(DSA, &vec![0; DSA.row().public_key], &[0; 256], b"message", &signature),
        Err(Error::InvalidLength)
    );
}

/// The coefficients of a vector as PQClean has them in memory, in -q/2..q/2 and in 0..q.
fn coefficients(vector: &[u8]) -> Vec<u8> {
    const Q: i16 = 3329;
    let unpacked = vector.chunks_exact(3).flat_map(|bytes| {
        let [a, b, c] = [bytes[0], bytes[1], bytes[2]].map(i16::from);
        [a | (b & 15) << 8, b >> 4 | c << 4]
    });
    let centred = unpacked.clone().map(|value| if value > Q / 2 { value - Q } else { value });
    centred.chain(unpacked).flat_map(i16::to_le_bytes).collect()
}

#[test]
fn ml_kem_leaves_nothing_on_the_stack() {
    for code in [&kem::PORTABLE, kem::code()] {
        let (seed, m) = (Secret::<64>::random().unwrap(), Secret::<32>::random().unwrap());
        let mut dk = Secret::<KEM_EXPANDED>::zero();
        code.keypair(&mut dk, seed.as_bytes()).unwrap();
        let (mut ct, mut ss) = ([0; KEM_CIPHERTEXT], Secret::<32>::zero());
        let ek = dk.as_bytes()[1152..2336].to_vec();
        code.enc(&ek, m.as_bytes(), &mut ct, ss.as_mut()).unwrap();
        // What keys are made from: (rho, sigma) = G(d || k), FIPS 203, algorithm 13.
        let g = <sha3::Sha3_512 as sha3::Digest>::digest([&seed.as_bytes()[..32], &[3]].concat());
        let private = [&dk.as_bytes()[..1152], &dk.as_bytes()[2368..], &coefficients(&dk.as_bytes()[..1152])].concat();
        let secrets = [&seed.as_bytes()[..], &g[32..], &private].concat();
        let mut out = Secret::zero();
        leaves_nothing("ML-KEM key", kem::STACK, std::ptr::eq(code, &kem::PORTABLE), &secrets, || {
            code.keypair(&mut out, seed.as_bytes()).unwrap()
        });
        let secrets = [&m.as_bytes()[..], ss.as_bytes()].concat();
        let mut out = Secret::<32>::zero();
        leaves_nothing("ML-KEM encapsulation", kem::STACK, true, &secrets, || {
            code.enc(&ek, m.as_bytes(), &mut ct, out.as_mut()).unwrap()
        });
        let secrets = [secrets, private].concat();
        leaves_nothing("ML-KEM decapsulation", kem::STACK, true, &secrets, || {
            code.dec(&dk, &ct, out.as_mut()).unwrap()
        });
    }
}

#[test]
fn ml_dsa_leaves_nothing_on_the_stack() {
    let seed = Secret::<32>::random().unwrap();
    let key = dsa::DsaKey::from_seed(DSA, seed.as_bytes()).unwrap();
    // sk = rho || K || tr || s1 || s2 || t0; the rest of FIPS 204's names are public.
    let mut sk = vec![0; DSA.row().expanded];
    key.expanded(&mut sk).unwrap();
    let secrets = [&sk[32..64], &sk[128..]].concat();
    let mut signature = [0; DSA_SIGNATURE];
    leaves_nothing("ML-DSA signature", dsa::SIGN_STACK, true, &secrets, || {
        for _ in 0..20 {
            key.sign(b"context", b"message", &mut signature).unwrap();
        }
    });
}
