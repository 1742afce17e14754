// Every function and method of the package with every kind of bad argument: a TypeError or a PqrtcError, never a trap, and everything still
// works afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as pqrtc from "pqrtc";
import { core } from "#dist/core.js";
import { ascii, code, media, newKid, refused, sessions } from "./common.js";

await pqrtc.init();
const { ArtifactHasher, Call, CipherSuite, Codec, Handle, HybridKeypair, KemKeypair, Meeting, MeetingCard, Policy, PqrtcError } = pqrtc;
const { RecordingSigner, RecordingVerifier } = pqrtc;
const { SframeReceiver, SframeSender, Session, SigningKey, Suite, envelope, frame, random, turn } = pqrtc;
const [GCM, ML_KEM, KEM_1024, ML_DSA, COMPOSITE, NOW] = [CipherSuite.AES_256_GCM_SHA512_128, 1, 2, 1, 3, 1000] as const;

const detached = new Uint8Array(32);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const detachedBuffer = detached.buffer;
const resizable = new (ArrayBuffer as any)(32, { maxByteLength: 64 }) as ArrayBuffer & { resize(length: number): void };
const outside = new Uint8Array(resizable, 16, 16);
resizable.resize(8);
const lying = new Uint8Array(16);
Object.defineProperty(lying, "length", { value: 1 << 30 });
Object.defineProperty(lying, "byteLength", { value: 1 << 30 });
class Liar extends Uint8Array {
  override get byteLength(): number {
    return 2 ** 40;
  }
}
const disposed = pqrtc.KemKeypair.generate(ML_KEM);
disposed.dispose();
const endless = {
  *[Symbol.iterator]() {
    for (;;) yield ascii("x");
  },
};

const bad: unknown[] = [
  undefined, null, true, 0, 1, -1, 1.5, NaN, Infinity, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53, 0n, 1n, -1n, 1n << 63n, 1n << 64n, 1n << 200n, "",
  "text", "\ud800", Symbol("x"), () => 0, {}, { length: 5 }, Object.create(Uint8Array.prototype), Object.create(pqrtc.Session.prototype), [],
  [1, 2], ["x"], [-1], new Map(), new Date(), new Proxy(new Uint8Array(4), {}), new Proxy({}, {}), endless,
  new Uint8Array(0), new Uint8Array(1), new Uint8Array(70_000), new Uint8Array((1 << 20) + 1), new Float64Array(9), new DataView(new ArrayBuffer(9), 3),
  new ArrayBuffer(5), new SharedArrayBuffer(40), new Uint8Array(new SharedArrayBuffer(40)), detached, detachedBuffer, outside, lying,
  new Liar(16), disposed, pqrtc.KemKeypair.generate(ML_KEM), new pqrtc.Policy(1), new WebAssembly.Memory({ initial: 1 }).buffer,
]; // prettier-ignore

// One of each, and a good call of everything. An argument list is what a good call has.
const kem = KemKeypair.generate(ML_KEM);
const kem1024 = KemKeypair.generate(KEM_1024);
const pair = HybridKeypair.generate(Suite.X_WING);
const { initiator: session } = sessions();
const key = SigningKey.generate(ML_DSA);
const composite = SigningKey.generate(COMPOSITE);
const hasher = new ArtifactHasher(1);
const recordingId = ascii("meeting 7");
const recorder = () => RecordingSigner.create(key, recordingId);
const watcher = () => RecordingVerifier.create(ML_DSA, key.publicKey, recordingId);
const { sender, receiver } = media();
const policy = new Policy(1);
const call = new Call(policy, { identity: composite });
const card = new MeetingCard(composite, 5000);
const meeting = Meeting.create(composite, new MeetingCard(composite, 5000), NOW);
const signature = key.sign(ascii("m"));
const watched = watcher();
watched.entry(recorder().entry(true));
const done = talked();

function talked(): pqrtc.Call {
  const any = new Policy(pqrtc.Profile.SAS);
  const [a, b] = [new Call(any), new Call(any)];
  b.receive(a.receive(b.receive(a.offer())));
  return a;
}

/** No argument, and a commit that waits. */
function waiting(): unknown[] {
  code(() => meeting.commit({ fresh: true }));
  return [];
}

