//! SFrame senders and receivers: what is opened, what is refused, and what a refusal leaves behind.

use crate::rng::Rng;
use pqrtc::session::Role;
use pqrtc::sframe::{CipherSuite, MAX_FRAME_BYTES, MAX_METADATA_BYTES, MAX_OVERHEAD, Receiver, Sender, Stats};
use pqrtc::suite::{self, HybridKeypair, Suite};
use pqrtc::{Error, Session};
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Barrier, Mutex};

const GCM: CipherSuite = CipherSuite::Aes256GcmSha512_128;

fn base_key() -> [u8; 32] {
    let mut key = [0; 32];
    pqrtc::random(&mut key).unwrap();
    key
}

fn pair(suite: CipherSuite, kid: u64) -> (Sender, Receiver) {
    let key = base_key();
    let receiver = Receiver::new(suite);
    receiver.add_key(kid, &key).unwrap();
    (Sender::from_key(&key, kid, suite).unwrap(), receiver)
}

fn seal(sender: &Sender, metadata: &[u8], frame: &[u8]) -> Vec<u8> {
    let mut sealed = vec![0; frame.len() + MAX_OVERHEAD];
    let len = sender.seal(metadata, frame, &mut sealed).unwrap();
    sealed.truncate(len);
    sealed
}

/// Opens a frame; what is refused must leave nothing behind.
fn open(receiver: &Receiver, metadata: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = vec![0xa5; sealed.len()];
    match receiver.open(metadata, sealed, &mut out) {
        Ok(opened) => {
            assert!(out[opened.len..].iter().all(|&byte| byte == 0xa5), "wrote past the frame");
            out.truncate(opened.len);
            Ok(out)
        }
        Err(error) => {
            let untouched = out.iter().all(|&byte| byte == 0xa5);
            let zeroed = receiver.frame_len(sealed).is_ok_and(|len| {
                out[..len].iter().all(|&byte| byte == 0) && out[len..].iter().all(|&byte| byte == 0xa5)
            });
            assert!(untouched || zeroed, "{error:?} left something behind");
            Err(error)
        }
    }
}

fn sessions() -> (Session, Session) {
    let responder = HybridKeypair::generate(Suite::XWing).unwrap();
    let mut exchange = vec![0; Suite::XWing.exchange_len()];
    let initiator = suite::initiate(Suite::XWing, responder.bundle(), &mut exchange).unwrap();
    (initiator, responder.respond(&exchange).unwrap())
}

#[test]
fn frames_come_back_for_every_suite_length_and_metadata() {
    let mut rng = Rng::new(1);
    for suite in CipherSuite::ALL {
        let (sender, receiver) = pair(suite, rng.next() >> (rng.next() % 64));
        for len in (0..70).chain([255, 256, 257, 1200, 5000, 100_000]) {
            for metadata in [0, 1, 14, 255, 256, 257, 4000] {
                let (frame, metadata) = (rng.bytes(len), rng.bytes(metadata));
                let sealed = seal(&sender, &metadata, &frame);
                assert_eq!(open(&receiver, &metadata, &sealed).unwrap(), frame);
                assert_eq!(open(&receiver, &metadata, &sealed), Err(Error::ReplayedFrame));
            }
        }
    }
}

#[test]
fn in_place_gives_the_same_and_touches_nothing_else() {
    let mut rng = Rng::new(2);
    for suite in CipherSuite::ALL {
        let (sender, receiver) = pair(suite, 300);
        for len in [0, 1, 15, 16, 17, 120, 1200, 70_000] {
            for metadata in [rng.bytes(0), rng.bytes(20), rng.bytes(300)] {
                let frame = rng.bytes(len);
                let mut buffer = vec![0xa5; len + MAX_OVERHEAD + 8];
                buffer[..len].copy_from_slice(&frame);
                let sealed_len = sender.seal_in_place(&metadata, &mut buffer, len).unwrap();
                assert!(buffer[sealed_len..].iter().all(|&byte| byte == 0xa5));
                let sealed = buffer[..sealed_len].to_vec();
                let mut place = sealed.clone();

                place[sealed_len - 1] ^= 1;
                assert_eq!(receiver.open_in_place(&metadata, &mut place), Err(Error::DecryptionFailed));
                assert!(place[..len].iter().all(|&byte| byte == 0), "a failure leaves nothing");

                place.copy_from_slice(&sealed);
                let opened = receiver.open_in_place(&metadata, &mut place).unwrap();
                assert_eq!(&place[..opened.len], frame);
                assert_eq!(place[len..], sealed[len..], "nothing after the frame is written");
                assert_eq!(receiver.open_in_place(&metadata, &mut sealed.clone()), Err(Error::ReplayedFrame));
            }
        }
    }
}

