/**
 * Media of a page, sealed end to end: `protect` a sender, `unprotect` a receiver. Frames pass through the worker of the package, after the
 * encoder and before the decoder. Without a key, and whenever something fails, a frame is dropped and counted: nothing is sent or shown
 * that was not sealed.
 */

import { CipherSuite, Codec, Status } from "../api.js";
import { Call, type SframeKey } from "../call.js";
import { bytes, list, options as optionsOf, safe, u32, u64, wrong } from "../check.js";
import { compiledModule } from "../core.js";
import { PqrtcError } from "../errors.js";
import { Meeting } from "../meeting.js";
import { follow, type Follower } from "./follow.js";
import type { Ask, MediaStats, Request, Side, Start, Told } from "./messages.js";

export type { MediaStats } from "./messages.js";

export interface MediaOptions {
  /** AES_256_GCM_SHA512_128 unless given. */
  readonly cipher?: CipherSuite;
  /** What both sides know of the track, such as its name: authenticated and not sent. At most 60000 bytes. */
  readonly metadata?: Uint8Array;
  /** The number of the stream in a call or meeting, of the side that sends it. 0 for video and 1 for audio unless given. */
  readonly stream?: number;
  /**
   * For a receiver in a meeting: the index of the member whose frames it carries. It opens nobody else's, so a server cannot show one member
   * in the place of another. All other members' unless given.
   */
  readonly member?: number;
}

/** A sender or receiver with its transform. Dispatches `stats` (see `stats`) and, if its worker cannot work, `error` (see `error`). */
export abstract class MediaTransform extends EventTarget {
  /** The newest ones. */
  stats: MediaStats = { frames: 0, kid: undefined, framesOfKid: 0, dropped: {}, bytesIn: 0, bytesOut: 0, busy: 0 };
  /** What went wrong last, for keys that were followed. */
  error: Error | undefined;
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { resolve: () => void; reject: (why: Error) => void }>();
  #asked = 0;
  #last: Promise<void> = Promise.resolve();
  #closed = false;
  #dead: Error | undefined;

