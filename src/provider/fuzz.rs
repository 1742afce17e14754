//! For the fuzz target `providers`: each provider beside aws-lc, with the same input, right, altered or arbitrary.

use crate::provider::{
    AeadAlgorithm, AeadKey, DsaAlgorithm, DsaPrivateKey, Hash, InOut, IncrementalHash, KemAlgorithm, KemPrivateKey,
    Provider, aws_lc::AwsLc, pqclean::PqClean, rustcrypto::RustCrypto,
};

/// The fuzzer's input, read from the front. It ends in zeros.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> usize {
        self.array::<1>()[0].into()
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    fn fill(&mut self, out: &mut [u8]) {
        let (taken, rest) = self.0.split_at(out.len().min(self.0.len()));
        out[..taken.len()].copy_from_slice(taken);
        self.0 = rest;
    }

    /// Changes up to three bytes, or the beginning.
    fn alter(&mut self, bytes: &mut [u8]) {
        match self.byte() {
            changes @ 0..=3 => (0..changes).for_each(|_| {
                let at = usize::from(u16::from_be_bytes(self.array())) % bytes.len();
                bytes[at] ^= self.byte() as u8;
            }),
            _ => self.fill(bytes),
        }
    }
}

/// Runs what the first byte says.
pub fn fuzz_providers(data: &[u8]) {
    let mut input = Input(data);
    match input.byte() % 16 {
        0..=2 => of_one::<RustCrypto>(&mut input),
        3 => of_one::<PqClean>(&mut input),
        4..=6 => kem::<RustCrypto>(&mut input),
        7..=8 => kem::<PqClean>(&mut input),
        9..=10 => dsa::<RustCrypto>(&mut input),
        11 => dsa::<PqClean>(&mut input),
        _ => aead::<RustCrypto>(&mut input),
    }
}

/// Curves and hashes.
fn of_one<P: Provider>(input: &mut Input) {
    let (seed, message) = (input.array(), input.array::<8>());
    let mut pk = AwsLc::ed25519_public(&seed);
    assert_eq!(pk, P::ed25519_public(&seed));
    let (mut ours, mut theirs) = ([0; 64], [0; 64]);
    AwsLc::ed25519_sign(&seed, &pk, &message, &mut ours).unwrap();
    P::ed25519_sign(&seed, &pk, &message, &mut theirs).unwrap();
    assert_eq!(ours, theirs);
    input.alter(&mut pk);
    input.alter(&mut ours);
    assert_eq!(AwsLc::ed25519_verify(&pk, &message, &ours), P::ed25519_verify(&pk, &message, &ours));

    let (mut ours, mut theirs, point) = ([0; 32], [0; 32], input.array());
    assert_eq!(AwsLc::x25519(&seed, &point, &mut ours), P::x25519(&seed, &point, &mut theirs));
    assert_eq!((ours, AwsLc::x25519_public(&seed)), (theirs, P::x25519_public(&seed)));

    let key = &input.0[..input.byte().min(input.0.len())];
    let (mut ours, mut theirs) = ([0; 20], [0; 20]);
    AwsLc::hmac_sha1(key, input.0, &mut ours);
    P::hmac_sha1(key, input.0, &mut theirs);
    assert_eq!(ours, theirs);
    for hash in [Hash::Sha256, Hash::Sha512] {
        let (mut ours, mut theirs) = ([0; 99], [0; 99]);
        AwsLc::hkdf(hash, key, &seed, input.0, &mut ours).unwrap();
        P::hkdf(hash, key, &seed, input.0, &mut theirs).unwrap();
        assert_eq!(ours, theirs);
    }
    let (mut ours, mut theirs) = ([0; 64], [0; 64]);
    <AwsLc as Provider>::Sha512::digest(&[key, input.0], &mut ours);
    P::Sha512::digest(&[key, input.0], &mut theirs);
    assert_eq!(ours, theirs);
}

