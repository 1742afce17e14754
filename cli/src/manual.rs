//! Manual pages and completions, made from the definition of the command line.

use crate::Cli;
use crate::failure::{Failure, Result, name};
use crate::files::Content;
use crate::report::Report;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::path::PathBuf;

#[derive(Args)]
pub struct Man {
    /// Folder for the pages, which exists
    folder: PathBuf,
}

impl Man {
    pub fn run(&self) -> Result<Report> {
        clap_mangen::generate_to(Cli::command(), &self.folder).map_err(|error| Failure::io(&self.folder, &error))?;
        Ok(Report::new().with("written", name(&self.folder)))
    }
}

#[derive(Args)]
pub struct Completions {
    shell: Shell,
}

impl Completions {
    pub fn run(&self) -> Result<Report> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "pqrtc", &mut script);
        Ok(Report::new().content(Content::public(script, true)))
    }
}
