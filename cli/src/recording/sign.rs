//! `pqrtc recording sign`: goes on where the index ends.

use super::IndexInput;
use super::index::{Head, Reader, Writer};
use crate::failure::{Failure, Result, name};
use crate::files;
use crate::keys::{self, Algorithm};
use crate::progress;
use crate::report::Report;
use crate::sign::SigningInput;
use clap::Args;
use pqrtc::keyfile::PublicKeyAlgorithm;
use pqrtc::recording::{Entry, Segment, Signer, entry_len, state_len};
use pqrtc::signing::SigningKey;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The longest path of Linux.
const MAX_NAME_BYTES: u64 = 4096;

#[derive(Args)]
pub struct Sign {
    #[command(flatten)]
    key: SigningInput,
    /// Identifier of the recording, 1 to 64 bytes, which no other recording of this key has
    #[arg(long)]
    id: String,
    #[command(flatten)]
    index: IndexInput,
    /// End the recording: with the last segment given, or without one
    #[arg(long)]
    end: bool,
    /// Read the names of finished segments, one in a line, as they come; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "segments")]
    from: Option<PathBuf>,
    /// Segments in their order. Those that the index has already are passed over
    segments: Vec<PathBuf>,
}

impl Sign {
    pub fn run(&self, json: bool) -> Result<Report> {
        let from = self.from.as_deref();
        files::one_stdin(&[Some(self.key.path()), from].into_iter().flatten().collect::<Vec<_>>())?;
        if from.is_none() && self.segments.is_empty() && !self.end {
            return Err(Failure::usage("no segments")
                .hint("name segments, read their names with --from, or --end the recording"));
        }
        let key = self.key.read()?;
        let mut session = Session::open(&self.index.index, &key, &self.id, json)?;
        match from {
            Some(from) => {
                let mut names = BufReader::new(files::open(from)?);
                while let Some(name) = next_name(&mut names).map_err(|error| Failure::io(from, &error))? {
                    session.sign(&name, false)?;
                }
            }
            None => {
                for (at, segment) in self.segments.iter().enumerate() {
                    session.sign(segment, self.end && at + 1 == self.segments.len())?;
                }
            }
        }
        if self.end && !session.signer.ended() {
            session.append(None, &Segment::new(key.algorithm()), true)?;
        }
        let (index, ended) = (session.signer.next_index(), session.signer.ended());
        Ok(Report::new()
            .with("id", self.id.as_str())
            .with("signed", session.signed)
            .with("passed_over", session.passed_over)
            .with("entries", index)
            .with("ended", ended)
            .with("repaired", session.repaired)
            .with("index", name(&self.index.index)))
    }
}

