//! The files of other makers are in tests/interop; here are the forms, odd and broken, that no program of today writes.

use super::*;
use PublicKeyAlgorithm::{Kem, Signature};

/// What this build has.
fn algorithms() -> impl Iterator<Item = PublicKeyAlgorithm> {
    PublicKeyAlgorithm::all().filter(|algorithm| algorithm.available().is_ok())
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let header = match content.len() {
        len @ 0..128 => vec![tag, len as u8],
        len @ 128..256 => vec![tag, 0x81, len as u8],
        len => vec![tag, 0x82, (len >> 8) as u8, len as u8],
    };
    [header, content].concat()
}

const V1: &[u8] = &[2, 1, 0];
const V2: &[u8] = &[2, 1, 1];

fn identifier(algorithm: PublicKeyAlgorithm) -> Vec<u8> {
    tlv(0x30, &[&tlv(6, &[algorithm.oid().as_bytes()])])
}

fn seed_choice(seed: &[u8]) -> Vec<u8> {
    tlv(0x80, &[seed])
}

fn both_choice(seed: &[u8], expanded: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(4, &[seed]), &tlv(4, &[expanded])])
}

/// A key of either kind.
struct Key {
    algorithm: PublicKeyAlgorithm,
    seed: Vec<u8>,
    expanded: Vec<u8>,
    public: Vec<u8>,
}

impl Key {
    fn new(algorithm: PublicKeyAlgorithm) -> Self {
        fn of<K: PrivateKey>(algorithm: PublicKeyAlgorithm, seed: Vec<u8>) -> Key {
            let key = K::from_seed(algorithm, &seed).unwrap();
            let expanded = if bare(algorithm) { Vec::new() } else { key.expanded().unwrap().to_vec() };
            Key { algorithm, seed, expanded, public: key.public_key().to_vec() }
        }
        let seed = |len| (0..len).map(|i| (i * 7 + len) as u8).collect();
        match algorithm {
            Signature(signature) => of::<SigningKey>(algorithm, seed(signature.seed_len())),
            Kem(kem) => of::<KemKeypair>(algorithm, seed(kem.seed_len())),
        }
    }

    /// The content of the OCTET STRING when there is a seed.
    fn content(&self) -> Vec<u8> {
        if bare(self.algorithm) { self.seed.clone() } else { seed_choice(&self.seed) }
    }

    fn file(&self) -> Vec<u8> {
        tlv(0x30, &[V1, &identifier(self.algorithm), &tlv(4, &[&self.content()])])
    }

    /// Imports a file, which must be this key; tells whether it had a seed.
    fn import(&self, file: &[u8]) -> Result<bool> {
        fn of<K: PrivateKey>(key: &Key, file: &[u8]) -> Result<bool> {
            let imported: K = import(file)?;
            assert_eq!(imported.public_key(), key.public);
            if !bare(key.algorithm) {
                assert_eq!(imported.expanded()?[..], key.expanded[..]);
            }
            let seed = imported.seed();
            assert!(seed.as_ref().map_or_else(|&error| error == Error::Unsupported, |seed| seed[..] == key.seed[..]));
            Ok(seed.is_ok())
        }
        match self.algorithm {
            Signature(_) => of::<SigningKey>(self, file),
            Kem(_) => of::<KemKeypair>(self, file),
        }
    }

    fn refused(&self, file: &[u8], what: &str) {
        assert_eq!(self.import(file), Err(Error::InvalidKey), "{what} of {:?}", self.algorithm);
    }
}

fn as_pem(label: &str, der: &[u8]) -> String {
    String::from_utf8(write(Zeroizing::new(der.to_vec()), label, Format::Pem).unwrap().to_vec()).unwrap()
}

