//! The senders and receivers of a call, and which epoch they are in.
//!
//! A receiver opens frames of a new epoch from the moment there is one, and of the epoch before until [`GRACE_FRAMES`] frames of their
//! stream have been opened under the new one, or another epoch begins: frames in flight open, and no more than two epochs live. The key of
//! a stream is made when its first frame comes, except that of stream 0, which is there from the start; a stream of which no frame came
//! before the next epoch began is opened in that epoch alone, because the session before it is wiped.
//!
//! Senders change as the responder at once, because the initiator has had the epoch since it sent M3; as the initiator when the responder
//! is known to have it: by the acknowledgement, by a frame that came under it, or by its answer to the next rekey.

use super::machine::Epoch;
use crate::provider::fork;
use crate::session::{Role, Session};
use crate::sframe::{BaseKey, CipherSuite, Follow, Receiver, Sender};
use crate::{Error, Result};
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

/// How many frames of a stream are opened under a new epoch before its key of the one before is wiped.
const GRACE_FRAMES: u32 = 512;
/// Streams are numbered below this: a KID has 64 bits.
const STREAMS: u64 = 1 << 61;

/// `stream << 3 | (role - 1) << 2 | epoch & 3`
fn kid(stream: u64, role: Role, epoch: u32) -> Result<u64> {
    if stream >= STREAMS {
        return Err(Error::InvalidArgument);
    }
    Ok(stream << 3 | (role as u64 - 1) << 2 | u64::from(epoch & 3))
}

/// An epoch, for making keys.
#[derive(Clone)]
pub(super) struct Keys {
    number: u32,
    session: Arc<Session>,
    /// Number of the epoch before, and the peer's role in it.
    before: Option<(u32, Role)>,
}

impl Keys {
    pub fn of(epoch: &Epoch) -> Self {
        Keys { number: epoch.number, session: epoch.session.clone(), before: None }
    }

    pub fn sending(&self, stream: u64) -> Result<BaseKey> {
        self.key(stream, self.session.role())
    }

    pub fn receiving(&self, stream: u64) -> Result<BaseKey> {
        self.key(stream, self.session.role().peer())
    }

    fn key(&self, stream: u64, role: Role) -> Result<BaseKey> {
        self.session.sframe_base_key(role, kid(stream, role, self.number)?)
    }

    /// The KID that the peer's stream had in the epoch before.
    fn replaces(&self, stream: u64) -> Option<u64> {
        self.before.and_then(|(number, role)| kid(stream, role, number).ok())
    }

    /// Whether a KID belongs to this epoch or the one before, of those that may be in use.
    fn lives(&self, kid: u64) -> bool {
        let numbers = [Some(self.number), self.before.map(|(number, _)| number)];
        numbers.iter().flatten().any(|number| kid & 3 == u64::from(number & 3))
    }
}

/// The senders and receivers of a call.
pub(super) struct Media {
    state: fork::Mutex<State>,
    /// Senders wait to hear that the peer has the newest epoch.
    waiting: Arc<AtomicBool>,
}

struct State {
    newest: Option<Keys>,
    senders: Vec<(u64, Weak<Sender>)>,
    receivers: Vec<Weak<Receiver>>,
}

impl Media {
    pub fn new() -> Arc<Self> {
        let state = State { newest: None, senders: Vec::new(), receivers: Vec::new() };
        Arc::new(Media { state: fork::Mutex::new(state), waiting: Arc::default() })
    }

    /// A sender. It has its first key as soon as there is one.
    pub fn sender(&self, stream: u64, suite: CipherSuite) -> Result<Arc<Sender>> {
        kid(stream, Role::Initiator, 0)?;
        let mut state = self.state.lock()?;
        let sender = Arc::new(Sender::without_key(suite));
        // A stream that begins while the senders wait begins in the newest epoch.
        if let Some(newest) = &state.newest {
            sender.replace_key(&newest.sending(stream)?)?;
        }
        state.senders.retain(|(_, sender)| sender.strong_count() > 0);
        state.senders.push((stream, Arc::downgrade(&sender)));
        Ok(sender)
    }

