/*
 * pqrtc: post-quantum protection for WebRTC stacks. Generated from src/ffi; do not edit.
 *
 * The contract, for every function:
 * - One that can fail returns a pqrtc_status; PQRTC_OK is 0. pqrtc_status_string() says a code in words.
 * - Arguments: the handle worked on, inputs (pointer, length), outputs (pointer, capacity, written length).
 * - Buffers are the caller's; only handles are to be freed, each with its own function, which takes NULL too.
 * - A fixed-size output takes its exact length, else PQRTC_INVALID_LENGTH. An output of variable size takes (out, out_cap, out_len): if
 *   out_cap is too small, or out is NULL with out_cap 0 to ask for the size, *out_len is set to what is needed, nothing else is done, and
 *   the result is PQRTC_BUFFER_TOO_SMALL.
 * - (NULL, 0) is an empty input wherever an input may be empty. Inputs and outputs must not overlap, except where a function says so.
 * - Checks come in this order: NULL, enums, lengths, overlap, PQRTC_BUFFER_TOO_SMALL, then the cryptography. A call that is refused or only
 *   asks for a size changes nothing.
 * - On failure output handles are set to NULL, and output bytes are zeroed or untouched.
 * - A handle passed as const may be used by any number of threads at once; one that is not const by one thread at a time, unless its
 *   function says more. Freeing needs exclusive use.
 * - An algorithm is a uint32_t argument: PQRTC_INVALID_ARGUMENT for a number that is none, PQRTC_UNSUPPORTED for one that is not in this
 *   build. A key is of one algorithm; functions that take a handle know its own.
 * - Nothing unwinds, exits or prints. Small fixed-size allocations abort when there is no memory; those whose size a caller chose give
 *   PQRTC_OUT_OF_MEMORY.
 * - A signal may interrupt a call, which goes on; its handler must not call a function of the library. A thread that is cancelled in a call
 *   (pthread_cancel(), deferred) ends after it.
 */


#ifndef PQRTC_H
#define PQRTC_H

#include <stddef.h>
#include <stdint.h>

/* Comes before every function whose status must not be ignored. Define it empty to ignore them all the same. */
#ifndef PQRTC_NODISCARD
#if defined(__cplusplus) ? __cplusplus >= 201703L : __STDC_VERSION__ >= 202311L
#define PQRTC_NODISCARD [[nodiscard]]
#elif defined(__GNUC__)
#define PQRTC_NODISCARD __attribute__((warn_unused_result))
#else
#define PQRTC_NODISCARD
#endif
#endif

/**
 * The version of this C API, as pqrtc_abi_version() gives it.
 */
#define PQRTC_ABI_VERSION 2

/**
 * Room for any message of a call whose credential has at most 5900 bytes, in bytes. The longest without a credential has 10410.
 */
#define PQRTC_CALL_MESSAGE_MAX 16384

/**
 * Added to the number of an ML-KEM algorithm where a function takes the public keys of both kinds.
 */
#define PQRTC_PUBLIC_KEY_KEM 256

/**
 * ML-KEM-768 encapsulation key, in bytes.
 */
#define PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES 1184

/**
 * ML-KEM-768 ciphertext, in bytes.
 */
#define PQRTC_ML_KEM_768_CIPHERTEXT_BYTES 1088

/**
 * ML-KEM-768 private key as the seed `d || z`, in bytes.
 */
#define PQRTC_ML_KEM_768_SEED_BYTES 64

/**
 * ML-KEM-768 private key in the expanded form of FIPS 203, in bytes.
 */
#define PQRTC_ML_KEM_768_EXPANDED_KEY_BYTES 2400

/**
 * What pqrtc_turn_wrap() adds with ML-KEM-768, in bytes.
 */
#define PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES 1116

/**
 * ML-KEM-1024 encapsulation key, in bytes.
 */
#define PQRTC_ML_KEM_1024_PUBLIC_KEY_BYTES 1568

/**
 * ML-KEM-1024 ciphertext, in bytes.
 */
#define PQRTC_ML_KEM_1024_CIPHERTEXT_BYTES 1568

/**
 * ML-KEM-1024 private key as the seed `d || z`, in bytes.
 */
#define PQRTC_ML_KEM_1024_SEED_BYTES 64

/**
 * ML-KEM-1024 private key in the expanded form of FIPS 203, in bytes.
 */
#define PQRTC_ML_KEM_1024_EXPANDED_KEY_BYTES 3168

/**
 * What pqrtc_turn_wrap() adds with ML-KEM-1024, in bytes.
 */
#define PQRTC_ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES 1596

/**
 * Shared secret of every ML-KEM, in bytes.
 */
#define PQRTC_KEM_SHARED_SECRET_BYTES 32

/**
 * ML-DSA-65 public key, in bytes.
 */
#define PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES 1952

/**
 * ML-DSA-65 signature, in bytes.
 */
#define PQRTC_ML_DSA_65_SIGNATURE_BYTES 3309

/**
 * ML-DSA-65 private key as its seed, in bytes.
 */
#define PQRTC_ML_DSA_65_SEED_BYTES 32

/**
 * ML-DSA-87 public key, in bytes.
 */
#define PQRTC_ML_DSA_87_PUBLIC_KEY_BYTES 2592

/**
 * ML-DSA-87 signature, in bytes.
 */
#define PQRTC_ML_DSA_87_SIGNATURE_BYTES 4627

/**
 * ML-DSA-87 private key as its seed, in bytes.
 */
#define PQRTC_ML_DSA_87_SEED_BYTES 32

/**
 * ML-DSA-65 with Ed25519 public key, in bytes.
 */
#define PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES 1984

/**
 * ML-DSA-65 with Ed25519 signature, in bytes.
 */
#define PQRTC_ML_DSA_65_ED25519_SIGNATURE_BYTES 3373

/**
 * ML-DSA-65 with Ed25519 private key as its seed, in bytes.
 */
#define PQRTC_ML_DSA_65_ED25519_SEED_BYTES 64

/**
 * Fingerprint of a public key, in bytes.
 */
#define PQRTC_FINGERPRINT_BYTES 32

/**
 * V100-HYBRID-KX-V1 public bundle, in bytes.
 */
#define PQRTC_V100_HYBRID_KX_V1_BUNDLE_BYTES 1216

/**
 * V100-HYBRID-KX-V1 exchange message, in bytes.
 */
#define PQRTC_V100_HYBRID_KX_V1_EXCHANGE_BYTES 1120

/**
 * V100-HYBRID-KX-V1 private key as stored, in bytes.
 */
#define PQRTC_V100_HYBRID_KX_V1_SEED_BYTES 96

/**
 * X-Wing public bundle, in bytes.
 */
#define PQRTC_X_WING_BUNDLE_BYTES 1216

/**
 * X-Wing exchange message, in bytes.
 */
#define PQRTC_X_WING_EXCHANGE_BYTES 1120

/**
 * X-Wing private key as stored, in bytes.
 */
#define PQRTC_X_WING_SEED_BYTES 32

/**
 * Session key, in bytes.
 */
#define PQRTC_SESSION_KEY_BYTES 32

/**
 * What pqrtc_session_seal() adds, in bytes.
 */
#define PQRTC_SESSION_SEAL_OVERHEAD_BYTES 36

/**
 * What pqrtc_session_sframe_base_key() writes, in bytes.
 */
#define PQRTC_SFRAME_BASE_KEY_BYTES 32

/**
 * The most that pqrtc_sframe_seal() adds, in bytes.
 */
#define PQRTC_SFRAME_MAX_OVERHEAD_BYTES 33

/**
 * The result of every function that can fail. Codes are never renumbered or reused.
 */
enum pqrtc_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success.
   */
  PQRTC_OK = 0,
  /**
   * A required pointer is NULL.
   */
  PQRTC_NULL_POINTER = 1,
  /**
   * A length differs from the one required, or is out of range.
   */
  PQRTC_INVALID_LENGTH = 2,
  /**
   * The output buffer is too small; `*out_len` says what is needed, and nothing else was done.
   */
  PQRTC_BUFFER_TOO_SMALL = 3,
  /**
   * Unknown suite, kind, profile, codec or cipher suite; text that is not what it must be; buffers that overlap where they may not.
   */
  PQRTC_INVALID_ARGUMENT = 4,
  /**
   * Known, but not in this build or not for this key.
   */
  PQRTC_UNSUPPORTED = 5,
  /**
   * A key that fails its standard's checks.
   */
  PQRTC_INVALID_KEY = 16,
  /**
   * X25519 gave the all-zero result.
   */
  PQRTC_NON_CONTRIBUTORY = 17,
  /**
   * Authentication failed: altered data or another key.
   */
  PQRTC_DECRYPTION_FAILED = 18,
  /**
   * The signature does not verify.
   */
  PQRTC_BAD_SIGNATURE = 19,
  /**
   * Right password, expiry not in the future.
   */
  PQRTC_CREDENTIAL_EXPIRED = 32,
  /**
   * Wrong password or malformed username.
   */
  PQRTC_CREDENTIAL_REJECTED = 33,
  /**
   * Not an SFrame ciphertext.
   */
  PQRTC_MALFORMED_FRAME = 48,
  /**
   * No key for the frame's KID.
   */
  PQRTC_UNKNOWN_KEY_ID = 49,
  /**
   * Counter seen before, or older than the window.
   */
  PQRTC_REPLAYED_FRAME = 50,
  /**
   * A second sender for the same key and KID, or a KID that the receiver has.
   */
  PQRTC_KEY_REUSED = 51,
  /**
   * The sender has used up its counters.
   */
  PQRTC_COUNTER_EXHAUSTED = 52,
  /**
   * A frame of parameter sets or delimiters alone: send it as it is, or keep it for the next frame.
   */
  PQRTC_NOTHING_TO_SEAL = 53,
  /**
   * A recording without its last entry, or with bytes that no entry covers.
   */
  PQRTC_INCOMPLETE = 54,
  /**
   * An entry whose index is not the next: a segment is missing, repeated or moved.
   */
  PQRTC_OUT_OF_SEQUENCE = 55,
  /**
   * A segment is not the one that its entry names.
   */
  PQRTC_DIGEST_MISMATCH = 56,
  /**
   * Not a message of this protocol, or one that breaks its format.
   */
  PQRTC_MALFORMED_MESSAGE = 64,
  /**
   * A message or call that does not fit the state.
   */
  PQRTC_UNEXPECTED_MESSAGE = 65,
  /**
   * A protocol version that is not spoken here.
   */
  PQRTC_VERSION_REFUSED = 66,
  /**
   * The policy allows none of what the peer offers.
   */
  PQRTC_POLICY_REFUSED = 67,
  /**
   * The peer shows no identity, and the policy asks for one.
   */
  PQRTC_PEER_ANONYMOUS = 68,
  /**
   * The peer proved an identity that is not a pinned one.
   */
  PQRTC_PEER_REJECTED = 69,
  /**
   * The binding that the peer signed is not the one given.
   */
  PQRTC_BINDING_MISMATCH = 70,
  /**
   * A message of the handshake does not authenticate.
   */
  PQRTC_HANDSHAKE_FAILED = 71,
  /**
   * The operating system gave no randomness.
   */
  PQRTC_RNG_FAILED = 240,
  /**
   * Allocation failed.
   */
  PQRTC_OUT_OF_MEMORY = 241,
  /**
   * A bug in the library, caught.
   */
  PQRTC_INTERNAL = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_status pqrtc_status;
#else
typedef uint32_t pqrtc_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An ML-KEM parameter set (FIPS 203).
 */
enum pqrtc_kem_algorithm
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * ML-KEM-768.
   */
  PQRTC_KEM_ML_KEM_768 = 1,
  /**
   * ML-KEM-1024, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean".
   */
  PQRTC_KEM_ML_KEM_1024 = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_kem_algorithm pqrtc_kem_algorithm;
#else
typedef uint32_t pqrtc_kem_algorithm;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A signature algorithm.
 */
