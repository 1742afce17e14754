//! Bytes from a file store as entries and states of recordings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::Error;
use pqrtc::recording::{Entry, Signer, State, Verifier, entry_len, state_len};
use pqrtc::signing::{SignatureAlgorithm, SigningKey};
use std::sync::LazyLock;

const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::MlDsa65;
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(ALGORITHM).unwrap());
static FIRST: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut entry = vec![0; entry_len(ALGORITHM)];
    Signer::new(&KEY, b"id").unwrap().entry(true, &mut entry).unwrap();
    entry
});

fuzz_target!(|data: &[u8]| {
    if let Ok(entry) = Entry::parse(data) {
        assert_eq!(data.len(), entry_len(entry.algorithm));
    }
    if let Ok(state) = State::parse(data) {
        assert_eq!(data.len(), state_len(state.algorithm));
        // What a signer takes it gives again.
        if let Ok(signer) = Signer::resume(&KEY, b"id", data) {
            let mut again = vec![0; data.len()];
            signer.state(&mut again).unwrap();
            assert_eq!(again, data);
        }
    }
    let mut verifier = Verifier::new(ALGORITHM, KEY.public_key(), b"id").unwrap();
    assert!(verifier.entry(data).is_err());
    // A true entry, altered at the places that the data names.
    let mut altered = FIRST.clone();
    for place in data.chunks_exact(3).take(8) {
        altered[usize::from(u16::from_be_bytes([place[0], place[1]])) % entry_len(ALGORITHM)] ^= place[2];
    }
    let accepted = verifier.entry(&altered).is_ok();
    assert_eq!(accepted, altered == *FIRST);
    assert_eq!(verifier.finish(), if accepted { Ok(()) } else { Err(Error::Incomplete) });
});
