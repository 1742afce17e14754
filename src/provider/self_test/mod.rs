//! Known answers for every primitive in use. They were computed with OpenSSL 4 and Python's hashlib; `mlkem768.ct` is an encapsulation
//! to the key of the seed 00..3f, `mldsa65.sig` a signature by the key of the seed 00..1f.

use super::*;

/// Tests the provider in use.
pub(crate) fn self_test() -> Result<()> {
    check::<Active>()
}

pub(crate) fn check<P: Provider>() -> Result<()> {
    let verdicts = [hashes(), kem::<P>()?, dsa::<P>()?, x25519::<P>()?, macs::<P>()?, aeads::<P>()?];
    if verdicts == [true; 6] { Ok(()) } else { Err(Error::Internal) }
}

/// 0, 1, 2, ...
fn bytes<const N: usize>() -> [u8; N] {
    core::array::from_fn(|i| i as u8)
}

fn sha3(data: &[u8]) -> String {
    let mut out = [0; 32];
    Sha3::digest(&[data], &mut out);
    hex(&out)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hashes() -> bool {
    let mut shake = [0; 32];
    shake256(b"abc", &mut shake);
    sha3(b"abc") == "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"
        && hex(&shake) == "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739"
}

fn kem<P: Provider>() -> Result<bool> {
    let algorithm = KemAlgorithm::MlKem768;
    let key = P::KemKey::from_seed(algorithm, &bytes())?;
    let mut ek = vec![0; algorithm.public_key_len()];
    key.public_key(&mut ek);
    let (mut known, mut sent, mut received) = ([0; 32], [0; 32], [0; 32]);
    key.decapsulate(include_bytes!("mlkem768.ct"), &mut known)?;
    let mut ct = vec![0; algorithm.ciphertext_len()];
    P::kem_encapsulate(algorithm, &ek, &bytes(), &mut ct, &mut sent)?;
    key.decapsulate(&ct, &mut received)?;
    Ok(sha3(&ek) == "a24e16d8f8f9383a95b77050f4d9fd2f5733eec1d63ef3c23ebf9918173669a7"
        && hex(&known) == "8d5ecce3e94899447e6a50df52c134d883c608a8d896c67b4dd9d9cc9cb7a9f9"
        && sent == received)
}

fn dsa<P: Provider>() -> Result<bool> {
    let algorithm = DsaAlgorithm::MlDsa65;
    let key = P::DsaKey::from_seed(algorithm, &bytes())?;
    let mut pk = vec![0; algorithm.row().public_key];
    key.public_key(&mut pk);
    let (context, message) = (b"context", b"pqrtc self test");
    let known = include_bytes!("mldsa65.sig");
    let mut own = vec![0; algorithm.row().signature];
    key.sign(context, message, &mut own)?;
    Ok(sha3(&pk) == "1800725067e388d837d911fe4f66101cc1961b1bb755030dc574272cfb00013f"
        && P::dsa_verify(algorithm, &pk, context, message, known).is_ok()
        && P::dsa_verify(algorithm, &pk, b"contexT", message, known).is_err()
        && P::dsa_verify(algorithm, &pk, context, message, &own).is_ok())
}

fn x25519<P: Provider>() -> Result<bool> {
    let ours = bytes();
    let theirs = P::x25519_public(&core::array::from_fn(|i| i as u8 + 1));
    let mut ss = [0; 32];
    P::x25519(&ours, &theirs, &mut ss)?;
    Ok(hex(&P::x25519_public(&ours)) == "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"
        && hex(&ss) == "4274a32e953acb8314d0f09bcbcb5193c5ef799ddcd0036f8c4682e5801dac73"
        && P::x25519(&ours, &[0; 32], &mut ss) == Err(Error::NonContributory))
}

fn macs<P: Provider>() -> Result<bool> {
    let hkdf = |hash| {
        let mut out = [0; 32];
        P::hkdf(hash, b"salt", b"input keying material", b"info", &mut out).map(|()| hex(&out))
    };
    let mut mac = [0; 20];
    P::hmac_sha1(b"key", b"message", &mut mac);
    Ok(hex(&mac) == "2088df74d5f2146b48146caf4965377e9d0be3a4"
        && hkdf(Hash::Sha256)? == "55e906cde65145a29218620e9e34b7fcdae07a38258f17cc9f16cbe6b2ed5ba6"
        && hkdf(Hash::Sha512)? == "2224ea30c36c36b77b7d471b5303615099085277769fd98635b045a54072c0e1")
}

fn aeads<P: Provider>() -> Result<bool> {
    let known = [
        (AeadAlgorithm::Aes128Gcm, "f802c8b9083b87382abb0ffe53db042992a27577ae19ff5e7158ad12646618690d"),
        (AeadAlgorithm::Aes256Gcm, "2c6cb96cabc5b277ec28f9ffd4910c4ca2be14eed92d1e55f25136abf13ff3168e"),
        (AeadAlgorithm::Aes128CtrHmacSha256 { tag_len: 10 }, "9d0913e09ca0b56dde1655a48ed8db88626f5b37a6879ce11f3d79"),
    ];
    let mut sound = true;
    for (algorithm, sealed) in known {
        let key = P::Aead::new(algorithm, &bytes::<48>()[..algorithm.key_len()])?;
        let (nonce, plaintext) = (bytes(), b"known plaintext!!");
        let (mut ct, mut tag, mut opened) = ([0; 17], [0; 16], [0; 17]);
        let tag = &mut tag[..algorithm.tag_len()];
        key.seal(&nonce, b"aad", InOut::Apart(plaintext, &mut ct), tag)?;
        sound &= hex(&ct) + &hex(tag) == sealed;
        sound &= key.open(&nonce, b"aad", InOut::Apart(&ct, &mut opened), tag).is_ok() && opened == *plaintext;
        tag[0] ^= 1;
        sound &= key.open(&nonce, b"aad", InOut::Apart(&ct, &mut opened), tag) == Err(Error::DecryptionFailed);
    }
    Ok(sound)
}

#[cfg(test)]
#[test]
fn passes() {
    assert_eq!(self_test(), Ok(()));
}
