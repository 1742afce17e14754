//! `pqrtc_sframe_*` under hostile callers: NULLs, unknown cipher suites, absurd lengths, overlaps, buffers that are too small, canaries.

use pqrtc::ffi::pqrtc_status::{self, *};
use pqrtc::ffi::*;
use std::ptr::{dangling_mut, null, null_mut};

const CIPHER: u32 = pqrtc_sframe_cipher::PQRTC_SFRAME_AES_256_GCM_SHA512_128 as u32;
const OVERHEAD: usize = PQRTC_SFRAME_MAX_OVERHEAD_BYTES;
const MAX_FRAME: usize = 64 << 20;
const CANARY: u8 = 0xc5;
const KID: u64 = 300;

struct Pair(*mut pqrtc_sframe_sender, *mut pqrtc_sframe_receiver);

impl Pair {
    fn new() -> Self {
        let (mut pair, mut key) = (Pair(null_mut(), null_mut()), [0; 32]);
        unsafe {
            assert_eq!(pqrtc_random(key.as_mut_ptr(), 32), PQRTC_OK);
            assert_eq!(pqrtc_sframe_sender_from_key(key.as_ptr(), 32, KID, CIPHER, &mut pair.0), PQRTC_OK);
            assert_eq!(pqrtc_sframe_receiver_new(CIPHER, &mut pair.1), PQRTC_OK);
            assert_eq!(pqrtc_sframe_receiver_add_key(pair.1, KID, key.as_ptr(), 32), PQRTC_OK);
        }
        pair
    }

    /// Seals "frame" with the metadata "m".
    fn seal(&self) -> Vec<u8> {
        let (mut out, mut len) = (vec![0; 5 + OVERHEAD], 0);
        let (cap, at) = (out.len(), out.as_mut_ptr());
        let status = unsafe { pqrtc_sframe_seal(self.0, b"m".as_ptr(), 1, b"frame".as_ptr(), 5, at, cap, &mut len) };
        assert_eq!(status, PQRTC_OK);
        out.truncate(len);
        out
    }

    fn open(&self, sealed: &[u8], out: &mut [u8], len: &mut usize, counter: &mut u64) -> pqrtc_status {
        let (out, cap, kid) = (out.as_mut_ptr(), out.len(), null_mut());
        unsafe {
            pqrtc_sframe_open(self.1, b"m".as_ptr(), 1, sealed.as_ptr(), sealed.len(), out, cap, len, kid, counter)
        }
    }

    fn stats(&self) -> pqrtc_sframe_stats {
        let mut stats: pqrtc_sframe_stats = unsafe { std::mem::zeroed() };
        stats.size = size_of::<pqrtc_sframe_stats>();
        assert_eq!(unsafe { pqrtc_sframe_receiver_stats(self.1, &mut stats) }, PQRTC_OK);
        stats
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        unsafe {
            pqrtc_sframe_sender_free(self.0);
            pqrtc_sframe_receiver_free(self.1);
        }
    }
}

