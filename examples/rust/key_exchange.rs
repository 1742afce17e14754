//! Two sides of a call get the same session from 1,216 and 1,120 bytes of signaling.

use pqrtc::suite::{self, HybridKeypair, Suite};

fn main() -> pqrtc::Result<()> {
    // Bob makes a key pair for this call and sends its bundle beside his SDP.
    let bob = HybridKeypair::generate(Suite::XWing)?;
    let bundle = bob.bundle();

    // Alice answers it, and sends the exchange message back.
    let mut exchange = vec![0; Suite::XWing.exchange_len()];
    let alice_session = suite::initiate(Suite::XWing, bundle, &mut exchange)?;
    let bob_session = bob.respond(&exchange)?;

    // Both export what they need; the session key itself stays inside.
    let (mut ours, mut theirs) = ([0; 32], [0; 32]);
    alice_session.export(b"chat key", b"room 42", &mut ours)?;
    bob_session.export(b"chat key", b"room 42", &mut theirs)?;
    assert_eq!(ours, theirs);
    println!("bundle {} bytes, exchange {} bytes, the same key on both sides", bundle.len(), exchange.len());
    Ok(())
}
