//! Codec-aware frames with real keys: round trips, forgeries, what a failed open leaves behind. Real encoded clips are in
//! `frame_clips.rs`; the byte work alone is tested in `src/frame/tests.rs`.

use crate::heap;
use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use pqrtc::{Error, Result};
use std::sync::atomic::{AtomicU64, Ordering};

const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;

fn fresh_key() -> [u8; 32] {
    let mut key = [0; 32];
    pqrtc::random(&mut key).unwrap();
    key
}

fn pair(kid: u64, suite: CipherSuite) -> (Sender, Receiver) {
    let key = fresh_key();
    let receiver = Receiver::new(suite);
    receiver.add_key(kid, &key).unwrap();
    (Sender::from_key(&key, kid, suite).unwrap(), receiver)
}

fn seal(sender: &Sender, codec: Codec, frame: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![0; frame::seal_max_size(codec, frame.len())?];
    let len = frame::seal(sender, codec, frame, &mut out)?;
    out.truncate(len);
    Ok(out)
}

fn open(receiver: &Receiver, codec: Codec, sealed: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![0xaa; frame::open_max_size(codec, sealed.len())?];
    match frame::open(receiver, codec, sealed, &mut out) {
        Ok(opened) => {
            out.truncate(opened.len);
            Ok(out)
        }
        Err(error) => {
            assert!(out.iter().all(|&b| b == 0) || out.iter().all(|&b| b == 0xaa), "{error}: partial output");
            Err(error)
        }
    }
}

/// Random numbers, the same on every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9e3779b97f4a7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        z ^ (z >> 31)
    }

    fn roll(&mut self, sides: usize) -> usize {
        (self.next() % sides as u64) as usize
    }

    fn fill(&mut self, out: &mut Vec<u8>, len: usize) {
        for _ in 0..len {
            // Half of all runs are of small bytes.
            let word = self.next();
            out.push(if word & 0x100 == 0 { word as u8 } else { word as u8 & 3 });
        }
    }
}

/// A valid frame of a codec, with its rough edges. `out` is cleared first.
fn random_frame(dice: &mut Dice, codec: Codec, out: &mut Vec<u8>) {
    out.clear();
    let len = dice.roll(60);
    match codec {
        Codec::H264 | Codec::H264Avcc | Codec::H265 | Codec::H265Hvcc => {
            for _ in 0..=dice.roll(2) {
                let annex_b = matches!(codec, Codec::H264 | Codec::H265);
                if annex_b {
                    out.extend(&[0, 0, 0, 1][dice.roll(2)..]);
                } else {
                    out.extend([0; 4]);
                }
                let start = out.len();
                match codec {
                    Codec::H264 | Codec::H264Avcc => out.push([0x65, 0x41, 0x06, 0x01][dice.roll(4)]),
                    _ => out.extend([[0x26, 1], [0x02, 1], [0x4e, 1]][dice.roll(3)]),
                }
                let len = dice.roll(30);
                dice.fill(out, len);
                // As an encoder writes it: escaped, and no zero at the end.
                let mut i = start + 2;
                while i < out.len() {
                    if out[i - 2..i] == [0, 0] && out[i] <= 3 {
                        out.insert(i, 3);
                    }
                    i += 1;
                }
                out.push(0x80);
                if !annex_b {
                    let len = (out.len() - start) as u32;
                    out[start - 4..start].copy_from_slice(&len.to_be_bytes());
                }
            }
        }
        Codec::Av1 => {
            for _ in 0..=dice.roll(2) {
                let len = dice.roll(60);
                out.extend([0x32, len as u8]);
                dice.fill(out, len);
            }
        }
        Codec::Vp8 => {
            dice.fill(out, 10 + len);
        }
        _ => dice.fill(out, len),
    }
}

/// Looks for a start code inside a unit, as whoever splits the stream would.
fn units(codec: Codec, mut frame: &[u8]) -> Vec<&[u8]> {
    let mut units = Vec::new();
    if matches!(codec, Codec::H264 | Codec::H265) {
        let mut starts: Vec<usize> = (0..frame.len()).filter(|&i| frame[i..].starts_with(&[0, 0, 1])).collect();
        starts.push(frame.len());
        for pair in starts.windows(2) {
            let unit = &frame[pair[0] + 3..pair[1]];
            units.push(&unit[..unit.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1)]);
        }
    } else {
        while let Some((len, rest)) = frame.split_first_chunk::<4>() {
            let (unit, rest) = rest.split_at(u32::from_be_bytes(*len) as usize);
            units.push(unit);
            frame = rest;
        }
    }
    units
}

