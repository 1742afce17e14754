//! Recordings: hashing is what they cost. Four segments of one recording, signed one after the other on one thread; hashed on a thread each
//! and signed in order; and, as what the machine gives to threads that share nothing, four recordings of one segment on a thread each. The
//! same for a verifier. Medians of alternating rounds.
//!
//! `make bench`, or `cargo bench --manifest-path benches/Cargo.toml --bench recording`.

mod common;

use common::{Plan, median};
use pqrtc::recording::{Segment, Signer, Verifier, entry_len};
use pqrtc::signing::{SignatureAlgorithm, SigningKey};
use std::thread;
use std::time::Instant;

const SEGMENTS: usize = 4;
const BYTES: usize = 16 << 20;
const ID: &[u8] = b"bench";

fn main() {
    println!("{SEGMENTS} segments of {} MiB; {} cores", BYTES >> 20, thread::available_parallelism().unwrap());
    let segments: Vec<Vec<u8>> = (0..SEGMENTS).map(|at| vec![at as u8; BYTES]).collect();
    for (algorithm, hash) in [(SignatureAlgorithm::MlDsa65, "SHA3-256"), (SignatureAlgorithm::MlDsa87, "SHA-512")] {
        if SignatureAlgorithm::try_from(algorithm as u32).is_err() {
            continue;
        }
        let key = SigningKey::generate(algorithm).unwrap();
        let entries = sign(&key, &segments);
        let signing: [&dyn Fn(); 3] =
            [&|| drop(sign(&key, &segments)), &|| sign_ahead(&key, &segments), &|| apart(&key, &segments)];
        report(&format!("{hash}, sign"), signing);
        let verifying: [&dyn Fn(); 3] =
            [&|| verify(&key, &segments, &entries), &|| verify_ahead(&key, &segments, &entries), &|| {
                apart(&key, &segments)
            }];
        report(&format!("{hash}, verify"), verifying);
    }
}

/// On one thread, hashed ahead, apart: times of the clock, and processor time of all threads.
fn report(what: &str, ways: [&dyn Fn(); 3]) {
    let timed = |way: &dyn Fn()| {
        let (start, processor) = (Instant::now(), processor_time());
        way();
        [start.elapsed().as_secs_f64(), processor_time() - processor]
    };
    ways.iter().for_each(|way| way());
    let rounds: Vec<[[f64; 2]; 3]> = (0..Plan::default().rounds.div_ceil(30)).map(|_| ways.map(timed)).collect();
    let of = |value: fn(&[[f64; 2]; 3]) -> f64| median(rounds.iter().map(value).collect());
    println!(
        "{what:<18} {:.2} GB/s of processor time; hashed ahead {:.2} times as fast, {:.2} of the processor time; the machine gives {:.2}",
        (SEGMENTS * BYTES) as f64 / of(|t| t[0][1]) / 1e9,
        of(|t| t[0][0] / t[1][0]),
        of(|t| t[1][1] / t[0][1]),
        of(|t| t[0][0] / t[2][0]),
    );
}

fn processor_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is written.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) }, 0);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn sign(key: &SigningKey, segments: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut signer = Signer::new(key, ID).unwrap();
    let entry = |(at, segment): (usize, &Vec<u8>)| {
        let mut entry = vec![0; entry_len(key.algorithm())];
        signer.update(segment).unwrap();
        signer.entry(at + 1 == segments.len(), &mut entry).unwrap();
        entry
    };
    segments.iter().enumerate().map(entry).collect()
}

fn hashed(algorithm: SignatureAlgorithm, segments: &[Vec<u8>]) -> Vec<Segment> {
    let hash = |bytes: &[u8]| {
        let mut segment = Segment::new(algorithm);
        segment.update(bytes).unwrap();
        segment
    };
    thread::scope(|scope| {
        let threads: Vec<_> = segments.iter().map(|bytes| scope.spawn(move || hash(bytes))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn sign_ahead(key: &SigningKey, segments: &[Vec<u8>]) {
    let (mut signer, mut entry) = (Signer::new(key, ID).unwrap(), vec![0; entry_len(key.algorithm())]);
    for (at, segment) in hashed(key.algorithm(), segments).iter().enumerate() {
        signer.entry_of(segment, at + 1 == segments.len(), &mut entry).unwrap();
    }
}

fn apart(key: &SigningKey, segments: &[Vec<u8>]) {
    thread::scope(|scope| {
        segments.chunks(1).for_each(|one| drop(scope.spawn(move || sign(key, one))));
    });
}

fn verify(key: &SigningKey, segments: &[Vec<u8>], entries: &[Vec<u8>]) {
    let mut verifier = Verifier::new(key.algorithm(), key.public_key(), ID).unwrap();
    for (segment, entry) in segments.iter().zip(entries) {
        verifier.update(segment).unwrap();
        verifier.entry(entry).unwrap();
    }
    verifier.finish().unwrap();
}

fn verify_ahead(key: &SigningKey, segments: &[Vec<u8>], entries: &[Vec<u8>]) {
    let mut verifier = Verifier::new(key.algorithm(), key.public_key(), ID).unwrap();
    for (segment, entry) in hashed(key.algorithm(), segments).iter().zip(entries) {
        verifier.entry_of(segment, entry).unwrap();
    }
    verifier.finish().unwrap();
}
