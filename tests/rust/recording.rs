//! Recordings: what a verifier sees of a recording that was spliced, cut, altered, forged or forked, and of one whose recorder crashed.

use pqrtc::recording::{Entry, Segment, Signer, State, Verifier, entry_len, state_len};
use pqrtc::signing::{SignatureAlgorithm, SigningKey};
use pqrtc::{Error, Result};

const ID: &[u8] = b"meeting 7";
const SEGMENTS: [&[u8]; 4] = [b"first", b"second", b"", b"the last one"];

fn built() -> impl Iterator<Item = SignatureAlgorithm> {
    SignatureAlgorithm::ALL.into_iter().filter(|algorithm| SignatureAlgorithm::try_from(*algorithm as u32).is_ok())
}

fn key(algorithm: SignatureAlgorithm) -> SigningKey {
    SigningKey::generate(algorithm).unwrap()
}

/// Ends the current segment.
fn end(signer: &mut Signer, key: &SigningKey, last: bool) -> Vec<u8> {
    let mut entry = vec![0; entry_len(key.algorithm())];
    assert_eq!(signer.entry(last, &mut entry), Ok(entry.len()));
    entry
}

fn state(signer: &Signer, key: &SigningKey) -> Vec<u8> {
    let mut state = vec![0; state_len(key.algorithm())];
    assert_eq!(signer.state(&mut state), Ok(state.len()));
    state
}

type Signed = Vec<(Vec<u8>, Vec<u8>)>;

/// Signs these segments as the rest of a recording.
fn sign_rest(signer: &mut Signer, key: &SigningKey, segments: &[&[u8]]) -> Signed {
    let sign = |(at, segment): (usize, &&[u8])| {
        // In pieces.
        segment.chunks(3).for_each(|piece| signer.update(piece).unwrap());
        (segment.to_vec(), end(signer, key, at + 1 == segments.len()))
    };
    segments.iter().enumerate().map(sign).collect()
}

fn sign(key: &SigningKey, id: &[u8], segments: &[&[u8]]) -> Signed {
    sign_rest(&mut Signer::new(key, id).unwrap(), key, segments)
}

fn verifier(key: &SigningKey, id: &[u8]) -> Verifier {
    Verifier::new(key.algorithm(), key.public_key(), id).unwrap()
}

fn show(verifier: &mut Verifier, (segment, entry): &(Vec<u8>, Vec<u8>)) -> Result<()> {
    verifier.update(segment)?;
    verifier.entry(entry)
}

/// How many entries are accepted before what comes of the rest.
fn verify(key: &SigningKey, id: &[u8], recording: &[(Vec<u8>, Vec<u8>)]) -> (usize, Result<()>) {
    let mut verifier = verifier(key, id);
    for (at, part) in recording.iter().enumerate() {
        if let Err(error) = show(&mut verifier, part) {
            return (at, Err(error));
        }
    }
    (recording.len(), verifier.finish())
}

#[test]
fn a_whole_recording_verifies_with_every_algorithm() {
    for algorithm in built() {
        let key = key(algorithm);
        for (id, segments) in [(&b"x"[..], &SEGMENTS[..1]), (ID, &SEGMENTS), (&[0xff; 64], &[b"", b""])] {
            let recording = sign(&key, id, segments);
            assert_eq!(verify(&key, id, &recording), (segments.len(), Ok(())));
            for (at, (segment, entry)) in recording.iter().enumerate() {
                let entry = Entry::parse(entry).unwrap();
                let read = (entry.algorithm, entry.index, entry.length, entry.last);
                assert_eq!(read, (algorithm, at as u64, segment.len() as u64, at + 1 == segments.len()));
            }
        }
    }
}

#[test]
fn the_format_is_that_of_the_documentation() {
    use sha3::{Digest, Sha3_256};
    // SHA3 by itself, and signatures by the public verifier but for its reserved context.
    let key = key(SignatureAlgorithm::MlDsa65);
    let mut signer = Signer::new(&key, ID).unwrap();
    let mut chain = Sha3_256::digest([b"pqrtc recording v1", &[9][..], ID].concat());
    for (at, segment) in SEGMENTS.iter().enumerate() {
        let fields = [&[1, 1, 0][..], &(at as u64).to_be_bytes()].concat();
        assert_eq!(state(&signer, &key), [&fields[..], &chain].concat());
        signer.update(segment).unwrap();
        let entry = end(&mut signer, &key, at == 3);
        let flags = u8::from(at == 3);
        let length = (segment.len() as u64).to_be_bytes();
        let head = [&[1, 1, flags][..], &(at as u64).to_be_bytes(), &length, &Sha3_256::digest(segment)].concat();
        assert_eq!((head.len(), &entry[..51]), (51, &head[..]));
        let signed = [&chain[..], &head].concat();
        pqrtc::signing::verify(key.algorithm(), key.public_key(), b"pqrtc recording-segment v1", &signed, &entry[51..])
            .unwrap();
        chain = Sha3_256::digest(signed);
    }
    assert_eq!(state(&signer, &key), [&[1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 4][..], &chain].concat());
}

