//! What an operation leaves on the stack it ran on, and how deep it goes.

use crate::provider::stack::KEEP;
use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::HashSet;

/// The stack that the smallest thread is to have.
const THREAD: usize = 256 << 10;

/// A stack after the thread that ran on it has ended, lowest address first.
struct Stack(Vec<u8>);

impl Stack {
    const SIZE: usize = 1 << 20;
    const PAINT: u8 = 0xA5;

    /// Runs `work` on a new thread.
    fn of<F: FnMut()>(mut work: F) -> Self {
        extern "C" fn run<F: FnMut()>(work: *mut libc::c_void) -> *mut libc::c_void {
            // SAFETY: `of` passes its `work`, and waits for this thread.
            unsafe { (*work.cast::<F>())() };
            std::ptr::null_mut()
        }
        let layout = Layout::from_size_align(Self::SIZE, 16 << 10).unwrap();
        // SAFETY: the layout has a size; the thread runs on memory that outlives it and is read after it has ended.
        unsafe {
            let stack = alloc_zeroed(layout);
            stack.write_bytes(Self::PAINT, Self::SIZE);
            let mut attributes = std::mem::zeroed();
            assert_eq!(libc::pthread_attr_init(&mut attributes), 0);
            assert_eq!(libc::pthread_attr_setstack(&mut attributes, stack.cast(), Self::SIZE), 0);
            let mut thread = std::mem::zeroed();
            assert_eq!(libc::pthread_create(&mut thread, &attributes, run::<F>, (&raw mut work).cast()), 0);
            assert_eq!(libc::pthread_join(thread, std::ptr::null_mut()), 0);
            libc::pthread_attr_destroy(&mut attributes);
            let copy = std::slice::from_raw_parts(stack, Self::SIZE).to_vec();
            dealloc(stack, layout);
            Stack(copy)
        }
    }

    /// How much of it was used.
    fn depth(&self) -> usize {
        self.0.iter().skip_while(|&&byte| byte == Self::PAINT).count()
    }

    /// How much of it holds anything.
    fn dirt(&self) -> usize {
        self.0.iter().filter(|&&byte| byte != Self::PAINT && byte != 0).count()
    }

    /// Whether any 16 bytes of `secret` in a row are there. Those that are mostly zeros, small numbers, are found anywhere and do not count.
    fn holds(&self, secret: &[u8]) -> bool {
        let telling = |window: &&[u8]| window.iter().filter(|&&byte| byte != 0).count() >= 8;
        let windows: HashSet<_> = secret.windows(16).filter(telling).collect();
        assert!(!windows.is_empty());
        self.0.windows(16).any(|window| windows.contains(window))
    }
}

/// Runs `work` with and without the wipe. It must leave nothing, neither of `secret` nor else but the return addresses and such of a few
/// frames, must have wiped all that it used, and must run on the smallest thread. Where `shows`, the secret must be found without the wipe.
pub(in crate::provider) fn leaves_nothing(
    what: &str,
    wiped: usize,
    shows: bool,
    secret: &[u8],
    mut work: impl FnMut(),
) {
    let idle = Stack::of(|| {});
    let kept = Stack::of(|| {
        KEEP.set(true);
        work();
    });
    let clean = Stack::of(&mut work);
    let used = kept.depth() - idle.depth();
    println!(
        "{what}: {used} bytes of stack, {} with the wipe; left {} bytes without it",
        clean.depth() - idle.depth(),
        kept.dirt() - idle.dirt()
    );
    assert!(!clean.holds(secret), "{what} left a secret on the stack");
    assert!(!shows || kept.holds(secret), "the test does not see the secrets of {what}");
    assert!(clean.dirt() < idle.dirt() + 400, "{what} left {} bytes", clean.dirt() - idle.dirt());
    assert!(used <= wiped, "{what} uses {used} bytes of stack and wipes {wiped}");
    assert!(clean.depth() <= THREAD - (16 << 10), "{what} needs {} bytes of stack", clean.depth());
}
