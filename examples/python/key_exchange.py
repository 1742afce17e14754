"""Two sides agree on a key over signaling, and derive what they need from it."""

import pqrtc
from pqrtc import Suite

# The responder publishes a bundle: 1216 bytes, in its offer for example.
responder = pqrtc.HybridKeypair.generate(Suite.X_WING)
bundle = responder.bundle

# The initiator answers with an exchange message: 1120 bytes, in its answer.
exchange, alice = pqrtc.initiate(Suite.X_WING, bundle)

# Now both have a session. An eavesdropper cannot compute it, with a quantum computer or without.
bob = responder.respond(exchange)

# A key of its own for each purpose; `alice.key()` itself is better left alone.
assert alice.export("file transfer", b"room 7") == bob.export("file transfer", b"room 7")

# Keys for an SRTP library, in the order that RFC 5764 gives them.
keys = alice.srtp_keys(pqrtc.SrtpProfile.AEAD_AES_256_GCM)
assert keys == bob.srtp_keys(pqrtc.SrtpProfile.AEAD_AES_256_GCM)

# A small message, such as the key of a group.
assert bob.open(alice.seal(b"group key", aad=b"room 7"), aad=b"room 7") == b"group key"

print(f"bundle {len(bundle)} bytes, exchange {len(exchange)} bytes, SRTP keys {len(keys)} bytes: both sides agree")
