//! Senders and receivers of a call through its rekeys.

use super::*;
use crate::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
use Error::*;

const CIPHER: CipherSuite = CipherSuite::Aes256GcmSha512_128;

fn seal(sender: &Sender) -> crate::Result<Vec<u8>> {
    let mut out = vec![0; 5 + MAX_OVERHEAD];
    sender.seal(b"", b"frame", &mut out).map(|len| out[..len].to_vec())
}

/// The KID of the frame.
fn open(receiver: &Receiver, sealed: &[u8]) -> crate::Result<u64> {
    let mut out = [0; 64];
    let opened = receiver.open(b"", sealed, &mut out)?;
    assert_eq!(&out[..opened.len], b"frame");
    Ok(opened.kid)
}

fn pass(sender: &Sender, receiver: &Receiver) -> u64 {
    open(receiver, &seal(sender).unwrap()).unwrap()
}

/// A rekey up to where the initiator has sent M3.
fn begin_rekey(from: &Call, from_binding: &[u8], to: &Call, to_binding: &[u8]) -> Vec<u8> {
    let answer = to.receive(&from.offer().unwrap(), from_binding).unwrap();
    from.receive(&answer, to_binding).unwrap()
}

#[test]
fn a_sender_waits_until_it_may_send() {
    let pair = Pair::new(Suite::Default);
    let (to_r, at_r) = (pair.initiator.sender(0, CIPHER).unwrap(), pair.responder.receiver(CIPHER).unwrap());
    let (to_i, at_i) = (pair.responder.sender(0, CIPHER).unwrap(), pair.initiator.receiver(CIPHER).unwrap());
    let wait = |sender: &Sender| assert_eq!(seal(sender), Err(UnexpectedMessage));
    wait(&to_r);
    let m1 = pair.initiator.offer().unwrap();
    wait(&to_r);
    let m2 = pair.responder.receive(&m1, BINDING_I).unwrap();
    wait(&to_i);
    let m3 = pair.initiator.receive(&m2, BINDING_R).unwrap();
    // The initiator sends at once, and is heard once M3 is there.
    let early = seal(&to_r).unwrap();
    assert_eq!(open(&at_r, &early), Err(UnknownKeyId));
    wait(&to_i);
    pair.responder.receive(&m3, BINDING_I).unwrap();
    assert_eq!(open(&at_r, &early), Ok(0));
    assert_eq!(pass(&to_i, &at_i), 4);
    assert_eq!(open(&at_r, &early), Err(ReplayedFrame));
    // Nobody opens what they sent.
    assert_eq!(open(&at_i, &seal(&to_r).unwrap()), Err(UnknownKeyId));
}

#[test]
fn frames_in_flight_open_and_the_old_key_goes() {
    let pair = Pair::new(Suite::Default);
    let (tx, rx) = (pair.initiator.sender(0, CIPHER).unwrap(), pair.responder.receiver(CIPHER).unwrap());
    pair.run();
    assert_eq!(pass(&tx, &rx), 0);
    for epoch in 1..6u64 {
        let flying: Vec<_> = (0..3).map(|_| seal(&tx).unwrap()).collect();
        let role = if epoch % 2 == 0 { 0 } else { 1 };
        if role == 0 {
            pair.run()
        } else {
            pair.run_back()
        };
        assert!(open(&rx, &flying[0]).is_ok());
        for _ in 0..511 {
            assert_eq!(pass(&tx, &rx), role << 2 | epoch & 3);
        }
        assert!(open(&rx, &flying[1]).is_ok());
        assert_eq!(rx.stats().keys, 2);
        pass(&tx, &rx);
        assert_eq!(open(&rx, &flying[2]), Err(UnknownKeyId));
        assert_eq!(rx.stats().keys, 1);
    }
    assert_eq!(rx.stats().opened, 1 + 5 * 514);
}

