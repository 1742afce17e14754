import { SFRAME_MAX_OVERHEAD_BYTES, SFrameSenderStats as SenderLayout, SFrameStats as Layout, Status, type CipherSuite } from "./api.js";
import { NOTHING, bytes, list, options, u32, u64, writable, type Bytes } from "./check.js";
import { run, type Core } from "./core.js";
import { FREE, Handle, Made, made, pointerOf } from "./handle.js";
import { PqrtcError } from "./errors.js";
import { Session } from "./session.js";

/** Frames sealed under a KID, or units of codec frames, and how many counters are left. */
export interface SenderStats {
  readonly kid: bigint;
  readonly sealed: bigint;
  readonly left: bigint;
}

/** What a receiver has seen: KIDs held now, frames opened, and frames refused, by reason. */
export interface ReceiverStats {
  readonly keys: number;
  readonly opened: number;
  readonly malformed: number;
  readonly unknownKeyId: number;
  readonly replayed: number;
  readonly decryptionFailed: number;
}

/** A frame, and the KID and counter that it was sealed under. */
export interface Opened {
  readonly frame: Uint8Array<ArrayBuffer>;
  readonly kid: bigint;
  readonly counter: bigint;
}

/** For a sender that ratchets. */
export interface SenderOptions {
  /** How many low bits of the KID, 1 to 16, count ratchet steps. They are 0 at first. 0 is no ratchet. */
  readonly ratchetBits?: number;
}

export interface ReceiverOptions {
  /** The replay window in counters, a multiple of 64 from 64 to 65536; 1024 if not given. */
  readonly window?: number;
  /** The `ratchetBits` of the senders. */
  readonly ratchetBits?: number;
  /** How far ahead of the newest ratchet step a frame may be, 1 to 1024. */
  readonly maxSteps?: number;
  /** How many frames of a new step are opened before the step before it is wiped. */
  readonly graceFrames?: number;
}

/**
 * Seals the frames of one sender under one key and key ID (KID). KEY_REUSED if this module has made a sender for this key and KID before:
 * each page and each worker has a module of its own, so make the sender of a key in one place alone.
 */
export class SframeSender extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_sframe_sender_free";

  /** The sender of this side of a session. */
  static fromSession(session: Session, kid: bigint, cipher: CipherSuite, settings?: SenderOptions): SframeSender {
    const bits = ratchetBitsOf(settings);
    const [from, id, which] = [pointerOf(session, Session, "session"), u64(kid, "kid"), u32(cipher, "cipher")];
    return ratcheting(bits, made(SframeSender, ({ x }, out) => x.pqrtc_sframe_sender_new(from, id, which, out)));
  }

  /** A sender with a base key of 16 to 64 bytes, such as `random(32)` gives. */
  static fromKey(baseKey: Bytes, kid: bigint, cipher: CipherSuite, settings?: SenderOptions): SframeSender {
    const bits = ratchetBitsOf(settings);
    const [key, id, which] = [bytes(baseKey, "baseKey"), u64(kid, "kid"), u32(cipher, "cipher")];
    return ratcheting(bits, made(SframeSender, (core, out) => core.x.pqrtc_sframe_sender_from_key(core.put(key), key.length, id, which, out)));
  }

  /** Seals a frame of at most 64 MiB; adds at most 33 bytes. `metadata`, at most 65535 bytes, is authenticated and not sent. */
  seal(frame: Bytes, metadata: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
    return sealed(this, frame, metadata, (core, out, length) => core.take(out, length));
  }

  /** Seals into `out` and gives the number of bytes written; `frame.length + 33` always suffice. `out` may be the memory of `frame`. */
  sealInto(frame: Bytes, out: Uint8Array, metadata: Bytes = NOTHING): number {
    return sealed(this, frame, metadata, into(out), room(out));
  }

  /** Seals many frames with the same metadata in one call. All or none. */
  sealMany(frames: Iterable<Bytes>, metadata: Bytes = NOTHING): Uint8Array<ArrayBuffer>[] {
    const many = list(frames, "frames", bytes);
    const [sender, extra] = [pointerOf(this, SframeSender), bytes(metadata, "metadata")];
    if (!many.length) return [];
    return run((core) => {
      const { lengths, at, total } = packed(core, many);
      const [written, sizes, extraAt] = [core.word(), core.room(4 * many.length), core.put(extra)];
      const most = total + many.length * SFRAME_MAX_OVERHEAD_BYTES;
      const out = core.room(most);
      core.check(
        core.x.pqrtc_sframe_seal_batch(sender, extraAt, extra.length, at, total, lengths, many.length, out, most, written, sizes),
      );
      return split(core, out, sizes, many.length);
    });
  }

  /** The KID that the next frame is sealed under. */
  get kid(): bigint {
    const sender = pointerOf(this, SframeSender);
    return number(({ x }, out) => x.pqrtc_sframe_sender_kid(sender, out));
  }

  /** What it has done under the KID in use. */
  stats(): SenderStats {
    const sender = pointerOf(this, SframeSender);
    return run((core) => core.struct(SenderLayout, (out) => core.x.pqrtc_sframe_sender_stats(sender, out)));
  }

  /**
   * One step (RFC 9605 section 5.1): the next base key, KID + 1, counter 0; gives the new KID. The key before is wiped, so who learns the key
   * from now on cannot open what was sealed before.
   */
  ratchet(): bigint {
    const sender = pointerOf(this, SframeSender);
    return number(({ x }, out) => x.pqrtc_sframe_sender_ratchet(sender, out));
  }
}

