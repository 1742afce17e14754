/**
 * Post-quantum protection for WebRTC stacks that already exist.
 *
 *     import { HybridKeypair, Suite, init, initiate } from "pqrtc";
 *
 *     await init();
 *     const responder = HybridKeypair.generate(Suite.X_WING);                        // publishes responder.bundle
 *     const { exchange, session } = initiate(Suite.X_WING, responder.bundle);        // sends back 1120 bytes
 *     const other = responder.respond(exchange);                                     // has the keys of `session`
 *
 * Everything is synchronous after `init()`. Bytes go in as any view or buffer and come out as `Uint8Array`, KIDs and counters are `bigint`.
 * An argument of the wrong type is a `TypeError`, anything else a `PqrtcError` with a code; after either the object still works.
 * `dispose()`, or `using`, zeroes the keys of an object.
 */
export {
  ABI_VERSION,
  ArtifactKind,
  CALL_MESSAGE_MAX,
  CallState,
  CipherSuite,
  Codec,
  Direction,
  FINGERPRINT_BYTES,
  KEM_SHARED_SECRET_BYTES,
  KemAlgorithm,
  KeyFormat,
  MeetingMessage,
  PUBLIC_KEY_KEM,
  PolicyOption,
  Profile,
  SESSION_KEY_BYTES,
  SESSION_SEAL_OVERHEAD_BYTES,
  SFRAME_BASE_KEY_BYTES,
  SFRAME_MAX_OVERHEAD_BYTES,
  SignatureAlgorithm,
  SrtpProfile,
  Status,
  Suite,
} from "./api.js";
export { Call, Policy, type CallInfo, type CallOptions, type Peer, type SframeKey } from "./call.js";
export type { Bytes } from "./check.js";
export { init, type Source } from "./core.js";
export * as envelope from "./envelope.js";
export { PqrtcError, type StatusName } from "./errors.js";
export * as frame from "./frame.js";
export { Handle } from "./handle.js";
export { HybridKeypair, initiate, suiteSizes, type SuiteSizes } from "./hybrid.js";
export { KemKeypair, encapsulate, kemSizes, type KemSizes } from "./kem.js";
export { cleanse, provider, random, selfTest, version } from "./library.js";
export {
  Meeting,
  MeetingCard,
  type CommitOptions,
  type Invitation,
  type MeetingInfo,
  type Outgoing,
  type ReceiveOptions,
} from "./meeting.js";
export { RecordingSigner, RecordingVerifier } from "./recording.js";
export { Role, Session } from "./session.js";
export {
  SframeReceiver,
  SframeSender,
  mlsKid,
  ratchetBaseKey,
  type Opened,
  type ReceiverOptions,
  type ReceiverStats,
  type SenderOptions,
  type SenderStats,
} from "./sframe.js";
export {
  ArtifactHasher,
  SigningKey,
  artifactVerify,
  exportPublicKey,
  fingerprint,
  importPublicKey,
  signatureSizes,
  verify,
  type SignatureSizes,
} from "./signing.js";
export * as turn from "./turn.js";
