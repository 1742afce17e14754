//! tests/vectors/independent.json: what OpenSSL and Go's standard library make of fixed inputs.

use super::*;
use serde_json::Value;

for_each_provider!(ml_kem, ml_dsa, ed25519, x25519, aes_gcm, hkdf);

fn vectors(name: &str) -> Vec<Value> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/independent.json"));
    serde_json::from_str::<Value>(text).unwrap()[name].as_array().unwrap().clone()
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    let hex = vector[field].as_str().unwrap();
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

fn ml_kem<P: Provider>() {
    for &algorithm in P::KEMS {
        let parameter_set = match algorithm {
            KemAlgorithm::MlKem768 => 768,
            KemAlgorithm::MlKem1024 => 1024,
        };
        let mut seen = 0;
        for vector in vectors("ml_kem").iter().filter(|vector| vector["parameter_set"] == parameter_set) {
            let key = P::KemKey::from_seed(algorithm, array(&bytes(vector, "seed")).unwrap()).unwrap();
            assert_eq!(kem_public_key(algorithm, &key), bytes(vector, "public_key"));
            for made in vector["ciphertexts"].as_array().unwrap() {
                let shared = decapsulate(&key, &bytes(made, "ciphertext"));
                assert_eq!(shared[..], bytes(made, "shared_secret"), "{}", made["by"]);
                seen += 1;
            }
        }
        assert_eq!(seen, 9);
    }
}

fn ml_dsa<P: Provider>() {
    for &algorithm in P::DSAS {
        let parameter_set = match algorithm {
            DsaAlgorithm::MlDsa65 => 65,
            DsaAlgorithm::MlDsa87 => 87,
        };
        let mut seen = 0;
        for vector in vectors("ml_dsa").iter().filter(|vector| vector["parameter_set"] == parameter_set) {
            let key = P::DsaKey::from_seed(algorithm, array(&bytes(vector, "seed")).unwrap()).unwrap();
            let (pk, context, message) =
                (dsa_public_key(algorithm, &key), bytes(vector, "context"), bytes(vector, "message"));
            assert_eq!(pk, bytes(vector, "public_key"));
            let mut signature = bytes(vector, "signature");
            P::dsa_verify(algorithm, &pk, &context, &message, &signature).unwrap();
            signature[40] ^= 1;
            assert_eq!(P::dsa_verify(algorithm, &pk, &context, &message, &signature), Err(Error::BadSignature));
            seen += 1;
        }
        assert_eq!(seen, 3);
    }
}

fn ed25519<P: Provider>() {
    let vectors = vectors("ed25519");
    assert_eq!(vectors.len(), 4);
    for vector in vectors {
        let (seed, message) = (*array(&bytes(&vector, "seed")).unwrap(), bytes(&vector, "message"));
        let pk = P::ed25519_public(&seed);
        assert_eq!(pk[..], bytes(&vector, "public_key"));
        let mut signature = [0; 64];
        P::ed25519_sign(&seed, &pk, &message, &mut signature).unwrap();
        assert_eq!(signature[..], bytes(&vector, "signature"));
        P::ed25519_verify(&pk, &message, &signature).unwrap();
    }
}

fn x25519<P: Provider>() {
    for vector in vectors("x25519") {
        let private = *array(&bytes(&vector, "private_key")).unwrap();
        assert_eq!(P::x25519_public(&private)[..], bytes(&vector, "public_key"));
        let mut shared = [0; 32];
        P::x25519(&private, array(&bytes(&vector, "peer")).unwrap(), &mut shared).unwrap();
        assert_eq!(shared[..], bytes(&vector, "shared_secret"));
    }
}

fn aes_gcm<P: Provider>() {
    for vector in vectors("aes_gcm") {
        let key = bytes(&vector, "key");
        let algorithm = if key.len() == 16 { AeadAlgorithm::Aes128Gcm } else { AeadAlgorithm::Aes256Gcm };
        let key = P::Aead::new(algorithm, &key).unwrap();
        let (nonce, aad, plaintext) = (bytes(&vector, "nonce"), bytes(&vector, "aad"), bytes(&vector, "plaintext"));
        let nonce = array(&nonce).unwrap();
        let (ciphertext, tag) = seal::<P>(&key, 16, nonce, &aad, &plaintext);
        assert_eq!([ciphertext.clone(), tag.clone()].concat(), bytes(&vector, "sealed"));
        assert_eq!(open::<P>(&key, nonce, &aad, &ciphertext, &tag), Ok(plaintext));
    }
}

fn hkdf<P: Provider>() {
    for vector in vectors("hkdf") {
        let hash = if vector["hash"] == "SHA-256" { Hash::Sha256 } else { Hash::Sha512 };
        let expected = bytes(&vector, "out");
        let mut out = vec![0; expected.len()];
        let (salt, ikm, info) = (bytes(&vector, "salt"), bytes(&vector, "ikm"), bytes(&vector, "info"));
        P::hkdf(hash, &salt, &ikm, &info, &mut out).unwrap();
        assert_eq!(out, expected);
    }
}
