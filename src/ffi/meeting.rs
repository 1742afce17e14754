//! `pqrtc_meeting_card`, `pqrtc_meeting`: meetings of many through a server that nobody trusts.

use super::args::{Input, Output, VarOutput, disjoint};
use super::guard::{guard, guard_or, pqrtc_status};
use super::handle::{self, slot};
use super::sframe::{pqrtc_sframe_receiver, pqrtc_sframe_sender};
use super::signing::pqrtc_signing_key;
use crate::error::{Error, Result};
use crate::meeting::{self, CODE_DIGITS, Card, GROUP_ID_BYTES, MAX_CREDENTIAL_BYTES, MAX_INDEX, Meeting, REF_BYTES};
use crate::sframe::CipherSuite;

/// The longest list of cards and commits in one call, in bytes.
const MAX_LIST_BYTES: usize = 1 << 28;

/// What somebody who wants to be added to a meeting publishes beforehand, with its private keys. It serves once. Zeroed when it is freed.
#[allow(non_camel_case_types)]
pub struct pqrtc_meeting_card(Card);

/// One member's view of a meeting. Zeroed when it is freed. In the child of a fork, what would use or change its keys is PQRTC_KEY_REUSED.
#[allow(non_camel_case_types)]
pub struct pqrtc_meeting(pub(super) Meeting);

/// What pqrtc_meeting_outgoing() gives.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
pub enum pqrtc_meeting_message {
    /// A box: the fresh secret of a commit, for one member.
    PQRTC_MEETING_BOX = 1,
    /// A welcome: what a new member joins with.
    PQRTC_MEETING_WELCOME = 2,
}

/// Where a member stands. `size` comes first and is set by the caller to sizeof(pqrtc_meeting_info_t), so that later versions can add to the
/// end.
#[allow(non_camel_case_types)]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct pqrtc_meeting_info_t {
    /// sizeof(pqrtc_meeting_info_t)
    pub size: usize,
    /// The number of the epoch, from 0.
    pub epoch: u32,
    /// The own index, 0 to 4095; UINT32_MAX once a commit has removed this member.
    pub index: u32,
    /// How many are in the meeting.
    pub members: u32,
    /// What names the meeting.
    pub group_id: [u8; 32],
}

/// Makes a card of the identity `me` (a key of algorithm 3 for suite 1, of algorithm 2 for suite 2) that is good until `not_after` (Unix
/// seconds), with a credential of the application's own, at most 65535 bytes; it may be empty. Any thread.
///
/// PQRTC_UNSUPPORTED for a key of algorithm 1. PQRTC_RNG_FAILED without randomness.
///
/// # Safety
/// `me` is NULL or a live handle, `credential` is valid for the length beside it, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_card_new(
    me: *const pqrtc_signing_key,
    not_after: u64,
    credential: *const u8,
    credential_len: usize,
    out: *mut *mut pqrtc_meeting_card,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let me = unsafe { handle::get(me) }?;
        let credential = Input::optional(credential, credential_len)?.between(0, MAX_CREDENTIAL_BYTES)?;
        disjoint(&[&credential], &[&out])?;
        // SAFETY: checked above.
        out.put(pqrtc_meeting_card(Card::new(&me.0, not_after, unsafe { credential.bytes() })?));
        Ok(())
    })
}

/// Writes the card, to be published: 7,802 bytes in suite 1 and 10,368 in suite 2, and the credential. Any number of threads.
///
/// # Safety
/// `k` is NULL or a live handle, `out` is NULL or writable for `out_cap` bytes, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_card_bytes(
    k: *const pqrtc_meeting_card,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let k = unsafe { handle::get(k) }?;
        let out = VarOutput::new(out, out_cap, out_len)?.sane()?;
        // SAFETY: as the caller promises.
        unsafe { give(out, k.0.as_bytes()) }
    })
}

/// Zeroes and frees a card; NULL is allowed.
///
/// # Safety
/// `k` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_card_free(k: *mut pqrtc_meeting_card) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(k) });
}

