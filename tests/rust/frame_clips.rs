//! Real encoded clips through the frame transform: those of `examples/data/`, and more made by ffmpeg where it is installed.

use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;

fn pair() -> (Sender, Receiver) {
    let mut key = [0; 32];
    pqrtc::random(&mut key).unwrap();
    pair_of(&key)
}

fn pair_of(key: &[u8; 32]) -> (Sender, Receiver) {
    let receiver = Receiver::new(SUITE);
    receiver.add_key(1, key).unwrap();
    (Sender::from_key(key, 1, SUITE).unwrap(), receiver)
}

/// Seals every frame, opens every frame, and gives the sealed ones.
fn through(codec: Codec, frames: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let (sender, receiver) = pair();
    seal_all(&sender, codec, frames)
        .into_iter()
        .zip(frames)
        .map(|(sealed, plain)| {
            assert_eq!(&open(&receiver, codec, &sealed), plain);
            sealed
        })
        .collect()
}

fn seal_all(sender: &Sender, codec: Codec, frames: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let seal = |plain: &Vec<u8>| {
        let mut sealed = vec![0; frame::seal_max_size(codec, plain.len()).unwrap()];
        let len = frame::seal(sender, codec, b"", plain, &mut sealed).unwrap();
        sealed.truncate(len);
        sealed
    };
    frames.iter().map(seal).collect()
}

fn open(receiver: &Receiver, codec: Codec, sealed: &[u8]) -> Vec<u8> {
    let mut out = vec![0; sealed.len()];
    let opened = frame::open(receiver, codec, b"", sealed, &mut out).unwrap();
    out.truncate(opened.len);
    out
}

/// The frames of an IVF file.
pub fn ivf(file: &[u8]) -> Vec<Vec<u8>> {
    assert!(file.starts_with(b"DKIF"));
    let mut rest = &file[32..];
    let mut frames = Vec::new();
    while !rest.is_empty() {
        let len = u32::from_le_bytes(rest[..4].try_into().unwrap()) as usize;
        frames.push(rest[12..12 + len].to_vec());
        rest = &rest[12 + len..];
    }
    frames
}

/// The packets of an Ogg file with one stream (RFC 3533).
fn ogg(mut file: &[u8]) -> Vec<Vec<u8>> {
    let (mut packets, mut packet) = (Vec::new(), Vec::new());
    while !file.is_empty() {
        assert!(file.starts_with(b"OggS"));
        let (lacing, mut body) = file[27..].split_at(file[26] as usize);
        for &len in lacing {
            packet.extend(&body[..len as usize]);
            body = &body[len as usize..];
            if len < 255 {
                packets.push(std::mem::take(&mut packet));
            }
        }
        file = body;
    }
    packets
}

/// The NAL units of an Annex B stream.
fn nal_units(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut starts: Vec<usize> = (0..stream.len()).filter(|&i| stream[i..].starts_with(&[0, 0, 1])).collect();
    starts.push(stream.len());
    starts
        .windows(2)
        .map(|pair| {
            let unit = &stream[pair[0] + 3..pair[1]];
            unit[..unit.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1)].to_vec()
        })
        .collect()
}

fn nal_type(codec: Codec, unit: &[u8]) -> u8 {
    if codec == Codec::H264 { unit[0] & 0x1f } else { unit[0] >> 1 & 0x3f }
}

/// Access units of an Annex B stream in which each begins with a delimiter.
pub fn access_units(codec: Codec, stream: &[u8]) -> Vec<Vec<u8>> {
    let delimiter = if codec == Codec::H264 { 9 } else { 35 };
    let mut frames: Vec<Vec<u8>> = Vec::new();
    let mut at: Vec<usize> = (0..stream.len())
        .filter(|&i| stream[i..].starts_with(&[0, 0, 1]))
        .filter(|&i| nal_type(codec, &stream[i + 3..]) == delimiter)
        .map(|i| if i > 0 && stream[i - 1] == 0 { i - 1 } else { i })
        .collect();
    at.push(stream.len());
    frames.extend(at.windows(2).map(|pair| stream[pair[0]..pair[1]].to_vec()));
    assert_eq!(frames.concat(), stream);
    frames
}

/// The same with four-byte lengths.
pub fn length_prefixed(frame: &[u8]) -> Vec<u8> {
    nal_units(frame).iter().flat_map(|unit| [&(unit.len() as u32).to_be_bytes(), &unit[..]].concat()).collect()
}

/// A clip of H.264 or H.265, in both framings; through a muxer if its frames are in the order in which they are shown.
fn nal_clip(codec: Codec, stream: &[u8], in_order: bool) {
    let length_codec = if codec == Codec::H264 { Codec::H264Avcc } else { Codec::H265Hvcc };
    let frames = access_units(codec, stream);
    let sealed = through(codec, &frames);
    // The same units, of the same types.
    let types = |stream: &[u8]| nal_units(stream).iter().map(|unit| nal_type(codec, unit)).collect::<Vec<_>>();
    assert_eq!(types(&sealed.concat()), types(stream));
    through(length_codec, &frames.iter().map(|frame| length_prefixed(frame)).collect::<Vec<_>>());
    println!("{codec:?}: {} frames, {} NAL units, {} bytes", frames.len(), types(stream).len(), stream.len());
    if in_order {
        remuxed(codec, &frames);
    }
}

