//! The senders and receivers of a meeting, and which epoch they are in.
//!
//! A receiver opens frames of the newest epoch from the moment there is one. Of the epoch before it opens those of members that are still
//! there, until [`GRACE_FRAMES`] frames of their stream have been opened under the new one, or another epoch begins: frames in flight
//! open, and no more than two epochs live. Keys are made as frames come.
//!
//! A sender changes to a new epoch [`SWITCH_DELAY`] after this member has come to it, when the commit has reached the others too, or at once
//! when another epoch begins. It looks at the clock while a change is due, and at one flag otherwise.

use super::schedule::Secrets;
use crate::provider::fork;
use crate::sframe::{BaseKey, CipherSuite, Follow, Owner, Receiver, Sender};
use crate::{Error, Result};
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard, Weak};
use std::time::Duration;

/// How many frames of a stream are opened under a new epoch before its key of the one before is wiped.
const GRACE_FRAMES: u32 = 512;
/// How long senders stay in the epoch before.
const SWITCH_DELAY: Duration = Duration::from_secs(2);
const INDEX_BITS: u32 = 12;
const EPOCH_BITS: u32 = 4;

/// The KID of a sender: `stream << 16 | index << 4 | epoch & 15`. [`Error::InvalidArgument`] for a stream of 2^48 or more.
pub(super) fn kid(stream: u64, index: u16, epoch: u32) -> Result<u64> {
    super::mls_kid(epoch.into(), index.into(), stream, INDEX_BITS, EPOCH_BITS)
}

/// An epoch, for making keys.
#[derive(Clone)]
pub(super) struct Keys {
    pub number: u32,
    pub secrets: Arc<Secrets>,
    pub own: u16,
    /// Who is in it, by rising index.
    pub members: Arc<[u16]>,
}

impl Keys {
    pub fn key(&self, index: u16, stream: u64) -> Result<BaseKey> {
        let kid = kid(stream, index, self.number)?;
        self.members.binary_search(&index).map_err(|_| Error::InvalidArgument)?;
        BaseKey::new(kid, self.secrets.sender(kid)?.as_bytes())
    }

    /// Whether a KID counts this epoch.
    fn is_of(&self, kid: u64) -> bool {
        kid & 0xf == u64::from(self.number & 0xf)
    }

    fn has(&self, kid: u64) -> bool {
        self.members.binary_search(&index(kid)).is_ok()
    }
}

fn index(kid: u64) -> u16 {
    (kid >> EPOCH_BITS) as u16 & super::MAX_INDEX
}

pub(super) struct Media {
    state: fork::Mutex<State>,
    /// Senders wait to change.
    waiting: Arc<AtomicBool>,
    delay: Duration,
}

#[derive(Default)]
struct State {
    newest: Option<Keys>,
    before: Option<Keys>,
    change_at: Option<Clock>,
    senders: Vec<(u64, Weak<Sender>)>,
    receivers: Vec<Weak<Receiver>>,
}

impl Media {
    pub fn new() -> Arc<Self> {
        Self::with_delay(SWITCH_DELAY)
    }

    pub fn with_delay(delay: Duration) -> Arc<Self> {
        Arc::new(Media { state: fork::Mutex::new(State::default()), waiting: Arc::default(), delay })
    }

    /// A sender, in the epoch where the others of this meeting are. [`Error::UnexpectedMessage`] when there is none.
    pub fn sender(self: &Arc<Self>, stream: u64, suite: CipherSuite) -> Result<Arc<Sender>> {
        let mut state = self.state.lock()?;
        let keys = state.sending(self.waiting.load(Ordering::Relaxed)).ok_or(Error::UnexpectedMessage)?;
        let key = keys.key(keys.own, stream)?;
        let clock = SenderClock { media: Arc::downgrade(self), waiting: self.waiting.clone() };
        let sender = Arc::new(Sender::owned(suite, Arc::new(clock)));
        sender.replace_key(&key)?;
        state.senders.retain(|(_, sender)| sender.strong_count() > 0);
        state.senders.push((stream, Arc::downgrade(&sender)));
        Ok(sender)
    }

    /// A receiver of all streams of all other members.
    pub fn receiver(self: &Arc<Self>, suite: CipherSuite) -> Result<Arc<Receiver>> {
        let receiver = Arc::new(Receiver::following(suite, Arc::new(Follower(Arc::downgrade(self)))));
        let mut state = self.state.lock()?;
        state.receivers.retain(|receiver| receiver.strong_count() > 0);
        state.receivers.push(Arc::downgrade(&receiver));
        Ok(receiver)
    }

