//! Key files, DER and PEM, beside the crate `asn1`, which shares no code with those that the library reads them with. Both take the same public
//! keys, and private keys that are seeds; what the library takes of other forms is well-formed to the other, too. What was read and written
//! again is the same.
#![no_main]
// The error type is not ours.
#![allow(clippy::result_large_err)]

use asn1::{BitString, Implicit, ObjectIdentifier, ParseError, ParseErrorKind, ParseResult, Sequence, Tlv};
use libfuzzer_sys::fuzz_target;
use pqrtc_fuzz::*;
use std::sync::LazyLock;

const DER: u32 = 1;

/// An algorithm: its files, and what is known of it. The numbers are those of the C API; 0x100 and more for ML-KEM.
struct Files {
    algorithm: u32,
    seed_len: usize,
    public_len: usize,
    private: Vec<u8>,
    public: Vec<u8>,
    /// Version 2 of PKCS#8, with attributes and the public key.
    version_2: Vec<u8>,
}

enum Private {
    Signing(*mut pqrtc_signing_key),
    Kem(*mut pqrtc_kem_keypair),
}

impl Private {
    fn import(kem: bool, file: &[u8]) -> Result<Self, pqrtc_status> {
        let (file, len) = (file.as_ptr(), file.len());
        match kem {
            false => made(|out| unsafe { pqrtc_signing_key_import(file, len, out) }).map(Private::Signing),
            true => made(|out| unsafe { pqrtc_kem_keypair_import(file, len, out) }).map(Private::Kem),
        }
    }

    fn export(&self, format: u32) -> Vec<u8> {
        filled(1 << 14, |out, capacity, len| unsafe {
            match self {
                Private::Signing(key) => pqrtc_signing_key_export(*key, format, out, capacity, len),
                Private::Kem(key) => pqrtc_kem_keypair_export(*key, format, out, capacity, len),
            }
        })
        .unwrap()
    }

    fn public_key(&self, len: usize) -> Vec<u8> {
        filled(len, |out, len, written| unsafe {
            *written = len;
            match self {
                Private::Signing(key) => pqrtc_signing_key_public_key(*key, out, len),
                Private::Kem(key) => pqrtc_kem_keypair_public_key(*key, out, len),
            }
        })
        .unwrap()
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        match self {
            Private::Signing(key) => unsafe { pqrtc_signing_key_free(*key) },
            Private::Kem(key) => unsafe { pqrtc_kem_keypair_free(*key) },
        }
    }
}

fn import_public(file: &[u8]) -> Result<(u32, Vec<u8>), pqrtc_status> {
    let (mut algorithm, at, file_len) = (u32::MAX, file.as_ptr(), file.len());
    let key = filled(4096, |out, capacity, len| unsafe {
        pqrtc_public_key_import(at, file_len, &mut algorithm, out, capacity, len)
    })?;
    Ok((algorithm, key))
}

fn export_public(algorithm: u32, raw: &[u8], format: u32) -> Result<Vec<u8>, pqrtc_status> {
    filled(1 << 14, |out, capacity, len| unsafe {
        pqrtc_public_key_export(algorithm, raw.as_ptr(), raw.len(), format, out, capacity, len)
    })
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len();
    let head = if len < 128 { vec![tag, len as u8] } else { vec![tag, 0x82, (len >> 8) as u8, len as u8] };
    [&head, content].concat()
}

static FILES: LazyLock<Vec<Files>> = LazyLock::new(|| {
    let files = |(algorithm, seed_len, public_len): (u32, usize, usize)| unsafe {
        let seed = [9; 64].as_ptr();
        let key = match algorithm {
            ..0x100 => {
                Private::Signing(made(|out| pqrtc_signing_key_from_seed(algorithm, seed, seed_len, out)).unwrap())
            }
            _ => Private::Kem(made(|out| pqrtc_kem_keypair_from_seed(algorithm - 0x100, seed, seed_len, out)).unwrap()),
        };
        let (private, raw) = (key.export(DER), key.public_key(public_len));
        // Behind the SEQUENCE's head and the version.
        let body = &private[private.windows(3).position(|bytes| bytes == [2, 1, 0]).unwrap() + 3..];
        let attributes = [0xa0, 9, 0x30, 7, 6, 3, 0x2a, 3, 4, 0x31, 0];
        let public_key = tlv(0x81, &[&[0], &raw[..]].concat());
        let version_2 = tlv(0x30, &[&[2, 1, 1], body, &attributes, &public_key].concat());
        let public = export_public(algorithm, &raw, DER).unwrap();
        Files { algorithm, seed_len, public_len, private, public, version_2 }
    };
    [(1, 32, 1952), (2, 32, 2592), (3, 64, 1984), (0x101, 64, 1184), (0x102, 64, 1568)].map(files).into()
});

