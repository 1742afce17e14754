use super::*;

struct Person {
    me: SigningKey,
    card: Card,
}

fn person(suite: Suite) -> Person {
    let me = SigningKey::generate(suite.signature()).unwrap();
    let card = Card::new(&me, 2000, b"credential").unwrap();
    Person { me, card }
}

fn list<'a>(items: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    items.into_iter().flat_map(|item| [&(item.len() as u32).to_be_bytes(), item].concat()).collect()
}

/// A delivery server that does what it should, with everything that it has seen.
struct Server {
    cards: Vec<Vec<u8>>,
    commits: Vec<Vec<u8>>,
}

impl Server {
    fn items(&self) -> Vec<u8> {
        list(self.cards.iter().chain(&self.commits).map(|item| &item[..]))
    }
}

fn sealed_for(outgoing: &[Outgoing], index: u16) -> &[u8] {
    let found = outgoing.iter().find(|message| message.card.is_none() && message.index == index);
    found.map_or(&[], |message| &message.bytes)
}

fn welcome_for<'a>(outgoing: &'a [Outgoing], card: &[u8]) -> &'a [u8] {
    let reference = CardView::parse(card).unwrap().reference();
    &outgoing.iter().find(|message| message.card == Some(reference)).unwrap().bytes
}

/// A meeting of `n`, in which one member after the other was added by another one.
fn meeting(suite: Suite, n: usize) -> (Vec<Meeting>, Server) {
    let mut first = person(suite);
    let mut server = Server { cards: vec![first.card.as_bytes().to_vec()], commits: Vec::new() };
    let mut members = vec![Meeting::create(&first.me, &mut first.card, 1000).unwrap()];
    while members.len() < n {
        let by = members.len() / 2;
        let joiner = person(suite);
        add(&mut members, &mut server, by, joiner);
    }
    (members, server)
}

fn add(members: &mut Vec<Meeting>, server: &mut Server, by: usize, mut joiner: Person) {
    server.cards.push(joiner.card.as_bytes().to_vec());
    let commit = members[by].commit(&list([joiner.card.as_bytes()]), &[], false).unwrap().to_vec();
    let outgoing = members[by].outgoing().to_vec();
    let items = server.items();
    for (at, member) in members.iter_mut().enumerate() {
        match at == by {
            true => member.accepted().unwrap(),
            false => member.receive(&commit, b"", &items, 1000).unwrap(),
        }
    }
    let welcome = welcome_for(&outgoing, joiner.card.as_bytes());
    let roster = members[by].roster().unwrap();
    members.push(Meeting::join(&joiner.me, &mut joiner.card, welcome, &commit, &roster, &items, 1000).unwrap());
    server.commits.push(commit);
}

/// A commit that removes or refreshes, to all but those whose indexes are in `deaf`.
fn commit(members: &mut [Meeting], server: &mut Server, by: usize, remove: &[u32]) {
    let commit = members[by].commit(b"", remove, true).unwrap().to_vec();
    let outgoing = members[by].outgoing().to_vec();
    for (at, member) in members.iter_mut().enumerate() {
        let Some(index) = member.info().index else { continue };
        match at == by {
            true => member.accepted().unwrap(),
            false => member.receive(&commit, sealed_for(&outgoing, index), b"", 1000).unwrap(),
        }
    }
    server.commits.push(commit);
}

fn agree(members: &[Meeting]) {
    let inside: Vec<_> = members.iter().filter(|member| member.info().index.is_some()).collect();
    for member in &inside {
        assert_eq!(member.code(), inside[0].code());
        assert_eq!(member.roster(), inside[0].roster());
        assert_eq!(member.info().epoch, inside[0].info().epoch);
        assert_eq!(member.info().members, inside.len());
    }
}

fn suites() -> impl Iterator<Item = Suite> {
    [Suite::Default, Suite::Cnsa2].into_iter().filter(|suite| suite.check().is_ok())
}

