//! What needs a counter set or a look inside; the rest is in `tests/rust/sframe*.rs`.

use super::header::Header;
use super::key::Step;
use super::{BaseKey, CipherSuite, MAX_OVERHEAD, Receiver, Sender, Source};
use crate::Error;
use serde_json::Value;

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/rfc9605-sframe.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// A base key that no other test has.
fn base_key() -> [u8; 32] {
    let mut key = [0; 32];
    crate::random(&mut key).unwrap();
    key
}

#[test]
#[ignore = "needs ../shared/vectors"]
fn the_headers_of_rfc_9605() {
    let vectors = vectors();
    let headers = vectors["header"].as_array().unwrap();
    assert_eq!(headers.len(), 289);
    for vector in headers {
        let header = Header { kid: vector["kid"].as_u64().unwrap(), counter: vector["ctr"].as_u64().unwrap() };
        let encoded = hex(&vector["encoded"]);
        assert_eq!(header.encode().as_bytes(), encoded);
        assert_eq!(Header::parse(&encoded), Ok((header, encoded.len())));
    }
}

#[test]
#[ignore = "needs ../shared/vectors"]
fn the_frames_of_rfc_9605() {
    let vectors = vectors();
    let mut seen = 0;
    for vector in vectors["sframe"].as_array().unwrap() {
        let Ok(suite) = CipherSuite::try_from(vector["cipher_suite"].as_u64().unwrap() as u32) else { continue };
        let (kid, counter) = (vector["kid"].as_u64().unwrap(), vector["ctr"].as_u64().unwrap());
        let (key, metadata) = (hex(&vector["base_key"]), hex(&vector["metadata"]));
        let (plaintext, expected) = (hex(&vector["pt"]), hex(&vector["ct"]));

        // The vectors of all suites share one key and KID, for which a process has one sender.
        let step = Step::derive(suite, &BaseKey::new(kid, &key).unwrap()).unwrap();
        let header = Header { kid, counter }.encode();
        for in_place in [false, true] {
            let mut sealed = vec![0; plaintext.len() + header.as_bytes().len() + suite.tag_len()];
            super::key::with_aad_buffer(&[&metadata], |room| {
                if in_place {
                    sealed[..plaintext.len()].copy_from_slice(&plaintext);
                    step.seal_in_place(counter, &header, room, plaintext.len(), &mut sealed)
                } else {
                    step.seal(counter, &header, room, &plaintext, &mut sealed)
                }
            })
            .unwrap();
            assert_eq!(sealed, expected, "{suite:?}");
        }

        let receiver = Receiver::new(suite);
        receiver.add_key(kid, &key).unwrap();
        let mut opened = vec![0; plaintext.len()];
        let told = receiver.open(&metadata, &expected, &mut opened).unwrap();
        assert_eq!((&opened, told.len, told.kid, told.counter), (&plaintext, plaintext.len(), kid, counter));
        seen += 1;
    }
    assert_eq!(seen, 5);
}

#[test]
fn a_sender_at_any_counter_is_opened_and_stops_before_it_would_wrap() {
    for suite in CipherSuite::ALL {
        let key = base_key();
        let sender = Sender::from_key(&key, u64::MAX, suite).unwrap();
        let receiver = Receiver::new(suite);
        receiver.add_key(u64::MAX, &key).unwrap();
        let (mut sealed, mut frame) = ([0; 9 + MAX_OVERHEAD], [0; 9]);
        for counter in [0, 7, 8, 255, 256, 1 << 32, u64::MAX - 2] {
            sender.set_counter(counter);
            let len = sender.seal(b"", b"some data", &mut sealed).unwrap();
            let opened = receiver.open(b"", &sealed[..len], &mut frame).unwrap();
            assert_eq!((opened.counter, opened.kid, &frame), (counter, u64::MAX, b"some data"));
        }
        let len = sender.seal(b"", b"the last.", &mut sealed).unwrap();
        assert_eq!(len, 9 + 17 + suite.tag_len(), "the longest header");
        assert_eq!(receiver.open(b"", &sealed[..len], &mut frame).unwrap().counter, u64::MAX - 1);
        for _ in 0..3 {
            assert_eq!(sender.seal(b"", b"", &mut sealed), Err(Error::CounterExhausted));
            assert_eq!(sender.seal_in_place(b"", &mut sealed, 5), Err(Error::CounterExhausted));
        }
    }
}

