//! recording sign, verify and inspect.

use crate::common::{Folder, GOOD, REFUSED, SYSTEM, USAGE};
use std::fs;
use std::io::Write;
use std::process::Stdio;

const SIGN: [&str; 6] = ["recording", "sign", "-i", "sign", "--id", "meeting 7"];
const VERIFY: [&str; 6] = ["recording", "verify", "-p", "sign.pub", "--id", "meeting 7"];

fn sign<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&SIGN, more].concat()
}

fn verify<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&VERIFY, more].concat()
}

/// Segments 0.ts to 4.ts.
fn segments() -> Folder {
    let folder = Folder::with_keys();
    for at in 0..5_u8 {
        folder.write(format!("{at}.ts"), &vec![at; 1000 * usize::from(at)], 0o644);
    }
    folder
}

fn lines(folder: &Folder) -> Vec<String> {
    String::from_utf8(folder.read("recording.pqrtc")).unwrap().lines().map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_recording_is_signed_in_steps_and_verified_as_a_whole() {
    let folder = segments();
    let first = folder.json(&sign(&["0.ts", "1.ts"]));
    assert_eq!((&first["signed"], &first["entries"], &first["ended"]), (&2.into(), &2.into(), &false.into()));
    folder.bad(REFUSED, "--partial", &verify(&[]));
    assert_eq!(folder.json(&verify(&["--partial"]))["ended"], false);
    // Segments that are signed are passed over, so a script may name all that there are.
    let all = folder.json(&sign(&["--end", "0.ts", "1.ts", "2.ts", "3.ts", "4.ts"]));
    assert_eq!((&all["signed"], &all["passed_over"], &all["ended"]), (&3.into(), &2.into(), &true.into()));
    let verified = folder.json(&verify(&[]));
    assert_eq!(
        (&verified["entries"], &verified["bytes"], &verified["ended"]),
        (&5.into(), &10_000.into(), &true.into())
    );
    folder.good(&sign(&["--end", "0.ts", "4.ts"]));
    folder.write("5.ts", b"late", 0o644);
    folder.bad(USAGE, "has ended", &sign(&["5.ts"]));
    let said = folder.json(&["recording", "inspect"]);
    assert_eq!((&said["id"], &said["entries"][4]["last"]), (&"meeting 7".into(), &true.into()));
    assert_eq!((&said["entries"][3]["segment"], &said["entries"][3]["length"]), (&"3.ts".into(), &3000.into()));
}

/// The entries are those of the library.
#[test]
fn another_verifier_accepts_the_entries() {
    use base64ct::{Base64, Encoding};
    use pqrtc::recording::Verifier;
    let folder = segments();
    folder.good(&sign(&["2.ts", "--end"]));
    let (algorithm, key) = pqrtc::keyfile::import_public_key(&folder.read("sign.pub")).unwrap();
    let pqrtc::keyfile::PublicKeyAlgorithm::Signature(algorithm) = algorithm else { panic!() };
    let line: serde_json::Value = serde_json::from_str(&lines(&folder)[1]).unwrap();
    let mut entry = vec![0; 8000];
    let entry = Base64::decode(line["entry"].as_str().unwrap(), &mut entry).unwrap();
    let mut verifier = Verifier::new(algorithm, &key, b"meeting 7").unwrap();
    verifier.update(&folder.read("2.ts")).unwrap();
    verifier.entry(entry).unwrap();
    verifier.finish().unwrap();
    folder.write("entry", entry, 0o644);
    assert_eq!(folder.json(&["recording", "inspect", "entry"])["length"], 2000);
    folder.bad(REFUSED, "index", &["recording", "inspect", "2.ts"]);
}

#[test]
fn nothing_can_be_spliced() {
    let folder = segments();
    folder.good(&sign(&["--end", "0.ts", "1.ts", "2.ts", "3.ts", "4.ts"]));
    let good = lines(&folder);
    let index = |lines: &[&String]| {
        folder.write("recording.pqrtc", lines.iter().copied().cloned().collect::<String>().as_bytes(), 0o644)
    };
    let [head, a, b, c, d, e] = &good[..] else { panic!() };
    for (lines, words) in [
        (vec![head, a, c, d, e], "not the next"),
        (vec![head, b, a, c, d, e], "not the next"),
        (vec![head, a, a, b, c, d, e], "not the next"),
        (vec![head, b, c, d, e], "not the next"),
        (vec![head, a, b, c, d], "last entry is missing"),
        (vec![head], "last entry is missing"),
        (vec![], "last entry is missing"),
        (vec![a, b, c, d, e], "index"),
        (vec![head, head, a, b, c, d, e], "index"),
        (vec![head, a, b, c, d, e, e], "not a message"),
        (vec![head, &a.replace("0.ts", "1.ts"), b, c, d, e], "names"),
        (vec![head, &a.replace("0.ts", "../file"), b, c, d, e], "leads out"),
        (vec![head, &a.replace("0.ts", "/etc/passwd"), b, c, d, e], "leads out"),
        (vec![head, &a.replace("0.ts", "nowhere"), b, c, d, e], "missing"),
        (vec![head, a, &b.replace("\"1.ts\"", "null"), c, d, e], "names"),
        (vec![head, &"x".repeat(100_000), b], "line"),
        (vec![head, a, b, c, d, e, &"{\"segment\":".into()], "follows"),
    ] {
        index(&lines);
        folder.bad(REFUSED, words, &verify(&[]));
    }
    index(&[head, a, b, c, d, e]);
    folder.good(&verify(&[]));
    folder.bad(REFUSED, "does not verify", &["recording", "verify", "-p", "sign.pub", "--id", "meeting 8"]);
    folder.bad(USAGE, "1 to 64", &["recording", "verify", "-p", "sign.pub", "--id", ""]);
    folder.good(&["keygen", "sign", "-o", "other"]);
    folder.good(&["pubkey", "-i", "other", "-o", "other.pub"]);
    folder.bad(REFUSED, "does not verify", &["recording", "verify", "-p", "other.pub", "--id", "meeting 7"]);
    let content = folder.read("3.ts");
    for altered in [&content[1..], b"", &[content.as_slice(), b"x"].concat(), &vec![9; content.len()]] {
        folder.write("3.ts", altered, 0o644);
        folder.bad(REFUSED, "entry 3: 3.ts", &verify(&[]));
    }
    fs::remove_file(folder.at("3.ts")).unwrap();
    folder.bad(REFUSED, "entry 3: 3.ts: the segment is missing", &verify(&[]));
    assert!(folder.run(&verify(&[])).err.contains("the 3 before it are good"));
}

#[test]
fn a_crash_costs_at_most_the_segment_that_was_being_signed() {
    let folder = segments();
    folder.good(&sign(&["0.ts", "1.ts"]));
    let before = folder.read("recording.pqrtc");
    folder.good(&sign(&["2.ts"]));
    let after = folder.read("recording.pqrtc");
    let first_line = before.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for cut in [before.len() + 1, before.len() + 11, before.len() + 12, after.len() - 1, 0, 1, 12, first_line - 1] {
        folder.write("recording.pqrtc", &after[..cut], 0o644);
        let run = folder.json(&sign(&["--end", "0.ts", "1.ts", "2.ts", "3.ts"]));
        assert_eq!(run["entries"], 4, "cut at {cut}");
        assert_eq!(run["repaired"], cut > first_line);
        assert_eq!(folder.json(&verify(&[]))["entries"], 4);
    }
    // Killed at any time, and started again by a script that names all segments.
    fs::remove_file(folder.at("recording.pqrtc")).unwrap();
    for round in 0..40_u64 {
        let mut child =
            folder.command(&sign(&["0.ts", "1.ts", "2.ts", "3.ts", "4.ts"])).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(150 * round));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    folder.good(&sign(&["0.ts", "1.ts", "2.ts", "3.ts", "4.ts", "--end"]));
    assert_eq!(folder.json(&verify(&[]))["entries"], 5);
}

#[test]
fn what_would_make_a_recording_that_does_not_verify_is_refused() {
    let folder = segments();
    folder.good(&sign(&["0.ts", "1.ts"]));
    let before = folder.read("recording.pqrtc");
    folder.bad(USAGE, "another recording or key", &["recording", "sign", "-i", "sign", "--id", "meeting 8", "2.ts"]);
    folder.bad(
        USAGE,
        "another recording or key",
        &["recording", "sign", "-i", "identity", "--id", "meeting 7", "2.ts"],
    );
    folder.write("1.ts", b"other", 0o644);
    folder.bad(USAGE, "has 5 now", &sign(&["1.ts"]));
    folder.bad(SYSTEM, "check the path", &sign(&["nowhere"]));
    folder.bad(USAGE, "no segments", &sign(&[]));
    fs::create_dir(folder.at("below")).unwrap();
    folder.bad(SYSTEM, "is a directory", &sign(&["below"]));
    folder.bad(USAGE, "not below", &sign(&["/etc/passwd"]));
    folder.bad(USAGE, "index itself", &sign(&["recording.pqrtc"]));
    folder.bad(SYSTEM, "name", &sign(&["--from", "/dev/zero"]));
    folder.bad(USAGE, "not a file", &sign(&["/dev/null"]));
    folder.bad(REFUSED, "not the index", &sign(&["--index", "2.ts", "3.ts"]));
    folder.bad(USAGE, "1 to 64", &["recording", "sign", "-i", "sign", "--id", &"x".repeat(65), "2.ts"]);
    folder.bad(USAGE, "", &sign(&["--from", "-", "2.ts"]));
    assert_eq!(folder.read("recording.pqrtc"), before);
    assert_eq!(folder.read("2.ts"), vec![2; 2000], "a wrong index is not touched");
    // Segments in folders below.
    folder.write("below/5.ts", b"five", 0o644);
    folder.write("1.ts", &[1; 1000], 0o644);
    folder.good(&sign(&["below/5.ts", "--end"]));
    folder.good(&verify(&[]));
}

/// As a segmenter names finished segments, while the recording goes on; a second signer has to wait.
#[test]
fn names_come_through_a_pipe() {
    let folder = segments();
    let mut child = folder
        .command(&sign(&["--from", "-", "--end", "--json"]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut names = child.stdin.take().unwrap();
    for at in 0..5 {
        writeln!(names, "{at}.ts").unwrap();
        while !folder.at("recording.pqrtc").exists() || lines(&folder).len() < at + 2 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        folder.good(&verify(&["--partial"]));
    }
    folder.bad(SYSTEM, "another process", &sign(&["0.ts"]));
    drop(names);
    assert!(child.wait().unwrap().success());
    assert_eq!(folder.json(&verify(&[]))["entries"], 6, "the last entry has no segment");
    let junk = folder.run_with(
        &["recording", "sign", "-i", "sign", "--id", "x", "--index", "new", "--from", "-"],
        b"\n\r\n0.ts\r\n",
    );
    assert_eq!(junk.code, GOOD, "{junk:?}");
}

/// A disk that is full in mid-write: the error is told, and signing goes on where the index was whole.
#[test]
fn an_index_that_cannot_grow_is_told() {
    let folder = segments();
    folder.good(&sign(&["0.ts"]));
    let script = "ulimit -f 8; trap '' XFSZ; exec \"$@\"";
    let mut command = std::process::Command::new("bash");
    command.args(["-c", script, "bash", env!("CARGO_BIN_EXE_pqrtc")]).args(sign(&["1.ts", "2.ts", "3.ts"]));
    let run = crate::common::Run::of(command.current_dir(folder.path()).output().unwrap());
    assert!(run.code == SYSTEM && run.err.contains("recording.pqrtc"), "{run:?}");
    folder.good(&sign(&["1.ts", "2.ts", "3.ts", "--end"]));
    assert_eq!(folder.json(&verify(&[]))["entries"], 4);
}
