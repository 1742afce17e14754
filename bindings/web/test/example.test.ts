// The examples of the documents. That of docs/web.md: one side in each function, with nothing but messages between them.
import assert from "node:assert/strict";
import { test } from "node:test";
// docs:begin call
import { Call, CipherSuite, Codec, Policy, PolicyOption, Profile, SignatureAlgorithm, SigningKey, frame, init } from "pqrtc";

/** The signaling that the application has: messages of either side, in order. */
interface Signaling {
  send(message: Uint8Array): void;
  receive(): Promise<Uint8Array>;
}

/** What a participant knows before the call: its own key, the peer's fingerprint, and the DTLS fingerprints of both SDPs. */
interface Participant {
  identity: SigningKey;
  peer: Uint8Array;
  dtls: Uint8Array;
  peerDtls: Uint8Array;
}

const CIPHER = CipherSuite.AES_256_GCM_SHA512_128;

/** Makes or takes a call. Afterwards both sides know whom they talk to, and have keys that nobody else has. */
async function authenticate(me: Participant, signaling: Signaling, offerer: boolean): Promise<Call> {
  await init();
  using policy = new Policy(Profile.DEFAULT).set(PolicyOption.PIN, me.peer).set(PolicyOption.REQUIRE_BINDING);
  const call = new Call(policy, { identity: me.identity, binding: me.dtls });
  if (offerer) signaling.send(call.offer());
  // Offer, answer, finish, acknowledgement: the offerer takes two of them, and so does the other side.
  for (let taken = 0; taken < 2; taken++) {
    const reply = call.receive(await signaling.receive(), me.peerDtls);
    if (reply.length) signaling.send(reply);
  }
  return call;
}

/** Seals one encoded frame of a camera. */
function sealing(call: Call): (encoded: ArrayBuffer) => Uint8Array {
  const sender = call.sender(0, CIPHER);
  return (encoded) => frame.seal(sender, Codec.VP8, encoded);
}

/** Opens what arrives. It throws a PqrtcError for whatever the peer did not seal: show nothing of such a frame. */
function opening(call: Call): (sealed: ArrayBuffer) => Uint8Array {
  const receiver = call.receiver(CIPHER);
  return (sealed) => frame.open(receiver, Codec.VP8, sealed);
}
// docs:end call

test("the exchange of the README", async () => {
  // docs:begin exchange
  const { HybridKeypair, Suite, init, initiate } = await import("pqrtc");

  await init();
  const responder = HybridKeypair.generate(Suite.X_WING); // publishes responder.bundle
  const { exchange, session } = initiate(Suite.X_WING, responder.bundle); // sends back 1120 bytes
  const other = responder.respond(exchange);
  console.assert(session.export("chat").join() === other.export("chat").join());
  // docs:end exchange
  assert.deepEqual(session.export("chat"), other.export("chat"));
});

/** Two ends of a wire. */
function wire(): [Signaling, Signaling] {
  const end = (mine: Uint8Array[], waiting: ((message: Uint8Array) => void)[]) => ({
    receive: () => new Promise<Uint8Array>((resolve) => (mine.length ? resolve(mine.shift()!) : waiting.push(resolve))),
    take: (message: Uint8Array) => (waiting.shift() ?? ((late) => void mine.push(late)))(message),
  });
  const [a, b] = [end([], []), end([], [])];
  return [{ receive: a.receive, send: b.take }, { receive: b.receive, send: a.take }];
}

test("the call of the documentation, with media both ways", async () => {
  await init();
  const [alice, bob] = [0, 1].map(() => SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519)) as [SigningKey, SigningKey];
  const [atA, atB] = wire();
  const [dtlsA, dtlsB] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const calls = await Promise.all([
    authenticate({ identity: alice, peer: bob.fingerprint, dtls: dtlsA, peerDtls: dtlsB }, atA, true),
    authenticate({ identity: bob, peer: alice.fingerprint, dtls: dtlsB, peerDtls: dtlsA }, atB, false),
  ]);
  const encoded = Uint8Array.of(0x10, 2, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xb4, 0, 1, 2, 3, 4, 5);
  for (const [from, to] of [calls, [calls[1], calls[0]]] as [Call, Call][]) {
    const sealed = sealing(from)(encoded.buffer);
    assert.notDeepEqual(sealed, encoded);
    const open = opening(to);
    assert.deepEqual(open(sealed.slice().buffer), encoded);
    assert.throws(() => open(sealed.slice().buffer), /REPLAYED_FRAME/);
  }
});
