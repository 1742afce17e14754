// Generated from api/pqrtc.json by `make api`. DO NOT EDIT.

package pqrtc

// #include <pqrtc.h>
import "C"

// abiVersion is the version of the C ABI that this package is written against.
const abiVersion = 2

// Sizes in bytes.
const (
	CallMessageMax              = C.PQRTC_CALL_MESSAGE_MAX                     // Room for any message of a call whose credential has at most 5900 bytes, in bytes. The longest without a credential has 10410.
	PublicKeyKEM                = C.PQRTC_PUBLIC_KEY_KEM                       // Added to the number of an ML-KEM algorithm where a function takes the public keys of both kinds.
	MLKEM768PublicKeySize       = C.PQRTC_ML_KEM_768_PUBLIC_KEY_BYTES          // ML-KEM-768 encapsulation key, in bytes.
	MLKEM768CiphertextSize      = C.PQRTC_ML_KEM_768_CIPHERTEXT_BYTES          // ML-KEM-768 ciphertext, in bytes.
	MLKEM768SeedSize            = C.PQRTC_ML_KEM_768_SEED_BYTES                // ML-KEM-768 private key as the seed `d || z`, in bytes.
	MLKEM768ExpandedKeySize     = C.PQRTC_ML_KEM_768_EXPANDED_KEY_BYTES        // ML-KEM-768 private key in the expanded form of FIPS 203, in bytes.
	MLKEM768TURNWrapOverhead    = C.PQRTC_ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES  // What pqrtc_turn_wrap() adds with ML-KEM-768, in bytes.
	MLKEM1024PublicKeySize      = C.PQRTC_ML_KEM_1024_PUBLIC_KEY_BYTES         // ML-KEM-1024 encapsulation key, in bytes.
	MLKEM1024CiphertextSize     = C.PQRTC_ML_KEM_1024_CIPHERTEXT_BYTES         // ML-KEM-1024 ciphertext, in bytes.
	MLKEM1024SeedSize           = C.PQRTC_ML_KEM_1024_SEED_BYTES               // ML-KEM-1024 private key as the seed `d || z`, in bytes.
	MLKEM1024ExpandedKeySize    = C.PQRTC_ML_KEM_1024_EXPANDED_KEY_BYTES       // ML-KEM-1024 private key in the expanded form of FIPS 203, in bytes.
	MLKEM1024TURNWrapOverhead   = C.PQRTC_ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES // What pqrtc_turn_wrap() adds with ML-KEM-1024, in bytes.
	KEMSharedSecretSize         = C.PQRTC_KEM_SHARED_SECRET_BYTES              // Shared secret of every ML-KEM, in bytes.
	MLDSA65PublicKeySize        = C.PQRTC_ML_DSA_65_PUBLIC_KEY_BYTES           // ML-DSA-65 public key, in bytes.
	MLDSA65SignatureSize        = C.PQRTC_ML_DSA_65_SIGNATURE_BYTES            // ML-DSA-65 signature, in bytes.
	MLDSA65SeedSize             = C.PQRTC_ML_DSA_65_SEED_BYTES                 // ML-DSA-65 private key as its seed, in bytes.
	MLDSA87PublicKeySize        = C.PQRTC_ML_DSA_87_PUBLIC_KEY_BYTES           // ML-DSA-87 public key, in bytes.
	MLDSA87SignatureSize        = C.PQRTC_ML_DSA_87_SIGNATURE_BYTES            // ML-DSA-87 signature, in bytes.
	MLDSA87SeedSize             = C.PQRTC_ML_DSA_87_SEED_BYTES                 // ML-DSA-87 private key as its seed, in bytes.
	MLDSA65Ed25519PublicKeySize = C.PQRTC_ML_DSA_65_ED25519_PUBLIC_KEY_BYTES   // ML-DSA-65 with Ed25519 public key, in bytes.
	MLDSA65Ed25519SignatureSize = C.PQRTC_ML_DSA_65_ED25519_SIGNATURE_BYTES    // ML-DSA-65 with Ed25519 signature, in bytes.
	MLDSA65Ed25519SeedSize      = C.PQRTC_ML_DSA_65_ED25519_SEED_BYTES         // ML-DSA-65 with Ed25519 private key as its seed, in bytes.
	FingerprintSize             = C.PQRTC_FINGERPRINT_BYTES                    // Fingerprint of a public key, in bytes.
	V100HybridKXV1BundleSize    = C.PQRTC_V100_HYBRID_KX_V1_BUNDLE_BYTES       // V100-HYBRID-KX-V1 public bundle, in bytes.
	V100HybridKXV1ExchangeSize  = C.PQRTC_V100_HYBRID_KX_V1_EXCHANGE_BYTES     // V100-HYBRID-KX-V1 exchange message, in bytes.
	V100HybridKXV1SeedSize      = C.PQRTC_V100_HYBRID_KX_V1_SEED_BYTES         // V100-HYBRID-KX-V1 private key as stored, in bytes.
	XWingBundleSize             = C.PQRTC_X_WING_BUNDLE_BYTES                  // X-Wing public bundle, in bytes.
	XWingExchangeSize           = C.PQRTC_X_WING_EXCHANGE_BYTES                // X-Wing exchange message, in bytes.
	XWingSeedSize               = C.PQRTC_X_WING_SEED_BYTES                    // X-Wing private key as stored, in bytes.
	SessionKeySize              = C.PQRTC_SESSION_KEY_BYTES                    // Session key, in bytes.
	SessionSealOverhead         = C.PQRTC_SESSION_SEAL_OVERHEAD_BYTES          // What pqrtc_session_seal() adds, in bytes.
	SFrameBaseKeySize           = C.PQRTC_SFRAME_BASE_KEY_BYTES                // What pqrtc_session_sframe_base_key() writes, in bytes.
	SFrameMaxOverhead           = C.PQRTC_SFRAME_MAX_OVERHEAD_BYTES            // The most that pqrtc_sframe_seal() adds, in bytes.
)

