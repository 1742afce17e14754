//! `pqrtc_sframe_sender`, `pqrtc_sframe_receiver`: media frames, RFC 9605.

use super::args::{Input, OptionalU64s, VarOutput, disjoint};
use super::guard::{guard, guard_frame, guard_or, pqrtc_status};
use super::handle::{self, slot};
use super::session::pqrtc_session;
use crate::error::{Error, Result};
use crate::sframe::{
    CipherSuite, MAX_BASE_KEY_BYTES, MAX_FRAME_BYTES, MAX_METADATA_BYTES, MAX_OVERHEAD, MIN_BASE_KEY_BYTES, Receiver,
    Sender, SenderStats, Stats, ratchet_base_key,
};
use core::ptr::null_mut;
use std::sync::Arc;

/// An SFrame cipher suite, by its IANA number. The last number of a name is the length of the tag in bits.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_sframe_cipher {
    /// A tag of 10 bytes.
    PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80 = 1,
    /// A tag of 8 bytes.
    PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_64 = 2,
    /// A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first.
    PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_32 = 3,
    /// A tag of 16 bytes.
    PQRTC_SFRAME_AES_128_GCM_SHA256_128 = 4,
    /// A tag of 16 bytes. The one to choose against a quantum computer.
    PQRTC_SFRAME_AES_256_GCM_SHA512_128 = 5,
    /// A tag of 10 bytes (draft-barnes-sframe-iana-256).
    PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_80 = 6,
    /// A tag of 8 bytes.
    PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_64 = 7,
    /// A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first.
    PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_32 = 8,
}

/// Seals the frames of one sender under one key and key ID (KID). Zeroed when it is freed.
#[allow(non_camel_case_types)]
pub struct pqrtc_sframe_sender(pub(super) Arc<Sender>);

/// Opens the frames of any number of senders. Everything but freeing it may be done from many threads at once. Zeroed when it is freed.
#[allow(non_camel_case_types)]
pub struct pqrtc_sframe_receiver(pub(super) Arc<Receiver>);

/// What a receiver has seen. `size` comes first and is set by the caller to sizeof(pqrtc_sframe_stats), so that later versions can add to
/// the end.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct pqrtc_sframe_stats {
    /// sizeof(pqrtc_sframe_stats)
    pub size: usize,
    /// KIDs held now, a ratchet step within its grace period among them.
    pub keys: u64,
    /// Frames opened. Of a frame opened with pqrtc_frame_open(), each sealed unit.
    pub opened: u64,
    /// Frames refused as PQRTC_MALFORMED_FRAME,
    pub malformed: u64,
    /// PQRTC_UNKNOWN_KEY_ID,
    pub unknown_key_id: u64,
    /// PQRTC_REPLAYED_FRAME,
    pub replayed: u64,
    /// PQRTC_DECRYPTION_FAILED.
    pub decryption_failed: u64,
}

/// What a sender has done. `size` comes first and is set by the caller to sizeof(pqrtc_sframe_sender_stats_t), so that later versions can
/// add to the end.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct pqrtc_sframe_sender_stats_t {
    /// sizeof(pqrtc_sframe_sender_stats_t)
    pub size: usize,
    /// The KID that the next frame is sealed under.
    pub kid: u64,
    /// Frames sealed so far, under this KID and those before. Of a codec frame, each sealed unit.
    pub sealed: u64,
    /// Frames that can still be sealed under this KID.
    pub left: u64,
}

/// Makes the sender of this side of a session for a KID, with a key that is derived for it: 32 bytes of the exporter, RFC 9605 section
/// 4.4.2 from there. The two sides of a session never share a key, whatever KIDs they choose. The session may be freed before the sender.
/// Any thread.
///
/// PQRTC_INVALID_ARGUMENT for an unknown cipher suite. PQRTC_KEY_REUSED if this process has made a sender for this KID of this session
/// before, through any handle and with any cipher suite, freed or not; each entry of that memory takes some 40 to 80 bytes. It belongs to
/// one copy of the library in one process: two copies in a process, such as two static ones or a static and a shared one, do not see each
/// other's, nor does another process. The child of a fork has what was remembered before, and in it a sender that was made before refuses
/// to seal: PQRTC_KEY_REUSED.
///
/// # Safety
/// `s` is NULL or a live handle, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_sender_new(
    s: *const pqrtc_session,
    kid: u64,
    cipher: u32,
    out: *mut *mut pqrtc_sframe_sender,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let cipher = CipherSuite::try_from(cipher)?;
        let key = s.0.sframe_base_key(s.0.role(), kid)?;
        out.put(pqrtc_sframe_sender(Arc::new(Sender::new(&key, cipher)?)));
        Ok(())
    })
}

