//! Recordings: segments and entries in any order, some of them altered, beside a model that knows which comes next; and states from a file
//! store, which a signer takes and gives again as they were, or refuses.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc_fuzz::*;
use std::sync::LazyLock;

const SEGMENTS: usize = 4;
const ENTRY: usize = 3360;
const STATE: usize = 43;

struct Recording {
    key: *mut pqrtc_signing_key,
    pk: [u8; 1952],
    segments: [Vec<u8>; SEGMENTS],
    entries: Vec<Vec<u8>>,
    states: Vec<Vec<u8>>,
}

static RECORDING: LazyLock<Once<Recording>> = LazyLock::new(|| unsafe {
    let key = made(|out| pqrtc_signing_key_from_seed(1, [8; 32].as_ptr(), 32, out)).unwrap();
    let pk = fixed(|out, len| pqrtc_signing_key_public_key(key, out, len)).unwrap();
    let signer = made(|out| pqrtc_recording_signer_new(key, b"id".as_ptr(), 2, out)).unwrap();
    let segments = [b"first".to_vec(), Vec::new(), b"third".to_vec(), vec![7; 200]];
    let (mut entries, mut states) = (Vec::new(), Vec::new());
    for (i, segment) in segments.iter().enumerate() {
        ok(pqrtc_recording_signer_update(signer, segment.as_ptr(), segment.len()));
        let last = u32::from(i + 1 == SEGMENTS);
        entries.push(filled(ENTRY, |out, cap, len| pqrtc_recording_signer_entry(signer, last, out, cap, len)).unwrap());
        states.push(filled(STATE, |out, cap, len| pqrtc_recording_signer_state(signer, out, cap, len)).unwrap());
    }
    pqrtc_recording_signer_free(signer);
    Once(Recording { key, pk, segments, entries, states })
});

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let Once(Recording { key, pk, segments, entries, states }) = &*RECORDING;
    unsafe {
        let state = mutate(&states[usize::from(input.u8()) % SEGMENTS], &states[0], &mut input);
        let (at, len) = (state.as_ptr(), state.len());
        match made(|out| pqrtc_recording_signer_resume(*key, b"id".as_ptr(), 2, at, len, out)) {
            Ok(signer) => {
                let again = filled(STATE, |out, cap, len| pqrtc_recording_signer_state(signer, out, cap, len));
                assert_eq!(again, Ok(state));
                pqrtc_recording_signer_free(signer);
            }
            Err(status) => assert!(status == PQRTC_MALFORMED_MESSAGE && !states.contains(&state), "{status:?}"),
        }

        let verifier = made(|out| pqrtc_recording_verifier_new(1, pk.as_ptr(), 1952, b"id".as_ptr(), 2, out)).unwrap();
        let mut next = 0;
        for _ in 0..input.u8() % 8 {
            // Mostly the next.
            let pick = |byte: u8| if byte < 192 { next % SEGMENTS } else { usize::from(byte) % SEGMENTS };
            let (segment, entry) = (&segments[pick(input.u8())], &entries[pick(input.u8())]);
            let altered = input.u8();
            let segment = if altered & 3 == 3 { mutate(segment, entry, &mut input) } else { segment.clone() };
            let entry = if altered & 12 == 12 { mutate(entry, &entries[0], &mut input) } else { entry.clone() };
            ok(pqrtc_recording_verifier_update(verifier, segment.as_ptr(), segment.len()));
            let status = sane(pqrtc_recording_verifier_entry(verifier, entry.as_ptr(), entry.len()));
            let right = next < SEGMENTS && segment == segments[next] && entry == entries[next];
            assert_eq!(status == PQRTC_OK, right, "{status:?}");
            next += usize::from(right);
        }
        let rest = input.u8() & 1;
        ok(pqrtc_recording_verifier_update(verifier, &rest, rest.into()));
        let whole = next == SEGMENTS && rest == 0;
        let status = pqrtc_recording_verifier_finish(verifier);
        assert_eq!(status, if whole { PQRTC_OK } else { PQRTC_INCOMPLETE });
        pqrtc_recording_verifier_free(verifier);
    }
});
