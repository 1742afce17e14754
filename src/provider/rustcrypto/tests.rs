//! What is particular to this provider: lengths that its code checks itself, and a stack to wipe.

use super::*;
use crate::provider::tests::stack::leaves_nothing;
use crate::provider::{AeadAlgorithm, AeadKey, DsaPrivateKey, InOut, KemPrivateKey};
use crate::secret::Secret;

#[test]
fn long_contexts_have_their_own_code() {
    for &algorithm in RustCrypto::DSAS {
        let key = DsaKey::from_seed(algorithm, &[7; 32]).unwrap();
        let row = algorithm.row();
        let mut signature = vec![0xA5; row.signature];
        assert_eq!(key.sign(&[0; 256], b"message", &mut signature), Err(Error::InvalidLength));
        assert!(signature.iter().all(|&byte| byte == 0xA5));
        let verified = RustCrypto::dsa_verify(algorithm, &vec![0; row.public_key], &[0; 256], b"message", &signature);
        assert_eq!(verified, Err(Error::InvalidLength));
    }
}

#[test]
fn tags_and_keys_have_one_length() {
    let mut algorithms = vec![AeadAlgorithm::Aes128Gcm, AeadAlgorithm::Aes256Gcm];
    for tag_len in [10, 8, 4] {
        algorithms.push(AeadAlgorithm::Aes128CtrHmacSha256 { tag_len });
        algorithms.push(AeadAlgorithm::Aes256CtrHmacSha512 { tag_len });
    }
    for algorithm in algorithms {
        let (key_len, tag_len) = (algorithm.key_len(), algorithm.tag_len());
        for len in [0, 16, 32, 48, 96, key_len - 1, key_len + 1] {
            assert_eq!(Aead::new(algorithm, &vec![7; len]).is_ok(), len == key_len, "{algorithm:?} {len}");
        }
        let key = Aead::new(algorithm, &vec![7; key_len]).unwrap();
        for len in [0, tag_len - 1, tag_len + 1] {
            let (mut data, mut tag) = ([1; 20], vec![0; len]);
            assert_eq!(key.seal(&[0; 12], b"", InOut::InPlace(&mut data), &mut tag), Err(Error::Internal));
            assert_eq!(key.open(&[0; 12], b"", InOut::InPlace(&mut data), &tag), Err(Error::Internal));
            assert_eq!(data, [0; 20]);
        }
    }
    for tag_len in [0, 1, 5, 16, 32, 64] {
        assert!(Aead::new(AeadAlgorithm::Aes128CtrHmacSha256 { tag_len }, &[7; 48]).is_err());
        assert!(Aead::new(AeadAlgorithm::Aes256CtrHmacSha512 { tag_len }, &[7; 96]).is_err());
    }
}

