//! Key exchange beside other people's code: every peer accepts the keys and ciphertexts of every other, then all are measured in one run.
//! `make bench-peers`.

#[path = "../common/mod.rs"]
mod common;
mod openssl;

use common::{Case, Plan, medians, report};
use core::ptr::null_mut;
use pqrtc::ffi::*;

type Decapsulate = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A KEM as messages see it: public key, ciphertext and secret are bytes.
struct Peer {
    name: &'static str,
    /// A public key, and what opens what was made for it.
    generate: fn() -> (Vec<u8>, Decapsulate),
    /// Ciphertext and secret.
    encapsulate: fn(&[u8]) -> (Vec<u8>, Vec<u8>),
}

fn main() {
    println!("provider {}; medians of alternating rounds, ours first\n", pqrtc::provider());
    compare(
        "V100-HYBRID-KX-V1",
        &[
            Peer { name: "pqrtc", generate: ours::generate::<1>, encapsulate: ours::encapsulate::<1> },
            Peer { name: "bare V100 crates", generate: v100::generate, encapsulate: v100::encapsulate },
            Peer { name: "OpenSSL X25519MLKEM768", generate: hybrid::generate, encapsulate: hybrid::encapsulate },
        ],
        &[None, Some(0.70), Some(0.50)],
    );
    compare(
        "X-Wing",
        &[
            Peer { name: "pqrtc", generate: ours::generate::<2>, encapsulate: ours::encapsulate::<2> },
            Peer { name: "x-wing", generate: x_wing_crate::generate, encapsulate: x_wing_crate::encapsulate },
            Peer { name: "libcrux-kem", generate: libcrux::generate, encapsulate: libcrux::encapsulate },
        ],
        &[None, None, None],
    );
    compare(
        "ML-KEM-768",
        &[
            Peer { name: "pqrtc", generate: ours_kem::generate, encapsulate: ours_kem::encapsulate },
            Peer { name: "aws-lc-rs", generate: aws::generate, encapsulate: aws::encapsulate },
            Peer { name: "liboqs", generate: liboqs::generate, encapsulate: liboqs::encapsulate },
            Peer { name: "OpenSSL", generate: openssl_kem::generate, encapsulate: openssl_kem::encapsulate },
        ],
        &[None, None, None, None],
    );
}

fn compare(what: &str, peers: &[Peer], targets: &[Option<f64>]) {
    for responder in peers {
        for initiator in peers {
            let (public, decapsulate) = (responder.generate)();
            let (ciphertext, secret) = (initiator.encapsulate)(&public);
            assert_eq!(decapsulate(&ciphertext), secret, "{what}: {} to {}", initiator.name, responder.name);
        }
    }
    println!("{what}: {} peers agree, each pair both ways", peers.len());
    let exchange = |peer: &Peer| {
        let (public, decapsulate) = (peer.generate)();
        let (ciphertext, secret) = (peer.encapsulate)(&public);
        assert_eq!(decapsulate(&ciphertext), secret);
    };
    let mut cases: Vec<Case> = peers.iter().map(|peer| Case::new(peer.name, move || exchange(peer))).collect();
    let times = medians(Plan::default(), &mut cases);
    for at in 1..peers.len() {
        report(&format!("{what}, generate to decapsulate"), times[0], peers[at].name, times[at], targets[at]);
    }
    println!();
}

fn ok(status: pqrtc_status) {
    assert_eq!(status, pqrtc_status::PQRTC_OK);
}

/// The exchanges of the library, through its C ABI.
mod ours {
    use super::*;

    struct Pair(*mut pqrtc_hybrid_keypair);

    impl Drop for Pair {
        fn drop(&mut self) {
            unsafe { pqrtc_hybrid_keypair_free(self.0) }
        }
    }

    pub fn generate<const SUITE: u32>() -> (Vec<u8>, Decapsulate) {
        let (mut pair, mut bundle) = (null_mut(), vec![0; 1216]);
        ok(unsafe { pqrtc_hybrid_keypair_generate(SUITE, &mut pair) });
        ok(unsafe { pqrtc_hybrid_keypair_bundle(pair, bundle.as_mut_ptr(), bundle.len()) });
        let pair = Pair(pair);
        let decapsulate = move |exchange: &[u8]| {
            let (pair, mut session) = (&pair, null_mut());
            ok(unsafe { pqrtc_hybrid_respond(pair.0, exchange.as_ptr(), exchange.len(), &mut session) });
            key(session)
        };
        (bundle, Box::new(decapsulate))
    }

