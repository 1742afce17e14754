import { MeetingInfo as Layout, MeetingMessage, SFRAME_BASE_KEY_BYTES, Status, type CipherSuite } from "./api.js";
import type { SframeKey } from "./call.js";
import { NOTHING, bytes, list, options, safe, u32, type Bytes } from "./check.js";
import { latin, run, type Core } from "./core.js";
import { FREE, Handle, changed, made, pointerOf } from "./handle.js";
import { SframeReceiver, SframeSender } from "./sframe.js";
import { SigningKey } from "./signing.js";

const REFERENCE_BYTES = 32;
const CODE_DIGITS = 30;
// Guesses; the library is asked again if one is too small.
const CARD = 16384;
const COMMIT = 16384;
const MESSAGE = 2048;
const ROSTER = 16384;
const REMOVED = 0xffff_ffff;

/** Cards and commits: for each a u32 length, big-endian, and the bytes. */
function listed(items: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(items.reduce((sum, one) => sum + 4 + one.length, 0));
  let end = 0;
  for (const one of items) {
    new DataView(out.buffer).setUint32(end, one.length);
    out.set(one, end + 4);
    end += 4 + one.length;
  }
  return out;
}

/** What somebody who wants to be added to a meeting publishes beforehand, with its private keys. It serves once. */
export class MeetingCard extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_meeting_card_free";

  /**
   * A card that is good until `notAfter`, in Unix seconds. `identity` is of ML_DSA_65_ED25519 (suite 1) or ML_DSA_87 (suite 2), `credential`
   * the application's own, at most 65535 bytes.
   */
  constructor(identity: SigningKey, notAfter: number, credential: Bytes = NOTHING) {
    const [me, until, shown] = [pointerOf(identity, SigningKey, "identity"), safe(notAfter, "notAfter"), bytes(credential, "credential")];
    super(made(MeetingCard, (core, out) => core.x.pqrtc_meeting_card_new(me, until, core.put(shown), shown.length, out)));
  }

  /** The card as it is published. */
  get encoded(): Uint8Array<ArrayBuffer> {
    const card = pointerOf(this, MeetingCard);
    return run((core) => core.variable(CARD, (...out) => core.x.pqrtc_meeting_card_bytes(card, ...out)));
  }
}

/** A message that goes with a commit, to the member of that index. `reference` is that of the card that a welcome is for. */
export interface Outgoing {
  readonly kind: MeetingMessage;
  readonly member: number;
  readonly reference: Uint8Array<ArrayBuffer> | undefined;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Where a member stands. `ownIndex` is undefined once a commit has removed it. */
export interface MeetingInfo {
  readonly epoch: number;
  readonly ownIndex: number | undefined;
  readonly members: number;
  readonly groupId: Uint8Array<ArrayBuffer>;
}

export interface CommitOptions {
  /** Cards of those to add. */
  readonly add?: Iterable<Bytes>;
  /** Indexes of those to remove. */
  readonly remove?: Iterable<number>;
  /** Whether to bring in a fresh secret; it is brought in anyway if somebody is removed. */
  readonly fresh?: boolean;
}

/** What a newcomer joins with. */
export interface Invitation {
  readonly welcome: Bytes;
  /** The commit that the welcome belongs to. */
  readonly commit: Bytes;
  /** The roster after that commit as any member has it. */
  readonly roster: Bytes;
  /** At least the committer's card, and others as for `receive()`. */
  readonly cards: Iterable<Bytes>;
}

export interface ReceiveOptions {
  /** The box for this member, if there is one. */
  readonly box?: Bytes;
  /**
   * The cards of those that the commit adds; give those of all members, and the commits with which they changed their leaf keys, before the
   * own first fresh commit.
   */
  readonly cards?: Iterable<Bytes>;
}

/**
 * One member's view of a meeting through a server that nobody trusts (docs/meeting.md). Its senders and receivers outlive it. `now` is the
 * time in Unix seconds, wherever it is an argument.
 */
export class Meeting extends Handle {
  /** @internal */
  static readonly [FREE] = "pqrtc_meeting_free";