/// Makes a sender from a base key of 16 to 64 bytes, which is copied; wipe yours. Use one that pqrtc_random() made. Otherwise as
/// pqrtc_sframe_sender_new(): PQRTC_KEY_REUSED if this process has used this base key with this KID before. PQRTC_INVALID_KEY for a base
/// key of zeros, which is one that was never written or was wiped.
///
/// # Safety
/// `base_key` is readable for `base_key_len` bytes, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_sender_from_key(
    base_key: *const u8,
    base_key_len: usize,
    kid: u64,
    cipher: u32,
    out: *mut *mut pqrtc_sframe_sender,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        let base_key = Input::required(base_key, base_key_len)?;
        let cipher = CipherSuite::try_from(cipher)?;
        let base_key = base_key.between(MIN_BASE_KEY_BYTES, MAX_BASE_KEY_BYTES)?;
        disjoint(&[&base_key], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_sframe_sender(Arc::new(Sender::from_key(unsafe { base_key.bytes() }, kid, cipher)?)));
        Ok(())
    })
}

/// Seals a frame of at most 64 MiB (it may be empty): `header || ciphertext || tag`. `metadata`, at most 65535 bytes, is authenticated and
/// not sent. `out_cap` is at least `frame_len` + PQRTC_SFRAME_MAX_OVERHEAD_BYTES, whatever this frame will need. `out` may start exactly
/// where `frame` does. Allocates nothing for metadata up to 256 bytes. Any number of threads may seal on one sender.
///
/// PQRTC_COUNTER_EXHAUSTED after 2^64 - 1 frames. PQRTC_KEY_REUSED in the child of a fork that came after the sender was made: the parent
/// goes on with the same counters. PQRTC_UNEXPECTED_MESSAGE while the sender has no key yet, which is possible only for one that a call or
/// a meeting gives its keys. A call that is refused uses up no counter.
///
/// # Safety
/// `s` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_seal(
    s: *const pqrtc_sframe_sender,
    metadata: *const u8,
    metadata_len: usize,
    frame: *const u8,
    frame_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard_frame(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let (metadata, frame) = (Input::optional(metadata, metadata_len)?, Input::optional(frame, frame_len)?);
        let out = VarOutput::new(out, out_cap, out_len)?;
        let (metadata, frame) = (metadata.between(0, MAX_METADATA_BYTES)?, frame.between(0, MAX_FRAME_BYTES)?);
        let out = out.sane()?;
        let needed = frame.len() + MAX_OVERHEAD;
        // SAFETY: checked above; the frame is seen as a slice only where it is apart from the output.
        unsafe {
            let sealed = if out.is_at(frame) {
                disjoint(&[&metadata], &[&out.spanning(frame)])?;
                s.0.seal_in_place(metadata.bytes(), out.take(needed)?, frame.len())?
            } else {
                disjoint(&[&metadata, &frame], &[&out])?;
                s.0.seal(metadata.bytes(), frame.bytes(), out.take(needed)?)?
            };
            out.set_written(sealed);
        }
        Ok(())
    })
}

/// Gives the KID that the next frame is sealed under. PQRTC_UNEXPECTED_MESSAGE while the sender has no key. Any number of threads.
///
/// # Safety
/// `s` is NULL or a live handle, `kid` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_sender_kid(s: *const pqrtc_sframe_sender, kid: *mut u64) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        if kid.is_null() {
            return Err(Error::NullPointer);
        }
        // SAFETY: not NULL, and writable as the caller promises.
        unsafe { kid.write(s.0.stats()?.kid) };
        Ok(())
    })
}

