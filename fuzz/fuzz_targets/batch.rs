//! Batches: opening one gives what opening its frames one by one gives, whatever was done to them, and lengths that do not add up are refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::sframe::{CipherSuite, Sender};
use pqrtc_fuzz::*;
use std::ptr::null;
use std::sync::LazyLock;

const SUITE: u32 = CipherSuite::Aes256GcmSha512_128 as u32;
static SENDER: LazyLock<Sender> =
    LazyLock::new(|| Sender::from_key(&[3; 32], 6, CipherSuite::Aes256GcmSha512_128).unwrap());

/// Its sender is at step 0 of 4; a receiver goes two steps ahead.
fn receiver() -> *mut pqrtc_sframe_receiver {
    let receiver = made(|out| unsafe { pqrtc_sframe_receiver_new(SUITE, out) }).unwrap();
    ok(unsafe { pqrtc_sframe_receiver_set_window(receiver, 64) });
    ok(unsafe { pqrtc_sframe_receiver_set_ratchet(receiver, 1, 1, 2) });
    ok(unsafe { pqrtc_sframe_receiver_add_key(receiver, 6, [3; 32].as_ptr(), 32) });
    receiver
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (first, count) = (input.u64() >> (input.u8() % 64), usize::from(input.u8() % 8) + 1);
    set_counter(&SENDER, first.min(u64::MAX - 8));
    let mut frames: Vec<Vec<u8>> = Vec::new();
    for _ in 0..count {
        let len = usize::from(input.u8() % 32);
        let frame = input.take(len);
        let mut sealed = vec![0; frame.len() + 33];
        let len = SENDER.seal(b"", frame, &mut sealed).unwrap();
        sealed.truncate(len);
        let other = &frames[..];
        let forged = mutate(&sealed, other.first().unwrap_or(&sealed), &mut input);
        frames.push(if input.u8() % 8 == 0 && !frames.is_empty() { frames[0].clone() } else { forged });
    }
    let (mut lens, sealed): (Vec<_>, Vec<u8>) = (frames.iter().map(Vec::len).collect(), frames.concat());
    // Once in a while lengths are wrong.
    let off = input.u8();
    if off >= 224 {
        lens[usize::from(off) % count] = input.u64() as usize;
    }
    let sum = lens.iter().try_fold(0usize, |sum, len| sum.checked_add(*len));

    let (together, alone) = (receiver(), receiver());
    let mut out_lens = vec![usize::MAX; count];
    let mut statuses = vec![PQRTC_INTERNAL; count];
    let (mut kids, mut counters) = (vec![u64::MAX; count], vec![u64::MAX; count]);
    let opened = filled(sealed.len(), |out, capacity, len| unsafe {
        let (at, in_len) = (sealed.as_ptr(), sealed.len());
        let (out_lens, statuses) = (out_lens.as_mut_ptr(), statuses.as_mut_ptr());
        let (kids, counters) = (kids.as_mut_ptr(), counters.as_mut_ptr());
        let lens = lens.as_ptr();
        pqrtc_sframe_open_batch(
            together,
            null(),
            0,
            at,
            in_len,
            lens,
            count,
            out,
            capacity,
            len,
            out_lens,
            statuses,
            kids,
            counters,
        )
    });
    assert_eq!(opened.is_ok(), sum == Some(sealed.len()), "{opened:?}");
    if let Ok(opened) = opened {
        let (mut rest, mut rest_sealed) = (&opened[..], &sealed[..]);
        for i in 0..count {
            let (kid, counter) = (&mut 0, &mut 0);
            let (frame, after) = rest_sealed.split_at(lens[i]);
            rest_sealed = after;
            let single = filled(frame.len(), |out, capacity, len| unsafe {
                pqrtc_sframe_open(alone, null(), 0, frame.as_ptr(), frame.len(), out, capacity, len, kid, counter)
            });
            match single {
                Ok(plain) => {
                    assert_eq!(
                        (statuses[i], out_lens[i], kids[i], counters[i]),
                        (PQRTC_OK, plain.len(), *kid, *counter)
                    );
                    assert_eq!(rest[..plain.len()], plain);
                    rest = &rest[plain.len()..];
                }
                Err(status) => assert_eq!((statuses[i], out_lens[i], kids[i], counters[i]), (status, 0, 0, 0)),
            }
        }
        assert!(rest.is_empty());
    }
    unsafe {
        pqrtc_sframe_receiver_free(together);
        pqrtc_sframe_receiver_free(alone);
    }
});
