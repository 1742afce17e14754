//! The byte work alone, against a cipher that is as bad for it as a cipher can be: the identity, behind a header and a run of zeros.

use super::*;
use crate::sframe::MAX_OVERHEAD;
use obu::HAS_SIZE;
use std::collections::VecDeque;

/// Seals as a header of KID 0, zeros, and the plaintext: `overhead` bytes more. Opens what it sealed, in order, under the same metadata.
struct Zeros {
    overhead: usize,
    counter: u64,
    sealed: VecDeque<(Vec<u8>, Vec<u8>)>,
}

impl Zeros {
    fn new(overhead: usize) -> Self {
        Zeros { overhead, counter: 0, sealed: VecDeque::new() }
    }

    fn header(&self) -> Vec<u8> {
        let counter = self.counter.to_be_bytes();
        let mut header = match self.counter {
            // Mostly zeros.
            _ if self.overhead > 17 => [&[0xff; 1][..], &[0; 8], &counter].concat(),
            0..=7 => vec![self.counter as u8],
            _ => vec![0x09, counter[6], counter[7]],
        };
        header.resize(self.overhead, 0);
        header
    }
}

impl Seal for Zeros {
    fn counter(&self) -> u64 {
        self.counter
    }

    fn seal(&mut self, metadata: &[&[u8]], plaintext: Source, out: &mut [u8]) -> Result<usize> {
        let plaintext = match plaintext {
            Source::Apart(plaintext) => plaintext.to_vec(),
            Source::InPlace(len) => out[..len].to_vec(),
        };
        assert_eq!(out.len(), (plaintext.len() + MAX_OVERHEAD).max(out.len()));
        // A sender may use its whole room as scratch.
        out[..plaintext.len() + MAX_OVERHEAD].fill(0);
        let sealed = [self.header(), plaintext].concat();
        out[..sealed.len()].copy_from_slice(&sealed);
        self.counter += 1;
        self.sealed.push_back((metadata.concat(), sealed));
        Ok(self.sealed.back().unwrap().1.len())
    }
}

impl Open for Zeros {
    fn open(&mut self, metadata: &[&[u8]], sealed: Source, out: &mut [u8]) -> Result<usize> {
        let sealed = match sealed {
            Source::Apart(sealed) => sealed.to_vec(),
            Source::InPlace(len) => out[..len].to_vec(),
        };
        let len = sealed.len().checked_sub(self.overhead).ok_or(Error::MalformedFrame)?;
        match self.sealed.pop_front() {
            Some((m, s)) if m == metadata.concat() && s == sealed => {
                out.fill(0xee);
                out[..len].copy_from_slice(&sealed[self.overhead..]);
                Ok(len)
            }
            _ => Err(Error::DecryptionFailed),
        }
    }
}

/// Numbers that do not surprise.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % sides
    }

    /// Bytes that make trouble.
    fn bytes(&mut self, len: usize) -> Vec<u8> {
        const NASTY: [u8; 16] = [0, 0, 0, 0, 0, 1, 1, 2, 3, 3, 4, 0x41, 0x65, 0x67, 0x80, 0xff];
        (0..len).map(|_| NASTY[self.roll(16)]).collect()
    }

    fn frame(&mut self, codec: Codec) -> Vec<u8> {
        let mut frame = Vec::new();
        for _ in 0..=self.roll(5) {
            let len = if self.roll(4) == 0 { self.roll(40) } else { self.roll(12) };
            let mut unit = self.bytes(len);
            match codec {
                Codec::H264 | Codec::H264Avcc | Codec::H265 | Codec::H265Hvcc if self.roll(4) > 0 => {
                    unit.insert(0, self.roll(0x80) as u8);
                }
                Codec::Av1 => {
                    let field = self.roll(8);
                    let header = (self.roll(16) << 3) as u8 | if field > 0 { HAS_SIZE } else { 0 };
                    let extension = self.roll(3) == 0;
                    let mut obu = vec![header | if extension { 4 } else { 0 }];
                    obu.extend(extension.then(|| (self.roll(32) << 3) as u8));
                    for i in 0..field {
                        let low = if i == 0 { unit.len() as u8 } else { 0 };
                        obu.push(low | if i + 1 < field { 0x80 } else { 0 });
                    }
                    obu.append(&mut unit);
                    unit = obu;
                }
                _ => {}
            }
            match codec {
                Codec::H264 | Codec::H265 => {
                    let zeros = [0, 0, 1, 1, 5][self.roll(5)];
                    frame.resize(frame.len() + zeros, 0);
                    frame.extend([0, 0, 1]);
                }
                Codec::H264Avcc | Codec::H265Hvcc => frame.extend((unit.len() as u32).to_be_bytes()),
                _ => {}
            }
            frame.append(&mut unit);
        }
        if self.roll(8) == 0 {
            let at = self.roll(frame.len().max(1));
            if let Some(byte) = frame.get_mut(at) {
                *byte ^= 1 << self.roll(8);
            }
        }
        frame
    }
}

