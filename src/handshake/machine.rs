//! The state machine of one participant, without locks and without media.
//!
//! | state | `offer` | M1 | M2 | M3 | ack |
//! |---|---|---|---|---|---|
//! | NEW | M1, OFFERED | M2, ANSWERED | 65 | 65 | 65 |
//! | OFFERED | 65 | 65; in a rekey: glare | M3, DONE | 65 | 65 |
//! | ANSWERED | 65 | 65 | 65 | ack, DONE | 65 |
//! | DONE | M1 of a rekey, OFFERED | M2 of a rekey, ANSWERED | 65 | 65 | CONFIRMED for the initiator, else 65 |
//! | CONFIRMED | as DONE | as DONE | 65 | 65 | 65 |
//!
//! 65 is [`Error::UnexpectedMessage`]. The bytes of a message that was taken before, in this handshake or in the last one that was
//! completed, are given the same reply again in every state. A message that is refused changes nothing, except that a peer whose
//! signature verified and who is not pinned can be looked at. While a rekey is OFFERED or ANSWERED the epoch before it lives on, and an
//! acknowledgement of that epoch is still taken.
//!
//! Glare, two M1 of a rekey that cross: the smaller one in the order of memcmp stays. Whoever sent the other drops it and answers; whoever
//! sent the smaller one ignores the other.

use super::message::{ACK_BYTES, Answer, Body, Finish, Kind, Mode, NONCE_BYTES, Offer, VERSION, ack_tag};
use super::policy::Policy;
use crate::protocol::{Digest, KemKey, Prk, Rng, Suite, TAG_BYTES, Writer, hash, open_once, seal_once, try_copy};
use crate::secret::{Secret, equal};
use crate::session::{Role, Session};
use crate::signing::{self, FINGERPRINT_BYTES, SigningKey};
use crate::{Error, Result};
use core::cmp::Ordering;
use std::sync::Arc;
use zeroize::Zeroizing;

const ANSWER_CONTEXT: &[u8] = b"pqrtc answer v1";
const FINISH_CONTEXT: &[u8] = b"pqrtc finish v1";

/// Where a call is. The numbers are those of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u32)]
pub enum State {
    /// Nothing was sent or taken.
    New = 0,
    /// M1 was made, M2 is waited for.
    Offered = 1,
    /// M2 was made, M3 is waited for.
    Answered = 2,
    /// The peer is authenticated and the session is there.
    Done = 3,
    /// As `Done`, and the initiator knows that the responder has the session too.
    Confirmed = 4,
}

/// Who the peer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The suite, which gives the algorithm of the key.
    pub suite: Suite,
    /// The identity key; None for an anonymous peer.
    pub public_key: Option<Vec<u8>>,
    /// Of the identity key; zero for an anonymous peer.
    pub fingerprint: [u8; FINGERPRINT_BYTES],
    /// The credential that came with it.
    pub credential: Vec<u8>,
}

/// What one side says of itself.
pub(super) struct Myself {
    /// Of suite 1 and of suite 2.
    pub identities: [Option<SigningKey>; 2],
    /// The suites that are offered and answered, in the order of preference.
    pub suites: Vec<Suite>,
    pub binding: Vec<u8>,
    pub credential: Vec<u8>,
}

pub(super) struct Machine {
    pub me: Myself,
    pub policy: Policy,
    rng: Rng,
    pending: Pending,
    current: Option<Box<Epoch>>,
    /// A peer that was refused for want of a pin, in the first handshake.
    candidate: Option<Box<Peer>>,
}

/// What a step leads to.
enum Next {
    Same,
    Pending(Pending),
    Epoch(Box<Epoch>),
    Confirmed,
}

/// Why a message was refused, and whose it was if it was for want of a pin.
struct Refusal(Error, Option<Box<Peer>>);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal(error, None)
    }
}

/// The length of the reply, and where the call is then. A step does not change anything itself.
type Step = core::result::Result<(usize, Next), Refusal>;

/// A handshake in progress.
enum Pending {
    None,
    Offered(Box<Offered>),
    Answered(Box<Answered>),
}

struct Offered {
    epoch: u32,
    nonce: Secret<NONCE_BYTES>,
    keys: Vec<(Suite, KemKey)>,
    /// M1.
    message: Vec<u8>,
}

struct Answered {
    epoch: u32,
    suite: Suite,
    commitment: [u8; 32],
    key: KemKey,
    ss1: Secret<32>,
    h1: Digest,
    h3: Digest,
    /// M2.
    reply: Vec<u8>,
}

