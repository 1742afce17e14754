//! The vectors of the standards themselves: NIST's ACVP key generation and RFC 9605's AES-CTR with HMAC.

use super::*;
use crate::kem::{check_encapsulation_key, check_expanded_key};
use serde_json::Value;

for_each_provider!(
    #[ignore = "needs ../shared/vectors"]
    acvp_ml_kem_key_generation,
    #[ignore = "needs ../shared/vectors"]
    acvp_ml_dsa_key_generation,
    #[ignore = "needs ../shared/vectors"]
    rfc9605_aes_ctr_hmac,
);

fn load(name: &str) -> Value {
    let path = format!("{}/../shared/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn bytes(test: &Value, field: &str) -> Vec<u8> {
    let hex = test[field].as_str().unwrap();
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

fn acvp_ml_kem_key_generation<P: Provider>() {
    let set = load("acvp-mlkem768-keygen.json");
    let algorithm = KemAlgorithm::MlKem768;
    let tests = set.as_array().unwrap();
    assert!(!tests.is_empty());
    for test in tests {
        let seed = [bytes(test, "d"), bytes(test, "z")].concat();
        let key = P::KemKey::from_seed(algorithm, array(&seed).unwrap()).unwrap();
        let (ek, dk) = (bytes(test, "ek"), bytes(test, "dk"));
        assert_eq!(kem_public_key(algorithm, &key), ek);
        check_encapsulation_key(algorithm, &ek).unwrap();
        check_expanded_key(algorithm, &dk).unwrap();
        let expanded = P::KemKey::from_expanded(algorithm, &dk).unwrap();
        let (ct, ss) = encapsulate::<P>(algorithm, &ek, &random_array());
        assert!(decapsulate(&key, &ct) == ss && decapsulate(&expanded, &ct) == ss);
        // Implicit rejection is J(z || ct): the seed and the expanded key must hold the same z.
        let noise = random_bytes(ct.len());
        let rejected = decapsulate(&key, &noise);
        let mut expected = [0; 32];
        shake256(&[&seed[32..], &noise].concat(), &mut expected);
        assert_eq!(rejected, expected);
        assert!(decapsulate(&expanded, &noise) == rejected);
    }
}

fn acvp_ml_dsa_key_generation<P: Provider>() {
    let set = load("acvp-mldsa65-keygen.json");
    let algorithm = DsaAlgorithm::MlDsa65;
    let tests = set.as_array().unwrap();
    assert!(!tests.is_empty());
    for test in tests {
        let key = P::DsaKey::from_seed(algorithm, array(&bytes(test, "seed")).unwrap()).unwrap();
        let pk = dsa_public_key(algorithm, &key);
        assert_eq!(pk, bytes(test, "pk"));
        P::dsa_verify(algorithm, &pk, b"", b"message", &sign(algorithm, &key, b"", b"message")).unwrap();
    }
}

fn rfc9605_aes_ctr_hmac<P: Provider>() {
    let set = load("rfc9605-sframe.json");
    let tests = set["aes_ctr_hmac"].as_array().unwrap();
    assert_eq!(tests.len(), 3);
    for (test, tag_len) in tests.iter().zip([10, 8, 4]) {
        let key = P::Aead::new(AeadAlgorithm::Aes128CtrHmacSha256 { tag_len }, &bytes(test, "key")).unwrap();
        let (nonce, aad, pt, ct) = (bytes(test, "nonce"), bytes(test, "aad"), bytes(test, "pt"), bytes(test, "ct"));
        let nonce = array(&nonce).unwrap();
        let (ciphertext, tag) = seal::<P>(&key, tag_len, nonce, &aad, &pt);
        assert_eq!([ciphertext.clone(), tag.clone()].concat(), ct);
        assert_eq!(open::<P>(&key, nonce, &aad, &ciphertext, &tag), Ok(pt));
    }
}
