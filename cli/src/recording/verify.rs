//! `pqrtc recording verify`: segments are hashed on all processors, and verified in their order.

use super::IndexInput;
use super::index::{Line, Reader, segment_path};
use crate::failure::{Class, Failure, Result, name};
use crate::files;
use crate::keys::{self, Algorithm};
use crate::progress::Meter;
use crate::report::Report;
use crate::sign::VerifyingInput;
use clap::Args;
use pqrtc::keyfile::PublicKeyAlgorithm;
use pqrtc::recording::{Entry, Segment, Verifier};
use pqrtc::signing::SignatureAlgorithm;
use std::io::Read;
use std::path::Path;
use std::thread;

const PIECE_BYTES: usize = 1 << 20;

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    key: VerifyingInput,
    /// Identifier of the recording
    #[arg(long)]
    id: String,
    #[command(flatten)]
    index: IndexInput,
    /// Accept a recording that has not ended: one that goes on, or whose end is missing
    #[arg(long)]
    partial: bool,
}

impl Verify {
    pub fn run(&self, json: bool) -> Result<Report> {
        let path = &self.index.index;
        let (algorithm, public_key) = self.key.read()?;
        let mut verifier = Verifier::new(algorithm, &public_key, self.id.as_bytes())
            .map_err(|error| Failure::library("--id", error).hint("an identifier has 1 to 64 bytes"))?;
        let file = files::open(path)?;
        let incomplete = |error, entries| {
            Failure::refused(name(path), error)
                .hint(format!("its {entries} entries are good; --partial accepts a recording without its end"))
        };
        let Some(mut reader) = Reader::new(path, file)? else { return Err(incomplete(pqrtc::Error::Incomplete, 0)) };
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let (mut bytes, mut meter) = (0, Meter::new(None, json));
        loop {
            let mut lines = Vec::new();
            while lines.len() < processors
                && let Some(line) = reader.next()?
            {
                lines.push(line);
            }
            if lines.is_empty() {
                break;
            }
            for (line, hashed) in lines.iter().zip(hash(&lines, files::folder(path), algorithm)) {
                let good = verifier.next_index();
                let refused = |mut failure: Failure| {
                    failure.message = format!("entry {good}: {}", failure.message);
                    failure.hint(format!("the {good} before it are good; do not use the rest"))
                };
                let segment = hashed.map_err(&refused)?;
                let result = verifier.entry_of(&segment, &line.entry).and_then(|()| Entry::parse(&line.entry));
                let length = result.map_err(|error| refused(Failure::refused(line.name(), error)))?.length;
                bytes += length;
                meter.advance(length);
            }
        }
        let ended = verifier.finish();
        if !self.partial {
            ended.map_err(|error| incomplete(error, verifier.next_index()))?;
            if reader.is_cut()? {
                return Err(reader.malformed("something follows its last entry"));
            }
        }
        let algorithm = Algorithm::of(PublicKeyAlgorithm::Signature(algorithm));
        Ok(Report::new()
            .with("verified", true)
            .with("id", self.id.as_str())
            .with("entries", verifier.next_index())
            .with("bytes", bytes)
            .with("ended", ended.is_ok())
            .with("algorithm", algorithm.name())
            .with("fingerprint", keys::fingerprint(algorithm, &public_key)))
    }
}

/// Hashes the segments of some lines at once.
fn hash(lines: &[Line], folder: &Path, algorithm: SignatureAlgorithm) -> Vec<Result<Segment>> {
    thread::scope(|scope| {
        let running: Vec<_> = lines.iter().map(|line| scope.spawn(|| hash_one(line, folder, algorithm))).collect();
        let ended = running.into_iter().map(|one| one.join());
        ended
            .map(|one| one.unwrap_or_else(|_| Err(Failure::system("internal", "a thread of the verifier ended"))))
            .collect()
    })
}

fn hash_one(line: &Line, folder: &Path, algorithm: SignatureAlgorithm) -> Result<Segment> {
    let mut hash = Segment::new(algorithm);
    let Some(segment) = &line.segment else { return Ok(hash) };
    let refused = |code: &str, why: &str| {
        let message = format!("{}: {why}", line.name());
        Failure { class: Class::Refused, code: code.into(), message, hint: None }
    };
    let outside = || refused("segment_outside", "leads out of the folder of the index");
    let path = segment_path(folder, segment).ok_or_else(outside)?;
    let mut file = match std::fs::metadata(&path) {
        Ok(facts) if facts.is_file() => files::open(&path)?,
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Failure::io(&path, &error)),
        _ => return Err(refused("segment_missing", "the segment is missing")),
    };
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(hash),
            Ok(more) => hash.update(&piece[..more]).map_err(|error| Failure::refused(line.name(), error))?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::io(&path, &error)),
        }
    }
}
