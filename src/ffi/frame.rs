//! Codec-aware frames: what stays clear of a frame so that packetizers can work, and what is sealed.

use super::args::{Input, OptionalU64s, VarOutput, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle;
use super::sframe::{pqrtc_sframe_receiver, pqrtc_sframe_sender};
use crate::frame::{self, Codec};

/// How frames are laid out.
#[allow(non_camel_case_types)]
#[repr(u32)]
pub enum pqrtc_codec {
    /// Anything: sealed whole.
    PQRTC_CODEC_OPAQUE = 1,
    /// Opus: sealed whole.
    PQRTC_CODEC_OPUS = 2,
    /// VP8: 10 bytes of a key frame stay clear, 3 of a delta frame.
    PQRTC_CODEC_VP8 = 3,
    /// VP9: sealed whole.
    PQRTC_CODEC_VP9 = 4,
    /// H.264 with start codes (Annex B): NAL unit headers, 8 bytes of each slice, parameter sets and delimiters stay clear.
    PQRTC_CODEC_H264 = 5,
    /// The same with four-byte lengths.
    PQRTC_CODEC_H264_AVCC = 6,
    /// H.265 with start codes (Annex B): as H.264.
    PQRTC_CODEC_H265 = 7,
    /// The same with four-byte lengths.
    PQRTC_CODEC_H265_HVCC = 8,
    /// AV1 as a low-overhead stream of OBUs: OBU headers, sequence headers and temporal delimiters stay clear.
    PQRTC_CODEC_AV1 = 9,
}

/// The capacity that pqrtc_frame_seal() needs for a frame of `frame_len` bytes: never too little. 0 for an unknown codec or a frame over
/// 64 MiB.
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_frame_seal_max_size(codec: u32, frame_len: usize) -> usize {
    guard_or(0, || Codec::try_from(codec).and_then(|codec| frame::seal_max_size(codec, frame_len)).unwrap_or(0))
}

/// The capacity that pqrtc_frame_open() needs for `sealed_len` bytes: as many. 0 for an unknown codec, or for more than
/// pqrtc_frame_seal_max_size() gives for 64 MiB.
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_frame_open_max_size(codec: u32, sealed_len: usize) -> usize {
    guard_or(0, || Codec::try_from(codec).and_then(|codec| frame::open_max_size(codec, sealed_len)).unwrap_or(0))
}

/// Seals an encoded frame of up to 64 MiB so that its codec's packetizers still take it; docs/frame-format.md has the bytes. What stays
/// clear is authenticated, but for parameter sets, delimiters and AV1 sequence headers. Each NAL unit or OBU sealed takes one counter.
/// Any number of threads may use one sender. Allocates nothing.
///
/// `out` must not overlap `frame`, and `out_cap` must be at least what pqrtc_frame_seal_max_size() gives; of that, what lies beyond
/// `*out_len` is scratch. PQRTC_INVALID_ARGUMENT for an unknown codec, and for bytes that are no frame of the codec or hold nothing to
/// seal; PQRTC_INVALID_LENGTH beyond 64 MiB; PQRTC_COUNTER_EXHAUSTED as pqrtc_sframe_seal(). A call that fails leaves `out` zeroed or
/// untouched.
///
/// # Safety
/// `s` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_frame_seal(
    s: *const pqrtc_sframe_sender,
    codec: u32,
    frame: *const u8,
    frame_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let s = unsafe { handle::get(s) }?;
        let frame = Input::optional(frame, frame_len)?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let codec = Codec::try_from(codec)?;
        let needed = frame::seal_max_size(codec, frame.len())?;
        let (frame, out) = (frame.sane()?, out.sane()?);
        disjoint(&[&frame], &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let buffer = out.take(needed)?;
            out.set_written(frame::seal(&s.0, codec, frame.bytes(), buffer)?);
        }
        Ok(())
    })
}

/// Opens what pqrtc_frame_seal() made, from its bytes and the codec alone, as a whole or not at all: replay windows change only if every
/// sealed unit in it authenticates. `*kid` and `*counter` (each may be NULL) are those of the last sealed unit. Any number of threads may
/// use one receiver. Allocates nothing for up to 64 sealed units.
///
/// `out` must not overlap `sealed`, and `out_cap` must be at least `sealed_len`; of that, what lies beyond `*out_len` is scratch.
/// PQRTC_MALFORMED_FRAME for bytes that are no sealed frame of the codec, hold no sealed unit or mix units of several senders;
/// PQRTC_UNKNOWN_KEY_ID, PQRTC_REPLAYED_FRAME (also for units that are not in the order in which they were sealed) and
/// PQRTC_DECRYPTION_FAILED as pqrtc_sframe_open(). A call that fails leaves `out` zeroed or untouched, and nothing but the statistics
/// changes.
///
/// # Safety
/// `r` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable, `kid` and `counter` are NULL
/// or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_frame_open(
    r: *mut pqrtc_sframe_receiver,
    codec: u32,
    sealed: *const u8,
    sealed_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
    kid: *mut u64,
    counter: *mut u64,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let r = unsafe { handle::get(r) }?;
        let sealed = Input::required(sealed, sealed_len)?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let codec = Codec::try_from(codec)?;
        let needed = frame::open_max_size(codec, sealed.len())?;
        let (sealed, out, origin) = (sealed.sane()?, out.sane()?, OptionalU64s(kid, counter));
        disjoint(&[&sealed], &[&out, &origin])?;
        // SAFETY: checked above.
        unsafe {
            let opened = frame::open(&r.0, codec, sealed.bytes(), out.take(needed)?)?;
            out.set_written(opened.len);
            origin.set(opened.kid, opened.counter);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_codecs_are_those_of_the_rust_api() {
        use pqrtc_codec::*;
        let numbers = [
            PQRTC_CODEC_OPAQUE as u32,
            PQRTC_CODEC_OPUS as u32,
            PQRTC_CODEC_VP8 as u32,
            PQRTC_CODEC_VP9 as u32,
            PQRTC_CODEC_H264 as u32,
            PQRTC_CODEC_H264_AVCC as u32,
            PQRTC_CODEC_H265 as u32,
            PQRTC_CODEC_H265_HVCC as u32,
            PQRTC_CODEC_AV1 as u32,
        ];
        assert_eq!(numbers, Codec::ALL.map(|codec| codec as u32));
    }
}