  /** @internal */
  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Told>) => this.#hear(data);
  }

  /** Resolves when the worker has all keys that it was given up to now. */
  ready(): Promise<void> {
    return this.#last;
  }

  /** Wipes the keys in the worker. The transform stays: frames are dropped from now on. */
  async close(): Promise<void> {
    if (this.#closed) return;
    if (!this.#dead) await this.ask({ ask: "close" });
    this.#closed = true;
    this.dispatchEvent(new Event("close"));
  }

  /** @internal Wipes the keys: frames are dropped until there are others. */
  stop(): Promise<void> {
    return this.ask({ ask: "stop" });
  }

  /** @internal Says that something went wrong which nobody waits for. */
  fail(why: unknown): void {
    this.error = why instanceof Error ? why : new Error(String(why));
    this.dispatchEvent(new Event("error"));
  }

  /** @internal There is no worker: what waits for it, and all that follows, fails. */
  die(why: Error): void {
    this.#dead = why;
    for (const { reject } of this.#waiting.values()) reject(why);
    this.#waiting.clear();
    this.fail(why);
  }

  protected opened(_kid: bigint): void {}

  protected ask(request: Request, transfer: Transferable[] = []): Promise<void> {
    if (this.#closed) return Promise.reject(new PqrtcError(Status.INVALID_ARGUMENT, "the transform is closed"));
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#asked;
    const answered = new Promise<void>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#port.postMessage({ id, ...request } satisfies Ask, transfer);
    this.#last = Promise.allSettled([this.#last, answered]).then(() => {});
    return answered;
  }

  #hear(told: Told): void {
    if (told.tell === "stats") {
      this.stats = told.stats;
      this.dispatchEvent(new Event("stats"));
    } else if (told.tell === "opened") {
      this.opened(told.kid);
    } else {
      const waiting = this.#waiting.get(told.id);
      this.#waiting.delete(told.id);
      if (!told.error) return waiting?.resolve();
      const { code, message } = told.error;
      waiting?.reject(code ? new PqrtcError(code, message) : new Error(message));
    }
  }
}

/** What seals the frames of an `RTCRtpSender`. */
export class Protection extends MediaTransform {
  /**
   * The key to seal under from now on. Each key and KID may seal for one sender, once: a second use of the same is `KEY_REUSED`, and the
   * sender then seals nothing until it is given another.
   */
  async setKey(key: SframeKey): Promise<void> {
    return this.prepare(key, true);
  }

  /** @internal A key that is used from `use()` on, or at once. */
  prepare(key: SframeKey, use: boolean): Promise<void> {
    const copy = copied(key);
    return this.ask({ ask: "key", key: copy, use }, [copy.baseKey.buffer]);
  }

  /** @internal */
  use(): Promise<void> {
    return this.ask({ ask: "use" });
  }
}

/** What opens the frames of an `RTCRtpReceiver`. */
export class Unprotection extends MediaTransform {
  /** @internal */
  onopened: ((kid: bigint) => void) | undefined;

  /** One more key to open under. `KEY_REUSED` for a KID that it has. */
  async addKey(key: SframeKey): Promise<void> {
    const copy = copied(key);
    return this.ask({ ask: "add", keys: [copy] }, [copy.baseKey.buffer]);
  }

  /** The key that the peer changes to: the one before stays for 512 more frames, then it is wiped. */
  async nextKey(key: SframeKey): Promise<void> {
    return this.nextKeys([key]);
  }

  /** @internal The same for the keys of many. Those `gone` are wiped at once. */
  nextKeys(keys: readonly SframeKey[], gone: readonly bigint[] = []): Promise<void> {
    const copies = keys.map(copied);
    return this.ask({ ask: "next", keys: copies, gone }, copies.map(({ baseKey }) => baseKey.buffer));
  }

  /** Wipes the key of a KID. `UNKNOWN_KEY_ID` if there is none. */
  async removeKey(kid: bigint): Promise<void> {
    return this.ask({ ask: "remove", kid: u64(kid, "kid") });
  }

  protected override opened(kid: bigint): void {
    this.onopened?.(kid);
  }
}

/**
 * Seals what a sender sends. Call it before anything is negotiated, and offer only the codec that is named.
 *
 * `key` is a call or a meeting, whose changes of keys are followed, or a key, or null for none yet. A `TypeError` for what is none of these;
 * `INVALID_ARGUMENT` for an unknown codec, and for a sender that has a transform; `POLICY_REFUSED` for a cipher suite that the profile of the
 * call does not allow. Where it throws, the sender has no transform: do not go on with it.
 */
export function protect(sender: RTCRtpSender, key: Call | Meeting | SframeKey | null, codec: Codec, options: MediaOptions = {}): Protection {
  if (!isA("RTCRtpSender", sender)) return wrong("sender", "an RTCRtpSender", sender);
  const checked = settings(codec, options), { follower, own } = source(key, checked.cipher);
  const protection = attach(sender, "send", checked, (port) => new Protection(port));
  follower?.sender(protection, checked.stream);
  for (const one of own) {
    failing(protection, protection.setKey(one));
    one.baseKey.fill(0);
  }
  return protection;
}

/** Opens what a receiver receives. Call it as soon as there is a receiver: right after `addTransceiver`, or when the offer of the peer was set. */
export function unprotect(
  receiver: RTCRtpReceiver,
  keys: Call | Meeting | SframeKey | readonly SframeKey[] | null,
  codec: Codec,
  options: MediaOptions = {},
): Unprotection {
  if (!isA("RTCRtpReceiver", receiver)) return wrong("receiver", "an RTCRtpReceiver", receiver);
  const checked = settings(codec, options), { follower, own } = source(keys, checked.cipher);
  const unprotection = attach(receiver, "receive", checked, (port) => new Unprotection(port));
  follower?.receiver(unprotection, checked.stream, checked.member);
  for (const one of own) {
    failing(unprotection, unprotection.addKey(one));
    one.baseKey.fill(0);
  }
  return unprotection;
}

/** Where keys come from: what has them and changes them, or copies of those that were given. */
function source(keys: Call | Meeting | SframeKey | readonly SframeKey[] | null, cipher: CipherSuite): { follower?: Follower; own: SframeKey[] } {
  if (keys instanceof Call || keys instanceof Meeting) {
    const follower = follow(keys);
    follower.allows(cipher);
    return { follower, own: [] };
  }
  if (keys === null) return { own: [] };
  return { own: Array.isArray(keys) ? list(keys as readonly SframeKey[], "keys", copied) : [copied(keys as SframeKey)] };
}

/** Also where there is no WebRTC, as in Node. */
const isA = (kind: "RTCRtpSender" | "RTCRtpReceiver", value: unknown): boolean => kind in globalThis && value instanceof globalThis[kind];

const failing = (transform: MediaTransform, given: Promise<void>): void => void given.catch((why: unknown) => transform.fail(why));

/** A key of its own, to transfer. */
function copied(key: SframeKey): SframeKey {
  if (typeof key !== "object" || key === null) return wrong("key", "a call, a meeting, a key or null", key);
  const [kid, baseKey] = [u64(key.kid, "kid"), bytes(key.baseKey, "baseKey")];
  if (baseKey.length < 16 || baseKey.length > 64) throw new PqrtcError(Status.INVALID_LENGTH, "baseKey is not of 16 to 64 bytes");
  return { kid, baseKey: Uint8Array.from(baseKey) };
}

interface Settings {
  readonly codec: Codec;
  readonly cipher: CipherSuite;
  readonly metadata: Uint8Array;
  readonly stream: number;
  readonly member: number | undefined;
}

const known = <T extends number>(of: Readonly<Record<string, T>>, value: T, name: string): T => {
  u32(value, name);
  if (Object.values(of).includes(value)) return value;
  throw new PqrtcError(Status.INVALID_ARGUMENT, `${name} is unknown: ${value}`);
};

function settings(codec: Codec, options: MediaOptions): Settings {
  const { cipher = CipherSuite.AES_256_GCM_SHA512_128, metadata = new Uint8Array(), stream = codec === Codec.OPUS ? 1 : 0, member } = optionsOf(options);
  safe(stream, "stream");
  if (member !== undefined) u32(member, "member");
  return { codec: known(Codec, codec, "codec"), cipher: known(CipherSuite, cipher, "cipher"), metadata: bytes(metadata, "metadata").slice(), stream, member };
}

/** The one worker of the page. All senders of a page are there, so that no key serves two of them. */
let worker: Worker | undefined;
/** Why there is none. */
let missing: Error | undefined;
const transforms = new Set<MediaTransform>();

function theWorker(): Worker {
  if (missing) throw missing; // Firefox could not attach it
  if (worker) return worker;
  worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "pqrtc" });
  worker.onerror = (event) => {
    // An ErrorEvent is of a worker that runs, any other event of one that could not be loaded.
    const runs = event instanceof ErrorEvent, why = new Error(`pqrtc: the worker ${runs ? `failed: ${event.message}` : "could not be loaded"}`);
    if (!runs) missing = why;
    for (const transform of transforms) runs ? transform.fail(why) : transform.die(why);
  };
  worker.postMessage(compiledModule());
  return worker;
}

interface EncodedStreams {
  createEncodedStreams(): { readonly readable: ReadableStream; readonly writable: WritableStream };
}

function attach<T extends MediaTransform>(on: RTCRtpSender | RTCRtpReceiver, side: Side, settings: Settings, make: (port: MessagePort) => T): T {
  if (attached.has(on) || on.transform) throw new PqrtcError(Status.INVALID_ARGUMENT, "it has a transform already");
  const { codec, cipher, metadata } = settings;
  const kind = on.track?.kind ?? (codec === Codec.OPUS ? "audio" : "video");
  const { port1, port2 } = new MessageChannel();
  const start: Start = { side, kind, codec, cipher, metadata, port: port2 };
  if (typeof RTCRtpScriptTransform === "function") {
    on.transform = new RTCRtpScriptTransform(theWorker(), start, [port2]);
  } else {
    const streams = (on as unknown as EncodedStreams).createEncodedStreams();
    theWorker().postMessage({ ...start, ...streams }, [port2, streams.readable, streams.writable]);
  }
  attached.add(on);
  const transform = make(port1);
  transforms.add(transform);
  transform.addEventListener("close", () => transforms.delete(transform));
  return transform;
}

const attached = new WeakSet<object>();
