//! ML-DSA-65 beside other people's code: every peer verifies the signatures of every other, then all are measured in one run.
//! `make bench-peers`.

#[path = "../common/mod.rs"]
mod common;
mod openssl;

use common::{Case, Plan, medians, report};
use core::hint::black_box;
use core::ptr::{null, null_mut};
use core::time::Duration;
use pqrtc::ffi::*;

/// A key, as its owner and others use it. The context is empty.
struct Peer {
    name: &'static str,
    public: Vec<u8>,
    sign: Box<dyn Fn(&[u8]) -> Vec<u8>>,
    /// Public key, message, signature.
    verify: fn(&[u8], &[u8], &[u8]) -> bool,
}

const MESSAGE: [u8; 32] = [5; 32];

fn main() {
    println!("provider {}; medians of alternating rounds, ours first\n", pqrtc::provider());
    let peers = [ours(), aws(), libcrux(), rust_crypto(), pqclean(), open_ssl(), liboqs()];
    for signer in &peers {
        let mut signature = (signer.sign)(&MESSAGE);
        for verifier in &peers {
            let who = format!("{} of {}", verifier.name, signer.name);
            assert!((verifier.verify)(&signer.public, &MESSAGE, &signature), "{who}");
            signature[100] ^= 1;
            assert!(!(verifier.verify)(&signer.public, &MESSAGE, &signature), "{who}, altered");
            signature[100] ^= 1;
        }
    }
    println!("ML-DSA-65: {} peers verify each other's signatures, and refuse altered ones", peers.len());

    // Signing takes a random number of tries: longer batches.
    let plan = Plan { batch: Duration::from_millis(4), ..Plan::default() };
    let mut cases: Vec<Case> =
        peers.iter().map(|peer| Case::new(peer.name, move || _ = black_box((peer.sign)(&MESSAGE)))).collect();
    show("ML-DSA-65 sign", &peers, &medians(plan, &mut cases));
    let signatures: Vec<_> = peers.iter().map(|peer| (peer.sign)(&MESSAGE)).collect();
    let mut cases: Vec<Case> = peers
        .iter()
        .zip(&signatures)
        .map(|(peer, signature)| {
            Case::new(peer.name, move || assert!((peer.verify)(&peer.public, &MESSAGE, signature)))
        })
        .collect();
    show("ML-DSA-65 verify", &peers, &medians(Plan::default(), &mut cases));
}

fn show(what: &str, peers: &[Peer], times: &[f64]) {
    for at in 1..peers.len() {
        report(what, times[0], peers[at].name, times[at], None);
    }
}

fn ok(status: pqrtc_status) {
    assert_eq!(status, pqrtc_status::PQRTC_OK);
}

/// Through the C ABI.
fn ours() -> Peer {
    struct Key(*mut pqrtc_signing_key);

    impl Drop for Key {
        fn drop(&mut self) {
            unsafe { pqrtc_signing_key_free(self.0) }
        }
    }

    let (mut key, mut public) = (null_mut(), vec![0; 1952]);
    ok(unsafe { pqrtc_signing_key_generate(1, &mut key) });
    ok(unsafe { pqrtc_signing_key_public_key(key, public.as_mut_ptr(), public.len()) });
    let key = Key(key);
    let sign = move |message: &[u8]| {
        let (key, mut signature) = (&key, vec![0; 3309]);
        let (from, to) = (message.as_ptr(), signature.as_mut_ptr());
        ok(unsafe { pqrtc_sign(key.0, null(), 0, from, message.len(), to, signature.len()) });
        signature
    };
    let verify = |public: &[u8], message: &[u8], signature: &[u8]| {
        let (key, from) = ((public.as_ptr(), public.len()), (message.as_ptr(), message.len()));
        let status =
            unsafe { pqrtc_verify(1, key.0, key.1, null(), 0, from.0, from.1, signature.as_ptr(), signature.len()) };
        status == pqrtc_status::PQRTC_OK
    };
    Peer { name: "pqrtc", public, sign: Box::new(sign), verify }
}