/// Sealed frames through a container with four-byte lengths and back, by a muxer that knows the codec.
fn remuxed(codec: Codec, frames: &[Vec<u8>]) {
    let (name, filter) = if codec == Codec::H264 { ("h264", "h264_mp4toannexb") } else { ("hevc", "hevc_mp4toannexb") };
    let dir = scratch(&format!("remux-{name}-{}", frames.len()));
    // A fixed key, for the muxer looks at what we seal and should see the same on every run.
    let (sender, receiver) = pair_of(&[codec as u8 ^ frames.len() as u8; 32]);
    let sealed = seal_all(&sender, codec, frames);
    std::fs::write(dir.join("sealed"), sealed.concat()).unwrap();
    let mux = ["-f", name, "-i", "sealed", "-c", "copy", "-f", "matroska", "sealed.mkv"];
    let demux = ["-i", "sealed.mkv", "-c", "copy", "-bsf:v", filter, "-f", name, "back"];
    if !ffmpeg(&dir, &mux) || !ffmpeg(&dir, &demux) {
        return;
    }
    let back = access_units(codec, &std::fs::read(dir.join("back")).unwrap());
    assert_eq!(back.len(), frames.len());
    let slices = |frame: &[u8]| {
        let mut units = nal_units(frame);
        // The muxer moves parameter sets and delimiters.
        units.retain(|unit| !matches!((codec, nal_type(codec, unit)), (Codec::H264, 7..=9) | (Codec::H265, 32..=35)));
        units
    };
    for (back, plain) in back.iter().zip(frames) {
        assert_eq!(slices(&open(&receiver, codec, back)), slices(plain));
    }
    println!("{codec:?}: {} sealed frames through Matroska and back", back.len());
}

fn scratch(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Runs ffmpeg in `dir`. A missing program or encoder is no failure, but says so.
fn ffmpeg(dir: &Path, args: &[&str]) -> bool {
    let run = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y"])
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::null())
        .output();
    match run {
        Err(_) => {
            crate::skipped("codec clips: needs ffmpeg");
            false
        }
        Ok(output) if output.status.success() => true,
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr);
            let unknown = text.contains("Unknown encoder") || text.contains("Encoder not found");
            assert!(unknown, "ffmpeg {args:?}: {text}");
            crate::skipped(&format!(
                "codec clips: needs an ffmpeg with this encoder: {}",
                text.trim().replace('\n', " ")
            ));
            false
        }
    }
}

/// A clip made by an encoder of ffmpeg.
fn encoded(name: &str, args: &str) -> Option<Vec<u8>> {
    let dir = scratch(name);
    let source = match args {
        args if args.contains("libopus") => "-f lavfi -i sine=frequency=440:duration=1",
        _ => "-f lavfi -i testsrc2=size=320x240:rate=25:duration=0.6",
    };
    let args: Vec<&str> = source.split(' ').chain(args.split(' ')).chain(["clip"]).collect();
    ffmpeg(&dir, &args).then(|| std::fs::read(dir.join("clip")).unwrap())
}

#[test]
fn the_clips_of_the_examples() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let vp8 = ivf(&std::fs::read(data.join("clip-vp8.ivf")).unwrap());
    assert_eq!(vp8.len(), 50);
    for (sealed, plain) in through(Codec::Vp8, &vp8).iter().zip(&vp8) {
        let clear = if plain[0] & 1 == 0 { 10 } else { 3 };
        assert_eq!(sealed[..clear], plain[..clear]);
    }
    let h264 = std::fs::read(data.join("clip-h264.264")).unwrap();
    assert_eq!(access_units(Codec::H264, &h264).len(), 50);
    nal_clip(Codec::H264, &h264, true);
}

#[test]
fn h264() {
    for (name, options) in
        [("h264-slices", "slices=4:aud=1:bframes=0"), ("h264-mtu", "slice-max-size=400:aud=1:bframes=2")]
    {
        let args = format!("-pix_fmt yuv420p -c:v libx264 -preset veryfast -x264-params {options} -f h264");
        if let Some(clip) = encoded(name, &args) {
            nal_clip(Codec::H264, &clip, !args.contains("bframes=2"));
        }
    }
}

#[test]
fn h265() {
    let args =
        "-pix_fmt yuv420p -c:v libx265 -preset ultrafast -x265-params aud=1:slices=2:bframes=0:log-level=error -f hevc";
    if let Some(clip) = encoded("h265", args) {
        nal_clip(Codec::H265, &clip, true);
    }
}

#[test]
fn vp8_and_vp9() {
    if let Some(clip) = encoded("vp8", "-c:v libvpx -deadline realtime -f ivf") {
        through(Codec::Vp8, &ivf(&clip));
    }
    if let Some(clip) = encoded("vp9", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -f ivf") {
        through(Codec::Vp9, &ivf(&clip));
    }
}

#[test]
fn av1() {
    for (name, args) in [
        ("libaom", "-pix_fmt yuv420p -c:v libaom-av1 -usage realtime -cpu-used 8 -tiles 2x1 -f ivf"),
        ("svtav1", "-pix_fmt yuv420p -c:v libsvtav1 -preset 12 -f ivf"),
    ] {
        if let Some(clip) = encoded(name, args) {
            let frames = ivf(&clip);
            let sealed = through(Codec::Av1, &frames);
            println!("{name}: {} frames, {} bytes", sealed.len(), clip.len());
        }
    }
}

#[test]
fn opus() {
    if let Some(clip) = encoded("opus", "-c:a libopus -b:a 32k -f ogg") {
        let packets = ogg(&clip);
        assert!(packets[0].starts_with(b"OpusHead") && packets.len() > 40);
        through(Codec::Opus, &packets[2..]);
    }
}
