//! What is particular to this provider: two codes for ML-KEM, C code that takes anything, and a stack to wipe.

use super::*;
use crate::provider::{AeadAlgorithm, AeadKey, DsaPrivateKey, InOut, KemPrivateKey, stack};
use crate::secret::Secret;
use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::HashSet;

const KEM: KemAlgorithm = KemAlgorithm::MlKem768;
const DSA: DsaAlgorithm = DsaAlgorithm::MlDsa65;
const KEM_EXPANDED: usize = KEM.expanded_len();
const KEM_CIPHERTEXT: usize = KEM.ciphertext_len();
const DSA_SIGNATURE: usize = DSA.row().signature;

/// The stack that the smallest thread is to have.
const THREAD: usize = 256 << 10;

#[test]
fn portable_and_avx2_ml_kem_agree() {
    let fast = kem::code();
    if std::ptr::eq(fast, &kem::PORTABLE) {
        println!("skipped: this processor or target has the portable code alone");
        return;
    }
    for round in 0..300 {
        let (seed, m) = (Secret::random().unwrap(), Secret::random().unwrap());
        let (mut dk, mut other_dk) = (Secret::<KEM_EXPANDED>::zero(), Secret::zero());
        fast.keypair(&mut dk, seed.as_bytes()).unwrap();
        kem::PORTABLE.keypair(&mut other_dk, seed.as_bytes()).unwrap();
        assert!(dk == other_dk);
        let ek = dk.as_bytes()[1152..2336].to_vec();
        let (mut ct, mut other_ct) = ([0; KEM_CIPHERTEXT], [1; KEM_CIPHERTEXT]);
        let (mut ss, mut other_ss) = ([0; 32], [1; 32]);
        fast.enc(&ek, m.as_bytes(), &mut ct, &mut ss).unwrap();
        kem::PORTABLE.enc(&ek, m.as_bytes(), &mut other_ct, &mut other_ss).unwrap();
        assert!(ct == other_ct && ss == other_ss);
        // The right ciphertext, an altered one, and altered keys.
        for step in 0..4 {
            match step {
                1 => ct[round * 3 % KEM_CIPHERTEXT] ^= 1 << (round % 8),
                2 => dk.as_mut()[round * 3] ^= 1,
                3 => dk.as_mut()[2368 + round % 32] ^= 0x10,
                _ => {}
            }
            let (mut opened, mut other) = ([0; 32], [1; 32]);
            fast.dec(&dk, &ct, &mut opened).unwrap();
            kem::PORTABLE.dec(&dk, &ct, &mut other).unwrap();
            assert!(opened == other && (opened == ss) == (step == 0));
        }
    }
}

/// Why `kem.rs` checks: the C code does not.
#[test]
fn the_c_code_takes_bad_keys_and_the_library_does_not() {
    let mut ek = vec![0; KEM.public_key_len()];
    kem::KemKey::from_seed(KEM, Secret::random().unwrap().as_bytes()).unwrap().public_key(&mut ek);
    ek[..3].fill(0xFF);
    let mut ct = [0; KEM_CIPHERTEXT];
    PqClean::kem_encapsulate(KEM, &ek, &[1; 32], &mut ct, &mut [0; 32]).unwrap();
    assert_eq!(crate::kem::encapsulate(KEM, &ek, &mut ct).unwrap_err(), Error::InvalidKey);
}

#[test]
fn long_contexts_have_their_own_code() {
    let key = dsa::DsaKey::from_seed(DSA, Secret::random().unwrap().as_bytes()).unwrap();
    let mut signature = [0xA5; DSA_SIGNATURE];
    assert_eq!(key.sign(&[0; 256], b"message", &mut signature), Err(Error::InvalidLength));
    assert_eq!(signature, [0xA5; DSA_SIGNATURE]);
    assert_eq!(
        PqClean::dsa_verify(DSA, &vec![0; DSA.row().public_key], &[0; 256], b"message", &signature),
        Err(Error::InvalidLength)
    );
}

