//! The receiving side.
//!
//! A frame that comes in several sealed units is opened with [`Receiver::open_units`]: each unit is authenticated and decrypted as it is
//! handed in, and replay windows, ratchet and statistics change at the end, for all units together or for none.
//!
//! Threads: a frame's key is found without a lock, and held until the frame is done (`keys.rs`). What opening changes, the windows, sits
//! behind one lock for each sender (`chain.rs`). Whoever adds, removes or replaces a key has one lock for the receiver, which opening takes
//! only where a sender has stepped ahead or a grace period is over.

use super::chain::{Budget, Entry, Refusals, SeenStep};
use super::header::{Frame, Header};
use super::key::{Step, metadata_len, next_step, with_aad_buffer};
use super::keys::{Found, HeldKey, Keys};
use super::registry::Pairs;
use super::units::Units;
use super::{BaseKey, CipherSuite, MAX_FRAME_BYTES, MAX_OVERHEAD, MAX_RATCHET_BITS, Source, check_lengths};
use crate::provider::fork;
use crate::replay::Window;
use crate::{Error, Result};
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::Arc;

/// Opens the frames of any number of senders. Every function may be called from many threads at once. A key is wiped when it is removed,
/// and the last frame that was being opened under it is done; the others when the receiver is dropped.
///
/// In the child of a fork it works, unless another thread was changing it, or what it knows of a sender, at that moment: then
/// [`Error::KeyReused`].
pub struct Receiver {
    suite: CipherSuite,
    keys: Keys,
    refused: Refusals,
    /// Frames opened under keys that were removed.
    opened_before: AtomicU64,
    /// Settings, fixed once a key was added.
    window: AtomicU32,
    ratchet_bits: AtomicU32,
    max_steps: AtomicU32,
    grace: AtomicU32,
    ahead: Budget,
    /// Held by who changes the map or the settings.
    changing: fork::Mutex<Past>,
    follow: Option<Arc<dyn Follow>>,
}

/// Who gives a receiver its keys as frames come.
pub(crate) trait Follow: Send + Sync {
    /// The key of a KID that the receiver does not have, else [`Error::UnknownKeyId`]; and the KID of the same sender that it replaces once so
    /// many frames were opened under it.
    fn key(&self, kid: u64) -> Result<(BaseKey, Option<(u64, u32)>)>;

    /// Frames were opened under this KID. No lock of the receiver is held.
    fn opened(&self, kid: u64);
}

/// What was added and removed.
struct Past {
    /// Whether a key was ever added.
    touched: bool,
    removed: Pairs,
}

/// What [`Receiver::open`] tells of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The length of the frame, in bytes.
    pub len: usize,
    /// The KID that it was sealed under.
    pub kid: u64,
    /// Its counter.
    pub counter: u64,
}

/// What a receiver has seen. Refusals are counted by class; a call with bad arguments is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// KIDs held now, a ratchet step within its grace period among them.
    pub keys: u64,
    /// Frames (sealed units) opened.
    pub opened: u64,
    /// [`Error::MalformedFrame`]
    pub malformed: u64,
    /// [`Error::UnknownKeyId`]
    pub unknown_key_id: u64,
    /// [`Error::ReplayedFrame`]
    pub replayed: u64,
    /// [`Error::DecryptionFailed`]
    pub decryption_failed: u64,
}

impl Receiver {
    /// A receiver without keys.
    pub fn new(suite: CipherSuite) -> Self {
        Receiver {
            suite,
            keys: Keys::new(),
            refused: Refusals::default(),
            opened_before: AtomicU64::new(0),
            window: AtomicU32::new(Window::DEFAULT),
            ratchet_bits: AtomicU32::new(0),
            max_steps: AtomicU32::new(0),
            grace: AtomicU32::new(0),
            ahead: Budget::new(),
            changing: fork::Mutex::new(Past { touched: false, removed: Pairs::new() }),
            follow: None,
        }
    }

    /// A receiver that asks for the keys that nobody added. It follows no ratchet.
    pub(crate) fn following(suite: CipherSuite, follow: Arc<dyn Follow>) -> Self {
        Receiver { follow: Some(follow), ..Self::new(suite) }
    }

    /// The size of the replay window in counters: a multiple of 64 from 64 to 65536; 1024 without this call. Before the first key is
    /// added, else [`Error::InvalidArgument`].
    pub fn set_window(&self, counters: u32) -> Result<()> {
        let past = self.changing.lock()?;
        if !Window::valid(counters) || past.touched {
            return Err(Error::InvalidArgument);
        }
        self.window.store(counters, Relaxed);
        Ok(())
    }