#[test]
fn loss_reordering_and_duplication_within_the_window() {
    let mut rng = Rng::new(3);
    let senders: Vec<_> = (0..5u64).map(|kid| (kid, base_key())).collect();
    let receiver = Receiver::new(GCM);
    let mut flight = Vec::new();
    for (kid, key) in &senders {
        receiver.add_key(*kid, key).unwrap();
        let sender = Sender::from_key(key, *kid, GCM).unwrap();
        for at in 0..3000u64 {
            let sealed = seal(&sender, &kid.to_be_bytes(), &(at ^ kid << 32).to_be_bytes());
            // Arrival is late by up to 700 frames, a tenth is lost, a fifth comes twice.
            for _ in 0..[0, 1, 1, 1, 1, 1, 1, 1, 2, 2][rng.below(10)] {
                flight.push((at + rng.below(700) as u64, *kid, at, sealed.clone()));
            }
        }
    }
    flight.sort_by_key(|(arrival, ..)| *arrival);
    let mut seen = HashSet::new();
    for (_, kid, at, sealed) in &flight {
        let opened = open(&receiver, &kid.to_be_bytes(), sealed);
        if seen.insert((kid, at)) {
            assert_eq!(opened.unwrap(), (at ^ kid << 32).to_be_bytes());
        } else {
            assert_eq!(opened, Err(Error::ReplayedFrame));
        }
    }
    let stats = receiver.stats();
    assert_eq!((stats.keys, stats.opened, stats.replayed), (5, seen.len() as u64, (flight.len() - seen.len()) as u64));
}

#[test]
fn the_window_is_as_large_as_it_was_set() {
    for counters in [64u64, 128, 1024, 65536] {
        let key = base_key();
        let receiver = Receiver::new(GCM);
        receiver.set_window(counters as u32).unwrap();
        receiver.add_key(9, &key).unwrap();
        assert_eq!(receiver.set_window(128), Err(Error::InvalidArgument), "a key was added");
        let sender = Sender::from_key(&key, 9, GCM).unwrap();
        let sealed: Vec<_> = (0..counters + 1).map(|_| seal(&sender, b"", b"x")).collect();
        open(&receiver, b"", sealed.last().unwrap()).unwrap();
        assert_eq!(open(&receiver, b"", &sealed[0]), Err(Error::ReplayedFrame), "older than the window");
        assert_eq!(open(&receiver, b"", &sealed[1]), Ok(b"x".to_vec()), "the oldest inside");
        receiver.remove_key(9).unwrap();
        assert_eq!(receiver.set_window(128), Err(Error::InvalidArgument), "a key had been added");
    }
    for counters in [0, 1, 63, 65, 100, 65536 + 64, u32::MAX] {
        assert_eq!(Receiver::new(GCM).set_window(counters), Err(Error::InvalidArgument), "{counters}");
    }
}