/// What a completed handshake left.
pub(super) struct Epoch {
    pub number: u32,
    pub suite: Suite,
    pub session: Arc<Session>,
    pub peer: Peer,
    pub sas: [u8; 10],
    /// The initiator knows that the responder has the session.
    pub confirmed: bool,
    /// What repeated messages are known by.
    h1: Digest,
    h3: Digest,
    h5: Digest,
    ack: [u8; ACK_BYTES],
    /// The last large message of this side: M3 of an initiator, M2 of a responder.
    reply: Vec<u8>,
}

impl Machine {
    pub fn new(me: Myself, policy: Policy, rng: Rng) -> Self {
        Machine { me, policy, rng, pending: Pending::None, current: None, candidate: None }
    }

    pub fn state(&self) -> State {
        match (&self.pending, &self.current) {
            (Pending::Offered(_), _) => State::Offered,
            (Pending::Answered(_), _) => State::Answered,
            (Pending::None, None) => State::New,
            (Pending::None, Some(epoch)) if epoch.confirmed => State::Confirmed,
            (Pending::None, Some(_)) => State::Done,
        }
    }

    /// The newest epoch whose handshake is completed.
    pub fn epoch(&self) -> Option<&Epoch> {
        self.current.as_deref()
    }

    /// The role in the newest epoch, or in the first handshake while that is in progress.
    pub fn role(&self) -> Option<Role> {
        match (&self.current, &self.pending) {
            (Some(epoch), _) => Some(epoch.session.role()),
            (None, Pending::Offered(_)) => Some(Role::Initiator),
            (None, Pending::Answered(_)) => Some(Role::Responder),
            (None, Pending::None) => None,
        }
    }

    /// The suite of the newest epoch, or of the first handshake once it is chosen.
    pub fn suite(&self) -> Option<Suite> {
        match (&self.current, &self.pending) {
            (Some(epoch), _) => Some(epoch.suite),
            (None, Pending::Answered(answered)) => Some(answered.suite),
            (None, _) => None,
        }
    }

    /// The peer, or the one that was refused for want of a pin.
    pub fn peer(&self) -> Option<&Peer> {
        self.current.as_ref().map(|epoch| &epoch.peer).or(self.candidate.as_deref())
    }

