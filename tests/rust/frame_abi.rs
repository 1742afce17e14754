//! `pqrtc_frame_*` under hostile callers: NULLs, unknown codecs, absurd lengths, overlaps, buffers that are too small, canaries.

use pqrtc::ffi::pqrtc_status::{self, *};
use pqrtc::ffi::*;
use std::ptr::{null, null_mut};

const H264: u32 = pqrtc_codec::PQRTC_CODEC_H264 as u32;
const CIPHER: u32 = pqrtc_sframe_cipher::PQRTC_SFRAME_AES_256_GCM_SHA512_128 as u32;
const FRAME: &[u8] = &[0, 0, 0, 1, 0x67, 0x42, 0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const CANARY: u8 = 0xc5;

struct Pair(*mut pqrtc_sframe_sender, *mut pqrtc_sframe_receiver);

impl Pair {
    fn new(seed: u8) -> Self {
        let (mut pair, key) = (Pair(null_mut(), null_mut()), [seed; 32]);
        unsafe {
            assert_eq!(pqrtc_sframe_sender_from_key(key.as_ptr(), 32, 5, CIPHER, &mut pair.0), PQRTC_OK);
            assert_eq!(pqrtc_sframe_receiver_new(CIPHER, &mut pair.1), PQRTC_OK);
            // Wide enough for any thread that is slow.
            assert_eq!(pqrtc_sframe_receiver_set_window(pair.1, 65536), PQRTC_OK);
            assert_eq!(pqrtc_sframe_receiver_add_key(pair.1, 5, key.as_ptr(), 32), PQRTC_OK);
        }
        pair
    }

    /// Seals into the middle of a buffer, and looks around it.
    fn seal(&self, codec: u32, frame: &[u8], cap: usize) -> (pqrtc_status, usize, Vec<u8>) {
        let (mut buffer, mut len) = (vec![CANARY; cap + 128], 7);
        let out = buffer[64..].as_mut_ptr();
        let status =
            unsafe { pqrtc_frame_seal(self.0, codec, null(), 0, frame.as_ptr(), frame.len(), out, cap, &mut len) };
        (status, len, inside(buffer, cap))
    }

    fn open(&self, codec: u32, sealed: &[u8], cap: usize) -> (pqrtc_status, usize, Vec<u8>) {
        let (mut buffer, mut len) = (vec![CANARY; cap + 128], 7);
        let out = buffer[64..].as_mut_ptr();
        let (sealed, sealed_len) = (sealed.as_ptr(), sealed.len());
        let status = unsafe {
            pqrtc_frame_open(self.1, codec, null(), 0, sealed, sealed_len, out, cap, &mut len, null_mut(), null_mut())
        };
        (status, len, inside(buffer, cap))
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

fn inside(mut buffer: Vec<u8>, cap: usize) -> Vec<u8> {
    assert!(buffer[..64].iter().chain(&buffer[64 + cap..]).all(|&b| b == CANARY), "written outside of the buffer");
    buffer.drain(..64);
    buffer.truncate(cap);
    buffer
}

#[test]
fn a_round_trip_writes_what_it_says_and_nothing_around() {
    let pair = Pair::new(1);
    let cap = pqrtc_frame_seal_max_size(H264, FRAME.len());
    let (status, len, sealed) = pair.seal(H264, FRAME, cap);
    assert_eq!(status, PQRTC_OK);
    let (mut out, mut out_len, mut kid, mut counter) = (vec![0; len], 0, 0, 9);
    let status = unsafe {
        let out = out.as_mut_ptr();
        pqrtc_frame_open(pair.1, H264, null(), 0, sealed.as_ptr(), len, out, len, &mut out_len, &mut kid, &mut counter)
    };
    assert_eq!((status, kid, counter, &out[..out_len]), (PQRTC_OK, 5, 0, FRAME));
    assert_eq!(pair.open(H264, &sealed[..len], len).0, PQRTC_REPLAYED_FRAME);
}

#[test]
fn bad_arguments_are_refused_and_use_nothing_up() {
    let pair = Pair::new(2);
    let cap = pqrtc_frame_seal_max_size(H264, FRAME.len());
    let (mut buffer, mut len) = ([CANARY; 1024], 7usize);
    let (out, frame, n) = (buffer.as_mut_ptr(), FRAME.as_ptr(), FRAME.len());
    assert!(cap < 1000);
    unsafe {
        for (status, expected) in [
            (pqrtc_frame_seal(null(), H264, null(), 0, frame, n, out, cap, &mut len), PQRTC_NULL_POINTER),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, null(), n, out, cap, &mut len), PQRTC_NULL_POINTER),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, frame, n, null_mut(), cap, &mut len), PQRTC_NULL_POINTER),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, frame, n, out, cap, null_mut()), PQRTC_NULL_POINTER),
            (pqrtc_frame_seal(pair.0, 0, null(), 0, frame, n, out, cap, &mut len), PQRTC_INVALID_ARGUMENT),
            (pqrtc_frame_seal(pair.0, 10, null(), 0, frame, usize::MAX, out, cap, &mut len), PQRTC_INVALID_ARGUMENT),
            (
                pqrtc_frame_seal(pair.0, H264, null(), 0, frame, (64 << 20) + 1, out, cap, &mut len),
                PQRTC_INVALID_LENGTH,
            ),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, frame, usize::MAX, out, cap, &mut len), PQRTC_INVALID_LENGTH),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, frame, n, out, usize::MAX, &mut len), PQRTC_INVALID_LENGTH),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, out, n, out, cap, &mut len), PQRTC_INVALID_ARGUMENT),
            (
                pqrtc_frame_seal(pair.0, H264, null(), 0, out.add(cap - 1), n, out, cap, &mut len),
                PQRTC_INVALID_ARGUMENT,
            ),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, frame, n, out, cap, out.cast()), PQRTC_INVALID_ARGUMENT),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, null(), 0, out, cap, &mut len), PQRTC_NOTHING_TO_SEAL),
            (pqrtc_frame_seal(pair.0, H264, null(), 0, frame, n - 13, out, cap, &mut len), PQRTC_INVALID_ARGUMENT),
        ] {
            assert_eq!(status, expected);
        }
        let (none, nothing): (*mut u64, *mut pqrtc_sframe_receiver) = (null_mut(), null_mut());
        for (status, expected) in [
            (pqrtc_frame_open(nothing, H264, null(), 0, frame, n, out, n, &mut len, none, none), PQRTC_NULL_POINTER),
            (pqrtc_frame_open(pair.1, H264, null(), 0, null(), n, out, n, &mut len, none, none), PQRTC_NULL_POINTER),
            (pqrtc_frame_open(pair.1, H264, null(), 0, null(), 0, out, n, &mut len, none, none), PQRTC_NULL_POINTER),
            (
                pqrtc_frame_open(pair.1, H264, null(), 0, frame, n, null_mut(), n, &mut len, none, none),
                PQRTC_NULL_POINTER,
            ),
            (pqrtc_frame_open(pair.1, H264, null(), 0, frame, n, out, n, null_mut(), none, none), PQRTC_NULL_POINTER),
            (pqrtc_frame_open(pair.1, 99, null(), 0, frame, n, out, n, &mut len, none, none), PQRTC_INVALID_ARGUMENT),
            (
                pqrtc_frame_open(pair.1, H264, null(), 0, frame, usize::MAX, out, n, &mut len, none, none),
                PQRTC_INVALID_LENGTH,
            ),
            (
                pqrtc_frame_open(pair.1, H264, null(), 0, out.add(1), n, out, n, &mut len, none, none),
                PQRTC_INVALID_ARGUMENT,
            ),
            (
                pqrtc_frame_open(pair.1, H264, null(), 0, frame, n, out, n, &mut len, out.cast(), none),
                PQRTC_INVALID_ARGUMENT,
            ),
            (pqrtc_frame_open(pair.1, H264, null(), 0, frame, 0, out, n, &mut len, none, none), PQRTC_MALFORMED_FRAME),
        ] {
            assert_eq!(status, expected);
        }
    }
    assert_eq!(len, 7);
    assert!(buffer.iter().all(|&b| b == CANARY), "a refused call wrote");
    // No counter was used up.
    let (status, sealed_len, sealed) = pair.seal(H264, FRAME, cap);
    let mut counter = 9;
    let opened = unsafe {
        let out = buffer.as_mut_ptr();
        let (sealed, n) = (sealed.as_ptr(), sealed_len);
        pqrtc_frame_open(pair.1, H264, null(), 0, sealed, n, out, n, &mut len, null_mut(), &mut counter)
    };
    assert_eq!((status, opened, counter), (PQRTC_OK, PQRTC_OK, 0));
}

