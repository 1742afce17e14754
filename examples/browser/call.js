// A call from this page to peer.py: audio and video, sealed end to end.

import { Keypair, X_WING, verify } from './pqrtc.js';
import { PqrtcError, b64, unb64 } from './session.js';
import { concat } from './sframe.js';

const utf8 = (text) => new TextEncoder().encode(text);
const KIDS = { audio: 0n, video: 256n }; // a key ID for each track, so that no frame of one passes for one of the other

const CODECS = { audio: 'opus', video: 'VP8' };

// docs:begin offer
// The key exchange beside SDP, from the side that offers. `identity` is the peer's ML-DSA-65 key, known from elsewhere.
export class Offerer {
  static async create(call, identity) {
    const self = new Offerer();
    return Object.assign(self, { call: utf8(call), identity, keys: await Keypair.generate(X_WING) });
  }

  get offer() {
    return { suite: X_WING, bundle: b64(this.keys.bundle) };
  }

  // The session, or an error that says why not. After a bad answer a good one may still come.
  async accept(blob) {
    if (blob?.suite !== X_WING) throw new PqrtcError('no key exchange of a suite that we know: the call does not go on without one');
    const exchange = unb64(blob.exchange, 'exchange', 1120);
    const confirm = unb64(blob.confirm, 'confirm', 32), signature = unb64(blob.signature, 'signature', 3309);
    const said = concat(this.call, this.keys.bundle, exchange);
    if (!(await verify(this.identity, said, signature, 'example call answer v1'))) {
      throw new PqrtcError('the answer was not signed by the peer, or not for this call');
    }
    const session = await this.keys.respond(exchange);
    // An altered ML-KEM ciphertext gives another key and no error, so the peer proves that it has ours.
    const expected = await session.export('call confirm', said);
    if (expected.reduce((different, byte, i) => different | (byte ^ confirm[i]), 0)) throw new PqrtcError('the answer was altered, or is to another offer');
    return session;
  }
}
// docs:end offer

export class Call {
  #worker = new Worker('worker.js', { type: 'module' });
  #asked = 0;

  constructor(stream, onstream) {
    this.id = crypto.randomUUID();
    this.pc = new RTCPeerConnection();
    const remote = new MediaStream();
    // docs:begin attach
    for (const track of stream.getTracks()) {
      const transceiver = this.pc.addTransceiver(track, { streams: [stream] });
      const { kind } = track, codec = CODECS[kind], wanted = [`${kind}/${codec}`, `${kind}/rtx`];
      transceiver.setCodecPreferences(RTCRtpSender.getCapabilities(kind).codecs.filter(({ mimeType }) => wanted.includes(mimeType)));
      // Before anything is negotiated: nothing passes, either way, that did not go through the worker.
      transceiver.sender.transform = new RTCRtpScriptTransform(this.#worker, { side: 'send', kind, codec });
      transceiver.receiver.transform = new RTCRtpScriptTransform(this.#worker, { side: 'receive', kind, codec });
      remote.addTrack(transceiver.receiver.track);
    }
    // docs:end attach
    onstream(remote);
  }

  // Connects, and gives the session. Nothing is sent or shown yet.
  async connect(identity) {
    const offerer = await Offerer.create(this.id, identity);
    await this.pc.setLocalDescription();
    while (this.pc.iceGatheringState !== 'complete') await new Promise((done) => this.pc.addEventListener('icegatheringstatechange', done, { once: true }));
    const answer = await post('offer', { call: this.id, sdp: this.pc.localDescription.sdp, pqrtc: offerer.offer });
    const session = await offerer.accept(answer.pqrtc);
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
    return session;
  }

  // docs:begin start
  // From here on this side seals, and opens what the other seals. The worker gets base keys; the session stays here.
  async start(session) {
    const keys = [];
    for (const [kind, kid] of Object.entries(KIDS)) {
      keys.push({ kind, kid, sealing: await session.sealingKey(kid), opening: await session.openingKey(kid) });
    }
    await this.#ask({ keys }, keys.flatMap(({ sealing, opening }) => [sealing.buffer, opening.buffer]));
  }
  // docs:end start

  // Frames sealed, opened, and dropped with why.
  counts() {
    return this.#ask({});
  }

  #ask(message, transfer = []) {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const hear = ({ data }) => {
        if (data.id !== id) return;
        this.#worker.removeEventListener('message', hear);
        if (data.error) reject(new PqrtcError(data.error));
        else resolve(data.counts);
      };
      this.#worker.addEventListener('message', hear);
      this.#worker.postMessage({ id, ...message }, transfer);
    });
  }

  close() {
    this.pc.close();
    this.#worker.terminate();
  }
}

export async function post(path, body) {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const heard = await response.json();
  if (!response.ok) throw new PqrtcError(`the peer refuses: ${heard.error}`);
  return heard;
}

export const identity = async () => unb64((await (await fetch('identity')).json()).key, 'identity', 1952);
