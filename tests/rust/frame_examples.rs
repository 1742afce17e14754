//! The worked example of docs/frame-format.md, made again and compared. `PQRTC_REGENERATE=1 cargo test --test rust frame_examples` writes it.

use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Sender};
use std::fmt::Write;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/frame-format.md");
const MARKS: [&str; 2] = ["<!-- example:begin -->\n", "<!-- example:end -->"];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// The units of a small frame.
fn units(codec: Codec, mut frame: &[u8]) -> Vec<&[u8]> {
    let mut units = Vec::new();
    while !frame.is_empty() {
        let len = match codec {
            Codec::H264 | Codec::H265 => {
                frame[4..].windows(4).position(|window| window == [0, 0, 0, 1]).map_or(frame.len(), |at| 4 + at)
            }
            Codec::H264Avcc | Codec::H265Hvcc => 4 + usize::from(frame[3]),
            Codec::Av1 => 2 + usize::from(frame[1]),
            _ => frame.len(),
        };
        units.push(&frame[..len]);
        frame = &frame[len..];
    }
    units
}

fn example() -> String {
    let sps = [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9];
    let (slice_1, slice_2) =
        ([0, 0, 0, 1, 0x65, 0x88, 0x84, 1, 2, 3, 4, 5, 6, 7, 8, 0x80], [0, 0, 0, 1, 0x65, 0x40, 0x80]);
    let h264 = [&sps[..], &[0, 0, 0, 1, 0x68, 0xce, 0x38, 0x80], &slice_1, &slice_2].concat();
    let avcc = [&[0, 0, 0, 5][..], &sps[4..], &[0, 0, 0, 12], &slice_1[4..]].concat();
    let h265: &[u8] = &[0, 0, 0, 1, 0x42, 1, 1, 2, 0, 0, 0, 1, 0x26, 1, 0xaf, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let hvcc: &[u8] = &[0, 0, 0, 12, 0x02, 1, 0xaf, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    let frames: [(&str, Codec, &[u8]); 12] = [
        ("Opus (and opaque)", Codec::Opus, &[0x78, 1, 2, 3]),
        ("VP8, key frame", Codec::Vp8, &[0x10, 2, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0, 1, 2, 3]),
        ("VP8, delta frame", Codec::Vp8, &[0x31, 1, 0, 1, 2, 3]),
        ("VP9, key frame of profile 0", Codec::Vp9, &[0x82, 0x49, 0x83, 0x42, 0, 0, 0xf0, 0, 0xf6, 6, 1, 2, 3]),
        ("VP9, delta frame", Codec::Vp9, &[0x86, 0, 0x40, 0x92]),
        ("H.264, Annex B: SPS, PPS, two slices", Codec::H264, &h264),
        ("H.264, AVCC: SPS, one slice", Codec::H264Avcc, &avcc),
        ("H.265, Annex B: SPS, one slice", Codec::H265, h265),
        ("H.265, HVCC: one slice", Codec::H265Hvcc, hvcc),
        ("AV1: delimiter, sequence header, frame", Codec::Av1, &[0x12, 0, 0x0a, 3, 0, 0, 0, 0x32, 4, 0x10, 1, 2, 3]),
        (
            "AV1: frame header and tile group of spatial layer 0, frame of layer 1",
            Codec::Av1,
            &[0x1e, 0, 2, 0x30, 1, 0x26, 0, 2, 1, 2, 0x36, 8, 2, 0x30, 3],
        ),
        ("AV1: frame without a size", Codec::Av1, &[0x30, 0x30, 1, 2]),
    ];
    let base_key: Vec<u8> = (0..32).collect();
    let sender = Sender::from_key(&base_key, 1, CipherSuite::Aes256GcmSha512_128).unwrap();
    let mut text = String::from("```text\n");
    for (what, codec, frame) in frames {
        let mut sealed = vec![0; frame::seal_max_size(codec, frame.len()).unwrap()];
        let len = frame::seal(&sender, codec, b"camera", frame, &mut sealed).unwrap();
        writeln!(text, "{what}").unwrap();
        for (name, bytes) in [("frame ", frame), ("sealed", &sealed[..len])] {
            // An extension comes before the size, and the last OBU may have none.
            let lines = match frame[0] {
                0x1e if name == "frame " => vec![&bytes[..5], &bytes[5..10], &bytes[10..]],
                0x1e => {
                    let one = 3 + usize::from(bytes[2]);
                    let two = one + 3 + usize::from(bytes[one + 2]);
                    vec![&bytes[..one], &bytes[one..two], &bytes[two..]]
                }
                0x30 => vec![bytes],
                _ => units(codec, bytes),
            };
            for (i, line) in lines.into_iter().enumerate() {
                writeln!(text, "  {}  {}", if i == 0 { name } else { "      " }, hex(line)).unwrap();
            }
        }
    }
    text + "```\n"
}

#[test]
fn the_worked_example_is_what_the_library_makes() {
    let doc = std::fs::read_to_string(FILE).unwrap();
    let begin = doc.find(MARKS[0]).unwrap() + MARKS[0].len();
    let end = doc.find(MARKS[1]).unwrap();
    let made = example();
    if std::env::var("PQRTC_REGENERATE").is_ok_and(|value| value == "1") {
        std::fs::write(FILE, [&doc[..begin], &made, &doc[end..]].concat()).unwrap();
    } else {
        assert_eq!(&doc[begin..end], made);
    }
}
