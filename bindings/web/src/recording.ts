import type { SignatureAlgorithm } from "./api.js";
import { bytes, u32, wrong, type Bytes } from "./check.js";
import { run } from "./core.js";
import { FREE, Handle, made, pointerOf } from "./handle.js";
import { SigningKey } from "./signing.js";

/** What an entry and a state have at most. */
const [ENTRY, STATE] = [8192, 128];

/**
 * Signs a recording segment by segment, so that nobody can drop, move, repeat, alter or exchange one, or cut the recording off
 * (docs/recordings.md). `recordingId` (1 to 64 bytes) names the recording, and no other one that this key signs.
 */
export class RecordingSigner extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_recording_signer_free";

  static create(key: SigningKey, recordingId: Bytes): RecordingSigner {
    const [signing, id] = [pointerOf(key, SigningKey, "key"), bytes(recordingId, "recordingId")];
    return new RecordingSigner(
      made(RecordingSigner, (core, out) => core.x.pqrtc_recording_signer_new(signing, core.put(id), id.length, out)),
    );
  }

  /**
   * A signer that goes on where another one gave `state`. MALFORMED_MESSAGE if that is no state, one of another algorithm, or one of another
   * recording before its first entry; what is signed after a later wrong state does not verify.
   */
  static resume(key: SigningKey, recordingId: Bytes, state: Bytes): RecordingSigner {
    const [signing, id, data] = [pointerOf(key, SigningKey, "key"), bytes(recordingId, "recordingId"), bytes(state, "state")];
    return new RecordingSigner(
      made(RecordingSigner, (core, out) => {
        const [idAt, at] = [core.put(id), core.put(data)];
        return core.x.pqrtc_recording_signer_resume(signing, idAt, id.length, at, data.length, out);
      }),
    );
  }

  /** Adds the next piece of the current segment. UNEXPECTED_MESSAGE after the last entry. */
  update(data: Bytes): void {
    const [signer, piece] = [pointerOf(this, RecordingSigner), bytes(data, "data")];
    run((core) => core.check(core.x.pqrtc_recording_signer_update(signer, core.put(piece), piece.length)));
  }

  /** Ends the current segment, which may be empty, and with `last` the recording. UNEXPECTED_MESSAGE after the last entry. */
  entry(last = false): Uint8Array<ArrayBuffer> {
    const signer = pointerOf(this, RecordingSigner);
    if (typeof last !== "boolean") wrong("last", "a boolean", last);
    const flag = last ? 1 : 0;
    return run((core) => core.variable(ENTRY, (...out) => core.x.pqrtc_recording_signer_entry(signer, flag, ...out)));
  }

  /**
   * The entry that was made last as a COSE_Sign1 message (RFC 9964; docs/recordings.md). UNSUPPORTED for the composite, UNEXPECTED_MESSAGE
   * before the first entry that this signer made.
   */
  cose(): Uint8Array<ArrayBuffer> {
    const signer = pointerOf(this, RecordingSigner);
    return run((core) => core.variable(ENTRY, (...out) => core.x.pqrtc_recording_signer_cose(signer, ...out)));
  }

  /**
   * What `resume()` goes on from. No secret. Store it after each entry, once the entry is stored. UNEXPECTED_MESSAGE within a segment.
   */
  get state(): Uint8Array<ArrayBuffer> {
    const signer = pointerOf(this, RecordingSigner);
    return run((core) => core.variable(STATE, (...out) => core.x.pqrtc_recording_signer_state(signer, ...out)));
  }
}

/** Verifies a recording segment by segment, in constant memory. */
export class RecordingVerifier extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_recording_verifier_free";

  static create(algorithm: SignatureAlgorithm, publicKey: Bytes, recordingId: Bytes): RecordingVerifier {
    const [which, key, id] = [u32(algorithm, "algorithm"), bytes(publicKey, "publicKey"), bytes(recordingId, "recordingId")];
    return new RecordingVerifier(
      made(RecordingVerifier, (core, out) => {
        const [keyAt, idAt] = [core.put(key), core.put(id)];
        return core.x.pqrtc_recording_verifier_new(which, keyAt, key.length, idAt, id.length, out);
      }),
    );
  }

  /** Adds the next piece of the current segment. */
  update(data: Bytes): void {
    const [verifier, piece] = [pointerOf(this, RecordingVerifier), bytes(data, "data")];
    run((core) => core.check(core.x.pqrtc_recording_verifier_update(verifier, core.put(piece), piece.length)));
  }

  /**
   * Returns if this is the entry of the segment just given. Else, in this order: MALFORMED_MESSAGE (no entry, another algorithm, anything
   * after the last entry), OUT_OF_SEQUENCE (a segment is missing, repeated or moved), DIGEST_MISMATCH (another segment), BAD_SIGNATURE (an
   * altered entry, another recording, key or history). The first three compare what nobody has authenticated. After a refusal the verifier
   * stands where it stood, and the bytes of the segment are forgotten.
   */
  entry(entry: Bytes): void {
    const [verifier, data] = [pointerOf(this, RecordingVerifier), bytes(entry, "entry")];
    run((core) => core.check(core.x.pqrtc_recording_verifier_entry(verifier, core.put(data), data.length)));
  }

  /** Returns if the recording is whole; INCOMPLETE before the last entry, and if bytes were given after it. */
  finish(): void {
    const verifier = pointerOf(this, RecordingVerifier);
    run((core) => core.check(core.x.pqrtc_recording_verifier_finish(verifier)));
  }
}
