//! The byte work alone, against a cipher that is as bad for it as a cipher can be: the identity, behind a run of zeros.

use super::*;
use std::collections::VecDeque;

/// Seals as `overhead` zeros and the plaintext. Opens what it sealed, in order, under the same metadata.
struct Zeros {
    overhead: usize,
    sealed: VecDeque<(Vec<u8>, Vec<u8>)>,
}

impl Zeros {
    fn new(overhead: usize) -> Self {
        Zeros { overhead, sealed: VecDeque::new() }
    }
}

impl Seal for Zeros {
    fn seal(&mut self, metadata: &[u8], plaintext: &[u8], out: &mut [u8]) -> Result<usize> {
        assert_eq!(out.len().min(plaintext.len() + MAX_OVERHEAD), plaintext.len() + MAX_OVERHEAD);
        // A sender may use its whole room as scratch.
        out[..plaintext.len() + MAX_OVERHEAD].fill(0);
        let len = self.overhead + plaintext.len();
        out[self.overhead..len].copy_from_slice(plaintext);
        self.sealed.push_back((metadata.to_vec(), out[..len].to_vec()));
        Ok(len)
    }
}

impl Open for Zeros {
    fn open(&mut self, metadata: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<usize> {
        let len = sealed.len().checked_sub(self.overhead).ok_or(Error::MalformedFrame)?;
        match self.sealed.pop_front() {
            Some((m, s)) if m == metadata && s == sealed => {
                out[..len].copy_from_slice(&sealed[self.overhead..]);
                Ok(len)
            }
            _ => Err(Error::DecryptionFailed),
        }
    }

    fn open_in_place(&mut self, metadata: &[u8], data: &mut [u8]) -> Result<usize> {
        let sealed = data.to_vec();
        self.open(metadata, &sealed, data)
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

const HAS_SIZE: u8 = 2;

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

fn round_trip(codec: Codec, frame: &[u8], overhead: usize) -> Option<Vec<u8>> {
    let layout = codec.layout();
    layout.check(frame).ok()?;
    let mut cipher = Zeros::new(overhead);
    let mut sealed = vec![0xaa; layout.sealed_max(frame.len())];
    let len = layout.seal(frame, &mut sealed, &mut cipher).unwrap();
    sealed.truncate(len);
    let mut out = vec![0xaa; sealed.len()];
    let len = layout.open(&sealed, &mut out, &mut cipher).unwrap_or_else(|e| panic!("{e}: {frame:02x?} {sealed:02x?}"));
    assert_eq!(&out[..len], frame, "{sealed:02x?}");
    assert!(cipher.sealed.is_empty());
    Some(sealed)
}

#[test]
fn any_frame_comes_back_equal_or_is_refused() {
    let rounds = if cfg!(debug_assertions) { 20_000 } else { 400_000 };
    let mut dice = Dice(1);
    for codec in Codec::ALL {
        let mut accepted = 0;
        for _ in 0..rounds {
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
                assert_eq!(before[0], after[0]);
                assert!(emulation::is_clean(after) && after.last() != Some(&0), "{frame:02x?}");
            }
        }
        println!("{codec:?}: {accepted} of {rounds} accepted");
        assert!(accepted > rounds / 20 && (accepted < rounds || matches!(codec.layout(), Layout::Whole)));
    }
}

#[test]
fn hostile_bytes_never_panic_and_never_open() {
    let rounds = if cfg!(debug_assertions) { 20_000 } else { 400_000 };
    let mut dice = Dice(2);
    for codec in Codec::ALL {
        for _ in 0..rounds {
            let mut sealed = dice.frame(codec);
            if dice.roll(2) == 0
                && let Some(last) = sealed.last_mut()
            {
                *last = 0x80 | dice.roll(12) as u8;
            }
            let mut out = vec![0; sealed.len()];
            let mut cipher = Zeros::new(5);
            match codec.layout().open(&sealed, &mut out, &mut cipher) {
                // Nothing was ever sealed, so a frame that opens has only clear units. `super::open` refuses those.
                Ok(len) => assert_eq!(&out[..len], sealed),
                Err(error) => assert!(matches!(error, Error::MalformedFrame | Error::DecryptionFailed)),
            }
        }
    }
}

#[test]
fn a_frame_sealed_in_one_framing_opens_in_the_other() {
    let mut dice = Dice(3);
    let mut opened = 0;
    for (annex_b, length) in [(Codec::H264, Codec::H264Avcc), (Codec::H265, Codec::H265Hvcc)] {
        for _ in 0..5_000 {
            let frame = dice.frame(annex_b);
            if annex_b.layout().check(&frame).is_err() {
                continue;
            }
            let mut cipher = Zeros::new(5);
            let mut sealed = vec![0; annex_b.layout().sealed_max(frame.len())];
            let len = annex_b.layout().seal(&frame, &mut sealed, &mut cipher).unwrap();
            let moved: Vec<u8> = annex_b_units(&sealed[..len])
                .into_iter()
                .flat_map(|unit| [&(unit.len() as u32).to_be_bytes(), unit].concat())
                .collect();
            let mut out = vec![0; moved.len()];
            let len = length.layout().open(&moved, &mut out, &mut cipher).unwrap();
            assert_eq!(length_units(&out[..len]), annex_b_units(&frame));
            opened += 1;
        }
    }
    assert!(opened > 1_000);
}

#[test]
fn the_bounds_hold_in_the_worst_case() {
    for len in (0..700).chain([4_000, 70_000]) {
        // All zeros behind two clear zeros: an escape for every two bytes.
        let mut unit = vec![0x65, 9, 9, 9, 9, 9, 9, 0, 0];
        unit.resize(9 + len, 0);
        let frame = [&(unit.len() as u32).to_be_bytes()[..], &unit].concat();
        let sealed = round_trip(Codec::H264Avcc, &frame, MAX_OVERHEAD).unwrap();
        assert_eq!(sealed.len(), 4 + 9 + emulation::escaped_max(len + MAX_OVERHEAD) + 1);
        assert!(sealed.len() <= frame.len() + frame.len() / 2 + nal::UNIT_OVERHEAD);
    }
    // As many units as a frame may have, as short as they can be; and one more.
    for (codec, unit) in [
        (Codec::H264, &[0, 0, 1, 6][..]),
        (Codec::H264Avcc, &[0, 0, 0, 1, 6]),
        (Codec::H265, &[0, 0, 1, 0x4e, 1]),
        (Codec::H265Hvcc, &[0, 0, 0, 2, 0x4e, 1]),
        (Codec::Av1, &[0x32, 0]),
    ] {
        let mut most = 0;
        for count in 1..400 {
            let frame = unit.repeat(count);
            if count <= Layout::max_units(frame.len()) {
                round_trip(codec, &frame, MAX_OVERHEAD).unwrap();
                most = count;
            } else {
                assert_eq!(codec.layout().check(&frame), Err(Error::MalformedFrame));
            }
        }
        assert!((250..300).contains(&most), "{codec:?} {most}");
    }
}

#[test]
fn an_obu_sequence_survives_what_rtp_does_to_it() {
    // A delimiter, a sequence header, a frame header with an extension and a padded size, and a tile group without a size.
    let frame = [0x12, 0, 0x0a, 1, 7, 0x1e, 0x48, 0x83, 0x80, 0, 1, 2, 3, 0x20, 9, 9, 9];
    let mut cipher = Zeros::new(5);
    let mut sealed = vec![0; Layout::Obu.sealed_max(frame.len())];
    let len = Layout::Obu.seal(&frame, &mut sealed, &mut cipher).unwrap();
    let plain = [0, 0, 0, 0, 0];
    let expected =
        [&[0x12, 0, 0x0a, 1, 7, 0x1e, 0x48, 9][..], &plain, &[1, 2, 3, 0x83, 0x20], &plain, &[9, 9, 9, 0x80]].concat();
    assert_eq!(&sealed[..len], expected);
    assert_eq!(cipher.sealed[0].0, [0x1c, 0x48, 0x83]);
    assert_eq!(cipher.sealed[1].0, [0x20, 0x80]);
    // RTP drops the delimiter, and the depacketizer gives every OBU a size.
    let moved =
        [&[0x0a, 1, 7, 0x1e, 0x48, 9][..], &plain, &[1, 2, 3, 0x83, 0x22, 9], &plain, &[9, 9, 9, 0x80]].concat();
    let mut out = vec![0; moved.len()];
    let len = Layout::Obu.open(&moved, &mut out, &mut cipher).unwrap();
    assert_eq!(&out[..len], &frame[2..]);
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
fn what_is_no_frame_is_refused() {
    for (codec, frame) in [
        (Codec::Vp8, &[][..]),
        (Codec::Vp8, &[0, 1, 2, 3, 4, 5, 6, 7, 8]),
        (Codec::Vp8, &[1, 2]),
        (Codec::H264, &[]),
        (Codec::H264, &[0, 0, 0]),
        (Codec::H264, &[0x65, 1, 2, 3]),
        (Codec::H264, &[9, 0, 0, 1, 0x65, 1]),
        (Codec::H264, &[0, 0, 1, 0xe5, 1]),
        (Codec::H264, &[0, 0, 1, 0, 0, 1, 0x65, 1]),
        (Codec::H264, &[0, 0, 1]),
        (Codec::H264, &[0, 0, 1, 0, 0]),
        (Codec::H264, &[0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 1]),
        (Codec::H264, &[0, 0, 1, 0x65, 0, 0, 2, 0]),
        (Codec::H264Avcc, &[0, 0, 0, 0]),
        (Codec::H264Avcc, &[0, 0, 0, 2, 0x65]),
        (Codec::H264Avcc, &[0, 0, 0, 1, 0x65, 0]),
        (Codec::H264Avcc, &[0, 0, 0, 2, 0x65, 1, 0, 0, 0, 2, 0x67, 0]),
        (Codec::H264Avcc, &[0, 0, 0, 2, 0x65, 1, 0, 0, 0, 5, 0x67, 0, 0, 1, 0x65]),
        (Codec::H265, &[0, 0, 1, 0x26]),
        (Codec::H265, &[0, 0, 1, 0x40, 1, 9]),
        (Codec::Av1, &[]),
        (Codec::Av1, &[0x12, 0, 0x0a, 1, 7]),
        (Codec::Av1, &[0x12, 1, 7, 0x32, 0]),
        (Codec::Av1, &[0xb2, 0]),
        (Codec::Av1, &[0x33, 0]),
        (Codec::Av1, &[0x36, 1, 0]),
        (Codec::Av1, &[0x34]),
        (Codec::Av1, &[0x32]),
        (Codec::Av1, &[0x32, 1]),
        (Codec::Av1, &[0x32, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]),
        (Codec::Av1, &[0x32, 0x80, 0x80, 0x80, 0x80, 0x10]),
        (Codec::Av1, &[0x32, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]),
    ] {
        assert_eq!(codec.layout().check(frame), Err(Error::MalformedFrame), "{codec:?} {frame:x?}");
    }
}
