//! Keys in the files of other software: PKCS#8 (RFC 5958) for private keys and SubjectPublicKeyInfo (RFC 5280) for public ones, as DER or
//! PEM (RFC 7468). ML-DSA as in RFC 9881, ML-KEM as in RFC 9935, the composite as in draft-ietf-lamps-pq-composite-sigs.
//!
//! What is read: a private key as its seed, in expanded form, or as both; attributes and the public key of PKCS#8 version 2; PEM with any
//! line ends and widths, blank lines, and text or other blocks around the key. What is written: the seed where there is one, else the
//! expanded form, and PEM in lines of 64. Encrypted files are not read.
//!
//! A file is at most [`MAX_FILE_BYTES`] ([`Error::InvalidLength`]). Everything else that is wrong with one is [`Error::InvalidKey`]. The
//! parser does not recurse, and takes no more memory than the file has bytes.

use crate::kem::{self, KemAlgorithm, KemKeypair};
use crate::key_info::{encode, identifier, public_key_info};
use crate::secret::equal;
use crate::signing::{SignatureAlgorithm, SigningKey};
use crate::{Error, Result, key_info};
use base64ct::{Base64, Encoding};
use der::asn1::{ContextSpecificRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Header, Reader, SliceReader, Tag, TagMode, TagNumber};
use pem_rfc7468::LineEnding;
use pkcs8::PrivateKeyInfoRef;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

/// The longest file that is read, in bytes: several times the longest key, for the text around it.
pub const MAX_FILE_BYTES: usize = 64 << 10;
/// A fingerprint of a public key, in bytes.
pub const FINGERPRINT_BYTES: usize = key_info::FINGERPRINT_BYTES;

const PRIVATE: &str = "PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";
/// The seed's tag in the CHOICE of RFC 9881 and RFC 9935.
const SEED: TagNumber = TagNumber(0);

/// How a key is written. The numbers are those of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Format {
    /// Binary.
    Der = 1,
    /// Text: base64 in lines of 64 between "BEGIN" and "END", each ended by a line feed.
    Pem = 2,
}

impl TryFrom<u32> for Format {
    type Error = Error;

    fn try_from(format: u32) -> Result<Self> {
        match format {
            1 => Ok(Format::Der),
            2 => Ok(Format::Pem),
            _ => Err(Error::InvalidArgument),
        }
    }
}

/// What a public key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PublicKeyAlgorithm {
    /// Verifies signatures.
    Signature(SignatureAlgorithm),
    /// Takes encapsulations.
    Kem(KemAlgorithm),
}

impl PublicKeyAlgorithm {
    /// All of them.
    fn all() -> impl Iterator<Item = Self> {
        let signatures = SignatureAlgorithm::ALL.map(PublicKeyAlgorithm::Signature);
        signatures.into_iter().chain(KemAlgorithm::ALL.map(PublicKeyAlgorithm::Kem))
    }

    /// The number in the C API: that of the signature algorithm, or 0x100 and that of the KEM.
    pub const fn number(self) -> u32 {
        match self {
            PublicKeyAlgorithm::Signature(algorithm) => algorithm as u32,
            PublicKeyAlgorithm::Kem(algorithm) => 0x100 + algorithm as u32,
        }
    }

    /// The length of a public key, in bytes.
    pub const fn public_key_len(self) -> usize {
        match self {
            PublicKeyAlgorithm::Signature(algorithm) => algorithm.public_key_len(),
            PublicKeyAlgorithm::Kem(algorithm) => algorithm.public_key_len(),
        }
    }

    fn of(identifier: &AlgorithmIdentifierRef<'_>) -> Result<Self> {
        // All of these have no parameters, not even NULL.
        if identifier.parameters.is_some() {
            return Err(Error::InvalidKey);
        }
        Self::all().find(|one| one.oid() == identifier.oid).ok_or(Error::InvalidKey)?.available()
    }

