//! What keeps a (base_key, KID) pair from serving two senders: every pair that ever made one is remembered for the life of the process,
//! whatever handle it came from and whatever its cipher suite (RFC 9605 sections 4.4.1 and 9.1).
//!
//! An entry is 32 bytes, the SHA3-256 hash of the pair, and about 40 to 80 bytes with the tree around it: a million senders or ratchet
//! steps take some 60 MB. The hash gives nothing away of a key that was chosen at random.

use crate::provider::{IncrementalHash, Sha3, fork};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

static USED: Mutex<Used> = Mutex::new(Used { pairs: Pairs::new(), given_away: Pairs::new() });

struct Used {
    pairs: Pairs,
    /// Those of them that were given to an engine of another making.
    given_away: Pairs,
}

/// A tree: std's hash tables draw a seed from the operating system and panic where there is none.
pub(super) type Pairs = BTreeSet<Pair>;

/// The hash of a base key and a KID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair([u8; 32]);

impl Pair {
    pub fn of(base_key: &[u8], kid: u64) -> Self {
        let mut pair = Pair([0; 32]);
        Sha3::digest(&[b"pqrtc sframe key v1", &kid.to_be_bytes(), base_key], &mut pair.0);
        pair
    }
}

/// Takes a pair for a sender, once. Of several threads that try at the same time one succeeds. Call it last, when nothing else can fail:
/// what is taken stays taken, also in the child of a fork.
pub(super) fn register(pair: Pair) -> Result<()> {
    with_used(|used| if used.pairs.insert(pair) { Ok(()) } else { Err(Error::KeyReused) })
}

/// Takes a pair for an engine of another making, as often as it is asked for.
pub(super) fn give_away(pair: Pair) -> Result<()> {
    with_used(|used| match used.given_away.contains(&pair) {
        true => Ok(()),
        false if used.pairs.insert(pair) => {
            used.given_away.insert(pair);
            Ok(())
        }
        false => Err(Error::KeyReused),
    })
}

fn with_used<T>(body: impl FnOnce(&mut Used) -> Result<T>) -> Result<T> {
    // The lock of the process: never held when it forks, so that a child has the whole memory and can add to it.
    let _whole = fork::lock()?;
    body(&mut USED.lock().unwrap_or_else(PoisonError::into_inner))
}
