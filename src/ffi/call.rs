//! `pqrtc_policy` and `pqrtc_call`: the authenticated handshake.

use super::args::{Input, Output, VarOutput, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle::{self, slot};
use super::session::pqrtc_session;
use super::sframe::{pqrtc_sframe_receiver, pqrtc_sframe_sender, struct_size};
use super::signing::pqrtc_signing_key;
use crate::error::{Error, Result};
use crate::handshake::{
    Call, Direction, MAX_BINDING_BYTES, MAX_CREDENTIAL_BYTES, PSK_BYTES, Policy, SAS_DIGITS, SFRAME_KEY_BYTES,
};
use crate::sframe::CipherSuite;
use crate::signing::FINGERPRINT_BYTES;
use core::ffi::c_char;

/// Room for any message of a call whose credential has at most 5900 bytes, in bytes. The longest without a credential has 10410.
pub const PQRTC_CALL_MESSAGE_MAX: usize = 16384;

/// What a participant offers and accepts in the large.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_profile {
    /// Suite 1: X-Wing, and the composite signature of ML-DSA-65 and Ed25519. The peer shows an identity.
    PQRTC_PROFILE_DEFAULT = 1,
    /// Suite 2 alone: ML-KEM-1024 and ML-DSA-87, and in SFrame AES-256-GCM alone. The peer shows an identity.
    PQRTC_PROFILE_CNSA2 = 2,
    /// Suite 1. Any identity is accepted and none as well: people compare the digits of pqrtc_call_sas().
    PQRTC_PROFILE_SAS = 3,
    /// Suites 1 and 2, in that order. The peer shows an identity.
    PQRTC_PROFILE_DEFAULT_OR_CNSA2 = 4,
}

/// What a policy can be told beside its profile.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_policy_option {
    /// Accept the peer whose identity has this fingerprint: 32 bytes, as pqrtc_public_key_fingerprint() gives them. May be set many times.
    PQRTC_POLICY_PIN = 1,
    /// Mix in this secret of 32 bytes, which both sides have. A second factor beside identities or a SAS.
    PQRTC_POLICY_PSK = 2,
    /// Refuse a peer that binds no DTLS certificate. No value.
    PQRTC_POLICY_REQUIRE_BINDING = 3,
    /// Accept a peer without identity: of a server whose guests have none. No value.
    PQRTC_POLICY_ANONYMOUS_PEER = 4,
    /// Accept any identity that signs; check its credential or the SAS afterwards. No value.
    PQRTC_POLICY_ANY_PEER = 5,
}

/// Where a call is.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_call_state {
    /// Nothing was sent or taken.
    PQRTC_CALL_NEW = 0,
    /// The offer (M1) was made.
    PQRTC_CALL_OFFERED = 1,
    /// An offer was answered (M2).
    PQRTC_CALL_ANSWERED = 2,
    /// The peer is authenticated, and the session is there.
    PQRTC_CALL_DONE = 3,
    /// As DONE, and the initiator knows that the responder has the session too.
    PQRTC_CALL_CONFIRMED = 4,
}

/// Which way an SFrame key is for.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_direction {
    /// For what this side sends.
    PQRTC_DIRECTION_SENDING = 1,
    /// For what the peer sends.
    PQRTC_DIRECTION_RECEIVING = 2,
}

/// Which peers a call accepts. The PSK in it is zeroed when it is freed.
#[allow(non_camel_case_types)]
pub struct pqrtc_policy(Policy);

/// One participant's side of a call. Its functions lock inside and may be called from many threads at once, though not all take it as const.
/// What only the handshake needed is zeroed when that is done, the rest when the call is freed. In the child of a fork every function of a
/// call that was made before is PQRTC_KEY_REUSED.
#[allow(non_camel_case_types)]
pub struct pqrtc_call(Call);