const ratchetBitsOf = (settings: SenderOptions | undefined): number => u32(options(settings).ratchetBits ?? 0, "ratchetBits");

function ratcheting(bits: number, made: Made): SframeSender {
  const sender = new SframeSender(made);
  if (bits) settled(sender, () => run((core) => core.check(core.x.pqrtc_sframe_sender_set_ratchet(pointerOf(sender, SframeSender), bits))));
  return sender;
}

/** An object whose settings are refused is not left behind. */
function settled<H extends Handle>(handle: H, set: () => void): void {
  try {
    set();
  } catch (why) {
    handle.dispose();
    throw why;
  }
}

function sealed<T>(sender: SframeSender, frame: Bytes, metadata: Bytes, use: (core: Core, out: number, length: number) => T, most?: number): T {
  const [from, data, extra] = [pointerOf(sender, SframeSender), bytes(frame, "frame"), bytes(metadata, "metadata")];
  const capacity = Math.min(most ?? Infinity, data.length + SFRAME_MAX_OVERHEAD_BYTES);
  return run((core) => {
    const [written, extraAt, at, out] = [core.word(), core.put(extra), core.put(data), core.room(capacity)];
    const status = core.x.pqrtc_sframe_seal(from, extraAt, extra.length, at, data.length, out, capacity, written);
    if (status) throw core.error(status, { needed: core.u32(written) });
    return use(core, out, core.u32(written));
  });
}