// sizes holds each of them to the library that was loaded.
var sizes = []struct {
	name     string
	compiled int
	loaded   func() C.size_t
}{
	{"KEMSharedSecretSize", KEMSharedSecretSize, func() C.size_t { return C.pqrtc_kem_shared_secret_bytes() }},
	{"FingerprintSize", FingerprintSize, func() C.size_t { return C.pqrtc_fingerprint_bytes() }},
	{"SessionKeySize", SessionKeySize, func() C.size_t { return C.pqrtc_session_key_bytes() }},
	{"SessionSealOverhead", SessionSealOverhead, func() C.size_t { return C.pqrtc_session_seal_overhead_bytes() }},
	{"SFrameBaseKeySize", SFrameBaseKeySize, func() C.size_t { return C.pqrtc_sframe_base_key_bytes() }},
	{"SFrameMaxOverhead", SFrameMaxOverhead, func() C.size_t { return C.pqrtc_sframe_max_overhead_bytes() }},
}

// The codes that can come back as errors.
const (
	ErrNullPointer        Status = C.PQRTC_NULL_POINTER        // A required pointer is NULL.
	ErrInvalidLength      Status = C.PQRTC_INVALID_LENGTH      // A length differs from the one required, or is out of range.
	ErrBufferTooSmall     Status = C.PQRTC_BUFFER_TOO_SMALL    // The output buffer is too small; `*out_len` says what is needed, and nothing else was done.
	ErrInvalidArgument    Status = C.PQRTC_INVALID_ARGUMENT    // Unknown suite, kind, profile, codec or cipher suite; text that is not what it must be; buffers that overlap where they may not.
	ErrUnsupported        Status = C.PQRTC_UNSUPPORTED         // Known, but not in this build or not for this key.
	ErrInvalidKey         Status = C.PQRTC_INVALID_KEY         // A key that fails its standard's checks.
	ErrNonContributory    Status = C.PQRTC_NON_CONTRIBUTORY    // X25519 gave the all-zero result.
	ErrDecryptionFailed   Status = C.PQRTC_DECRYPTION_FAILED   // Authentication failed: altered data or another key.
	ErrBadSignature       Status = C.PQRTC_BAD_SIGNATURE       // The signature does not verify.
	ErrCredentialExpired  Status = C.PQRTC_CREDENTIAL_EXPIRED  // Right password, expiry not in the future.
	ErrCredentialRejected Status = C.PQRTC_CREDENTIAL_REJECTED // Wrong password or malformed username.
	ErrMalformedFrame     Status = C.PQRTC_MALFORMED_FRAME     // Not an SFrame ciphertext.
	ErrUnknownKeyID       Status = C.PQRTC_UNKNOWN_KEY_ID      // No key for the frame's KID.
	ErrReplayedFrame      Status = C.PQRTC_REPLAYED_FRAME      // Counter seen before, or older than the window.
	ErrKeyReused          Status = C.PQRTC_KEY_REUSED          // A second sender for the same key and KID, or a KID that the receiver has.
	ErrCounterExhausted   Status = C.PQRTC_COUNTER_EXHAUSTED   // The sender has used up its counters.
	ErrNothingToSeal      Status = C.PQRTC_NOTHING_TO_SEAL     // A frame of parameter sets or delimiters alone: send it as it is, or keep it for the next frame.
	ErrIncomplete         Status = C.PQRTC_INCOMPLETE          // A recording without its last entry, or with bytes that no entry covers.
	ErrOutOfSequence      Status = C.PQRTC_OUT_OF_SEQUENCE     // An entry whose index is not the next: a segment is missing, repeated or moved.
	ErrDigestMismatch     Status = C.PQRTC_DIGEST_MISMATCH     // A segment is not the one that its entry names.
	ErrMalformedMessage   Status = C.PQRTC_MALFORMED_MESSAGE   // Not a message of this protocol, or one that breaks its format.
	ErrUnexpectedMessage  Status = C.PQRTC_UNEXPECTED_MESSAGE  // A message or call that does not fit the state.
	ErrVersionRefused     Status = C.PQRTC_VERSION_REFUSED     // A protocol version that is not spoken here.
	ErrPolicyRefused      Status = C.PQRTC_POLICY_REFUSED      // The policy allows none of what the peer offers.
	ErrPeerAnonymous      Status = C.PQRTC_PEER_ANONYMOUS      // The peer shows no identity, and the policy asks for one.
	ErrPeerRejected       Status = C.PQRTC_PEER_REJECTED       // The peer proved an identity that is not a pinned one.
	ErrBindingMismatch    Status = C.PQRTC_BINDING_MISMATCH    // The binding that the peer signed is not the one given.
	ErrHandshakeFailed    Status = C.PQRTC_HANDSHAKE_FAILED    // A message of the handshake does not authenticate.
	ErrRNGFailed          Status = C.PQRTC_RNG_FAILED          // The operating system gave no randomness.
	ErrOutOfMemory        Status = C.PQRTC_OUT_OF_MEMORY       // Allocation failed.
	ErrInternal           Status = C.PQRTC_INTERNAL            // A bug in the library, caught.
)

