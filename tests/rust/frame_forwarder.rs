//! A hostile forwarder: whatever is done to sealed frames on the way, what opens is a frame that was sealed, but for what is not
//! authenticated: start codes, delimiters and padding. `PQRTC_MUTATIONS=10000000 cargo test --release --test rust mutations` runs as many cases.

use crate::frame::{Dice, random_frame};
use crate::frame_clips::{access_units, ivf, length_prefixed};
use crate::frame_units::{Class, Parts, Unit, essence, split};
use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use std::path::Path;

const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;
const M: &[u8] = b"camera";

/// Frames of one layer of every codec: real ones, and random ones with parameter sets and delimiters.
struct Sealed {
    codec: Codec,
    key: [u8; 32],
    receiver: Receiver,
    /// What was sealed, but for what is not authenticated.
    plain: Vec<Vec<Vec<u8>>>,
    sealed: Vec<Vec<u8>>,
}

impl Sealed {
    fn new(codec: Codec, frames: &[Vec<u8>]) -> Self {
        let mut key = [0; 32];
        pqrtc::random(&mut key).unwrap();
        let sender = Sender::from_key(&key, 1, SUITE).unwrap();
        let seal = |frame: &Vec<u8>| {
            let mut out = vec![0; frame::seal_max_size(codec, frame.len()).unwrap()];
            let len = frame::seal(&sender, codec, M, frame, &mut out).unwrap();
            out.truncate(len);
            out
        };
        let plain = frames.iter().map(|frame| essence(codec, frame)).collect();
        Sealed { codec, key, receiver: receiver(&key), plain, sealed: frames.iter().map(seal).collect() }
    }

    /// Opens apart and in place. Nothing, or the number of the frame that it is.
    fn open(&mut self, forged: &[u8]) -> Option<usize> {
        let mut out = vec![0xaa; forged.len()];
        let opened = match frame::open(&self.receiver, self.codec, M, forged, &mut out) {
            Ok(opened) => opened,
            Err(_) => {
                assert!(out.iter().all(|&byte| byte == 0));
                return None;
            }
        };
        self.receiver = receiver(&self.key);
        let mut place = forged.to_vec();
        assert_eq!(frame::open_in_place(&self.receiver, self.codec, M, &mut place), Ok(opened));
        self.receiver = receiver(&self.key);
        assert_eq!(out[..opened.len], place[..opened.len]);
        let got = essence(self.codec, &out[..opened.len]);
        let which = self.plain.iter().position(|plain| *plain == got);
        Some(which.unwrap_or_else(|| panic!("{:?}: {forged:02x?} opened as {:02x?}", self.codec, &out[..opened.len])))
    }
}

fn receiver(key: &[u8; 32]) -> Receiver {
    let receiver = Receiver::new(SUITE);
    receiver.add_key(1, key).unwrap();
    receiver
}

fn clip(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name)).unwrap()
}

/// Small frames: what an encoder makes of nothing much, with everything that may stand between slices.
fn small(codec: Codec, dice: &mut Dice) -> Vec<u8> {
    let mut frame = Vec::new();
    random_frame(dice, codec, &mut frame);
    let mut out = Vec::new();
    let (delimiter, set): (&[u8], &[u8]) = match codec {
        Codec::H264 => (&[0, 0, 1, 9, 0xf0], &[0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e]),
        Codec::H264Avcc => (&[0, 0, 0, 2, 9, 0xf0], &[0, 0, 0, 5, 0x67, 0x42, 0xc0, 0x1e, 0]),
        Codec::H265 => (&[0, 0, 1, 0x46, 1, 0x50], &[0, 0, 0, 1, 0x42, 1, 1, 2]),
        Codec::H265Hvcc => (&[0, 0, 0, 3, 0x46, 1, 0x50], &[0, 0, 0, 4, 0x42, 1, 1, 2]),
        Codec::Av1 => (&[0x12, 0], &[0x0a, 3, 1, 2, 3]),
        _ => return frame,
    };
    for unit in split(codec, &frame) {
        if dice.roll(3) == 0 {
            out.extend(delimiter);
        }
        for _ in 0..dice.roll(3) {
            out.extend(set);
        }
        out.extend(unit.bytes);
    }
    out
}

