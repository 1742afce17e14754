//! The Rust peer of the language matrix; README.md says what it speaks.

use pqrtc::frame::{self, Codec};
use pqrtc::handshake::{Call, Policy, Profile};
use pqrtc::kem::{self, KemAlgorithm, KemKeypair};
use pqrtc::meeting::{Card, Meeting};
use pqrtc::session::{Role, SEAL_OVERHEAD_BYTES};
use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
use pqrtc::signing::{self, ArtifactKind, SignatureAlgorithm, SigningKey};
use pqrtc::suite::{self, HybridKeypair, Suite};
use pqrtc::{Error, Result, Session, turn};
use std::io::{BufRead, Write, stdin, stdout};
use std::sync::Arc;

#[derive(Default)]
struct Peer {
    pair: Option<Box<HybridKeypair>>,
    session: Option<Arc<Session>>,
    kem: Option<KemKeypair>,
    key: Option<SigningKey>,
    sender: Option<Arc<Sender>>,
    /// The cipher is that of `receiver` commands.
    receiver: Option<(Option<CipherSuite>, Arc<Receiver>)>,
    call: Option<Call>,
    card: Option<Card>,
    meeting: Option<Meeting>,
}

/// Bytes to answer with, or none for `ok`.
type Answer = Result<Option<Vec<u8>>>;

fn number<T: std::str::FromStr>(field: &str) -> Result<T> {
    field.parse().map_err(|_| Error::InvalidArgument)
}

/// An enum of the library, by its number.
fn named<T: TryFrom<u32, Error = Error>>(field: &str) -> Result<T> {
    T::try_from(number(field)?)
}

