/**
 * The worker of the package: seals and opens frames between codec and packetizer. Without a key, and whenever something fails, a frame is
 * dropped. It is never passed on as it is.
 */

import { Codec } from "../api.js";
import type { SframeKey } from "../call.js";
import { init } from "../core.js";
import { PqrtcError } from "../errors.js";
import * as frames from "../frame.js";
import { SframeReceiver, SframeSender } from "../sframe.js";
import type { Ask, Failure, MediaStats, Start, StartStreams, Told } from "./messages.js";

/** How many frames are opened under a new key before those that it replaces are wiped (docs/handshake.md, "Media"). */
const GRACE_FRAMES = 512;
const STATS_EVERY_MS = 250;
/** Between two requests for a key frame, so that forged frames do not cause many. */
const KEY_FRAME_EVERY_MS = 1000;

/** RTCEncodedVideoFrame or RTCEncodedAudioFrame, as far as it is used. */
interface EncodedFrame {
  data: ArrayBuffer;
  getMetadata(): { readonly mimeType?: string };
}

/** RTCRtpScriptTransformer: browsers have it in workers alone, so TypeScript's DOM library does not. */
interface Transformer {
  readonly options: Start;
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  generateKeyFrame?(): Promise<unknown>;
  sendKeyFrameRequest?(): Promise<unknown>;
}

interface Scope {
  onrtctransform: ((event: { readonly transformer: Transformer }) => void) | null;
  onmessage: ((event: MessageEvent<WebAssembly.Module | StartStreams>) => void) | null;
}

const MIME: Readonly<Record<number, RegExp>> = {
  [Codec.OPUS]: /^audio\/(opus|red)$/i,
  [Codec.VP8]: /^video\/vp8$/i,
  [Codec.VP9]: /^video\/vp9$/i,
  [Codec.H264]: /^video\/h264$/i,
  [Codec.H265]: /^video\/h265$/i,
  [Codec.AV1]: /^video\/av1$/i,
};

/** One sender or receiver of the page. */
abstract class Transform {
  protected closed = false;
  #frames = 0;
  #kid: bigint | undefined;
  #framesOfKid = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #busy = 0;
  #dropped: Record<string, number> = {};
  #told = "";
  #keyFrameAsked = -Infinity;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(
    protected readonly start: Start,
    private readonly transformer: Partial<Transformer>,
  ) {
    this.#timer = setInterval(() => this.#tellStats(), STATS_EVERY_MS);
    start.port.onmessage = ({ data }: MessageEvent<Ask>) => void this.#answer(data);
  }

  /** Frames pass through here from the first one on, whether there is a key or not. */
  async run(readable: ReadableStream<EncodedFrame>, writable: WritableStream<EncodedFrame>): Promise<void> {
    // A pipe through a TransformStream would cost more than sealing does.
    const reader = readable.getReader(), writer = writable.getWriter();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        if (this.#pass(next.value)) writer.write(next.value).catch(() => {});
      }
    } catch {
      // the connection is closed
    }
    this.close();
  }

  #pass(frame: EncodedFrame): boolean {
    const began = performance.now();
    try {
      const mime = frame.getMetadata().mimeType, expected = MIME[this.start.codec];
      if (mime && expected && !expected.test(mime)) return this.#drop("OTHER_CODEC");
      if (!this.hasKey) return this.#drop("NO_KEY");
      const before = new Uint8Array(frame.data), { data, kid } = this.work(before);
      this.#bytesIn += before.length;
      this.#bytesOut += data.length;
      frame.data = data.buffer;
      if (kid !== this.#kid) [this.#kid, this.#framesOfKid] = [kid, 0];
      this.#frames++;
      this.#framesOfKid++;
      return true;
    } catch (why) {
      const reason = why instanceof PqrtcError ? why.status : "ERROR";
      this.failed(reason);
      return this.#drop(reason);
    } finally {
      this.#busy += performance.now() - began;
    }
  }

  #drop(reason: string): false {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1;
    return false;
  }

  async #answer(ask: Ask): Promise<void> {
    try {
      await ready;
      if (!this.closed) this.take(ask);
      this.tell({ tell: "answer", id: ask.id });
    } catch (why) {
      this.tell({ tell: "answer", id: ask.id, error: failure(why) });
    }
  }

  protected tell(told: Told): void {
    this.start.port.postMessage(told);
  }

  #tellStats(): void {
    const counted = `${this.#frames} ${JSON.stringify(this.#dropped)}`;
    if (counted === this.#told) return;
    this.#told = counted;
    const stats: MediaStats = {
      frames: this.#frames, kid: this.#kid, framesOfKid: this.#framesOfKid, dropped: { ...this.#dropped },
      bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, busy: this.#busy,
    };
    this.tell({ tell: "stats", stats });
  }

  protected wantKeyFrame(): void {
    const { transformer } = this;
    if (this.start.kind !== "video" || performance.now() - this.#keyFrameAsked < KEY_FRAME_EVERY_MS) return;
    this.#keyFrameAsked = performance.now();
    const asked = this.start.side === "send" ? transformer.generateKeyFrame?.() : transformer.sendKeyFrameRequest?.();
    asked?.catch(() => {}); // there may be nothing to ask of yet
  }

  /** Wipes the keys. What still comes is dropped. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.#timer);
    this.#tellStats();
    this.wipe();
  }

  protected abstract get hasKey(): boolean;
  protected abstract work(frame: Uint8Array): { readonly data: Uint8Array<ArrayBuffer>; readonly kid: bigint };
  protected take(ask: Ask): void {
    if (ask.ask === "close") this.close();
    if (ask.ask === "stop") this.wipe();
  }
  protected abstract wipe(): void;
  protected failed(_reason: string): void {}
}

function failure(why: unknown): Failure {
  const message = why instanceof Error ? why.message : String(why);
  // The class adds the code again.
  return why instanceof PqrtcError ? { code: why.code, message: message.replace(/ \(\w+, \d+\)$/, "") } : { code: 0, message };
}

class Sealing extends Transform {
  #sender: SframeSender | undefined;
  #kid = 0n;
  #next: SframeKey | undefined;

  protected get hasKey(): boolean {
    return this.#sender !== undefined;
  }

  protected work(frame: Uint8Array) {
    return { data: frames.seal(this.#sender!, this.start.codec, frame, this.start.metadata), kid: this.#kid };
  }

  protected override take(ask: Ask): void {
    super.take(ask);
    if (ask.ask === "key") {
      try {
        this.#use(); // one that waited to hear that the peer has it: the peer must have it, to have one after it
      } finally {
        this.#next = ask.key;
      }
    }
    if (ask.ask === "use" || (ask.ask === "key" && ask.use)) this.#use();
  }

  /** From here on frames are sealed under the next key. If it cannot be used nothing is sealed under the one before either. */
  #use(): void {
    const next = this.#next, first = !this.#sender;
    if (!next) return;
    this.#sender?.dispose();
    this.#sender = this.#next = undefined;
    try {
      this.#sender = SframeSender.fromKey(next.baseKey, next.kid, this.start.cipher);
      this.#kid = next.kid;
    } finally {
      next.baseKey.fill(0);
    }
    if (first) this.wantKeyFrame(); // nobody has the frames before this one
  }

  protected wipe(): void {
    this.#sender?.dispose();
    this.#next?.baseKey.fill(0);
    this.#sender = this.#next = undefined;
  }
}

