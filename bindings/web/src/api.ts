// The C API as WebAssembly has it. Generated from api/pqrtc.json by `make api`; do not edit.

/** The version of the C ABI that this package is written against. */
export const ABI_VERSION = 2;

/** What went wrong. Codes are never renumbered or reused. */
export const Status = {
  /** Success. */
  OK: 0,
  /** A required pointer is NULL. */
  NULL_POINTER: 1,
  /** A length differs from the one required, or is out of range. */
  INVALID_LENGTH: 2,
  /** The output buffer is too small; `*out_len` says what is needed, and nothing else was done. */
  BUFFER_TOO_SMALL: 3,
  /** Unknown suite, kind, profile, codec or cipher suite; text that is not what it must be; buffers that overlap where they may not. */
  INVALID_ARGUMENT: 4,
  /** Known, but not in this build or not for this key. */
  UNSUPPORTED: 5,
  /** A key that fails its standard's checks. */
  INVALID_KEY: 16,
  /** X25519 gave the all-zero result. */
  NON_CONTRIBUTORY: 17,
  /** Authentication failed: altered data or another key. */
  DECRYPTION_FAILED: 18,
  /** The signature does not verify. */
  BAD_SIGNATURE: 19,
  /** Right password, expiry not in the future. */
  CREDENTIAL_EXPIRED: 32,
  /** Wrong password or malformed username. */
  CREDENTIAL_REJECTED: 33,
  /** Not an SFrame ciphertext. */
  MALFORMED_FRAME: 48,
  /** No key for the frame's KID. */
  UNKNOWN_KEY_ID: 49,
  /** Counter seen before, or older than the window. */
  REPLAYED_FRAME: 50,
  /** A second sender for the same key and KID, or a KID that the receiver has. */
  KEY_REUSED: 51,
  /** The sender has used up its counters. */
  COUNTER_EXHAUSTED: 52,
  /** A frame of parameter sets or delimiters alone: send it as it is, or keep it for the next frame. */
  NOTHING_TO_SEAL: 53,
  /** A recording without its last entry, or with bytes that no entry covers. */
  INCOMPLETE: 54,
  /** An entry whose index is not the next: a segment is missing, repeated or moved. */
  OUT_OF_SEQUENCE: 55,
  /** A segment is not the one that its entry names. */
  DIGEST_MISMATCH: 56,
  /** Not a message of this protocol, or one that breaks its format. */
  MALFORMED_MESSAGE: 64,
  /** A message or call that does not fit the state. */
  UNEXPECTED_MESSAGE: 65,
  /** A protocol version that is not spoken here. */
  VERSION_REFUSED: 66,
  /** The policy allows none of what the peer offers. */
  POLICY_REFUSED: 67,
  /** The peer shows no identity, and the policy asks for one. */
  PEER_ANONYMOUS: 68,
  /** The peer proved an identity that is not a pinned one. */
  PEER_REJECTED: 69,
  /** The binding that the peer signed is not the one given. */
  BINDING_MISMATCH: 70,
  /** A message of the handshake does not authenticate. */
  HANDSHAKE_FAILED: 71,
  /** The operating system gave no randomness. */
  RNG_FAILED: 240,
  /** Allocation failed. */
  OUT_OF_MEMORY: 241,
  /** A bug in the library, caught. */
  INTERNAL: 255,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** What a participant offers and accepts in the large. */
export const Profile = {
  /** Suite 1: X-Wing, and the composite signature of ML-DSA-65 and Ed25519. The peer shows an identity. */
  DEFAULT: 1,
  /** Suite 2 alone: ML-KEM-1024 and ML-DSA-87, and in SFrame AES-256-GCM alone. The peer shows an identity. */
  CNSA2: 2,
  /** Suite 1. Any identity is accepted and none as well: people compare the digits of pqrtc_call_sas(). */
  SAS: 3,
  /** Suites 1 and 2, in that order. The peer shows an identity. */
  DEFAULT_OR_CNSA2: 4,
} as const;
export type Profile = (typeof Profile)[keyof typeof Profile];

/** What a policy can be told beside its profile. */
export const PolicyOption = {
  /** Accept the peer whose identity has this fingerprint: 32 bytes, as pqrtc_public_key_fingerprint() gives them. May be set many times. */
  PIN: 1,
  /** Mix in this secret of 32 bytes, which both sides have. A second factor beside identities or a SAS. */
  PSK: 2,
  /** Refuse a peer that binds no DTLS certificate. No value. */
  REQUIRE_BINDING: 3,
  /** Accept a peer without identity: of a server whose guests have none. No value. */
  ANONYMOUS_PEER: 4,
  /** Accept any identity that signs; check its credential or the SAS afterwards. No value. */
  ANY_PEER: 5,
} as const;
export type PolicyOption = (typeof PolicyOption)[keyof typeof PolicyOption];

/** Where a call is. */
export const CallState = {
  /** Nothing was sent or taken. */
  NEW: 0,
  /** The offer (M1) was made. */
  OFFERED: 1,
  /** An offer was answered (M2). */
  ANSWERED: 2,
  /** The peer is authenticated, and the session is there. */
  DONE: 3,
  /** As DONE, and the initiator knows that the responder has the session too. */
  CONFIRMED: 4,
} as const;
export type CallState = (typeof CallState)[keyof typeof CallState];

/** Which way an SFrame key is for. */
export const Direction = {
  /** For what this side sends. */
  SENDING: 1,
  /** For what the peer sends. */
  RECEIVING: 2,
} as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

/** How frames are laid out. */
export const Codec = {
  /** Anything: sealed whole. */
  OPAQUE: 1,
  /** Opus: sealed whole. */
  OPUS: 2,
  /** VP8: 10 bytes of a key frame stay clear, 3 of a delta frame. */
  VP8: 3,
  /** VP9: 10 or 11 bytes of a key frame stay clear, 1 or 2 of any other. */
  VP9: 4,
  /** H.264 with start codes (Annex B): NAL unit headers, 8 bytes of each slice, parameter sets and delimiters stay clear. */
  H264: 5,
  /** The same with four-byte lengths. */
  H264_AVCC: 6,
  /** H.265 with start codes (Annex B): as H.264. */
  H265: 7,
  /** The same with four-byte lengths. */
  H265_HVCC: 8,
  /** AV1 as a low-overhead stream of OBUs: OBU headers, the first byte of frame headers, sequence headers and delimiters stay clear. */
  AV1: 9,
} as const;
export type Codec = (typeof Codec)[keyof typeof Codec];

/** An ML-KEM parameter set (FIPS 203). */
export const KemAlgorithm = {
  /** ML-KEM-768. */
  ML_KEM_768: 1,
  /** ML-KEM-1024, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean". */
  ML_KEM_1024: 2,
} as const;
export type KemAlgorithm = (typeof KemAlgorithm)[keyof typeof KemAlgorithm];

/** How a key is written. */
export const KeyFormat = {
  /** Binary. */
  DER: 1,
  /** Text (RFC 7468), in lines of 64 characters that end in a line feed. No NUL at its end. */
  PEM: 2,
} as const;
export type KeyFormat = (typeof KeyFormat)[keyof typeof KeyFormat];

/** What pqrtc_meeting_outgoing() gives. */
export const MeetingMessage = {
  /** A box: the fresh secret of a commit, for one member. */
  BOX: 1,
  /** A welcome: what a new member joins with. */
  WELCOME: 2,
} as const;
export type MeetingMessage = (typeof MeetingMessage)[keyof typeof MeetingMessage];

/** An SRTP protection profile, by its IANA number. */
export const SrtpProfile = {
  /** 16-byte keys, 14-byte salts: 60 bytes in all. */
  AES128_CM_HMAC_SHA1_80: 1,
  /** 16-byte keys, 12-byte salts: 56 bytes in all. */
  AEAD_AES_128_GCM: 7,
  /** 32-byte keys, 12-byte salts: 88 bytes in all. */
  AEAD_AES_256_GCM: 8,
} as const;
export type SrtpProfile = (typeof SrtpProfile)[keyof typeof SrtpProfile];

/** An SFrame cipher suite, by its IANA number. The last number of a name is the length of the tag in bits. */
export const CipherSuite = {
  /** A tag of 10 bytes. */
  AES_128_CTR_HMAC_SHA256_80: 1,
  /** A tag of 8 bytes. */
  AES_128_CTR_HMAC_SHA256_64: 2,
  /** A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first. */
  AES_128_CTR_HMAC_SHA256_32: 3,
  /** A tag of 16 bytes. */
  AES_128_GCM_SHA256_128: 4,
  /** A tag of 16 bytes. The one to choose against a quantum computer. */
  AES_256_GCM_SHA512_128: 5,
  /** A tag of 10 bytes (draft-barnes-sframe-iana-256). */
  AES_256_CTR_HMAC_SHA512_80: 6,
  /** A tag of 8 bytes. */
  AES_256_CTR_HMAC_SHA512_64: 7,
  /** A tag of 4 bytes: one forged frame in 2^32 is accepted. Read RFC 9605 section 7.5 first. */
  AES_256_CTR_HMAC_SHA512_32: 8,
} as const;
export type CipherSuite = (typeof CipherSuite)[keyof typeof CipherSuite];

/** A signature algorithm. */
export const SignatureAlgorithm = {
  /** ML-DSA-65 (FIPS 204). */
  ML_DSA_65: 1,
  /** ML-DSA-87, which CNSA 2.0 asks for. PQRTC_UNSUPPORTED where the provider is "pqclean". */
  ML_DSA_87: 2,
  /** The composite of ML-DSA-65 and Ed25519 (id-MLDSA65-Ed25519-SHA512, draft-ietf-lamps-pq-composite-sigs): both halves must verify. Keys, seeds and signatures are the ML-DSA part and then the Ed25519 part. */
  ML_DSA_65_ED25519: 3,
} as const;
export type SignatureAlgorithm = (typeof SignatureAlgorithm)[keyof typeof SignatureAlgorithm];

/** What kind of artifact a signature is for. A signature of one kind never verifies as another. */
export const ArtifactKind = {
  /** The manifest of a recording, or the recording itself. */
  RECORDING_MANIFEST: 1,
  /** A transcript. */
  TRANSCRIPT: 2,
  /** A meeting summary. */
  SUMMARY: 3,
  /** An envelope around an API key. */
  API_KEY_ENVELOPE: 4,
} as const;
export type ArtifactKind = (typeof ArtifactKind)[keyof typeof ArtifactKind];

/** How the shared secrets of X25519 and ML-KEM-768 become a session key. */
export const Suite = {
  /** The exchange of the V100 description, byte for byte. It binds neither ciphertext nor public keys. */
  V100_HYBRID_KX_V1: 1,
  /** X-Wing (draft-connolly-cfrg-xwing-kem), the one to choose for new deployments. */
  X_WING: 2,
} as const;
export type Suite = (typeof Suite)[keyof typeof Suite];

/** Room for any message of a call whose credential has at most 5900 bytes, in bytes. The longest without a credential has 10410. */
export const CALL_MESSAGE_MAX = 16384;
/** Added to the number of an ML-KEM algorithm where a function takes the public keys of both kinds. */
export const PUBLIC_KEY_KEM = 256;
/** ML-KEM-768 encapsulation key, in bytes. */
export const ML_KEM_768_PUBLIC_KEY_BYTES = 1184;
/** ML-KEM-768 ciphertext, in bytes. */
export const ML_KEM_768_CIPHERTEXT_BYTES = 1088;
/** ML-KEM-768 private key as the seed `d || z`, in bytes. */
export const ML_KEM_768_SEED_BYTES = 64;
/** ML-KEM-768 private key in the expanded form of FIPS 203, in bytes. */
export const ML_KEM_768_EXPANDED_KEY_BYTES = 2400;
/** What pqrtc_turn_wrap() adds with ML-KEM-768, in bytes. */
export const ML_KEM_768_TURN_WRAP_OVERHEAD_BYTES = 1116;
/** ML-KEM-1024 encapsulation key, in bytes. */
export const ML_KEM_1024_PUBLIC_KEY_BYTES = 1568;
/** ML-KEM-1024 ciphertext, in bytes. */
export const ML_KEM_1024_CIPHERTEXT_BYTES = 1568;
/** ML-KEM-1024 private key as the seed `d || z`, in bytes. */
export const ML_KEM_1024_SEED_BYTES = 64;
/** ML-KEM-1024 private key in the expanded form of FIPS 203, in bytes. */
export const ML_KEM_1024_EXPANDED_KEY_BYTES = 3168;
/** What pqrtc_turn_wrap() adds with ML-KEM-1024, in bytes. */
export const ML_KEM_1024_TURN_WRAP_OVERHEAD_BYTES = 1596;
/** Shared secret of every ML-KEM, in bytes. */
export const KEM_SHARED_SECRET_BYTES = 32;
/** ML-DSA-65 public key, in bytes. */
export const ML_DSA_65_PUBLIC_KEY_BYTES = 1952;
/** ML-DSA-65 signature, in bytes. */
export const ML_DSA_65_SIGNATURE_BYTES = 3309;
/** ML-DSA-65 private key as its seed, in bytes. */
export const ML_DSA_65_SEED_BYTES = 32;
/** ML-DSA-87 public key, in bytes. */
export const ML_DSA_87_PUBLIC_KEY_BYTES = 2592;
/** ML-DSA-87 signature, in bytes. */
export const ML_DSA_87_SIGNATURE_BYTES = 4627;
/** ML-DSA-87 private key as its seed, in bytes. */
export const ML_DSA_87_SEED_BYTES = 32;
/** ML-DSA-65 with Ed25519 public key, in bytes. */
export const ML_DSA_65_ED25519_PUBLIC_KEY_BYTES = 1984;
/** ML-DSA-65 with Ed25519 signature, in bytes. */
export const ML_DSA_65_ED25519_SIGNATURE_BYTES = 3373;
/** ML-DSA-65 with Ed25519 private key as its seed, in bytes. */
export const ML_DSA_65_ED25519_SEED_BYTES = 64;
/** Fingerprint of a public key, in bytes. */
export const FINGERPRINT_BYTES = 32;
/** V100-HYBRID-KX-V1 public bundle, in bytes. */
export const V100_HYBRID_KX_V1_BUNDLE_BYTES = 1216;
/** V100-HYBRID-KX-V1 exchange message, in bytes. */
export const V100_HYBRID_KX_V1_EXCHANGE_BYTES = 1120;
/** V100-HYBRID-KX-V1 private key as stored, in bytes. */
export const V100_HYBRID_KX_V1_SEED_BYTES = 96;
/** X-Wing public bundle, in bytes. */
export const X_WING_BUNDLE_BYTES = 1216;
/** X-Wing exchange message, in bytes. */
export const X_WING_EXCHANGE_BYTES = 1120;
/** X-Wing private key as stored, in bytes. */
export const X_WING_SEED_BYTES = 32;
/** Session key, in bytes. */
export const SESSION_KEY_BYTES = 32;
/** What pqrtc_session_seal() adds, in bytes. */
export const SESSION_SEAL_OVERHEAD_BYTES = 36;
/** What pqrtc_session_sframe_base_key() writes, in bytes. */
export const SFRAME_BASE_KEY_BYTES = 32;
/** The most that pqrtc_sframe_seal() adds, in bytes. */
export const SFRAME_MAX_OVERHEAD_BYTES = 33;

/** Where the fields of `pqrtc_call_info_t` are: how to read one, its place and its length. */
export const CallInfo = {
  size: 60,
  fields: {
    state: ["u32", 4, 4],
    role: ["u32", 8, 4],
    suite: ["u32", 12, 4],
    epoch: ["u32", 16, 4],
    maySend: ["u32", 20, 4],
    peerIdentity: ["u32", 24, 4],
    peerFingerprint: ["bytes", 28, 32],
  },
} as const;

/** Where the fields of `pqrtc_frame_info` are: how to read one, its place and its length. */
export const FrameInfo = {
  size: 64,
  fields: {
    kid: ["u64", 8, 8],
    firstCounter: ["u64", 16, 8],
    lastCounter: ["u64", 24, 8],
    sealedUnits: ["u64", 32, 8],
    parameterSets: ["u64", 40, 8],
    delimiters: ["u64", 48, 8],
    clearBytes: ["u64", 56, 8],
  },
} as const;

/** Where the fields of `pqrtc_meeting_info_t` are: how to read one, its place and its length. */
export const MeetingInfo = {
  size: 48,
  fields: {
    epoch: ["u32", 4, 4],
    index: ["u32", 8, 4],
    members: ["u32", 12, 4],
    groupId: ["bytes", 16, 32],
  },
} as const;

/** Where the fields of `pqrtc_sframe_stats` are: how to read one, its place and its length. */
export const SFrameStats = {
  size: 56,
  fields: {
    keys: ["u64", 8, 8],
    opened: ["u64", 16, 8],
    malformed: ["u64", 24, 8],
    unknownKeyId: ["u64", 32, 8],
    replayed: ["u64", 40, 8],
    decryptionFailed: ["u64", 48, 8],
  },
} as const;

/** Where the fields of `pqrtc_sframe_sender_stats_t` are: how to read one, its place and its length. */
export const SFrameSenderStats = {
  size: 32,
  fields: {
    kid: ["u64", 8, 8],
    sealed: ["u64", 16, 8],
    left: ["u64", 24, 8],
  },
} as const;

/** What the module exports. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  pqrtc_sframe_seal_batch(s: number, metadata: number, metadataLen: number, frames: number, framesLen: number, frameLens: number, count: number, out: number, outCap: number, outLen: number, outLens: number): number;
  pqrtc_sframe_open_batch(r: number, metadata: number, metadataLen: number, sealed: number, sealedLen: number, sealedLens: number, count: number, out: number, outCap: number, outLen: number, outLens: number, statuses: number, kids: number, counters: number): number;
  pqrtc_policy_new(profile: number, out: number): number;
  pqrtc_policy_set(p: number, option: number, value: number, valueLen: number): number;
  pqrtc_policy_free(p: number): void;
  pqrtc_call_new(me: number, me2: number, p: number, binding: number, bindingLen: number, credential: number, credentialLen: number, out: number): number;
  pqrtc_call_offer(c: number, out: number, outCap: number, outLen: number): number;
  pqrtc_call_receive(c: number, message: number, messageLen: number, peerBinding: number, peerBindingLen: number, reply: number, replyCap: number, replyLen: number): number;
  pqrtc_call_pin(c: number, fingerprint: number, fingerprintLen: number): number;
  pqrtc_call_set_binding(c: number, binding: number, bindingLen: number): number;
  pqrtc_call_info(c: number, info: number): number;
  pqrtc_call_peer(c: number, algorithm: number, publicKey: number, publicKeyCap: number, publicKeyLen: number, credential: number, credentialCap: number, credentialLen: number): number;
  pqrtc_call_sas(c: number, digits: number, digitsLen: number): number;
  pqrtc_call_session(c: number, out: number): number;
  pqrtc_call_sender(c: number, stream: bigint, cipher: number, out: number): number;
  pqrtc_call_receiver(c: number, cipher: number, out: number): number;
  pqrtc_call_sframe_key(c: number, direction: number, stream: bigint, kid: number, baseKey: number, baseKeyLen: number): number;
  pqrtc_call_free(c: number): void;
  pqrtc_envelope_seal(suite: number, pk: number, pkLen: number, info: number, infoLen: number, input: number, inLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_envelope_open(xwing: number, kem1024: number, info: number, infoLen: number, input: number, inLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_envelope_sign(issuer: number, info: number, infoLen: number, envelope: number, envelopeLen: number, signature: number, signatureLen: number): number;
  pqrtc_envelope_verify(algorithm: number, pk: number, pkLen: number, info: number, infoLen: number, envelope: number, envelopeLen: number, signature: number, signatureLen: number): number;
  pqrtc_frame_seal_max_size(codec: number, frameLen: number): number;
  pqrtc_frame_open_max_size(codec: number, sealedLen: number): number;
  pqrtc_frame_seal(s: number, codec: number, metadata: number, metadataLen: number, frame: number, frameLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_frame_open(r: number, codec: number, metadata: number, metadataLen: number, sealed: number, sealedLen: number, out: number, outCap: number, outLen: number, kid: number, counter: number): number;
  pqrtc_frame_inspect(codec: number, sealed: number, sealedLen: number, info: number): number;
  pqrtc_kem_sizes(algorithm: number, publicKeyLen: number, ciphertextLen: number, seedLen: number): number;
  pqrtc_kem_keypair_generate(algorithm: number, out: number): number;
  pqrtc_kem_keypair_from_seed(algorithm: number, seed: number, seedLen: number, out: number): number;
  pqrtc_kem_keypair_from_expanded(algorithm: number, dk: number, dkLen: number, out: number): number;
  pqrtc_kem_keypair_algorithm(kp: number, algorithm: number): number;
  pqrtc_kem_keypair_public_key(kp: number, out: number, outLen: number): number;
  pqrtc_kem_keypair_seed(kp: number, out: number, outLen: number): number;
  pqrtc_kem_encapsulate(algorithm: number, ek: number, ekLen: number, ct: number, ctLen: number, ss: number, ssLen: number): number;
  pqrtc_kem_decapsulate(kp: number, ct: number, ctLen: number, ss: number, ssLen: number): number;
  pqrtc_kem_keypair_free(kp: number): void;
  pqrtc_signing_key_import(file: number, fileLen: number, out: number): number;
  pqrtc_signing_key_export(k: number, format: number, out: number, outCap: number, outLen: number): number;
  pqrtc_kem_keypair_import(file: number, fileLen: number, out: number): number;
  pqrtc_kem_keypair_export(kp: number, format: number, out: number, outCap: number, outLen: number): number;
  pqrtc_public_key_import(file: number, fileLen: number, algorithm: number, out: number, outCap: number, outLen: number): number;
  pqrtc_public_key_export(algorithm: number, raw: number, rawLen: number, format: number, out: number, outCap: number, outLen: number): number;
  pqrtc_version(): number;
  pqrtc_abi_version(): number;
  pqrtc_provider(): number;
  pqrtc_status_string(status: number): number;
  pqrtc_self_test(): number;
  pqrtc_random(out: number, outLen: number): number;
  pqrtc_cleanse(p: number, len: number): void;
  pqrtc_meeting_card_new(me: number, notAfter: bigint, credential: number, credentialLen: number, out: number): number;
  pqrtc_meeting_card_bytes(k: number, out: number, outCap: number, outLen: number): number;
  pqrtc_meeting_card_free(k: number): void;
  pqrtc_meeting_create(me: number, k: number, now: bigint, out: number): number;
  pqrtc_meeting_commit(m: number, add: number, addLen: number, remove: number, removeCount: number, flags: number, commit: number, commitCap: number, commitLen: number): number;
  pqrtc_meeting_outgoing(m: number, i: number, kind: number, index: number, ref: number, refLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_meeting_accepted(m: number): number;
  pqrtc_meeting_dropped(m: number): number;
  pqrtc_meeting_receive(m: number, commit: number, commitLen: number, box: number, boxLen: number, cards: number, cardsLen: number, now: bigint): number;
  pqrtc_meeting_join(me: number, k: number, welcome: number, welcomeLen: number, commit: number, commitLen: number, roster: number, rosterLen: number, cards: number, cardsLen: number, now: bigint, out: number): number;
  pqrtc_meeting_roster(m: number, out: number, outCap: number, outLen: number): number;
  pqrtc_meeting_info(m: number, info: number): number;
  pqrtc_meeting_code(m: number, digits: number, digitsLen: number): number;
  pqrtc_meeting_sender(m: number, stream: bigint, cipher: number, out: number): number;
  pqrtc_meeting_receiver(m: number, cipher: number, out: number): number;
  pqrtc_meeting_sframe_key(m: number, index: number, stream: bigint, kid: number, baseKey: number, baseKeyLen: number): number;
  pqrtc_sframe_mls_kid(epoch: bigint, index: bigint, stream: bigint, indexBits: number, epochBits: number, kid: number): number;
  pqrtc_meeting_free(m: number): void;
  pqrtc_recording_signer_new(k: number, id: number, idLen: number, out: number): number;
  pqrtc_recording_signer_update(s: number, data: number, dataLen: number): number;
  pqrtc_recording_signer_entry(s: number, last: number, out: number, outCap: number, outLen: number): number;
  pqrtc_recording_signer_state(s: number, out: number, outCap: number, outLen: number): number;
  pqrtc_recording_signer_cose(s: number, out: number, outCap: number, outLen: number): number;
  pqrtc_recording_signer_resume(k: number, id: number, idLen: number, state: number, stateLen: number, out: number): number;
  pqrtc_recording_signer_free(s: number): void;
  pqrtc_recording_verifier_new(algorithm: number, pk: number, pkLen: number, id: number, idLen: number, out: number): number;
  pqrtc_recording_verifier_update(v: number, data: number, dataLen: number): number;
  pqrtc_recording_verifier_entry(v: number, entry: number, entryLen: number): number;
  pqrtc_recording_verifier_finish(v: number): number;
  pqrtc_recording_verifier_free(v: number): void;
  pqrtc_session_key(s: number, out: number, outLen: number): number;
  pqrtc_session_export(s: number, label: number, labelLen: number, context: number, contextLen: number, out: number, outLen: number): number;
  pqrtc_session_srtp_keys(s: number, profile: number, out: number, outCap: number, outLen: number): number;
  pqrtc_session_sframe_base_key(s: number, senderRole: number, kid: bigint, out: number, outLen: number): number;
  pqrtc_session_seal(s: number, aad: number, aadLen: number, plaintext: number, plaintextLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_session_open(s: number, aad: number, aadLen: number, sealed: number, sealedLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_session_free(s: number): void;
  pqrtc_sframe_sender_new(s: number, kid: bigint, cipher: number, out: number): number;
  pqrtc_sframe_sender_from_key(baseKey: number, baseKeyLen: number, kid: bigint, cipher: number, out: number): number;
  pqrtc_sframe_seal(s: number, metadata: number, metadataLen: number, frame: number, frameLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_sframe_sender_kid(s: number, kid: number): number;
  pqrtc_sframe_sender_stats(s: number, stats: number): number;
  pqrtc_sframe_sender_set_ratchet(s: number, ratchetBits: number): number;
  pqrtc_sframe_sender_ratchet(s: number, kid: number): number;
  pqrtc_sframe_ratchet_base_key(cipher: number, baseKey: number, baseKeyLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_sframe_sender_free(s: number): void;
  pqrtc_sframe_receiver_new(cipher: number, out: number): number;
  pqrtc_sframe_receiver_set_window(r: number, counters: number): number;
  pqrtc_sframe_receiver_set_ratchet(r: number, ratchetBits: number, maxSteps: number, graceFrames: number): number;
  pqrtc_sframe_receiver_add_session(r: number, s: number, kid: bigint): number;
  pqrtc_sframe_receiver_add_key(r: number, kid: bigint, baseKey: number, baseKeyLen: number): number;
  pqrtc_sframe_receiver_remove_key(r: number, kid: bigint): number;
  pqrtc_sframe_open(r: number, metadata: number, metadataLen: number, sealed: number, sealedLen: number, out: number, outCap: number, outLen: number, kid: number, counter: number): number;
  pqrtc_sframe_receiver_key_stats(r: number, kid: bigint, stats: number): number;
  pqrtc_sframe_receiver_stats(r: number, stats: number): number;
  pqrtc_sframe_receiver_free(r: number): void;
  pqrtc_signature_sizes(algorithm: number, publicKeyLen: number, signatureLen: number, seedLen: number): number;
  pqrtc_signing_key_generate(algorithm: number, out: number): number;
  pqrtc_signing_key_from_seed(algorithm: number, seed: number, seedLen: number, out: number): number;
  pqrtc_signing_key_algorithm(k: number, algorithm: number): number;
  pqrtc_signing_key_public_key(k: number, out: number, outLen: number): number;
  pqrtc_signing_key_seed(k: number, out: number, outLen: number): number;
  pqrtc_sign(k: number, context: number, contextLen: number, msg: number, msgLen: number, sig: number, sigLen: number): number;
  pqrtc_verify(algorithm: number, pk: number, pkLen: number, context: number, contextLen: number, msg: number, msgLen: number, sig: number, sigLen: number): number;
  pqrtc_artifact_sign(k: number, kind: number, content: number, contentLen: number, sig: number, sigLen: number): number;
  pqrtc_artifact_verify(algorithm: number, pk: number, pkLen: number, kind: number, content: number, contentLen: number, sig: number, sigLen: number): number;
  pqrtc_artifact_sign_cose(k: number, kind: number, content: number, contentLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_public_key_fingerprint(algorithm: number, pk: number, pkLen: number, out: number, outLen: number): number;
  pqrtc_signing_key_free(k: number): void;
  pqrtc_artifact_hasher_new(kind: number, out: number): number;
  pqrtc_artifact_hasher_update(h: number, data: number, dataLen: number): number;
  pqrtc_artifact_hasher_sign(h: number, k: number, sig: number, sigLen: number): number;
  pqrtc_artifact_hasher_verify(h: number, algorithm: number, pk: number, pkLen: number, sig: number, sigLen: number): number;
  pqrtc_artifact_hasher_free(h: number): void;
  pqrtc_kem_shared_secret_bytes(): number;
  pqrtc_fingerprint_bytes(): number;
  pqrtc_session_key_bytes(): number;
  pqrtc_session_seal_overhead_bytes(): number;
  pqrtc_sframe_base_key_bytes(): number;
  pqrtc_sframe_max_overhead_bytes(): number;
  pqrtc_suite_sizes(suite: number, bundleLen: number, exchangeLen: number, seedLen: number): number;
  pqrtc_hybrid_keypair_generate(suite: number, out: number): number;
  pqrtc_hybrid_keypair_from_seed(suite: number, seed: number, seedLen: number, out: number): number;
  pqrtc_hybrid_keypair_suite(kp: number, suite: number): number;
  pqrtc_hybrid_keypair_bundle(kp: number, out: number, outLen: number): number;
  pqrtc_hybrid_keypair_seed(kp: number, out: number, outLen: number): number;
  pqrtc_hybrid_initiate(suite: number, bundle: number, bundleLen: number, exchange: number, exchangeLen: number, out: number): number;
  pqrtc_hybrid_respond(kp: number, exchange: number, exchangeLen: number, out: number): number;
  pqrtc_hybrid_keypair_free(kp: number): void;
  pqrtc_turn_credential_mint(secret: number, secretLen: number, user: number, userLen: number, expiresAt: bigint, username: number, usernameCap: number, usernameLen: number, password: number, passwordCap: number, passwordLen: number): number;
  pqrtc_turn_credential_verify(secret: number, secretLen: number, username: number, usernameLen: number, password: number, passwordLen: number, now: bigint): number;
  pqrtc_turn_wrap(algorithm: number, ek: number, ekLen: number, credential: number, credentialLen: number, out: number, outCap: number, outLen: number): number;
  pqrtc_turn_unwrap(kp: number, wrapped: number, wrappedLen: number, out: number, outCap: number, outLen: number): number;
}
