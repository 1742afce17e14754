//! `pqrtc inspect`: what can be read of keys, messages and frames. Nothing of what it says about messages and frames is authenticated.

use crate::failure::{Failure, Result, name};
use crate::files;
use crate::keys::{Algorithm, PrivateKey, PublicKey, fingerprint};
use crate::report::{Report, hex};
use clap::{Args, Subcommand, ValueEnum};
use pqrtc::frame::{self, Codec};
use pqrtc::handshake::{self, Message};
use pqrtc::kem::KemAlgorithm;
use pqrtc::keyfile::{MAX_FILE_BYTES, PublicKeyAlgorithm};
use pqrtc::suite::{self, Suite};
use pqrtc::turn;
use std::path::PathBuf;

/// The longest sealed frame that the library opens is a little longer than this.
const MAX_FRAME_BYTES: usize = 128 << 20;
/// More than a bundle or an exchange message has.
const MAX_MESSAGE_BYTES: usize = 64 << 10;

#[derive(Subcommand)]
pub enum Inspect {
    /// A responder's bundle of the hybrid key exchange
    Bundle(Input),
    /// An exchange message
    Exchange(Input),
    /// The offer of a call
    Offer(Input),
    /// The answer of a call
    Answer(Input),
    /// A wrapped TURN credential
    Wrapped(Input),
    /// A private or public key
    Key(Key),
    /// A sealed frame
    Frame(Frame),
}

#[derive(Args)]
pub struct Input {
    /// File; - is standard input
    file: PathBuf,
}

impl Input {
    fn read(&self, max: usize) -> Result<Vec<u8>> {
        Ok(files::read(&self.file, max)?.to_vec())
    }

    fn refused(&self, error: pqrtc::Error) -> Failure {
        Failure::refused(name(&self.file), error)
    }
}

impl Inspect {
    pub fn run(&self) -> Result<Report> {
        match self {
            Inspect::Bundle(input) => bundle(input),
            Inspect::Exchange(input) => exchange(input),
            Inspect::Offer(input) => message(input, "offer"),
            Inspect::Answer(input) => message(input, "answer"),
            Inspect::Wrapped(input) => wrapped(input),
            Inspect::Key(key) => key.run(),
            Inspect::Frame(frame) => frame.run(),
        }
    }
}

/// A bundle does not name its suite. Its ML-KEM key passes the check of its standard where the suite has it, and nowhere else but by chance.
fn bundle(input: &Input) -> Result<Report> {
    let bundle = input.read(MAX_MESSAGE_BYTES)?;
    let right: Vec<_> = Suite::ALL.into_iter().filter(|suite| suite.bundle_len() == bundle.len()).collect();
    if right.is_empty() {
        return Err(input.refused(pqrtc::Error::InvalidLength).hint(lengths(Suite::ALL.map(Suite::bundle_len))));
    }
    let fits = |suite: &Suite| suite::initiate(*suite, &bundle, &mut vec![0; suite.exchange_len()]).is_ok();
    let suites = suites(right.into_iter().filter(fits));
    if suites.is_empty() {
        return Err(input.refused(pqrtc::Error::InvalidKey).hint("a key in it fails the checks of its standard"));
    }
    Ok(Report::new().with("type", "bundle").with("bytes", bundle.len()).with("suites", suites))
}

fn exchange(input: &Input) -> Result<Report> {
    let exchange = input.read(MAX_MESSAGE_BYTES)?;
    let suites = suites(Suite::ALL.into_iter().filter(|suite| suite.exchange_len() == exchange.len()));
    if suites.is_empty() {
        return Err(input.refused(pqrtc::Error::InvalidLength).hint(lengths(Suite::ALL.map(Suite::exchange_len))));
    }
    Ok(Report::new().with("type", "exchange").with("bytes", exchange.len()).with("suites", suites))
}

fn suites(suites: impl Iterator<Item = Suite>) -> Vec<String> {
    suites.map(|suite| Algorithm::of_suite(suite).name()).collect()
}

fn lengths<const N: usize>(mut lengths: [usize; N]) -> String {
    lengths.sort_unstable();
    let mut texts: Vec<_> = lengths.iter().map(usize::to_string).collect();
    texts.dedup();
    format!("it would have {} bytes", texts.join(" or "))
}