/// Where a call is. `size` comes first and is set by the caller to sizeof(pqrtc_call_info_t), so that later versions can add to the end.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct pqrtc_call_info_t {
    /// sizeof(pqrtc_call_info_t)
    pub size: usize,
    /// A pqrtc_call_state: of the handshake or rekey that is going on, or the last one.
    pub state: u32,
    /// This side's role in the newest epoch, or in the first handshake: 1 initiator, 2 responder, 0 not known yet.
    pub role: u32,
    /// The suite, 1 or 2; 0 while it is not chosen.
    pub suite: u32,
    /// The number of the newest epoch whose handshake is done: 0 for the first, and before it.
    pub epoch: u32,
    /// 1 once media may be sent, else 0.
    pub may_send: u32,
    /// The pqrtc_signature_algorithm of the peer's identity; 0 for none. Also of a peer that was PQRTC_PEER_REJECTED because it is not
    /// pinned: `state` says whether the peer was accepted.
    pub peer_identity: u32,
    /// The fingerprint of that identity, or zeros.
    pub peer_fingerprint: [u8; 32],
}

/// Makes a policy of a profile. PQRTC_INVALID_ARGUMENT for an unknown profile, PQRTC_UNSUPPORTED for one with a suite that is not in this
/// build. Without a pin and without PQRTC_POLICY_ANY_PEER it accepts nobody, until the application pins a peer. Any thread. Free it with
/// pqrtc_policy_free().
///
/// # Safety
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_policy_new(profile: u32, out: *mut *mut pqrtc_policy) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        out.put(pqrtc_policy(Policy::new(profile.try_into()?)?));
        Ok(())
    })
}

/// Sets an option. PQRTC_INVALID_ARGUMENT for an unknown option, PQRTC_INVALID_LENGTH for a value that is not 32 bytes, or not empty where
/// the option has none. One thread at a time.
///
/// # Safety
/// `p` is NULL or a live handle that nobody else uses meanwhile, `value` is readable for `value_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_policy_set(
    p: *mut pqrtc_policy,
    option: u32,
    value: *const u8,
    value_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let p = unsafe { handle::get_mut(p) }?;
        let value = Input::optional(value, value_len)?;
        let len = match option {
            1 => FINGERPRINT_BYTES,
            2 => PSK_BYTES,
            3..=5 => 0,
            _ => return Err(Error::InvalidArgument),
        };
        // SAFETY: checked by this.
        let value = unsafe { value.exactly(len)?.bytes() };
        match option {
            1 => p.0.pin(&array(value)?)?,
            2 => p.0.set_psk(value.try_into().map_err(|_| Error::InvalidLength)?),
            3 => p.0.require_binding(),
            4 => p.0.accept_anonymous_peer(),
            _ => p.0.accept_any_peer(),
        }
        Ok(())
    })
}

/// Zeroes and frees a policy; NULL is allowed. Calls that were made with it go on. Nothing may use it at the same time or afterwards.
///
/// # Safety
/// `p` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_policy_free(p: *mut pqrtc_policy) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(p) });
}

/// Makes this participant's side of a call. `me` and `me2` are identities for the suites 1 (ML-DSA-65 with Ed25519) and 2 (ML-DSA-87) in any
/// order; either may be NULL, and with both NULL the participant is anonymous. A suite of the policy without an identity is not offered,
/// unless there is none at all. `binding` is the fingerprint of the own DTLS certificate, 0 to 64 bytes; `credential`, 0 to 55093 bytes, is
/// the application's and is shown to the peer. Keys, policy and bytes are copied. Any thread. Free it with pqrtc_call_free().
///
/// PQRTC_INVALID_ARGUMENT for identities of another algorithm, two of one, or none of a suite of the policy. PQRTC_POLICY_REFUSED for a PSK
/// with neither identities nor a SAS beside it. PQRTC_INVALID_LENGTH.
///
/// # Safety
/// `me` and `me2` are NULL or live handles, `p` is NULL or a live handle, `binding` and `credential` are readable for the length beside them,
/// `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_new(
    me: *const pqrtc_signing_key,
    me2: *const pqrtc_signing_key,
    p: *const pqrtc_policy,
    binding: *const u8,
    binding_len: usize,
    credential: *const u8,
    credential_len: usize,
    out: *mut *mut pqrtc_call,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let (me, me2, p) = unsafe { (handle::optional(me), handle::optional(me2), handle::get(p)?) };
        let (binding, credential) =
            (Input::optional(binding, binding_len)?, Input::optional(credential, credential_len)?);
        let binding = binding.between(0, MAX_BINDING_BYTES)?;
        let credential = credential.between(0, MAX_CREDENTIAL_BYTES)?;
        disjoint(&[&binding, &credential], &[&out])?;
        let me = [me, me2].map(|key| key.map(|key| &key.0));
        let me: Vec<_> = me.into_iter().flatten().collect();
        // SAFETY: checked above.
        out.put(pqrtc_call(unsafe { Call::new(&me, &p.0, binding.bytes(), credential.bytes()) }?));
        Ok(())
    })
}