fn aws() -> Peer {
    use aws_lc_rs::signature::{KeyPair, ML_DSA_65, ML_DSA_65_SIGNING, PqdsaKeyPair, UnparsedPublicKey};

    let key = PqdsaKeyPair::generate(&ML_DSA_65_SIGNING).unwrap();
    Peer {
        name: "aws-lc-rs",
        public: key.public_key().as_ref().to_vec(),
        sign: Box::new(move |message| {
            let mut signature = vec![0; 3309];
            key.sign(message, &mut signature).unwrap();
            signature
        }),
        verify: |public, message, signature| {
            UnparsedPublicKey::new(&ML_DSA_65, public).verify(message, signature).is_ok()
        },
    }
}

fn libcrux() -> Peer {
    use libcrux_ml_dsa::ml_dsa_65::{MLDSA65Signature, MLDSA65VerificationKey, generate_key_pair, sign, verify};

    let pair = generate_key_pair(random());
    Peer {
        name: "libcrux-ml-dsa",
        public: pair.verification_key.as_slice().to_vec(),
        sign: Box::new(move |message| sign(&pair.signing_key, message, b"", random()).unwrap().as_slice().to_vec()),
        verify: |public, message, signature| {
            let public = MLDSA65VerificationKey::new(public.try_into().unwrap());
            verify(&public, message, b"", &MLDSA65Signature::new(signature.try_into().unwrap())).is_ok()
        },
    }
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    pqrtc::random(&mut bytes).unwrap();
    bytes
}

fn rust_crypto() -> Peer {
    use ml_dsa::{EncodedSignature, EncodedVerifyingKey, Keypair, MlDsa65, Signature, SigningKey, VerifyingKey};

    let key = SigningKey::<MlDsa65>::from_seed(&random().into());
    Peer {
        name: "ml-dsa",
        public: key.verifying_key().encode().to_vec(),
        // Hedged, as all others are.
        sign: Box::new(move |message| {
            let hedged = key.expanded_key().sign_internal(&[&[0, 0], message], &random().into());
            hedged.encode().to_vec()
        }),
        verify: |public, message, signature| {
            let key = VerifyingKey::<MlDsa65>::decode(&EncodedVerifyingKey::<MlDsa65>::try_from(public).unwrap());
            let signature = EncodedSignature::<MlDsa65>::try_from(signature).unwrap();
            Signature::decode(&signature).is_some_and(|signature| key.verify_with_context(message, b"", &signature))
        },
    }
}

fn pqclean() -> Peer {
    use pqcrypto_mldsa::mldsa65::{DetachedSignature, PublicKey, detached_sign, keypair, verify_detached_signature};
    use pqcrypto_traits::sign::{DetachedSignature as _, PublicKey as _};

    let (public, secret) = keypair();
    Peer {
        name: "pqcrypto-mldsa, portable",
        public: public.as_bytes().to_vec(),
        sign: Box::new(move |message| detached_sign(message, &secret).as_bytes().to_vec()),
        verify: |public, message, signature| {
            let signature = DetachedSignature::from_bytes(signature).unwrap();
            verify_detached_signature(&signature, message, &PublicKey::from_bytes(public).unwrap()).is_ok()
        },
    }
}

fn open_ssl() -> Peer {
    const NAME: &core::ffi::CStr = c"ML-DSA-65";

    let key = openssl::Key::generate(NAME);
    Peer {
        name: "OpenSSL",
        public: key.public(),
        sign: Box::new(move |message| key.sign(message)),
        verify: |public, message, signature| openssl::Key::from_public(NAME, public).verify(message, signature),
    }
}

fn liboqs() -> Peer {
    use oqs::sig::{Algorithm, Sig};

    fn sig() -> Sig {
        Sig::new(Algorithm::MlDsa65).unwrap()
    }

    let (public, secret) = sig().keypair().unwrap();
    Peer {
        name: "liboqs",
        public: public.into_vec(),
        sign: Box::new(move |message| sig().sign(message, &secret).unwrap().into_vec()),
        verify: |public, message, signature| {
            let sig = sig();
            let (public, signature) =
                (sig.public_key_from_bytes(public).unwrap(), sig.signature_from_bytes(signature).unwrap());
            sig.verify(message, signature, public).is_ok()
        },
    }
}
