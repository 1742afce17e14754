//! Keys: made, read from the files of this and other software, their public halves.

use crate::failure::{Failure, Result, name};
use crate::files;
use crate::report::{Report, hex};
use clap::ValueEnum;
use pqrtc::kem::{KemAlgorithm, KemKeypair};
use pqrtc::keyfile::{self, MAX_FILE_BYTES, PublicKeyAlgorithm};
use pqrtc::signing::{SignatureAlgorithm, SigningKey};
use pqrtc::suite::{HybridKeypair, Suite};
use std::path::Path;
use zeroize::Zeroizing;

/// What a key is for, down to the parameter set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "kebab-case")]
pub enum Algorithm {
    #[value(name = "ml-dsa-65")]
    MlDsa65,
    #[value(name = "ml-dsa-87")]
    MlDsa87,
    #[value(name = "ml-dsa-65-ed25519")]
    MlDsa65Ed25519,
    #[value(name = "ml-kem-768")]
    MlKem768,
    #[value(name = "ml-kem-1024")]
    MlKem1024,
    #[value(name = "x-wing")]
    XWing,
    #[value(name = "v100-hybrid-kx-v1")]
    V100HybridKxV1,
}

/// What an [`Algorithm`] is to the library.
pub enum Kind {
    Public(PublicKeyAlgorithm),
    Hybrid(Suite),
}

impl Algorithm {
    pub fn kind(self) -> Kind {
        let signature = |algorithm| Kind::Public(PublicKeyAlgorithm::Signature(algorithm));
        let kem = |algorithm| Kind::Public(PublicKeyAlgorithm::Kem(algorithm));
        match self {
            Algorithm::MlDsa65 => signature(SignatureAlgorithm::MlDsa65),
            Algorithm::MlDsa87 => signature(SignatureAlgorithm::MlDsa87),
            Algorithm::MlDsa65Ed25519 => signature(SignatureAlgorithm::MlDsa65Ed25519),
            Algorithm::MlKem768 => kem(KemAlgorithm::MlKem768),
            Algorithm::MlKem1024 => kem(KemAlgorithm::MlKem1024),
            Algorithm::XWing => Kind::Hybrid(Suite::XWing),
            Algorithm::V100HybridKxV1 => Kind::Hybrid(Suite::V100HybridKxV1),
        }
    }

    pub fn of(algorithm: PublicKeyAlgorithm) -> Self {
        match algorithm {
            PublicKeyAlgorithm::Signature(SignatureAlgorithm::MlDsa65) => Algorithm::MlDsa65,
            PublicKeyAlgorithm::Signature(SignatureAlgorithm::MlDsa87) => Algorithm::MlDsa87,
            PublicKeyAlgorithm::Signature(SignatureAlgorithm::MlDsa65Ed25519) => Algorithm::MlDsa65Ed25519,
            PublicKeyAlgorithm::Kem(KemAlgorithm::MlKem768) => Algorithm::MlKem768,
            PublicKeyAlgorithm::Kem(KemAlgorithm::MlKem1024) => Algorithm::MlKem1024,
        }
    }

    pub fn of_suite(suite: Suite) -> Self {
        match suite {
            Suite::XWing => Algorithm::XWing,
            Suite::V100HybridKxV1 => Algorithm::V100HybridKxV1,
        }
    }

    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }
}

/// How a key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text: PKCS#8, or SubjectPublicKeyInfo for a public key
    Pem,
    /// The same, binary
    Der,
    /// The seed, or the bytes of the public key
    Raw,
}

/// A private key of any kind.
pub enum PrivateKey {
    Signing(SigningKey),
    Kem(KemKeypair),
    Hybrid(Box<HybridKeypair>),
}

impl PrivateKey {
    pub fn generate(algorithm: Algorithm) -> pqrtc::Result<Self> {
        Ok(match algorithm.kind() {
            Kind::Public(PublicKeyAlgorithm::Signature(algorithm)) => Self::Signing(SigningKey::generate(algorithm)?),
            Kind::Public(PublicKeyAlgorithm::Kem(algorithm)) => Self::Kem(KemKeypair::generate(algorithm)?),
            Kind::Hybrid(suite) => Self::Hybrid(HybridKeypair::generate(suite)?),
        })
    }