/// Makes a new meeting with one member, who has index 0. The card is used up if this succeeds; free it all the same. `now` is the time in
/// Unix seconds. The identity is copied. Any thread.
///
/// PQRTC_INVALID_KEY for a card of another identity, PQRTC_KEY_REUSED for one that was used, PQRTC_CREDENTIAL_EXPIRED for one that is no
/// longer good.
///
/// # Safety
/// `me` and `k` are NULL or live handles, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_create(
    me: *const pqrtc_signing_key,
    k: *mut pqrtc_meeting_card,
    now: u64,
    out: *mut *mut pqrtc_meeting,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let (me, k) = unsafe { (handle::get(me)?, handle::get_mut(k)?) };
        out.put(pqrtc_meeting(Meeting::create(&me.0, &mut k.0, now)?));
        Ok(())
    })
}

/// Makes a commit: it adds the owners of the cards in `add` (one after another, each u32 length, big-endian, and bytes), removes the members
/// with the indexes in `remove`, and brings in a fresh secret if `flags` is 1 or somebody is removed. Both lists may be empty, with
/// `flags` 1. Send it to the delivery server, and with it what pqrtc_meeting_outgoing() gives. It takes effect with
/// pqrtc_meeting_accepted(), once the server has put it first; if it put another first, pqrtc_meeting_receive() that one, or call
/// pqrtc_meeting_dropped(). 3,517 bytes for a join and 4,701 for a leave in suite 1.
///
/// In this order: PQRTC_UNEXPECTED_MESSAGE while a commit waits and after this member was removed; PQRTC_MALFORMED_MESSAGE for a list or card
/// that is none; PQRTC_BUFFER_TOO_SMALL; PQRTC_INVALID_ARGUMENT if there is nothing to do, for an index that is not in the roster, twice or
/// the own, for a card that is given twice, of another suite or whose keys are in the roster, for more than 4096 members;
/// PQRTC_BAD_SIGNATURE, PQRTC_CREDENTIAL_EXPIRED (by the latest time that this meeting was told) or PQRTC_INVALID_KEY for a card;
/// PQRTC_UNKNOWN_KEY_ID if the card of a member that needs a box was never seen.
///
/// # Safety
/// `m` is NULL or a live handle, each other pointer is valid for the length or count beside it, `commit_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_commit(
    m: *mut pqrtc_meeting,
    add: *const u8,
    add_len: usize,
    remove: *const u32,
    remove_count: usize,
    flags: u32,
    commit: *mut u8,
    commit_cap: usize,
    commit_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get_mut(m) }?;
        let add = Input::optional(add, add_len)?;
        let indexes = Input::optional(remove.cast(), remove_count.saturating_mul(size_of::<u32>()))?;
        let out = VarOutput::new(commit, commit_cap, commit_len)?;
        let fresh = match flags {
            0 => false,
            1 => true,
            _ => return Err(Error::InvalidArgument),
        };
        let add = add.between(0, MAX_LIST_BYTES)?;
        let indexes = indexes.between(0, (usize::from(MAX_INDEX) + 1) * size_of::<u32>())?;
        let out = out.sane()?;
        disjoint(&[&add, &indexes], &[&out])?;
        // SAFETY: checked above, and the caller vouches for the alignment of its array of numbers.
        let (add, remove, out_bytes) = unsafe {
            let add = add.bytes();
            let remove = if remove_count == 0 { &[][..] } else { core::slice::from_raw_parts(remove, remove_count) };
            (add, remove, out.take(m.0.commit_len(add, remove, fresh)?)?)
        };
        out_bytes.copy_from_slice(m.0.commit(add, remove, fresh)?);
        // SAFETY: checked above.
        unsafe { out.set_written(out_bytes.len()) };
        Ok(())
    })
}

/// Gives the `i`-th message to a single member that goes with the last own commit, from 0; PQRTC_INVALID_ARGUMENT past the last. `*kind` is
/// a pqrtc_meeting_message, `*index` the index of the member, `ref` (32 bytes) the reference of the card that a welcome is for, or
/// zeros. There until the next commit, of anybody. Any number of threads.
///
/// # Safety
/// `m` is NULL or a live handle, each pointer is writable for the length beside it, `kind`, `index` and `out_len` are writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_outgoing(
    m: *const pqrtc_meeting,
    i: usize,
    kind: *mut u32,
    index: *mut u32,
    r#ref: *mut u8,
    ref_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get(m) }?;
        let kind_out = Output::required(kind.cast(), size_of::<u32>())?;
        let index_out = Output::required(index.cast(), size_of::<u32>())?;
        let card = Output::required(r#ref, ref_len)?;
        let out = VarOutput::new(out, out_cap, out_len)?;
        let message = m.0.outgoing().get(i).ok_or(Error::InvalidArgument)?;
        let (card, out) = (card.exactly(REF_BYTES)?, out.sane()?);
        disjoint(&[], &[&kind_out, &index_out, &card, &out])?;
        // SAFETY: checked above.
        unsafe {
            give(out, &message.bytes)?;
            card.bytes().copy_from_slice(&message.card.unwrap_or_default());
            kind.write(match message.card {
                None => pqrtc_meeting_message::PQRTC_MEETING_BOX as u32,
                Some(_) => pqrtc_meeting_message::PQRTC_MEETING_WELCOME as u32,
            });
            index.write(message.index.into());
        }
        Ok(())
    })
}

