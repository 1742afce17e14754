//! `pqrtc sign` and `pqrtc verify`: files of any length, signed as artifacts of a kind.

use crate::failure::{Failure, Result, name};
use crate::files::{self, Content, Output, is_std};
use crate::keys::{Algorithm, Kind, PrivateKey, PublicKey};
use crate::progress;
use crate::report::Report;
use clap::{Args, ValueEnum};
use pqrtc::keyfile::PublicKeyAlgorithm;
use pqrtc::signing::{ArtifactHasher, ArtifactKind, SignatureAlgorithm, SigningKey};
use std::path::{Path, PathBuf};

/// More than any signature has.
const MAX_SIGNATURE_BYTES: usize = 8 << 10;

/// What is signed. A signature of one kind does not verify as another.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// The manifest of a recording, or a recording of one file
    RecordingManifest,
    /// A transcript
    Transcript,
    /// The summary of a meeting
    Summary,
    /// An envelope around an API key
    ApiKeyEnvelope,
}

impl What {
    fn kind(self) -> ArtifactKind {
        match self {
            What::RecordingManifest => ArtifactKind::RecordingManifest,
            What::Transcript => ArtifactKind::Transcript,
            What::Summary => ArtifactKind::Summary,
            What::ApiKeyEnvelope => ArtifactKind::ApiKeyEnvelope,
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }
}

/// A private key that signs.
#[derive(Args)]
pub struct SigningInput {
    /// Private key; - is standard input
    #[arg(short, long, value_name = "KEY")]
    input: PathBuf,
    /// Algorithm, if the key is a raw seed
    #[arg(short, long, value_enum)]
    algorithm: Option<Algorithm>,
}

impl SigningInput {
    pub fn path(&self) -> &Path {
        &self.input
    }

    pub fn read(&self) -> Result<SigningKey> {
        match PrivateKey::read(&self.input, self.algorithm)? {
            PrivateKey::Signing(key) => Ok(key),
            other => Err(no_signing_key(&self.input, other.algorithm(), "pqrtc keygen sign makes one that does")),
        }
    }
}

/// A public key that verifies.
#[derive(Args)]
pub struct VerifyingInput {
    /// Public key of the signer; - is standard input
    #[arg(short, long, value_name = "PUB")]
    public: PathBuf,
    /// Algorithm, if the key is raw
    #[arg(short, long, value_enum)]
    algorithm: Option<Algorithm>,
}

impl VerifyingInput {
    pub fn path(&self) -> &Path {
        &self.public
    }

    pub fn read(&self) -> Result<(SignatureAlgorithm, Vec<u8>)> {
        let key = PublicKey::read(&self.public, self.algorithm)?;
        match key.algorithm.kind() {
            Kind::Public(PublicKeyAlgorithm::Signature(algorithm)) => Ok((algorithm, key.bytes)),
            _ => Err(no_signing_key(&self.public, key.algorithm, "give the public key of the signer")),
        }
    }
}

fn no_signing_key(path: &Path, algorithm: Algorithm, hint: &str) -> Failure {
    Failure::key(format!("{}: a key of {} signs nothing", name(path), algorithm.name())).hint(hint)
}

#[derive(Args)]
pub struct Sign {
    #[command(flatten)]
    key: SigningInput,
    /// What the file is
    #[arg(short, long, value_enum)]
    kind: What,
    /// File to sign; - is standard input
    file: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Sign {
    /// The signature goes to FILE.sig, or to standard output for standard input.
    pub fn run(&self, json: bool) -> Result<Report> {
        files::one_stdin(&[self.key.path(), &self.file])?;
        let path = self.output.path(|| beside(&self.file));
        self.output.not_over(&[self.key.path(), &self.file])?;
        let key = self.key.read()?;
        let mut hasher = ArtifactHasher::new(self.kind.kind());
        let bytes = progress::stream(&self.file, json, |piece| hasher.update(piece))?;
        let mut signature = vec![0; key.algorithm().signature_len()];
        hasher.sign(&key, &mut signature).map_err(|error| Failure::library("nothing was signed", error))?;
        let report = PrivateKey::Signing(key).report().with("kind", self.kind.name()).with("bytes", bytes);
        let report = report.with("signature_bytes", signature.len());
        self.output.deliver(&path, Content::public(signature, false), report)
    }
}

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    key: VerifyingInput,
    /// What the file is
    #[arg(short, long, value_enum)]
    kind: What,
    /// File that was signed; - is standard input
    file: PathBuf,
    /// Its signature [default: FILE.sig]
    signature: Option<PathBuf>,
}

impl Verify {
    pub fn run(&self, json: bool) -> Result<Report> {
        if is_std(&self.file) && self.signature.is_none() {
            return Err(Failure::usage("where is the signature of standard input?").hint("name its file after the -"));
        }
        let at = self.signature.clone().unwrap_or_else(|| beside(&self.file));
        files::one_stdin(&[self.key.path(), &self.file, &at])?;
        let (algorithm, public_key) = self.key.read()?;
        let signature = files::read(&at, MAX_SIGNATURE_BYTES)?;
        let refused = |error| {
            let facts = format!("{}: not signed by this key as {}", name(&self.file), self.kind.name());
            Failure::refused(facts, error).hint("check file, signature, key and --kind; do not use the file")
        };
        if signature.len() != algorithm.signature_len() {
            return Err(refused(pqrtc::Error::BadSignature));
        }
        let mut hasher = ArtifactHasher::new(self.kind.kind());
        let bytes = progress::stream(&self.file, json, |piece| hasher.update(piece))?;
        hasher.verify(algorithm, &public_key, &signature).map_err(refused)?;
        let algorithm = Algorithm::of(PublicKeyAlgorithm::Signature(algorithm));
        let fingerprint = crate::keys::fingerprint(algorithm, &public_key);
        Ok(Report::new()
            .with("verified", true)
            .with("kind", self.kind.name())
            .with("bytes", bytes)
            .with("algorithm", algorithm.name())
            .with("fingerprint", fingerprint))
    }
}

/// FILE.sig.
fn beside(file: &Path) -> PathBuf {
    if is_std(file) {
        return "-".into();
    }
    let mut path = file.as_os_str().to_owned();
    path.push(".sig");
    path.into()
}
