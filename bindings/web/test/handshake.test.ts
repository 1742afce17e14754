// The published runs of the handshake, byte for byte: the module draws its randomness from the host, which here gives that of the runs.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Call, Policy, PolicyOption, Profile, SignatureAlgorithm, SigningKey, init, type Role } from "pqrtc";
import { ascii, hex, json, root } from "./common.js";

await init();
const path = "../shared/vectors/handshake-v1.json";
const there = existsSync(new URL(path, root));
if (!there) console.log("skipped: the published runs of the handshake: needs ../shared/vectors");

/** Calls with these as its randomness, and zeros as what hedges a signature. */
function drawing<T>(values: Uint8Array[], call: () => T): T {
  const { getRandomValues } = crypto;
  crypto.getRandomValues = ((out: Uint8Array) => {
    const next = values.shift();
    assert.ok(!next || next.length === out.length);
    out.set(next ?? new Uint8Array(out.length));
    return out;
  }) as typeof crypto.getRandomValues;
  try {
    return call();
  } finally {
    crypto.getRandomValues = getRandomValues;
    assert.equal(values.length, 0);
  }
}

function side(run: any, me: "I" | "R"): Call {
  const algorithm = run.suite === 1 ? SignatureAlgorithm.ML_DSA_65_ED25519 : SignatureAlgorithm.ML_DSA_87;
  const key = (whose: "I" | "R") => (run[`identity_${whose}`] ? SigningKey.fromSeed(algorithm, hex(run[`identity_${whose}`])) : undefined);
  const policy = new Policy(run.suite === 1 ? Profile.DEFAULT : Profile.CNSA2);
  const [mine, peer] = [key(me), key(me === "I" ? "R" : "I")];
  if (peer) policy.set(PolicyOption.PIN, peer.fingerprint);
  else policy.set(PolicyOption.ANONYMOUS_PEER);
  if (run.mode === 1) policy.set(PolicyOption.PSK, hex(run.values.psk));
  return new Call(policy, { ...(mine && { identity: mine }), binding: hex(run[`binding_${me}`]), credential: hex(me === "I" ? run.credential_I : "") });
}

const random = (run: any, role: "I" | "R", ...names: string[]) => names.map((name) => hex(run[`random_${role}`][name]));

function offers(run: any, initiator: Call): Uint8Array {
  initiator.setBinding(hex(run.binding_I));
  const m1 = drawing(random(run, "I", "r", `dk_I suite ${run.suite}`), () => initiator.offer());
  assert.deepEqual(m1, hex(run.M1));
  return m1;
}

function answers(run: any, responder: Call, m1: Uint8Array): Uint8Array {
  responder.setBinding(hex(run.binding_R));
  const m2 = drawing(random(run, "R", "eseed_R", "dk_R"), () => responder.receive(m1, hex(run.binding_I)));
  assert.deepEqual(m2, hex(run.M2));
  return m2;
}

function finishes(run: any, initiator: Call, m2: Uint8Array): Uint8Array {
  const m3 = drawing(random(run, "I", "eseed_I"), () => initiator.receive(m2, hex(run.binding_R)));
  assert.deepEqual(m3, hex(run.M3));
  return m3;
}

/** The keys and what else a side has at the end of a run. */
function agrees(run: any, call: Call, peer: "I" | "R"): void {
  const session = call.session();
  assert.deepEqual(session.key(), hex(run.values.session_key));
  assert.equal(call.sas(), run.sas);
  assert.equal(call.info().epoch, run.epoch);
  assert.deepEqual(call.info().peerFingerprint, run[`fingerprint_${peer}`] ? hex(run[`fingerprint_${peer}`]) : undefined);
  assert.deepEqual(session.export("test", ascii("context")), hex(run.export));
  for (const { role, kid, base_key } of run.sframe) assert.deepEqual(session.sframeBaseKey(role as Role, BigInt(kid)), hex(base_key));
}

function play(run: any, initiator: Call, responder: Call): void {
  const m3 = finishes(run, initiator, answers(run, responder, offers(run, initiator)));
  const ack = responder.receive(m3, hex(run.binding_I));
  assert.deepEqual(ack, hex(run.ack));
  assert.equal(initiator.receive(ack, hex(run.binding_R)).length, 0);
  agrees(run, initiator, "R");
  agrees(run, responder, "I");
}

/**
 * The initiator of a rekey, which hears what the published responder said. The responder cannot be played: it is the initiator of the first
 * run, had a credential there and has none here, and no function of the C API changes the credential of a call. The core's own test does
 * (src/handshake/tests/vectors.rs).
 */
function rekey(run: any, initiator: Call): void {
  assert.deepEqual(initiator.session().key(), hex(run.previous_session_key));
  offers(run, initiator);
  finishes(run, initiator, hex(run.M2));
  assert.equal(initiator.receive(hex(run.ack), hex(run.binding_R)).length, 0);
  agrees(run, initiator, "R");
}

if (there) {
  const runs: any[] = json(path).runs;
  assert.equal(runs.length, 10);
  let responder: Call;
  for (const run of runs) {
    test(`${run.name}, suite ${run.suite}`, () => {
      // The responder of the first handshake begins all rekeys.
      if (run.mode === 2) return rekey(run, responder);
      responder = side(run, "R");
      play(run, side(run, "I"), responder);
    });
  }
}