// Profile: what a participant offers and accepts in the large.
type Profile uint32

// The values of Profile.
const (
	ProfileDefault        Profile = C.PQRTC_PROFILE_DEFAULT          // Suite 1: X-Wing, and the composite signature of ML-DSA-65 and Ed25519. The peer shows an identity.
	ProfileCNSA2          Profile = C.PQRTC_PROFILE_CNSA2            // Suite 2 alone: ML-KEM-1024 and ML-DSA-87, and in SFrame AES-256-GCM alone. The peer shows an identity.
	ProfileSAS            Profile = C.PQRTC_PROFILE_SAS              // Suite 1. Any identity is accepted and none as well: people compare the digits of pqrtc_call_sas().
	ProfileDefaultOrCNSA2 Profile = C.PQRTC_PROFILE_DEFAULT_OR_CNSA2 // Suites 1 and 2, in that order. The peer shows an identity.
)

// PolicyOption: what a policy can be told beside its profile.
type PolicyOption uint32

// The values of PolicyOption.
const (
	PolicyPin            PolicyOption = C.PQRTC_POLICY_PIN             // Accept the peer whose identity has this fingerprint: 32 bytes, as pqrtc_public_key_fingerprint() gives them. May be set many times.
	PolicyPSK            PolicyOption = C.PQRTC_POLICY_PSK             // Mix in this secret of 32 bytes, which both sides have. A second factor beside identities or a SAS.
	PolicyRequireBinding PolicyOption = C.PQRTC_POLICY_REQUIRE_BINDING // Refuse a peer that binds no DTLS certificate. No value.
	PolicyAnonymousPeer  PolicyOption = C.PQRTC_POLICY_ANONYMOUS_PEER  // Accept a peer without identity: of a server whose guests have none. No value.
	PolicyAnyPeer        PolicyOption = C.PQRTC_POLICY_ANY_PEER        // Accept any identity that signs; check its credential or the SAS afterwards. No value.
)

