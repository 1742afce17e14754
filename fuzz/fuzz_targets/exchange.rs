//! Bundles and exchange messages: altered ones are refused, or give the two sides different keys.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc_fuzz::*;

fn key(session: *mut pqrtc_session) -> [u8; 32] {
    let key = fixed(|out, len| unsafe { pqrtc_session_key(session, out, len) }).unwrap();
    unsafe { pqrtc_session_free(session) };
    key
}

/// V100-HYBRID-KX-V1 does not bind the X25519 keys themselves, and X25519 ignores their top bit, which is that of byte 31.
fn equal(suite: u32, ours: &[u8], theirs: &[u8]) -> bool {
    let mask = |at: usize| if suite == 1 && at == 31 { 0x7f } else { 0xff };
    ours.len() == theirs.len() && (0..ours.len()).all(|at| (ours[at] ^ theirs[at]) & mask(at) == 0)
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (suite, seed_len) = if input.u8() & 1 == 0 { (1, 96) } else { (2, 32) };
    // A new pair each time, because a pair remembers what it has answered.
    let pair = made(|out| unsafe { pqrtc_hybrid_keypair_from_seed(suite, [7; 96].as_ptr(), seed_len, out) }).unwrap();
    let good: [u8; 1216] = fixed(|out, len| unsafe { pqrtc_hybrid_keypair_bundle(pair, out, len) }).unwrap();
    let initiate = |bundle: &[u8]| {
        let mut exchange = [UNTOUCHED; 1120];
        let (to, len) = (exchange.as_mut_ptr(), exchange.len());
        let session = made(|out| unsafe { pqrtc_hybrid_initiate(suite, bundle.as_ptr(), bundle.len(), to, len, out) });
        assert!(session.is_ok() || left_alone(&exchange));
        (session.map(key), exchange)
    };
    let respond = |exchange: &[u8]| {
        made(|out| unsafe { pqrtc_hybrid_respond(pair, exchange.as_ptr(), exchange.len(), out) }).map(key)
    };

    let bundle = mutate(&good, &good, &mut input);
    let (ours, exchange) = initiate(&bundle);
    match ours {
        Ok(ours) => {
            let forged = mutate(&exchange, &good, &mut input);
            let same = respond(&forged) == Ok(ours);
            assert_eq!(same, equal(suite, &bundle, &good) && equal(suite, &forged, &exchange));
        }
        Err(status) => {
            assert!(matches!(status, PQRTC_INVALID_LENGTH | PQRTC_INVALID_KEY | PQRTC_NON_CONTRIBUTORY), "{status:?}");
            assert!(bundle != good);
            let (ours, exchange) = initiate(&good);
            assert_eq!(respond(&exchange), ours);
        }
    }
    unsafe { pqrtc_hybrid_keypair_free(pair) };
});
