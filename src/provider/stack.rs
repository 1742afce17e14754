//! Wiping the stack: foreign code leaves its secrets where it worked, and Rust leaves a copy of whatever it moves.

use core::mem::MaybeUninit;

/// Runs `work`, then zeroes the `N` bytes of stack that it ran on. What `work` needs must be made inside it; its result should be small.
pub(crate) fn scrubbed<const N: usize, T>(work: impl FnOnce() -> T) -> T {
    let _burn = Burn::<N>;
    below(work)
}

/// A frame of its own, so that nothing of `work` lives in the caller's.
#[inline(never)]
fn below<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Zeroes when dropped, so that a panic is no way around it.
struct Burn<const N: usize>;

impl<const N: usize> Drop for Burn<N> {
    #[inline(always)]
    fn drop(&mut self) {
        #[cfg(test)]
        if KEEP.get() {
            return;
        }
        burn::<N>();
    }
}

#[inline(never)]
fn burn<const N: usize>() {
    let mut area = MaybeUninit::<[u8; N]>::uninit();
    // SAFETY: `area` is `N` bytes of our own, writable and of any alignment.
    unsafe { area.as_mut_ptr().write_bytes(0, 1) };
    zeroize::optimization_barrier(&area);
}

#[cfg(test)]
thread_local! {
    /// Keeps what `work` left, so that a test can see that there was something to wipe, and how deep.
    pub(crate) static KEEP: core::cell::Cell<bool> = const { core::cell::Cell::new(false) };
}
