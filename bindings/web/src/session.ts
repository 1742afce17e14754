import { SESSION_KEY_BYTES, SESSION_SEAL_OVERHEAD_BYTES, SFRAME_BASE_KEY_BYTES, type SrtpProfile } from "./api.js";
import { NOTHING, bytes, text, u32, u64, type Bytes } from "./check.js";
import { run } from "./core.js";
import { FREE, Handle, pointerOf } from "./handle.js";

/** The sides of a key exchange. */
export const Role = { INITIATOR: 1, RESPONDER: 2 } as const;
export type Role = (typeof Role)[keyof typeof Role];

/**
 * One end of a key exchange: `initiate()`, `HybridKeypair.respond()` and `Call.session()` make them. Senders and receivers made from a
 * session outlive it.
 */
export class Session extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_session_free";

  /** The 32-byte session key itself, for code that was written to the V100 description; prefer `export()`. */
  key(): Uint8Array<ArrayBuffer> {
    const session = pointerOf(this, Session);
    return run((core) => core.filled(SESSION_KEY_BYTES, (...out) => core.x.pqrtc_session_key(session, ...out)));
  }

  /**
   * A key of 1 to 16320 bytes for the application's own use, another for each label (1 to 124 bytes), context (at most 65535) and length.
   * Both sides get the same.
   */
  export(label: string | Bytes, context: Bytes = NOTHING, length = 32): Uint8Array<ArrayBuffer> {
    const [session, name, about, size] = [pointerOf(this, Session), text(label, "label"), bytes(context, "context"), u32(length, "length")];
    return run((core) => {
      const [nameAt, aboutAt] = [core.put(name), core.put(about)];
      return core.filled(Math.min(size, 16321), (out) =>
        core.x.pqrtc_session_export(session, nameAt, name.length, aboutAt, about.length, out, size),
      );
    });
  }

  /**
   * SRTP master keys and salts in the order of RFC 5764 section 4.2, the initiator being the client: client_key || server_key ||
   * client_salt || server_salt (60, 56 or 88 bytes).
   */
  srtpKeys(profile: SrtpProfile): Uint8Array<ArrayBuffer> {
    const [session, which] = [pointerOf(this, Session), u32(profile, "profile")];
    return run((core) => core.variable(128, (...out) => core.x.pqrtc_session_srtp_keys(session, which, ...out)));
  }

  /**
   * The 32-byte base key of a sender and KID, for an SFrame engine that is not this library's. A sender of this side for that KID is
   * KEY_REUSED from then on.
   */
  sframeBaseKey(sender: Role, kid: bigint): Uint8Array<ArrayBuffer> {
    const [session, role, id] = [pointerOf(this, Session), u32(sender, "sender"), u64(kid, "kid")];
    return run((core) => core.filled(SFRAME_BASE_KEY_BYTES, (...out) => core.x.pqrtc_session_sframe_base_key(session, role, id, ...out)));
  }

  /**
   * Seals a small payload for the peer, such as a group key; adds 36 bytes. At most 1 MiB of plaintext and 65535 bytes of `aad`, which is
   * authenticated and not sent.
   */
  seal(plaintext: Bytes, aad: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
    const [session, data, extra] = [pointerOf(this, Session), bytes(plaintext, "plaintext"), bytes(aad, "aad")];
    return run((core) => {
      const [extraAt, dataAt] = [core.put(extra), core.put(data)];
      return core.variable(data.length + SESSION_SEAL_OVERHEAD_BYTES, (...out) =>
        core.x.pqrtc_session_seal(session, extraAt, extra.length, dataAt, data.length, ...out),
      );
    });
  }

  /**
   * Opens what the peer sealed, each message once. DECRYPTION_FAILED for anything else, REPLAYED_FRAME for a message opened before or more
   * than 1024 behind.
   */
  open(sealed: Bytes, aad: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
    const [session, data, extra] = [pointerOf(this, Session), bytes(sealed, "sealed"), bytes(aad, "aad")];
    return run((core) => {
      const [extraAt, dataAt] = [core.put(extra), core.put(data)];
      return core.variable(data.length, (...out) => core.x.pqrtc_session_open(session, extraAt, extra.length, dataAt, data.length, ...out));
    });
  }
}