/// The next line that is not empty, of at most [`MAX_NAME_BYTES`]: the rest of a longer one is a name of its own, which no file has.
fn next_name(names: &mut impl BufRead) -> io::Result<Option<PathBuf>> {
    loop {
        let mut line = Vec::new();
        if names.by_ref().take(MAX_NAME_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.is_empty() {
            return Ok(Some(OsStr::from_bytes(line).into()));
        }
    }
}

/// A signer and the index that it signs into.
struct Session {
    path: PathBuf,
    /// Of the index, with links resolved.
    folder: PathBuf,
    writer: Writer,
    signer: Signer,
    algorithm: pqrtc::signing::SignatureAlgorithm,
    /// The lengths of segments that have entries.
    known: HashMap<String, u64>,
    signed: u64,
    passed_over: u64,
    repaired: bool,
    quiet: bool,
}

impl Session {
    fn open(path: &Path, key: &SigningKey, id: &str, quiet: bool) -> Result<Self> {
        let library = |error| Failure::library("the recording", error);
        let fresh = Signer::new(key, id.as_bytes())
            .map_err(|error| Failure::library("--id", error).hint("an identifier has 1 to 64 bytes"))?;
        let algorithm = Algorithm::of(PublicKeyAlgorithm::Signature(key.algorithm()));
        let head = Head::new(id, keys::fingerprint(algorithm, key.public_key()).unwrap_or_default());
        let folder = fs::canonicalize(files::folder(path)).map_err(|error| Failure::io(files::folder(path), &error))?;
        let (writer, reader) = Writer::open(path)?;
        let mut session = Session {
            path: path.into(),
            folder,
            writer,
            signer: fresh,
            algorithm: key.algorithm(),
            known: HashMap::new(),
            signed: 0,
            passed_over: 0,
            repaired: false,
            quiet,
        };
        let Some(mut reader) = reader else {
            session.writer.cut(0)?;
            session.writer.head(&head)?;
            return Ok(session);
        };
        if reader.head != head {
            let Head { id, fingerprint, .. } = &reader.head;
            return Err(Failure::usage(format!("{}: is the index of another recording or key", name(path)))
                .hint(format!("it is of --id {id:?} and the key with the fingerprint {fingerprint}")));
        }
        let state = session.read(&mut reader)?;
        if reader.is_cut()? {
            session.writer.cut(reader.whole)?;
            session.repaired = true;
        }
        if let Some(state) = state {
            session.signer = Signer::resume(key, id.as_bytes(), &state).map_err(library)?;
        }
        Ok(session)
    }

    /// Reads all lines; gives the state of the last one.
    fn read(&mut self, reader: &mut Reader) -> Result<Option<Vec<u8>>> {
        let (mut state, mut count) = (None, 0);
        while let Some(line) = reader.next()? {
            let entry = Entry::parse(&line.entry).map_err(|error| Failure::refused(name(&self.path), error))?;
            let next = pqrtc::recording::State::parse(&line.state).map(|state| state.next_index);
            if entry.index != count || next != Ok(count + 1) {
                return Err(reader.malformed("its lines are not in their order"));
            }
            let length = entry.length;
            line.segment.map(|segment| self.known.insert(segment, length));
            (state, count) = (Some(line.state), count + 1);
        }
        Ok(state)
    }

    /// Signs a segment, unless the index has it.
    fn sign(&mut self, path: &Path, last: bool) -> Result<()> {
        let file = files::open(path)?;
        let facts = file.metadata().map_err(|error| Failure::io(path, &error))?;
        if files::is_std(path) || !facts.is_file() {
            return Err(Failure::usage(format!("{}: is not a file", name(path)))
                .hint("a segment is a file below the folder of the index"));
        }
        let index = fs::metadata(&self.path).map_err(|error| Failure::io(&self.path, &error))?;
        if (index.dev(), index.ino()) == (facts.dev(), facts.ino()) {
            return Err(Failure::usage(format!("{}: is the index itself", name(path)))
                .hint("name the segments alone, such as *.ts"));
        }
        let segment = self.name(path)?;
        if let Some(length) = self.known.get(&segment) {
            if *length != facts.len() {
                let message = format!("{}: was signed with {length} bytes and has {} now", name(path), facts.len());
                return Err(Failure { code: "changed".into(), ..Failure::usage(message) }
                    .hint("give segments when they are finished; a signed one cannot change"));
            }
            self.passed_over += 1;
            return Ok(());
        }
        if self.signer.ended() {
            return Err(self.ended());
        }
        let mut hash = Segment::new(self.algorithm);
        let mut result = Ok(());
        progress::stream_open(file, path, self.quiet, |piece| {
            if result.is_ok() {
                result = hash.update(piece);
            }
        })?;
        result.map_err(|error| Failure::library(name(path), error))?;
        self.append(Some(segment), &hash, last)
    }

    fn append(&mut self, segment: Option<String>, hash: &Segment, last: bool) -> Result<()> {
        let failed = |error| Failure::library("nothing was signed", error);
        let (mut entry, mut state) = (vec![0; entry_len(self.algorithm)], vec![0; state_len(self.algorithm)]);
        self.signer.entry_of(hash, last, &mut entry).map_err(failed)?;
        self.signer.state(&mut state).map_err(failed)?;
        self.writer.line(segment.as_deref(), &entry, &state)?;
        self.signed += 1;
        let length = Entry::parse(&entry).map_err(failed)?.length;
        segment.map(|segment| self.known.insert(segment, length));
        Ok(())
    }

    fn ended(&self) -> Failure {
        let failure = Failure::usage(format!("{}: the recording has ended", name(&self.path)));
        Failure { code: "ended".into(), ..failure }.hint("begin another one, with another --id and --index")
    }

    /// The name of a segment in the index: its path from the folder of that.
    fn name(&self, path: &Path) -> Result<String> {
        let folder = fs::canonicalize(files::folder(path)).map_err(|error| Failure::io(path, &error))?;
        let full = folder.join(path.file_name().unwrap_or_default());
        let below = full.strip_prefix(&self.folder).map_err(|_| {
            Failure::usage(format!("{}: is not below the folder of the index", name(path)))
                .hint(format!("put the index beside the segments: --index {}", name(&folder.join("recording.pqrtc"))))
        })?;
        let below = below.to_str().ok_or_else(|| Failure::usage(format!("{}: the name is not UTF-8", name(path))))?;
        Ok(below.to_string())
    }
}
