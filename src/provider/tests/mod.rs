//! What holds of every provider that is built in, and of each against the other.

mod contract;
#[cfg(all(feature = "aws-lc", feature = "rustcrypto"))]
mod differential;
mod independent;
#[cfg(all(feature = "rustcrypto", unix))]
pub(super) mod stack;
mod standards;
mod wycheproof;

use super::*;

/// A `#[test]` of each generic function for each provider.
macro_rules! for_each_provider {
    ($($(#[$attribute:meta])* $test:ident),+ $(,)?) => {
        #[cfg(feature = "aws-lc")]
        mod aws_lc {
            $(#[test]
            $(#[$attribute])*
            fn $test() {
                super::$test::<crate::provider::aws_lc::AwsLc>();
            })+
        }
        #[cfg(feature = "rustcrypto")]
        mod rustcrypto {
            $(#[test]
            fn $test() {
                super::$test::<crate::provider::rustcrypto::RustCrypto>();
            })+
        }
        #[cfg(feature = "pqclean")]
        mod pqclean {
            $(#[test]
            $(#[$attribute])*
            fn $test() {
                super::$test::<crate::provider::pqclean::PqClean>();
            })+
        }
    };
}
use for_each_provider;

fn random_bytes(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    crate::random(&mut bytes).unwrap();
    bytes
}

/// `bytes` as an array, if it has that length.
fn array<const N: usize>(bytes: &[u8]) -> Option<&[u8; N]> {
    bytes.try_into().ok()
}

fn random_array<const N: usize>() -> [u8; N] {
    *array(&random_bytes(N)).unwrap()
}

fn kem_public_key(algorithm: KemAlgorithm, key: &impl KemPrivateKey) -> Vec<u8> {
    let mut ek = vec![0; algorithm.public_key_len()];
    key.public_key(&mut ek);
    ek
}

fn dsa_public_key(algorithm: DsaAlgorithm, key: &impl DsaPrivateKey) -> Vec<u8> {
    let mut pk = vec![0; algorithm.row().public_key];
    key.public_key(&mut pk);
    pk
}

fn encapsulate<P: Provider>(algorithm: KemAlgorithm, ek: &[u8], m: &[u8; 32]) -> (Vec<u8>, [u8; 32]) {
    let (mut ct, mut ss) = (vec![0; algorithm.ciphertext_len()], [0; 32]);
    P::kem_encapsulate(algorithm, ek, m, &mut ct, &mut ss).unwrap();
    (ct, ss)
}

fn decapsulate(key: &impl KemPrivateKey, ct: &[u8]) -> [u8; 32] {
    let mut ss = [0; 32];
    key.decapsulate(ct, &mut ss).unwrap();
    ss
}

fn sign(algorithm: DsaAlgorithm, key: &impl DsaPrivateKey, context: &[u8], message: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; algorithm.row().signature];
    key.sign(context, message, &mut signature).unwrap();
    signature
}

/// Every algorithm, with every tag length.
const AEADS: [AeadAlgorithm; 8] = [
    AeadAlgorithm::Aes128Gcm,
    AeadAlgorithm::Aes256Gcm,
    AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 10 },
    AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 8 },
    AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 4 },
    AeadAlgorithm::Aes256CtrHmacSha512 { tag_len: 10 },
    AeadAlgorithm::Aes256CtrHmacSha512 { tag_len: 8 },
    AeadAlgorithm::Aes256CtrHmacSha512 { tag_len: 4 },
];

/// Seals both ways, which must agree: (ciphertext, tag).
fn seal<P: Provider>(
    key: &P::Aead,
    tag_len: usize,
    nonce: &[u8; 12],
    aad: &[u8],
    plaintext: &[u8],
) -> (Vec<u8>, Vec<u8>) {
    let (mut ciphertext, mut tag) = (vec![0xAA; plaintext.len()], vec![0xAA; tag_len]);
    key.seal(nonce, aad, InOut::Apart(plaintext, &mut ciphertext), &mut tag).unwrap();
    let (mut in_place, mut in_place_tag) = (plaintext.to_vec(), vec![0x55; tag_len]);
    key.seal(nonce, aad, InOut::InPlace(&mut in_place), &mut in_place_tag).unwrap();
    assert!(ciphertext == in_place && tag == in_place_tag, "in place and out of place differ");
    (ciphertext, tag)
}

/// Opens both ways, which must agree; a failure must leave zeros.
fn open<P: Provider>(key: &P::Aead, nonce: &[u8; 12], aad: &[u8], ciphertext: &[u8], tag: &[u8]) -> Result<Vec<u8>> {
    let mut plaintext = vec![0xAA; ciphertext.len()];
    let result = key.open(nonce, aad, InOut::Apart(ciphertext, &mut plaintext), tag);
    let mut in_place = ciphertext.to_vec();
    assert_eq!(key.open(nonce, aad, InOut::InPlace(&mut in_place), tag), result);
    assert_eq!(plaintext, in_place, "in place and out of place differ");
    assert!(result.is_ok() || plaintext.iter().all(|&byte| byte == 0), "a failed open left bytes behind");
    result.map(|()| plaintext)
}
