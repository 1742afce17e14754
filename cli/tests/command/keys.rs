//! keygen and pubkey.

use crate::common::{Folder, GOOD, SYSTEM, USAGE};
use std::os::unix::fs::symlink;

const ALL: [(&str, &str, usize, usize); 8] = [
    ("sign", "ml-dsa-65", 32, 1952),
    ("sign", "ml-dsa-87", 32, 2592),
    ("sign", "ml-dsa-65-ed25519", 64, 1984),
    ("kem", "ml-kem-768", 64, 1184),
    ("kem", "ml-kem-1024", 64, 1568),
    ("hybrid", "x-wing", 32, 1216),
    ("hybrid", "v100-hybrid-kx-v1", 96, 1216),
    ("identity", "ml-dsa-87", 32, 2592),
];

#[test]
fn every_algorithm_in_every_format_gives_the_same_public_key() {
    for (purpose, algorithm, seed, public) in ALL {
        let folder = Folder::new();
        let made = folder.json(&["keygen", purpose, "-a", algorithm, "--format", "raw", "-o", "raw"]);
        assert_eq!((&made["algorithm"], &made["public_key_bytes"]), (&algorithm.into(), &public.into()));
        assert_eq!((folder.read("raw").len(), folder.mode("raw")), (seed, 0o600), "{algorithm}");
        let raw = folder.good(&["pubkey", "-i", "raw", "-a", algorithm, "--format", "raw"]);
        assert_eq!(raw.len(), public);
        let key = pqrtc_public(algorithm, &folder.read("raw"));
        assert_eq!(raw, key, "{algorithm}");
        if purpose == "hybrid" {
            assert!(made["fingerprint"].is_null());
            continue;
        }
        for format in ["pem", "der"] {
            folder.good(&["keygen", purpose, "-a", algorithm, "--format", format, "-o", format]);
            let public = folder.good(&["pubkey", "-i", format, "--format", "der"]);
            let pem = folder.good(&["pubkey", "-i", format]);
            assert_eq!(pqrtc::keyfile::import_public_key(&public), pqrtc::keyfile::import_public_key(&pem));
        }
    }
}

fn pqrtc_public(algorithm: &str, seed: &[u8]) -> Vec<u8> {
    use pqrtc::signing::{SignatureAlgorithm as S, SigningKey};
    use pqrtc::{HybridKeypair, Suite, kem};
    let signing = |of| SigningKey::from_seed(of, seed).unwrap().public_key().to_vec();
    let kem = |of| kem::KemKeypair::from_seed(of, seed).unwrap().public_key().to_vec();
    match algorithm {
        "ml-dsa-65" => signing(S::MlDsa65),
        "ml-dsa-87" => signing(S::MlDsa87),
        "ml-dsa-65-ed25519" => signing(S::MlDsa65Ed25519),
        "ml-kem-768" => kem(kem::KemAlgorithm::MlKem768),
        "ml-kem-1024" => kem(kem::KemAlgorithm::MlKem1024),
        "x-wing" => HybridKeypair::from_seed(Suite::XWing, seed).unwrap().bundle().to_vec(),
        _ => HybridKeypair::from_seed(Suite::V100HybridKxV1, seed).unwrap().bundle().to_vec(),
    }
}

#[test]
fn a_key_is_not_overwritten_without_force() {
    let folder = Folder::new();
    folder.good(&["keygen", "sign", "-o", "key"]);
    let before = folder.read("key");
    folder.bad(SYSTEM, "--force", &["keygen", "sign", "-o", "key"]);
    assert_eq!(folder.read("key"), before);
    symlink("key", folder.at("link")).unwrap();
    symlink("nowhere", folder.at("dangling")).unwrap();
    folder.bad(SYSTEM, "exists", &["keygen", "sign", "-o", "link"]);
    folder.bad(SYSTEM, "exists", &["keygen", "sign", "-o", "dangling"]);
    assert_eq!(folder.names(), ["dangling", "key", "link"], "and no temporary file stays");
    folder.good(&["keygen", "sign", "-o", "link", "--force"]);
    assert_ne!(folder.read("key"), before, "the file that the link names is replaced");
    assert!(folder.at("link").is_symlink());
    // A file of another mode is replaced by one for the owner alone.
    folder.write("open", b"", 0o666);
    folder.good(&["keygen", "sign", "-o", "open", "--force"]);
    assert_eq!(folder.mode("open"), 0o600);
}

