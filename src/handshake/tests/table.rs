//! The table of states and messages, and what a message that was taken before gives in every state after it.

use super::*;
use Error::{HandshakeFailed, PolicyRefused, UnexpectedMessage};

/// A call in one state of the table, and what was said to get there.
struct Stand {
    name: &'static str,
    call: Call,
    state: State,
    /// What M1, M2, M3 and acknowledgement of another call between the same two give, None for success.
    foreign: [Option<Error>; 4],
    /// Whether it may make an M1.
    offers: bool,
    /// What it took before and what it gave back.
    taken: Vec<(Vec<u8>, Vec<u8>)>,
    /// What it sent.
    sent: Vec<Vec<u8>>,
}

fn stands(suite: Suite, alice: &SigningKey, bob: &SigningKey) -> Vec<Stand> {
    let pair = || Pair::of(suite, alice, bob);
    let mut stands = Vec::new();
    let mut add = |name, call: Call, state, foreign: [Option<Error>; 4], taken: &[[&Vec<u8>; 2]], sent: &[&Vec<u8>]| {
        let taken = taken.iter().map(|[message, reply]| ((*message).clone(), (*reply).clone())).collect();
        let offers = matches!(state, State::New | State::Done | State::Confirmed);
        stands.push(Stand {
            name,
            call,
            state,
            foreign,
            offers,
            taken,
            sent: sent.iter().map(|m| (*m).clone()).collect(),
        });
    };
    let (unexpected, failed, policy) = (Some(UnexpectedMessage), Some(HandshakeFailed), Some(PolicyRefused));
    let nothing = Vec::new();

    let new = pair();
    add("new", new.initiator, State::New, [None, unexpected, unexpected, unexpected], &[], &[]);

    let offered = pair();
    let m1 = offered.initiator.offer().unwrap();
    add("offered", offered.initiator, State::Offered, [unexpected, failed, unexpected, unexpected], &[], &[&m1]);
    let m2 = offered.responder.receive(&m1, BINDING_I).unwrap();
    add(
        "answered",
        offered.responder,
        State::Answered,
        [unexpected, unexpected, failed, unexpected],
        &[[&m1, &m2]],
        &[&m2],
    );

    let done = pair();
    let m1 = done.initiator.offer().unwrap();
    let m2 = done.responder.receive(&m1, BINDING_I).unwrap();
    let m3 = done.initiator.receive(&m2, BINDING_R).unwrap();
    let ack = done.responder.receive(&m3, BINDING_I).unwrap();
    add(
        "done, initiator",
        done.initiator,
        State::Done,
        [policy, unexpected, unexpected, failed],
        &[[&m2, &m3]],
        &[&m1, &m3],
    );
    add(
        "done, responder",
        done.responder,
        State::Done,
        [policy, unexpected, unexpected, unexpected],
        &[[&m1, &m2], [&m3, &ack]],
        &[&m2, &ack],
    );

    let rekeyed = pair();
    let [m1, m2, m3, ack] = rekeyed.run();
    let first_i = [[&m2, &m3], [&ack, &nothing]];
    let first_r = [[&m1, &m2], [&m3, &ack]];
    let confirmed = pair();
    let [c1, c2, c3, c4] = confirmed.run();
    add(
        "confirmed",
        confirmed.initiator,
        State::Confirmed,
        [policy, unexpected, unexpected, unexpected],
        &[[&c2, &c3], [&c4, &nothing]],
        &[&c1, &c3],
    );
    let r1 = rekeyed.initiator.offer().unwrap();
    let r2 = rekeyed.responder.receive(&r1, BINDING_I).unwrap();
    add(
        "rekey offered",
        rekeyed.initiator,
        State::Offered,
        [policy, failed, unexpected, unexpected],
        &first_i,
        &[&m1, &m3, &r1],
    );
    let taken = [first_r[0], first_r[1], [&r1, &r2]];
    add(
        "rekey answered",
        rekeyed.responder,
        State::Answered,
        [unexpected, unexpected, failed, unexpected],
        &taken,
        &[&m2, &ack, &r2],
    );

    let twice = pair();
    let [m1, _, m3, _] = twice.run();
    let [r1, r2, r3, r4] = twice.run_back();
    add(
        "rekeyed, initiator of the rekey",
        twice.responder,
        State::Confirmed,
        [policy, unexpected, unexpected, unexpected],
        &[[&r2, &r3], [&r4, &nothing]],
        &[&r1, &r3],
    );
    // What belongs to an epoch before the last is not answered any more.
    assert_eq!(twice.initiator.receive(&m1, b""), Err(PolicyRefused));
    assert_eq!(twice.initiator.receive(&m3, b""), Err(UnexpectedMessage));
    add(
        "rekeyed, responder of the rekey",
        twice.initiator,
        State::Done,
        [policy, unexpected, unexpected, unexpected],
        &[[&r1, &r2], [&r3, &r4]],
        &[&r2, &r4],
    );
    stands
}

