//! Recordings in segments, signed so that nobody can splice them: a segment that is dropped, moved, repeated, altered or taken from
//! another recording does not verify, and neither does a recording that was cut off. docs/recordings.md has the format with an example.
//!
//! A [`Signer`] makes one entry for each segment. An entry signs the hash of its segment and the chain of all entries before it:
//!
//! ```text
//! entry     = head || signature
//! head      = u8(1) || u8(algorithm) || u8(flags: 1 last) || u64(index from 0) || u64(length) || H(segment)
//! signature = Sign(context "pqrtc recording-segment v1", c_i || head)
//! c_0       = H("pqrtc recording v1" || u8(len(id)) || id)      c_{i+1} = H(c_i || head_i)
//! state     = u8(1) || u8(algorithm) || u8(ended) || u64(next index) || c
//! ```
//!
//! H is SHA3-256, or SHA-512 where the key is of ML-DSA-87. The state of a signer, stored after each entry, lets a recorder that
//! crashed go on. Whoever holds the key and one state can sign two different continuations of it: a verifier accepts either, and
//! refuses a mix of both.
//!
//! ```
//! use pqrtc::recording::{Signer, Verifier, entry_len};
//! use pqrtc::signing::{SignatureAlgorithm, SigningKey};
//!
//! # fn main() -> pqrtc::Result<()> {
//! let key = SigningKey::generate(SignatureAlgorithm::MlDsa65)?;
//! let mut signer = Signer::new(&key, b"meeting 7")?;
//! let mut entry = vec![0; entry_len(key.algorithm())];
//! signer.update(b"the only segment")?;
//! signer.entry(true, &mut entry)?;
//!
//! let mut verifier = Verifier::new(key.algorithm(), key.public_key(), b"meeting 7")?;
//! verifier.update(b"the only segment")?;
//! verifier.entry(&entry)?;
//! verifier.finish()
//! # }
//! ```

use crate::cose;
use crate::protocol::Reader;
use crate::secret::equal;
use crate::signing::{self, Digest, Hasher, SignatureAlgorithm, SigningKey};
use crate::{Error, Result};

#[cfg(test)]
mod tests;

/// The longest identifier of a recording, in bytes. The shortest has one.
pub const MAX_ID_BYTES: usize = 64;

const VERSION: u8 = 1;
const LAST: u8 = 1;
const CONTEXT: &[u8] = b"pqrtc recording-segment v1";
const CHAIN_LABEL: &[u8] = b"pqrtc recording v1";
/// Of a head, before the hash.
const FIELDS_BYTES: usize = 19;
/// Of a state, before the chain.
const STATE_FIELDS_BYTES: usize = 11;

/// Length of an entry, in bytes: 3,360 (ML-DSA-65), 4,710 (ML-DSA-87), 3,424 (ML-DSA-65 with Ed25519).
pub const fn entry_len(algorithm: SignatureAlgorithm) -> usize {
    head_len(algorithm) + algorithm.signature_len()
}

/// Length of a state, in bytes: 43, or 75 for ML-DSA-87.
pub const fn state_len(algorithm: SignatureAlgorithm) -> usize {
    STATE_FIELDS_BYTES + algorithm.digest_len()
}

/// Length of an entry as a COSE_Sign1 message, in bytes; [`Error::Unsupported`] for the composite.
pub fn cose_len(algorithm: SignatureAlgorithm) -> Result<usize> {
    cose::sign1_len(algorithm, algorithm.digest_len() + head_len(algorithm))
}

const fn head_len(algorithm: SignatureAlgorithm) -> usize {
    FIELDS_BYTES + algorithm.digest_len()
}

/// What an entry says. Nothing of it is authenticated before a [`Verifier`] has accepted the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Of the signature.
    pub algorithm: SignatureAlgorithm,
    /// Whether the recording ends with this segment.
    pub last: bool,
    /// The place of the segment in the recording, from 0.
    pub index: u64,
    /// Length of the segment, in bytes.
    pub length: u64,
    /// Hash of the segment.
    pub digest: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
    head: &'a [u8],
}

impl<'a> Entry<'a> {
    /// Reads an entry; [`Error::MalformedMessage`] if the bytes are not one. An algorithm that is not in this build is read like any other.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        let (algorithm, flags) = (preamble(&mut reader)?, reader.u8()?);
        if flags & !LAST != 0 {
            return Err(Error::MalformedMessage);
        }
        let (index, length) = (reader.u64()?, reader.u64()?);
        let (digest, signature) = (reader.bytes(algorithm.digest_len())?, reader.bytes(algorithm.signature_len())?);
        reader.end()?;
        let head = &bytes[..head_len(algorithm)];
        Ok(Entry { algorithm, last: flags == LAST, index, length, digest, signature, head })
    }
}

