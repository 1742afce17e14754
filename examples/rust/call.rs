//! The whole job in one process: an authenticated call, then a video frame sealed by Alice and opened by Bob. In a call the two are in two
//! programs, and the messages travel over signaling that nobody needs to trust.

// docs:begin program
use pqrtc::Result;
use pqrtc::frame::{self, Codec};
use pqrtc::handshake::{Call, Policy, Profile};
use pqrtc::sframe::CipherSuite;
use pqrtc::signing::{self, SignatureAlgorithm, SigningKey};

const IDENTITY: SignatureAlgorithm = SignatureAlgorithm::MlDsa65Ed25519;
const CIPHER: CipherSuite = CipherSuite::Aes256GcmSha512_128;

/// One participant's side of a call with the peer whose identity this is.
fn new_call(me: &SigningKey, peer: &SigningKey, my_dtls_fingerprint: &[u8]) -> Result<Call> {
    let mut policy = Policy::new(Profile::Default)?;
    policy.pin(&signing::public_key_fingerprint(IDENTITY, peer.public_key())?)?;
    Call::new(&[me], &policy, my_dtls_fingerprint, b"")
}

fn main() -> Result<()> {
    let (me, you) = (SigningKey::generate(IDENTITY)?, SigningKey::generate(IDENTITY)?); // once for each device
    let (alice_dtls, bob_dtls) = ([1; 32], [2; 32]); // a=fingerprint of the two SDPs
    let (alice, bob) = (new_call(&me, &you, &alice_dtls)?, new_call(&you, &me, &bob_dtls)?);

    let offer = alice.offer()?; // beside the SDP offer
    let answer = bob.receive(&offer, &alice_dtls)?; // beside the SDP answer
    let finish = alice.receive(&answer, &bob_dtls)?; // Alice knows that it is Bob; one more message
    bob.receive(&finish, &alice_dtls)?; // Bob knows that it is Alice

    let (sender, receiver) = (alice.sender(0, CIPHER)?, bob.receiver(CIPHER)?); // both follow later rekeys by themselves
    let frame = [1; 1200]; // a delta frame of VP8
    let mut sealed = vec![0; frame::seal_max_size(Codec::Vp8, frame.len())?];
    let len = frame::seal(&sender, Codec::Vp8, b"", &frame, &mut sealed)?; // after the encoder
    let mut opened = vec![0; frame::open_max_size(Codec::Vp8, len)?];
    let opened_len = frame::open(&receiver, Codec::Vp8, b"", &sealed[..len], &mut opened)?.len; // before the decoder
    assert_eq!(opened[..opened_len], frame);
    println!("{} bytes sealed in {len}, opened to {opened_len}", frame.len());
    Ok(())
}
// docs:end program