/// Says what a sender has done. `stats->size` is set by the caller; no more than that is written, and less than this version of the struct
/// is PQRTC_INVALID_LENGTH. PQRTC_UNEXPECTED_MESSAGE while the sender has no key. Any number of threads.
///
/// # Safety
/// `s` is NULL or a live handle, `stats` is NULL or writable for `stats->size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_sender_stats(
    s: *const pqrtc_sframe_sender,
    stats: *mut pqrtc_sframe_sender_stats_t,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        // SAFETY: as the caller promises.
        let size = unsafe { struct_size(stats) }?;
        let SenderStats { kid, sealed, left } = s.0.stats()?;
        // SAFETY: writable for as many bytes, as the caller says.
        unsafe { stats.write(pqrtc_sframe_sender_stats_t { size, kid, sealed, left }) };
        Ok(())
    })
}

/// The size that the caller has put first into a struct.
///
/// # Safety
/// `stats` is NULL or readable for a size.
pub(super) unsafe fn struct_size<T>(stats: *const T) -> Result<usize> {
    if stats.is_null() {
        return Err(Error::NullPointer);
    }
    // SAFETY: not NULL; the size is the first field in every version.
    let size = unsafe { stats.cast::<usize>().read() };
    if size < size_of::<T>() { Err(Error::InvalidLength) } else { Ok(size) }
}

/// Says how many low bits of the KID count ratchet steps (RFC 9605 section 5.1): 1 to 16, or 0 for no ratchet, the default. Exclusive use,
/// before the first frame is sealed, with a KID whose step is 0; else PQRTC_INVALID_ARGUMENT.
///
/// # Safety
/// `s` is NULL or a live handle that nothing else uses meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_sender_set_ratchet(
    s: *mut pqrtc_sframe_sender,
    ratchet_bits: u32,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get_mut(s) }?;
        s.0.set_ratchet(ratchet_bits)
    })
}

/// Goes one ratchet step ahead: the next base key, KID + 1, counter 0; the key of the step before is wiped. `kid`, which may be NULL, is set
/// to the new KID. Any number of threads may seal meanwhile.
///
/// This gives forward secrecy: who learns the key from now on cannot open what was sealed before. It does not heal: who has the key of
/// an earlier step has all that follow. When a member leaves, or a key may be known, hand out a new base key under the next generation.
///
/// PQRTC_COUNTER_EXHAUSTED when the steps are used up, PQRTC_INVALID_ARGUMENT without pqrtc_sframe_sender_set_ratchet().
///
/// # Safety
/// `s` is NULL or a live handle, `kid` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_sender_ratchet(s: *const pqrtc_sframe_sender, kid: *mut u64) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        // SAFETY: as the caller promises.
        unsafe { OptionalU64s(kid, null_mut()).set(s.0.ratchet()?, 0) };
        Ok(())
    })
}

/// Gives the base key of the ratchet step after a base key of 16 to 64 bytes (RFC 9605 section 5.1): 32 bytes, or 64 for
/// PQRTC_SFRAME_AES_256_GCM_SHA512_128. Use it to give the key of a sender that ratchets to a newcomer, who then has no key of an earlier
/// step. PQRTC_INVALID_ARGUMENT for an unknown cipher suite. Any thread.
///
/// # Safety
/// Each pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_ratchet_base_key(
    cipher: u32,
    base_key: *const u8,
    base_key_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        let base_key = Input::required(base_key, base_key_len)?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let cipher = CipherSuite::try_from(cipher)?;
        let base_key = base_key.between(MIN_BASE_KEY_BYTES, MAX_BASE_KEY_BYTES)?;
        let out = out.sane()?;
        disjoint(&[&base_key], &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let buffer = out.take(cipher.base_key_len())?;
            out.set_written(ratchet_base_key(cipher, base_key.bytes(), buffer)?);
        }
        Ok(())
    })
}

/// Zeroes and frees a sender; NULL is allowed. Nothing may use it at the same time or afterwards. Its key and KID stay used up.
///
/// # Safety
/// `s` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_sender_free(s: *mut pqrtc_sframe_sender) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(s) });
}

/// Makes a receiver without keys. PQRTC_INVALID_ARGUMENT for an unknown cipher suite. Any thread.
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_new(cipher: u32, out: *mut *mut pqrtc_sframe_receiver) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put(pqrtc_sframe_receiver(Arc::new(Receiver::new(cipher.try_into()?))));
        Ok(())
    })
}

