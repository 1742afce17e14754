//! The handshake against published runs, its table and hostile input.

mod hostile;
mod media;
mod table;
mod vectors;
mod wiped;

use super::*;
use crate::Error;
use crate::signing::{SignatureAlgorithm, SigningKey};

/// The suites of this build.
fn suites() -> impl Iterator<Item = Suite> {
    Suite::ALL.into_iter().filter(|suite| suite.check().is_ok())
}

fn profile(suite: Suite) -> Profile {
    match suite {
        Suite::Default => Profile::Default,
        Suite::Cnsa2 => Profile::Cnsa2,
    }
}

fn identity(suite: Suite) -> SigningKey {
    SigningKey::generate(suite.signature()).unwrap()
}

fn pinned(suite: Suite, peer: &SigningKey) -> Policy {
    let mut policy = Policy::new(profile(suite)).unwrap();
    policy.pin(&fingerprint(peer)).unwrap();
    policy
}

fn fingerprint(key: &SigningKey) -> [u8; 32] {
    crate::signing::public_key_fingerprint(key.algorithm(), key.public_key()).unwrap()
}

/// Two sides that know each other, with bindings.
struct Pair {
    initiator: Call,
    responder: Call,
}

const BINDING_I: &[u8] = &[1; 32];
const BINDING_R: &[u8] = &[2; 32];

impl Pair {
    fn new(suite: Suite) -> Self {
        let (alice, bob) = (identity(suite), identity(suite));
        Self::of(suite, &alice, &bob)
    }

    fn of(suite: Suite, alice: &SigningKey, bob: &SigningKey) -> Self {
        Pair {
            initiator: Call::new(&[alice], &pinned(suite, bob), BINDING_I, b"alice").unwrap(),
            responder: Call::new(&[bob], &pinned(suite, alice), BINDING_R, b"").unwrap(),
        }
    }

    /// The messages of a handshake or a rekey, all of them taken.
    fn run(&self) -> [Vec<u8>; 4] {
        let offer = self.initiator.offer().unwrap();
        let answer = self.responder.receive(&offer, BINDING_I).unwrap();
        let finish = self.initiator.receive(&answer, BINDING_R).unwrap();
        let ack = self.responder.receive(&finish, BINDING_I).unwrap();
        assert_eq!(self.initiator.receive(&ack, BINDING_R), Ok(vec![]));
        [offer, answer, finish, ack]
    }

    /// The same with the roles swapped.
    fn run_back(&self) -> [Vec<u8>; 4] {
        let offer = self.responder.offer().unwrap();
        let answer = self.initiator.receive(&offer, BINDING_R).unwrap();
        let finish = self.responder.receive(&answer, BINDING_I).unwrap();
        let ack = self.initiator.receive(&finish, BINDING_R).unwrap();
        assert_eq!(self.responder.receive(&ack, BINDING_I), Ok(vec![]));
        [offer, answer, finish, ack]
    }

    fn agree(&self) {
        let (i, r) = (self.initiator.session().unwrap(), self.responder.session().unwrap());
        assert_eq!(i.key(), r.key());
        assert_eq!(i.role(), r.role().peer());
        assert_eq!(self.initiator.sas(), self.responder.sas());
    }
}

/// What a call shows, to see that nothing changed.
type Seen = (Info, Option<Peer>, Option<[u8; 10]>, Option<[u8; 32]>);

fn seen(call: &Call) -> Seen {
    let key = call.session().ok().map(|session| *session.key().as_bytes());
    (call.info().unwrap(), call.peer().ok(), call.sas().ok(), key)
}
