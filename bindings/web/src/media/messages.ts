/** What pages and the worker of the package say to each other. Each sender and receiver has a `MessagePort` of its own. */

import type { CipherSuite, Codec } from "../api.js";
import type { SframeKey } from "../call.js";

/** What a sender or receiver has done so far. */
export interface MediaStats {
  /** Frames sealed, or opened. */
  readonly frames: number;
  /** The KID of the last of them, and how many came under it. */
  readonly kid: bigint | undefined;
  readonly framesOfKid: number;
  /** Frames that were not let through, by reason: the name of a status code, `NO_KEY`, or `OTHER_CODEC`. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Bytes of the frames sealed, or opened, before and after. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Milliseconds that the worker spent in sealing or opening. */
  readonly busy: number;
}

export type Side = "send" | "receive";

/** Begins a transform. */
export interface Start {
  readonly side: Side;
  readonly kind: string;
  readonly codec: Codec;
  readonly cipher: CipherSuite;
  readonly metadata: Uint8Array;
  readonly port: MessagePort;
}

/** As the worker gets it where a page has `createEncodedStreams` alone. */
export interface StartStreams extends Start {
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
}

/** To the worker, which answers each by its `id`. */
export type Ask = Request & { readonly id: number };
export type Request =
  /** A sender's next key. It is used at once, or from `use` on. */
  | { readonly ask: "key"; readonly key: SframeKey; readonly use: boolean }
  | { readonly ask: "use" }
  /** Keys of a receiver. They take the place of the others, which stay for frames on their way, except for those that are `gone`. */
  | { readonly ask: "next"; readonly keys: readonly SframeKey[]; readonly gone: readonly bigint[] }
  /** One more key of a receiver. */
  | { readonly ask: "add"; readonly keys: readonly [SframeKey] }
  | { readonly ask: "remove"; readonly kid: bigint }
  /** Wipes all keys, until there are others. */
  | { readonly ask: "stop" }
  | { readonly ask: "close" };

/** From the worker. */
export type Told =
  | { readonly tell: "answer"; readonly id: number; readonly error?: Failure }
  | { readonly tell: "stats"; readonly stats: MediaStats }
  /** The first frame under a key was opened: the peer has it. */
  | { readonly tell: "opened"; readonly kid: bigint };

/** An error, which as it is would lose its class on the way. */
export interface Failure {
  /** 0 if it has none. */
  readonly code: number;
  readonly message: string;
}