enum pqrtc_signature_algorithm
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * ML-DSA-65 (FIPS 204).
   */
  PQRTC_SIGNATURE_ML_DSA_65 = 1,
  /**
   * ML-DSA-87, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean".
   */
  PQRTC_SIGNATURE_ML_DSA_87 = 2,
  /**
   * The composite of ML-DSA-65 and Ed25519 (id-MLDSA65-Ed25519-SHA512, draft-ietf-lamps-pq-composite-sigs): both halves must verify.
   * Keys, seeds and signatures are the ML-DSA part and then the Ed25519 part.
   */
  PQRTC_SIGNATURE_ML_DSA_65_ED25519 = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_signature_algorithm pqrtc_signature_algorithm;
#else
typedef uint32_t pqrtc_signature_algorithm;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How the shared secrets of X25519 and ML-KEM-768 become a session key.
 */
enum pqrtc_suite
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The exchange of the V100 description, byte for byte. It binds neither ciphertext nor public keys.
   */
  PQRTC_SUITE_V100_HYBRID_KX_V1 = 1,
  /**
   * X-Wing (draft-connolly-cfrg-xwing-kem), the one to choose for new deployments.
   */
  PQRTC_SUITE_X_WING = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_suite pqrtc_suite;
#else
typedef uint32_t pqrtc_suite;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An SRTP protection profile, by its IANA number.
 */
enum pqrtc_srtp_profile
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * 16-byte keys, 14-byte salts: 60 bytes in all.
   */
  PQRTC_SRTP_AES128_CM_HMAC_SHA1_80 = 1,
  /**
   * 16-byte keys, 12-byte salts: 56 bytes in all.
   */
  PQRTC_SRTP_AEAD_AES_128_GCM = 7,
  /**
   * 32-byte keys, 12-byte salts: 88 bytes in all.
   */
  PQRTC_SRTP_AEAD_AES_256_GCM = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_srtp_profile pqrtc_srtp_profile;
#else
typedef uint32_t pqrtc_srtp_profile;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An SFrame cipher suite, by its IANA number. The last number of a name is the length of the tag in bits.
 */
enum pqrtc_sframe_cipher
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * A tag of 10 bytes.
   */
  PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80 = 1,
  /**
   * A tag of 8 bytes.
   */
  PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_64 = 2,
  /**
   * A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first.
   */
  PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_32 = 3,
  /**
   * A tag of 16 bytes.
   */
  PQRTC_SFRAME_AES_128_GCM_SHA256_128 = 4,
  /**
   * A tag of 16 bytes. The one to choose against a quantum computer.
   */
  PQRTC_SFRAME_AES_256_GCM_SHA512_128 = 5,
  /**
   * A tag of 10 bytes (draft-barnes-sframe-iana-256).
   */
  PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_80 = 6,
  /**
   * A tag of 8 bytes.
   */
  PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_64 = 7,
  /**
   * A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first.
   */
  PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_32 = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_sframe_cipher pqrtc_sframe_cipher;
#else
typedef uint32_t pqrtc_sframe_cipher;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How frames are laid out.
 */
enum pqrtc_codec
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Anything: sealed whole.
   */
  PQRTC_CODEC_OPAQUE = 1,
  /**
   * Opus: sealed whole.
   */
  PQRTC_CODEC_OPUS = 2,
  /**
   * VP8: 10 bytes of a key frame stay clear, 3 of a delta frame.
   */
  PQRTC_CODEC_VP8 = 3,
  /**
   * VP9: 10 or 11 bytes of a key frame stay clear, 1 or 2 of any other.
   */
  PQRTC_CODEC_VP9 = 4,
  /**
   * H.264 with start codes (Annex B): NAL unit headers, 8 bytes of each slice, parameter sets and delimiters stay clear.
   */
  PQRTC_CODEC_H264 = 5,
  /**
   * The same with four-byte lengths.
   */
  PQRTC_CODEC_H264_AVCC = 6,
  /**
   * H.265 with start codes (Annex B): as H.264.
   */
  PQRTC_CODEC_H265 = 7,
  /**
   * The same with four-byte lengths.
   */
  PQRTC_CODEC_H265_HVCC = 8,
  /**
   * AV1 as a low-overhead stream of OBUs: OBU headers, the first byte of frame headers, sequence headers and delimiters stay clear.
   */
  PQRTC_CODEC_AV1 = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_codec pqrtc_codec;
#else
typedef uint32_t pqrtc_codec;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What kind of artifact a signature is for. A signature of one kind never verifies as another.
 */
enum pqrtc_artifact_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The manifest of a recording, or the recording itself.
   */
  PQRTC_ARTIFACT_RECORDING_MANIFEST = 1,
  /**
   * A transcript.
   */
  PQRTC_ARTIFACT_TRANSCRIPT = 2,
  /**
   * A meeting summary.
   */
  PQRTC_ARTIFACT_SUMMARY = 3,
  /**
   * An envelope around an API key.
   */
  PQRTC_ARTIFACT_API_KEY_ENVELOPE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_artifact_kind pqrtc_artifact_kind;
#else
typedef uint32_t pqrtc_artifact_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What pqrtc_meeting_outgoing() gives.
 */
enum pqrtc_meeting_message
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * A box: the fresh secret of a commit, for one member.
   */
  PQRTC_MEETING_BOX = 1,
  /**
   * A welcome: what a new member joins with.
   */
  PQRTC_MEETING_WELCOME = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_meeting_message pqrtc_meeting_message;
#else
typedef uint32_t pqrtc_meeting_message;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a key is written.
 */
enum pqrtc_format
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Binary.
   */
  PQRTC_FORMAT_DER = 1,
  /**
   * Text (RFC 7468), in lines of 64 characters that end in a line feed. No NUL at its end.
   */
  PQRTC_FORMAT_PEM = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_format pqrtc_format;
#else
typedef uint32_t pqrtc_format;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a participant offers and accepts in the large.
 */
enum pqrtc_profile
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Suite 1: X-Wing, and the composite signature of ML-DSA-65 and Ed25519. The peer shows an identity.
   */
  PQRTC_PROFILE_DEFAULT = 1,
  /**
   * Suite 2 alone: ML-KEM-1024 and ML-DSA-87, and in SFrame AES-256-GCM alone. The peer shows an identity.
   */
  PQRTC_PROFILE_CNSA2 = 2,
  /**
   * Suite 1. Any identity is accepted and none as well: people compare the digits of pqrtc_call_sas().
   */
  PQRTC_PROFILE_SAS = 3,
  /**
   * Suites 1 and 2, in that order. The peer shows an identity.
   */
  PQRTC_PROFILE_DEFAULT_OR_CNSA2 = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_profile pqrtc_profile;
#else
typedef uint32_t pqrtc_profile;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a policy can be told beside its profile.
 */
enum pqrtc_policy_option
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Accept the peer whose identity has this fingerprint: 32 bytes, as pqrtc_public_key_fingerprint() gives them. May be set many times.
   */
  PQRTC_POLICY_PIN = 1,
  /**
   * Mix in this secret of 32 bytes, which both sides have. A second factor beside identities or a SAS.
   */
  PQRTC_POLICY_PSK = 2,
  /**
   * Refuse a peer that binds no DTLS certificate. No value.
   */
  PQRTC_POLICY_REQUIRE_BINDING = 3,
  /**
   * Accept a peer without identity: of a server whose guests have none. No value.
   */
  PQRTC_POLICY_ANONYMOUS_PEER = 4,
  /**
   * Accept any identity that signs; check its credential or the SAS afterwards. No value.
   */
  PQRTC_POLICY_ANY_PEER = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_policy_option pqrtc_policy_option;
#else
typedef uint32_t pqrtc_policy_option;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Where a call is.
 */
enum pqrtc_call_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing was sent or taken.
   */
  PQRTC_CALL_NEW = 0,
  /**
   * The offer (M1) was made.
   */
  PQRTC_CALL_OFFERED = 1,
  /**
   * An offer was answered (M2).
   */
  PQRTC_CALL_ANSWERED = 2,
  /**
   * The peer is authenticated, and the session is there.
   */
  PQRTC_CALL_DONE = 3,
  /**
   * As DONE, and the initiator knows that the responder has the session too.
   */
  PQRTC_CALL_CONFIRMED = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_call_state pqrtc_call_state;
#else
typedef uint32_t pqrtc_call_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which way an SFrame key is for.
 */
enum pqrtc_direction
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * For what this side sends.
   */
  PQRTC_DIRECTION_SENDING = 1,
  /**
   * For what the peer sends.
   */
  PQRTC_DIRECTION_RECEIVING = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pqrtc_direction pqrtc_direction;
#else
typedef uint32_t pqrtc_direction;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Hashes an artifact that comes in pieces, in constant memory.
 */
typedef struct pqrtc_artifact_hasher pqrtc_artifact_hasher;

/**
 * One participant's side of a call. Its functions lock inside and may be called from many threads at once, though not all take it as const.
 * What only the handshake needed is zeroed when that is done, the rest when the call is freed. In the child of a fork every function of a
 * call that was made before is PQRTC_KEY_REUSED.
 */
typedef struct pqrtc_call pqrtc_call;

/**
 * A responder's key pair for the hybrid key exchange. Zeroed when it is freed.
 *
 * A pair whose sessions key media serves one process lifetime and is not restored from its seed for that purpose: a restarted
 * responder that answered a recorded message again would encrypt under a used key.
 */
typedef struct pqrtc_hybrid_keypair pqrtc_hybrid_keypair;

/**
 * An ML-KEM key pair (FIPS 203). Its private key is zeroed when it is freed.
 */
typedef struct pqrtc_kem_keypair pqrtc_kem_keypair;

/**
 * One member's view of a meeting. Zeroed when it is freed. In the child of a fork, what would use or change its keys is PQRTC_KEY_REUSED.
 */
typedef struct pqrtc_meeting pqrtc_meeting;

/**
 * What somebody who wants to be added to a meeting publishes beforehand, with its private keys. It serves once. Zeroed when it is freed.
 */
typedef struct pqrtc_meeting_card pqrtc_meeting_card;

/**
 * Which peers a call accepts. The PSK in it is zeroed when it is freed.
 */
typedef struct pqrtc_policy pqrtc_policy;

/**
 * Signs a recording, segment by segment. It holds a share of the signing key, which is zeroed with the last one.
 */
typedef struct pqrtc_recording_signer pqrtc_recording_signer;

/**
 * Verifies a recording, segment by segment, in constant memory.
 */
typedef struct pqrtc_recording_verifier pqrtc_recording_verifier;

/**
 * The result of a key exchange. Zeroed when it is freed.
 */
typedef struct pqrtc_session pqrtc_session;

/**
 * Opens the frames of any number of senders. Everything but freeing it may be done from many threads at once. Zeroed when it is freed.
 */
typedef struct pqrtc_sframe_receiver pqrtc_sframe_receiver;

/**
 * Seals the frames of one sender under one key and key ID (KID). Zeroed when it is freed.
 */
typedef struct pqrtc_sframe_sender pqrtc_sframe_sender;

/**
 * A signing key. Zeroed when it is freed.
 */
typedef struct pqrtc_signing_key pqrtc_signing_key;

/**
 * Where a call is. `size` comes first and is set by the caller to sizeof(pqrtc_call_info_t), so that later versions can add to the end.
 */
typedef struct pqrtc_call_info_t {
  /**
   * sizeof(pqrtc_call_info_t)
   */
  size_t size;
  /**
   * A pqrtc_call_state: of the handshake or rekey that is going on, or the last one.
   */
  uint32_t state;
  /**
   * This side's role in the newest epoch, or in the first handshake: 1 initiator, 2 responder, 0 not known yet.
   */
  uint32_t role;
  /**
   * The suite, 1 or 2; 0 while it is not chosen.
   */
  uint32_t suite;
  /**
   * The number of the newest epoch whose handshake is done: 0 for the first, and before it.
   */
  uint32_t epoch;
  /**
   * 1 once media may be sent, else 0.
   */
  uint32_t may_send;
  /**
   * The pqrtc_signature_algorithm of the peer's identity; 0 for none. Also of a peer that was PQRTC_PEER_REJECTED because it is not
   * pinned: `state` says whether the peer was accepted.
   */
  uint32_t peer_identity;
  /**
   * The fingerprint of that identity, or zeros.
   */
  uint8_t peer_fingerprint[32];
} pqrtc_call_info_t;

