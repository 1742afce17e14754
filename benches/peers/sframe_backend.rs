//! Media frames beside the crate `sframe`, with the back end that the package's feature chose: each opens what the other sealed, then both are
//! measured in one run. `make bench-peers`.

#[path = "../common/mod.rs"]
mod common;

use common::{Case, Plan, medians, report};
use core::hint::black_box;
use pqrtc::sframe::{self as ours, CipherSuite};
use sframe::CipherSuite::AesGcm256Sha512;
use sframe::frame::{EncryptedFrameView, MediaFrameView, MonotonicCounter};
use sframe::key::{DecryptionKey, EncryptionKey};

const BACKEND: &str = if cfg!(feature = "ring") {
    "sframe (ring)"
} else if cfg!(feature = "openssl") {
    "sframe (OpenSSL)"
} else {
    "sframe (RustCrypto)"
};

/// Both sides of both implementations, under one key.
struct Peers {
    sender: ours::Sender,
    receiver: ours::Receiver,
    seals: EncryptionKey,
    counter: MonotonicCounter,
    opens: DecryptionKey,
}

impl Peers {
    fn new() -> Self {
        const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;
        let mut key = [0; 32];
        pqrtc::random(&mut key).unwrap();
        let receiver = ours::Receiver::new(SUITE);
        receiver.set_window(1024).unwrap();
        receiver.add_key(1, &key).unwrap();
        Peers {
            sender: ours::Sender::from_key(&key, 1, SUITE).unwrap(),
            receiver,
            seals: EncryptionKey::derive_from(AesGcm256Sha512, 1u64, key).unwrap(),
            counter: MonotonicCounter::default(),
            opens: DecryptionKey::derive_from(AesGcm256Sha512, 1u64, key).unwrap(),
        }
    }
}

fn main() {
    for size in [120, 1200, 16384, 100_000] {
        let frame = vec![7; size];
        agree(&frame);
        sealing(&frame);
        opening(&frame);
    }
}

fn agree(frame: &[u8]) {
    let peers = Peers::new();
    let (mut sealed, mut out) = (vec![0; frame.len() + ours::MAX_OVERHEAD], Vec::new());
    let len = peers.sender.seal(b"", frame, &mut sealed).unwrap();
    let view = EncryptedFrameView::try_new(&sealed[..len]).unwrap();
    assert_eq!(view.decrypt_into(&peers.opens, &mut out).unwrap().payload(), frame);
    sealed[len - 1] ^= 1;
    assert!(EncryptedFrameView::try_new(&sealed[..len]).unwrap().decrypt_into(&peers.opens, &mut out).is_err());

    let mut peers = Peers::new();
    let (mut sealed, mut out) = (Vec::new(), vec![0; frame.len() + ours::MAX_OVERHEAD]);
    MediaFrameView::try_new(&mut peers.counter, frame).unwrap().encrypt_into(&peers.seals, &mut sealed).unwrap();
    let opened = peers.receiver.open(b"", &sealed, &mut out).unwrap();
    assert_eq!(&out[..opened.len], frame);
    println!("{BACKEND}, {} bytes: each opens what the other sealed", frame.len());
}

fn sealing(frame: &[u8]) {
    let Peers { sender, seals, mut counter, .. } = Peers::new();
    let (mut out, mut peer_out) = (vec![0; frame.len() + ours::MAX_OVERHEAD], Vec::new());
    let times = medians(
        Plan::default(),
        &mut [
            Case::new("pqrtc", || _ = black_box(sender.seal(b"", black_box(frame), &mut out).unwrap())),
            Case::new("sframe", || {
                let media = MediaFrameView::try_new(&mut counter, black_box(frame)).unwrap();
                black_box(media.encrypt_into(&seals, &mut peer_out).unwrap());
            }),
        ],
    );
    report(&format!("seal {}", frame.len()), times[0], BACKEND, times[1], None);
}

/// Each opens what it sealed just before, because a frame can be opened once.
fn opening(frame: &[u8]) {
    let Peers { sender, receiver, seals, mut counter, opens } = Peers::new();
    let count = (400_000 / frame.len()).clamp(4, 512);
    let pool = || vec![vec![0; frame.len() + ours::MAX_OVERHEAD]; count];
    let (mut out, mut peer_out) = (vec![0; frame.len() + ours::MAX_OVERHEAD], Vec::new());
    let times = medians(
        Plan::default(),
        &mut [
            Case::prepared(
                "pqrtc",
                count as u32,
                pool(),
                |frames| {
                    for sealed in frames {
                        sealed.resize(frame.len() + ours::MAX_OVERHEAD, 0);
                        let len = sender.seal(b"", frame, sealed).unwrap();
                        sealed.truncate(len);
                    }
                },
                |frames, at| _ = black_box(receiver.open(b"", &frames[at as usize], &mut out).unwrap()),
            ),
            Case::prepared(
                "sframe",
                count as u32,
                pool(),
                |frames| {
                    for sealed in frames {
                        let media = MediaFrameView::try_new(&mut counter, frame).unwrap();
                        media.encrypt_into(&seals, sealed).unwrap();
                    }
                },
                |frames, at| {
                    let view = EncryptedFrameView::try_new(&frames[at as usize]).unwrap();
                    black_box(view.decrypt_into(&opens, &mut peer_out).unwrap());
                },
            ),
        ],
    );
    report(&format!("open {}", frame.len()), times[0], BACKEND, times[1], None);
}