type Case = [receiver: unknown, arguments: () => unknown[]];
const cases: Record<string, Case> = {
  init: [undefined, () => []],
  version: [undefined, () => []],
  provider: [undefined, () => []],
  selfTest: [undefined, () => []],
  random: [undefined, () => [32]],
  cleanse: [undefined, () => [new Uint8Array(4)]],
  kemSizes: [undefined, () => [ML_KEM]],
  encapsulate: [undefined, () => [ML_KEM, kem.publicKey]],
  suiteSizes: [undefined, () => [Suite.X_WING]],
  initiate: [undefined, () => [Suite.X_WING, pair.bundle]],
  signatureSizes: [undefined, () => [ML_DSA]],
  fingerprint: [undefined, () => [ML_DSA, key.publicKey]],
  importPublicKey: [undefined, () => [pqrtc.exportPublicKey(ML_DSA, key.publicKey, 1)]],
  exportPublicKey: [undefined, () => [ML_DSA, key.publicKey, 1]],
  verify: [undefined, () => [ML_DSA, key.publicKey, ascii("m"), signature, new Uint8Array()]],
  artifactVerify: [undefined, () => [ML_DSA, key.publicKey, 1, ascii("x"), key.artifactSign(1, ascii("x"))]],
  ratchetBaseKey: [undefined, () => [GCM, random(32)]],
  mlsKid: [undefined, () => [1n, 2n, 3n, 8, 8]],
  "envelope.seal": [undefined, () => [1, pair.bundle, ascii("x"), ascii("i")]],
  "envelope.open": [undefined, () => [kem1024, envelope.seal(2, kem1024.publicKey, ascii("x"), ascii("i")), ascii("i")]],
  "envelope.sign": [undefined, () => [key, envelope.seal(1, pair.bundle, ascii("x")), ascii("i")]],
  "envelope.verify": [
    undefined,
    () => {
      const box = envelope.seal(1, pair.bundle, ascii("x"));
      return [ML_DSA, key.publicKey, box, envelope.sign(key, box, ascii("i")), ascii("i")];
    },
  ],
  "frame.sealMaxSize": [undefined, () => [Codec.VP8, 100]],
  "frame.openMaxSize": [undefined, () => [Codec.VP8, 100]],
  "frame.seal": [undefined, () => [sender, Codec.OPUS, ascii("x"), ascii("m")]],
  "frame.sealInto": [undefined, () => [sender, Codec.OPUS, ascii("x"), new Uint8Array(100), ascii("m")]],
  "frame.open": [undefined, () => [receiver, Codec.OPUS, frame.seal(sender, Codec.OPUS, ascii("x"), ascii("m")), ascii("m")]],
  "frame.openDetail": [undefined, () => [receiver, Codec.OPUS, frame.seal(sender, Codec.OPUS, ascii("x"), ascii("m")), ascii("m")]],
  "frame.openInto": [undefined, () => [receiver, Codec.OPUS, frame.seal(sender, Codec.OPUS, ascii("x"), ascii("m")), new Uint8Array(100), ascii("m")]],
  "frame.inspect": [undefined, () => [Codec.OPUS, frame.seal(sender, Codec.OPUS, ascii("x"))]],
  "turn.mint": [undefined, () => ["secret", "alice", 1]],
  "turn.verify": [undefined, () => ["secret", ...Object.values(turn.mint("secret", "alice", 5)), 4]],
  "turn.wrapOverhead": [undefined, () => [ML_KEM]],
  "turn.wrap": [undefined, () => [ML_KEM, kem.publicKey, ascii("x")]],
  "turn.unwrap": [undefined, () => [kem, turn.wrap(ML_KEM, kem.publicKey, ascii("x"))]],

  "KemKeypair.generate": [KemKeypair, () => [ML_KEM]],
  "KemKeypair.fromSeed": [KemKeypair, () => [ML_KEM, random(64)]],
  "KemKeypair.fromExpanded": [KemKeypair, () => [ML_KEM, EXPANDED]],
  "KemKeypair.importFile": [KemKeypair, () => [kem.exportFile(1)]],
  "KemKeypair#exportFile": [kem, () => [1]],
  "KemKeypair#algorithm": [kem, () => []],
  "KemKeypair#publicKey": [kem, () => []],
  "KemKeypair#seed": [kem, () => []],
  "KemKeypair#decapsulate": [kem, () => [new Uint8Array(1088)]],
  "HybridKeypair.generate": [HybridKeypair, () => [Suite.X_WING]],
  "HybridKeypair.fromSeed": [HybridKeypair, () => [Suite.X_WING, random(32)]],
  "HybridKeypair#suite": [pair, () => []],
  "HybridKeypair#bundle": [pair, () => []],
  "HybridKeypair#seed": [pair, () => []],
  "HybridKeypair#respond": [pair, () => [pqrtc.initiate(Suite.X_WING, pair.bundle).exchange]],
  "Session#key": [session, () => []],
  "Session#export": [session, () => ["label", ascii("c"), 32]],
  "Session#srtpKeys": [session, () => [1]],
  "Session#sframeBaseKey": [session, () => [2, 5n]],
  "Session#seal": [session, () => [ascii("x"), ascii("a")]],
  "Session#open": [
    session,
    () => {
      const { exchange, session: other } = pqrtc.initiate(Suite.X_WING, pair.bundle);
      const mine = pair.respond(exchange);
      opening = mine;
      return [other.seal(ascii("x"), ascii("a")), ascii("a")];
    },
  ],
  "SigningKey.generate": [SigningKey, () => [ML_DSA]],
  "SigningKey.fromSeed": [SigningKey, () => [ML_DSA, random(32)]],
  "SigningKey.importFile": [SigningKey, () => [key.exportFile(2)]],
  "SigningKey#exportFile": [key, () => [1]],
  "SigningKey#algorithm": [key, () => []],
  "SigningKey#publicKey": [key, () => []],
  "SigningKey#fingerprint": [key, () => []],
  "SigningKey#seed": [key, () => []],
  "SigningKey#sign": [key, () => [ascii("m"), ascii("c")]],
  "SigningKey#artifactSign": [key, () => [1, ascii("x")]],
  "SigningKey#artifactSignCose": [key, () => [1, ascii("x")]],
  "new ArtifactHasher": [ArtifactHasher, () => [1]],
  "ArtifactHasher#update": [hasher, () => [ascii("x")]],
  "ArtifactHasher#sign": [hasher, () => [key]],
  "ArtifactHasher#verify": [hasher, () => [ML_DSA, key.publicKey, hasher.sign(key)]],
  "RecordingSigner.create": [RecordingSigner, () => [key, recordingId]],
  "RecordingSigner.resume": [RecordingSigner, () => [key, recordingId, recorder().state]],
  "RecordingSigner#update": [recorder(), () => [ascii("x")]],
  "RecordingSigner#entry": [recorder(), () => [true]],
  "RecordingSigner#cose": [recorder(), () => []],
  "RecordingSigner#state": [recorder(), () => []],
  "RecordingVerifier.create": [RecordingVerifier, () => [ML_DSA, key.publicKey, recordingId]],
  "RecordingVerifier#update": [watcher(), () => [ascii("x")]],
  "RecordingVerifier#entry": [watcher(), () => [new Uint8Array(3360)]],
  "RecordingVerifier#finish": [watched, () => []],
  "SframeSender.fromSession": [SframeSender, () => [session, newKid(), GCM, {}]],
  "SframeSender.fromKey": [SframeSender, () => [random(32), newKid() << 16n, GCM, { ratchetBits: 8 }]],
  "SframeSender#seal": [sender, () => [ascii("x"), ascii("m")]],
  "SframeSender#sealInto": [sender, () => [ascii("x"), new Uint8Array(50), ascii("m")]],
  "SframeSender#sealMany": [sender, () => [[ascii("x")], ascii("m")]],
  "SframeSender#kid": [sender, () => []],
  "SframeSender#stats": [sender, () => []],
  "SframeSender#ratchet": [SframeSender.fromKey(random(32), 0n, GCM, { ratchetBits: 16 }), () => []],
  "new SframeReceiver": [SframeReceiver, () => [GCM, { window: 128, ratchetBits: 8 }]],
  "SframeReceiver#addSession": [receiver, () => [session, newKid()]],
  "SframeReceiver#addKey": [receiver, () => [newKid(), random(32)]],
  "SframeReceiver#removeKey": [
    receiver,
    () => {
      const kid = newKid();
      receiver.addKey(kid, random(32));
      return [kid];
    },
  ],
  "SframeReceiver#open": [receiver, () => [sender.seal(ascii("x"), ascii("m")), ascii("m")]],
  "SframeReceiver#openDetail": [receiver, () => [sender.seal(ascii("x"), ascii("m")), ascii("m")]],
  "SframeReceiver#openInto": [receiver, () => [sender.seal(ascii("x"), ascii("m")), new Uint8Array(50), ascii("m")]],
  "SframeReceiver#openMany": [receiver, () => [[sender.seal(ascii("x"), ascii("m"))], ascii("m")]],
  "SframeReceiver#stats": [receiver, () => []],
  "SframeReceiver#keyStats": [receiver, () => [sender.kid]],
  "new Policy": [Policy, () => [1]],
  "Policy#set": [policy, () => [1, random(32)]],
  "new Call": [Call, () => [policy, { identity: composite, binding: random(32), credential: ascii("x") }]],
  "Call#offer": [call, () => []],
  "Call#receive": [new Call(new Policy(3)), () => [new Call(new Policy(3)).offer(), new Uint8Array()]],
  "Call#pin": [call, () => [random(32)]],
  "Call#setBinding": [call, () => [random(32)]],
  "Call#info": [call, () => []],
  "Call#peer": [done, () => []],
  "Call#sas": [done, () => []],
  "Call#session": [done, () => []],
  "Call#sender": [done, () => [Number(newKid()), GCM]],
  "Call#receiver": [done, () => [GCM]],
  "Call#sframeKey": [done, () => [2, 5]],
  "new MeetingCard": [MeetingCard, () => [composite, 5000, ascii("x")]],
  "MeetingCard#encoded": [card, () => []],
  "Meeting.create": [Meeting, () => [composite, new MeetingCard(composite, 5000), NOW]],
  "Meeting.join": [
    Meeting,
    () => {
      const [founder, newcomer] = [new MeetingCard(composite, 5000), new MeetingCard(composite, 5000)];
      const cards = [founder.encoded, newcomer.encoded];
      const first = Meeting.create(composite, founder, NOW);
      const commit = first.commit({ add: [cards[1]!] });
      const welcome = first.outgoing()[0]!.data;
      first.accepted();
      return [composite, newcomer, { welcome, commit, roster: first.roster(), cards }, NOW];
    },
  ],
  "Meeting#commit": [meeting, () => [{ add: [], remove: [], fresh: true }]],
  "Meeting#outgoing": [meeting, () => []],
  "Meeting#accepted": [meeting, waiting],
  "Meeting#dropped": [meeting, waiting],
  "Meeting#receive": [meeting, () => [new Uint8Array(100), NOW, { box: new Uint8Array(50), cards: [card.encoded] }]],
  "Meeting#roster": [meeting, () => []],
  "Meeting#info": [meeting, () => []],
  "Meeting#code": [meeting, () => []],
  "Meeting#sender": [meeting, () => [Number(newKid()), GCM]],
  "Meeting#receiver": [meeting, () => [GCM]],
  "Meeting#sframeKey": [meeting, () => [0, Number(newKid())]],
};