/// The delivery server has put the own commit first: the meeting goes to its epoch. PQRTC_UNEXPECTED_MESSAGE if no commit waits.
///
/// # Safety
/// `m` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_accepted(m: *mut pqrtc_meeting) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        unsafe { handle::get_mut(m) }?.0.accepted()
    })
}

/// The own commit will never take effect. PQRTC_UNEXPECTED_MESSAGE if no commit waits.
///
/// # Safety
/// `m` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_dropped(m: *mut pqrtc_meeting) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        unsafe { handle::get_mut(m) }?.0.dropped()
    })
}

/// Takes the commit of another member: the meeting goes to its epoch, and an own commit that waits is dropped. `box` is the box for this
/// member, and empty where there is none. `cards` (each u32 length, big-endian, and bytes) has the cards of those that the commit adds, and
/// any others; give those of all members, and the commits with which they changed their leaf keys, before the own first commit
/// with a fresh secret. `now` is the time in Unix seconds. A member that the commit removes gets PQRTC_OK, learns it from
/// pqrtc_meeting_info(), and has no keys any more.
///
/// In this order: PQRTC_MALFORMED_MESSAGE; PQRTC_UNEXPECTED_MESSAGE for another meeting, another epoch than the next, a committer that is not
/// in the roster or is this member, and after this member was removed; PQRTC_UNKNOWN_KEY_ID if a card is missing; PQRTC_BAD_SIGNATURE;
/// PQRTC_CREDENTIAL_EXPIRED or PQRTC_INVALID_KEY for a card; PQRTC_HANDSHAKE_FAILED if the roster differs; PQRTC_DECRYPTION_FAILED for the box;
/// PQRTC_HANDSHAKE_FAILED if the confirmation is wrong, which shows a fork.
///
/// # Safety
/// `m` is NULL or a live handle, each other pointer is valid for the length beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_receive(
    m: *mut pqrtc_meeting,
    commit: *const u8,
    commit_len: usize,
    r#box: *const u8,
    box_len: usize,
    cards: *const u8,
    cards_len: usize,
    now: u64,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get_mut(m) }?;
        let (commit, sealed) = (Input::required(commit, commit_len)?, Input::optional(r#box, box_len)?);
        let cards = Input::optional(cards, cards_len)?.between(0, MAX_LIST_BYTES)?;
        let (commit, sealed) = (commit.between(0, MAX_LIST_BYTES)?, sealed.between(0, MAX_LIST_BYTES)?);
        // SAFETY: checked above.
        unsafe { m.0.receive(commit.bytes(), sealed.bytes(), cards.bytes(), now) }
    })
}