// CallState: where a call is.
type CallState uint32

// The values of CallState.
const (
	CallNew       CallState = C.PQRTC_CALL_NEW       // Nothing was sent or taken.
	CallOffered   CallState = C.PQRTC_CALL_OFFERED   // The offer (M1) was made.
	CallAnswered  CallState = C.PQRTC_CALL_ANSWERED  // An offer was answered (M2).
	CallDone      CallState = C.PQRTC_CALL_DONE      // The peer is authenticated, and the session is there.
	CallConfirmed CallState = C.PQRTC_CALL_CONFIRMED // As DONE, and the initiator knows that the responder has the session too.
)

// Direction: which way an SFrame key is for.
type Direction uint32

// The values of Direction.
const (
	Sending   Direction = C.PQRTC_DIRECTION_SENDING   // For what this side sends.
	Receiving Direction = C.PQRTC_DIRECTION_RECEIVING // For what the peer sends.
)

// Codec: how frames are laid out.
type Codec uint32

// The values of Codec.
const (
	CodecOpaque   Codec = C.PQRTC_CODEC_OPAQUE    // Anything: sealed whole.
	CodecOpus     Codec = C.PQRTC_CODEC_OPUS      // Opus: sealed whole.
	CodecVP8      Codec = C.PQRTC_CODEC_VP8       // VP8: 10 bytes of a key frame stay clear, 3 of a delta frame.
	CodecVP9      Codec = C.PQRTC_CODEC_VP9       // VP9: 10 or 11 bytes of a key frame stay clear, 1 or 2 of any other.
	CodecH264     Codec = C.PQRTC_CODEC_H264      // H.264 with start codes (Annex B): NAL unit headers, 8 bytes of each slice, parameter sets and delimiters stay clear.
	CodecH264AVCC Codec = C.PQRTC_CODEC_H264_AVCC // The same with four-byte lengths.
	CodecH265     Codec = C.PQRTC_CODEC_H265      // H.265 with start codes (Annex B): as H.264.
	CodecH265HVCC Codec = C.PQRTC_CODEC_H265_HVCC // The same with four-byte lengths.
	CodecAV1      Codec = C.PQRTC_CODEC_AV1       // AV1 as a low-overhead stream of OBUs: OBU headers, the first byte of frame headers, sequence headers and delimiters stay clear.
)

// KEMAlgorithm: an ML-KEM parameter set (FIPS 203).
type KEMAlgorithm uint32

// The values of KEMAlgorithm.
const (
	MLKEM768  KEMAlgorithm = C.PQRTC_KEM_ML_KEM_768  // ML-KEM-768.
	MLKEM1024 KEMAlgorithm = C.PQRTC_KEM_ML_KEM_1024 // ML-KEM-1024, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean".
)

// KeyFormat: how a key is written.
type KeyFormat uint32

// The values of KeyFormat.
const (
	FormatDER KeyFormat = C.PQRTC_FORMAT_DER // Binary.
	FormatPEM KeyFormat = C.PQRTC_FORMAT_PEM // Text (RFC 7468), in lines of 64 characters that end in a line feed. No NUL at its end.
)

// MeetingMessage: what pqrtc_meeting_outgoing() gives.
type MeetingMessage uint32

// The values of MeetingMessage.
const (
	Box     MeetingMessage = C.PQRTC_MEETING_BOX     // A box: the fresh secret of a commit, for one member.
	Welcome MeetingMessage = C.PQRTC_MEETING_WELCOME // A welcome: what a new member joins with.
)