/** The session that the case of Session#open has made. */
let opening: pqrtc.Session | undefined;

/** Not a key: that it is refused with INVALID_KEY before and after is what counts. */
const EXPANDED = new Uint8Array(2400);

/** Calls one of `cases`. */
function run(name: string, self: unknown, args: unknown[]): unknown {
  if (name.startsWith("new ")) return Reflect.construct(self as new () => unknown, args);
  if (name.includes("#")) {
    const member = name.split("#")[1]!;
    for (let of = Object.getPrototypeOf(cases[name]![0]); of; of = Object.getPrototypeOf(of)) {
      const found = Object.getOwnPropertyDescriptor(of, member);
      if (found) return (found.get ?? found.value).apply(self, args);
    }
    throw new Error(`no ${name}`);
  }
  let at: any = pqrtc;
  for (const part of name.split(".")) at = at[part];
  return at.apply(self, args);
}

function harmless(what: string, call: () => unknown): void {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(() => {});
  } catch (why) {
    assert.ok(why instanceof TypeError || why instanceof PqrtcError, `${what}: ${why}`);
    // Not from inside the package.
    if (why instanceof TypeError) assert.match(why.message, /^pqrtc: |typed array|detached/, what);
    else assert.ok(why.code > 0 && why.code !== 255, `${what}: ${why}`);
  }
  assert.equal(core().dead, false, what);
}