    /// Makes M1, into what `take` gives for its length.
    pub fn offer<'o>(&mut self, take: impl FnOnce(usize) -> Result<&'o mut [u8]>) -> Result<usize> {
        let Pending::None = self.pending else { return Err(Error::UnexpectedMessage) };
        let epoch = self.next_epoch()?;
        let out = take(Offer::len(self.suites()))?;
        let nonce = self.rng.secret::<NONCE_BYTES>()?;
        let generate = |suite: &Suite| KemKey::generate(*suite, &self.rng).map(|key| (*suite, key));
        let keys: Vec<_> = self.suites().iter().map(generate).collect::<Result<_>>()?;
        let message = Offer::write(self.mode(), epoch, &commitment_to(nonce.as_bytes()), &keys, KemKey::public_key)?;
        out.copy_from_slice(&message);
        self.pending = Pending::Offered(Box::new(Offered { epoch, nonce, keys, message }));
        Ok(out.len())
    }

    /// Takes a message. `take` gives room for the reply once its length is known, before anything is computed; `binding` is what the peer
    /// should have signed. Returns the length of the reply, 0 if there is none.
    pub fn receive<'o>(
        &mut self,
        message: &[u8],
        binding: &[u8],
        take: impl FnOnce(usize) -> Result<&'o mut [u8]>,
    ) -> Result<usize> {
        let kind = Kind::of(message)?;
        if let Some(reply) = self.repeated(kind, message) {
            take(reply.len())?.copy_from_slice(reply);
            return Ok(reply.len());
        }
        let step = match (kind, &self.pending) {
            (Kind::Offer, Pending::None) => self.answer(message, take),
            (Kind::Offer, Pending::Offered(offered)) if self.current.is_some() => self.glare(offered, message, take),
            (Kind::Answer, Pending::Offered(offered)) => self.finish(offered, message, binding, take),
            (Kind::Finish, Pending::Answered(answered)) => self.complete(answered, message, binding, take),
            (Kind::Ack, _) => self.confirm(message, take),
            _ => return Err(Error::UnexpectedMessage),
        };
        let (len, next) = step.map_err(|Refusal(error, peer)| {
            if peer.is_some() {
                self.candidate = peer;
            }
            error
        })?;
        self.enter(next);
        Ok(len)
    }

    fn enter(&mut self, next: Next) {
        match next {
            Next::Same => {}
            Next::Pending(pending) => self.pending = pending,
            Next::Epoch(mut epoch) => {
                // A responder's M2 moves to where repeated M1 are answered from.
                if let Pending::Answered(answered) = &mut self.pending {
                    epoch.reply = core::mem::take(&mut answered.reply);
                }
                (self.pending, self.current, self.candidate) = (Pending::None, Some(epoch), None);
            }
            Next::Confirmed => {
                if let Some(epoch) = &mut self.current {
                    epoch.confirmed = true;
                }
            }
        }
    }

    /// The reply to a message that was taken before.
    fn repeated(&self, kind: Kind, message: &[u8]) -> Option<&[u8]> {
        let in_role = |role| self.current.as_deref().filter(|epoch| epoch.session.role() == role);
        match kind {
            Kind::Offer => {
                let pending = match &self.pending {
                    Pending::Answered(answered) => Some((&answered.h1, &answered.reply)),
                    _ => None,
                };
                let known = [pending, in_role(Role::Responder).map(|epoch| (&epoch.h1, &epoch.reply))];
                known.iter().flatten().next()?;
                let h1 = offer_hash(message);
                known.into_iter().flatten().find(|(known, _)| **known == h1).map(|(_, reply)| &reply[..])
            }
            Kind::Answer => {
                let epoch = in_role(Role::Initiator)?;
                let answer = Answer::parse(message, epoch.suite).ok()?;
                let h3 = hash(&[&hash(&[&epoch.h1, answer.head]), answer.sealed]);
                (h3 == epoch.h3).then_some(&epoch.reply[..])
            }
            Kind::Finish => {
                let epoch = in_role(Role::Responder)?;
                let finish = Finish::parse(message, epoch.suite).ok()?;
                let h5 = hash(&[&hash(&[&epoch.h3, finish.head]), finish.sealed]);
                (h5 == epoch.h5).then_some(&epoch.ack[..])
            }
            Kind::Ack => {
                let epoch = in_role(Role::Initiator)?;
                (epoch.confirmed && equal(&epoch.ack, message)).then_some(&[][..])
            }
        }
    }

    /// M1 to M2, as the responder.
    fn answer<'o>(&self, message: &[u8], take: impl FnOnce(usize) -> Result<&'o mut [u8]>) -> Step {
        let (offer, suite, share) = self.check_offer(message)?;
        let out = take(Answer::head_len(suite) + self.me.sealed_len(suite, &[]))?;
        suite.check_public_key(share)?;

        let mut reply = Writer::new(out.len())?;
        reply.u8(VERSION).u8(Kind::Answer as u8).u8(suite as u8);
        let ss1 = suite.encapsulate(share, &self.rng, reply.room(suite.ciphertext_len()))?;
        let key = KemKey::generate(suite, &self.rng)?;
        reply.bytes(key.public_key());

        let h1 = offer_hash(message);
        let h2 = hash(&[&h1, reply.as_bytes()]);
        let psk = self.psk(Role::Responder)?;
        let k2 = Prk::extract(&h2, &[ss1.as_bytes(), bytes(&psk)])?.secret(b"pqrtc answer", b"")?;
        let sealed = self.me.seal(suite, ANSWER_CONTEXT, &h2, &[], k2, &self.rng)?;
        let h3 = hash(&[&h2, &sealed]);
        reply.bytes(&sealed);
        let reply = reply.done();

        out.copy_from_slice(&reply);
        let (epoch, commitment) = (offer.epoch, *offer.commitment);
        let answered = Answered { epoch, suite, commitment, key, ss1, h1, h3, reply };
        Ok((out.len(), Next::Pending(Pending::Answered(Box::new(answered)))))
    }

    /// An M1 that crossed our own, of a rekey.
    fn glare<'o>(&self, offered: &Offered, message: &[u8], take: impl FnOnce(usize) -> Result<&'o mut [u8]>) -> Step {
        self.check_offer(message)?;
        match message.cmp(&offered.message) {
            Ordering::Less => self.answer(message, take),
            Ordering::Greater => Ok((take(0)?.len(), Next::Same)),
            // Reflected.
            Ordering::Equal => Err(Error::UnexpectedMessage.into()),
        }
    }

    /// M2 to M3, as the initiator.
    fn finish<'o>(
        &self,
        offered: &Offered,
        message: &[u8],
        binding: &[u8],
        take: impl FnOnce(usize) -> Result<&'o mut [u8]>,
    ) -> Step {
        let suite = Answer::suite(message);
        let key = offered.keys.iter().find(|(offered, _)| Some(*offered) == suite);
        let (suite, key) = key.ok_or(Error::PolicyRefused)?;
        let answer = Answer::parse(message, *suite)?;
        let nonce = offered.nonce.as_bytes();
        let out = take(Finish::head_len(*suite) + self.me.sealed_len(*suite, nonce))?;
        suite.check_public_key(answer.share)?;
        let ss1 = key.decapsulate(answer.ciphertext)?;
        // Before the answer has authenticated, so that a bad X25519 share is found before a secret of ours is used.
        let mut reply = Writer::new(out.len())?;
        reply.u8(VERSION).u8(Kind::Finish as u8);
        let ss2 = suite.encapsulate(answer.share, &self.rng, reply.room(suite.ciphertext_len()))?;

        let h1 = offer_hash(&offered.message);
        let h2 = hash(&[&h1, answer.head]);
        let psk = self.psk(Role::Initiator)?;
        let k2 = Prk::extract(&h2, &[ss1.as_bytes(), bytes(&psk)])?.secret(b"pqrtc answer", b"")?;
        let opened = Opened::open(&h2, answer.sealed, &k2)?;
        let body = opened.body(*suite, 0)?;
        opened.verify(*suite, ANSWER_CONTEXT, &body)?;
        let peer = self.check_peer(*suite, &body, binding)?;

        let h3 = hash(&[&h2, answer.sealed]);
        let h4 = hash(&[&h3, reply.as_bytes()]);
        let prk2 = Prk::extract(&h4, &[ss1.as_bytes(), ss2.as_bytes(), bytes(&psk)])?;
        let sealed = self.me.seal(*suite, FINISH_CONTEXT, &h4, nonce, prk2.secret(b"pqrtc finish", b"")?, &self.rng)?;
        let h5 = hash(&[&h4, &sealed]);
        reply.bytes(&sealed);
        let reply = reply.done();
        let transcript = Transcript { h1, h3, h5 };
        let mut epoch = transcript.epoch(offered.epoch, Role::Initiator, peer, &prk2, nonce)?;

        out.copy_from_slice(&reply);
        epoch.reply = reply;
        Ok((out.len(), Next::Epoch(epoch)))
    }

    /// M3 to the acknowledgement, as the responder.
    fn complete<'o>(
        &self,
        answered: &Answered,
        message: &[u8],
        binding: &[u8],
        take: impl FnOnce(usize) -> Result<&'o mut [u8]>,
    ) -> Step {
        let suite = answered.suite;
        let finish = Finish::parse(message, suite)?;
        let out = take(ACK_BYTES)?;
        let ss2 = answered.key.decapsulate(finish.ciphertext)?;

        let h4 = hash(&[&answered.h3, finish.head]);
        let psk = self.psk(Role::Responder)?;
        let prk2 = Prk::extract(&h4, &[answered.ss1.as_bytes(), ss2.as_bytes(), bytes(&psk)])?;
        let opened = Opened::open(&h4, finish.sealed, &prk2.secret(b"pqrtc finish", b"")?)?;
        let nonce = opened.nonce()?;
        if !equal(&commitment_to(nonce), &answered.commitment) {
            return Err(Error::HandshakeFailed.into());
        }
        let body = opened.body(suite, NONCE_BYTES)?;
        opened.verify(suite, FINISH_CONTEXT, &body)?;
        let peer = self.check_peer(suite, &body, binding)?;

        let transcript = Transcript { h1: answered.h1, h3: answered.h3, h5: hash(&[&h4, finish.sealed]) };
        let epoch = transcript.epoch(answered.epoch, Role::Responder, peer, &prk2, nonce)?;
        out.copy_from_slice(&epoch.ack);
        Ok((out.len(), Next::Epoch(epoch)))
    }

    /// The acknowledgement, at the initiator.
    fn confirm<'o>(&self, message: &[u8], take: impl FnOnce(usize) -> Result<&'o mut [u8]>) -> Step {
        let waits = |epoch: &&Epoch| epoch.session.role() == Role::Initiator && !epoch.confirmed;
        let epoch = self.epoch().filter(waits).ok_or(Error::UnexpectedMessage)?;
        if message.len() != ACK_BYTES {
            return Err(Error::MalformedMessage.into());
        }
        if !equal(message, &epoch.ack) {
            return Err(Error::HandshakeFailed.into());
        }
        Ok((take(0)?.len(), Next::Confirmed))
    }

    /// What can be said of an M1 by looking at it: the offer, our suite, and the KEM key for that.
    fn check_offer<'m>(&self, message: &'m [u8]) -> Result<(Offer<'m>, Suite, &'m [u8])> {
        let offer = Offer::parse(message)?;
        if offer.mode != self.mode() as u8 {
            return Err(Error::PolicyRefused);
        }
        let shared = self.suites().iter().find_map(|suite| offer.share(*suite).map(|share| (*suite, share)));
        let (suite, share) = shared.ok_or(Error::PolicyRefused)?;
        if offer.epoch != self.next_epoch()? {
            return Err(Error::UnexpectedMessage);
        }
        Ok((offer, suite, share))
    }

    /// Whether the policy accepts who signed a message, and what they bound.
    fn check_peer(&self, suite: Suite, body: &Body, binding: &[u8]) -> core::result::Result<Peer, Refusal> {
        let peer = Peer::of(suite, body)?;
        let before = self.epoch().map(|epoch| &epoch.peer);
        match (&peer.public_key, before) {
            // Ourselves, reflected.
            (Some(key), _) if self.me.public_key(suite) == Some(key) => return Err(Error::PeerRejected.into()),
            (key, Some(before)) if *key != before.public_key => return Err(Error::PeerRejected.into()),
            (_, Some(_)) => {}
            (Some(_), None) if self.policy.accepts(&peer.fingerprint) => {}
            (Some(_), None) => return Err(Refusal(Error::PeerRejected, Some(Box::new(peer)))),
            (None, None) if self.policy.accepts_anonymous() => {}
            (None, None) => return Err(Error::PeerAnonymous.into()),
        }
        if !self.policy.accepts_binding(body.binding, binding) {
            return Err(Error::BindingMismatch.into());
        }
        Ok(peer)
    }

    /// The suites of the next handshake: a rekey keeps that of the epoch before, because an identity key belongs to a suite.
    fn suites(&self) -> &[Suite] {
        match &self.current {
            Some(epoch) => core::slice::from_ref(&epoch.suite),
            None => &self.me.suites,
        }
    }

    fn next_epoch(&self) -> Result<u32> {
        self.epoch().map_or(Ok(0), |epoch| epoch.number.checked_add(1).ok_or(Error::UnexpectedMessage))
    }

    fn mode(&self) -> Mode {
        match (&self.current, self.policy.psk()) {
            (Some(_), _) => Mode::Rekey,
            (None, Some(_)) => Mode::ExternalPsk,
            (None, None) => Mode::Plain,
        }
    }

    /// The PSK of the next handshake, in which this side has the role `role`.
    fn psk(&self, role: Role) -> Result<Option<Secret<32>>> {
        let Some(epoch) = self.epoch() else {
            return Ok(self.policy.psk().map(|psk| Secret::new(psk.as_bytes())));
        };
        // The role that the side that sends M1 had in the epoch before.
        let before = epoch.session.role();
        let offerer = if role == Role::Initiator { before } else { before.peer() };
        epoch.session.rekey_psk(offerer, self.next_epoch()?).map(Some)
    }
}

