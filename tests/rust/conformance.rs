//! tests/vectors/pqrtc-v1.json, by which an implementation in another language checks itself, is what this library makes of fixed seeds.
//! What is random by nature (ciphertexts, signatures, nonces) was recorded once and is read here as input; all else is computed again and
//! must be equal. `PQRTC_REGENERATE=1 cargo test --test rust conformance` writes the file anew with what it held recorded, and records what
//! it lacks. That is a deliberate act: others hold copies.

use pqrtc::kem::{self, KemAlgorithm, KemKeypair};
use pqrtc::recording::{Entry, Signer, Verifier, entry_len, state_len};
use pqrtc::session::{Role, SEAL_OVERHEAD_BYTES, Session, SrtpProfile};
use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
use pqrtc::signing::{self, ArtifactKind, SignatureAlgorithm, SigningKey};
use pqrtc::suite::{self, HybridKeypair, Suite};
use pqrtc::{Error, Result, turn};
use serde_json::{Value, json};

mod codecs;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/pqrtc-v1.json");

#[test]
fn the_conformance_file_is_what_this_library_makes() {
    let file: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let regenerate = std::env::var("PQRTC_REGENERATE").is_ok_and(|value| value == "1");
    let made = document(&Recorded { file: &file, complete: !regenerate });
    if regenerate {
        std::fs::write(FILE, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    } else {
        same("", &made, &file);
    }
}

/// Panics at the first place where the two differ, and names it.
fn same(at: &str, made: &Value, file: &Value) {
    match (made, file) {
        (Value::Object(a), Value::Object(b)) => {
            assert!(a.keys().eq(b.keys()), "{at}: not the same fields");
            a.iter().for_each(|(key, value)| same(&format!("{at}/{key}"), value, &b[key]));
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{at}");
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| same(&format!("{at}/{i}"), a, b));
        }
        _ => assert_eq!(made, file, "{at}"),
    }
}

/// What the file holds that cannot be made again.
struct Recorded<'f> {
    file: &'f Value,
    complete: bool,
}

impl Recorded<'_> {
    fn bytes(&self, at: &str, fresh: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        match self.file.pointer(at).and_then(Value::as_str) {
            Some(known) => unhex(known),
            None if self.complete => panic!("{at} is missing"),
            None => fresh(),
        }
    }
}

fn document(recorded: &Recorded) -> Value {
    json!({
        "format": "pqrtc wire formats, version 1",
        "kem": kem(recorded, "/kem", KemAlgorithm::MlKem768),
        "kems": [kem(recorded, "/kems/0", KemAlgorithm::MlKem1024)],
        "hybrid": [hybrid(recorded, 0, Suite::V100HybridKxV1), hybrid(recorded, 1, Suite::XWing)],
        "turn": turn(recorded),
        "signing": signing(recorded, "/signing", SignatureAlgorithm::MlDsa65),
        "signings": [
            signing(recorded, "/signings/0", SignatureAlgorithm::MlDsa87),
            signing(recorded, "/signings/1", SignatureAlgorithm::MlDsa65Ed25519),
        ],
        "recordings": recordings(recorded),
        "sframe": CipherSuite::ALL.map(sframe),
        "ratchet": ratchet(),
        "codecs": codecs::all(),
    })
}

fn kem(recorded: &Recorded, at: &str, algorithm: KemAlgorithm) -> Value {
    // A build without the algorithm takes what the file has.
    if KemAlgorithm::try_from(algorithm as u32).is_err() {
        return recorded.file.pointer(at).cloned().unwrap_or_default();
    }
    let pair = KemKeypair::from_seed(algorithm, &sequence(1, 64)).unwrap();
    let ct = recorded.bytes(&format!("{at}/ciphertext"), || {
        let mut ct = vec![0; algorithm.ciphertext_len()];
        kem::encapsulate(algorithm, pair.public_key(), &mut ct).unwrap();
        ct
    });
    let mut bad_key = pair.public_key().to_vec();
    bad_key[..2].fill(0xff);
    let refused = code(kem::encapsulate(algorithm, &bad_key, &mut vec![0; ct.len()]));
    let secret_of = |ct: &[u8]| hex(pair.decapsulate(ct).unwrap().as_bytes());
    let credential = b"1900000000:alice\nc2VjcmV0";
    let wrapped = recorded.bytes(&format!("{at}/wrapped"), || wrap(&pair, credential));
    assert_eq!(unwrap(&pair, &wrapped), Ok(credential.to_vec()));
    json!({
        "algorithm": algorithm as u32,
        "seed": hex(&sequence(1, 64)),
        "public_key": hex(pair.public_key()),
        "ciphertext": hex(&ct),
        "shared_secret": secret_of(&ct),
        "altered": altered(&ct, &[0, 700, 1087], secret_of, "shared_secret"),
        "rejected_public_keys": [{ "public_key": hex(&bad_key), "code": refused }],
        "credential": hex(credential),
        "wrapped": hex(&wrapped),
    })
}

