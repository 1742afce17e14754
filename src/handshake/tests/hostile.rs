//! Altered, cut, forged and repeated messages, peers that a policy refuses, and many threads.

use super::*;
use crate::protocol::{Digest, KemKey, Prk, Rng, TAG_BYTES, hash, open_once, seal_once};
use Error::*;

/// What a message with one byte changed gives in the state in which it was waited for.
fn expected(message: &[u8], altered: &[u8], at: usize, suite: Suite) -> Error {
    match at {
        0 => VersionRefused,
        1 if (1..=4).contains(&altered[1]) => UnexpectedMessage,
        1 => MalformedMessage,
        2 if message[1] == 2 => PolicyRefused,
        _ if message[1] == 2 => {
            let (ct, ek) = (suite.ciphertext_len(), suite.public_key_len());
            let share = &altered[3 + ct..3 + ct + ek];
            suite.check_public_key(share).err().unwrap_or(HandshakeFailed)
        }
        _ => HandshakeFailed,
    }
}

/// Bytes to alter: each of them in the default suite, some in the other.
fn places(suite: Suite, len: usize) -> impl Iterator<Item = usize> {
    (0..len).step_by(if suite == Suite::Default { 1 } else { 7 })
}

#[test]
fn every_byte_of_an_answer_and_a_finish() {
    for suite in suites() {
        let pair = Pair::new(suite);
        let m1 = pair.initiator.offer().unwrap();
        let m2 = pair.responder.receive(&m1, BINDING_I).unwrap();
        let before = seen(&pair.initiator);
        for at in places(suite, m2.len()) {
            let mut altered = m2.clone();
            altered[at] ^= 1 << (at % 8);
            assert_eq!(
                pair.initiator.receive(&altered, BINDING_R),
                Err(expected(&m2, &altered, at, suite)),
                "M2 byte {at}"
            );
        }
        assert!(seen(&pair.initiator) == before);
        let m3 = pair.initiator.receive(&m2, BINDING_R).unwrap();
        let before = seen(&pair.responder);
        for at in places(suite, m3.len()) {
            let mut altered = m3.clone();
            altered[at] ^= 0x80 >> (at % 8);
            assert_eq!(
                pair.responder.receive(&altered, BINDING_I),
                Err(expected(&m3, &altered, at, suite)),
                "M3 byte {at}"
            );
        }
        assert!(seen(&pair.responder) == before);
        let ack = pair.responder.receive(&m3, BINDING_I).unwrap();
        let before = seen(&pair.initiator);
        for at in 0..ack.len() {
            let mut altered = ack.clone();
            altered[at] ^= 0x40;
            assert_eq!(
                pair.initiator.receive(&altered, b""),
                Err(expected(&ack, &altered, at, suite)),
                "ack byte {at}"
            );
        }
        assert!(seen(&pair.initiator) == before);
        assert_eq!(pair.initiator.receive(&ack, b""), Ok(vec![]));
        pair.agree();
    }
}

/// An altered offer that still is one is answered, and the answer is worth nothing to who made the offer.
#[test]
fn every_byte_of_an_offer() {
    for suite in suites() {
        let (alice, bob) = (identity(suite), identity(suite));
        let initiator = Call::new(&[&alice], &pinned(suite, &bob), b"", b"").unwrap();
        let responder = || Call::new(&[&bob], &pinned(suite, &alice), b"", b"").unwrap();
        let m1 = initiator.offer().unwrap();
        let mut answered = 0;
        for at in places(suite, m1.len()).filter(|at| *at < 100 || at % 5 == 0 || at + 40 > m1.len()) {
            let mut altered = m1.clone();
            altered[at] ^= 1 << (at % 8);
            let call = responder();
            let got = call.receive(&altered, b"");
            match at {
                0 => assert_eq!(got, Err(VersionRefused)),
                // The type of another message.
                1 => assert_eq!(got, Err(UnexpectedMessage)),
                // 1 became 5: the peer speaks later versions too.
                3 => assert_eq!(got, Err(PolicyRefused)),
                4..8 => assert_eq!(got, Err(UnexpectedMessage)),
                // The number of suites, and the length of the key.
                40 | 42 | 43 => assert_eq!(got, Err(MalformedMessage)),
                41 => {
                    assert_eq!(got, Err(if altered[41] == 3 - suite as u8 { MalformedMessage } else { PolicyRefused }))
                }
                _ if at >= 44 && suite.check_public_key(&altered[44..]).is_err() => assert_eq!(got, Err(InvalidKey)),
                _ => {
                    answered += 1;
                    assert_eq!(initiator.receive(&got.clone().unwrap(), b""), Err(HandshakeFailed), "byte {at}");
                }
            }
            assert_eq!(call.info().unwrap().state, if got.is_ok() { State::Answered } else { State::New });
        }
        assert!(answered > 50);
        let answer = responder().receive(&m1, b"").unwrap();
        assert!(initiator.receive(&answer, b"").is_ok());
    }
}