#[test]
fn forged_frames_change_nothing() {
    let mut rng = Rng::new(4);
    for suite in CipherSuite::ALL {
        let (sender, receiver) = pair(suite, 77);
        let sealed: Vec<_> = (0..200u64).map(|at| seal(&sender, b"meta", &at.to_be_bytes())).collect();
        open(&receiver, b"meta", &sealed[100]).unwrap();
        let before = receiver.stats();
        let mut refused = 0;
        for sealed in &sealed {
            for _ in 0..50 {
                let mut forged = sealed.clone();
                match rng.below(4) {
                    0 => {
                        let at = rng.below(forged.len());
                        forged[at] ^= 1 << rng.below(8);
                    }
                    1 => forged.truncate(rng.below(forged.len())),
                    2 => forged.push(0),
                    // The right KID with a counter far ahead, to push the window.
                    _ => forged[..3].copy_from_slice(&[0x89, 77, 0xff]),
                }
                refused += u64::from(forged != *sealed);
                assert!(forged == *sealed || open(&receiver, b"meta", &forged).is_err());
            }
            assert!(open(&receiver, b"Meta", sealed).is_err());
            refused += 1;
        }
        let after = receiver.stats();
        let failures = |stats: Stats| stats.malformed + stats.unknown_key_id + stats.replayed + stats.decryption_failed;
        assert_eq!((after.keys, after.opened), (before.keys, before.opened));
        assert_eq!(failures(after) - failures(before), refused);
        for (at, sealed) in sealed.iter().enumerate().filter(|(at, _)| *at != 100) {
            assert_eq!(open(&receiver, b"meta", sealed).unwrap(), (at as u64).to_be_bytes());
        }
    }
}

#[test]
fn refusals_come_in_their_order() {
    let (sender, receiver) = pair(GCM, 5);
    let sealed = seal(&sender, b"", b"frame");
    let too_long = vec![0; MAX_FRAME_BYTES + MAX_OVERHEAD + 1];
    let (long_metadata, mut out) = (vec![0; MAX_METADATA_BYTES + 1], [0; 5]);
    assert_eq!(receiver.open(&long_metadata, &[], &mut out), Err(Error::InvalidLength));
    assert_eq!(receiver.open(b"", &too_long, &mut out), Err(Error::InvalidLength));
    for malformed in [&[][..], &[0xff], &[0x00], &[0x00; 16], &sealed[..16]] {
        assert_eq!(receiver.open(b"", malformed, &mut []), Err(Error::MalformedFrame));
    }
    let mut unknown = sealed.clone();
    unknown[0] = 0x60;
    assert_eq!(receiver.open(b"", &unknown, &mut []), Err(Error::UnknownKeyId));
    let mut forged = sealed.clone();
    forged[1] ^= 1;
    assert_eq!(receiver.open(b"", &forged, &mut out[..4]), Err(Error::BufferTooSmall));
    assert_eq!(receiver.open(b"", &forged, &mut out), Err(Error::DecryptionFailed));
    assert_eq!(receiver.open(b"", &sealed, &mut out).unwrap().len, 5);
    assert_eq!(receiver.open(b"", &sealed, &mut out[..4]), Err(Error::BufferTooSmall));
    assert_eq!(receiver.open(b"", &forged, &mut out), Err(Error::ReplayedFrame), "seen before it is decrypted");
    let expected = Stats { keys: 1, opened: 1, malformed: 5, unknown_key_id: 1, replayed: 1, decryption_failed: 1 };
    assert_eq!(receiver.stats(), expected);
}

#[test]
fn a_refused_seal_uses_up_no_counter() {
    let (sender, receiver) = pair(GCM, 5);
    let mut out = vec![0; 4 + MAX_OVERHEAD];
    assert_eq!(sender.seal(b"", b"frame", &mut out), Err(Error::BufferTooSmall));
    assert_eq!(sender.seal_in_place(b"", &mut out, 5), Err(Error::BufferTooSmall));
    assert_eq!(sender.seal(&vec![0; MAX_METADATA_BYTES + 1], b"", &mut out), Err(Error::InvalidLength));
    assert_eq!(sender.seal(b"", &vec![0; MAX_FRAME_BYTES + 1], &mut out), Err(Error::InvalidLength));
    assert_eq!(sender.seal_in_place(b"", &mut out, usize::MAX), Err(Error::InvalidLength));
    let len = sender.seal(b"", b"fram", &mut out).unwrap();
    assert_eq!(receiver.open(b"", &out[..len], &mut [0; 4]).unwrap().counter, 0);
}

#[test]
fn the_longest_frame_and_metadata() {
    let (sender, receiver) = pair(GCM, u64::MAX);
    let (frame, metadata) = (vec![3; MAX_FRAME_BYTES], vec![4; MAX_METADATA_BYTES]);
    let sealed = seal(&sender, &metadata, &frame);
    assert!(open(&receiver, &metadata, &sealed).unwrap() == frame);
}