#[test]
fn every_message_in_every_state() {
    for suite in suites() {
        let (alice, bob) = (identity(suite), identity(suite));
        let other = Pair::of(suite, &alice, &bob).run();
        for stand in stands(suite, &alice, &bob) {
            let Stand { name, call, state, foreign, offers, taken, sent } = stand;
            let before = seen(&call);
            assert_eq!(before.0.state, state, "{name}");
            for (index, (message, expected)) in other.iter().zip(foreign).enumerate() {
                let Some(error) = expected else { continue };
                for binding in [BINDING_I, BINDING_R, b""] {
                    assert_eq!(call.receive(message, binding), Err(error), "{name}, foreign M{}", index + 1);
                    assert!(seen(&call) == before, "{name}, foreign M{}", index + 1);
                }
            }
            for message in &sent {
                // The first offer is not one of a rekey, which is what a running call would take.
                let first = message[1] == 1 && message[3] == 0 && call.session().is_ok();
                let expected = if first { PolicyRefused } else { UnexpectedMessage };
                assert_eq!(call.receive(message, b""), Err(expected), "{name}, reflected M{}", message[1]);
                assert!(seen(&call) == before, "{name}, reflected");
            }
            for (message, reply) in &taken {
                for _ in 0..2 {
                    assert_eq!(call.receive(message, b"").as_ref(), Ok(reply), "{name}, repeated M{}", message[1]);
                    assert!(seen(&call) == before, "{name}, repeated");
                }
                // The same message with one bit changed is another.
                let mut altered = message.clone();
                *altered.last_mut().unwrap() ^= 1;
                assert!(call.receive(&altered, b"").is_err(), "{name}, repeated and altered M{}", message[1]);
                assert!(seen(&call) == before, "{name}, repeated and altered");
            }
            match offers {
                true => assert!(call.offer().is_ok(), "{name}"),
                false => assert_eq!(call.offer(), Err(UnexpectedMessage), "{name}"),
            }
        }
        let fresh = Pair::of(suite, &alice, &bob);
        assert!(fresh.responder.receive(&other[0], b"").is_ok());
    }
}

#[test]
fn sizes_are_those_of_the_specification() {
    for suite in suites() {
        let expected = match suite {
            Suite::Default => [[1260, 7748, 6563, 18], [1260, 2359, 1174, 18]],
            Suite::Cnsa2 => [[1612, 10410, 8873, 18], [1612, 3159, 1622, 18]],
        };
        let (alice, bob) = (identity(suite), identity(suite));
        let call = |me: &[&SigningKey], binding: &[u8]| {
            let mut policy = Policy::new(profile(suite)).unwrap();
            policy.accept_any_peer();
            policy.accept_anonymous_peer();
            Call::new(me, &policy, binding, b"").unwrap()
        };
        let signed = Pair { initiator: call(&[&alice], BINDING_I), responder: call(&[&bob], BINDING_R) };
        assert_eq!(signed.run().map(|message| message.len()), expected[0]);
        let anonymous = Pair { initiator: call(&[], b""), responder: call(&[], b"") };
        let m1 = anonymous.initiator.offer().unwrap();
        let m2 = anonymous.responder.receive(&m1, b"").unwrap();
        let m3 = anonymous.initiator.receive(&m2, b"").unwrap();
        let ack = anonymous.responder.receive(&m3, b"").unwrap();
        assert_eq!([m1, m2, m3, ack].map(|message| message.len()), expected[1]);
        anonymous.agree();
    }
    if suites().count() == 2 {
        let both = Call::new(&[], &Policy::new(Profile::DefaultOrCnsa2).unwrap(), b"", b"").unwrap();
        assert_eq!(both.offer().unwrap().len(), 2831);
    }
}