#[test]
fn every_cut_and_every_addition() {
    for suite in suites() {
        let pair = Pair::new(suite);
        let (heads, sealed) = (3 + suite.ciphertext_len() + suite.public_key_len(), 4 + TAG_BYTES);
        let m1 = pair.initiator.offer().unwrap();
        for cut in 0..m1.len() {
            assert_eq!(pair.responder.receive(&m1[..cut], b""), Err(MalformedMessage));
        }
        let long = |message: &[u8]| [message, &[0]].concat();
        assert_eq!(pair.responder.receive(&long(&m1), b""), Err(MalformedMessage));
        let m2 = pair.responder.receive(&m1, BINDING_I).unwrap();
        for cut in (0..m2.len()).filter(|cut| *cut < heads + sealed + 2 || cut % 50 == 0) {
            let expected = if cut < heads + sealed { MalformedMessage } else { HandshakeFailed };
            assert_eq!(pair.initiator.receive(&m2[..cut], BINDING_R), Err(expected), "M2 cut to {cut}");
        }
        assert_eq!(pair.initiator.receive(&long(&m2), BINDING_R), Err(HandshakeFailed));
        assert_eq!(pair.initiator.receive(&[&m2[..], &[0; 65536]].concat(), BINDING_R), Err(MalformedMessage));
        let m3 = pair.initiator.receive(&m2, BINDING_R).unwrap();
        for cut in (0..m3.len()).filter(|cut| *cut < 2000 || cut % 50 == 0) {
            let shortest = 2 + suite.ciphertext_len() + 32 + sealed;
            let expected = if cut < shortest { MalformedMessage } else { HandshakeFailed };
            assert_eq!(pair.responder.receive(&m3[..cut], BINDING_I), Err(expected), "M3 cut to {cut}");
        }
        assert_eq!(pair.responder.receive(&long(&m3), BINDING_I), Err(HandshakeFailed));
        let ack = pair.responder.receive(&m3, BINDING_I).unwrap();
        (0..ack.len()).for_each(|cut| assert_eq!(pair.initiator.receive(&ack[..cut], b""), Err(MalformedMessage)));
        assert_eq!(pair.initiator.receive(&long(&ack), b""), Err(MalformedMessage));
        assert_eq!(pair.initiator.receive(&ack, b""), Ok(vec![]));
    }
}

#[test]
fn public_keys_and_shares_that_fail_their_checks() {
    for suite in suites() {
        let pair = Pair::new(suite);
        let m1 = pair.initiator.offer().unwrap();
        let mut unreduced = m1.clone();
        unreduced[44..47].fill(0xff);
        assert_eq!(pair.responder.receive(&unreduced, b""), Err(InvalidKey));
        let m2 = pair.responder.receive(&m1, BINDING_I).unwrap();
        let mut unreduced = m2.clone();
        let share = 3 + suite.ciphertext_len();
        unreduced[share..share + 3].fill(0xff);
        assert_eq!(pair.initiator.receive(&unreduced, BINDING_R), Err(InvalidKey));
        if suite != Suite::Default {
            continue;
        }
        // X25519 keys that give nothing.
        let zero = |message: &[u8], end: usize| {
            let mut message = message.to_vec();
            message[end - 32..end].fill(0);
            message
        };
        let fresh = Pair::new(suite);
        assert_eq!(fresh.responder.receive(&zero(&m1, m1.len()), b""), Err(NonContributory));
        assert_eq!(fresh.responder.info().unwrap().state, State::New);
        for end in [share, share + suite.public_key_len()] {
            assert_eq!(pair.initiator.receive(&zero(&m2, end), BINDING_R), Err(NonContributory));
        }
        let m3 = pair.initiator.receive(&m2, BINDING_R).unwrap();
        assert_eq!(pair.responder.receive(&zero(&m3, 2 + suite.ciphertext_len()), BINDING_I), Err(NonContributory));
        assert!(pair.responder.receive(&m3, BINDING_I).is_ok());
    }
}

