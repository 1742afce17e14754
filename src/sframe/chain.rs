//! The keys of a receiver: a chain of ratchet steps for each sender, of one step where nobody ratchets, with the replay windows.

use super::CipherSuite;
use super::header::Header;
use super::key::Step;
use super::receiver::Frame;
use super::registry::{Pair, Pairs};
use crate::replay::Window;
use crate::{Error, Result};
use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) struct Keys {
    suite: CipherSuite,
    /// By KID without the bits that count ratchet steps.
    chains: BTreeMap<u64, Box<Chain>>,
    /// Keys that were removed.
    removed: Pairs,
    /// How many chains there have been.
    serial: u64,
    /// Frames opened under keys that were removed.
    opened: u64,
    /// Settings, fixed once a key was added.
    pub window: u32,
    pub ratchet_bits: u32,
    pub max_steps: u64,
    pub grace: u32,
}

/// One sender's key, at its newest step and for a while at the step before.
struct Chain {
    /// Tells the chain from a later one under the same KID.
    serial: u64,
    added: Pair,
    current: Box<Step>,
    previous: Option<Box<Step>>,
    /// No counter from here on has been seen under the current step: known without the lock, though perhaps late.
    fresh: AtomicU64,
    replay: Mutex<Replay>,
}

/// What was seen of the two steps.
struct Replay {
    /// Frames opened.
    opened: u64,
    current: Track,
    /// Gone when the grace period is over, a moment before the step itself is.
    previous: Option<Track>,
    grace_left: u32,
}

struct Track {
    kid: u64,
    window: Window,
}

/// A step that a chain has not gone to yet.
pub(super) struct PendingStep {
    step: Box<Step>,
    /// The chain.
    serial: u64,
}

impl Keys {
    pub fn new(suite: CipherSuite) -> Self {
        Keys {
            suite,
            chains: BTreeMap::new(),
            removed: Pairs::new(),
            serial: 0,
            opened: 0,
            window: Window::DEFAULT,
            ratchet_bits: 0,
            max_steps: 0,
            grace: 0,
        }
    }

    /// Whether settings may still change.
    pub fn is_untouched(&self) -> bool {
        self.serial == 0
    }

    /// The number of KIDs.
    pub fn held(&self) -> u64 {
        self.chains.values().map(|chain| 1 + u64::from(chain.previous.is_some())).sum()
    }

    /// The number of frames opened.
    pub fn opened(&self) -> u64 {
        self.chains.values().map(|chain| chain.replay().opened).sum::<u64>() + self.opened
    }

    /// What all KIDs of a chain have in common.
    pub fn id(&self, kid: u64) -> u64 {
        kid >> self.ratchet_bits
    }

    pub fn add(&mut self, step: Box<Step>) -> Result<()> {
        let id = self.id(step.kid);
        if self.chains.contains_key(&id) || self.removed.contains(&step.pair) {
            return Err(Error::KeyReused);
        }
        self.serial += 1;
        let current = Track { kid: step.kid, window: Window::new(self.window) };
        let chain = Chain {
            serial: self.serial,
            added: step.pair,
            current: step,
            previous: None,
            fresh: AtomicU64::new(0),
            replay: Mutex::new(Replay { opened: 0, current, previous: None, grace_left: 0 }),
        };
        self.chains.insert(id, Box::new(chain));
        Ok(())
    }

    pub fn remove(&mut self, kid: u64) -> Result<()> {
        let chain = self.chains.remove(&self.id(kid)).ok_or(Error::UnknownKeyId)?;
        self.opened += chain.replay().opened;
        self.removed.extend([chain.added, chain.current.pair]);
        self.removed.extend(chain.previous.iter().map(|step| step.pair));
        Ok(())
    }

    /// Opens a frame without a trace. `take` gives the output for a length, `open` opens the frame to it. If the frame's step is ahead of
    /// the chain's, `ahead` is that step, now or from a frame before.
    pub fn attempt<B>(
        &self,
        ahead: &mut Option<PendingStep>,
        frame: &Frame,
        take: impl FnOnce(usize) -> Result<B>,
        open: impl FnOnce(&Step, &mut B) -> Result<()>,
    ) -> Result<B> {
        let Header { kid, counter } = frame.header;
        let chain = self.chains.get(&self.id(kid)).ok_or(Error::UnknownKeyId)?;
        if let Some(step) = chain.held(kid) {
            let mut out = take(frame.len)?;
            if kid != chain.current.kid || counter < chain.fresh.load(Ordering::Relaxed) {
                chain.replay().track(kid)?.window.check(counter)?;
            }
            open(step, &mut out)?;
            return Ok(out);
        }
        let ahead_by = kid.checked_sub(chain.current.kid);
        let steps = ahead_by.filter(|steps| *steps <= self.max_steps).ok_or(Error::UnknownKeyId)?;
        match ahead {
            Some(known) if known.step.kid != kid => Err(Error::UnknownKeyId),
            Some(known) => {
                let mut out = take(frame.len)?;
                open(&known.step, &mut out)?;
                Ok(out)
            }
            None => {
                let mut out = take(frame.len)?;
                let step = chain.current.advance(self.suite, steps, kid)?;
                open(&step, &mut out)?;
                *ahead = Some(PendingStep { step, serial: chain.serial });
                Ok(out)
            }
        }
    }