    /// A receiver, with the key of stream 0 in the newest epoch.
    pub fn receiver(self: &Arc<Self>, suite: CipherSuite) -> Result<Arc<Receiver>> {
        let follower = Follower { media: Arc::downgrade(self), waiting: self.waiting.clone() };
        let receiver = Arc::new(Receiver::following(suite, Arc::new(follower)));
        let mut state = self.state.lock()?;
        if let Some(newest) = &state.newest {
            receiver.add(&newest.receiving(0)?)?;
        }
        state.receivers.retain(|receiver| receiver.strong_count() > 0);
        state.receivers.push(Arc::downgrade(&receiver));
        Ok(receiver)
    }

    /// An epoch began. Its keys are there for all receivers, and for the senders of a responder.
    pub fn begin(&self, epoch: &Epoch) -> Result<()> {
        let mut keys = Keys::of(epoch);
        let mut state = self.state.lock()?;
        if self.waiting.load(Ordering::Relaxed) {
            // That the peer answered this rekey shows that it has the epoch before.
            state.switch();
        }
        keys.before = state.newest.as_ref().map(|before| (before.number, before.session.role().peer()));
        state.newest = Some(keys.clone());
        let waits = keys.before.is_some() && epoch.session.role() == Role::Initiator;
        if !waits {
            state.switch();
        }
        self.waiting.store(waits, Ordering::Release);
        let receivers: Vec<_> = state.receivers.iter().filter_map(Weak::upgrade).collect();
        drop(state);
        for receiver in receivers {
            receiver.retain(|kid| keys.lives(kid))?;
            // If a frame was faster, the key is there.
            let _ = keys.receiving(0).and_then(|key| match keys.replaces(0) {
                Some(old) => receiver.add_successor(&key, old, GRACE_FRAMES),
                None => receiver.add(&key),
            });
        }
        Ok(())
    }

    /// The peer is known to have the newest epoch.
    pub fn confirm(&self) -> Result<()> {
        let state = self.state.lock()?;
        if self.waiting.swap(false, Ordering::AcqRel) {
            state.switch();
        }
        Ok(())
    }
}

impl State {
    /// Senders go to the newest epoch. One that cannot have its key there seals no more.
    fn switch(&self) {
        let Some(newest) = &self.newest else { return };
        for (stream, sender) in &self.senders {
            let Some((sender, key)) = sender.upgrade().zip(newest.sending(*stream).ok()) else { continue };
            let begun = sender.stats().is_ok_and(|stats| stats.kid == key.kid());
            if !begun && sender.replace_key(&key).is_err() {
                let _ = sender.remove_key();
            }
        }
    }
}

/// What a receiver asks, and tells.
struct Follower {
    media: Weak<Media>,
    waiting: Arc<AtomicBool>,
}

impl Follower {
    fn newest(&self) -> Result<(Arc<Media>, Keys)> {
        let media = self.media.upgrade().ok_or(Error::UnknownKeyId)?;
        let newest = media.state.lock()?.newest.clone().ok_or(Error::UnknownKeyId)?;
        Ok((media, newest))
    }
}

impl Follow for Follower {
    fn key(&self, unknown: u64) -> Result<(BaseKey, Option<(u64, u32)>)> {
        let (stream, (_, newest)) = (unknown >> 3, self.newest()?);
        let key = newest.receiving(stream)?;
        let replaces = newest.replaces(stream).map(|old| (old, GRACE_FRAMES));
        if key.kid() == unknown { Ok((key, replaces)) } else { Err(Error::UnknownKeyId) }
    }

    fn opened(&self, kid: u64) {
        if self.waiting.load(Ordering::Acquire)
            && let Ok((media, newest)) = self.newest()
            && kid & 3 == u64::from(newest.number & 3)
        {
            let _ = media.confirm();
        }
    }
}
