//! Files in and out. `-` is standard input or output. Secrets are read without a buffer that stays behind, and files are written whole or not
//! at all.

use crate::failure::{Class, Failure, Result, name};
use crate::report::Report;
use clap::Args;
use std::fs::{self, File, Permissions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The mode of files with a secret.
const PRIVATE: u32 = 0o600;
/// Of others, before the umask.
const PUBLIC: u32 = 0o666;
/// Access that the file of a secret must not give: any to others, writing to the group. A group that may read is how services share one.
const OPEN: u32 = 0o027;

/// Where a command writes to.
#[derive(Args)]
pub struct Output {
    /// File to write; `-` is standard output. An existing file is not overwritten without --force
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(short, long)]
    pub force: bool,
}

/// Whether a path stands for standard input or output.
pub fn is_std(path: &Path) -> bool {
    path == Path::new("-")
}

/// At most one of the inputs may be standard input.
pub fn one_stdin(inputs: &[&Path]) -> Result<()> {
    match inputs.iter().filter(|path| is_std(path)).count() {
        0 | 1 => Ok(()),
        _ => Err(Failure::usage("only one input can be standard input (-)")),
    }
}

/// Opens an input. Standard input comes without the buffer of [`io::stdin`], which nobody wipes.
pub fn open(path: &Path) -> Result<File> {
    let file = if is_std(path) {
        if io::stdin().is_terminal() {
            let _ = writeln!(io::stderr(), "pqrtc: reading from the terminal; end with Ctrl-D");
        }
        io::stdin().as_fd().try_clone_to_owned().map(File::from)
    } else {
        File::open(path)
    };
    let file = file.map_err(|error| Failure::io(path, &error))?;
    match file.metadata() {
        Ok(facts) if facts.is_dir() => Err(Failure::system("io", format!("{}: is a directory", name(path)))),
        _ => Ok(file),
    }
}

/// Reads a file of at most `max` bytes.
pub fn read(path: &Path, max: usize) -> Result<Zeroizing<Vec<u8>>> {
    read_all(open(path)?, path, max)
}

/// As [`read`], for a file with a secret, which only its owner and group can read. Pipes have no such mode to look at.
pub fn read_secret(path: &Path, max: usize) -> Result<Zeroizing<Vec<u8>>> {
    let file = open(path)?;
    let facts = file.metadata().map_err(|error| Failure::io(path, &error))?;
    if !is_std(path) && exposed(&facts) {
        let mode = facts.permissions().mode() & 0o777;
        let message = format!("{}: others can read or change this secret (mode {mode:03o})", name(path));
        let hint = "chmod 600 the file (640 if a group has to read it), or give it on standard input (-)";
        return Err(Failure { class: Class::System, ..Failure::system("permissions", message) }.hint(hint));
    }
    read_all(file, path, max)
}

fn exposed(facts: &fs::Metadata) -> bool {
    facts.is_file() && facts.permissions().mode() & OPEN != 0
}

/// Whether others can read or change a file.
pub fn is_exposed(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|facts| exposed(&facts))
}

/// The buffer grows to its full size at once, so that no copy of it is left behind.
fn read_all(mut file: File, path: &Path, max: usize) -> Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; max + 1]);
    let mut len = 0;
    while len < bytes.len() {
        match file.read(&mut bytes[len..]) {
            Ok(0) => break,
            Ok(more) => len += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::io(path, &error)),
        }
    }
    if len > max {
        let message = format!("{}: longer than the {max} bytes that this can have", name(path));
        return Err(Failure { class: Class::Refused, code: "too_long".into(), message, hint: None });
    }
    bytes.truncate(len);
    Ok(bytes)
}

/// Writes to standard output, past the buffer of [`io::stdout`].
pub fn print(bytes: &[u8]) -> Result<()> {
    let path = Path::new("-");
    let out = io::stdout().as_fd().try_clone_to_owned().map(File::from);
    out.and_then(|mut out| out.write_all(bytes)).map_err(|error| Failure::io(path, &error))
}

/// What a command writes. It is wiped.
pub struct Content {
    pub bytes: Zeroizing<Vec<u8>>,
    /// Whether it is a secret: the file is for its owner alone.
    pub secret: bool,
    /// Whether it is text, which may go to a terminal.
    pub text: bool,
}

impl Content {
    pub fn public(bytes: Vec<u8>, text: bool) -> Self {
        Content { bytes: Zeroizing::new(bytes), secret: false, text }
    }

    pub fn secret(bytes: Zeroizing<Vec<u8>>, text: bool) -> Self {
        Content { bytes, secret: true, text }
    }
}

/// Writes a whole file, or nothing: into a temporary file beside it, which then takes its name.
pub fn write(path: &Path, force: bool, content: &Content) -> Result<()> {
    let fail = |error: io::Error| Failure::io(path, &error);
    match fs::metadata(path) {
        Ok(facts) if facts.is_dir() => return Err(Failure::system("io", format!("{}: is a directory", name(path)))),
        // Devices and pipes are written to, never replaced.
        Ok(facts) if !facts.is_file() => {
            return File::options()
                .write(true)
                .open(path)
                .and_then(|mut file| file.write_all(&content.bytes))
                .map_err(fail);
        }
        Ok(_) if !force => return Err(exists(path)),
        _ => {}
    }
    // Through a link, the file that it names is the one to replace.
    let target = if force { fs::canonicalize(path).unwrap_or_else(|_| path.into()) } else { path.into() };
    let folder = folder(&target);
    let mode = Permissions::from_mode(if content.secret { PRIVATE } else { PUBLIC });
    let mut file = tempfile::Builder::new().prefix(".pqrtc-").permissions(mode).tempfile_in(folder).map_err(fail)?;
    file.write_all(&content.bytes).and_then(|()| file.as_file().sync_all()).map_err(fail)?;
    let kept = if force { file.persist(&target) } else { file.persist_noclobber(&target) };
    kept.map_err(|kept| match kept.error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => fail(kept.error),
    })?;
    sync_folder(folder).map_err(fail)
}

/// The folder of a file.
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a new name in a folder outlast a crash of the machine.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // A folder that can be written and not read, or a file system that has no such thing.
        Err(error) if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput) => Ok(()),
        other => other,
    }
}

fn exists(path: &Path) -> Failure {
    Failure::system("exists", format!("{}: exists, and was not changed", name(path)))
        .hint("name another file, or overwrite it with --force")
}

impl Output {
    /// Where to write to: what was said, else `default`.
    pub fn path(&self, default: impl FnOnce() -> PathBuf) -> PathBuf {
        match self.output.clone().unwrap_or_else(default) {
            path if path == Path::new("/dev/stdout") => "-".into(),
            path => path,
        }
    }

    /// Refuses to write over what the command reads, which --force does not mean.
    pub fn not_over(&self, inputs: &[&Path]) -> Result<()> {
        let place =
            |path: &Path| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|facts| (facts.dev(), facts.ino()));
        let Some(output) = self.output.as_deref() else { return Ok(()) };
        match place(output) {
            Some(output_place) if inputs.iter().any(|input| place(input) == Some(output_place)) => {
                Err(Failure::usage(format!("{}: is read by this command and would be overwritten", name(output)))
                    .hint("name another file with -o"))
            }
            _ => Ok(()),
        }
    }

    /// Writes a file and reports it. For standard output the report holds the content.
    pub fn deliver(&self, path: &Path, content: Content, report: Report) -> Result<Report> {
        if is_std(path) {
            return Ok(report.content(content));
        }
        write(path, self.force, &content)?;
        Ok(report.with("written", name(path)))
    }
}
