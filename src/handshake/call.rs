//! A call, for many threads.

use super::machine::{Machine, Myself, Peer, State};
use super::media::{Keys, Media};
use super::message::{MAX_BINDING_BYTES, MAX_CREDENTIAL_BYTES};
use super::policy::{Policy, Profile};
use crate::protocol::{Rng, Suite, try_copy};
use crate::provider::fork;
use crate::session::{Role, Session};
use crate::sframe::{BaseKey, CipherSuite, Receiver, Sender};
use crate::signing::{FINGERPRINT_BYTES, SignatureAlgorithm, SigningKey};
use crate::{Error, Result};
use core::mem::ManuallyDrop;
use std::sync::{Arc, MutexGuard};

/// Digits of [`Call::sas`].
pub const SAS_DIGITS: usize = 10;
/// The base key that [`Call::sframe_key`] gives, in bytes.
pub const SFRAME_KEY_BYTES: usize = 32;

/// One participant's side of a call. Usable from many threads at once: messages are taken one after the other. What it knows in secret is
/// wiped when it is dropped, and what only the handshake needed when that is done.
///
/// In the child of a fork everything is [`Error::KeyReused`]: the call is the parent's.
pub struct Call {
    /// The [`fork::generation`] that it was made in.
    generation: u32,
    machine: fork::Mutex<Machine>,
    media: Arc<Media>,
    /// The one cipher suite of media that the profile allows, if it does not allow all.
    cipher: Option<CipherSuite>,
}

/// Which way a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Direction {
    /// What this side sends.
    Sending = 1,
    /// What the peer sends.
    Receiving = 2,
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// Of the handshake or rekey that is going on, or the last one.
    pub state: State,
    /// This side's role in the newest epoch, or in the first handshake once it has begun.
    pub role: Option<Role>,
    /// The suite, once it is chosen.
    pub suite: Option<Suite>,
    /// The number of the newest epoch whose handshake is done: 0 for the first, and before it.
    pub epoch: u32,
    /// Whether media may be sent.
    pub may_send: bool,
    /// The algorithm of the peer's identity key; None for an anonymous peer, and before there is one. Also that of a peer that was refused
    /// for want of a pin; see [`Call::peer`].
    pub peer_identity: Option<SignatureAlgorithm>,
    /// The fingerprint of that key, or zero.
    pub peer_fingerprint: [u8; FINGERPRINT_BYTES],
}

impl Call {
    /// A call of this participant: an identity of suite 1 ([`SignatureAlgorithm::MlDsa65Ed25519`]), one of suite 2
    /// ([`SignatureAlgorithm::MlDsa87`]), both, or none for an anonymous one. Key and policy are copied. `binding` (at most 64 bytes) is
    /// the fingerprint of the own DTLS certificate, or empty; `credential` (at most [`MAX_CREDENTIAL_BYTES`]) is the application's, shown to
    /// the peer and not interpreted.
    ///
    /// A suite of the policy for which there is no identity is not offered, unless there is none at all. [`Error::InvalidArgument`] if
    /// none is left, and for identities of another algorithm or two of one. [`Error::PolicyRefused`] for an external PSK where neither
    /// identities nor a SAS stand beside it: who only has the PSK could be given its own call back. [`Error::InvalidLength`].
    pub fn new(identities: &[&SigningKey], policy: &Policy, binding: &[u8], credential: &[u8]) -> Result<Self> {
        Self::with_rng(identities, policy, binding, credential, Rng::default())
    }