    pub fn encapsulate<const SUITE: u32>(bundle: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (mut exchange, mut session) = (vec![0; 1120], null_mut());
        let (from, to) = (bundle.as_ptr(), exchange.as_mut_ptr());
        ok(unsafe { pqrtc_hybrid_initiate(SUITE, from, bundle.len(), to, exchange.len(), &mut session) });
        (exchange, key(session))
    }

    fn key(session: *mut pqrtc_session) -> Vec<u8> {
        let mut key = vec![0; 32];
        ok(unsafe { pqrtc_session_key(session, key.as_mut_ptr(), 32) });
        unsafe { pqrtc_session_free(session) };
        key
    }
}

fn v100_key(x25519: &[u8], ml_kem: &[u8]) -> Vec<u8> {
    use sha3::Digest;
    sha3::Sha3_256::new()
        .chain_update(b"V100-HYBRID-KX-V1")
        .chain_update(x25519)
        .chain_update(ml_kem)
        .finalize()
        .to_vec()
}

/// The V100 exchange on the crates that the V100 description names.
mod v100 {
    use super::*;
    use pqcrypto_mlkem::mlkem768 as kem;
    use pqcrypto_traits::kem::{Ciphertext, PublicKey, SharedSecret};
    use x25519_dalek::{EphemeralSecret, PublicKey as XPublic, StaticSecret};

    pub fn generate() -> (Vec<u8>, Decapsulate) {
        let (sk_x, (pk_m, sk_m)) = (StaticSecret::random(), kem::keypair());
        let bundle = [XPublic::from(&sk_x).as_bytes(), pk_m.as_bytes()].concat();
        let decapsulate = move |exchange: &[u8]| {
            let (epk, ct) = exchange.split_first_chunk::<32>().unwrap();
            let ss_m = kem::decapsulate(&kem::Ciphertext::from_bytes(ct).unwrap(), &sk_m);
            v100_key(sk_x.diffie_hellman(&XPublic::from(*epk)).as_bytes(), ss_m.as_bytes())
        };
        (bundle, Box::new(decapsulate))
    }

    pub fn encapsulate(bundle: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (pk_x, pk_m) = bundle.split_first_chunk::<32>().unwrap();
        let esk = EphemeralSecret::random();
        let (ss_m, ct) = kem::encapsulate(&kem::PublicKey::from_bytes(pk_m).unwrap());
        let exchange = [XPublic::from(&esk).as_bytes(), ct.as_bytes()].concat();
        (exchange, v100_key(esk.diffie_hellman(&XPublic::from(*pk_x)).as_bytes(), ss_m.as_bytes()))
    }
}

/// OpenSSL's hybrid of TLS has the same parts in the other order: its messages are turned around, its secrets hashed as V100 does.
mod hybrid {
    use super::*;

    const NAME: &core::ffi::CStr = c"X25519MLKEM768";

    fn v100_secret(secret: &[u8]) -> Vec<u8> {
        v100_key(&secret[32..], &secret[..32])
    }

    pub fn generate() -> (Vec<u8>, Decapsulate) {
        let key = openssl::Key::generate(NAME);
        let mut bundle = key.public();
        bundle.rotate_right(32);
        let decapsulate = move |exchange: &[u8]| {
            let mut ciphertext = exchange.to_vec();
            ciphertext.rotate_left(32);
            v100_secret(&key.decapsulate(&ciphertext))
        };
        (bundle, Box::new(decapsulate))
    }

    pub fn encapsulate(bundle: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let mut public = bundle.to_vec();
        public.rotate_left(32);
        let (mut exchange, secret) = openssl::Key::from_public(NAME, &public).encapsulate();
        exchange.rotate_right(32);
        (exchange, v100_secret(&secret))
    }
}

mod x_wing_crate {
    use super::*;
    use x_wing::{Ciphertext, Decapsulate as _, Encapsulate, EncapsulationKey, Kem, KeyExport, XWingKem};

    pub fn generate() -> (Vec<u8>, Decapsulate) {
        let (secret, public) = XWingKem::generate_keypair();
        let decapsulate =
            move |ciphertext: &[u8]| secret.decapsulate(&Ciphertext::try_from(ciphertext).unwrap()).to_vec();
        (public.to_bytes().to_vec(), Box::new(decapsulate))
    }

    pub fn encapsulate(public: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (ciphertext, secret) = EncapsulationKey::try_from(public).unwrap().encapsulate();
        (ciphertext.to_vec(), secret.to_vec())
    }
}