    /// An epoch began.
    pub fn begin(&self, keys: Keys) -> Result<()> {
        let mut state = self.state.lock()?;
        if self.waiting.load(Ordering::Relaxed) {
            state.change();
        }
        state.before = state.newest.replace(keys);
        let waits = state.before.is_some() && !self.delay.is_zero();
        match waits.then(|| Clock::after(self.delay)).flatten() {
            Some(at) => state.change_at = Some(at),
            None => state.change(),
        }
        self.waiting.store(state.change_at.is_some(), Ordering::Release);
        clean(state)
    }

    /// This member is not in the meeting any more.
    pub fn end(&self) -> Result<()> {
        let mut state = self.state.lock()?;
        (state.newest, state.before, state.change_at) = (None, None, None);
        self.waiting.store(false, Ordering::Release);
        for sender in state.senders.iter().filter_map(|(_, sender)| sender.upgrade()) {
            sender.remove_key()?;
        }
        clean(state)
    }
}

impl State {
    fn sending(&self, waiting: bool) -> Option<&Keys> {
        self.before.as_ref().filter(|_| waiting).or(self.newest.as_ref())
    }

    /// Senders go to the newest epoch. One that cannot have its key there seals no more.
    fn change(&mut self) {
        self.change_at = None;
        let Some(newest) = &self.newest else { return };
        for (stream, sender) in &self.senders {
            if let Some(sender) = sender.upgrade()
                && newest.key(newest.own, *stream).and_then(|key| sender.replace_key(&key)).is_err()
            {
                let _ = sender.remove_key();
            }
        }
    }
}

/// Wipes the keys of receivers that belong to no epoch that lives, or to nobody that is in the newest. A receiver asks for keys while this
/// goes on, so the state is not locked then.
fn clean(state: MutexGuard<ManuallyDrop<State>>) -> Result<()> {
    let epochs = [state.newest.clone(), state.before.clone()];
    let receivers: Vec<_> = state.receivers.iter().filter_map(Weak::upgrade).collect();
    drop(state);
    let keep = |kid| {
        epochs.iter().flatten().any(|keys| keys.is_of(kid)) && epochs[0].as_ref().is_some_and(|keys| keys.has(kid))
    };
    receivers.iter().try_for_each(|receiver| receiver.retain(keep))
}

/// What a receiver asks.
struct Follower(Weak<Media>);

impl Follow for Follower {
    fn key(&self, unknown: u64) -> Result<(BaseKey, Option<(u64, u32)>)> {
        let media = self.0.upgrade().ok_or(Error::UnknownKeyId)?;
        let state = media.state.lock()?;
        let (index, stream) = (index(unknown), unknown >> (INDEX_BITS + EPOCH_BITS));
        let newest = state.newest.as_ref().filter(|keys| keys.has(unknown) && keys.own != index);
        let newest = newest.ok_or(Error::UnknownKeyId)?;
        if newest.is_of(unknown) {
            let old = state.before.as_ref().and_then(|before| kid(stream, index, before.number).ok());
            return Ok((newest.key(index, stream)?, old.map(|old| (old, GRACE_FRAMES))));
        }
        let before = state.before.as_ref().filter(|keys| keys.is_of(unknown) && keys.has(unknown));
        Ok((before.ok_or(Error::UnknownKeyId)?.key(index, stream)?, None))
    }

    fn opened(&self, _kid: u64) {}
}

/// What a sender does before it seals.
struct SenderClock {
    media: Weak<Media>,
    waiting: Arc<AtomicBool>,
}

impl Owner for SenderClock {
    fn before_sealing(&self) {
        if self.waiting.load(Ordering::Acquire)
            && let Some(media) = self.media.upgrade()
            && let Ok(mut state) = media.state.lock()
            && state.change_at.as_ref().is_some_and(Clock::is_over)
        {
            state.change();
            media.waiting.store(false, Ordering::Release);
        }
    }
}

/// A moment to come. Where there is no clock there is none, and what would wait for it is done at once.
struct Clock(#[cfg(not(target_family = "wasm"))] std::time::Instant);

impl Clock {
    #[cfg(not(target_family = "wasm"))]
    fn after(delay: Duration) -> Option<Self> {
        std::time::Instant::now().checked_add(delay).map(Clock)
    }

    #[cfg(not(target_family = "wasm"))]
    fn is_over(&self) -> bool {
        std::time::Instant::now() >= self.0
    }

    #[cfg(target_family = "wasm")]
    fn after(_: Duration) -> Option<Self> {
        None
    }

    #[cfg(target_family = "wasm")]
    fn is_over(&self) -> bool {
        true
    }
}