  /**
   * A new meeting with one member, whose index is 0. It uses up the card. INVALID_KEY for a card of another identity, KEY_REUSED for one that
   * was used, CREDENTIAL_EXPIRED for one that is no longer good.
   */
  static create(identity: SigningKey, card: MeetingCard, now: number): Meeting {
    const [me, mine, time] = [pointerOf(identity, SigningKey, "identity"), pointerOf(card, MeetingCard, "card"), safe(now, "now")];
    return new Meeting(made(Meeting, ({ x }, out) => x.pqrtc_meeting_create(me, mine, time, out)));
  }

  /** Joins an existing meeting. It uses up the card. */
  static join(identity: SigningKey, card: MeetingCard, invitation: Invitation, now: number): Meeting {
    const given = options(invitation, "invitation") as Invitation, { welcome: first, commit: change, roster: members } = given;
    const cards = listed(list(given.cards, "cards", bytes));
    const [me, mine, time] = [pointerOf(identity, SigningKey, "identity"), pointerOf(card, MeetingCard, "card"), safe(now, "now")];
    const [welcome, commit, roster] = [bytes(first, "welcome"), bytes(change, "commit"), bytes(members, "roster")];
    return new Meeting(
      made(Meeting, (core, out) => {
        const [welcomeAt, commitAt, rosterAt, cardsAt] = [core.put(welcome), core.put(commit), core.put(roster), core.put(cards)];
        return core.x.pqrtc_meeting_join(
          me, mine, welcomeAt, welcome.length, commitAt, commit.length, rosterAt, roster.length, cardsAt, cards.length, time, out,
        ); // prettier-ignore
      }),
    );
  }

  /**
   * A commit that adds and removes members. Send it to the delivery server with what `outgoing()` gives; it takes effect with `accepted()`.
   */
  commit(settings?: CommitOptions): Uint8Array<ArrayBuffer> {
    const { add = [], remove = [], fresh = false } = options(settings);
    const [cards, indexes] = [listed(list(add, "add", bytes)), list(remove, "remove", u32)];
    const meeting = pointerOf(this, Meeting);
    return run((core) => {
      const [cardsAt, indexesAt] = [core.put(cards), core.putNumbers(indexes)];
      return core.variable(COMMIT, (...out) =>
        core.x.pqrtc_meeting_commit(meeting, cardsAt, cards.length, indexesAt, indexes.length, fresh ? 1 : 0, ...out),
      );
    });
  }

  /** The messages that go with the last own commit. There until the next commit, of anybody. */
  outgoing(): Outgoing[] {
    const found: Outgoing[] = [];
    const meeting = pointerOf(this, Meeting);
    for (;;) {
      const one = run((core) => outgoing(core, meeting, found.length));
      if (!one) return found;
      found.push(one);
    }
  }

  /** The delivery server has put the own commit first: the meeting goes to its epoch. UNEXPECTED_MESSAGE if none waits. */
  accepted(): void {
    const meeting = pointerOf(this, Meeting);
    run((core) => core.check(core.x.pqrtc_meeting_accepted(meeting)));
    changed(this);
  }

  /** The own commit will never take effect. UNEXPECTED_MESSAGE if none waits. */
  dropped(): void {
    const meeting = pointerOf(this, Meeting);
    run((core) => core.check(core.x.pqrtc_meeting_dropped(meeting)));
  }

  /**
   * Takes the commit of another member; an own one that waits is dropped. A commit that is refused changes nothing. A member that the commit
   * removes learns it from `info()`.
   */
  receive(commit: Bytes, now: number, settings?: ReceiveOptions): void {
    const { box = NOTHING, cards = [] } = options(settings);
    const known = listed(list(cards, "cards", bytes));
    const [meeting, data, time, mine] = [pointerOf(this, Meeting), bytes(commit, "commit"), safe(now, "now"), bytes(box, "box")];
    run((core) => {
      const [at, mineAt, knownAt] = [core.put(data), core.put(mine), core.put(known)];
      core.check(core.x.pqrtc_meeting_receive(meeting, at, data.length, mineAt, mine.length, knownAt, known.length, time));
    });
    changed(this);
  }