/// Makes the offer (M1) of a call, or in a running call that of a rekey. PQRTC_UNEXPECTED_MESSAGE while a handshake is going on,
/// PQRTC_RNG_FAILED without randomness. Any number of threads.
///
/// # Safety
/// `c` is NULL or a live handle, `out` is NULL or writable for `out_cap` bytes, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_offer(
    c: *mut pqrtc_call,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        let out = VarOutput::new(out, out_cap, out_len)?.sane()?;
        disjoint(&[], &[&out])?;
        // SAFETY: checked above.
        let len = c.0.offer_into(|len| unsafe { out.take(len) })?;
        // SAFETY: checked above.
        unsafe { out.set_written(len) };
        Ok(())
    })
}

/// Takes a message of the peer and writes the one to send back; `*reply_len` is 0 if there is none. `peer_binding`, 0 to 64 bytes, is the
/// fingerprint of the peer's DTLS certificate as the SDP has it: the peer must have signed the same. A message that comes again is answered
/// again, with the same bytes. A message that is refused changes nothing, and neither does a reply buffer that is too small. Any number of
/// threads; messages are taken one after the other.
///
/// In this order: PQRTC_MALFORMED_MESSAGE, PQRTC_VERSION_REFUSED, PQRTC_UNEXPECTED_MESSAGE, PQRTC_POLICY_REFUSED, PQRTC_BUFFER_TOO_SMALL,
/// PQRTC_INVALID_KEY, PQRTC_NON_CONTRIBUTORY, PQRTC_HANDSHAKE_FAILED, PQRTC_BAD_SIGNATURE, PQRTC_PEER_REJECTED, PQRTC_PEER_ANONYMOUS,
/// PQRTC_BINDING_MISMATCH; of the contents of a message that authenticated, PQRTC_MALFORMED_MESSAGE once more. PQRTC_RNG_FAILED without
/// randomness. A peer that is not pinned is PQRTC_PEER_REJECTED after its signature verified: look at it with pqrtc_call_peer(), pin it with
/// pqrtc_call_pin(), and give the same bytes again.
///
/// # Safety
/// `c` is NULL or a live handle, each other pointer is valid for the length beside it, `reply_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_receive(
    c: *mut pqrtc_call,
    message: *const u8,
    message_len: usize,
    peer_binding: *const u8,
    peer_binding_len: usize,
    reply: *mut u8,
    reply_cap: usize,
    reply_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        let (message, binding) =
            (Input::required(message, message_len)?, Input::optional(peer_binding, peer_binding_len)?);
        let reply = VarOutput::new(reply, reply_cap, reply_len)?;
        let (message, binding) = (message.sane()?, binding.between(0, MAX_BINDING_BYTES)?);
        let reply = reply.sane()?;
        disjoint(&[&message, &binding], &[&reply])?;
        // SAFETY: checked above.
        let take = |len| if len == 0 { Ok(&mut [][..]) } else { unsafe { reply.take(len) } };
        // SAFETY: checked above.
        let len = unsafe { c.0.receive_into(message.bytes(), binding.bytes(), take) }?;
        // SAFETY: checked above.
        unsafe { reply.set_written(len) };
        Ok(())
    })
}

/// Accepts the peer whose identity has this fingerprint, 32 bytes. Any number of threads.
///
/// # Safety
/// `c` is NULL or a live handle, `fingerprint` is readable for `fingerprint_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_pin(
    c: *mut pqrtc_call,
    fingerprint: *const u8,
    fingerprint_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        let fingerprint = Input::required(fingerprint, fingerprint_len)?.exactly(FINGERPRINT_BYTES)?;
        // SAFETY: checked above.
        c.0.pin(&array(unsafe { fingerprint.bytes() })?)
    })
}

/// Gives the call the fingerprint of a new DTLS certificate, 0 to 64 bytes, for messages that are made from now on: those of the next rekey.
/// Any number of threads.
///
/// # Safety
/// `c` is NULL or a live handle, `binding` is readable for `binding_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_set_binding(
    c: *mut pqrtc_call,
    binding: *const u8,
    binding_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        let binding = Input::optional(binding, binding_len)?.between(0, MAX_BINDING_BYTES)?;
        // SAFETY: checked above.
        c.0.set_binding(unsafe { binding.bytes() })
    })
}