#[test]
fn a_buffer_that_is_too_small_is_told_what_it_takes() {
    let pair = Pair::new(3);
    for codec in 1..=9 {
        // A frame of every codec: a sized AV1 frame whose bytes hold an H.264 and an H.265 unit, and a length that fits.
        let frame: &[u8] = match codec {
            5 | 7 => &[0, 0, 1, 0x26, 1, 2, 3],
            6 | 8 => &[0, 0, 0, 3, 0x26, 1, 2],
            4 => &[0x86, 1, 2, 3, 4, 5, 6],
            9 => &[0x32, 3, 1, 2, 3],
            _ => &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        };
        let cap = pqrtc_frame_seal_max_size(codec, frame.len());
        for short in [0, 1, frame.len(), cap - 1] {
            let (status, len, out) = pair.seal(codec, frame, short);
            assert_eq!((status, len), (PQRTC_BUFFER_TOO_SMALL, cap), "codec {codec}");
            assert!(out.iter().all(|&b| b == CANARY));
        }
        let (status, len, sealed) = pair.seal(codec, frame, cap);
        assert_eq!(status, PQRTC_OK, "codec {codec}");
        assert_eq!(pqrtc_frame_open_max_size(codec, len), len);
        for short in [0, 1, len - 1] {
            let (status, needed, out) = pair.open(codec, &sealed[..len], short);
            assert_eq!((status, needed), (PQRTC_BUFFER_TOO_SMALL, len), "codec {codec}");
            assert!(out.iter().all(|&b| b == CANARY));
        }
        let (status, opened, out) = pair.open(codec, &sealed[..len], len);
        assert_eq!((status, &out[..opened]), (PQRTC_OK, frame), "codec {codec}");
    }
}

