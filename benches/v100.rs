//! The operations of the V100 description through the C ABI, each beside the same work done with bare crates in the same run.
//! `make bench`, or `cargo bench --bench v100`.

mod common;

use aws_lc_rs::signature::{KeyPair, ML_DSA_65, ML_DSA_65_SIGNING, PqdsaKeyPair, UnparsedPublicKey};
use common::{Case, Plan, duration, heap, medians, report};
use core::hint::black_box;
use core::ptr::null_mut;
use pqrtc::ffi::*;

const SUITE: u32 = 1;

fn main() {
    println!("provider {}; medians of alternating rounds, ours first\n", pqrtc::provider());
    handshake();
    wrapping();
    kem_1024();
    signing();
    dsa_87();
    hashing();
}

fn ok(status: pqrtc_status) {
    assert_eq!(status, pqrtc_status::PQRTC_OK);
}

/// The calls of the C ABI, as a C program would make them.
mod ours {
    use super::*;

    pub fn generate(suite: u32) -> *mut pqrtc_hybrid_keypair {
        let mut pair = null_mut();
        ok(unsafe { pqrtc_hybrid_keypair_generate(suite, &mut pair) });
        pair
    }

    pub fn bundle(pair: *const pqrtc_hybrid_keypair) -> [u8; 1216] {
        let mut bundle = [0; 1216];
        ok(unsafe { pqrtc_hybrid_keypair_bundle(pair, bundle.as_mut_ptr(), bundle.len()) });
        bundle
    }

    pub fn initiate(suite: u32, bundle: &[u8; 1216]) -> ([u8; 1120], [u8; 32]) {
        let (mut exchange, mut session) = ([0; 1120], null_mut());
        ok(unsafe { pqrtc_hybrid_initiate(suite, bundle.as_ptr(), 1216, exchange.as_mut_ptr(), 1120, &mut session) });
        (exchange, key(session))
    }

    pub fn respond(pair: *const pqrtc_hybrid_keypair, exchange: &[u8; 1120]) -> [u8; 32] {
        let mut session = null_mut();
        ok(unsafe { pqrtc_hybrid_respond(pair, exchange.as_ptr(), 1120, &mut session) });
        key(session)
    }

    fn key(session: *mut pqrtc_session) -> [u8; 32] {
        let mut key = [0; 32];
        ok(unsafe { pqrtc_session_key(session, key.as_mut_ptr(), 32) });
        unsafe { pqrtc_session_free(session) };
        key
    }

    pub fn handshake(suite: u32) {
        let pair = generate(suite);
        let (exchange, sent) = initiate(suite, &bundle(pair));
        assert_eq!(sent, respond(pair, &exchange));
        unsafe { pqrtc_hybrid_keypair_free(pair) };
    }
}

/// The same exchange written with the bare crates of the V100 stack.
mod v100 {
    use pqcrypto_mlkem::mlkem768 as kem;
    use pqcrypto_traits::kem::{Ciphertext, PublicKey, SharedSecret};
    use sha3::{Digest, Sha3_256};
    use x25519_dalek::{EphemeralSecret, PublicKey as XPublic, StaticSecret};

    pub struct Pair {
        sk_x: StaticSecret,
        sk_m: kem::SecretKey,
        pub bundle: [u8; 1216],
    }

    pub fn generate() -> Pair {
        let sk_x = StaticSecret::random();
        let (pk_m, sk_m) = kem::keypair();
        let mut bundle = [0; 1216];
        bundle[..32].copy_from_slice(XPublic::from(&sk_x).as_bytes());
        bundle[32..].copy_from_slice(pk_m.as_bytes());
        Pair { sk_x, sk_m, bundle }
    }

    pub fn initiate(bundle: &[u8; 1216]) -> ([u8; 1120], [u8; 32]) {
        let pk_x: [u8; 32] = bundle[..32].try_into().unwrap();
        let pk_m = kem::PublicKey::from_bytes(&bundle[32..]).unwrap();
        let esk = EphemeralSecret::random();
        let mut exchange = [0; 1120];
        exchange[..32].copy_from_slice(XPublic::from(&esk).as_bytes());
        let ss_x = esk.diffie_hellman(&XPublic::from(pk_x));
        let (ss_m, ct) = kem::encapsulate(&pk_m);
        exchange[32..].copy_from_slice(ct.as_bytes());
        (exchange, key(ss_x.as_bytes(), ss_m.as_bytes()))
    }