/// Sets the size of the replay window of each key, in counters: a multiple of 64 from 64 to 65536; 1024 without this call. Before a key is
/// added, else PQRTC_INVALID_ARGUMENT. Any number of threads.
///
/// # Safety
/// `r` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_set_window(
    r: *const pqrtc_sframe_receiver,
    counters: u32,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        r.0.set_window(counters)
    })
}

/// Lets a receiver follow senders that ratchet, all with the same number of KID bits for the step: 1 to 16, or 0 for none, the default,
/// which ignores the rest. Before a key is added, else PQRTC_INVALID_ARGUMENT. Any number of threads.
///
/// `max_steps`, 1 to 1024, is how far ahead of the newest step a frame may be. A forged frame with such a KID makes the receiver derive as
/// many steps, a few microseconds each, and changes nothing; what was derived is kept, about 1 kB a step and at most 4096 steps in a
/// receiver, so that a flood costs no more than one of forged frames without a ratchet. Choose it no larger than the number of steps that
/// may pass while no frame gets through: 16 is plenty for most. `grace_frames`, 64 for example, is how many more frames of a new step are opened, after its first, before the step before it is wiped; 0
/// wipes it at once.
///
/// # Safety
/// `r` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_set_ratchet(
    r: *const pqrtc_sframe_receiver,
    ratchet_bits: u32,
    max_steps: u32,
    grace_frames: u32,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        r.0.set_ratchet(ratchet_bits, max_steps, grace_frames)
    })
}

/// Adds the key of the peer's sender with this KID in a session. The session may be freed before the receiver. Any number of threads.
///
/// PQRTC_KEY_REUSED for a KID that the receiver has, and for a key that was removed from it, since its frames could be replayed.
///
/// # Safety
/// `r` and `s` are each NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_add_session(
    r: *const pqrtc_sframe_receiver,
    s: *const pqrtc_session,
    kid: u64,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let (r, s) = unsafe { (handle::get(r)?, handle::get(s)?) };
        r.0.add(&s.0.sframe_base_key(s.0.role().peer(), kid)?)
    })
}

/// Adds the key of a sender: its KID and its base key of 16 to 64 bytes, which is copied; wipe yours. A sender that ratchets is added once,
/// at the step that it is at. Otherwise as pqrtc_sframe_receiver_add_session().
///
/// # Safety
/// `r` is NULL or a live handle, `base_key` is readable for `base_key_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_add_key(
    r: *const pqrtc_sframe_receiver,
    kid: u64,
    base_key: *const u8,
    base_key_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        let base_key = Input::required(base_key, base_key_len)?.between(MIN_BASE_KEY_BYTES, MAX_BASE_KEY_BYTES)?;
        // SAFETY: checked above.
        r.0.add_key(kid, unsafe { base_key.bytes() })
    })
}

/// Removes the key of a KID, whichever step its sender is at, and zeroes it. Frames under it that other threads are opening are refused, and
/// the last of these threads zeroes it. Hashes of the key as it was added and of the steps held now are
/// remembered until the receiver is freed, some 40 to 80 bytes each, and are not taken again; do not add other steps of the same base key. PQRTC_UNKNOWN_KEY_ID if there is none. Any number of threads.
///
/// # Safety
/// `r` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_remove_key(r: *const pqrtc_sframe_receiver, kid: u64) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        r.0.remove_key(kid)
    })
}

