"""A TURN credential that only its recipient can read, whatever carries it."""

import time

import pqrtc
from pqrtc import KemAlgorithm, turn

SECRET = "the static-auth-secret of the TURN server"

# The client makes a key pair and sends its public key with its request.
client = pqrtc.KemKeypair.generate(KemAlgorithm.ML_KEM_768)
public_key = client.public_key

# The credential service mints a credential that is good for an hour, and wraps it for that client.
credential = turn.mint(SECRET, "alice", int(time.time()) + 3600)
wrapped = turn.wrap(KemAlgorithm.ML_KEM_768, public_key, f"{credential.username} {credential.password}".encode())

# The client unwraps it, and gives it to its WebRTC stack.
username, password = turn.unwrap(client, wrapped).decode().split(" ")

# This is what the TURN server does with what it is given; coturn does it by itself.
turn.verify(SECRET, username, password)

# Altered on its way, it is refused.
try:
    turn.unwrap(client, wrapped[:-1] + bytes([wrapped[-1] ^ 1]))
except pqrtc.DecryptionError as refused:
    print(f"{username}: verified; altered: {refused}")
