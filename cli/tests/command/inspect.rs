//! inspect and doctor.

use crate::common::{Folder, REFUSED, USAGE};
use pqrtc::handshake::{Call, Policy, Profile};
use pqrtc::signing::SigningKey;

#[test]
fn keys_are_described_and_not_shown() {
    let folder = Folder::with_keys();
    let private = folder.json(&["inspect", "key", "sign"]);
    let public = folder.json(&["inspect", "key", "sign.pub"]);
    assert_eq!((&private["type"], &public["type"]), (&"private key".into(), &"public key".into()));
    assert_eq!(private["fingerprint"], public["fingerprint"]);
    assert_eq!((&private["form"], &private["readable_by_others"]), (&"seed".into(), &false.into()));
    folder.good(&["keygen", "sign", "--format", "raw", "-o", "raw"]);
    let seed = folder.read("raw");
    let said = folder.run(&["inspect", "key", "raw", "-a", "ml-dsa-65"]);
    let hex: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(said.text().contains("ml-dsa-65") && !said.text().contains(&hex[..16]));
    folder.write("open", &folder.read("sign"), 0o644);
    assert_eq!(folder.json(&["inspect", "key", "open"])["readable_by_others"], true);
}

#[test]
fn messages_of_the_exchange_and_of_a_call() {
    let folder = Folder::with_keys();
    assert_eq!(folder.json(&["inspect", "bundle", "hybrid.pub"])["suites"][0], "x-wing");
    folder.good(&["keygen", "hybrid", "-a", "v100-hybrid-kx-v1", "-o", "v100"]);
    folder.good(&["pubkey", "-i", "v100", "-a", "v100-hybrid-kx-v1", "-o", "v100.pub"]);
    let suites = folder.json(&["inspect", "bundle", "v100.pub"]);
    assert_eq!(suites["suites"], serde_json::json!(["v100-hybrid-kx-v1"]));
    folder.write("bad", &[0xff; 1216], 0o644);
    folder.bad(REFUSED, "checks", &["inspect", "bundle", "bad"]);
    folder.bad(REFUSED, "1216", &["inspect", "bundle", "file"]);
    folder.write("exchange", &[1; 1120], 0o644);
    folder.good(&["inspect", "exchange", "exchange"]);
    folder.bad(REFUSED, "1120", &["inspect", "exchange", "file"]);

    let call = |name| {
        let mut policy = Policy::new(Profile::Default).unwrap();
        policy.accept_any_peer();
        Call::new(&[&SigningKey::import(&folder.read(name)).unwrap()], &policy, b"", b"").unwrap()
    };
    folder.good(&["keygen", "identity", "-o", "peer"]);
    let (alice, bob) = (call("identity"), call("peer"));
    let offer = alice.offer().unwrap();
    let answer = bob.receive(&offer, b"").unwrap();
    folder.write("offer", &offer, 0o644);
    folder.write("answer", &answer, 0o644);
    assert_eq!(folder.json(&["inspect", "offer", "offer"])["epoch"], 0);
    assert_eq!(folder.json(&["inspect", "answer", "answer"])["suite"], "1 (x-wing, ml-dsa-65-ed25519)");
    folder.bad(REFUSED, "this is the answer", &["inspect", "offer", "answer"]);
    folder.write("cut", &offer[..offer.len() - 1], 0o644);
    folder.bad(REFUSED, "not a message", &["inspect", "offer", "cut"]);
    folder.write("huge", &vec![1; 70_000], 0o644);
    folder.bad(REFUSED, "longer", &["inspect", "offer", "huge"]);
}

#[test]
fn frames_and_wrapped_credentials() {
    use pqrtc::frame::{self, Codec};
    use pqrtc::sframe::{CipherSuite, Sender};
    let folder = Folder::with_keys();
    let sender = Sender::from_key(&[7; 32], 9, CipherSuite::Aes256GcmSha512_128).unwrap();
    let unit = [0, 0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let mut sealed = vec![0; frame::seal_max_size(Codec::H264, unit.len()).unwrap()];
    let len = frame::seal(&sender, Codec::H264, b"", &unit, &mut sealed).unwrap();
    folder.write("frame", &sealed[..len], 0o644);
    let said = folder.json(&["inspect", "frame", "--codec", "h264", "frame"]);
    assert_eq!((&said["kid"], &said["sealed_units"]), (&9.into(), &1.into()));
    folder.bad(REFUSED, "--codec", &["inspect", "frame", "--codec", "av1", "secret"]);
    folder.bad(USAGE, "", &["inspect", "frame", "--codec", "mpeg2", "frame"]);
    folder.good(&["turn", "mint", "-s", "secret", "--to", "kem.pub", "-o", "wrapped"]);
    let said = folder.json(&["inspect", "wrapped", "wrapped"]);
    assert!(said["possible"][0].as_str().unwrap().starts_with("ml-kem-768 with "));
    folder.bad(REFUSED, "too short", &["inspect", "wrapped", "file"]);
}

#[test]
fn the_doctor_looks_at_the_library_and_the_machine() {
    let folder = Folder::new();
    let checks = folder.json(&["doctor"]);
    let names: Vec<_> =
        checks["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["provider", "self-test", "randomness", "cpu", "memory locks", "core dumps", "swap", "clock"]);
    let provider = checks["checks"][0]["value"].as_str().unwrap();
    assert!(provider.starts_with(pqrtc::provider()), "{provider}");
    assert!(String::from_utf8(folder.good(&["doctor"])).unwrap().contains("self-test"));
}