#[test]
fn members_come_and_go_and_agree() {
    for suite in suites() {
        for n in [1, 2, 3, 7] {
            let (mut members, mut server) = meeting(suite, n);
            agree(&members);
            assert_eq!(members[0].info().epoch as usize, n - 1);
            if n < 3 {
                continue;
            }
            commit(&mut members, &mut server, 1, &[0]);
            agree(&members);
            assert_eq!(members[0].info().index, None);
            assert_eq!(members[0].code(), Err(Error::UnexpectedMessage));
            assert_eq!(members[0].commit(b"", &[], true).err(), Some(Error::UnexpectedMessage));
            // Somebody who joins after leaf keys have changed can commit with boxes at once, and the free index is used again.
            let mut inside: Vec<_> = members.drain(1..).collect();
            add(&mut inside, &mut server, 1, person(suite));
            assert_eq!(inside.last().unwrap().info().index, Some(0));
            agree(&inside);
            let last = inside.len() - 1;
            commit(&mut inside, &mut server, last, &[]);
            commit(&mut inside, &mut server, 0, &[2]);
            agree(&inside);
        }
    }
}

#[test]
fn one_commit_adds_and_removes_many() {
    let (mut members, mut server) = meeting(Suite::Default, 4);
    let mut joiners = [person(Suite::Default), person(Suite::Default)];
    server.cards.extend(joiners.iter().map(|joiner| joiner.card.as_bytes().to_vec()));
    let cards = list(joiners.iter().map(|joiner| joiner.card.as_bytes()));
    assert_eq!(
        members[3].commit_len(&cards, &[2, 0], false),
        Ok(3 + 32 + 4 + 2 + 2 + 4 + 2 + 68 + 1 + 1216 + 32 + 32 + 3373)
    );
    let commit = members[3].commit(&cards, &[2, 0], false).unwrap().to_vec();
    assert_eq!(members[3].outgoing().len(), 1 + 2);
    assert_eq!(CommitView::parse(&commit).unwrap().removed, [0, 2]);
    // The indexes that the commit frees are not given away by it.
    assert_eq!(CommitView::parse(&commit).unwrap().added.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [4, 5]);
    let outgoing = members[3].outgoing().to_vec();
    members[3].accepted().unwrap();
    members[1].receive(&commit, sealed_for(&outgoing, 1), &server.items(), 1000).unwrap();
    members[0].receive(&commit, b"", &server.items(), 1000).unwrap();
    assert_eq!(members[0].info().index, None);
    let roster = members[3].roster().unwrap();
    let mut inside = vec![members.remove(3), members.remove(1)];
    for joiner in &mut joiners {
        let welcome = welcome_for(&outgoing, joiner.card.as_bytes()).to_vec();
        let Person { me, card } = joiner;
        inside.push(Meeting::join(me, card, &welcome, &commit, &roster, &server.items(), 1000).unwrap());
        assert_eq!(
            Meeting::join(me, card, &welcome, &commit, &roster, &server.items(), 1000).err(),
            Some(Error::KeyReused)
        );
    }
    agree(&inside);
}

#[test]
fn a_fork_shows_and_cannot_be_healed() {
    let (mut members, mut server) = meeting(Suite::Default, 4);
    let one = members[0].commit(b"", &[], true).unwrap().to_vec();
    let boxes_of_one = members[0].outgoing().to_vec();
    let two = members[1].commit(b"", &[], true).unwrap().to_vec();
    let boxes_of_two = members[1].outgoing().to_vec();
    members[0].accepted().unwrap();
    // An own commit that waits gives way to another's, and is then too late itself.
    members[1].receive(&one, sealed_for(&boxes_of_one, 1), b"", 1000).unwrap();
    assert_eq!(members[1].accepted(), Err(Error::UnexpectedMessage));
    members[2].receive(&one, sealed_for(&boxes_of_one, 2), b"", 1000).unwrap();
    // The server shows the other commit to one member.
    members[3].receive(&two, sealed_for(&boxes_of_two, 3), b"", 1000).unwrap();
    assert_ne!(members[3].code(), members[0].code());
    assert_eq!(members[0].code(), members[1].code());
    assert_eq!(members[0].code(), members[2].code());
    for late in [&one, &two] {
        assert_eq!(members[3].receive(late, sealed_for(&boxes_of_one, 3), b"", 1000), Err(Error::UnexpectedMessage));
    }
    let next = members[0].commit(b"", &[], true).unwrap().to_vec();
    let boxes = members[0].outgoing().to_vec();
    let epoch = members[3].info().epoch;
    assert_eq!(members[3].receive(&next, sealed_for(&boxes, 3), b"", 1000), Err(Error::HandshakeFailed));
    assert_eq!(members[3].info().epoch, epoch);
    server.commits.clear();
}

