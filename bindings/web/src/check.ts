// What every argument goes through. Nothing here reaches the module: a bad argument changes nothing.
import { Status } from "./api.js";
import { PqrtcError } from "./errors.js";

/** Bytes as arguments: any view or buffer, also of shared memory. They are copied once, before anything looks at them. */
export type Bytes = ArrayBufferView | ArrayBufferLike;

/** None, the default of many arguments. */
export const NOTHING = new Uint8Array(0);

type Getter<T> = (this: unknown) => T;
const getter = <T>(prototype: object, name: string) => Object.getOwnPropertyDescriptor(prototype, name)!.get as Getter<T>;
// The language's own getters, since a subclass or a property may say something else.
const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const arrayBuffer = getter<ArrayBufferLike>(typedArray, "buffer");
const arrayOffset = getter<number>(typedArray, "byteOffset");
const arrayLength = getter<number>(typedArray, "byteLength");
const viewBuffer = getter<ArrayBufferLike>(DataView.prototype, "buffer");
const viewOffset = getter<number>(DataView.prototype, "byteOffset");
const viewLength = getter<number>(DataView.prototype, "byteLength");
const tagOf = getter<string | undefined>(typedArray, Symbol.toStringTag as unknown as string);

/** A plain view of the bytes. TypeError for anything else, and for a detached buffer. */
export function bytes(value: Bytes, name: string): Uint8Array {
  try {
    if (!ArrayBuffer.isView(value)) {
      // Neither a detached buffer nor what is no buffer passes.
      return isBuffer(value) ? new Uint8Array(value) : wrong(name, "bytes", value);
    }
    if (tagOf.call(value) === undefined) return new Uint8Array(viewBuffer.call(value), viewOffset.call(value), viewLength.call(value));
    const length = arrayLength.call(value);
    // Throws for a view whose memory is gone, which has no length.
    if (!length) Uint8Array.prototype.keys.call(value);
    return new Uint8Array(arrayBuffer.call(value), arrayOffset.call(value), length);
  } catch {
    return wrong(name, "bytes that are not detached", value);
  }
}

const ownLength = getter<number>(ArrayBuffer.prototype, "byteLength");
const sharedLength = typeof SharedArrayBuffer === "undefined" ? undefined : getter<number>(SharedArrayBuffer.prototype, "byteLength");

function isBuffer(value: unknown): value is ArrayBuffer {
  for (const length of [ownLength, sharedLength]) {
    try {
      length?.call(value);
      if (length) return true;
    } catch {
      // The other kind, or none.
    }
  }
  return false;
}

/** Bytes that are written to: a Uint8Array. */
export function writable(value: Uint8Array, name: string): Uint8Array {
  if (!ArrayBuffer.isView(value)) return wrong(name, "a Uint8Array", value);
  return bytes(value, name);
}

/** Bytes, or a string as UTF-8. A lone surrogate has no UTF-8. */
export function text(value: string | Bytes, name: string): Uint8Array {
  if (typeof value !== "string") return bytes(value, name);
  if (/\p{Surrogate}/u.test(value)) return wrong(name, "well-formed text", "a lone surrogate");
  return new TextEncoder().encode(value);
}

/** A whole number of at most 32 bits. */
export function u32(value: number, name: string): number {
  return whole(value, 0xffff_ffff, name);
}

/** A KID or a counter: a bigint of at most 64 bits. */
export function u64(value: bigint, name: string): bigint {
  if (typeof value !== "bigint") return wrong(name, "a bigint", value);
  return value >= 0n && value <= 0xffff_ffff_ffff_ffffn ? value : range(name, value);
}

/** A time in Unix seconds, or the number of a stream. */
export function safe(value: number, name: string): bigint {
  return BigInt(whole(value, Number.MAX_SAFE_INTEGER, name));
}

function whole(value: number, most: number, name: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) return wrong(name, "a whole number", value);
  return value >= 0 && value <= most ? value : range(name, value);
}

/** More than any call takes. */
const MOST_ITEMS = 65536;

/** The items of an iterable. */
export function list<T, U>(items: Iterable<T>, name: string, item: (value: T, name: string) => U): U[] {
  if (typeof items !== "object" || items === null || typeof items[Symbol.iterator] !== "function") return wrong(name, "a list", items);
  const out: U[] = [];
  for (const value of items) {
    if (out.length === MOST_ITEMS) throw new PqrtcError(Status.INVALID_LENGTH, `${name} has too many items`);
    out.push(item(value, `an item of ${name}`));
  }
  return out;
}

/** Options: an object, or nothing. */
export function options<T extends object>(value: T | undefined, name = "options"): Partial<T> {
  if (value === undefined) return {};
  return typeof value === "object" && value !== null ? value : wrong(name, "an object", value);
}

export function wrong(name: string, wanted: string, value: unknown): never {
  // What was passed may be a secret: its type alone is named.
  const kind = value === null ? "null" : typeof value === "object" ? "another object" : typeof value;
  throw new TypeError(`pqrtc: ${name} must be ${wanted}, not ${kind}`);
}

function range(name: string, value: number | bigint): never {
  throw new PqrtcError(Status.INVALID_ARGUMENT, `${name} is out of range: ${value}`);
}