/// No parameters.
fn algorithm(parser: &mut asn1::Parser) -> ParseResult<ObjectIdentifier> {
    parser.read_element::<Sequence>()?.parse(|parser| parser.read_element())
}

fn octets_of(bits: BitString<'_>) -> ParseResult<&[u8]> {
    if bits.padding_bits() == 0 { Ok(bits.as_bytes()) } else { Err(ParseError::new(ParseErrorKind::InvalidValue)) }
}

fn public_key(der: &[u8]) -> ParseResult<(ObjectIdentifier, &[u8])> {
    asn1::parse_single::<Sequence>(der)?.parse(|parser| Ok((algorithm(parser)?, octets_of(parser.read_element()?)?)))
}

struct Pkcs8<'a> {
    oid: ObjectIdentifier,
    content: &'a [u8],
    /// Whether something follows: attributes, the public key, or extensions, which `pkcs8` does not look into, but for the key.
    more: bool,
}

fn private_key(der: &[u8]) -> ParseResult<Pkcs8<'_>> {
    asn1::parse_single::<Sequence>(der)?.parse(|parser| {
        let version = parser.read_element::<u64>()?;
        let (oid, content) = (algorithm(parser)?, parser.read_element::<&[u8]>()?);
        let more = !parser.is_empty();
        while !parser.is_empty() {
            parser.read_element::<Tlv>()?;
        }
        // As `pkcs8` has it: version 2 is for what has the public key, and for nothing else. RFC 5958 does not say what to do with the rest.
        if version > u64::from(more) {
            return Err(ParseError::new(ParseErrorKind::InvalidValue));
        }
        Ok(Pkcs8 { oid, content, more })
    })
}

/// FIPS 203 section 7.2.
fn modulus_check(ek: &[u8]) -> bool {
    let coefficients = ek[..ek.len() - 32].chunks_exact(3);
    coefficients
        .flat_map(|b| [u16::from(b[0]) | u16::from(b[1] & 15) << 8, u16::from(b[1] >> 4) | u16::from(b[2]) << 4])
        .all(|c| c < 3329)
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let which = input.u8();
    let files = &FILES[usize::from(which & 7) % FILES.len()];
    let kem = files.algorithm >= 0x100;
    let (public, pem) = (which & 8 != 0, which & 0x30 == 0x30);
    let der = match (public, which & 0x40) {
        (true, _) => &files.public,
        (false, 0) => &files.private,
        _ => &files.version_2,
    };
    let file = match (which & 0x80, pem) {
        (0, false) => mutate(der, &files.private, &mut input),
        (0, true) => {
            let text = match public {
                true => export_public(files.algorithm, &import_public(der).unwrap().1, 2).unwrap(),
                false => Private::import(kem, der).unwrap().export(2),
            };
            mutate(&text, der, &mut input)
        }
        _ => input.0.to_vec(),
    };
    if file.is_empty() {
        return;
    }
    let is_text = asn1::parse_single::<Sequence>(&file).is_err();

    if public {
        let read = import_public(&file);
        if let Ok((algorithm, raw)) = &read {
            let again = export_public(*algorithm, raw, DER).unwrap();
            assert!(is_text || again == file);
        }
        let theirs = public_key(&file).ok().and_then(|(oid, raw)| {
            let known = FILES.iter().find(|files| public_key(&files.public).unwrap().0 == oid)?;
            let right = raw.len() == known.public_len && (known.algorithm < 0x100 || modulus_check(raw));
            right.then(|| (known.algorithm, raw.to_vec()))
        });
        assert!(is_text || read.as_ref().ok() == theirs.as_ref(), "{read:?}");
    } else {
        let read = Private::import(kem, &file);
        if let Ok(key) = &read {
            let again = Private::import(kem, &key.export(DER)).unwrap();
            assert_eq!(again.export(2), key.export(2));
        }
        if is_text {
            return;
        }
        let theirs = private_key(&file);
        assert!(read.is_err() || theirs.is_ok());
        let Ok(Pkcs8 { oid, content, more: false }) = theirs else { return };
        let known = FILES.iter().find(|files| private_key(&files.private).unwrap().oid == oid);
        let Some(known) = known.filter(|known| (known.algorithm >= 0x100) == kem) else {
            assert!(read.is_err());
            return;
        };
        // The composite's is the bare seed.
        let seed = match known.algorithm {
            3 => Ok(content),
            _ => asn1::parse_single::<Implicit<&[u8], 0>>(content).map(Implicit::into_inner),
        };
        if let Ok(seed) = seed {
            assert_eq!(read.is_ok(), seed.len() == known.seed_len);
            if let Ok(key) = &read {
                assert!(key.export(DER).ends_with(seed));
            }
        }
    }
});
