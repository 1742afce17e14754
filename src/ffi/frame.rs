//! Codec-aware frames: what stays clear of a frame so that packetizers can work, and what is sealed.

use super::args::{Input, OptionalU64s, Output, Span, VarOutput, disjoint};
use super::guard::{guard, guard_frame, guard_or, pqrtc_status};
use super::handle;
use super::sframe::{pqrtc_sframe_receiver, pqrtc_sframe_sender};
use crate::error::Error;
use crate::frame::{self, Codec, MAX_METADATA_BYTES};
use crate::sframe::Source;

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
    /// VP9: 10 or 11 bytes of a key frame stay clear, 1 or 2 of any other.
    PQRTC_CODEC_VP9 = 4,
    /// H.264 with start codes (Annex B): NAL unit headers, 8 bytes of each slice, parameter sets and delimiters stay clear.
    PQRTC_CODEC_H264 = 5,
    /// The same with four-byte lengths.
    PQRTC_CODEC_H264_AVCC = 6,
    /// H.265 with start codes (Annex B): as H.264.
    PQRTC_CODEC_H265 = 7,
    /// The same with four-byte lengths.
    PQRTC_CODEC_H265_HVCC = 8,
    /// AV1 as a low-overhead stream of OBUs: OBU headers, the first byte of frame headers, sequence headers and delimiters stay clear.
    PQRTC_CODEC_AV1 = 9,
}

/// Refuses outputs that overlap the metadata. Not inlined: most frames have none, and are spared the work.
#[inline(never)]
fn apart(metadata: Input, outputs: &[&dyn Span]) -> Result<(), Error> {
    if metadata.len() == 0 { Ok(()) } else { disjoint(&[&metadata], outputs) }
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

/// Seals an encoded frame of up to 64 MiB so that its codec's packetizers still take it; docs/frame-format.md has the bytes. It opens as
/// the same whole frame or not at all: what stays clear is authenticated, but for delimiters and padding, which transports drop and insert.
/// Each NAL unit or OBU sealed takes one counter; those of one frame are taken at once. A VP9 frame may take more than one: it is sealed
/// again if a VP9 parser would see a superframe index in the ciphertext. Any number of threads may use one sender. Allocates nothing for
/// metadata of up to 200 bytes.
///
/// `metadata` (0 to 60,000 bytes; NULL for none) is authenticated and not sent. pqrtc_frame_open() must be given the same: what both sides
/// know of the frame and nobody between should change, such as the name of its track.
///
/// `out` must not overlap `metadata` or `frame`, and `out_cap` must be at least what pqrtc_frame_seal_max_size() gives; of that, what lies
/// beyond `*out_len` is scratch. PQRTC_NOTHING_TO_SEAL for parameter sets or delimiters alone, and for an empty frame of any codec but
/// PQRTC_CODEC_OPAQUE and PQRTC_CODEC_OPUS: send it as it is, or keep it for the next frame. PQRTC_INVALID_ARGUMENT for an unknown codec,
/// and for bytes that are no frame of the codec; PQRTC_INVALID_LENGTH beyond 64 MiB, or 60,000 bytes of metadata; PQRTC_COUNTER_EXHAUSTED
/// as pqrtc_sframe_seal(). A call that fails leaves `out` zeroed or untouched.
///
/// # Safety
/// `s` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_frame_seal(
    s: *const pqrtc_sframe_sender,
    codec: u32,
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
        let codec = Codec::try_from(codec)?;
        let metadata = metadata.between(0, MAX_METADATA_BYTES)?;
        let needed = frame::seal_max_size(codec, frame.len())?;
        let (frame, out) = (frame.sane()?, out.sane()?);
        disjoint(&[&frame], &[&out])?;
        apart(metadata, &[&out])?;
        // SAFETY: checked above.
        unsafe {
            let buffer = out.take(needed)?;
            out.set_written(frame::seal(&s.0, codec, metadata.bytes(), frame.bytes(), buffer)?);
        }
        Ok(())
    })
}