#[test]
fn a_key_and_kid_make_one_sender_for_ever() {
    let key = base_key();
    drop(Sender::from_key(&key, 1, GCM).unwrap());
    for suite in CipherSuite::ALL {
        assert_eq!(Sender::from_key(&key, 1, suite).err(), Some(Error::KeyReused), "freed, and in {suite:?}");
    }
    Sender::from_key(&key, 2, GCM).unwrap();
    Sender::from_key(&key[..31], 1, GCM).unwrap();
    for len in [0, 15, 65, 100] {
        assert_eq!(Sender::from_key(&vec![1; len], 1, GCM).err(), Some(Error::InvalidLength));
        assert_eq!(Receiver::new(GCM).add_key(1, &vec![1; len]), Err(Error::InvalidLength));
    }
}

#[test]
fn of_many_threads_one_gets_the_key() {
    for _ in 0..20 {
        let (key, barrier, won) = (base_key(), Barrier::new(16), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    barrier.wait();
                    match Sender::from_key(&key, 1, GCM) {
                        Ok(_) => won.fetch_add(1, Ordering::Relaxed),
                        Err(error) => {
                            assert_eq!(error, Error::KeyReused);
                            0
                        }
                    };
                });
            }
        });
        assert_eq!(won.into_inner(), 1);
    }
}

fn of_session(session: &Session, kid: u64) -> pqrtc::Result<Sender> {
    Sender::new(&session.sframe_base_key(session.role(), kid)?, GCM)
}

fn add_peer(receiver: &Receiver, session: &Session, kid: u64) {
    receiver.add(&session.sframe_base_key(session.role().peer(), kid).unwrap()).unwrap();
}

#[test]
fn the_roles_of_a_session_never_share_a_key() {
    let (initiator, responder) = sessions();
    for kid in [0, 1, u64::MAX] {
        let (a, b) = (of_session(&initiator, kid).unwrap(), of_session(&responder, kid).unwrap());
        let (at_a, at_b) = (Receiver::new(GCM), Receiver::new(GCM));
        add_peer(&at_a, &initiator, kid);
        add_peer(&at_b, &responder, kid);
        let (from_a, from_b) = (seal(&a, b"", b"from a"), seal(&b, b"", b"from b"));
        assert_eq!(open(&at_a, b"", &from_b).unwrap(), b"from b");
        assert_eq!(open(&at_b, b"", &from_a).unwrap(), b"from a");
        assert_eq!(open(&at_a, b"", &from_a), Err(Error::ReplayedFrame));
        let (other_a, other_b) = (Receiver::new(GCM), Receiver::new(GCM));
        add_peer(&other_a, &initiator, kid);
        add_peer(&other_b, &responder, kid);
        assert_eq!(open(&other_a, b"", &from_a), Err(Error::DecryptionFailed), "its own frames");
        assert_eq!(open(&other_b, b"", &from_b), Err(Error::DecryptionFailed), "its own frames");
        assert_eq!(of_session(&initiator, kid).err(), Some(Error::KeyReused));
    }
}

#[test]
fn a_second_handle_of_the_same_exchange_cannot_start_a_key_again() {
    // A pair that was restored from its seed answers again; the keys of senders are remembered beyond it.
    let pair = || HybridKeypair::from_seed(Suite::V100HybridKxV1, &SEED).unwrap();
    let mut exchange = vec![0; Suite::V100HybridKxV1.exchange_len()];
    suite::initiate(Suite::V100HybridKxV1, pair().bundle(), &mut exchange).unwrap();
    let (first, second) = (pair().respond(&exchange).unwrap(), pair().respond(&exchange).unwrap());
    drop(of_session(&first, 4).unwrap());
    assert_eq!(of_session(&second, 4).err(), Some(Error::KeyReused));
    of_session(&second, 5).unwrap();
}

const SEED: [u8; 96] = [42; 96];

