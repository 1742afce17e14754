//! The ratchet of RFC 9605 section 5.1: the sender steps, the receiver follows within its bound, and forged steps change nothing.

use pqrtc::Error;
use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};

const GCM: CipherSuite = CipherSuite::Aes256GcmSha512_128;
const BITS: u32 = 8;
const KID: u64 = 5 << BITS;

fn base_key() -> [u8; 32] {
    let mut key = [0; 32];
    pqrtc::random(&mut key).unwrap();
    key
}

fn pair(suite: CipherSuite, max_steps: u32, grace: u32) -> (Sender, Receiver) {
    let key = base_key();
    let sender = Sender::from_key(&key, KID, suite).unwrap();
    sender.set_ratchet(BITS).unwrap();
    let receiver = Receiver::new(suite);
    receiver.set_ratchet(BITS, max_steps, grace).unwrap();
    receiver.add_key(KID, &key).unwrap();
    (sender, receiver)
}

fn seal(sender: &Sender, frame: &[u8]) -> Vec<u8> {
    let mut sealed = vec![0; frame.len() + MAX_OVERHEAD];
    let len = sender.seal(b"m", frame, &mut sealed).unwrap();
    sealed.truncate(len);
    sealed
}

fn open(receiver: &Receiver, sealed: &[u8]) -> Result<u64, Error> {
    let mut out = vec![0; sealed.len()];
    let opened = receiver.open(b"m", sealed, &mut out);
    assert!(opened.is_ok() || out.iter().all(|&byte| byte == 0), "a refusal left something behind");
    opened.map(|opened| opened.kid)
}

#[test]
fn the_receiver_follows_step_by_step_and_by_leaps() {
    for suite in CipherSuite::ALL {
        let (sender, receiver) = pair(suite, 10, 0);
        let mut kid = KID;
        for leap in [1, 1, 2, 10, 3, 1, 9] {
            for _ in 0..leap {
                kid += 1;
                assert_eq!(sender.ratchet(), Ok(kid));
            }
            for _ in 0..3 {
                assert_eq!(open(&receiver, &seal(&sender, b"frame")), Ok(kid));
            }
        }
        (0..11).for_each(|_| assert!(sender.ratchet().is_ok()));
        assert_eq!(open(&receiver, &seal(&sender, b"too far")), Err(Error::UnknownKeyId));
        assert_eq!(receiver.stats().keys, 1);
    }
}

#[test]
fn the_old_step_is_kept_for_the_grace_period() {
    for grace in [0, 1, 5] {
        let (sender, receiver) = pair(GCM, 4, grace);
        let old: Vec<_> = (0..20).map(|_| seal(&sender, b"old")).collect();
        open(&receiver, &old[0]).unwrap();
        sender.ratchet().unwrap();
        open(&receiver, &seal(&sender, b"first of the new step")).unwrap();
        for at in 1..=grace as usize {
            assert_eq!(receiver.stats().keys, 2);
            assert_eq!(open(&receiver, &old[at]), Ok(KID), "{at} of {grace}");
            assert_eq!(open(&receiver, &old[at]), Err(Error::ReplayedFrame), "its window is kept too");
            assert_eq!(open(&receiver, &old[0]), Err(Error::ReplayedFrame));
            open(&receiver, &seal(&sender, b"new")).unwrap();
        }
        assert_eq!(open(&receiver, &old[19]), Err(Error::UnknownKeyId), "after {grace} more");
        assert_eq!(receiver.stats().keys, 1);
    }
}

#[test]
fn a_leap_keeps_the_step_it_leaves_and_not_those_it_passes() {
    let (sender, receiver) = pair(GCM, 4, 100);
    let start = [seal(&sender, b"a"), seal(&sender, b"b")];
    open(&receiver, &start[0]).unwrap();
    sender.ratchet().unwrap();
    let passed = seal(&sender, b"passed");
    sender.ratchet().unwrap();
    open(&receiver, &seal(&sender, b"c")).unwrap();
    assert_eq!(open(&receiver, &start[1]), Ok(KID));
    assert_eq!(open(&receiver, &passed), Err(Error::UnknownKeyId));
}

#[test]
fn forged_steps_change_nothing() {
    let (sender, receiver) = pair(GCM, 1024, 3);
    let honest = [seal(&sender, b"one"), seal(&sender, b"two")];
    open(&receiver, &honest[0]).unwrap();
    let before = receiver.stats();
    let mut forged = seal(&sender, b"a frame whose KID is changed");
    assert_eq!(forged[..3], [0x92, 5, 0], "a KID of two bytes, counter 2");
    for step in 1..=255 {
        forged[2] = step;
        assert_eq!(open(&receiver, &forged), Err(Error::DecryptionFailed), "step {step}");
    }
    forged[1] = 6;
    assert_eq!(open(&receiver, &forged), Err(Error::UnknownKeyId), "another generation");
    let after = receiver.stats();
    assert_eq!((after.keys, after.opened), (before.keys, before.opened));
    assert_eq!((after.decryption_failed, after.unknown_key_id), (255, 1));
    assert_eq!(open(&receiver, &honest[1]), Ok(KID), "it is still at its step");
    sender.ratchet().unwrap();
    assert_eq!(open(&receiver, &seal(&sender, b"three")), Ok(KID + 1));
}