/// Splits at start codes, as a packetizer does.
fn annex_b_units(frame: &[u8]) -> Vec<&[u8]> {
    let mut starts: Vec<usize> = (0..frame.len()).filter(|&i| frame[i..].starts_with(&[0, 0, 1])).collect();
    starts.push(frame.len());
    starts
        .windows(2)
        .map(|pair| {
            let unit = &frame[pair[0] + 3..pair[1]];
            &unit[..unit.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1)]
        })
        .collect()
}

/// The units of a length-prefixed frame.
fn length_units(mut frame: &[u8]) -> Vec<&[u8]> {
    let mut units = Vec::new();
    while let Some((len, rest)) = frame.split_first_chunk::<4>() {
        let (unit, rest) = rest.split_at(u32::from_be_bytes(*len) as usize);
        units.push(unit);
        frame = rest;
    }
    assert!(frame.is_empty());
    units
}

const M: &[u8] = b"metadata";

fn seal_with(codec: Codec, frame: &[u8], cipher: &mut Zeros) -> Result<Vec<u8>> {
    let layout = codec.layout();
    let plan = layout.check(frame)?;
    let (first, mut sealed) = (cipher.counter, vec![0xaa; layout.sealed_max(frame.len())]);
    let len = layout.seal(&plan, M, frame, &mut sealed, cipher).unwrap();
    assert_eq!(cipher.counter - first, plan.units);
    sealed.truncate(len);
    Ok(sealed)
}

/// Opens to another buffer and in place, which must give the same.
fn open_with(codec: Codec, sealed: &[u8], cipher: &mut Zeros) -> Result<Vec<u8>> {
    let (mut out, mut place) = (vec![0xaa; sealed.len()], sealed.to_vec());
    let mut again = Zeros { sealed: cipher.sealed.clone(), ..*cipher };
    let opened = codec.layout().open(M, Buffers::apart(sealed, &mut out), cipher);
    assert_eq!(codec.layout().open(M, Buffers::in_place(&mut place), &mut again), opened, "{sealed:02x?}");
    let len = opened?;
    assert_eq!(out[..len], place[..len]);
    out.truncate(len);
    Ok(out)
}

fn round_trip(codec: Codec, frame: &[u8], overhead: usize) -> Option<Vec<u8>> {
    let mut cipher = Zeros::new(overhead);
    cipher.counter = frame.len() as u64 % 11;
    let first = cipher.counter;
    let sealed = seal_with(codec, frame, &mut cipher).ok()?;
    let info = inspect(codec, &sealed).unwrap_or_else(|e| panic!("{e}: {frame:02x?} {sealed:02x?}"));
    assert_eq!((info.kid, info.first_counter, info.last_counter), (0, first, cipher.counter - 1));
    assert_eq!(info.sealed_units, cipher.counter - first);
    let out = open_with(codec, &sealed, &mut cipher).unwrap_or_else(|e| panic!("{e}: {frame:02x?} {sealed:02x?}"));
    assert_eq!(out, frame, "{sealed:02x?}");
    assert!(cipher.sealed.is_empty());
    Some(sealed)
}

/// How many frames of each codec a test makes up.
const ROUNDS: usize = if cfg!(miri) {
    40
} else if cfg!(debug_assertions) {
    20_000
} else {
    100_000
};