#[test]
fn every_form_is_read() {
    for key in algorithms().map(Key::new) {
        let id = identifier(key.algorithm);
        assert_eq!(key.import(&key.file()), Ok(true));
        if !bare(key.algorithm) {
            let expanded = tlv(0x30, &[V1, &id, &tlv(4, &[&tlv(4, &[&key.expanded])])]);
            assert_eq!(key.import(&expanded), Ok(false));
            let both = tlv(0x30, &[V1, &id, &tlv(4, &[&both_choice(&key.seed, &key.expanded)])]);
            assert_eq!(key.import(&both), Ok(true));
        }
        let public = tlv(0x81, &[&[0], &key.public]);
        assert_eq!(key.import(&tlv(0x30, &[V2, &id, &tlv(4, &[&key.content()]), &public])), Ok(true));
        // An attribute that nobody knows, with whatever in it.
        let attribute = tlv(0x30, &[&tlv(6, &[&[0x2a, 3, 4]]), &tlv(0x31, &[&tlv(0x0c, &[b"a name"])])]);
        let attributes = tlv(0xa0, &[&attribute]);
        assert_eq!(key.import(&tlv(0x30, &[V1, &id, &tlv(4, &[&key.content()]), &attributes])), Ok(true));
        assert_eq!(key.import(&tlv(0x30, &[V2, &id, &tlv(4, &[&key.content()]), &attributes, &public])), Ok(true));
    }
}

#[test]
fn halves_that_disagree_are_refused() {
    for key in algorithms().map(Key::new) {
        let id = identifier(key.algorithm);
        let altered = |bytes: &[u8], at: usize| {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 1;
            bytes
        };
        for at in [0, 1000, key.public.len() - 1] {
            let public = tlv(0x81, &[&[0], &altered(&key.public, at)]);
            key.refused(&tlv(0x30, &[V2, &id, &tlv(4, &[&key.content()]), &public]), "another public key");
        }
        let short = tlv(0x81, &[&[0], &key.public[1..]]);
        key.refused(&tlv(0x30, &[V2, &id, &tlv(4, &[&key.content()]), &short]), "a shorter public key");
        for at in (0..key.expanded.len()).step_by(401) {
            let both = both_choice(&key.seed, &altered(&key.expanded, at));
            key.refused(&tlv(0x30, &[V1, &id, &tlv(4, &[&both])]), "another expanded key");
        }
        if !key.expanded.is_empty() {
            let both = both_choice(&altered(&key.seed, 3), &key.expanded);
            key.refused(&tlv(0x30, &[V1, &id, &tlv(4, &[&both])]), "another seed");
            let both = both_choice(&key.seed, &key.expanded[1..]);
            key.refused(&tlv(0x30, &[V1, &id, &tlv(4, &[&both])]), "a shorter expanded key");
        }
    }
}

/// FIPS 203 section 7.3 and FIPS 204 algorithm 25 on keys without a seed.
#[test]
fn expanded_keys_are_checked() {
    for key in algorithms().map(Key::new).filter(|key| !key.expanded.is_empty()) {
        let file = |expanded: &[u8]| tlv(0x30, &[V1, &identifier(key.algorithm), &tlv(4, &[&tlv(4, &[expanded])])]);
        let places: &[usize] = match key.algorithm {
            // rho, tr, and a coefficient of s1 that is out of range. K may be anything.
            Signature(_) => &[0, 64, 127, 128],
            // The encapsulation key and its hash. s may be anything that is reduced, and so may z.
            Kem(_) => &[key.expanded.len() - 96, key.expanded.len() - 64, key.expanded.len() - 33],
        };
        for &at in places {
            let mut bad = key.expanded.clone();
            bad[at] = if at == 128 { 0xff } else { bad[at] ^ 1 };
            key.refused(&file(&bad), "an expanded key that does not agree with itself");
        }
        key.refused(&file(&key.expanded[1..]), "a short expanded key");
        key.refused(&file(&[&key.expanded[..], &[0]].concat()), "a long expanded key");
        key.refused(&file(&[]), "an empty expanded key");
    }
}

#[test]
fn an_expanded_signing_key_signs() {
    for key in algorithms().map(Key::new) {
        let Signature(algorithm) = key.algorithm else { continue };
        if bare(key.algorithm) {
            continue;
        }
        let file = tlv(0x30, &[V1, &identifier(key.algorithm), &tlv(4, &[&tlv(4, &[&key.expanded])])]);
        let imported = SigningKey::import(&file).unwrap();
        let mut signature = vec![0; algorithm.signature_len()];
        imported.sign(b"context", b"message", &mut signature).unwrap();
        crate::signing::verify(algorithm, &key.public, b"context", b"message", &signature).unwrap();
        // It is written as it came.
        assert_eq!(imported.export(Format::Der).unwrap()[..], file);
        assert_eq!(key.import(&imported.export(Format::Pem).unwrap()), Ok(false));
    }
}