/// Joins a meeting with a welcome, the commit that it belongs to, the roster after that commit as any member has it, and cards as for
/// pqrtc_meeting_receive(), at least the committer's. The card is used up if this succeeds; free it all the same. Any thread.
///
/// In this order: as pqrtc_meeting_create(); PQRTC_MALFORMED_MESSAGE; PQRTC_UNEXPECTED_MESSAGE for a welcome or a commit that is not for this
/// card; PQRTC_HANDSHAKE_FAILED if the roster is not the commit's; PQRTC_UNKNOWN_KEY_ID without the committer's card; PQRTC_BAD_SIGNATURE;
/// PQRTC_DECRYPTION_FAILED; PQRTC_HANDSHAKE_FAILED if the confirmation is wrong.
///
/// # Safety
/// `me` and `k` are NULL or live handles, each other pointer is valid for the length beside it, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_join(
    me: *const pqrtc_signing_key,
    k: *mut pqrtc_meeting_card,
    welcome: *const u8,
    welcome_len: usize,
    commit: *const u8,
    commit_len: usize,
    roster: *const u8,
    roster_len: usize,
    cards: *const u8,
    cards_len: usize,
    now: u64,
    out: *mut *mut pqrtc_meeting,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let (me, k) = unsafe { (handle::get(me)?, handle::get_mut(k)?) };
        let (welcome, commit) = (Input::required(welcome, welcome_len)?, Input::required(commit, commit_len)?);
        let (roster, cards) = (Input::required(roster, roster_len)?, Input::optional(cards, cards_len)?);
        let (welcome, commit) = (welcome.between(0, MAX_LIST_BYTES)?, commit.between(0, MAX_LIST_BYTES)?);
        let (roster, cards) = (roster.between(0, MAX_LIST_BYTES)?, cards.between(0, MAX_LIST_BYTES)?);
        disjoint(&[&welcome, &commit, &roster, &cards], &[&out])?;
        // SAFETY: checked above.
        let (welcome, commit, roster, cards) =
            unsafe { (welcome.bytes(), commit.bytes(), roster.bytes(), cards.bytes()) };
        out.put(pqrtc_meeting(Meeting::join(&me.0, &mut k.0, welcome, commit, roster, cards, now)?));
        Ok(())
    })
}

/// Writes the roster: for each member by rising index, u16 index, fingerprint (32 bytes, as pqrtc_public_key_fingerprint()) and the hash of its
/// leaf key (32 bytes). Any number of threads.
///
/// # Safety
/// `m` is NULL or a live handle, `out` is NULL or writable for `out_cap` bytes, `out_len` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_roster(
    m: *const pqrtc_meeting,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get(m) }?;
        let out = VarOutput::new(out, out_cap, out_len)?.sane()?;
        // SAFETY: as the caller promises.
        unsafe { give(out, &m.0.roster()?) }
    })
}

/// Says where this member stands. `info->size` is set by the caller; less than this version of the struct is PQRTC_INVALID_LENGTH. Any number
/// of threads.
///
/// # Safety
/// `m` is NULL or a live handle, `info` is NULL or writable for `info->size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_info(m: *const pqrtc_meeting, info: *mut pqrtc_meeting_info_t) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get(m) }?;
        if info.is_null() {
            return Err(Error::NullPointer);
        }
        // SAFETY: not NULL; the size is the first field in every version.
        let size = unsafe { info.cast::<usize>().read() };
        if size < size_of::<pqrtc_meeting_info_t>() {
            return Err(Error::InvalidLength);
        }
        let now = m.0.info();
        let (index, members) = (now.index.map_or(u32::MAX, u32::from), now.members as u32);
        // SAFETY: writable for as many bytes, as the caller says.
        unsafe {
            info.write(pqrtc_meeting_info_t { size, epoch: now.epoch, index, members, group_id: now.group });
        }
        Ok(())
    })
}

/// Writes thirty digits that are the same for all members of an epoch, and for nobody else: for people to compare. `digits` takes
/// exactly 30 bytes, without a NUL. PQRTC_UNEXPECTED_MESSAGE after this member was removed. Any number of threads.
///
/// # Safety
/// `m` is NULL or a live handle, `digits` is writable for `digits_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_code(
    m: *const pqrtc_meeting,
    digits: *mut core::ffi::c_char,
    digits_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get(m) }?;
        let digits = Output::required(digits.cast(), digits_len)?.exactly(CODE_DIGITS)?;
        // SAFETY: checked above.
        unsafe { digits.bytes() }.copy_from_slice(&m.0.code()?);
        Ok(())
    })
}

/// Makes a sender of this member for a stream (0 to 2^48 - 1; 0 unless there are several), which follows epochs by itself for as long as the
/// meeting lives: it changes to a new epoch two seconds after the meeting has, when the commit has reached the others too, or at once when
/// another epoch begins. Sealing is PQRTC_UNEXPECTED_MESSAGE after this member was removed. Free it with pqrtc_sframe_sender_free().
///
/// PQRTC_UNEXPECTED_MESSAGE after this member was removed, PQRTC_INVALID_ARGUMENT for an unknown cipher suite or a larger stream,
/// PQRTC_KEY_REUSED for a stream that has a sender in this epoch.
///
/// # Safety
/// `m` is NULL or a live handle, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_sender(
    m: *mut pqrtc_meeting,
    stream: u64,
    cipher: u32,
    out: *mut *mut pqrtc_sframe_sender,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get(m) }?;
        out.put(pqrtc_sframe_sender(m.0.sender(stream, CipherSuite::try_from(cipher)?)?));
        Ok(())
    })
}

