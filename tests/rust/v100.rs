//! The 17 properties of the V100 description, by name.

use pqrtc::kem::{KemAlgorithm, KemKeypair};
use pqrtc::signing::{self, ArtifactHasher, ArtifactKind, SignatureAlgorithm, SigningKey};
use pqrtc::suite::{self, HybridKeypair, Suite};
use pqrtc::{Error, Session, turn};

const SUITES: [Suite; 2] = [Suite::V100HybridKxV1, Suite::XWing];
const KINDS: [ArtifactKind; 4] =
    [ArtifactKind::RecordingManifest, ArtifactKind::Transcript, ArtifactKind::Summary, ArtifactKind::ApiKeyEnvelope];

const KEM: KemAlgorithm = KemAlgorithm::MlKem768;
const SIGNATURE: SignatureAlgorithm = SignatureAlgorithm::MlDsa65;

fn initiate(pair: &HybridKeypair) -> (Vec<u8>, Session) {
    let mut exchange = vec![0; pair.suite().exchange_len()];
    let session = suite::initiate(pair.suite(), pair.bundle(), &mut exchange).unwrap();
    (exchange, session)
}

fn refusal(suite: Suite, bundle: &[u8]) -> Option<Error> {
    suite::initiate(suite, bundle, &mut vec![0; suite.exchange_len()]).err()
}

fn join(suite: Suite) -> (Session, Session) {
    let pair = HybridKeypair::generate(suite).unwrap();
    let (exchange, initiator) = initiate(&pair);
    (initiator, pair.respond(&exchange).unwrap())
}

fn wrap(pair: &KemKeypair, credential: &[u8]) -> Vec<u8> {
    let mut wrapped = vec![0; credential.len() + turn::wrap_overhead(KEM)];
    assert_eq!(turn::wrap(KEM, pair.public_key(), credential, &mut wrapped), Ok(wrapped.len()));
    wrapped
}

fn sign_artifact(key: &SigningKey, kind: ArtifactKind, content: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; SIGNATURE.signature_len()];
    key.sign_artifact(kind, content, &mut signature).unwrap();
    signature
}

fn unwrap(pair: &KemKeypair, wrapped: &[u8]) -> pqrtc::Result<Vec<u8>> {
    let mut credential = vec![0; wrapped.len()];
    let len = turn::unwrap(pair, wrapped, &mut credential)?;
    credential.truncate(len);
    Ok(credential)
}

#[test]
fn v100_01_both_sides_derive_the_same_session_key() {
    for suite in SUITES {
        let (initiator, responder) = join(suite);
        assert_eq!(initiator.key(), responder.key());
    }
}

#[test]
fn v100_02_different_sessions_have_different_keys() {
    for suite in SUITES {
        let pair = HybridKeypair::generate(suite).unwrap();
        let keys: Vec<_> = (0..8).map(|_| *pair.respond(&initiate(&pair).0).unwrap().key().as_bytes()).collect();
        assert_eq!(keys.iter().collect::<std::collections::HashSet<_>>().len(), keys.len());
    }
}

#[test]
fn v100_03_a_bundle_has_1216_bytes_and_an_exchange_1120() {
    for suite in SUITES {
        let pair = HybridKeypair::generate(suite).unwrap();
        assert_eq!(pair.bundle().len(), 1216);
        assert_eq!(initiate(&pair).0.len(), 1120);
    }
}

#[test]
fn v100_04_the_session_key_is_sha3_of_label_x25519_and_mlkem() {
    use sha3::Digest;
    // X25519 by another library; ML-KEM has vectors of its own.
    let seed: [u8; 96] = core::array::from_fn(|i| i as u8);
    let pair = HybridKeypair::from_seed(Suite::V100HybridKxV1, &seed).unwrap();
    let (exchange, session) = initiate(&pair);
    let ss_x = x25519_dalek::x25519(seed[..32].try_into().unwrap(), exchange[..32].try_into().unwrap());
    let kem = KemKeypair::from_seed(KEM, &seed[32..]).unwrap();
    let ss_m = kem.decapsulate(&exchange[32..]).unwrap();
    let mut hash = sha3::Sha3_256::new();
    hash.update(b"V100-HYBRID-KX-V1");
    hash.update(ss_x);
    hash.update(ss_m.as_bytes());
    assert_eq!(session.key().as_bytes()[..], hash.finalize()[..]);
}

