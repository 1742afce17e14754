//! The replay window: which of the last counters were seen. Shared by SFrame receivers and sessions.
//!
//! A ring of bits in the manner of RFC 6479: the counter picks the word, and moving ahead clears the words that are passed. One word more than
//! the window covers is kept, so that a counter within the window never shares its word with one ahead of it. A window that saw nothing
//! takes any counter first, and refuses what is older than the window from there.

use crate::error::{Error, Result};

/// Seen counters; its size is a multiple of 64. The whole state changes in [`accept`](Window::accept) alone, to be called once a counter has
/// authenticated.
pub(crate) struct Window {
    /// The highest counter accepted.
    highest: Option<u64>,
    /// Bit `c % 64` of word `(c / 64) % len`: counter `c` was accepted.
    seen: Box<[u64]>,
}

impl Window {
    /// The default, in counters.
    pub(crate) const DEFAULT: u32 = 1024;

    /// Whether a window can have this size.
    pub(crate) const fn valid(counters: u32) -> bool {
        counters >= 64 && counters <= 65536 && counters.is_multiple_of(64)
    }

    /// A window of `counters`, for which [`Window::valid`] holds. Takes `counters / 8 + 8` bytes of heap.
    pub(crate) fn new(counters: u32) -> Self {
        debug_assert!(Self::valid(counters));
        Window { highest: None, seen: vec![0; counters as usize / 64 + 1].into_boxed_slice() }
    }

    /// Refuses a counter that was accepted before, or that is older than the window.
    pub(crate) fn check(&self, counter: u64) -> Result<()> {
        let Some(highest) = self.highest else { return Ok(()) };
        let fresh = counter > highest
            || (highest - counter < self.counters() && self.seen[self.word(counter)] & bit(counter) == 0);
        if fresh { Ok(()) } else { Err(Error::ReplayedFrame) }
    }

    /// Marks a counter as seen. One that [`check`](Window::check) refuses changes nothing.
    pub(crate) fn accept(&mut self, counter: u64) {
        if self.check(counter).is_err() {
            return;
        }
        match self.highest {
            Some(highest) if counter < highest => {}
            Some(highest) => {
                // Words between the two hold counters that have left the window; past one round all have.
                let passed = (counter / 64 - highest / 64).min(self.seen.len() as u64);
                for step in 0..passed {
                    let word = self.word(counter - step * 64);
                    self.seen[word] = 0;
                }
                self.highest = Some(counter);
            }
            None => self.highest = Some(counter),
        }
        let word = self.word(counter);
        self.seen[word] |= bit(counter);
    }

    /// A counter such that it and all above are fresh.
    pub(crate) fn fresh(&self) -> u64 {
        self.highest.map_or(0, |highest| highest.saturating_add(1))
    }

    fn counters(&self) -> u64 {
        (self.seen.len() as u64 - 1) * 64
    }

    fn word(&self, counter: u64) -> usize {
        (counter / 64 % self.seen.len() as u64) as usize
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
                let (mut window, mut model) = (Window::new(size), Model::default());
                let reach = 2 * u64::from(size) + 130;
                let mut base = start;
                for _ in 0..20_000 {
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

    #[test]
    fn edges() {
        for size in [64u32, 1024, 65536] {
            let size64 = u64::from(size);
            let mut window = Window::new(size);
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
