//! Video frames sealed end to end: the codec-aware transform keeps clear what packetizers must read, and authenticates it.

use pqrtc::frame::{self, Codec};
use pqrtc::session::Role;
use pqrtc::sframe::{CipherSuite, Receiver, Sender};
use pqrtc::suite::{self, HybridKeypair, Suite};

fn main() -> pqrtc::Result<()> {
    let bob = HybridKeypair::generate(Suite::XWing)?;
    let mut exchange = vec![0; Suite::XWing.exchange_len()];
    let alice_session = suite::initiate(Suite::XWing, bob.bundle(), &mut exchange)?;
    let bob_session = bob.respond(&exchange)?;

    let cipher = CipherSuite::Aes256GcmSha512_128;
    let sender = Sender::new(&alice_session.sframe_base_key(Role::Initiator, 1)?, cipher)?;
    let receiver = Receiver::new(cipher);
    receiver.add(&bob_session.sframe_base_key(Role::Initiator, 1)?)?;

    // What a VP8 encoder puts out: a key frame has an even first byte.
    let encoded: Vec<u8> = (0..1200u32).map(|i| (i * 31) as u8 & !1).collect();
    let mut sealed = vec![0; frame::seal_max_size(Codec::Vp8, encoded.len())?];
    let len = frame::seal(&sender, Codec::Vp8, b"", &encoded, &mut sealed)?;

    let mut opened = vec![0; frame::open_max_size(Codec::Vp8, len)?];
    let got = frame::open(&receiver, Codec::Vp8, b"", &sealed[..len], &mut opened)?;
    assert_eq!(&opened[..got.len], encoded);
    println!("{} bytes, {len} when sealed; KID {}, counter {}", encoded.len(), got.kid, got.counter);

    let replayed = frame::open(&receiver, Codec::Vp8, b"", &sealed[..len], &mut opened).unwrap_err();
    println!("the same frame again: {replayed}");
    Ok(())
}