#[test]
fn what_is_written_is_exact_and_is_read_again() {
    for key in algorithms().map(Key::new) {
        let (private, len) = match key.algorithm {
            Signature(_) => {
                let len = if bare(key.algorithm) { 83 } else { 54 };
                (SigningKey::import(&key.file()).unwrap().export(Format::Der).unwrap(), len)
            }
            Kem(_) => (KemKeypair::import(&key.file()).unwrap().export(Format::Der).unwrap(), 86),
        };
        assert_eq!((&private[..], private.len()), (&key.file()[..], len));
        let text = as_pem(PRIVATE, &private);
        assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n") && text.ends_with("\n-----END PRIVATE KEY-----\n"));
        assert_eq!(key.import(text.as_bytes()), Ok(true));

        let der = export_public_key(key.algorithm, &key.public, Format::Der).unwrap();
        assert_eq!(der, tlv(0x30, &[&identifier(key.algorithm), &tlv(3, &[&[0], &key.public])]));
        for file in [der, export_public_key(key.algorithm, &key.public, Format::Pem).unwrap()] {
            assert_eq!(import_public_key(&file), Ok((key.algorithm, key.public.clone())));
        }
        assert_eq!(PublicKeyAlgorithm::try_from(key.algorithm.number()), Ok(key.algorithm));
    }
    let lens = algorithms().map(|algorithm| {
        export_public_key(algorithm, &vec![0; algorithm.public_key_len()], Format::Der).unwrap().len()
    });
    let all = [1974, 2614, 2005, 1206, 1590].into_iter().zip(PublicKeyAlgorithm::all());
    assert!(lens.eq(all.filter(|(_, algorithm)| algorithm.available().is_ok()).map(|(len, _)| len)));
}

#[test]
fn a_public_key_of_another_length_is_refused() {
    for algorithm in algorithms() {
        let raw = vec![0; algorithm.public_key_len() - 1];
        assert_eq!(export_public_key(algorithm, &raw, Format::Der), Err(Error::InvalidLength));
        assert_eq!(fingerprint(algorithm, &raw), Err(Error::InvalidLength));
        let file = tlv(0x30, &[&identifier(algorithm), &tlv(3, &[&[0], &raw])]);
        assert_eq!(import_public_key(&file), Err(Error::InvalidKey));
        // Bits, where only bytes make sense; and no leading count of them.
        let raw = vec![0; algorithm.public_key_len()];
        for bits in [&[1u8][..], &[8], &[]] {
            let file = tlv(0x30, &[&identifier(algorithm), &tlv(3, &[bits, &raw])]);
            assert_eq!(import_public_key(&file), Err(Error::InvalidKey));
        }
        if let Kem(_) = algorithm {
            let unreduced = vec![0xff; algorithm.public_key_len()];
            assert_eq!(export_public_key(algorithm, &unreduced, Format::Pem), Err(Error::InvalidKey));
            let file = tlv(0x30, &[&identifier(algorithm), &tlv(3, &[&[0], &unreduced])]);
            assert_eq!(import_public_key(&file), Err(Error::InvalidKey));
        }
    }
}

#[test]
fn odd_but_legal_pem_is_read() {
    let key = Key::new(Signature(SignatureAlgorithm::MlDsa65));
    let text = as_pem(PRIVATE, &key.file());
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
    let spread: String = body.chars().flat_map(|c| [c, ' ', '\t']).collect();
    let other = as_pem("CERTIFICATE", &[7; 300]);
    for (what, file) in [
        ("CRLF", text.replace('\n', "\r\n")),
        ("CR", text.replace('\n', "\r")),
        ("blank lines", text.replace('\n', "\n\n \n")),
        ("no last line end", text.trim_end().to_owned()),
        ("white space around lines", text.replace('\n', " \t\n  ")),
        ("one long line", format!("{begin}\n{body}\n{end}\n")),
        ("white space everywhere", format!("{begin}\n{spread}\n{end}\n")),
        ("text before", format!("Bag Attributes\n    friendlyName: 0 and more\n{text}")),
        ("text that begins like DER", format!("0\u{82}\n{text}")),
        ("text after", format!("{text}and an explanation\n")),
        ("other blocks around", format!("{other}{text}{other}")),
    ] {
        assert_eq!(key.import(file.as_bytes()), Ok(true), "{what}");
    }
}

