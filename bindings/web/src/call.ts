import {
  CALL_MESSAGE_MAX,
  CallInfo as Layout,
  SFRAME_BASE_KEY_BYTES,
  Status,
  type CallState,
  type CipherSuite,
  type Direction,
  type PolicyOption,
  type Profile,
  type SignatureAlgorithm,
} from "./api.js";
import { NOTHING, bytes, options, safe, u32, type Bytes } from "./check.js";
import { latin, run } from "./core.js";
import { FREE, Handle, changed, made, pointerOf } from "./handle.js";
import { Session, type Role } from "./session.js";
import { SframeReceiver, SframeSender } from "./sframe.js";
import { SigningKey } from "./signing.js";

const SAS_DIGITS = 10;

/** What a participant accepts of the other side. A new one accepts nobody. */
export class Policy extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_policy_free";

  constructor(profile: Profile) {
    const which = u32(profile, "profile");
    super(made(Policy, ({ x }, out) => x.pqrtc_policy_new(which, out)));
  }

  /** Sets an option: 32 bytes for PIN, which may be set many times, and PSK; nothing for the rest. */
  set(option: PolicyOption, value: Bytes = NOTHING): this {
    const [policy, which, data] = [pointerOf(this, Policy), u32(option, "option"), bytes(value, "value")];
    run((core) => core.check(core.x.pqrtc_policy_set(policy, which, core.put(data), data.length)));
    return this;
  }
}

export interface CallOptions {
  /** The keys for the suites of the profile, in any order; without one this side is anonymous. */
  readonly identity?: SigningKey;
  readonly secondIdentity?: SigningKey;
  /** The own DTLS fingerprint, 0 to 64 bytes. */
  readonly binding?: Bytes;
  /** The application's own. */
  readonly credential?: Bytes;
}

/** Where a call is. `role` and `suite` are undefined while they are not known, and so is the peer's identity if it shows none. */
export interface CallInfo {
  readonly state: CallState;
  readonly role: Role | undefined;
  readonly suite: number | undefined;
  readonly epoch: number;
  readonly maySend: boolean;
  readonly peerIdentity: SignatureAlgorithm | undefined;
  readonly peerFingerprint: Uint8Array<ArrayBuffer> | undefined;
}

/** Who the peer proved to be: no algorithm and an empty key for an anonymous one. */
export interface Peer {
  readonly algorithm: SignatureAlgorithm | undefined;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly credential: Uint8Array<ArrayBuffer>;
}