#[test]
fn frames_of_a_step_behind_are_unknown_and_cost_no_derivation() {
    let (sender, receiver) = pair(GCM, 1024, 0);
    let old = seal(&sender, b"old");
    (0..3).for_each(|_| assert!(sender.ratchet().is_ok()));
    open(&receiver, &seal(&sender, b"new")).unwrap();
    assert_eq!(open(&receiver, &old), Err(Error::UnknownKeyId));
}

#[test]
fn the_steps_of_a_sender_end() {
    let sender = Sender::from_key(&base_key(), 0, GCM).unwrap();
    assert_eq!(sender.ratchet(), Err(Error::InvalidArgument), "not set");
    sender.set_ratchet(1).unwrap();
    assert_eq!(sender.ratchet(), Ok(1));
    assert_eq!(sender.ratchet(), Err(Error::CounterExhausted));
    assert_eq!(sender.kid(), 1);
}

#[test]
fn settings_are_checked() {
    let sender = Sender::from_key(&base_key(), 0b1000, GCM).unwrap();
    assert_eq!(sender.set_ratchet(17), Err(Error::InvalidArgument));
    assert_eq!(sender.set_ratchet(4), Err(Error::InvalidArgument), "the KID has a step");
    sender.set_ratchet(3).unwrap();
    sender.set_ratchet(0).unwrap();
    sender.set_ratchet(3).unwrap();
    sender.ratchet().unwrap();
    assert_eq!(sender.set_ratchet(0), Err(Error::InvalidArgument), "it has stepped");
    let used = Sender::from_key(&base_key(), 0, GCM).unwrap();
    seal(&used, b"x");
    assert_eq!(used.set_ratchet(3), Err(Error::InvalidArgument), "it has sealed");

    let receiver = Receiver::new(GCM);
    for (bits, max_steps) in [(17, 1), (1, 0), (16, 1025), (u32::MAX, 1)] {
        assert_eq!(receiver.set_ratchet(bits, max_steps, 0), Err(Error::InvalidArgument));
    }
    receiver.set_ratchet(16, 1024, u32::MAX).unwrap();
    receiver.set_ratchet(0, 0, 0).unwrap();
    receiver.add_key(1, &base_key()).unwrap();
    assert_eq!(receiver.set_ratchet(4, 4, 4), Err(Error::InvalidArgument), "a key was added");
}

#[test]
fn a_generation_is_one_key_and_is_not_added_again() {
    let key = base_key();
    let sender = Sender::from_key(&key, KID, GCM).unwrap();
    sender.set_ratchet(BITS).unwrap();
    let receiver = Receiver::new(GCM);
    receiver.set_ratchet(BITS, 8, 2).unwrap();
    receiver.add_key(KID, &key).unwrap();
    assert_eq!(receiver.add_key(KID + 3, &base_key()), Err(Error::KeyReused), "another step of a generation it has");
    sender.ratchet().unwrap();
    open(&receiver, &seal(&sender, b"x")).unwrap();
    assert_eq!(receiver.stats().keys, 2);
    receiver.remove_key(KID + 200).unwrap();
    assert_eq!(receiver.stats().keys, 0);
    assert_eq!(receiver.add_key(KID, &key), Err(Error::KeyReused), "at its first step");
    assert_eq!(open(&receiver, &seal(&sender, b"y")), Err(Error::UnknownKeyId));
}

#[test]
fn a_frame_of_several_units_has_one_step_which_may_be_ahead() {
    let (sender, receiver) = pair(GCM, 4, 1);
    let old = seal(&sender, b"a");
    sender.ratchet().unwrap();
    let units = [seal(&sender, b"b"), seal(&sender, b"c"), seal(&sender, b"d")];
    let open_all = |units: &[Vec<u8>]| {
        receiver.open_units(|opening| units.iter().try_for_each(|unit| opening.open(b"m", unit, &mut [0; 1]).map(drop)))
    };
    let mut forged = units.clone();
    forged[2][5] ^= 1;
    assert_eq!(open_all(&forged), Err(Error::DecryptionFailed));
    assert_eq!(open_all(&[core::slice::from_ref(&old), &units[..]].concat()), Err(Error::MalformedFrame), "two steps");
    assert_eq!(open_all(&[units[0].clone(), units[0].clone()]), Err(Error::ReplayedFrame));
    assert_eq!(open_all(&[units[1].clone(), units[0].clone()]), Err(Error::ReplayedFrame), "in another order");
    assert_eq!((receiver.stats().keys, receiver.stats().opened), (1, 0), "no step was taken");
    open_all(&units).unwrap();
    assert_eq!((receiver.stats().keys, receiver.stats().opened), (2, 3));
    for unit in &units {
        assert_eq!(open(&receiver, unit), Err(Error::ReplayedFrame));
    }
    assert_eq!(open_all(&[seal(&sender, b"e"), units[0].clone()]), Err(Error::ReplayedFrame));
    assert_eq!(open(&receiver, &old), Ok(KID), "within its grace");
}