#[test]
fn no_command_writes_over_what_it_reads() {
    let folder = Folder::with_keys();
    let (key, kem) = (folder.read("sign"), folder.read("kem"));
    std::fs::hard_link(folder.at("sign"), folder.at("same")).unwrap();
    symlink("sign", folder.at("link")).unwrap();
    for output in ["sign", "./sign", "same", "link"] {
        folder.bad(USAGE, "overwritten", &["pubkey", "-i", "sign", "--force", "-o", output]);
        folder.bad(USAGE, "overwritten", &["sign", "-i", "sign", "-k", "summary", "file", "--force", "-o", output]);
    }
    folder.bad(USAGE, "overwritten", &["sign", "-i", "sign", "-k", "summary", "file", "--force", "-o", "file"]);
    folder.bad(USAGE, "overwritten", &["turn", "mint", "-s", "secret", "--force", "-o", "secret"]);
    folder.bad(USAGE, "overwritten", &["turn", "unwrap", "-i", "kem", "file", "--force", "-o", "kem"]);
    folder.bad(USAGE, "overwritten", &["turn", "wrap", "--to", "kem.pub", "secret", "--force", "-o", "kem.pub"]);
    assert_eq!((folder.read("sign"), folder.read("kem")), (key, kem));
    assert_eq!((folder.read("secret"), folder.read("file")), (b"north\n".to_vec(), b"what was said".to_vec()));
}

#[test]
fn keys_go_through_pipes() {
    let folder = Folder::with_keys();
    let key = folder.run(&["keygen", "sign", "-o", "-"]);
    assert_eq!((key.code, key.err.as_str()), (GOOD, ""));
    let public = folder.run_with(&["pubkey", "-i", "-"], &key.out);
    assert!(public.text().starts_with("-----BEGIN PUBLIC KEY-----\n"), "{public:?}");
    folder.bad(USAGE, "name a file", &["keygen", "sign"]);
    // In JSON the data is a field.
    let key = folder.json(&["keygen", "sign", "-o", "-"]);
    assert!(key["encoding"] == "text" && key["data"].as_str().unwrap().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    let der = folder.json(&["pubkey", "-i", "sign", "--format", "der"]);
    let expected = folder.good(&["pubkey", "-i", "sign", "--format", "der"]);
    assert_eq!((&der["encoding"], decoded(&der["data"])), (&"base64".into(), expected));
}

fn decoded(data: &serde_json::Value) -> Vec<u8> {
    use base64ct::{Base64, Encoding};
    let mut bytes = vec![0; 4000];
    Base64::decode(data.as_str().unwrap(), &mut bytes).unwrap().to_vec()
}

#[test]
fn the_wrong_kind_of_key_is_named() {
    let folder = Folder::with_keys();
    folder.bad(USAGE, "this is a public key", &["sign", "-i", "sign.pub", "-k", "summary", "file"]);
    folder.bad(USAGE, "signs nothing", &["sign", "-i", "kem", "-k", "summary", "file"]);
    folder.bad(USAGE, "this is a private key", &["verify", "-p", "sign", "-k", "summary", "file", "file"]);
    folder.bad(USAGE, "signs nothing", &["verify", "-p", "kem.pub", "-k", "summary", "file", "file"]);
    folder.bad(USAGE, "wraps nothing", &["turn", "wrap", "--to", "sign.pub", "secret"]);
    folder.bad(USAGE, "wraps nothing", &["turn", "unwrap", "-i", "sign", "file"]);
    folder.bad(USAGE, "choose one of", &["keygen", "kem", "-a", "ml-dsa-65", "-o", "x"]);
    folder.bad(USAGE, "raw", &["keygen", "hybrid", "--format", "pem", "-o", "x"]);
    folder.bad(USAGE, "--algorithm", &["pubkey", "-i", "hybrid"]);
    folder.bad(USAGE, "leave out --algorithm", &["pubkey", "-i", "sign", "-a", "ml-dsa-65"]);
    assert!(!folder.at("x").exists() && !folder.at("file.sig").exists());
}

#[test]
fn files_that_are_no_keys_are_refused() {
    let folder = Folder::with_keys();
    let pem = folder.read("sign");
    let half = &pem[..pem.len() / 2];
    let junk = [&pem[..40], b"!!", &pem[42..]].concat();
    let armour = [b"text before\n".as_slice(), &pem, b"text after\n"].concat();
    for (name, bytes) in [("empty", b"".as_slice()), ("half", half), ("junk", &junk), ("zeros", &[0; 500])] {
        folder.write(name, bytes, 0o600);
        folder.bad(USAGE, name, &["pubkey", "-i", name]);
        folder.bad(USAGE, name, &["verify", "-p", name, "-k", "summary", "file", "file"]);
        folder.bad(USAGE, name, &["inspect", "key", name]);
    }
    folder.write(
        "encrypted",
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        0o600,
    );
    folder.bad(USAGE, "decrypt", &["pubkey", "-i", "encrypted"]);
    // Text around a PEM block is allowed.
    folder.write("armour", &armour, 0o600);
    assert_eq!(folder.good(&["pubkey", "-i", "armour"]), folder.read("sign.pub"));
}
