"""The C API as ctypes sees it. Generated from api/pqrtc.json by `make api`; do not edit."""

# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from ctypes import Structure, c_char_p, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from enum import IntEnum
from typing import Any, Dict, Tuple

IN, OUT, SIZE, U32, U64 = c_char_p, c_void_p, c_size_t, c_uint32, c_uint64

ABI_VERSION = 2


class Status(IntEnum):
    """The result of every function that can fail. Codes are never renumbered or reused."""

    OK = 0
    """Success."""
    NULL_POINTER = 1
    """A required pointer is NULL."""
    INVALID_LENGTH = 2
    """A length differs from the one required, or is out of range."""
    BUFFER_TOO_SMALL = 3
    """The output buffer is too small; `*out_len` says what is needed, and nothing else was done."""
    INVALID_ARGUMENT = 4
    """Unknown suite, kind, profile, codec or cipher suite; text that is not what it must be; buffers that overlap where they may not."""
    UNSUPPORTED = 5
    """Known, but not in this build or not for this key."""
    INVALID_KEY = 16
    """A key that fails its standard's checks."""
    NON_CONTRIBUTORY = 17
    """X25519 gave the all-zero result."""
    DECRYPTION_FAILED = 18
    """Authentication failed: altered data or another key."""
    BAD_SIGNATURE = 19
    """The signature does not verify."""
    CREDENTIAL_EXPIRED = 32
    """Right password, expiry not in the future."""
    CREDENTIAL_REJECTED = 33
    """Wrong password or malformed username."""
    MALFORMED_FRAME = 48
    """Not an SFrame ciphertext."""
    UNKNOWN_KEY_ID = 49
    """No key for the frame's KID."""
    REPLAYED_FRAME = 50
    """Counter seen before, or older than the window."""
    KEY_REUSED = 51
    """A second sender for the same key and KID, or a KID that the receiver has."""
    COUNTER_EXHAUSTED = 52
    """The sender has used up its counters."""
    NOTHING_TO_SEAL = 53
    """A frame of parameter sets or delimiters alone: send it as it is, or keep it for the next frame."""
    INCOMPLETE = 54
    """A recording without its last entry, or with bytes that no entry covers."""
    OUT_OF_SEQUENCE = 55
    """An entry whose index is not the next: a segment is missing, repeated or moved."""
    DIGEST_MISMATCH = 56
    """A segment is not the one that its entry names."""
    MALFORMED_MESSAGE = 64
    """Not a message of this protocol, or one that breaks its format."""
    UNEXPECTED_MESSAGE = 65
    """A message or call that does not fit the state."""
    VERSION_REFUSED = 66
    """A protocol version that is not spoken here."""
    POLICY_REFUSED = 67
    """The policy allows none of what the peer offers."""
    PEER_ANONYMOUS = 68
    """The peer shows no identity, and the policy asks for one."""
    PEER_REJECTED = 69
    """The peer proved an identity that is not a pinned one."""
    BINDING_MISMATCH = 70
    """The binding that the peer signed is not the one given."""
    HANDSHAKE_FAILED = 71
    """A message of the handshake does not authenticate."""
    RNG_FAILED = 240
    """The operating system gave no randomness."""
    OUT_OF_MEMORY = 241
    """Allocation failed."""
    INTERNAL = 255
    """A bug in the library, caught."""


class Profile(IntEnum):
    """What a participant offers and accepts in the large."""

    DEFAULT = 1
    """Suite 1: X-Wing, and the composite signature of ML-DSA-65 and Ed25519. The peer shows an identity."""
    CNSA2 = 2
    """Suite 2 alone: ML-KEM-1024 and ML-DSA-87, and in SFrame AES-256-GCM alone. The peer shows an identity."""
    SAS = 3
    """Suite 1. Any identity is accepted and none as well: people compare the digits of pqrtc_call_sas()."""
    DEFAULT_OR_CNSA2 = 4
    """Suites 1 and 2, in that order. The peer shows an identity."""