/// A responder that keeps to the protocol up to what it seals.
fn forged_answer(suite: Suite, m1: &[u8], plaintext: impl Fn(&Digest) -> Vec<u8>) -> Vec<u8> {
    let rng = Rng::default();
    let mut head = vec![1, 2, suite as u8];
    let mut ct = vec![0; suite.ciphertext_len()];
    let ss1 = suite.encapsulate(&m1[44..44 + suite.public_key_len()], &rng, &mut ct).unwrap();
    head.extend_from_slice(&ct);
    head.extend_from_slice(KemKey::generate(suite, &rng).unwrap().public_key());
    let h2 = hash(&[&hash(&[b"pqrtc handshake v1", m1]), &head]);
    let k2 = Prk::extract(&h2, &[ss1.as_bytes()]).unwrap().secret(b"pqrtc answer", b"").unwrap();
    let mut sealed = plaintext(&h2);
    sealed.extend_from_slice(&[0; TAG_BYTES]);
    seal_once(k2, &mut sealed).unwrap();
    [head, sealed].concat()
}

fn body(key: Option<&SigningKey>, binding: &[u8]) -> Vec<u8> {
    let mut body = vec![key.is_some().into(), binding.len() as u8];
    body.extend_from_slice(binding);
    body.extend_from_slice(&[0, 3, b'b', b'o', b'b']);
    body.extend_from_slice(key.map_or(&[], |key| key.public_key()));
    body
}

fn signed(key: &SigningKey, context: &[u8], transcript: &[u8], body: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; key.algorithm().signature_len()];
    key.sign_any(context, &[transcript, body].concat(), &mut signature).unwrap();
    [body, &signature].concat()
}

#[test]
fn what_an_authentic_peer_says_is_checked_in_order() {
    const CONTEXT: &[u8] = b"pqrtc answer v1";
    for suite in suites() {
        let (alice, bob, carol) = (identity(suite), identity(suite), identity(suite));
        let mut policy = pinned(suite, &bob);
        policy.require_binding();
        let call = Call::new(&[&alice], &policy, BINDING_I, b"").unwrap();
        let m1 = call.offer().unwrap();
        let before = seen(&call);
        let refused = |error, what: &str, plaintext: &dyn Fn(&Digest) -> Vec<u8>| {
            let answer = forged_answer(suite, &m1, plaintext);
            assert_eq!(call.receive(&answer, BINDING_R), Err(error), "{what}");
        };
        let by = |key: &SigningKey, binding: &[u8], h2: &Digest| signed(key, CONTEXT, h2, &body(Some(key), binding));
        refused(MalformedMessage, "nothing", &|_| vec![0; 4][..3].to_vec());
        refused(MalformedMessage, "id 2", &|_| [&[2], &body(None, b"")[1..]].concat());
        refused(MalformedMessage, "a long binding", &|_| body(None, &[0; 65]));
        refused(MalformedMessage, "a byte too much", &|h2| [by(&bob, BINDING_R, h2), vec![0]].concat());
        refused(MalformedMessage, "no signature", &|_| body(Some(&bob), BINDING_R));
        refused(MalformedMessage, "a signature of nobody", &|h2| {
            [body(None, BINDING_R), by(&bob, BINDING_R, h2)[body(Some(&bob), BINDING_R).len()..].to_vec()].concat()
        });
        refused(BadSignature, "another transcript", &|_| by(&bob, BINDING_R, &[0; 64]));
        refused(BadSignature, "another context", &|h2| {
            signed(&bob, b"pqrtc finish v1", h2, &body(Some(&bob), BINDING_R))
        });
        refused(BadSignature, "another key", &|h2| signed(&carol, CONTEXT, h2, &body(Some(&bob), BINDING_R)));
        refused(BadSignature, "another body", &|h2| {
            let mut plaintext = by(&bob, BINDING_R, h2);
            plaintext[2] ^= 1;
            plaintext
        });
        refused(BadSignature, "before the pin", &|_| by(&carol, BINDING_R, &[0; 64]));
        refused(PeerRejected, "ourselves, and a wrong binding", &|h2| by(&alice, b"", h2));
        refused(PeerAnonymous, "nobody, and a wrong binding", &|_| body(None, b""));
        refused(BindingMismatch, "another binding", &|h2| by(&bob, BINDING_I, h2));
        refused(BindingMismatch, "no binding", &|h2| by(&bob, b"", h2));
        assert!(seen(&call) == before);
        refused(PeerRejected, "not pinned, and a wrong binding", &|h2| by(&carol, b"", h2));
        // Whom it was can be seen, and pinned.
        let peer = call.peer().unwrap();
        assert_eq!((peer.public_key.as_deref(), &peer.credential[..]), (Some(carol.public_key()), &b"bob"[..]));
        assert_eq!(call.info().unwrap().state, State::Offered);
        // Nothing signed as empty passes where a binding is asked for, even if none is expected.
        let answer = forged_answer(suite, &m1, |h2| by(&bob, b"", h2));
        assert_eq!(call.receive(&answer, b""), Err(BindingMismatch));
        let answer = forged_answer(suite, &m1, |h2| by(&bob, BINDING_R, h2));
        assert_eq!(call.receive(&answer, b""), Err(BindingMismatch));
        assert!(call.receive(&answer, BINDING_R).is_ok());
        assert_eq!(call.peer().unwrap().public_key.as_deref(), Some(bob.public_key()));
    }
}

