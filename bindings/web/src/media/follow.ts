/** Keys of a call, as it changes them: to the worker, for each sender and receiver, the way docs/handshake.md has it under "Rekey". */

import { CallState, Direction } from "../api.js";
import { onChange, type Call, type SframeKey } from "../call.js";
import { Role } from "../session.js";
import type { MediaTransform, Protection, Unprotection } from "./index.js";

const followers = new WeakMap<Call, Follower>();

export function follow(call: Call): Follower {
  let follower = followers.get(call);
  if (!follower) followers.set(call, (follower = new Follower(call)));
  return follower;
}

class Follower {
  readonly #senders = new Map<Protection, number>();
  readonly #receivers = new Map<Unprotection, number>();
  #epoch: number | undefined;
  /** Senders have the keys of the newest epoch, and wait to hear that the peer has them. */
  #waiting = false;

  constructor(private readonly call: Call) {
    onChange(call, () => this.#changed());
    this.#changed();
  }

  sender(protection: Protection, stream: number): void {
    this.#senders.set(protection, stream);
    protection.addEventListener("close", () => this.#senders.delete(protection));
    // A stream that begins while the others wait begins in the newest epoch.
    if (this.#epoch !== undefined) this.#seal(protection, stream, true);
  }

  receiver(unprotection: Unprotection, stream: number): void {
    this.#receivers.set(unprotection, stream);
    unprotection.addEventListener("close", () => this.#receivers.delete(unprotection));
    unprotection.onopened = (kid) => {
      if (this.#epoch !== undefined && (kid & 3n) === BigInt(this.#epoch & 3)) this.#confirmed();
    };
    if (this.#epoch !== undefined) this.#open(unprotection, stream);
  }

  #changed(): void {
    const { maySend, epoch, role, state } = this.call.info();
    if (!maySend) return;
    if (epoch !== this.#epoch) {
      this.#waiting = this.#epoch !== undefined && role === Role.INITIATOR;
      this.#epoch = epoch;
      // To open before to seal: who is told of the keys may use them.
      for (const [unprotection, stream] of this.#receivers) this.#open(unprotection, stream);
      for (const [protection, stream] of this.#senders) this.#seal(protection, stream, !this.#waiting);
    }
    if (state === CallState.CONFIRMED) this.#confirmed();
  }

  /** The peer has the newest epoch. */
  #confirmed(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    for (const protection of this.#senders.keys()) attempt(protection, () => protection.use());
  }

  #seal(protection: Protection, stream: number, use: boolean): void {
    attempt(protection, () => this.#with(Direction.SENDING, stream, (key) => protection.prepare(key, use)));
  }

  #open(unprotection: Unprotection, stream: number): void {
    attempt(unprotection, () => this.#with(Direction.RECEIVING, stream, (key) => unprotection.nextKey(key)));
  }

  #with(direction: Direction, stream: number, give: (key: SframeKey) => Promise<void>): Promise<void> {
    const key = this.call.sframeKey(direction, stream);
    try {
      return give(key);
    } finally {
      key.baseKey.fill(0);
    }
  }
}

/** What fails is an event: nobody waits for it. */
function attempt(transform: MediaTransform, work: () => Promise<void>): void {
  try {
    work().catch((why: unknown) => transform.fail(why));
  } catch (why) {
    transform.fail(why);
  }
}
