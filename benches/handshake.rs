//! The authenticated handshake through the C ABI, both sides together, beside its bare operations done with aws-lc-rs in the same run.
//! `make bench`, or `cargo bench --manifest-path benches/Cargo.toml --bench handshake`.

mod common;

use common::{Case, Plan, duration, heap, medians, report};
use core::ptr::{null, null_mut};
use core::time::Duration;
use pqrtc::ffi::*;

const COMPOSITE: u32 = 3;
const ROOM: usize = 16384;

fn main() {
    println!("provider {}; medians of alternating rounds, ours first\n", pqrtc::provider());
    let (alice, bob) = (Identity::new(), Identity::new());
    let bare = bare::Peers::new();
    let times = medians(
        // Signing takes a random number of tries: more rounds, longer batches.
        Plan { batch: Duration::from_millis(4), ..Plan::default() },
        &mut [
            Case::new("handshake", || Pair::new(&alice, &bob).shake()),
            Case::new("bare operations", || bare.operations()),
        ],
    );
    let target = (pqrtc::provider() == "aws-lc").then_some(1.05);
    report("handshake, both sides, suite 1", times[0], "its bare operations", times[1], target);
    let verdict = if times[0] <= 1e6 { "ok" } else { "ABOVE" };
    println!("handshake, both sides, suite 1: {}, at most 1.0 ms of CPU  {verdict}", duration(times[0]));

    let pair = Pair::new(&alice, &bob);
    pair.shake();
    let times = medians(
        Plan { batch: Duration::from_millis(4), ..Plan::default() },
        &mut [Case::new("rekey", || pair.shake()), Case::new("bare operations", || bare.operations())],
    );
    report("rekey, both sides, suite 1", times[0], "its bare operations", times[1], None);

    if heap::COUNTS {
        println!("allocations a handshake, both sides: {}", heap::calls(|| Pair::new(&alice, &bob).shake()));
        states(&alice, &bob);
    }
}

/// What the two sides hold in each state, in bytes of the heap.
fn states(alice: &Identity, bob: &Identity) {
    let (mut a, mut b) = ([0; ROOM], [0; ROOM]);
    let start = heap::live();
    let initiator = alice.call(bob);
    let new = heap::live() - start;
    let offer = offer_to(initiator, &mut a);
    let offered = heap::live() - start;

    let before = heap::live();
    let responder = bob.call(alice);
    let answer = receive_to(responder, &a[..offer], &mut b);
    let answered = heap::live() - before;

    let before = heap::live();
    let finish = receive_to(initiator, &b[..answer], &mut a);
    let done_i = heap::live() + offered - before;
    let before = heap::live();
    receive_to(responder, &a[..finish], &mut b);
    let done_r = heap::live() + answered - before;
    println!("state of a call: new {new}, offered {offered}, answered {answered} bytes (at most 24576)");
    println!("done: initiator {done_i} bytes, {finish} of them the reply that is kept; {} beside it", done_i - finish);
    println!(
        "done: responder {done_r} bytes, {answer} of them the reply that is kept; {} beside it (at most 6144)",
        done_r - answer
    );
    unsafe {
        pqrtc_call_free(initiator);
        pqrtc_call_free(responder);
    }
}

fn ok(status: pqrtc_status) {
    assert_eq!(status, pqrtc_status::PQRTC_OK);
}

struct Identity {
    key: *mut pqrtc_signing_key,
    fingerprint: [u8; 32],
}

impl Identity {
    fn new() -> Self {
        let (mut key, mut pk, mut fingerprint) = (null_mut(), [0; 1984], [0; 32]);
        unsafe {
            ok(pqrtc_signing_key_generate(COMPOSITE, &mut key));
            ok(pqrtc_signing_key_public_key(key, pk.as_mut_ptr(), pk.len()));
            ok(pqrtc_public_key_fingerprint(COMPOSITE, pk.as_ptr(), pk.len(), fingerprint.as_mut_ptr(), 32));
        }
        Identity { key, fingerprint }
    }

    fn call(&self, peer: &Identity) -> *mut pqrtc_call {
        let (mut policy, mut call) = (null_mut(), null_mut());
        let binding = [7; 32];
        unsafe {
            ok(pqrtc_policy_new(1, &mut policy));
            ok(pqrtc_policy_set(policy, 1, peer.fingerprint.as_ptr(), 32));
            ok(pqrtc_call_new(self.key, null(), policy, binding.as_ptr(), 32, null(), 0, &mut call));
            pqrtc_policy_free(policy);
        }
        call
    }
}