    pub fn respond(pair: &Pair, exchange: &[u8; 1120]) -> [u8; 32] {
        let epk: [u8; 32] = exchange[..32].try_into().unwrap();
        let ss_x = pair.sk_x.diffie_hellman(&XPublic::from(epk));
        let ct = kem::Ciphertext::from_bytes(&exchange[32..]).unwrap();
        key(ss_x.as_bytes(), kem::decapsulate(&ct, &pair.sk_m).as_bytes())
    }

    fn key(ss_x: &[u8], ss_m: &[u8]) -> [u8; 32] {
        let mut hash = Sha3_256::new();
        hash.update(b"V100-HYBRID-KX-V1");
        hash.update(ss_x);
        hash.update(ss_m);
        hash.finalize().into()
    }

    pub fn handshake() {
        let pair = generate();
        let (exchange, sent) = initiate(&pair.bundle);
        assert_eq!(sent, respond(&pair, &exchange));
    }
}

/// The same exchange written with bare aws-lc-rs.
mod aws {
    use aws_lc_rs::agreement::{EphemeralPrivateKey, PrivateKey, UnparsedPublicKey, X25519, agree, agree_ephemeral};
    use aws_lc_rs::digest::{Context, SHA3_256};
    use aws_lc_rs::kem::{DecapsulationKey, EncapsulationKey, ML_KEM_768};
    use aws_lc_rs::rand::SystemRandom;

    pub fn handshake() {
        let rng = SystemRandom::new();
        let sk_x = PrivateKey::generate(&X25519).unwrap();
        let pk_x = sk_x.compute_public_key().unwrap();
        let dk = DecapsulationKey::generate(&ML_KEM_768).unwrap();
        let ek = dk.encapsulation_key().unwrap().key_bytes().unwrap();

        let esk = EphemeralPrivateKey::generate(&X25519, &rng).unwrap();
        let epk = esk.compute_public_key().unwrap();
        let (ct, ss_m) = EncapsulationKey::new(&ML_KEM_768, ek.as_ref()).unwrap().encapsulate().unwrap();
        let sent = agree_ephemeral(esk, UnparsedPublicKey::new(&X25519, pk_x.as_ref()), (), |ss_x| {
            Ok(key(ss_x, ss_m.as_ref()))
        });

        let ss_m = dk.decapsulate(ct).unwrap();
        let received =
            agree(&sk_x, UnparsedPublicKey::new(&X25519, epk.as_ref()), (), |ss_x| Ok(key(ss_x, ss_m.as_ref())));
        assert_eq!(sent.unwrap(), received.unwrap());
    }

    fn key(ss_x: &[u8], ss_m: &[u8]) -> Vec<u8> {
        let mut hash = Context::new(&SHA3_256);
        hash.update(b"V100-HYBRID-KX-V1");
        hash.update(ss_x);
        hash.update(ss_m);
        hash.finish().as_ref().to_vec()
    }
}