/// What the stored state of a [`Signer`] says. It is not authenticated: keep it where nobody else can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State<'a> {
    /// Of the key that the signer had.
    pub algorithm: SignatureAlgorithm,
    /// Whether the last entry has been made.
    pub ended: bool,
    /// The index of the entry that comes next, which is how many there are.
    pub next_index: u64,
    /// The chain over the identifier and all heads so far.
    pub chain: &'a [u8],
}

impl<'a> State<'a> {
    /// Reads a state; [`Error::MalformedMessage`] if the bytes are not one.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        let (algorithm, ended, next_index) = (preamble(&mut reader)?, reader.u8()?, reader.u64()?);
        let chain = reader.bytes(algorithm.digest_len())?;
        reader.end()?;
        // No recording ends before its first entry.
        if ended > 1 || (ended == 1 && next_index == 0) {
            return Err(Error::MalformedMessage);
        }
        Ok(State { algorithm, ended: ended == 1, next_index, chain })
    }
}

/// Version and algorithm, with which entries and states begin.
fn preamble(reader: &mut Reader) -> Result<SignatureAlgorithm> {
    if reader.u8()? != VERSION {
        return Err(Error::MalformedMessage);
    }
    let number = u32::from(reader.u8()?);
    let known = SignatureAlgorithm::ALL.into_iter().find(|algorithm| *algorithm as u32 == number);
    known.ok_or(Error::MalformedMessage)
}

/// The hash and the length of a segment that comes in pieces. Segments may be hashed on as many threads as there are, ahead of
/// [`Signer::entry_of`] and [`Verifier::entry_of`].
#[derive(Clone)]
pub struct Segment {
    hash: Hasher,
    length: u64,
}

impl Segment {
    /// An empty segment, for a key of this algorithm.
    pub fn new(algorithm: SignatureAlgorithm) -> Self {
        Segment { hash: Hasher::new(algorithm), length: 0 }
    }

    /// Adds the next piece. [`Error::InvalidLength`] if the segment would have 2^64 bytes or more.
    pub fn update(&mut self, data: &[u8]) -> Result<()> {
        self.length = self.length.checked_add(data.len() as u64).ok_or(Error::InvalidLength)?;
        self.hash.update(data);
        Ok(())
    }

    fn digest(&self) -> Digest {
        self.hash.clone().finish()
    }

    fn clear(&mut self) {
        // Finishing starts the hash again.
        self.hash.finish();
        self.length = 0;
    }
}