#[test]
fn the_example_of_the_documentation_is_what_this_library_makes() {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/recordings.md")).unwrap();
    let digits = |text: &str| -> String {
        let columns = text.lines().filter_map(|line| line.strip_prefix("    "));
        let words = columns.flat_map(|line| line.split("   ").filter(|part| !part.trim().is_empty()).map(str::trim));
        words.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect()
    };
    let shown = digits(document.split_once("### Example").unwrap().1.split_once("\n## ").unwrap().0);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let key = key(SignatureAlgorithm::MlDsa65);
    let mut signer = Signer::new(&key, ID).unwrap();
    let beginning = state(&signer, &key);
    signer.update(b"the first segment").unwrap();
    let entry = end(&mut signer, &key, false);
    let after = state(&signer, &key);
    // The fields of the head, each with its name behind it.
    let fields = [
        (0, 1, "version"),
        (1, 2, "ML-DSA-65"),
        (2, 3, "notthelast"),
        (3, 11, "index0"),
        (11, 19, "17bytes"),
        (19, 51, ""),
    ];
    let head: String = fields.map(|(from, to, name)| hex(&entry[from..to]) + name).concat();
    let wanted = format!("c_0{}head{head}c_1{}state{}", hex(&beginning[11..]), hex(&after[11..]), hex(&after));
    assert_eq!(shown, wanted);
}

#[test]
fn a_dropped_moved_repeated_or_foreign_segment_is_refused_where_it_is() {
    for algorithm in built() {
        let (key, other_key) = (key(algorithm), key(algorithm));
        let good = sign(&key, ID, &SEGMENTS);
        let spliced = |change: &dyn Fn(&mut Signed)| {
            let mut recording = good.clone();
            change(&mut recording);
            verify(&key, ID, &recording)
        };
        let foreign = |key, id| sign(key, id, &SEGMENTS);
        let at = |of: &Signed, at: usize| of[at].clone();
        assert_eq!(spliced(&|r| drop(r.remove(0))), (0, Err(Error::OutOfSequence)));
        assert_eq!(spliced(&|r| drop(r.remove(2))), (2, Err(Error::OutOfSequence)));
        assert_eq!(spliced(&|r| r.swap(1, 2)), (1, Err(Error::OutOfSequence)));
        assert_eq!(spliced(&|r| r.insert(2, at(r, 1))), (2, Err(Error::OutOfSequence)));
        assert_eq!(spliced(&|r| r.push(at(r, 3))), (4, Err(Error::MalformedMessage)));
        assert_eq!(spliced(&|r| r[1] = at(&foreign(&key, b"meeting 8"), 1)), (1, Err(Error::BadSignature)));
        assert_eq!(spliced(&|r| r[1] = at(&foreign(&other_key, ID), 1)), (1, Err(Error::BadSignature)));
        // The segments alone, their entries left.
        assert_eq!(spliced(&|r| r[1].0 = b"Second".to_vec()), (1, Err(Error::DigestMismatch)));
        assert_eq!(spliced(&|r| r[1].0.clear()), (1, Err(Error::DigestMismatch)));
        assert_eq!(spliced(&|r| r[2].0.push(0)), (2, Err(Error::DigestMismatch)));
        let swap = |r: &mut Signed| (r[0].0, r[1].0) = (r[1].0.clone(), r[0].0.clone());
        assert_eq!(spliced(&swap), (0, Err(Error::DigestMismatch)));
        // A boundary moved.
        let moved = |r: &mut Signed| {
            let byte = r[0].0.pop().unwrap();
            r[1].0.insert(0, byte);
        };
        assert_eq!(spliced(&moved), (0, Err(Error::DigestMismatch)));
        // Cut off.
        for len in 0..4 {
            assert_eq!(spliced(&|r| r.truncate(len)), (len, Err(Error::Incomplete)));
        }
        assert_eq!(verify(&key, b"meeting 8", &good), (0, Err(Error::BadSignature)));
        assert_eq!(verify(&other_key, ID, &good), (0, Err(Error::BadSignature)));
        assert_eq!(spliced(&|_| ()), (4, Ok(())));
    }
}

