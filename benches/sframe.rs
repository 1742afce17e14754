//! Sealing and opening media frames through the C ABI, beside aws-lc with a key at hand and beside the crate `sframe` on ring.
//!
//! `cargo bench --bench sframe`, or `-- 120` for one size only.

mod common;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use common::{Case, Plan, heap, medians, report};
use core::hint::black_box;
use core::ptr::{null, null_mut};
use pqrtc::ffi::*;
use sframe::frame::{EncryptedFrameView, MediaFrameView, MonotonicCounter};
use sframe::key::{DecryptionKey, EncryptionKey};
use std::sync::atomic::{AtomicU64, Ordering};

const SIZES: [usize; 4] = [120, 1200, 16384, 100_000];
/// At most so much of the other's time, for each size.
const SEAL_OF_AWS_LC: [f64; 4] = [1.35, 1.20, 1.06, 1.06];
const OPEN_OF_AWS_LC: [f64; 4] = [1.60, 1.35, 1.10, 1.06];
const SEAL_OF_SFRAME: [f64; 4] = [0.50, 0.62, 0.62, 0.60];
const OPEN_OF_SFRAME: [f64; 4] = [0.50, 0.60, 0.60, 0.55];

const CIPHER: u32 = pqrtc_sframe_cipher::PQRTC_SFRAME_AES_256_GCM_SHA512_128 as u32;
const OVERHEAD: usize = PQRTC_SFRAME_MAX_OVERHEAD_BYTES;

fn ok(status: pqrtc_status) {
    assert_eq!(status, pqrtc_status::PQRTC_OK);
}

fn base_key() -> [u8; 32] {
    let mut key = [0; 32];
    pqrtc::random(&mut key).unwrap();
    key
}

fn sender(key: &[u8], kid: u64) -> *mut pqrtc_sframe_sender {
    let mut sender = null_mut();
    ok(unsafe { pqrtc_sframe_sender_from_key(key.as_ptr(), key.len(), kid, CIPHER, &mut sender) });
    sender
}

fn receiver() -> *mut pqrtc_sframe_receiver {
    let mut receiver = null_mut();
    ok(unsafe { pqrtc_sframe_receiver_new(CIPHER, &mut receiver) });
    receiver
}

fn add_key(receiver: *mut pqrtc_sframe_receiver, key: &[u8], kid: u64) {
    ok(unsafe { pqrtc_sframe_receiver_add_key(receiver, kid, key.as_ptr(), key.len()) });
}

fn seal(sender: *const pqrtc_sframe_sender, frame: &[u8], out: &mut [u8]) -> usize {
    let mut len = 0;
    let status = unsafe {
        pqrtc_sframe_seal(sender, null(), 0, frame.as_ptr(), frame.len(), out.as_mut_ptr(), out.len(), &mut len)
    };
    ok(status);
    len
}

fn open(receiver: *mut pqrtc_sframe_receiver, sealed: &[u8], out: &mut [u8]) -> pqrtc_status {
    let (mut len, mut kid, mut counter) = (0, 0, 0);
    let (sealed, out) = ((sealed.as_ptr(), sealed.len()), (out.as_mut_ptr(), out.len()));
    unsafe {
        pqrtc_sframe_open(receiver, null(), 0, sealed.0, sealed.1, out.0, out.1, &mut len, &mut kid, &mut counter)
    }
}

/// Frames that are sealed anew before each batch, because a frame can be opened once. All contenders get theirs the same way.
struct Pool<S> {
    state: S,
    frames: Vec<Vec<u8>>,
    out: Vec<u8>,
}

impl<S> Pool<S> {
    /// As many frames as a second-level cache holds.
    fn new(state: S, size: usize) -> Self {
        let count = (400_000 / size).clamp(4, 512);
        Pool { state, frames: vec![vec![0; size + OVERHEAD]; count], out: vec![0; size + OVERHEAD] }
    }

    fn len(&self) -> u32 {
        self.frames.len() as u32
    }
}

fn main() {
    println!("AES-256-GCM, no metadata; medians of alternating batches in one run");
    let only: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    for (at, size) in SIZES.into_iter().enumerate().filter(|(_, size)| only.is_empty() || only.contains(size)) {
        sealing(at, size);
        opening(at, size);
    }
    flood();
    allocations();
    memory();
}

fn aws_lc_key() -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &base_key()).unwrap())
}