/// More than a receiver keeps of derived steps, over many senders, before and after they go there.
#[test]
fn forged_steps_of_many_senders_change_nothing_either() {
    let receiver = Receiver::new(GCM);
    receiver.set_ratchet(BITS, 255, 0).unwrap();
    let senders: Vec<_> = (0..20u64)
        .map(|generation| {
            let key = base_key();
            receiver.add_key(generation << BITS, &key).unwrap();
            let sender = Sender::from_key(&key, generation << BITS, GCM).unwrap();
            sender.set_ratchet(BITS).unwrap();
            sender
        })
        .collect();
    let forge = |kid: u64| {
        let mut frame = vec![0xf7, 0, 0, 0, 0, 0, 0, 0, 0];
        frame[1..9].copy_from_slice(&kid.to_be_bytes());
        frame.extend([7; 25]);
        frame
    };
    let before = receiver.stats();
    for step in [255, 3, 200] {
        for generation in 0..20u64 {
            let last = (senders[generation as usize].kid() + step).min(generation << BITS | 255);
            assert_eq!(open(&receiver, &forge(last)), Err(Error::DecryptionFailed), "{last}");
        }
        for sender in &senders {
            (0..40).for_each(|_| assert!(sender.ratchet().is_ok()));
            assert_eq!(open(&receiver, &seal(sender, b"honest")), Ok(sender.kid()));
        }
    }
    assert_eq!(receiver.stats().keys, before.keys);
    assert_eq!(receiver.key_stats(5 << BITS).unwrap().decryption_failed, 3);
    assert_eq!(receiver.key_stats(5 << BITS | 9).unwrap().opened, 3);
    assert_eq!(receiver.key_stats(20 << BITS), Err(Error::UnknownKeyId));
}

#[test]
fn threads_seal_and_open_while_the_sender_steps() {
    let key = base_key();
    let sender = Sender::from_key(&key, KID, GCM).unwrap();
    sender.set_ratchet(BITS).unwrap();
    let receiver = Receiver::new(GCM);
    receiver.set_ratchet(BITS, 255, u32::MAX).unwrap();
    // No thread can be so late that the others fill the window.
    receiver.set_window(65536).unwrap();
    receiver.add_key(KID, &key).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..5000 {
                    match open(&receiver, &seal(&sender, b"some frame")) {
                        Ok(_) => {}
                        // Two steps were taken between sealing and opening.
                        Err(error) => assert_eq!(error, Error::UnknownKeyId),
                    }
                }
            });
        }
        for _ in 0..200 {
            sender.ratchet().unwrap();
            std::thread::yield_now();
        }
    });
    assert_eq!(open(&receiver, &seal(&sender, b"the end")), Ok(KID + 200));
    let stats = receiver.stats();
    assert_eq!((stats.replayed, stats.decryption_failed, stats.malformed), (0, 0, 0));
}

/// Three threads open frames of three steps, none of which the receiver is at yet. Whichever is marked first, the newest is opened.
#[test]
fn the_newest_of_several_steps_is_opened_whoever_is_first() {
    for round in 0..500u64 {
        let mut key = [0; 32];
        pqrtc::random(&mut key).unwrap();
        let sender = Sender::from_key(&key, round << 8, CipherSuite::Aes256GcmSha512_128).unwrap();
        sender.set_ratchet(8).unwrap();
        let receiver = Receiver::new(CipherSuite::Aes256GcmSha512_128);
        receiver.set_ratchet(8, 8, 4).unwrap();
        receiver.add_key(round << 8, &key).unwrap();
        let frames: Vec<Vec<u8>> = (0..3)
            .map(|_| {
                sender.ratchet().unwrap();
                let mut sealed = vec![0; 5 + pqrtc::sframe::MAX_OVERHEAD];
                let len = sender.seal(b"", b"frame", &mut sealed).unwrap();
                sealed.truncate(len);
                sealed
            })
            .collect();
        let start = std::sync::Barrier::new(3);
        let opened: Vec<bool> = std::thread::scope(|scope| {
            let threads: Vec<_> = frames
                .iter()
                .map(|sealed| {
                    scope.spawn(|| {
                        start.wait();
                        receiver.open(b"", sealed, &mut [0; 5]).is_ok()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(opened[2], "round {round}: {opened:?}");
    }
}
