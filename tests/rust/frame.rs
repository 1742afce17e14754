//! Codec-aware frames with real keys: round trips, forgeries, what a failed open leaves behind. Real encoded clips are in
//! `frame_clips.rs`; the byte work alone is tested in `src/frame/tests.rs`.

use crate::frame_units::essence;
use crate::heap;
use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use pqrtc::{Error, Result};
use std::sync::atomic::{AtomicU64, Ordering};

const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;
/// Metadata: both sides know which track this is.
const M: &[u8] = b"camera";

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
    let len = frame::seal(sender, codec, M, frame, &mut out)?;
    out.truncate(len);
    Ok(out)
}

fn open(receiver: &Receiver, codec: Codec, sealed: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![0xaa; frame::open_max_size(codec, sealed.len())?];
    match frame::open(receiver, codec, M, sealed, &mut out) {
        Ok(opened) => {
            out.truncate(opened.len);
            Ok(out)
        }
        Err(error) => {
            assert!(out.iter().all(|&b| b == 0) || out.iter().all(|&b| b == 0xaa), "{error}: partial output");
            let mut place = sealed.to_vec();
            assert_eq!(frame::open_in_place(receiver, codec, M, &mut place), Err(error));
            assert!(place == sealed || place.iter().all(|&b| b == 0), "{error}: partial output");
            Err(error)
        }
    }
}

fn open_in_place(receiver: &Receiver, codec: Codec, sealed: &[u8]) -> Result<Vec<u8>> {
    let mut place = sealed.to_vec();
    let opened = frame::open_in_place(receiver, codec, M, &mut place)?;
    place.truncate(opened.len);
    Ok(place)
}

/// Random numbers, the same on every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9e3779b97f4a7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        z ^ (z >> 31)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        (self.next() % sides as u64) as usize
    }

    pub fn fill(&mut self, out: &mut Vec<u8>, len: usize) {
        for _ in 0..len {
            // Half of all runs are of small bytes.
            let word = self.next();
            out.push(if word & 0x100 == 0 { word as u8 } else { word as u8 & 3 });
        }
    }
}

/// A valid frame of a codec, with its rough edges. `out` is cleared first.
pub fn random_frame(dice: &mut Dice, codec: Codec, out: &mut Vec<u8>) {
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
                let len = 1 + dice.roll(60);
                out.extend([0x32, len as u8]);
                dice.fill(out, len);
            }
        }
        Codec::Vp8 => dice.fill(out, 10 + len),
        Codec::Vp9 => {
            out.push(0x80 | dice.roll(64) as u8);
            dice.fill(out, 10 + len);
        }
        _ => dice.fill(out, len),
    }
}

/// Looks for a start code inside a unit, as whoever splits the stream would.
pub fn units(codec: Codec, mut frame: &[u8]) -> Vec<&[u8]> {
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
                let open_first = if dice.roll(2) == 0 { open } else { open_in_place };
                assert_eq!(open_first(&receiver, codec, &sealed).unwrap(), plain, "{codec:?}");
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
                        let len = frame::seal(&sender, codec, M, &plain, &mut sealed).unwrap();
                        let (before, after) = (units(codec, &plain), units(codec, &sealed[..len]));
                        assert_eq!(before.len(), after.len());
                        for (before, after) in before.iter().zip(after) {
                            assert_eq!(before[0], after[0]);
                            assert!(after.windows(3).all(|w| w[0] != 0 || w[1] != 0 || w[2] > 2), "{after:02x?}");
                            assert_ne!(after.last(), Some(&0));
                        }
                        out.resize(len, 0);
                        let opened = frame::open(&receiver, codec, M, &sealed[..len], &mut out).unwrap();
                        assert_eq!(out[..opened.len], plain);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        println!("{codec:?}: {} frames", done.into_inner());
    }
}