fn offer_to(call: *mut pqrtc_call, out: &mut [u8; ROOM]) -> usize {
    let mut len = 0;
    ok(unsafe { pqrtc_call_offer(call, out.as_mut_ptr(), ROOM, &mut len) });
    len
}

fn receive_to(call: *mut pqrtc_call, message: &[u8], out: &mut [u8; ROOM]) -> usize {
    let (binding, mut len) = ([7; 32], 0);
    let message_len = message.len();
    ok(unsafe {
        pqrtc_call_receive(call, message.as_ptr(), message_len, binding.as_ptr(), 32, out.as_mut_ptr(), ROOM, &mut len)
    });
    len
}

struct Pair {
    initiator: *mut pqrtc_call,
    responder: *mut pqrtc_call,
}

impl Pair {
    fn new(alice: &Identity, bob: &Identity) -> Self {
        Pair { initiator: alice.call(bob), responder: bob.call(alice) }
    }

    /// A handshake, or a rekey.
    fn shake(&self) {
        let (mut a, mut b) = ([0; ROOM], [0; ROOM]);
        let offer = offer_to(self.initiator, &mut a);
        let answer = receive_to(self.responder, &a[..offer], &mut b);
        let finish = receive_to(self.initiator, &b[..answer], &mut a);
        let ack = receive_to(self.responder, &a[..finish], &mut b);
        assert_eq!(receive_to(self.initiator, &b[..ack], &mut a), 0);
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        unsafe {
            pqrtc_call_free(self.initiator);
            pqrtc_call_free(self.responder);
        }
    }
}

/// What a handshake of suite 1 computes on both sides, on inputs of the same lengths, and nothing around it.
mod bare {
    use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    use aws_lc_rs::agreement::{self, PrivateKey, X25519, agree};
    use aws_lc_rs::digest::{Context, SHA3_256, SHA512};
    use aws_lc_rs::hkdf::{HKDF_SHA512, KeyType, Salt};
    use aws_lc_rs::kem::{DecapsulationKey, EncapsulationKey, ML_KEM_768};
    use aws_lc_rs::signature::{
        ED25519, Ed25519KeyPair, KeyPair, ML_DSA_65, ML_DSA_65_SIGNING, PqdsaKeyPair, UnparsedPublicKey,
    };
    use core::hint::black_box;

    /// The identities of both sides, which are there before.
    pub struct Peers {
        dsa: PqdsaKeyPair,
        ed25519: Ed25519KeyPair,
    }

    struct Len(usize);

    impl KeyType for Len {
        fn len(&self) -> usize {
            self.0
        }
    }

    const HEAD_2: usize = 2339;
    const SEALED_2: usize = 5409;
    const HEAD_3: usize = 1122;
    const SEALED_3: usize = 5441;

    impl Peers {
        pub fn new() -> Self {
            let dsa = PqdsaKeyPair::from_seed(&ML_DSA_65_SIGNING, &[1; 32]).unwrap();
            Peers { dsa, ed25519: Ed25519KeyPair::from_seed_unchecked(&[2; 32]).unwrap() }
        }

        pub fn operations(&self) {
            let (offered, answered) = (XWing::generate(), XWing::generate());
            let (ct1, ss1) = encapsulate(&offered);
            black_box(decapsulate(&offered, ct1));
            let (ct2, ss2) = encapsulate(&answered);
            black_box(decapsulate(&answered, ct2));

            // Each side hashes the transcript, derives its keys, signs or verifies, and seals or opens.
            for side in 0..2 {
                let message = [3u8; 7748];
                let h1 = hash(&message[..1260]);
                let h2 = hash(&message[..HEAD_2]);
                let k2 = expand(&h2, &ss1, &[32]);
                let h3 = hash(&message[..SEALED_2]);
                let h4 = hash(&message[..HEAD_3]);
                let k3 = expand(&h4, &[ss1.as_slice(), &ss2].concat(), &[32, 32, 16]);
                let h5 = hash(&message[..SEALED_3]);
                black_box((h1, h3, h5, hash(&message[..96]), hash(&message[..47])));
                seal_and_open(&k2, SEALED_2, side == 0);
                seal_and_open(&k3, SEALED_3, side == 1);
                // The fingerprint of the peer.
                black_box(hash(&message[..2005]));
            }
            for len in [2085, 2117] {
                self.sign_and_verify(len);
            }
        }