class PolicyOption(IntEnum):
    """What a policy can be told beside its profile."""

    PIN = 1
    """Accept the peer whose identity has this fingerprint: 32 bytes, as pqrtc_public_key_fingerprint() gives them. May be set many times."""
    PSK = 2
    """Mix in this secret of 32 bytes, which both sides have. A second factor beside identities or a SAS."""
    REQUIRE_BINDING = 3
    """Refuse a peer that binds no DTLS certificate. No value."""
    ANONYMOUS_PEER = 4
    """Accept a peer without identity: of a server whose guests have none. No value."""
    ANY_PEER = 5
    """Accept any identity that signs; check its credential or the SAS afterwards. No value."""


class CallState(IntEnum):
    """Where a call is."""

    NEW = 0
    """Nothing was sent or taken."""
    OFFERED = 1
    """The offer (M1) was made."""
    ANSWERED = 2
    """An offer was answered (M2)."""
    DONE = 3
    """The peer is authenticated, and the session is there."""
    CONFIRMED = 4
    """As DONE, and the initiator knows that the responder has the session too."""


class Direction(IntEnum):
    """Which way an SFrame key is for."""

    SENDING = 1
    """For what this side sends."""
    RECEIVING = 2
    """For what the peer sends."""


class Codec(IntEnum):
    """How frames are laid out."""

    OPAQUE = 1
    """Anything: sealed whole."""
    OPUS = 2
    """Opus: sealed whole."""
    VP8 = 3
    """VP8: 10 bytes of a key frame stay clear, 3 of a delta frame."""
    VP9 = 4
    """VP9: 10 or 11 bytes of a key frame stay clear, 1 or 2 of any other."""
    H264 = 5
    """H.264 with start codes (Annex B): NAL unit headers, 8 bytes of each slice, parameter sets and delimiters stay clear."""
    H264_AVCC = 6
    """The same with four-byte lengths."""
    H265 = 7
    """H.265 with start codes (Annex B): as H.264."""
    H265_HVCC = 8
    """The same with four-byte lengths."""
    AV1 = 9
    """AV1 as a low-overhead stream of OBUs: OBU headers, the first byte of frame headers, sequence headers and delimiters stay clear."""


class KemAlgorithm(IntEnum):
    """An ML-KEM parameter set (FIPS 203)."""

    ML_KEM_768 = 1
    """ML-KEM-768."""
    ML_KEM_1024 = 2
    """ML-KEM-1024, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean"."""


class KeyFormat(IntEnum):
    """How a key is written."""

    DER = 1
    """Binary."""
    PEM = 2
    """Text (RFC 7468), in lines of 64 characters that end in a line feed. No NUL at its end."""


class MeetingMessage(IntEnum):
    """What pqrtc_meeting_outgoing() gives."""

    BOX = 1
    """A box: the fresh secret of a commit, for one member."""
    WELCOME = 2
    """A welcome: what a new member joins with."""


class SrtpProfile(IntEnum):
    """An SRTP protection profile, by its IANA number."""

    AES128_CM_HMAC_SHA1_80 = 1
    """16-byte keys, 14-byte salts: 60 bytes in all."""
    AEAD_AES_128_GCM = 7
    """16-byte keys, 12-byte salts: 56 bytes in all."""
    AEAD_AES_256_GCM = 8
    """32-byte keys, 12-byte salts: 88 bytes in all."""


class CipherSuite(IntEnum):
    """An SFrame cipher suite, by its IANA number. The last number of a name is the length of the tag in bits."""

    AES_128_CTR_HMAC_SHA256_80 = 1
    """A tag of 10 bytes."""
    AES_128_CTR_HMAC_SHA256_64 = 2
    """A tag of 8 bytes."""
    AES_128_CTR_HMAC_SHA256_32 = 3
    """A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first."""
    AES_128_GCM_SHA256_128 = 4
    """A tag of 16 bytes."""
    AES_256_GCM_SHA512_128 = 5
    """A tag of 16 bytes. The one to choose against a quantum computer."""
    AES_256_CTR_HMAC_SHA512_80 = 6
    """A tag of 10 bytes (draft-barnes-sframe-iana-256)."""
    AES_256_CTR_HMAC_SHA512_64 = 7
    """A tag of 8 bytes."""
    AES_256_CTR_HMAC_SHA512_32 = 8
    """A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first."""