/// Real frames in every codec for which the tree has some, and small ones in all.
fn corpus(codec: Codec) -> Vec<Vec<u8>> {
    let mut dice = Dice(codec as u64);
    let mut frames: Vec<Vec<u8>> = (0..12).map(|_| small(codec, &mut dice)).collect();
    match codec {
        Codec::Vp8 => frames.extend(ivf(&clip("clip-vp8.ivf")).into_iter().take(3)),
        Codec::H264 => frames.extend(access_units(codec, &clip("clip-h264.264")).into_iter().take(3)),
        Codec::H264Avcc => {
            let units = access_units(Codec::H264, &clip("clip-h264.264"));
            frames.extend(units.iter().take(3).map(|frame| length_prefixed(frame)));
        }
        _ => {}
    }
    frames
}

fn only_sealed(units: &[Unit]) -> impl Iterator<Item = &Vec<u8>> {
    units.iter().filter(|unit| unit.class == Class::Sealed).map(|unit| &unit.essence)
}

fn joined(units: &[Unit]) -> Vec<u8> {
    units.iter().flat_map(|unit| unit.bytes.iter().copied()).collect()
}

#[test]
fn units_that_are_dropped_repeated_moved_joined_or_retyped_do_not_open() {
    for codec in Codec::ALL {
        let frames = corpus(codec);
        let mut all = Sealed::new(codec, &frames);
        let sealed: Vec<Vec<Unit>> = all.sealed.iter().map(|frame| split(codec, frame)).collect();
        let mut cases = 0;
        for (i, units) in sealed.iter().enumerate() {
            assert_eq!(
                all.open(&joined(units)),
                Some(all.plain.iter().position(|plain| *plain == all.plain[i]).unwrap())
            );
            if codec as u32 <= 4 {
                continue;
            }
            let other = &sealed[(i + 1) % sealed.len()];
            let real: Vec<usize> = (0..units.len()).filter(|&at| units[at].class == Class::Sealed).collect();
            let mut refused = |units: &[Unit]| {
                cases += 1;
                // Unless it makes another frame whole.
                let whole = sealed.iter().any(|frame| only_sealed(frame).eq(only_sealed(units)));
                assert_eq!(all.open(&joined(units)).is_some(), whole, "{codec:?}");
            };
            for &at in &real {
                // Dropped, if something is left; repeated; cut off; joined with another frame's.
                let mut forged = units.clone();
                forged.remove(at);
                refused(&forged);
                refused(&[&units[..=at], &units[at..]].concat());
                refused(&[&units[..at], other, &units[at..]].concat());
                for foreign in other.iter().filter(|unit| unit.class == Class::Sealed) {
                    let mut forged = units.clone();
                    forged[at] = foreign.clone();
                    refused(&forged);
                    refused(&[&units[..at], std::slice::from_ref(foreign), &units[at..]].concat());
                }
                // Two swapped.
                for &with in real.iter().filter(|&&with| with > at) {
                    let mut forged = units.clone();
                    forged.swap(at, with);
                    refused(&forged);
                }
            }
            refused(&[&units[..], other].concat());
            refused(&[&other[..], units].concat());
            // Halves of two frames.
            for cut in 1..real.len() {
                let rest =
                    other.iter().filter(|unit| unit.class == Class::Sealed).skip(cut).cloned().collect::<Vec<_>>();
                if !rest.is_empty() {
                    refused(&[&units[..real[cut]], &rest].concat());
                }
            }
            // Retyped to every type, as a unit that is sealed or as a clear one.
            for &at in &real {
                let lead = units[at].bytes.len()
                    - if codec == Codec::Av1 { units[at].bytes.len() } else { units[at].essence.len() };
                for header in 0..=255u8 {
                    let mut forged = units.clone();
                    let before = std::mem::replace(&mut forged[at].bytes[lead], header);
                    // The bit that says whether an OBU has a size may go if it is the last.
                    if before != header && (codec != Codec::Av1 || before & !2 != header & !2) {
                        if let Some(opened) = all.open(&joined(&forged)) {
                            panic!("{codec:?}: {before:02x} became {header:02x} and opened as {opened}");
                        }
                        cases += 1;
                    }
                }
            }
        }
        println!("{codec:?}: {cases} forgeries refused");
    }
}