#[test]
fn another_epoch_ends_the_one_before_the_last() {
    let pair = Pair::new(Suite::Default);
    let (tx, rx) = (pair.initiator.sender(0, CIPHER).unwrap(), pair.responder.receiver(CIPHER).unwrap());
    pair.run();
    let first = seal(&tx).unwrap();
    pair.run();
    let second = seal(&tx).unwrap();
    pair.run();
    assert_eq!(open(&rx, &first), Err(UnknownKeyId));
    assert_eq!(open(&rx, &second), Ok(1));
    assert_eq!(pass(&tx, &rx), 2);
    assert_eq!(rx.stats().keys, 2);
}

#[test]
fn an_initiator_changes_when_the_peer_is_known_to_have_the_epoch() {
    // By the acknowledgement, by a frame, by the answer to the next rekey.
    for how in 0..3 {
        let pair = Pair::new(Suite::Default);
        let (to_r, at_r) = (pair.initiator.sender(0, CIPHER).unwrap(), pair.responder.receiver(CIPHER).unwrap());
        let (to_i, at_i) = (pair.responder.sender(0, CIPHER).unwrap(), pair.initiator.receiver(CIPHER).unwrap());
        pair.run();
        let finish = begin_rekey(&pair.initiator, BINDING_I, &pair.responder, BINDING_R);
        assert_eq!(pass(&to_r, &at_r), 0);
        // A frame of the epoch before says nothing.
        assert_eq!(pass(&to_i, &at_i), 4);
        assert_eq!(pass(&to_r, &at_r), 0);
        // A stream that begins now begins in the new epoch, and is heard once M3 is there.
        let late = pair.initiator.sender(9, CIPHER).unwrap();
        let early = seal(&late).unwrap();
        assert_eq!(open(&at_r, &early), Err(UnknownKeyId));
        let ack = pair.responder.receive(&finish, BINDING_I).unwrap();
        assert_eq!(open(&at_r, &early), Ok(9 << 3 | 1));
        assert_eq!(pass(&to_r, &at_r), 0);
        match how {
            0 => assert_eq!(pair.initiator.receive(&ack, b""), Ok(vec![])),
            1 => assert_eq!(pass(&to_i, &at_i), 5),
            _ => {
                let finish = begin_rekey(&pair.initiator, BINDING_I, &pair.responder, BINDING_R);
                assert_eq!(pass(&to_r, &at_r), 1);
                let ack = pair.responder.receive(&finish, BINDING_I).unwrap();
                pair.initiator.receive(&ack, b"").unwrap();
                assert_eq!(pass(&to_r, &at_r), 2);
                continue;
            }
        }
        assert_eq!(pass(&to_r, &at_r), 1);
        assert_eq!(pass(&late, &at_r), 9 << 3 | 1);
    }
}

#[test]
fn streams_come_by_themselves_and_forged_ones_leave_nothing() {
    let pair = Pair::new(Suite::Default);
    pair.run();
    let rx = pair.responder.receiver(CIPHER).unwrap();
    let streams =
        [0, 1, 7, 1 << 60, (1 << 61) - 1].map(|stream| (stream, pair.initiator.sender(stream, CIPHER).unwrap()));
    assert_eq!(pair.initiator.sender(1 << 61, CIPHER).err(), Some(InvalidArgument));
    assert_eq!(pair.initiator.sender(7, CIPHER).err(), Some(KeyReused));
    for (stream, tx) in &streams {
        let sealed = seal(tx).unwrap();
        let mut forged = sealed.clone();
        *forged.last_mut().unwrap() ^= 1;
        let keys = rx.stats().keys;
        assert_eq!(open(&rx, &forged), Err(DecryptionFailed));
        assert_eq!(rx.stats().keys, keys);
        assert_eq!(open(&rx, &sealed), Ok(stream << 3));
        assert_eq!(open(&rx, &sealed), Err(ReplayedFrame));
    }
    assert_eq!(rx.stats().keys, 5);
    let flying: Vec<_> = streams.iter().map(|(_, tx)| seal(tx).unwrap()).collect();
    pair.run_back();
    assert!(flying.iter().all(|sealed| open(&rx, sealed).is_ok()));
    for (stream, tx) in &streams {
        assert_eq!(pass(tx, &rx), stream << 3 | 5);
    }
    // Each stream's old key goes by itself.
    (0..511).for_each(|_| assert_eq!(pass(&streams[1].1, &rx), 1 << 3 | 5));
    assert_eq!(rx.stats().keys, 9);
    // A receiver that comes later knows the newest epoch alone.
    let late = pair.responder.receiver(CIPHER).unwrap();
    assert_eq!(pass(&streams[2].1, &late), 7 << 3 | 5);
    assert_eq!(late.stats().keys, 2);
}

