//! A meeting of fifty through a server that nobody trusts. Everybody seals under a sender key of their own, which all members derive from the
//! epoch; a commit takes the meeting to the next one. The server in the middle sees cards, commits and sealed frames alone.
//!
//! - Join: the newcomer cannot open what was sealed before.
//! - Leave: who left cannot open the next frame.

use pqrtc::meeting::{Card, Meeting};
use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
use pqrtc::signing::{SignatureAlgorithm, SigningKey};
use pqrtc::{Error, Result};
use std::sync::Arc;
use std::time::Duration;

const CIPHER: CipherSuite = CipherSuite::Aes256GcmSha512_128;
const FRAME: &[u8] = b"twenty milliseconds of speech";
const NOW: u64 = 1_800_000_000;

struct Member {
    meeting: Meeting,
    sender: Arc<Sender>,
    receiver: Arc<Receiver>,
}

impl Member {
    fn new(meeting: Meeting) -> Result<Self> {
        let (sender, receiver) = (meeting.sender(0, CIPHER)?, meeting.receiver(CIPHER)?);
        Ok(Member { meeting, sender, receiver })
    }

    fn seal(&self) -> Result<Vec<u8>> {
        let mut sealed = vec![0; FRAME.len() + MAX_OVERHEAD];
        let len = self.sender.seal(b"", FRAME, &mut sealed)?;
        sealed.truncate(len);
        Ok(sealed)
    }

    fn open(&self, sealed: &[u8]) -> Result<()> {
        let mut frame = [0; 64];
        let opened = self.receiver.open(b"", sealed, &mut frame)?;
        assert_eq!(&frame[..opened.len], FRAME);
        Ok(())
    }
}

/// Somebody who wants to come in, with the card that they have published.
fn applicant() -> Result<(SigningKey, Card)> {
    let identity = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519)?;
    let card = Card::new(&identity, NOW + 86_400, b"")?;
    Ok((identity, card))
}

/// What the server keeps: `u32 length || card`, one after another.
fn listed(card: &Card) -> Vec<u8> {
    [&(card.as_bytes().len() as u32).to_be_bytes(), card.as_bytes()].concat()
}

/// The first member adds the applicants with one commit. `cards` has those of all.
fn add(members: &mut Vec<Member>, mut applicants: Vec<(SigningKey, Card)>, cards: &mut Vec<u8>) -> Result<()> {
    let new: Vec<u8> = applicants.iter().flat_map(|(_, card)| listed(card)).collect();
    cards.extend_from_slice(&new);
    let (host, others) = members.split_first_mut().ok_or(Error::InvalidArgument)?;
    let commit = host.meeting.commit(&new, &[], false)?.to_vec();
    host.meeting.accepted()?; // the server has put it first
    for member in others {
        member.meeting.receive(&commit, b"", &new, NOW)?;
    }
    let (roster, welcomes) = (host.meeting.roster()?, host.meeting.outgoing().to_vec());
    for ((identity, card), welcome) in applicants.iter_mut().zip(welcomes) {
        members.push(Member::new(Meeting::join(identity, card, &welcome.bytes, &commit, &roster, cards, NOW)?)?);
    }
    Ok(())
}

/// The first member removes another, who is told so and is given back.
fn remove(members: &mut Vec<Member>, at: usize) -> Result<Member> {
    let mut gone = members.remove(at);
    let (host, others) = members.split_first_mut().ok_or(Error::InvalidArgument)?;
    let index = gone.meeting.info().index.ok_or(Error::InvalidArgument)?;
    let commit = host.meeting.commit(b"", &[index.into()], true)?.to_vec();
    host.meeting.accepted()?;
    let boxes = host.meeting.outgoing();
    for member in others {
        let index = member.meeting.info().index.ok_or(Error::Internal)?;
        let sealed = boxes.iter().find(|message| message.index == index).ok_or(Error::Internal)?;
        member.meeting.receive(&commit, &sealed.bytes, b"", NOW)?;
    }
    gone.meeting.receive(&commit, b"", b"", NOW)?;
    Ok(gone)
}

/// All read one code, and open each other's frames once the senders have changed to the newest epoch.
fn everybody_hears_everybody(members: &[Member]) -> Result<()> {
    std::thread::sleep(Duration::from_millis(2100));
    let code = members[0].meeting.code()?;
    for (at, from) in members.iter().enumerate() {
        assert_eq!(from.meeting.code()?, code);
        let sealed = from.seal()?;
        for (_, to) in members.iter().enumerate().filter(|(other, _)| *other != at) {
            to.open(&sealed)?;
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    let (identity, mut card) = applicant()?;
    let mut cards = listed(&card);
    let mut members = vec![Member::new(Meeting::create(&identity, &mut card, NOW)?)?];
    let applicants = (1..49).map(|_| applicant()).collect::<Result<_>>()?;
    add(&mut members, applicants, &mut cards)?;
    everybody_hears_everybody(&members)?;
    let before = members[0].seal()?;

    add(&mut members, vec![applicant()?], &mut cards)?;
    everybody_hears_everybody(&members)?;
    let refused = members[49].open(&before).unwrap_err();
    println!("50 members hear each other; the one who came last cannot open an earlier frame: {refused}");

    let gone = remove(&mut members, 7)?;
    everybody_hears_everybody(&members)?;
    let refused = gone.open(&members[0].seal()?).unwrap_err();
    println!("49 members hear each other; the one who left cannot open the next frame: {refused}");
    Ok(())
}