#[test]
fn clear_parameter_sets_and_delimiters_do_not_matter() {
    for codec in &Codec::ALL[4..] {
        let frames = corpus(*codec);
        let mut all = Sealed::new(*codec, &frames);
        let extra: Vec<Unit> = corpus(*codec).iter().flat_map(|frame| split(*codec, frame)).collect();
        let mut dice = Dice(7);
        for (i, sealed) in all.sealed.clone().iter().enumerate() {
            for _ in 0..50 {
                let mut units = split(*codec, sealed);
                // Drop some, insert some, change bytes of some.
                units.retain(|unit| unit.class == Class::Sealed || dice.roll(2) == 0);
                for _ in 0..dice.roll(4) {
                    let unit = &extra[dice.roll(extra.len())];
                    if unit.class != Class::Sealed {
                        units.insert(dice.roll(units.len() + 1), unit.clone());
                    }
                }
                for unit in units.iter_mut().filter(|unit| unit.class == Class::Set) {
                    *unit.bytes.last_mut().unwrap() |= 4 << dice.roll(4);
                }
                // An OBU without a size is the last.
                let sized = |unit: &Unit| *codec != Codec::Av1 || unit.bytes[0] & 2 != 0;
                if !units[..units.len() - 1].iter().all(sized) {
                    continue;
                }
                let opened = all.open(&joined(&units)).map(|which| all.plain[which].clone());
                // With no clear parameter sets left, a frame with long start codes before them may not fit.
                if opened.is_some() || *codec == Codec::Av1 {
                    assert_eq!(opened.as_ref(), Some(&all.plain[i]), "{codec:?}");
                }
            }
        }
    }
}

#[test]
fn a_frame_of_many_mutations_opens_nothing_that_was_not_sealed() {
    let rounds: u64 = match std::env::var("PQRTC_MUTATIONS") {
        Ok(count) => count.parse().unwrap(),
        Err(_) => 20_000,
    };
    let per_codec = rounds.div_ceil(Codec::ALL.len() as u64);
    std::thread::scope(|scope| {
        for half in [&Codec::ALL[..5], &Codec::ALL[5..]] {
            scope.spawn(move || half.iter().for_each(|&codec| mutate(codec, per_codec)));
        }
    });
}

fn mutate(codec: Codec, rounds: u64) {
    let frames = corpus(codec);
    let mut all = Sealed::new(codec, &frames);
    let mut dice = Dice(rounds ^ codec as u64);
    let (mut opened, sealed) = (0u64, all.sealed.clone());
    let parts: Vec<Vec<Unit>> = sealed.iter().map(|frame| split(codec, frame)).collect();
    for _ in 0..rounds {
        let which = dice.roll(sealed.len());
        let mut forged = if dice.roll(3) == 0 {
            // By the unit.
            let mut units = parts[which].clone();
            for _ in 0..=dice.roll(3) {
                let foreign = &parts[dice.roll(parts.len())];
                let (foreign, at) = (&foreign[dice.roll(foreign.len())], dice.roll(units.len()));
                match dice.roll(4) {
                    0 if units.len() > 1 => drop(units.remove(at)),
                    1 => units.insert(at, units[dice.roll(units.len())].clone()),
                    2 => units[at] = foreign.clone(),
                    _ => units.insert(at, foreign.clone()),
                }
            }
            joined(&units)
        } else {
            sealed[which].clone()
        };
        // By the byte.
        for _ in 0..dice.roll(4) {
            let at = dice.roll(forged.len().max(1));
            let to = (at + 1 + dice.roll(8)).min(forged.len());
            match dice.roll(6) {
                0 if at < forged.len() => forged[at] ^= 1 << dice.roll(8),
                1 if at < forged.len() => forged[at] = dice.next() as u8,
                2 if at < to => drop(forged.drain(at..to)),
                3 => forged.truncate(at),
                4 if at < to => {
                    let copy = forged[at..to].to_vec();
                    let to = dice.roll(forged.len());
                    forged.splice(to..to, copy);
                }
                _ => forged.insert(at, [0, 0, 1, 3, 0x80, 0xc0][dice.roll(6)]),
            }
        }
        let _ = frame::inspect(codec, &forged);
        opened += u64::from(all.open(&forged).is_some());
    }
    println!("{codec:?}: {rounds} mutations, {opened} opened as what was sealed");
}

