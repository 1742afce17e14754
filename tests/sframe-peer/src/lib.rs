//! The crate `sframe` on RustCrypto beside pqrtc: all five cipher suites, in both directions.

#[cfg(test)]
#[path = "../../rust/rng.rs"]
mod rng;

#[cfg(test)]
mod tests {
    use crate::rng::Rng;
    use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
    use sframe::frame::{EncryptedFrameView, MediaFrameView, SingleUseCounter};
    use sframe::key::{DecryptionKey, EncryptionKey};

    const SUITES: [(CipherSuite, sframe::CipherSuite); 5] = [
        (CipherSuite::Aes128CtrHmacSha256_80, sframe::CipherSuite::AesCtr128HmacSha256_80),
        (CipherSuite::Aes128CtrHmacSha256_64, sframe::CipherSuite::AesCtr128HmacSha256_64),
        (CipherSuite::Aes128CtrHmacSha256_32, sframe::CipherSuite::AesCtr128HmacSha256_32),
        (CipherSuite::Aes128GcmSha256_128, sframe::CipherSuite::AesGcm128Sha256),
        (CipherSuite::Aes256GcmSha512_128, sframe::CipherSuite::AesGcm256Sha512),
    ];

    /// KIDs and counters of every length.
    fn number(rng: &mut Rng) -> u64 {
        rng.next() >> (rng.next() % 64)
    }

    #[test]
    fn what_the_peer_seals_is_opened() {
        let mut rng = Rng::new(11);
        for (suite, theirs) in SUITES {
            for _ in 0..500 {
                let (kid, key_len) = (number(&mut rng), 16 + rng.below(49));
                let key = rng.bytes(key_len);
                let peer = EncryptionKey::derive_from(theirs, kid, &key).unwrap();
                let receiver = Receiver::new(suite);
                receiver.add_key(kid, &key).unwrap();
                for _ in 0..4 {
                    let (counter, lens) = (number(&mut rng), (rng.below(2000), rng.below(300)));
                    let (frame, metadata) = (rng.bytes(lens.0), rng.bytes(lens.1));
                    let mut sealed = Vec::new();
                    MediaFrameView::try_with_meta_data(&mut SingleUseCounter::new(counter), &frame, &metadata)
                        .unwrap()
                        .encrypt_into(&peer, &mut sealed)
                        .unwrap();
                    // The peer keeps metadata in front.
                    let sealed = &sealed[metadata.len()..];
                    let mut out = vec![0; frame.len()];
                    match receiver.open(&metadata, sealed, &mut out) {
                        Ok(opened) => assert_eq!((opened.kid, opened.counter, &out), (kid, counter, &frame)),
                        // Far behind a random counter before it.
                        Err(error) => assert_eq!(error, pqrtc::Error::ReplayedFrame),
                    }
                }
                assert_eq!(receiver.stats().decryption_failed, 0);
                assert!(receiver.stats().opened > 0);
            }
        }
    }

    #[test]
    fn the_peer_opens_what_is_sealed() {
        let mut rng = Rng::new(12);
        for (suite, theirs) in SUITES {
            for _ in 0..500 {
                let (kid, key_len) = (number(&mut rng), 16 + rng.below(49));
                let key = rng.bytes(key_len);
                let peer = DecryptionKey::derive_from(theirs, kid, &key).unwrap();
                let sender = Sender::from_key(&key, kid, suite).unwrap();
                for counter in 0..20 {
                    let lens = (rng.below(2000), rng.below(300));
                    let (frame, metadata) = (rng.bytes(lens.0), rng.bytes(lens.1));
                    check(&peer, &sender, &frame, &metadata, counter);
                }
            }
            // Counters of one, two and three bytes, a few of them random.
            let key = rng.bytes(32);
            let (peer, sender) =
                (DecryptionKey::derive_from(theirs, 7u64, &key).unwrap(), Sender::from_key(&key, 7, suite).unwrap());
            let (mut skip, mut counter) = (vec![0; MAX_OVERHEAD], 0);
            while counter < 70_000 {
                for _ in 0..rng.below(500) {
                    sender.seal(b"", b"", &mut skip).unwrap();
                    counter += 1;
                }
                let frame = rng.bytes(40);
                check(&peer, &sender, &frame, b"metadata", counter);
                counter += 1;
            }
        }
    }

    fn check(peer: &DecryptionKey, sender: &Sender, frame: &[u8], metadata: &[u8], counter: u64) {
        let mut sealed = vec![0; frame.len() + MAX_OVERHEAD];
        let len = sender.seal(metadata, frame, &mut sealed).unwrap();
        let mut opened = Vec::new();
        let view = EncryptedFrameView::try_with_meta_data(&sealed[..len], metadata).unwrap();
        assert_eq!((view.header().key_id(), view.header().counter()), (sender.kid(), counter));
        let media = view.decrypt_into(peer, &mut opened).unwrap();
        assert_eq!((media.payload(), media.meta_data()), (frame, metadata));
    }
}