impl std::io::Write for Segment {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.update(data).map_err(std::io::Error::other)?;
        Ok(data.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Where in a recording a signer or verifier stands.
struct Chain {
    algorithm: SignatureAlgorithm,
    next_index: u64,
    ended: bool,
    /// c_i.
    hash: Digest,
}

impl Chain {
    fn new(algorithm: SignatureAlgorithm, id: &[u8]) -> Result<Self> {
        if !(1..=MAX_ID_BYTES).contains(&id.len()) {
            return Err(Error::InvalidLength);
        }
        let hash = Hasher::digest(algorithm, &[CHAIN_LABEL, &[id.len() as u8], id]);
        Ok(Chain { algorithm, next_index: 0, ended: false, hash })
    }

    /// What is signed for the entry with this head: c_i || head.
    fn signed(&self, head: &[u8]) -> Vec<u8> {
        [self.hash.as_bytes(), head].concat()
    }

    /// Goes on past the entry for which `signed` was signed.
    fn advance(&mut self, signed: &[u8], next_index: u64, last: bool) {
        self.hash = Hasher::digest(self.algorithm, &[signed]);
        self.next_index = next_index;
        self.ended = last;
    }
}

/// Signs a recording, segment by segment. It keeps a share of the key.
pub struct Signer {
    key: SigningKey,
    chain: Chain,
    segment: Segment,
    /// What was signed for the last entry; empty before the first.
    signed: Vec<u8>,
}

impl Signer {
    /// A signer at the beginning of a recording. `id` names the recording and no other one that this key signs; it has 1 to
    /// [`MAX_ID_BYTES`] bytes, else [`Error::InvalidLength`].
    pub fn new(key: &SigningKey, id: &[u8]) -> Result<Self> {
        let (chain, segment) = (Chain::new(key.algorithm(), id)?, Segment::new(key.algorithm()));
        Ok(Signer { key: key.clone(), chain, segment, signed: Vec::new() })
    }

    /// A signer that goes on where another one gave `state`. After the last entry it signs nothing more.
    ///
    /// [`Error::InvalidLength`] for an identifier as in [`Signer::new`]; [`Error::MalformedMessage`] if this is no state, a state of
    /// another algorithm, or that of another recording before its first entry. Later states are not tied to an identifier or a key in a
    /// way that can be checked here: what is signed after a wrong one does not verify.
    pub fn resume(key: &SigningKey, id: &[u8], state: &[u8]) -> Result<Self> {
        let mut signer = Self::new(key, id)?;
        let state = State::parse(state)?;
        let other_beginning = state.next_index == 0 && !equal(state.chain, signer.chain.hash.as_bytes());
        if state.algorithm != key.algorithm() || other_beginning {
            return Err(Error::MalformedMessage);
        }
        signer.chain.hash = Digest::from_slice(state.chain)?;
        (signer.chain.next_index, signer.chain.ended) = (state.next_index, state.ended);
        Ok(signer)
    }

    /// The algorithm of its key.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.chain.algorithm
    }

    /// The index of the entry that comes next.
    pub fn next_index(&self) -> u64 {
        self.chain.next_index
    }

    /// Whether the last entry has been made.
    pub fn ended(&self) -> bool {
        self.chain.ended
    }

    /// Adds the next piece of the current segment. [`Error::UnexpectedMessage`] after the last entry.
    pub fn update(&mut self, data: &[u8]) -> Result<()> {
        self.check_open()?;
        self.segment.update(data)
    }

    /// Ends the current segment, which may be empty: writes its entry, of [`entry_len`] bytes, to `out` and returns its length. With
    /// `last` it ends the recording too.
    ///
    /// In this order: [`Error::BufferTooSmall`], [`Error::UnexpectedMessage`] after the last entry, [`Error::CounterExhausted`] after
    /// 2^64 - 1 entries, [`Error::RngFailed`]. Nothing has changed then, and the entry can be asked for again; `out` is zeroed or
    /// untouched.
    pub fn entry(&mut self, last: bool, out: &mut [u8]) -> Result<usize> {
        let len = self.sign(self.segment.length, &self.segment.digest(), last, out)?;
        self.segment.clear();
        Ok(len)
    }

    /// As [`Signer::entry`], for a segment that was hashed elsewhere. [`Error::InvalidArgument`] if that was for an algorithm with another
    /// hash; [`Error::UnexpectedMessage`] if this signer was given a part of a segment itself.
    pub fn entry_of(&mut self, segment: &Segment, last: bool, out: &mut [u8]) -> Result<usize> {
        let digest = digest_of(segment, self.chain.algorithm)?;
        if self.segment.length != 0 {
            return Err(Error::UnexpectedMessage);
        }
        self.sign(segment.length, &digest, last, out)
    }

    fn sign(&mut self, length: u64, digest: &Digest, last: bool, out: &mut [u8]) -> Result<usize> {
        let Chain { algorithm, next_index: index, .. } = self.chain;
        let out = out.get_mut(..entry_len(algorithm)).ok_or(Error::BufferTooSmall)?;
        self.check_open()?;
        let next_index = index.checked_add(1).ok_or(Error::CounterExhausted)?;
        let (head, signature) = out.split_at_mut(head_len(algorithm));
        let fields = [VERSION, algorithm as u8, if last { LAST } else { 0 }];
        fill(head, &[&fields, &index.to_be_bytes(), &length.to_be_bytes(), digest.as_bytes()]);
        let signed = self.chain.signed(head);
        if let Err(error) = self.key.sign_any(CONTEXT, &signed, signature) {
            out.fill(0);
            return Err(error);
        }
        self.chain.advance(&signed, next_index, last);
        self.signed = signed;
        Ok(out.len())
    }

    /// Signs the entry that was made last once more, as a COSE_Sign1 message of [`cose_len`] bytes that contains `c_i || head` and has the
    /// context string as external_aad. Writes it to `out` and returns its length.
    ///
    /// In this order: [`Error::Unsupported`] for the composite; [`Error::BufferTooSmall`]; [`Error::UnexpectedMessage`] if this signer has
    /// made no entry yet, which one that was resumed has not; [`Error::RngFailed`].
    pub fn cose(&self, out: &mut [u8]) -> Result<usize> {
        let out = out.get_mut(..cose_len(self.chain.algorithm)?).ok_or(Error::BufferTooSmall)?;
        if self.signed.is_empty() {
            return Err(Error::UnexpectedMessage);
        }
        cose::sign1(&self.key, CONTEXT, &self.signed, out)
    }

    /// Writes the state, of [`state_len`] bytes, to `out` and returns its length. There is no secret in it.
    ///
    /// In this order: [`Error::BufferTooSmall`]; [`Error::UnexpectedMessage`] within a segment, whose bytes the state would not have.
    pub fn state(&self, out: &mut [u8]) -> Result<usize> {
        let Chain { algorithm, next_index, ended, ref hash } = self.chain;
        let out = out.get_mut(..state_len(algorithm)).ok_or(Error::BufferTooSmall)?;
        if self.segment.length != 0 {
            return Err(Error::UnexpectedMessage);
        }
        fill(out, &[&[VERSION, algorithm as u8, u8::from(ended)], &next_index.to_be_bytes(), hash.as_bytes()]);
        Ok(out.len())
    }

    fn check_open(&self) -> Result<()> {
        if self.chain.ended { Err(Error::UnexpectedMessage) } else { Ok(()) }
    }
}

/// Verifies a recording, segment by segment, in constant memory.
pub struct Verifier {
    pk: Box<[u8]>,
    chain: Chain,
    segment: Segment,
}

impl Verifier {
    /// A verifier at the beginning of a recording. [`Error::InvalidLength`] for a public key or an identifier of another length,
    /// [`Error::Unsupported`] if this build does not have the algorithm.
    pub fn new(algorithm: SignatureAlgorithm, pk: &[u8], id: &[u8]) -> Result<Self> {
        algorithm.check()?;
        if pk.len() != algorithm.public_key_len() {
            return Err(Error::InvalidLength);
        }
        Ok(Verifier { pk: pk.into(), chain: Chain::new(algorithm, id)?, segment: Segment::new(algorithm) })
    }

