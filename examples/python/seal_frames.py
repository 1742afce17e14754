"""Media frames sealed end to end, so that a server that forwards them cannot see them."""

import os

import pqrtc
from pqrtc import Codec, Suite, frame, sframe

CIPHER = sframe.CipherSuite.AES_256_GCM_SHA512_128

# A session, as in key_exchange.py.
pair = pqrtc.HybridKeypair.generate(Suite.X_WING)
exchange, alice = pqrtc.initiate(Suite.X_WING, pair.bundle)
bob = pair.respond(exchange)

# Alice sends under key ID 1; Bob adds the key of her sender. A track has a key ID of its own.
sender = sframe.Sender(alice, 1, CIPHER)
receiver = sframe.Receiver(CIPHER)
receiver.add_session(bob, 1)

# One audio frame. The metadata is authenticated and not sent.
sealed = sender.seal(os.urandom(120), metadata=b"audio")
receiver.open(sealed, metadata=b"audio")

# Each frame opens once.
try:
    receiver.open(sealed, metadata=b"audio")
except pqrtc.ReplayedFrameError as refused:
    print(f"a second time: {refused}")

# Many small frames in one call; one that is refused is an exception in the list and does not cost the others.
batch = sender.seal_many([os.urandom(120) for _ in range(16)])
batch[3] = batch[3][:-1] + bytes([batch[3][-1] ^ 1])
opened = receiver.open_many(batch)
print(f"opened {sum(isinstance(one, bytes) for one in opened)} of {len(opened)}")

# Without allocation: a buffer of the caller, and in place.
room = bytearray(1500)
room[:1200] = os.urandom(1200)
length = sender.seal_into(memoryview(room)[:1200], room)
assert receiver.open_into(memoryview(room)[:length], room) == 1200

# Video for a packetizer that looks into the frame: what it reads stays clear.
picture = bytes.fromhex("100200 9d012a 4001b400") + os.urandom(2000)
sealed = frame.seal(sender, Codec.VP8, picture)
assert sealed[:10] == picture[:10] and frame.open(receiver, Codec.VP8, sealed) == picture
print(f"VP8 key frame of {len(picture)} bytes, sealed {len(sealed)}: {receiver.stats()}")