    /// Follows senders that ratchet (RFC 9605 section 5.1), with the number of low KID bits that count steps: 1 to 16, or 0 for none, the
    /// default, which ignores the rest. Before the first key is added, else [`Error::InvalidArgument`].
    ///
    /// `max_steps` (1 to 1024) is how far ahead of the newest step a frame may be. A forged frame with such a KID makes the receiver derive
    /// as many steps, a few microseconds each, and changes nothing. What was derived is kept for the next frame, about 1 kB a step and at
    /// most 4096 steps in a receiver: a flood costs no more than one of forged frames without a ratchet. Choose it no larger than the
    /// number of steps that may pass while no frame gets through. `grace_frames` is how many more frames of a new step are opened, after
    /// its first, before the step before it is wiped; 0 wipes it at once. Steps that were passed over are not kept, and steps do not wrap.
    pub fn set_ratchet(&self, bits: u32, max_steps: u32, grace_frames: u32) -> Result<()> {
        let past = self.changing.lock()?;
        let sane = bits == 0 || (bits <= MAX_RATCHET_BITS && (1..=1024).contains(&max_steps));
        if !sane || past.touched || self.follow.is_some() {
            return Err(Error::InvalidArgument);
        }
        self.ratchet_bits.store(bits, Relaxed);
        self.max_steps.store(max_steps, Relaxed);
        self.grace.store(grace_frames, Relaxed);
        Ok(())
    }

    /// Adds the key of a sender. A sender that ratchets is added once, at the step it is at.
    ///
    /// [`Error::KeyReused`] for a KID that the receiver has, and for a key that was removed from it, because the frames opened under it
    /// could be replayed.
    pub fn add(&self, key: &BaseKey) -> Result<()> {
        self.insert(key, None)
    }

    /// [`Receiver::add`] with the bytes of a [`BaseKey`].
    pub fn add_key(&self, kid: u64, base_key: &[u8]) -> Result<()> {
        self.add(&BaseKey::new(kid, base_key)?)
    }

    /// As [`Receiver::add`], for a key that replaces another of the same sender: that of the KID `old` is removed once so many frames
    /// (at least 1) were opened under the new one. There need not be one.
    pub(crate) fn add_successor(&self, key: &BaseKey, old: u64, frames: u32) -> Result<()> {
        self.insert(key, Some((old, frames.max(1))))
    }

    fn insert(&self, key: &BaseKey, replaces: Option<(u64, u32)>) -> Result<()> {
        let step = Step::derive(self.suite, key)?;
        let mut past = self.changing.lock()?;
        let id = self.id(key.kid());
        if self.keys.find(id).is_some() || past.removed.contains(&step.pair) {
            return Err(Error::KeyReused);
        }
        let ratchets = self.ratchet_bits.load(Relaxed) > 0;
        let next = if ratchets { Some(next_step(self.suite, key)?) } else { None };
        let replaces = replaces.map(|(old, frames)| (self.id(old), frames));
        self.keys.put(Entry::new(id, step, next, self.window.load(Relaxed), replaces));
        past.touched = true;
        Ok(())
    }

    /// Removes the key of a KID (of a sender that ratchets: whichever its step is now) and wipes it. Frames under it that other threads are
    /// opening are refused. The receiver remembers a hash of it for as long as it lives, some 40 to 80 bytes. [`Error::UnknownKeyId`] if
    /// there is none.
    pub fn remove_key(&self, kid: u64) -> Result<()> {
        let mut past = self.changing.lock()?;
        self.remove(&mut past, self.id(kid))
    }

    /// Removes the keys of all KIDs that `keep` refuses.
    pub(crate) fn retain(&self, keep: impl Fn(u64) -> bool) -> Result<()> {
        let mut past = self.changing.lock()?;
        let mut gone = Vec::new();
        self.keys.for_each(|entry| {
            if !keep(entry.current.step.kid) {
                gone.push(entry.id);
            }
        });
        gone.into_iter().try_for_each(|id| self.remove(&mut past, id))
    }

    fn remove(&self, past: &mut Past, id: u64) -> Result<()> {
        let entry = self.keys.find(id).ok_or(Error::UnknownKeyId)?;
        entry.chain.remove()?;
        self.opened_before.fetch_add(entry.chain.opened(), Relaxed);
        self.ahead.give_back(entry.chain.kept());
        past.removed.extend(entry.pairs());
        self.keys.remove(id);
        Ok(())
    }

