//! The promises of the traits that no published vector covers.

use super::*;
use crate::kem::{check_encapsulation_key, check_expanded_key};

for_each_provider!(
    known_answers,
    bad_ml_kem_keys_are_refused,
    ml_kem_rejects_implicitly,
    signing_is_hedged,
    contexts_separate_and_are_at_most_255_bytes,
    aead_refuses_what_was_altered,
    aead_refuses_unequal_lengths,
    hkdf_output_is_at_most_255_blocks,
);

/// The self test, of the provider that is not in use too.
fn known_answers<P: Provider>() {
    assert_eq!(self_test::check::<P>(), Ok(()));
}

/// FIPS 203 section 7.2 and 7.3, on behalf of the C code, which takes anything.
fn bad_ml_kem_keys_are_refused<P: Provider>() {
    let seed = Secret::random().unwrap();
    let key = P::KemKey::from_seed(&seed).unwrap();
    let ek = kem_public_key(&key);
    check_encapsulation_key(&ek).unwrap();
    for coefficient in 0..768 {
        for value in [3329u16, 3330, 4095] {
            let mut bad = ek;
            let pair = &mut bad[coefficient / 2 * 3..][..3];
            if coefficient % 2 == 0 {
                pair[0] = value as u8;
                pair[1] = pair[1] & 0xF0 | (value >> 8) as u8;
            } else {
                pair[1] = pair[1] & 0x0F | (value << 4) as u8;
                pair[2] = (value >> 4) as u8;
            }
            assert_eq!(check_encapsulation_key(&bad), Err(Error::InvalidKey), "coefficient {coefficient} = {value}");
        }
    }
    // The seed of the matrix is the rest, and may be anything.
    let mut other = ek;
    other[1152..].fill(0xFF);
    check_encapsulation_key(&other).unwrap();

    // An expanded key whose hash is of another encapsulation key.
    let mut dk = [0; KEM_EXPANDED];
    dk[1152..2336].copy_from_slice(&ek);
    let mut hash = [0; 32];
    Sha3::digest(&[&ek], &mut hash);
    dk[2336..2368].copy_from_slice(&hash);
    check_expanded_key(&dk).unwrap();
    for byte in [1152, 2335, 2336, 2367] {
        let mut bad = dk;
        bad[byte] ^= 1;
        assert_eq!(check_expanded_key(&bad), Err(Error::InvalidKey), "byte {byte}");
    }
    // A coefficient of dk_PKE out of range.
    dk[..3].fill(0xFF);
    assert_eq!(check_expanded_key(&dk), Err(Error::InvalidKey));
}

fn ml_kem_rejects_implicitly<P: Provider>() {
    let (seed, other) = (Secret::random().unwrap(), Secret::random().unwrap());
    let key = P::KemKey::from_seed(&seed).unwrap();
    let (ct, ss) = encapsulate::<P>(&kem_public_key(&key), &Secret::random().unwrap());
    assert!(decapsulate(&key, &ct) == ss);
    assert!(decapsulate(&P::KemKey::from_seed(&other).unwrap(), &ct) != ss);
    for byte in [0, 1, 543, 959, 960, 1087] {
        let mut altered = ct;
        altered[byte] ^= 1;
        let rejected = decapsulate(&key, &altered);
        assert!(rejected != ss && rejected == decapsulate(&key, &altered), "byte {byte}");
        // FIPS 203, algorithm 18: J(z || c).
        let mut expected = [0; 32];
        shake256(&[&seed.as_bytes()[32..], &altered].concat(), &mut expected);
        assert_eq!(rejected.as_bytes(), &expected);
    }
}

fn signing_is_hedged<P: Provider>() {
    let key = P::DsaKey::from_seed(&Secret::random().unwrap()).unwrap();
    let (one, two) = (sign(&key, b"", b"message"), sign(&key, b"", b"message"));
    assert_ne!(one, two);
    for signature in [one, two] {
        P::dsa_verify(&dsa_public_key(&key), b"", b"message", &signature).unwrap();
        assert_eq!(P::dsa_verify(&dsa_public_key(&key), b"", b"massage", &signature), Err(Error::BadSignature));
    }
}

