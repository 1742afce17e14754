//! Bytes from the network as sealed frames of each codec: never opened; a frame of them comes back equal, or is refused when it is
//! sealed; and a sealed frame with a byte changed opens as what was sealed, but for delimiters and start codes, as some of its layers, or
//! not at all.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/rust/frame_units.rs"]
mod frame_units;

use frame_units::Parts;
use libfuzzer_sys::fuzz_target;
use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use std::sync::LazyLock;

static SENDER: LazyLock<Sender> = LazyLock::new(|| Sender::from_key(&[1; 32], 1, SUITE).unwrap());
const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;

fn receiver() -> Receiver {
    let receiver = Receiver::new(SUITE);
    receiver.add_key(1, &[1; 32]).unwrap();
    receiver
}

fuzz_target!(|data: &[u8]| {
    let Some((&[codec, at, low, to, size], data)) = data.split_first_chunk::<5>() else { return };
    let Some((&counter, data)) = data.split_first_chunk::<8>() else { return };
    // Of one to eight bytes, and the same whatever ran before.
    SENDER.set_counter(u64::from_be_bytes(counter) >> (size % 64));
    let codec = Codec::ALL[usize::from(codec) % Codec::ALL.len()];
    let receiver = receiver();
    let mut out = vec![0; frame::open_max_size(codec, data.len()).unwrap()];
    let _ = frame::inspect(codec, data);
    if frame::open(&receiver, codec, b"", data, &mut out).is_err() {
        assert!(out.iter().all(|&byte| byte == 0), "plaintext left behind");
    } else {
        panic!("opened what nobody sealed");
    }

    let mut sealed = vec![0; frame::seal_max_size(codec, data.len()).unwrap()];
    let Ok(len) = frame::seal(&SENDER, codec, b"", data, &mut sealed) else { return };
    sealed.truncate(len);
    let info = frame::inspect(codec, &sealed).unwrap();
    let mut forged = sealed.clone();
    forged[(usize::from(at) << 8 | usize::from(low)) % len] = to;
    match frame::open_in_place(&receiver, codec, b"", &mut forged) {
        Ok(opened) => {
            let (got, sealed) = (Parts::new(codec, &forged[..opened.len]), Parts::new(codec, data));
            assert!(got.come_of(&[sealed]), "opened as {:02x?}", &forged[..opened.len]);
            assert!(opened.kid == info.kid && (info.first_counter..=info.last_counter).contains(&opened.counter));
        }
        Err(_) => {
            let mut out = vec![0; frame::open_max_size(codec, len).unwrap()];
            let opened = frame::open(&receiver, codec, b"", &sealed, &mut out).unwrap();
            assert_eq!(&out[..opened.len], data);
        }
    }
});