#[test]
fn sizes_of_what_cannot_be_are_zero() {
    for codec in [0, 10, u32::MAX] {
        assert_eq!((pqrtc_frame_seal_max_size(codec, 100), pqrtc_frame_open_max_size(codec, 100)), (0, 0));
    }
    for codec in 1..=9 {
        assert!(pqrtc_frame_seal_max_size(codec, 64 << 20) > 64 << 20);
        assert_eq!(pqrtc_frame_seal_max_size(codec, (64 << 20) + 1), 0);
        assert_eq!(pqrtc_frame_open_max_size(codec, usize::MAX), 0);
    }
}

#[test]
fn many_threads_share_a_sender_and_a_receiver() {
    let pair = Pair::new(4);
    let handles = (pair.0 as usize, pair.1 as usize);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(move || {
                let shared = std::mem::ManuallyDrop::new(Pair(handles.0 as *mut _, handles.1 as *mut _));
                for _ in 0..200 {
                    let (status, len, sealed) = shared.seal(H264, FRAME, 4096);
                    assert_eq!(status, PQRTC_OK);
                    let (status, opened, out) = shared.open(H264, &sealed[..len], len);
                    assert_eq!((status, &out[..opened]), (PQRTC_OK, FRAME));
                }
            });
        }
    });
}

