//! Bytes from the network as TURN usernames, passwords and wrapped credentials.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::kem::{KemAlgorithm, KemKeypair};
use pqrtc::turn;
use std::sync::LazyLock;

static PAIR: LazyLock<KemKeypair> = LazyLock::new(|| KemKeypair::generate(KemAlgorithm::MlKem768).unwrap());

fuzz_target!(|data: &[u8]| {
    let (username, password) = data.split_at(data.len() / 2);
    for now in [0, 1_800_000_000, u64::MAX] {
        assert!(turn::verify(b"secret", username, password, now).is_err());
    }
    // What is minted for any user verifies until it expires, if the user is one.
    let expires_at = u64::from(data.first().copied().unwrap_or(0)) + 1;
    if let Ok(minted) = turn::mint(b"secret", data, expires_at) {
        assert_eq!(turn::verify(b"secret", minted.username(), minted.password(), expires_at - 1), Ok(()));
        assert!(turn::verify(b"secret", minted.username(), minted.password(), expires_at).is_err());
    }

    let mut out = vec![0; data.len()];
    assert!(turn::unwrap(&PAIR, data, &mut out).is_err());
    assert!(out.iter().all(|&byte| byte == 0));
    let mut wrapped = [data, &[0; 1200][..]].concat();
    wrapped.truncate(1200);
    assert!(turn::unwrap(&PAIR, &wrapped, &mut [0; 1200]).is_err());
});
