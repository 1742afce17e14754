//! The command `pqrtc`. docs/cli.md describes it; the formats are the library's.

#![forbid(unsafe_code)]
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod doctor;
mod failure;
mod files;
mod inspect;
mod keygen;
mod keys;
mod manual;
mod private;
mod progress;
mod recording;
mod report;
mod sign;
mod turn;

use clap::{Parser, Subcommand};
use failure::{Class, Failure, Result};
use report::Report;
use std::io::Write;
use std::process::ExitCode;

const EXIT_STATUS: &str = "\
Exit status:
  0  success; what was verified is good
  1  verification failed: a signature, credential, ciphertext, recording, message or self-test
  2  usage: the command line, or a key or secret file that does not fit the command
  3  the operating system: a file that cannot be read or written, that exists already, or whose
     secret others can read

Secrets come from files or standard input (-), never from arguments. With --json every command
prints one JSON object on standard output, also when it fails.";

/// Keys, TURN credentials, signatures and recordings with post-quantum algorithms
#[derive(Parser)]
#[command(name = "pqrtc", version, after_help = EXIT_STATUS, max_term_width = 110, arg_required_else_help = true)]
pub struct Cli {
    /// Print one JSON object, also for an error
    #[arg(long, global = true, display_order = 1000)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a private key
    Keygen(keygen::Keygen),
    /// Write the public key of a private key
    Pubkey(keygen::Pubkey),
    /// TURN credentials: mint and verify them, wrap them for a client and unwrap them
    #[command(subcommand)]
    Turn(turn::Turn),
    /// Sign a file
    Sign(sign::Sign),
    /// Verify the signature of a file
    Verify(sign::Verify),
    /// Recordings in segments, which nobody can splice
    #[command(subcommand)]
    Recording(recording::Recording),
    /// Say what a key, a message or a sealed frame looks like; no secret is shown
    #[command(subcommand)]
    Inspect(inspect::Inspect),
    /// Test the library and the machine
    Doctor,
    /// Write the manual pages into a folder
    #[command(hide = true)]
    Man(manual::Man),
    /// Write the completions of a shell
    #[command(hide = true)]
    Completions(manual::Completions),
}

fn main() -> ExitCode {
    private::no_core_dump();
    let json = std::env::args_os().take_while(|arg| arg != "--").any(|arg| arg == "--json");
    let result = match Cli::try_parse() {
        Ok(cli) => run(cli.command, json).and_then(|report| report.print(json)),
        Err(error) if !error.use_stderr() => files::print(error.to_string().as_bytes()),
        Err(error) if json => Err(Failure::usage(first_paragraph(&error.to_string()))),
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(Class::Usage as u8);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure, json);
            ExitCode::from(failure.class as u8)
        }
    }
}

fn run(command: Command, json: bool) -> Result<Report> {
    match command {
        Command::Keygen(command) => command.run(),
        Command::Pubkey(command) => command.run(),
        Command::Turn(command) => command.run(),
        Command::Sign(command) => command.run(json),
        Command::Verify(command) => command.run(json),
        Command::Recording(command) => command.run(json),
        Command::Inspect(command) => command.run(),
        Command::Doctor => doctor::run(json),
        Command::Man(command) => command.run(),
        Command::Completions(command) => command.run(),
    }
}

fn tell(failure: &Failure, json: bool) {
    if failure.class == Class::PipeClosed {
        return;
    }
    if json {
        // If standard output is what failed, standard error has it below.
        if files::print(report::failure_json(failure).as_bytes()).is_ok() {
            return;
        }
    }
    let mut err = std::io::stderr();
    let _ = writeln!(err, "pqrtc: {}", failure.message);
    if let Some(hint) = &failure.hint {
        let _ = writeln!(err, "  {hint}");
    }
}

/// What clap says first, in one line.
fn first_paragraph(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
    lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_string()
}
