//! Frames of any codec: hostile bytes never open, and whatever can be sealed comes back equal.
//!
//! The first byte picks the codec, the second says what the rest is: a frame to seal and open, or bytes to open.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use std::sync::LazyLock;

static PEERS: LazyLock<(Sender, Receiver)> = LazyLock::new(|| {
    let (key, suite) = ([7; 32], CipherSuite::Aes128GcmSha256_128);
    let receiver = Receiver::new(suite);
    receiver.add_key(0, &key).unwrap();
    (Sender::from_key(&key, 0, suite).unwrap(), receiver)
});

fuzz_target!(|data: &[u8]| {
    let [codec, what, data @ ..] = data else { return };
    let codec = Codec::ALL[usize::from(*codec) % Codec::ALL.len()];
    let (sender, receiver) = &*PEERS;
    if what & 1 == 0 {
        let mut out = vec![0xaa; data.len()];
        assert!(frame::open(receiver, codec, data, &mut out).is_err(), "a frame that nobody sealed");
        assert!(out.iter().all(|&byte| byte == 0) || out.iter().all(|&byte| byte == 0xaa));
    } else {
        let mut sealed = vec![0; frame::seal_max_size(codec, data.len()).unwrap()];
        let Ok(len) = frame::seal(sender, codec, data, &mut sealed) else { return };
        let mut out = vec![0; len];
        let opened = frame::open(receiver, codec, &sealed[..len], &mut out).unwrap();
        assert_eq!(&out[..opened.len], data);
    }
});