/**
 * What a sealed frame looks like. `size` comes first and is set by the caller to sizeof(pqrtc_frame_info), so that later versions can add
 * to the end.
 */
typedef struct pqrtc_frame_info {
  /**
   * sizeof(pqrtc_frame_info)
   */
  size_t size;
  /**
   * The KID of all sealed units.
   */
  uint64_t kid;
  /**
   * The counter of the first sealed unit.
   */
  uint64_t first_counter;
  /**
   * The counter of the last sealed unit.
   */
  uint64_t last_counter;
  /**
   * Sealed units. Each has taken a counter.
   */
  uint64_t sealed_units;
  /**
   * Clear parameter sets.
   */
  uint64_t parameter_sets;
  /**
   * Delimiters and padding.
   */
  uint64_t delimiters;
  /**
   * Bytes of the frame that can be read: headers, first bytes of what is sealed, parameter sets and delimiters, without start codes
   * and sizes.
   */
  uint64_t clear_bytes;
} pqrtc_frame_info;

/**
 * Where a member stands. `size` comes first and is set by the caller to sizeof(pqrtc_meeting_info_t), so that later versions can add to the
 * end.
 */
typedef struct pqrtc_meeting_info_t {
  /**
   * sizeof(pqrtc_meeting_info_t)
   */
  size_t size;
  /**
   * The number of the epoch, from 0.
   */
  uint32_t epoch;
  /**
   * The own index, 0 to 4095; UINT32_MAX once a commit has removed this member.
   */
  uint32_t index;
  /**
   * How many are in the meeting.
   */
  uint32_t members;
  /**
   * What names the meeting.
   */
  uint8_t group_id[32];
} pqrtc_meeting_info_t;

/**
 * What a sender has done. `size` comes first and is set by the caller to sizeof(pqrtc_sframe_sender_stats_t), so that later versions can
 * add to the end.
 */
typedef struct pqrtc_sframe_sender_stats_t {
  /**
   * sizeof(pqrtc_sframe_sender_stats_t)
   */
  size_t size;
  /**
   * The KID that the next frame is sealed under.
   */
  uint64_t kid;
  /**
   * Frames sealed so far, under this KID and those before. Of a codec frame, each sealed unit.
   */
  uint64_t sealed;
  /**
   * Frames that can still be sealed under this KID.
   */
  uint64_t left;
} pqrtc_sframe_sender_stats_t;

/**
 * What a receiver has seen. `size` comes first and is set by the caller to sizeof(pqrtc_sframe_stats), so that later versions can add to
 * the end.
 */
typedef struct pqrtc_sframe_stats {
  /**
   * sizeof(pqrtc_sframe_stats)
   */
  size_t size;
  /**
   * KIDs held now, a ratchet step within its grace period among them.
   */
  uint64_t keys;
  /**
   * Frames opened. Of a frame opened with pqrtc_frame_open(), each sealed unit.
   */
  uint64_t opened;
  /**
   * Frames refused as PQRTC_MALFORMED_FRAME,
   */
  uint64_t malformed;
  /**
   * PQRTC_UNKNOWN_KEY_ID,
   */
  uint64_t unknown_key_id;
  /**
   * PQRTC_REPLAYED_FRAME,
   */
  uint64_t replayed;
  /**
   * PQRTC_DECRYPTION_FAILED.
   */
  uint64_t decryption_failed;
} pqrtc_sframe_stats;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Seals `count` frames (1 to 65536) with the same metadata, as `count` calls of pqrtc_sframe_seal() would. `frames` has them back to
 * back, `frames_len` bytes in all, and `frame_lens` their lengths, which must add up to that. `out` receives the sealed frames back to back,
 * and `out_lens` the length of each. `out_cap` is at least `frames_len` + `count` * PQRTC_SFRAME_MAX_OVERHEAD_BYTES. Nothing may overlap.
 * All frames are sealed or none: on failure `out` is zeroed or untouched. Any number of threads may seal on one sender.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_seal_batch(const struct pqrtc_sframe_sender *s,
                                     const uint8_t *metadata,
                                     size_t metadata_len,
                                     const uint8_t *frames,
                                     size_t frames_len,
                                     const size_t *frame_lens,
                                     size_t count,
                                     uint8_t *out,
                                     size_t out_cap,
                                     size_t *out_len,
                                     size_t *out_lens);

/**
 * Opens `count` sealed frames (1 to 65536) with the same metadata, as `count` calls of pqrtc_sframe_open() would. `sealed` has them
 * back to back, `sealed_len` bytes in all, and `sealed_lens` their lengths, which must add up to that. `out`, of at least `sealed_len` bytes,
 * receives the frames back to back, and `out_lens` the length of each. `statuses` says of each frame whether it was opened; one that was not has
 * length 0 and does not cost the others. `kids` and `counters`, either of which may be NULL, receive what each was sealed under, or 0. Nothing
 * may overlap. PQRTC_OK means that every frame was tried. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_open_batch(const struct pqrtc_sframe_receiver *r,
                                     const uint8_t *metadata,
                                     size_t metadata_len,
                                     const uint8_t *sealed,
                                     size_t sealed_len,
                                     const size_t *sealed_lens,
                                     size_t count,
                                     uint8_t *out,
                                     size_t out_cap,
                                     size_t *out_len,
                                     size_t *out_lens,
                                     pqrtc_status *statuses,
                                     uint64_t *kids,
                                     uint64_t *counters);

/**
 * Makes a policy of a profile. PQRTC_INVALID_ARGUMENT for an unknown profile, PQRTC_UNSUPPORTED for one with a suite that is not in this
 * build. Without a pin and without PQRTC_POLICY_ANY_PEER it accepts nobody, until the application pins a peer. Any thread. Free it with
 * pqrtc_policy_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_policy_new(uint32_t profile,
                              struct pqrtc_policy **out);

/**
 * Sets an option. PQRTC_INVALID_ARGUMENT for an unknown option, PQRTC_INVALID_LENGTH for a value that is not 32 bytes, or not empty where
 * the option has none. One thread at a time.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_policy_set(struct pqrtc_policy *p,
                              uint32_t option,
                              const uint8_t *value,
                              size_t value_len);

/**
 * Zeroes and frees a policy; NULL is allowed. Calls that were made with it go on. Nothing may use it at the same time or afterwards.
 */
void pqrtc_policy_free(struct pqrtc_policy *p);

/**
 * Makes this participant's side of a call. `me` and `me2` are identities for the suites 1 (ML-DSA-65 with Ed25519) and 2 (ML-DSA-87) in any
 * order; either may be NULL, and with both NULL the participant is anonymous. A suite of the policy without an identity is not offered,
 * unless there is none at all. `binding` is the fingerprint of the own DTLS certificate, 0 to 64 bytes; `credential`, 0 to 55093 bytes, is
 * the application's and is shown to the peer. Keys, policy and bytes are copied. Any thread. Free it with pqrtc_call_free().
 *
 * PQRTC_INVALID_ARGUMENT for identities of another algorithm, two of one, or none of a suite of the policy. PQRTC_POLICY_REFUSED for a PSK
 * with neither identities nor a SAS beside it. PQRTC_INVALID_LENGTH.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_new(const struct pqrtc_signing_key *me,
                            const struct pqrtc_signing_key *me2,
                            const struct pqrtc_policy *p,
                            const uint8_t *binding,
                            size_t binding_len,
                            const uint8_t *credential,
                            size_t credential_len,
                            struct pqrtc_call **out);

/**
 * Makes the offer (M1) of a call, or in a running call that of a rekey. PQRTC_UNEXPECTED_MESSAGE while a handshake is going on,
 * PQRTC_RNG_FAILED without randomness. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_offer(struct pqrtc_call *c,
                              uint8_t *out,
                              size_t out_cap,
                              size_t *out_len);

/**
 * Takes a message of the peer and writes the one to send back; `*reply_len` is 0 if there is none. `peer_binding`, 0 to 64 bytes, is the
 * fingerprint of the peer's DTLS certificate as the SDP has it: the peer must have signed the same. A message that comes again is answered
 * again, with the same bytes. A message that is refused changes nothing, and neither does a reply buffer that is too small. Any number of
 * threads; messages are taken one after the other.
 *
 * In this order: PQRTC_MALFORMED_MESSAGE, PQRTC_VERSION_REFUSED, PQRTC_UNEXPECTED_MESSAGE, PQRTC_POLICY_REFUSED, PQRTC_BUFFER_TOO_SMALL,
 * PQRTC_INVALID_KEY, PQRTC_NON_CONTRIBUTORY, PQRTC_HANDSHAKE_FAILED, PQRTC_BAD_SIGNATURE, PQRTC_PEER_REJECTED, PQRTC_PEER_ANONYMOUS,
 * PQRTC_BINDING_MISMATCH; of the contents of a message that authenticated, PQRTC_MALFORMED_MESSAGE once more. PQRTC_RNG_FAILED without
 * randomness. A peer that is not pinned is PQRTC_PEER_REJECTED after its signature verified: look at it with pqrtc_call_peer(), pin it with
 * pqrtc_call_pin(), and give the same bytes again.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_receive(struct pqrtc_call *c,
                                const uint8_t *message,
                                size_t message_len,
                                const uint8_t *peer_binding,
                                size_t peer_binding_len,
                                uint8_t *reply,
                                size_t reply_cap,
                                size_t *reply_len);

/**
 * Accepts the peer whose identity has this fingerprint, 32 bytes. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_pin(struct pqrtc_call *c, const uint8_t *fingerprint, size_t fingerprint_len);

/**
 * Gives the call the fingerprint of a new DTLS certificate, 0 to 64 bytes, for messages that are made from now on: those of the next rekey.
 * Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_set_binding(struct pqrtc_call *c,
                                    const uint8_t *binding,
                                    size_t binding_len);

/**
 * Says where a call is. `info->size` is set by the caller; no more than that is written, and less than this version of the struct is
 * PQRTC_INVALID_LENGTH. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_info(const struct pqrtc_call *c,
                             struct pqrtc_call_info_t *info);

/**
 * Gives the peer's identity key and credential: of the peer that is authenticated, or of one that was PQRTC_PEER_REJECTED because it is not
 * pinned. `*algorithm` is its pqrtc_signature_algorithm; 0 and an empty key for an anonymous peer. PQRTC_UNEXPECTED_MESSAGE before there is
 * one. If either buffer is too small both lengths are set to what is needed. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_peer(const struct pqrtc_call *c,
                             uint32_t *algorithm,
                             uint8_t *public_key,
                             size_t public_key_cap,
                             size_t *public_key_len,
                             uint8_t *credential,
                             size_t credential_cap,
                             size_t *credential_len);

/**
 * Writes ten digits, without a NUL, for people to read to each other, as two groups of five: the same on both sides unless somebody is in
 * between. Of the newest epoch; PQRTC_UNEXPECTED_MESSAGE before there is one. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_sas(const struct pqrtc_call *c,
                            char *digits,
                            size_t digits_len);

/**
 * Gives the session of the newest epoch, for exported keys, SRTP keys and sealed messages. Handles of one epoch share their replay window and
 * may be the same pointer; free each with pqrtc_session_free(). A rekey does not change a session that was given out, and its key lives until
 * the last handle is freed. PQRTC_UNEXPECTED_MESSAGE before there is one. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_session(const struct pqrtc_call *c,
                                struct pqrtc_session **out);

/**
 * Makes a sender of this side for a stream (0 to 2^61 - 1; 0 unless there are several), which follows rekeys by itself for as long as the
 * call lives: pqrtc_sframe_seal() and pqrtc_frame_seal() with it are PQRTC_UNEXPECTED_MESSAGE before media may be sent. Its KID is `stream <<
 * 3 | (role - 1) << 2 | epoch & 3`.
 *
 * PQRTC_INVALID_ARGUMENT for an unknown cipher suite or a larger stream, PQRTC_POLICY_REFUSED for a cipher suite that the profile does not
 * allow, PQRTC_KEY_REUSED for a stream that has a sender in this epoch. Any number of threads. Free it with pqrtc_sframe_sender_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_sender(struct pqrtc_call *c,
                               uint64_t stream,
                               uint32_t cipher,
                               struct pqrtc_sframe_sender **out);

/**
 * Makes a receiver of all streams of the peer, which follows rekeys by itself for as long as the call lives. After a rekey it opens frames of
 * the epoch before until 512 frames of their stream have been opened under the new one, or the next epoch begins.
 *
 * PQRTC_INVALID_ARGUMENT for an unknown cipher suite, PQRTC_POLICY_REFUSED for one that the profile does not allow. Any number of threads.
 * Free it with pqrtc_sframe_receiver_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_receiver(struct pqrtc_call *c,
                                 uint32_t cipher,
                                 struct pqrtc_sframe_receiver **out);

/**
 * Gives KID and base key (32 bytes, a secret) of a stream in the newest epoch, for an SFrame engine that is not this library's; `direction`
 * is a pqrtc_direction. After a rekey, add the new receiving key before the old one is removed, and send under the new one as the responder
 * at once, as the initiator once the call is PQRTC_CALL_CONFIRMED.
 *
 * A sending key is then taken: a sender of this library for the stream is PQRTC_KEY_REUSED in this epoch, and so is this function where there
 * is one. PQRTC_INVALID_ARGUMENT for an unknown direction or a stream of 2^61 or more, PQRTC_UNEXPECTED_MESSAGE before there is an epoch. Any
 * number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_call_sframe_key(struct pqrtc_call *c,
                                   uint32_t direction,
                                   uint64_t stream,
                                   uint64_t *kid,
                                   uint8_t *base_key,
                                   size_t base_key_len);

/**
 * Zeroes and frees a call; NULL is allowed. Nothing may use it at the same time or afterwards. Its senders, receivers and sessions live on
 * with the keys that they have, and follow no more rekeys.
 */