#[test]
fn tags_and_keys_have_one_length() {
    let ctr = |tag_len| AeadAlgorithm::Aes128CtrHmacSha256 { tag_len };
    for algorithm in [AeadAlgorithm::Aes128Gcm, AeadAlgorithm::Aes256Gcm, ctr(10), ctr(8), ctr(4)] {
        let (key_len, tag_len) = (algorithm.key_len(), algorithm.tag_len());
        for len in [0, 16, 32, 48, key_len - 1, key_len + 1] {
            assert_eq!(aead::Aead::new(algorithm, &vec![7; len]).is_ok(), len == key_len, "{algorithm:?} {len}");
        }
        let key = aead::Aead::new(algorithm, &vec![7; key_len]).unwrap();
        for len in [0, tag_len - 1, tag_len + 1] {
            let (mut data, mut tag) = ([1; 20], vec![0; len]);
            assert_eq!(key.seal(&[0; 12], b"", InOut::InPlace(&mut data), &mut tag), Err(Error::Internal));
            assert_eq!(key.open(&[0; 12], b"", InOut::InPlace(&mut data), &tag), Err(Error::Internal));
            assert_eq!(data, [0; 20]);
        }
    }
    assert!([0, 1, 5, 16, 32].into_iter().all(|tag_len| aead::Aead::new(ctr(tag_len), &[7; 48]).is_err()));
}

/// A stack after the thread that ran on it has ended, lowest address first.
struct Stack(Vec<u8>);

impl Stack {
    const SIZE: usize = 1 << 20;
    const PAINT: u8 = 0xA5;

    /// Runs `work` on a new thread.
    fn of<F: FnMut()>(mut work: F) -> Self {
        extern "C" fn run<F: FnMut()>(work: *mut libc::c_void) -> *mut libc::c_void {
            // SAFETY: `of` passes its `work`, and waits for this thread.
            unsafe { (*work.cast::<F>())() };
            std::ptr::null_mut()
        }
        let layout = Layout::from_size_align(Self::SIZE, 16 << 10).unwrap();
        // SAFETY: the layout has a size; the thread runs on memory that outlives it and is read after it has ended.
        unsafe {
            let stack = alloc_zeroed(layout);
            stack.write_bytes(Self::PAINT, Self::SIZE);
            let mut attributes = std::mem::zeroed();
            assert_eq!(libc::pthread_attr_init(&mut attributes), 0);
            assert_eq!(libc::pthread_attr_setstack(&mut attributes, stack.cast(), Self::SIZE), 0);
            let mut thread = std::mem::zeroed();
            assert_eq!(libc::pthread_create(&mut thread, &attributes, run::<F>, (&raw mut work).cast()), 0);
            assert_eq!(libc::pthread_join(thread, std::ptr::null_mut()), 0);
            libc::pthread_attr_destroy(&mut attributes);
            let copy = std::slice::from_raw_parts(stack, Self::SIZE).to_vec();
            dealloc(stack, layout);
            Stack(copy)
        }
    }

    /// How much of it was used.
    fn depth(&self) -> usize {
        self.0.iter().skip_while(|&&byte| byte == Self::PAINT).count()
    }

    /// How much of it holds anything.
    fn dirt(&self) -> usize {
        self.0.iter().filter(|&&byte| byte != Self::PAINT && byte != 0).count()
    }

    /// Whether any 16 bytes of `secret` in a row are there.
    fn holds(&self, secret: &[u8]) -> bool {
        let windows: HashSet<_> = secret.windows(16).filter(|window| window.iter().any(|&byte| byte != 0)).collect();
        assert!(!windows.is_empty());
        self.0.windows(16).any(|window| windows.contains(window))
    }
}