    /// Marks frames as seen that have authenticated: all of them or, if another thread was faster with one, none. They belong to one chain
    /// and are in strict order. Tells whether a grace period is over.
    pub fn mark(&self, seen: &[Header]) -> Result<bool> {
        let chain = seen.first().and_then(|header| self.chains.get(&self.id(header.kid))).ok_or(Error::UnknownKeyId)?;
        chain.mark(seen)
    }

    /// As [`Keys::mark`], where the last of the frames belong to a step ahead: goes there, unless another thread did.
    pub fn go_ahead(&mut self, ahead: PendingStep, seen: &[Header]) -> Result<()> {
        let id = self.id(ahead.step.kid);
        // The key may have been removed since, and even been replaced.
        let chain = self.chains.get_mut(&id).filter(|chain| chain.serial == ahead.serial).ok_or(Error::UnknownKeyId)?;
        // Another thread may have gone to a step between.
        if chain.current.kid < ahead.step.kid {
            chain.advance(ahead.step, Window::new(self.window), self.grace, seen)
        } else if chain.mark(seen)? {
            chain.previous = None;
            Ok(())
        } else {
            Ok(())
        }
    }

    /// Wipes the step before, if its grace period is over.
    pub fn end_grace(&mut self, kid: u64) {
        if let Some(chain) = self.chains.get_mut(&(kid >> self.ratchet_bits))
            && chain.replay().previous.is_none()
        {
            chain.previous = None;
        }
    }
}

impl Chain {
    /// The step of a KID, if it is held.
    fn held(&self, kid: u64) -> Option<&Step> {
        [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|step| step.kid == kid)
            .map(|step| &**step)
    }

    fn replay(&self) -> MutexGuard<'_, Replay> {
        self.replay.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark(&self, seen: &[Header]) -> Result<bool> {
        let mut replay = self.replay();
        let over = replay.mark(seen)?;
        self.fresh.store(replay.current.window.fresh(), Ordering::Relaxed);
        Ok(over)
    }

    fn advance(&mut self, step: Box<Step>, window: Window, grace: u32, seen: &[Header]) -> Result<()> {
        let kid = step.kid;
        let (old, new) = seen.split_at(seen.partition_point(|header| header.kid < kid));
        let replay = self.replay.get_mut().unwrap_or_else(PoisonError::into_inner);
        replay.mark(old)?;
        let before = core::mem::replace(&mut replay.current, Track { kid, window });
        replay.previous = (grace > 0).then_some(before);
        replay.grace_left = grace;
        new.iter().for_each(|header| replay.current.window.accept(header.counter));
        replay.opened += new.len() as u64;
        *self.fresh.get_mut() = replay.current.window.fresh();
        let mut before = core::mem::replace(&mut self.current, step);
        before.retire();
        self.previous = (grace > 0).then_some(before);
        Ok(())
    }
}

impl Replay {
    fn track(&mut self, kid: u64) -> Result<&mut Track> {
        let tracks = [Some(&mut self.current), self.previous.as_mut()];
        tracks.into_iter().flatten().find(|track| track.kid == kid).ok_or(Error::UnknownKeyId)
    }

    fn mark(&mut self, seen: &[Header]) -> Result<bool> {
        for header in seen {
            self.track(header.kid)?.window.check(header.counter)?;
        }
        for header in seen {
            self.track(header.kid)?.window.accept(header.counter);
        }
        self.opened += seen.len() as u64;
        if self.previous.is_none() {
            return Ok(false);
        }
        let kid = self.current.kid;
        let newer = seen.iter().filter(|header| header.kid == kid).count().min(u32::MAX as usize) as u32;
        self.grace_left = self.grace_left.saturating_sub(newer);
        if self.grace_left == 0 {
            self.previous = None;
        }
        Ok(self.grace_left == 0)
    }
}