#[test]
fn sealing_refuses_and_uses_nothing_up() {
    let pair = Pair::new();
    let (mut buffer, mut len) = ([CANARY; 256], 7usize);
    let (out, frame, cap) = (buffer.as_mut_ptr(), b"frame".as_ptr(), 5 + OVERHEAD);
    let seal =
        |s, (m, m_len), (f, f_len), (o, cap), len| unsafe { pqrtc_sframe_seal(s, m, m_len, f, f_len, o, cap, len) };
    let (none, meta, frame, buf) = ((null(), 0), (b"m".as_ptr(), 1), (frame, 5), (out, cap));
    let inside = |at: usize, len: usize| (unsafe { out.add(at) }.cast_const(), len);
    let len = &raw mut len;
    for (status, expected) in [
        (seal(null(), meta, frame, buf, len), PQRTC_NULL_POINTER),
        (seal(pair.0, (null(), 1), frame, buf, len), PQRTC_NULL_POINTER),
        (seal(pair.0, meta, (null(), 5), buf, len), PQRTC_NULL_POINTER),
        (seal(pair.0, meta, frame, (null_mut(), cap), len), PQRTC_NULL_POINTER),
        (seal(pair.0, meta, frame, buf, null_mut()), PQRTC_NULL_POINTER),
        (seal(pair.0, (meta.0, 65536), frame, buf, len), PQRTC_INVALID_LENGTH),
        (seal(pair.0, (meta.0, usize::MAX), frame, buf, len), PQRTC_INVALID_LENGTH),
        (seal(pair.0, meta, (frame.0, MAX_FRAME + 1), buf, len), PQRTC_INVALID_LENGTH),
        (seal(pair.0, meta, (frame.0, usize::MAX), buf, len), PQRTC_INVALID_LENGTH),
        (seal(pair.0, meta, frame, (out, usize::MAX), len), PQRTC_INVALID_LENGTH),
        (seal(pair.0, meta, inside(1, 5), buf, len), PQRTC_INVALID_ARGUMENT),
        (seal(pair.0, meta, inside(cap - 1, 5), buf, len), PQRTC_INVALID_ARGUMENT),
        (seal(pair.0, inside(0, 1), frame, buf, len), PQRTC_INVALID_ARGUMENT),
        (seal(pair.0, inside(3, 1), inside(0, 5), buf, len), PQRTC_INVALID_ARGUMENT),
        (seal(pair.0, meta, frame, buf, out.cast()), PQRTC_INVALID_ARGUMENT),
        (seal(pair.0, meta, inside(4, 5), (unsafe { out.add(5) }, cap), len), PQRTC_INVALID_ARGUMENT),
    ] {
        assert_eq!(status, expected);
    }
    assert_eq!(unsafe { *len }, 7);
    for buf in [(null_mut(), 0), (out, 0), (out, cap - 1)] {
        assert_eq!(seal(pair.0, meta, frame, buf, len), PQRTC_BUFFER_TOO_SMALL);
        assert_eq!(unsafe { *len }, cap);
    }
    assert_eq!(seal(pair.0, none, inside(0, 5), (out, cap - 1), len), PQRTC_BUFFER_TOO_SMALL);
    assert!(buffer.iter().all(|&byte| byte == CANARY), "a refused call wrote");
    let (mut frame, mut len, mut counter) = ([0; 5], 0, 9);
    assert_eq!(pair.open(&pair.seal(), &mut frame, &mut len, &mut counter), PQRTC_OK);
    assert_eq!((&frame, len, counter), (b"frame", 5, 0), "no counter was used up");
}

