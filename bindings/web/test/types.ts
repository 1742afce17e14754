// What the types refuse. Compiled and not run: an expectation that does not fail is an error of tsc.
import { Call, CipherSuite, Codec, HybridKeypair, KemKeypair, Policy, Profile, SframeReceiver, SframeSender, Suite, frame, initiate, turn, type Session } from "pqrtc";

declare const session: Session;
declare const sender: SframeSender;
declare const kem: KemKeypair;

export function refused(): void {
  // @ts-expect-error a suite is a Suite
  HybridKeypair.generate(3);
  // @ts-expect-error bytes, not text
  initiate(Suite.X_WING, "bundle");
  // @ts-expect-error a KID is a bigint
  SframeSender.fromSession(session, 1, CipherSuite.AES_256_GCM_SHA512_128);
  // @ts-expect-error a cipher suite, not a codec
  new SframeReceiver(Codec.AV1);
  // @ts-expect-error a sender, not a session
  frame.seal(session, Codec.VP8, new Uint8Array());
  // @ts-expect-error no such codec
  frame.seal(sender, 10, new Uint8Array());
  // @ts-expect-error a key pair of ML-KEM
  turn.unwrap(HybridKeypair.generate(Suite.X_WING), new Uint8Array());
  // @ts-expect-error an option that does not exist
  new Call(new Policy(Profile.DEFAULT), { bindings: new Uint8Array() });
  // @ts-expect-error nobody makes a session by hand
  const mine: Session = {};
  // @ts-expect-error what is read only is read only
  kem.publicKey = new Uint8Array();
  void mine;
}

export function taken(): Uint8Array<ArrayBuffer> {
  using pair = HybridKeypair.generate(Suite.X_WING);
  const kid: bigint = sender.kid;
  void [kid, new SframeReceiver(CipherSuite.AES_256_GCM_SHA512_128, { window: 64 })];
  return pair.respond(new ArrayBuffer(1120)).export("label");
}
