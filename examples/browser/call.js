// A call of this page: its signaling messages, its media and its keys.

import { Code, Call as Handshake, HandshakeError } from './handshake.js';
import { PqrtcError, RESPONDER } from './session.js';
import { decode, encode, fingerprint, fingerprintBytes } from './signaling.js';

const CODECS = { audio: 'opus', video: 'VP8' };

export class Call {
  #worker = new Worker('worker.js', { type: 'module' });
  #handshake;
  #remote = new MediaStream();
  #peerBinding;
  #last = Promise.resolve();
  #asked = 0;
  #now = {}; // the state and epoch that the worker has

  // docs:begin create
  // `identity` is an Identity, `pins` the fingerprints of the peers that are accepted.
  static async create(stream, { identity, pins }) {
    const certificate = await RTCPeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256' });
    const own = certificate.getFingerprints().find(({ algorithm }) => algorithm === 'sha-256');
    const self = new Call();
    self.#handshake = new Handshake({ identity, pins, binding: fingerprintBytes(own.value), requireBinding: true });
    self.pc = new RTCPeerConnection({ certificates: [certificate] });
    for (const track of stream.getTracks()) self.pc.addTrack(track, stream);
    self.#attach();
    return self;
  }
  // docs:end create

  // docs:begin attach
  // Before anything is negotiated: nothing passes, either way, that did not go through the worker.
  #attach() {
    for (const transceiver of this.pc.getTransceivers().filter(({ sender }) => !sender.transform)) {
      const { kind } = transceiver.receiver.track, codec = CODECS[kind], wanted = [`${kind}/${codec}`, `${kind}/rtx`];
      transceiver.setCodecPreferences(RTCRtpSender.getCapabilities(kind).codecs.filter(({ mimeType }) => wanted.includes(mimeType)));
      transceiver.sender.transform = new RTCRtpScriptTransform(this.#worker, { side: 'send', kind, codec });
      transceiver.receiver.transform = new RTCRtpScriptTransform(this.#worker, { side: 'receive', kind, codec });
      this.#remote.addTrack(transceiver.receiver.track);
    }
  }
  // docs:end attach

  get remote() { return this.#remote; }
  get state() { return this.#handshake.state; }
  get epoch() { return this.#handshake.epoch; }
  get peer() { return this.#handshake.peer; }
  get sas() { return this.#handshake.sas; }

  // docs:begin signaling
  // The first message of a call, as JSON.
  async offer() {
    await this.#describe();
    return encode('offer', this.#handshake.offer(), this.pc.localDescription.sdp);
  }

  // Begins a change of keys.
  rekey() {
    return encode('pqrtc', this.#handshake.offer());
  }

  // Takes a message of the peer and gives the one to send back, or null. Messages are taken one after the other; one that is refused throws.
  receive(text) {
    const taken = this.#last.then(() => this.#receive(decode(text)));
    this.#last = taken.catch(() => {});
    return taken;
  }

  async #receive({ type, sdp, pqrtc }) {
    if (type === 'pqrtc') {
      const reply = await this.#take(pqrtc, this.#peerBinding);
      return reply.length ? encode('pqrtc', reply) : null;
    }
    const binding = fingerprint(sdp);
    // What was bound stays: the same message again, beside another certificate, is not answered again.
    if (`${this.#peerBinding ?? binding}` !== `${binding}`) throw new HandshakeError(Code.BINDING_MISMATCH, 'another certificate than before');
    const reply = await this.#take(pqrtc, binding);
    this.#peerBinding = binding;
    // An answer is set once the peer has proved who it is, and that this is its certificate.
    if (type === 'answer') {
      if (this.pc.signalingState !== 'stable') await this.pc.setRemoteDescription({ type, sdp });
      return encode('pqrtc', reply);
    }
    await this.pc.setRemoteDescription({ type, sdp });
    this.#attach();
    await this.#describe();
    return encode('answer', reply, this.pc.localDescription.sdp);
  }

  async #take(pqrtc, binding) {
    const reply = this.#handshake.receive(pqrtc, binding);
    await this.#follow();
    return reply;
  }

  // The worker gets the keys of a new epoch before the peer is told anything more; the side that began a rekey seals under them when it knows that the peer has them.
  async #follow() {
    const { state, epoch, role } = this.#handshake, before = this.#now;
    if (epoch === undefined) return;
    this.#now = { state, epoch };
    if (epoch !== before.epoch) await this.keys({ epoch, role, key: await this.#handshake.sessionKey() }, epoch === 0 || role === RESPONDER);
    else if (state === 'confirmed' && before.state !== state) await this.#ask({ maySend: true });
  }
  // docs:end signaling

  // Opens under these keys from here on, and seals under them too if it may.
  keys(keys, maySend) {
    return this.#ask({ keys, maySend });
  }

  // Frames sealed, opened (also by kind and epoch), and dropped with why.
  counts() {
    return this.#ask({});
  }

  // The local description, with all candidates.
  async #describe() {
    await this.pc.setLocalDescription();
    while (this.pc.iceGatheringState !== 'complete') await new Promise((done) => this.pc.addEventListener('icegatheringstatechange', done, { once: true }));
  }

  #ask(message) {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const hear = ({ data }) => {
        if (data.id !== id) return;
        this.#worker.removeEventListener('message', hear);
        if (data.error) reject(new PqrtcError(data.error));
        else resolve(data.counts);
      };
      this.#worker.addEventListener('message', hear);
      this.#worker.postMessage({ id, ...message });
    });
  }

  close() {
    this.pc.close();
    this.#worker.terminate();
  }
}