fn wrap(pair: &KemKeypair, credential: &[u8]) -> Vec<u8> {
    let mut out = vec![0; credential.len() + turn::wrap_overhead(pair.algorithm())];
    turn::wrap(pair.algorithm(), pair.public_key(), credential, &mut out).unwrap();
    out
}

fn unwrap(pair: &KemKeypair, wrapped: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![0; wrapped.len()];
    let len = turn::unwrap(pair, wrapped, &mut out)?;
    out.truncate(len);
    Ok(out)
}

fn hybrid(recorded: &Recorded, index: usize, suite: Suite) -> Value {
    let at = |name: &str| format!("/hybrid/{index}/{name}");
    let seed = sequence(100 + suite as u8, suite.seed_len());
    let pair = HybridKeypair::from_seed(suite, &seed).unwrap();
    let mut initiator = None;
    let exchange = recorded.bytes(&at("exchange"), || {
        let mut exchange = vec![0; suite.exchange_len()];
        initiator = Some(suite::initiate(suite, pair.bundle(), &mut exchange).unwrap());
        exchange
    });
    let initiator = initiator.as_ref();
    let responder = pair.respond(&exchange).unwrap();
    // A pair answers once.
    let again = || HybridKeypair::from_seed(suite, &seed).unwrap();
    let key = |exchange: &[u8]| hex(again().respond(exchange).unwrap().key().as_bytes());

    // The X25519 keys lie at either end.
    let (bundle_x, exchange_x, kem_key) = if suite == Suite::XWing { (1184, 1088, 0) } else { (0, 0, 32) };
    let with = |bytes: &[u8], at: usize, len: usize, value: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at..at + len].fill(value);
        bytes
    };
    let bundles = [with(pair.bundle(), kem_key, 2, 0xff), with(pair.bundle(), bundle_x, 32, 0)];
    let no_point = with(&exchange, exchange_x, 32, 0);
    json!({
        "suite": suite as u32,
        "seed": hex(&seed),
        "bundle": hex(pair.bundle()),
        "exchange": hex(&exchange),
        "session_key": key(&exchange),
        "altered": altered(&exchange, &[5, 600, 1115], key, "session_key"),
        "rejected_bundles": bundles.map(|bundle| {
            let refused = code(suite::initiate(suite, &bundle, &mut vec![0; suite.exchange_len()]));
            json!({ "bundle": hex(&bundle), "code": refused })
        }),
        "rejected_exchanges": [
            { "exchange": hex(&no_point), "code": code(pair.respond(&no_point)) },
            { "exchange": hex(&exchange), "code": code(pair.respond(&exchange)), "answered_before": true },
        ],
        "exports": exports(&responder),
        "srtp": srtp(&responder),
        "messages": messages(recorded, &at("messages"), initiator, &responder),
        "sframe": session_frames(recorded, &at("sframe"), &responder),
    })
}

fn exports(session: &Session) -> Value {
    let export = |(label, context, len): (&str, Vec<u8>, usize)| {
        let mut key = vec![0; len];
        session.export(label.as_bytes(), &context, &mut key).unwrap();
        json!({ "label": label, "context": hex(&context), "length": len, "key": hex(&key) })
    };
    let long = "l".repeat(124);
    [
        ("recorder", vec![], 32),
        ("recorder", b"room 5".to_vec(), 32),
        ("r", b"x".to_vec(), 1),
        (&long, sequence(0, 300), 200),
    ]
    .map(export)
    .into()
}

