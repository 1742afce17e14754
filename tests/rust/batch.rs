//! Frames in batches through the C ABI: the same frames as one by one, and the contract's checks.

use pqrtc::ffi::pqrtc_status::*;
use pqrtc::ffi::*;
use std::ptr::{null, null_mut};

const OVERHEAD: usize = PQRTC_SFRAME_MAX_OVERHEAD_BYTES;
const METADATA: &[u8] = b"audio";

/// A sender and its receiver, freed at the end.
struct Pair {
    sender: *mut pqrtc_sframe_sender,
    receiver: *mut pqrtc_sframe_receiver,
}

impl Pair {
    fn new(kid: u64, cipher: u32) -> Self {
        let (mut sender, mut receiver, mut key) = (null_mut(), null_mut(), [0; 32]);
        unsafe {
            assert_eq!(pqrtc_random(key.as_mut_ptr(), 32), PQRTC_OK);
            assert_eq!(pqrtc_sframe_sender_from_key(key.as_ptr(), 32, kid, cipher, &mut sender), PQRTC_OK);
            assert_eq!(pqrtc_sframe_receiver_new(cipher, &mut receiver), PQRTC_OK);
            assert_eq!(pqrtc_sframe_receiver_add_key(receiver, kid, key.as_ptr(), 32), PQRTC_OK);
        }
        Pair { sender, receiver }
    }

    fn seal(&self, frames: &[u8], lens: &[usize], cap: usize) -> (pqrtc_status, Vec<u8>, Vec<usize>) {
        let (mut out, mut len, mut out_lens) = (vec![0xaa; cap], 0, vec![0; lens.len().max(1)]);
        let status = unsafe {
            pqrtc_sframe_seal_batch(
                self.sender,
                METADATA.as_ptr(),
                METADATA.len(),
                frames.as_ptr(),
                frames.len(),
                lens.as_ptr(),
                lens.len(),
                out.as_mut_ptr(),
                cap,
                &mut len,
                out_lens.as_mut_ptr(),
            )
        };
        if status == PQRTC_OK {
            assert_eq!(out_lens.iter().sum::<usize>(), len);
            out.truncate(len);
        }
        (status, out, out_lens)
    }

    fn open(&self, sealed: &[u8], lens: &[usize]) -> (pqrtc_status, Vec<Opened>) {
        let count = lens.len();
        let (mut out, mut len) = (vec![0xaa; sealed.len()], 0);
        let (mut out_lens, mut statuses) = (vec![9; count], vec![PQRTC_INTERNAL; count]);
        let (mut kids, mut counters) = (vec![9; count], vec![9; count]);
        let status = unsafe {
            pqrtc_sframe_open_batch(
                self.receiver,
                METADATA.as_ptr(),
                METADATA.len(),
                sealed.as_ptr(),
                sealed.len(),
                lens.as_ptr(),
                count,
                out.as_mut_ptr(),
                out.len(),
                &mut len,
                out_lens.as_mut_ptr(),
                statuses.as_mut_ptr(),
                kids.as_mut_ptr(),
                counters.as_mut_ptr(),
            )
        };
        let mut at = 0;
        let opened = (0..count).map(|i| {
            let frame = out[at..at + out_lens[i]].to_vec();
            at += out_lens[i];
            (statuses[i], frame, kids[i], counters[i])
        });
        (status, if status == PQRTC_OK { opened.collect() } else { Vec::new() })
    }
}

type Opened = (pqrtc_status, Vec<u8>, u64, u64);

impl Drop for Pair {
    fn drop(&mut self) {
        unsafe {
            pqrtc_sframe_sender_free(self.sender);
            pqrtc_sframe_receiver_free(self.receiver);
        }
    }
}

#[test]
fn a_batch_opens_as_it_was_sealed_and_one_bad_frame_does_not_cost_the_others() {
    for cipher in 1..=5 {
        let pair = Pair::new(7000 + u64::from(cipher), cipher);
        let lens = [120, 0, 1, 1200, 120];
        let frames: Vec<u8> = (0..lens.iter().sum()).map(|i| i as u8).collect();
        let (status, sealed, sealed_lens) = pair.seal(&frames, &lens, frames.len() + lens.len() * OVERHEAD);
        assert_eq!(status, PQRTC_OK);

        let mut altered = sealed.clone();
        altered[sealed_lens[0] + sealed_lens[1] + sealed_lens[2] + 50] ^= 1;
        let (status, opened) = pair.open(&altered, &sealed_lens);
        assert_eq!(status, PQRTC_OK);
        let mut at = 0;
        for (i, &len) in lens.iter().enumerate() {
            let expected = if i == 3 {
                (PQRTC_DECRYPTION_FAILED, Vec::new(), 0, 0)
            } else {
                (PQRTC_OK, frames[at..at + len].to_vec(), 7000 + u64::from(cipher), i as u64)
            };
            assert_eq!(opened[i], expected, "cipher {cipher}, frame {i}");
            at += len;
        }

        // The frame that failed can still be opened, the others not again.
        let (_, again) = pair.open(&sealed, &sealed_lens);
        let statuses: Vec<_> = again.iter().map(|opened| opened.0).collect();
        let seen = PQRTC_REPLAYED_FRAME;
        assert_eq!(statuses, [seen, seen, seen, PQRTC_OK, seen]);
        assert_eq!(pair.open(&[0x70; 40], &[40, 0]).1[0].0, PQRTC_UNKNOWN_KEY_ID);
    }
}