/** Opens the frames of any number of senders, each once: MALFORMED_FRAME, UNKNOWN_KEY_ID, REPLAYED_FRAME, DECRYPTION_FAILED, in this order. */
export class SframeReceiver extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_sframe_receiver_free";

  /** A receiver without keys. */
  constructor(cipher: CipherSuite, settings?: ReceiverOptions);
  /** @internal */
  constructor(made: Made);
  constructor(cipher: CipherSuite | Made, settings?: ReceiverOptions) {
    if (cipher instanceof Made) {
      super(cipher);
      return;
    }
    const which = u32(cipher, "cipher");
    const { window, ratchetBits = 0, maxSteps = 16, graceFrames = 64 } = options(settings);
    const counters = window === undefined ? undefined : u32(window, "window");
    const [bits, steps, grace] = [u32(ratchetBits, "ratchetBits"), u32(maxSteps, "maxSteps"), u32(graceFrames, "graceFrames")];
    super(made(SframeReceiver, ({ x }, out) => x.pqrtc_sframe_receiver_new(which, out)));
    const receiver = pointerOf(this, SframeReceiver);
    settled(this, () =>
      run((core) => {
        if (counters !== undefined) core.check(core.x.pqrtc_sframe_receiver_set_window(receiver, counters));
        if (bits) core.check(core.x.pqrtc_sframe_receiver_set_ratchet(receiver, bits, steps, grace));
      }),
    );
  }

  /** Adds the key of the peer's sender with this KID. KEY_REUSED for a KID that the receiver has, and for a key that was removed from it. */
  addSession(session: Session, kid: bigint): void {
    const [receiver, from, id] = [pointerOf(this, SframeReceiver), pointerOf(session, Session, "session"), u64(kid, "kid")];
    run((core) => core.check(core.x.pqrtc_sframe_receiver_add_session(receiver, from, id)));
  }

  /** Adds the key of a sender: its KID and base key of 16 to 64 bytes. One that ratchets is added at the step that it is at. */
  addKey(kid: bigint, baseKey: Bytes): void {
    const [receiver, id, key] = [pointerOf(this, SframeReceiver), u64(kid, "kid"), bytes(baseKey, "baseKey")];
    run((core) => core.check(core.x.pqrtc_sframe_receiver_add_key(receiver, id, core.put(key), key.length)));
  }

  /** Wipes the key of a KID. UNKNOWN_KEY_ID if there is none. */
  removeKey(kid: bigint): void {
    const [receiver, id] = [pointerOf(this, SframeReceiver), u64(kid, "kid")];
    run((core) => core.check(core.x.pqrtc_sframe_receiver_remove_key(receiver, id)));
  }

  /** Opens a sealed frame; `metadata` is what the sender gave with it. */
  open(sealed: Bytes, metadata: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
    return opened(this, sealed, metadata, (core, out, length) => core.take(out, length));
  }

  /** As `open()`, and says what the frame was sealed under. */
  openDetail(sealed: Bytes, metadata: Bytes = NOTHING): Opened {
    return opened(this, sealed, metadata, (core, out, length, kid, counter) => ({
      frame: core.take(out, length),
      kid: core.u64(kid),
      counter: core.u64(counter),
    }));
  }

  /** Opens into `out` and gives the number of bytes written; `sealed.length` always suffice. `out` may be the memory of `sealed`. */
  openInto(sealed: Bytes, out: Uint8Array, metadata: Bytes = NOTHING): number {
    return opened(this, sealed, metadata, into(out), room(out));
  }

  /**
   * Opens many frames with the same metadata in one call. In the place of a frame that is refused stands its error, not thrown: one bad frame
   * does not cost the others.
   */
  openMany(sealed: Iterable<Bytes>, metadata: Bytes = NOTHING): (Uint8Array<ArrayBuffer> | PqrtcError)[] {
    const many = list(sealed, "sealed", bytes);
    const [receiver, extra] = [pointerOf(this, SframeReceiver), bytes(metadata, "metadata")];
    if (!many.length) return [];
    const count = many.length;
    return run((core) => {
      const { lengths, at, total } = packed(core, many);
      const [written, sizes, extraAt, out] = [core.word(), core.room(4 * count), core.put(extra), core.room(total)];
      const statuses = core.room(4 * count);
      core.check(
        core.x.pqrtc_sframe_open_batch(
          receiver, extraAt, extra.length, at, total, lengths, count, out, total, written, sizes, statuses, 0, 0,
        ),
      ); // prettier-ignore
      return split(core, out, sizes, count).map((frame, i) => {
        const status = core.u32(statuses + 4 * i);
        return status ? core.error(status) : frame;
      });
    });
  }

  /** What it has seen so far. */
  stats(): ReceiverStats {
    const receiver = pointerOf(this, SframeReceiver);
    return counted((core, out) => core.x.pqrtc_sframe_receiver_stats(receiver, out));
  }

  /** The same for one KID. UNKNOWN_KEY_ID if the receiver does not have it. */
  keyStats(kid: bigint): ReceiverStats {
    const [receiver, id] = [pointerOf(this, SframeReceiver), u64(kid, "kid")];
    return counted((core, out) => core.x.pqrtc_sframe_receiver_key_stats(receiver, id, out));
  }
}