fn srtp(session: &Session) -> Value {
    let keys_for = |profile: SrtpProfile| {
        let mut keys = vec![0; profile.key_material_len()];
        session.srtp_keys(profile, &mut keys).unwrap();
        json!({ "profile": profile as u32, "keys": hex(&keys) })
    };
    [SrtpProfile::Aes128CmHmacSha1_80, SrtpProfile::AeadAes128Gcm, SrtpProfile::AeadAes256Gcm].map(keys_for).into()
}

/// Small payloads, from the initiator.
fn messages(recorded: &Recorded, at: &str, initiator: Option<&Session>, responder: &Session) -> Value {
    let message = |(i, (aad, plaintext)): (usize, (&[u8], Vec<u8>))| {
        let sealed = recorded.bytes(&format!("{at}/{i}/sealed"), || {
            let mut sealed = vec![0; plaintext.len() + SEAL_OVERHEAD_BYTES];
            initiator.unwrap().seal(aad, &plaintext, &mut sealed).unwrap();
            sealed
        });
        let mut out = vec![0; plaintext.len()];
        let mut forged = sealed.clone();
        *forged.last_mut().unwrap() ^= 1;
        assert_eq!(responder.open(aad, &forged, &mut out), Err(Error::DecryptionFailed));
        assert_eq!(responder.open(aad, &sealed, &mut out), Ok(plaintext.len()));
        assert_eq!(out, plaintext);
        assert_eq!(responder.open(aad, &sealed, &mut out), Err(Error::ReplayedFrame));
        json!({ "role": Role::Initiator as u32, "aad": hex(aad), "plaintext": hex(&plaintext), "sealed": hex(&sealed) })
    };
    let all: [(&[u8], Vec<u8>); 3] = [(b"", vec![]), (b"room 5", b"a group key".to_vec()), (b"", sequence(7, 500))];
    all.into_iter().enumerate().map(message).collect()
}

/// SFrame under the session's keys: the responder's frames are made again, the initiator's opened.
fn session_frames(recorded: &Recorded, at: &str, responder: &Session) -> Value {
    let frames = |(i, suite): (usize, CipherSuite)| {
        let kid = 0x100 + i as u64;
        let key = |sender| responder.sframe_base_key(sender, kid).unwrap();
        let answer = Sender::new(&key(Role::Responder), suite).unwrap();
        let first = recorded.bytes(&format!("{at}/{i}/initiator"), || {
            seal(&Sender::new(&key(Role::Initiator), suite).unwrap(), b"meta", b"from the initiator")
        });
        let receiver = Receiver::new(suite);
        receiver.add(&key(Role::Initiator)).unwrap();
        assert_eq!(open(&receiver, b"meta", &first), Ok(b"from the initiator".to_vec()));
        json!({
            "cipher_suite": suite as u32,
            "kid": kid,
            "metadata": hex(b"meta"),
            "initiator_base_key": hex(key(Role::Initiator).as_bytes()),
            "responder_base_key": hex(key(Role::Responder).as_bytes()),
            "initiator": hex(&first),
            "responder": hex(&seal(&answer, b"meta", b"from the responder")),
        })
    };
    CipherSuite::ALL.into_iter().enumerate().map(frames).collect()
}

