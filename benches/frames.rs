//! Frames of codecs through the C ABI, beside the same bytes as a bare SFrame frame: what the format adds.
//!
//! `make bench`, or `cargo bench --manifest-path benches/Cargo.toml --bench frames`.

mod common;

use common::{Case, Plan, medians, report};
use core::hint::black_box;
use core::ptr::{null, null_mut};
use pqrtc::ffi::*;

const CIPHER: u32 = pqrtc_sframe_cipher::PQRTC_SFRAME_AES_256_GCM_SHA512_128 as u32;
const OPUS: u32 = pqrtc_codec::PQRTC_CODEC_OPUS as u32;
const VP8: u32 = pqrtc_codec::PQRTC_CODEC_VP8 as u32;
const H264: u32 = pqrtc_codec::PQRTC_CODEC_H264 as u32;

fn main() {
    println!("AES-256-GCM, provider {}; medians of alternating batches in one run", pqrtc::provider());
    let bare = |what, codec, frame: &[u8]| compare(what, (Some(codec), frame), "bare SFrame", (None, frame), None);
    bare("Opus 120", OPUS, &noise(120));
    bare("VP8 1200", VP8, &vp8(1200));
    bare("VP8 16384", VP8, &vp8(16384));
    bare("H.264 1200, one slice", H264, &h264(1200, 1));
    let (one, eight) = (h264(100_000, 1), h264(100_000, 8));
    bare("H.264 100000, one slice", H264, &one);
    bare("H.264 100000, eight slices", H264, &eight);
    compare("H.264 100000, eight slices", (Some(H264), &eight), "one slice", (Some(H264), &one), Some(1.10));
}

/// Bytes that look random and have no zeros, as an encoder's output has hardly any.
fn noise(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    pqrtc::random(&mut bytes).unwrap();
    bytes.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = 1);
    bytes
}

/// A delta frame.
fn vp8(len: usize) -> Vec<u8> {
    let mut frame = noise(len);
    frame[0] = 0x31;
    frame
}

/// A picture of slices of one length, `len` bytes in all.
fn h264(len: usize, slices: usize) -> Vec<u8> {
    let slice = |at| [&[0, 0, 0, 1, 0x41, if at == 0 { 0x9a } else { 0x43 }][..], &noise(len / slices - 6)].concat();
    (0..slices).flat_map(slice).collect()
}

fn ok(status: pqrtc_status) {
    assert_eq!(status, pqrtc_status::PQRTC_OK);
}

/// Frames are sealed anew before each batch, because a frame opens once.
struct Pool {
    sender: *mut pqrtc_sframe_sender,
    receiver: *mut pqrtc_sframe_receiver,
    /// `None` for a bare SFrame frame.
    codec: Option<u32>,
    sealed: Vec<Vec<u8>>,
    out: Vec<u8>,
}

impl Pool {
    fn new(codec: Option<u32>, frame: &[u8]) -> Self {
        let (mut key, mut sender, mut receiver) = ([0; 32], null_mut(), null_mut());
        pqrtc::random(&mut key).unwrap();
        ok(unsafe { pqrtc_sframe_sender_from_key(key.as_ptr(), key.len(), 1, CIPHER, &mut sender) });
        ok(unsafe { pqrtc_sframe_receiver_new(CIPHER, &mut receiver) });
        ok(unsafe { pqrtc_sframe_receiver_add_key(receiver, 1, key.as_ptr(), key.len()) });
        let room = match codec {
            Some(codec) => pqrtc_frame_seal_max_size(codec, frame.len()),
            None => frame.len() + PQRTC_SFRAME_MAX_OVERHEAD_BYTES,
        };
        let open_room = codec.map_or(room, |codec| pqrtc_frame_open_max_size(codec, room));
        let count = (400_000 / frame.len()).clamp(4, 512);
        Pool {
            sender,
            receiver,
            codec,
            sealed: vec![Vec::with_capacity(room); count],
            out: vec![0; open_room.max(room)],
        }
    }

    fn seal(&mut self, frame: &[u8]) -> usize {
        let (input, n, out, room) = (frame.as_ptr(), frame.len(), self.out.as_mut_ptr(), self.out.len());
        let mut len = 0;
        ok(unsafe {
            match self.codec {
                Some(codec) => pqrtc_frame_seal(self.sender, codec, null(), 0, input, n, out, room, &mut len),
                None => pqrtc_sframe_seal(self.sender, null(), 0, input, n, out, room, &mut len),
            }
        });
        len
    }

    fn open(&mut self, at: usize) -> usize {
        let (out, room) = (self.out.as_mut_ptr(), self.out.len());
        let (input, n) = (self.sealed[at].as_ptr(), self.sealed[at].len());
        let (mut len, kid, counter) = (0, null_mut(), null_mut());
        let receiver = self.receiver;
        ok(unsafe {
            match self.codec {
                Some(codec) => {
                    pqrtc_frame_open(receiver, codec, null(), 0, input, n, out, room, &mut len, kid, counter)
                }
                None => pqrtc_sframe_open(receiver, null(), 0, input, n, out, room, &mut len, kid, counter),
            }
        });
        len
    }

    fn refill(&mut self, frame: &[u8]) {
        for at in 0..self.sealed.len() {
            let len = self.seal(frame);
            self.sealed[at].clear();
            self.sealed[at].extend_from_slice(&self.out[..len]);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        unsafe {
            pqrtc_sframe_sender_free(self.sender);
            pqrtc_sframe_receiver_free(self.receiver);
        }
    }
}

/// A codec, or `None` for a bare SFrame frame, and what is sealed.
type Contender<'a> = (Option<u32>, &'a [u8]);

fn sealing<'a>((codec, frame): Contender<'a>) -> Case<'a> {
    let mut pool = Pool::new(codec, frame);
    // What is opened is what was sealed.
    pool.refill(frame);
    let len = pool.open(0);
    assert_eq!(pool.out[..len], *frame);
    Case::new("seal", move || _ = black_box(pool.seal(black_box(frame))))
}

fn opening<'a>((codec, frame): Contender<'a>) -> Case<'a> {
    let pool = Pool::new(codec, frame);
    let (batch, refill) = (pool.sealed.len() as u32, move |pool: &mut Pool| pool.refill(frame));
    Case::prepared("open", batch, pool, refill, |pool, at| _ = black_box(pool.open(at as usize)))
}

fn compare(what: &str, ours: Contender, peer: &str, theirs: Contender, target: Option<f64>) {
    let times = medians(Plan::default(), &mut [sealing(ours), sealing(theirs), opening(ours), opening(theirs)]);
    report(&format!("seal {what}"), times[0], peer, times[1], target);
    report(&format!("open {what}"), times[2], peer, times[3], target);
}