#[test]
fn any_frame_comes_back_equal_or_is_refused() {
    let mut dice = Dice(1);
    for codec in Codec::ALL {
        let mut accepted = 0;
        for _ in 0..ROUNDS {
            let frame = dice.frame(codec);
            let overhead = 5 + dice.roll(MAX_OVERHEAD - 4);
            let Some(sealed) = round_trip(codec, &frame, overhead) else { continue };
            accepted += 1;
            // The same units, of the same types, and no start code in any.
            let (before, after) = match codec {
                Codec::H264 | Codec::H265 => (annex_b_units(&frame), annex_b_units(&sealed)),
                Codec::H264Avcc | Codec::H265Hvcc => (length_units(&frame), length_units(&sealed)),
                _ => continue,
            };
            assert_eq!(before.len(), after.len(), "{frame:02x?}");
            for (before, after) in before.iter().zip(after) {
                assert_eq!(before.first(), after.first());
                // A clear unit of AVCC may end in zeros.
                if *before != after {
                    assert!(emulation::is_clean(after) && after.last() != Some(&0), "{frame:02x?}");
                }
            }
        }
        println!("{codec:?}: {accepted} of {ROUNDS} accepted");
        // One header in twenty of VP9 is one that the seal can keep.
        let all = matches!(codec.layout(), Layout::Whole);
        assert!(cfg!(miri) || accepted > ROUNDS / 40 && (accepted < ROUNDS || all));
    }
}

#[test]
fn hostile_bytes_never_panic_and_never_open() {
    let mut dice = Dice(2);
    for codec in Codec::ALL {
        for _ in 0..ROUNDS {
            let mut sealed = dice.frame(codec);
            if dice.roll(2) == 0
                && let Some(last) = sealed.last_mut()
            {
                *last = 0x80 | dice.roll(12) as u8 | if dice.roll(3) == 0 { 0x40 } else { 0 };
            }
            let _ = inspect(codec, &sealed);
            // Nothing was ever sealed.
            let error = open_with(codec, &sealed, &mut Zeros::new(5)).unwrap_err();
            assert!(matches!(error, Error::MalformedFrame | Error::DecryptionFailed));
        }
    }
}

#[test]
fn a_frame_sealed_in_one_framing_opens_in_the_other() {
    let mut dice = Dice(3);
    let mut opened = [0; 2];
    let lengths = |units: Vec<&[u8]>| -> Vec<u8> {
        units.into_iter().flat_map(|unit| [&(unit.len() as u32).to_be_bytes(), unit].concat()).collect()
    };
    for (annex_b, length) in [(Codec::H264, Codec::H264Avcc), (Codec::H265, Codec::H265Hvcc)] {
        for _ in 0..ROUNDS.min(5_000) {
            let frame = dice.frame(annex_b);
            let mut cipher = Zeros::new(5);
            if let Ok(sealed) = seal_with(annex_b, &frame, &mut cipher) {
                let moved = lengths(annex_b_units(&sealed));
                let out = open_with(length, &moved, &mut cipher).unwrap();
                assert_eq!(length_units(&out), annex_b_units(&frame));
                opened[0] += 1;
            }
            let frame = lengths(annex_b_units(&frame).into_iter().filter(|unit| !unit.is_empty()).collect());
            let mut cipher = Zeros::new(5);
            if let Ok(sealed) = seal_with(length, &frame, &mut cipher) {
                let units = length_units(&sealed);
                let moved: Vec<u8> = units.into_iter().flat_map(|unit| [&[0, 0, 0, 1], unit].concat()).collect();
                let out = open_with(annex_b, &moved, &mut cipher).unwrap();
                assert_eq!(annex_b_units(&out), length_units(&frame));
                opened[1] += 1;
            }
        }
    }
    assert!(opened.into_iter().all(|count| count > ROUNDS.min(5_000) / 5), "{opened:?}");
}