#[test]
fn opening_refuses_and_changes_nothing() {
    let pair = Pair::new();
    let sealed = pair.seal();
    let (mut buffer, mut len) = ([CANARY; 256], 7usize);
    let out = buffer.as_mut_ptr();
    let (no, some) = (null_mut::<u64>(), &raw mut len);
    let r = pair.1;
    let (meta, sealed_at, n) = (b"m".as_ptr(), sealed.as_ptr(), sealed.len());
    let out64 = |at: usize| unsafe { out.add(at) }.cast::<u64>();
    let mut number = 0u64;
    let same = &raw mut number;
    unsafe {
        for (status, expected) in [
            (pqrtc_sframe_open(null_mut(), meta, 1, sealed_at, n, out, 5, some, no, no), PQRTC_NULL_POINTER),
            (pqrtc_sframe_open(r, null(), 1, sealed_at, n, out, 5, some, no, no), PQRTC_NULL_POINTER),
            (pqrtc_sframe_open(r, meta, 1, null(), n, out, 5, some, no, no), PQRTC_NULL_POINTER),
            (pqrtc_sframe_open(r, meta, 1, null(), 0, out, 5, some, no, no), PQRTC_NULL_POINTER),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, n, null_mut(), 5, some, no, no), PQRTC_NULL_POINTER),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, n, out, 5, null_mut(), no, no), PQRTC_NULL_POINTER),
            (pqrtc_sframe_open(r, meta, 65536, sealed_at, n, out, 5, some, no, no), PQRTC_INVALID_LENGTH),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, usize::MAX, out, 5, some, no, no), PQRTC_INVALID_LENGTH),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, MAX_FRAME + 34, out, 5, some, no, no), PQRTC_INVALID_LENGTH),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, n, out, usize::MAX, some, no, no), PQRTC_INVALID_LENGTH),
            (pqrtc_sframe_open(r, meta, 1, out.add(1), n, out, 5, some, no, no), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_open(r, out, 1, sealed_at, n, out, 5, some, no, no), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_open(r, out.add(2), 1, out, n, out, 5, some, no, no), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, n, out, 5, some, out64(0), no), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, n, out, 5, some, no, out64(0)), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_open(r, meta, 1, out, n, out, 5, some, no, out64(16)), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, n, out, 5, some, same, same), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, n, out, 5, some, some.cast(), no), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, 0, out, 5, some, no, no), PQRTC_MALFORMED_FRAME),
            (pqrtc_sframe_open(r, meta, 1, sealed_at, 18, null_mut(), 0, some, no, no), PQRTC_MALFORMED_FRAME),
            (pqrtc_sframe_open(r, meta, 1, out, 25, null_mut(), 0, some, no, no), PQRTC_UNKNOWN_KEY_ID),
        ] {
            assert_eq!(status, expected);
        }
        assert_eq!(*some, 7);
        for (out, cap) in [(null_mut(), 0), (out, 0), (out, 4), (sealed_at.cast_mut(), 4)] {
            assert_eq!(pqrtc_sframe_open(r, meta, 1, sealed_at, n, out, cap, some, no, no), PQRTC_BUFFER_TOO_SMALL);
            assert_eq!(*some, 5);
        }
    }
    assert!(buffer.iter().all(|&byte| byte == CANARY), "a refused call wrote");
    let seen = pair.stats();
    assert_eq!((seen.keys, seen.opened, seen.malformed, seen.unknown_key_id), (1, 0, 2, 1));
    let (mut frame, mut len, mut counter) = ([CANARY; 7], 0, 9);
    assert_eq!(pair.open(&sealed, &mut frame, &mut len, &mut counter), PQRTC_OK);
    assert_eq!((&frame, len, counter), (b"frame\xc5\xc5", 5, 0));
    assert_eq!(pair.open(&sealed, &mut frame, &mut len, &mut counter), PQRTC_REPLAYED_FRAME);
}

#[test]
fn in_place_works_within_the_capacity() {
    let pair = Pair::new();
    for frame in [&b""[..], b"x", b"some longer frame than its header"] {
        let mut buffer = [CANARY; 256];
        let (out, n, mut len, mut kid) = (buffer.as_mut_ptr(), frame.len(), 0, 0);
        buffer[..n].copy_from_slice(frame);
        unsafe {
            let status = pqrtc_sframe_seal(pair.0, null(), 0, out, n, out, n + OVERHEAD, &mut len);
            assert_eq!(status, PQRTC_OK);
            let sealed = buffer[..len].to_vec();
            let out = buffer.as_mut_ptr();
            let status =
                pqrtc_sframe_open(pair.1, null(), 0, out, sealed.len(), out, n, &mut len, &mut kid, null_mut());
            assert_eq!((status, len, kid), (PQRTC_OK, n, KID));
            assert_eq!((&buffer[..n], &buffer[n..sealed.len()]), (frame, &sealed[n..]), "no further than out_cap");
        }
        assert!(buffer[n + OVERHEAD..].iter().all(|&byte| byte == CANARY));
    }
}