/// Runs `work` with and without the wipe. It must leave nothing, neither of `secret` nor else but the return addresses and such of a few
/// frames, must have wiped all that it used, and must run on the smallest thread. Where `shows`, the secret must be found without the wipe.
fn leaves_nothing(what: &str, wiped: usize, shows: bool, secret: &[u8], mut work: impl FnMut()) {
    let idle = Stack::of(|| {});
    let kept = Stack::of(|| {
        stack::KEEP.set(true);
        work();
    });
    let clean = Stack::of(&mut work);
    let used = kept.depth() - idle.depth();
    println!(
        "{what}: {used} bytes of stack, {} with the wipe; left {} bytes without it",
        clean.depth() - idle.depth(),
        kept.dirt() - idle.dirt()
    );
    assert!(!clean.holds(secret), "{what} left a secret on the stack");
    assert!(!shows || kept.holds(secret), "the test does not see the secrets of {what}");
    assert!(clean.dirt() < idle.dirt() + 400, "{what} left {} bytes", clean.dirt() - idle.dirt());
    assert!(used <= wiped, "{what} uses {used} bytes of stack and wipes {wiped}");
    assert!(clean.depth() <= THREAD - (16 << 10), "{what} needs {} bytes of stack", clean.depth());
}

/// The coefficients of a vector as PQClean has them in memory, in -q/2..q/2 and in 0..q.
fn coefficients(vector: &[u8]) -> Vec<u8> {
    const Q: i16 = 3329;
    let unpacked = vector.chunks_exact(3).flat_map(|bytes| {
        let [a, b, c] = [bytes[0], bytes[1], bytes[2]].map(i16::from);
        [a | (b & 15) << 8, b >> 4 | c << 4]
    });
    let centred = unpacked.clone().map(|value| if value > Q / 2 { value - Q } else { value });
    centred.chain(unpacked).flat_map(i16::to_le_bytes).collect()
}

#[test]
fn ml_kem_leaves_nothing_on_the_stack() {
    for code in [&kem::PORTABLE, kem::code()] {
        let (seed, m) = (Secret::<64>::random().unwrap(), Secret::<32>::random().unwrap());
        let mut dk = Secret::<KEM_EXPANDED>::zero();
        code.keypair(&mut dk, seed.as_bytes()).unwrap();
        let (mut ct, mut ss) = ([0; KEM_CIPHERTEXT], Secret::<32>::zero());
        let ek = dk.as_bytes()[1152..2336].to_vec();
        code.enc(&ek, m.as_bytes(), &mut ct, ss.as_mut()).unwrap();
        // What keys are made from: (rho, sigma) = G(d || k), FIPS 203, algorithm 13.
        let g = <sha3::Sha3_512 as sha3::Digest>::digest([&seed.as_bytes()[..32], &[3]].concat());
        let private = [&dk.as_bytes()[..1152], &dk.as_bytes()[2368..], &coefficients(&dk.as_bytes()[..1152])].concat();
        let secrets = [&seed.as_bytes()[..], &g[32..], &private].concat();
        let mut out = Secret::zero();
        leaves_nothing("ML-KEM key", kem::STACK, std::ptr::eq(code, &kem::PORTABLE), &secrets, || {
            code.keypair(&mut out, seed.as_bytes()).unwrap()
        });
        let secrets = [&m.as_bytes()[..], ss.as_bytes()].concat();
        let mut out = Secret::<32>::zero();
        leaves_nothing("ML-KEM encapsulation", kem::STACK, true, &secrets, || {
            code.enc(&ek, m.as_bytes(), &mut ct, out.as_mut()).unwrap()
        });
        let secrets = [secrets, private].concat();
        leaves_nothing("ML-KEM decapsulation", kem::STACK, true, &secrets, || {
            code.dec(&dk, &ct, out.as_mut()).unwrap()
        });
    }
}

#[test]
fn ml_dsa_leaves_nothing_on_the_stack() {
    let seed = Secret::<32>::random().unwrap();
    let key = dsa::DsaKey::from_seed(DSA, seed.as_bytes()).unwrap();
    // sk = rho || K || tr || s1 || s2 || t0; the rest of FIPS 204's names are public.
    let sk = key.expanded();
    let secrets = [&seed.as_bytes()[..], &sk[32..64], &sk[128..]].concat();
    leaves_nothing("ML-DSA key", dsa::KEY_STACK, true, &secrets, || {
        drop(dsa::DsaKey::from_seed(DSA, seed.as_bytes()).unwrap())
    });
    let mut signature = [0; DSA_SIGNATURE];
    leaves_nothing("ML-DSA signature", dsa::SIGN_STACK, true, &secrets, || {
        for _ in 0..20 {
            key.sign(b"context", b"message", &mut signature).unwrap();
        }
    });
}

