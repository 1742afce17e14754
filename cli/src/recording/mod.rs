//! `pqrtc recording`: recordings in segments, signed so that nobody can splice them.

mod index;
mod sign;
mod verify;

use crate::failure::{Failure, Result, clean, name};
use crate::files;
use crate::keys::Algorithm;
use crate::report::{Report, hex};
use clap::{Args, Subcommand};
use index::Reader;
use pqrtc::keyfile::PublicKeyAlgorithm;
use pqrtc::recording::Entry;
use serde_json::json;
use std::path::PathBuf;

/// More than the largest entry has.
const MAX_ENTRY_BYTES: usize = 16 << 10;

#[derive(Subcommand)]
pub enum Recording {
    /// Sign the segments of a recording, one after the other, into its index
    Sign(sign::Sign),
    /// Verify that a recording is whole and unchanged
    Verify(verify::Verify),
    /// Say what an index or a single entry holds; verifies nothing
    Inspect(Inspect),
}

/// The index of a recording.
#[derive(Args)]
pub struct IndexInput {
    /// Index of the recording; segments are named relative to its folder
    #[arg(long, value_name = "FILE", default_value = "recording.pqrtc")]
    index: PathBuf,
}

impl Recording {
    pub fn run(&self, json: bool) -> Result<Report> {
        match self {
            Recording::Sign(command) => command.run(json),
            Recording::Verify(command) => command.run(json),
            Recording::Inspect(command) => command.run(),
        }
    }
}

#[derive(Args)]
pub struct Inspect {
    /// Index, or a file with one entry as the library gives it
    #[arg(default_value = "recording.pqrtc")]
    file: PathBuf,
}

impl Inspect {
    fn run(&self) -> Result<Report> {
        let file = files::open(&self.file)?;
        if !file.metadata().is_ok_and(|facts| facts.is_file()) || starts_like_an_entry(&self.file)? {
            return self.entry();
        }
        let Some(mut reader) = Reader::new(&self.file, file)? else {
            return Err(
                Failure::refused(name(&self.file), pqrtc::Error::MalformedMessage).hint("it is empty or cut off")
            );
        };
        let (mut entries, mut text, mut bytes, mut ended, mut algorithm) =
            (Vec::new(), String::new(), 0_u64, false, None);
        while let Some(line) = reader.next()? {
            let entry = Entry::parse(&line.entry).map_err(|error| Failure::refused(name(&self.file), error))?;
            text += &format!("{:>6} {:>12} {}\n", entry.index, entry.length, line.name());
            (bytes, ended, algorithm) = (bytes.saturating_add(entry.length), entry.last, Some(entry.algorithm));
            entries.push(json!({
                "index": entry.index, "segment": line.segment, "length": entry.length, "last": entry.last, "digest": hex(entry.digest),
            }));
        }
        let algorithm = algorithm.map(|of| Algorithm::of(PublicKeyAlgorithm::Signature(of)).name());
        let end = if ended { "ended" } else { "not ended" };
        text += &format!("{}: {} entries, {bytes} bytes, {end}\n", clean(&reader.head.id), entries.len());
        Ok(Report::new()
            .with("type", "index")
            .with("id", reader.head.id.as_str())
            .with("fingerprint", reader.head.fingerprint.as_str())
            .with("algorithm", algorithm)
            .with("bytes", bytes)
            .with("ended", ended)
            .with("cut", reader.is_cut()?)
            .with("entries", entries)
            .text(text))
    }

    fn entry(&self) -> Result<Report> {
        let bytes = files::read(&self.file, MAX_ENTRY_BYTES)?;
        let entry = Entry::parse(&bytes).map_err(|error| {
            Failure::refused(name(&self.file), error)
                .hint("give an index that pqrtc recording sign wrote, or one entry")
        })?;
        Ok(Report::new()
            .with("type", "entry")
            .with("algorithm", Algorithm::of(PublicKeyAlgorithm::Signature(entry.algorithm)).name())
            .with("index", entry.index)
            .with("length", entry.length)
            .with("last", entry.last)
            .with("digest", hex(entry.digest)))
    }
}

/// An index is text; an entry begins with its version.
fn starts_like_an_entry(path: &std::path::Path) -> Result<bool> {
    use std::io::Read;
    let mut first = [0];
    let read = files::open(path)?.read(&mut first).map_err(|error| Failure::io(path, &error))?;
    Ok(read == 1 && first[0] != b'{')
}