#[test]
#[cfg_attr(miri, ignore = "is about long frames")]
fn the_bounds_hold_in_the_worst_case() {
    for len in (0..700).chain([4_000, 70_000]) {
        // All zeros behind two clear zeros: an escape for every two bytes.
        let mut unit = vec![0x65, 9, 9, 9, 9, 9, 9, 0, 0];
        unit.resize(9 + len, 0);
        let frame = [&(unit.len() as u32).to_be_bytes()[..], &unit].concat();
        let sealed = round_trip(Codec::H264Avcc, &frame, MAX_OVERHEAD).unwrap();
        // But for the header, which is not all zeros.
        assert!(sealed.len() + 5 > 4 + 9 + emulation::escaped_max(len + MAX_OVERHEAD));
        assert!(sealed.len() <= Codec::H264Avcc.layout().sealed_max(frame.len()));
    }
    // As many units as a frame may have, as short as they can be; and one more.
    for (codec, unit) in [
        (Codec::H264, &[0, 0, 1, 6][..]),
        (Codec::H264Avcc, &[0, 0, 0, 1, 6]),
        (Codec::H265, &[0, 0, 1, 0x4e, 1]),
        (Codec::H265Hvcc, &[0, 0, 0, 2, 0x4e, 1]),
        (Codec::Av1, &[0x22, 0]),
    ] {
        let most = (2048..).find(|&count| count + 1 > Syntax::max_units((count + 1) * unit.len())).unwrap();
        round_trip(codec, &unit.repeat(most), MAX_OVERHEAD).unwrap();
        assert_eq!(codec.layout().check(&unit.repeat(most + 1)).err(), Some(Error::InvalidArgument));
        assert!((2100..2300).contains(&most), "{codec:?} {most}");
    }
    // One slice for each macroblock of 1080p.
    round_trip(Codec::H264, &[&[0, 0, 1, 0x65][..], &[7; 68]].concat().repeat(8160), 20).unwrap();
}

/// Frames with parameter sets, and how many bytes these have.
fn with_sets(codec: Codec, sets: &[usize]) -> (Vec<u8>, usize) {
    let mut frame = Vec::new();
    for &len in sets {
        match codec {
            Codec::H264 => frame.extend([0, 0, 1, 0x67]),
            Codec::H264Avcc => frame.extend([&(len as u32).to_be_bytes()[..], &[0x67]].concat()),
            Codec::H265 => frame.extend([0, 0, 1, 0x40, 1]),
            Codec::H265Hvcc => frame.extend([&(len as u32).to_be_bytes()[..], &[0x40, 1]].concat()),
            _ => {
                let size = [len as u8 & 0x7f | 0x80, (len >> 7) as u8];
                frame.extend([&[0x0a], &size[..]].concat());
            }
        }
        let header = match codec {
            Codec::H264 | Codec::H264Avcc => 1,
            Codec::Av1 => 0,
            _ => 2,
        };
        frame.resize(frame.len() + len - header, 0x11);
    }
    let all = sets.iter().sum::<usize>() + if codec == Codec::Av1 { 3 * sets.len() } else { 0 };
    frame.extend(match codec {
        Codec::H264 => vec![0, 0, 1, 6],
        Codec::H264Avcc => vec![0, 0, 0, 1, 6],
        Codec::H265 => vec![0, 0, 1, 0x4e, 1],
        Codec::H265Hvcc => vec![0, 0, 0, 2, 0x4e, 1],
        _ => vec![0x22, 0],
    });
    (frame, all)
}

#[test]
#[cfg_attr(miri, ignore = "is about long frames")]
fn parameter_sets_have_limits() {
    for codec in [Codec::H264, Codec::H264Avcc, Codec::H265, Codec::H265Hvcc, Codec::Av1] {
        let extra = if codec == Codec::Av1 { 3 } else { 0 };
        for sets in [vec![2; 32], vec![8192 - extra], vec![253; 32], vec![5]] {
            let (frame, bytes) = with_sets(codec, &sets);
            assert!(bytes <= 8192);
            round_trip(codec, &frame, MAX_OVERHEAD).unwrap();
        }
        for sets in [vec![2; 33], vec![8193 - extra], vec![258; 32]] {
            let (frame, _) = with_sets(codec, &sets);
            assert_eq!(codec.layout().check(&frame).err(), Some(Error::InvalidArgument));
        }
    }
}