impl Peer {
    fn of(suite: Suite, body: &Body) -> Result<Self> {
        let fingerprint =
            body.public_key.map(|key| signing::public_key_fingerprint(suite.signature(), key)).transpose()?;
        Ok(Peer {
            suite,
            public_key: body.public_key.map(try_copy).transpose()?,
            fingerprint: fingerprint.unwrap_or_default(),
            credential: try_copy(body.credential)?,
        })
    }
}

impl Myself {
    pub fn identity(&self, suite: Suite) -> Option<&SigningKey> {
        self.identities[suite as usize - 1].as_ref()
    }

    fn public_key(&self, suite: Suite) -> Option<&[u8]> {
        self.identity(suite).map(SigningKey::public_key)
    }

    fn body_len(&self, suite: Suite) -> usize {
        Body::len(suite, self.identity(suite).is_some(), self.binding.len(), self.credential.len())
    }

    /// How long what [`Myself::seal`] gives is.
    fn sealed_len(&self, suite: Suite, nonce: &[u8]) -> usize {
        nonce.len() + self.body_len(suite) + TAG_BYTES
    }

    /// `nonce || body || signature` of this side, sealed. What is signed is `transcript || nonce || body`.
    fn seal(
        &self,
        suite: Suite,
        context: &[u8],
        transcript: &Digest,
        nonce: &[u8],
        key: Secret<32>,
        rng: &Rng,
    ) -> Result<Vec<u8>> {
        let identity = self.identity(suite);
        let mut writer = Writer::new(transcript.len() + self.sealed_len(suite, nonce))?;
        writer.bytes(transcript).bytes(nonce);
        writer.u8(identity.is_some().into()).u8(self.binding.len() as u8).bytes(&self.binding);
        writer.u16(self.credential.len() as u16).bytes(&self.credential);
        if let Some(identity) = identity {
            writer.bytes(identity.public_key());
            let signed = writer.as_bytes().len();
            writer.room(suite.signature().signature_len());
            let (message, signature) = writer.as_mut().split_at_mut(signed);
            rng.sign(identity, context, message, signature)?;
        }
        writer.room(TAG_BYTES);
        let mut message = writer.done();
        seal_once(key, &mut message[transcript.len()..])?;
        message.drain(..transcript.len());
        Ok(message)
    }
}

