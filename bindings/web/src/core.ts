// The WebAssembly module: how it starts, how a call goes into it, and what happens when it traps. It speaks the C ABI: a pointer is a number,
// inputs are copied into memory that is wiped after the call, outputs are copied out of it.
import { load } from "#load";
import { ABI_VERSION, Status, type Exports } from "./api.js";
import { bytes, wrong } from "./check.js";
import { PqrtcError } from "./errors.js";

/** Where the module comes from: its bytes, the module compiled, or where to fetch it. */
export type Source = BufferSource | WebAssembly.Module | URL | string;

/** A structure of api.ts, and what its fields are read as. */
interface Layout {
  readonly size: number;
  readonly fields: { readonly [name: string]: readonly ["u32" | "u64" | "bytes", number, number] };
}
type Read = { u32: number; u64: bigint; bytes: Uint8Array };
export type Fields<L extends Layout> = { -readonly [N in keyof L["fields"]]: Read[L["fields"][N][0]] };

const PAGE = 1 << 16;

/** Pages of the module's memory that are this package's: the library's allocator does not know of them. */
interface Region {
  readonly start: number;
  readonly size: number;
  used: number;
}

/** The module while it runs, and the memory for the arguments of one call. */
export class Core {
  /** The functions of the C ABI. One that traps ends the module. */
  readonly x: Exports;
  readonly #memoryOf: WebAssembly.Memory;
  /** For the arguments of one call, each larger than the one before. They are zero between calls. */
  readonly #regions: Region[] = [];
  #memory: Uint8Array;
  #view: DataView;
  #busy = false;
  /** Handles to free when the call that runs is over. */
  #later: (() => void)[] = [];
  #dead = false;

  constructor(instance: WebAssembly.Instance) {
    const exports = instance.exports as unknown as Exports;
    if (exports.pqrtc_abi_version?.() !== ABI_VERSION) throw new Error("pqrtc: this is not the module of this version of the package");
    this.x = this.#guarded(exports);
    this.#memoryOf = exports.memory;
    this.#memory = new Uint8Array(this.#memoryOf.buffer);
    this.#view = new DataView(this.#memory.buffer);
    this.#grow(1);
  }