    pub fn from_seed(algorithm: Algorithm, seed: &[u8]) -> pqrtc::Result<Self> {
        Ok(match algorithm.kind() {
            Kind::Public(PublicKeyAlgorithm::Signature(algorithm)) => {
                Self::Signing(SigningKey::from_seed(algorithm, seed)?)
            }
            Kind::Public(PublicKeyAlgorithm::Kem(algorithm)) => Self::Kem(KemKeypair::from_seed(algorithm, seed)?),
            Kind::Hybrid(suite) => Self::Hybrid(HybridKeypair::from_seed(suite, seed)?),
        })
    }

    /// Of a file that says itself what it holds.
    pub fn import(file: &[u8]) -> pqrtc::Result<Self> {
        SigningKey::import(file).map(Self::Signing).or_else(|error| match error {
            pqrtc::Error::InvalidKey => KemKeypair::import(file).map(Self::Kem),
            error => Err(error),
        })
    }

    /// Reads a private key: PKCS#8 as PEM or DER, or the seed of a named algorithm.
    pub fn read(path: &Path, raw: Option<Algorithm>) -> Result<Self> {
        let file =
            files::read_secret(path, MAX_FILE_BYTES).or_else(|refused| match files::read(path, MAX_FILE_BYTES) {
                // What is wrong with a public key here is not its mode.
                Ok(file) if refused.code == "permissions" && keyfile::import_public_key(&file).is_ok() => Ok(file),
                _ => Err(refused),
            })?;
        let fail = |error| no_key(path, &file, "private", error).hint(why_not_private(&file, raw));
        match raw {
            Some(algorithm) => Self::from_seed(algorithm, &file).map_err(fail),
            None => Self::import(&file).map_err(fail),
        }
    }

    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Signing(key) => Algorithm::of(PublicKeyAlgorithm::Signature(key.algorithm())),
            Self::Kem(key) => Algorithm::of(PublicKeyAlgorithm::Kem(key.algorithm())),
            Self::Hybrid(key) => Algorithm::of_suite(key.suite()),
        }
    }

    pub fn public_key(&self) -> &[u8] {
        match self {
            Self::Signing(key) => key.public_key(),
            Self::Kem(key) => key.public_key(),
            Self::Hybrid(key) => key.bundle(),
        }
    }

    /// Whether its seed is known, or only the expanded key.
    pub fn has_seed(&self) -> bool {
        self.export(Format::Raw).is_ok()
    }

    pub fn export(&self, format: Format) -> pqrtc::Result<Zeroizing<Vec<u8>>> {
        match (self, der_or_pem(format)) {
            (Self::Signing(key), Some(format)) => key.export(format),
            (Self::Kem(key), Some(format)) => key.export(format),
            (Self::Signing(key), None) => {
                let mut seed = Zeroizing::new(vec![0; key.algorithm().seed_len()]);
                key.seed(&mut seed).map(|()| seed)
            }
            (Self::Kem(key), None) => key.seed().map(|seed| Zeroizing::new(seed.to_vec())),
            (Self::Hybrid(key), None) => Ok(Zeroizing::new(key.seed().to_vec())),
            (Self::Hybrid(_), Some(_)) => Err(pqrtc::Error::Unsupported),
        }
    }

    /// What people and programs are told of it.
    pub fn report(&self) -> Report {
        let report = Report::new().with("algorithm", self.algorithm().name());
        let report = report.with("public_key_bytes", self.public_key().len());
        match fingerprint(self.algorithm(), self.public_key()) {
            Some(fingerprint) => report.with("fingerprint", fingerprint),
            None => report,
        }
    }
}

/// By which peers pin an identity. Bundles have none.
pub fn fingerprint(algorithm: Algorithm, public_key: &[u8]) -> Option<String> {
    let Kind::Public(algorithm) = algorithm.kind() else { return None };
    keyfile::fingerprint(algorithm, public_key).ok().map(|fingerprint| hex(&fingerprint))
}