/// Opens what pqrtc_frame_seal() made, from its bytes, the codec and the metadata alone: gives the very frame that was sealed, parameter
/// sets included, or fails. Of scalable video, whole layers may be missing. Replay windows change only if every sealed unit
/// authenticates. `*kid` and `*counter` (each may be NULL) are those of the last sealed unit. Any number of threads may use one receiver.
/// Allocates nothing for up to 64 sealed units and metadata of up to 200 bytes.
///
/// `out` may be `sealed`, to open in place, and must not overlap it in another way; `out_cap` must be at least `sealed_len`; of that, what
/// lies beyond `*out_len` is scratch. PQRTC_MALFORMED_FRAME for bytes that are no sealed frame of the codec, hold no sealed unit, or whose
/// units do not belong together by their counters; PQRTC_UNKNOWN_KEY_ID, PQRTC_REPLAYED_FRAME and PQRTC_DECRYPTION_FAILED as
/// pqrtc_sframe_open(). With these three, `*kid` and `*counter` are those of the unit that was refused: hints, not authenticated. A call
/// that fails leaves `out` zeroed or untouched, and nothing but the statistics changes.
///
/// # Safety
/// `r` is NULL or a live handle, each other pointer is valid for the length beside it, `out_len` is writable, `kid` and `counter` are NULL
/// or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_frame_open(
    r: *const pqrtc_sframe_receiver,
    codec: u32,
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
        let codec = Codec::try_from(codec)?;
        let metadata = metadata.between(0, MAX_METADATA_BYTES)?;
        let needed = frame::open_max_size(codec, sealed.len())?;
        let (sealed, out, origin) = (sealed.sane()?, out.sane()?, OptionalU64s(kid, counter));
        let in_place = out.is_at(sealed);
        let written = if in_place { out.spanning(sealed) } else { out };
        let read = if in_place { metadata } else { sealed };
        disjoint(&[&read], &[&written, &origin])?;
        apart(metadata, &[&written, &origin])?;
        // SAFETY: checked above; the sealed frame is seen as a slice of its own only where it is apart from the output.
        unsafe {
            let buffer = out.take(needed)?;
            let source = if in_place { Source::InPlace(needed) } else { Source::Apart(sealed.bytes()) };
            match frame::open_hinted(&r.0, codec, metadata.bytes(), source, buffer) {
                Ok(opened) => {
                    out.set_written(opened.len);
                    origin.set(opened.kid, opened.counter);
                    Ok(())
                }
                Err(refused) => {
                    use Error::{DecryptionFailed, ReplayedFrame, UnknownKeyId};
                    if let (UnknownKeyId | ReplayedFrame | DecryptionFailed, Some((kid, counter))) =
                        (refused.error, refused.origin)
                    {
                        origin.set(kid, counter);
                    }
                    Err(refused.error)
                }
            }
        }
    })
}

/// What a sealed frame looks like. `size` comes first and is set by the caller to sizeof(pqrtc_frame_info), so that later versions can add
/// to the end.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct pqrtc_frame_info {
    /// sizeof(pqrtc_frame_info)
    pub size: usize,
    /// The KID of all sealed units.
    pub kid: u64,
    /// The counter of the first sealed unit.
    pub first_counter: u64,
    /// The counter of the last sealed unit.
    pub last_counter: u64,
    /// Sealed units. Each has taken a counter.
    pub sealed_units: u64,
    /// Clear parameter sets.
    pub parameter_sets: u64,
    /// Delimiters and padding.
    pub delimiters: u64,
    /// Bytes of the frame that can be read: headers, first bytes of what is sealed, parameter sets and delimiters, without start codes
    /// and sizes.
    pub clear_bytes: u64,
}

/// Says what a sealed frame looks like, without a key: nothing of it is authenticated. For logs, and for finding the key of a KID.
/// `info->size` is set by the caller; no more than that is written, and less than this version of the struct is PQRTC_INVALID_LENGTH. Any
/// thread.
///
/// PQRTC_MALFORMED_FRAME for what cannot be a sealed frame of the codec, PQRTC_INVALID_ARGUMENT for an unknown codec, PQRTC_INVALID_LENGTH
/// beyond what pqrtc_frame_open() takes.
///
/// # Safety
/// `sealed` is valid for `sealed_len` bytes, `info` is NULL or writable for `info->size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_frame_inspect(
    codec: u32,
    sealed: *const u8,
    sealed_len: usize,
    info: *mut pqrtc_frame_info,
) -> pqrtc_status {
    guard(|| {
        let sealed = Input::required(sealed, sealed_len)?;
        if info.is_null() {
            return Err(Error::NullPointer);
        }
        let codec = Codec::try_from(codec)?;
        // SAFETY: not NULL; the size is the first field in every version.
        let size = unsafe { info.cast::<usize>().read() };
        if size < size_of::<pqrtc_frame_info>() {
            return Err(Error::InvalidLength);
        }
        frame::open_max_size(codec, sealed.len())?;
        let sealed = sealed.sane()?;
        disjoint(&[&sealed], &[&Output::required(info.cast(), size_of::<pqrtc_frame_info>())?])?;
        // SAFETY: checked above.
        let seen = frame::inspect(codec, unsafe { sealed.bytes() })?;
        // SAFETY: writable for as many bytes, as the caller says.
        unsafe {
            info.write(pqrtc_frame_info {
                size,
                kid: seen.kid,
                first_counter: seen.first_counter,
                last_counter: seen.last_counter,
                sealed_units: seen.sealed_units,
                parameter_sets: seen.parameter_sets,
                delimiters: seen.delimiters,
                clear_bytes: seen.clear_bytes,
            });
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
