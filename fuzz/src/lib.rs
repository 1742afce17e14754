//! What the targets share: reading the fuzzer's input, altering a valid message as it says, and calling the C ABI.

#[allow(dead_code)]
#[path = "../../tests/rust/frame_units.rs"]
pub mod frame_units;

pub use pqrtc::ffi::pqrtc_status::{self, *};
pub use pqrtc::ffi::*;
use std::ptr::null_mut;

/// The fuzzer's input, read from the front. It ends in zeros.
pub struct Input<'a>(pub &'a [u8]);

impl<'a> Input<'a> {
    pub fn u8(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    pub fn u64(&mut self) -> u64 {
        u64::from_be_bytes(self.array())
    }

    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        let taken = self.take(N);
        bytes[..taken.len()].copy_from_slice(taken);
        bytes
    }

    /// At most as many bytes.
    pub fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// A place in as many bytes: one of the first 128 in a byte, any in three.
    pub fn place(&mut self, len: usize) -> usize {
        match self.u8() {
            near @ 0..=127 => usize::from(near) % len.max(1),
            _ => usize::from(u16::from_be_bytes(self.array())) % len.max(1),
        }
    }
}

/// Seals its next frame under this counter. The library has this for fuzzers alone, and clippy is none.
pub fn set_counter(sender: &pqrtc::sframe::Sender, counter: u64) {
    #[cfg(fuzzing)]
    sender.set_counter(counter);
    #[cfg(not(fuzzing))]
    let _ = (sender, counter);
}

/// Alters a valid message at up to four places: bits flipped, bytes written over, cut out, cut off, repeated, put in, swapped, and joined with
/// another message of the kind.
pub fn mutate(valid: &[u8], other: &[u8], input: &mut Input) -> Vec<u8> {
    let mut bytes = valid.to_vec();
    for _ in 0..input.u8() % 5 {
        let kind = input.u8();
        let at = input.place(bytes.len());
        let to = (at + 1 + usize::from(input.u8())).min(bytes.len());
        match kind % 9 {
            0 if at < to => bytes[at] ^= 1 << (kind / 9 % 8),
            1 if at < to => bytes[at] = input.u8(),
            2 if at < to => drop(bytes.drain(at..to)),
            3 => bytes.truncate(at),
            4 if at < to => {
                let copy = bytes[at..to].to_vec();
                let place = input.place(bytes.len());
                bytes.splice(place..place, copy);
            }
            5 => drop(bytes.splice(at..at, input.take(to - at).iter().copied())),
            6 => bytes[at..to].iter_mut().zip(input.take(to - at)).for_each(|(byte, new)| *byte = *new),
            7 => {
                bytes.truncate(at);
                bytes.extend(&other[input.place(other.len())..]);
            }
            _ => {
                let with = input.place(bytes.len());
                let len = (to - at).min(bytes.len().saturating_sub(with)).min(at.abs_diff(with));
                (0..len).for_each(|i| bytes.swap(at + i, with + i));
            }
        }
    }
    bytes
}

/// What a target makes once. libFuzzer runs it in one thread.
pub struct Once<T>(pub T);
unsafe impl<T> Send for Once<T> {}
unsafe impl<T> Sync for Once<T> {}

/// Fails for what is a bug in the library by itself.
pub fn sane(status: pqrtc_status) -> pqrtc_status {
    assert!(status != PQRTC_INTERNAL && status != PQRTC_NULL_POINTER, "{status:?}");
    status
}

pub fn ok(status: pqrtc_status) {
    assert_eq!(status, PQRTC_OK);
}

/// Makes a handle. A failure leaves NULL.
pub fn made<T>(call: impl FnOnce(*mut *mut T) -> pqrtc_status) -> Result<*mut T, pqrtc_status> {
    let mut handle = null_mut();
    match sane(call(&mut handle)) {
        PQRTC_OK => Ok(handle),
        status => {
            assert!(handle.is_null());
            Err(status)
        }
    }
}

/// Calls a function with an output of this capacity. A failure leaves it zeroed or untouched.
pub fn filled(
    capacity: usize,
    call: impl FnOnce(*mut u8, usize, *mut usize) -> pqrtc_status,
) -> Result<Vec<u8>, pqrtc_status> {
    let (mut out, mut len) = (vec![UNTOUCHED; capacity], usize::MAX);
    match sane(call(out.as_mut_ptr(), capacity, &mut len)) {
        PQRTC_OK => {
            assert!(len <= capacity);
            out.truncate(len);
            Ok(out)
        }
        status => {
            assert!(left_alone(&out), "{status:?} left {out:02x?}");
            Err(status)
        }
    }
}

/// As [`filled`], of an output of fixed length.
pub fn fixed<const N: usize>(call: impl FnOnce(*mut u8, usize) -> pqrtc_status) -> Result<[u8; N], pqrtc_status> {
    filled(N, |out, capacity, len| {
        let status = call(out, capacity);
        unsafe { *len = N };
        status
    })
    .map(|bytes| bytes.try_into().unwrap())
}

pub const UNTOUCHED: u8 = 0xa5;

pub fn left_alone(out: &[u8]) -> bool {
    out.iter().all(|&byte| byte == 0 || byte == UNTOUCHED)
}