fn turn(recorded: &Recorded) -> Value {
    let mint = |(secret, user, expires_at): (&[u8], &str, u64)| {
        let minted = turn::mint(secret, user.as_bytes(), expires_at).unwrap();
        let (username, password) = (minted.username(), minted.password());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let verify_at =
            |now: u64| json!({ "now": now.to_string(), "code": code(turn::verify(secret, username, password, now)) });
        let verified = [expires_at - 1, expires_at].map(verify_at);
        json!({
            "secret": hex(secret), "user": user, "expires_at": expires_at.to_string(),
            "username": text(username), "password": text(password),
            "verify": verified,
        })
    };
    let pair = KemKeypair::from_seed(KemAlgorithm::MlKem768, &sequence(50, 64)).unwrap();
    let wrapped = |(i, credential): (usize, Vec<u8>)| {
        let wrapped = recorded.bytes(&format!("/turn/wrapped/{i}/wrapped"), || wrap(&pair, &credential));
        let mut forged = wrapped.clone();
        forged[20] ^= 1;
        let opened = unwrap(&pair, &wrapped).unwrap();
        json!({ "wrapped": hex(&wrapped), "credential": hex(&opened), "byte_20_xor_1": code(unwrap(&pair, &forged)) })
    };
    let minted = [
        (&b"north"[..], "alice", 1_900_000_000),
        (b"\x00\xffkey", "", 7),
        (b"k", "Zo\u{eb}:x", turn::EXPIRY_LIMIT - 1),
    ]
    .map(mint);
    let credentials = [vec![], b"1900000000:alice\nc2VjcmV0".to_vec(), sequence(9, 700)];
    json!({
        "mint": minted,
        "recipient_seed": hex(&sequence(50, 64)),
        "wrapped": credentials.into_iter().enumerate().map(wrapped).collect::<Value>(),
    })
}

fn signing(recorded: &Recorded, at: &str, algorithm: SignatureAlgorithm) -> Value {
    if SignatureAlgorithm::try_from(algorithm as u32).is_err() {
        return recorded.file.pointer(at).cloned().unwrap_or_default();
    }
    let seed = sequence(200, algorithm.seed_len());
    let key = SigningKey::from_seed(algorithm, &seed).unwrap();
    let pk = key.public_key();
    let empty = || vec![0; algorithm.signature_len()];
    let signature = |(i, (context, message)): (usize, (Vec<u8>, Vec<u8>))| {
        let signature = recorded.bytes(&format!("{at}/signatures/{i}/signature"), || {
            let mut signature = empty();
            key.sign(&context, &message, &mut signature).unwrap();
            signature
        });
        signing::verify(algorithm, pk, &context, &message, &signature).unwrap();
        let other = code(signing::verify(algorithm, pk, b"another context", &message, &signature));
        json!({ "context": hex(&context), "message": hex(&message), "signature": hex(&signature), "another_context": other })
    };
    let artifact = |(i, kind): (usize, ArtifactKind)| {
        let content = format!("the content of an artifact of kind {}", kind as u32).into_bytes();
        let signature = recorded.bytes(&format!("{at}/artifacts/{i}/signature"), || {
            let mut signature = empty();
            key.sign_artifact(kind, &content, &mut signature).unwrap();
            signature
        });
        let codes = KINDS.map(|kind| code(signing::verify_artifact(algorithm, pk, kind, &content, &signature)));
        json!({ "kind": kind as u32, "content": hex(&content), "signature": hex(&signature), "verified_as_kind_1_to_4": codes })
    };
    let messages = [
        (vec![], vec![]),
        (vec![], b"a message".to_vec()),
        (b"ctx".to_vec(), b"a message".to_vec()),
        (sequence(0, 255), sequence(3, 1000)),
    ];
    json!({
        "algorithm": algorithm as u32,
        "seed": hex(&seed),
        "public_key": hex(pk),
        "fingerprint": hex(&signing::public_key_fingerprint(algorithm, pk).unwrap()),
        "signatures": messages.into_iter().enumerate().map(signature).collect::<Value>(),
        "artifacts": KINDS.into_iter().enumerate().map(artifact).collect::<Value>(),
    })
}

const KINDS: [ArtifactKind; 4] =
    [ArtifactKind::RecordingManifest, ArtifactKind::Transcript, ArtifactKind::Summary, ArtifactKind::ApiKeyEnvelope];

fn recordings(recorded: &Recorded) -> Value {
    let all = SignatureAlgorithm::ALL.into_iter().enumerate();
    all.map(|(at, algorithm)| recording(recorded, &format!("/recordings/{at}"), algorithm)).collect()
}

