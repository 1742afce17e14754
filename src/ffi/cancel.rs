//! pthread_cancel(). The functions that draw randomness pass the C library's getrandom(), which is a cancellation point; a thread that ended
//! there would unwind through Rust and through locks, which aborts the process. So no call is cancelled: a request that comes meanwhile
//! takes effect at the next cancellation point of the caller's.

/// While it lives, this thread is not cancelled.
pub(super) struct Whole(imp::State);

impl Whole {
    pub fn begin() -> Self {
        Whole(imp::set(imp::DISABLE))
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        imp::set(self.0);
    }
}

// bionic and the C library of OpenHarmony cannot cancel threads.
#[cfg(all(unix, not(any(miri, target_os = "android", target_env = "ohos"))))]
mod imp {
    use core::ffi::c_int;

    pub type State = c_int;
    pub const DISABLE: State = if cfg!(target_vendor = "apple") { 0 } else { 1 };

    unsafe extern "C" {
        fn pthread_setcancelstate(state: c_int, old: *mut c_int) -> c_int;
    }

    /// Returns the state before.
    pub fn set(state: State) -> State {
        let mut old = state;
        // SAFETY: `old` is writable, and the state is DISABLE or one that this function has returned. It fails for no other reason.
        unsafe { pthread_setcancelstate(state, &mut old) };
        old
    }
}

#[cfg(not(all(unix, not(any(miri, target_os = "android", target_env = "ohos")))))]
mod imp {
    pub type State = ();
    pub const DISABLE: State = ();
    pub fn set((): State) {}
}
