//! What SFrame takes of the heap, counted in Rust and C alike: nothing for a frame, little for a key.

use crate::heap;
use pqrtc::Error;
use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};

fn base_key() -> [u8; 32] {
    let mut key = [0; 32];
    pqrtc::random(&mut key).unwrap();
    key
}

#[test]
fn frames_allocate_nothing_and_keys_are_small() {
    if !heap::COUNTS {
        return crate::skipped("allocations of SFrame: needs Linux with glibc");
    }
    assert!(heap::calls(|| drop(std::hint::black_box(vec![1u8; 100]))) > 0, "the counter counts");
    for suite in CipherSuite::ALL {
        frames(suite);
        keys(suite);
        forged_steps(suite);
    }
}

fn frames(suite: CipherSuite) {
    let key = base_key();
    let sender = Sender::from_key(&key, 1000, suite).unwrap();
    let receiver = Receiver::new(suite);
    receiver.add_key(1000, &key).unwrap();
    for len in [0, 120, 1200, 100_000] {
        for metadata in [&[][..], &[7; 1], &[7; 256]] {
            let (frame, mut out) = (vec![5; len], vec![0; len + MAX_OVERHEAD]);
            let (mut sealed, mut place) = (vec![0; len + MAX_OVERHEAD], vec![0; len + MAX_OVERHEAD]);
            // The first failure on a thread makes the queue of errors of the C library underneath.
            let mut no_frame = [0xff; 27];
            no_frame[..3].copy_from_slice(&[0x9f, 0x03, 0xe8]);
            let no_frame = receiver.open(b"", &no_frame, &mut out);
            assert_eq!(no_frame, Err(Error::DecryptionFailed));
            let count = heap::calls(|| {
                for _ in 0..100 {
                    let len = sender.seal(metadata, &frame, &mut sealed).unwrap();
                    place[..len].copy_from_slice(&sealed[..len]);
                    receiver.open(metadata, &sealed[..len], &mut out).unwrap();
                    let again = receiver.open(metadata, &sealed[..len], &mut out);
                    assert_eq!(again, Err(Error::ReplayedFrame));

                    let len = sender.seal_in_place(metadata, &mut place, frame.len()).unwrap();
                    place[len - 1] ^= 1;
                    let forged = receiver.open(metadata, &place[..len], &mut out);
                    assert_eq!(forged, Err(Error::DecryptionFailed));
                    place[len - 1] ^= 1;
                    receiver.open_in_place(metadata, &mut place[..len]).unwrap();

                    assert_eq!(receiver.open(metadata, &[1; 40], &mut out), Err(Error::UnknownKeyId));
                    assert_eq!(receiver.open(metadata, &[0xff; 3], &mut out), Err(Error::MalformedFrame));
                    assert_eq!(sender.seal(metadata, &frame, &mut []), Err(Error::BufferTooSmall));
                }
            });
            assert_eq!(count, 0, "{suite:?}, {len} bytes, metadata of {}", metadata.len());
        }
    }
    let (mut sealed, mut out) = (vec![0; 60 * (100 + MAX_OVERHEAD)], [0; 100]);
    let count = heap::calls(|| {
        let (mut ends, mut at) = ([0; 61], 0);
        for end in &mut ends[1..] {
            at += sender.seal(b"", &[9; 100], &mut sealed[at..]).unwrap();
            *end = at;
        }
        let open = |units: &mut pqrtc::sframe::Units| {
            ends.windows(2).try_for_each(|unit| units.open(b"", &sealed[unit[0]..unit[1]], &mut out).map(drop))
        };
        receiver.open_units(open).unwrap();
    });
    assert_eq!(count, 0, "a frame of 60 units");
}

fn keys(suite: CipherSuite) {
    const MANY: u64 = 500;
    let key = base_key();
    let receiver = Receiver::new(suite);
    let ((), receiver_keys) = heap::kept(|| (0..MANY).for_each(|kid| receiver.add_key(kid, &key).unwrap()));
    let mut senders = Vec::with_capacity(MANY as usize);
    (0..MANY).for_each(|kid| senders.push(Box::new(Sender::from_key(&key, kid, suite).unwrap())));
    // What the registry keeps is not the sender's.
    let before = heap::live();
    senders.clear();
    let (sender_key, receiver_key) = ((before - heap::live()) as u64 / MANY, receiver_keys as u64 / MANY);
    println!("{suite:?}: a sender key takes {sender_key} bytes, a receiver key {receiver_key}");
    // The portable AES and HMAC of the other providers keep larger states than aws-lc does.
    let (sender_limit, receiver_limit) = if pqrtc::provider() == "aws-lc" { (1152, 1536) } else { (2048, 2560) };
    assert!(sender_key <= sender_limit && receiver_key <= receiver_limit, "{suite:?}: {sender_key}, {receiver_key}");
}

/// A forged step costs a derivation once. What is kept of it is bounded, and goes with the key.
fn forged_steps(suite: CipherSuite) {
    let receiver = Receiver::new(suite);
    receiver.set_ratchet(16, 64, 100).unwrap();
    receiver.add_key(1 << 16, &base_key()).unwrap();
    let mut out = [0; 100];
    let forge = |step: u8| [0xa0, 1, 0, step, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
    assert_eq!(receiver.open(b"", &forge(1), &mut out), Err(Error::DecryptionFailed));
    let before = heap::live();
    let flood = || {
        for step in 1..=64 {
            assert_eq!(receiver.open(b"", &forge(step), &mut [0; 100]), Err(Error::DecryptionFailed));
        }
    };
    flood();
    let kept = heap::live();
    let limit = if pqrtc::provider() == "aws-lc" { 1536 } else { 2048 };
    assert!(kept - before <= 64 * limit, "{suite:?}: {} bytes", kept - before);
    assert_eq!(heap::calls(flood), 0);
    assert_eq!(receiver.open(b"", &forge(65), &mut out), Err(Error::UnknownKeyId));
    assert_eq!(heap::live(), kept);
    receiver.remove_key(1 << 16).unwrap();
    assert!(heap::live() < before);
}