fn handshake() {
    let times = medians(
        Plan::default(),
        &mut [
            Case::new("ours", || ours::handshake(SUITE)),
            Case::new("x-wing", || ours::handshake(2)),
            Case::new("v100", v100::handshake),
            Case::new("aws-lc-rs", aws::handshake),
        ],
    );
    let target = (pqrtc::provider() == "aws-lc").then_some(0.75);
    report("handshake, V100-HYBRID-KX-V1", times[0], "bare V100 crates", times[2], target);
    report("handshake, V100-HYBRID-KX-V1", times[0], "bare aws-lc-rs", times[3], None);
    report("handshake, X-Wing", times[1], "bare V100 crates", times[2], target);

    let (pair, bare) = (ours::generate(SUITE), v100::generate());
    let bundle = ours::bundle(pair);
    let times = medians(
        Plan::default(),
        &mut [
            Case::new("generate", || unsafe { pqrtc_hybrid_keypair_free(ours::generate(SUITE)) }),
            Case::new("bare generate", || _ = black_box(v100::generate())),
            Case::new("initiate", || _ = black_box(ours::initiate(SUITE, &bundle))),
            Case::new("bare initiate", || _ = black_box(v100::initiate(&bare.bundle))),
            // A pair answers an exchange once, so each answer is to a new one.
            Case::new("both", || _ = black_box(ours::respond(pair, &ours::initiate(SUITE, &bundle).0))),
            Case::new("bare both", || _ = black_box(v100::respond(&bare, &v100::initiate(&bare.bundle).0))),
        ],
    );
    for (what, pair) in ["key generation", "initiate", "initiate and respond"].iter().zip(times.chunks(2)) {
        report(what, pair[0], "bare V100 crates", pair[1], None);
    }
    unsafe { pqrtc_hybrid_keypair_free(pair) };

    if heap::COUNTS {
        println!(
            "allocations a handshake: {} (bare V100 crates {}, bare aws-lc-rs {})",
            heap::calls(|| ours::handshake(SUITE)),
            heap::calls(v100::handshake),
            heap::calls(aws::handshake)
        );
        let (pair, kept) = heap::kept(|| ours::generate(SUITE));
        println!("a responder's state: {kept} bytes (at most 5120)");
        unsafe { pqrtc_hybrid_keypair_free(pair) };
    }
}

fn wrapping() {
    use aes_gcm::aead::{Aead, KeyInit};
    use pqcrypto_mlkem::mlkem768 as kem;
    use pqcrypto_traits::kem::SharedSecret;

    let credential = [7u8; 64];
    let mut pair = null_mut();
    ok(unsafe { pqrtc_kem_keypair_generate(1, &mut pair) });
    let mut ek = [0; PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES];
    ok(unsafe { pqrtc_kem_keypair_public_key(pair, ek.as_mut_ptr(), ek.len()) });
    let wrap = || {
        let (mut out, mut len) = ([0; 64 + 1116], 0);
        ok(unsafe {
            pqrtc_turn_wrap(1, ek.as_ptr(), ek.len(), credential.as_ptr(), 64, out.as_mut_ptr(), out.len(), &mut len)
        });
        out
    };
    let wrapped = wrap();
    let unwrap = || {
        let (mut out, mut len) = ([0; 64], 0);
        ok(unsafe { pqrtc_turn_unwrap(pair, wrapped.as_ptr(), wrapped.len(), out.as_mut_ptr(), 64, &mut len) });
    };
    let (bare_pk, bare_sk) = kem::keypair();
    let bare_wrap = || {
        let (ss, ct) = kem::encapsulate(&bare_pk);
        let mut nonce = [0; 12];
        pqrtc::random(&mut nonce).unwrap();
        let cipher = aes_gcm::Aes256Gcm::new_from_slice(ss.as_bytes()).unwrap();
        (ct, nonce, cipher.encrypt(&nonce.into(), &credential[..]).unwrap())
    };
    let (bare_ct, bare_nonce, bare_sealed) = bare_wrap();
    let bare_unwrap = || {
        let ss = kem::decapsulate(&bare_ct, &bare_sk);
        let cipher = aes_gcm::Aes256Gcm::new_from_slice(ss.as_bytes()).unwrap();
        drop(cipher.decrypt(&bare_nonce.into(), &bare_sealed[..]).unwrap());
    };
    let times = medians(
        Plan::default(),
        &mut [
            Case::new("wrap", || _ = black_box(wrap())),
            Case::new("bare wrap", || _ = black_box(bare_wrap())),
            Case::new("unwrap", unwrap),
            Case::new("bare unwrap", bare_unwrap),
        ],
    );
    report("wrap a TURN credential", times[0], "bare V100 crates", times[1], None);
    report("unwrap", times[2], "bare V100 crates", times[3], None);
    unsafe { pqrtc_kem_keypair_free(pair) };
}

