//! One sender, as a receiver knows it: the steps of its key with their replay windows, and what was counted. A sender that does not ratchet
//! has one step.
//!
//! Threads that open frames share the [`Step`], which nobody writes to, and the lock of the [`Chain`], held to mark a frame as seen: a frame
//! is looked up before it is decrypted and again when it is marked, so that of two threads with the same frame one wins. Which steps there
//! are is also told by the [`Entry`] in the map of keys; a thread may hold one that is out of date, and learns it when it marks.

use super::key::{Step, next_step};
use super::registry::Pair;
use super::{BaseKey, CipherSuite};
use crate::provider::fork;
use crate::replay::Window;
use crate::{Error, Result};
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::collections::VecDeque;
use std::sync::Arc;

/// What is held of a sender now.
#[derive(Clone)]
pub(super) struct Entry {
    /// Its KIDs without the bits that count ratchet steps.
    pub id: u64,
    pub current: Arc<SeenStep>,
    /// The step before, for a while.
    pub previous: Option<Arc<SeenStep>>,
    pub chain: Arc<Chain>,
}

/// A step, and the counters seen under it.
pub(super) struct SeenStep {
    pub step: Box<Step>,
    pub window: Window,
}

/// What the steps of a sender have in common. On cache lines of its own, so that threads that open frames of other senders do not slow it
/// down.
#[repr(align(128))]
pub(super) struct Chain {
    state: fork::Mutex<State>,
    opened: AtomicU64,
    /// The key that it began with.
    added: Pair,
    pub refused: Refusals,
    /// Steps that it has not gone to yet; [`None`] without a ratchet.
    ahead: Option<fork::Mutex<Ahead>>,
}

/// Which steps count, as the lock has it.
struct State {
    current: u64,
    /// Gone when the grace period is over, a moment before the step itself is.
    previous: Option<u64>,
    /// Another chain, whose key goes when the grace period of this one is over.
    predecessor: Option<u64>,
    grace_left: u32,
    removed: bool,
}

/// Refusals by class.
#[derive(Default)]
pub(super) struct Refusals {
    pub malformed: AtomicU64,
    pub unknown_key_id: AtomicU64,
    pub replayed: AtomicU64,
    pub decryption_failed: AtomicU64,
}

impl Refusals {
    pub fn count(&self, error: Error) {
        let count = match error {
            Error::MalformedFrame => &self.malformed,
            Error::UnknownKeyId => &self.unknown_key_id,
            Error::ReplayedFrame => &self.replayed,
            Error::DecryptionFailed => &self.decryption_failed,
            _ => return,
        };
        count.fetch_add(1, Relaxed);
    }
}

impl Entry {
    /// `next` is the key of the step after it, where senders ratchet. The first of `replaces` is a
    /// chain whose key goes when so many frames of this one were opened.
    pub fn new(id: u64, step: Box<Step>, next: Option<BaseKey>, window: u32, replaces: Option<(u64, u32)>) -> Self {
        let (kid, added) = (step.kid, step.pair);
        let (predecessor, grace_left) = replaces.map_or((None, 0), |(id, frames)| (Some(id), frames));
        let state = State { current: kid, previous: None, predecessor, grace_left, removed: false };
        let ahead = next.map(|key| fork::Mutex::new(Ahead::new(key)));
        let chain = Chain {
            state: fork::Mutex::new(state),
            opened: AtomicU64::new(0),
            added,
            refused: Refusals::default(),
            ahead,
        };
        let current = Arc::new(SeenStep { step, window: Window::new(window) });
        Entry { id, current, previous: None, chain: Arc::new(chain) }
    }

    /// The number of KIDs.
    pub fn held(&self) -> u64 {
        1 + u64::from(self.previous.is_some())
    }

    /// What must not be added again once this is removed.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        let steps = [Some(&self.current), self.previous.as_ref()];
        let pairs = [Some(self.chain.added)].into_iter().chain(steps.map(|step| step.map(|step| step.step.pair)));
        pairs.flatten()
    }

    /// Goes to a step ahead, as the first frame of it has authenticated, and marks that. The entry that results is to be put into the map
    /// before [`Chain::passed`] is called.
    pub fn advance(&self, to: &Arc<SeenStep>, grace: u32, seen: impl Iterator<Item = u64> + Clone) -> Result<Entry> {
        let mut state = self.chain.state.lock()?;
        if state.removed {
            return Err(Error::UnknownKeyId);
        }
        self.chain.accept(&to.window, seen)?;
        state.previous = (grace > 0).then_some(state.current);
        state.current = to.step.kid;
        state.grace_left = grace;
        let previous = (grace > 0).then(|| self.current.clone());
        Ok(Entry { current: to.clone(), previous, ..self.clone() })
    }
}

impl Chain {
    /// Frames opened.
    pub fn opened(&self) -> u64 {
        self.opened.load(Relaxed)
    }