#[test]
fn handles_are_made_checked_and_freed() {
    let key = [3u8; 64];
    let key_at = key.as_ptr();
    let mut session: *mut pqrtc_session = null_mut();
    unsafe {
        let mut pair: *mut pqrtc_hybrid_keypair = null_mut();
        let (mut bundle, mut exchange) = ([0u8; PQRTC_X_WING_BUNDLE_BYTES], [0u8; PQRTC_X_WING_EXCHANGE_BYTES]);
        assert_eq!(pqrtc_hybrid_keypair_generate(2, &mut pair), PQRTC_OK);
        assert_eq!(pqrtc_hybrid_keypair_bundle(pair, bundle.as_mut_ptr(), bundle.len()), PQRTC_OK);
        let (b, e) = ((bundle.as_ptr(), bundle.len()), (exchange.as_mut_ptr(), exchange.len()));
        assert_eq!(pqrtc_hybrid_initiate(2, b.0, b.1, e.0, e.1, &mut session), PQRTC_OK);
        pqrtc_hybrid_keypair_free(pair);

        let mut sender = dangling_mut();
        for (status, expected) in [
            (pqrtc_sframe_sender_new(null(), 1, CIPHER, &mut sender), PQRTC_NULL_POINTER),
            (pqrtc_sframe_sender_new(session, 1, CIPHER, null_mut()), PQRTC_NULL_POINTER),
            (pqrtc_sframe_sender_new(session, 1, 0, &mut sender), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_sender_new(session, 1, 9, &mut sender), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_sender_from_key(null(), 32, 1, CIPHER, &mut sender), PQRTC_NULL_POINTER),
            (pqrtc_sframe_sender_from_key(null(), 0, 1, CIPHER, &mut sender), PQRTC_NULL_POINTER),
            (pqrtc_sframe_sender_from_key(key_at, 32, 1, CIPHER, null_mut()), PQRTC_NULL_POINTER),
            (pqrtc_sframe_sender_from_key(key_at, 15, 1, u32::MAX, &mut sender), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_sender_from_key(key_at, 15, 1, CIPHER, &mut sender), PQRTC_INVALID_LENGTH),
            (pqrtc_sframe_sender_from_key(key_at, 65, 1, CIPHER, &mut sender), PQRTC_INVALID_LENGTH),
            (pqrtc_sframe_sender_from_key(key_at, usize::MAX, 1, CIPHER, &mut sender), PQRTC_INVALID_LENGTH),
        ] {
            assert_eq!(status, expected);
            assert!(sender.is_null() || sender == dangling_mut(), "no handle");
        }
        assert!(sender.is_null());
        assert_eq!(pqrtc_sframe_sender_new(session, 1, CIPHER, &mut sender), PQRTC_OK);
        let mut second = dangling_mut();
        assert_eq!(pqrtc_sframe_sender_new(session, 1, CIPHER, &mut second), PQRTC_KEY_REUSED);
        assert!(second.is_null());
        let mut kid = 0;
        assert_eq!(pqrtc_sframe_sender_kid(sender, null_mut()), PQRTC_NULL_POINTER);
        assert_eq!(pqrtc_sframe_sender_kid(null(), &mut kid), PQRTC_NULL_POINTER);
        assert_eq!((pqrtc_sframe_sender_kid(sender, &mut kid), kid), (PQRTC_OK, 1));
        assert_eq!(pqrtc_sframe_sender_ratchet(sender, &mut kid), PQRTC_INVALID_ARGUMENT);
        assert_eq!(pqrtc_sframe_sender_ratchet(null(), &mut kid), PQRTC_NULL_POINTER);
        assert_eq!(pqrtc_sframe_sender_set_ratchet(null_mut(), 4), PQRTC_NULL_POINTER);
        assert_eq!(pqrtc_sframe_sender_set_ratchet(sender, 17), PQRTC_INVALID_ARGUMENT);
        assert_eq!(pqrtc_sframe_sender_set_ratchet(sender, 1), PQRTC_INVALID_ARGUMENT, "KID 1 has a step");
        pqrtc_sframe_sender_free(sender);
        assert_eq!(pqrtc_sframe_sender_new(session, 2, CIPHER, &mut sender), PQRTC_OK);
        assert_eq!(pqrtc_sframe_sender_set_ratchet(sender, 1), PQRTC_OK);
        assert_eq!((pqrtc_sframe_sender_ratchet(sender, &mut kid), kid), (PQRTC_OK, 3));
        assert_eq!(pqrtc_sframe_sender_ratchet(sender, null_mut()), PQRTC_COUNTER_EXHAUSTED);
        pqrtc_sframe_sender_free(sender);
        pqrtc_sframe_sender_free(null_mut());

        let mut r: *mut pqrtc_sframe_receiver = dangling_mut();
        assert_eq!(pqrtc_sframe_receiver_new(CIPHER, null_mut()), PQRTC_NULL_POINTER);
        assert_eq!(pqrtc_sframe_receiver_new(0, &mut r), PQRTC_INVALID_ARGUMENT);
        assert!(r.is_null());
        assert_eq!(pqrtc_sframe_receiver_new(CIPHER, &mut r), PQRTC_OK);
        for (status, expected) in [
            (pqrtc_sframe_receiver_set_window(null_mut(), 64), PQRTC_NULL_POINTER),
            (pqrtc_sframe_receiver_set_window(r, 65), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_receiver_set_window(r, 64), PQRTC_OK),
            (pqrtc_sframe_receiver_set_ratchet(null_mut(), 4, 4, 4), PQRTC_NULL_POINTER),
            (pqrtc_sframe_receiver_set_ratchet(r, 4, 1025, 4), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_receiver_set_ratchet(r, 4, 4, 4), PQRTC_OK),
            (pqrtc_sframe_receiver_add_session(null_mut(), session, 0), PQRTC_NULL_POINTER),
            (pqrtc_sframe_receiver_add_session(r, null(), 0), PQRTC_NULL_POINTER),
            (pqrtc_sframe_receiver_add_session(r, session, 0), PQRTC_OK),
            (pqrtc_sframe_receiver_add_session(r, session, 0), PQRTC_KEY_REUSED),
            (pqrtc_sframe_receiver_add_key(null_mut(), 16, key_at, 32), PQRTC_NULL_POINTER),
            (pqrtc_sframe_receiver_add_key(r, 16, null(), 32), PQRTC_NULL_POINTER),
            (pqrtc_sframe_receiver_add_key(r, 16, key_at, 15), PQRTC_INVALID_LENGTH),
            (pqrtc_sframe_receiver_add_key(r, 16, key_at, 65), PQRTC_INVALID_LENGTH),
            (pqrtc_sframe_receiver_add_key(r, 16, key_at, 64), PQRTC_OK),
            (pqrtc_sframe_receiver_set_window(r, 64), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_receiver_set_ratchet(r, 4, 4, 4), PQRTC_INVALID_ARGUMENT),
            (pqrtc_sframe_receiver_remove_key(null_mut(), 16), PQRTC_NULL_POINTER),
            (pqrtc_sframe_receiver_remove_key(r, 32), PQRTC_UNKNOWN_KEY_ID),
            (pqrtc_sframe_receiver_remove_key(r, 16), PQRTC_OK),
            (pqrtc_sframe_receiver_add_key(r, 16, key_at, 64), PQRTC_KEY_REUSED),
        ] {
            assert_eq!(status, expected);
        }
        pqrtc_sframe_receiver_free(r);
        pqrtc_sframe_receiver_free(null_mut());
        pqrtc_session_free(session);
    }
}

