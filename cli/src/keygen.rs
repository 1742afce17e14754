//! `pqrtc keygen` and `pqrtc pubkey`.

use crate::failure::{Failure, Result, name};
use crate::files::{Content, Output};
use crate::keys::{Algorithm, Format, PrivateKey, PublicKey};
use crate::report::Report;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub struct Keygen {
    #[command(subcommand)]
    purpose: Purpose,
}

#[derive(Subcommand)]
enum Purpose {
    /// A key that signs files and recordings (ML-DSA-65)
    Sign(New),
    /// A key for which TURN credentials are wrapped (ML-KEM-768)
    Kem(New),
    /// A responder's key of the hybrid key exchange (X-Wing); a raw file
    Hybrid(New),
    /// A participant's identity in calls and meetings (ML-DSA-65 with Ed25519)
    Identity(New),
}

#[derive(Args)]
struct New {
    /// Algorithm; the default stands in the description of the command
    #[arg(short, long, value_enum)]
    algorithm: Option<Algorithm>,
    /// Format of the file; the default is pem, and raw for hybrid keys
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    output: Output,
}

impl Purpose {
    fn parts(&self) -> (&New, &[Algorithm]) {
        use Algorithm::*;
        match self {
            Purpose::Sign(new) => (new, &[MlDsa65, MlDsa87, MlDsa65Ed25519]),
            Purpose::Kem(new) => (new, &[MlKem768, MlKem1024]),
            Purpose::Hybrid(new) => (new, &[XWing, V100HybridKxV1]),
            Purpose::Identity(new) => (new, &[MlDsa65Ed25519, MlDsa87]),
        }
    }
}

impl Keygen {
    /// The key file is for its owner alone, and never overwritten without being told to.
    pub fn run(&self) -> Result<Report> {
        let (new, allowed) = self.purpose.parts();
        let algorithm = new.algorithm.unwrap_or(allowed[0]);
        if !allowed.contains(&algorithm) {
            let names: Vec<_> = allowed.iter().map(|one| one.name()).collect();
            return Err(Failure::usage(format!("{} is no algorithm of such a key", algorithm.name()))
                .hint(format!("choose one of {}", names.join(", "))));
        }
        let format = format_of(new.format, algorithm)?;
        let no_output =
            || Failure::usage("where does the key go?").hint("name a file with -o, or - for standard output");
        let path = new.output.path(PathBuf::new);
        if path.as_os_str().is_empty() {
            return Err(no_output());
        }
        let key = PrivateKey::generate(algorithm).map_err(|error| Failure::library("no key was made", error))?;
        let bytes = key.export(format).map_err(|error| Failure::library("the key", error))?;
        let content = Content::secret(bytes, format == Format::Pem);
        new.output.deliver(&path, content, key.report())
    }
}

#[derive(Args)]
pub struct Pubkey {
    /// Private key; - is standard input
    #[arg(short, long, value_name = "KEY")]
    input: PathBuf,
    /// Algorithm, if the private key is a raw seed
    #[arg(short, long, value_enum)]
    algorithm: Option<Algorithm>,
    /// Format of the public key; the default is pem, and raw for hybrid keys, whose public key is the bundle
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    output: Output,
}

impl Pubkey {
    pub fn run(&self) -> Result<Report> {
        let path = self.output.path(|| "-".into());
        self.output.not_over(&[&self.input])?;
        let key = PrivateKey::read(&self.input, self.algorithm)?;
        let format = format_of(self.format, key.algorithm())?;
        let public = PublicKey { algorithm: key.algorithm(), bytes: key.public_key().to_vec() };
        let bytes = public.export(format).map_err(|error| Failure::library(name(&self.input), error))?;
        let content = Content::public(bytes, format == Format::Pem);
        self.output.deliver(&path, content, key.report())
    }
}

/// Hybrid keys have no standard file: they are raw.
fn format_of(wanted: Option<Format>, algorithm: Algorithm) -> Result<Format> {
    let hybrid = matches!(algorithm, Algorithm::XWing | Algorithm::V100HybridKxV1);
    match wanted {
        Some(Format::Pem | Format::Der) if hybrid => {
            Err(Failure::usage("keys of the hybrid exchange have no PEM or DER form")
                .hint("use --format raw, the default for them"))
        }
        Some(format) => Ok(format),
        None => Ok(if hybrid { Format::Raw } else { Format::Pem }),
    }
}