#[test]
fn every_altered_byte_of_an_entry_is_refused() {
    for algorithm in built() {
        let key = key(algorithm);
        let recording = sign(&key, ID, &SEGMENTS);
        let (segment, entry) = &recording[1];
        let head = entry_len(algorithm) - algorithm.signature_len();
        let mut verifier = verifier(&key, ID);
        show(&mut verifier, &recording[0]).unwrap();
        for at in (0..head).chain((head..entry.len()).step_by(311)).chain([entry.len() - 1]) {
            let mut altered = (segment.clone(), entry.clone());
            altered.1[at] ^= 1;
            let refused = match at {
                0 | 1 => Error::MalformedMessage,
                // A last entry that is none, and the signature.
                2 => Error::BadSignature,
                3..=10 => Error::OutOfSequence,
                _ if at < head => Error::DigestMismatch,
                _ => Error::BadSignature,
            };
            assert_eq!(show(&mut verifier, &altered), Err(refused), "{algorithm:?}, byte {at}");
        }
        // Whole entries that lie: a head made to fit a false segment.
        let mut segment_of = Signer::new(&key, b"another").unwrap();
        let lie = sign_rest(&mut segment_of, &key, &[b"", b"false", b""]).remove(1);
        assert_eq!(show(&mut verifier, &lie), Err(Error::BadSignature));
        assert_eq!(show(&mut verifier, &(b"false".to_vec(), Vec::new())), Err(Error::MalformedMessage));
        assert_eq!(show(&mut verifier, &recording[1]), Ok(()));
    }
}

#[test]
fn after_a_refusal_the_verifier_stands_where_it_stood() {
    let key = key(SignatureAlgorithm::MlDsa65);
    let recording = sign(&key, ID, &SEGMENTS);
    let mut verifier = verifier(&key, ID);
    for (at, part) in recording.iter().enumerate() {
        for wrong in [(at + 1) % 4, (at + 2) % 4] {
            // The right bytes too, so that forgetting them is seen.
            verifier.update(&part.0).unwrap();
            assert_eq!(show(&mut verifier, &recording[wrong]), Err(Error::OutOfSequence));
        }
        verifier.update(b"bytes of nothing").unwrap();
        assert_eq!(verifier.entry(&part.1), Err(Error::DigestMismatch));
        verifier.update(b"more").unwrap();
        assert_eq!(verifier.entry(b"no entry"), Err(Error::MalformedMessage));
        assert_eq!((verifier.next_index(), verifier.finish()), (at as u64, Err(Error::Incomplete)));
        assert_eq!(show(&mut verifier, part), Ok(()));
    }
    assert_eq!(verifier.finish(), Ok(()));
    // Bytes after the end are no part of it, whether an entry comes or not.
    verifier.update(b"").unwrap();
    assert_eq!(verifier.finish(), Ok(()));
    verifier.update(b"more").unwrap();
    assert_eq!(verifier.finish(), Err(Error::Incomplete));
    assert_eq!(verifier.entry(&recording[3].1), Err(Error::MalformedMessage));
    assert_eq!(verifier.finish(), Ok(()));
}

#[test]
fn an_entry_of_another_algorithm_is_malformed() {
    let algorithms: Vec<_> = built().collect();
    for signed in &algorithms {
        let recording = sign(&key(*signed), ID, &SEGMENTS);
        for other in algorithms.iter().filter(|other| *other != signed) {
            let mut verifier = verifier(&key(*other), ID);
            assert_eq!(show(&mut verifier, &recording[0]), Err(Error::MalformedMessage), "{signed:?} {other:?}");
        }
    }
}

