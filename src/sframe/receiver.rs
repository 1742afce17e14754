//! The receiving side.
//!
//! A frame that comes in several sealed units is opened with [`Receiver::open_units`]: each unit is authenticated and decrypted as it is
//! handed in, and replay windows, ratchet and statistics change at the end, for all units together or for none.
//!
//! Locks: the map of keys is read-locked while frames are opened, so that opening runs in parallel, and write-locked for the moments in
//! which keys come, go or step ahead. What opening changes, the windows, sits behind one mutex for each sender, held only to look and to
//! mark: a frame is looked up before it is decrypted and again when it is marked, so that of two threads with the same frame one wins.

use super::chain::{Keys, PendingStep};
use super::header::Header;
use super::key::{Step, with_aad_buffer};
use super::units::Units;
use super::{BaseKey, CipherSuite, MAX_FRAME_BYTES, MAX_OVERHEAD, MAX_RATCHET_BITS, check_lengths};
use crate::replay::Window;
use crate::{Error, Result};
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Opens the frames of any number of senders. Every function may be called from many threads at once. Its keys are wiped when it is
/// dropped.
pub struct Receiver {
    suite: CipherSuite,
    keys: RwLock<Keys>,
    counts: Counts,
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

/// Refusals; what was opened is counted with the keys.
#[derive(Default)]
struct Counts {
    malformed: AtomicU64,
    unknown_key_id: AtomicU64,
    replayed: AtomicU64,
    decryption_failed: AtomicU64,
}

/// A parsed frame: header, its length, and the length of the ciphertext.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub header: Header,
    header_len: usize,
    pub len: usize,
}

impl Receiver {
    /// A receiver without keys.
    pub fn new(suite: CipherSuite) -> Self {
        Receiver { suite, keys: RwLock::new(Keys::new(suite)), counts: Counts::default() }
    }

    /// The size of the replay window in counters: a multiple of 64 from 64 to 65536; 1024 without this call. Before the first key is
    /// added, else [`Error::InvalidArgument`].
    pub fn set_window(&self, counters: u32) -> Result<()> {
        let mut keys = self.write();
        if !Window::valid(counters) || !keys.is_untouched() {
            return Err(Error::InvalidArgument);
        }
        keys.window = counters;
        Ok(())
    }

    /// Follows senders that ratchet (RFC 9605 section 5.1), with the number of low KID bits that count steps: 1 to 16, or 0 for none, the
    /// default, which ignores the rest. Before the first key is added, else [`Error::InvalidArgument`].
    ///
    /// `max_steps` (1 to 1024) is how far ahead of the newest step a frame may be. A forged frame with such a KID costs the derivation of
    /// as many steps, a few microseconds each, and nothing else: choose it no larger than the number of steps that may pass while no
    /// frame gets through. `grace_frames` is how many more frames of a new step are opened, after its first, before the step before it
    /// is wiped; 0 wipes it at once. Steps that were passed over are not kept, and steps do not wrap.
    pub fn set_ratchet(&self, bits: u32, max_steps: u32, grace_frames: u32) -> Result<()> {
        let mut keys = self.write();
        let sane = bits == 0 || (bits <= MAX_RATCHET_BITS && (1..=1024).contains(&max_steps));
        if !sane || !keys.is_untouched() {
            return Err(Error::InvalidArgument);
        }
        keys.ratchet_bits = bits;
        keys.max_steps = max_steps.into();
        keys.grace = grace_frames;
        Ok(())
    }

    /// Adds the key of a sender. A sender that ratchets is added once, at the step it is at.
    ///
    /// [`Error::KeyReused`] for a KID that the receiver has, and for a key that was removed from it, because the frames opened under it
    /// could be replayed.
    pub fn add(&self, key: &BaseKey) -> Result<()> {
        let step = Step::derive(self.suite, key)?;
        self.write().add(step)
    }

    /// [`Receiver::add`] with the bytes of a [`BaseKey`].
    pub fn add_key(&self, kid: u64, base_key: &[u8]) -> Result<()> {
        self.add(&BaseKey::new(kid, base_key)?)
    }

    /// Removes the key of a KID (of a sender that ratchets: whichever its step is now) and wipes it. The receiver remembers a hash of it
    /// for as long as it lives, some 40 to 80 bytes. [`Error::UnknownKeyId`] if there is none.
    pub fn remove_key(&self, kid: u64) -> Result<()> {
        self.write().remove(kid)
    }

    /// Opens a sealed frame into `out` and says how long it is and whose. `metadata` is what the sender gave with it.
    ///
    /// In this order: [`Error::InvalidLength`] (beyond 64 MiB, or metadata beyond 65535 bytes), [`Error::MalformedFrame`],
    /// [`Error::UnknownKeyId`], [`Error::BufferTooSmall`] (see [`Receiver::frame_len`]), [`Error::ReplayedFrame`],
    /// [`Error::DecryptionFailed`]. Nothing but the statistics changes on failure, and `out` is zeroed or untouched.
    pub fn open(&self, metadata: &[u8], sealed: &[u8], out: &mut [u8]) -> Result<Opened> {
        self.open_into(metadata, sealed, |len| out.get_mut(..len).ok_or(Error::BufferTooSmall))
    }