    /// [`Error::Unsupported`] if this build does not have it.
    fn available(self) -> Result<Self> {
        match self {
            PublicKeyAlgorithm::Signature(algorithm) => algorithm.check(),
            PublicKeyAlgorithm::Kem(algorithm) => algorithm.check(),
        }
        .map(|()| self)
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            PublicKeyAlgorithm::Signature(algorithm) => algorithm.row().oid,
            PublicKeyAlgorithm::Kem(algorithm) => algorithm.oid(),
        }
    }

    /// Whether `raw` can be a key of this algorithm.
    fn check(self, raw: &[u8]) -> Result<()> {
        if raw.len() != self.public_key_len() {
            return Err(Error::InvalidLength);
        }
        match self {
            PublicKeyAlgorithm::Signature(_) => Ok(()),
            PublicKeyAlgorithm::Kem(algorithm) => kem::check_encapsulation_key(algorithm, raw),
        }
    }
}

impl TryFrom<u32> for PublicKeyAlgorithm {
    type Error = Error;

    /// [`Error::InvalidArgument`] for a number that is none of them, [`Error::Unsupported`] for one that is not in this build.
    fn try_from(number: u32) -> Result<Self> {
        Self::all().find(|one| one.number() == number).ok_or(Error::InvalidArgument)?.available()
    }
}

impl SigningKey {
    /// Reads a PKCS#8 file, DER or PEM. A key that comes in expanded form alone has no seed: it signs, and [`SigningKey::seed`] is
    /// [`Error::Unsupported`]. [`Error::InvalidKey`] for what is no signing key, a key that fails the checks of FIPS 204, a seed and an
    /// expanded key that disagree, or a public key in the file that is not the key's; [`Error::Unsupported`] for an algorithm that this
    /// build does not have.
    pub fn import(file: &[u8]) -> Result<Self> {
        import(file)
    }

    /// Writes a PKCS#8 file: the seed, or the expanded key if there is none.
    pub fn export(&self, format: Format) -> Result<Zeroizing<Vec<u8>>> {
        export(self, format)
    }
}

impl KemKeypair {
    /// Reads a PKCS#8 file, DER or PEM, as [`SigningKey::import`] does. The checks are those of FIPS 203 section 7.3.
    pub fn import(file: &[u8]) -> Result<Self> {
        import(file)
    }

    /// Writes a PKCS#8 file: the seed, or the expanded key if there is none.
    pub fn export(&self, format: Format) -> Result<Zeroizing<Vec<u8>>> {
        export(self, format)
    }
}

/// Reads a SubjectPublicKeyInfo file, DER or PEM: the algorithm and the raw key. [`Error::InvalidKey`] for what is none, for another
/// algorithm's, and for an ML-KEM key that fails the modulus check of FIPS 203 section 7.2; [`Error::Unsupported`] for an algorithm that
/// this build does not have.
pub fn import_public_key(file: &[u8]) -> Result<(PublicKeyAlgorithm, Vec<u8>)> {
    let der = Der::of(file, PUBLIC)?;
    let info = SubjectPublicKeyInfoRef::from_der(der.bytes()).map_err(invalid)?;
    let algorithm = PublicKeyAlgorithm::of(&info.algorithm)?;
    let raw = info.subject_public_key.as_bytes().ok_or(Error::InvalidKey)?;
    algorithm.check(raw).map_err(invalid)?;
    Ok((algorithm, raw.to_vec()))
}

/// Writes a SubjectPublicKeyInfo file. [`Error::InvalidLength`] if `raw` is not as long as the algorithm's keys, [`Error::InvalidKey`] if
/// it fails the modulus check of FIPS 203 section 7.2.
pub fn export_public_key(algorithm: PublicKeyAlgorithm, raw: &[u8], format: Format) -> Result<Vec<u8>> {
    algorithm.check(raw)?;
    Ok(core::mem::take(&mut *write(public_key_info(algorithm.oid(), raw)?, PUBLIC, format)?))
}

/// The fingerprint of a public key: the first 32 bytes of SHA-512 over its SubjectPublicKeyInfo in DER. Errors as [`export_public_key`].
pub fn fingerprint(algorithm: PublicKeyAlgorithm, raw: &[u8]) -> Result<[u8; FINGERPRINT_BYTES]> {
    algorithm.check(raw)?;
    key_info::fingerprint(algorithm.oid(), raw)
}