void pqrtc_call_free(struct pqrtc_call *c);

/**
 * Seals a payload (at most 1048576 bytes) for the holder of a public key: HPKE base mode (RFC 9180) with HKDF-SHA512 and AES-256-GCM, in one
 * message. `suite` is that of the handshake: 1 takes the bundle of an X-Wing pair (1,216 bytes) and adds 1,136 bytes, 2 takes an
 * ML-KEM-1024 public key (1,568 bytes) and adds 1,584. All context goes into `info` (at most 65535 bytes; docs/envelopes.md has the formats for
 * TURN credentials and API keys); whoever opens it must give the same. An envelope does not say who made it. Any thread.
 *
 * PQRTC_INVALID_KEY for a key that fails its standard's checks, PQRTC_NON_CONTRIBUTORY if its X25519 part gives the all-zero result,
 * PQRTC_UNSUPPORTED if this build lacks the suite.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_envelope_seal(uint32_t suite,
                                 const uint8_t *pk,
                                 size_t pk_len,
                                 const uint8_t *info,
                                 size_t info_len,
                                 const uint8_t *in,
                                 size_t in_len,
                                 uint8_t *out,
                                 size_t out_cap,
                                 size_t *out_len);

/**
 * Opens an envelope with the key pair that it was sealed for: an X-Wing pair (suite 1) or an ML-KEM-1024 pair (suite 2). One of the two is
 * NULL; PQRTC_INVALID_ARGUMENT if both are there, PQRTC_NULL_POINTER if none is. `info` is what it was sealed under. The payload is shorter
 * than `in` by 1,136 or 1,584 bytes. Any number of threads.
 *
 * PQRTC_INVALID_ARGUMENT for a pair of another suite or algorithm. PQRTC_DECRYPTION_FAILED if the envelope was altered, is for another key or
 * was sealed under another context; `out` is zeroed or untouched then.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_envelope_open(const struct pqrtc_hybrid_keypair *xwing,
                                 const struct pqrtc_kem_keypair *kem1024,
                                 const uint8_t *info,
                                 size_t info_len,
                                 const uint8_t *in,
                                 size_t in_len,
                                 uint8_t *out,
                                 size_t out_cap,
                                 size_t *out_len);

/**
 * Signs an envelope, and whom it is for with it, as the issuer of an API key does: under a context of the library's own, over SHA-512(info) and
 * the envelope. `signature` takes exactly the length of the key's algorithm. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_envelope_sign(const struct pqrtc_signing_key *issuer,
                                 const uint8_t *info,
                                 size_t info_len,
                                 const uint8_t *envelope,
                                 size_t envelope_len,
                                 uint8_t *signature,
                                 size_t signature_len);

/**
 * Verifies what pqrtc_envelope_sign() made: PQRTC_BAD_SIGNATURE if it is not the issuer's signature of this envelope under this context. Any
 * thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_envelope_verify(uint32_t algorithm,
                                   const uint8_t *pk,
                                   size_t pk_len,
                                   const uint8_t *info,
                                   size_t info_len,
                                   const uint8_t *envelope,
                                   size_t envelope_len,
                                   const uint8_t *signature,
                                   size_t signature_len);

/**
 * The capacity that pqrtc_frame_seal() needs for a frame of `frame_len` bytes: never too little. 0 for an unknown codec or a frame over
 * 64 MiB.
 */
size_t pqrtc_frame_seal_max_size(uint32_t codec,
                                 size_t frame_len);

/**
 * The capacity that pqrtc_frame_open() needs for `sealed_len` bytes: as many. 0 for an unknown codec, or for more than
 * pqrtc_frame_seal_max_size() gives for 64 MiB.
 */
size_t pqrtc_frame_open_max_size(uint32_t codec, size_t sealed_len);

/**
 * Seals an encoded frame of up to 64 MiB so that its codec's packetizers still take it; docs/frame-format.md has the bytes. It opens as
 * the same whole frame or not at all: what stays clear is authenticated, but for delimiters and padding, which transports drop and insert.
 * Each NAL unit or OBU sealed takes one counter; those of one frame are taken at once. A VP9 frame may take more than one: it is sealed
 * again if a VP9 parser would see a superframe index in the ciphertext. Any number of threads may use one sender. Allocates nothing for
 * metadata of up to 200 bytes.
 *
 * `metadata` (0 to 60,000 bytes; NULL for none) is authenticated and not sent. pqrtc_frame_open() must be given the same: what both sides
 * know of the frame and nobody between should change, such as the name of its track.
 *
 * `out` must not overlap `metadata` or `frame`, and `out_cap` must be at least what pqrtc_frame_seal_max_size() gives; of that, what lies
 * beyond `*out_len` is scratch. PQRTC_NOTHING_TO_SEAL for parameter sets or delimiters alone, and for an empty frame of any codec but
 * PQRTC_CODEC_OPAQUE and PQRTC_CODEC_OPUS: send it as it is, or keep it for the next frame. PQRTC_INVALID_ARGUMENT for an unknown codec,
 * and for bytes that are no frame of the codec; PQRTC_INVALID_LENGTH beyond 64 MiB, or 60,000 bytes of metadata; PQRTC_COUNTER_EXHAUSTED
 * as pqrtc_sframe_seal(). A call that fails leaves `out` zeroed or untouched.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_frame_seal(const struct pqrtc_sframe_sender *s,
                              uint32_t codec,
                              const uint8_t *metadata,
                              size_t metadata_len,
                              const uint8_t *frame,
                              size_t frame_len,
                              uint8_t *out,
                              size_t out_cap,
                              size_t *out_len);

/**
 * Opens what pqrtc_frame_seal() made, from its bytes, the codec and the metadata alone: gives the very frame that was sealed, parameter
 * sets included, or fails. Of scalable video, whole layers may be missing. Replay windows change only if every sealed unit
 * authenticates. `*kid` and `*counter` (each may be NULL) are those of the last sealed unit. Any number of threads may use one receiver.
 * Allocates nothing for up to 64 sealed units and metadata of up to 200 bytes.
 *
 * `out` may be `sealed`, to open in place, and must not overlap it in another way; `out_cap` must be at least `sealed_len`; of that, what
 * lies beyond `*out_len` is scratch. PQRTC_MALFORMED_FRAME for bytes that are no sealed frame of the codec, hold no sealed unit, or whose
 * units do not belong together by their counters; PQRTC_UNKNOWN_KEY_ID, PQRTC_REPLAYED_FRAME and PQRTC_DECRYPTION_FAILED as
 * pqrtc_sframe_open(). With these three, `*kid` and `*counter` are those of the unit that was refused: hints, not authenticated. A call
 * that fails leaves `out` zeroed or untouched, and nothing but the statistics changes.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_frame_open(const struct pqrtc_sframe_receiver *r,
                              uint32_t codec,
                              const uint8_t *metadata,
                              size_t metadata_len,
                              const uint8_t *sealed,
                              size_t sealed_len,
                              uint8_t *out,
                              size_t out_cap,
                              size_t *out_len,
                              uint64_t *kid,
                              uint64_t *counter);

/**
 * Says what a sealed frame looks like, without a key: nothing of it is authenticated. For logs, and for finding the key of a KID.
 * `info->size` is set by the caller; no more than that is written, and less than this version of the struct is PQRTC_INVALID_LENGTH. Any
 * thread.
 *
 * PQRTC_MALFORMED_FRAME for what cannot be a sealed frame of the codec, PQRTC_INVALID_ARGUMENT for an unknown codec, PQRTC_INVALID_LENGTH
 * beyond what pqrtc_frame_open() takes.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_frame_inspect(uint32_t codec,
                                 const uint8_t *sealed,
                                 size_t sealed_len,
                                 struct pqrtc_frame_info *info);

/**
 * Gives the sizes of an algorithm, in bytes: encapsulation key, ciphertext, and private key as the seed `d || z`. PQRTC_INVALID_ARGUMENT
 * for a number that is no algorithm, PQRTC_UNSUPPORTED for one that is not in this build. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_sizes(uint32_t algorithm,
                             size_t *public_key_len,
                             size_t *ciphertext_len,
                             size_t *seed_len);

/**
 * Generates a key pair of a `pqrtc_kem_algorithm`. PQRTC_RNG_FAILED without randomness. Any thread. Free it with
 * pqrtc_kem_keypair_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_keypair_generate(uint32_t algorithm, struct pqrtc_kem_keypair **out);

/**
 * Makes the key pair of a 64-byte seed `d || z` (FIPS 203, algorithm 16). The seed is copied; wipe yours. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_keypair_from_seed(uint32_t algorithm,
                                         const uint8_t *seed,
                                         size_t seed_len,
                                         struct pqrtc_kem_keypair **out);

/**
 * Imports an expanded decapsulation key (2400 bytes for ML-KEM-768, 3168 for ML-KEM-1024). PQRTC_INVALID_KEY if it fails the hash check of FIPS 203 section 7.3 or has a
 * coefficient of 3329 or more. Such a pair has no seed to give out. The key is copied; wipe yours. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_keypair_from_expanded(uint32_t algorithm,
                                             const uint8_t *dk,
                                             size_t dk_len,
                                             struct pqrtc_kem_keypair **out);

/**
 * Gives the algorithm of a key pair. Any number of threads may use one pair.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_keypair_algorithm(const struct pqrtc_kem_keypair *kp, uint32_t *algorithm);

/**
 * Writes the encapsulation key (1184 or 1568 bytes). Any number of threads may use one pair.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_keypair_public_key(const struct pqrtc_kem_keypair *kp, uint8_t *out, size_t out_len);

/**
 * Writes the 64-byte seed `d || z`, a secret. PQRTC_UNSUPPORTED if the pair was imported in expanded form. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_keypair_seed(const struct pqrtc_kem_keypair *kp,
                                    uint8_t *out,
                                    size_t out_len);

/**
 * Encapsulates to the key `ek` of an algorithm (FIPS 203 section 7.2): writes the ciphertext (1088 or 1568 bytes) and the 32-byte shared
 * secret.
 * PQRTC_INVALID_KEY if a coefficient of `ek` is 3329 or more, PQRTC_RNG_FAILED without randomness. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_encapsulate(uint32_t algorithm,
                                   const uint8_t *ek,
                                   size_t ek_len,
                                   uint8_t *ct,
                                   size_t ct_len,
                                   uint8_t *ss,
                                   size_t ss_len);

/**
 * Decapsulates a ciphertext to the 32-byte shared secret (FIPS 203 section 7.3). An altered ciphertext is no error: it gives a
 * secret that nobody else has. Any number of threads may use one pair.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_decapsulate(const struct pqrtc_kem_keypair *kp,
                                   const uint8_t *ct,
                                   size_t ct_len,
                                   uint8_t *ss,
                                   size_t ss_len);

/**
 * Zeroes and frees a key pair; NULL is allowed. Nothing may use it at the same time or afterwards.
 */