#[test]
fn rekeys_by_either_side_change_the_key_and_keep_the_peer() {
    for suite in suites() {
        let pair = Pair::new(suite);
        let mut keys = Vec::new();
        for epoch in 0..6 {
            let [m1, ..] = if epoch % 3 == 1 { pair.run_back() } else { pair.run() };
            assert_eq!((m1[3], m1[7]), (if epoch == 0 { 0 } else { 2 }, epoch));
            pair.agree();
            assert_eq!(pair.initiator.info().unwrap().epoch, u32::from(epoch));
            keys.push(*pair.initiator.session().unwrap().key().as_bytes());
            assert_eq!(pair.responder.peer().unwrap().credential, b"alice");
        }
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 6);
    }
}

#[test]
fn glare_leaves_the_smaller_offer() {
    for suite in suites() {
        for _ in 0..4 {
            let pair = Pair::new(suite);
            pair.run();
            let (a, b) = (pair.initiator.offer().unwrap(), pair.responder.offer().unwrap());
            let (winner, loser, binding_winner, binding_loser, first, second) = match a < b {
                true => (&pair.initiator, &pair.responder, BINDING_I, BINDING_R, &a, &b),
                false => (&pair.responder, &pair.initiator, BINDING_R, BINDING_I, &b, &a),
            };
            let before = seen(winner);
            assert_eq!(winner.receive(second, b""), Ok(vec![]));
            assert!(seen(winner) == before);
            let answer = loser.receive(first, binding_winner).unwrap();
            // Both still answer what they took, and the offer that lost is nobody's any more.
            assert_eq!(loser.receive(first, b"").as_ref(), Ok(&answer));
            assert_eq!(winner.receive(second, b""), Ok(vec![]));
            let finish = winner.receive(&answer, binding_loser).unwrap();
            let ack = loser.receive(&finish, binding_winner).unwrap();
            assert_eq!(winner.receive(&ack, b""), Ok(vec![]));
            assert_eq!(winner.receive(second, b""), Err(UnexpectedMessage));
            pair.agree();
            assert_eq!(pair.initiator.info().unwrap().epoch, 1);
        }
    }
}

#[test]
fn a_call_in_which_one_side_is_two_suites_wide() {
    if suites().count() < 2 {
        return;
    }
    let keys = Suite::ALL.map(identity);
    let server = Suite::ALL.map(identity);
    let mut wide = Policy::new(Profile::DefaultOrCnsa2).unwrap();
    wide.accept_any_peer();
    let answerer = |suite: Suite| {
        let key = &server[suite as usize - 1];
        let mut policy = Policy::new(profile(suite)).unwrap();
        policy.accept_any_peer();
        Call::new(&[key], &policy, b"", b"").unwrap()
    };
    for suite in Suite::ALL {
        let (i, r) = (Call::new(&[&keys[1], &keys[0]], &wide, b"", b"").unwrap(), answerer(suite));
        let answer = r.receive(&i.offer().unwrap(), b"").unwrap();
        let finish = i.receive(&answer, b"").unwrap();
        r.receive(&finish, b"").unwrap();
        assert_eq!(i.info().unwrap().suite, Some(suite));
        // A rekey stays in the suite.
        let offer = i.offer().unwrap();
        assert_eq!((offer[40], offer[41]), (1, suite as u8));
        assert!(r.receive(&offer, b"").is_ok());
        // One identity offers its suite alone.
        let narrow = Call::new(&[&keys[suite as usize - 1]], &wide, b"", b"").unwrap();
        assert_eq!(narrow.offer().unwrap()[40..42], [1, suite as u8]);
    }
    // The answerer's order decides.
    let both = Call::new(&[&server[0], &server[1]], &wide, b"", b"").unwrap();
    let i = Call::new(&[&keys[0], &keys[1]], &wide, b"", b"").unwrap();
    assert_eq!(both.receive(&i.offer().unwrap(), b"").unwrap()[2], 1);
    // No suite in common.
    let i = Call::new(&[&keys[0]], &wide, b"", b"").unwrap();
    assert_eq!(answerer(Suite::Cnsa2).receive(&i.offer().unwrap(), b""), Err(PolicyRefused));
}
