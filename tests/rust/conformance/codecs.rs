//! The codec part of the conformance file: small frames of each codec, as their encoders lay them out, sealed under given keys.

use super::{code, hex, sequence};
use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use serde_json::{Value, json};

const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;

pub fn all() -> Value {
    Codec::ALL.map(codec).into()
}

fn codec(codec: Codec) -> Value {
    let (base_key, kid) = (sequence(80 + codec as u8, 32), codec as u64);
    let sender = Sender::from_key(&base_key, kid, SUITE).unwrap();
    let receiver = Receiver::new(SUITE);
    receiver.add_key(kid, &base_key).unwrap();
    let open = |sealed: &[u8]| {
        let mut out = vec![0; frame::open_max_size(codec, sealed.len()).unwrap()];
        frame::open(&receiver, codec, b"", sealed, &mut out).map(|opened| {
            out.truncate(opened.len);
            out
        })
    };
    let seal_one = |(what, frame): (&str, Vec<u8>)| {
        let mut sealed = vec![0; frame::seal_max_size(codec, frame.len()).unwrap()];
        let len = frame::seal(&sender, codec, b"", &frame, &mut sealed).unwrap();
        sealed.truncate(len);
        let mut forged = sealed.clone();
        forged[len / 2] ^= 1;
        let refused = code(open(&forged));
        assert_ne!(refused, 0, "{codec:?}");
        assert_eq!(open(&sealed).unwrap(), frame, "{codec:?}");
        json!({ "what": what, "frame": hex(&frame), "sealed": hex(&sealed), "middle_byte_xor_1": refused, "again": code(open(&sealed)) })
    };
    json!({
        "codec": codec as u32,
        "cipher_suite": SUITE as u32,
        "base_key": hex(&base_key),
        "kid": kid,
        "frames": frames(codec).into_iter().map(seal_one).collect::<Value>(),
    })
}

/// Payload in which start codes and their emulation would turn up.
fn slice(header: &[u8]) -> Vec<u8> {
    [header, &[0x88, 0, 0, 3, 0, 0x21], &sequence(1, 60), &[0, 0, 3, 1, 0x80]].concat()
}

fn start_codes(units: &[Vec<u8>]) -> Vec<u8> {
    units.iter().flat_map(|unit| [&[0, 0, 0, 1][..], unit].concat()).collect()
}

fn lengths(units: &[Vec<u8>]) -> Vec<u8> {
    units.iter().flat_map(|unit| [&(unit.len() as u32).to_be_bytes()[..], unit].concat()).collect()
}

fn frames(codec: Codec) -> Vec<(&'static str, Vec<u8>)> {
    let h264 = |unit: &dyn Fn(&[Vec<u8>]) -> Vec<u8>| {
        let (sps, pps) = (vec![0x67, 0x42, 0xc0, 0x1f, 0xda, 0x05], vec![0x68, 0xce, 0x3c, 0x80]);
        vec![
            ("SPS, PPS, two IDR slices", unit(&[sps, pps, slice(&[0x65]), slice(&[0x65])])),
            ("one non-IDR slice", unit(&[slice(&[0x41])])),
        ]
    };
    let h265 = |unit: &dyn Fn(&[Vec<u8>]) -> Vec<u8>| {
        let [vps, sps, pps] = [[0x40, 1, 0x0c], [0x42, 1, 0x21], [0x44, 1, 0xc1]].map(|unit| unit.to_vec());
        vec![
            ("VPS, SPS, PPS, IDR_W_RADL slice", unit(&[vps, sps, pps, slice(&[0x26, 1])])),
            ("one TRAIL_R slice", unit(&[slice(&[0x02, 1])])),
        ]
    };
    match codec {
        Codec::Vp8 => vec![
            ("key frame", [&[0x10, 2, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0][..], &sequence(3, 100)].concat()),
            ("delta frame", [&[0x31, 1, 0][..], &sequence(9, 40)].concat()),
        ],
        Codec::Vp9 => vec![
            ("key frame", [&[0x82, 0x49, 0x83, 0x42, 0, 0, 0xf0, 0, 0xf6, 6][..], &sequence(4, 100)].concat()),
            ("delta frame", [&[0x86][..], &sequence(9, 40)].concat()),
        ],
        Codec::H264 => h264(&start_codes),
        Codec::H264Avcc => h264(&lengths),
        Codec::H265 => h265(&start_codes),
        Codec::H265Hvcc => h265(&lengths),
        Codec::Av1 => vec![(
            "temporal delimiter, sequence header, frame",
            [&[0x12, 0, 0x0a, 4, 0, 0, 0, 0x40, 0x32, 70][..], &sequence(5, 70)].concat(),
        )],
        _ => vec![("any bytes", sequence(0, 120)), ("one byte", vec![7])],
    }
}
