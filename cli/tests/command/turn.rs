//! turn mint, verify, wrap and unwrap.

use crate::common::{Folder, GOOD, REFUSED, SYSTEM, USAGE};
use std::time::{SystemTime, UNIX_EPOCH};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn a_minted_credential_is_the_librarys() {
    let folder = Folder::with_keys();
    let before = now();
    let minted = folder.json(&["turn", "mint", "-s", "secret", "-u", "alice", "-t", "600"]);
    let expiry = minted["expires_at"].as_u64().unwrap();
    assert!((before + 600..=now() + 600).contains(&expiry));
    // The line end after the secret is not a part of it.
    let right = pqrtc::turn::mint(b"north", b"alice", expiry).unwrap();
    assert_eq!(minted["username"], format!("{expiry}:alice"));
    assert_eq!(minted["password"].as_str().unwrap().as_bytes(), right.password());
    let anonymous = folder.json(&["turn", "mint", "-s", "secret"]);
    assert_eq!(anonymous["username"], anonymous["expires_at"].to_string());
}

#[test]
fn credentials_are_verified_from_pipes_in_both_forms() {
    let folder = Folder::with_keys();
    for json in [&[][..], &["--json"]] {
        let minted = folder.run(&[&["turn", "mint", "-s", "secret", "-u", "j\u{fc}rgen"], json].concat());
        let verified = folder.run_with(&["turn", "verify", "-s", "secret"], &minted.out);
        assert_eq!(verified.code, GOOD, "{}", verified.err);
        folder.write("other", b"south", 0o600);
        assert_eq!(folder.run_with(&["turn", "verify", "-s", "other"], &minted.out).code, REFUSED);
        let altered = minted.text().replace("rgen", "rgem");
        assert_eq!(folder.run_with(&["turn", "verify", "-s", "secret"], altered.as_bytes()).code, REFUSED);
    }
    let old = pqrtc::turn::mint(b"north", b"alice", now() - 1).unwrap();
    let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
    let old = format!("username: {}\npassword: {}\n", text(old.username()), text(old.password()));
    folder.write("old", old.as_bytes(), 0o600);
    folder.bad(REFUSED, "expired", &["turn", "verify", "-s", "secret", "old"]);
    for junk in ["", "{", "{}", "username: x", "{\"username\":1,\"password\":2}", "[[[[[[", "\u{0}"] {
        folder.write("junk", junk.as_bytes(), 0o600);
        folder.bad(REFUSED, "", &["turn", "verify", "-s", "secret", "junk"]);
    }
}

#[test]
fn wrapped_credentials_open_for_one_key() {
    let folder = Folder::with_keys();
    folder.good(&["keygen", "kem", "-a", "ml-kem-1024", "-o", "large"]);
    folder.good(&["pubkey", "-i", "large", "-o", "large.pub"]);
    for (key, overhead) in [("kem", 1116), ("large", 1596)] {
        let public = format!("{key}.pub");
        let report =
            folder.json(&["turn", "mint", "-s", "secret", "-u", "alice", "--to", &public, "-o", &format!("{key}.w")]);
        let wrapped = folder.read(&format!("{key}.w"));
        assert_eq!(report["wrapped_bytes"], wrapped.len());
        assert!(report["password"].is_null(), "the password is inside alone");
        let opened = folder.run_with(&["turn", "unwrap", "-i", key], &wrapped);
        assert_eq!(opened.out.len() + overhead, wrapped.len());
        assert_eq!(folder.run_with(&["turn", "verify", "-s", "secret"], &opened.out).code, GOOD);
        // Anything can be wrapped.
        let again = folder.run_with(&["turn", "wrap", "--to", &public], &opened.out);
        assert_eq!(folder.run_with(&["turn", "unwrap", "-i", key], &again.out).out, opened.out);
    }
    folder.bad(REFUSED, "another key", &["turn", "unwrap", "-i", "large", "kem.w"]);
    let wrapped = folder.read("kem.w");
    let mut altered = wrapped.clone();
    altered[5] ^= 1;
    for bytes in [&altered, &wrapped[1..], b"", &wrapped[..1000]] {
        folder.write("bad.w", bytes, 0o644);
        folder.bad(REFUSED, "altered", &["turn", "unwrap", "-i", "kem", "bad.w"]);
    }
    folder.good(&["turn", "unwrap", "-i", "kem", "kem.w", "-o", "credential"]);
    assert_eq!(folder.mode("credential"), 0o600);
}

#[test]
fn what_no_server_takes_is_not_minted() {
    let folder = Folder::with_keys();
    for user in ["John Smith", "O'Neil", "a\\b", &"x".repeat(500)] {
        folder.bad(USAGE, "coturn", &["turn", "mint", "-s", "secret", "-u", user]);
    }
    folder.bad(USAGE, "", &["turn", "mint", "-s", "secret", "-t", "0"]);
    folder.bad(USAGE, "2038", &["turn", "mint", "-s", "secret", "-t", "18446744073709551615"]);
    folder.bad(USAGE, "only one", &["turn", "mint", "-s", "-", "--to", "-"]);
    folder.write("newline", b"\n", 0o600);
    folder.bad(USAGE, "no secret", &["turn", "mint", "-s", "newline"]);
    // A secret that others can read, and one of a group.
    folder.write("open", b"north", 0o644);
    folder.bad(SYSTEM, "chmod 600", &["turn", "mint", "-s", "open"]);
    folder.write("group", b"north", 0o640);
    folder.good(&["turn", "mint", "-s", "group"]);
    folder.write("writable", b"north", 0o660);
    folder.bad(SYSTEM, "chmod 600", &["turn", "mint", "-s", "writable"]);
    assert_eq!(folder.run_with(&["turn", "mint", "-s", "-"], b"north").code, GOOD);
}