#[test]
fn a_finish_that_does_not_open_the_commitment() {
    for suite in suites() {
        let (alice, bob) = (identity(suite), identity(suite));
        let responder = Call::new(&[&bob], &pinned(suite, &alice), b"", b"").unwrap();
        let rng = Rng::default();
        let key = KemKey::generate(suite, &rng).unwrap();
        let nonce = [7; 32];
        let commitment = &hash(&[b"pqrtc commit v1", &nonce])[..32];
        let head = [&[1, 1, 1, 0, 0, 0, 0, 0][..], commitment, &[1, suite as u8]].concat();
        let m1 = [&head[..], &(suite.public_key_len() as u16).to_be_bytes(), key.public_key()].concat();
        let m2 = responder.receive(&m1, b"").unwrap();

        let (ct_len, head_len) = (suite.ciphertext_len(), 3 + suite.ciphertext_len() + suite.public_key_len());
        let ss1 = key.decapsulate(&m2[3..3 + ct_len]).unwrap();
        let h2 = hash(&[&hash(&[b"pqrtc handshake v1", &m1]), &m2[..head_len]]);
        let k2 = Prk::extract(&h2, &[ss1.as_bytes()]).unwrap().secret(b"pqrtc answer", b"").unwrap();
        let mut plaintext = vec![0; m2.len() - head_len - TAG_BYTES];
        open_once(&k2, &m2[head_len..], &mut plaintext).unwrap();
        let h3 = hash(&[&h2, &m2[head_len..]]);
        let mut m3 = vec![1, 3];
        let mut ct = vec![0; ct_len];
        let ss2 = suite.encapsulate(&m2[3 + ct_len..head_len], &rng, &mut ct).unwrap();
        m3.extend_from_slice(&ct);
        let h4 = hash(&[&h3, &m3]);
        let finish = |nonce: &[u8; 32], signer: &SigningKey| {
            let prk2 = Prk::extract(&h4, &[ss1.as_bytes(), ss2.as_bytes()]).unwrap();
            let transcript = [&h4[..], nonce].concat();
            let rest = signed(signer, b"pqrtc finish v1", &transcript, &body(Some(&alice), b""));
            let mut sealed = [&nonce[..], &rest, &[0; TAG_BYTES]].concat();
            seal_once(prk2.secret(b"pqrtc finish", b"").unwrap(), &mut sealed).unwrap();
            [&m3[..], &sealed].concat()
        };
        assert_eq!(responder.receive(&finish(&[8; 32], &alice), b""), Err(HandshakeFailed));
        // Before the signature is looked at.
        assert_eq!(responder.receive(&finish(&[8; 32], &bob), b""), Err(HandshakeFailed));
        assert_eq!(responder.receive(&finish(&nonce, &bob), b""), Err(BadSignature));
        assert_eq!(responder.info().unwrap().state, State::Answered);
        assert!(responder.receive(&finish(&nonce, &alice), b"").is_ok());
    }
}