fn nonce(counter: u64) -> Nonce {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&counter.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

fn sealing(at: usize, size: usize) {
    let key = base_key();
    let frame = vec![7; size];
    let (ours, mut out) = (sender(&key, 1), vec![0; size + OVERHEAD]);
    let (bare, mut data, counter) = (aws_lc_key(), vec![7; size], AtomicU64::new(0));
    let peer = EncryptionKey::derive_from(sframe::CipherSuite::AesGcm256Sha512, 1u64, key).unwrap();
    let (mut peer_counter, mut peer_out) = (MonotonicCounter::default(), Vec::new());
    let mut cases = [
        Case::new("pqrtc", || {
            black_box(seal(ours, black_box(&frame), &mut out));
        }),
        Case::new("aws-lc", || {
            let nonce = nonce(counter.fetch_add(1, Ordering::Relaxed));
            let tag = bare.seal_in_place_separate_tag(nonce, Aad::from([0x10, 0]), black_box(&mut data)).unwrap();
            black_box(tag.as_ref());
        }),
        Case::new("sframe", || {
            let media = MediaFrameView::try_new(&mut peer_counter, black_box(&frame)).unwrap();
            black_box(media.encrypt_into(&peer, &mut peer_out).unwrap());
        }),
    ];
    let times = medians(Plan::default(), &mut cases);
    drop(cases);
    report(&format!("seal {size}"), times[0], "aws-lc in place", times[1], Some(SEAL_OF_AWS_LC[at]));
    report(&format!("seal {size}"), times[0], "sframe (ring)", times[2], Some(SEAL_OF_SFRAME[at]));
    report(&format!("  of which aws-lc, {size}"), times[1], "sframe (ring)", times[2], None);
    unsafe { pqrtc_sframe_sender_free(ours) };
}

fn opening(at: usize, size: usize) {
    let key = base_key();
    let frame = vec![7; size];
    let (sender, receiver) = (sender(&key, 1), receiver());
    add_key(receiver, &key, 1);
    let ours = Pool::new(sender, size);
    let bare = Pool::new((aws_lc_key(), 0u64), size);
    let suite = sframe::CipherSuite::AesGcm256Sha512;
    let (seals, opens) =
        (EncryptionKey::derive_from(suite, 1u64, key).unwrap(), DecryptionKey::derive_from(suite, 1u64, key).unwrap());
    let peer = Pool::new((seals, MonotonicCounter::default()), size);
    let mut peer_out = Vec::new();
    let mut cases = [
        Case::prepared(
            "pqrtc",
            ours.len(),
            ours,
            |pool| {
                for sealed in &mut pool.frames {
                    sealed.resize(size + OVERHEAD, 0);
                    let len = seal(pool.state, &frame, sealed);
                    sealed.truncate(len);
                }
            },
            |pool, at| ok(open(receiver, black_box(&pool.frames[at as usize]), &mut pool.out)),
        ),
        Case::prepared(
            "aws-lc",
            bare.len(),
            bare,
            |pool| {
                for (at, sealed) in pool.frames.iter_mut().enumerate() {
                    sealed.clear();
                    sealed.extend_from_slice(&frame);
                    pool.state.0.seal_in_place_append_tag(nonce(at as u64), Aad::from([0x10, 0]), sealed).unwrap();
                }
            },
            |pool, at| {
                let (ciphertext, tag) = black_box(&pool.frames[at as usize]).split_at(size);
                let (aad, out) = (Aad::from([0x10, 0]), &mut pool.out[..size]);
                pool.state.0.open_separate_gather(nonce(at.into()), aad, ciphertext, tag, out).unwrap();
            },
        ),
        Case::prepared(
            "sframe",
            peer.len(),
            peer,
            |pool| {
                for sealed in &mut pool.frames {
                    let media = MediaFrameView::try_new(&mut pool.state.1, &frame).unwrap();
                    media.encrypt_into(&pool.state.0, sealed).unwrap();
                }
            },
            |pool, at| {
                let sealed = EncryptedFrameView::try_new(black_box(&pool.frames[at as usize])).unwrap();
                black_box(sealed.decrypt_into(&opens, &mut peer_out).unwrap());
            },
        ),
    ];
    let times = medians(Plan::default(), &mut cases);
    drop(cases);
    report(&format!("open {size}"), times[0], "aws-lc", times[1], Some(OPEN_OF_AWS_LC[at]));
    report(&format!("open {size}"), times[0], "sframe (ring)", times[2], Some(OPEN_OF_SFRAME[at]));
    report(&format!("  of which aws-lc, {size}"), times[1], "sframe (ring)", times[2], None);
    unsafe {
        pqrtc_sframe_sender_free(sender);
        pqrtc_sframe_receiver_free(receiver);
    }
}

/// A flood of forged frames of 20 bytes, each of another ratchet step, beside forged frames where there is no ratchet.
fn flood() {
    const RATCHET_BITS: u32 = 10;
    let key = base_key();
    let (plain, kid) = (receiver(), 1 << RATCHET_BITS);
    add_key(plain, &key, kid);
    for steps in [64, 1000] {
        let ratchets = receiver();
        ok(unsafe { pqrtc_sframe_receiver_set_ratchet(ratchets, RATCHET_BITS, steps, 64) });
        add_key(ratchets, &key, kid);
        let forged: Vec<_> = (0..u64::from(steps)).map(|step| forged(kid | step)).collect();
        let (mut out, mut at) = (vec![0; 64], 0);
        let times = medians(
            Plan::default(),
            &mut [
                Case::new("ratchet", || {
                    at = (at + 1) % forged.len();
                    assert!(open(ratchets, &forged[at], &mut out) == pqrtc_status::PQRTC_DECRYPTION_FAILED);
                }),
                Case::new("none", || {
                    assert!(open(plain, &forged[0], &mut [0; 64]) == pqrtc_status::PQRTC_DECRYPTION_FAILED);
                }),
            ],
        );
        report(&format!("forged, within {steps} ratchet steps"), times[0], "forged, no ratchet", times[1], Some(3.0));
        unsafe { pqrtc_sframe_receiver_free(ratchets) };
    }
    unsafe { pqrtc_sframe_receiver_free(plain) };
}

/// A frame of 20 bytes with this KID that nobody sealed.
fn forged(kid: u64) -> Vec<u8> {
    let other = sender(&base_key(), kid);
    let mut frame = vec![0; OVERHEAD + 1];
    let len = seal(other, &[7], &mut frame);
    frame.truncate(len);
    unsafe { pqrtc_sframe_sender_free(other) };
    frame
}

/// Calls of malloc in the steady state, by Rust and C together.
fn allocations() {
    if !heap::COUNTS {
        return println!("skipped: allocations are counted on Linux with glibc");
    }
    let key = base_key();
    let (sender, receiver) = (sender(&key, 1), receiver());
    add_key(receiver, &key, 1);
    let (mut sealed, mut out) = (vec![0; 1200 + OVERHEAD], vec![0; 1200]);
    let mut len = seal(sender, &out, &mut sealed);
    ok(open(receiver, &sealed[..len], &mut out));
    let sealing = heap::calls(|| (0..1000).for_each(|_| len = seal(sender, &out, &mut sealed)));
    let opening = heap::calls(|| ok(open(receiver, &sealed[..len], &mut out)));
    let replayed = heap::calls(|| assert!(open(receiver, &sealed[..len], &mut out) != pqrtc_status::PQRTC_OK));
    len = seal(sender, &out, &mut sealed);
    sealed[len - 1] ^= 1;
    assert_eq!(open(receiver, &sealed[..len], &mut out), pqrtc_status::PQRTC_DECRYPTION_FAILED);
    let forged = heap::calls(|| assert!(open(receiver, &sealed[..len], &mut out) != pqrtc_status::PQRTC_OK));
    println!(
        "allocations a frame: seal {}, open {opening}, replayed {replayed}, forged {forged}  (at most 0)",
        sealing / 1000
    );
    unsafe {
        pqrtc_sframe_sender_free(sender);
        pqrtc_sframe_receiver_free(receiver);
    }
}

/// Heap of a key, handle included, as the allocator rounds it; the registry of used keys and the handle of the receiver are apart.
fn memory() {
    if !heap::COUNTS {
        return println!("skipped: memory is counted on Linux with glibc");
    }
    const MANY: u64 = 1000;
    let key = base_key();
    let receiver = receiver();
    let ((), receiver_keys) = heap::kept(|| (0..MANY).for_each(|kid| add_key(receiver, &key, kid)));
    let (senders, with_registry) = heap::kept(|| (0..MANY).map(|kid| sender(&key, kid)).collect::<Vec<_>>());
    let before = heap::live();
    senders.into_iter().for_each(|sender| unsafe { pqrtc_sframe_sender_free(sender) });
    let sender_keys = before - heap::live();
    unsafe { pqrtc_sframe_receiver_free(receiver) };
    let each = |bytes: usize| bytes as f64 / MANY as f64;
    println!("memory of a sender key      {:6.0} B  (at most 1024)", each(sender_keys));
    println!("memory of a receiver key    {:6.0} B  (at most 1536)", each(receiver_keys));
    println!("registry, for each used key {:6.0} B", each(with_registry.saturating_sub(sender_keys)));
}