#[test]
fn broken_pem_is_refused() {
    let key = Key::new(Signature(SignatureAlgorithm::MlDsa65));
    let text = as_pem(PRIVATE, &key.file());
    for (what, file) in [
        ("no end", text.replace("-----END PRIVATE KEY-----", "")),
        ("another end", text.replace("END PRIVATE", "END PUBLIC")),
        ("no begin", text.replace("-----BEGIN PRIVATE KEY-----", "")),
        ("another label", text.replace("PRIVATE", "PUBLIC")),
        ("an encrypted key", text.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")),
        ("four dashes", text.replace("-----BEGIN", "----BEGIN")),
        ("a header", text.replacen('\n', "\nProc-Type: 4,ENCRYPTED\n", 1)),
        ("a character that is none", text.replacen("MD", "M*", 1)),
        ("a character missing", text.replacen("MD", "M", 1)),
        ("padding in the middle", text.replacen("MD", "M=", 1)),
        ("nothing inside", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n".to_owned()),
        ("a byte more", as_pem(PRIVATE, &[&key.file()[..], &[0]].concat())),
        ("a byte less", as_pem(PRIVATE, &key.file()[..key.file().len() - 1])),
        ("two keys in one block", as_pem(PRIVATE, &[key.file(), key.file()].concat())),
        ("text", "a key".to_owned()),
    ] {
        key.refused(file.as_bytes(), what);
    }
}

#[test]
fn broken_der_is_refused() {
    for key in algorithms().map(Key::new) {
        let id = identifier(key.algorithm);
        let (file, octets) = (key.file(), tlv(4, &[&key.content()]));
        for len in 1..file.len() {
            key.refused(&file[..len], "a cut file");
        }
        key.refused(&[&file[..], &[0]].concat(), "trailing bytes");
        let again = |content: &[u8]| tlv(0x30, &[V1, &id, &tlv(4, &[content])]);
        key.refused(&again(&[&key.content()[..], &[0]].concat()), "trailing bytes inside");
        key.refused(&again(&[]), "no key");
        key.refused(&tlv(0x30, &[&[2, 1, 2], &id, &octets]), "version 3");
        key.refused(&tlv(0x30, &[&[2, 1, 0xff], &id, &octets]), "a negative version");
        key.refused(&tlv(0x30, &[&[2, 2, 0, 0], &id, &octets]), "a version that is not minimal");
        key.refused(&tlv(0x30, &[V1, &octets]), "no algorithm");
        let oid = &id[2..];
        key.refused(&tlv(0x30, &[V1, &tlv(0x30, &[oid, &[5, 0]]), &octets]), "NULL parameters");
        for (other, name) in [
            (&[0x2b, 0x65, 0x70][..], "Ed25519"),
            (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 0x11], "ML-DSA-44"),
            (&[], "no OID"),
        ] {
            key.refused(&tlv(0x30, &[V1, &tlv(0x30, &[&tlv(6, &[other])]), &octets]), name);
        }
        // Indefinite, negative (all bits set), huge and not minimal lengths, of the file and of the key in it.
        let content = &file[2..];
        for (what, header) in [
            ("an indefinite length", &[0x30u8, 0x80][..]),
            ("a length of all bits", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
            ("a length of 2^31", &[0x30, 0x84, 0x80, 0, 0, 0]),
            ("a length of nine bytes", &[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("a length that is not minimal", &[0x30, 0x82, 0, content.len() as u8]),
        ] {
            key.refused(&[header, content, &[0, 0]].concat(), what);
            key.refused(&[header, content].concat(), what);
            let inner = [&[4][..], &header[1..], &key.content(), &[0, 0]].concat();
            key.refused(&tlv(0x30, &[V1, &id, &inner]), what);
        }
        let mut constructed = octets.clone();
        constructed[0] = 0x24;
        key.refused(&tlv(0x30, &[V1, &id, &constructed]), "a constructed OCTET STRING");
    }
}

/// What lies deep inside is passed over, not walked through.
#[test]
fn nesting_costs_no_stack() {
    let key = Key::new(Signature(SignatureAlgorithm::MlDsa65));
    let deep = (0..10_000).fold(
        Vec::new(),
        |inner: Vec<u8>, _| {
            if inner.len() < 60_000 { tlv(0x30, &[&inner]) } else { inner }
        },
    );
    let id = identifier(key.algorithm);
    key.refused(&deep, "nesting");
    key.refused(&tlv(0x30, &[V1, &id, &tlv(4, &[&deep])]), "a nested key");
    key.refused(&tlv(0x30, &[V1, &tlv(0x30, &[&id[2..], &deep]), &tlv(4, &[&key.content()])]), "nested parameters");
    assert_eq!(key.import(&tlv(0x30, &[V1, &id, &tlv(4, &[&key.content()]), &tlv(0xa0, &[&deep])])), Ok(true));
    assert_eq!(import_public_key(&deep), Err(Error::InvalidKey));
}

#[test]
fn long_files_are_refused_unread() {
    let key = Key::new(Signature(SignatureAlgorithm::MlDsa65));
    let text = as_pem(PRIVATE, &key.file());
    let filled = |len: usize| [" ".repeat(len - text.len() - 1), "\n".to_owned(), text.clone()].concat();
    assert_eq!(key.import(filled(MAX_FILE_BYTES).as_bytes()), Ok(true));
    for file in [filled(MAX_FILE_BYTES + 1).as_bytes(), &vec![b'A'; 100 << 20], &[]] {
        assert_eq!(key.import(file), Err(Error::InvalidLength));
        assert_eq!(import_public_key(file), Err(Error::InvalidLength));
    }
}

#[test]
fn one_kind_of_key_is_not_another() {
    let signing = Key::new(Signature(SignatureAlgorithm::MlDsa65)).file();
    let kem = Key::new(Kem(KemAlgorithm::MlKem768)).file();
    assert_eq!(SigningKey::import(&kem).err(), Some(Error::InvalidKey));
    assert_eq!(KemKeypair::import(&signing).err(), Some(Error::InvalidKey));
    let public = export_public_key(Kem(KemAlgorithm::MlKem768), &[0; 1184], Format::Pem).unwrap();
    assert_eq!(SigningKey::import(&public).err(), Some(Error::InvalidKey));
    assert_eq!(import_public_key(&signing), Err(Error::InvalidKey));
}

/// A build without an algorithm knows its files, and says that it cannot use them.
#[test]
fn algorithms_of_other_builds_are_unsupported() {
    for algorithm in PublicKeyAlgorithm::all().filter(|algorithm| algorithm.available().is_err()) {
        let file = tlv(0x30, &[V1, &identifier(algorithm), &tlv(4, &[&seed_choice(&[7; 64])])]);
        match algorithm {
            Signature(_) => assert_eq!(SigningKey::import(&file).err(), Some(Error::Unsupported)),
            Kem(_) => assert_eq!(KemKeypair::import(&file).err(), Some(Error::Unsupported)),
        }
        let public = tlv(0x30, &[&identifier(algorithm), &tlv(3, &[&[0], &vec![0; algorithm.public_key_len()]])]);
        assert_eq!(import_public_key(&public), Err(Error::Unsupported));
        assert_eq!(PublicKeyAlgorithm::try_from(algorithm.number()), Err(Error::Unsupported));
    }
}

/// Private keys and public keys of the composite draft's own test vectors.
#[test]
#[ignore = "needs ../shared/vectors"]
fn draft_vectors() {
    let path = format!("{}/../shared/vectors/composite-sigs.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let set: serde_json::Value = serde_json::from_str(&text).unwrap();
    let tests = set["tests"].as_array().unwrap();
    assert_eq!(tests.len(), 3);
    for test in tests {
        let field = |name: &str| {
            let text = test[name].as_str().unwrap();
            Base64::decode(text, &mut vec![0; text.len()]).unwrap().to_vec()
        };
        let algorithm = match test["tcId"].as_str().unwrap() {
            "id-ML-DSA-65" => SignatureAlgorithm::MlDsa65,
            "id-ML-DSA-87" => SignatureAlgorithm::MlDsa87,
            "id-MLDSA65-Ed25519-SHA512" => SignatureAlgorithm::MlDsa65Ed25519,
            other => panic!("{other}"),
        };
        if algorithm.check().is_err() {
            continue;
        }
        let key = SigningKey::import(&field("sk_pkcs8")).unwrap();
        assert_eq!((key.algorithm(), key.public_key()), (algorithm, &field("pk")[..]));
        assert_eq!(key.export(Format::Der).unwrap()[..], field("sk_pkcs8"));
        // The certificate holds the SubjectPublicKeyInfo as it stands.
        let spki = export_public_key(Signature(algorithm), key.public_key(), Format::Der).unwrap();
        assert!(field("x5c").windows(spki.len()).any(|window| window == spki));
    }
}