class Opening extends Transform {
  #receiver: SframeReceiver | undefined;
  /** KIDs, oldest first; the last ones are in use, and when GRACE_FRAMES were opened under them the others go. */
  #line: bigint[][] = [];
  #opened = 0;
  #told = new Set<bigint>();

  protected get hasKey(): boolean {
    return this.#receiver !== undefined;
  }

  protected work(sealed: Uint8Array) {
    const { frame, kid } = frames.openDetail(this.#receiver!, this.start.codec, sealed, this.start.metadata);
    if (!this.#told.has(kid)) {
      this.#told.add(kid);
      this.tell({ tell: "opened", kid });
    }
    if (this.#line.length > 1 && this.#line.at(-1)!.includes(kid) && ++this.#opened >= GRACE_FRAMES) this.#keep(1);
    return { data: frame, kid };
  }

  protected override failed(reason: string): void {
    // Later pictures refer to the one that was dropped; but what comes twice, as retransmissions do, is not missing.
    if (reason !== "REPLAYED_FRAME") this.wantKeyFrame();
  }

  protected override take(ask: Ask): void {
    super.take(ask);
    if (ask.ask === "remove") this.#remove(ask.kid);
    if (ask.ask !== "add" && ask.ask !== "next") return;
    const first = !this.#receiver, { keys } = ask;
    const receiver = (this.#receiver ??= new SframeReceiver(this.start.cipher));
    try {
      if (ask.ask === "next") {
        this.#keep(1); // those in use stay, those before them go: their KIDs may come again
        for (const kid of this.#line.flat().filter((kid) => ask.gone.includes(kid))) this.#remove(kid);
      }
      this.#add(receiver, keys);
    } catch (why) {
      if (first) this.wipe();
      throw why;
    } finally {
      for (const { baseKey } of keys) baseKey.fill(0);
    }
    if (ask.ask === "next") {
      this.#line.push(keys.map(({ kid }) => kid));
      this.#opened = 0;
    }
    if (first) this.wantKeyFrame();
  }

  /** All or none. */
  #add(receiver: SframeReceiver, keys: readonly SframeKey[]): void {
    const added: bigint[] = [];
    try {
      for (const { kid, baseKey } of keys) {
        receiver.addKey(kid, baseKey);
        added.push(kid);
        this.#told.delete(kid);
      }
    } catch (why) {
      for (const kid of added) receiver.removeKey(kid);
      throw why;
    }
  }

  #keep(count: number): void {
    for (const kid of this.#line.splice(0, Math.max(0, this.#line.length - count)).flat()) this.#receiver?.removeKey(kid);
  }

  #remove(kid: bigint): void {
    this.#receiver?.removeKey(kid);
    this.#line = this.#line.map((kids) => kids.filter((one) => one !== kid));
  }

  protected wipe(): void {
    this.#receiver?.dispose();
    this.#receiver = undefined;
    this.#line = [];
  }
}

function begin(start: Start, streams: Pick<Transformer, "readable" | "writable">, transformer: Partial<Transformer> = {}): void {
  const transform = start.side === "send" ? new Sealing(start, transformer) : new Opening(start, transformer);
  void transform.run(streams.readable, streams.writable);
}

const scope = self as unknown as Scope;
/** The page sends the module that it compiled, so the worker fetches and compiles nothing. */
let instantiate: (module: WebAssembly.Module) => void;
const ready = new Promise<WebAssembly.Module>((resolve) => {
  instantiate = resolve;
}).then((module) => init(module));

scope.onmessage = ({ data }) => {
  if (data instanceof WebAssembly.Module) instantiate(data);
  else begin(data, data);
};
scope.onrtctransform = ({ transformer }) => begin(transformer.options, transformer, transformer);
