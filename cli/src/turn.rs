//! `pqrtc turn`: credentials as coturn's `use-auth-secret` takes them, and their way to a client.

use crate::failure::{Failure, Result, name};
use crate::files::{self, Content, Output};
use crate::keys::{Algorithm, Kind, PrivateKey, PublicKey};
use crate::report::Report;
use clap::{Args, Subcommand};
use pqrtc::keyfile::PublicKeyAlgorithm;
use pqrtc::turn;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use zeroize::{Zeroize, Zeroizing};

/// The longest secret, in bytes.
const MAX_SECRET_BYTES: usize = 4 << 10;
/// More than a credential as JSON has: a username of escaped characters.
const MAX_MINTED_BYTES: usize = 8 << 10;
/// More than the largest algorithm adds to a wrapped credential.
const MAX_WRAPPED_BYTES: usize = turn::MAX_CREDENTIAL_BYTES + (4 << 10);

#[derive(Subcommand)]
pub enum Turn {
    /// Mint a credential
    Mint(Mint),
    /// Verify a credential
    Verify(Verify),
    /// Wrap a credential for a client's ML-KEM key
    Wrap(Wrap),
    /// Unwrap a credential with the client's private key
    Unwrap(Unwrap),
}

impl Turn {
    pub fn run(&self) -> Result<Report> {
        match self {
            Turn::Mint(command) => command.run(),
            Turn::Verify(command) => command.run(),
            Turn::Wrap(command) => command.run(),
            Turn::Unwrap(command) => command.run(),
        }
    }
}

/// The secret that the service shares with the TURN server.
#[derive(Args)]
struct Secret {
    /// File with the server's static-auth-secret; one line end after it is left out; - is standard input
    #[arg(short, long, value_name = "FILE")]
    secret_file: PathBuf,
}

impl Secret {
    fn read(&self) -> Result<Zeroizing<Vec<u8>>> {
        let mut secret = files::read_secret(&self.secret_file, MAX_SECRET_BYTES)?;
        for end in [b'\n', b'\r'] {
            if secret.last() == Some(&end) {
                secret.pop();
            }
        }
        if secret.is_empty() {
            let hint = "write the value of coturn's static-auth-secret into it";
            return Err(Failure::key(format!("{}: has no secret", name(&self.secret_file))).hint(hint));
        }
        Ok(secret)
    }
}

#[derive(Args)]
pub struct Mint {
    #[command(flatten)]
    secret: Secret,
    /// User; without one the username is the expiry alone
    #[arg(short, long, default_value = "", hide_default_value = true)]
    user: String,
    /// Seconds until the credential expires
    #[arg(short, long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..))]
    ttl: u64,
    /// Wrap it for the holder of this ML-KEM key, as JSON
    #[arg(long, value_name = "PUB")]
    to: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

impl Mint {
    fn run(&self) -> Result<Report> {
        let inputs = [Some(&self.secret.secret_file), self.to.as_ref()];
        let inputs: Vec<_> = inputs.into_iter().flatten().map(PathBuf::as_path).collect();
        files::one_stdin(&inputs)?;
        self.output.not_over(&inputs)?;
        let expires_at = now()?.saturating_add(self.ttl);
        let secret = self.secret.read()?;
        let credential = turn::mint(&secret, self.user.as_bytes(), expires_at).map_err(|error| {
            let hint = "coturn takes users of at most 497 bytes, without spaces, quotes, backslashes and control \
                        characters, and expiries before 2038-01-19";
            Failure::library("nothing was minted", error).hint(hint)
        })?;
        let username = String::from_utf8_lossy(credential.username()).into_owned();
        let password = Zeroizing::new(String::from_utf8_lossy(credential.password()).into_owned());
        let report = Report::new().with("username", username.clone());
        let report = |password| report.with("password", password).with("expires_at", expires_at).with("ttl", self.ttl);
        if self.to.is_none() && self.output.output.is_none() {
            return Ok(report(Value::from(password.as_str())));
        }
        let mut plain = Zeroizing::new(Vec::with_capacity(MAX_MINTED_BYTES));
        plain.extend_from_slice(format!("{{\"username\":{},\"password\":\"", json!(username)).as_bytes());
        plain.extend_from_slice(password.as_bytes());
        plain.extend_from_slice(b"\"}\n");
        let (path, report) = (self.output.path(|| "-".into()), report(Value::Null));
        match &self.to {
            Some(to) => wrap(&plain, to, None, &self.output, &path, report),
            None => self.output.deliver(&path, Content::secret(plain, true), report),
        }
    }
}

/// A credential as JSON, or as `turn mint` prints it: other fields and lines are passed over.
#[derive(Deserialize)]
struct Given {
    username: String,
    password: String,
}

impl Drop for Given {
    fn drop(&mut self) {
        self.password.zeroize();
    }
}

impl Given {
    fn of(text: &[u8]) -> Option<Self> {
        if text.trim_ascii_start().starts_with(b"{") {
            return serde_json::from_slice(text).ok();
        }
        let text = std::str::from_utf8(text).ok()?;
        let field = |name| text.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_string()));
        Some(Given { username: field("username:")?, password: field("password:")? })
    }
}

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    secret: Secret,
    /// File with the credential: JSON with "username" and "password", or what turn mint prints; - is standard input
    #[arg(default_value = "-")]
    credential: PathBuf,
}