    /// Opens a sealed frame into `out` and says how long it is and whose. `metadata` is what the sender gave with it.
    ///
    /// In this order: [`Error::InvalidLength`] (beyond 64 MiB, or metadata beyond 65535 bytes), [`Error::MalformedFrame`],
    /// [`Error::UnknownKeyId`], [`Error::BufferTooSmall`] (see [`Receiver::frame_len`]), [`Error::ReplayedFrame`],
    /// [`Error::DecryptionFailed`]. Nothing but the statistics changes on failure, and `out` is zeroed or untouched.
    pub fn open(&self, metadata: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<Opened> {
        let mut origin = None;
        self.open_into(metadata, sealed, &mut origin, |len| out.get_mut(..len).ok_or(Error::BufferTooSmall))
    }

    /// As [`Receiver::open`], with the output asked for when its length is known. `origin` is what the header says, also of a frame that is
    /// refused.
    pub(crate) fn open_into<'o>(
        &self,
        metadata: &[u8],
        sealed: &[u8],
        origin: &mut Option<Opened>,
        take: impl FnOnce(usize) -> Result<&'o mut [u8]>,
    ) -> Result<Opened> {
        self.counted(|| {
            let frame = self.parse(metadata.len(), sealed)?;
            let opened = *origin.insert(frame.opened());
            let key = self.key(frame.header)?;
            let out = take(frame.len)?;
            self.open_under(&key, &frame, || {
                frame.open(&key.step().step, &[metadata], sealed, out)?;
                self.commit(&key, core::iter::once(opened.counter)).inspect_err(|_| out.fill(0))
            })?;
            Ok(opened)
        })
    }

    /// As [`Receiver::open`], for a frame that is opened where it is: it ends up at the start of `sealed`. On failure that is destroyed or
    /// untouched.
    pub fn open_in_place(&self, metadata: &[u8], sealed: &mut [u8]) -> Result<Opened> {
        self.open_in_place_if(metadata, sealed, &mut None, |_| Ok(()))
    }

    /// As [`Receiver::open_in_place`], once `fits` has seen the length of the frame; `origin` as in [`Receiver::open_into`].
    pub(crate) fn open_in_place_if(
        &self,
        metadata: &[u8],
        sealed: &mut [u8],
        origin: &mut Option<Opened>,
        fits: impl FnOnce(usize) -> Result<()>,
    ) -> Result<Opened> {
        self.counted(|| {
            let frame = self.parse(metadata.len(), sealed)?;
            let opened = *origin.insert(frame.opened());
            let key = self.key(frame.header)?;
            fits(frame.len)?;
            self.open_under(&key, &frame, || {
                frame.open_in_place(&key.step().step, &[metadata], sealed)?;
                self.commit(&key, core::iter::once(opened.counter)).inspect_err(|_| sealed[..frame.len].fill(0))
            })?;
            Ok(opened)
        })
    }

    /// Opens the units of one frame, which were sealed under one KID with rising counters: `body` hands them in, and if it succeeds they are
    /// marked as seen, all or, when another thread was faster with one, none. If this fails the caller zeroes what units were opened to; an
    /// error of `body`'s own is returned, and counted as one of opening would be. Frames of more than 64 units whose counters are not
    /// consecutive allocate.
    pub fn open_units<T>(&self, body: impl FnOnce(&mut Units) -> Result<T>) -> Result<T> {
        self.counted(|| {
            let mut units = Units::new(self);
            let value = body(&mut units).inspect_err(|error| units.refused(*error))?;
            if let Some((key, seen)) = units.done() {
                self.commit(&key, seen.counters()).inspect_err(|error| key.found.chain.refused.count(*error))?;
            }
            Ok(value)
        })
    }

