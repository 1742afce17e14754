//! Threads on one handle: how many times the frames of one thread two threads seal or open in the same time, through the C ABI. Beside it, in
//! the same rounds, what the machine gives to two threads that share nothing: 2 on two idle cores, less on a busy machine. The verdict is on
//! the one in terms of the other.
//!
//! `make bench`, or `cargo bench --manifest-path benches/Cargo.toml --bench threads`.

mod common;

use common::{Plan, median};
use core::ptr::{null, null_mut};
use pqrtc::ffi::*;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CIPHER: u32 = pqrtc_sframe_cipher::PQRTC_SFRAME_AES_256_GCM_SHA512_128 as u32;
const OVERHEAD: usize = PQRTC_SFRAME_MAX_OVERHEAD_BYTES;
/// Keys that the receiver holds beside those in use.
const HELD: u64 = 1000;
/// What a thread takes at a time of the frames that two threads share, and how far it may be before the other: less than a replay window.
const CHUNK: usize = 16;
const AHEAD: usize = 512;

fn main() {
    println!("two threads beside one, AES-256-GCM, a receiver with {HELD} keys; medians of alternating rounds");
    for size in [120, 1200, 16384] {
        // Some milliseconds a batch.
        let frames = (4_000_000 / (size + 200)).max(64);
        for (senders, least) in [(2, 1.8), (1, 1.0)] {
            let mut opening = Opening::new(size, frames, senders);
            let (one, shared, apart) = (Opening::one_thread, Opening::two_threads, Opening::apart);
            report(&format!("open {size}, senders: {senders}, one receiver"), least, || {
                [one, shared, apart].map(|run| run(&mut opening))
            });
        }
        let senders = [Sender::new(1), Sender::new(2)];
        report(&format!("seal {size}, one sender"), 1.6, || {
            [
                timed(|| senders[0].seal_many(size, 2 * frames)),
                in_two(|_| senders[0].seal_many(size, frames)),
                in_two(|at| senders[at].seal_many(size, frames)),
            ]
        });
        // No more than this can be had of one sender, whose frames share a counter.
        let counter = AtomicUsize::new(0);
        report(&format!("seal {size}, a sender each, a shared counter"), 0.0, || {
            [
                timed(|| senders[0].seal_many(size, 2 * frames)),
                in_two(|at| senders[at].seal_counted(size, frames, &counter)),
                in_two(|at| senders[at].seal_many(size, frames)),
            ]
        });
    }
}

/// `round` says how long one thread takes, two on one handle, and two with a handle each. Prints the medians over many rounds: of the frames of
/// one thread in the same time, and of the two in terms of each other. `least` is what is wanted of two idle cores, which give 2.
fn report(what: &str, least: f64, mut round: impl FnMut() -> [Duration; 3]) {
    round();
    let rounds: Vec<_> = (0..Plan::default().rounds.div_ceil(3)).map(|_| round().map(|t| t.as_secs_f64())).collect();
    let of = |ratio: fn(&[f64; 3]) -> f64| median(rounds.iter().map(ratio).collect());
    let (shared, given, of_given) = (of(|t| t[0] / t[1]), of(|t| t[0] / t[2]), of(|t| t[2] / t[1]));
    let (least, verdict) = (least / 2.0, if of_given >= least / 2.0 { "ok" } else { "BELOW" });
    println!(
        "{what:<44} {shared:5.2}, the machine gives {given:5.2}: {of_given:5.2} of it  at least {least:.2}  {verdict}"
    );
}

fn timed(body: impl FnOnce()) -> Duration {
    let start = Instant::now();
    body();
    start.elapsed()
}

/// The time from when two threads are both there until both are done.
fn in_two(body: impl Fn(usize) + Sync) -> Duration {
    let ready = Barrier::new(2);
    let (body, ready) = (&body, &ready);
    let run = move |at| {
        ready.wait();
        let start = Instant::now();
        body(at);
        (start, Instant::now())
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(move || run(1));
        let (start, end) = run(0);
        let (other_start, other_end) = other.join().unwrap();
        end.max(other_end) - start.min(other_start)
    })
}

fn ok(status: pqrtc_status) {
    assert_eq!(status, pqrtc_status::PQRTC_OK);
}

/// Handles that threads share, which the C API allows.
struct Sender(*mut pqrtc_sframe_sender, [u8; 32]);
unsafe impl Sync for Sender {}

impl Sender {
    fn new(kid: u64) -> Self {
        let (mut key, mut sender) = ([0; 32], null_mut());
        pqrtc::random(&mut key).unwrap();
        ok(unsafe { pqrtc_sframe_sender_from_key(key.as_ptr(), key.len(), kid, CIPHER, &mut sender) });
        Sender(sender, key)
    }