#[test]
fn a_frame_is_opened_in_place() {
    let pair = Pair::new(6);
    let (metadata, cap) = (b"camera".as_ptr(), pqrtc_frame_seal_max_size(H264, FRAME.len()));
    let (mut buffer, mut len) = (vec![CANARY; cap + 64], 0);
    let (frame, n, at) = (FRAME.as_ptr(), FRAME.len(), buffer.as_mut_ptr());
    unsafe {
        assert_eq!(pqrtc_frame_seal(pair.0, H264, metadata, 6, frame, n, at, cap, &mut len), PQRTC_OK);
        let sealed = buffer[..len].to_vec();
        let mut opened = 7;
        for (metadata_len, cap, expected, hints) in [
            (6, len - 1, PQRTC_BUFFER_TOO_SMALL, (8, 9)),
            (5, len, PQRTC_DECRYPTION_FAILED, (5, 0)),
            (6, len, PQRTC_OK, (5, 0)),
            (6, len, PQRTC_REPLAYED_FRAME, (5, 0)),
        ] {
            let (mut kid, mut counter) = (8, 9);
            buffer[..len].copy_from_slice(&sealed);
            buffer[len..].fill(CANARY);
            let at = buffer.as_mut_ptr();
            let status = pqrtc_frame_open(
                pair.1,
                H264,
                metadata,
                metadata_len,
                at,
                len,
                at,
                cap,
                &mut opened,
                &mut kid,
                &mut counter,
            );
            assert_eq!((status, (kid, counter)), (expected, hints));
            assert!(buffer[len..].iter().all(|&b| b == CANARY));
            match status {
                PQRTC_OK => assert_eq!(&buffer[..opened], FRAME),
                PQRTC_BUFFER_TOO_SMALL => assert_eq!((opened, &buffer[..len]), (len, &sealed[..])),
                _ => assert!(buffer[..len].iter().all(|&b| b == 0)),
            }
        }
        // Metadata inside the output; and outputs that only overlap.
        let (none, at) = (null_mut(), buffer.as_mut_ptr());
        for (metadata, from) in [(at.cast_const(), at), (metadata, at.wrapping_add(1))] {
            let status = pqrtc_frame_open(pair.1, H264, metadata, 6, from, len, at, len, &mut opened, none, none);
            assert_eq!(status, PQRTC_INVALID_ARGUMENT);
        }
    }
}

#[test]
fn a_frame_of_an_unknown_key_tells_its_kid() {
    let (pair, other) = (Pair::new(7), Pair::new(8));
    let (status, len, sealed) = pair.seal(H264, FRAME, 1024);
    assert_eq!(status, PQRTC_OK);
    let (mut out, mut opened, mut kid, mut counter) = (vec![0; len], 0, 0, 9);
    unsafe {
        assert_eq!(pqrtc_sframe_receiver_remove_key(other.1, 5), PQRTC_OK);
        let (sealed, at) = (sealed.as_ptr(), out.as_mut_ptr());
        let status =
            pqrtc_frame_open(other.1, H264, null(), 0, sealed, len, at, len, &mut opened, &mut kid, &mut counter);
        assert_eq!((status, kid, counter), (PQRTC_UNKNOWN_KEY_ID, 5, 0));
    }
}

#[test]
fn a_sealed_frame_is_inspected() {
    let pair = Pair::new(9);
    let (_, len, sealed) = pair.seal(H264, FRAME, 1024);
    let blank = pqrtc_frame_info {
        size: size_of::<pqrtc_frame_info>(),
        kid: 0,
        first_counter: 9,
        last_counter: 9,
        sealed_units: 0,
        parameter_sets: 0,
        delimiters: 9,
        clear_bytes: 0,
    };
    let mut info = blank;
    unsafe {
        assert_eq!(pqrtc_frame_inspect(H264, sealed.as_ptr(), len, &mut info), PQRTC_OK);
        assert_eq!((info.kid, info.first_counter, info.last_counter), (5, 0, 0));
        assert_eq!((info.sealed_units, info.parameter_sets, info.delimiters, info.clear_bytes), (1, 1, 0, 2 + 9));
        for (codec, at, n, size, expected) in [
            (H264, null(), len, blank.size, PQRTC_NULL_POINTER),
            (99, sealed.as_ptr(), len, blank.size, PQRTC_INVALID_ARGUMENT),
            (H264, sealed.as_ptr(), usize::MAX, blank.size, PQRTC_INVALID_LENGTH),
            (H264, sealed.as_ptr(), len, blank.size - 1, PQRTC_INVALID_LENGTH),
            (H264, FRAME.as_ptr(), FRAME.len(), blank.size, PQRTC_MALFORMED_FRAME),
            (H264, (&raw const info).cast::<u8>().wrapping_add(8), 8, blank.size, PQRTC_INVALID_ARGUMENT),
        ] {
            info = pqrtc_frame_info { size, ..blank };
            assert_eq!(pqrtc_frame_inspect(codec, at, n, &mut info), expected);
            assert_eq!((info.kid, info.delimiters), (0, 9));
        }
        assert_eq!(pqrtc_frame_inspect(H264, sealed.as_ptr(), len, null_mut()), PQRTC_NULL_POINTER);
    }
}