/// Says where a call is. `info->size` is set by the caller; no more than that is written, and less than this version of the struct is
/// PQRTC_INVALID_LENGTH. Any number of threads.
///
/// # Safety
/// `c` is NULL or a live handle, `info` is NULL or writable for `info->size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_info(c: *const pqrtc_call, info: *mut pqrtc_call_info_t) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        // SAFETY: as the caller promises.
        let size = unsafe { struct_size(info) }?;
        let seen = c.0.info()?;
        let filled = pqrtc_call_info_t {
            size,
            state: seen.state as u32,
            role: seen.role.map_or(0, |role| role as u32),
            suite: seen.suite.map_or(0, |suite| suite as u32),
            epoch: seen.epoch,
            may_send: seen.may_send.into(),
            peer_identity: seen.peer_identity.map_or(0, |algorithm| algorithm as u32),
            peer_fingerprint: seen.peer_fingerprint,
        };
        // SAFETY: writable for as many bytes, as the caller says.
        unsafe { info.write(filled) };
        Ok(())
    })
}

/// Gives the peer's identity key and credential: of the peer that is authenticated, or of one that was PQRTC_PEER_REJECTED because it is not
/// pinned. `*algorithm` is its pqrtc_signature_algorithm; 0 and an empty key for an anonymous peer. PQRTC_UNEXPECTED_MESSAGE before there is
/// one. If either buffer is too small both lengths are set to what is needed. Any number of threads.
///
/// # Safety
/// `c` is NULL or a live handle, `algorithm` and both written lengths are writable, each buffer is NULL or writable for its capacity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_peer(
    c: *const pqrtc_call,
    algorithm: *mut u32,
    public_key: *mut u8,
    public_key_cap: usize,
    public_key_len: *mut usize,
    credential: *mut u8,
    credential_cap: usize,
    credential_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        if algorithm.is_null() {
            return Err(Error::NullPointer);
        }
        let key = VarOutput::new(public_key, public_key_cap, public_key_len)?;
        let credential = VarOutput::new(credential, credential_cap, credential_len)?;
        let (key, credential) = (key.sane()?, credential.sane()?);
        disjoint(&[], &[&key, &credential])?;
        let peer = c.0.peer()?;
        let number = peer.public_key.as_ref().map_or(0, |_| peer.suite.signature() as u32);
        let parts = [(key, peer.public_key.as_deref().unwrap_or_default()), (credential, &peer.credential)];
        // An empty part fits where there is no buffer.
        // SAFETY: checked above.
        let short = |(out, bytes): &(VarOutput, &[u8])| !bytes.is_empty() && unsafe { out.fits(bytes.len()) }.is_err();
        if parts.iter().fold(false, |found, part| found | short(part)) {
            // SAFETY: checked above.
            parts.iter().for_each(|(out, bytes)| unsafe { out.set_written(bytes.len()) });
            return Err(Error::BufferTooSmall);
        }
        for (out, bytes) in parts {
            // SAFETY: checked above.
            unsafe {
                if !bytes.is_empty() {
                    out.take(bytes.len())?.copy_from_slice(bytes);
                }
                out.set_written(bytes.len());
            }
        }
        // SAFETY: not NULL, and writable as the caller promises.
        unsafe { algorithm.write(number) };
        Ok(())
    })
}

/// Writes ten digits, without a NUL, for people to read to each other, as two groups of five: the same on both sides unless somebody is in
/// between. Of the newest epoch; PQRTC_UNEXPECTED_MESSAGE before there is one. Any number of threads.
///
/// # Safety
/// `c` is NULL or a live handle, `digits` is writable for `digits_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_sas(c: *const pqrtc_call, digits: *mut c_char, digits_len: usize) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        let digits = Output::required(digits.cast(), digits_len)?.exactly(SAS_DIGITS)?;
        let sas = c.0.sas()?;
        // SAFETY: checked above.
        unsafe { digits.bytes() }.copy_from_slice(&sas);
        Ok(())
    })
}