fn contexts_separate_and_are_at_most_255_bytes<P: Provider>() {
    let key = P::DsaKey::from_seed(&Secret::random().unwrap()).unwrap();
    let pk = dsa_public_key(&key);
    let longest = random_bytes(255);
    let signature = sign(&key, &longest, b"");
    P::dsa_verify(&pk, &longest, b"", &signature).unwrap();
    for other in [&longest[..254], b""] {
        assert_eq!(P::dsa_verify(&pk, other, b"", &signature), Err(Error::BadSignature));
    }
    // Longer ones are refused, and leave the buffer as it was. 256 is also where a length kept in one byte would wrap.
    for len in [256, 257, 65536] {
        let context = random_bytes(len);
        let mut buffer = [0xA5; DSA_SIGNATURE];
        key.sign(&context, b"message", &mut buffer).unwrap_err();
        assert_eq!(buffer, [0xA5; DSA_SIGNATURE], "context of {len} bytes");
        P::dsa_verify(&pk, &context, b"", &sign(&key, b"", b"")).unwrap_err();
    }
}

fn aead_refuses_what_was_altered<P: Provider>() {
    for algorithm in AEADS {
        let key = P::Aead::new(algorithm, &random_bytes(algorithm.key_len())).unwrap();
        for len in [0, 1, 15, 16, 17, 100, 1200, 70_000] {
            let (nonce, aad, plaintext) = (random_bytes(12), random_bytes(len % 40), random_bytes(len));
            let nonce = array(&nonce).unwrap();
            let (ciphertext, tag) = seal::<P>(&key, algorithm.tag_len(), nonce, &aad, &plaintext);
            let refused = |nonce: &[u8; 12], aad: &[u8], ciphertext: &[u8], tag: &[u8]| {
                assert_eq!(
                    open::<P>(&key, nonce, aad, ciphertext, tag),
                    Err(Error::DecryptionFailed),
                    "{algorithm:?} {len}"
                );
            };
            assert_eq!(open::<P>(&key, nonce, &aad, &ciphertext, &tag), Ok(plaintext));
            let flipped = |bytes: &[u8], at: usize| {
                let mut bytes = bytes.to_vec();
                bytes[at] ^= 0x80;
                bytes
            };
            for at in 0..tag.len() {
                refused(nonce, &aad, &ciphertext, &flipped(&tag, at));
            }
            for at in [0, len / 2, len.saturating_sub(1)].into_iter().filter(|&at| at < len) {
                refused(nonce, &aad, &flipped(&ciphertext, at), &tag);
            }
            refused(array(&flipped(nonce, 11)).unwrap(), &aad, &ciphertext, &tag);
            refused(nonce, &[&aad[..], b"x"].concat(), &ciphertext, &tag);
            // A byte moved from the end of the associated data to the front of the ciphertext.
            if let Some((last, rest)) = aad.split_last() {
                refused(nonce, rest, &[&[*last], &ciphertext[..]].concat(), &tag);
            }
        }
    }
}

fn aead_refuses_unequal_lengths<P: Provider>() {
    for algorithm in AEADS {
        let key = P::Aead::new(algorithm, &random_bytes(algorithm.key_len())).unwrap();
        for len in [19, 21] {
            let (mut out, mut tag) = (vec![0; len], vec![0; algorithm.tag_len()]);
            assert_eq!(key.seal(&[0; 12], b"", &[1; 20], &mut out, &mut tag), Err(Error::Internal));
            assert_eq!(key.open(&[0; 12], b"", &[1; 20], &tag, &mut out), Err(Error::Internal));
            assert!(out.iter().all(|&byte| byte == 0));
        }
    }
}

fn hkdf_output_is_at_most_255_blocks<P: Provider>() {
    for (hash, len) in [(Hash::Sha256, 32), (Hash::Sha512, 64)] {
        P::hkdf(hash, b"salt", b"ikm", b"info", &mut vec![0; 255 * len]).unwrap();
        P::hkdf(hash, b"salt", b"ikm", b"info", &mut vec![0; 255 * len + 1]).unwrap_err();
    }
}
