import { Status } from "./api.js";

/** The name of a status code: "DECRYPTION_FAILED". */
export type StatusName = keyof typeof Status;

const names = new Map(Object.entries(Status).map(([name, code]) => [code as number, name as StatusName]));

/** What every function throws, except for a `TypeError` where an argument has the wrong type. */
export class PqrtcError extends Error {
  override readonly name = "PqrtcError";
  /** The status code of the C API, which never changes its meaning. */
  readonly code: number;
  /** Its name. */
  readonly status: StatusName;
  /** What a refused frame says of itself, with UNKNOWN_KEY_ID, REPLAYED_FRAME and DECRYPTION_FAILED of a frame. Nothing authenticates it. */
  readonly kid: bigint | undefined;
  readonly counter: bigint | undefined;
  /** The capacity that suffices, with BUFFER_TOO_SMALL. */
  readonly needed: number | undefined;

  constructor(code: number, message: string, detail: { kid?: bigint; counter?: bigint; needed?: number } = {}) {
    const status = names.get(code) ?? "INTERNAL";
    super(`${message} (${status}, ${code})`);
    this.code = code;
    this.status = status;
    this.kid = detail.kid;
    this.counter = detail.counter;
    this.needed = detail.needed;
  }
}