#[test]
fn the_small_ones_leave_nothing_on_the_stack() {
    let sk = Secret::<32>::random().unwrap();
    let pk = PqClean::x25519_public(Secret::random().unwrap().as_bytes());
    let mut ss = Secret::<32>::zero();
    leaves_nothing("X25519 public key", SMALL, false, sk.as_bytes(), || {
        PqClean::x25519_public(sk.as_bytes());
    });
    PqClean::x25519(sk.as_bytes(), &pk, ss.as_mut()).unwrap();
    let secrets = [&sk.as_bytes()[..], ss.as_bytes()].concat();
    let mut out = Secret::<32>::zero();
    leaves_nothing("X25519", SMALL, false, &secrets, || PqClean::x25519(sk.as_bytes(), &pk, out.as_mut()).unwrap());
    let mut mac = Secret::<20>::zero();
    leaves_nothing("HMAC-SHA1", SMALL, false, sk.as_bytes(), || {
        PqClean::hmac_sha1(sk.as_bytes(), b"message", mac.as_mut());
    });
    let pk = PqClean::ed25519_public(sk.as_bytes());
    leaves_nothing("Ed25519", SMALL, false, sk.as_bytes(), || {
        PqClean::ed25519_sign(sk.as_bytes(), &pk, b"message", &mut [0; 64]).unwrap();
    });
    for (hash, what) in [(Hash::Sha256, "HKDF-SHA256"), (Hash::Sha512, "HKDF-SHA512")] {
        let mut out = Secret::<100>::zero();
        PqClean::hkdf(hash, b"salt", sk.as_bytes(), b"info", out.as_mut()).unwrap();
        let secrets = [&sk.as_bytes()[..], out.as_bytes()].concat();
        leaves_nothing(what, SMALL, false, &secrets, || {
            PqClean::hkdf(hash, b"salt", sk.as_bytes(), b"info", out.as_mut()).unwrap()
        });
    }
    let ctr_hmac = AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 10 };
    for (algorithm, what) in [
        (AeadAlgorithm::Aes128Gcm, "AES-128-GCM"),
        (AeadAlgorithm::Aes256Gcm, "AES-256-GCM"),
        (ctr_hmac, "AES-128-CTR-HMAC"),
        (AeadAlgorithm::Aes256CtrHmacSha512 { tag_len: 10 }, "AES-256-CTR-HMAC"),
    ] {
        let mut secret = vec![0; algorithm.key_len()];
        crate::random(&mut secret).unwrap();
        leaves_nothing(&format!("{what} key"), aead::KEY_STACK, false, &secret, || {
            drop(aead::Aead::new(algorithm, &secret).unwrap())
        });
        let key = aead::Aead::new(algorithm, &secret).unwrap();
        // Zeros encrypt to the keystream.
        let (mut keystream, mut data, mut tag) = (vec![0; 1000], vec![0; 1000], vec![0; algorithm.tag_len()]);
        key.seal(&[5; 12], b"", InOut::InPlace(&mut keystream), &mut tag).unwrap();
        secret.extend(&keystream);
        leaves_nothing(&format!("{what} seal"), aead::FRAME_STACK, false, &secret, || {
            key.seal(&[5; 12], b"", InOut::InPlace(&mut data), &mut tag).unwrap()
        });
        data.fill(0);
        key.seal(&[5; 12], b"", InOut::InPlace(&mut data), &mut tag).unwrap();
        let mut out = vec![0; 1000];
        leaves_nothing(&format!("{what} open"), aead::FRAME_STACK, false, &secret, || {
            key.open(&[5; 12], b"", InOut::Apart(&data, &mut out), &tag).unwrap()
        });
    }
}