class SignatureAlgorithm(IntEnum):
    """A signature algorithm."""

    ML_DSA_65 = 1
    """ML-DSA-65 (FIPS 204)."""
    ML_DSA_87 = 2
    """ML-DSA-87, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean"."""
    ML_DSA_65_ED25519 = 3
    """The composite of ML-DSA-65 and Ed25519 (id-MLDSA65-Ed25519-SHA512, draft-ietf-lamps-pq-composite-sigs): both halves must verify. Keys, seeds and signatures are the ML-DSA part and then the Ed25519 part."""


class ArtifactKind(IntEnum):
    """What kind of artifact a signature is for. A signature of one kind never verifies as another."""

    RECORDING_MANIFEST = 1
    """The manifest of a recording, or the recording itself."""
    TRANSCRIPT = 2
    """A transcript."""
    SUMMARY = 3
    """A meeting summary."""
    API_KEY_ENVELOPE = 4
    """An envelope around an API key."""


class Suite(IntEnum):
    """How the shared secrets of X25519 and ML-KEM-768 become a session key."""

    V100_HYBRID_KX_V1 = 1
    """The exchange of the V100 description, byte for byte. It binds neither ciphertext nor public keys."""
    X_WING = 2
    """X-Wing (draft-connolly-cfrg-xwing-kem), the one to choose for new deployments."""


class CallInfoT(Structure):
    _fields_ = [
        ("size", SIZE),
        ("state", U32),
        ("role", U32),
        ("suite", U32),
        ("epoch", U32),
        ("may_send", U32),
        ("peer_identity", U32),
        ("peer_fingerprint", c_uint8 * 32),
    ]


class FrameInfo(Structure):
    _fields_ = [
        ("size", SIZE),
        ("kid", U64),
        ("first_counter", U64),
        ("last_counter", U64),
        ("sealed_units", U64),
        ("parameter_sets", U64),
        ("delimiters", U64),
        ("clear_bytes", U64),
    ]


class MeetingInfoT(Structure):
    _fields_ = [
        ("size", SIZE),
        ("epoch", U32),
        ("index", U32),
        ("members", U32),
        ("group_id", c_uint8 * 32),
    ]


class SFrameStats(Structure):
    _fields_ = [
        ("size", SIZE),
        ("keys", U64),
        ("opened", U64),
        ("malformed", U64),
        ("unknown_key_id", U64),
        ("replayed", U64),
        ("decryption_failed", U64),
    ]


class SFrameSenderStatsT(Structure):
    _fields_ = [
        ("size", SIZE),
        ("kid", U64),
        ("sealed", U64),
        ("left", U64),
    ]