#[test]
fn trust_on_first_use() {
    for suite in suites() {
        let (alice, bob) = (identity(suite), identity(suite));
        let nobody = Policy::new(profile(suite)).unwrap();
        let (i, r) =
            (Call::new(&[&alice], &nobody, b"", b"").unwrap(), Call::new(&[&bob], &nobody, b"", b"jwt").unwrap());
        assert_eq!(i.peer(), Err(UnexpectedMessage));
        let m2 = r.receive(&i.offer().unwrap(), b"").unwrap();
        for _ in 0..2 {
            assert_eq!(i.receive(&m2, b""), Err(PeerRejected));
        }
        let info = i.info().unwrap();
        assert_eq!((info.state, info.may_send), (State::Offered, false));
        assert_eq!((info.peer_identity, info.peer_fingerprint), (Some(suite.signature()), fingerprint(&bob)));
        assert_eq!(i.session().err(), Some(UnexpectedMessage));
        assert_eq!(i.peer().unwrap().credential, b"jwt");
        i.pin(&[0; 32]).unwrap();
        assert_eq!(i.receive(&m2, b""), Err(PeerRejected));
        i.pin(&fingerprint(&bob)).unwrap();
        let m3 = i.receive(&m2, b"").unwrap();
        assert_eq!(r.receive(&m3, b""), Err(PeerRejected));
        r.pin(&fingerprint(&alice)).unwrap();
        assert!(r.receive(&m3, b"").is_ok());
    }
}

#[test]
fn policies() {
    let (alice, bob) = (identity(Suite::Default), identity(Suite::Default));
    let policy = |change: fn(&mut Policy)| {
        let mut policy = Policy::new(Profile::Default).unwrap();
        change(&mut policy);
        policy
    };
    let finish = |i: &Call, r: &Call| -> crate::Result<()> {
        let m2 = r.receive(&i.offer()?, b"")?;
        let m3 = i.receive(&m2, b"")?;
        i.receive(&r.receive(&m3, b"")?, b"").map(drop)
    };
    let call = |me: &[&SigningKey], policy: &Policy| Call::new(me, policy, b"", b"").unwrap();
    let any = policy(Policy::accept_any_peer);
    let guests = policy(|policy| {
        policy.accept_any_peer();
        policy.accept_anonymous_peer();
    });
    assert_eq!(finish(&call(&[&alice], &any), &call(&[&bob], &any)), Ok(()));
    assert_eq!(finish(&call(&[], &any), &call(&[&bob], &guests)), Ok(()));
    assert_eq!(finish(&call(&[], &any), &call(&[&bob], &any)), Err(PeerAnonymous));
    assert_eq!(finish(&call(&[&alice], &any), &call(&[], &any)), Err(PeerAnonymous));
    assert_eq!(finish(&call(&[&alice], &any), &call(&[&alice], &any)), Err(PeerRejected));
    let sas = Policy::new(Profile::Sas).unwrap();
    let (i, r) = (call(&[], &sas), call(&[&bob], &sas));
    assert_eq!(finish(&i, &r), Ok(()));
    assert_eq!(i.sas(), r.sas());
    assert!(i.sas().unwrap().iter().all(u8::is_ascii_digit));

    // A PSK is asked for by both or by none, and has to be the same.
    let psk = |key: u8| {
        let mut policy = Policy::new(Profile::Default).unwrap();
        policy.accept_any_peer();
        policy.set_psk(&[key; 32]);
        policy
    };
    assert_eq!(finish(&call(&[&alice], &psk(1)), &call(&[&bob], &psk(1))), Ok(()));
    assert_eq!(finish(&call(&[&alice], &psk(1)), &call(&[&bob], &psk(2))), Err(HandshakeFailed));
    assert_eq!(finish(&call(&[&alice], &psk(1)), &call(&[&bob], &any)), Err(PolicyRefused));
    assert_eq!(finish(&call(&[&alice], &any), &call(&[&bob], &psk(1))), Err(PolicyRefused));
    // Never alone.
    let mut alone = psk(1);
    assert!(Call::new(&[], &alone, b"", b"").is_ok());
    alone.accept_anonymous_peer();
    assert_eq!(Call::new(&[], &alone, b"", b"").err(), Some(PolicyRefused));
    assert!(Call::new(&[&alice], &alone, b"", b"").is_ok());

    // Arguments.
    let plain = SigningKey::generate(SignatureAlgorithm::MlDsa65).unwrap();
    assert_eq!(Call::new(&[&plain], &any, b"", b"").err(), Some(InvalidArgument));
    assert_eq!(Call::new(&[&alice, &bob], &any, b"", b"").err(), Some(InvalidArgument));
    assert_eq!(Call::new(&[&alice], &any, &[0; 65], b"").err(), Some(InvalidLength));
    assert_eq!(Call::new(&[&alice], &any, b"", &[0; MAX_CREDENTIAL_BYTES + 1]).err(), Some(InvalidLength));
    assert_eq!(call(&[&alice], &any).set_binding(&[0; 65]), Err(InvalidLength));
    assert_eq!(call(&[&alice], &any).receive(&[1, 1, 1], &[0; 65]), Err(InvalidLength));
    if suites().count() == 2 {
        let strict = Policy::new(Profile::Cnsa2).unwrap();
        assert_eq!(Call::new(&[&alice], &strict, b"", b"").err(), Some(InvalidArgument));
    } else {
        assert_eq!(Policy::new(Profile::Cnsa2).err(), Some(Unsupported));
        assert_eq!(Policy::new(Profile::DefaultOrCnsa2).err(), Some(Unsupported));
    }
}