/// What was sealed, opened, behind the transcript that its signature covers too.
struct Opened(Zeroizing<Vec<u8>>);

impl Opened {
    const PREFIX: usize = size_of::<Digest>();

    fn open(transcript: &Digest, sealed: &[u8], key: &Secret<32>) -> Result<Self> {
        let len = sealed.len() - TAG_BYTES;
        let mut writer = Writer::new(Self::PREFIX + len)?;
        open_once(key, sealed, writer.bytes(transcript).room(len)).map_err(|_| Error::HandshakeFailed)?;
        Ok(Opened(Zeroizing::new(writer.done())))
    }

    fn nonce(&self) -> Result<&[u8; NONCE_BYTES]> {
        self.0[Self::PREFIX..].first_chunk().ok_or(Error::MalformedMessage)
    }

    /// The body, which starts at `start`.
    fn body(&self, suite: Suite, start: usize) -> Result<Body<'_>> {
        Body::parse(&self.0[Self::PREFIX + start..], suite)
    }

    /// Verifies the signature, if there is one, of all that is before it.
    fn verify(&self, suite: Suite, context: &[u8], body: &Body) -> Result<()> {
        let Some(key) = body.public_key else { return Ok(()) };
        let signed = &self.0[..self.0.len() - body.signature.len()];
        signing::verify(suite.signature(), key, context, signed, body.signature).map_err(|_| Error::BadSignature)
    }
}