#[test]
fn a_key_that_was_given_away_makes_no_sender() {
    let (initiator, responder) = sessions();
    let key = initiator.sframe_base_key(Role::Initiator, 9).unwrap();
    assert_eq!(key.as_bytes(), responder.sframe_base_key(Role::Initiator, 9).unwrap().as_bytes());
    assert_ne!(key.as_bytes(), responder.sframe_base_key(Role::Responder, 9).unwrap().as_bytes());
    key.give_away().unwrap();
    key.give_away().unwrap();
    assert_eq!(of_session(&initiator, 9).err(), Some(Error::KeyReused));
    assert_eq!(Sender::from_key(key.as_bytes(), 9, GCM).err(), Some(Error::KeyReused));
    // What was used for a sender is not given away.
    of_session(&initiator, 10).unwrap();
    let used = initiator.sframe_base_key(Role::Initiator, 10).unwrap();
    assert_eq!(used.give_away(), Err(Error::KeyReused));
}

#[test]
fn a_base_key_of_zeros_is_refused() {
    for len in [16, 32, 64] {
        assert_eq!(Sender::from_key(&vec![0; len], 1, GCM).err(), Some(Error::InvalidKey));
        assert_eq!(Receiver::new(GCM).add_key(1, &vec![0; len]).err(), Some(Error::InvalidKey));
    }
    for len in [0, 15, 65] {
        assert_eq!(Receiver::new(GCM).add_key(1, &vec![0; len]).err(), Some(Error::InvalidLength));
    }
}

#[test]
fn keys_come_and_go() {
    let (key, other) = (base_key(), base_key());
    let receiver = Receiver::new(GCM);
    let sender = Sender::from_key(&key, 1, GCM).unwrap();
    let sealed = seal(&sender, b"", b"x");
    assert_eq!(open(&receiver, b"", &sealed), Err(Error::UnknownKeyId));
    receiver.add_key(1, &key).unwrap();
    assert_eq!(receiver.add_key(1, &other), Err(Error::KeyReused), "a KID that it has");
    assert_eq!(receiver.add_key(1, &key), Err(Error::KeyReused));
    open(&receiver, b"", &sealed).unwrap();
    receiver.remove_key(1).unwrap();
    assert_eq!(receiver.remove_key(1), Err(Error::UnknownKeyId));
    assert_eq!(open(&receiver, b"", &seal(&sender, b"", b"y")), Err(Error::UnknownKeyId));
    assert_eq!(receiver.add_key(1, &key), Err(Error::KeyReused), "its window is lost");
    receiver.add_key(1, &other).unwrap();
    receiver.add_key(2, &key).unwrap();
    let other = Sender::from_key(&other, 1, GCM).unwrap();
    assert_eq!(open(&receiver, b"", &seal(&other, b"", b"z")).unwrap(), b"z");
    assert_eq!(open(&receiver, b"", &sealed), Err(Error::ReplayedFrame), "counter 0 of the KID was seen");
    assert_eq!((receiver.stats().keys, receiver.stats().opened), (2, 2), "what a removed key opened still counts");
}