/// A frame of two to four groups, of which some have two units, with a parameter set in front of some frames.
fn layered(codec: Codec, dice: &mut Dice) -> Vec<u8> {
    let mut frame = Vec::new();
    let mut unit = |dice: &mut Dice, header: &[u8], leads: usize| {
        let mut nal = header.to_vec();
        nal.extend(dice.next().to_be_bytes().map(|byte| byte | 0x40));
        match codec {
            Codec::Av1 => frame.extend([&header[..leads], &[(nal.len() - leads) as u8], &nal[leads..]].concat()),
            Codec::H265 | Codec::H264 => frame.extend([&[0, 0, 0, 1][dice.roll(2)..], &nal].concat()),
            _ => frame.extend([&(nal.len() as u32).to_be_bytes()[..], &nal].concat()),
        }
    };
    let nal264 = matches!(codec, Codec::H264 | Codec::H264Avcc);
    if dice.roll(2) == 0 {
        match codec {
            Codec::Av1 => unit(dice, &[0x0a], 1),
            _ if nal264 => unit(dice, &[0x67], 1),
            _ => unit(dice, &[0x42, 1], 2),
        }
    }
    for layer in 0..2 + dice.roll(3) as u8 {
        for _ in 0..1 + dice.roll(2) {
            match codec {
                Codec::Av1 => unit(dice, &[0x36, layer << 3], 2),
                _ if nal264 => unit(dice, &[if layer == 0 { 0x65 } else { 0x74 }], 1),
                _ => unit(dice, &[0x26, layer << 3 | 1], 2),
            }
        }
    }
    frame
}

#[test]
fn of_frames_of_layers_whole_groups_can_be_dropped_and_nothing_else() {
    for codec in &Codec::ALL[4..] {
        let mut dice = Dice(*codec as u64);
        let frames: Vec<Vec<u8>> = (0..6).map(|_| layered(*codec, &mut dice)).collect();
        let all = Sealed::new(*codec, &frames);
        let plain: Vec<Parts> = frames.iter().map(|frame| Parts::new(*codec, frame)).collect();
        let sealed: Vec<Vec<Unit>> = all.sealed.iter().map(|frame| split(*codec, frame)).collect();
        let open = |forged: &[u8]| {
            let mut out = vec![0; forged.len()];
            let opened = frame::open(&receiver(&all.key), *codec, M, forged, &mut out).ok()?;
            let got = Parts::new(*codec, &out[..opened.len]);
            assert!(got.come_of(&plain), "{codec:?}: {forged:02x?} opened as {:02x?}", &out[..opened.len]);
            Some(out[..opened.len].to_vec())
        };
        let (mut layers, mut opened) = (0, 0);
        for (frame, units) in frames.iter().zip(&sealed) {
            assert_eq!(open(&joined(units)).as_ref(), Some(frame));
            // Each subset of the units, by what their layers are: whole groups open, parts of one do not.
            for subset in 1..1u32 << units.len() {
                let kept: Vec<Unit> =
                    (0..units.len()).filter(|at| subset >> at & 1 != 0).map(|at| units[at].clone()).collect();
                let whole = only_whole_groups(units, subset);
                let got = open(&joined(&kept));
                assert_eq!(got.is_some(), whole, "{codec:?}: {subset:b} of {units:02x?}");
                layers += u32::from(whole);
            }
        }
        for _ in 0..20_000 {
            let mut units = sealed[dice.roll(sealed.len())].clone();
            for _ in 0..dice.roll(3) {
                let foreign = &sealed[dice.roll(sealed.len())];
                let (foreign, at) = (foreign[dice.roll(foreign.len())].clone(), dice.roll(units.len()));
                match dice.roll(3) {
                    0 if units.len() > 1 => drop(units.remove(at)),
                    1 => units[at] = foreign,
                    _ => units.insert(at, foreign),
                }
            }
            let mut forged = joined(&units);
            for _ in 0..dice.roll(3) {
                let at = dice.roll(forged.len());
                forged[at] = [forged[at] ^ 1 << dice.roll(8), dice.next() as u8, 0, 1][dice.roll(4)];
            }
            opened += u32::from(open(&forged).is_some());
        }
        assert!(opened > 100);
        println!("{codec:?}: {layers} subsets opened, and {opened} mutations");
    }
}

/// Whether the sealed units of this subset are whole groups, at least one.
fn only_whole_groups(units: &[Unit], subset: u32) -> bool {
    let (mut any, mut layer, mut kept) = (false, None, false);
    for (at, unit) in units.iter().enumerate().filter(|(_, unit)| unit.class == Class::Sealed) {
        let (keep, joins) = (subset >> at & 1 != 0, unit.layer.is_some() && unit.layer == layer);
        if joins && keep != kept {
            return false;
        }
        (layer, kept, any) = (unit.layer, keep, any || keep);
    }
    any
}