#[test]
fn every_altered_byte_is_refused_and_changes_nothing() {
    let (mut members, server) = meeting(Suite::Default, 3);
    let joiner = person(Suite::Default);
    let cards = list([joiner.card.as_bytes()]);
    let commit = members[0].commit(&cards, &[2], false).unwrap().to_vec();
    let outgoing = members[0].outgoing().to_vec();
    let sealed = sealed_for(&outgoing, 1).to_vec();
    let (info, code) = (members[1].info(), members[1].code());
    let sample = |len: usize| (0..len).step_by(41).chain(0..140.min(len)).chain([len - 1]);
    for at in sample(commit.len()) {
        let mut altered = commit.clone();
        altered[at] ^= 0x10;
        assert!(members[1].receive(&altered, &sealed, &cards, 1000).is_err(), "byte {at}");
    }
    for at in sample(sealed.len()) {
        let mut altered = sealed.clone();
        altered[at] ^= 0x10;
        assert_eq!(members[1].receive(&commit, &altered, &cards, 1000), Err(Error::DecryptionFailed), "byte {at}");
    }
    for cut in (0..commit.len()).step_by(67) {
        assert_eq!(members[1].receive(&commit[..cut], &sealed, &cards, 1000), Err(Error::MalformedMessage));
    }
    for cut in (0..sealed.len()).step_by(67) {
        assert_eq!(members[1].receive(&commit, &sealed[..cut], &cards, 1000), Err(Error::MalformedMessage));
    }
    assert_eq!(members[1].receive(&commit, &sealed, b"", 1000), Err(Error::UnknownKeyId));
    assert_eq!(members[1].receive(&commit, &sealed, b"\0\0", 1000), Err(Error::MalformedMessage));
    assert_eq!(members[1].receive(&commit, &sealed, &cards, 2000), Err(Error::CredentialExpired));
    assert_eq!((members[1].info(), members[1].code()), (info, code));
    assert_eq!(members[1].receive(&commit, &sealed, &cards, 1000), Ok(()));
    assert_eq!(members[1].receive(&commit, &sealed, &cards, 1000), Err(Error::UnexpectedMessage));

    // The newcomer, with everything a server could hand it.
    let mut joiner = joiner;
    let welcome = welcome_for(&outgoing, joiner.card.as_bytes()).to_vec();
    members[0].accepted().unwrap();
    let (roster, items) = (members[0].roster().unwrap(), server.items());
    let mut join = |welcome: &[u8], commit: &[u8], roster: &[u8], items: &[u8]| {
        Meeting::join(&joiner.me, &mut joiner.card, welcome, commit, roster, items, 1000).map(|meeting| meeting.code())
    };
    for at in sample(welcome.len()) {
        let mut altered = welcome.clone();
        altered[at] ^= 0x10;
        assert!(join(&altered, &commit, &roster, &items).is_err(), "byte {at}");
    }
    for at in sample(commit.len()) {
        let mut altered = commit.clone();
        altered[at] ^= 0x10;
        assert!(join(&welcome, &altered, &roster, &items).is_err(), "byte {at}");
    }
    for at in 0..roster.len() {
        let mut altered = roster.clone();
        altered[at] ^= 0x10;
        assert!(join(&welcome, &commit, &altered, &items).is_err(), "byte {at}");
    }
    assert_eq!(join(&welcome, &commit, &roster[ROSTER_ENTRY_BYTES..], &items).err(), Some(Error::HandshakeFailed));
    assert_eq!(join(&welcome, &commit, &roster, b"").err(), Some(Error::UnknownKeyId));
    assert_eq!(join(&welcome, &commit, &roster, &items), Ok(members[0].code()));
}

