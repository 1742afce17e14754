// What the tests share.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CipherSuite, HybridKeypair, PqrtcError, SframeReceiver, SframeSender, Suite, initiate, random, type Session, type StatusName } from "pqrtc";

/** The root of the repository. */
export const root = new URL("../../../../", import.meta.url);

export function json(path: string): any {
  return JSON.parse(readFileSync(new URL(path, root), "utf8"));
}

export const hex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "hex"));

/** The status code of a call, 0 if it works. */
export function code(call: () => unknown): number {
  try {
    call();
  } catch (why) {
    if (why instanceof PqrtcError) return why.code;
    throw why;
  }
  return 0;
}

export function refused(status: StatusName, call: () => unknown): PqrtcError {
  let found: PqrtcError | undefined;
  assert.throws(call, (why: unknown) => {
    assert.ok(why instanceof PqrtcError, String(why));
    assert.equal(why.status, status, `${call}`);
    found = why;
    return true;
  });
  return found!;
}

export const ascii = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export function flipped(data: Uint8Array, place = -1): Uint8Array<ArrayBuffer> {
  const altered = data.slice();
  const at = (place + altered.length) % altered.length;
  altered[at]! ^= 1;
  return altered;
}

export function sessions(suite: Suite = Suite.X_WING): { initiator: Session; responder: Session } {
  using pair = HybridKeypair.generate(suite);
  const { exchange, session } = initiate(suite, pair.bundle);
  return { initiator: session, responder: pair.respond(exchange) };
}

let kids = 1000n;
export const newKid = (): bigint => kids++;

/** A sender and a receiver with its key. */
export function media(cipher: CipherSuite = CipherSuite.AES_256_GCM_SHA512_128): { sender: SframeSender; receiver: SframeReceiver } {
  const [key, kid] = [random(32), newKid()];
  const receiver = new SframeReceiver(cipher);
  receiver.addKey(kid, key);
  return { sender: SframeSender.fromKey(key, kid, cipher), receiver };
}
