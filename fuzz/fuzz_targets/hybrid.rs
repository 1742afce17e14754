//! Bytes from the network as bundles, as exchange messages, and as payloads sealed for a session.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::hybrid::{self, HybridKeypair, Suite};
use pqrtc::{Session, kem};
use std::sync::LazyLock;

static PAIRS: LazyLock<[HybridKeypair; 2]> =
    LazyLock::new(|| [Suite::V100HybridKxV1, Suite::XWing].map(|suite| HybridKeypair::generate(suite).unwrap()));

static SESSION: LazyLock<Session> = LazyLock::new(|| hybrid::initiate(Suite::XWing, &PAIRS[1].bundle()).unwrap().1);

fuzz_target!(|data: &[u8]| {
    let Some((&first, data)) = data.split_first() else { return };
    for pair in PAIRS.iter() {
        // Mostly right, so that the checks behind the first are reached.
        let mut bundle = pair.bundle();
        let at = usize::from(first) * 4;
        bundle[at..].iter_mut().zip(data).for_each(|(byte, data)| *byte = *data);
        if let Ok((exchange, session)) = hybrid::initiate(pair.suite(), &bundle) {
            let same = pair.respond(&exchange).unwrap().key() == session.key();
            assert!(same || bundle != pair.bundle());
        }
        let mut exchange = [first; hybrid::EXCHANGE_BYTES];
        exchange.iter_mut().zip(data).for_each(|(byte, data)| *byte = *data);
        let _ = pair.respond(&exchange);
    }
    let mut dk = [first; kem::EXPANDED_KEY_BYTES];
    dk.iter_mut().zip(data).for_each(|(byte, data)| *byte = *data);
    assert!(kem::KemKeypair::from_expanded(&dk).is_err());

    let mut out = vec![0; data.len()];
    assert!(SESSION.open(&data[..data.len().min(4)], data, &mut out).is_err());
    assert!(out.iter().all(|&byte| byte == 0));
});
