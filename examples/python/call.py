"""The whole job in one process: an authenticated call, then a video frame sealed by Alice and opened by Bob. In a call the two are in two programs,
and the messages travel over signaling that nobody needs to trust."""

# docs:begin program
# docs:begin call
import pqrtc
from pqrtc import Call, CipherSuite, Codec, Policy, PolicyOption, Profile, SigningKey, frame


def new_call(me: SigningKey, peer_fingerprint: bytes, my_dtls_fingerprint: bytes) -> Call:
    policy = Policy(Profile.DEFAULT)
    policy.set(PolicyOption.PIN, peer_fingerprint)
    return Call(policy, me, binding=my_dtls_fingerprint)


me, you = (SigningKey.generate(pqrtc.SignatureAlgorithm.ML_DSA_65_ED25519) for _ in range(2))  # once for each device
alice_dtls, bob_dtls = b"\1" * 32, b"\2" * 32  # a=fingerprint of the two SDPs
alice, bob = new_call(me, you.fingerprint, alice_dtls), new_call(you, me.fingerprint, bob_dtls)

offer = alice.offer()  # beside the SDP offer
answer = bob.receive(offer, alice_dtls)  # beside the SDP answer
finish = alice.receive(answer, bob_dtls)  # Alice knows that it is Bob; one more message
bob.receive(finish, alice_dtls)  # Bob knows that it is Alice

sender = alice.sender(0, CipherSuite.AES_256_GCM_SHA512_128)  # both follow later rekeys by themselves
receiver = bob.receiver(CipherSuite.AES_256_GCM_SHA512_128)
sealed = frame.seal(sender, Codec.VP8, b"\1 a delta frame")  # after the encoder
assert frame.open(receiver, Codec.VP8, sealed) == b"\1 a delta frame"  # before the decoder
# docs:end call

print(f"offer {len(offer)} bytes, answer {len(answer)}, finish {len(finish)}: Bob opens what Alice seals")
# docs:end program