#[test]
fn random_frames_come_back_equal_under_every_suite() {
    let mut dice = Dice(1);
    let mut plain = Vec::new();
    for suite in CipherSuite::ALL {
        for (kid, codec) in [0, 1, 7, 8, 0xff, 0x1234, u64::MAX - 1, 3, 5].into_iter().zip(Codec::ALL) {
            let (sender, receiver) = pair(kid, suite);
            for _ in 0..300 {
                random_frame(&mut dice, codec, &mut plain);
                let sealed = seal(&sender, codec, &plain).unwrap();
                assert_eq!(open(&receiver, codec, &sealed).unwrap(), plain, "{codec:?}");
                assert_eq!(open(&receiver, codec, &sealed), Err(Error::ReplayedFrame), "{codec:?}");
            }
        }
    }
}

#[test]
fn a_million_random_frames_have_no_start_code_inside_a_nal_unit() {
    let frames: u64 = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
    for codec in [Codec::H264, Codec::H264Avcc, Codec::H265, Codec::H265Hvcc] {
        // Each framing of a codec takes half of the frames.
        let done = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for seed in 0..2 {
                let done = &done;
                scope.spawn(move || {
                    let mut dice = Dice(codec as u64 * 10 + seed);
                    // KID 0 and short tags: headers that begin with small bytes.
                    let (sender, receiver) = pair(seed, CipherSuite::Aes128CtrHmacSha256_32);
                    let (mut plain, mut out) = (Vec::new(), Vec::new());
                    let mut sealed = vec![0; frame::seal_max_size(codec, 1000).unwrap()];
                    for _ in 0..frames / 4 {
                        random_frame(&mut dice, codec, &mut plain);
                        let len = frame::seal(&sender, codec, &plain, &mut sealed).unwrap();
                        let (before, after) = (units(codec, &plain), units(codec, &sealed[..len]));
                        assert_eq!(before.len(), after.len());
                        for (before, after) in before.iter().zip(after) {
                            assert_eq!(before[0], after[0]);
                            assert!(after.windows(3).all(|w| w[0] != 0 || w[1] != 0 || w[2] > 2), "{after:02x?}");
                            assert_ne!(after.last(), Some(&0));
                        }
                        out.resize(len, 0);
                        let opened = frame::open(&receiver, codec, &sealed[..len], &mut out).unwrap();
                        assert_eq!(out[..opened.len], plain);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        println!("{codec:?}: {} frames", done.into_inner());
    }
}

/// Where a flipped byte is allowed to go unseen: parts that stay clear and are not authenticated.
type Unbound = core::ops::Range<usize>;

#[test]
fn every_flipped_bit_is_refused_or_in_a_documented_clear_part() {
    // An SPS, then a slice. The SPS may change but for its type and start code; so may what separates NAL units, if it still does.
    let h264: &[u8] = &[0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let h265: &[u8] = &[0, 0, 0, 1, 0x42, 1, 0xc0, 0x1e, 0, 0, 1, 0x26, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let avcc: &[u8] = &[0, 0, 0, 3, 0x67, 0x42, 0x1e, 0, 0, 0, 11, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let hvcc: &[u8] = &[0, 0, 0, 4, 0x42, 1, 0x42, 0x1e, 0, 0, 0, 13, 0x26, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let cases: [(Codec, &[u8], Unbound); 9] = [
        (Codec::Opaque, b"frame", 0..0),
        (Codec::Opus, b"opus", 0..0),
        (Codec::Vp9, b"vp9!", 0..0),
        (Codec::Vp8, &[0x10, 2, 0, 0x9d, 1, 0x2a, 64, 0, 48, 0, 1, 2, 3], 0..0),
        (Codec::H264, h264, 4..8),
        (Codec::H265, h265, 4..8),
        (Codec::H264Avcc, avcc, 4..7),
        (Codec::H265Hvcc, hvcc, 4..8),
        (Codec::Av1, &[0x12, 0, 0x0a, 2, 7, 8, 0x32, 4, 1, 2, 3, 4], 0..6),
    ];
    for (codec, plain, unbound) in cases {
        let key = fresh_key();
        let sender = Sender::from_key(&key, 9, SUITE).unwrap();
        let sealed = seal(&sender, codec, plain).unwrap();
        let mut unseen = 0;
        for at in 0..sealed.len() {
            for flip in (0..8).map(|bit| 1 << bit).chain([0xff]) {
                let mut forged = sealed.clone();
                forged[at] ^= flip;
                let receiver = Receiver::new(SUITE);
                receiver.add_key(9, &key).unwrap();
                match open(&receiver, codec, &forged) {
                    Err(error) => {
                        assert!(
                            matches!(error, Error::MalformedFrame | Error::UnknownKeyId | Error::DecryptionFailed),
                            "{codec:?} byte {at} ^ {flip:02x}: {error}"
                        );
                        // Nothing changed: the true frame still opens.
                        assert_eq!(open(&receiver, codec, &sealed).unwrap(), plain);
                    }
                    Ok(opened) => {
                        unseen += 1;
                        let clear_part = unbound.contains(&at);
                        // The bit that says whether an OBU has a size, cleared for the last one, changes nothing.
                        let redundant = opened == plain;
                        assert!(clear_part || redundant, "{codec:?} byte {at} ^ {flip:02x} gave {opened:02x?}");
                        // What was sealed is there unchanged.
                        assert!(opened.ends_with(&plain[plain.len() - 4..]));
                    }
                }
            }
        }
        println!("{codec:?}: {} flips, {unseen} in clear parts that are not authenticated", sealed.len() * 9);
        assert!(unseen > 0 || unbound.is_empty());
    }
}

#[test]
fn a_frame_opens_as_a_whole_or_not_at_all() {
    let slice = |byte: u8| [&[0, 0, 1, 0x65][..], &[byte; 40]].concat();
    let plain = [slice(1), slice(2), slice(3)].concat();
    let (sender, receiver) = pair(1, SUITE);
    let sealed = seal(&sender, Codec::H264, &plain).unwrap();
    let ends: Vec<usize> = units(Codec::H264, &sealed)
        .iter()
        .scan(0, |end, unit| {
            *end += 3 + unit.len();
            Some(*end)
        })
        .collect();
    assert_eq!(ends.last(), Some(&sealed.len()));
    for end in &ends {
        let mut forged = sealed.clone();
        forged[end - 5] ^= 0x44;
        assert_eq!(open(&receiver, Codec::H264, &forged), Err(Error::DecryptionFailed));
    }
    // Cut in the middle of the last unit; another sender, alone and in one frame with this one.
    assert!(open(&receiver, Codec::H264, &sealed[..sealed.len() - 1]).is_err());
    let (stranger, _) = pair(2, SUITE);
    let foreign = seal(&stranger, Codec::H264, &plain).unwrap();
    assert_eq!(open(&receiver, Codec::H264, &foreign), Err(Error::UnknownKeyId));
    let mixed = [&sealed[..ends[0]], &foreign[..]].concat();
    assert_eq!(open(&receiver, Codec::H264, &mixed), Err(Error::MalformedFrame));
    // All units are still to be opened.
    assert_eq!(receiver.stats().opened, 0);
    assert_eq!(open(&receiver, Codec::H264, &sealed).unwrap(), plain);
    assert_eq!(receiver.stats().opened, 3);
    // And none of them again, alone or together.
    for piece in [&sealed[..], &sealed[..ends[0]], &sealed[ends[0]..ends[1]], &sealed[ends[1]..]] {
        assert_eq!(open(&receiver, Codec::H264, piece), Err(Error::ReplayedFrame));
    }
}

#[test]
fn units_may_be_lost_but_not_reordered_repeated_or_mixed_with_other_senders() {
    let slice = |byte: u8| [&[0, 0, 1, 0x41][..], &[byte; 40]].concat();
    let plain = [slice(1), slice(2)].concat();
    let (sender, receiver) = pair(1, SUITE);
    let key = fresh_key();
    let other = Sender::from_key(&key, 2, SUITE).unwrap();
    receiver.add_key(2, &key).unwrap();
    let seal_two = |sender: &Sender| {
        let sealed = seal(sender, Codec::H264, &plain).unwrap();
        let second = units(Codec::H264, &sealed)[0].len() + 3;
        (sealed[..second].to_vec(), sealed[second..].to_vec())
    };
    let (first, second) = seal_two(&sender);
    let (_, foreign) = seal_two(&other);
    assert!(open(&receiver, Codec::H264, &[&second[..], &first].concat()).is_err());
    assert!(open(&receiver, Codec::H264, &[&first[..], &first].concat()).is_err());
    assert!(open(&receiver, Codec::H264, &[&first[..], &foreign].concat()).is_err());
    // A lost unit does not take the others with it.
    assert_eq!(open(&receiver, Codec::H264, &second).unwrap(), slice(2));
    assert_eq!(open(&receiver, Codec::H264, &first).unwrap(), slice(1));
    assert_eq!(open(&receiver, Codec::H264, &foreign).unwrap(), slice(2));
}

#[test]
fn what_is_refused_uses_up_no_counter_and_leaves_no_bytes() {
    let (sender, receiver) = pair(1, SUITE);
    let bad: &[u8] = &[0, 0, 1, 0x65, 1, 2, 3, 0, 0, 1, 0xe5];
    let mut out = vec![0xaa; 4096];
    assert_eq!(frame::seal(&sender, Codec::H264, bad, &mut out), Err(Error::InvalidArgument));
    assert!(out.iter().all(|&b| b == 0xaa));
    let good = &bad[..7];
    let short = frame::seal_max_size(Codec::H264, good.len()).unwrap() - 1;
    assert_eq!(frame::seal(&sender, Codec::H264, good, &mut out[..short]), Err(Error::BufferTooSmall));
    // Parameter sets alone are no frame, for either side.
    let sets: &[u8] = &[0, 0, 1, 0x67, 1, 2, 3, 0, 0, 1, 0x68, 1];
    assert_eq!(frame::seal(&sender, Codec::H264, sets, &mut out), Err(Error::InvalidArgument));
    assert_eq!(open(&receiver, Codec::H264, sets), Err(Error::MalformedFrame));
    assert_eq!(open(&receiver, Codec::H264, b""), Err(Error::MalformedFrame));
    assert!(out.iter().all(|&b| b == 0xaa));

    let len = frame::seal(&sender, Codec::H264, good, &mut out).unwrap();
    let mut back = vec![0; len];
    assert_eq!(frame::open(&receiver, Codec::H264, &out[..len], &mut back[..len - 1]), Err(Error::BufferTooSmall));
    let opened = frame::open(&receiver, Codec::H264, &out[..len], &mut back).unwrap();
    assert_eq!((opened.kid, opened.counter, &back[..opened.len]), (1, 0, good));
}

#[test]
fn sizes_are_bounded() {
    const MAX: usize = 64 << 20;
    for codec in Codec::ALL {
        assert_eq!(Codec::try_from(codec as u32), Ok(codec));
        let most = frame::seal_max_size(codec, MAX).unwrap();
        assert_eq!(frame::seal_max_size(codec, MAX + 1), Err(Error::InvalidLength));
        assert_eq!(frame::seal_max_size(codec, usize::MAX), Err(Error::InvalidLength));
        assert_eq!(frame::open_max_size(codec, most), Ok(most));
        assert_eq!(frame::open_max_size(codec, most + 1), Err(Error::InvalidLength));
        assert_eq!(frame::open_max_size(codec, 0), Ok(0));
        assert!(frame::seal_max_size(codec, 0).unwrap() <= 33);
    }
    for id in [0, 10, 255, u32::MAX] {
        assert_eq!(Codec::try_from(id), Err(Error::InvalidArgument));
    }
}

#[test]
fn a_frame_may_span_a_ratchet_step() {
    let key = fresh_key();
    let mut sender = Sender::from_key(&key, 0x50, SUITE).unwrap();
    sender.set_ratchet(4).unwrap();
    let receiver = Receiver::new(SUITE);
    receiver.set_ratchet(4, 8, 100).unwrap();
    receiver.add_key(0x50, &key).unwrap();
    let slice: &[u8] = &[0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let mut sealed = seal(&sender, Codec::H264, slice).unwrap();
    sender.ratchet().unwrap();
    sealed.extend(seal(&sender, Codec::H264, slice).unwrap());
    let mut forged = sealed.clone();
    let last = forged.len() - 2;
    forged[last] ^= 1;
    assert_eq!(open(&receiver, Codec::H264, &forged), Err(Error::DecryptionFailed));
    assert_eq!(open(&receiver, Codec::H264, &sealed).unwrap(), slice.repeat(2));
}

#[test]
fn nothing_is_allocated_for_a_frame() {
    if !heap::COUNTS {
        return crate::skipped("allocations of a frame: needs Linux with glibc");
    }
    let mut dice = Dice(5);
    for codec in Codec::ALL {
        let (sender, receiver) = pair(3, SUITE);
        let (mut plain, mut sealed, mut out) = (Vec::with_capacity(1000), vec![0; 20_000], vec![0; 20_000]);
        let mut calls = 0;
        for round in 0..200 {
            random_frame(&mut dice, codec, &mut plain);
            let count = heap::calls(|| {
                let len = frame::seal(&sender, codec, &plain, &mut sealed).unwrap();
                let at = len - 2;
                sealed[at] ^= 0x40;
                frame::open(&receiver, codec, &sealed[..len], &mut out).unwrap_err();
                sealed[at] ^= 0x40;
                frame::open(&receiver, codec, &sealed[..len], &mut out).unwrap();
                frame::open(&receiver, codec, &sealed[..len], &mut out).unwrap_err();
            });
            // The first frames may set things up.
            calls += if round < 8 { 0 } else { count };
        }
        assert_eq!(calls, 0, "{codec:?}");
    }
}
