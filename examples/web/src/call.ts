/** One end of a two-party call: signaling messages in and out, media sealed end to end. */

import { Call, Codec, Policy, PolicyOption, type SigningKey } from 'pqrtc';
import { protect, unprotect, type Protection, type Unprotection } from 'pqrtc/media';
import { decode, encode, fingerprint, SignalingError } from './signaling';

export type VideoCodec = 'VP8' | 'VP9' | 'H264' | 'AV1';
type Kind = 'audio' | 'video';
const VIDEO = { VP8: Codec.VP8, VP9: Codec.VP9, H264: Codec.H264, AV1: Codec.AV1 };

export class PeerCall {
  readonly pc: RTCPeerConnection;
  readonly call: Call;
  readonly remote = new MediaStream();
  readonly outgoing: Partial<Record<Kind, Protection>> = {};
  readonly incoming: Partial<Record<Kind, Unprotection>> = {};
  #theirs: Uint8Array | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    certificate: RTCCertificate,
    private readonly codec: VideoCodec,
    identity: SigningKey | null,
    policy: Policy,
  ) {
    this.pc = new RTCPeerConnection({ certificates: [certificate] });
    const own = certificate.getFingerprints().find(({ algorithm }) => algorithm === 'sha-256');
    this.call = new Call(policy, { ...(identity && { identity }), binding: fingerprint(`a=fingerprint:sha-256 ${own?.value}`) });
  }

  // docs:begin create
  /** `policy` says which peers are accepted; without an identity this side is anonymous. The caller keeps both and disposes of them. */
  static async create(stream: MediaStream, identity: SigningKey | null, policy: Policy, codec: VideoCodec = 'VP8'): Promise<PeerCall> {
    policy.set(PolicyOption.REQUIRE_BINDING);
    const certificate = await RTCPeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256' } as AlgorithmIdentifier);
    const self = new PeerCall(certificate, codec, identity, policy);
    for (const track of stream.getTracks()) self.pc.addTrack(track, stream);
    self.#attach();
    return self;
  }
  // docs:end create

  // docs:begin media
  /** Before anything is negotiated: no frame passes, either way, that did not go through the worker. */
  #attach(): void {
    for (const transceiver of this.pc.getTransceivers().filter(({ sender }) => !this.#known.has(sender))) {
      this.#known.add(transceiver.sender);
      const kind = transceiver.receiver.track.kind as Kind;
      const [name, codec] = kind === 'video' ? [this.codec, VIDEO[this.codec]] : ['opus', Codec.OPUS];
      const wanted = [`${kind}/${name}`, `${kind}/rtx`];
      transceiver.setCodecPreferences((RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []).filter(({ mimeType }) => wanted.includes(mimeType)));
      this.outgoing[kind] = protect(transceiver.sender, this.call, codec);
      this.incoming[kind] = unprotect(transceiver.receiver, this.call, codec);
      this.remote.addTrack(transceiver.receiver.track);
    }
  }
  // docs:end media
  readonly #known = new Set<RTCRtpSender>();

  // docs:begin signaling
  /** The first message of a call. */
  async offer(): Promise<string> {
    await this.#describe();
    return encode('offer', this.call.offer(), this.pc.localDescription?.sdp);
  }

  /** Begins a change of keys. Senders and receivers follow by themselves. */
  rekey(): string {
    return encode('pqrtc', this.call.offer());
  }

  /** Takes a message of the peer and gives the one to send back, or null. One after the other; what is refused throws and changes nothing. */
  receive(text: string): Promise<string | null> {
    const taken = this.#last.then(() => this.#receive(text));
    this.#last = taken.catch(() => {});
    return taken;
  }

  async #receive(text: string): Promise<string | null> {
    const { type, sdp, pqrtc } = decode(text);
    if (type === 'pqrtc') {
      const reply = await this.#take(pqrtc, this.#theirs);
      return reply.length ? encode('pqrtc', reply) : null;
    }
    const theirs = fingerprint(sdp);
    // What was bound stays: the same message again, beside another certificate, is not answered again.
    if (this.#theirs && `${this.#theirs}` !== `${theirs}`) throw new SignalingError('another certificate than before');
    const reply = await this.#take(pqrtc, theirs);
    this.#theirs = theirs;
    // An answer is set once the peer has proved who it is, and that this is its certificate.
    if (type === 'answer') {
      if (this.pc.signalingState !== 'stable') await this.pc.setRemoteDescription({ type, sdp });
      return encode('pqrtc', reply);
    }
    await this.pc.setRemoteDescription({ type, sdp });
    this.#attach();
    await this.#describe();
    return encode('answer', reply, this.pc.localDescription?.sdp);
  }

  /** The worker has the keys of a new epoch before the peer is told anything more. */
  async #take(message: Uint8Array, theirs: Uint8Array | undefined): Promise<Uint8Array> {
    const reply = this.call.receive(message, theirs);
    await Promise.all([...Object.values(this.outgoing), ...Object.values(this.incoming)].map((transform) => transform.ready()));
    return reply;
  }
  // docs:end signaling

  /** The local description, with all candidates. */
  async #describe(): Promise<void> {
    await this.pc.setLocalDescription();
    while (this.pc.iceGatheringState !== 'complete') {
      await new Promise((done) => this.pc.addEventListener('icegatheringstatechange', done, { once: true }));
    }
  }

  close(): void {
    this.pc.close();
    for (const transform of [...Object.values(this.outgoing), ...Object.values(this.incoming)]) void transform.close();
    this.call.dispose();
  }
}