test("every function and method has a case", () => {
  const names = new Set<string>();
  for (const [name, value] of Object.entries(pqrtc)) {
    if (typeof value === "object" && Object.prototype.toString.call(value) === "[object Module]") {
      for (const [inner, one] of Object.entries(value)) if (typeof one === "function") names.add(`${name}.${inner}`);
    } else if (typeof value === "function" && value.prototype instanceof Handle) {
      const of = value as unknown as { prototype: object; length: number };
      for (const member of Object.getOwnPropertyNames(of)) if (!["length", "name", "prototype"].includes(member)) names.add(`${name}.${member}`);
      for (const member of Object.getOwnPropertyNames(of.prototype)) if (member !== "constructor") names.add(`${name}#${member}`);
    } else if (typeof value === "function" && value !== (Handle as unknown) && value !== (PqrtcError as unknown)) names.add(name);
  }
  const known = Object.keys(cases).filter((name) => !name.startsWith("new "));
  assert.deepEqual([...names].sort(), known.sort());
});

for (const [name, [self, args]] of Object.entries(cases)) {
  test(`${name}: bad arguments`, () => {
    const good = () => run(name, name === "Session#open" ? (args0 = args(), opening) : self, args0 ?? args());
    let args0: unknown[] | undefined;
    // Not valid bytes, or not valid twice: that it is refused with a code is enough.
    // What the first call changes, such as an offer that is made, stays.
    code(good);
    const expectation = code(good);
    const made = args();
    for (let i = 0; i < made.length; i++) {
      for (const value of bad) {
        const wrong = [...made];
        wrong[i] = value;
        harmless(`${name}, argument ${i}: ${String(Object.prototype.toString.call(value))}`, () => run(name, self, wrong));
      }
    }
    for (const value of bad) {
      harmless(`${name}: one more argument`, () => run(name, self, [...made, value]));
      if (name.includes("#")) harmless(`${name}: another this`, () => run(name, value, made));
    }
    harmless(`${name}: no argument`, () => run(name, self, []));
    args0 = undefined;
    assert.equal(code(good), expectation, `${name} does what it did before`);
  });
}