mod libcrux {
    use super::*;
    use libcrux_kem::{Algorithm::XWingKemDraft06, Ct, PublicKey, key_gen};
    use rand::rngs::SysRng;

    pub fn generate() -> (Vec<u8>, Decapsulate) {
        let (secret, public) = key_gen(XWingKemDraft06, &mut SysRng).unwrap();
        let decapsulate = move |ciphertext: &[u8]| {
            Ct::decode(XWingKemDraft06, ciphertext).unwrap().decapsulate(&secret).unwrap().encode()
        };
        (public.encode(), Box::new(decapsulate))
    }

    pub fn encapsulate(public: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let public = PublicKey::decode(XWingKemDraft06, public).unwrap();
        let (secret, ciphertext) = public.encapsulate(&mut SysRng).unwrap();
        (ciphertext.encode(), secret.encode())
    }
}

mod ours_kem {
    use super::*;

    struct Pair(*mut pqrtc_kem_keypair);

    impl Drop for Pair {
        fn drop(&mut self) {
            unsafe { pqrtc_kem_keypair_free(self.0) }
        }
    }

    pub fn generate() -> (Vec<u8>, Decapsulate) {
        let (mut pair, mut public) = (null_mut(), vec![0; 1184]);
        ok(unsafe { pqrtc_kem_keypair_generate(1, &mut pair) });
        ok(unsafe { pqrtc_kem_keypair_public_key(pair, public.as_mut_ptr(), public.len()) });
        let pair = Pair(pair);
        let decapsulate = move |ciphertext: &[u8]| {
            let (pair, mut secret) = (&pair, vec![0; 32]);
            let (from, len) = (ciphertext.as_ptr(), ciphertext.len());
            ok(unsafe { pqrtc_kem_decapsulate(pair.0, from, len, secret.as_mut_ptr(), 32) });
            secret
        };
        (public, Box::new(decapsulate))
    }

    pub fn encapsulate(public: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (mut ciphertext, mut secret) = (vec![0; 1088], vec![0; 32]);
        let (to, key) = (ciphertext.as_mut_ptr(), secret.as_mut_ptr());
        ok(unsafe { pqrtc_kem_encapsulate(1, public.as_ptr(), public.len(), to, 1088, key, 32) });
        (ciphertext, secret)
    }
}

mod aws {
    use super::*;
    use aws_lc_rs::kem::{DecapsulationKey, EncapsulationKey, ML_KEM_768};

    pub fn generate() -> (Vec<u8>, Decapsulate) {
        let key = DecapsulationKey::generate(&ML_KEM_768).unwrap();
        let public = key.encapsulation_key().unwrap().key_bytes().unwrap().as_ref().to_vec();
        (public, Box::new(move |ciphertext| key.decapsulate(ciphertext.into()).unwrap().as_ref().to_vec()))
    }

    pub fn encapsulate(public: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (ciphertext, secret) = EncapsulationKey::new(&ML_KEM_768, public).unwrap().encapsulate().unwrap();
        (ciphertext.as_ref().to_vec(), secret.as_ref().to_vec())
    }
}

mod liboqs {
    use super::*;
    use oqs::kem::{Algorithm, Kem};

    fn kem() -> Kem {
        Kem::new(Algorithm::MlKem768).unwrap()
    }

    pub fn generate() -> (Vec<u8>, Decapsulate) {
        let (public, secret) = kem().keypair().unwrap();
        let decapsulate = move |ciphertext: &[u8]| {
            let kem = kem();
            kem.decapsulate(&secret, kem.ciphertext_from_bytes(ciphertext).unwrap()).unwrap().into_vec()
        };
        (public.into_vec(), Box::new(decapsulate))
    }

    pub fn encapsulate(public: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let kem = kem();
        let (ciphertext, secret) = kem.encapsulate(kem.public_key_from_bytes(public).unwrap()).unwrap();
        (ciphertext.into_vec(), secret.into_vec())
    }
}

mod openssl_kem {
    use super::*;

    const NAME: &core::ffi::CStr = c"ML-KEM-768";

    pub fn generate() -> (Vec<u8>, Decapsulate) {
        let key = openssl::Key::generate(NAME);
        (key.public(), Box::new(move |ciphertext| key.decapsulate(ciphertext)))
    }

    pub fn encapsulate(public: &[u8]) -> (Vec<u8>, Vec<u8>) {
        openssl::Key::from_public(NAME, public).encapsulate()
    }
}