#[test]
fn what_cannot_be_committed_is_refused_and_leaves_nothing_waiting() {
    let (mut members, _) = meeting(Suite::Default, 3);
    let joiner = person(Suite::Default);
    let card = joiner.card.as_bytes();
    let mut forged = card.to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let own = list([members[0].current.roster.get(1).unwrap().leaf_ek.as_deref().unwrap()]);
    for (cards, remove, error) in [
        (vec![], vec![], Error::InvalidArgument),
        (vec![], vec![0], Error::InvalidArgument),
        (vec![], vec![7], Error::InvalidArgument),
        (vec![], vec![1, 1], Error::InvalidArgument),
        (vec![], vec![0x1_0001], Error::InvalidArgument),
        (list([card, card]), vec![], Error::InvalidArgument),
        (list([&forged[..]]), vec![], Error::BadSignature),
        (own, vec![], Error::MalformedMessage),
        (vec![0, 0, 0, 9], vec![], Error::MalformedMessage),
    ] {
        assert_eq!(members[0].commit(&cards, &remove, false).err(), Some(error));
        assert_eq!(members[0].dropped(), Err(Error::UnexpectedMessage));
    }
    let late = Card::new(&joiner.me, 1000, b"").unwrap();
    assert_eq!(members[0].commit(&list([late.as_bytes()]), &[], false).err(), Some(Error::CredentialExpired));
    members[0].commit(&list([card]), &[], false).unwrap();
    assert_eq!(members[0].commit(&list([card]), &[], false).err(), Some(Error::UnexpectedMessage));
    members[0].dropped().unwrap();
    assert!(members[0].outgoing().is_empty());
    members[0].commit(&list([card]), &[], false).unwrap();
}

#[test]
fn a_member_without_the_cards_of_others_cannot_seal_boxes() {
    let (mut members, mut server) = meeting(Suite::Default, 3);
    let mut joiner = person(Suite::Default);
    let cards = list([joiner.card.as_bytes()]);
    let commit = members[0].commit(&cards, &[], false).unwrap().to_vec();
    let welcome = welcome_for(members[0].outgoing(), joiner.card.as_bytes()).to_vec();
    members[0].accepted().unwrap();
    let committer = list([&server.cards[0][..]]);
    let roster = members[0].roster().unwrap();
    let mut late = Meeting::join(&joiner.me, &mut joiner.card, &welcome, &commit, &roster, &committer, 1000).unwrap();
    assert_eq!(late.commit(b"", &[1], true).err(), Some(Error::UnknownKeyId));
    server.cards.push(joiner.card.as_bytes().to_vec());
    // The next commit that it receives is as good a place as any to hand them in.
    let next = members[0].commit(b"", &[], true).unwrap().to_vec();
    let sealed = sealed_for(members[0].outgoing(), 3).to_vec();
    late.receive(&next, &sealed, &server.items(), 1000).unwrap();
    assert!(late.commit(b"", &[1], true).is_ok());
}