test("options and lists with bad members", () => {
  for (const value of bad) {
    for (const member of ["identity", "secondIdentity", "binding", "credential"]) harmless(member, () => new Call(policy, { [member]: value }));
    for (const member of ["window", "ratchetBits", "maxSteps", "graceFrames"]) harmless(member, () => new SframeReceiver(GCM, { ratchetBits: 1, [member]: value }));
    harmless("ratchetBits", () => SframeSender.fromKey(random(32), 0n, GCM, { ratchetBits: value as number }));
    for (const member of ["add", "remove", "fresh"]) harmless(member, () => meeting.commit({ [member]: value }));
    harmless("add", () => meeting.commit({ add: [value as Uint8Array] }));
    harmless("remove", () => meeting.commit({ remove: [value as number] }));
    for (const member of ["box", "cards"]) harmless(member, () => meeting.receive(new Uint8Array(9), NOW, { [member]: value }));
    for (const member of ["welcome", "commit", "roster", "cards"]) {
      const [good, list] = [new Uint8Array(9), [card.encoded]];
      harmless(member, () => Meeting.join(composite, card, { welcome: good, commit: good, roster: good, cards: list, [member]: value }, NOW));
    }
    harmless("sealMany", () => sender.sealMany([value as Uint8Array]));
    harmless("openMany", () => receiver.openMany([ascii("x"), value as Uint8Array]));
  }
  assert.deepEqual(receiver.open(sender.seal(ascii("still"))), ascii("still"));
});

