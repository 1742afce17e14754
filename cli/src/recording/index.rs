//! The index of a recording: a file beside its segments, in lines of JSON. The first line says which recording it is of, each other one has a
//! segment's name, its entry, and the signer's state after it. Lines are appended whole and synced, so a crash leaves at most a last line
//! without its end, which is cut off when signing goes on. Nothing but the entries is authenticated.

use crate::failure::{Class, Failure, Result, name};
use crate::files;
use base64ct::{Base64, Encoding};
use pqrtc::recording::Entry;
use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

const VERSION: u32 = 1;
/// More than a line has: the largest entry and state in base64, and a name of 4 KiB.
const MAX_LINE_BYTES: u64 = 32 << 10;
/// How every line begins: a file that does not is no index.
const HEAD_START: &[u8] = b"{\"recording\":";
const LINE_START: &[u8] = b"{\"segment\":";

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The version of this format.
    pub recording: u32,
    pub id: String,
    /// Of the signer, to find a wrong key early.
    pub fingerprint: String,
}

impl Head {
    pub fn new(id: &str, fingerprint: String) -> Self {
        Head { recording: VERSION, id: id.into(), fingerprint }
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    /// Below the folder of the index. None for a last entry without a segment.
    segment: Option<String>,
    entry: String,
    state: String,
}

/// A line of an index.
pub struct Line {
    pub segment: Option<String>,
    pub entry: Vec<u8>,
    pub state: Vec<u8>,
}

impl Line {
    /// The name for people.
    pub fn name(&self) -> String {
        self.segment.as_deref().map_or("(no segment)".into(), crate::failure::clean)
    }
}

/// Reads an index from its beginning.
pub struct Reader {
    path: PathBuf,
    file: BufReader<File>,
    pub head: Head,
    /// Up to which byte whole lines were read.
    pub whole: u64,
}

impl Reader {
    /// None for an index without a whole first line, which nobody has signed into.
    pub fn new(path: &Path, file: File) -> Result<Option<Self>> {
        let head = Head { recording: 0, id: String::new(), fingerprint: String::new() };
        let mut reader = Reader { path: path.into(), file: BufReader::new(file), head, whole: 0 };
        let Some(head) = reader.next_line::<Head>(HEAD_START)? else { return Ok(None) };
        if head.recording != VERSION {
            let version = head.recording;
            return Err(reader.malformed(format!("version {version} of the index is not read here")));
        }
        reader.head = head;
        Ok(Some(reader))
    }

    /// The next whole line. None at the end, and before a last line without its end.
    pub fn next(&mut self) -> Result<Option<Line>> {
        let Some(stored) = self.next_line::<Stored>(LINE_START)? else { return Ok(None) };
        let line = (|| {
            let (entry, state) = (decode(&stored.entry)?, decode(&stored.state)?);
            Entry::parse(&entry).is_ok().then_some(Line { segment: stored.segment, entry, state })
        })();
        line.ok_or_else(|| self.malformed("it has a line that holds no entry")).map(Some)
    }

    fn next_line<T: DeserializeOwned>(&mut self, start: &[u8]) -> Result<Option<T>> {
        let mut line = Vec::new();
        (&mut self.file)
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(|error| Failure::io(&self.path, &error))?;
        let seen = line.len().min(start.len());
        if line[..seen] != start[..seen] || line.len() as u64 == MAX_LINE_BYTES {
            return Err(self.malformed("it has a line of another kind"));
        }
        if line.last() != Some(&b'\n') {
            return Ok(None);
        }
        let parsed = serde_json::from_slice(&line).map_err(|_| self.malformed("it has a line that was altered"))?;
        self.whole += line.len() as u64;
        Ok(Some(parsed))
    }

    /// Whether something follows the last whole line.
    pub fn is_cut(&self) -> Result<bool> {
        let len = self.file.get_ref().metadata().map_err(|error| Failure::io(&self.path, &error))?.len();
        Ok(len > self.whole)
    }

    pub fn malformed(&self, why: impl std::fmt::Display) -> Failure {
        let message = format!("{}: not the index of a recording: {why}", name(&self.path));
        Failure { class: Class::Refused, code: "malformed_index".into(), message, hint: None }
    }
}

/// Appends to an index. No other process does while this lives.
pub struct Writer {
    path: PathBuf,
    file: File,
}

impl Writer {
    /// Opens or creates an index, and gives what reads it.
    pub fn open(path: &Path) -> Result<(Self, Option<Reader>)> {
        let fail = |error: io::Error| Failure::io(path, &error);
        let file = File::options().read(true).append(true).create(true).open(path).map_err(fail)?;
        if !file.metadata().map_err(fail)?.is_file() {
            return Err(Failure::system("io", format!("{}: is not a file", name(path))));
        }
        if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let hint = "wait for it: two signers would make two histories of one recording";
            return Err(Failure::system("busy", format!("{}: another process signs into it", name(path))).hint(hint));
        }
        let reader = Reader::new(path, file.try_clone().map_err(fail)?)?;
        Ok((Writer { path: path.into(), file }, reader))
    }

    /// Cuts off what follows the whole lines.
    pub fn cut(&mut self, whole: u64) -> Result<()> {
        self.file
            .set_len(whole)
            .and_then(|()| self.file.seek(SeekFrom::End(0)))
            .map_err(|error| Failure::io(&self.path, &error))
            .map(|_| ())
    }

    pub fn head(&mut self, head: &Head) -> Result<()> {
        self.append(head)?;
        files::sync_folder(files::folder(&self.path)).map_err(|error| Failure::io(&self.path, &error))
    }

    pub fn line(&mut self, segment: Option<&str>, entry: &[u8], state: &[u8]) -> Result<()> {
        self.append(&Stored { segment: segment.map(str::to_string), entry: encode(entry), state: encode(state) })
    }

    /// In one write, then synced. What a failed write left is cut off the next time.
    fn append(&mut self, line: &impl Serialize) -> Result<()> {
        let fail = |error: io::Error| Failure::io(&self.path, &error);
        let mut bytes = serde_json::to_vec(line).map_err(|error| fail(error.into()))?;
        bytes.push(b'\n');
        self.file.write_all(&bytes).and_then(|()| self.file.sync_data()).map_err(fail)
    }
}

fn encode(bytes: &[u8]) -> String {
    let mut text = vec![0; bytes.len().div_ceil(3) * 4];
    Base64::encode(bytes, &mut text).unwrap_or_default().to_string()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 4 * 3];
    Base64::decode(text, &mut bytes).ok().map(<[u8]>::to_vec)
}

/// Where a segment of an index is. None for a name that leads out of the folder of the index.
pub fn segment_path(folder: &Path, segment: &str) -> Option<PathBuf> {
    let path = Path::new(segment);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    (inside && !segment.is_empty()).then(|| folder.join(path))
}