    /// As [`Receiver::open`], with metadata in parts and the frame apart from `out` or in place. `origin` is told KID and counter as soon as they
    /// are known.
    pub(crate) fn open_parts(
        &self,
        metadata: &[&[u8]],
        sealed: Source,
        out: &mut [u8],
        origin: &mut Option<(u64, u64)>,
    ) -> Result<Opened> {
        self.counted(|| {
            let frame = match &sealed {
                Source::Apart(sealed) => self.parse(metadata_len(metadata), sealed)?,
                Source::InPlace(len) => {
                    self.parse(metadata_len(metadata), out.get(..*len).ok_or(Error::BufferTooSmall)?)?
                }
            };
            let opened = frame.opened();
            *origin = Some((opened.kid, opened.counter));
            let key = self.key(frame.header)?;
            if out.len() < frame.len {
                return Err(Error::BufferTooSmall);
            }
            self.open_under(&key, &frame, || {
                match sealed {
                    Source::Apart(sealed) => frame.open(&key.step().step, metadata, sealed, &mut out[..frame.len])?,
                    Source::InPlace(len) => frame.open_in_place(&key.step().step, metadata, &mut out[..len])?,
                }
                self.commit(&key, core::iter::once(opened.counter)).inspect_err(|_| out[..frame.len].fill(0))
            })?;
            Ok(opened)
        })
    }

    /// The length of the frame inside `sealed`; [`Error::MalformedFrame`] if it is none.
    pub fn frame_len(&self, sealed: &[u8]) -> Result<usize> {
        self.parse(0, sealed).map(|frame| frame.len)
    }

    /// The cipher suite.
    pub fn suite(&self) -> CipherSuite {
        self.suite
    }

    /// What was seen so far.
    pub fn stats(&self) -> Stats {
        // Nothing is removed meanwhile, which would be counted twice or not at all. In the child of a fork it may be.
        let _past = self.changing.lock();
        let mut stats = self.refused.stats();
        stats.opened = self.opened_before.load(Relaxed);
        self.keys.for_each(|entry| {
            stats.keys += entry.held();
            stats.opened += entry.chain.opened();
        });
        stats
    }

    /// What was seen of the sender with this KID, whichever its step is now. [`Error::UnknownKeyId`] if there is no key for it.
    pub fn key_stats(&self, kid: u64) -> Result<Stats> {
        let entry = self.keys.find(self.id(kid)).ok_or(Error::UnknownKeyId)?;
        Ok(Stats { keys: entry.held(), opened: entry.chain.opened(), ..entry.chain.refused.stats() })
    }

    pub(super) fn parse(&self, metadata_len: usize, sealed: &[u8]) -> Result<Frame> {
        check_lengths(metadata_len, 0)?;
        if sealed.len() > MAX_FRAME_BYTES + MAX_OVERHEAD {
            return Err(Error::InvalidLength);
        }
        Frame::parse(sealed, self.suite.tag_len())
    }

    /// What all KIDs of a sender have in common.
    fn id(&self, kid: u64) -> u64 {
        kid >> self.ratchet_bits.load(Relaxed)
    }

    /// Finds the key of a frame and holds it.
    pub(super) fn key(&self, header: Header) -> Result<HeldKey> {
        loop {
            let found = match self.keys.find(self.id(header.kid)) {
                Some(found) => found,
                None => self.ask(header.kid)?,
            };
            let found = match HeldKey::of(found, header.kid) {
                Ok(key) => return Ok(key),
                Err(found) => found,
            };
            let ahead_by = header.kid.checked_sub(found.current.step.kid);
            if ahead_by.is_none_or(|steps| steps > self.max_steps.load(Relaxed).into()) {
                found.chain.refused.count(Error::UnknownKeyId);
                return Err(Error::UnknownKeyId);
            }
            // If another thread went past it, there is a newer entry to be found.
            if let Some(step) = found.chain.ahead(self.suite, header.kid, self.window.load(Relaxed), &self.ahead)? {
                return Ok(HeldKey::ahead(found, step));
            }
        }
    }

    /// Opens a frame whose key is found, once its counter is known to be fresh, and counts a refusal for its sender.
    pub(super) fn open_under(&self, key: &HeldKey, frame: &Frame, open: impl FnOnce() -> Result<()>) -> Result<()> {
        let result = key.step().window.check(frame.header.counter).and_then(|()| open());
        result.inspect_err(|error| key.found.chain.refused.count(*error))
    }

    /// The key of a KID that nobody added. It goes into the map when a frame has authenticated.
    #[cold]
    fn ask(&self, kid: u64) -> Result<Found> {
        let (key, replaces) = self.follow.as_ref().ok_or(Error::UnknownKeyId)?.key(kid)?;
        let step = Step::derive(self.suite, &key)?;
        Ok(Found::alone(Entry::new(kid, step, None, self.window.load(Relaxed), replaces)))
    }