fn kem<P: Provider>(input: &mut Input) {
    let algorithm = P::KEMS[input.byte() % P::KEMS.len()];
    let (seed, m) = (input.array(), input.array());
    let ours = <AwsLc as Provider>::KemKey::from_seed(algorithm, &seed).unwrap();
    let theirs = P::KemKey::from_seed(algorithm, &seed).unwrap();
    let mut ek = vec![0; algorithm.public_key_len()];
    let mut other = ek.clone();
    ours.public_key(&mut ek);
    theirs.public_key(&mut other);
    assert_eq!(ek, other);
    // Keys of others, if they pass the check that the layer above does.
    input.alter(&mut other);
    if crate::kem::check_encapsulation_key(algorithm, &other).is_ok() {
        assert_eq!(encapsulated::<AwsLc>(algorithm, &other, &m), encapsulated::<P>(algorithm, &other, &m));
    }
    let (mut ct, ss) = encapsulated::<AwsLc>(algorithm, &ek, &m);
    let right = ct.clone();
    input.alter(&mut ct);
    let (mut a, mut b) = ([0; 32], [0; 32]);
    ours.decapsulate(&ct, &mut a).unwrap();
    theirs.decapsulate(&ct, &mut b).unwrap();
    assert_eq!((a, a == ss), (b, ct == right));
}

fn encapsulated<P: Provider>(algorithm: KemAlgorithm, ek: &[u8], m: &[u8; 32]) -> (Vec<u8>, [u8; 32]) {
    let (mut ct, mut ss) = (vec![0; algorithm.ciphertext_len()], [0; 32]);
    P::kem_encapsulate(algorithm, ek, m, &mut ct, &mut ss).unwrap();
    (ct, ss)
}

fn dsa<P: Provider>(input: &mut Input) {
    let algorithm: DsaAlgorithm = P::DSAS[input.byte() % P::DSAS.len()];
    let (seed, message) = (input.array(), input.array::<8>());
    let key = P::DsaKey::from_seed(algorithm, &seed).unwrap();
    let ours = <AwsLc as Provider>::DsaKey::from_seed(algorithm, &seed).unwrap();
    let mut pk = vec![0; algorithm.row().public_key];
    key.public_key(&mut pk);
    let mut other = pk.clone();
    ours.public_key(&mut other);
    assert_eq!(pk, other);
    let mut signature = vec![0; algorithm.row().signature];
    ours.sign(b"context", &message, &mut signature).unwrap();
    let right = (signature.clone(), pk.clone());
    input.alter(&mut signature);
    // The end has the hint, whose coding has rules.
    let hint = signature.len() - 8;
    input.alter(&mut signature[hint..]);
    input.alter(&mut pk);
    let verdict = AwsLc::dsa_verify(algorithm, &pk, b"context", &message, &signature);
    assert_eq!(verdict, P::dsa_verify(algorithm, &pk, b"context", &message, &signature));
    assert_eq!(verdict.is_ok(), right == (signature, pk));
}

fn aead<P: Provider>(input: &mut Input) {
    let tag_len = [10, 8, 4][input.byte() % 3];
    let algorithm = match input.byte() % 4 {
        0 => AeadAlgorithm::Aes128Gcm,
        1 => AeadAlgorithm::Aes256Gcm,
        2 => AeadAlgorithm::Aes128CtrHmacSha256 { tag_len },
        _ => AeadAlgorithm::Aes256CtrHmacSha512 { tag_len },
    };
    let mut key = vec![0; algorithm.key_len()];
    input.fill(&mut key);
    let ours = <AwsLc as Provider>::Aead::new(algorithm, &key).unwrap();
    let theirs = P::Aead::new(algorithm, &key).unwrap();
    let nonce = input.array();
    let (aad, plaintext) = input.0.split_at(input.byte().min(input.0.len()));
    let sealed = |seal: &dyn Fn(InOut, &mut [u8])| {
        let (mut out, mut tag) = (vec![0; plaintext.len()], vec![0; algorithm.tag_len()]);
        seal(InOut::Apart(plaintext, &mut out), &mut tag);
        (out, tag)
    };
    let (ciphertext, mut tag) = sealed(&|data, tag| ours.seal(&nonce, aad, data, tag).unwrap());
    assert_eq!((ciphertext.clone(), tag.clone()), sealed(&|data, tag| theirs.seal(&nonce, aad, data, tag).unwrap()));
    input.alter(&mut tag);
    let (mut a, mut b) = (vec![1; ciphertext.len()], vec![1; ciphertext.len()]);
    let verdict = ours.open(&nonce, aad, InOut::Apart(&ciphertext, &mut a), &tag);
    assert_eq!(verdict, theirs.open(&nonce, aad, InOut::Apart(&ciphertext, &mut b), &tag));
    assert_eq!(a, b);
}
