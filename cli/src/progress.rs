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

/// How many bytes are done, shown on standard error.
pub struct Meter {
    start: Instant,
    total: Option<u64>,
    done: u64,
    visible: bool,
    bar: Option<ProgressBar>,
}

impl Meter {
    pub fn new(total: Option<u64>, quiet: bool) -> Self {
        let visible = !quiet && io::stderr().is_terminal();
        Meter { start: Instant::now(), total, done: 0, visible, bar: None }
    }

    pub fn advance(&mut self, bytes: u64) {
        self.done += bytes;
        if self.visible && self.start.elapsed() > PATIENCE {
            // The rate counts from here on: what was done before the bar was there would make it absurd.
            let bar = self.bar.get_or_insert_with(|| new_bar(self.total).with_position(self.done));
            bar.set_position(self.done);
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Gives a file to `take`, piece by piece, and says how many bytes it had.
pub fn stream(path: &Path, quiet: bool, take: impl FnMut(&[u8])) -> Result<u64> {
    stream_open(files::open(path)?, path, quiet, take)
}

/// As [`stream`], for a file that is open.
pub fn stream_open(mut file: File, path: &Path, quiet: bool, mut take: impl FnMut(&[u8])) -> Result<u64> {
    let total = file.metadata().ok().filter(|facts| facts.is_file()).map(|facts| facts.len());
    let mut meter = Meter::new(total, quiet);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(meter.done),
            Ok(more) => {
                take(&piece[..more]);
                meter.advance(more as u64);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::io(path, &error)),
        }
    }
}

fn new_bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (ProgressBar::new(total), "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} {bytes_per_sec}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
