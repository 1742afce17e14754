//! The map of a receiver from KIDs to keys. Finding a key takes no lock and writes to nothing that another thread reads: a bucket is replaced
//! as a whole, and a thread that holds the old one keeps its keys alive until it is done, when they are wiped.

use super::chain::{Entry, SeenStep};
use arc_swap::{ArcSwapOption, Guard};
use std::sync::Arc;

/// By KIDs without the bits that count ratchet steps. One thread at a time changes it.
pub(super) struct Keys {
    buckets: Box<[ArcSwapOption<Bucket>; BUCKETS]>,
}

const BUCKETS: usize = 64;

/// Sorted.
type Bucket = Vec<Entry>;

/// An entry that is held.
pub(super) struct Found {
    bucket: Guard<Option<Arc<Bucket>>>,
    at: usize,
}

impl Keys {
    pub fn new() -> Self {
        Keys { buckets: Box::new([const { ArcSwapOption::const_empty() }; BUCKETS]) }
    }

    pub fn find(&self, id: u64) -> Option<Found> {
        let bucket = self.bucket(id).load();
        let at = bucket.as_ref()?.binary_search_by_key(&id, |entry| entry.id).ok()?;
        Some(Found { bucket, at })
    }

    /// Puts an entry in, in the place of one with its ID.
    pub fn put(&self, entry: Entry) {
        self.change(entry.id, |bucket, place| match place {
            Ok(at) => bucket[at] = entry,
            Err(at) => bucket.insert(at, entry),
        });
    }

    pub fn remove(&self, id: u64) {
        self.change(id, |bucket, place| {
            if let Ok(at) = place {
                bucket.remove(at);
            }
        });
    }

    /// Calls `each` with every entry.
    pub fn for_each(&self, mut each: impl FnMut(&Entry)) {
        for bucket in self.buckets.iter() {
            bucket.load().iter().flat_map(|bucket| bucket.iter()).for_each(&mut each);
        }
    }

    fn change(&self, id: u64, change: impl FnOnce(&mut Bucket, core::result::Result<usize, usize>)) {
        let bucket = self.bucket(id);
        let mut new = bucket.load().as_ref().map_or_else(Vec::new, |bucket| Vec::clone(bucket));
        let place = new.binary_search_by_key(&id, |entry| entry.id);
        change(&mut new, place);
        bucket.store((!new.is_empty()).then(|| Arc::new(new)));
    }

    fn bucket(&self, id: u64) -> &ArcSwapOption<Bucket> {
        // The bits of a product with this constant are spread well, whatever an application counts KIDs by.
        &self.buckets[(id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize]
    }
}

impl Found {
    /// An entry that is in no map.
    pub fn alone(entry: Entry) -> Self {
        Found { bucket: Guard::from_inner(Some(Arc::new(vec![entry]))), at: ALONE }
    }

    pub fn is_alone(&self) -> bool {
        self.at == ALONE
    }
}

/// The place of an entry that is in no map.
const ALONE: usize = usize::MAX;

impl core::ops::Deref for Found {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        match &*self.bucket {
            Some(bucket) => &bucket[if self.is_alone() { 0 } else { self.at }],
            None => unreachable!("found in a bucket"),
        }
    }
}

/// A key that is held while frames are opened under it.
pub(super) struct HeldKey {
    pub found: Found,
    which: Which,
}

enum Which {
    Current,
    Previous,
    /// A step that its sender is not known to have gone to.
    Ahead(Arc<SeenStep>),
}

impl HeldKey {
    /// The step of a KID, if the entry has it.
    pub fn of(found: Found, kid: u64) -> core::result::Result<Self, Found> {
        if found.current.step.kid == kid {
            Ok(HeldKey { found, which: Which::Current })
        } else if found.previous.as_ref().is_some_and(|step| step.step.kid == kid) {
            Ok(HeldKey { found, which: Which::Previous })
        } else {
            Err(found)
        }
    }

    pub fn ahead(found: Found, step: Arc<SeenStep>) -> Self {
        HeldKey { found, which: Which::Ahead(step) }
    }

    pub fn step(&self) -> &SeenStep {
        match (&self.which, &self.found.previous) {
            (Which::Ahead(step), _) => step,
            (Which::Previous, Some(step)) => step,
            _ => &self.found.current,
        }
    }

    /// The step, if it is one ahead.
    pub fn is_ahead(&self) -> Option<&Arc<SeenStep>> {
        match &self.which {
            Which::Ahead(step) => Some(step),
            _ => None,
        }
    }
}