/// Gives the session of the newest epoch, for exported keys, SRTP keys and sealed messages. Handles of one epoch share their replay window and
/// may be the same pointer; free each with pqrtc_session_free(). A rekey does not change a session that was given out, and its key lives until
/// the last handle is freed. PQRTC_UNEXPECTED_MESSAGE before there is one. Any number of threads.
///
/// # Safety
/// `c` is NULL or a live handle, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_session(c: *const pqrtc_call, out: *mut *mut pqrtc_session) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        out.put_shared(pqrtc_session::of(c.0.session()?));
        Ok(())
    })
}

/// Makes a sender of this side for a stream (0 to 2^61 - 1; 0 unless there are several), which follows rekeys by itself for as long as the
/// call lives: pqrtc_sframe_seal() and pqrtc_frame_seal() with it are PQRTC_UNEXPECTED_MESSAGE before media may be sent. Its KID is `stream <<
/// 3 | (role - 1) << 2 | epoch & 3`.
///
/// PQRTC_INVALID_ARGUMENT for an unknown cipher suite or a larger stream, PQRTC_POLICY_REFUSED for a cipher suite that the profile does not
/// allow, PQRTC_KEY_REUSED for a stream that has a sender in this epoch. Any number of threads. Free it with pqrtc_sframe_sender_free().
///
/// # Safety
/// `c` is NULL or a live handle, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_sender(
    c: *mut pqrtc_call,
    stream: u64,
    cipher: u32,
    out: *mut *mut pqrtc_sframe_sender,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        out.put(pqrtc_sframe_sender(c.0.sender(stream, CipherSuite::try_from(cipher)?)?));
        Ok(())
    })
}

/// Makes a receiver of all streams of the peer, which follows rekeys by itself for as long as the call lives. After a rekey it opens frames of
/// the epoch before until 512 frames of their stream have been opened under the new one, or the next epoch begins.
///
/// PQRTC_INVALID_ARGUMENT for an unknown cipher suite, PQRTC_POLICY_REFUSED for one that the profile does not allow. Any number of threads.
/// Free it with pqrtc_sframe_receiver_free().
///
/// # Safety
/// `c` is NULL or a live handle, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_receiver(
    c: *mut pqrtc_call,
    cipher: u32,
    out: *mut *mut pqrtc_sframe_receiver,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        out.put(pqrtc_sframe_receiver(c.0.receiver(CipherSuite::try_from(cipher)?)?));
        Ok(())
    })
}

/// Gives KID and base key (32 bytes, a secret) of a stream in the newest epoch, for an SFrame engine that is not this library's; `direction`
/// is a pqrtc_direction. After a rekey, add the new receiving key before the old one is removed, and send under the new one as the responder
/// at once, as the initiator once the call is PQRTC_CALL_CONFIRMED.
///
/// A sending key is then taken: a sender of this library for the stream is PQRTC_KEY_REUSED in this epoch, and so is this function where there
/// is one. PQRTC_INVALID_ARGUMENT for an unknown direction or a stream of 2^61 or more, PQRTC_UNEXPECTED_MESSAGE before there is an epoch. Any
/// number of threads.
///
/// # Safety
/// `c` is NULL or a live handle, `kid` is writable, `base_key` is writable for `base_key_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_sframe_key(
    c: *mut pqrtc_call,
    direction: u32,
    stream: u64,
    kid: *mut u64,
    base_key: *mut u8,
    base_key_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let c = unsafe { handle::get(c) }?;
        if kid.is_null() {
            return Err(Error::NullPointer);
        }
        let base_key = Output::required(base_key, base_key_len)?;
        let direction = match direction {
            1 => Direction::Sending,
            2 => Direction::Receiving,
            _ => return Err(Error::InvalidArgument),
        };
        let base_key = base_key.exactly(SFRAME_KEY_BYTES)?;
        let key = c.0.sframe_key(direction, stream)?;
        // SAFETY: checked above, and writable as the caller promises.
        unsafe {
            base_key.bytes().copy_from_slice(key.as_bytes());
            kid.write(key.kid());
        }
        Ok(())
    })
}

/// Zeroes and frees a call; NULL is allowed. Nothing may use it at the same time or afterwards. Its senders, receivers and sessions live on
/// with the keys that they have, and follow no more rekeys.
///
/// # Safety
/// `c` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_call_free(c: *mut pqrtc_call) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(c) });
}

fn array(bytes: &[u8]) -> Result<[u8; FINGERPRINT_BYTES]> {
    bytes.try_into().map_err(|_| Error::InvalidLength)
}