#[test]
fn keys_that_went_to_another_engine_are_not_used_here() {
    let pair = Pair::new(Suite::Default);
    let key = |call: &Call, direction, stream| call.sframe_key(direction, stream).map(|key| key.kid());
    assert_eq!(key(&pair.initiator, Direction::Sending, 0), Err(UnexpectedMessage));
    let tx = pair.initiator.sender(3, CIPHER).unwrap();
    pair.run();
    assert_eq!(key(&pair.initiator, Direction::Sending, 0), Ok(0));
    assert_eq!(key(&pair.initiator, Direction::Sending, 0), Ok(0));
    assert_eq!(key(&pair.initiator, Direction::Sending, 1 << 61), Err(InvalidArgument));
    assert_eq!(pair.initiator.sender(0, CIPHER).err(), Some(KeyReused));
    assert_eq!(key(&pair.initiator, Direction::Sending, 3), Err(KeyReused));
    assert_eq!(key(&pair.responder, Direction::Receiving, 3), Ok(3 << 3));
    // A sender whose next key is gone seals no more, until the epoch after.
    let finish = begin_rekey(&pair.initiator, BINDING_I, &pair.responder, BINDING_R);
    assert_eq!(key(&pair.initiator, Direction::Sending, 3), Ok(3 << 3 | 1));
    let ack = pair.responder.receive(&finish, BINDING_I).unwrap();
    assert!(seal(&tx).is_ok());
    pair.initiator.receive(&ack, b"").unwrap();
    assert_eq!(seal(&tx), Err(UnexpectedMessage));
    pair.run();
    assert_eq!(pass(&tx, &pair.responder.receiver(CIPHER).unwrap()), 3 << 3 | 2);
}

#[test]
fn what_a_call_gave_out_outlives_it() {
    let pair = Pair::new(Suite::Default);
    let (tx, rx) = (pair.initiator.sender(0, CIPHER).unwrap(), pair.responder.receiver(CIPHER).unwrap());
    pair.run();
    let session = pair.initiator.session().unwrap();
    let before = *session.key().as_bytes();
    pair.run();
    assert_eq!(session.key().as_bytes(), &before);
    drop(pair);
    assert_eq!(pass(&tx, &rx), 1);
    assert_eq!(
        open(&rx, &{
            let mut unknown = seal(&tx).unwrap();
            unknown[0] ^= 0x70;
            unknown
        }),
        Err(UnknownKeyId)
    );
}

#[test]
fn cnsa2_allows_one_cipher_suite() {
    if suites().count() < 2 {
        return;
    }
    let pair = Pair::new(Suite::Cnsa2);
    for suite in CipherSuite::ALL {
        let allowed = suite == CIPHER;
        assert_eq!(pair.initiator.receiver(suite).err(), (!allowed).then_some(PolicyRefused));
        assert_eq!(pair.initiator.sender(0, suite).err(), (!allowed).then_some(PolicyRefused));
    }
}

/// The old session is gone, but for handles that were given out.
#[test]
fn the_session_before_is_wiped() {
    let pair = Pair::new(Suite::Default);
    let _media = (pair.initiator.sender(0, CIPHER).unwrap(), pair.initiator.receiver(CIPHER).unwrap());
    pair.run();
    let before = std::sync::Arc::downgrade(&pair.initiator.session().unwrap());
    assert!(before.upgrade().is_some());
    pair.run();
    assert!(before.upgrade().is_none());
}