#[test]
fn key_ids_follow_the_layout_of_rfc_9605() {
    assert_eq!(media::kid(0, 0, 0), Ok(0));
    assert_eq!(media::kid(1, 2, 0x13), Ok(1 << 16 | 2 << 4 | 3));
    assert_eq!(media::kid(1 << 48, 0, 0), Err(Error::InvalidArgument));
    assert_eq!(mls_kid(u64::MAX, 0, 0, 0, 64), Ok(u64::MAX));
    assert_eq!(mls_kid(0, u64::MAX, 0, 64, 0), Ok(u64::MAX));
    assert_eq!(mls_kid(0, 0, u64::MAX, 0, 0), Ok(u64::MAX));
    assert_eq!(mls_kid(0, 0, 1, 60, 4), Err(Error::InvalidArgument));
    assert_eq!(mls_kid(0, 16, 0, 4, 4), Err(Error::InvalidArgument));
    assert_eq!(mls_kid(0, 0, 0, 61, 4), Err(Error::InvalidArgument));
    assert_eq!(mls_kid(0, 0, 0, u32::MAX, 1), Err(Error::InvalidArgument));
    // RFC 9605, figure 5: E = 4, S = 4 for example.
    assert_eq!(mls_kid(17, 3, 1, 4, 4), Ok(0x131));
}

mod media_of_members {
    use super::*;
    use crate::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
    use std::time::Duration;

    const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;

    fn seal(sender: &Sender) -> Result<Vec<u8>> {
        let mut sealed = vec![0; 5 + MAX_OVERHEAD];
        let len = sender.seal(b"", b"frame", &mut sealed)?;
        sealed.truncate(len);
        Ok(sealed)
    }

    fn open(receiver: &Receiver, sealed: &[u8]) -> Result<u64> {
        let mut out = [0; 64];
        let opened = receiver.open(b"", sealed, &mut out)?;
        assert_eq!(&out[..opened.len], b"frame");
        Ok(opened.kid)
    }

    fn change_after(members: &mut [Meeting], delay: Duration) {
        for member in members {
            let media = media::Media::with_delay(delay);
            member.current.keys().map_or(Ok(()), |keys| media.begin(keys)).unwrap();
            member.media = media;
        }
    }

    #[test]
    fn everybody_hears_everybody_and_who_left_hears_nothing_more() {
        for suite in suites() {
            let (mut members, mut server) = meeting(suite, 4);
            change_after(&mut members, Duration::ZERO);
            let senders: Vec<_> = members.iter().map(|member| member.sender(0, SUITE).unwrap()).collect();
            let receivers: Vec<_> = members.iter().map(|member| member.receiver(SUITE).unwrap()).collect();
            for (from, sender) in senders.iter().enumerate() {
                let sealed = seal(sender).unwrap();
                for (to, receiver) in receivers.iter().enumerate() {
                    let expected = if from == to { Err(Error::UnknownKeyId) } else { Ok((from << 4 | 3) as u64) };
                    assert_eq!(open(receiver, &sealed), expected, "{from} to {to}");
                    if from != to {
                        assert_eq!(open(receiver, &sealed), Err(Error::ReplayedFrame));
                    }
                }
            }
            assert_eq!(members[0].sender(0, SUITE).err(), Some(Error::KeyReused));
            let second = members[0].sender(7, SUITE).unwrap();
            assert_eq!(open(&receivers[1], &seal(&second).unwrap()), Ok(7 << 16 | 3));

            let (before, late) = (seal(&senders[0]).unwrap(), seal(&senders[3]).unwrap());
            commit(&mut members, &mut server, 1, &[3]);
            assert_eq!(seal(&senders[3]), Err(Error::UnexpectedMessage));
            assert_eq!(members[3].sender(1, SUITE).err(), Some(Error::UnexpectedMessage));
            assert_eq!(members[3].sframe_key(0, 0).err(), Some(Error::UnexpectedMessage));
            let sealed = seal(&senders[0]).unwrap();
            assert_eq!(open(&receivers[3], &sealed), Err(Error::UnknownKeyId));
            assert_eq!(open(&receivers[1], &sealed), Ok(4));
            // A frame in flight opens, but not that of the member who left.
            assert_eq!(open(&receivers[1], &before), Ok(3));
            assert_eq!(open(&receivers[1], &late), Err(Error::UnknownKeyId));

            let mut inside: Vec<_> = members.drain(..3).collect();
            add(&mut inside, &mut server, 2, person(suite));
            change_after(&mut inside[3..], Duration::ZERO);
            let newcomer = inside[3].receiver(SUITE).unwrap();
            // What was sealed before it joined stays closed.
            assert_eq!(open(&newcomer, &sealed), Err(Error::UnknownKeyId));
            assert_eq!(open(&newcomer, &seal(&senders[2]).unwrap()), Ok(2 << 4 | 5));
            assert_eq!(open(&receivers[0], &seal(&inside[3].sender(0, SUITE).unwrap()).unwrap()), Ok(3 << 4 | 5));
        }
    }

