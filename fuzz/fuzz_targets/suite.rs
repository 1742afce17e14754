//! Bytes from the network as bundles, as exchange messages, and as payloads sealed for a session.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::Session;
use pqrtc::kem::{KemAlgorithm, KemKeypair};
use pqrtc::suite::{self, HybridKeypair, Suite};
use std::sync::LazyLock;

static PAIRS: LazyLock<[Box<HybridKeypair>; 2]> =
    LazyLock::new(|| [Suite::V100HybridKxV1, Suite::XWing].map(|suite| HybridKeypair::generate(suite).unwrap()));

static SESSION: LazyLock<Session> = LazyLock::new(|| {
    suite::initiate(Suite::XWing, PAIRS[1].bundle(), &mut vec![0; Suite::XWing.exchange_len()]).unwrap()
});

fuzz_target!(|data: &[u8]| {
    let Some((&first, data)) = data.split_first() else { return };
    let put = |at: usize, mut bytes: Vec<u8>| {
        bytes[at..].iter_mut().zip(data).for_each(|(byte, data)| *byte = *data);
        bytes
    };
    for pair in PAIRS.iter() {
        // Mostly right, so that the checks behind the first are reached.
        let bundle = put(usize::from(first) * 4, pair.bundle().to_vec());
        let mut exchange = vec![0; pair.suite().exchange_len()];
        if let Ok(session) = suite::initiate(pair.suite(), &bundle, &mut exchange) {
            let same = pair.respond(&exchange).unwrap().key() == session.key();
            assert!(same || bundle != pair.bundle());
        }
        let _ = pair.respond(&put(0, vec![first; exchange.len()]));
    }
    for algorithm in KemAlgorithm::ALL {
        assert!(KemKeypair::from_expanded(algorithm, &put(0, vec![first; algorithm.expanded_len()])).is_err());
    }

    let mut out = vec![0; data.len()];
    assert!(SESSION.open(&data[..data.len().min(4)], data, &mut out).is_err());
    assert!(out.iter().all(|&byte| byte == 0));
});