/// ML-KEM-1024 beside bare aws-lc-rs.
fn kem_1024() {
    use aws_lc_rs::kem::{Ciphertext, DecapsulationKey, EncapsulationKey, ML_KEM_1024};

    let mut pair = null_mut();
    ok(unsafe { pqrtc_kem_keypair_generate(2, &mut pair) });
    let (mut ek, mut ct, mut ss) = ([0; 1568], [0; 1568], [0; 32]);
    ok(unsafe { pqrtc_kem_keypair_public_key(pair, ek.as_mut_ptr(), ek.len()) });
    let mut encapsulate = || {
        ok(unsafe { pqrtc_kem_encapsulate(2, ek.as_ptr(), 1568, ct.as_mut_ptr(), 1568, ss.as_mut_ptr(), 32) });
        ct
    };
    let known = encapsulate();
    let bare = DecapsulationKey::generate(&ML_KEM_1024).unwrap();
    let bare_ek = bare.encapsulation_key().unwrap().key_bytes().unwrap();
    let bare_encapsulate = || EncapsulationKey::new(&ML_KEM_1024, bare_ek.as_ref()).unwrap().encapsulate().unwrap();
    let bare_known = bare_encapsulate().0;
    let mut opened = [0; 32];
    let times = medians(
        Plan::default(),
        &mut [
            Case::new("encapsulate", || _ = black_box(encapsulate())),
            Case::new("aws-lc-rs encapsulate", || _ = black_box(bare_encapsulate())),
            Case::new("decapsulate", || {
                ok(unsafe { pqrtc_kem_decapsulate(pair, known.as_ptr(), 1568, opened.as_mut_ptr(), 32) })
            }),
            Case::new("aws-lc-rs decapsulate", || {
                _ = black_box(bare.decapsulate(Ciphertext::from(bare_known.as_ref())).unwrap())
            }),
        ],
    );
    let target = (pqrtc::provider() == "aws-lc").then_some(1.05);
    report("ML-KEM-1024 encapsulate", times[0], "bare aws-lc-rs", times[1], target);
    report("ML-KEM-1024 decapsulate", times[2], "bare aws-lc-rs", times[3], target);
    unsafe { pqrtc_kem_keypair_free(pair) };
}

/// ML-DSA-87 beside bare aws-lc-rs.
fn dsa_87() {
    use aws_lc_rs::signature::{ML_DSA_87, ML_DSA_87_SIGNING};

    let (seed, digest) = ([3u8; 32], [5u8; 64]);
    let mut key = null_mut();
    ok(unsafe { pqrtc_signing_key_from_seed(2, seed.as_ptr(), 32, &mut key) });
    let mut pk = [0; 2592];
    ok(unsafe { pqrtc_signing_key_public_key(key, pk.as_mut_ptr(), pk.len()) });
    let aws = PqdsaKeyPair::from_seed(&ML_DSA_87_SIGNING, &seed).unwrap();
    let aws_public = UnparsedPublicKey::new(&ML_DSA_87, &pk);
    let (mut signature, mut aws_signature) = ([0; 4627], [0; 4627]);
    let mut sign = || {
        ok(unsafe { pqrtc_sign(key, null_mut(), 0, digest.as_ptr(), 64, signature.as_mut_ptr(), 4627) });
        signature
    };
    let known = sign();
    let times = medians(
        Plan { batch: core::time::Duration::from_millis(4), ..Plan::default() },
        &mut [
            Case::new("sign", || _ = black_box(sign())),
            Case::new("aws-lc-rs sign", || _ = black_box(aws.sign(&digest, &mut aws_signature).unwrap())),
            Case::new("verify", || {
                ok(unsafe {
                    pqrtc_verify(2, pk.as_ptr(), 2592, null_mut(), 0, digest.as_ptr(), 64, known.as_ptr(), 4627)
                })
            }),
            Case::new("aws-lc-rs verify", || aws_public.verify(&digest, &known).unwrap()),
        ],
    );
    let target = (pqrtc::provider() == "aws-lc").then_some(1.05);
    report("ML-DSA-87 sign", times[0], "bare aws-lc-rs", times[1], target);
    report("ML-DSA-87 verify", times[2], "bare aws-lc-rs", times[3], target);
    unsafe { pqrtc_signing_key_free(key) };
}