    fn seal(&self, frame: &[u8], out: &mut [u8]) -> usize {
        let mut len = 0;
        let (out, cap) = (out.as_mut_ptr(), out.len());
        ok(unsafe { pqrtc_sframe_seal(self.0, null(), 0, frame.as_ptr(), frame.len(), out, cap, &mut len) });
        len
    }

    fn seal_many(&self, size: usize, times: usize) {
        self.seal_counted(size, times, &AtomicUsize::new(0));
    }

    fn seal_counted(&self, size: usize, times: usize, counter: &AtomicUsize) {
        let (frame, mut out) = (vec![7; size], vec![0; size + OVERHEAD]);
        for _ in 0..times {
            counter.fetch_add(1, Ordering::Relaxed);
            self.seal(&frame, &mut out);
        }
    }
}

struct Receiver(*mut pqrtc_sframe_receiver);
unsafe impl Sync for Receiver {}

impl Receiver {
    fn open(&self, sealed: &[u8], out: &mut [u8]) {
        let (mut len, mut kid, mut counter) = (0, 0, 0);
        let (input, n, out, cap) = (sealed.as_ptr(), sealed.len(), out.as_mut_ptr(), out.len());
        ok(unsafe { pqrtc_sframe_open(self.0, null(), 0, input, n, out, cap, &mut len, &mut kid, &mut counter) });
    }
}

/// The frames of one or two senders, sealed anew for each round because a frame opens once.
struct Opening {
    /// The one that threads share, and another for a thread that does not.
    receivers: [Receiver; 2],
    senders: Vec<Sender>,
    frame: Vec<u8>,
    sealed: Vec<Vec<u8>>,
}

impl Opening {
    fn new(size: usize, frames: usize, senders: usize) -> Self {
        let senders: Vec<_> = (0..senders).map(|kid| Sender::new(HELD + kid as u64)).collect();
        let receiver = || {
            let mut receiver = null_mut();
            ok(unsafe { pqrtc_sframe_receiver_new(CIPHER, &mut receiver) });
            for kid in 0..HELD {
                let key = [(kid + 1).to_be_bytes(); 4];
                ok(unsafe { pqrtc_sframe_receiver_add_key(receiver, kid, key.as_ptr().cast(), 32) });
            }
            for (sender, kid) in senders.iter().zip(HELD..) {
                ok(unsafe { pqrtc_sframe_receiver_add_key(receiver, kid, sender.1.as_ptr(), 32) });
            }
            Receiver(receiver)
        };
        Opening {
            receivers: [receiver(), receiver()],
            senders,
            frame: vec![7; size],
            sealed: vec![vec![0; size + OVERHEAD]; 2 * frames],
        }
    }

    /// With two senders the first half of the frames is of the first.
    fn seal(&mut self) {
        let half = self.sealed.len() / self.senders.len();
        for (sender, frames) in self.senders.iter().zip(self.sealed.chunks_mut(half)) {
            for out in frames {
                out.resize(self.frame.len() + OVERHEAD, 0);
                let len = sender.seal(&self.frame, out);
                out.truncate(len);
            }
        }
    }

    fn one_thread(&mut self) -> Duration {
        self.seal();
        let mut out = vec![0; self.frame.len()];
        timed(|| self.sealed.iter().for_each(|sealed| self.receivers[0].open(sealed, &mut out)))
    }

    fn apart(&mut self) -> Duration {
        self.seal();
        let half = self.sealed.len() / 2;
        in_two(|at| self.open_half(at, &self.receivers[at], half))
    }

    fn open_half(&self, at: usize, receiver: &Receiver, half: usize) {
        let mut out = vec![0; self.frame.len()];
        self.sealed[at * half..][..half].iter().for_each(|sealed| receiver.open(sealed, &mut out));
    }

    fn two_threads(&mut self) -> Duration {
        self.seal();
        let half = self.sealed.len() / 2;
        let (next, reached) = (AtomicUsize::new(0), [AtomicUsize::new(0), AtomicUsize::new(0)]);
        in_two(|at| {
            if self.senders.len() == 2 {
                return self.open_half(at, &self.receivers[0], half);
            }
            let mut out = vec![0; self.frame.len()];
            loop {
                let from = next.fetch_add(CHUNK, Ordering::Relaxed);
                reached[at].store(from, Ordering::Relaxed);
                let Some(rest) = self.sealed.get(from..) else { return };
                // A thread that lost its core for a while would find its frames too old.
                while reached[1 - at].load(Ordering::Relaxed) + AHEAD < from {
                    std::thread::yield_now();
                }
                rest.iter().take(CHUNK).for_each(|sealed| self.receivers[0].open(sealed, &mut out));
            }
        })
    }
}