void pqrtc_kem_keypair_free(struct pqrtc_kem_keypair *kp);

/**
 * Reads a signing key from a PKCS#8 file of at most 65536 bytes, DER or PEM: ML-DSA (RFC 9881) as seed, expanded key or both, the
 * composite as its draft has it. PEM may have any line ends, blank lines and text around it. A key that comes in expanded form alone
 * signs, and pqrtc_signing_key_seed() is PQRTC_UNSUPPORTED for it.
 * PQRTC_INVALID_LENGTH for an empty or longer file; PQRTC_INVALID_KEY for what is no such file (an encrypted one, trailing bytes), another
 * kind of key, a key that fails the checks of FIPS 204, a seed and an expanded key that disagree, or a public key in the file that is
 * another's; PQRTC_UNSUPPORTED for an algorithm that is not in this build. The key is copied; wipe yours. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_signing_key_import(const uint8_t *file,
                                      size_t file_len,
                                      struct pqrtc_signing_key **out);

/**
 * Writes a signing key as a PKCS#8 file, a secret: its seed, or its expanded form if it has no seed. `format` is a pqrtc_format. Any number
 * of threads may use one key.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_signing_key_export(const struct pqrtc_signing_key *k,
                                      uint32_t format,
                                      uint8_t *out,
                                      size_t out_cap,
                                      size_t *out_len);

/**
 * Reads an ML-KEM key pair from a PKCS#8 file of at most 65536 bytes, DER or PEM (RFC 9935): seed, expanded key or both. As
 * pqrtc_signing_key_import(), with the checks of FIPS 203 section 7.3.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_keypair_import(const uint8_t *file,
                                      size_t file_len,
                                      struct pqrtc_kem_keypair **out);

/**
 * Writes an ML-KEM key pair as a PKCS#8 file, a secret, as pqrtc_signing_key_export() does.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_kem_keypair_export(const struct pqrtc_kem_keypair *kp,
                                      uint32_t format,
                                      uint8_t *out,
                                      size_t out_cap,
                                      size_t *out_len);

/**
 * Reads a public key from a SubjectPublicKeyInfo file of at most 65536 bytes, DER or PEM: writes its algorithm, a pqrtc_signature_algorithm
 * or PQRTC_PUBLIC_KEY_KEM + a pqrtc_kem_algorithm, and the raw key. `algorithm` is written on success alone. PQRTC_INVALID_LENGTH for an
 * empty or longer file, PQRTC_INVALID_KEY for what is no such file, another algorithm's or an ML-KEM key that fails the modulus check of
 * FIPS 203 section 7.2, PQRTC_UNSUPPORTED for an algorithm that is not in this build. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_public_key_import(const uint8_t *file,
                                     size_t file_len,
                                     uint32_t *algorithm,
                                     uint8_t *out,
                                     size_t out_cap,
                                     size_t *out_len);

/**
 * Writes a public key as a SubjectPublicKeyInfo file. `algorithm` is as pqrtc_public_key_import() gives it, `format` a pqrtc_format.
 * PQRTC_INVALID_LENGTH if the key is not as long as the algorithm's, PQRTC_INVALID_KEY if an ML-KEM key fails the modulus check of
 * FIPS 203 section 7.2. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_public_key_export(uint32_t algorithm,
                                     const uint8_t *raw,
                                     size_t raw_len,
                                     uint32_t format,
                                     uint8_t *out,
                                     size_t out_cap,
                                     size_t *out_len);

/**
 * The version of the library, "MAJOR.MINOR.PATCH". A static string; any thread.
 */
const char *pqrtc_version(void);

/**
 * The version of this C API. It changes when a program built against an older header would break. Any thread.
 */
uint32_t pqrtc_abi_version(void);

/**
 * The provider of the algorithms, "aws-lc", "rustcrypto" or "pqclean". A static string; any thread.
 */
const char *pqrtc_provider(void);

/**
 * A status code in words: a static string, never NULL, also for codes that are not known. Any thread.
 */
const char *pqrtc_status_string(uint32_t status);

/**
 * Runs a known-answer test of every primitive in use. PQRTC_INTERNAL if one fails. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_self_test(void);

/**
 * Fills `out` (1 to 1048576 bytes) from the operating system's random source, for base keys and seeds. PQRTC_RNG_FAILED if there is
 * none; `out` is then zeroed. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_random(uint8_t *out,
                          size_t out_len);

/**
 * Zeroes `len` bytes at `p` in a way that the compiler does not remove. NULL is allowed. Any thread.
 */
void pqrtc_cleanse(void *p, size_t len);

/**
 * Makes a card of the identity `me` (a key of algorithm 3 for suite 1, of algorithm 2 for suite 2) that is good until `not_after` (Unix
 * seconds), with a credential of the application's own, at most 65535 bytes; it may be empty. Any thread.
 *
 * PQRTC_UNSUPPORTED for a key of algorithm 1. PQRTC_RNG_FAILED without randomness.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_card_new(const struct pqrtc_signing_key *me,
                                    uint64_t not_after,
                                    const uint8_t *credential,
                                    size_t credential_len,
                                    struct pqrtc_meeting_card **out);

/**
 * Writes the card, to be published: 7,802 bytes in suite 1 and 10,368 in suite 2, and the credential. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_card_bytes(const struct pqrtc_meeting_card *k,
                                      uint8_t *out,
                                      size_t out_cap,
                                      size_t *out_len);

/**
 * Zeroes and frees a card; NULL is allowed.
 */
void pqrtc_meeting_card_free(struct pqrtc_meeting_card *k);

/**
 * Makes a new meeting with one member, who has index 0. The card is used up if this succeeds; free it all the same. `now` is the time in
 * Unix seconds. The identity is copied. Any thread.
 *
 * PQRTC_INVALID_KEY for a card of another identity, PQRTC_KEY_REUSED for one that was used, PQRTC_CREDENTIAL_EXPIRED for one that is no
 * longer good.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_create(const struct pqrtc_signing_key *me,
                                  struct pqrtc_meeting_card *k,
                                  uint64_t now,
                                  struct pqrtc_meeting **out);

/**
 * Makes a commit: it adds the owners of the cards in `add` (one after another, each u32 length, big-endian, and bytes), removes the members
 * with the indexes in `remove`, and brings in a fresh secret if `flags` is 1 or somebody is removed. Both lists may be empty, with
 * `flags` 1. Send it to the delivery server, and with it what pqrtc_meeting_outgoing() gives. It takes effect with
 * pqrtc_meeting_accepted(), once the server has put it first; if it put another first, pqrtc_meeting_receive() that one, or call
 * pqrtc_meeting_dropped(). 3,517 bytes for a join and 4,701 for a leave in suite 1.
 *
 * In this order: PQRTC_UNEXPECTED_MESSAGE while a commit waits and after this member was removed; PQRTC_MALFORMED_MESSAGE for a list or card
 * that is none; PQRTC_BUFFER_TOO_SMALL; PQRTC_INVALID_ARGUMENT if there is nothing to do, for an index that is not in the roster, twice or
 * the own, for a card that is given twice, of another suite or whose keys are in the roster, for more than 4096 members;
 * PQRTC_BAD_SIGNATURE, PQRTC_CREDENTIAL_EXPIRED (by the latest time that this meeting was told) or PQRTC_INVALID_KEY for a card;
 * PQRTC_UNKNOWN_KEY_ID if the card of a member that needs a box was never seen.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_commit(struct pqrtc_meeting *m,
                                  const uint8_t *add,
                                  size_t add_len,
                                  const uint32_t *remove,
                                  size_t remove_count,
                                  uint32_t flags,
                                  uint8_t *commit,
                                  size_t commit_cap,
                                  size_t *commit_len);

/**
 * Gives the `i`-th message to a single member that goes with the last own commit, from 0; PQRTC_INVALID_ARGUMENT past the last. `*kind` is
 * a pqrtc_meeting_message, `*index` the index of the member, `ref` (32 bytes) the reference of the card that a welcome is for, or
 * zeros. There until the next commit, of anybody. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_outgoing(const struct pqrtc_meeting *m,
                                    size_t i,
                                    uint32_t *kind,
                                    uint32_t *index,
                                    uint8_t *ref,
                                    size_t ref_len,
                                    uint8_t *out,
                                    size_t out_cap,
                                    size_t *out_len);

/**
 * The delivery server has put the own commit first: the meeting goes to its epoch. PQRTC_UNEXPECTED_MESSAGE if no commit waits.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_accepted(struct pqrtc_meeting *m);

/**
 * The own commit will never take effect. PQRTC_UNEXPECTED_MESSAGE if no commit waits.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_dropped(struct pqrtc_meeting *m);

/**
 * Takes the commit of another member: the meeting goes to its epoch, and an own commit that waits is dropped. `box` is the box for this
 * member, and empty where there is none. `cards` (each u32 length, big-endian, and bytes) has the cards of those that the commit adds, and
 * any others; give those of all members, and the commits with which they changed their leaf keys, before the own first commit
 * with a fresh secret. `now` is the time in Unix seconds. A member that the commit removes gets PQRTC_OK, learns it from
 * pqrtc_meeting_info(), and has no keys any more.
 *
 * In this order: PQRTC_MALFORMED_MESSAGE; PQRTC_UNEXPECTED_MESSAGE for another meeting, another epoch than the next, a committer that is not
 * in the roster or is this member, and after this member was removed; PQRTC_UNKNOWN_KEY_ID if a card is missing; PQRTC_BAD_SIGNATURE;
 * PQRTC_CREDENTIAL_EXPIRED or PQRTC_INVALID_KEY for a card; PQRTC_HANDSHAKE_FAILED if the roster differs; PQRTC_DECRYPTION_FAILED for the box;
 * PQRTC_HANDSHAKE_FAILED if the confirmation is wrong, which shows a fork.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_receive(struct pqrtc_meeting *m,
                                   const uint8_t *commit,
                                   size_t commit_len,
                                   const uint8_t *box,
                                   size_t box_len,
                                   const uint8_t *cards,
                                   size_t cards_len,
                                   uint64_t now);

/**
 * Joins a meeting with a welcome, the commit that it belongs to, the roster after that commit as any member has it, and cards as for
 * pqrtc_meeting_receive(), at least the committer's. The card is used up if this succeeds; free it all the same. Any thread.
 *
 * In this order: as pqrtc_meeting_create(); PQRTC_MALFORMED_MESSAGE; PQRTC_UNEXPECTED_MESSAGE for a welcome or a commit that is not for this
 * card; PQRTC_HANDSHAKE_FAILED if the roster is not the commit's; PQRTC_UNKNOWN_KEY_ID without the committer's card; PQRTC_BAD_SIGNATURE;
 * PQRTC_DECRYPTION_FAILED; PQRTC_HANDSHAKE_FAILED if the confirmation is wrong.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_join(const struct pqrtc_signing_key *me,
                                struct pqrtc_meeting_card *k,
                                const uint8_t *welcome,
                                size_t welcome_len,
                                const uint8_t *commit,
                                size_t commit_len,
                                const uint8_t *roster,
                                size_t roster_len,
                                const uint8_t *cards,
                                size_t cards_len,
                                uint64_t now,
                                struct pqrtc_meeting **out);

/**
 * Writes the roster: for each member by rising index, u16 index, fingerprint (32 bytes, as pqrtc_public_key_fingerprint()) and the hash of its
 * leaf key (32 bytes). Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_roster(const struct pqrtc_meeting *m,
                                  uint8_t *out,
                                  size_t out_cap,
                                  size_t *out_len);

/**
 * Says where this member stands. `info->size` is set by the caller; less than this version of the struct is PQRTC_INVALID_LENGTH. Any number
 * of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_info(const struct pqrtc_meeting *m,
                                struct pqrtc_meeting_info_t *info);

/**
 * Writes thirty digits that are the same for all members of an epoch, and for nobody else: for people to compare. `digits` takes
 * exactly 30 bytes, without a NUL. PQRTC_UNEXPECTED_MESSAGE after this member was removed. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_code(const struct pqrtc_meeting *m,
                                char *digits,
                                size_t digits_len);

/**
 * Makes a sender of this member for a stream (0 to 2^48 - 1; 0 unless there are several), which follows epochs by itself for as long as the
 * meeting lives: it changes to a new epoch two seconds after the meeting has, when the commit has reached the others too, or at once when
 * another epoch begins. Sealing is PQRTC_UNEXPECTED_MESSAGE after this member was removed. Free it with pqrtc_sframe_sender_free().
 *
 * PQRTC_UNEXPECTED_MESSAGE after this member was removed, PQRTC_INVALID_ARGUMENT for an unknown cipher suite or a larger stream,
 * PQRTC_KEY_REUSED for a stream that has a sender in this epoch.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_sender(struct pqrtc_meeting *m,
                                  uint64_t stream,
                                  uint32_t cipher,
                                  struct pqrtc_sframe_sender **out);

/**
 * Makes a receiver of all streams of all other members, which follows epochs by itself for as long as the meeting lives. Of the epoch before
 * it opens frames of members that are still there, until 512 frames of their stream were opened under the new one, or another epoch
 * begins. Free it with pqrtc_sframe_receiver_free().
 *
 * PQRTC_INVALID_ARGUMENT for an unknown cipher suite.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_receiver(struct pqrtc_meeting *m,
                                    uint32_t cipher,
                                    struct pqrtc_sframe_receiver **out);

/**
 * Gives the KID and base key (32 bytes) of the stream of the member with this index in the newest epoch, for SFrame engines of others. The own
 * key is then taken: a sender of this library for the stream is PQRTC_KEY_REUSED in this epoch, and so is this function where there was one.
 * Wipe the key when the engine has it.
 *
 * PQRTC_UNEXPECTED_MESSAGE after this member was removed, PQRTC_INVALID_ARGUMENT for an index that is not in the meeting or a stream of
 * 2^48 or more.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_meeting_sframe_key(struct pqrtc_meeting *m,
                                      uint32_t index,
                                      uint64_t stream,
                                      uint64_t *kid,
                                      uint8_t *base_key,
                                      size_t base_key_len);

/**
 * Gives the KID of RFC 9605 section 5.2 for an application that runs MLS (RFC 9420) itself: `stream << (S + E) | index << E | epoch mod 2^E`,
 * with `index_bits` as S and `epoch_bits` as E. The base key is MLS-Exporter("SFrame 1.0 Base Key", "", Nk). PQRTC_INVALID_ARGUMENT if the
 * index or the stream does not fit its bits, or S and E take more than 64. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_mls_kid(uint64_t epoch,
                                  uint64_t index,
                                  uint64_t stream,
                                  uint32_t index_bits,
                                  uint32_t epoch_bits,
                                  uint64_t *kid);

/**
 * Zeroes and frees a meeting; NULL is allowed. Its senders and receivers live on, at the epoch where they are.
 */