impl Verify {
    fn run(&self) -> Result<Report> {
        files::one_stdin(&[&self.secret.secret_file, &self.credential])?;
        let secret = self.secret.read()?;
        let text = files::read(&self.credential, MAX_MINTED_BYTES)?;
        let given = Given::of(&text).ok_or_else(|| {
            Failure::refused(name(&self.credential), pqrtc::Error::CredentialRejected)
                .hint("give JSON with \"username\" and \"password\", or what pqrtc turn mint prints")
        })?;
        turn::verify(&secret, given.username.as_bytes(), given.password.as_bytes(), now()?)
            .map_err(|error| Failure::library(format!("username {}", crate::failure::clean(&given.username)), error))?;
        Ok(Report::new().with("verified", true).with("username", given.username.as_str()))
    }
}

#[derive(Args)]
pub struct Wrap {
    /// The client's ML-KEM public key
    #[arg(long, value_name = "PUB")]
    to: PathBuf,
    /// Algorithm, if the public key is raw
    #[arg(short, long, value_enum)]
    algorithm: Option<Algorithm>,
    /// Credential of up to 1 MiB; - is standard input
    #[arg(default_value = "-")]
    credential: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Wrap {
    fn run(&self) -> Result<Report> {
        files::one_stdin(&[&self.to, &self.credential])?;
        self.output.not_over(&[&self.to, &self.credential])?;
        let path = self.output.path(|| "-".into());
        let plain = files::read_secret(&self.credential, turn::MAX_CREDENTIAL_BYTES)?;
        wrap(&plain, &self.to, self.algorithm, &self.output, &path, Report::new())
    }
}

fn wrap(
    plain: &[u8],
    to: &Path,
    raw: Option<Algorithm>,
    output: &Output,
    path: &Path,
    report: Report,
) -> Result<Report> {
    let key = PublicKey::read(to, raw)?;
    let Kind::Public(PublicKeyAlgorithm::Kem(algorithm)) = key.algorithm.kind() else {
        return Err(no_kem(to, key.algorithm));
    };
    let mut wrapped = vec![0; plain.len() + turn::wrap_overhead(algorithm)];
    turn::wrap(algorithm, &key.bytes, plain, &mut wrapped)
        .map_err(|error| Failure::library("nothing was wrapped", error))?;
    let report = report.with("algorithm", key.algorithm.name()).with("wrapped_bytes", wrapped.len());
    output.deliver(path, Content::public(wrapped, false), report)
}

#[derive(Args)]
pub struct Unwrap {
    /// The client's ML-KEM private key
    #[arg(short, long, value_name = "KEY")]
    input: PathBuf,
    /// Algorithm, if the private key is a raw seed
    #[arg(short, long, value_enum)]
    algorithm: Option<Algorithm>,
    /// Wrapped credential; - is standard input
    #[arg(default_value = "-")]
    wrapped: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Unwrap {
    /// The credential is printed, or goes into a file for its owner alone.
    fn run(&self) -> Result<Report> {
        files::one_stdin(&[&self.input, &self.wrapped])?;
        self.output.not_over(&[&self.input, &self.wrapped])?;
        let path = self.output.path(|| "-".into());
        let pair = match PrivateKey::read(&self.input, self.algorithm)? {
            PrivateKey::Kem(pair) => pair,
            other => return Err(no_kem(&self.input, other.algorithm())),
        };
        let wrapped = files::read(&self.wrapped, MAX_WRAPPED_BYTES)?;
        let refused = |error| {
            Failure::refused(name(&self.wrapped), error).hint("it was altered, cut, or wrapped for another key")
        };
        let len = wrapped.len().checked_sub(turn::wrap_overhead(pair.algorithm()));
        let mut plain = Zeroizing::new(vec![0; len.ok_or_else(|| refused(pqrtc::Error::InvalidLength))?]);
        turn::unwrap(&pair, &wrapped, &mut plain).map_err(refused)?;
        let text = std::str::from_utf8(&plain).is_ok_and(|text| !text.chars().any(|c| c.is_control() && c != '\n'));
        let report = Report::new().with("credential_bytes", plain.len());
        self.output.deliver(&path, Content::secret(plain, text), report)
    }
}

fn no_kem(path: &Path, algorithm: Algorithm) -> Failure {
    Failure::key(format!("{}: a key of {} wraps nothing", name(path), algorithm.name()))
        .hint("an ML-KEM key is needed: pqrtc keygen kem makes one")
}

fn now() -> Result<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map(|time| time.as_secs()).map_err(|_| Failure::system("clock", "the clock of this machine is before 1970"))
}