#[test]
fn parameter_sets_come_back_where_they_were() {
    let start = |zeros: usize, unit: &[u8]| [&vec![0; zeros][..], &[1], unit].concat();
    let frames = [
        // A delimiter, two sets, a slice, a set with a long start code in front, a delimiter before a set, a slice, sets at the end, zeros.
        [
            start(3, &[9, 0xf0]),
            start(3, &[0x67, 1, 2, 3]),
            start(2, &[0x68, 4]),
            start(2, &[0x65, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
            start(6, &[0x68, 9]),
            start(2, &[0x65, 6, 6, 7, 8, 9, 10, 11, 12, 13]),
            start(2, &[11]),
            start(3, &[0x68, 1, 1, 1]),
            vec![0, 0, 0],
        ]
        .concat(),
        // Very long start codes.
        [start(254, &[0x67, 1]), start(300, &[0x65, 1, 2]), start(200, &[0x67, 2])].concat(),
    ];
    for frame in frames {
        let sealed = round_trip(Codec::H264, &frame, 9).unwrap();
        // The clear ones may be changed, and others come to them.
        let mut cipher = Zeros::new(9);
        cipher.counter = frame.len() as u64 % 11;
        assert_eq!(seal_with(Codec::H264, &frame, &mut cipher).unwrap(), sealed);
        let added = [start(2, &[0x67, 0x42, 7]), sealed.clone(), start(3, &[0x68, 9])].concat();
        assert!(
            open_with(Codec::H264, &added, &mut cipher)
                .unwrap()
                .starts_with(&frame[..frame.iter().rposition(|&byte| byte != 0).unwrap() + 1])
        );
        // They may be gone, as long as the frame does not get longer.
        let mut cipher = Zeros::new(9);
        let sealed = seal_with(Codec::H264, &frame, &mut cipher).unwrap();
        let rest: Vec<u8> = annex_b_units(&sealed)
            .into_iter()
            .filter(|unit| !matches!(unit[0] & 31, 7 | 8))
            .flat_map(|unit| start(3, unit))
            .collect();
        match open_with(Codec::H264, &rest, &mut cipher) {
            Ok(opened) => assert_eq!(annex_b_units(&opened), annex_b_units(&frame)),
            Err(error) => assert_eq!((error, frame.len() > 300), (Error::MalformedFrame, true)),
        }
    }
    // What would come back in another order, and what would not fit.
    for frame in [
        [start(2, &[0x67, 1]), start(2, &[9]), start(2, &[0x65, 1])].concat(),
        [start(2, &[0x65, 1]), start(2, &[0x67, 1]), start(2, &[11])].concat(),
        [start(255, &[0x67, 1]), start(2, &[0x65, 1])].concat(),
    ] {
        assert_eq!(Codec::H264.layout().check(&frame).err(), Some(Error::InvalidArgument));
    }
    // In AVCC they may end in zeros, and a length of zero is a delimiter.
    for set in [&[0x67, 1, 0][..], &[0x67, 1, 0, 0, 0], &[0x67, 0, 3, 0, 0, 3, 0, 0]] {
        let length = |unit: &[u8]| [&(unit.len() as u32).to_be_bytes(), unit].concat();
        let frame = [length(&[]), length(set), length(&[0x65, 1, 2, 3, 0, 0]), length(&[])].concat();
        let sealed = round_trip(Codec::H264Avcc, &frame, 9).unwrap();
        assert_eq!(inspect(Codec::H264Avcc, &sealed).unwrap().delimiters, 2);
    }
    // A sequence header without a size is the last OBU.
    let frame = [0x12, 0, 0x32, 3, 1, 2, 3, 0x08, 4, 5, 6];
    round_trip(Codec::Av1, &frame, 9).unwrap();
}

#[test]
fn units_are_bound_to_their_group() {
    let units = |codec: Codec, frame: &[u8]| {
        let mut cipher = Zeros::new(5);
        seal_with(codec, frame, &mut cipher).unwrap();
        let head = b"pqrtc frame v1".len() + 1;
        let bound = |(metadata, _): &(Vec<u8>, Vec<u8>)| {
            let (head, rest) = metadata.split_at(head);
            assert_eq!((&head[..14], head[14]), (&b"pqrtc frame v1"[..], codec as u8));
            let (first, rest) = rest.split_first_chunk::<8>().unwrap();
            let shown = usize::from(rest[2]) << 8 | usize::from(rest[3]);
            assert_eq!(&rest[4 + shown..], M);
            (u64::from_be_bytes(*first), rest[0], rest[1], rest[4..4 + shown].to_vec())
        };
        cipher.sealed.iter().map(bound).collect::<Vec<_>>()
    };
    let nal = |unit: &[u8]| [&[0, 0, 1], unit].concat();
    let frame = [
        nal(&[0x67, 1]),
        nal(&[0x6e, 1, 1, 1]),
        nal(&[0x65, 2]),
        nal(&[9]),
        nal(&[0x74, 3]),
        nal(&[0x74, 4]),
        nal(&[6, 5]),
    ];
    assert_eq!(
        units(Codec::H264, &frame.concat()),
        [
            (0, 0, 0xc3, vec![0x6e, 1, 1, 1]),
            (0, 1, 0x81, vec![0x65, 2]),
            (2, 1, 0x81, vec![0x74, 3]),
            (3, 1, 0x81, vec![0x74, 4]),
            (4, 1, 0x80, vec![6]),
        ]
    );
    // Layers 0, 0, 1 and 33 of H.265.
    let frame = [nal(&[0x26, 1, 1]), nal(&[0x26, 1, 2]), nal(&[0x02, 9, 3]), nal(&[0x03, 9, 4])];
    let bound = units(Codec::H265, &frame.concat());
    assert_eq!(bound.iter().map(|unit| (unit.0, unit.1)).collect::<Vec<_>>(), [(0, 0), (0, 1), (2, 1), (3, 1)]);
    // Spatial layers 0 and 1 of AV1, with a sequence header and padding.
    let frame = [0x0a, 1, 7, 0x36, 0, 2, 0x10, 5, 0x7a, 1, 1, 0x26, 0, 1, 6, 0x36, 8, 2, 0x30, 7];
    assert_eq!(
        units(Codec::Av1, &frame),
        [(0, 0, 0xc1, vec![0x34, 0, 0x10]), (0, 1, 0x81, vec![0x24, 0]), (2, 1, 0x81, vec![0x34, 8, 0x30])]
    );
}

#[test]
fn an_obu_sequence_survives_what_rtp_does_to_it() {
    // A delimiter, a sequence header, a frame header with an extension and a padded size, and a tile group without a size.
    let frame = [0x12, 0, 0x0a, 1, 7, 0x1e, 0x48, 0x83, 0x80, 0, 1, 2, 3, 0x20, 9, 9, 9];
    let mut cipher = Zeros::new(5);
    let sealed = seal_with(Codec::Av1, &frame, &mut cipher).unwrap();
    let (one, two) = ([0, 0, 0, 0, 0], [1, 0, 0, 0, 0]);
    let blob = [0, 0, 0, 0, 0, 0, 3, 0x0a, 1, 7, 0, 0, 0, 10];
    let expected =
        [&[0x12, 0, 0x0a, 1, 7, 0x1e, 0x48, 23, 1][..], &one, &[2, 3], &blob, &[0xc3, 0x20], &two, &[9, 9, 9, 0x80]];
    assert_eq!(sealed, expected.concat());
    // RTP drops the delimiter, and the depacketizer gives every OBU a size.
    let moved =
        [&[0x0a, 1, 7, 0x1e, 0x48, 0x97, 0, 1][..], &one, &[2, 3], &blob, &[0xc3, 0x22, 9], &two, &[9, 9, 9, 0x80]];
    assert_eq!(open_with(Codec::Av1, &moved.concat(), &mut cipher).unwrap(), frame[2..]);
}

#[test]
fn a_size_field_that_shrinks_is_moved_up() {
    // The room for the largest SFrame header needs two bytes of size, this ciphertext only one.
    for len in [80, 94, 95, 100, 116, 121, 122, 127, 128, 200] {
        let mut frame = vec![0x32];
        frame.extend(if len < 128 { vec![len as u8] } else { vec![len as u8 & 0x7f | 0x80, 1] });
        frame.resize(frame.len() + len, 5);
        for overhead in [5, 17, 33] {
            let sealed = round_trip(Codec::Av1, &frame, overhead).unwrap();
            let size = len + overhead + 1;
            assert_eq!(sealed.len(), 1 + if size < 128 { 1 } else { 2 } + size);
        }
    }
}

#[test]
fn prefixes_are_those_of_the_specifications() {
    for (codec, first, expected) in [
        (Codec::Vp8, 0x10, 10),
        (Codec::Vp8, 0x11, 3),
        (Codec::Vp9, 0x82, 10),
        (Codec::Vp9, 0x86, 1),
        (Codec::Vp9, 0x88, 1),
        (Codec::Vp9, 0xa2, 11),
        (Codec::Vp9, 0xa4, 1),
        (Codec::Vp9, 0x92, 11),
        (Codec::Vp9, 0x96, 1),
        (Codec::Vp9, 0xb1, 11),
        (Codec::Vp9, 0xb2, 2),
        (Codec::Vp9, 0xb4, 2),
    ] {
        let mut frame = vec![7; expected];
        frame[0] = first;
        let sealed = round_trip(codec, &frame, 9).unwrap();
        assert_eq!((&sealed[..expected], sealed.len()), (&frame[..], expected + 9), "{codec:?} {first:x}");
        frame.push(0);
        assert_eq!(inspect(codec, &round_trip(codec, &frame, 9).unwrap()).unwrap().clear_bytes, expected as u64);
        let short = codec.layout().check(&frame[..expected - 1]).err();
        assert_eq!(short, Some(if expected == 1 { Error::NothingToSeal } else { Error::InvalidArgument }));
    }
    for first in [0x02, 0x42, 0xc2] {
        assert_eq!(Codec::Vp9.layout().check(&[first; 20]).err(), Some(Error::InvalidArgument));
    }
}

#[test]
fn what_is_no_frame_is_refused_and_what_has_nothing_to_seal_is_told() {
    let no: &[(Codec, &[u8])] = &[
        (Codec::Vp8, &[0, 1, 2, 3, 4, 5, 6, 7, 8]),
        (Codec::Vp8, &[1, 2]),
        (Codec::H264, &[0x65, 1, 2, 3]),
        (Codec::H264, &[9, 0, 0, 1, 0x65, 1]),
        (Codec::H264, &[0, 0, 1, 0xe5, 1]),
        (Codec::H264, &[0, 0, 1, 0, 0, 1, 0x65, 1]),
        (Codec::H264, &[0, 0, 1]),
        (Codec::H264, &[0, 0, 1, 0, 0]),
        (Codec::H264, &[0, 0, 1, 0x65, 0, 0, 2, 0]),
        (Codec::H264, &[0, 0, 1, 0x67, 0, 0, 2, 0, 0, 1, 0x65]),
        (Codec::H264Avcc, &[0, 0, 0, 2, 0x65]),
        (Codec::H264Avcc, &[0, 0, 0, 1, 0x65, 0]),
        (Codec::H264Avcc, &[0, 0, 0, 2, 0x65, 1, 0, 0, 0, 5, 0x67, 0, 0, 1, 0x65]),
        (Codec::H265, &[0, 0, 1, 0x26]),
        (Codec::Av1, &[0x12, 1, 7, 0x32, 1, 1]),
        (Codec::Av1, &[0xb2, 1, 1]),
        (Codec::Av1, &[0x34]),
        (Codec::Av1, &[0x32, 0]),
        (Codec::Av1, &[0x32, 1]),
        (Codec::Av1, &[0x22, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]),
        (Codec::Av1, &[0x22, 0x80, 0x80, 0x80, 0x80, 0x10]),
        (Codec::Av1, &[0x22, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]),
    ];
    let nothing: &[(Codec, &[u8])] = &[
        (Codec::Vp8, &[]),
        (Codec::Vp9, &[]),
        (Codec::H264, &[]),
        (Codec::H264Avcc, &[]),
        (Codec::H265, &[]),
        (Codec::H265Hvcc, &[]),
        (Codec::Av1, &[]),
        (Codec::H264, &[0, 0, 0]),
        (Codec::H264, &[0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 1]),
        (Codec::H264, &[0, 0, 0, 1, 9, 0xf0]),
        (Codec::H264Avcc, &[0, 0, 0, 0]),
        (Codec::H265, &[0, 0, 1, 0x40, 1, 9]),
        (Codec::Av1, &[0x12, 0, 0x0a, 1, 7]),
        (Codec::Av1, &[0x7a, 0]),
    ];
    for (frames, expected) in [(no, Error::InvalidArgument), (nothing, Error::NothingToSeal)] {
        for &(codec, frame) in frames {
            assert_eq!(codec.layout().check(frame).err(), Some(expected), "{codec:?} {frame:x?}");
            assert_eq!(open_with(codec, frame, &mut Zeros::new(5)), Err(Error::MalformedFrame));
            assert_eq!(inspect(codec, frame), Err(Error::MalformedFrame));
        }
    }
}
