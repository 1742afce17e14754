//! The replay window: which of the last counters were seen. Shared by SFrame receivers and sessions.
//!
//! A ring of bits in the manner of RFC 6479: the counter picks the word, and moving ahead clears the words that are passed. One word more than
//! the window covers is kept, so that a counter within the window never shares its word with one ahead of it. A window that saw nothing
//! takes any counter first, and refuses what is older than the window from there.

use crate::error::{Error, Result};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Seen counters; its size is a multiple of 64. The whole state changes in [`accept`](Window::accept) alone, to be called once a counter has
/// authenticated, by one thread at a time. Others may [`check`](Window::check) meanwhile: they may be told of a counter as it was before, or
/// that it was seen, if it is being left behind.
pub(crate) struct Window {
    /// The cells below, then bit `c % 64` of word `(c / 64) % words`: counter `c` was accepted.
    lines: Box<[Line]>,
    words: usize,
}

/// Whether a counter was accepted, and the highest that was.
const ANY: usize = 0;
const HIGHEST: usize = 1;
const BITS: usize = 2;

/// What is written to with each counter shares no cache line with anything else.
#[derive(Default)]
#[repr(align(64))]
struct Line([AtomicU64; 8]);

impl Window {
    /// The default, in counters.
    pub(crate) const DEFAULT: u32 = 1024;

    /// Whether a window can have this size.
    pub(crate) const fn valid(counters: u32) -> bool {
        counters >= 64 && counters <= 65536 && counters.is_multiple_of(64)
    }

    /// A window of `counters`, for which [`Window::valid`] holds. Takes `counters / 8` bytes of heap, and up to 88 more.
    pub(crate) fn new(counters: u32) -> Self {
        debug_assert!(Self::valid(counters));
        let words = counters as usize / 64 + 1;
        Window { lines: (0..(BITS + words).div_ceil(8)).map(|_| Line::default()).collect(), words }
    }

    /// Refuses a counter that was accepted before, or that is older than the window.
    pub(crate) fn check(&self, counter: u64) -> Result<()> {
        let Some(highest) = self.highest() else { return Ok(()) };
        let fresh = counter > highest
            || (highest - counter < self.counters() && self.word(counter).load(Relaxed) & bit(counter) == 0);
        if fresh { Ok(()) } else { Err(Error::ReplayedFrame) }
    }

    /// Marks a counter as seen. One that [`check`](Window::check) refuses changes nothing.
    pub(crate) fn accept(&self, counter: u64) {
        if self.check(counter).is_err() {
            return;
        }
        let highest = self.highest();
        if let Some(highest) = highest
            && counter > highest
        {
            // Words between the two hold counters that have left the window; past one round all have.
            let passed = (counter / 64 - highest / 64).min(self.words as u64);
            (0..passed).for_each(|step| self.word(counter - step * 64).store(0, Relaxed));
        }
        let word = self.word(counter);
        word.store(word.load(Relaxed) | bit(counter), Relaxed);
        if highest.is_none_or(|highest| counter > highest) {
            self.cell(HIGHEST).store(counter, Relaxed);
            self.cell(ANY).store(1, Relaxed);
        }
    }

    fn highest(&self) -> Option<u64> {
        (self.cell(ANY).load(Relaxed) != 0).then(|| self.cell(HIGHEST).load(Relaxed))
    }

    fn counters(&self) -> u64 {
        (self.words as u64 - 1) * 64
    }

    fn word(&self, counter: u64) -> &AtomicU64 {
        self.cell(BITS + (counter / 64 % self.words as u64) as usize)
    }

    fn cell(&self, at: usize) -> &AtomicU64 {
        &self.lines[at / 8].0[at % 8]
    }
}

fn bit(counter: u64) -> u64 {
    1 << (counter % 64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// What a window must do, in the plainest form.
    #[derive(Default)]
    struct Model(HashSet<u64>, u64);

    impl Model {
        fn fresh(&self, size: u64, counter: u64) -> bool {
            !self.0.contains(&counter) && (self.0.is_empty() || counter > self.1 || self.1 - counter < size)
        }

        fn accept(&mut self, size: u64, counter: u64) {
            if self.fresh(size, counter) {
                self.0.insert(counter);
                self.1 = self.1.max(counter);
            }
        }
    }

    /// xorshift64*
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
        }
    }

    #[test]
    fn a_window_agrees_with_the_model() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for size in [64, 128, 192, 1024, 4096] {
            for start in [0, 63, 1 << 32, u64::MAX - 3 * u64::from(size)] {
                let (window, mut model) = (Window::new(size), Model::default());
                let reach = 2 * u64::from(size) + 130;
                let mut base = start;
                for _ in 0..if cfg!(miri) { 10 } else { 20_000 } {
                    let counter = base.saturating_add(random.next() % reach);
                    assert_eq!(
                        window.check(counter).is_ok(),
                        model.fresh(size.into(), counter),
                        "size {size}, counter {counter}"
                    );
                    if random.next().is_multiple_of(2) {
                        window.accept(counter);
                        model.accept(size.into(), counter);
                    }
                    base = match random.next() % 400 {
                        0 => base.saturating_add(random.next() % (4 * reach)),
                        1 => base.saturating_sub(random.next() % reach),
                        _ => base.saturating_add(random.next() % 3),
                    };
                }
            }
        }
    }

    /// Every sequence of four counters from around the edges of words and window, and what each counter is then.
    #[test]
    fn every_short_sequence_agrees_with_the_model() {
        const LEN: u32 = if cfg!(miri) { 1 } else { 4 };
        for (size, start) in [(64, 0), (128, 0), (64, 1 << 32), (64, u64::MAX - 255)] {
            let counters =
                [0, 1, 62, 63, 64, 65, 126, 127, 128, 129, 190, 191, 192, 193, 254, 255].map(|at| start + at);
            for code in 0..16usize.pow(LEN) {
                let (window, mut model) = (Window::new(size), Model::default());
                for step in 0..LEN {
                    let counter = counters[code >> (4 * step) & 15];
                    window.accept(counter);
                    model.accept(size.into(), counter);
                }
                for counter in counters {
                    let fresh = model.fresh(size.into(), counter);
                    assert_eq!(window.check(counter).is_ok(), fresh, "size {size}, code {code:x}, counter {counter}");
                }
            }
        }
    }

    #[test]
    fn edges() {
        for size in [64u32, 1024, 65536] {
            let size64 = u64::from(size);
            let window = Window::new(size);
            window.accept(size64 + 7);
            assert_eq!(window.check(size64 + 7), Err(Error::ReplayedFrame));
            assert_eq!(window.check(8), Ok(()), "the oldest counter inside");
            assert_eq!(window.check(7), Err(Error::ReplayedFrame), "the first outside");
            window.accept(7);
            window.accept(8);
            assert_eq!(window.check(8), Err(Error::ReplayedFrame));
            window.accept(u64::MAX);
            assert_eq!(window.check(u64::MAX), Err(Error::ReplayedFrame));
            assert_eq!(window.check(u64::MAX - size64 + 1), Ok(()));
            assert_eq!(window.check(u64::MAX - size64), Err(Error::ReplayedFrame));
        }
    }

    #[test]
    fn valid_sizes() {
        assert!([64, 128, 1024, 65536].into_iter().all(Window::valid));
        assert!(![0, 1, 63, 65, 65472 + 1, 65536 + 64, u32::MAX].into_iter().any(Window::valid));
    }
}
