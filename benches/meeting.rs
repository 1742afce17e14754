//! What it costs when one comes to a meeting and when one leaves it, in processor time and bytes, suite 1. docs/meeting.md says who sends what.
//!
//! `make bench`, or `cargo bench --manifest-path benches/Cargo.toml --bench meeting`.

mod common;

use common::{duration, median, timed};
use pqrtc::meeting::{Card, Meeting, Outgoing};
use pqrtc::signing::{SignatureAlgorithm, SigningKey};

const SIZES: [usize; 5] = [2, 10, 50, 500, 1000];
/// Members that do what members do. The others are in the roster, and their machines would do the same.
const ACTIVE: usize = 20;
const ROUNDS: usize = 15;
const NOW: u64 = 1000;

fn main() {
    println!("provider {}; medians of processor time", pqrtc::provider());
    println!("| members | | committer | sends | each member | receives | newcomer | receives |");
    println!("|---|---|---|---|---|---|---|---|");
    SIZES.into_iter().for_each(come_and_go);
}

struct Person {
    me: SigningKey,
    card: Card,
}

impl Person {
    fn new() -> Self {
        let me = SigningKey::generate(SignatureAlgorithm::MlDsa65Ed25519).unwrap();
        let card = Card::new(&me, 2 * NOW, b"credential").unwrap();
        Person { me, card }
    }

    fn join(&mut self, commit: &Commit, welcome: &Outgoing, roster: &[u8], committers_card: &[u8]) -> Meeting {
        let cards = items([committers_card]);
        Meeting::join(&self.me, &mut self.card, &welcome.bytes, &commit.bytes, roster, &cards, NOW).unwrap()
    }
}

/// A commit and what it sends to single members.
struct Commit {
    bytes: Vec<u8>,
    outgoing: Vec<Outgoing>,
}

impl Commit {
    fn new(committer: &mut Meeting, cards: &[u8], remove: &[u32]) -> Self {
        let bytes = committer.commit(cards, remove, false).unwrap().to_vec();
        Commit { bytes, outgoing: committer.outgoing().to_vec() }
    }

    /// The time to make one, of many that no server takes, and what is sent; then one that it takes.
    fn measured(committer: &mut Meeting, cards: &[u8], remove: &[u32]) -> (f64, usize, Self) {
        let times = (0..ROUNDS).map(|_| {
            let time = timed(|| _ = committer.commit(cards, remove, false).unwrap());
            committer.dropped().unwrap();
            time.as_secs_f64()
        });
        let time = median(times.collect());
        let commit = Commit::new(committer, cards, remove);
        let sent = commit.bytes.len() + commit.outgoing.iter().map(|message| message.bytes.len()).sum::<usize>();
        committer.accepted().unwrap();
        (time, sent, commit)
    }

    /// The median time that these members take for it, and the bytes that each receives beside cards.
    fn received(&self, members: &mut [Meeting], cards: &[u8]) -> (f64, usize) {
        if members.is_empty() {
            return (0.0, 0);
        }
        let mut bytes = 0;
        let times = members.iter_mut().map(|member| {
            let own = member.info().index;
            let sealed = self.outgoing.iter().find(|message| message.card.is_none() && own == Some(message.index));
            let sealed = sealed.map_or(&[][..], |message| &message.bytes);
            bytes = self.bytes.len() + sealed.len();
            timed(|| member.receive(&self.bytes, sealed, cards, NOW).unwrap()).as_secs_f64()
        });
        (median(times.collect()), bytes)
    }
}

fn items<'a>(items: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    items.into_iter().flat_map(|item| [&(item.len() as u32).to_be_bytes(), item].concat()).collect()
}

fn come_and_go(size: usize) {
    // One adds all others at once. The last is the one who leaves.
    let mut host = Person::new();
    let mut committer = Meeting::create(&host.me, &mut host.card, NOW).unwrap();
    let mut others: Vec<Person> = (1..size).map(|_| Person::new()).collect();
    let all = items(others.iter().map(|person| person.card.as_bytes()));
    let first = Commit::new(&mut committer, &all, &[]);
    committer.accepted().unwrap();
    let roster = committer.roster().unwrap();
    let active = others.len().saturating_sub(1).min(ACTIVE);
    let host_card = host.card.as_bytes().to_vec();
    let joining = others[..active].iter_mut().zip(&first.outgoing);
    let mut members: Vec<_> =
        joining.map(|(other, welcome)| other.join(&first, welcome, &roster, &host_card)).collect();

    let mut newcomer = Person::new();
    let card = items([newcomer.card.as_bytes()]);
    let (making, sent, commit) = Commit::measured(&mut committer, &card, &[]);
    let sent = sent + card.len() - 4;
    let roster = committer.roster().unwrap();
    let (receiving, received) = commit.received(&mut members, &card);
    let mut joined = None;
    let joining =
        timed(|| joined = Some(newcomer.join(&commit, &commit.outgoing[0], &roster, &host_card))).as_secs_f64();
    let welcome = commit.bytes.len() + commit.outgoing[0].bytes.len() + roster.len();
    row(
        size,
        "join",
        (making, sent),
        (receiving, received + card.len() - 4),
        Some((joining, welcome + host_card.len())),
    );

    let (making, sent, commit) = Commit::measured(&mut committer, b"", &[size as u32 - 1]);
    members.extend(joined);
    let (receiving, received) = commit.received(&mut members, b"");
    row(size, "leave", (making, sent), (receiving, received), None);
}

fn row(size: usize, what: &str, committer: (f64, usize), member: (f64, usize), newcomer: Option<(f64, usize)>) {
    let pair = |(time, bytes): (f64, usize)| format!("{} | {bytes}", duration(time * 1e9));
    println!("| {size} | {what} | {} | {} | {} |", pair(committer), pair(member), newcomer.map_or("| ".into(), pair));
}