#[test]
fn v100_05_an_altered_exchange_gives_another_key() {
    for suite in SUITES {
        let pair = HybridKeypair::generate(suite).unwrap();
        let (exchange, session) = initiate(&pair);
        for at in [0, 30, 32, 500, 1087, 1088, 1118] {
            let mut altered = exchange.clone();
            altered[at] ^= 1;
            assert_ne!(pair.respond(&altered).unwrap().key(), session.key(), "{suite:?}, byte {at}");
        }
    }
}

#[test]
fn v100_06_another_responder_derives_another_key() {
    for suite in SUITES {
        let (pair, other) = (HybridKeypair::generate(suite).unwrap(), HybridKeypair::generate(suite).unwrap());
        let (exchange, session) = initiate(&pair);
        assert_ne!(other.respond(&exchange).unwrap().key(), session.key());
    }
}

#[test]
fn v100_07_a_bundle_with_a_bad_mlkem_key_is_refused() {
    for suite in SUITES {
        let mut bundle = HybridKeypair::generate(suite).unwrap().bundle().to_vec();
        let at = if suite == Suite::XWing { 0 } else { 32 };
        bundle[at..at + 2].fill(0xff);
        assert_eq!(refusal(suite, &bundle), Some(Error::InvalidKey));
    }
}

#[test]
fn v100_08_an_all_zero_x25519_result_is_refused_on_both_sides() {
    for suite in SUITES {
        let pair = HybridKeypair::generate(suite).unwrap();
        let (exchange, _) = initiate(&pair);
        let (bundle_at, exchange_at) = if suite == Suite::XWing { (1184, 1088) } else { (0, 0) };
        for low_order in [0u8, 1] {
            let mut point = [0; 32];
            point[0] = low_order;
            let (mut bundle, mut exchange) = (pair.bundle().to_vec(), exchange.clone());
            bundle[bundle_at..bundle_at + 32].copy_from_slice(&point);
            exchange[exchange_at..exchange_at + 32].copy_from_slice(&point);
            assert_eq!(refusal(suite, &bundle), Some(Error::NonContributory));
            assert_eq!(pair.respond(&exchange).err(), Some(Error::NonContributory));
        }
    }
}

#[test]
fn v100_09_a_turn_credential_wraps_and_unwraps_at_any_length() {
    let pair = KemKeypair::generate(KEM).unwrap();
    for len in [0, 1, 15, 16, 17, 100, 4096, turn::MAX_CREDENTIAL_BYTES] {
        let credential: Vec<u8> = (0..len).map(|i| i as u8).collect();
        let wrapped = wrap(&pair, &credential);
        assert_eq!(wrapped.len(), len + 1116);
        assert_eq!(unwrap(&pair, &wrapped), Ok(credential));
    }
    let long = vec![0; turn::MAX_CREDENTIAL_BYTES + 1];
    assert_eq!(turn::wrap(KEM, pair.public_key(), &long, &mut vec![0; long.len() + 1116]), Err(Error::InvalidLength));
}

#[test]
fn v100_10_wrapping_twice_gives_different_bytes() {
    let pair = KemKeypair::generate(KEM).unwrap();
    assert_ne!(wrap(&pair, b"turn"), wrap(&pair, b"turn"));
}

#[test]
fn v100_11_a_tampered_wrapped_credential_is_refused_and_leaves_nothing() {
    let pair = KemKeypair::generate(KEM).unwrap();
    let wrapped = wrap(&pair, b"1999999999:alice");
    for at in 0..wrapped.len() {
        let mut altered = wrapped.clone();
        altered[at] ^= 0x40;
        let mut out = vec![0xaa; 16];
        assert_eq!(turn::unwrap(&pair, &altered, &mut out), Err(Error::DecryptionFailed), "byte {at}");
        assert!(out == [0; 16] || out == [0xaa; 16]);
    }
    assert_eq!(unwrap(&pair, &wrapped[..1115]), Err(Error::InvalidLength));
    assert_eq!(unwrap(&pair, &wrapped[..wrapped.len() - 1]), Err(Error::DecryptionFailed));
}

