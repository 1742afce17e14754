//! Whether the time of a comparison tells where its inputs differ, by the statistics of dudect, beside a comparison that tells it:
//! `make bench-dudect`. A `max t` beyond 4.5 asks for a look, beyond 10 is a leak; a busy machine hides small ones. `make
//! test-constant-time` looks for branches and needs no statistics.

use core::hint::black_box;
use dudect_bencher::{BenchRng, Class, CtRunner, ctbench_main};
use pqrtc::Session;
use pqrtc::kem::{KemAlgorithm, KemKeypair, encapsulate};
use pqrtc::suite::{HybridKeypair, Suite, initiate};
use pqrtc::turn;
use rand::RngExt;

const TIMES: usize = 200_000;

/// Runs `call` on inputs of two classes, in random order and always at the same place in memory.
fn compare(runner: &mut CtRunner, rng: &mut BenchRng, times: usize, inputs: [&[u8]; 2], call: impl Fn(&[u8])) {
    let mut input = inputs[0].to_vec();
    for _ in 0..times {
        let right = rng.random::<bool>();
        input.copy_from_slice(inputs[usize::from(right)]);
        runner.run_one(if right { Class::Right } else { Class::Left }, || call(black_box(&input)));
    }
}

fn altered(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

/// `==` on slices, which stops early, of 1000 bytes: has to be found.
fn control(runner: &mut CtRunner, rng: &mut BenchRng) {
    let right = vec![7; 1000];
    let wrong = [altered(&right, 0), altered(&right, 999)];
    compare(runner, rng, TIMES, [&wrong[0], &wrong[1]], |input| {
        _ = black_box(input.iter().zip(&right).all(|(a, b)| a == b))
    });
}

/// A TURN password that is wrong in its first byte, and in its last.
fn turn_password(runner: &mut CtRunner, rng: &mut BenchRng) {
    let credential = turn::mint(b"a secret of the server", b"alice", 2_000_000_000).unwrap();
    let username = credential.username().to_vec();
    let wrong = [altered(credential.password(), 0), altered(credential.password(), 26)];
    compare(runner, rng, TIMES, [&wrong[0], &wrong[1]], |password| {
        assert!(turn::verify(b"a secret of the server", &username, password, 1).is_err());
    });
}

/// A session message whose tag is wrong in its first byte, and in its last.
fn session_tag(runner: &mut CtRunner, rng: &mut BenchRng) {
    let (ours, theirs) = sessions();
    let mut sealed = vec![0; 32 + pqrtc::session::SEAL_OVERHEAD_BYTES];
    let len = ours.seal(b"", &[1; 32], &mut sealed).unwrap();
    let wrong = [altered(&sealed[..len], len - 16), altered(&sealed[..len], len - 1)];
    compare(runner, rng, TIMES, [&wrong[0], &wrong[1]], |sealed| {
        assert!(theirs.open(b"", sealed, &mut [0; 32]).is_err());
    });
}

fn sessions() -> (Session, Session) {
    let pair = HybridKeypair::generate(Suite::XWing).unwrap();
    let mut exchange = [0; 1120];
    let ours = initiate(Suite::XWing, pair.bundle(), &mut exchange).unwrap();
    (ours, pair.respond(&exchange).unwrap())
}

/// A ciphertext of ML-KEM that decapsulates, and one that is rejected, which only the secret shows.
fn rejection(runner: &mut CtRunner, rng: &mut BenchRng) {
    let pair = KemKeypair::generate(KemAlgorithm::MlKem768).unwrap();
    let mut ciphertext = [0; 1088];
    encapsulate(KemAlgorithm::MlKem768, pair.public_key(), &mut ciphertext).unwrap();
    let wrong = altered(&ciphertext, 500);
    compare(runner, rng, TIMES / 4, [&ciphertext, &wrong], |input| _ = black_box(pair.decapsulate(input).unwrap()));
}

ctbench_main!(control, turn_password, session_tag, rejection);
