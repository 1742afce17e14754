//! The promises of the traits that no published vector covers.

use super::*;
use crate::kem::{check_encapsulation_key, check_expanded_key};

for_each_provider!(
    known_answers,
    bad_ml_kem_keys_are_refused,
    ml_kem_rejects_implicitly,
    signing_is_hedged,
    contexts_separate_and_are_at_most_255_bytes,
    ed25519_signs_as_in_rfc_8032,
    sha512_in_pieces,
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
    for &algorithm in P::KEMS {
        let key = P::KemKey::from_seed(algorithm, &random_array()).unwrap();
        let ek = kem_public_key(algorithm, &key);
        let check = |ek: &[u8]| check_encapsulation_key(algorithm, ek);
        check(&ek).unwrap();
        let vector = algorithm.vector_len();
        for coefficient in 0..vector / 3 * 2 {
            for value in [3329u16, 3330, 4095] {
                let mut bad = ek.clone();
                let pair = &mut bad[coefficient / 2 * 3..][..3];
                if coefficient % 2 == 0 {
                    pair[0] = value as u8;
                    pair[1] = pair[1] & 0xF0 | (value >> 8) as u8;
                } else {
                    pair[1] = pair[1] & 0x0F | (value << 4) as u8;
                    pair[2] = (value >> 4) as u8;
                }
                assert_eq!(check(&bad), Err(Error::InvalidKey), "coefficient {coefficient} = {value}");
            }
        }
        // The seed of the matrix is the rest, and may be anything.
        let mut other = ek.clone();
        other[vector..].fill(0xFF);
        check(&other).unwrap();

        // An expanded key whose hash is of another encapsulation key.
        let check = |dk: &[u8]| check_expanded_key(algorithm, dk);
        let mut dk = vec![0; algorithm.expanded_len()];
        let (ek_at, hash_at) = (vector, vector + ek.len());
        dk[ek_at..hash_at].copy_from_slice(&ek);
        let mut hash = [0; 32];
        Sha3::digest(&[&ek], &mut hash);
        dk[hash_at..hash_at + 32].copy_from_slice(&hash);
        check(&dk).unwrap();
        for byte in [ek_at, hash_at - 1, hash_at, hash_at + 31] {
            let mut bad = dk.clone();
            bad[byte] ^= 1;
            assert_eq!(check(&bad), Err(Error::InvalidKey), "byte {byte}");
        }
        // A coefficient of dk_PKE out of range.
        dk[..3].fill(0xFF);
        assert_eq!(check(&dk), Err(Error::InvalidKey));
        for len in [0, dk.len() - 1, dk.len() + 1] {
            assert_eq!(check(&vec![0; len]), Err(Error::InvalidLength));
        }
    }
}

fn ml_kem_rejects_implicitly<P: Provider>() {
    for &algorithm in P::KEMS {
        let (seed, other) = (random_array(), random_array());
        let key = P::KemKey::from_seed(algorithm, &seed).unwrap();
        let (ct, ss) = encapsulate::<P>(algorithm, &kem_public_key(algorithm, &key), &random_array());
        assert!(decapsulate(&key, &ct) == ss);
        assert!(decapsulate(&P::KemKey::from_seed(algorithm, &other).unwrap(), &ct) != ss);
        for byte in [0, 1, 543, 959, 960, ct.len() - 1] {
            let mut altered = ct.clone();
            altered[byte] ^= 1;
            let rejected = decapsulate(&key, &altered);
            assert!(rejected != ss && rejected == decapsulate(&key, &altered), "byte {byte}");
            // FIPS 203, algorithm 18: J(z || c).
            let mut expected = [0; 32];
            shake256(&[&seed[32..], &altered].concat(), &mut expected);
            assert_eq!(rejected, expected);
        }
    }
}