void pqrtc_meeting_free(struct pqrtc_meeting *m);

/**
 * Makes a signer at the beginning of a recording. `id` (1 to 64 bytes) names the recording, and no other one that this key signs. The key may
 * be freed before the signer. docs/recordings.md has the format. Any thread. Free it with pqrtc_recording_signer_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_signer_new(const struct pqrtc_signing_key *k,
                                        const uint8_t *id,
                                        size_t id_len,
                                        struct pqrtc_recording_signer **out);

/**
 * Adds the next piece of the current segment, which may be empty. PQRTC_UNEXPECTED_MESSAGE after the last entry. One thread at a time.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_signer_update(struct pqrtc_recording_signer *s,
                                           const uint8_t *data,
                                           size_t data_len);

/**
 * Ends the current segment, which may be empty, and writes its entry: 3360 bytes (ML-DSA-65), 4710 (ML-DSA-87) or 3424 (ML-DSA-65 with
 * Ed25519). `last` is 1 if the recording ends with it, else 0; another value is PQRTC_INVALID_ARGUMENT. One thread at a time.
 *
 * PQRTC_UNEXPECTED_MESSAGE after the last entry, PQRTC_COUNTER_EXHAUSTED after 2^64 - 1 entries, PQRTC_RNG_FAILED without randomness. After any
 * failure, PQRTC_BUFFER_TOO_SMALL too, the segment is as it was and its entry can be asked for again.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_signer_entry(struct pqrtc_recording_signer *s,
                                          uint32_t last,
                                          uint8_t *out,
                                          size_t out_cap,
                                          size_t *out_len);

/**
 * Writes the state, from which pqrtc_recording_signer_resume() goes on: 43 bytes, or 75 with ML-DSA-87. There is no secret in it, but who can
 * change it can make the rest of the recording worthless. Store it after each entry, once the entry is stored. Any number of threads, but none in
 * pqrtc_recording_signer_update() or pqrtc_recording_signer_entry() meanwhile.
 *
 * PQRTC_UNEXPECTED_MESSAGE within a segment: the state would not have its bytes.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_signer_state(const struct pqrtc_recording_signer *s,
                                          uint8_t *out,
                                          size_t out_cap,
                                          size_t *out_len);

/**
 * Signs the entry that was made last once more, as a COSE_Sign1 message (RFC 9052, RFC 9964), for verifiers that have a COSE library and not this
 * one: 3405 bytes, or 4787 with ML-DSA-87. It contains what an entry signs, and its external_aad is "pqrtc recording-segment v1".
 * docs/recordings.md says how to verify it. Any number of threads, but none in pqrtc_recording_signer_update() or
 * pqrtc_recording_signer_entry() meanwhile.
 *
 * PQRTC_UNSUPPORTED for a key of ML-DSA-65 with Ed25519, for which COSE has no number. PQRTC_UNEXPECTED_MESSAGE if this signer has made no entry
 * yet, which one that was resumed has not. PQRTC_RNG_FAILED without randomness.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_signer_cose(const struct pqrtc_recording_signer *s,
                                         uint8_t *out,
                                         size_t out_cap,
                                         size_t *out_len);

/**
 * Makes a signer that goes on where another one gave `state`, with the same key and identifier. After the last entry it signs nothing more. A
 * state that is resumed twice gives two recordings that verify: see to it that only one recorder does. Any thread. Free it with
 * pqrtc_recording_signer_free().
 *
 * PQRTC_MALFORMED_MESSAGE if `state` is none, is of another algorithm than the key, or is that of another recording before its first entry. A later
 * state does not tell: entries that are made after one of another recording or key do not verify.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_signer_resume(const struct pqrtc_signing_key *k,
                                           const uint8_t *id,
                                           size_t id_len,
                                           const uint8_t *state,
                                           size_t state_len,
                                           struct pqrtc_recording_signer **out);

/**
 * Frees a signer; NULL is allowed. Nothing may use it at the same time or afterwards.
 */
void pqrtc_recording_signer_free(struct pqrtc_recording_signer *s);

/**
 * Makes a verifier at the beginning of the recording that `id` (1 to 64 bytes) names, for the signer's public key. Any thread. Free it with
 * pqrtc_recording_verifier_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_verifier_new(uint32_t algorithm,
                                          const uint8_t *pk,
                                          size_t pk_len,
                                          const uint8_t *id,
                                          size_t id_len,
                                          struct pqrtc_recording_verifier **out);

/**
 * Adds the next piece of the current segment, which may be empty. One thread at a time.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_verifier_update(struct pqrtc_recording_verifier *v, const uint8_t *data, size_t data_len);

/**
 * Verifies the entry of the segment just given. In this order: PQRTC_MALFORMED_MESSAGE if it is no entry, is of another algorithm, or comes after
 * the last one; PQRTC_OUT_OF_SEQUENCE if its index is not the next: a segment is missing, repeated or moved; PQRTC_DIGEST_MISMATCH if the segment
 * is not what the entry says; PQRTC_BAD_SIGNATURE for an altered entry, another recording, another key or another history. One thread at a time.
 *
 * The first three compare fields that nobody has authenticated: they say what does not fit, not who did what. After a refusal the verifier stands
 * where it stood, and the bytes of the segment are forgotten. A NULL pointer is no refusal, and changes nothing.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_verifier_entry(struct pqrtc_recording_verifier *v,
                                            const uint8_t *entry,
                                            size_t entry_len);

/**
 * Says whether the recording is whole: PQRTC_INCOMPLETE before the last entry, and if bytes were given after it. Any number of threads, but none in
 * pqrtc_recording_verifier_update() or pqrtc_recording_verifier_entry() meanwhile.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_recording_verifier_finish(const struct pqrtc_recording_verifier *v);

/**
 * Frees a verifier; NULL is allowed. Nothing may use it at the same time or afterwards.
 */
void pqrtc_recording_verifier_free(struct pqrtc_recording_verifier *v);

/**
 * Writes the 32-byte session key itself, a secret, for code that was written to the V100 description; prefer pqrtc_session_export(). Any
 * number of threads may use one session.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_session_key(const struct pqrtc_session *s,
                               uint8_t *out,
                               size_t out_len);

/**
 * Fills `out` (1 to 16320 bytes) with a key of the application's own (HKDF-SHA512, RFC 5869): the same on both sides, another for each
 * label (1 to 124 bytes), context (0 to 65535 bytes) and length; PQRTC_INVALID_LENGTH beyond these. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_session_export(const struct pqrtc_session *s,
                                  const uint8_t *label,
                                  size_t label_len,
                                  const uint8_t *context,
                                  size_t context_len,
                                  uint8_t *out,
                                  size_t out_len);

/**
 * Writes SRTP master keys and salts for a profile, in the order of RFC 5764 section 4.2 with the initiator as client: `client_key ||
 * server_key || client_salt || server_salt` (60, 56 or 88 bytes). Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_session_srtp_keys(const struct pqrtc_session *s,
                                     uint32_t profile,
                                     uint8_t *out,
                                     size_t out_cap,
                                     size_t *out_len);

/**
 * Writes the 32-byte SFrame base key of the sender with this role (1 initiator, 2 responder) and KID, a secret, for an SFrame engine that is
 * not this library's (libwebrtc, W3C). The other side gives the same for the same role.
 *
 * A key of this side's own role is given away with that, as often as it is asked for: pqrtc_sframe_sender_new() for the KID is
 * PQRTC_KEY_REUSED from then on, since two senders that count by themselves would use nonces twice. PQRTC_KEY_REUSED if such a sender was
 * made before. PQRTC_INVALID_ARGUMENT for another role. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_session_sframe_base_key(const struct pqrtc_session *s,
                                           uint32_t sender_role,
                                           uint64_t kid,
                                           uint8_t *out,
                                           size_t out_len);

/**
 * Seals a small payload for the peer, such as a group key: `sequence(8) || nonce(12) || AES-256-GCM ciphertext || tag(16)`, so
 * `plaintext_len + 36` bytes. `aad` is authenticated and not sent. At most 1048576 bytes of plaintext and 65535 of `aad`; both may be
 * empty. PQRTC_RNG_FAILED without randomness. Any number of threads may use one session.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_session_seal(const struct pqrtc_session *s,
                                const uint8_t *aad,
                                size_t aad_len,
                                const uint8_t *plaintext,
                                size_t plaintext_len,
                                uint8_t *out,
                                size_t out_cap,
                                size_t *out_len);

/**
 * Opens what the peer sealed; gives `sealed_len - 36` bytes. PQRTC_DECRYPTION_FAILED for anything that the peer did not seal with this
 * `aad`, PQRTC_REPLAYED_FRAME for a message that this handle has opened before or that is 1024 or more behind; `out` is then zeroed or
 * untouched. Any number of threads may use one session.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_session_open(const struct pqrtc_session *s,
                                const uint8_t *aad,
                                size_t aad_len,
                                const uint8_t *sealed,
                                size_t sealed_len,
                                uint8_t *out,
                                size_t out_cap,
                                size_t *out_len);

/**
 * Zeroes and frees a session; NULL is allowed. Nothing may use it at the same time or afterwards. Keys derived from it live on.
 */
void pqrtc_session_free(struct pqrtc_session *s);