#[test]
fn a_ratchet_is_the_one_of_rfc_9605() {
    use crate::provider::{Active, Provider};
    for suite in CipherSuite::ALL {
        let key = base_key();
        let sender = Sender::from_key(&key, 3 << 4, suite).unwrap();
        sender.set_ratchet(4).unwrap();
        let mut base = key.to_vec();
        for step in 1..16 {
            let mut next = vec![0; suite.hash_len()];
            Active::hkdf(suite.hash(), b"", &base, b"SFrame 1.0 Ratchet", &mut next).unwrap();
            base = next;
            let kid = sender.ratchet().unwrap();
            assert_eq!((kid, sender.kid()), (3 << 4 | step, 3 << 4 | step));
            let receiver = Receiver::new(suite);
            receiver.add_key(kid, &base).unwrap();
            let (mut sealed, mut frame) = ([0; 1 + MAX_OVERHEAD], [0; 1]);
            let len = sender.seal(b"m", b"x", &mut sealed).unwrap();
            assert_eq!(receiver.open(b"m", &sealed[..len], &mut frame).unwrap().counter, 0);
            assert_eq!(Sender::from_key(&base, kid, suite).err(), Some(Error::KeyReused), "a step is taken too");
        }
        assert_eq!(sender.ratchet(), Err(Error::CounterExhausted));
        assert_eq!(sender.kid(), 3 << 4 | 15);
    }
}

#[test]
fn a_block_has_consecutive_counters_of_one_step() {
    for suite in CipherSuite::ALL {
        let key = base_key();
        let sender = Sender::from_key(&key, 6, suite).unwrap();
        let receiver = Receiver::new(suite);
        receiver.add_key(6, &key).unwrap();
        let (mut out, mut opened) = ([[0; 3 + MAX_OVERHEAD]; 3], [0; 3]);
        let mut lens = [0; 3];
        sender
            .with_block(3, |block| {
                assert_eq!((block.kid(), block.first()), (6, 0));
                lens[2] = block.seal(2, &[b"a", b"", b"b"], Source::Apart(b"two"), &mut out[2])?;
                lens[0] = block.seal(0, &[], Source::Apart(b"nil"), &mut out[0])?;
                out[1][..3].copy_from_slice(b"one");
                lens[1] = block.seal(1, &[b"ab"], Source::InPlace(3), &mut out[1])?;
                assert_eq!(block.seal(3, &[], Source::Apart(b""), &mut [0; MAX_OVERHEAD]), Err(Error::Internal));
                assert_eq!(block.seal(0, &[], Source::Apart(b"nil"), &mut [0; 35]), Err(Error::BufferTooSmall));
                Ok(())
            })
            .unwrap();
        let expected: [(&[u8], &[u8]); 3] = [(b"", b"nil"), (b"ab", b"one"), (b"ab", b"two")];
        for (counter, (metadata, frame)) in expected.into_iter().enumerate() {
            let told = receiver.open(metadata, &out[counter][..lens[counter]], &mut opened).unwrap();
            assert_eq!((told.counter, &opened[..told.len]), (counter as u64, frame));
        }
        sender.set_counter(u64::MAX - 2);
        assert_eq!(sender.with_block(3, |_| Ok(())), Err(Error::CounterExhausted));
        assert_eq!(sender.with_block(2, |block| Ok(block.first())), Ok(u64::MAX - 2), "a refusal uses up none");
        assert_eq!(sender.with_block(1, |_| Ok(())), Err(Error::CounterExhausted));
    }
}

/// Frames of another implementation, at KIDs and counters of every length: each is sealed to the same bytes, and opened.
#[test]
fn frames_of_an_independent_implementation() {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/independent.json"));
    let vectors: Value = serde_json::from_str(text).unwrap();
    let number = |value: &Value| u64::from_str_radix(value.as_str().unwrap(), 16).unwrap();
    let mut seen = 0;
    for vector in vectors["sframe"].as_array().unwrap() {
        let Ok(suite) = CipherSuite::try_from(vector["cipher_suite"].as_u64().unwrap() as u32) else { continue };
        let (kid, counter, key) = (number(&vector["kid"]), number(&vector["counter"]), hex(&vector["base_key"]));
        let (metadata, plaintext, expected) =
            (hex(&vector["metadata"]), hex(&vector["plaintext"]), hex(&vector["sealed"]));

        let sender = Sender::from_key(&key, kid, suite).unwrap();
        sender.set_counter(counter);
        let mut sealed = vec![0; plaintext.len() + MAX_OVERHEAD];
        let len = sender.seal(&metadata, &plaintext, &mut sealed).unwrap();
        assert_eq!(sealed[..len], expected, "{suite:?}, counter {counter}");

        let receiver = Receiver::new(suite);
        receiver.add_key(kid, &key).unwrap();
        let mut opened = vec![0; plaintext.len()];
        let told = receiver.open(&metadata, &expected, &mut opened).unwrap();
        assert_eq!((&opened, told.len, told.kid, told.counter), (&plaintext, plaintext.len(), kid, counter));
        seen += 1;
    }
    assert_eq!(seen, 9 * CipherSuite::ALL.len());
}