    /// The index of the entry that comes next.
    pub fn next_index(&self) -> u64 {
        self.chain.next_index
    }

    /// Adds the next piece of the current segment; errors as [`Segment::update`].
    pub fn update(&mut self, data: &[u8]) -> Result<()> {
        self.segment.update(data)
    }

    /// Verifies the entry of the segment just given. In this order:
    ///
    /// - [`Error::MalformedMessage`]: not an entry, of another algorithm, or anything after the last entry.
    /// - [`Error::OutOfSequence`]: its index is not the next. A segment is missing, repeated or moved.
    /// - [`Error::DigestMismatch`]: length or hash are not those of the segment.
    /// - [`Error::BadSignature`]: an altered entry, or one of another recording, key or history.
    ///
    /// The first three compare fields that nobody has authenticated: they say what does not fit, not who did what. After a refusal the
    /// verifier stands where it stood, and the bytes of the segment are forgotten.
    pub fn entry(&mut self, entry: &[u8]) -> Result<()> {
        let digest = self.segment.digest();
        let length = self.segment.length;
        self.segment.clear();
        self.verify(length, &digest, entry)
    }

    /// As [`Verifier::entry`], for a segment that was hashed elsewhere. [`Error::InvalidArgument`] if that was for an algorithm with
    /// another hash; [`Error::UnexpectedMessage`] if this verifier was given a part of a segment itself.
    pub fn entry_of(&mut self, segment: &Segment, entry: &[u8]) -> Result<()> {
        let digest = digest_of(segment, self.chain.algorithm)?;
        if self.segment.length != 0 {
            return Err(Error::UnexpectedMessage);
        }
        self.verify(segment.length, &digest, entry)
    }

    fn verify(&mut self, length: u64, digest: &Digest, entry: &[u8]) -> Result<()> {
        let entry = Entry::parse(entry)?;
        let Chain { algorithm, next_index: index, ended, .. } = self.chain;
        if ended || entry.algorithm != algorithm {
            return Err(Error::MalformedMessage);
        }
        if entry.index != index {
            return Err(Error::OutOfSequence);
        }
        if entry.length != length || !equal(entry.digest, digest.as_bytes()) {
            return Err(Error::DigestMismatch);
        }
        let next_index = index.checked_add(1).ok_or(Error::CounterExhausted)?;
        let signed = self.chain.signed(entry.head);
        signing::verify(algorithm, &self.pk, CONTEXT, &signed, entry.signature)?;
        self.chain.advance(&signed, next_index, entry.last);
        Ok(())
    }

    /// Whether the recording is whole: [`Error::Incomplete`] before the last entry, and if bytes were given after it.
    pub fn finish(&self) -> Result<()> {
        if self.chain.ended && self.segment.length == 0 { Ok(()) } else { Err(Error::Incomplete) }
    }
}

fn digest_of(segment: &Segment, algorithm: SignatureAlgorithm) -> Result<Digest> {
    let digest = segment.digest();
    if digest.as_bytes().len() == algorithm.digest_len() { Ok(digest) } else { Err(Error::InvalidArgument) }
}

/// `out` has the length of all parts.
fn fill(mut out: &mut [u8], parts: &[&[u8]]) {
    for part in parts {
        let (field, rest) = out.split_at_mut(part.len());
        field.copy_from_slice(part);
        out = rest;
    }
}