#[test]
fn a_recorder_that_crashed_goes_on_from_its_state() {
    for algorithm in built() {
        let key = key(algorithm);
        for crash in 0..4 {
            let mut signer = Signer::new(&key, ID).unwrap();
            let mut recording: Signed = Vec::new();
            for segment in &SEGMENTS[..crash] {
                signer.update(segment).unwrap();
                recording.push((segment.to_vec(), end(&mut signer, &key, false)));
            }
            let stored = state(&signer, &key);
            // Within a segment, of which the state knows nothing.
            signer.update(b"lost").unwrap();
            assert_eq!(signer.state(&mut [0; 75]), Err(Error::UnexpectedMessage));
            drop(signer);
            let mut signer = Signer::resume(&key, ID, &stored).unwrap();
            assert_eq!((signer.next_index(), signer.ended()), (crash as u64, false));
            assert_eq!(state(&signer, &key), stored);
            recording.extend(sign_rest(&mut signer, &key, &SEGMENTS[crash..]));
            assert_eq!(verify(&key, ID, &recording), (4, Ok(())), "crash before entry {crash}");
        }
    }
}

#[test]
fn an_entry_stored_without_its_state_is_signed_again() {
    // The crash falls between the two: the state is one entry behind. The same segment gives the same head and the same history, so
    // that either entry will do.
    let key = key(SignatureAlgorithm::MlDsa65);
    let mut signer = Signer::new(&key, ID).unwrap();
    let stored = state(&signer, &key);
    signer.update(b"segment").unwrap();
    let orphan = end(&mut signer, &key, false);
    let mut resumed = Signer::resume(&key, ID, &stored).unwrap();
    resumed.update(b"segment").unwrap();
    let again = end(&mut resumed, &key, false);
    assert_eq!(orphan[..51], again[..51]);
    assert_eq!(state(&signer, &key), state(&resumed, &key));
    let rest = sign_rest(&mut resumed, &key, &[b"end"]).remove(0);
    for first in [orphan, again] {
        assert_eq!(verify(&key, ID, &[(b"segment".to_vec(), first), rest.clone()]), (2, Ok(())));
    }
}

#[test]
fn a_state_resumed_twice_is_a_fork_and_its_branches_do_not_mix() {
    let key = key(SignatureAlgorithm::MlDsa65);
    let mut signer = Signer::new(&key, ID).unwrap();
    let stored = state(&signer, &key);
    let one = sign_rest(&mut signer, &key, &[b"one", b"end"]);
    let two = sign_rest(&mut Signer::resume(&key, ID, &stored).unwrap(), &key, &[b"two", b"end"]);
    // Each by itself is good: whoever has the key can do this. Both together prove it.
    assert_eq!(verify(&key, ID, &one), (2, Ok(())));
    assert_eq!(verify(&key, ID, &two), (2, Ok(())));
    assert_eq!(verify(&key, ID, &[one[0].clone(), two[1].clone()]), (1, Err(Error::BadSignature)));
    assert_eq!(verify(&key, ID, &[two[0].clone(), one[1].clone()]), (1, Err(Error::BadSignature)));
}

#[test]
fn a_recording_that_has_ended_stays_ended() {
    let key = key(SignatureAlgorithm::MlDsa65);
    let mut signer = Signer::new(&key, ID).unwrap();
    sign_rest(&mut signer, &key, &SEGMENTS);
    let stored = state(&signer, &key);
    assert!(State::parse(&stored).unwrap().ended);
    for mut signer in [Signer::resume(&key, ID, &stored).unwrap(), signer] {
        let mut out = vec![1; 3360];
        assert!(signer.ended());
        assert_eq!(signer.update(b""), Err(Error::UnexpectedMessage));
        assert_eq!(signer.update(b"more"), Err(Error::UnexpectedMessage));
        assert_eq!(signer.entry(false, &mut out), Err(Error::UnexpectedMessage));
        assert_eq!(signer.entry(true, &mut out), Err(Error::UnexpectedMessage));
        assert!(out.iter().all(|byte| *byte == 1));
        assert_eq!(state(&signer, &key), stored);
    }
}

#[test]
fn too_small_a_buffer_loses_nothing() {
    let key = key(SignatureAlgorithm::MlDsa65);
    let mut signer = Signer::new(&key, ID).unwrap();
    signer.update(b"segm").unwrap();
    assert_eq!(signer.entry(false, &mut [0; 3359]), Err(Error::BufferTooSmall));
    assert_eq!(signer.state(&mut [0; 42]), Err(Error::BufferTooSmall));
    // The segment is still open.
    signer.update(b"ent").unwrap();
    let mut out = vec![9; 3400];
    assert_eq!(signer.entry(true, &mut out), Ok(3360));
    assert_eq!(out[3360..], [9; 40]);
    out.truncate(3360);
    assert_eq!(verify(&key, ID, &[(b"segment".to_vec(), out)]), (1, Ok(())));
}