test("numbers for bigints, negative and huge KIDs have their own errors", () => {
  for (const kid of [5, -5, "5", undefined, null, {}]) assert.throws(() => SframeSender.fromSession(session, kid as bigint, GCM), TypeError);
  for (const kid of [-1n, 1n << 64n, 1n << 100n]) refused("INVALID_ARGUMENT", () => SframeSender.fromSession(session, kid, GCM));
  for (const suite of [0, 3, -1, 2 ** 32, 2 ** 32 + 1]) refused("INVALID_ARGUMENT", () => HybridKeypair.generate(suite as 1));
  for (const suite of [1.5, "1", 1n, NaN, undefined]) assert.throws(() => HybridKeypair.generate(suite as 1), TypeError);
});

test("bytes: views of any kind are taken as they are, detached ones refused", () => {
  const clear = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  shared.set(clear);
  const within = new Uint8Array([9, ...clear, 9]).subarray(1, 9);
  const words = new Uint16Array(clear.slice().buffer);
  const view = new DataView(clear.slice().buffer);
  for (const data of [clear, shared, shared.buffer, within, words, view, clear.slice().buffer]) assert.deepEqual(receiver.open(sender.seal(data)), clear);
  for (const data of [detached, detachedBuffer, outside]) assert.throws(() => sender.seal(data), TypeError);
  // What a view says of its own length does not count.
  assert.equal(receiver.open(sender.seal(lying)).length, 16);
  assert.equal(receiver.open(sender.seal(new Liar(16))).length, 16);
});

test("a disposed object is NULL_POINTER, everywhere, and disposing twice is fine", () => {
  const { initiator, responder } = sessions();
  initiator.dispose();
  initiator.dispose();
  assert.equal(initiator.disposed, true);
  refused("NULL_POINTER", () => initiator.key());
  refused("NULL_POINTER", () => SframeSender.fromSession(initiator, 1n, GCM));
  {
    using inside = responder;
    inside.key();
  }
  refused("NULL_POINTER", () => responder.key());
  const left = SigningKey.generate(COMPOSITE);
  left.dispose();
  refused("NULL_POINTER", () => new Call(policy, { identity: left }));
});

test("nobody makes an object by hand", () => {
  for (const kind of [KemKeypair, HybridKeypair, Session, SigningKey, SframeSender, Meeting]) {
    for (const value of [undefined, 1, 0xffff_fff0, {}, { pointer: 64, free: "pqrtc_session_free" }]) {
      assert.throws(() => Reflect.construct(kind, [value]), TypeError, kind.name);
    }
  }
  assert.throws(() => Session.prototype.key.call(pair as never), TypeError);
});

test("what an object is does not depend on its prototype", () => {
  const { initiator } = sessions();
  for (const prototype of [Policy.prototype, SigningKey.prototype, new Proxy({}, { getPrototypeOf: () => Policy.prototype })]) {
    Object.setPrototypeOf(initiator, prototype);
    assert.throws(() => new Call(initiator as never), TypeError);
    assert.throws(() => Policy.prototype.set.call(initiator as never, 1, random(32)), TypeError);
    assert.throws(() => new Call(policy, { identity: initiator as never }), TypeError);
  }
  Object.setPrototypeOf(initiator, Session.prototype);
  assert.equal(initiator.key().length, 32);
  const policies = Reflect.construct(Call, [policy], Policy) as unknown as pqrtc.Policy;
  assert.throws(() => policies.set(1, random(32)), TypeError);
});

/** Items of which the first, or an option, disposes of an object before the call goes on; what is freed is used again at once. */
const disposing = (handle: pqrtc.Handle, ...items: unknown[]) => ({
  *[Symbol.iterator]() {
    yield* items;
    gone(handle);
  },
});
function gone(handle: pqrtc.Handle): undefined {
  handle.dispose();
  for (let i = 0; i < 50; i++) KemKeypair.generate(ML_KEM);
}