  /** A trap leaves locks held and keys half made: nothing works afterwards. */
  #guarded(exports: Exports): Exports {
    const guarded: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value !== "function") continue;
      guarded[name] = (...args: unknown[]): unknown => {
        try {
          return (value as (...args: unknown[]) => unknown)(...args);
        } catch {
          this.#dead = true;
          throw dead();
        }
      };
    }
    return guarded as unknown as Exports;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Runs one call. What it put into memory is wiped after it. */
  run<T>(body: (core: Core) => T): T {
    if (this.#dead) throw dead();
    if (this.#busy) throw new PqrtcError(Status.INTERNAL, "called from within a call");
    this.#busy = true;
    try {
      return body(this);
    } finally {
      this.#end();
      this.#busy = false;
      for (const free of this.#later.splice(0)) free();
    }
  }

  #end(): void {
    this.#refresh();
    if (this.#dead) {
      // Its memory goes with it, and no key in it is used again.
      this.#memory.fill(0);
      return;
    }
    for (const region of this.#regions) {
      this.#memory.fill(0, region.start, region.start + region.used);
      region.used = 0;
    }
  }

  /** Memory that grew has a new buffer. */
  #refresh(): void {
    const { buffer } = this.#memoryOf;
    if (this.#memory.buffer === buffer) return;
    this.#memory = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  #grow(pages: number): Region {
    let start: number;
    try {
      start = this.#memoryOf.grow(pages) * PAGE;
    } catch {
      throw new PqrtcError(Status.OUT_OF_MEMORY, "the module gets no more memory");
    }
    this.#refresh();
    const region = { start, size: pages * PAGE, used: 0 };
    this.#regions.push(region);
    return region;
  }

  /** Memory of that many bytes until the end of the call. It is zero. */
  room(length: number): number {
    const size = Math.ceil(length / 8) * 8;
    // Twice the last, so that all together are not much more than the largest.
    const region =
      this.#regions.find(({ size: has, used }) => size <= has - used) ??
      this.#grow(Math.max(Math.ceil(size / PAGE), (2 * this.#regions.at(-1)!.size) / PAGE));
    region.used += size;
    return region.start + region.used - size;
  }

  /** A copy of an input. */
  put(data: Uint8Array): number {
    const pointer = this.room(data.length);
    this.#refresh();
    this.#memory.set(data, pointer);
    return pointer;
  }

  /** Room for one number: 0 until something is written. */
  word(): number {
    return this.room(8);
  }

  u32(pointer: number): number {
    this.#refresh();
    return this.#view.getUint32(pointer, true);
  }

  u64(pointer: number): bigint {
    this.#refresh();
    return this.#view.getBigUint64(pointer, true);
  }

  /** Numbers of 32 bits one after the other. */
  putNumbers(numbers: readonly number[]): number {
    return this.put(new Uint8Array(Uint32Array.from(numbers).buffer));
  }

  /** A copy of an output. */
  take(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    this.#refresh();
    return this.#memory.slice(pointer, pointer + length);
  }

  /** The same into the caller's memory. */
  takeInto(pointer: number, length: number, out: Uint8Array): void {
    this.#refresh();
    out.set(this.#memory.subarray(pointer, pointer + length));
  }

  check(status: number): void {
    if (status) throw this.error(status);
  }

  error(status: number, detail?: { kid?: bigint; counter?: bigint; needed?: number }): PqrtcError {
    return new PqrtcError(status, this.string(this.x.pqrtc_status_string(status)), detail);
  }

  /** A string that ends with a zero. */
  string(pointer: number): string {
    this.#refresh();
    return latin(this.#memory.subarray(pointer, this.#memory.indexOf(0, pointer)));
  }

  /** The handle that `make(out)` gives. */
  made(make: (out: number) => number): number {
    const out = this.word();
    this.check(make(out));
    return this.u32(out);
  }

  /** An output of a known length. */
  filled(length: number, fill: (out: number, length: number) => number): Uint8Array<ArrayBuffer> {
    const out = this.room(length);
    this.check(fill(out, length));
    return this.take(out, length);
  }

  /** An output of at most `guess` bytes, or what the library then asks for. */
  variable(guess: number, fill: (out: number, capacity: number, written: number) => number): Uint8Array<ArrayBuffer> {
    const written = this.word();
    let out = this.room(guess);
    let status = fill(out, guess, written);
    if (status === Status.BUFFER_TOO_SMALL) {
      const needed = this.u32(written);
      out = this.room(needed);
      status = fill(out, needed, written);
    }
    this.check(status);
    return this.take(out, this.u32(written));
  }

  /** Sizes, each written to a word of its own. */
  sizes(count: number, call: (words: number[]) => number): number[] {
    const words = Array.from({ length: count }, () => this.word());
    this.check(call(words));
    return words.map((word) => this.u32(word));
  }

  /** A structure. */
  struct<L extends Layout>(layout: L, fill: (out: number) => number): Fields<L> {
    const out = this.room(layout.size);
    this.#view.setUint32(out, layout.size, true);
    this.check(fill(out));
    const read = { u32: (at: number) => this.u32(at), u64: (at: number) => this.u64(at), bytes: (at: number, length: number) => this.take(at, length) };
    const fields = Object.entries(layout.fields).map(([name, [kind, at, length]]) => [name, read[kind](out + at, length)]);
    return Object.fromEntries(fields) as Fields<L>;
  }

  /** Frees a handle, unless the module is dead: at once, or when the call that may use it is over. */
  free(free: HandleFree, pointer: number): void {
    if (this.#busy) this.#later.push(() => this.free(free, pointer));
    else if (!this.#dead) this.x[free](pointer);
  }

  /** The memory of the module, for the tests that look for secrets in it. */
  get memory(): Uint8Array {
    this.#refresh();
    return this.#memory;
  }
}

/** The functions that free a handle. */
export type HandleFree = Extract<keyof Exports, `pqrtc_${string}_free`>;

/** ASCII digits and names. */
export function latin(data: Uint8Array): string {
  return String.fromCharCode(...data);
}

const dead = () => new PqrtcError(Status.INTERNAL, "the WebAssembly module has trapped and is dead: reload the page or start a new worker");

let running: Core | undefined;
let module: WebAssembly.Module | undefined;
let starting: Promise<void> | undefined;

/** The module that runs. */
export function core(): Core {
  if (!running) throw new PqrtcError(Status.UNEXPECTED_MESSAGE, "pqrtc is not started: await init() first");
  return running;
}

/** What was compiled for it: a worker instantiates the same. */
export function compiledModule(): WebAssembly.Module {
  core();
  return module!;
}

/** Runs one call in the module that runs. */
export function run<T>(body: (core: Core) => T): T {
  return core().run(body);
}

/**
 * Starts the module, once; later calls wait for the same. Without a source it is the file `pqrtc.wasm` beside the package's code. One that
 * has trapped stays dead: its keys are gone, and a second one would not know which it had used.
 */
export async function init(source?: Source | Promise<Source>): Promise<void> {
  if (running) {
    if (running.dead) throw dead();
    return;
  }
  starting ??= start(source).finally(() => {
    starting = undefined;
  });
  return starting;
}

async function start(source?: Source | Promise<Source>): Promise<void> {
  let memory: WebAssembly.Memory | undefined;
  // What the library calls for randomness. It must not throw through the module.
  const random = (pointer: number, length: number): number => {
    try {
      const out = new Uint8Array(memory!.buffer, pointer >>> 0, length >>> 0);
      for (let at = 0; at < out.length; at += 65536) crypto.getRandomValues(out.subarray(at, at + 65536));
      return 1;
    } catch {
      return 0;
    }
  };
  const started = await compiled(await source);
  const instance = await WebAssembly.instantiate(started, { pqrtc: { random } });
  module = started;
  memory = instance.exports["memory"] as WebAssembly.Memory;
  running = new Core(instance);
}

async function compiled(source: Source | undefined): Promise<WebAssembly.Module> {
  if (source === undefined) return load();
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof URL || typeof source === "string") return load(new URL(source, import.meta.url));
  if (!ArrayBuffer.isView(source) && !(source instanceof ArrayBuffer)) return wrong("source", "bytes, a module or a URL", source);
  return WebAssembly.compile(bytes(source, "source").slice());
}