/// A private key of either kind, as far as a file has to do with it.
trait PrivateKey: Sized {
    fn from_seed(algorithm: PublicKeyAlgorithm, seed: &[u8]) -> Result<Self>;
    fn from_expanded(algorithm: PublicKeyAlgorithm, expanded: &[u8]) -> Result<Self>;
    fn algorithm(&self) -> PublicKeyAlgorithm;
    fn public_key(&self) -> &[u8];
    /// [`Error::Unsupported`] if there is none.
    fn seed(&self) -> Result<Zeroizing<Vec<u8>>>;
    fn expanded(&self) -> Result<Zeroizing<Vec<u8>>>;
}

macro_rules! private_key {
    ($key:ident, $kind:ident, $seed:expr) => {
        impl PrivateKey for $key {
            fn from_seed(algorithm: PublicKeyAlgorithm, seed: &[u8]) -> Result<Self> {
                let PublicKeyAlgorithm::$kind(algorithm) = algorithm else { return Err(Error::InvalidKey) };
                $key::from_seed(algorithm, seed)
            }

            fn from_expanded(algorithm: PublicKeyAlgorithm, expanded: &[u8]) -> Result<Self> {
                let PublicKeyAlgorithm::$kind(algorithm) = algorithm else { return Err(Error::InvalidKey) };
                $key::from_expanded(algorithm, expanded)
            }

            fn algorithm(&self) -> PublicKeyAlgorithm {
                PublicKeyAlgorithm::$kind(self.algorithm())
            }

            fn public_key(&self) -> &[u8] {
                self.public_key()
            }

            fn seed(&self) -> Result<Zeroizing<Vec<u8>>> {
                let mut seed = Zeroizing::new(vec![0; self.algorithm().seed_len()]);
                $seed(self, &mut seed).map(|()| seed)
            }

            fn expanded(&self) -> Result<Zeroizing<Vec<u8>>> {
                let mut expanded = Zeroizing::new(vec![0; self.algorithm().expanded_len()]);
                self.expanded(&mut expanded).map(|()| expanded)
            }
        }
    };
}
private_key!(SigningKey, Signature, SigningKey::seed);
private_key!(KemKeypair, Kem, |key: &KemKeypair, out: &mut Vec<u8>| key.seed().map(|seed| out.copy_from_slice(seed)));

/// The composite's private key is the bare seed; the others have a CHOICE.
fn bare(algorithm: PublicKeyAlgorithm) -> bool {
    algorithm == PublicKeyAlgorithm::Signature(SignatureAlgorithm::MlDsa65Ed25519)
}

fn import<K: PrivateKey>(file: &[u8]) -> Result<K> {
    let der = Der::of(file, PRIVATE)?;
    let info = PrivateKeyInfoRef::from_der(der.bytes()).map_err(invalid)?;
    let algorithm = PublicKeyAlgorithm::of(&info.algorithm)?;
    let content = info.private_key.as_bytes();
    let form = if bare(algorithm) { Form { seed: Some(content), expanded: None } } else { Form::of(content)? };
    let key = match form {
        Form { seed: Some(seed), .. } => K::from_seed(algorithm, seed),
        Form { seed: None, expanded } => K::from_expanded(algorithm, expanded.unwrap_or_default()),
    };
    let key = key.map_err(|error| if error == Error::InvalidLength { Error::InvalidKey } else { error })?;
    if let Form { seed: Some(_), expanded: Some(expanded) } = form {
        agree(&key.expanded()?, expanded)?;
    }
    if let Some(public) = info.public_key {
        agree(key.public_key(), public.as_bytes().unwrap_or_default())?;
    }
    Ok(key)
}

fn export<K: PrivateKey>(key: &K, format: Format) -> Result<Zeroizing<Vec<u8>>> {
    let content = match key.seed() {
        Ok(seed) if bare(key.algorithm()) => seed,
        Ok(seed) => {
            encode(&ContextSpecificRef { tag_number: SEED, tag_mode: TagMode::Implicit, value: &octets(&seed)? })?
        }
        Err(_) => {
            let expanded = key.expanded()?;
            encode(&octets(&expanded)?)?
        }
    };
    let info = PrivateKeyInfoRef::new(identifier(key.algorithm().oid()), octets(&content)?);
    write(encode(&info)?, PRIVATE, format)
}

fn octets(bytes: &[u8]) -> Result<&OctetStringRef> {
    OctetStringRef::new(bytes).map_err(internal)
}

