//! What only the inside can reach: counters at their ends, a signature that fails, every field of an entry and a state.

use super::*;

fn key(algorithm: SignatureAlgorithm) -> SigningKey {
    SigningKey::from_seed(algorithm, &vec![7; algorithm.seed_len()]).unwrap()
}

fn built() -> impl Iterator<Item = SignatureAlgorithm> {
    SignatureAlgorithm::ALL.into_iter().filter(|algorithm| algorithm.check().is_ok())
}

#[test]
fn sizes_are_those_of_the_documentation() {
    assert_eq!(SignatureAlgorithm::ALL.map(entry_len), [3360, 4710, 3424]);
    assert_eq!(SignatureAlgorithm::ALL.map(state_len), [43, 75, 43]);
}

/// A state of this index, ended or not, whose chain is all 9.
fn state(algorithm: SignatureAlgorithm, ended: u8, next_index: u64) -> Vec<u8> {
    [&[1, algorithm as u8, ended][..], &next_index.to_be_bytes(), &vec![9; algorithm.digest_len()]].concat()
}

#[test]
fn the_last_index_cannot_be_used() {
    for algorithm in built() {
        let key = key(algorithm);
        let mut out = vec![0; entry_len(algorithm)];
        let mut signer = Signer::resume(&key, b"id", &state(algorithm, 0, u64::MAX - 1)).unwrap();
        signer.entry(false, &mut out).unwrap();
        assert_eq!(Entry::parse(&out).unwrap().index, u64::MAX - 1);
        signer.update(b"more").unwrap();
        out.fill(3);
        assert_eq!(signer.entry(true, &mut out), Err(Error::CounterExhausted));
        assert!(out.iter().all(|byte| *byte == 3));
        assert_eq!((signer.next_index(), signer.ended()), (u64::MAX, false));

        // A verifier cannot be brought there from outside; it must not wrap either.
        let mut verifier = Verifier::new(algorithm, key.public_key(), b"id").unwrap();
        verifier.chain.next_index = u64::MAX;
        let digest = Hasher::new(algorithm).finish();
        let mut entry = [&[1, algorithm as u8, 0][..], &[0xff; 8], &[0; 8], digest.as_bytes()].concat();
        entry.resize(entry_len(algorithm), 0);
        assert_eq!(verifier.entry(&entry), Err(Error::CounterExhausted));
        assert_eq!(verifier.next_index(), u64::MAX);
    }
}

#[test]
fn a_segment_cannot_be_longer_than_its_field() {
    let mut segment = Segment::new(SignatureAlgorithm::MlDsa65);
    segment.length = u64::MAX - 3;
    let before = segment.digest();
    assert_eq!(segment.update(b"four"), Err(Error::InvalidLength));
    assert_eq!((segment.length, segment.digest().as_bytes()), (u64::MAX - 3, before.as_bytes()));
    assert_eq!(segment.update(b"abc"), Ok(()));
    assert_eq!(segment.length, u64::MAX);
}

#[test]
fn every_altered_field_of_an_entry_and_a_state_is_seen_by_the_parser() {
    for algorithm in SignatureAlgorithm::ALL {
        let other = (algorithm as u8) ^ 4;
        let mut entry = [&[1, algorithm as u8, 1][..], &7u64.to_be_bytes(), &8u64.to_be_bytes()].concat();
        entry.resize(entry_len(algorithm), 5);
        let parsed = Entry::parse(&entry).unwrap();
        assert_eq!((parsed.algorithm, parsed.last, parsed.index, parsed.length), (algorithm, true, 7, 8));
        assert_eq!((parsed.head.len(), parsed.digest.len()), (head_len(algorithm), algorithm.digest_len()));
        let refused = |at: usize, value: u8| {
            let mut bytes = entry.clone();
            bytes[at] = value;
            Entry::parse(&bytes).err()
        };
        for (at, value) in [(0, 0), (0, 2), (1, 0), (1, other), (2, 2), (2, 3), (2, 0x81)] {
            assert_eq!(refused(at, value), Some(Error::MalformedMessage), "{at} {value}");
        }
        (0..entry.len()).for_each(|cut| assert_eq!(Entry::parse(&entry[..cut]), Err(Error::MalformedMessage)));
        assert_eq!(Entry::parse(&[&entry[..], &[0]].concat()), Err(Error::MalformedMessage));

        let good = state(algorithm, 1, 3);
        let parsed = State::parse(&good).unwrap();
        assert_eq!((parsed.algorithm, parsed.ended, parsed.next_index), (algorithm, true, 3));
        assert_eq!(parsed.chain, vec![9; algorithm.digest_len()]);
        let refused = |at: usize, value: u8| {
            let mut bytes = good.clone();
            bytes[at] = value;
            State::parse(&bytes).err()
        };
        for (at, value) in [(0, 0), (0, 2), (1, 0), (1, other), (2, 2), (2, 0xff)] {
            assert_eq!(refused(at, value), Some(Error::MalformedMessage), "{at} {value}");
        }
        assert_eq!(State::parse(&state(algorithm, 1, 0)), Err(Error::MalformedMessage), "ended before the first entry");
        (0..good.len()).for_each(|cut| assert_eq!(State::parse(&good[..cut]), Err(Error::MalformedMessage)));
        assert_eq!(State::parse(&[&good[..], &[0]].concat()), Err(Error::MalformedMessage));
    }
}

#[test]
fn an_entry_is_signed_again_as_a_cose_message() {
    for algorithm in built() {
        let key = key(algorithm);
        let mut signer = Signer::new(&key, b"id").unwrap();
        let mut entry = vec![0; entry_len(algorithm)];
        if algorithm == SignatureAlgorithm::MlDsa65Ed25519 {
            assert_eq!(cose_len(algorithm), Err(Error::Unsupported));
            assert_eq!(signer.cose(&mut [0; 4000]), Err(Error::Unsupported));
            continue;
        }
        let len = cose_len(algorithm).unwrap();
        let mut message = vec![9; len + 1];
        assert_eq!(len, if algorithm == SignatureAlgorithm::MlDsa65 { 3405 } else { 4787 });
        assert_eq!(signer.cose(&mut message), Err(Error::UnexpectedMessage), "before there is an entry");
        let chain = signer.chain.hash.as_bytes().to_vec();
        signer.update(b"segment").unwrap();
        signer.entry(false, &mut entry).unwrap();
        assert_eq!(signer.cose(&mut message[..len - 1]), Err(Error::BufferTooSmall));
        assert!(message.iter().all(|byte| *byte == 9));
        assert_eq!(signer.cose(&mut message), Ok(len));
        assert_eq!(message[len], 9);
        // [h'a10138..', {}, content, signature]
        let content = [&chain[..], &entry[..head_len(algorithm)]].concat();
        let head = &message[8..10 + content.len()];
        assert_eq!(head, [&[0x58, content.len() as u8], &content[..]].concat());
        let signed = [&b"\x84\x6aSignature1"[..], &message[2..7], b"\x58\x1apqrtc recording-segment v1", head].concat();
        let signature = &message[13 + content.len()..len];
        assert_eq!(signing::verify(algorithm, key.public_key(), b"", &signed, signature), Ok(()));
        assert_eq!(
            Signer::resume(&key, b"id", &state(algorithm, 0, 1)).unwrap().cose(&mut message),
            Err(Error::UnexpectedMessage)
        );
    }
}
