//! sign and verify.

use crate::common::{Folder, GOOD, REFUSED, USAGE};
use std::fs::File;

#[test]
fn signatures_are_those_of_the_library() {
    use pqrtc::signing::{ArtifactKind as K, SigningKey, verify_artifact};
    let folder = Folder::with_keys();
    let key = SigningKey::import(&folder.read("sign")).unwrap();
    let kinds = [
        ("recording-manifest", K::RecordingManifest),
        ("transcript", K::Transcript),
        ("summary", K::Summary),
        ("api-key-envelope", K::ApiKeyEnvelope),
    ];
    for (name, kind) in kinds {
        let signed = folder.json(&["sign", "-i", "sign", "-k", name, "file", "-o", name]);
        assert_eq!((&signed["kind"], &signed["bytes"]), (&name.into(), &13.into()));
        let signature = folder.read(name);
        verify_artifact(key.algorithm(), key.public_key(), kind, b"what was said", &signature).unwrap();
        for (other, _) in kinds {
            let code = folder.run(&["verify", "-p", "sign.pub", "-k", other, "file", name]).code;
            assert_eq!(code, if other == name { GOOD } else { REFUSED });
        }
    }
}

#[test]
fn whatever_is_altered_is_refused() {
    let folder = Folder::with_keys();
    folder.good(&["sign", "-i", "identity", "-k", "transcript", "file"]);
    let verify = ["verify", "-p", "identity.pub", "-k", "transcript", "file"];
    assert_eq!(folder.json(&verify)["verified"], true);
    let good = folder.read("file.sig");
    folder.bad(REFUSED, "do not use", &["verify", "-p", "sign.pub", "-k", "transcript", "file"]);
    for signature in [&good[1..], &[&good[..], b"x"].concat(), b"", &vec![0; good.len()], &vec![0; 1 << 20]] {
        folder.write("file.sig", signature, 0o644);
        folder.bad(REFUSED, "", &verify);
    }
    folder.write("file.sig", &good, 0o644);
    for content in [b"what was sai".as_slice(), b"", b"What was said"] {
        folder.write("file", content, 0o644);
        folder.bad(REFUSED, "signature does not verify", &verify);
    }
    let other = ["verify", "-p", "identity.pub", "-k", "transcript", "secret", "file.sig"];
    folder.bad(REFUSED, "signature does not verify", &other);
}

#[test]
fn pipes_and_large_files_are_streamed() {
    let folder = Folder::with_keys();
    let signed = folder.run_with(&["sign", "-i", "sign", "-k", "summary", "-"], b"what was said");
    assert_eq!((signed.code, signed.out.len()), (GOOD, 3309), "{}", signed.err);
    folder.write("sig", &signed.out, 0o644);
    folder.good(&["verify", "-p", "sign.pub", "-k", "summary", "file", "sig"]);
    let piped = folder.run_with(&["verify", "-p", "sign.pub", "-k", "summary", "-", "sig"], b"what was said");
    assert_eq!(piped.code, GOOD, "{}", piped.err);
    let key = folder.run_with(&["sign", "-i", "-", "-k", "summary", "file", "-o", "sig2"], &folder.read("sign"));
    assert_eq!(key.code, GOOD, "{}", key.err);
    folder.bad(USAGE, "only one", &["sign", "-i", "-", "-k", "summary", "-"]);
    folder.bad(USAGE, "signature", &["verify", "-p", "sign.pub", "-k", "summary", "-"]);
    // In pieces, and no progress bar where standard error is no terminal.
    File::create(folder.at("large")).unwrap().set_len(300 << 20).unwrap();
    let run = folder.run(&["sign", "-i", "sign", "-k", "summary", "large"]);
    assert_eq!((run.code, run.err.as_str()), (GOOD, ""));
    folder.good(&["verify", "-p", "sign.pub", "-k", "summary", "large"]);
    // An empty file is a file.
    File::create(folder.at("empty")).unwrap();
    folder.good(&["sign", "-i", "sign", "-k", "summary", "empty"]);
    folder.good(&["verify", "-p", "sign.pub", "-k", "summary", "empty"]);
}
