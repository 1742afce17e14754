/**
 * Keys of a call or a meeting, as it changes them: to the worker, for each sender and receiver, the way docs/handshake.md ("Rekey") and
 * docs/meeting.md have it.
 */

import { CallState, Direction, type CipherSuite } from "../api.js";
import { Call, type SframeKey } from "../call.js";
import { onChange } from "../handle.js";
import { Meeting } from "../meeting.js";
import { Role } from "../session.js";
import type { MediaTransform, Protection, Unprotection } from "./index.js";

/** How long senders of a meeting stay in the epoch before, so that the others have the commit when the first frame of the new one comes. */
const SWITCH_DELAY_MS = 2000;
const ROSTER_ENTRY_BYTES = 66;

/** What a receiver carries: the stream of the peer, or of all other members of a meeting, or of one. */
interface Incoming {
  readonly stream: number;
  readonly member: number | undefined;
  /** What it opens now. */
  kids: readonly bigint[];
}

const followers = new WeakMap<Call | Meeting, Follower>();

export function follow(of: Call | Meeting): Follower {
  let follower = followers.get(of);
  if (!follower) {
    follower = of instanceof Call ? new OfCall(of) : new OfMeeting(of);
    followers.set(of, follower);
    onChange(of, () => follower!.changed());
    follower.changed();
  }
  return follower;
}

export abstract class Follower {
  readonly #senders = new Map<Protection, number>();
  readonly #receivers = new Map<Unprotection, Incoming>();
  protected epoch: number | undefined;

  constructor(private readonly of: Call | Meeting) {}

  /** POLICY_REFUSED for a cipher suite that the profile does not allow, as the senders and receivers of the library have it. */
  allows(cipher: CipherSuite): void {
    this.of.receiver(cipher).dispose();
  }

  sender(protection: Protection, stream: number): void {
    this.#senders.set(protection, stream);
    protection.addEventListener("close", () => this.#senders.delete(protection));
    // A stream that begins while the others wait begins in the newest epoch.
    if (this.epoch !== undefined) this.#seal(protection, stream, true);
  }

  receiver(unprotection: Unprotection, stream: number, member: number | undefined): void {
    const incoming: Incoming = { stream, member, kids: [] };
    this.#receivers.set(unprotection, incoming);
    unprotection.addEventListener("close", () => this.#receivers.delete(unprotection));
    unprotection.onopened = (kid) => this.opened(kid);
    if (this.epoch !== undefined) this.#open(unprotection, incoming);
  }

  /** To open before to seal: who is told of the keys may use them. */
  protected begin(epoch: number, use: boolean): void {
    this.epoch = epoch;
    for (const [unprotection, incoming] of this.#receivers) this.#open(unprotection, incoming);
    for (const [protection, stream] of this.#senders) this.#seal(protection, stream, use);
  }

  /** Senders go to the newest epoch. */
  protected use(): void {
    for (const protection of this.#senders.keys()) attempt(protection, () => protection.use());
  }

  protected stop(): void {
    this.epoch = undefined;
    for (const transform of [...this.#receivers.keys(), ...this.#senders.keys()]) attempt(transform, () => transform.stop());
  }

  /** A sender that cannot have its key seals no more: not under the key before it either. */
  #seal(protection: Protection, stream: number, use: boolean): void {
    attempt(
      protection,
      () => given([this.sending(stream)], ([key]) => protection.prepare(key!, use)),
      () => protection.stop(),
    );
  }

  #open(unprotection: Unprotection, incoming: Incoming): void {
    attempt(unprotection, () =>
      given(this.receiving(incoming), (keys) => {
        // Without its lowest bits, which count epochs, a KID says who seals.
        const before = incoming.kids, gone = before.filter((kid) => !keys.some((key) => key.kid >> 4n === kid >> 4n));
        incoming.kids = keys.map(({ kid }) => kid);
        return unprotection.nextKeys(keys, gone);
      }),
    );
  }

  abstract changed(): void;
  protected abstract opened(kid: bigint): void;
  protected abstract sending(stream: number): SframeKey;
  protected abstract receiving(incoming: Incoming): SframeKey[];
}

class OfCall extends Follower {
  /** Senders have the keys of the newest epoch, and wait to hear that the peer has them. */
  #waiting = false;

  constructor(private readonly call: Call) {
    super(call);
  }

  override changed(): void {
    const { maySend, epoch, role, state } = this.call.info();
    if (!maySend) return;
    if (epoch !== this.epoch) {
      this.#waiting = this.epoch !== undefined && role === Role.INITIATOR;
      this.begin(epoch, !this.#waiting);
    }
    if (state === CallState.CONFIRMED) this.#confirmed();
  }

  /** The peer has the newest epoch. */
  #confirmed(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.use();
  }

  protected override opened(kid: bigint): void {
    if (this.epoch !== undefined && (kid & 3n) === BigInt(this.epoch & 3)) this.#confirmed();
  }

  protected override sending(stream: number): SframeKey {
    return this.call.sframeKey(Direction.SENDING, stream);
  }

  protected override receiving({ stream }: Incoming): SframeKey[] {
    return [this.call.sframeKey(Direction.RECEIVING, stream)];
  }
}

class OfMeeting extends Follower {
  #own = -1;
  #switching: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly meeting: Meeting) {
    super(meeting);
  }

  override changed(): void {
    const { epoch, ownIndex } = this.meeting.info();
    if (epoch === this.epoch && ownIndex !== undefined) return;
    clearTimeout(this.#switching);
    if (ownIndex === undefined) return this.stop(); // removed
    this.#own = ownIndex;
    const first = this.epoch === undefined;
    this.begin(epoch, first);
    if (!first) this.#switching = setTimeout(() => this.use(), SWITCH_DELAY_MS);
  }

  protected override opened(): void {}

  protected override sending(stream: number): SframeKey {
    return this.meeting.sframeKey(this.#own, stream);
  }

  protected override receiving({ stream, member }: Incoming): SframeKey[] {
    const wanted = members(this.meeting).filter((index) => index !== this.#own && (member === undefined || index === member));
    return wanted.map((index) => this.meeting.sframeKey(index, stream));
  }
}

/** Indexes of the members. */
function members(meeting: Meeting): number[] {
  const { buffer, length } = meeting.roster(), view = new DataView(buffer);
  return Array.from({ length: length / ROSTER_ENTRY_BYTES }, (_, at) => view.getUint16(at * ROSTER_ENTRY_BYTES));
}

/** The keys are copied to the worker at once; these are zeroed. */
function given(keys: SframeKey[], give: (keys: SframeKey[]) => Promise<void>): Promise<void> {
  try {
    return give(keys);
  } finally {
    for (const { baseKey } of keys) baseKey.fill(0);
  }
}

/** What fails is an event: nobody waits for it. */
function attempt(transform: MediaTransform, work: () => Promise<void>, otherwise?: () => Promise<void>): void {
  const failed = (why: unknown) => {
    transform.fail(why);
    otherwise?.().catch(() => {}); // there is no worker
  };
  try {
    work().catch(failed);
  } catch (why) {
    failed(why);
  }
}