/// Somebody in the middle who has identities of his own, and one who passes messages on under his name.
#[test]
fn a_man_in_the_middle() {
    let [alice, bob, mallory] = [(); 3].map(|()| identity(Suite::Default));
    let side = |me: &SigningKey, peer: &SigningKey| Call::new(&[me], &pinned(Suite::Default, peer), b"", b"").unwrap();
    let (i, to_bob) = (side(&alice, &bob), side(&mallory, &bob));
    let (to_alice, r) = (side(&mallory, &alice), side(&bob, &alice));
    let m1 = i.offer().unwrap();
    assert_eq!(i.receive(&to_alice.receive(&m1, b"").unwrap(), b""), Err(PeerRejected));
    let answer = r.receive(&to_bob.offer().unwrap(), b"").unwrap();
    let finish = to_bob.receive(&answer, b"").unwrap();
    assert_eq!(r.receive(&finish, b""), Err(PeerRejected));
    // Two who only compare codes see two codes.
    let sas = || Call::new(&[], &Policy::new(Profile::Sas).unwrap(), b"", b"").unwrap();
    let (i, m_r, m_i, r) = (sas(), sas(), sas(), sas());
    for (initiator, responder) in [(&i, &m_r), (&m_i, &r)] {
        let m2 = responder.receive(&initiator.offer().unwrap(), b"").unwrap();
        responder.receive(&initiator.receive(&m2, b"").unwrap(), b"").unwrap();
    }
    assert_ne!(i.sas(), r.sas());
    // Fingerprints of DTLS certificates that were swapped on the way.
    let pair = Pair::new(Suite::Default);
    let m2 = pair.responder.receive(&pair.initiator.offer().unwrap(), BINDING_I).unwrap();
    assert_eq!(pair.initiator.receive(&m2, &[9; 32]), Err(BindingMismatch));
    let m3 = pair.initiator.receive(&m2, BINDING_R).unwrap();
    assert_eq!(pair.responder.receive(&m3, &[9; 32]), Err(BindingMismatch));
    assert!(pair.responder.receive(&m3, BINDING_I).is_ok());
}

