//! Reading files of any length in pieces, with a progress bar for what takes longer than a second, on a terminal.

use crate::failure::{Failure, Result};
use crate::files;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::time::{Duration, Instant};

const PIECE_BYTES: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(1);

/// Gives a file to `take`, piece by piece, and says how many bytes it had.
pub fn stream(path: &Path, quiet: bool, take: impl FnMut(&[u8])) -> Result<u64> {
    stream_open(files::open(path)?, path, quiet, take)
}

/// As [`stream`], for a file that is open.
pub fn stream_open(mut file: File, path: &Path, quiet: bool, mut take: impl FnMut(&[u8])) -> Result<u64> {
    let len = file.metadata().ok().filter(|facts| facts.is_file()).map(|facts| facts.len());
    let mut piece = vec![0; PIECE_BYTES];
    let (start, mut done, mut bar) = (Instant::now(), 0, None);
    let visible = !quiet && io::stderr().is_terminal();
    loop {
        match file.read(&mut piece) {
            Ok(0) => break,
            Ok(more) => {
                take(&piece[..more]);
                done += more as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::io(path, &error)),
        }
        if visible && start.elapsed() > PATIENCE {
            bar.get_or_insert_with(|| new_bar(len)).set_position(done);
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    Ok(done)
}

fn new_bar(len: Option<u64>) -> ProgressBar {
    let (bar, template) = match len {
        Some(len) => (ProgressBar::new(len), "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} {bytes_per_sec}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