#[test]
fn every_flipped_bit_is_refused_or_changes_nothing() {
    // A delimiter, an SPS, then a slice. The start codes, the delimiter and the clear SPS may change; what is opened is what was sealed.
    let h264: &[u8] =
        &[0, 0, 1, 9, 0xf0, 0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let h265: &[u8] = &[0, 0, 0, 1, 0x42, 1, 0xc0, 0x1e, 0, 0, 1, 0x26, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let avcc: &[u8] = &[0, 0, 0, 3, 0x67, 0x42, 0x1e, 0, 0, 0, 11, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let hvcc: &[u8] = &[0, 0, 0, 4, 0x42, 1, 0x42, 0x1e, 0, 0, 0, 13, 0x26, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let cases: [(Codec, &[u8]); 9] = [
        (Codec::Opaque, b"frame"),
        (Codec::Opus, b"opus"),
        (Codec::Vp9, &[0x82, 0x49, 0x83, 0x42, 0, 0, 0xf0, 0, 0xf6, 6, 0x38, 0x24]),
        (Codec::Vp8, &[0x10, 2, 0, 0x9d, 1, 0x2a, 64, 0, 48, 0, 1, 2, 3]),
        (Codec::H264, h264),
        (Codec::H265, h265),
        (Codec::H264Avcc, avcc),
        (Codec::H265Hvcc, hvcc),
        (Codec::Av1, &[0x12, 0, 0x0a, 2, 7, 8, 0x32, 4, 1, 2, 3, 4]),
    ];
    for (codec, plain) in cases {
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
                        assert!(codec as u32 >= 5, "{codec:?} byte {at} ^ {flip:02x}");
                        assert_eq!(essence(codec, &opened), essence(codec, plain), "{codec:?} byte {at} ^ {flip:02x}");
                    }
                }
            }
        }
        println!("{codec:?}: {} flips, {unseen} in start codes, delimiters and clear parameter sets", sealed.len() * 9);
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
fn units_are_not_lost_reordered_repeated_or_mixed() {
    let slice = |byte: u8| [&[0, 0, 1, 0x41][..], &[byte; 40]].concat();
    let plain = [slice(1), slice(2)].concat();
    let (sender, receiver) = pair(1, SUITE);
    let key = fresh_key();
    let other = Sender::from_key(&key, 2, SUITE).unwrap();
    receiver.add_key(2, &key).unwrap();
    let seal_two = |sender: &Sender| {
        let sealed = seal(sender, Codec::H264, &plain).unwrap();
        let second = units(Codec::H264, &sealed)[0].len() + 3;
        [sealed[..second].to_vec(), sealed[second..].to_vec()]
    };
    let [one, two] = seal_two(&sender);
    let [three, four] = seal_two(&sender);
    let [_, foreign] = seal_two(&other);
    for units in [
        vec![&one],
        vec![&two],
        vec![&two, &one],
        vec![&one, &one],
        vec![&one, &two, &two],
        vec![&one, &foreign],
        vec![&one, &two, &foreign],
        vec![&one, &four],
        vec![&three, &two],
        vec![&two, &three],
        vec![&one, &two, &three, &four],
    ] {
        let forged: Vec<u8> = units.into_iter().flatten().copied().collect();
        let refused = open(&receiver, Codec::H264, &forged).unwrap_err();
        assert!(matches!(refused, Error::DecryptionFailed | Error::MalformedFrame), "{refused}");
    }
    assert_eq!(receiver.stats().opened, 0);
    for [first, second] in [[&three, &four], [&one, &two]] {
        assert_eq!(open(&receiver, Codec::H264, &[&first[..], second].concat()).unwrap(), plain);
    }
}

#[test]
fn a_frame_opens_under_its_codec_and_metadata_alone() {
    // Bytes that are a frame of every codec: a VP9 delta frame, of which the bytes of an AV1 padding OBU begin, and so on.
    let frames: [(Codec, &[u8]); 9] = [
        (Codec::Opaque, &[0x87; 20]),
        (Codec::Opus, &[0x87; 20]),
        (Codec::Vp8, &[0x87; 20]),
        (Codec::Vp9, &[0x87; 20]),
        (Codec::H264, &[0, 0, 1, 0x26, 1, 2, 3]),
        (Codec::H264Avcc, &[0, 0, 0, 3, 0x26, 1, 2]),
        (Codec::H265, &[0, 0, 1, 0x26, 1, 2, 3]),
        (Codec::H265Hvcc, &[0, 0, 0, 3, 0x26, 1, 2]),
        (Codec::Av1, &[0x32, 3, 1, 2, 3]),
    ];
    let (sender, receiver) = pair(1, SUITE);
    for (codec, plain) in frames {
        let sealed = seal(&sender, codec, plain).unwrap();
        for other in Codec::ALL {
            // Opaque and Opus are the same; and of one codec the framings have the same bytes to seal, but other bytes between.
            if other != codec && (other as u32 > 2 || codec as u32 > 2) {
                open(&receiver, other, &sealed).unwrap_err();
            }
        }
        let mut out = vec![0; sealed.len()];
        for metadata in [&b""[..], b"camer", b"camera ", b"CAMERA", &[0; 60_000]] {
            let refused = frame::open(&receiver, codec, metadata, &sealed, &mut out);
            assert_eq!(refused, Err(Error::DecryptionFailed), "{codec:?}");
        }
        assert_eq!(frame::open(&receiver, codec, &[0; 60_001], &sealed, &mut out), Err(Error::InvalidLength));
        assert_eq!(open(&receiver, codec, &sealed).unwrap(), plain);
        let mut sealed = vec![0; frame::seal_max_size(codec, plain.len()).unwrap()];
        assert_eq!(frame::seal(&sender, codec, &[0; 60_001], plain, &mut sealed), Err(Error::InvalidLength));
        let len = frame::seal(&sender, codec, &[9; 60_000], plain, &mut sealed).unwrap();
        let opened = frame::open_in_place(&receiver, codec, &[9; 60_000], &mut sealed[..len]).unwrap();
        assert_eq!(&sealed[..opened.len], plain);
    }
}

#[test]
fn vp9_keeps_what_packetizers_and_forwarders_read() {
    // libvpx, 16x16 grey: a key frame and a delta frame.
    let frames: [&[u8]; 2] = [
        &[
            0x82, 0x49, 0x83, 0x42, 0x00, 0x00, 0xf0, 0x00, 0xf6, 0x06, 0x38, 0x24, 0x1c, 0x18, 0x4a, 0x00, 0x00, 0x20,
            0x40, 0x00, 0x22, 0x6b, 0x24, 0x00,
        ],
        &[0x86, 0x00, 0x40, 0x92, 0x9c, 0x48, 0x50, 0x00, 0x00, 0x00, 0x37, 0x00, 0x00, 0x04, 0x24],
    ];
    for kid in [0, 1, 7, 8, 300] {
        let (sender, receiver) = pair(kid, SUITE);
        for (plain, clear) in frames.into_iter().zip([10, 1]) {
            let sealed = seal(&sender, Codec::Vp9, plain).unwrap();
            assert_eq!(sealed[..clear], plain[..clear]);
            assert_eq!(open(&receiver, Codec::Vp9, &sealed).unwrap(), plain);
        }
    }
}

/// GStreamer's vp9parse refuses a key frame whose last byte is a superframe marker without an index; an index before it would split a frame.
#[test]
fn sealed_vp9_ends_like_no_superframe() {
    let (sender, receiver) = pair(1, SUITE);
    let mut next = 0;
    for (first, frames) in [(0x82, 500), (0xb1, 500), (0x86, 20_000)] {
        let plain = [&[first][..], &[7; 20]].concat();
        for _ in 0..frames {
            let sealed = seal(&sender, Codec::Vp9, &plain).unwrap();
            let marker = sealed[sealed.len() - 1];
            if marker & 0xe0 == 0xc0 {
                assert_eq!(first, 0x86, "a key frame ends in a marker");
                let index = 2 + ((marker as usize >> 3 & 3) + 1) * ((marker as usize & 7) + 1);
                assert!(index > sealed.len() || sealed[sealed.len() - index] != marker);
            }
            let counter = frame::inspect(Codec::Vp9, &sealed).unwrap().first_counter;
            assert!(counter >= next);
            next = counter + 1;
            assert_eq!(open(&receiver, Codec::Vp9, &sealed).unwrap(), plain);
        }
    }
    assert!(next > 21_000, "nothing was sealed twice");
}

#[test]
fn upper_spatial_layers_may_be_dropped_and_lower_ones_not() {
    let obu = |kind: u8, layer: u8, fill: u8| [&[kind << 3 | 6, layer << 3, 30][..], &[fill; 30]].concat();
    let frame: Vec<Vec<u8>> = vec![
        vec![0x12, 0],
        vec![0x0a, 2, 7, 8],
        obu(3, 0, 1),
        obu(4, 0, 2),
        obu(6, 1, 3),
        vec![0x7a, 1, 1],
        obu(3, 2, 4),
        obu(4, 2, 5),
    ];
    let (sender, _) = pair(1, SUITE);
    let key = fresh_key();
    let sealed = {
        let sender = Sender::from_key(&key, 1, SUITE).unwrap();
        seal(&sender, Codec::Av1, &frame.concat()).unwrap()
    };
    drop(sender);
    let (mut rest, mut parts) = (&sealed[..], Vec::new());
    for part in &frame {
        let header = if part[0] & 4 != 0 { 2 } else { 1 };
        let (part, after) = rest.split_at(header + 1 + usize::from(rest[header]));
        parts.push(part);
        rest = after;
    }
    assert!(rest.is_empty());
    let opened = |kept: &[usize]| {
        let receiver = Receiver::new(SUITE);
        receiver.add_key(1, &key).unwrap();
        open(&receiver, Codec::Av1, &kept.iter().map(|&part| parts[part]).collect::<Vec<_>>().concat())
    };
    for kept in
        [&[0, 1, 2, 3][..], &[0, 1, 2, 3, 4], &[0, 1, 2, 3, 4, 5], &[0, 1, 2, 3, 4, 5, 6, 7], &[0, 1, 2, 3, 6, 7]]
    {
        let expected: Vec<u8> = kept.iter().flat_map(|&part| frame[part].clone()).collect();
        assert_eq!(opened(kept).unwrap(), expected, "{kept:?}");
    }
    // The clear sequence header does not matter.
    assert_eq!(opened(&[2, 3]).unwrap(), frame[1..4].concat());
    // Parts of a layer, and layers in another order.
    for kept in [&[1, 2][..], &[1, 3], &[2, 3, 4, 6], &[2, 3, 4, 7], &[4, 2, 3], &[6, 7, 4], &[2, 4, 3], &[2, 2, 3]] {
        opened(kept).unwrap_err();
    }
}

#[test]
fn what_is_refused_uses_up_no_counter_and_leaves_no_bytes() {
    let (sender, receiver) = pair(1, SUITE);
    let bad: &[u8] = &[0, 0, 1, 0x65, 1, 2, 3, 0, 0, 1, 0xe5];
    let mut out = vec![0xaa; 4096];
    assert_eq!(frame::seal(&sender, Codec::H264, M, bad, &mut out), Err(Error::InvalidArgument));
    assert!(out.iter().all(|&b| b == 0xaa));
    let good = &bad[..7];
    let short = frame::seal_max_size(Codec::H264, good.len()).unwrap() - 1;
    assert_eq!(frame::seal(&sender, Codec::H264, M, good, &mut out[..short]), Err(Error::BufferTooSmall));
    // Parameter sets alone are sent as they are, and are no sealed frame.
    let sets: &[u8] = &[0, 0, 1, 0x67, 1, 2, 3, 0, 0, 1, 0x68, 1];
    assert_eq!(frame::seal(&sender, Codec::H264, M, sets, &mut out), Err(Error::NothingToSeal));
    assert_eq!(frame::seal(&sender, Codec::Vp8, M, b"", &mut out), Err(Error::NothingToSeal));
    assert_eq!(open(&receiver, Codec::H264, sets), Err(Error::MalformedFrame));
    assert_eq!(open(&receiver, Codec::H264, b""), Err(Error::MalformedFrame));
    assert!(out.iter().all(|&b| b == 0xaa));

    let len = frame::seal(&sender, Codec::H264, M, good, &mut out).unwrap();
    let mut back = vec![0; len];
    assert_eq!(frame::open(&receiver, Codec::H264, M, &out[..len], &mut back[..len - 1]), Err(Error::BufferTooSmall));
    let opened = frame::open(&receiver, Codec::H264, M, &out[..len], &mut back).unwrap();
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
        assert!(frame::seal_max_size(codec, 0).unwrap() < 400);
    }
    for id in [0, 10, 255, u32::MAX] {
        assert_eq!(Codec::try_from(id), Err(Error::InvalidArgument));
    }
}

#[test]
fn a_frame_does_not_span_a_ratchet_step() {
    let key = fresh_key();
    let sender = Sender::from_key(&key, 0x50, SUITE).unwrap();
    sender.set_ratchet(4).unwrap();
    let receiver = Receiver::new(SUITE);
    receiver.set_ratchet(4, 8, 100).unwrap();
    receiver.add_key(0x50, &key).unwrap();
    let slice: &[u8] = &[0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let before = seal(&sender, Codec::H264, slice).unwrap();
    sender.ratchet().unwrap();
    let after = seal(&sender, Codec::H264, &slice.repeat(2)).unwrap();
    open(&receiver, Codec::H264, &[&before[..], &after].concat()).unwrap_err();
    assert_eq!(open(&receiver, Codec::H264, &after).unwrap(), slice.repeat(2));
    assert_eq!(open(&receiver, Codec::H264, &before).unwrap(), slice);
}

#[test]
fn threads_that_seal_at_once_and_ratchet_do_not_mix_frames() {
    let key = fresh_key();
    let sender = Sender::from_key(&key, 0x1000, SUITE).unwrap();
    sender.set_ratchet(12).unwrap();
    let receiver = Receiver::new(SUITE);
    receiver.set_window(65536).unwrap();
    receiver.set_ratchet(12, 1024, 10_000).unwrap();
    receiver.add_key(0x1000, &key).unwrap();
    let frame: Vec<u8> = (0..8).flat_map(|byte| [&[0, 0, 1, 0x41][..], &[byte + 1; 30]].concat()).collect();
    let mut frames: Vec<(u64, Vec<u8>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let (sender, frame) = (&sender, &frame);
                scope.spawn(move || {
                    let mut sealed = Vec::new();
                    for round in 0..100 {
                        let bytes = seal(sender, Codec::H264, frame).unwrap();
                        let info = frame::inspect(Codec::H264, &bytes).unwrap();
                        assert_eq!((info.sealed_units, info.last_counter - info.first_counter), (8, 7));
                        sealed.push((info.kid, bytes));
                        if thread == 0 && round % 10 == 9 {
                            sender.ratchet().unwrap();
                        }
                    }
                    sealed
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    frames.sort_by_key(|frame| frame.0);
    assert_eq!(sender.kid(), 0x100a);
    for (_, sealed) in frames {
        assert_eq!(open_in_place(&receiver, Codec::H264, &sealed).unwrap(), frame);
    }
}

#[test]
fn inspecting_tells_what_is_there() {
    let (sender, _) = pair(300, SUITE);
    let frame =
        [&[0, 0, 1, 9, 0xf0][..], &[0, 0, 0, 1, 0x67, 1, 2], &[0, 0, 1, 0x65], &[7; 40], &[0, 0, 1, 6, 5]].concat();
    for first in [0, 2] {
        let sealed = seal(&sender, Codec::H264, &frame).unwrap();
        let info = frame::inspect(Codec::H264, &sealed).unwrap();
        let expected = frame::Info {
            kid: 300,
            first_counter: first,
            last_counter: first + 1,
            sealed_units: 2,
            parameter_sets: 1,
            delimiters: 1,
            clear_bytes: 2 + 3 + 9 + 1,
        };
        assert_eq!(info, expected);
    }
    let sealed = seal(&sender, Codec::Vp8, &[0x10; 40]).unwrap();
    let info = frame::inspect(Codec::Vp8, &sealed).unwrap();
    assert_eq!((info.kid, info.first_counter, info.sealed_units, info.clear_bytes), (300, 4, 1, 10));
    assert_eq!(frame::inspect(Codec::Vp8, &sealed[..12]), Err(Error::MalformedFrame));
}

#[test]
fn nothing_is_allocated_for_a_frame() {
    if !heap::COUNTS {
        return crate::skipped("allocations of a frame: needs Linux with glibc");
    }
    let mut dice = Dice(5);
    // 64 units, and parameter sets.
    let slices = [&[0, 0, 1, 0x67, 1, 2, 3][..], &[0, 0, 1, 0x65, 7, 7, 7, 7, 7, 7, 7, 7, 7].repeat(64)].concat();
    let (sender, receiver) = pair(3, SUITE);
    let (mut sealed, mut out) = (vec![0; 20_000], vec![0; 20_000]);
    for round in 0..20 {
        let count = heap::calls(|| {
            let len = frame::seal(&sender, Codec::H264, M, &slices, &mut sealed).unwrap();
            frame::open(&receiver, Codec::H264, M, &sealed[..len], &mut out).unwrap();
            let len = frame::seal(&sender, Codec::H264, M, &slices, &mut sealed).unwrap();
            frame::open_in_place(&receiver, Codec::H264, M, &mut sealed[..len]).unwrap();
        });
        assert!(round == 0 || count == 0);
    }
    for codec in Codec::ALL {
        let (sender, receiver) = pair(3, SUITE);
        let (mut plain, mut sealed, mut out) = (Vec::with_capacity(1000), vec![0; 20_000], vec![0; 20_000]);
        let mut calls = 0;
        for round in 0..200 {
            random_frame(&mut dice, codec, &mut plain);
            let count = heap::calls(|| {
                let len = frame::seal(&sender, codec, M, &plain, &mut sealed).unwrap();
                let at = len - 2;
                sealed[at] ^= 0x40;
                frame::open(&receiver, codec, M, &sealed[..len], &mut out).unwrap_err();
                sealed[at] ^= 0x40;
                frame::open(&receiver, codec, M, &sealed[..len], &mut out).unwrap();
                frame::open(&receiver, codec, M, &sealed[..len], &mut out).unwrap_err();
                let len = frame::seal(&sender, codec, &[7; 200], &plain, &mut sealed).unwrap();
                frame::inspect(codec, &sealed[..len]).unwrap();
                frame::open_in_place(&receiver, codec, &[7; 200], &mut sealed[..len]).unwrap();
            });
            // The first frames may set things up.
            calls += if round < 8 { 0 } else { count };
        }
        assert_eq!(calls, 0, "{codec:?}");
    }
}