#[test]
fn the_units_of_a_frame_count_together_or_not_at_all() {
    let (sender, receiver) = pair(GCM, 8);
    let units: Vec<_> = (0..200u8).map(|at| seal(&sender, &[at], &[at; 3])).collect();
    let all = |receiver: &Receiver, units: &[(u8, &Vec<u8>)]| {
        receiver.open_units(|opening| {
            let mut frames = Vec::new();
            for (at, unit) in units {
                let (mut out, mut place) = ([0; 3], (*unit).clone());
                if at % 2 == 0 {
                    assert_eq!(opening.open(&[*at], unit, &mut out)?.counter, u64::from(*at));
                } else {
                    assert_eq!(opening.open_in_place(&[*at], &mut place)?.len, 3);
                    out.copy_from_slice(&place[..3]);
                }
                frames.push(out);
            }
            Ok(frames)
        })
    };
    let of = |range: std::ops::Range<u8>| range.map(|at| (at, &units[usize::from(at)])).collect::<Vec<_>>();

    let mut forged = of(0..10);
    let mut bad = units[9].clone();
    bad[4] ^= 1;
    forged[9].1 = &bad;
    assert_eq!(all(&receiver, &forged), Err(Error::DecryptionFailed));
    assert_eq!(
        receiver.open_units(|opening| opening.open(&[0], &units[0], &mut [0; 3]).and(Err::<(), _>(Error::Internal))),
        Err(Error::Internal)
    );
    assert_eq!(receiver.stats().opened, 0);
    assert_eq!(all(&receiver, &of(0..10)).unwrap(), (0..10).map(|at| [at; 3]).collect::<Vec<_>>());
    assert_eq!(all(&receiver, &of(9..12)), Err(Error::ReplayedFrame), "one of them was seen");
    assert_eq!(all(&receiver, &of(10..150)).unwrap().len(), 140, "more than fit the stack");
    assert_eq!(receiver.stats().opened, 150);

    let mut twice = of(150..153);
    twice[2] = twice[1];
    assert_eq!(all(&receiver, &twice), Err(Error::ReplayedFrame));
    let mut swapped = of(150..153);
    swapped.swap(0, 1);
    assert_eq!(all(&receiver, &swapped), Err(Error::ReplayedFrame), "not in the order of sealing");
    let key = base_key();
    receiver.add_key(9, &key).unwrap();
    let from_another = seal(&Sender::from_key(&key, 9, GCM).unwrap(), &[151], &[0; 3]);
    let mixed = [(150, &units[150]), (151, &from_another)];
    assert_eq!(all(&receiver, &mixed), Err(Error::MalformedFrame), "of two senders");
    assert_eq!(all(&receiver, &of(150..200)).unwrap().len(), 50, "none of this left a trace");
    receiver.open_units(|_| Ok(())).unwrap();
}

#[test]
fn sixteen_threads_on_one_sender_and_one_receiver() {
    const THREADS: usize = 16;
    const FRAMES: usize = 2000;
    for suite in [GCM, CipherSuite::Aes128CtrHmacSha256_80] {
        let key = base_key();
        let receiver = Receiver::new(suite);
        receiver.set_window(65536).unwrap();
        receiver.add_key(1, &key).unwrap();
        let sender = Sender::from_key(&key, 1, suite).unwrap();
        let (counters, twice) = (Mutex::new(HashSet::new()), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let (sender, receiver, counters, twice) = (&sender, &receiver, &counters, &twice);
                scope.spawn(move || {
                    let mut mine = Vec::with_capacity(FRAMES);
                    for at in 0..FRAMES {
                        let frame = [thread as u8; 64];
                        let sealed = seal(sender, b"m", &frame);
                        let mut out = [0; 64];
                        mine.push(receiver.open(b"m", &sealed, &mut out).unwrap().counter);
                        assert_eq!(out, frame);
                        if at % 7 == 0 {
                            // Keys come and go meanwhile, and what was opened is not opened again.
                            let kid = (2 + thread) as u64;
                            receiver.add_key(kid, &base_key()).unwrap();
                            assert_eq!(open(receiver, b"m", &sealed), Err(Error::ReplayedFrame));
                            receiver.remove_key(kid).unwrap();
                            twice.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                    let mut all = counters.lock().unwrap();
                    mine.into_iter().for_each(|counter| assert!(all.insert(counter), "counter {counter} twice"));
                });
            }
        });
        let counters = counters.into_inner().unwrap();
        assert_eq!(counters.len(), THREADS * FRAMES);
        assert_eq!(counters.into_iter().max(), Some((THREADS * FRAMES - 1) as u64));
        let stats = receiver.stats();
        assert_eq!((stats.opened, stats.replayed), ((THREADS * FRAMES) as u64, twice.into_inner()));
    }
}

#[test]
fn of_many_threads_one_opens_a_frame() {
    let (sender, receiver) = pair(GCM, 1);
    for _ in 0..200 {
        let (sealed, barrier, won) = (seal(&sender, b"", &[1; 3000]), Barrier::new(8), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    barrier.wait();
                    match open(&receiver, b"", &sealed) {
                        Ok(_) => drop(won.fetch_add(1, Ordering::Relaxed)),
                        Err(error) => assert_eq!(error, Error::ReplayedFrame),
                    }
                });
            }
        });
        assert_eq!(won.into_inner(), 1);
    }
}