    /// As [`Receiver::open`], with the output asked for when its length is known.
    pub(crate) fn open_into<'o>(
        &self,
        metadata: &[u8],
        sealed: &[u8],
        take: impl FnOnce(usize) -> Result<&'o mut [u8]>,
    ) -> Result<Opened> {
        self.counted(|| {
            let frame = self.parse(metadata.len(), sealed)?;
            let (keys, mut ahead) = (self.read(), None);
            let out = keys.attempt(&mut ahead, &frame, take, |step, out| frame.open(step, &[metadata], sealed, out))?;
            self.commit(keys, ahead, &[frame.header]).inspect_err(|_| out.fill(0))?;
            Ok(frame.opened())
        })
    }

    /// As [`Receiver::open`], for a frame that is opened where it is: it ends up at the start of `sealed`. On failure that is destroyed or
    /// untouched.
    pub fn open_in_place(&self, metadata: &[u8], sealed: &mut [u8]) -> Result<Opened> {
        self.open_in_place_if(metadata, sealed, |_| Ok(()))
    }

    /// As [`Receiver::open_in_place`], once `fits` has seen the length of the frame.
    pub(crate) fn open_in_place_if(
        &self,
        metadata: &[u8],
        sealed: &mut [u8],
        fits: impl FnOnce(usize) -> Result<()>,
    ) -> Result<Opened> {
        self.counted(|| {
            let frame = self.parse(metadata.len(), sealed)?;
            let (keys, mut ahead) = (self.read(), None);
            let sealed = keys.attempt(
                &mut ahead,
                &frame,
                |len| fits(len).map(|()| sealed),
                |step, sealed| frame.open_in_place(step, &[metadata], sealed),
            )?;
            self.commit(keys, ahead, &[frame.header]).inspect_err(|_| sealed[..frame.len].fill(0))?;
            Ok(frame.opened())
        })
    }

    /// Opens the units of one frame, which all come from one sender in the order in which it sealed them: `body` hands them in, and if it
    /// succeeds they are marked as seen, all or, when another thread was faster with one, none. If this fails the caller zeroes what
    /// units were opened to; an error of `body`'s own is returned, and counted as one of opening would be. `body` must not use the receiver
    /// in another way. Frames of more than 64 units allocate.
    pub fn open_units<T>(&self, body: impl FnOnce(&mut Units) -> Result<T>) -> Result<T> {
        self.counted(|| {
            let mut units = Units::new(self, self.read());
            let value = body(&mut units)?;
            let (keys, ahead, seen) = units.done();
            if !seen.as_slice().is_empty() {
                self.commit(keys, ahead, seen.as_slice())?;
            }
            Ok(value)
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
        let keys = self.read();
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Stats {
            keys: keys.held(),
            opened: keys.opened(),
            malformed: load(&self.counts.malformed),
            unknown_key_id: load(&self.counts.unknown_key_id),
            replayed: load(&self.counts.replayed),
            decryption_failed: load(&self.counts.decryption_failed),
        }
    }

    pub(super) fn parse(&self, metadata_len: usize, sealed: &[u8]) -> Result<Frame> {
        check_lengths(metadata_len, 0)?;
        if sealed.len() > MAX_FRAME_BYTES + MAX_OVERHEAD {
            return Err(Error::InvalidLength);
        }
        let (header, header_len) = Header::parse(sealed)?;
        let len = (sealed.len() - header_len).checked_sub(self.suite.tag_len()).ok_or(Error::MalformedFrame)?;
        Ok(Frame { header, header_len, len })
    }

    /// Marks frames as seen, and goes to the step ahead if they needed it.
    fn commit(&self, keys: RwLockReadGuard<Keys>, ahead: Option<PendingStep>, seen: &[Header]) -> Result<()> {
        let over = match &ahead {
            None => keys.mark(seen)?,
            Some(_) => false,
        };
        drop(keys);
        match ahead {
            Some(ahead) => self.write().go_ahead(ahead, seen),
            None if over => {
                self.write().end_grace(seen[0].kid);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Counts a refusal by `open`.
    fn counted<T>(&self, open: impl FnOnce() -> Result<T>) -> Result<T> {
        open().inspect_err(|error| {
            let count = match error {
                Error::MalformedFrame => &self.counts.malformed,
                Error::UnknownKeyId => &self.counts.unknown_key_id,
                Error::ReplayedFrame => &self.counts.replayed,
                Error::DecryptionFailed => &self.counts.decryption_failed,
                _ => return,
            };
            count.fetch_add(1, Ordering::Relaxed);
        })
    }

    fn read(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Keys> {
        self.keys.write().unwrap_or_else(PoisonError::into_inner)
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
