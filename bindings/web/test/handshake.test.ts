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

function play(run: any, initiator: Call, responder: Call): void {
  const random = (role: string, ...names: string[]) => names.map((name) => hex(run[`random_${role}`][name]));
  const [bindingI, bindingR] = [hex(run.binding_I), hex(run.binding_R)];
  initiator.setBinding(bindingI);
  responder.setBinding(bindingR);
  const m1 = drawing(random("I", "r", `dk_I suite ${run.suite}`), () => initiator.offer());
  assert.deepEqual(m1, hex(run.M1));
  const m2 = drawing(random("R", "eseed_R", "dk_R"), () => responder.receive(m1, bindingI));
  assert.deepEqual(m2, hex(run.M2));
  const m3 = drawing(random("I", "eseed_I"), () => initiator.receive(m2, bindingR));
  assert.deepEqual(m3, hex(run.M3));
  const ack = responder.receive(m3, bindingI);
  assert.deepEqual(ack, hex(run.ack));
  assert.equal(initiator.receive(ack, bindingR).length, 0);
  for (const [call, peer] of [[initiator, "R"], [responder, "I"]] as const) {
    const session = call.session();
    assert.deepEqual(session.key(), hex(run.values.session_key));
    assert.equal(call.sas(), run.sas);
    assert.equal(call.info().epoch, run.epoch);
    assert.deepEqual(call.info().peerFingerprint, run[`fingerprint_${peer}`] ? hex(run[`fingerprint_${peer}`]) : undefined);
    assert.deepEqual(session.export("test", ascii("context")), hex(run.export));
    for (const { role, kid, base_key } of run.sframe) assert.deepEqual(session.sframeBaseKey(role as Role, BigInt(kid)), hex(base_key));
  }
}

if (there) {
  const runs: any[] = json(path).runs;
  assert.equal(runs.length, 10);
  // The rekeys among them change the credential between two handshakes of a call, which nothing outside the core can.
  for (const run of runs.filter(({ mode }) => mode !== 2)) {
    test(`${run.name}, suite ${run.suite}`, () => play(run, side(run, "I"), side(run, "R")));
  }
}