#[test]
fn a_key_is_replaced_while_threads_seal() {
    let suite = CipherSuite::Aes256GcmSha512_128;
    let sender = Sender::without_key(suite);
    let receiver = Receiver::new(suite);
    receiver.set_window(65536).unwrap();
    let mut out = [0; 1 + MAX_OVERHEAD];
    assert_eq!(sender.seal(b"", b"x", &mut out), Err(Error::UnexpectedMessage), "closed until it has a key");
    assert_eq!(sender.stats(), Err(Error::UnexpectedMessage));
    assert_eq!(sender.set_ratchet(1), Err(Error::UnexpectedMessage));
    let sealed = std::sync::atomic::AtomicU64::new(0);
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    let (mut out, mut frame) = ([0; 1 + MAX_OVERHEAD], [0; 1]);
                    match sender.seal(b"", b"x", &mut out) {
                        Ok(len) => {
                            sealed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                            receiver.open(b"", &out[..len], &mut frame).unwrap();
                        }
                        Err(error) => assert_eq!(error, Error::UnexpectedMessage),
                    }
                }
            });
        }
        let mut keys = vec![];
        for kid in 0..if cfg!(miri) { 2 } else { 100 } {
            let key = base_key();
            receiver.add_key(kid, &key).unwrap();
            sender.replace_key(&super::BaseKey::new(kid, &key).unwrap()).unwrap();
            // What is begun now is sealed under the new key.
            let len = sender.seal(b"", b"y", &mut out).unwrap();
            sealed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(receiver.open(b"", &out[..len], &mut [0]).unwrap().kid, kid);
            keys.push(key);
            if kid % 10 == 9 {
                sender.remove_key().unwrap();
                assert_eq!(sender.seal(b"", b"y", &mut out), Err(Error::UnexpectedMessage));
            }
            assert_eq!(sender.replace_key(&super::BaseKey::new(0, &keys[0]).unwrap()), Err(Error::KeyReused));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    let stats = receiver.stats();
    assert_eq!((stats.opened, stats.replayed, stats.decryption_failed), (sealed.into_inner(), 0, 0));
    let key = base_key();
    sender.replace_key(&super::BaseKey::new(3, &key).unwrap()).unwrap();
    assert_eq!(sender.stats().unwrap().sealed, stats.opened, "over all keys");
    assert_eq!((sender.stats().unwrap().kid, sender.stats().unwrap().left), (3, u64::MAX));
    assert_eq!(sender.set_ratchet(1), Err(Error::InvalidArgument), "it follows");
}

#[test]
fn a_successor_takes_the_old_key_away_after_its_frames() {
    let suite = CipherSuite::Aes256GcmSha512_128;
    let receiver = Receiver::new(suite);
    let keys = [base_key(), base_key(), base_key()];
    let senders = [0, 1, 2].map(|kid| Sender::from_key(&keys[kid], kid as u64, suite).unwrap());
    let open = |sender: &Sender| {
        let mut out = [0; 1 + MAX_OVERHEAD];
        let len = sender.seal(b"", b"x", &mut out).unwrap();
        receiver.open(b"", &out[..len], &mut [0]).map(|opened| opened.kid)
    };
    receiver.add_key(0, &keys[0]).unwrap();
    receiver.add_successor(&super::BaseKey::new(1, &keys[1]).unwrap(), 0, 3).unwrap();
    for _ in 0..2 {
        assert_eq!(open(&senders[1]), Ok(1));
        assert_eq!(open(&senders[0]), Ok(0));
    }
    assert_eq!(receiver.stats().keys, 2);
    assert_eq!(open(&senders[1]), Ok(1));
    assert_eq!((receiver.stats().keys, receiver.stats().opened), (1, 5));
    assert_eq!(open(&senders[0]), Err(Error::UnknownKeyId));
    assert_eq!(receiver.add_key(0, &keys[0]), Err(Error::KeyReused), "it was removed");
    // One whose predecessor is gone already, or never was.
    receiver.add_successor(&super::BaseKey::new(2, &keys[2]).unwrap(), 77, 1).unwrap();
    assert_eq!((open(&senders[2]), open(&senders[2])), (Ok(2), Ok(2)));
    assert_eq!(receiver.stats().keys, 2);
}

#[test]
fn a_key_that_is_removed_opens_nothing_more() {
    let suite = CipherSuite::Aes256GcmSha512_128;
    for _ in 0..if cfg!(miri) { 2 } else { 200 } {
        let key = base_key();
        let receiver = Receiver::new(suite);
        receiver.add_key(1, &key).unwrap();
        let sender = Sender::from_key(&key, 1, suite).unwrap();
        let mut out = [0; 1 + MAX_OVERHEAD];
        let len = sender.seal(b"", b"x", &mut out).unwrap();
        let result = receiver.open_units(|units| {
            units.open(b"", &out[..len], &mut [0])?;
            // As if by another thread: the unit has authenticated, and is not marked yet.
            receiver.remove_key(1)
        });
        assert_eq!(result, Err(Error::UnknownKeyId));
        assert_eq!((receiver.stats().keys, receiver.stats().opened), (0, 0));
    }
}