/// Opens a sealed frame; `metadata` is what the sender gave with it. The frame is shorter than `sealed` by 5 to 33 bytes; `*kid` and
/// `*counter`, either of which may be NULL, are set to what it was sealed under. `out` may start exactly where `sealed` does: a failure may
/// then destroy what is there. Allocates nothing for metadata up to 256 bytes, unless the frame is of a ratchet step ahead. Any number of
/// threads.
///
/// Refusals, in this order: PQRTC_MALFORMED_FRAME, PQRTC_UNKNOWN_KEY_ID, PQRTC_BUFFER_TOO_SMALL, PQRTC_REPLAYED_FRAME (seen before, or
/// older than the window), PQRTC_DECRYPTION_FAILED (other bytes, metadata or key). Nothing but the statistics changes then, and `out` is
/// zeroed or, but for a frame in place, untouched. With PQRTC_UNKNOWN_KEY_ID, PQRTC_REPLAYED_FRAME and PQRTC_DECRYPTION_FAILED `*kid` and
/// `*counter` are set too, to what the header says: hints, which nothing authenticates. In the child of a fork PQRTC_KEY_REUSED means that
/// another thread was changing what the receiver knows of the sender at that moment: make a new receiver.
///
/// # Safety
/// `r` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable, `kid` and `counter` are NULL
/// or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_open(
    r: *const pqrtc_sframe_receiver,
    metadata: *const u8,
    metadata_len: usize,
    sealed: *const u8,
    sealed_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
    kid: *mut u64,
    counter: *mut u64,
) -> pqrtc_status {
    guard_frame(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        let (metadata, sealed) = (Input::optional(metadata, metadata_len)?, Input::required(sealed, sealed_len)?);
        let out = VarOutput::new(out, out_cap, out_len)?;
        let metadata = metadata.between(0, MAX_METADATA_BYTES)?;
        let sealed = sealed.between(0, MAX_FRAME_BYTES + MAX_OVERHEAD)?;
        let (out, hints) = (out.sane()?, OptionalU64s(kid, counter));
        let mut origin = None;
        // SAFETY: checked above; the sealed frame is seen as two slices only where it is apart from the output.
        let opened = unsafe {
            if out.is_at(sealed) {
                disjoint(&[&metadata], &[&out.spanning(sealed), &hints])?;
                r.0.open_in_place_if(metadata.bytes(), out.over(sealed), &mut origin, |needed| out.fits(needed))
            } else {
                disjoint(&[&metadata, &sealed], &[&out, &hints])?;
                r.0.open_into(metadata.bytes(), sealed.bytes(), &mut origin, |needed| out.take(needed))
            }
        };
        // SAFETY: writable, as the caller promises.
        unsafe {
            if let (Some(origin), true) = (origin, opened.as_ref().err().is_none_or(|error| HINTED.contains(error))) {
                hints.set(origin.kid, origin.counter);
            }
            out.set_written(opened?.len);
        }
        Ok(())
    })
}

/// Refusals of which a caller is told what the header says.
const HINTED: [Error; 3] = [Error::UnknownKeyId, Error::ReplayedFrame, Error::DecryptionFailed];

/// Says what a receiver has seen of the sender with this KID, whichever its ratchet step is now: as pqrtc_sframe_receiver_stats(), where
/// `keys` are its steps. PQRTC_UNKNOWN_KEY_ID if there is no key for it. Any number of threads.
///
/// # Safety
/// `r` is NULL or a live handle, `stats` is NULL or writable for `stats->size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_key_stats(
    r: *const pqrtc_sframe_receiver,
    kid: u64,
    stats: *mut pqrtc_sframe_stats,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        // SAFETY: as the caller promises.
        let size = unsafe { struct_size(stats) }?;
        // SAFETY: writable for as many bytes, as the caller says.
        unsafe { stats.write(pqrtc_sframe_stats::of(size, r.0.key_stats(kid)?)) };
        Ok(())
    })
}

impl pqrtc_sframe_stats {
    fn of(size: usize, seen: Stats) -> Self {
        pqrtc_sframe_stats {
            size,
            keys: seen.keys,
            opened: seen.opened,
            malformed: seen.malformed,
            unknown_key_id: seen.unknown_key_id,
            replayed: seen.replayed,
            decryption_failed: seen.decryption_failed,
        }
    }
}

/// Says what a receiver has seen. `stats->size` is set by the caller; no more than that is written, and less than this version of the
/// struct is PQRTC_INVALID_LENGTH. Any number of threads.
///
/// # Safety
/// `r` is NULL or a live handle, `stats` is NULL or writable for `stats->size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_stats(
    r: *const pqrtc_sframe_receiver,
    stats: *mut pqrtc_sframe_stats,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        // SAFETY: as the caller promises.
        let size = unsafe { struct_size(stats) }?;
        // SAFETY: writable for as many bytes, as the caller says.
        unsafe { stats.write(pqrtc_sframe_stats::of(size, r.0.stats())) };
        Ok(())
    })
}

/// Zeroes and frees a receiver with its keys; NULL is allowed. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `r` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_receiver_free(r: *mut pqrtc_sframe_receiver) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(r) });
}