    /// Marks frames of a step as seen that have authenticated: all of them or, if another thread was faster with one, none. Tells whether a
    /// grace period is over.
    pub fn mark(&self, step: &SeenStep, seen: impl Iterator<Item = u64> + Clone) -> Result<bool> {
        let mut state = self.state.lock()?;
        let kid = step.step.kid;
        if state.removed || (kid != state.current && Some(kid) != state.previous) {
            return Err(Error::UnknownKeyId);
        }
        let count = self.accept(&step.window, seen)?;
        if state.grace_left == 0 || kid != state.current {
            return Ok(false);
        }
        state.grace_left = state.grace_left.saturating_sub(count.try_into().unwrap_or(u32::MAX));
        if state.grace_left == 0 {
            state.previous = None;
        }
        Ok(state.grace_left == 0)
    }

    /// For who has the lock.
    fn accept(&self, window: &Window, seen: impl Iterator<Item = u64> + Clone) -> Result<u64> {
        seen.clone().try_for_each(|counter| window.check(counter))?;
        let count = seen.map(|counter| window.accept(counter)).count() as u64;
        self.opened.store(self.opened.load(Relaxed) + count, Relaxed);
        Ok(count)
    }

    /// No frame is marked from here on, nor was one meanwhile.
    pub fn remove(&self) -> Result<()> {
        self.state.lock()?.removed = true;
        Ok(())
    }

    /// Whether no frame of the step before is opened any more, and the chain whose time is then over too.
    pub fn grace_is_over(&self) -> Result<(bool, Option<u64>)> {
        let mut state = self.state.lock()?;
        let over = state.previous.is_none() && state.grace_left == 0;
        Ok((over, if over { state.predecessor.take() } else { None }))
    }

    /// A step that it has not gone to yet, if it ratchets. [`None`] if it has gone past it meanwhile.
    pub fn ahead(&self, suite: CipherSuite, kid: u64, window: u32, budget: &Budget) -> Result<Option<Arc<SeenStep>>> {
        self.ahead.as_ref().ok_or(Error::UnknownKeyId)?.lock()?.get(suite, kid, window, budget)
    }

    /// Forgets the steps up to this one.
    pub fn passed(&self, suite: CipherSuite, kid: u64, budget: &Budget) -> Result<()> {
        self.ahead.as_ref().ok_or(Error::UnknownKeyId)?.lock()?.pass(suite, kid, budget)
    }

    /// How many derived steps it keeps.
    pub fn kept(&self) -> usize {
        self.ahead.as_ref().and_then(|ahead| ahead.lock().ok().map(|ahead| ahead.0.len() - 1)).unwrap_or(0)
    }
}

/// Steps that a chain may go to, at least the next. They are kept once they were derived: forged frames can ask for them as often as they
/// like.
struct Ahead(VecDeque<AheadStep>);

struct AheadStep {
    key: BaseKey,
    step: Option<Arc<SeenStep>>,
}

/// How many more steps the chains of a receiver may keep.
pub(super) struct Budget(AtomicUsize);

impl Budget {
    pub const STEPS: usize = 4096;

    pub fn new() -> Self {
        Budget(AtomicUsize::new(Self::STEPS))
    }

    fn take(&self, count: usize) -> bool {
        self.0.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(count)).is_ok()
    }

    pub fn give_back(&self, count: usize) {
        self.0.fetch_add(count, Relaxed);
    }
}

impl Ahead {
    fn new(key: BaseKey) -> Self {
        Ahead([AheadStep { key, step: None }].into())
    }

    /// How far from the first step one is.
    fn place(&self, kid: u64) -> Option<usize> {
        kid.checked_sub(self.0[0].key.kid()).map(|at| at as usize)
    }

    fn get(&mut self, suite: CipherSuite, kid: u64, window: u32, budget: &Budget) -> Result<Option<Arc<SeenStep>>> {
        let Some(at) = self.place(kid) else { return Ok(None) };
        let missing = (at + 1).saturating_sub(self.0.len());
        if missing > 0 && !budget.take(missing) {
            return seen_step(suite, &self.key(suite, at)?, window).map(Some);
        }
        while self.0.len() <= at {
            let key = self.key(suite, self.0.len())?;
            self.0.push_back(AheadStep { key, step: None });
        }
        let AheadStep { key, step } = &mut self.0[at];
        if step.is_none() {
            *step = Some(seen_step(suite, key, window)?);
        }
        Ok(step.clone())
    }

    /// The key of a step beyond those that are kept.
    fn key(&self, suite: CipherSuite, at: usize) -> Result<BaseKey> {
        let mut key = next_step(suite, &self.0[self.0.len() - 1].key)?;
        for _ in self.0.len()..at {
            key = next_step(suite, &key)?;
        }
        Ok(key)
    }

    fn pass(&mut self, suite: CipherSuite, kid: u64, budget: &Budget) -> Result<()> {
        let Some(at) = self.place(kid) else { return Ok(()) };
        if self.0.len() <= at + 1 {
            let key = self.key(suite, at + 1)?;
            budget.give_back(self.0.len() - 1);
            *self = Ahead::new(key);
        } else {
            budget.give_back(at + 1);
            self.0.drain(..=at);
        }
        Ok(())
    }
}

fn seen_step(suite: CipherSuite, key: &BaseKey, window: u32) -> Result<Arc<SeenStep>> {
    Ok(Arc::new(SeenStep { step: Step::derive(suite, key)?, window: Window::new(window) }))
}