/**
 * Makes the sender of this side of a session for a KID, with a key that is derived for it: 32 bytes of the exporter, RFC 9605 section
 * 4.4.2 from there. The two sides of a session never share a key, whatever KIDs they choose. The session may be freed before the sender.
 * Any thread.
 *
 * PQRTC_INVALID_ARGUMENT for an unknown cipher suite. PQRTC_KEY_REUSED if this process has made a sender for this KID of this session
 * before, through any handle and with any cipher suite, freed or not; each entry of that memory takes some 40 to 80 bytes. It belongs to
 * one copy of the library in one process: two copies in a process, such as two static ones or a static and a shared one, do not see each
 * other's, nor does another process. The child of a fork has what was remembered before, and in it a sender that was made before refuses
 * to seal: PQRTC_KEY_REUSED.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_sender_new(const struct pqrtc_session *s,
                                     uint64_t kid,
                                     uint32_t cipher,
                                     struct pqrtc_sframe_sender **out);

/**
 * Makes a sender from a base key of 16 to 64 bytes, which is copied; wipe yours. Use one that pqrtc_random() made. Otherwise as
 * pqrtc_sframe_sender_new(): PQRTC_KEY_REUSED if this process has used this base key with this KID before. PQRTC_INVALID_KEY for a base
 * key of zeros, which is one that was never written or was wiped.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_sender_from_key(const uint8_t *base_key,
                                          size_t base_key_len,
                                          uint64_t kid,
                                          uint32_t cipher,
                                          struct pqrtc_sframe_sender **out);

/**
 * Seals a frame of at most 64 MiB (it may be empty): `header || ciphertext || tag`. `metadata`, at most 65535 bytes, is authenticated and
 * not sent. `out_cap` is at least `frame_len` + PQRTC_SFRAME_MAX_OVERHEAD_BYTES, whatever this frame will need. `out` may start exactly
 * where `frame` does. Allocates nothing for metadata up to 256 bytes. Any number of threads may seal on one sender.
 *
 * PQRTC_COUNTER_EXHAUSTED after 2^64 - 1 frames. PQRTC_KEY_REUSED in the child of a fork that came after the sender was made: the parent
 * goes on with the same counters. PQRTC_UNEXPECTED_MESSAGE while the sender has no key yet, which is possible only for one that a call or
 * a meeting gives its keys. A call that is refused uses up no counter.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_seal(const struct pqrtc_sframe_sender *s,
                               const uint8_t *metadata,
                               size_t metadata_len,
                               const uint8_t *frame,
                               size_t frame_len,
                               uint8_t *out,
                               size_t out_cap,
                               size_t *out_len);

/**
 * Gives the KID that the next frame is sealed under. PQRTC_UNEXPECTED_MESSAGE while the sender has no key. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_sender_kid(const struct pqrtc_sframe_sender *s,
                                     uint64_t *kid);

/**
 * Says what a sender has done. `stats->size` is set by the caller; no more than that is written, and less than this version of the struct
 * is PQRTC_INVALID_LENGTH. PQRTC_UNEXPECTED_MESSAGE while the sender has no key. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_sender_stats(const struct pqrtc_sframe_sender *s,
                                       struct pqrtc_sframe_sender_stats_t *stats);

/**
 * Says how many low bits of the KID count ratchet steps (RFC 9605 section 5.1): 1 to 16, or 0 for no ratchet, the default. Exclusive use,
 * before the first frame is sealed, with a KID whose step is 0; else PQRTC_INVALID_ARGUMENT.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_sender_set_ratchet(struct pqrtc_sframe_sender *s,
                                             uint32_t ratchet_bits);

/**
 * Goes one ratchet step ahead: the next base key, KID + 1, counter 0; the key of the step before is wiped. `kid`, which may be NULL, is set
 * to the new KID. Any number of threads may seal meanwhile.
 *
 * This gives forward secrecy: who learns the key from now on cannot open what was sealed before. It does not heal: who has the key of
 * an earlier step has all that follow. When a member leaves, or a key may be known, hand out a new base key under the next generation.
 *
 * PQRTC_COUNTER_EXHAUSTED when the steps are used up, PQRTC_INVALID_ARGUMENT without pqrtc_sframe_sender_set_ratchet().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_sender_ratchet(const struct pqrtc_sframe_sender *s,
                                         uint64_t *kid);

/**
 * Gives the base key of the ratchet step after a base key of 16 to 64 bytes (RFC 9605 section 5.1): 32 bytes, or 64 for
 * PQRTC_SFRAME_AES_256_GCM_SHA512_128. Use it to give the key of a sender that ratchets to a newcomer, who then has no key of an earlier
 * step. PQRTC_INVALID_ARGUMENT for an unknown cipher suite. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_ratchet_base_key(uint32_t cipher,
                                           const uint8_t *base_key,
                                           size_t base_key_len,
                                           uint8_t *out,
                                           size_t out_cap,
                                           size_t *out_len);

/**
 * Zeroes and frees a sender; NULL is allowed. Nothing may use it at the same time or afterwards. Its key and KID stay used up.
 */
void pqrtc_sframe_sender_free(struct pqrtc_sframe_sender *s);

/**
 * Makes a receiver without keys. PQRTC_INVALID_ARGUMENT for an unknown cipher suite. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_receiver_new(uint32_t cipher, struct pqrtc_sframe_receiver **out);

/**
 * Sets the size of the replay window of each key, in counters: a multiple of 64 from 64 to 65536; 1024 without this call. Before a key is
 * added, else PQRTC_INVALID_ARGUMENT. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_receiver_set_window(const struct pqrtc_sframe_receiver *r,
                                              uint32_t counters);

/**
 * Lets a receiver follow senders that ratchet, all with the same number of KID bits for the step: 1 to 16, or 0 for none, the default,
 * which ignores the rest. Before a key is added, else PQRTC_INVALID_ARGUMENT. Any number of threads.
 *
 * `max_steps`, 1 to 1024, is how far ahead of the newest step a frame may be. A forged frame with such a KID makes the receiver derive as
 * many steps, a few microseconds each, and changes nothing; what was derived is kept, about 1 kB a step and at most 4096 steps in a
 * receiver, so that a flood costs no more than one of forged frames without a ratchet. Choose it no larger than the number of steps that
 * may pass while no frame gets through: 16 is plenty for most. `grace_frames`, 64 for example, is how many more frames of a new step are opened, after its first, before the step before it is wiped; 0
 * wipes it at once.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_receiver_set_ratchet(const struct pqrtc_sframe_receiver *r,
                                               uint32_t ratchet_bits,
                                               uint32_t max_steps,
                                               uint32_t grace_frames);

/**
 * Adds the key of the peer's sender with this KID in a session. The session may be freed before the receiver. Any number of threads.
 *
 * PQRTC_KEY_REUSED for a KID that the receiver has, and for a key that was removed from it, since its frames could be replayed.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_receiver_add_session(const struct pqrtc_sframe_receiver *r,
                                               const struct pqrtc_session *s,
                                               uint64_t kid);

/**
 * Adds the key of a sender: its KID and its base key of 16 to 64 bytes, which is copied; wipe yours. A sender that ratchets is added once,
 * at the step that it is at. Otherwise as pqrtc_sframe_receiver_add_session().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_receiver_add_key(const struct pqrtc_sframe_receiver *r,
                                           uint64_t kid,
                                           const uint8_t *base_key,
                                           size_t base_key_len);

/**
 * Removes the key of a KID, whichever step its sender is at, and zeroes it. Frames under it that other threads are opening are refused, and
 * the last of these threads zeroes it. Hashes of the key as it was added and of the steps held now are
 * remembered until the receiver is freed, some 40 to 80 bytes each, and are not taken again; do not add other steps of the same base key. PQRTC_UNKNOWN_KEY_ID if there is none. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_receiver_remove_key(const struct pqrtc_sframe_receiver *r,
                                              uint64_t kid);

/**
 * Opens a sealed frame; `metadata` is what the sender gave with it. The frame is shorter than `sealed` by 5 to 33 bytes; `*kid` and
 * `*counter`, either of which may be NULL, are set to what it was sealed under. `out` may start exactly where `sealed` does: a failure may
 * then destroy what is there. Allocates nothing for metadata up to 256 bytes, unless the frame is of a ratchet step ahead. Any number of
 * threads.
 *
 * Refusals, in this order: PQRTC_MALFORMED_FRAME, PQRTC_UNKNOWN_KEY_ID, PQRTC_BUFFER_TOO_SMALL, PQRTC_REPLAYED_FRAME (seen before, or
 * older than the window), PQRTC_DECRYPTION_FAILED (other bytes, metadata or key). Nothing but the statistics changes then, and `out` is
 * zeroed or, but for a frame in place, untouched. With PQRTC_UNKNOWN_KEY_ID, PQRTC_REPLAYED_FRAME and PQRTC_DECRYPTION_FAILED `*kid` and
 * `*counter` are set too, to what the header says: hints, which nothing authenticates. In the child of a fork PQRTC_KEY_REUSED means that
 * another thread was changing what the receiver knows of the sender at that moment: make a new receiver.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_open(const struct pqrtc_sframe_receiver *r,
                               const uint8_t *metadata,
                               size_t metadata_len,
                               const uint8_t *sealed,
                               size_t sealed_len,
                               uint8_t *out,
                               size_t out_cap,
                               size_t *out_len,
                               uint64_t *kid,
                               uint64_t *counter);

/**
 * Says what a receiver has seen of the sender with this KID, whichever its ratchet step is now: as pqrtc_sframe_receiver_stats(), where
 * `keys` are its steps. PQRTC_UNKNOWN_KEY_ID if there is no key for it. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_receiver_key_stats(const struct pqrtc_sframe_receiver *r,
                                             uint64_t kid,
                                             struct pqrtc_sframe_stats *stats);

/**
 * Says what a receiver has seen. `stats->size` is set by the caller; no more than that is written, and less than this version of the
 * struct is PQRTC_INVALID_LENGTH. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sframe_receiver_stats(const struct pqrtc_sframe_receiver *r,
                                         struct pqrtc_sframe_stats *stats);

/**
 * Zeroes and frees a receiver with its keys; NULL is allowed. Nothing may use it at the same time or afterwards.
 */
void pqrtc_sframe_receiver_free(struct pqrtc_sframe_receiver *r);

