//! What a forwarder can take hold of in a frame. Also used by the fuzz targets.

use pqrtc::frame::Codec;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Set,
    Delimiter,
    Sealed,
}

/// A unit with what stands before it, its class, and its bytes without the size: what a forwarder can take hold of.
#[derive(Clone, Debug)]
pub struct Unit {
    pub bytes: Vec<u8>,
    pub class: Class,
    /// None for one that is a group by itself.
    pub layer: Option<u8>,
    pub essence: Vec<u8>,
}

/// Takes a frame apart, by other means than the library.
pub fn split(codec: Codec, frame: &[u8]) -> Vec<Unit> {
    let mut units = Vec::new();
    match codec {
        Codec::H264 | Codec::H265 => {
            let mut starts: Vec<usize> = (0..frame.len()).filter(|&i| frame[i..].starts_with(&[0, 0, 1])).collect();
            starts.push(frame.len());
            let mut end = 0;
            for pair in starts.windows(2) {
                let nal = &frame[pair[0] + 3..pair[1]];
                let nal = &nal[..nal.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)];
                let begin = std::mem::replace(&mut end, pair[0] + 3 + nal.len());
                units.push(unit(codec, &frame[begin..end], nal));
            }
        }
        Codec::H264Avcc | Codec::H265Hvcc => {
            let mut rest = frame;
            while let Some((len, after)) = rest.split_first_chunk::<4>() {
                let (nal, after) = after.split_at(u32::from_be_bytes(*len) as usize);
                units.push(unit(codec, &[len, nal].concat(), nal));
                rest = after;
            }
        }
        Codec::Av1 => {
            let mut rest = frame;
            while let Some(&first) = rest.first() {
                let header = if first & 4 != 0 { 2 } else { 1 };
                let (mut start, mut size) = (header, rest.len() - header);
                if first & 2 != 0 {
                    size = 0;
                    for shift in (0..).step_by(7) {
                        let byte = rest[start];
                        size |= usize::from(byte & 127) << shift;
                        start += 1;
                        if byte < 128 {
                            break;
                        }
                    }
                }
                let (obu, after) = rest.split_at(start + size);
                let essence = [&[first & !2], &obu[1..header], &obu[start..]].concat();
                units.push(unit(codec, obu, &essence));
                rest = after;
            }
        }
        _ => units.push(unit(codec, frame, frame)),
    }
    units
}

fn unit(codec: Codec, bytes: &[u8], essence: &[u8]) -> Unit {
    let second = essence.get(1).copied().unwrap_or(0);
    let (class, layer) = match (codec, essence.first()) {
        (Codec::Opaque | Codec::Opus | Codec::Vp8 | Codec::Vp9, _) => (Class::Sealed, Some(0)),
        (_, None) => (Class::Delimiter, None),
        (Codec::H264 | Codec::H264Avcc, Some(header)) => match header & 31 {
            7 | 8 | 13 | 15 => (Class::Set, None),
            9..=11 => (Class::Delimiter, None),
            20 | 21 => (Class::Sealed, None),
            _ => (Class::Sealed, Some(0)),
        },
        (Codec::H265 | Codec::H265Hvcc, Some(header)) => match header >> 1 & 63 {
            32..=34 => (Class::Set, None),
            35..=37 => (Class::Delimiter, None),
            _ => (Class::Sealed, Some((header & 1) << 5 | second >> 3)),
        },
        (_, Some(header)) => match header >> 3 & 15 {
            1 => (Class::Set, None),
            2 | 8 | 15 => (Class::Delimiter, None),
            _ => (Class::Sealed, Some(if header & 4 != 0 { second >> 3 & 3 } else { 0 })),
        },
    };
    Unit { bytes: bytes.to_vec(), class, layer, essence: essence.to_vec() }
}

/// A frame but for what is not authenticated: its units without start codes, sizes, delimiters and padding.
pub fn essence(codec: Codec, frame: &[u8]) -> Vec<Vec<u8>> {
    let units = split(codec, frame).into_iter();
    units.filter(|unit| unit.class != Class::Delimiter).map(|unit| unit.essence).collect()
}

/// What a forwarder can take away of a frame: groups, which are runs of sealed units of one layer. Parameter sets are inside the first.
pub struct Parts {
    essence: Vec<Vec<u8>>,
    sets: Vec<Vec<u8>>,
    groups: Vec<Vec<Vec<u8>>>,
}

impl Parts {
    pub fn new(codec: Codec, frame: &[u8]) -> Self {
        let mut parts = Parts { essence: essence(codec, frame), sets: Vec::new(), groups: Vec::new() };
        let mut layer = None;
        for unit in split(codec, frame) {
            match unit.class {
                Class::Delimiter => {}
                Class::Set => parts.sets.push(unit.essence),
                Class::Sealed if unit.layer.is_some() && unit.layer == layer => {
                    parts.groups.last_mut().unwrap().push(unit.essence);
                }
                Class::Sealed => {
                    layer = unit.layer;
                    parts.groups.push(vec![unit.essence]);
                }
            }
        }
        parts
    }

    /// Whether this is what a forwarder can make of these sealed frames: one of them, or whole groups of them in the order of sealing, with
    /// the parameter sets of a frame if it begins with that frame's first group.
    pub fn come_of(&self, frames: &[Parts]) -> bool {
        let all: Vec<(&Parts, usize)> =
            frames.iter().flat_map(|frame| (0..frame.groups.len()).map(move |at| (frame, at))).collect();
        (0..all.len()).any(|start| {
            let (frame, at) = all[start];
            if at == 0 && self.groups == frame.groups && self.essence == frame.essence {
                return true;
            }
            let mut rest = all[start..].iter().map(|(frame, at)| &frame.groups[*at]);
            let sets = if at == 0 { &frame.sets[..] } else { &[] };
            let whole = at == 0 && self.groups == frame.groups;
            !whole
                && self.sets == sets
                && self.groups.first() == Some(&frame.groups[at])
                && self.groups.iter().all(|group| rest.any(|other| other == group))
        })
    }
}