// SRTPProfile: an SRTP protection profile, by its IANA number.
type SRTPProfile uint32

// The values of SRTPProfile.
const (
	SRTPAES128CMHMACSHA180 SRTPProfile = C.PQRTC_SRTP_AES128_CM_HMAC_SHA1_80 // 16-byte keys, 14-byte salts: 60 bytes in all.
	SRTPAEADAES128GCM      SRTPProfile = C.PQRTC_SRTP_AEAD_AES_128_GCM       // 16-byte keys, 12-byte salts: 56 bytes in all.
	SRTPAEADAES256GCM      SRTPProfile = C.PQRTC_SRTP_AEAD_AES_256_GCM       // 32-byte keys, 12-byte salts: 88 bytes in all.
)

// SFrameCipher: an SFrame cipher suite, by its IANA number. The last number of a name is the length of the tag in bits.
type SFrameCipher uint32

// The values of SFrameCipher.
const (
	SFrameAES128CTRHMACSHA25680 SFrameCipher = C.PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_80 // A tag of 10 bytes.
	SFrameAES128CTRHMACSHA25664 SFrameCipher = C.PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_64 // A tag of 8 bytes.
	SFrameAES128CTRHMACSHA25632 SFrameCipher = C.PQRTC_SFRAME_AES_128_CTR_HMAC_SHA256_32 // A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first.
	SFrameAES128GCM             SFrameCipher = C.PQRTC_SFRAME_AES_128_GCM_SHA256_128     // A tag of 16 bytes.
	SFrameAES256GCM             SFrameCipher = C.PQRTC_SFRAME_AES_256_GCM_SHA512_128     // A tag of 16 bytes. The one to choose against a quantum computer.
	SFrameAES256CTRHMACSHA51280 SFrameCipher = C.PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_80 // A tag of 10 bytes (draft-barnes-sframe-iana-256).
	SFrameAES256CTRHMACSHA51264 SFrameCipher = C.PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_64 // A tag of 8 bytes.
	SFrameAES256CTRHMACSHA51232 SFrameCipher = C.PQRTC_SFRAME_AES_256_CTR_HMAC_SHA512_32 // A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first.
)

// SignatureAlgorithm: a signature algorithm.
type SignatureAlgorithm uint32

// The values of SignatureAlgorithm.
const (
	MLDSA65        SignatureAlgorithm = C.PQRTC_SIGNATURE_ML_DSA_65         // ML-DSA-65 (FIPS 204).
	MLDSA87        SignatureAlgorithm = C.PQRTC_SIGNATURE_ML_DSA_87         // ML-DSA-87, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean".
	MLDSA65Ed25519 SignatureAlgorithm = C.PQRTC_SIGNATURE_ML_DSA_65_ED25519 // The composite of ML-DSA-65 and Ed25519 (id-MLDSA65-Ed25519-SHA512, draft-ietf-lamps-pq-composite-sigs): both halves must verify. Keys, seeds and signatures are the ML-DSA part and then the Ed25519 part.
)

// ArtifactKind: what kind of artifact a signature is for. A signature of one kind never verifies as another.
type ArtifactKind uint32

// The values of ArtifactKind.
const (
	RecordingManifest ArtifactKind = C.PQRTC_ARTIFACT_RECORDING_MANIFEST // The manifest of a recording, or the recording itself.
	Transcript        ArtifactKind = C.PQRTC_ARTIFACT_TRANSCRIPT         // A transcript.
	Summary           ArtifactKind = C.PQRTC_ARTIFACT_SUMMARY            // A meeting summary.
	APIKeyEnvelope    ArtifactKind = C.PQRTC_ARTIFACT_API_KEY_ENVELOPE   // An envelope around an API key.
)

// Suite: how the shared secrets of X25519 and ML-KEM-768 become a session key.
type Suite uint32

// The values of Suite.
const (
	V100HybridKXV1 Suite = C.PQRTC_SUITE_V100_HYBRID_KX_V1 // The exchange of the V100 description, byte for byte. It binds neither ciphertext nor public keys.
	XWing          Suite = C.PQRTC_SUITE_X_WING            // X-Wing (draft-connolly-cfrg-xwing-kem), the one to choose for new deployments.
)
