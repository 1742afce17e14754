//! fork() in a process with threads: the child has a copy of every lock and one thread. A lock that another thread held stays locked for
//! ever, and a counter is counted on by both sides.
//!
//! Three things are offered against that:
//! - [`generation`], a number that changes in the child: what must not be used on both sides remembers it and compares, one relaxed load.
//! - [`lock`], the lock of what the whole process shares. fork() waits for it, so that the child never finds it held.
//! - [`Mutex`], for what one handle holds. A child that finds it held by a thread that it does not have gets an error.
//!
//! Handlers of pthread_atfork() do it, and are installed when the library is loaded. A process that is made by a bare clone() runs none and
//! must not use the library.

use crate::{Error, Result};
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::{MutexGuard, PoisonError, TryLockError};

/// The low bits are free for [`Mutex`].
const STEP: u32 = 4;
static GENERATION: AtomicU32 = AtomicU32::new(STEP);
static LOCK: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// A number that is another one in every child.
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// The lock of what the whole process shares. Hold it briefly; nothing else may be locked by who holds it. [`Error::OutOfMemory`] if fork()
/// cannot be made to wait for it.
pub(crate) fn lock() -> Result<MutexGuard<'static, ()>> {
    handlers::install()?;
    Ok(LOCK.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(all(unix, not(miri)))]
mod handlers {
    use super::{GENERATION, LOCK, STEP};
    use crate::{Error, Result};
    use core::cell::Cell;
    use core::mem::ManuallyDrop;
    use core::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{MutexGuard, PoisonError};

    static INSTALLED: AtomicBool = AtomicBool::new(false);

    thread_local! {
        /// The lock, while this thread forks. Nothing here has a destructor, so it can be used at any time in a thread's life.
        static HELD: Cell<Option<ManuallyDrop<MutexGuard<'static, ()>>>> = const { Cell::new(None) };
    }

    /// Before any thread of the process can fork.
    #[used]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
    static AT_LOAD: extern "C" fn() = {
        extern "C" fn at_load() {
            let _ = install();
        }
        at_load
    };

    /// Threads that are here at once install the handlers several times, which does no harm. There is no waiting, which is the point.
    pub(super) fn install() -> Result<()> {
        if !INSTALLED.load(Ordering::Acquire) {
            // SAFETY: the handlers are sound in any thread and state of the process. The C library removes them when this one is unloaded.
            let code = unsafe { libc::pthread_atfork(Some(prepare), Some(parent), Some(child)) };
            if code != 0 {
                return Err(Error::OutOfMemory);
            }
            INSTALLED.store(true, Ordering::Release);
        }
        Ok(())
    }

    unsafe extern "C" fn prepare() {
        let held = HELD.take();
        HELD.set(held.or_else(|| Some(ManuallyDrop::new(LOCK.lock().unwrap_or_else(PoisonError::into_inner)))));
    }

    unsafe extern "C" fn parent() {
        drop(HELD.take().map(ManuallyDrop::into_inner));
    }

    unsafe extern "C" fn child() {
        GENERATION.fetch_add(STEP, Ordering::Relaxed);
        drop(HELD.take().map(ManuallyDrop::into_inner));
    }
}

#[cfg(not(all(unix, not(miri))))]
mod handlers {
    /// No fork.
    pub(super) fn install() -> crate::Result<()> {
        Ok(())
    }
}

/// A mutex that never hangs after a fork. What is lost in a child is leaked there.
pub(crate) struct Mutex<T> {
    /// The generation in which it was made or adopted, and one of the states below.
    owner: AtomicU32,
    /// Dropped unless it is lost: then it may be half changed.
    value: std::sync::Mutex<ManuallyDrop<T>>,
}