    /// [`Call::new`] with given randomness.
    pub(super) fn with_rng(
        identities: &[&SigningKey],
        policy: &Policy,
        binding: &[u8],
        credential: &[u8],
        rng: Rng,
    ) -> Result<Self> {
        let mut mine = [const { None }; 2];
        for identity in identities {
            let suite = Suite::ALL.into_iter().find(|suite| suite.signature() == identity.algorithm());
            let place = &mut mine[suite.ok_or(Error::InvalidArgument)? as usize - 1];
            if place.replace(SigningKey::clone(identity)).is_some() {
                return Err(Error::InvalidArgument);
            }
        }
        let usable = |suite: &&Suite| identities.is_empty() || mine[**suite as usize - 1].is_some();
        let suites: Vec<_> = policy.profile().suites().iter().filter(usable).copied().collect();
        if suites.is_empty() {
            return Err(Error::InvalidArgument);
        }
        if binding.len() > MAX_BINDING_BYTES || credential.len() > MAX_CREDENTIAL_BYTES {
            return Err(Error::InvalidLength);
        }
        let nobody = identities.is_empty() && policy.accepts_anonymous() && policy.profile() != Profile::Sas;
        if policy.psk().is_some() && nobody {
            return Err(Error::PolicyRefused);
        }
        let (binding, credential) = (try_copy(binding)?, try_copy(credential)?);
        let me = Myself { identities: mine, suites, binding, credential };
        let machine = fork::Mutex::new(Machine::new(me, policy.try_clone()?, rng));
        let cipher = policy.profile().cipher();
        Ok(Call { generation: fork::generation(), machine, media: Media::new(), cipher })
    }

    /// M1, to send to the peer: the offer of a call, or in a running call that of a rekey. [`Error::UnexpectedMessage`] while a handshake
    /// is going on, [`Error::RngFailed`] without randomness.
    pub fn offer(&self) -> Result<Vec<u8>> {
        let mut message = Vec::new();
        self.offer_into(|len| room(&mut message, len)).map(|_| message)
    }

