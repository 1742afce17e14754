//! What is left in memory when a handshake is done: the method of tests/c/wiped.c, with the secrets of a published run and over the whole
//! memory of a process, stacks and freed blocks included.

use super::vectors::{Side, runs, suite_of};
use crate::session::Role;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

/// Values are kept under this mask, so that the test's own copies are not found.
const MASK: u64 = 0x9e37_79b9_7f4a_7c15;

/// The eight-byte pieces of a value, masked.
fn pieces(value: &Value) -> impl Iterator<Item = u64> {
    let text = value.as_str().unwrap().as_bytes();
    let digit = |byte: u8| u64::from((byte as char).to_digit(16).unwrap());
    text.chunks_exact(16).map(move |chunk| chunk.iter().fold(0, |word, byte| word << 4 | digit(*byte)) ^ MASK)
}

/// Which of the pieces are anywhere in the writable memory of this process.
fn found(pieces: &BTreeSet<u64>) -> Vec<u64> {
    let filter: Vec<bool> = (0..1 << 16).map(|low| pieces.iter().any(|piece| piece & 0xffff == low)).collect();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let (mut hits, mut chunk) = (BTreeSet::new(), vec![0u8; 1 << 16]);
    for line in maps.lines().filter(|line| line.contains(" rw") && !line.contains("[v")) {
        let (start, end) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let [start, end] = [start, end].map(|address| u64::from_str_radix(address, 16).unwrap());
        let mut at = start;
        while at < end {
            let len = (end - at).min(1 << 16) as usize;
            // What was mapped may be gone, and what is read now was written by reading.
            let mine = chunk.as_ptr() as u64;
            if memory.seek(SeekFrom::Start(at)).is_err() || memory.read_exact(&mut chunk[..len]).is_err() {
                break;
            }
            for (offset, window) in chunk[..len].windows(8).enumerate() {
                let word = u64::from_be_bytes(window.try_into().unwrap()) ^ MASK;
                let place = at + offset as u64;
                let own = (mine..mine + (1 << 16)).contains(&place);
                if filter[(word & 0xffff) as usize] && !own && pieces.contains(&word) {
                    hits.insert(word);
                }
            }
            at += len as u64 - if len == 1 << 16 { 7 } else { 0 };
        }
        chunk.fill(0);
    }
    hits.into_iter().collect()
}

#[test]
fn nothing_is_left_but_the_session() {
    let Some(runs) = runs() else { return };
    if !cfg!(target_os = "linux") || cfg!(miri) {
        println!("skipped: wiped: needs Linux");
        return;
    }
    // A process of its own: other tests play the same runs.
    let name = "handshake::tests::wiped::nothing_is_left_but_the_session";
    if std::env::var_os("PQRTC_WIPED_CHILD").is_none() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env("PQRTC_WIPED_CHILD", "1")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        return;
    }
    for at in [0, 3, 5, 8] {
        if suite_of(&runs[at]).check().is_err() {
            continue;
        }
        let run = &runs[at..=at];
        let values = &run[0]["values"];
        let mut secrets: Vec<(String, BTreeSet<u64>)> = Vec::new();
        for name in ["ss1", "ss2", "prk1", "prk2", "k2", "k3"] {
            secrets.push((name.into(), pieces(&values[name]).collect()));
        }
        for side in ["random_I", "random_R"] {
            for (name, value) in run[0][side].as_object().unwrap() {
                secrets.push((name.clone(), pieces(value).collect()));
            }
        }
        let session: BTreeSet<u64> = pieces(&values["session_key"]).collect();
        let all: BTreeSet<u64> = secrets.iter().flat_map(|(_, pieces)| pieces).chain(&session).copied().collect();
        let name_of =
            |word: &u64| secrets.iter().find(|(_, pieces)| pieces.contains(word)).map(|(name, _)| name.clone());
        assert_eq!(found(&all), Vec::<u64>::new(), "before the run");

        // On a thread whose stack is looked at before it is gone.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (alice, bob) = (Side::new(run, "I"), Side::new(run, "R"));
                super::vectors::play(&run[0], &alice, &bob);
                let left = found(&all);
                let names: Vec<_> = left.iter().filter_map(name_of).collect();
                assert!(names.is_empty(), "left when done: {names:?}");
                assert!(session.iter().all(|piece| left.contains(piece)), "the session key is not seen");
                assert_eq!(alice.call.info().unwrap().role, Some(Role::Initiator));
                drop((alice, bob));
                assert_eq!(found(&all), Vec::<u64>::new(), "left when freed");
            });
        });
    }
}