    #[test]
    fn the_old_key_is_gone_after_the_grace_and_never_opens_a_frame_twice() {
        let (mut members, mut server) = meeting(Suite::Default, 2);
        change_after(&mut members, Duration::ZERO);
        let (sender, receiver) = (members[0].sender(0, SUITE).unwrap(), members[1].receiver(SUITE).unwrap());
        let old: Vec<_> = (0..4).map(|_| seal(&sender).unwrap()).collect();
        assert_eq!(open(&receiver, &old[0]), Ok(1));
        commit(&mut members, &mut server, 1, &[]);
        for _ in 0..511 {
            assert_eq!(open(&receiver, &seal(&sender).unwrap()), Ok(2));
        }
        assert_eq!(open(&receiver, &old[1]), Ok(1));
        assert_eq!(open(&receiver, &old[1]), Err(Error::ReplayedFrame));
        assert_eq!(open(&receiver, &seal(&sender).unwrap()), Ok(2));
        for frame in &old {
            assert!(open(&receiver, frame).is_err());
        }
        // No more than two epochs live.
        let sealed = seal(&sender).unwrap();
        commit(&mut members, &mut server, 0, &[]);
        commit(&mut members, &mut server, 1, &[]);
        assert_eq!(open(&receiver, &sealed), Err(Error::UnknownKeyId));
    }

    #[test]
    fn senders_wait_for_the_others_before_they_change() {
        let (mut members, mut server) = meeting(Suite::Default, 2);
        change_after(&mut members, Duration::from_millis(300));
        let (sender, receiver) = (members[0].sender(0, SUITE).unwrap(), members[1].receiver(SUITE).unwrap());
        commit(&mut members, &mut server, 0, &[]);
        assert_eq!(open(&receiver, &seal(&sender).unwrap()), Ok(1));
        let second = members[0].sender(1, SUITE).unwrap();
        assert_eq!(open(&receiver, &seal(&second).unwrap()), Ok(1 << 16 | 1));
        std::thread::sleep(Duration::from_millis(350));
        assert_eq!(open(&receiver, &seal(&sender).unwrap()), Ok(2));
        assert_eq!(open(&receiver, &seal(&second).unwrap()), Ok(1 << 16 | 2));
        // Another epoch does not leave a sender two behind.
        commit(&mut members, &mut server, 1, &[]);
        commit(&mut members, &mut server, 1, &[]);
        assert_eq!(open(&receiver, &seal(&sender).unwrap()), Ok(3));
        drop(members);
        assert_eq!(open(&receiver, &seal(&sender).unwrap()), Ok(3));
    }

    #[test]
    fn other_engines_get_the_same_keys() {
        let (mut members, _) = meeting(Suite::Default, 2);
        change_after(&mut members, Duration::ZERO);
        let (own, theirs) = (members[0].sframe_key(0, 5).unwrap(), members[1].sframe_key(0, 5).unwrap());
        assert_eq!((own.kid(), own.as_bytes()), (theirs.kid(), theirs.as_bytes()));
        assert_eq!(members[0].sender(5, SUITE).err(), Some(Error::KeyReused));
        members[0].sender(6, SUITE).unwrap();
        assert_eq!(members[0].sframe_key(0, 6).err(), Some(Error::KeyReused));
        assert_eq!(members[0].sframe_key(2, 0).err(), Some(Error::InvalidArgument));
        assert_eq!(members[0].sframe_key(0, 1 << 48).err(), Some(Error::InvalidArgument));
    }
}
