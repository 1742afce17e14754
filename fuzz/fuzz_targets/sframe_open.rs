//! Bytes from the network as SFrame frames: never opened, never a plaintext left behind; and what is sealed from them comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
use std::sync::LazyLock;

struct Ends(Sender, Receiver);

/// Suite 5, whose tag is not guessed. One receiver follows a ratchet.
static ENDS: LazyLock<[Ends; 2]> = LazyLock::new(|| {
    [0, 4].map(|bits| {
        let key = [bits as u8 + 1; 32];
        let sender = Sender::from_key(&key, 0, CipherSuite::Aes256GcmSha512_128).unwrap();
        let receiver = Receiver::new(CipherSuite::Aes256GcmSha512_128);
        sender.set_ratchet(bits).unwrap();
        receiver.set_ratchet(bits, 2, 1).unwrap();
        receiver.add_key(0, &key).unwrap();
        Ends(sender, receiver)
    })
});

fuzz_target!(|data: &[u8]| {
    let (at, rest) = data.split_at(usize::from(data.first().copied().unwrap_or(0) % 20).min(data.len()));
    for Ends(sender, receiver) in ENDS.iter() {
        let (mut out, mut place) = (vec![0; rest.len()], rest.to_vec());
        assert!(receiver.open(at, rest, &mut out).is_err());
        assert!(out.iter().all(|&byte| byte == 0));
        assert!(receiver.open_in_place(at, &mut place).is_err());
        assert!(receiver.open_units(|units| units.open(at, rest, &mut out)).is_err());

        let mut sealed = vec![0; rest.len() + MAX_OVERHEAD];
        let len = sender.seal(at, rest, &mut sealed).unwrap();
        assert_eq!(receiver.open(at, &sealed[..len], &mut out).unwrap().len, rest.len());
        assert_eq!(out, rest);
    }
});
