// The web peer of the language matrix, in Node; README.md says what it speaks.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import * as pqrtc from "../../bindings/web/dist/index.js";

await pqrtc.init();
const { frame, turn } = pqrtc;
const bits = (text) => (text === "-" ? new Uint8Array() : Uint8Array.from(Buffer.from(text, "hex")));
const ascii = (text) => new TextEncoder().encode(text);

function apart(cards) {
  const found = [];
  for (let at = 0; at < cards.length; ) {
    const end = at + 4 + new DataView(cards.buffer, cards.byteOffset).getUint32(at);
    found.push(cards.subarray(at + 4, end));
    at = end;
  }
  return found;
}

let pair, session, kem, key, sending, receiving, call, card, meeting;
const start = (made) => ([session, sending, receiving] = [made]) && undefined;

const commands = {
  keypair: (suite, seed) => (pair = pqrtc.HybridKeypair.fromSeed(+suite, bits(seed))).bundle,
  respond: (exchange) => start(pair.respond(bits(exchange))),
  initiate(suite, bundle) {
    const made = pqrtc.initiate(+suite, bits(bundle));
    start(made.session);
    return made.exchange;
  },
  export: (label, context, length) => session.export(bits(label), bits(context), +length),
  srtp: (profile) => session.srtpKeys(+profile),
  basekey: (role, kid) => session.sframeBaseKey(+role, BigInt(kid)),
  kem: (algorithm, seed) => (kem = pqrtc.KemKeypair.fromSeed(+algorithm, bits(seed))).publicKey,
  encapsulate(algorithm, publicKey) {
    const { ciphertext, secret } = pqrtc.encapsulate(+algorithm, bits(publicKey));
    return Buffer.concat([ciphertext, secret]);
  },
  decapsulate: (ciphertext) => kem.decapsulate(bits(ciphertext)),
  key: () => session.key(),
  receiverkey(cipher, kid, key) {
    receiving = { frames: new pqrtc.SframeReceiver(+cipher) };
    receiving.frames.addKey(BigInt(kid), bits(key));
  },
  wrap: (algorithm, publicKey, credential) => turn.wrap(+algorithm, bits(publicKey), bits(credential)),
  unwrap: (wrapped) => turn.unwrap(kem, bits(wrapped)),
  signer: (algorithm, seed) => (key = pqrtc.SigningKey.fromSeed(+algorithm, bits(seed))).publicKey,
  sign: (kind, content) => key.artifactSign(+kind, bits(content)),
  verify: (algorithm, publicKey, kind, content, signature) =>
    pqrtc.artifactVerify(+algorithm, bits(publicKey), +kind, bits(content), bits(signature)),
  signctx: (context, message) => key.sign(bits(message), bits(context)),
  verifyctx: (algorithm, publicKey, context, message, signature) =>
    pqrtc.verify(+algorithm, bits(publicKey), bits(message), bits(signature), bits(context)),
  sender: (kid, cipher) => void (sending = pqrtc.SframeSender.fromSession(session, BigInt(kid), +cipher)),
  receiver(cipher, kid) {
    if (receiving?.cipher !== cipher) receiving = { cipher, frames: new pqrtc.SframeReceiver(+cipher) };
    receiving.frames.addSession(session, BigInt(kid));
  },
  seal: (metadata, clear) => sending.seal(bits(clear), bits(metadata)),
  open: (metadata, sealed) => receiving.frames.open(bits(sealed), bits(metadata)),
  fseal: (codec, metadata, clear) => frame.seal(sending, +codec, bits(clear), bits(metadata)),
  fopen: (codec, metadata, sealed) => frame.open(receiving.frames, +codec, bits(sealed), bits(metadata)),
  sseal: (aad, plaintext) => session.seal(bits(plaintext), bits(aad)),
  sopen: (aad, sealed) => session.open(bits(sealed), bits(aad)),
  fingerprint: (algorithm, publicKey) => pqrtc.fingerprint(+algorithm, bits(publicKey)),
  call(profile, peer, binding) {
    const policy = new pqrtc.Policy(+profile).set(pqrtc.PolicyOption.PIN, bits(peer));
    call = new pqrtc.Call(policy, { identity: key, binding: bits(binding) });
  },
  offer: () => call.offer(),
  receive: (binding, message) => call.receive(bits(message), bits(binding)),
  sas: () => ascii(call.sas()),
  callsession: () => start(call.session()),
  callsender: (stream, cipher) => void (sending = call.sender(+stream, +cipher)),
  callreceiver: (cipher) => void (receiving = { frames: call.receiver(+cipher) }),
  card: (notAfter) => (card = new pqrtc.MeetingCard(key, +notAfter)).encoded,
  create: (now) => void (meeting = pqrtc.Meeting.create(key, card, +now)),
  join(welcome, commit, roster, cards, now) {
    const invitation = { welcome: bits(welcome), commit: bits(commit), roster: bits(roster), cards: apart(bits(cards)) };
    meeting = pqrtc.Meeting.join(key, card, invitation, +now);
  },
  commit: (cards, indexes, fresh) => meeting.commit({ add: apart(bits(cards)), remove: [...bits(indexes)], fresh: fresh === "1" }),
  outgoing(n) {
    const one = meeting.outgoing()[+n];
    if (!one) throw new pqrtc.PqrtcError(pqrtc.Status.INVALID_ARGUMENT, "past the last");
    return Uint8Array.of(one.kind, one.member, ...one.data);
  },
  accepted: () => meeting.accepted(),
  take: (commit, box, cards, now) => meeting.receive(bits(commit), +now, { box: bits(box), cards: apart(bits(cards)) }),
  roster: () => meeting.roster(),
  code: () => ascii(meeting.code()),
  meetsender: (stream, cipher) => void (sending = meeting.sender(+stream, +cipher)),
  meetreceiver: (cipher) => void (receiving = { frames: meeting.receiver(+cipher) }),
};

function answer([verb, ...fields]) {
  try {
    const given = commands[verb](...fields);
    return given === undefined ? "ok" : Buffer.from(given).toString("hex") || "-";
  } catch (why) {
    if (why instanceof pqrtc.PqrtcError) return `error ${why.code}`;
    if (why instanceof TypeError || why instanceof RangeError || why instanceof SyntaxError) return "error 4";
    throw why;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const words = line.trim().split(/\s+/);
  if (words[0] === "quit") break;
  writeSync(1, `${answer(words)}\n`);
}