#[test]
fn a_rekey_takes_nobody_else_in() {
    for suite in suites() {
        let (alice, bob, carol) = (identity(suite), identity(suite), identity(suite));
        let mut any = Policy::new(profile(suite)).unwrap();
        any.accept_any_peer();
        any.accept_anonymous_peer();
        let call = |me: &[&SigningKey]| Call::new(me, &any, BINDING_I, b"alice").unwrap();
        for other in [Some(carol), None] {
            let pair =
                Pair { initiator: call(&[&alice]), responder: Call::new(&[&bob], &any, BINDING_R, b"").unwrap() };
            pair.run();
            // The same secrets, another identity.
            pair.responder.lock().unwrap().me.identities[suite as usize - 1] = other;
            let before = seen(&pair.initiator);
            let m2 = pair.initiator.receive(&pair.responder.offer().unwrap(), BINDING_R).unwrap();
            let m3 = pair.responder.receive(&m2, BINDING_I).unwrap();
            assert_eq!(pair.initiator.receive(&m3, BINDING_R), Err(PeerRejected));
            let after = seen(&pair.initiator);
            assert!((before.1, before.2, before.3) == (after.1, after.2, after.3));
        }
    }
}

#[test]
fn ten_thousand_offers() {
    let bob = identity(Suite::Default);
    let mut any = Policy::new(Profile::Default).unwrap();
    any.accept_any_peer();
    let call = || Call::new(&[&bob], &any, b"", b"").unwrap();
    let one = call();
    let alice = identity(Suite::Default);
    let offer = Call::new(&[&alice], &any, b"", b"").unwrap().offer().unwrap();
    let answer = one.receive(&offer, b"").unwrap();
    let mut other = offer.clone();
    for count in 0..10_000u32 {
        // Another commitment makes another offer.
        other[8..12].copy_from_slice(&count.to_be_bytes());
        assert_eq!(one.receive(&other, b""), Err(UnexpectedMessage));
        if count % 100 == 0 {
            assert_eq!(one.receive(&offer, b"").as_ref(), Ok(&answer));
            assert!(call().receive(&other, b"").is_ok());
        }
    }
}

#[test]
fn room_that_is_too_small_changes_nothing() {
    for suite in suites() {
        let pair = Pair::new(suite);
        let short = |call: &Call, step: &dyn Fn(&Call, &mut usize) -> crate::Result<usize>, expected: usize| {
            let (before, mut needed) = (seen(call), 0);
            assert_eq!(step(call, &mut needed), Err(BufferTooSmall));
            assert_eq!(needed, expected);
            assert!(seen(call) == before);
        };
        fn none<'o>(needed: &mut usize) -> impl FnOnce(usize) -> crate::Result<&'o mut [u8]> {
            |len| {
                *needed = len;
                Err(BufferTooSmall)
            }
        }
        short(
            &pair.initiator,
            &|call, needed| call.offer_into(none(needed)),
            Pair::new(suite).initiator.offer().unwrap().len(),
        );
        let m1 = pair.initiator.offer().unwrap();
        let sizes = Pair::new(suite).run().map(|message| message.len());
        let receive = |message: Vec<u8>, binding: &'static [u8]| {
            move |call: &Call, needed: &mut usize| call.receive_into(&message, binding, none(needed))
        };
        short(&pair.responder, &receive(m1.clone(), BINDING_I), sizes[1]);
        let m2 = pair.responder.receive(&m1, BINDING_I).unwrap();
        short(&pair.responder, &receive(m1, BINDING_I), sizes[1]);
        short(&pair.initiator, &receive(m2.clone(), BINDING_R), sizes[2]);
        let m3 = pair.initiator.receive(&m2, BINDING_R).unwrap();
        short(&pair.responder, &receive(m3.clone(), BINDING_I), sizes[3]);
        assert!(pair.responder.receive(&m3, BINDING_I).is_ok());
    }
}

#[test]
fn two_threads_that_give_messages_to_one_call() {
    for _ in 0..8 {
        let pair = Pair::new(Suite::Default);
        let m1 = pair.initiator.offer().unwrap();
        let twice = |call: &Call, message: &[u8], binding: &[u8]| {
            let [a, b] = std::thread::scope(|scope| {
                let threads = [(); 2].map(|()| scope.spawn(|| call.receive(message, binding).unwrap()));
                threads.map(|thread| thread.join().unwrap())
            });
            assert_eq!(a, b);
            a
        };
        let m2 = twice(&pair.responder, &m1, BINDING_I);
        let m3 = twice(&pair.initiator, &m2, BINDING_R);
        let ack = twice(&pair.responder, &m3, BINDING_I);
        twice(&pair.initiator, &ack, BINDING_R);
        pair.agree();
    }
}