fn signing_is_hedged<P: Provider>() {
    for &algorithm in P::DSAS {
        let key = P::DsaKey::from_seed(algorithm, &random_array()).unwrap();
        let pk = dsa_public_key(algorithm, &key);
        let (one, two) = (sign(algorithm, &key, b"", b"message"), sign(algorithm, &key, b"", b"message"));
        assert_ne!(one, two);
        for signature in [one, two] {
            P::dsa_verify(algorithm, &pk, b"", b"message", &signature).unwrap();
            assert_eq!(P::dsa_verify(algorithm, &pk, b"", b"massage", &signature), Err(Error::BadSignature));
        }
    }
}

fn contexts_separate_and_are_at_most_255_bytes<P: Provider>() {
    for &algorithm in P::DSAS {
        let key = P::DsaKey::from_seed(algorithm, &random_array()).unwrap();
        let pk = dsa_public_key(algorithm, &key);
        let longest = random_bytes(255);
        let signature = sign(algorithm, &key, &longest, b"");
        P::dsa_verify(algorithm, &pk, &longest, b"", &signature).unwrap();
        for other in [&longest[..254], b""] {
            assert_eq!(P::dsa_verify(algorithm, &pk, other, b"", &signature), Err(Error::BadSignature));
        }
        // Longer ones are refused, and leave the buffer as it was. 256 is also where a length kept in one byte would wrap.
        for len in [256, 257, 65536] {
            let context = random_bytes(len);
            let mut buffer = vec![0xA5; signature.len()];
            key.sign(&context, b"message", &mut buffer).unwrap_err();
            assert!(buffer.iter().all(|&byte| byte == 0xA5), "context of {len} bytes");
            P::dsa_verify(algorithm, &pk, &context, b"", &sign(algorithm, &key, b"", b"")).unwrap_err();
        }
    }
}

/// RFC 8032, section 7.1, tests 1 to 3; and what is not canonical or of another message is refused.
fn ed25519_signs_as_in_rfc_8032<P: Provider>() {
    let known = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    };
    for (seed, pk, message, expected) in known {
        let (seed, message) = (*array(&hex(seed)).unwrap(), hex(message));
        let (public, mut signature) = (P::ed25519_public(&seed), [0; 64]);
        assert_eq!(public[..], hex(pk));
        P::ed25519_sign(&seed, &public, &message, &mut signature).unwrap();
        assert_eq!(signature[..], hex(expected));
        P::ed25519_verify(&public, &message, &signature).unwrap();
        let altered = [&message[..], b"x"].concat();
        assert_eq!(P::ed25519_verify(&public, &altered, &signature), Err(Error::BadSignature));
    }
}

fn sha512_in_pieces<P: Provider>() {
    let data = random_bytes(1000);
    let mut whole = [0; 64];
    P::Sha512::digest(&[&data], &mut whole);
    let mut known = [0; 64];
    P::Sha512::digest(&[b"ab", b"c"], &mut known);
    assert_eq!(known[..8], [0xdd, 0xaf, 0x35, 0xa1, 0x93, 0x61, 0x7a, 0xba]);
    for at in [0, 1, 127, 128, 129, 999, 1000] {
        let (mut pieces, mut hash) = ([0; 64], P::Sha512::new());
        hash.update(&data[..at]);
        let mut copy = hash.clone();
        hash.update(&data[at..]);
        hash.finish(&mut pieces);
        assert_eq!(pieces, whole);
        copy.update(&data[at..]);
        copy.finish(&mut pieces);
        assert_eq!(pieces, whole);
        // It has started again.
        hash.update(&data);
        hash.finish(&mut pieces);
        assert_eq!(pieces, whole);
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
            assert_eq!(key.seal(&[0; 12], b"", InOut::Apart(&[1; 20], &mut out), &mut tag), Err(Error::Internal));
            assert_eq!(key.open(&[0; 12], b"", InOut::Apart(&[1; 20], &mut out), &tag), Err(Error::Internal));
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
