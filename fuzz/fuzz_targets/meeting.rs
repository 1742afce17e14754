//! Commits, boxes, welcomes, rosters and cards, altered: a member refuses them with nothing changed, or comes to the epoch of the others.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc_fuzz::*;
use std::cell::RefCell;
use std::ptr::null;

const CARD: usize = 7802;

struct World {
    keys: [*mut pqrtc_signing_key; 2],
    host: *mut pqrtc_meeting,
    guest: *mut pqrtc_meeting,
    /// The card of a third member, who has not joined yet.
    waiting: *mut pqrtc_meeting_card,
    /// Of somebody else.
    new_card: Vec<u8>,
    cards: Vec<u8>,
    roster: Vec<u8>,
    welcome: Vec<u8>,
    commit: Vec<u8>,
    /// The next commit, which the guest has not seen, and the box for it.
    next: Vec<u8>,
    boxed: Vec<u8>,
}

/// u32 length || card
fn listed(card: *mut pqrtc_meeting_card) -> Vec<u8> {
    let card =
        filled(CARD, |out, capacity, len| unsafe { pqrtc_meeting_card_bytes(card, out, capacity, len) }).unwrap();
    [&(card.len() as u32).to_be_bytes(), &card[..]].concat()
}

fn outgoing(meeting: *mut pqrtc_meeting, i: usize) -> Vec<u8> {
    let (mut kind, mut index, mut card) = (0, 0, [0; 32]);
    filled(4096, |out, capacity, len| unsafe {
        pqrtc_meeting_outgoing(meeting, i, &mut kind, &mut index, card.as_mut_ptr(), 32, out, capacity, len)
    })
    .unwrap()
}

fn commit(meeting: *mut pqrtc_meeting, add: &[u8], flags: u32) -> Result<Vec<u8>, pqrtc_status> {
    filled(1 << 14, |out, capacity, len| unsafe {
        pqrtc_meeting_commit(meeting, add.as_ptr(), add.len(), null(), 0, flags, out, capacity, len)
    })
}

/// The code of an epoch tells it from all others.
fn code(meeting: *mut pqrtc_meeting) -> [u8; 30] {
    fixed(|out, len| unsafe { pqrtc_meeting_code(meeting, out.cast(), len) }).unwrap()
}

fn receive(meeting: *mut pqrtc_meeting, commit: &[u8], boxed: &[u8], cards: &[u8]) -> pqrtc_status {
    let (box_at, box_len) = (boxed.as_ptr(), boxed.len());
    let (commit, commit_len) = (commit.as_ptr(), commit.len());
    sane(unsafe {
        pqrtc_meeting_receive(meeting, commit, commit_len, box_at, box_len, cards.as_ptr(), cards.len(), 1000)
    })
}

impl World {
    fn new(keys: [*mut pqrtc_signing_key; 2]) -> Self {
        unsafe {
            let card =
                |key: *mut pqrtc_signing_key| made(|out| pqrtc_meeting_card_new(key, 2000, null(), 0, out)).unwrap();
            let [first, second, waiting, new] = [keys[0], keys[1], keys[1], keys[0]].map(card);
            let (cards, new_card) = ([first, second, waiting].map(listed), listed(new));
            let host = made(|out| pqrtc_meeting_create(keys[0], first, 1000, out)).unwrap();
            let joins = commit(host, &cards[1..].concat(), 0).unwrap();
            ok(pqrtc_meeting_accepted(host));
            let roster = filled(198, |out, capacity, len| pqrtc_meeting_roster(host, out, capacity, len)).unwrap();
            let [guest_welcome, welcome] = [0, 1].map(|i| outgoing(host, i));
            let cards = cards.concat();
            let guest = join(keys[1], second, [&guest_welcome, &joins, &roster, &cards]).unwrap();
            let next = commit(host, &[], 1).unwrap();
            let boxed = outgoing(host, 0);
            ok(pqrtc_meeting_accepted(host));
            [first, second, new].iter().for_each(|card| pqrtc_meeting_card_free(*card));
            World { keys, host, guest, waiting, new_card, cards, roster, welcome, commit: joins, next, boxed }
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        unsafe {
            pqrtc_meeting_free(self.host);
            pqrtc_meeting_free(self.guest);
            pqrtc_meeting_card_free(self.waiting);
        }
    }
}

fn join(
    me: *mut pqrtc_signing_key,
    card: *mut pqrtc_meeting_card,
    [welcome, commit, roster, cards]: [&[u8]; 4],
) -> Result<*mut pqrtc_meeting, pqrtc_status> {
    let (roster, roster_len) = (roster.as_ptr(), roster.len());
    let (cards, cards_len) = (cards.as_ptr(), cards.len());
    let (welcome, welcome_len) = (welcome.as_ptr(), welcome.len());
    let (commit, commit_len) = (commit.as_ptr(), commit.len());
    made(|out| unsafe {
        pqrtc_meeting_join(
            me,
            card,
            welcome,
            welcome_len,
            commit,
            commit_len,
            roster,
            roster_len,
            cards,
            cards_len,
            1000,
            out,
        )
    })
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::new([1, 2].map(|seed| {
        made(|out| unsafe { pqrtc_signing_key_from_seed(3, [seed; 64].as_ptr(), 64, out) }).unwrap()
    })));
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    WORLD.with_borrow_mut(|world| {
        let which = input.u8();
        let mut alter = |part: u8, valid: &[u8], other: &[u8]| match which >> 3 & part {
            0 => valid.to_vec(),
            _ if which & 0x80 != 0 => input.0.to_vec(),
            _ => mutate(valid, other, &mut input),
        };
        let used = match which & 7 {
            // What takes one signature to find out.
            0 => {
                let add = alter(1, &world.new_card, &world.cards);
                let made = commit(world.guest, &add, 0);
                assert!(made.is_err() || add == world.new_card);
                let status = unsafe { pqrtc_meeting_dropped(world.guest) };
                assert_eq!(status, if made.is_ok() { PQRTC_OK } else { PQRTC_UNEXPECTED_MESSAGE });
                false
            }
            1..=3 => {
                let welcome = alter(1, &world.welcome, &world.boxed);
                let commit = alter(2, &world.commit, &world.next);
                let (roster, cards) = (alter(4, &world.roster, &world.cards), alter(8, &world.cards, &world.new_card));
                let joined = join(world.keys[1], world.waiting, [&welcome, &commit, &roster, &cards]);
                if let Ok(joined) = joined {
                    assert!(welcome == world.welcome && commit == world.commit && roster == world.roster);
                    assert_eq!(code(joined), code(world.guest));
                    unsafe { pqrtc_meeting_free(joined) };
                }
                joined.is_ok()
            }
            _ => {
                let before = code(world.guest);
                let (commit, boxed) = (alter(1, &world.next, &world.commit), alter(2, &world.boxed, &world.welcome));
                let cards = alter(4, &world.cards, &world.new_card);
                let taken = receive(world.guest, &commit, &boxed, &cards) == PQRTC_OK;
                assert!(!taken || (commit == world.next && boxed == world.boxed));
                assert_eq!(code(world.guest), if taken { code(world.host) } else { before });
                taken
            }
        };
        if used {
            *world = World::new(world.keys);
        }
    });
});