/// The CHOICE of RFC 9881 and RFC 9935: `seed [0] IMPLICIT OCTET STRING`, `expandedKey OCTET STRING`, `both SEQUENCE` of two of these.
struct Form<'a> {
    seed: Option<&'a [u8]>,
    expanded: Option<&'a [u8]>,
}

impl<'a> Form<'a> {
    fn of(content: &'a [u8]) -> Result<Self> {
        fn octets<'a>(reader: &mut SliceReader<'a>) -> der::Result<Option<&'a [u8]>> {
            reader.decode::<&OctetStringRef>().map(|octets| Some(octets.as_bytes()))
        }
        let read = || {
            let mut reader = SliceReader::new(content)?;
            let form = match Tag::peek(&reader)? {
                Tag::OctetString => Form { seed: None, expanded: octets(&mut reader)? },
                Tag::Sequence => reader.sequence(|reader| {
                    Ok::<_, der::Error>(Form { seed: octets(reader)?, expanded: octets(reader)? })
                })?,
                _ => {
                    let seed = reader.context_specific::<&OctetStringRef>(SEED, TagMode::Implicit)?;
                    Form { seed: Some(seed.ok_or(Tag::OctetString.value_error())?.as_bytes()), expanded: None }
                }
            };
            reader.finish()?;
            Ok::<_, der::Error>(form)
        };
        read().map_err(invalid)
    }
}

/// The DER of a file: the file itself, or what its PEM holds.
enum Der<'a> {
    File(&'a [u8]),
    Decoded(Zeroizing<Vec<u8>>),
}

impl<'a> Der<'a> {
    fn of(file: &'a [u8], label: &str) -> Result<Self> {
        if file.is_empty() || file.len() > MAX_FILE_BYTES {
            return Err(Error::InvalidLength);
        }
        if is_sequence(file) { Ok(Der::File(file)) } else { pem(file, label).map(Der::Decoded) }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Der::File(file) => file,
            Der::Decoded(bytes) => bytes,
        }
    }
}

/// Whether the file is one DER SEQUENCE from its first to its last byte, which no text is.
fn is_sequence(file: &[u8]) -> bool {
    let Ok(mut reader) = SliceReader::new(file) else { return false };
    Header::decode(&mut reader)
        .is_ok_and(|header| header.tag() == Tag::Sequence && header.length() == reader.remaining_len())
}

/// Decodes the first block of that label, by the lax grammar of RFC 7468: white space may stand anywhere in it.
fn pem(file: &[u8], label: &str) -> Result<Zeroizing<Vec<u8>>> {
    let boundary = |line: &&[u8], which: &str| {
        line.trim_ascii()
            .strip_prefix(which.as_bytes())
            .and_then(|rest| rest.strip_prefix(label.as_bytes()))
            .is_some_and(|rest| rest == b"-----")
    };
    let mut lines = file.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.find(|line| boundary(line, "-----BEGIN ")).ok_or(Error::InvalidKey)?;
    let mut text = Zeroizing::new(Vec::with_capacity(file.len()));
    loop {
        let line = lines.next().ok_or(Error::InvalidKey)?;
        if boundary(&line, "-----END ") {
            break;
        }
        text.extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
    }
    let mut bytes = Zeroizing::new(vec![0; text.len() / 4 * 3]);
    let len = Base64::decode(text.as_slice(), &mut bytes).map_err(invalid)?.len();
    bytes.truncate(len);
    Ok(bytes)
}

fn write(der: Zeroizing<Vec<u8>>, label: &str, format: Format) -> Result<Zeroizing<Vec<u8>>> {
    if format == Format::Der {
        return Ok(der);
    }
    let len = pem_rfc7468::encoded_len(label, LineEnding::LF, &der).map_err(internal)?;
    let mut pem = Zeroizing::new(vec![0; len]);
    pem_rfc7468::encode(label, LineEnding::LF, &der, &mut pem).map_err(internal)?;
    Ok(pem)
}

/// Constant time.
fn agree(ours: &[u8], theirs: &[u8]) -> Result<()> {
    if equal(ours, theirs) { Ok(()) } else { Err(Error::InvalidKey) }
}

fn invalid<E>(_: E) -> Error {
    Error::InvalidKey
}

fn internal<E>(_: E) -> Error {
    Error::Internal
}

#[cfg(test)]
mod tests;
