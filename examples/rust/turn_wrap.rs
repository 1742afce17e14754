//! A signaling server mints a TURN credential and wraps it for one client; a recording of the signaling does not give it away.

use pqrtc::kem::{KemAlgorithm, KemKeypair};
use pqrtc::turn;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The client has an ML-KEM-768 key and has sent the public half.
    let algorithm = KemAlgorithm::MlKem768;
    let client = KemKeypair::generate(algorithm)?;
    let client_key = client.public_key();

    // The server shares `static-auth-secret` with coturn.
    let secret = b"north-of-the-river";
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let minted = turn::mint(secret, b"alice", now + 600)?;
    let credential = [minted.username(), b"\n", minted.password()].concat();
    let mut wrapped = vec![0; credential.len() + turn::wrap_overhead(algorithm)];
    turn::wrap(algorithm, client_key, &credential, &mut wrapped)?;

    // The client unwraps it and hands it to its ICE agent; the TURN server checks it.
    let mut opened = vec![0; wrapped.len() - turn::wrap_overhead(algorithm)];
    turn::unwrap(&client, &wrapped, &mut opened)?;
    assert_eq!(opened, credential);
    turn::verify(secret, minted.username(), minted.password(), now)?;
    println!("a credential of {} bytes, {} when wrapped, accepted", credential.len(), wrapped.len());
    Ok(())
}