  /** For each member by rising index: u16 index, fingerprint (32 bytes) and the hash of its leaf key (32 bytes). */
  roster(): Uint8Array<ArrayBuffer> {
    const meeting = pointerOf(this, Meeting);
    return run((core) => core.variable(ROSTER, (...out) => core.x.pqrtc_meeting_roster(meeting, ...out)));
  }

  info(): MeetingInfo {
    const meeting = pointerOf(this, Meeting);
    const { epoch, index, members, groupId } = run((core) => core.struct(Layout, (out) => core.x.pqrtc_meeting_info(meeting, out)));
    return { epoch, ownIndex: index === REMOVED ? undefined : index, members, groupId: groupId as Uint8Array<ArrayBuffer> };
  }

  /** Thirty digits for people to compare: the same for all members of an epoch, and for nobody else. */
  code(): string {
    const meeting = pointerOf(this, Meeting);
    return latin(run((core) => core.filled(CODE_DIGITS, (...out) => core.x.pqrtc_meeting_code(meeting, ...out))));
  }

  /**
   * A sender for one of this member's streams, 0 to 2^48 - 1. It follows epochs by itself for as long as the meeting lives. KEY_REUSED for a
   * stream that has one in this epoch.
   */
  sender(stream: number, cipher: CipherSuite): SframeSender {
    const [meeting, which, suite] = [pointerOf(this, Meeting), safe(stream, "stream"), u32(cipher, "cipher")];
    return new SframeSender(made(SframeSender, ({ x }, out) => x.pqrtc_meeting_sender(meeting, which, suite, out)));
  }

  /** A receiver of all streams of all other members, which follows epochs by itself for as long as the meeting lives. */
  receiver(cipher: CipherSuite): SframeReceiver {
    const [meeting, suite] = [pointerOf(this, Meeting), u32(cipher, "cipher")];
    return new SframeReceiver(made(SframeReceiver, ({ x }, out) => x.pqrtc_meeting_receiver(meeting, suite, out)));
  }

  /**
   * KID and base key of a stream of a member in the newest epoch, for an SFrame engine that is not this object's. The own key is then taken: a
   * sender for that stream is KEY_REUSED in this epoch.
   */
  sframeKey(index: number, stream: number): SframeKey {
    const [meeting, who, which] = [pointerOf(this, Meeting), u32(index, "index"), safe(stream, "stream")];
    return run((core) => {
      const kid = core.word();
      const baseKey = core.filled(SFRAME_BASE_KEY_BYTES, (...out) => core.x.pqrtc_meeting_sframe_key(meeting, who, which, kid, ...out));
      return { kid: core.u64(kid), baseKey };
    });
  }
}

/** The message of that number, or undefined past the last. */
function outgoing(core: Core, meeting: number, n: number): Outgoing | undefined {
  const [kind, index, written, reference] = [core.word(), core.word(), core.word(), core.room(REFERENCE_BYTES)];
  let capacity = MESSAGE;
  let out = core.room(capacity);
  const ask = () => core.x.pqrtc_meeting_outgoing(meeting, n, kind, index, reference, REFERENCE_BYTES, out, capacity, written);
  let status = ask();
  if (status === Status.INVALID_ARGUMENT) return undefined;
  if (status === Status.BUFFER_TOO_SMALL) {
    capacity = core.u32(written);
    out = core.room(capacity);
    status = ask();
  }
  core.check(status);
  const what = core.u32(kind) as MeetingMessage;
  return {
    kind: what,
    member: core.u32(index),
    reference: what === MeetingMessage.WELCOME ? core.take(reference, REFERENCE_BYTES) : undefined,
    data: core.take(out, core.u32(written)),
  };
}