/// A public key of any kind.
pub struct PublicKey {
    pub algorithm: Algorithm,
    pub bytes: Vec<u8>,
}

impl PublicKey {
    /// Reads a public key: SubjectPublicKeyInfo as PEM or DER, or the raw key of a named algorithm.
    pub fn read(path: &Path, raw: Option<Algorithm>) -> Result<Self> {
        Self::parse(path, &files::read(path, MAX_FILE_BYTES)?, raw)
    }

    /// As [`PublicKey::read`], of a file that has been read.
    pub fn parse(path: &Path, file: &[u8], raw: Option<Algorithm>) -> Result<Self> {
        let fail = |error| no_key(path, file, "public", error).hint(why_not_public(file, raw));
        let Some(algorithm) = raw else {
            let (algorithm, bytes) = keyfile::import_public_key(file).map_err(fail)?;
            return Ok(PublicKey { algorithm: Algorithm::of(algorithm), bytes });
        };
        match algorithm.kind() {
            Kind::Public(of) => keyfile::fingerprint(of, file).map_err(fail)?,
            Kind::Hybrid(suite) if file.len() != suite.bundle_len() => return Err(fail(pqrtc::Error::InvalidLength)),
            Kind::Hybrid(_) => Default::default(),
        };
        Ok(PublicKey { algorithm, bytes: file.to_vec() })
    }

    pub fn export(&self, format: Format) -> pqrtc::Result<Vec<u8>> {
        match (self.algorithm.kind(), der_or_pem(format)) {
            (_, None) => Ok(self.bytes.clone()),
            (Kind::Public(algorithm), Some(format)) => keyfile::export_public_key(algorithm, &self.bytes, format),
            (Kind::Hybrid(_), Some(_)) => Err(pqrtc::Error::Unsupported),
        }
    }
}

fn der_or_pem(format: Format) -> Option<keyfile::Format> {
    match format {
        Format::Pem => Some(keyfile::Format::Pem),
        Format::Der => Some(keyfile::Format::Der),
        Format::Raw => None,
    }
}

fn no_key(path: &Path, file: &[u8], which: &str, error: pqrtc::Error) -> Failure {
    match error {
        _ if file.is_empty() => Failure::key(format!("{}: is empty", name(path))),
        pqrtc::Error::InvalidKey | pqrtc::Error::InvalidLength => {
            Failure::key(format!("{}: not a {which} key of an algorithm of this library", name(path)))
        }
        error => Failure::key(Failure::library(name(path), error).message),
    }
}

fn has(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|part| part == text.as_bytes())
}

fn why_not_private(file: &[u8], raw: Option<Algorithm>) -> String {
    if keyfile::import_public_key(file).is_ok() {
        "this is a public key; the private key is needed here".into()
    } else if let (Some(algorithm), Ok(_)) = (raw, PrivateKey::import(file)) {
        format!("this is a PEM or DER file: leave out --algorithm {}", algorithm.name())
    } else if has(file, "ENCRYPTED PRIVATE KEY") {
        "the key is encrypted: decrypt it first, for example with openssl pkey".into()
    } else if raw.is_none() {
        "give a PKCS#8 file in PEM or DER; for a raw seed, name its --algorithm".into()
    } else {
        "a raw private key is the seed of its algorithm, and nothing else".into()
    }
}

fn why_not_public(file: &[u8], raw: Option<Algorithm>) -> String {
    if PrivateKey::import(file).is_ok() {
        "this is a private key; write its public key with pqrtc pubkey".into()
    } else if has(file, "BEGIN CERTIFICATE") {
        "this is a certificate: take its key out with openssl x509 -pubkey -noout".into()
    } else if raw.is_none() {
        "give a SubjectPublicKeyInfo file in PEM or DER; for a raw key, name its --algorithm".into()
    } else {
        "a raw public key has the length of its algorithm's, and nothing around it".into()
    }
}