/** One end of an authenticated call: `offer()` and `receive()` until `info().maySend`. Keys and policy are copied. */
export class Call extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_call_free";

  constructor(policy: Policy, settings?: CallOptions) {
    const { identity, secondIdentity, binding = NOTHING, credential = NOTHING } = options(settings);
    const accepted = pointerOf(policy, Policy, "policy");
    const me = identity === undefined ? 0 : pointerOf(identity, SigningKey, "identity");
    const me2 = secondIdentity === undefined ? 0 : pointerOf(secondIdentity, SigningKey, "secondIdentity");
    const [certificate, shown] = [bytes(binding, "binding"), bytes(credential, "credential")];
    super(
      made(Call, (core, out) =>
        core.x.pqrtc_call_new(me, me2, accepted, core.put(certificate), certificate.length, core.put(shown), shown.length, out),
      ),
    );
  }

  /** The offer of the call, or of a rekey in one that runs. */
  offer(): Uint8Array<ArrayBuffer> {
    const call = pointerOf(this, Call);
    return run((core) => core.variable(CALL_MESSAGE_MAX, (...out) => core.x.pqrtc_call_offer(call, ...out)));
  }

  /**
   * Takes a message of the peer and gives the one to send back, empty if there is none. `peerBinding` is the peer's DTLS fingerprint as the
   * SDP has it. A message that is refused changes nothing. After PEER_REJECTED look at `peer()`, `pin()` it, and give the message again.
   */
  receive(message: Bytes, peerBinding: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
    const [call, data, certificate] = [pointerOf(this, Call), bytes(message, "message"), bytes(peerBinding, "peerBinding")];
    const reply = run((core) => {
      const [at, certificateAt] = [core.put(data), core.put(certificate)];
      return core.variable(CALL_MESSAGE_MAX, (...out) =>
        core.x.pqrtc_call_receive(call, at, data.length, certificateAt, certificate.length, ...out),
      );
    });
    changed(this);
    return reply;
  }

  /** Accepts the identity of this fingerprint, 32 bytes. */
  pin(fingerprint: Bytes): void {
    const [call, data] = [pointerOf(this, Call), bytes(fingerprint, "fingerprint")];
    run((core) => core.check(core.x.pqrtc_call_pin(call, core.put(data), data.length)));
  }

  /** The fingerprint of a new certificate, for the next rekey. */
  setBinding(binding: Bytes): void {
    const [call, data] = [pointerOf(this, Call), bytes(binding, "binding")];
    run((core) => core.check(core.x.pqrtc_call_set_binding(call, core.put(data), data.length)));
  }

  info(): CallInfo {
    const call = pointerOf(this, Call);
    const info = run((core) => core.struct(Layout, (out) => core.x.pqrtc_call_info(call, out)));
    const known = info.peerIdentity !== 0;
    return {
      state: info.state as CallState,
      role: (info.role || undefined) as Role | undefined,
      suite: info.suite || undefined,
      epoch: info.epoch,
      maySend: info.maySend === 1,
      peerIdentity: known ? (info.peerIdentity as SignatureAlgorithm) : undefined,
      peerFingerprint: known ? (info.peerFingerprint as Uint8Array<ArrayBuffer>) : undefined,
    };
  }

  /** Who the peer proved to be, also after PEER_REJECTED. */
  peer(): Peer {
    const call = pointerOf(this, Call);
    return run((core) => {
      const [algorithm, keyLength, length] = [core.word(), core.word(), core.word()];
      const ask = (key: number, most: number, credential: number, room: number) =>
        core.x.pqrtc_call_peer(call, algorithm, key, most, keyLength, credential, room, length);
      const status = ask(0, 0, 0, 0);
      // An anonymous peer without a credential needs no bytes.
      if (status !== Status.BUFFER_TOO_SMALL) core.check(status);
      // Never an empty buffer, which would ask for the size.
      const [most, space] = [core.u32(keyLength) + 1, core.u32(length) + 1];
      const [key, credential] = [core.room(most), core.room(space)];
      core.check(ask(key, most, credential, space));
      return {
        algorithm: (core.u32(algorithm) || undefined) as SignatureAlgorithm | undefined,
        publicKey: core.take(key, core.u32(keyLength)),
        credential: core.take(credential, core.u32(length)),
      };
    });
  }

  /** Ten digits for people to compare. */
  sas(): string {
    const call = pointerOf(this, Call);
    return latin(run((core) => core.filled(SAS_DIGITS, (...out) => core.x.pqrtc_call_sas(call, ...out))));
  }

  /** The session of the newest epoch. */
  session(): Session {
    const call = pointerOf(this, Call);
    return new Session(made(Session, ({ x }, out) => x.pqrtc_call_session(call, out)));
  }

  /**
   * A sender for one of this side's streams, numbered as the application likes. It follows rekeys by itself, and refuses to seal before it
   * may.
   */
  sender(stream: number, cipher: CipherSuite): SframeSender {
    const [call, which, suite] = [pointerOf(this, Call), safe(stream, "stream"), u32(cipher, "cipher")];
    return new SframeSender(made(SframeSender, ({ x }, out) => x.pqrtc_call_sender(call, which, suite, out)));
  }

  /** A receiver of all streams of the peer, across rekeys. */
  receiver(cipher: CipherSuite): SframeReceiver {
    const [call, suite] = [pointerOf(this, Call), u32(cipher, "cipher")];
    return new SframeReceiver(made(SframeReceiver, ({ x }, out) => x.pqrtc_call_receiver(call, suite, out)));
  }

  /** KID and base key of one direction and stream, for an SFrame engine that is not this object's: another library's, or a worker's. */
  sframeKey(direction: Direction, stream: number): SframeKey {
    const [call, way, which] = [pointerOf(this, Call), u32(direction, "direction"), safe(stream, "stream")];
    return run((core) => {
      const kid = core.word();
      const baseKey = core.filled(SFRAME_BASE_KEY_BYTES, (...out) => core.x.pqrtc_call_sframe_key(call, way, which, kid, ...out));
      return { kid: core.u64(kid), baseKey };
    });
  }
}

/** A base key and the KID that it is for. */
export interface SframeKey {
  readonly kid: bigint;
  readonly baseKey: Uint8Array<ArrayBuffer>;
}