fn bytes(field: &str) -> Result<Vec<u8>> {
    if field == "-" {
        return Ok(Vec::new());
    }
    let digits = field.as_bytes();
    let digit = |c: u8| (c as char).to_digit(16).map(|digit| digit as u8).ok_or(Error::InvalidArgument);
    if !digits.len().is_multiple_of(2) {
        return Err(Error::InvalidArgument);
    }
    digits.chunks(2).map(|pair| Ok(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

fn have<T>(object: &Option<T>) -> Result<&T> {
    object.as_ref().ok_or(Error::NullPointer)
}

/// An output of at most `most` bytes, cut to what was written.
fn output(most: usize, write: impl FnOnce(&mut [u8]) -> Result<usize>) -> Answer {
    let mut out = vec![0; most];
    let len = write(&mut out)?;
    out.truncate(len);
    Ok(Some(out))
}

impl Peer {
    fn start(&mut self, session: impl Into<Arc<Session>>) {
        (self.session, self.sender, self.receiver) = (Some(session.into()), None, None);
    }

    fn run(&mut self, words: &[&str]) -> Answer {
        match *words {
            ["keypair", suite, seed] => {
                let pair = HybridKeypair::from_seed(named::<Suite>(suite)?, &bytes(seed)?)?;
                let bundle = pair.bundle().to_vec();
                self.pair = Some(pair);
                Ok(Some(bundle))
            }
            ["respond", exchange] => {
                let session = have(&self.pair)?.respond(&bytes(exchange)?)?;
                self.start(session);
                Ok(None)
            }
            ["initiate", suite, bundle] => {
                let suite: Suite = named(suite)?;
                let mut exchange = vec![0; suite.exchange_len()];
                let session = suite::initiate(suite, &bytes(bundle)?, &mut exchange)?;
                self.start(session);
                Ok(Some(exchange))
            }
            ["export", label, context, len] => {
                let mut out = vec![0; number::<u16>(len)?.into()];
                have(&self.session)?.export(&bytes(label)?, &bytes(context)?, &mut out)?;
                Ok(Some(out))
            }
            ["srtp", profile] => {
                let profile: pqrtc::session::SrtpProfile = named(profile)?;
                let mut out = vec![0; profile.key_material_len()];
                have(&self.session)?.srtp_keys(profile, &mut out)?;
                Ok(Some(out))
            }
            ["basekey", role, kid] => {
                let session = have(&self.session)?;
                let role: Role = named(role)?;
                let key = session.sframe_base_key(role, number(kid)?)?;
                if role == session.role() {
                    key.give_away()?;
                }
                Ok(Some(key.as_bytes().to_vec()))
            }
            ["kem", algorithm, seed] => {
                let pair = KemKeypair::from_seed(named(algorithm)?, &bytes(seed)?)?;
                let public_key = pair.public_key().to_vec();
                self.kem = Some(pair);
                Ok(Some(public_key))
            }
            ["encapsulate", algorithm, public_key] => {
                let algorithm: KemAlgorithm = named(algorithm)?;
                let mut ciphertext = vec![0; algorithm.ciphertext_len()];
                let secret = kem::encapsulate(algorithm, &bytes(public_key)?, &mut ciphertext)?;
                Ok(Some([&ciphertext, &secret.as_bytes()[..]].concat()))
            }
            ["decapsulate", ciphertext] => {
                Ok(Some(have(&self.kem)?.decapsulate(&bytes(ciphertext)?)?.as_bytes().to_vec()))
            }
            ["key"] => Ok(Some(have(&self.session)?.key().as_bytes().to_vec())),
            ["receiverkey", cipher, kid, key] => {
                let receiver = Receiver::new(named(cipher)?);
                receiver.add_key(number(kid)?, &bytes(key)?)?;
                self.receiver = Some((None, receiver.into()));
                Ok(None)
            }
            ["wrap", algorithm, public_key, credential] => {
                let algorithm: KemAlgorithm = named(algorithm)?;
                let credential = bytes(credential)?;
                let public_key = bytes(public_key)?;
                let len = credential.len() + turn::wrap_overhead(algorithm);
                output(len, |out| turn::wrap(algorithm, &public_key, &credential, out))
            }
            ["unwrap", wrapped] => {
                let (pair, wrapped) = (have(&self.kem)?, bytes(wrapped)?);
                output(wrapped.len(), |out| turn::unwrap(pair, &wrapped, out))
            }
            ["signer", algorithm, seed] => {
                let key = SigningKey::from_seed(named(algorithm)?, &bytes(seed)?)?;
                let public_key = key.public_key().to_vec();
                self.key = Some(key);
                Ok(Some(public_key))
            }
            ["sign", kind, content] => {
                let (key, content) = (have(&self.key)?, bytes(content)?);
                let mut signature = vec![0; key.algorithm().signature_len()];
                key.sign_artifact(named(kind)?, &content, &mut signature)?;
                Ok(Some(signature))
            }
            ["verify", algorithm, public_key, kind, content, signature] => {
                let algorithm: SignatureAlgorithm = named(algorithm)?;
                let kind: ArtifactKind = named(kind)?;
                signing::verify_artifact(algorithm, &bytes(public_key)?, kind, &bytes(content)?, &bytes(signature)?)?;
                Ok(None)
            }
            ["signctx", context, message] => {
                let key = have(&self.key)?;
                let mut signature = vec![0; key.algorithm().signature_len()];
                key.sign(&bytes(context)?, &bytes(message)?, &mut signature)?;
                Ok(Some(signature))
            }
            ["verifyctx", algorithm, public_key, context, message, signature] => {
                signing::verify(
                    named(algorithm)?,
                    &bytes(public_key)?,
                    &bytes(context)?,
                    &bytes(message)?,
                    &bytes(signature)?,
                )?;
                Ok(None)
            }
            _ => self.run_media(words),
        }
    }

    fn run_media(&mut self, words: &[&str]) -> Answer {
        match *words {
            ["sender", kid, cipher] => {
                let session = have(&self.session)?;
                let key = session.sframe_base_key(session.role(), number(kid)?)?;
                self.sender = Some(Sender::new(&key, named(cipher)?)?.into());
                Ok(None)
            }
            ["receiver", cipher, kid] => {
                let cipher = named(cipher)?;
                if self.receiver.as_ref().is_none_or(|(known, _)| *known != Some(cipher)) {
                    self.receiver = Some((Some(cipher), Receiver::new(cipher).into()));
                }
                let session = have(&self.session)?;
                have(&self.receiver)?.1.add(&session.sframe_base_key(session.role().peer(), number(kid)?)?)?;
                Ok(None)
            }
            ["seal", metadata, clear] => {
                let (sender, metadata, clear) = (have(&self.sender)?, bytes(metadata)?, bytes(clear)?);
                output(clear.len() + MAX_OVERHEAD, |out| sender.seal(&metadata, &clear, out))
            }
            ["open", metadata, sealed] => {
                let (receiver, metadata, sealed) = (&have(&self.receiver)?.1, bytes(metadata)?, bytes(sealed)?);
                output(sealed.len(), |out| receiver.open(&metadata, &sealed, out).map(|opened| opened.len))
            }
            ["fseal", codec, metadata, clear] => {
                let metadata = bytes(metadata)?;
                let (sender, codec, clear) = (have(&self.sender)?, named::<Codec>(codec)?, bytes(clear)?);
                output(frame::seal_max_size(codec, clear.len())?, |out| {
                    frame::seal(sender, codec, &metadata, &clear, out)
                })
            }
            ["fopen", codec, metadata, sealed] => {
                let metadata = bytes(metadata)?;
                let (receiver, codec, sealed) = (&have(&self.receiver)?.1, named::<Codec>(codec)?, bytes(sealed)?);
                output(frame::open_max_size(codec, sealed.len())?, |out| {
                    frame::open(receiver, codec, &metadata, &sealed, out).map(|opened| opened.len)
                })
            }
            ["sseal", aad, plaintext] => {
                let (session, aad, plaintext) = (have(&self.session)?, bytes(aad)?, bytes(plaintext)?);
                output(plaintext.len() + SEAL_OVERHEAD_BYTES, |out| session.seal(&aad, &plaintext, out))
            }
            ["sopen", aad, sealed] => {
                let (session, aad, sealed) = (have(&self.session)?, bytes(aad)?, bytes(sealed)?);
                output(sealed.len(), |out| session.open(&aad, &sealed, out))
            }
            _ => self.run_call(words),
        }
    }

    fn run_call(&mut self, words: &[&str]) -> Answer {
        match *words {
            ["fingerprint", algorithm, public_key] => {
                let fingerprint = signing::public_key_fingerprint(named(algorithm)?, &bytes(public_key)?)?;
                Ok(Some(fingerprint.to_vec()))
            }
            ["call", profile, peer, binding] => {
                let mut policy = Policy::new(named::<Profile>(profile)?)?;
                policy.pin(bytes(peer)?.as_slice().try_into().map_err(|_| Error::InvalidLength)?)?;
                self.call = Some(Call::new(&[have(&self.key)?], &policy, &bytes(binding)?, b"")?);
                Ok(None)
            }
            ["offer"] => have(&self.call)?.offer().map(Some),
            ["receive", binding, message] => have(&self.call)?.receive(&bytes(message)?, &bytes(binding)?).map(Some),
            ["sas"] => Ok(Some(have(&self.call)?.sas()?.to_vec())),
            ["callsession"] => {
                let session = have(&self.call)?.session()?;
                self.start(session);
                Ok(None)
            }
            ["callsender", stream, cipher] => {
                self.sender = Some(have(&self.call)?.sender(number(stream)?, named(cipher)?)?);
                Ok(None)
            }
            ["callreceiver", cipher] => {
                self.receiver = Some((None, have(&self.call)?.receiver(named(cipher)?)?));
                Ok(None)
            }
            _ => self.run_meeting(words),
        }
    }

    fn run_meeting(&mut self, words: &[&str]) -> Answer {
        let here = self.meeting.as_mut().ok_or(Error::NullPointer);
        match *words {
            ["card", not_after] => {
                let card = Card::new(have(&self.key)?, number(not_after)?, b"")?;
                Ok(Some(self.card.insert(card).as_bytes().to_vec()))
            }
            ["create", now] => {
                let card = self.card.as_mut().ok_or(Error::NullPointer)?;
                self.meeting = Some(Meeting::create(have(&self.key)?, card, number(now)?)?);
                Ok(None)
            }
            ["join", welcome, commit, roster, cards, now] => {
                let (welcome, commit, roster, cards) = (bytes(welcome)?, bytes(commit)?, bytes(roster)?, bytes(cards)?);
                let card = self.card.as_mut().ok_or(Error::NullPointer)?;
                let joined = Meeting::join(have(&self.key)?, card, &welcome, &commit, &roster, &cards, number(now)?);
                self.meeting = Some(joined?);
                Ok(None)
            }
            ["commit", cards, indexes, fresh] => {
                let indexes: Vec<u32> = bytes(indexes)?.into_iter().map(u32::from).collect();
                Ok(Some(here?.commit(&bytes(cards)?, &indexes, fresh == "1")?.to_vec()))
            }
            ["outgoing", n] => {
                let one = here?.outgoing().get(number::<usize>(n)?).ok_or(Error::InvalidArgument)?;
                let kind = if one.card.is_some() { 2 } else { 1 };
                Ok(Some([&[kind, one.index as u8], &one.bytes[..]].concat()))
            }
            ["accepted"] => here?.accepted().map(|()| None),
            ["take", commit, sealed, cards, now] => {
                here?.receive(&bytes(commit)?, &bytes(sealed)?, &bytes(cards)?, number(now)?).map(|()| None)
            }
            ["roster"] => here?.roster().map(Some),
            ["code"] => Ok(Some(here?.code()?.to_vec())),
            ["meetsender", stream, cipher] => {
                self.sender = Some(here?.sender(number(stream)?, named(cipher)?)?);
                Ok(None)
            }
            ["meetreceiver", cipher] => {
                self.receiver = Some((None, here?.receiver(named(cipher)?)?));
                Ok(None)
            }
            _ => Err(Error::InvalidArgument),
        }
    }
}

fn main() -> std::io::Result<()> {
    let mut peer = Peer::default();
    for line in stdin().lock().lines() {
        let line = line?;
        let words: Vec<_> = line.split_whitespace().collect();
        if words == ["quit"] {
            break;
        }
        let answer = match peer.run(&words) {
            Ok(None) => "ok".to_owned(),
            Ok(Some(bytes)) if bytes.is_empty() => "-".to_owned(),
            Ok(Some(bytes)) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Err(refused) => format!("error {}", refused.code()),
        };
        writeln!(stdout(), "{answer}")?;
    }
    Ok(())
}