#[test]
fn statistics_are_written_within_their_size() {
    let pair = Pair::new();
    let size = size_of::<pqrtc_sframe_stats>();
    let mut room = [u64::MAX; 16];
    let at = room.as_mut_ptr().cast::<pqrtc_sframe_stats>();
    unsafe {
        assert_eq!(pqrtc_sframe_receiver_stats(pair.1, null_mut()), PQRTC_NULL_POINTER);
        for short in [0, size - 1] {
            (*at).size = short;
            assert_eq!(pqrtc_sframe_receiver_stats(pair.1, at), PQRTC_INVALID_LENGTH);
        }
        assert_eq!(pqrtc_sframe_receiver_stats(null(), at), PQRTC_NULL_POINTER);
        // A caller of a later version, whose struct is longer.
        (*at).size = size + 32;
        assert_eq!(pqrtc_sframe_receiver_stats(pair.1, at), PQRTC_OK);
        assert_eq!(((*at).size, (*at).keys, (*at).opened), (size + 32, 1, 0));
    }
    assert!(room[size / 8..].iter().all(|&word| word == u64::MAX));
}

#[test]
fn refusals_tell_the_kid_and_counter_of_the_header() {
    let pair = Pair::new();
    let (first, second) = (pair.seal(), pair.seal());
    let mut forged = second.clone();
    *forged.last_mut().unwrap() ^= 1;
    let mut stranger = second.clone();
    stranger[2] ^= 1;
    assert_eq!(pair.open(&first, &mut [0; 5], &mut 0, &mut 0), PQRTC_OK);
    for (sealed, cap, expected, hints) in [
        (&first, 5, PQRTC_REPLAYED_FRAME, (KID, 0)),
        (&forged, 5, PQRTC_DECRYPTION_FAILED, (KID, 1)),
        (&stranger, 5, PQRTC_UNKNOWN_KEY_ID, (KID ^ 1, 1)),
        (&forged, 4, PQRTC_BUFFER_TOO_SMALL, (77, 77)),
        (&vec![0x1f; 3], 5, PQRTC_MALFORMED_FRAME, (77, 77)),
    ] {
        for in_place in [false, true] {
            let (mut data, mut out, mut len, mut kid, mut counter) = (sealed.clone(), [0; 64], 0, 77, 77);
            let at = if in_place { data.as_mut_ptr() } else { out.as_mut_ptr() };
            let sealed = (data.as_ptr(), data.len());
            let status = unsafe {
                let metadata = b"m".as_ptr();
                pqrtc_sframe_open(pair.1, metadata, 1, sealed.0, sealed.1, at, cap, &mut len, &mut kid, &mut counter)
            };
            assert_eq!((status, kid, counter), (expected, hints.0, hints.1), "in place: {in_place}");
        }
    }
}