# The macros of the header.
SIZES: Dict[str, int] = {
    "CALL_MESSAGE_MAX": 16384,
    "PUBLIC_KEY_KEM": 256,
    "ML_KEM_768_PUBLIC_KEY_BYTES": 1184,
    "ML_KEM_768_CIPHERTEXT_BYTES": 1088,
    "ML_KEM_768_SEED_BYTES": 64,
    "ML_KEM_768_EXPANDED_KEY_BYTES": 2400,
    "ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES": 1116,
    "ML_KEM_1024_PUBLIC_KEY_BYTES": 1568,
    "ML_KEM_1024_CIPHERTEXT_BYTES": 1568,
    "ML_KEM_1024_SEED_BYTES": 64,
    "ML_KEM_1024_EXPANDED_KEY_BYTES": 3168,
    "ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES": 1596,
    "KEM_SHARED_SECRET_BYTES": 32,
    "ML_DSA_65_PUBLIC_KEY_BYTES": 1952,
    "ML_DSA_65_SIGNATURE_BYTES": 3309,
    "ML_DSA_65_SEED_BYTES": 32,
    "ML_DSA_87_PUBLIC_KEY_BYTES": 2592,
    "ML_DSA_87_SIGNATURE_BYTES": 4627,
    "ML_DSA_87_SEED_BYTES": 32,
    "ML_DSA_65_ED25519_PUBLIC_KEY_BYTES": 1984,
    "ML_DSA_65_ED25519_SIGNATURE_BYTES": 3373,
    "ML_DSA_65_ED25519_SEED_BYTES": 64,
    "FINGERPRINT_BYTES": 32,
    "V100_HYBRID_KX_V1_BUNDLE_BYTES": 1216,
    "V100_HYBRID_KX_V1_EXCHANGE_BYTES": 1120,
    "V100_HYBRID_KX_V1_SEED_BYTES": 96,
    "X_WING_BUNDLE_BYTES": 1216,
    "X_WING_EXCHANGE_BYTES": 1120,
    "X_WING_SEED_BYTES": 32,
    "SESSION_KEY_BYTES": 32,
    "SESSION_SEAL_OVERHEAD_BYTES": 36,
    "SFRAME_BASE_KEY_BYTES": 32,
    "SFRAME_MAX_OVERHEAD_BYTES": 33,
}

# Handles, each with the function that frees it.
HANDLES: Dict[str, str] = {
    "policy": "pqrtc_policy_free",
    "call": "pqrtc_call_free",
    "kem_keypair": "pqrtc_kem_keypair_free",
    "meeting_card": "pqrtc_meeting_card_free",
    "meeting": "pqrtc_meeting_free",
    "recording_signer": "pqrtc_recording_signer_free",
    "recording_verifier": "pqrtc_recording_verifier_free",
    "session": "pqrtc_session_free",
    "sframe_sender": "pqrtc_sframe_sender_free",
    "sframe_receiver": "pqrtc_sframe_receiver_free",
    "signing_key": "pqrtc_signing_key_free",
    "artifact_hasher": "pqrtc_artifact_hasher_free",
    "hybrid_keypair": "pqrtc_hybrid_keypair_free",
}