/**
 * Gives the sizes of an algorithm, in bytes: public key, signature, and private key as its seed. PQRTC_INVALID_ARGUMENT for a number that
 * is no algorithm, PQRTC_UNSUPPORTED for one that is not in this build. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_signature_sizes(uint32_t algorithm,
                                   size_t *public_key_len,
                                   size_t *signature_len,
                                   size_t *seed_len);

/**
 * Generates a signing key of a `pqrtc_signature_algorithm`. PQRTC_RNG_FAILED without randomness. Any thread. Free it with pqrtc_signing_key_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_signing_key_generate(uint32_t algorithm,
                                        struct pqrtc_signing_key **out);

/**
 * Makes the signing key of a seed: 32 bytes (FIPS 204, algorithm 6), or 64 for the composite (ML-DSA seed, Ed25519 seed). The seed is copied; wipe yours. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_signing_key_from_seed(uint32_t algorithm,
                                         const uint8_t *seed,
                                         size_t seed_len,
                                         struct pqrtc_signing_key **out);

/**
 * Gives the algorithm of a signing key. Any number of threads may use one key.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_signing_key_algorithm(const struct pqrtc_signing_key *k, uint32_t *algorithm);

/**
 * Writes the public key (1952, 2592 or 1984 bytes). Any number of threads may use one key.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_signing_key_public_key(const struct pqrtc_signing_key *k, uint8_t *out, size_t out_len);

/**
 * Writes the seed (32 or 64 bytes), a secret. PQRTC_UNSUPPORTED if the key was imported in expanded form. Any number of threads may use one key.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_signing_key_seed(const struct pqrtc_signing_key *k,
                                    uint8_t *out,
                                    size_t out_len);

/**
 * Signs a message, hedged (FIPS 204, algorithm 2): writes 3309, 4627 or 3373 bytes, the signature length of the key's algorithm. `context`
 * is the context string of FIPS 204 or of the composite, 0 to 255 bytes; empty is what the V100 description uses. One that begins with
 * "pqrtc " is PQRTC_INVALID_ARGUMENT, because those belong to this library. PQRTC_RNG_FAILED without randomness. Any number of threads may
 * use one key.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_sign(const struct pqrtc_signing_key *k,
                        const uint8_t *context,
                        size_t context_len,
                        const uint8_t *msg,
                        size_t msg_len,
                        uint8_t *sig,
                        size_t sig_len);

/**
 * Verifies a signature. PQRTC_BAD_SIGNATURE if it is not one of this message under this context. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_verify(uint32_t algorithm,
                          const uint8_t *pk,
                          size_t pk_len,
                          const uint8_t *context,
                          size_t context_len,
                          const uint8_t *msg,
                          size_t msg_len,
                          const uint8_t *sig,
                          size_t sig_len);

/**
 * Signs an artifact that is in memory, as its hash under the context string of its kind: SHA3-256, or SHA-512 where the key is of ML-DSA-87.
 * Writes the signature length of the key's algorithm. PQRTC_INVALID_ARGUMENT for an unknown kind, PQRTC_RNG_FAILED without randomness. Any
 * number of threads may use one key.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_artifact_sign(const struct pqrtc_signing_key *k,
                                 uint32_t kind,
                                 const uint8_t *content,
                                 size_t content_len,
                                 uint8_t *sig,
                                 size_t sig_len);

/**
 * Verifies the signature of an artifact that is in memory. PQRTC_BAD_SIGNATURE if it is not one of this content and kind,
 * PQRTC_INVALID_ARGUMENT for an unknown kind. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_artifact_verify(uint32_t algorithm,
                                   const uint8_t *pk,
                                   size_t pk_len,
                                   uint32_t kind,
                                   const uint8_t *content,
                                   size_t content_len,
                                   const uint8_t *sig,
                                   size_t sig_len);

/**
 * Signs an artifact as a COSE_Sign1 message (RFC 9052, RFC 9964), for verifiers that have a COSE library and not this one. The message contains
 * the content; its external_aad is the context string of the kind, such as "pqrtc recording-manifest v1", and a verifier must give it. With
 * ML-DSA-65 it has 3320 bytes more than the content and the 1 to 9 bytes of its length, with ML-DSA-87 4638. The content is signed as it is and not as its
 * hash. It is another signature than that of pqrtc_artifact_sign(). Any number of threads may use one key.
 *
 * PQRTC_UNSUPPORTED for a key of ML-DSA-65 with Ed25519, for which COSE has no number. PQRTC_INVALID_ARGUMENT for an unknown kind,
 * PQRTC_RNG_FAILED without randomness.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_artifact_sign_cose(const struct pqrtc_signing_key *k,
                                      uint32_t kind,
                                      const uint8_t *content,
                                      size_t content_len,
                                      uint8_t *out,
                                      size_t out_cap,
                                      size_t *out_len);

/**
 * Writes the 32-byte fingerprint of a public key, by which a participant is known: the first 32 bytes of SHA-512 over its
 * SubjectPublicKeyInfo (DER). Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_public_key_fingerprint(uint32_t algorithm,
                                          const uint8_t *pk,
                                          size_t pk_len,
                                          uint8_t *out,
                                          size_t out_len);

/**
 * Zeroes and frees a signing key; NULL is allowed. Nothing may use it at the same time or afterwards.
 */
void pqrtc_signing_key_free(struct pqrtc_signing_key *k);

/**
 * Makes a hasher for an artifact that does not fit in memory. PQRTC_INVALID_ARGUMENT for an unknown kind. Any thread. Free it with
 * pqrtc_artifact_hasher_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_artifact_hasher_new(uint32_t kind,
                                       struct pqrtc_artifact_hasher **out);

/**
 * Feeds the next piece, which may be empty. One thread at a time.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_artifact_hasher_update(struct pqrtc_artifact_hasher *h, const uint8_t *data, size_t data_len);

/**
 * Signs what has been fed so far, as pqrtc_artifact_sign() would, by a key of any algorithm. More may be fed afterwards. Any number of threads,
 * but none in pqrtc_artifact_hasher_update() meanwhile.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_artifact_hasher_sign(const struct pqrtc_artifact_hasher *h,
                                        const struct pqrtc_signing_key *k,
                                        uint8_t *sig,
                                        size_t sig_len);

/**
 * Verifies the signature of what has been fed so far, as pqrtc_artifact_verify() would. More may be fed afterwards. Any number of threads,
 * but none in pqrtc_artifact_hasher_update() meanwhile.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_artifact_hasher_verify(const struct pqrtc_artifact_hasher *h,
                                          uint32_t algorithm,
                                          const uint8_t *pk,
                                          size_t pk_len,
                                          const uint8_t *sig,
                                          size_t sig_len);

/**
 * Frees a hasher; NULL is allowed. Nothing may use it at the same time or afterwards.
 */
void pqrtc_artifact_hasher_free(struct pqrtc_artifact_hasher *h);

/**
 * PQRTC_KEM_SHARED_SECRET_BYTES
 */
size_t pqrtc_kem_shared_secret_bytes(void);

/**
 * PQRTC_FINGERPRINT_BYTES
 */
size_t pqrtc_fingerprint_bytes(void);

/**
 * PQRTC_SESSION_KEY_BYTES
 */
size_t pqrtc_session_key_bytes(void);

/**
 * PQRTC_SESSION_SEAL_OVERHEAD_BYTES
 */
size_t pqrtc_session_seal_overhead_bytes(void);

/**
 * PQRTC_SFRAME_BASE_KEY_BYTES
 */
size_t pqrtc_sframe_base_key_bytes(void);

/**
 * PQRTC_SFRAME_MAX_OVERHEAD_BYTES
 */
size_t pqrtc_sframe_max_overhead_bytes(void);

/**
 * Gives the sizes of a suite, in bytes: bundle (1216), exchange message (1120) and private key as stored (96 for V100-HYBRID-KX-V1, 32
 * for X-Wing). PQRTC_INVALID_ARGUMENT for an unknown suite. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_suite_sizes(uint32_t suite,
                               size_t *bundle_len,
                               size_t *exchange_len,
                               size_t *seed_len);

/**
 * Generates a key pair of a suite. PQRTC_INVALID_ARGUMENT for an unknown suite, PQRTC_RNG_FAILED without randomness. Any thread. Free it
 * with pqrtc_hybrid_keypair_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_hybrid_keypair_generate(uint32_t suite,
                                           struct pqrtc_hybrid_keypair **out);

/**
 * Makes the key pair of a stored private key: 96 bytes `sk_X || d || z` for V100-HYBRID-KX-V1, a 32-byte seed for X-Wing. The seed is
 * copied; wipe yours. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_hybrid_keypair_from_seed(uint32_t suite,
                                            const uint8_t *seed,
                                            size_t seed_len,
                                            struct pqrtc_hybrid_keypair **out);

/**
 * Gives the suite of a key pair. Any number of threads may use one pair.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_hybrid_keypair_suite(const struct pqrtc_hybrid_keypair *kp, uint32_t *suite);

/**
 * Writes the 1216-byte public bundle, to be sent to the initiator over an authenticated channel. Any number of threads may use one pair.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_hybrid_keypair_bundle(const struct pqrtc_hybrid_keypair *kp,
                                         uint8_t *out,
                                         size_t out_len);

/**
 * Writes the private key as stored, a secret: 96 bytes for V100-HYBRID-KX-V1, 32 for X-Wing. Any number of threads.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_hybrid_keypair_seed(const struct pqrtc_hybrid_keypair *kp, uint8_t *out, size_t out_len);

/**
 * Answers a 1216-byte bundle: writes the 1120-byte exchange message for the responder and makes the session. Every call draws fresh
 * randomness. PQRTC_INVALID_KEY if the ML-KEM key fails the modulus check of FIPS 203 section 7.2, PQRTC_NON_CONTRIBUTORY if the X25519
 * key gives the all-zero result, PQRTC_RNG_FAILED without randomness. Any thread. Free the session with pqrtc_session_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_hybrid_initiate(uint32_t suite,
                                   const uint8_t *bundle,
                                   size_t bundle_len,
                                   uint8_t *exchange,
                                   size_t exchange_len,
                                   struct pqrtc_session **out);

/**
 * Answers a 1120-byte exchange message and makes the session. PQRTC_NON_CONTRIBUTORY if the X25519 key in it gives the all-zero result. An
 * altered ML-KEM ciphertext is no error: it gives a session whose key the peer does not have. PQRTC_KEY_REUSED for
 * a message that gives a session which this pair has made before; each answer is remembered, some 20 to 40 bytes, until the pair is
 * freed. Any number of threads may use one pair. Free the session with pqrtc_session_free().
 */
PQRTC_NODISCARD pqrtc_status pqrtc_hybrid_respond(const struct pqrtc_hybrid_keypair *kp,
                                  const uint8_t *exchange,
                                  size_t exchange_len,
                                  struct pqrtc_session **out);

/**
 * Zeroes and frees a key pair; NULL is allowed. Nothing may use it at the same time or afterwards.
 */
void pqrtc_hybrid_keypair_free(struct pqrtc_hybrid_keypair *kp);

/**
 * Mints a TURN REST credential as coturn's `use-auth-secret` checks it: `username = expires_at || ":" || user` (the expiry alone if
 * `user` is empty) and `password = base64(HMAC-SHA1(secret, username))`, 28 bytes. Neither output ends in a NUL. `expires_at` is in Unix
 * seconds. PQRTC_INVALID_LENGTH if the secret is empty or the username comes to more than 508 bytes. PQRTC_INVALID_ARGUMENT for what no
 * coturn accepts: an expiry of 2^31 or later (milliseconds land there), and spaces, quotes, backslashes and control characters in `user`,
 * or the words "union" and "select" together. If either buffer is too small both lengths are set to what is needed. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_turn_credential_mint(const uint8_t *secret,
                                        size_t secret_len,
                                        const char *user,
                                        size_t user_len,
                                        uint64_t expires_at,
                                        char *username,
                                        size_t username_cap,
                                        size_t *username_len,
                                        char *password,
                                        size_t password_cap,
                                        size_t *password_len);

/**
 * Verifies a TURN REST credential at the time `now` (Unix seconds), with any of the usernames that coturn takes: `expiry:user`,
 * `user:expiry`, `:expiry`, or the expiry alone. PQRTC_CREDENTIAL_REJECTED if the password is wrong or the username is none of these,
 * PQRTC_CREDENTIAL_EXPIRED if the password is right and the expiry not after `now`, PQRTC_INVALID_LENGTH if the secret is empty. Passwords
 * are compared in constant time. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_turn_credential_verify(const uint8_t *secret,
                                          size_t secret_len,
                                          const char *username,
                                          size_t username_len,
                                          const char *password,
                                          size_t password_len,
                                          uint64_t now);

/**
 * Wraps a credential of any content (0 to 1048576 bytes) for the holder of the key `ek` of a `pqrtc_kem_algorithm`: `ct || nonce(12) ||
 * AES-256-GCM ciphertext || tag(16)`, so `credential_len + 1116` bytes with ML-KEM-768 and `credential_len + 1596` with ML-KEM-1024. PQRTC_INVALID_KEY if a coefficient of `ek` is 3329 or more,
 * PQRTC_RNG_FAILED without randomness. Any thread.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_turn_wrap(uint32_t algorithm,
                             const uint8_t *ek,
                             size_t ek_len,
                             const uint8_t *credential,
                             size_t credential_len,
                             uint8_t *out,
                             size_t out_cap,
                             size_t *out_len);

/**
 * Unwraps a credential with the recipient's key pair; gives `wrapped_len` less what wrapping added. PQRTC_DECRYPTION_FAILED if it was altered or
 * wrapped for another key; `out` is then zeroed or untouched. Any number of threads may use one pair.
 */
PQRTC_NODISCARD pqrtc_status pqrtc_turn_unwrap(const struct pqrtc_kem_keypair *kp,
                               const uint8_t *wrapped,
                               size_t wrapped_len,
                               uint8_t *out,
                               size_t out_cap,
                               size_t *out_len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PQRTC_H */
