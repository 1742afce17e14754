//! The command line itself: usage, help, manual pages, completions.

use crate::common::{Folder, GOOD, USAGE};
use std::fs;

#[test]
fn usage_errors_have_their_exit_code_also_in_json() {
    let folder = Folder::with_keys();
    for args in [
        &["bogus"][..],
        &["keygen"],
        &["keygen", "bogus"],
        &["sign", "file"],
        &["sign", "-i", "sign", "-k", "bogus", "file"],
        &["verify", "-p", "sign.pub", "-k", "summary"],
        &["turn", "mint"],
        &["turn", "mint", "-s", "secret", "-t", "-1"],
        &["turn", "mint", "-s", "secret", "--secret", "north"],
        &["inspect", "key"],
        &["doctor", "extra"],
    ] {
        folder.bad(USAGE, "", args);
    }
    // No command: the help, and the code of a wrong command line.
    let run = folder.run::<&str>(&[]);
    assert!(run.code == USAGE && run.err.contains("Usage:"), "{run:?}");
}

#[test]
fn help_manual_and_completions_are_there_for_all_commands() {
    let folder = Folder::new();
    let help = String::from_utf8(folder.good(&["--help"])).unwrap();
    for code in ["  0  success", "  1  verification failed", "  2  usage", "  3  the operating system"] {
        assert!(help.contains(code), "{code}");
    }
    fs::create_dir(folder.at("man")).unwrap();
    folder.good(&["man", "man"]);
    let page = fs::read_to_string(folder.at("man/pqrtc.1")).unwrap();
    assert!(page.contains(".TH pqrtc 1") && page.contains("verification failed"));
    for name in ["keygen-sign", "pubkey", "turn-mint", "sign", "verify", "inspect-frame", "doctor"] {
        assert!(folder.at(format!("man/pqrtc-{name}.1")).exists(), "{name}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = String::from_utf8(folder.good(&["completions", shell])).unwrap();
        assert!(script.contains("recording-manifest"), "{shell}");
    }
    assert_eq!(folder.run(&["--version", "--json"]).code, GOOD);
}