# The result and the arguments of each function.
FUNCTIONS: Dict[str, Tuple[Any, ...]] = {
    "pqrtc_sframe_seal_batch": (U32, "sframe_sender", IN, SIZE, IN, SIZE, IN, SIZE, OUT, SIZE, OUT, OUT),
    "pqrtc_sframe_open_batch": (U32, "sframe_receiver", IN, SIZE, IN, SIZE, IN, SIZE, OUT, SIZE, OUT, OUT, OUT, OUT, OUT),
    "pqrtc_policy_new": (U32, U32, OUT),
    "pqrtc_policy_set": (U32, "policy", U32, IN, SIZE),
    "pqrtc_policy_free": (None, OUT),
    "pqrtc_call_new": (U32, "signing_key", "signing_key", "policy", IN, SIZE, IN, SIZE, OUT),
    "pqrtc_call_offer": (U32, "call", OUT, SIZE, OUT),
    "pqrtc_call_receive": (U32, "call", IN, SIZE, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_call_pin": (U32, "call", IN, SIZE),
    "pqrtc_call_set_binding": (U32, "call", IN, SIZE),
    "pqrtc_call_info": (U32, "call", OUT),
    "pqrtc_call_peer": (U32, "call", OUT, OUT, SIZE, OUT, OUT, SIZE, OUT),
    "pqrtc_call_sas": (U32, "call", OUT, SIZE),
    "pqrtc_call_session": (U32, "call", OUT),
    "pqrtc_call_sender": (U32, "call", U64, U32, OUT),
    "pqrtc_call_receiver": (U32, "call", U32, OUT),
    "pqrtc_call_sframe_key": (U32, "call", U32, U64, OUT, OUT, SIZE),
    "pqrtc_call_free": (None, OUT),
    "pqrtc_envelope_seal": (U32, U32, IN, SIZE, IN, SIZE, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_envelope_open": (U32, "hybrid_keypair", "kem_keypair", IN, SIZE, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_envelope_sign": (U32, "signing_key", IN, SIZE, IN, SIZE, OUT, SIZE),
    "pqrtc_envelope_verify": (U32, U32, IN, SIZE, IN, SIZE, IN, SIZE, IN, SIZE),
    "pqrtc_frame_seal_max_size": (SIZE, U32, SIZE),
    "pqrtc_frame_open_max_size": (SIZE, U32, SIZE),
    "pqrtc_frame_seal": (U32, "sframe_sender", U32, IN, SIZE, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_frame_open": (U32, "sframe_receiver", U32, IN, SIZE, IN, SIZE, OUT, SIZE, OUT, OUT, OUT),
    "pqrtc_frame_inspect": (U32, U32, IN, SIZE, OUT),
    "pqrtc_kem_sizes": (U32, U32, OUT, OUT, OUT),
    "pqrtc_kem_keypair_generate": (U32, U32, OUT),
    "pqrtc_kem_keypair_from_seed": (U32, U32, IN, SIZE, OUT),
    "pqrtc_kem_keypair_from_expanded": (U32, U32, IN, SIZE, OUT),
    "pqrtc_kem_keypair_algorithm": (U32, "kem_keypair", OUT),
    "pqrtc_kem_keypair_public_key": (U32, "kem_keypair", OUT, SIZE),
    "pqrtc_kem_keypair_seed": (U32, "kem_keypair", OUT, SIZE),
    "pqrtc_kem_encapsulate": (U32, U32, IN, SIZE, OUT, SIZE, OUT, SIZE),
    "pqrtc_kem_decapsulate": (U32, "kem_keypair", IN, SIZE, OUT, SIZE),
    "pqrtc_kem_keypair_free": (None, OUT),
    "pqrtc_signing_key_import": (U32, IN, SIZE, OUT),
    "pqrtc_signing_key_export": (U32, "signing_key", U32, OUT, SIZE, OUT),
    "pqrtc_kem_keypair_import": (U32, IN, SIZE, OUT),
    "pqrtc_kem_keypair_export": (U32, "kem_keypair", U32, OUT, SIZE, OUT),
    "pqrtc_public_key_import": (U32, IN, SIZE, OUT, OUT, SIZE, OUT),
    "pqrtc_public_key_export": (U32, U32, IN, SIZE, U32, OUT, SIZE, OUT),
    "pqrtc_version": (IN,),
    "pqrtc_abi_version": (U32,),
    "pqrtc_provider": (IN,),
    "pqrtc_status_string": (IN, U32),
    "pqrtc_self_test": (U32,),
    "pqrtc_random": (U32, OUT, SIZE),
    "pqrtc_cleanse": (None, OUT, SIZE),
    "pqrtc_meeting_card_new": (U32, "signing_key", U64, IN, SIZE, OUT),
    "pqrtc_meeting_card_bytes": (U32, "meeting_card", OUT, SIZE, OUT),
    "pqrtc_meeting_card_free": (None, OUT),
    "pqrtc_meeting_create": (U32, "signing_key", "meeting_card", U64, OUT),
    "pqrtc_meeting_commit": (U32, "meeting", IN, SIZE, IN, SIZE, U32, OUT, SIZE, OUT),
    "pqrtc_meeting_outgoing": (U32, "meeting", SIZE, OUT, OUT, OUT, SIZE, OUT, SIZE, OUT),
    "pqrtc_meeting_accepted": (U32, "meeting"),
    "pqrtc_meeting_dropped": (U32, "meeting"),
    "pqrtc_meeting_receive": (U32, "meeting", IN, SIZE, IN, SIZE, IN, SIZE, U64),
    "pqrtc_meeting_join": (U32, "signing_key", "meeting_card", IN, SIZE, IN, SIZE, IN, SIZE, IN, SIZE, U64, OUT),
    "pqrtc_meeting_roster": (U32, "meeting", OUT, SIZE, OUT),
    "pqrtc_meeting_info": (U32, "meeting", OUT),
    "pqrtc_meeting_code": (U32, "meeting", OUT, SIZE),
    "pqrtc_meeting_sender": (U32, "meeting", U64, U32, OUT),
    "pqrtc_meeting_receiver": (U32, "meeting", U32, OUT),
    "pqrtc_meeting_sframe_key": (U32, "meeting", U32, U64, OUT, OUT, SIZE),
    "pqrtc_sframe_mls_kid": (U32, U64, U64, U64, U32, U32, OUT),
    "pqrtc_meeting_free": (None, OUT),
    "pqrtc_recording_signer_new": (U32, "signing_key", IN, SIZE, OUT),
    "pqrtc_recording_signer_update": (U32, "recording_signer", IN, SIZE),
    "pqrtc_recording_signer_entry": (U32, "recording_signer", U32, OUT, SIZE, OUT),
    "pqrtc_recording_signer_state": (U32, "recording_signer", OUT, SIZE, OUT),
    "pqrtc_recording_signer_cose": (U32, "recording_signer", OUT, SIZE, OUT),
    "pqrtc_recording_signer_resume": (U32, "signing_key", IN, SIZE, IN, SIZE, OUT),
    "pqrtc_recording_signer_free": (None, OUT),
    "pqrtc_recording_verifier_new": (U32, U32, IN, SIZE, IN, SIZE, OUT),
    "pqrtc_recording_verifier_update": (U32, "recording_verifier", IN, SIZE),
    "pqrtc_recording_verifier_entry": (U32, "recording_verifier", IN, SIZE),
    "pqrtc_recording_verifier_finish": (U32, "recording_verifier"),
    "pqrtc_recording_verifier_free": (None, OUT),
    "pqrtc_session_key": (U32, "session", OUT, SIZE),
    "pqrtc_session_export": (U32, "session", IN, SIZE, IN, SIZE, OUT, SIZE),
    "pqrtc_session_srtp_keys": (U32, "session", U32, OUT, SIZE, OUT),
    "pqrtc_session_sframe_base_key": (U32, "session", U32, U64, OUT, SIZE),
    "pqrtc_session_seal": (U32, "session", IN, SIZE, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_session_open": (U32, "session", IN, SIZE, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_session_free": (None, OUT),
    "pqrtc_sframe_sender_new": (U32, "session", U64, U32, OUT),
    "pqrtc_sframe_sender_from_key": (U32, IN, SIZE, U64, U32, OUT),
    "pqrtc_sframe_seal": (U32, "sframe_sender", IN, SIZE, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_sframe_sender_kid": (U32, "sframe_sender", OUT),
    "pqrtc_sframe_sender_stats": (U32, "sframe_sender", OUT),
    "pqrtc_sframe_sender_set_ratchet": (U32, "sframe_sender", U32),
    "pqrtc_sframe_sender_ratchet": (U32, "sframe_sender", OUT),
    "pqrtc_sframe_ratchet_base_key": (U32, U32, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_sframe_sender_free": (None, OUT),
    "pqrtc_sframe_receiver_new": (U32, U32, OUT),
    "pqrtc_sframe_receiver_set_window": (U32, "sframe_receiver", U32),
    "pqrtc_sframe_receiver_set_ratchet": (U32, "sframe_receiver", U32, U32, U32),
    "pqrtc_sframe_receiver_add_session": (U32, "sframe_receiver", "session", U64),
    "pqrtc_sframe_receiver_add_key": (U32, "sframe_receiver", U64, IN, SIZE),
    "pqrtc_sframe_receiver_remove_key": (U32, "sframe_receiver", U64),
    "pqrtc_sframe_open": (U32, "sframe_receiver", IN, SIZE, IN, SIZE, OUT, SIZE, OUT, OUT, OUT),
    "pqrtc_sframe_receiver_key_stats": (U32, "sframe_receiver", U64, OUT),
    "pqrtc_sframe_receiver_stats": (U32, "sframe_receiver", OUT),
    "pqrtc_sframe_receiver_free": (None, OUT),
    "pqrtc_signature_sizes": (U32, U32, OUT, OUT, OUT),
    "pqrtc_signing_key_generate": (U32, U32, OUT),
    "pqrtc_signing_key_from_seed": (U32, U32, IN, SIZE, OUT),
    "pqrtc_signing_key_algorithm": (U32, "signing_key", OUT),
    "pqrtc_signing_key_public_key": (U32, "signing_key", OUT, SIZE),
    "pqrtc_signing_key_seed": (U32, "signing_key", OUT, SIZE),
    "pqrtc_sign": (U32, "signing_key", IN, SIZE, IN, SIZE, OUT, SIZE),
    "pqrtc_verify": (U32, U32, IN, SIZE, IN, SIZE, IN, SIZE, IN, SIZE),
    "pqrtc_artifact_sign": (U32, "signing_key", U32, IN, SIZE, OUT, SIZE),
    "pqrtc_artifact_verify": (U32, U32, IN, SIZE, U32, IN, SIZE, IN, SIZE),
    "pqrtc_artifact_sign_cose": (U32, "signing_key", U32, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_public_key_fingerprint": (U32, U32, IN, SIZE, OUT, SIZE),
    "pqrtc_signing_key_free": (None, OUT),
    "pqrtc_artifact_hasher_new": (U32, U32, OUT),
    "pqrtc_artifact_hasher_update": (U32, "artifact_hasher", IN, SIZE),
    "pqrtc_artifact_hasher_sign": (U32, "artifact_hasher", "signing_key", OUT, SIZE),
    "pqrtc_artifact_hasher_verify": (U32, "artifact_hasher", U32, IN, SIZE, IN, SIZE),
    "pqrtc_artifact_hasher_free": (None, OUT),
    "pqrtc_kem_shared_secret_bytes": (SIZE,),
    "pqrtc_fingerprint_bytes": (SIZE,),
    "pqrtc_session_key_bytes": (SIZE,),
    "pqrtc_session_seal_overhead_bytes": (SIZE,),
    "pqrtc_sframe_base_key_bytes": (SIZE,),
    "pqrtc_sframe_max_overhead_bytes": (SIZE,),
    "pqrtc_suite_sizes": (U32, U32, OUT, OUT, OUT),
    "pqrtc_hybrid_keypair_generate": (U32, U32, OUT),
    "pqrtc_hybrid_keypair_from_seed": (U32, U32, IN, SIZE, OUT),
    "pqrtc_hybrid_keypair_suite": (U32, "hybrid_keypair", OUT),
    "pqrtc_hybrid_keypair_bundle": (U32, "hybrid_keypair", OUT, SIZE),
    "pqrtc_hybrid_keypair_seed": (U32, "hybrid_keypair", OUT, SIZE),
    "pqrtc_hybrid_initiate": (U32, U32, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_hybrid_respond": (U32, "hybrid_keypair", IN, SIZE, OUT),
    "pqrtc_hybrid_keypair_free": (None, OUT),
    "pqrtc_turn_credential_mint": (U32, IN, SIZE, IN, SIZE, U64, OUT, SIZE, OUT, OUT, SIZE, OUT),
    "pqrtc_turn_credential_verify": (U32, IN, SIZE, IN, SIZE, IN, SIZE, U64),
    "pqrtc_turn_wrap": (U32, U32, IN, SIZE, IN, SIZE, OUT, SIZE, OUT),
    "pqrtc_turn_unwrap": (U32, "kem_keypair", IN, SIZE, OUT, SIZE, OUT),
}