#[test]
fn states_that_do_not_fit_are_refused() {
    let key = key(SignatureAlgorithm::MlDsa65);
    let mut signer = Signer::new(&key, ID).unwrap();
    let beginning = state(&signer, &key);
    assert!(Signer::resume(&key, ID, &beginning).is_ok());
    let refused = |key: &SigningKey, id: &[u8], state: &[u8]| Signer::resume(key, id, state).err();
    assert_eq!(refused(&key, b"meeting 8", &beginning), Some(Error::MalformedMessage));
    assert_eq!(refused(&key, b"", &beginning), Some(Error::InvalidLength));
    assert_eq!(refused(&key, &[1; 65], &beginning), Some(Error::InvalidLength));
    let composite = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519).unwrap();
    assert_eq!(refused(&composite, ID, &beginning), Some(Error::MalformedMessage));
    let first = sign_rest(&mut signer, &key, &[b"first"]);
    drop(first);

    // From the second entry on a state is opaque: a wrong one makes entries that no verifier accepts.
    let mut signer = Signer::new(&key, b"meeting 8").unwrap();
    signer.update(b"first").unwrap();
    end(&mut signer, &key, false);
    let mut wrong = Signer::resume(&key, ID, &state(&signer, &key)).unwrap();
    let mut verifier = verifier(&key, ID);
    show(&mut verifier, &sign(&key, ID, &SEGMENTS)[0]).unwrap();
    let part = sign_rest(&mut wrong, &key, &[b"end"]).remove(0);
    assert_eq!(show(&mut verifier, &part), Err(Error::BadSignature));
}

#[test]
fn identifiers_and_keys_of_a_wrong_length_are_refused() {
    let key = key(SignatureAlgorithm::MlDsa65);
    for id in [&[][..], &[0; 65]] {
        assert_eq!(Signer::new(&key, id).err(), Some(Error::InvalidLength));
        assert_eq!(Verifier::new(key.algorithm(), key.public_key(), id).err(), Some(Error::InvalidLength));
    }
    let pk = &key.public_key()[1..];
    assert_eq!(Verifier::new(key.algorithm(), pk, ID).err(), Some(Error::InvalidLength));
}

#[test]
fn segments_hashed_elsewhere_give_the_same_entries() {
    for algorithm in built() {
        let key = key(algorithm);
        let hashed = |bytes: &&[u8]| {
            let mut segment = Segment::new(algorithm);
            std::io::copy(&mut &bytes[..], &mut segment).unwrap();
            segment
        };
        let hash_all = || -> Vec<Segment> {
            std::thread::scope(|scope| {
                let threads: Vec<_> = SEGMENTS.iter().map(|bytes| scope.spawn(move || hashed(bytes))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            })
        };
        let mut signer = Signer::new(&key, ID).unwrap();
        let mut recording: Signed = Vec::new();
        for (at, segment) in hash_all().iter().enumerate() {
            let mut entry = vec![0; entry_len(algorithm)];
            signer.entry_of(segment, at == 3, &mut entry).unwrap();
            recording.push((SEGMENTS[at].to_vec(), entry));
        }
        assert_eq!(verify(&key, ID, &recording), (4, Ok(())));
        let mut verifier = verifier(&key, ID);
        for (segment, (_, entry)) in hash_all().iter().zip(&recording) {
            // Not both ways in one segment.
            verifier.update(b"x").unwrap();
            assert_eq!(verifier.entry_of(segment, entry), Err(Error::UnexpectedMessage));
            assert_eq!(verifier.entry(b""), Err(Error::MalformedMessage));
            assert_eq!(verifier.entry_of(segment, entry), Ok(()));
        }
        assert_eq!(verifier.finish(), Ok(()));
        let mut signer = Signer::new(&key, ID).unwrap();
        signer.update(b"x").unwrap();
        let mut out = vec![0; entry_len(algorithm)];
        assert_eq!(signer.entry_of(&hashed(&SEGMENTS[0]), false, &mut out), Err(Error::UnexpectedMessage));
        // Of another hash.
        let other = [SignatureAlgorithm::MlDsa87, SignatureAlgorithm::MlDsa65]
            [usize::from(algorithm == SignatureAlgorithm::MlDsa87)];
        assert_eq!(signer.entry_of(&Segment::new(other), false, &mut out), Err(Error::InvalidArgument));
        assert_eq!(verifier.entry_of(&Segment::new(other), &out), Err(Error::InvalidArgument));
    }
}