#[test]
fn a_single_open_takes_what_a_batch_sealed() {
    let pair = Pair::new(7100, 5);
    let (_, sealed, lens) = pair.seal(b"onetwo", &[3, 3], 6 + 2 * OVERHEAD);
    let (mut out, mut len) = ([0; 64], 0);
    for (frame, clear) in [(&sealed[..lens[0]], b"one"), (&sealed[lens[0]..], b"two")] {
        let status = unsafe {
            pqrtc_sframe_open(
                pair.receiver,
                METADATA.as_ptr(),
                METADATA.len(),
                frame.as_ptr(),
                frame.len(),
                out.as_mut_ptr(),
                out.len(),
                &mut len,
                null_mut(),
                null_mut(),
            )
        };
        assert_eq!((status, &out[..len]), (PQRTC_OK, &clear[..]));
    }
}

#[test]
fn a_refused_batch_changes_nothing() {
    let pair = Pair::new(7200, 4);
    let room = 6 + 2 * OVERHEAD;
    for lens in [&[3, 2][..], &[3, 4], &[usize::MAX, 7], &[(64 << 20) + 1, 0], &[], &[0; 65537]] {
        assert_eq!(pair.seal(b"onetwo", lens, room).0, PQRTC_INVALID_LENGTH, "{} lengths", lens.len());
        assert_eq!(pair.open(b"onetwo", lens).0, PQRTC_INVALID_LENGTH, "{} lengths", lens.len());
    }
    let (status, out, _) = pair.seal(b"onetwo", &[3, 3], room - 1);
    assert_eq!((status, out), (PQRTC_BUFFER_TOO_SMALL, vec![0xaa; room - 1]));

    let (mut out, mut len, mut lens) = ([0u8; 128], 0, [3usize, 3]);
    let (frames, sender) = (b"onetwo".as_ptr(), pair.sender);
    let (out_at, lens_at, len_at) = (out.as_mut_ptr(), lens.as_mut_ptr(), &raw mut len);
    let mut other = [0usize; 2];
    let other_at = other.as_mut_ptr();
    unsafe {
        let seal = |s, frames, lens, out, cap, out_len, out_lens| {
            pqrtc_sframe_seal_batch(s, null(), 0, frames, 6, lens, 2, out, cap, out_len, out_lens)
        };
        assert_eq!(seal(null_mut(), frames, lens_at, out_at, 128, len_at, other_at), PQRTC_NULL_POINTER);
        assert_eq!(seal(sender, null(), lens_at, out_at, 128, len_at, other_at), PQRTC_NULL_POINTER);
        assert_eq!(seal(sender, frames, null(), out_at, 128, len_at, other_at), PQRTC_NULL_POINTER);
        assert_eq!(seal(sender, frames, lens_at, null_mut(), 128, len_at, other_at), PQRTC_NULL_POINTER);
        assert_eq!(seal(sender, frames, lens_at, out_at, 128, null_mut(), other_at), PQRTC_NULL_POINTER);
        assert_eq!(seal(sender, frames, lens_at, out_at, 128, len_at, null_mut()), PQRTC_NULL_POINTER);
        // The lengths read and the lengths written may not be one array, nor the frames and their output one buffer.
        assert_eq!(seal(sender, frames, lens_at, out_at, 128, len_at, lens_at), PQRTC_INVALID_ARGUMENT);
        assert_eq!(seal(sender, out_at, lens_at, out_at, 128, len_at, other_at), PQRTC_INVALID_ARGUMENT);
        assert_eq!(seal(sender, frames, lens_at, null_mut(), 0, len_at, other_at), PQRTC_BUFFER_TOO_SMALL);
        assert_eq!(*len_at, room);
        let open = |statuses| {
            let receiver = pair.receiver;
            let (sealed, cap) = (frames, 128);
            pqrtc_sframe_open_batch(
                receiver,
                null(),
                0,
                sealed,
                6,
                lens_at,
                2,
                out_at,
                cap,
                len_at,
                other_at,
                statuses,
                null_mut(),
                null_mut(),
            )
        };
        assert_eq!(open(null_mut()), PQRTC_NULL_POINTER);
        let mut statuses = [PQRTC_OK; 2];
        assert_eq!(open(statuses.as_mut_ptr()), PQRTC_OK);
        assert_eq!((statuses, *len_at), ([PQRTC_MALFORMED_FRAME, PQRTC_MALFORMED_FRAME], 0));
    }

    // No counter was used up.
    let (_, sealed, sealed_lens) = pair.seal(b"onetwo", &[3, 3], room);
    assert_eq!(pair.open(&sealed, &sealed_lens).1[0], (PQRTC_OK, b"one".to_vec(), 7200, 0));
}