fn message(input: &Input, wanted: &str) -> Result<Report> {
    let message = input.read(handshake::MAX_MESSAGE_BYTES)?;
    let suite = |suite: &handshake::Suite| match suite {
        handshake::Suite::Default => "x-wing, ml-dsa-65-ed25519",
        handshake::Suite::Cnsa2 => "ml-kem-1024, ml-dsa-87",
    };
    let (kind, report) = match Message::parse(&message).map_err(|error| input.refused(error))? {
        Message::Offer { mode, epoch, commitment, suites } => {
            let mode = ["plain", "external PSK", "rekey"].get(usize::from(mode)).copied().unwrap_or("unknown");
            let names: Vec<_> = suites.iter().map(|one| format!("{} ({})", *one as u8, suite(one))).collect();
            let report = Report::new().with("mode", mode).with("epoch", epoch).with("suites", names);
            ("offer", report.with("commitment", hex(commitment)))
        }
        Message::Answer { suite: of, sealed_bytes } => {
            let report = Report::new().with("suite", format!("{} ({})", of as u8, suite(&of)));
            ("answer", report.with("sealed_bytes", sealed_bytes))
        }
        Message::Finish => ("finish", Report::new()),
        Message::Ack => ("acknowledgement", Report::new()),
        _ => ("message", Report::new()),
    };
    if kind != wanted {
        let failure = input.refused(pqrtc::Error::UnexpectedMessage);
        return Err(failure.hint(format!("this is the {kind} of a call, and not the {wanted}")));
    }
    Ok(report.first("bytes", message.len()).first("type", kind))
}

/// A wrapped credential does not name its algorithm.
fn wrapped(input: &Input) -> Result<Report> {
    let wrapped = input.read(turn::MAX_CREDENTIAL_BYTES + (4 << 10))?;
    let inside = |algorithm| Some((algorithm, wrapped.len().checked_sub(turn::wrap_overhead(algorithm))?));
    let possible: Vec<_> = KemAlgorithm::ALL.into_iter().filter_map(inside).collect();
    if possible.is_empty() {
        return Err(input.refused(pqrtc::Error::InvalidLength).hint("it is too short to hold a wrapped credential"));
    }
    let possible: Vec<_> = possible
        .into_iter()
        .map(|(algorithm, len)| {
            format!("{} with {len} bytes", Algorithm::of(PublicKeyAlgorithm::Kem(algorithm)).name())
        })
        .collect();
    Ok(Report::new().with("type", "wrapped").with("bytes", wrapped.len()).with("possible", possible))
}

#[derive(Args)]
pub struct Key {
    /// File; - is standard input
    file: PathBuf,
    /// Algorithm, if the key is raw
    #[arg(short, long, value_enum)]
    algorithm: Option<Algorithm>,
}

impl Key {
    /// A file that only its owner can read may hold a private key; one for everybody may hold a public key.
    fn run(&self) -> Result<Report> {
        files::one_stdin(&[&self.file])?;
        let file = files::read(&self.file, MAX_FILE_BYTES)?;
        let private = match self.algorithm {
            Some(algorithm) => PrivateKey::from_seed(algorithm, &file).ok(),
            None => PrivateKey::import(&file).ok(),
        };
        if let Some(key) = private {
            let exposed = !files::is_std(&self.file) && files::is_exposed(&self.file);
            let report = key.report().first("type", "private key").with("readable_by_others", exposed);
            return Ok(report.with("form", if key.has_seed() { "seed" } else { "expanded" }));
        }
        let key = PublicKey::parse(&self.file, &file, self.algorithm)?;
        let report = Report::new().with("type", "public key").with("algorithm", key.algorithm.name());
        let report = report.with("public_key_bytes", key.bytes.len());
        Ok(report.with("fingerprint", fingerprint(key.algorithm, &key.bytes)))
    }
}

/// The codecs of the library.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CodecName {
    Opaque,
    Opus,
    Vp8,
    Vp9,
    H264,
    H264Avcc,
    H265,
    H265Hvcc,
    Av1,
}

#[derive(Args)]
pub struct Frame {
    /// Codec of the frame
    #[arg(short, long, value_enum)]
    codec: CodecName,
    #[command(flatten)]
    input: Input,
}

impl Frame {
    fn run(&self) -> Result<Report> {
        let sealed = self.input.read(MAX_FRAME_BYTES)?;
        let codec = match self.codec {
            CodecName::Opaque => Codec::Opaque,
            CodecName::Opus => Codec::Opus,
            CodecName::Vp8 => Codec::Vp8,
            CodecName::Vp9 => Codec::Vp9,
            CodecName::H264 => Codec::H264,
            CodecName::H264Avcc => Codec::H264Avcc,
            CodecName::H265 => Codec::H265,
            CodecName::H265Hvcc => Codec::H265Hvcc,
            CodecName::Av1 => Codec::Av1,
        };
        let info = frame::inspect(codec, &sealed).map_err(|error| {
            self.input
                .refused(error)
                .hint("it is no sealed frame of this codec: check --codec, and that nothing cut the frame")
        })?;
        Ok(Report::new()
            .with("type", "frame")
            .with("bytes", sealed.len())
            .with("kid", info.kid)
            .with("first_counter", info.first_counter)
            .with("last_counter", info.last_counter)
            .with("sealed_units", info.sealed_units)
            .with("parameter_sets", info.parameter_sets)
            .with("delimiters", info.delimiters)
            .with("clear_bytes", info.clear_bytes))
    }
}