    /// Marks frames as seen, and goes to the step ahead, or takes the key in, if they needed it.
    fn commit(&self, key: &HeldKey, seen: impl Iterator<Item = u64> + Clone) -> Result<()> {
        match key.is_ahead() {
            Some(step) => self.go_ahead(key, step, seen)?,
            None if key.found.is_alone() => self.take_in(key, seen)?,
            None if key.found.chain.mark(key.step(), seen)? => self.end_grace(key)?,
            None => {}
        }
        if let Some(follow) = &self.follow {
            follow.opened(key.step().step.kid);
        }
        Ok(())
    }

    /// Puts a key that was asked for into the map, unless another thread did.
    #[cold]
    fn take_in(&self, key: &HeldKey, seen: impl Iterator<Item = u64> + Clone) -> Result<()> {
        let mut past = self.changing.lock()?;
        if self.keys.find(key.found.id).is_none() {
            if past.removed.contains(&key.step().step.pair) {
                return Err(Error::UnknownKeyId);
            }
            self.keys.put(Entry::clone(&key.found));
            past.touched = true;
        }
        drop(past);
        let found = self.keys.find(key.found.id).ok_or(Error::UnknownKeyId)?;
        let held = HeldKey::of(found, key.step().step.kid).map_err(|_| Error::UnknownKeyId)?;
        if held.found.chain.mark(held.step(), seen)? { self.end_grace(&held) } else { Ok(()) }
    }

    #[cold]
    fn go_ahead(&self, key: &HeldKey, to: &Arc<SeenStep>, seen: impl Iterator<Item = u64> + Clone) -> Result<()> {
        let _past = self.changing.lock()?;
        // The key may have been removed since, and even been replaced.
        let newest = self.keys.find(key.found.id).filter(|entry| Arc::ptr_eq(&entry.chain, &key.found.chain));
        let newest = newest.ok_or(Error::UnknownKeyId)?;
        let kid = to.step.kid;
        if newest.current.step.kid < kid {
            self.keys.put(newest.advance(to, self.grace.load(Relaxed), seen)?);
            return newest.chain.passed(self.suite, kid, &self.ahead);
        }
        // Another thread was there before, or further; what counts is its window.
        let held = HeldKey::of(newest, kid).map_err(|_| Error::UnknownKeyId)?;
        held.found.chain.mark(held.step(), seen)?;
        Ok(())
    }

    /// Wipes what is kept for a grace period, which is over.
    #[cold]
    fn end_grace(&self, key: &HeldKey) -> Result<()> {
        let mut past = self.changing.lock()?;
        let newest = self.keys.find(key.found.id).filter(|entry| Arc::ptr_eq(&entry.chain, &key.found.chain));
        let Some(newest) = newest else { return Ok(()) };
        let (over, predecessor) = newest.chain.grace_is_over()?;
        if over && newest.previous.is_some() {
            self.keys.put(Entry { previous: None, ..newest.clone() });
        }
        match predecessor.map(|old| self.remove(&mut past, old)) {
            Some(Err(Error::UnknownKeyId)) | None => Ok(()),
            Some(result) => result,
        }
    }

    /// Counts a refusal by `open`.
    fn counted<T>(&self, open: impl FnOnce() -> Result<T>) -> Result<T> {
        open().inspect_err(|error| self.refused.count(*error))
    }
}

impl Refusals {
    fn stats(&self) -> Stats {
        Stats {
            malformed: self.malformed.load(Relaxed),
            unknown_key_id: self.unknown_key_id.load(Relaxed),
            replayed: self.replayed.load(Relaxed),
            decryption_failed: self.decryption_failed.load(Relaxed),
            ..Stats::default()
        }
    }
}

impl Frame {
    pub fn open(&self, step: &Step, metadata: &[&[u8]], sealed: &[u8], out: &mut [u8]) -> Result<()> {
        let (header, body) = sealed.split_at(self.header_len);
        with_aad_buffer(metadata, |room| step.open(self.header.counter, header, room, body.split_at(self.len), out))
    }

    pub fn open_in_place(&self, step: &Step, metadata: &[&[u8]], sealed: &mut [u8]) -> Result<()> {
        with_aad_buffer(metadata, |room| {
            step.open_in_place(self.header.counter, self.header_len, room, self.len, sealed)
        })
    }

    pub fn opened(&self) -> Opened {
        Opened { len: self.len, kid: self.header.kid, counter: self.header.counter }
    }
}