/// The coefficients of a vector as `ml-kem` has them in memory.
fn coefficients(vector: &[u8]) -> Vec<u8> {
    let unpacked = vector.chunks_exact(3).flat_map(|bytes| {
        let [a, b, c] = [bytes[0], bytes[1], bytes[2]].map(u16::from);
        [a | (b & 15) << 8, b >> 4 | c << 4]
    });
    unpacked.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn ml_kem_leaves_nothing_on_the_stack() {
    for &algorithm in RustCrypto::KEMS {
        let what = |what| format!("{algorithm:?} {what}");
        let (seed, m) = (Secret::<64>::random().unwrap(), Secret::<32>::random().unwrap());
        let key = KemKey::from_seed(algorithm, seed.as_bytes()).unwrap();
        let mut dk = vec![0; algorithm.expanded_len()];
        key.expanded(&mut dk).unwrap();
        let (mut ct, mut ss) = (vec![0; algorithm.ciphertext_len()], Secret::<32>::zero());
        let mut ek = vec![0; algorithm.public_key_len()];
        key.public_key(&mut ek);
        kem::encapsulate(algorithm, &ek, m.as_bytes(), &mut ct, ss.as_mut()).unwrap();
        // s, as bytes and as numbers, and z.
        let s = &dk[..algorithm.vector_len()];
        let private = [s, &dk[dk.len() - 32..], &coefficients(s)].concat();
        let secrets = [&seed.as_bytes()[..], &private].concat();
        leaves_nothing(&what("key"), kem::STACK, true, &secrets, || {
            drop(KemKey::from_seed(algorithm, seed.as_bytes()).unwrap())
        });
        leaves_nothing(&what("expanded key"), kem::STACK, true, &private, || {
            drop(KemKey::from_expanded(algorithm, &dk).unwrap())
        });
        let mut out = vec![0; dk.len()];
        leaves_nothing(&what("key to be written"), kem::STACK, true, &private, || key.expanded(&mut out).unwrap());
        let secrets = [&m.as_bytes()[..], ss.as_bytes()].concat();
        let mut out = Secret::zero();
        leaves_nothing(&what("encapsulation"), kem::STACK, true, &secrets, || {
            kem::encapsulate(algorithm, &ek, m.as_bytes(), &mut ct, out.as_mut()).unwrap()
        });
        let secrets = [secrets, private].concat();
        leaves_nothing(&what("decapsulation"), kem::STACK, true, &secrets, || {
            key.decapsulate(&ct, out.as_mut()).unwrap()
        });
    }
}

/// The coefficients of the secret vectors s1 and s2 as `ml-dsa` has them in memory.
fn secret_vectors(algorithm: DsaAlgorithm, packed: &[u8]) -> Vec<u8> {
    const Q: i32 = 8380417;
    let (bits, eta, count) = match algorithm {
        DsaAlgorithm::MlDsa65 => (4usize, 4i32, 11 * 256),
        DsaAlgorithm::MlDsa87 => (3, 2, 15 * 256),
    };
    let bit = |at: usize| i32::from(packed[at / 8] >> (at % 8) & 1);
    let coefficient = |i: usize| eta - (0..bits).map(|b| bit(i * bits + b) << b).sum::<i32>();
    (0..count).flat_map(|i| coefficient(i).rem_euclid(Q).to_le_bytes()).collect()
}

#[test]
fn ml_dsa_leaves_nothing_on_the_stack() {
    for &algorithm in RustCrypto::DSAS {
        let what = |what| format!("{algorithm:?} {what}");
        let seed = Secret::<32>::random().unwrap();
        let key = DsaKey::from_seed(algorithm, seed.as_bytes()).unwrap();
        // sk = rho || K || tr || s1 || s2 || t0; the rest of FIPS 204's names are public.
        let private = [&key.sk()[32..64], &key.sk()[128..], &secret_vectors(algorithm, &key.sk()[128..])].concat();
        let secrets = [&seed.as_bytes()[..], &private].concat();
        leaves_nothing(&what("key"), dsa::KEY_STACK, true, &secrets, || {
            drop(DsaKey::from_seed(algorithm, seed.as_bytes()).unwrap())
        });
        // What unpacking leaves is overwritten by what comes after it, so there is nothing to see without the wipe.
        leaves_nothing(&what("expanded key"), dsa::KEY_STACK, false, &private, || {
            drop(DsaKey::from_expanded(algorithm, key.sk()).unwrap())
        });
        let mut signature = vec![0; algorithm.row().signature];
        leaves_nothing(&what("signature"), dsa::SIGN_STACK, false, &private, || {
            for _ in 0..20 {
                key.sign(b"context", b"message", &mut signature).unwrap();
            }
        });
    }
}

#[test]
fn the_small_ones_leave_nothing_on_the_stack() {
    let sk = Secret::<32>::random().unwrap();
    let sk = sk.as_bytes();
    let pk = RustCrypto::x25519_public(Secret::random().unwrap().as_bytes());
    let mut ss = [0; 32];
    leaves_nothing("X25519 public key", SMALL, false, sk, || {
        RustCrypto::x25519_public(sk);
    });
    RustCrypto::x25519(sk, &pk, &mut ss).unwrap();
    let secrets = [&sk[..], &ss].concat();
    leaves_nothing("X25519", SMALL, false, &secrets, || RustCrypto::x25519(sk, &pk, &mut ss).unwrap());
    // What RFC 8032 makes of a seed: the scalar, and the prefix that hides it.
    let secrets = [&sk[..], &<sha2::Sha512 as Digest>::digest(sk)].concat();
    leaves_nothing("Ed25519 public key", SMALL, false, &secrets, || {
        RustCrypto::ed25519_public(sk);
    });
    let mut signature = [0; 64];
    leaves_nothing("Ed25519 signature", SMALL, false, &secrets, || {
        RustCrypto::ed25519_sign(sk, &pk, b"message", &mut signature).unwrap()
    });
    let mut mac = [0; 20];
    leaves_nothing("HMAC-SHA1", SMALL, false, sk, || RustCrypto::hmac_sha1(sk, b"message", &mut mac));
    for (hash, what) in [(Hash::Sha256, "HKDF-SHA256"), (Hash::Sha512, "HKDF-SHA512")] {
        let (mut prk, mut out) = (vec![0; hash.len()], [0; 100]);
        RustCrypto::hkdf_extract(hash, b"salt", sk, &mut prk).unwrap();
        RustCrypto::hkdf_expand(hash, &prk, b"info", &mut out).unwrap();
        let secrets = [&sk[..], &prk].concat();
        leaves_nothing(&format!("{what} extract"), SMALL, false, &secrets, || {
            RustCrypto::hkdf_extract(hash, b"salt", sk, &mut prk).unwrap()
        });
        let secrets = [&prk[..], &out].concat();
        leaves_nothing(&format!("{what} expand"), SMALL, false, &secrets, || {
            RustCrypto::hkdf_expand(hash, &prk, b"info", &mut out).unwrap()
        });
    }
    for algorithm in [
        AeadAlgorithm::Aes128Gcm,
        AeadAlgorithm::Aes256Gcm,
        AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 10 },
        AeadAlgorithm::Aes256CtrHmacSha512 { tag_len: 10 },
    ] {
        let mut secret = vec![0; algorithm.key_len()];
        crate::random(&mut secret).unwrap();
        leaves_nothing(&format!("{algorithm:?} key"), aead::KEY_STACK, false, &secret, || {
            drop(Aead::new(algorithm, &secret).unwrap())
        });
        let key = Aead::new(algorithm, &secret).unwrap();
        // Zeros encrypt to the keystream.
        let (mut keystream, mut data, mut tag) = (vec![0; 1000], vec![0; 1000], vec![0; algorithm.tag_len()]);
        key.seal(&[5; 12], b"", InOut::InPlace(&mut keystream), &mut tag).unwrap();
        secret.extend(&keystream);
        leaves_nothing(&format!("{algorithm:?} seal"), aead::FRAME_STACK, false, &secret, || {
            key.seal(&[5; 12], b"", InOut::InPlace(&mut data), &mut tag).unwrap()
        });
        data.fill(0);
        key.seal(&[5; 12], b"", InOut::InPlace(&mut data), &mut tag).unwrap();
        let mut out = vec![0; 1000];
        leaves_nothing(&format!("{algorithm:?} open"), aead::FRAME_STACK, false, &secret, || {
            key.open(&[5; 12], b"", InOut::Apart(&data, &mut out), &tag).unwrap()
        });
    }
}