/// A thread finds out whether the lock was held when the process was forked.
const ADOPTING: u32 = 1;
/// It was.
const LOST: u32 = 2;

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Mutex { owner: AtomicU32::new(generation()), value: std::sync::Mutex::new(ManuallyDrop::new(value)) }
    }

    /// Locks, and waits for other threads. [`Error::KeyReused`] if a thread on the other side of a fork was inside at that moment: what it
    /// left behind is not used.
    pub(crate) fn lock(&self) -> Result<MutexGuard<'_, ManuallyDrop<T>>> {
        self.check()?;
        Ok(self.value.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// [`Error::KeyReused`] if it is lost.
    fn check(&self) -> Result<()> {
        let now = generation();
        if self.owner.load(Ordering::Acquire) == now { Ok(()) } else { self.adopt(now) }
    }

    /// Nobody locks in this generation before this is done, so that a lock that is held then was held before.
    #[cold]
    fn adopt(&self, now: u32) -> Result<()> {
        loop {
            let seen = self.owner.load(Ordering::Acquire);
            match (seen & !(STEP - 1) == now, seen & (STEP - 1)) {
                (true, 0) => return Ok(()),
                (true, ADOPTING) => std::thread::yield_now(),
                (_, LOST) => return Err(Error::KeyReused),
                _ if self.owner.compare_exchange(seen, now | ADOPTING, Ordering::AcqRel, Ordering::Relaxed).is_ok() => {
                    let held = matches!(self.value.try_lock(), Err(TryLockError::WouldBlock));
                    self.owner.store(if held { now | LOST } else { now }, Ordering::Release);
                }
                _ => {}
            }
        }
    }
}

impl<T> Drop for Mutex<T> {
    fn drop(&mut self) {
        if self.check().is_ok() {
            let value = self.value.get_mut().unwrap_or_else(PoisonError::into_inner);
            // SAFETY: this is the end of it, and no thread was changing it when the process forked.
            unsafe { ManuallyDrop::drop(value) };
        }
    }
}

#[cfg(all(test, unix, not(miri)))]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, Barrier};

    /// Runs `body` in a child, and tells whether it said yes within ten seconds.
    fn in_child(body: impl FnOnce() -> bool) -> bool {
        // SAFETY: the child does what `body` does and leaves without unwinding or running what the test harness left to be run.
        unsafe {
            let pid = libc::fork();
            if pid == 0 {
                libc::alarm(10);
                libc::_exit(i32::from(!body()));
            }
            let mut status = 0;
            assert!(pid > 0 && libc::waitpid(pid, &mut status, 0) == pid);
            libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
        }
    }

    #[test]
    fn a_child_has_another_generation_and_so_has_its_child() {
        drop(lock().unwrap());
        let here = generation();
        assert!(in_child(|| generation() != here && in_child(|| generation() > here + STEP)));
        assert_eq!(generation(), here);
    }

    #[test]
    fn a_mutex_that_a_thread_held_is_lost_in_the_child_and_another_is_not() {
        drop(lock().unwrap());
        let (held, free) = (Arc::new(Mutex::new(1)), Mutex::new(2));
        let (inside, done) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let other = std::thread::spawn({
            let (held, inside, done) = (held.clone(), inside.clone(), done.clone());
            move || {
                let guard = held.lock().unwrap();
                inside.wait();
                done.wait();
                drop(guard);
            }
        });
        inside.wait();
        assert!(in_child(|| {
            let lost = || held.lock().err() == Some(Error::KeyReused);
            lost()
                && lost()
                && free.lock().is_ok_and(|value| **value == 2)
                && in_child(|| lost() && free.lock().is_ok())
        }));
        done.wait();
        other.join().unwrap();
        assert_eq!(**held.lock().unwrap(), 1);
    }

    #[test]
    fn a_fork_waits_for_the_lock_of_the_process() {
        let stop = Arc::new(AtomicBool::new(false));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let stop = stop.clone();
                std::thread::spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        drop(lock().unwrap());
                    }
                })
            })
            .collect();
        let alive = (0..100).all(|_| in_child(|| lock().is_ok() && lock().is_ok()));
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert!(alive);
    }
}
