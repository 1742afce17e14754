/// <reference lib="esnext.disposable" preserve="true" />
import { Status } from "./api.js";
import { wrong } from "./check.js";
import { core, type Core, type HandleFree } from "./core.js";
import { PqrtcError } from "./errors.js";

/** A pointer that the library gave, with the function that frees it. Nobody outside the package can make one. */
export class Made {
  constructor(
    readonly core: Core,
    readonly free: HandleFree,
    readonly pointer: number,
  ) {}
}

/** The function that frees the handles of a class. It says of what kind a handle is: a prototype can be changed. */
export const FREE: unique symbol = Symbol("free");

interface Kind {
  readonly name: string;
  readonly [FREE]: HandleFree;
}

/** Calls `make(core, out)` and owns the handle that it gives. */
export function made(kind: Kind, make: (core: Core, out: number) => number): Made {
  const owner = core();
  return new Made(owner, kind[FREE], owner.run((core) => core.made((out) => make(core, out))));
}

/** What is freed when its object is collected. */
const forgotten = new FinalizationRegistry<Made>(({ core, free, pointer }) => core.free(free, pointer));

let read: (handle: unknown) => Made | undefined | null;

/** What every object with keys in the module can do. A clone of it, or what a worker gets of it, is an empty object. */
export abstract class Handle {
  #made: Made | undefined;

  /** @internal */
  constructor(made: Made) {
    if (!(made instanceof Made)) throw new TypeError("pqrtc: this class has no public constructor");
    this.#made = made;
    forgotten.register(this, made, this);
  }

  static {
    // null for what is no handle, undefined for one that is disposed.
    read = (handle) => (typeof handle === "object" && handle !== null && #made in handle ? handle.#made : null);
  }

  /** Zeroes and frees what the module holds of the object. Any use afterwards is NULL_POINTER. Twice is fine. */
  dispose(): void {
    const held = this.#made;
    if (!held) return;
    this.#made = undefined;
    forgotten.unregister(this);
    held.core.free(held.free, held.pointer);
  }

  get disposed(): boolean {
    return this.#made === undefined;
  }
}

export interface Handle extends Disposable {}

// A browser that lacks it has no `using` either.
if (typeof Symbol.dispose === "symbol") {
  Object.defineProperty(Handle.prototype, Symbol.dispose, {
    value(this: Handle) {
      this.dispose();
    },
    configurable: true,
    writable: true,
  });
}

const listeners = new WeakMap<Handle, Set<() => void>>();

/** For the package: calls `listener` after each message that a call took, and each commit that a meeting took. */
export function onChange(handle: Handle, listener: () => void): void {
  const set = listeners.get(handle) ?? new Set();
  listeners.set(handle, set.add(listener));
}

/** For the package: tells the listeners. */
export function changed(handle: Handle): void {
  for (const listener of listeners.get(handle) ?? []) listener();
}

/**
 * The pointer of an object, `this` or an argument. It holds until code of the caller runs, which may dispose of the object: take members of
 * options and items of lists before.
 */
export function pointerOf(handle: Handle, kind: Kind, name = "this"): number {
  const held = read(handle);
  if (held === null) return wrong(name, `a ${kind.name}`, handle);
  if (!held) throw new PqrtcError(Status.NULL_POINTER, `${name === "this" ? `the ${kind.name}` : name} is disposed`);
  return held.free === kind[FREE] ? held.pointer : wrong(name, `a ${kind.name}`, handle);
}