#[test]
fn statistics_of_a_kid_and_of_a_sender() {
    let pair = Pair::new();
    let mut stats = pair.stats();
    let mut of_sender = pqrtc_sframe_sender_stats_t { size: 0, kid: 0, sealed: 0, left: 0 };
    let first = pair.seal();
    assert_eq!(pair.open(&first, &mut [0; 5], &mut 0, &mut 0), PQRTC_OK);
    assert_eq!(pair.open(&first, &mut [0; 5], &mut 0, &mut 0), PQRTC_REPLAYED_FRAME);
    unsafe {
        assert_eq!(pqrtc_sframe_receiver_key_stats(null(), KID, &mut stats), PQRTC_NULL_POINTER);
        assert_eq!(pqrtc_sframe_receiver_key_stats(pair.1, KID, null_mut()), PQRTC_NULL_POINTER);
        assert_eq!(pqrtc_sframe_receiver_key_stats(pair.1, KID + 1, &mut stats), PQRTC_UNKNOWN_KEY_ID);
        assert_eq!(pqrtc_sframe_receiver_key_stats(pair.1, KID, &mut stats), PQRTC_OK);
        assert_eq!((stats.keys, stats.opened, stats.replayed, stats.decryption_failed), (1, 1, 1, 0));
        stats.size -= 1;
        assert_eq!(pqrtc_sframe_receiver_key_stats(pair.1, KID, &mut stats), PQRTC_INVALID_LENGTH);

        assert_eq!(pqrtc_sframe_sender_stats(pair.0, &mut of_sender), PQRTC_INVALID_LENGTH);
        of_sender.size = size_of::<pqrtc_sframe_sender_stats_t>();
        assert_eq!(pqrtc_sframe_sender_stats(null(), &mut of_sender), PQRTC_NULL_POINTER);
        assert_eq!(pqrtc_sframe_sender_stats(pair.0, null_mut()), PQRTC_NULL_POINTER);
        assert_eq!(pqrtc_sframe_sender_stats(pair.0, &mut of_sender), PQRTC_OK);
        assert_eq!((of_sender.kid, of_sender.sealed, of_sender.left), (KID, 1, u64::MAX - 1));
        let (zeros, mut sender) = ([0; 64], dangling_mut());
        assert_eq!(pqrtc_sframe_sender_from_key(zeros.as_ptr(), 64, 1, CIPHER, &mut sender), PQRTC_INVALID_KEY);
        assert!(sender.is_null());
        assert_eq!(pqrtc_sframe_receiver_add_key(pair.1, 1, zeros.as_ptr(), 16), PQRTC_INVALID_KEY);
    }
}

/// In a process of its own, whose first call it is: std lets nobody change the panic hook while a thread unwinds, and a second panic ends
/// the process.
#[test]
fn a_first_call_while_the_host_unwinds_works() {
    const ALONE: &str = "PQRTC_TEST_UNWINDING";
    if std::env::var_os(ALONE).is_none() {
        let name = "sframe_abi::a_first_call_while_the_host_unwinds_works";
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        let output = alone.args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    struct CallsWhenDropped;
    impl Drop for CallsWhenDropped {
        fn drop(&mut self) {
            assert!(std::thread::panicking());
            drop(Pair::new());
        }
    }
    let unwound = std::panic::catch_unwind(|| {
        let _calls = CallsWhenDropped;
        panic!("the host's own");
    });
    assert!(unwound.is_err());
    drop(Pair::new());
}
