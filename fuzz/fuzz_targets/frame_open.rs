//! Bytes from the network as sealed frames of each codec: never opened; and a frame of them comes back equal, or is refused when it is
//! sealed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use std::sync::LazyLock;

static ENDS: LazyLock<(Sender, Receiver)> = LazyLock::new(|| {
    let suite = CipherSuite::Aes256GcmSha512_128;
    let receiver = Receiver::new(suite);
    receiver.add_key(1, &[1; 32]).unwrap();
    (Sender::from_key(&[1; 32], 1, suite).unwrap(), receiver)
});

fuzz_target!(|data: &[u8]| {
    let Some((&codec, data)) = data.split_first() else { return };
    let codec = Codec::ALL[usize::from(codec) % Codec::ALL.len()];
    let (sender, receiver) = &*ENDS;
    let mut out = vec![0; frame::open_max_size(codec, data.len()).unwrap()];
    if frame::open(receiver, codec, b"", data, &mut out).is_err() {
        assert!(out.iter().all(|&byte| byte == 0), "plaintext left behind");
    } else {
        panic!("opened what nobody sealed");
    }

    let mut sealed = vec![0; frame::seal_max_size(codec, data.len()).unwrap()];
    let Ok(len) = frame::seal(sender, codec, b"", data, &mut sealed) else { return };
    let mut out = vec![0; frame::open_max_size(codec, len).unwrap()];
    let opened = frame::open(receiver, codec, b"", &sealed[..len], &mut out).unwrap();
    assert_eq!(&out[..opened.len], data);
});
