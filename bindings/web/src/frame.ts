// Media frames that still look like their codec's to the packetizers they pass: what those read stays clear, and is authenticated.
import { FrameInfo, Status, type Codec } from "./api.js";
import { NOTHING, bytes, u32, type Bytes } from "./check.js";
import { run, type Core } from "./core.js";
import { PqrtcError } from "./errors.js";
import { pointerOf } from "./handle.js";
import { SframeReceiver, SframeSender, into, refused, room, type Opened } from "./sframe.js";

/** The capacity that always suffices for `sealInto()`. INVALID_ARGUMENT for an unknown codec or a frame over 64 MiB. */
export function sealMaxSize(codec: Codec, frameLength: number): number {
  return most("pqrtc_frame_seal_max_size", codec, frameLength);
}

/** The same for `openInto()`. */
export function openMaxSize(codec: Codec, sealedLength: number): number {
  return most("pqrtc_frame_open_max_size", codec, sealedLength);
}

function most(name: "pqrtc_frame_seal_max_size" | "pqrtc_frame_open_max_size", codec: Codec, length: number): number {
  const [which, size] = [u32(codec, "codec"), u32(length, "length")];
  const found = run((core) => core.x[name](which, size) >>> 0);
  if (size && !found) throw new PqrtcError(Status.INVALID_ARGUMENT, "no codec, or too long a frame");
  return found;
}

/**
 * Seals an encoded frame of at most 64 MiB. `metadata`, at most 60000 bytes, is what both sides know of the frame, such as the name of its
 * track: authenticated and not sent. NOTHING_TO_SEAL for parameter sets or delimiters alone: send those as they are. INVALID_ARGUMENT for
 * bytes that are no frame of the codec.
 */
export function seal(sender: SframeSender, codec: Codec, frame: Bytes, metadata: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
  const [from, which, data, extra] = sending(sender, codec, frame, metadata);
  return run((core) => {
    const [extraAt, at] = [core.put(extra), core.put(data)];
    // Room that suffices for most frames.
    return core.variable(data.length + 512, (...sealed) => core.x.pqrtc_frame_seal(from, which, extraAt, extra.length, at, data.length, ...sealed));
  });
}

/** Seals into `out` and gives the number of bytes written; `sealMaxSize()` always suffices. `out` may be the memory of `frame`. */
export function sealInto(sender: SframeSender, codec: Codec, frame: Bytes, out: Uint8Array, metadata: Bytes = NOTHING): number {
  const [from, which, data, extra] = sending(sender, codec, frame, metadata);
  const [use, space] = [into(out), room(out)];
  return run((core) => {
    const capacity = Math.min(space, core.x.pqrtc_frame_seal_max_size(which, data.length) >>> 0);
    const [written, extraAt, at, sealed] = [core.word(), core.put(extra), core.put(data), core.room(capacity)];
    const status = core.x.pqrtc_frame_seal(from, which, extraAt, extra.length, at, data.length, sealed, capacity, written);
    if (status) throw core.error(status, { needed: core.u32(written) });
    return use(core, sealed, core.u32(written));
  });
}

function sending(sender: SframeSender, codec: Codec, frame: Bytes, metadata: Bytes): [number, number, Uint8Array, Uint8Array] {
  return [pointerOf(sender, SframeSender, "sender"), u32(codec, "codec"), bytes(frame, "frame"), bytes(metadata, "metadata")];
}

/** Opens what `seal()` made with the same codec and metadata, whole or not at all. Throws what `SframeReceiver.open()` does. */
export function open(receiver: SframeReceiver, codec: Codec, sealed: Bytes, metadata: Bytes = NOTHING): Uint8Array<ArrayBuffer> {
  return opened(receiver, codec, sealed, metadata, (core, out, length) => core.take(out, length));
}

/** As `open()`, and says what the last sealed unit of the frame was sealed under. */
export function openDetail(receiver: SframeReceiver, codec: Codec, sealed: Bytes, metadata: Bytes = NOTHING): Opened {
  return opened(receiver, codec, sealed, metadata, (core, out, length, kid, counter) => ({
    frame: core.take(out, length),
    kid: core.u64(kid),
    counter: core.u64(counter),
  }));
}

/** Opens into `out` and gives the number of bytes written; `sealed.length` always suffice. `out` may be the memory of `sealed`. */
export function openInto(receiver: SframeReceiver, codec: Codec, sealed: Bytes, out: Uint8Array, metadata: Bytes = NOTHING): number {
  return opened(receiver, codec, sealed, metadata, into(out), room(out));
}

type Use<T> = (core: Core, out: number, length: number, kid: number, counter: number) => T;

function opened<T>(receiver: SframeReceiver, codec: Codec, sealed: Bytes, metadata: Bytes, use: Use<T>, space?: number): T {
  const [to, which] = [pointerOf(receiver, SframeReceiver, "receiver"), u32(codec, "codec")];
  const [data, extra] = [bytes(sealed, "sealed"), bytes(metadata, "metadata")];
  const capacity = Math.min(space ?? Infinity, data.length);
  return run((core) => {
    const [written, kid, counter] = [core.word(), core.word(), core.word()];
    const [extraAt, at, out] = [core.put(extra), core.put(data), core.room(capacity)];
    const status = core.x.pqrtc_frame_open(to, which, extraAt, extra.length, at, data.length, out, capacity, written, kid, counter);
    if (status) throw refused(core, status, kid, counter, written);
    return use(core, out, core.u32(written), kid, counter);
  });
}

/** What a sealed frame looks like. Nothing of it is authenticated. */
export interface Info {
  readonly kid: bigint;
  readonly firstCounter: bigint;
  readonly lastCounter: bigint;
  readonly sealedUnits: number;
  readonly parameterSets: number;
  readonly delimiters: number;
  readonly clearBytes: number;
}

/**
 * Looks at a sealed frame without a key, for logs and for finding the key of a KID. MALFORMED_FRAME for what cannot be a sealed frame of the
 * codec.
 */
export function inspect(codec: Codec, sealed: Bytes): Info {
  const [which, data] = [u32(codec, "codec"), bytes(sealed, "sealed")];
  return run((core) => {
    const at = core.put(data);
    const info = core.struct(FrameInfo, (out) => core.x.pqrtc_frame_inspect(which, at, data.length, out));
    return {
      ...info,
      sealedUnits: Number(info.sealedUnits),
      parameterSets: Number(info.parameterSets),
      delimiters: Number(info.delimiters),
      clearBytes: Number(info.clearBytes),
    };
  });
}
