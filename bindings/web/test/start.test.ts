// The program of docs/start/typescript.md. The runner takes a file that throws for a test that fails.
// docs:begin program
import { Call, CipherSuite, Codec, Policy, PolicyOption, Profile, SignatureAlgorithm, SigningKey, frame, init } from "pqrtc";

const CIPHER = CipherSuite.AES_256_GCM_SHA512_128;

/** One participant's side of a call with the peer whose identity has this fingerprint. */
function newCall(identity: SigningKey, peer: Uint8Array, binding: Uint8Array): Call {
  const policy = new Policy(Profile.DEFAULT).set(PolicyOption.PIN, peer);
  return new Call(policy, { identity, binding });
}

await init();
const me = SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519); // once for each device
const you = SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519);
const aliceDtls = new Uint8Array(32).fill(1); // a=fingerprint of the two SDPs
const bobDtls = new Uint8Array(32).fill(2);
const alice = newCall(me, you.fingerprint, aliceDtls);
const bob = newCall(you, me.fingerprint, bobDtls);

const offer = alice.offer(); // beside the SDP offer
const answer = bob.receive(offer, aliceDtls); // beside the SDP answer
const finish = alice.receive(answer, bobDtls); // Alice knows that it is Bob; one more message
bob.receive(finish, aliceDtls); // Bob knows that it is Alice

const sender = alice.sender(0, CIPHER); // both follow later rekeys by themselves
const receiver = bob.receiver(CIPHER);
const encoded = new Uint8Array(1200).fill(1); // a delta frame of VP8
const sealed = frame.seal(sender, Codec.VP8, encoded); // after the encoder
const opened = frame.open(receiver, Codec.VP8, sealed); // before the decoder
if (opened.join() !== encoded.join()) throw new Error("the frame that was opened is another");
console.log(`${encoded.length} bytes sealed in ${sealed.length}, opened to ${opened.length}`);
// docs:end program