/// A recording of four segments, the state before and after each, and what is refused where.
fn recording(recorded: &Recorded, at: &str, algorithm: SignatureAlgorithm) -> Value {
    if SignatureAlgorithm::try_from(algorithm as u32).is_err() {
        return recorded.file.pointer(at).cloned().unwrap_or_default();
    }
    const ID: &[u8] = b"meeting 7, camera 1";
    let seed = sequence(210, algorithm.seed_len());
    let key = SigningKey::from_seed(algorithm, &seed).unwrap();
    let segments = [b"the first segment".to_vec(), sequence(5, 1000), vec![], b"the last".to_vec()];
    let mut signer = Signer::new(&key, ID).unwrap();
    let state_of = |signer: &Signer| {
        let mut state = vec![0; state_len(algorithm)];
        signer.state(&mut state).unwrap();
        hex(&state)
    };
    let beginning = state_of(&signer);
    let mut parts = Vec::new();
    for (i, segment) in segments.iter().enumerate() {
        let mut fresh = vec![0; entry_len(algorithm)];
        signer.update(segment).unwrap();
        signer.entry(i == 3, &mut fresh).unwrap();
        let entry = recorded.bytes(&format!("{at}/segments/{i}/entry"), || fresh.clone());
        // The signature is random, what it signs is not.
        let head = entry.len() - Entry::parse(&entry).unwrap().signature.len();
        assert_eq!(entry[..head], fresh[..head]);
        parts.push((segment.clone(), entry, state_of(&signer)));
    }
    let verifier_after = |accepted: usize| {
        let mut verifier = Verifier::new(algorithm, key.public_key(), ID).unwrap();
        for (segment, entry, _) in &parts[..accepted] {
            assert_eq!(verifier.finish(), Err(Error::Incomplete));
            verifier.update(segment).unwrap();
            verifier.entry(entry).unwrap();
        }
        verifier
    };
    assert_eq!(verifier_after(4).finish(), Ok(()));
    // After so many entries: this segment, and the entry of that index with one byte altered and so many bytes of it.
    let whole = entry_len(algorithm);
    let second = &parts[1].0;
    let refused = |(after, segment, index, byte, xor, length): (usize, &[u8], usize, usize, u8, usize)| {
        let mut entry = parts[index].1.clone();
        entry[byte] ^= xor;
        let mut verifier = verifier_after(after);
        verifier.update(segment).unwrap();
        let code = code(verifier.entry(&entry[..length]));
        json!({ "after": after, "segment": hex(segment), "entry": index, "byte": byte, "xor": xor, "length": length, "code": code })
    };
    let refusals = [
        (1, second, 1, 0, 3, whole),
        (1, second, 1, 1, 4, whole),
        (1, second, 1, 2, 2, whole),
        (1, second, 1, 0, 0, whole - 1),
        (4, &parts[3].0, 3, 0, 0, whole),
        (1, &parts[0].0, 0, 0, 0, whole),
        (1, &parts[2].0, 2, 0, 0, whole),
        (1, second, 1, 10, 1, whole),
        (1, &second[1..].to_vec(), 1, 0, 0, whole),
        (1, second, 1, 18, 1, whole),
        (1, second, 1, 19, 1, whole),
        (1, second, 1, 2, 1, whole),
        (1, second, 1, whole - 1, 1, whole),
    ];
    let mut other = Verifier::new(algorithm, key.public_key(), b"meeting 8").unwrap();
    other.update(&parts[0].0).unwrap();
    json!({
        "algorithm": algorithm as u32,
        "seed": hex(&seed),
        "public_key": hex(key.public_key()),
        "id": hex(ID),
        "beginning": beginning,
        "segments": parts.iter().enumerate().map(|(i, (segment, entry, state))| {
            json!({ "segment": hex(segment), "last": i == 3, "entry": hex(entry), "state": state })
        }).collect::<Value>(),
        "refused": refusals.map(|(after, segment, index, byte, xor, length)| refused((after, segment, index, byte, xor, length))),
        "another_id": { "id": hex(b"meeting 8"), "first_entry": code(other.entry(&parts[0].1)) },
    })
}