function counted(fill: (core: Core, out: number) => number): ReceiverStats {
  const fields = Object.entries(run((core) => core.struct(Layout, (out) => fill(core, out))));
  return Object.fromEntries(fields.map(([name, value]) => [name, Number(value)])) as unknown as ReceiverStats;
}

type Use<T> = (core: Core, out: number, length: number, kid: number, counter: number) => T;

function opened<T>(receiver: SframeReceiver, sealed: Bytes, metadata: Bytes, use: Use<T>, most?: number): T {
  const [to, data, extra] = [pointerOf(receiver, SframeReceiver), bytes(sealed, "sealed"), bytes(metadata, "metadata")];
  const capacity = Math.min(most ?? Infinity, data.length);
  return run((core) => {
    const [written, kid, counter] = [core.word(), core.word(), core.word()];
    const [extraAt, at, out] = [core.put(extra), core.put(data), core.room(capacity)];
    const status = core.x.pqrtc_sframe_open(to, extraAt, extra.length, at, data.length, out, capacity, written, kid, counter);
    if (status) throw refused(core, status, kid, counter, written);
    return use(core, out, core.u32(written), kid, counter);
  });
}

const hinted: number[] = [Status.UNKNOWN_KEY_ID, Status.REPLAYED_FRAME, Status.DECRYPTION_FAILED];

/** The error of a frame that was not opened, with what the frame says of itself. */
export function refused(core: Core, status: number, kid: number, counter: number, written?: number): PqrtcError {
  if (hinted.includes(status)) return core.error(status, { kid: core.u64(kid), counter: core.u64(counter) });
  if (status === Status.BUFFER_TOO_SMALL && written !== undefined) return core.error(status, { needed: core.u32(written) });
  return core.error(status);
}

/** Where the caller wants the output. */
export function into(out: Uint8Array): (core: Core, at: number, length: number) => number {
  const target = writable(out, "out");
  return (core, at, length) => {
    core.takeInto(at, length, target);
    return length;
  };
}

export function room(out: Uint8Array): number {
  return writable(out, "out").length;
}

/** A number that a call writes. */
export function number(call: (core: Core, out: number) => number): bigint {
  return run((core) => {
    const out = core.word();
    core.check(call(core, out));
    return core.u64(out);
  });
}

/** Frames back to back, and their lengths. */
function packed(core: Core, many: readonly Uint8Array[]): { lengths: number; at: number; total: number } {
  const lengths = core.putNumbers(many.map((one) => one.length));
  const all = new Uint8Array(many.reduce((sum, one) => sum + one.length, 0));
  let end = 0;
  for (const one of many) {
    all.set(one, end);
    end += one.length;
  }
  const at = core.put(all);
  all.fill(0);
  return { lengths, at, total: all.length };
}

function split(core: Core, out: number, lengths: number, count: number): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: count }, (_, i) => {
    const length = core.u32(lengths + 4 * i);
    out += length;
    return core.take(out - length, length);
  });
}

/** The base key of the ratchet step after one of 16 to 64 bytes: what to give a newcomer, who then has no key of an earlier step. */
export function ratchetBaseKey(cipher: CipherSuite, baseKey: Bytes): Uint8Array<ArrayBuffer> {
  const [which, key] = [u32(cipher, "cipher"), bytes(baseKey, "baseKey")];
  return run((core) => {
    const at = core.put(key);
    return core.variable(64, (...out) => core.x.pqrtc_sframe_ratchet_base_key(which, at, key.length, ...out));
  });
}

/**
 * The KID of RFC 9605 section 5.2 for an application that runs MLS (RFC 9420) itself, with `indexBits` as S and `epochBits` as E.
 * INVALID_ARGUMENT if the index or the stream does not fit its bits, or S and E take more than 64.
 */
export function mlsKid(epoch: bigint, index: bigint, stream: bigint, indexBits: number, epochBits: number): bigint {
  const [when, who, what] = [u64(epoch, "epoch"), u64(index, "index"), u64(stream, "stream")];
  const [s, e] = [u32(indexBits, "indexBits"), u32(epochBits, "epochBits")];
  return number(({ x }, out) => x.pqrtc_sframe_mls_kid(when, who, what, s, e, out));
}