/// The hashes that a completed handshake keeps.
struct Transcript {
    h1: Digest,
    h3: Digest,
    h5: Digest,
}

impl Transcript {
    fn epoch(self, number: u32, role: Role, peer: Peer, prk2: &Prk, nonce: &[u8; NONCE_BYTES]) -> Result<Box<Epoch>> {
        let Transcript { h1, h3, h5 } = self;
        let mut ack = [0; ACK_BYTES];
        prk2.expand(b"pqrtc ack", &h5, ack_tag(&mut ack))?;
        let session = Session::new(prk2.secret(b"pqrtc session", &h5)?, role);
        Ok(Box::new(Epoch {
            number,
            suite: peer.suite,
            session: Arc::new(session),
            peer,
            sas: sas(&h3, nonce),
            confirmed: false,
            h1,
            h3,
            h5,
            ack,
            reply: Vec::new(),
        }))
    }
}

/// Ten digits for people to compare.
fn sas(h3: &Digest, nonce: &[u8; NONCE_BYTES]) -> [u8; 10] {
    let digest = hash(&[b"pqrtc sas v1", h3, nonce]);
    let mut number = digest[..8].iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let mut digits = [0; 10];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
    digits
}

fn offer_hash(message: &[u8]) -> Digest {
    hash(&[b"pqrtc handshake v1", message])
}

fn commitment_to(nonce: &[u8; NONCE_BYTES]) -> [u8; 32] {
    let mut commitment = [0; 32];
    commitment.copy_from_slice(&hash(&[b"pqrtc commit v1", nonce])[..32]);
    commitment
}

fn bytes(psk: &Option<Secret<32>>) -> &[u8] {
    psk.as_ref().map_or(&[], |psk| psk.as_bytes())
}