test("an object that an argument disposes of is NULL_POINTER", () => {
  const cards = [card.encoded], good = new Uint8Array(9);
  const invitation = { welcome: good, commit: good, roster: good, cards };
  const fresh = () => Meeting.create(composite, new MeetingCard(composite, 5000), NOW);
  const tried: Record<string, () => unknown> = {
    sealMany: () => ((one) => one.sealMany(disposing(one, good) as never))(media().sender),
    openMany: () => ((one) => one.openMany(disposing(one, good) as never))(media().receiver),
    fromSession: () => ((one) => SframeSender.fromSession(one, newKid(), GCM, { get ratchetBits() { return gone(one)!; } }))(sessions().initiator),
    "commit, add": () => ((one) => one.commit({ add: disposing(one, cards[0]) as never }))(fresh()),
    "commit, remove": () => ((one) => one.commit({ remove: disposing(one, 1) as never }))(fresh()),
    "receive, cards": () => ((one) => one.receive(good, NOW, { cards: disposing(one, cards[0]) as never }))(fresh()),
    "receive, box": () => ((one) => one.receive(good, NOW, { get box() { return gone(one)!; } }))(fresh()),
    "join, the card": () => ((one) => Meeting.join(composite, one, { ...invitation, cards: disposing(one, cards[0]) as never }, NOW))(new MeetingCard(composite, 5000)),
    "join, an option": () => ((one) => Meeting.join(composite, one, { ...invitation, get roster() { return gone(one)!; } }, NOW))(new MeetingCard(composite, 5000)),
    "a call": () => ((one) => new Call(policy, { identity: one, get binding() { return gone(one)!; } }))(SigningKey.generate(COMPOSITE)),
  }; // prettier-ignore
  for (const [name, work] of Object.entries(tried)) {
    assert.throws(work, (why) => why instanceof PqrtcError && why.status === "NULL_POINTER", name);
    assert.equal(core().dead, false, name);
  }
  assert.deepEqual(receiver.open(sender.seal(ascii("next"))), ascii("next"));
});

test("bytes that an argument takes away are a TypeError", () => {
  const short = new Uint8Array(resizable, 0, 8);
  resizable.resize(32);
  const cut = { get ratchetBits() { return (resizable.resize(0), 0); } }; // prettier-ignore
  const key32 = new Uint8Array(resizable, 0, 32);
  assert.throws(() => SframeSender.fromKey(key32, newKid(), GCM, cut), TypeError);
  assert.throws(() => sender.seal(short), TypeError);
  const taken = random(8);
  const items = {
    *[Symbol.iterator]() {
      yield taken;
      structuredClone(taken.buffer, { transfer: [taken.buffer] });
    },
  };
  assert.throws(() => sender.sealMany(items), TypeError);
  assert.deepEqual(receiver.open(sender.seal(ascii("next"))), ascii("next"));
  resizable.resize(8);
});

test("frames over 64 MiB are refused, and the next one is sealed", () => {
  refused("INVALID_LENGTH", () => sender.seal(new Uint8Array((64 << 20) + 1)));
  assert.deepEqual(receiver.open(sender.seal(ascii("next"))), ascii("next"));
});

test("a call from within a call is refused, and what it disposes of is freed when the call is over", () => {
  const { getRandomValues } = crypto;
  const [pairs, codes] = [[HybridKeypair.generate(Suite.X_WING)], [] as number[]];
  crypto.getRandomValues = ((out: Uint8Array<ArrayBuffer>) => {
    codes.push(code(() => sender.seal(ascii("x"))));
    pairs[0]!.dispose();
    return getRandomValues.call(crypto, out);
  }) as typeof crypto.getRandomValues;
  try {
    key.sign(ascii("m"));
  } finally {
    crypto.getRandomValues = getRandomValues;
  }
  assert.ok(codes.length > 0 && codes.every((one) => one === 255));
  refused("NULL_POINTER", () => pairs[0]!.bundle);
  assert.deepEqual(receiver.open(sender.seal(ascii("next"))), ascii("next"));
});

test("without randomness: a code, and nothing half done", () => {
  const { getRandomValues } = crypto;
  const { bundle } = pair;
  crypto.getRandomValues = () => {
    throw new Error("no randomness");
  };
  try {
    refused("RNG_FAILED", () => random(32));
    refused("RNG_FAILED", () => KemKeypair.generate(ML_KEM));
    refused("RNG_FAILED", () => SigningKey.generate(ML_DSA));
    refused("RNG_FAILED", () => pqrtc.initiate(Suite.X_WING, bundle));
    refused("RNG_FAILED", () => new Call(policy).offer());
  } finally {
    crypto.getRandomValues = getRandomValues;
  }
  assert.equal(random(32).length, 32);
});