fn signing() {
    use pqcrypto_mldsa::mldsa65;

    let (seed, digest) = ([3u8; 32], [5u8; 32]);
    let mut key = null_mut();
    ok(unsafe { pqrtc_signing_key_from_seed(1, seed.as_ptr(), 32, &mut key) });
    let mut pk = [0; 1952];
    ok(unsafe { pqrtc_signing_key_public_key(key, pk.as_mut_ptr(), pk.len()) });
    let aws = PqdsaKeyPair::from_seed(&ML_DSA_65_SIGNING, &seed).unwrap();
    assert_eq!(aws.public_key().as_ref(), pk);
    let (v100_pk, v100_sk) = mldsa65::keypair();

    let mut signature = [0; PQRTC_ML_DSA_65_SIGNATURE_BYTES];
    let mut sign = || {
        ok(unsafe { pqrtc_sign(key, null_mut(), 0, digest.as_ptr(), 32, signature.as_mut_ptr(), signature.len()) });
        signature
    };
    let known = sign();
    let v100_known = mldsa65::detached_sign(&digest, &v100_sk);
    let aws_public = UnparsedPublicKey::new(&ML_DSA_65, &pk);
    let mut aws_signature = [0; PQRTC_ML_DSA_65_SIGNATURE_BYTES];
    let times = medians(
        // Signing takes a random number of tries: more rounds, longer batches.
        Plan { batch: core::time::Duration::from_millis(4), ..Plan::default() },
        &mut [
            Case::new("sign", || _ = black_box(sign())),
            Case::new("aws-lc-rs sign", || _ = black_box(aws.sign(&digest, &mut aws_signature).unwrap())),
            Case::new("v100 sign", || _ = black_box(mldsa65::detached_sign(&digest, &v100_sk))),
        ],
    );
    let target = (pqrtc::provider() == "aws-lc").then_some(1.05);
    report("ML-DSA-65 sign", times[0], "bare aws-lc-rs", times[1], target);
    report("ML-DSA-65 sign", times[0], "bare pqcrypto, portable", times[2], None);
    let times = medians(
        Plan::default(),
        &mut [
            Case::new("verify", || {
                ok(unsafe {
                    pqrtc_verify(1, pk.as_ptr(), 1952, null_mut(), 0, digest.as_ptr(), 32, known.as_ptr(), known.len())
                })
            }),
            Case::new("aws-lc-rs verify", || aws_public.verify(&digest, &known).unwrap()),
            Case::new("v100 verify", || {
                mldsa65::verify_detached_signature(&v100_known, &digest, &v100_pk).unwrap();
            }),
        ],
    );
    report("ML-DSA-65 verify", times[0], "bare aws-lc-rs", times[1], target);
    report("ML-DSA-65 verify", times[0], "bare pqcrypto, portable", times[2], None);
    unsafe { pqrtc_signing_key_free(key) };
}

fn hashing() {
    use sha3::Digest;

    const LEN: usize = 1 << 20;
    let data = vec![1u8; LEN];
    let mut hasher = null_mut();
    ok(unsafe { pqrtc_artifact_hasher_new(1, &mut hasher) });
    let mut bare = sha3::Sha3_256::new();
    let times = medians(
        Plan { rounds: Plan::default().rounds.div_ceil(4), ..Plan::default() },
        &mut [
            Case::new("hasher", || ok(unsafe { pqrtc_artifact_hasher_update(hasher, data.as_ptr(), LEN) })),
            Case::new("sha3", || bare.update(&data)),
        ],
    );
    unsafe { pqrtc_artifact_hasher_free(hasher) };
    report("hash 1 MiB of an artifact", times[0], "bare crate sha3", times[1], None);
    println!("streamed hash: {:.2} GB/s; 1 MiB in {}", LEN as f64 / times[0], duration(times[0]));
}