        fn sign_and_verify(&self, len: usize) {
            let message = vec![5; len];
            let prefix = [0; 62];
            let digest = hash(&message);
            let composite = [&prefix[..], &digest].concat();
            let mut signature = vec![0; super::PQRTC_ML_DSA_65_SIGNATURE_BYTES];
            self.dsa.sign(&composite, &mut signature).unwrap();
            let ed25519 = self.ed25519.sign(&composite);
            let digest = hash(&message);
            let composite = [&prefix[..], &digest].concat();
            UnparsedPublicKey::new(&ML_DSA_65, self.dsa.public_key().as_ref()).verify(&composite, &signature).unwrap();
            let public = UnparsedPublicKey::new(&ED25519, self.ed25519.public_key().as_ref());
            public.verify(&composite, ed25519.as_ref()).unwrap();
        }
    }

    struct XWing {
        sk_x: PrivateKey,
        pk_x: Vec<u8>,
        dk: DecapsulationKey,
        ek: Vec<u8>,
    }

    impl XWing {
        fn generate() -> Self {
            let sk_x = PrivateKey::generate(&X25519).unwrap();
            let pk_x = sk_x.compute_public_key().unwrap().as_ref().to_vec();
            let dk = DecapsulationKey::generate(&ML_KEM_768).unwrap();
            let ek = dk.encapsulation_key().unwrap().key_bytes().unwrap().as_ref().to_vec();
            XWing { sk_x, pk_x, dk, ek }
        }
    }

    fn encapsulate(to: &XWing) -> ((Vec<u8>, Vec<u8>), Vec<u8>) {
        let esk = PrivateKey::generate(&X25519).unwrap();
        let epk = esk.compute_public_key().unwrap().as_ref().to_vec();
        let (ct, ss) = EncapsulationKey::new(&ML_KEM_768, &to.ek).unwrap().encapsulate().unwrap();
        let key = combine(&esk, &to.pk_x, ss.as_ref());
        ((ct.as_ref().to_vec(), epk), key)
    }

    fn decapsulate(key: &XWing, (ct, epk): (Vec<u8>, Vec<u8>)) -> Vec<u8> {
        let ss = key.dk.decapsulate(ct.as_slice().into()).unwrap();
        combine(&key.sk_x, &epk, ss.as_ref())
    }

    fn combine(sk: &PrivateKey, pk: &[u8], ss_m: &[u8]) -> Vec<u8> {
        agree(sk, agreement::UnparsedPublicKey::new(&X25519, pk), (), |ss_x| {
            let mut hash = Context::new(&SHA3_256);
            [ss_m, ss_x, pk, pk, &[0; 6]].into_iter().for_each(|part| hash.update(part));
            Ok(hash.finish().as_ref().to_vec())
        })
        .unwrap()
    }

    fn hash(data: &[u8]) -> Vec<u8> {
        let mut hash = Context::new(&SHA512);
        hash.update(data);
        hash.finish().as_ref().to_vec()
    }

    /// The last of the keys that are expanded.
    fn expand(salt: &[u8], ikm: &[u8], lens: &[usize]) -> Vec<u8> {
        let prk = Salt::new(HKDF_SHA512, salt).extract(ikm);
        let mut out = Vec::new();
        for len in lens {
            out = vec![0; *len];
            prk.expand(&[&[0; 20]], Len(*len)).unwrap().fill(&mut out).unwrap();
        }
        out.resize(32, 1);
        out
    }

    fn seal_and_open(key: &[u8], len: usize, seal: bool) {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
        let mut data = vec![1; len - 16];
        let nonce = || Nonce::assume_unique_for_key([0; 12]);
        if seal {
            key.seal_in_place_append_tag(nonce(), Aad::empty(), &mut data).unwrap();
        } else {
            // Opening costs what sealing does; there is nothing to open that would authenticate.
            let _ = black_box(key.seal_in_place_separate_tag(nonce(), Aad::empty(), &mut data).unwrap());
        }
    }
}