/// Makes a receiver of all streams of all other members, which follows epochs by itself for as long as the meeting lives. Of the epoch before
/// it opens frames of members that are still there, until 512 frames of their stream were opened under the new one, or another epoch
/// begins. Free it with pqrtc_sframe_receiver_free().
///
/// PQRTC_INVALID_ARGUMENT for an unknown cipher suite.
///
/// # Safety
/// `m` is NULL or a live handle, `out` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_receiver(
    m: *mut pqrtc_meeting,
    cipher: u32,
    out: *mut *mut pqrtc_sframe_receiver,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let out = unsafe { slot(out) }?;
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get(m) }?;
        out.put(pqrtc_sframe_receiver(m.0.receiver(CipherSuite::try_from(cipher)?)?));
        Ok(())
    })
}

/// Gives the KID and base key (32 bytes) of the stream of the member with this index in the newest epoch, for SFrame engines of others. The own
/// key is then taken: a sender of this library for the stream is PQRTC_KEY_REUSED in this epoch, and so is this function where there was one.
/// Wipe the key when the engine has it.
///
/// PQRTC_UNEXPECTED_MESSAGE after this member was removed, PQRTC_INVALID_ARGUMENT for an index that is not in the meeting or a stream of
/// 2^48 or more.
///
/// # Safety
/// `m` is NULL or a live handle, `kid` is writable, `base_key` is writable for `base_key_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_sframe_key(
    m: *mut pqrtc_meeting,
    index: u32,
    stream: u64,
    kid: *mut u64,
    base_key: *mut u8,
    base_key_len: usize,
) -> pqrtc_status {
    guard(|| {
        // SAFETY: as the caller promises.
        let m = unsafe { handle::get(m) }?;
        let kid_out = Output::required(kid.cast(), size_of::<u64>())?;
        let base_key = Output::required(base_key, base_key_len)?.exactly(32)?;
        disjoint(&[], &[&kid_out, &base_key])?;
        let key = m.0.sframe_key(index, stream)?;
        // SAFETY: checked above.
        unsafe {
            base_key.bytes().copy_from_slice(key.as_bytes());
            kid.write(key.kid());
        }
        Ok(())
    })
}

/// Gives the KID of RFC 9605 section 5.2 for an application that runs MLS (RFC 9420) itself: `stream << (S + E) | index << E | epoch mod 2^E`,
/// with `index_bits` as S and `epoch_bits` as E. The base key is MLS-Exporter("SFrame 1.0 Base Key", "", Nk). PQRTC_INVALID_ARGUMENT if the
/// index or the stream does not fit its bits, or S and E take more than 64. Any thread.
///
/// # Safety
/// `kid` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_sframe_mls_kid(
    epoch: u64,
    index: u64,
    stream: u64,
    index_bits: u32,
    epoch_bits: u32,
    kid: *mut u64,
) -> pqrtc_status {
    guard(|| {
        if kid.is_null() {
            return Err(Error::NullPointer);
        }
        let value = meeting::mls_kid(epoch, index, stream, index_bits, epoch_bits)?;
        // SAFETY: not NULL, and writable as the caller promises.
        unsafe { kid.write(value) };
        Ok(())
    })
}

/// Zeroes and frees a meeting; NULL is allowed. Its senders and receivers live on, at the epoch where they are.
///
/// # Safety
/// `m` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pqrtc_meeting_free(m: *mut pqrtc_meeting) {
    // SAFETY: as the caller promises.
    guard_or((), || unsafe { handle::free(m) });
}

/// Writes `bytes`, all of them.
///
/// # Safety
/// The C caller vouches for the output.
unsafe fn give(out: VarOutput, bytes: &[u8]) -> Result<()> {
    disjoint(&[], &[&out])?;
    // SAFETY: as promised.
    unsafe {
        out.take(bytes.len())?.copy_from_slice(bytes);
        out.set_written(bytes.len());
    }
    Ok(())
}

const _: () = assert!(GROUP_ID_BYTES == 32);
