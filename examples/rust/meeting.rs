//! A meeting of fifty. Everybody has a sender key of their own and hands it to each other member over a pairwise session; the SFU in the
//! middle sees sealed frames alone.
//!
//! - Join: every sender ratchets one step, which the receivers follow by themselves, and gives the newcomer the key of that step. The
//!   newcomer cannot open what was sealed before.
//! - Leave: every sender takes a fresh key under its next generation and hands it to who remains. Who left cannot open the next frame.

use pqrtc::sframe::{self, CipherSuite, MAX_OVERHEAD, Receiver, Sender};
use pqrtc::suite::{self, HybridKeypair, Suite};
use pqrtc::{Error, Result, Session};
use std::collections::HashMap;

const CIPHER: CipherSuite = CipherSuite::Aes256GcmSha512_128;
const RATCHET_BITS: u32 = 8;
const KEY: usize = 64;
const FRAME: &[u8] = b"twenty milliseconds of speech";

struct Member {
    name: u64,
    generation: u64,
    base_key: [u8; KEY],
    sender: Sender,
    receiver: Receiver,
    sessions: HashMap<u64, Session>,
}

impl Member {
    fn new(name: u64) -> Result<Self> {
        let receiver = Receiver::new(CIPHER);
        receiver.set_ratchet(RATCHET_BITS, 16, 50)?;
        let (base_key, sender) = fresh_sender(name, 0)?;
        Ok(Member { name, generation: 0, base_key, sender, receiver, sessions: HashMap::new() })
    }

    /// One step of the ratchet, for a join.
    fn step(&mut self) -> Result<()> {
        self.sender.ratchet()?;
        let mut next = [0; KEY];
        sframe::ratchet_base_key(CIPHER, &self.base_key, &mut next)?;
        self.base_key = next;
        Ok(())
    }

    /// A fresh key, after a leave.
    fn rotate(&mut self) -> Result<()> {
        self.generation += 1;
        (self.base_key, self.sender) = fresh_sender(self.name, self.generation)?;
        Ok(())
    }

    /// `kid || base key`, sealed for one other member.
    fn give_key(&self, to: u64) -> Result<Vec<u8>> {
        let payload = [&self.sender.kid().to_be_bytes()[..], &self.base_key].concat();
        let mut sealed = vec![0; payload.len() + pqrtc::session::SEAL_OVERHEAD_BYTES];
        self.sessions[&to].seal(b"sender key", &payload, &mut sealed)?;
        Ok(sealed)
    }

    fn take_key(&self, from: u64, sealed: &[u8]) -> Result<()> {
        let mut payload = [0; 8 + KEY];
        self.sessions[&from].open(b"sender key", sealed, &mut payload)?;
        let (kid, key) = payload.split_first_chunk::<8>().ok_or(Error::Internal)?;
        self.receiver.add_key(u64::from_be_bytes(*kid), key)
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

/// KID = member (32 bits) || generation (24) || step (8): every key of everybody has one of its own.
fn fresh_sender(name: u64, generation: u64) -> Result<([u8; KEY], Sender)> {
    let mut base_key = [0; KEY];
    pqrtc::random(&mut base_key)?;
    let sender = Sender::from_key(&base_key, name << 32 | generation << RATCHET_BITS, CIPHER)?;
    sender.set_ratchet(RATCHET_BITS)?;
    Ok((base_key, sender))
}

/// A newcomer makes a session with each member, and keys go both ways.
fn join(members: &mut Vec<Member>, mut newcomer: Member) -> Result<()> {
    for member in members.iter_mut() {
        let pair = HybridKeypair::generate(Suite::XWing)?;
        let mut exchange = vec![0; Suite::XWing.exchange_len()];
        let session = suite::initiate(Suite::XWing, pair.bundle(), &mut exchange)?;
        newcomer.sessions.insert(member.name, session);
        member.sessions.insert(newcomer.name, pair.respond(&exchange)?);
        member.step()?;
        newcomer.take_key(member.name, &member.give_key(newcomer.name)?)?;
        member.take_key(newcomer.name, &newcomer.give_key(member.name)?)?;
    }
    members.push(newcomer);
    Ok(())
}

/// Everybody who remains takes a fresh key and hands it round.
fn leave(members: &mut Vec<Member>, name: u64) -> Result<Member> {
    let gone = members.remove(members.iter().position(|member| member.name == name).expect("a member"));
    for member in members.iter_mut() {
        member.rotate()?;
        member.receiver.remove_key(gone.sender.kid())?;
    }
    for from in members.iter() {
        for to in members.iter().filter(|to| to.name != from.name) {
            to.receiver.remove_key(from.name << 32 | (from.generation - 1) << RATCHET_BITS)?;
            to.take_key(from.name, &from.give_key(to.name)?)?;
        }
    }
    Ok(gone)
}

fn everybody_hears_everybody(members: &[Member]) -> Result<()> {
    for from in members {
        let sealed = from.seal()?;
        for to in members.iter().filter(|to| to.name != from.name) {
            to.open(&sealed)?;
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    let mut members = Vec::new();
    for name in 1..=49 {
        join(&mut members, Member::new(name)?)?;
        everybody_hears_everybody(&members)?;
    }
    let before_join = members[0].seal()?;

    join(&mut members, Member::new(50)?)?;
    everybody_hears_everybody(&members)?;
    let refused = members[49].open(&before_join).unwrap_err();
    println!("50 members hear each other; the one who joined last cannot open an earlier frame: {refused}");

    let gone = leave(&mut members, 7)?;
    everybody_hears_everybody(&members)?;
    let refused = gone.open(&members[0].seal()?).unwrap_err();
    println!("49 members hear each other; the one who left cannot open the next frame: {refused}");
    Ok(())
}