/// Frames of one cipher suite under given keys: short, long and empty ones, counters from 0.
fn sframe(suite: CipherSuite) -> Value {
    let frames_of = |(base_key, kid): (Vec<u8>, u64)| {
        let sender = Sender::from_key(&base_key, kid, suite).unwrap();
        let receiver = Receiver::new(suite);
        receiver.add_key(kid, &base_key).unwrap();
        let frames = (0..10u64).map(|counter| {
            let (metadata, frame) =
                (sequence(counter as u8, counter as usize % 3 * 4), sequence(counter as u8, counter as usize * 29));
            let sealed = seal(&sender, &metadata, &frame);
            assert_eq!(open(&receiver, &metadata, &sealed), Ok(frame.clone()));
            json!({ "counter": counter, "metadata": hex(&metadata), "frame": hex(&frame), "sealed": hex(&sealed) })
        });
        json!({ "base_key": hex(&base_key), "kid": format!("{kid:016x}"), "frames": frames.collect::<Value>() })
    };
    // A key serves one sender in a process, whatever the cipher suite.
    let first = 10 * suite as u8;
    let base_key = sequence(first, 16);
    let receiver = Receiver::new(suite);
    receiver.add_key(2, &base_key).unwrap();
    let sealed = seal(&Sender::from_key(&base_key, 2, suite).unwrap(), b"", b"frame");
    let (mut forged, mut unknown) = (sealed.clone(), sealed.clone());
    *forged.last_mut().unwrap() ^= 1;
    unknown[0] ^= 0x10;
    open(&receiver, b"", &sealed).unwrap();
    // The replayed one comes first: the others are refused before it is seen whether they are replays.
    let rejected = [sealed.clone(), unknown, vec![0x20], vec![0xff], vec![]];
    let fresh = Receiver::new(suite);
    fresh.add_key(2, &base_key).unwrap();
    let keys = [(16, 0), (32, 7), (64, 8), (33, u64::MAX)].map(|(len, kid)| (sequence(first + 1, len), kid));
    json!({
        "cipher_suite": suite as u32,
        "keys": keys.map(frames_of),
        "rejected": {
            "base_key": hex(&base_key), "kid": 2, "opened_before": hex(&sealed),
            "frames": rejected.map(|frame| json!({ "sealed": hex(&frame), "code": code(open(&receiver, b"", &frame)) })),
            "forged": { "sealed": hex(&forged), "code": code(open(&fresh, b"", &forged)) },
        },
    })
}

/// RFC 9605 section 5.1: eight bits of the KID count steps.
fn ratchet() -> Value {
    let steps_of = |suite: CipherSuite| {
        let base_key = sequence(60 + suite as u8, 32);
        let sender = Sender::from_key(&base_key, 5 << 8, suite).unwrap();
        sender.set_ratchet(8).unwrap();
        let receiver = Receiver::new(suite);
        receiver.set_ratchet(8, 16, 0).unwrap();
        receiver.add_key(5 << 8, &base_key).unwrap();
        let step = |step: u8| {
            if step > 0 {
                sender.ratchet().unwrap();
            }
            let sealed = seal(&sender, b"", &[step; 20]);
            assert_eq!(open(&receiver, b"", &sealed), Ok(vec![step; 20]));
            json!({ "kid": sender.kid(), "frame": hex(&[step; 20]), "sealed": hex(&sealed) })
        };
        json!({ "cipher_suite": suite as u32, "base_key": hex(&base_key), "ratchet_bits": 8, "steps": (0..4).map(step).collect::<Value>() })
    };
    CipherSuite::ALL.map(steps_of).into()
}

fn seal(sender: &Sender, metadata: &[u8], frame: &[u8]) -> Vec<u8> {
    let mut out = vec![0; frame.len() + MAX_OVERHEAD];
    let len = sender.seal(metadata, frame, &mut out).unwrap();
    out.truncate(len);
    out
}

fn open(receiver: &Receiver, metadata: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![0; sealed.len()];
    let opened = receiver.open(metadata, sealed, &mut out)?;
    out.truncate(opened.len);
    Ok(out)
}

/// What comes of `bytes` with the lowest bit flipped at each of `places`.
fn altered(bytes: &[u8], places: &[usize], result: impl Fn(&[u8]) -> String, name: &str) -> Value {
    let alter = |&at: &usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1;
        json!({ "byte": at, "xor": 1, name: result(&bytes) })
    };
    places.iter().map(alter).collect()
}

/// The status code of the C API, 0 for success.
fn code<T>(result: Result<T>) -> u32 {
    result.err().map_or(0, Error::code)
}

fn sequence(first: u8, len: usize) -> Vec<u8> {
    (0..len).map(|i| first.wrapping_add(i as u8)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}
