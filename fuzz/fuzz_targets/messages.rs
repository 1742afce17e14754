//! What is sealed for somebody: messages of a session, envelopes, wrapped credentials. It opens as what was sealed; once altered it does not, and
//! then what is right opens still.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc_fuzz::*;
use std::ptr::null;
use std::sync::LazyLock;

struct Ends {
    alice: *mut pqrtc_session,
    bob: *mut pqrtc_session,
    xwing: *mut pqrtc_hybrid_keypair,
    bundle: [u8; 1216],
    kem: *mut pqrtc_kem_keypair,
    ek: [u8; 1568],
    signer: *mut pqrtc_signing_key,
    pk: [u8; 1952],
}

static ENDS: LazyLock<Once<Ends>> = LazyLock::new(|| unsafe {
    let xwing = made(|out| pqrtc_hybrid_keypair_from_seed(2, [4; 32].as_ptr(), 32, out)).unwrap();
    let bundle = fixed(|out, len| pqrtc_hybrid_keypair_bundle(xwing, out, len)).unwrap();
    let mut exchange = [0; 1120];
    let to = exchange.as_mut_ptr();
    let alice = made(|out| pqrtc_hybrid_initiate(2, bundle.as_ptr(), bundle.len(), to, 1120, out)).unwrap();
    let bob = made(|out| pqrtc_hybrid_respond(xwing, exchange.as_ptr(), 1120, out)).unwrap();
    let kem = made(|out| pqrtc_kem_keypair_from_seed(2, [5; 64].as_ptr(), 64, out)).unwrap();
    let ek = fixed(|out, len| pqrtc_kem_keypair_public_key(kem, out, len)).unwrap();
    let signer = made(|out| pqrtc_signing_key_from_seed(1, [6; 32].as_ptr(), 32, out)).unwrap();
    let pk = fixed(|out, len| pqrtc_signing_key_public_key(signer, out, len)).unwrap();
    Once(Ends { alice, bob, xwing, bundle, kem, ek, signer, pk })
});

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let Once(ends) = &*ENDS;
    let kind = input.u8() % 16;
    let len = usize::from(input.u8());
    let mut program = Input(input.take(len));
    let context = input.take(usize::from(program.u8() % 32));
    let other_context = mutate(context, context, &mut program);
    let payload = input.0;
    let (aad, n) = (context.as_ptr(), context.len());
    let (from, payload_len) = (payload.as_ptr(), payload.len());

    let room = payload_len + 1700;
    let sealed = filled(room, |out, cap, len| unsafe {
        match kind {
            0..=11 => pqrtc_session_seal(ends.alice, aad, n, from, payload_len, out, cap, len),
            12 => pqrtc_envelope_seal(1, ends.bundle.as_ptr(), 1216, aad, n, from, payload_len, out, cap, len),
            13 => pqrtc_envelope_seal(2, ends.ek.as_ptr(), 1568, aad, n, from, payload_len, out, cap, len),
            _ => pqrtc_turn_wrap(2, ends.ek.as_ptr(), 1568, from, payload_len, out, cap, len),
        }
    })
    .unwrap();
    let open = |context: &[u8], sealed: &[u8]| {
        let (aad, n) = (context.as_ptr(), context.len());
        let (at, sealed_len) = (sealed.as_ptr(), sealed.len());
        filled(sealed_len, |out, cap, len| unsafe {
            match kind {
                0..=11 => pqrtc_session_open(ends.bob, aad, n, at, sealed_len, out, cap, len),
                12 => pqrtc_envelope_open(ends.xwing, null(), aad, n, at, sealed_len, out, cap, len),
                13 => pqrtc_envelope_open(null(), ends.kem, aad, n, at, sealed_len, out, cap, len),
                _ => pqrtc_turn_unwrap(ends.kem, at, sealed_len, out, cap, len),
            }
        })
    };
    assert!(open(context, payload).is_err(), "opened what nobody sealed");
    let forged = mutate(&sealed, payload, &mut program);
    let same_context = kind >= 14 || other_context == context;
    let opened = open(&other_context, &forged);
    assert_eq!(opened.is_ok(), same_context && forged == sealed, "{opened:?}");
    let again = if opened.is_ok() && kind < 12 { Err(PQRTC_REPLAYED_FRAME) } else { Ok(payload.to_vec()) };
    assert_eq!(open(context, &sealed), again);

    if kind == 12 {
        let (envelope, m) = (sealed.as_ptr(), sealed.len());
        let mut signature = [0; 3309];
        ok(unsafe { pqrtc_envelope_sign(ends.signer, aad, n, envelope, m, signature.as_mut_ptr(), 3309) });
        let forged_signature = mutate(&signature, &sealed, &mut program);
        let verify = |envelope: &[u8], signature: &[u8]| unsafe {
            let (sig, sig_len) = (signature.as_ptr(), signature.len());
            let (at, len) = (envelope.as_ptr(), envelope.len());
            pqrtc_envelope_verify(1, ends.pk.as_ptr(), 1952, aad, n, at, len, sig, sig_len)
        };
        if forged_signature != signature {
            assert!(matches!(sane(verify(&sealed, &forged_signature)), PQRTC_BAD_SIGNATURE | PQRTC_INVALID_LENGTH));
        }
        if forged != sealed && !forged.is_empty() {
            assert_eq!(verify(&forged, &signature), PQRTC_BAD_SIGNATURE);
        }
        ok(verify(&sealed, &signature));
    }
});