    /// As [`Call::offer`], into what `take` gives for its length.
    pub(crate) fn offer_into<'o>(&self, take: impl FnOnce(usize) -> Result<&'o mut [u8]>) -> Result<usize> {
        self.lock()?.offer(take)
    }

    /// Takes a message of the peer and gives the one to send back, empty if there is none. `peer_binding` is the fingerprint of the peer's
    /// DTLS certificate as the SDP has it, or empty: the peer must have signed the same.
    ///
    /// In this order: [`Error::MalformedMessage`], [`Error::VersionRefused`], [`Error::UnexpectedMessage`], [`Error::PolicyRefused`],
    /// [`Error::InvalidKey`], [`Error::NonContributory`], [`Error::HandshakeFailed`], [`Error::BadSignature`], [`Error::PeerRejected`],
    /// [`Error::PeerAnonymous`], [`Error::BindingMismatch`]. A message that is refused changes nothing. A message that comes again is
    /// answered again, with the same bytes.
    ///
    /// A peer that is not pinned is [`Error::PeerRejected`] after its signature verified: look at it ([`Call::peer`]), pin it
    /// ([`Call::pin`]), and give the same bytes again.
    pub fn receive(&self, message: &[u8], peer_binding: &[u8]) -> Result<Vec<u8>> {
        let mut reply = Vec::new();
        self.receive_into(message, peer_binding, |len| room(&mut reply, len)).map(|_| reply)
    }

    /// As [`Call::receive`], with the reply to what `take` gives for its length.
    pub(crate) fn receive_into<'o>(
        &self,
        message: &[u8],
        peer_binding: &[u8],
        take: impl FnOnce(usize) -> Result<&'o mut [u8]>,
    ) -> Result<usize> {
        if peer_binding.len() > MAX_BINDING_BYTES {
            return Err(Error::InvalidLength);
        }
        let mut machine = self.lock()?;
        let reached = |machine: &Machine| machine.epoch().map(|epoch| (epoch.number, epoch.confirmed));
        let before = reached(&machine);
        let len = machine.receive(message, peer_binding, take)?;
        match (before, reached(&machine), machine.epoch()) {
            (before, after, _) if before == after => {}
            (Some((before, _)), Some((after, true)), _) if before == after => self.media.confirm()?,
            (_, _, Some(epoch)) => self.media.begin(epoch)?,
            _ => {}
        }
        Ok(len)
    }

    /// Accepts the peer whose identity key has this fingerprint.
    pub fn pin(&self, fingerprint: &[u8; FINGERPRINT_BYTES]) -> Result<()> {
        self.lock()?.policy.pin(fingerprint)
    }

    /// The fingerprint of a new DTLS certificate, for messages that are made from now on: those of the next rekey.
    pub fn set_binding(&self, binding: &[u8]) -> Result<()> {
        if binding.len() > MAX_BINDING_BYTES {
            return Err(Error::InvalidLength);
        }
        self.lock()?.me.binding = try_copy(binding)?;
        Ok(())
    }

    /// Where the call is.
    pub fn info(&self) -> Result<Info> {
        let machine = self.lock()?;
        let peer = machine.peer();
        Ok(Info {
            state: machine.state(),
            role: machine.role(),
            suite: machine.suite(),
            epoch: machine.epoch().map_or(0, |epoch| epoch.number),
            may_send: machine.epoch().is_some(),
            peer_identity: peer.filter(|peer| peer.public_key.is_some()).map(|peer| peer.suite.signature()),
            peer_fingerprint: peer.map_or([0; FINGERPRINT_BYTES], |peer| peer.fingerprint),
        })
    }

    /// The peer, once it is authenticated, or one that was [`Error::PeerRejected`] for want of a pin. [`Error::UnexpectedMessage`] before.
    pub fn peer(&self) -> Result<Peer> {
        self.lock()?.peer().cloned().ok_or(Error::UnexpectedMessage)
    }

    /// Ten digits, in ASCII, for people to read to each other: the same on both sides unless somebody is in between. Of the newest epoch;
    /// [`Error::UnexpectedMessage`] before there is one.
    pub fn sas(&self) -> Result<[u8; SAS_DIGITS]> {
        self.lock()?.epoch().map(|epoch| epoch.sas).ok_or(Error::UnexpectedMessage)
    }

    /// The session of the newest epoch. [`Error::UnexpectedMessage`] before there is one.
    pub fn session(&self) -> Result<Arc<Session>> {
        self.lock()?.epoch().map(|epoch| epoch.session.clone()).ok_or(Error::UnexpectedMessage)
    }

    /// A sender of this side for a stream: 0 unless there are several, at most 2^61 - 1. It follows rekeys for as long as the call lives, and
    /// refuses to seal ([`Error::UnexpectedMessage`]) before media may be sent. Its KID is `stream << 3 | (role - 1) << 2 | epoch & 3`.
    ///
    /// [`Error::PolicyRefused`] for a cipher suite that the profile does not allow, [`Error::KeyReused`] for a stream that has a sender in
    /// this epoch, [`Error::InvalidArgument`] for a larger stream.
    pub fn sender(&self, stream: u64, suite: CipherSuite) -> Result<Arc<Sender>> {
        let _machine = self.lock()?;
        self.check_cipher(suite)?;
        self.media.sender(stream, suite)
    }

    /// A receiver of all streams of the peer, which follows rekeys for as long as the call lives. After a rekey it opens frames of the
    /// epoch before until 512 frames of their stream have been opened under the new one, or the next epoch begins.
    ///
    /// A forged frame of a stream that is not known costs the derivation of its key, some microseconds, and is forgotten.
    pub fn receiver(&self, suite: CipherSuite) -> Result<Arc<Receiver>> {
        let _machine = self.lock()?;
        self.check_cipher(suite)?;
        self.media.receiver(suite)
    }

    /// The SFrame key of a stream in the newest epoch, for an engine that is not this library's. A sending key is then taken:
    /// [`Error::KeyReused`] for a sender of this library under it, and here where there is or was one.
    pub fn sframe_key(&self, direction: Direction, stream: u64) -> Result<BaseKey> {
        let machine = self.lock()?;
        let keys = Keys::of(machine.epoch().ok_or(Error::UnexpectedMessage)?);
        match direction {
            Direction::Receiving => keys.receiving(stream),
            Direction::Sending => {
                let key = keys.sending(stream)?;
                key.give_away()?;
                Ok(key)
            }
        }
    }

    fn check_cipher(&self, suite: CipherSuite) -> Result<()> {
        if self.cipher.is_none_or(|allowed| allowed == suite) { Ok(()) } else { Err(Error::PolicyRefused) }
    }

    pub(super) fn lock(&self) -> Result<MutexGuard<'_, ManuallyDrop<Machine>>> {
        if self.generation != fork::generation() {
            return Err(Error::KeyReused);
        }
        self.machine.lock()
    }
}

/// Room for `len` bytes in an empty vector.
fn room(message: &mut Vec<u8>, len: usize) -> Result<&mut [u8]> {
    message.try_reserve_exact(len).map_err(|_| Error::OutOfMemory)?;
    message.resize(len, 0);
    Ok(message)
}