#[test]
fn v100_12_only_the_recipient_unwraps() {
    let (pair, other) = (KemKeypair::generate(KEM).unwrap(), KemKeypair::generate(KEM).unwrap());
    assert_eq!(unwrap(&other, &wrap(&pair, b"secret")), Err(Error::DecryptionFailed));
}

#[test]
fn v100_13_signatures_round_trip_for_every_kind_of_artifact() {
    let key = SigningKey::generate(SIGNATURE).unwrap();
    for kind in KINDS {
        let signature = sign_artifact(&key, kind, b"content");
        assert_eq!(signing::verify_artifact(SIGNATURE, key.public_key(), kind, b"content", &signature), Ok(()));
    }
}

#[test]
fn v100_14_keys_have_1952_bytes_and_signatures_3309() {
    let key = SigningKey::generate(SIGNATURE).unwrap();
    assert_eq!(key.public_key().len(), 1952);
    let mut signature = [0; 3309];
    key.sign(b"", b"message", &mut signature).unwrap();
    assert_eq!(key.sign(b"", b"message", &mut signature[1..]), Err(Error::InvalidLength));
}

#[test]
fn v100_15_a_tampered_artifact_signature_or_key_is_refused() {
    let (key, other) = (SigningKey::generate(SIGNATURE).unwrap(), SigningKey::generate(SIGNATURE).unwrap());
    let kind = ArtifactKind::RecordingManifest;
    let signature = sign_artifact(&key, kind, b"content");
    let refused = Err(Error::BadSignature);
    assert_eq!(signing::verify_artifact(SIGNATURE, key.public_key(), kind, b"Content", &signature), refused);
    assert_eq!(signing::verify_artifact(SIGNATURE, other.public_key(), kind, b"content", &signature), refused);
    for at in (0..3309).step_by(101) {
        let mut altered = signature.clone();
        altered[at] ^= 1;
        assert_eq!(
            signing::verify_artifact(SIGNATURE, key.public_key(), kind, b"content", &altered),
            refused,
            "byte {at}"
        );
    }
}

#[test]
fn v100_16_a_signature_of_one_kind_never_verifies_as_another() {
    let key = SigningKey::generate(SIGNATURE).unwrap();
    for signed in KINDS {
        let signature = sign_artifact(&key, signed, b"content");
        for kind in KINDS {
            let verdict = signing::verify_artifact(SIGNATURE, key.public_key(), kind, b"content", &signature);
            assert_eq!(verdict.is_ok(), kind == signed, "{signed:?} as {kind:?}");
        }
    }
    let forged = key.sign(b"pqrtc transcript v1", &[0; 32], &mut vec![0; SIGNATURE.signature_len()]);
    assert_eq!(forged, Err(Error::InvalidArgument));
}

#[test]
fn v100_17_content_fed_in_pieces_signs_as_one() {
    let key = SigningKey::generate(SIGNATURE).unwrap();
    let content: Vec<u8> = (0..100_000u32).map(|i| (i * 7) as u8).collect();
    let mut hasher = ArtifactHasher::new(ArtifactKind::Transcript);
    content.chunks(777).for_each(|piece| hasher.update(piece));
    let mut signature = vec![0; SIGNATURE.signature_len()];
    hasher.sign(&key, &mut signature).unwrap();
    let verdict = signing::verify_artifact(SIGNATURE, key.public_key(), ArtifactKind::Transcript, &content, &signature);
    assert_eq!(verdict, Ok(()));
    hasher.update(b"more");
    assert_eq!(hasher.verify(SIGNATURE, key.public_key(), &signature), Err(Error::BadSignature));
}
