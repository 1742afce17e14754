/** What tests call in the page: calls of the example, and a room at an SFU. Built with examples/web, whose modules it uses. */

import { Call, CallState, CipherSuite, Codec, Direction, init, Meeting, MeetingCard, Policy, PolicyOption, PqrtcError, Profile, SignatureAlgorithm, SigningKey } from 'pqrtc';
import { protect, unprotect, type MediaStats, type MediaTransform } from 'pqrtc/media';
import { PeerCall, type VideoCodec } from './call';
import { decode, encode, fingerprint, SignalingError } from './signaling';

if (location.search === '?streams') Reflect.deleteProperty(globalThis, 'RTCRtpScriptTransform');

interface Options {
  readonly pem: string;
  readonly pin: string;
  readonly codec: VideoCodec;
  readonly width?: number;
  readonly height?: number;
  readonly wrong?: boolean;
}

const video = (id: string) => document.getElementById(id) as HTMLVideoElement;
const fromHex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
const toHex = (data: Uint8Array) => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');

let now: { call: Call; pcs: RTCPeerConnection[]; outgoing: Record<string, MediaTransform>; incoming: Record<string, MediaTransform>; errors: string[] } | undefined;
let peerCall: PeerCall | undefined;
let camera: MediaStream | undefined;

async function prepare({ pem, pin, width = 320, height = 240 }: Options) {
  await init();
  peerCall?.close();
  for (const track of camera?.getTracks() ?? []) track.stop();
  camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height, frameRate: 30 } });
  video('own').srcObject = camera;
  const policy = new Policy(Profile.DEFAULT);
  policy.set(PolicyOption.PIN, fromHex(pin));
  return { camera, identity: SigningKey.importFile(new TextEncoder().encode(pem)), policy };
}

function watched(transforms: Record<string, MediaTransform>): void {
  for (const [kind, transform] of Object.entries(transforms)) transform.addEventListener('error', () => now?.errors.push(`${kind}: ${transform.error?.message}`));
}

/** Under the right KIDs, keys that nobody has. */
function wrongKeys(call: Call): void {
  call.sframeKey = (direction: Direction, stream: number) => {
    const { kid } = Call.prototype.sframeKey.call(call, direction, stream);
    return { kid, baseKey: crypto.getRandomValues(new Uint8Array(32)) };
  };
}

async function start(options: Options): Promise<void> {
  const { camera, identity, policy } = await prepare(options);
  peerCall = await PeerCall.create(camera, identity, policy, options.codec);
  video('peer').srcObject = peerCall.remote;
  const { call, pc, outgoing, incoming } = peerCall;
  if (options.wrong) wrongKeys(call);
  now = { call, pcs: [pc], outgoing, incoming, errors: [] };
  watched(outgoing);
  watched(incoming);
}

/** What a call says no to: its code, if it came so far. */
async function receive(text: string) {
  try {
    return { reply: await peerCall!.receive(text) };
  } catch (why) {
    return { refused: { code: why instanceof PqrtcError ? why.code : 0, text: (why as Error).message } };
  }
}

const told = (transforms: Record<string, MediaTransform>) =>
  Object.fromEntries(Object.entries(transforms).map(([kind, { stats }]) => [kind, { ...stats, kid: stats.kid === undefined ? null : Number(stats.kid) } satisfies { [K in keyof MediaStats]: unknown }]));

function status() {
  const { call, outgoing, incoming, errors } = now!, { state, epoch, maySend, peerFingerprint } = call.info();
  return {
    state: Object.keys(CallState)[Object.values(CallState).indexOf(state)]!.toLowerCase(), epoch, maySend, sas: maySend ? call.sas() : '', peer: toHex(peerFingerprint ?? new Uint8Array()),
    outgoing: told(outgoing), incoming: told(incoming), errors,
  };
}

/** The status, and what the browser says of media. */
async function stats() {
  const found: Record<string, unknown> = { decoded: 0, encoded: 0, energy: 0, bytesSent: 0 };
  const reports = (await Promise.all(now!.pcs.map((pc) => pc.getStats()))).flatMap((report) => [...(report as unknown as Map<string, any>).values()]);
  const codecs = new Map(reports.filter(({ type }) => type === 'codec').map(({ id, mimeType }) => [id, mimeType]));
  for (const r of reports) {
    if (r.type === 'inbound-rtp' && r.kind === 'video') Object.assign(found, { decoded: r.framesDecoded ?? 0, keyFrames: r.keyFramesDecoded, mime: codecs.get(r.codecId), width: r.frameWidth });
    if (r.type === 'inbound-rtp' && r.kind === 'audio') found.energy = r.totalAudioEnergy ?? 0;
    if (r.type === 'outbound-rtp') found.bytesSent = (found.bytesSent as number) + (r.bytesSent ?? 0);
    if (r.type === 'outbound-rtp' && r.kind === 'video') found.encoded = r.framesEncoded ?? 0;
    if (r.type === 'transport') Object.assign(found, { dtls: r.dtlsState, tls: r.tlsVersion, group: r.tlsGroup });
  }
  const canvas = document.createElement('canvas'), element = video('peer'), at = canvas.getContext('2d')!;
  found.time = element.currentTime;
  if (element.videoWidth) {
    at.drawImage(element, 0, 0, 8, 8);
    found.pixel = [...at.getImageData(4, 1, 1, 1).data];
  }
  const all = { ...status(), ...found };
  document.getElementById('status')!.textContent = JSON.stringify(all, null, 1);
  return all;
}

// A room at an SFU: it takes part in DTLS, so there is no certificate to bind, and the call is carried beside it.
const CODECS = { VP8: Codec.VP8, VP9: Codec.VP9, H264: Codec.H264, AV1: Codec.AV1 };

async function described(pc: RTCPeerConnection): Promise<string> {
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== 'complete') await new Promise((done) => pc.addEventListener('icegatheringstatechange', done, { once: true }));
  return pc.localDescription!.sdp;
}

const codecOf = (kind: string, codec: VideoCodec) => (kind === 'video' ? CODECS[codec] : Codec.OPUS);

/** The offer of a publisher. */
async function publish(options: Options): Promise<string> {
  const { camera, identity, policy } = await prepare(options), pc = new RTCPeerConnection();
  now = { call: new Call(policy, { identity }), pcs: [pc], outgoing: {}, incoming: {}, errors: [] };
  for (const track of camera.getTracks()) {
    const transceiver = pc.addTransceiver(track, { direction: 'sendonly', streams: [camera] }), mime = `${track.kind}/${track.kind === 'video' ? options.codec : 'opus'}`;
    transceiver.setCodecPreferences(RTCRtpReceiver.getCapabilities(track.kind)!.codecs.filter(({ mimeType }) => mimeType === mime));
    now.outgoing[track.kind] = protect(transceiver.sender, now.call, codecOf(track.kind, options.codec));
  }
  watched(now.outgoing);
  return described(pc);
}

const published = (sdp: string) => now!.pcs[0]!.setRemoteDescription({ type: 'answer', sdp });

/** The answer of a subscriber. */
async function subscribe(sdp: string, codec: VideoCodec): Promise<string> {
  const pc = new RTCPeerConnection(), remote = new MediaStream(), { call, pcs, incoming } = now!;
  pcs.push(pc);
  await pc.setRemoteDescription({ type: 'offer', sdp });
  for (const { receiver } of pc.getTransceivers()) {
    incoming[receiver.track.kind] = unprotect(receiver, call, codecOf(receiver.track.kind, codec));
    remote.addTrack(receiver.track);
  }
  watched(incoming);
  video('peer').srcObject = remote;
  return described(pc);
}

// Messages of the call, in hexadecimal.
const callOffer = () => toHex(now!.call.offer());
const callReceive = (message: string) => toHex(now!.call.receive(fromHex(message)));

/** Opens what comes from now on under other keys, with the KIDs of the peer's. */
async function loseKeys(): Promise<void> {
  for (const transform of Object.values(now!.incoming)) {
    const { kid } = transform.stats, unprotection = transform as ReturnType<typeof unprotect>;
    await unprotection.removeKey(kid!);
    await unprotection.addKey({ kid: kid!, baseKey: crypto.getRandomValues(new Uint8Array(32)) });
  }
}

/** Whatever a page passes is a TypeError or has a code, and afterwards the sender works. What each said, by name. */
async function badInput(): Promise<Record<string, string>> {
  await init();
  const pc = new RTCPeerConnection(), said: Record<string, string> = {};
  const transceiver = (kind: string) => pc.addTransceiver(kind);
  const { sender, receiver } = transceiver('video'), any = (value: unknown) => value as never;
  const baseKey = crypto.getRandomValues(new Uint8Array(32)), key = { kid: 1n, baseKey };
  const identity = SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519), meeting = Meeting.create(identity, new MeetingCard(identity, 2000), 1000);
  const tries = async (name: string, work: () => unknown) => {
    try {
      await work();
      said[name] = 'taken';
    } catch (why) {
      said[name] = why instanceof PqrtcError ? why.status : (why as Error).constructor.name;
    }
  };
  await tries('no sender', () => protect(any(undefined), key, Codec.VP8));
  await tries('a receiver as sender', () => protect(any(receiver), key, Codec.VP8));
  await tries('a sender as receiver', () => unprotect(any(sender), key, Codec.VP8));
  await tries('no key at all', () => protect(sender, any(undefined), Codec.VP8));
  await tries('a number as KID', () => protect(sender, any({ kid: 1, baseKey }), Codec.VP8));
  await tries('a negative KID', () => protect(sender, { kid: -1n, baseKey }, Codec.VP8));
  await tries('a huge KID', () => protect(sender, { kid: 1n << 64n, baseKey }, Codec.VP8));
  await tries('a short key', () => protect(sender, { kid: 1n, baseKey: baseKey.subarray(0, 15) }, Codec.VP8));
  const gone = Uint8Array.from(baseKey);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  await tries('a detached key', () => protect(sender, { kid: 1n, baseKey: gone }, Codec.VP8));
  await tries('a string as key', () => protect(sender, any({ kid: 1n, baseKey: '0'.repeat(32) }), Codec.VP8));
  await tries('no codec', () => protect(sender, key, any(undefined)));
  await tries('an unknown codec', () => protect(sender, key, any(99)));
  await tries('an unknown cipher', () => protect(sender, key, Codec.VP8, any({ cipher: 99 })));
  await tries('metadata of text', () => protect(sender, key, Codec.VP8, any({ metadata: 'x' })));
  await tries('a stream of text', () => protect(sender, any(new Call(new Policy(Profile.SAS))), Codec.VP8, any({ stream: '1' })));
  await tries('a disposed call', () => {
    const call = new Call(new Policy(Profile.SAS));
    call.dispose();
    protect(sender, call, Codec.VP8);
  });
  const strict = new Call(new Policy(Profile.CNSA2));
  await tries('a cipher suite that the profile does not allow', () => protect(sender, strict, Codec.VP8, { cipher: CipherSuite.AES_128_GCM_SHA256_128 }));
  await tries('the same to open', () => unprotect(receiver, strict, Codec.VP8, { cipher: CipherSuite.AES_128_GCM_SHA256_128 }));
  await tries('a member of text', () => unprotect(receiver, meeting, Codec.VP8, any({ member: '1' })));
  await tries('one key of a list', () => unprotect(receiver, any([key, null]), Codec.VP8));
  // None of these left a transform behind.
  const protection = protect(sender, null, Codec.VP8), unprotection = unprotect(receiver, null, Codec.VP8);
  await tries('a second transform', () => protect(sender, key, Codec.VP8));
  await tries('the key', () => protection.setKey(key));
  await tries('the key for another sender', () => protect(transceiver('video').sender, null, Codec.VP8).setKey(key));
  await tries('the key again', () => protection.setKey(key));
  await tries('another key', () => protection.setKey({ kid: 2n, baseKey }));
  await tries('a key to open with', () => unprotection.addKey(key));
  await tries('its KID again', () => unprotection.addKey({ kid: 1n, baseKey: crypto.getRandomValues(new Uint8Array(32)) }));
  await tries('a KID to remove that is not there', () => unprotection.removeKey(7n));
  await tries('a number to remove', () => unprotection.removeKey(any(7)));
  await tries('its KID to remove', () => unprotection.removeKey(1n));
  // The key of a stream of a meeting or a call serves once, wherever it is asked for.
  const error = async (transform: MediaTransform) => {
    await transform.ready();
    await new Promise((done) => setTimeout(done, 100));
    throw transform.error ?? new Error('no error');
  };
  const own = protect(transceiver('video').sender, meeting, Codec.VP8);
  await own.ready();
  await tries('a stream of a meeting that has a sender', () => error(protect(transceiver('video').sender, meeting, Codec.VP8)));
  await tries('a sender of the page for it', () => meeting.sender(0, CipherSuite.AES_256_GCM_SHA512_128));
  const taken = meeting.sender(5, CipherSuite.AES_256_GCM_SHA512_128);
  await tries('a stream that has a sender of the page', () => error(protect(transceiver('video').sender, meeting, Codec.VP8, { stream: 5 })));
  taken.dispose();
  await tries('the same when it is disposed of', () => error(protect(transceiver('video').sender, meeting, Codec.VP8, { stream: 5 })));
  const [a, b] = [new Call(new Policy(Profile.SAS)), new Call(new Policy(Profile.SAS))];
  b.receive(a.receive(b.receive(a.offer())));
  await protect(transceiver('video').sender, a, Codec.VP8).ready();
  await tries('a stream of a call that has a sender', () => error(protect(transceiver('video').sender, a, Codec.VP8)));
  await tries('a sender of the page for the call', () => a.sender(0, CipherSuite.AES_256_GCM_SHA512_128));
  await protection.close();
  await protection.close();
  await tries('a key when it is closed', () => protection.setKey({ kid: 3n, baseKey }));
  said.kept = baseKey.some(Boolean) ? 'the key of the page is not touched' : 'wiped';
  pc.close();
  return said;
}

interface Vector {
  readonly name: string;
  readonly text: string;
  readonly refused?: boolean;
  readonly type: 'offer' | 'answer' | 'pqrtc';
  readonly sdp: string;
  readonly pqrtc: string;
  readonly fingerprint: string;
}

/** The names of those of tests/vectors/signaling.json that the example does not read as it should. */
function signaling(messages: Vector[], fingerprints: Vector[]): string[] {
  const read = (work: () => string) => {
    try {
      return work();
    } catch (why) {
      return why instanceof SignalingError ? 'refused' : `${why}`;
    }
  };
  const told = (text: string) => {
    const { type, sdp, pqrtc } = decode(text);
    return JSON.stringify([type, sdp, toHex(pqrtc)]);
  };
  const wrong = [
    ...messages.filter((v) => read(() => told(v.text)) !== (v.refused ? 'refused' : JSON.stringify([v.type, v.sdp, v.pqrtc]))),
    ...messages.filter((v) => !v.refused && read(() => told(encode(v.type, fromHex(v.pqrtc), v.sdp || undefined))) !== JSON.stringify([v.type, v.sdp, v.pqrtc])),
    ...fingerprints.filter((v) => read(() => toHex(fingerprint(v.text))) !== (v.refused ? 'refused' : v.fingerprint)),
  ];
  return wrong.map(({ name }) => name);
}

// Two calls of one page: the worker seals what one sends and opens it for the other, as one end does with both directions.
let loop: { calls: PeerCall[]; began: number } | undefined;

async function startLoop(width: number, height: number, codec: VideoCodec = 'VP8', rtx = true): Promise<void> {
  await init();
  loop?.calls.forEach((call) => call.close());
  const camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height, frameRate: 30 } });
  const [from, to] = await Promise.all([camera, new MediaStream()].map((stream) => PeerCall.create(stream, null, new Policy(Profile.SAS), codec)));
  loop = { calls: [from!, to!], began: performance.now() };
  video('peer').srcObject = to!.remote;
  let message: string | null = await from!.offer();
  // A codec that nobody knows is not negotiated.
  const passed = (text: string) => (rtx ? text : text.replaceAll(/rtpmap:(\d+) rtx/g, 'rtpmap:$1 none'));
  for (let to = 1; message; to = 1 - to) message = await loop.calls[to]!.receive(passed(message));
}

/** The same with a transform that does nothing. */
async function startBare(width: number, height: number): Promise<void> {
  const camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height, frameRate: 30 } });
  const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()], worker = new Worker('/bare.js'), remote = new MediaStream();
  for (const track of camera.getTracks()) {
    const transceiver = from.addTransceiver(track, { direction: 'sendonly' }), mime = track.kind === 'video' ? 'video/VP8' : 'audio/opus';
    transceiver.setCodecPreferences(RTCRtpReceiver.getCapabilities(track.kind)!.codecs.filter(({ mimeType }) => mimeType === mime));
    transceiver.sender.transform = new RTCRtpScriptTransform(worker);
  }
  await to.setRemoteDescription({ type: 'offer', sdp: await described(from) });
  for (const { receiver } of to.getTransceivers()) {
    receiver.transform = new RTCRtpScriptTransform(worker);
    remote.addTrack(receiver.track);
  }
  await from.setRemoteDescription({ type: 'answer', sdp: await described(to) });
  video('peer').srcObject = remote;
}

async function shown() {
  const reports: any[] = loop ? [...((await loop.calls[1]!.pc.getStats()) as unknown as Map<string, any>).values()] : [];
  const { framesDecoded = 0, retransmittedPacketsReceived = 0 } = reports.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video') ?? {};
  const { frames: opened = 0, dropped: { REPLAYED_FRAME: replayed = 0 } = {} } = loop?.calls[1]!.incoming.video?.stats ?? {};
  return { time: video('peer').currentTime, height: video('peer').videoHeight, decoded: framesDecoded, opened, retransmitted: retransmittedPacketsReceived, replayed };
}

/** Milliseconds that the worker was at work, frames and bytes, of both, so far. */
function loopStats() {
  const [from, to] = loop!.calls, all = { ...from!.outgoing, ...Object.fromEntries(Object.entries(to!.incoming).map(([kind, of]) => [`opened ${kind}`, of])) };
  return { at: performance.now(), of: Object.fromEntries(Object.entries(all).map(([kind, { stats: { frames, busy, bytesIn } }]) => [kind, { frames, busy, bytesIn }])) };
}

/** What is said where the worker cannot be loaded: of the first sender, and of the next. */
async function withoutWorker(): Promise<string[]> {
  await init();
  const pc = new RTCPeerConnection(), said: string[] = [], key = { kid: 1n, baseKey: crypto.getRandomValues(new Uint8Array(32)) };
  const protection = protect(pc.addTransceiver('video').sender, null, Codec.VP8);
  protection.addEventListener('error', () => said.push(`event: ${protection.error?.message}`));
  await protection.setKey(key).catch((why: Error) => said.push(why.message));
  await protection.close();
  try {
    protect(pc.addTransceiver('video').sender, key, Codec.VP8);
  } catch (why) {
    said.push((why as Error).message);
  }
  pc.close();
  return said;
}

/** What of WebCrypto a browser has that this package does not need. */
const webCrypto = () =>
  crypto.subtle.generateKey('ML-KEM-768', false, ['encapsulateKey', 'decapsulateKey'] as unknown as KeyUsage[]).then(() => true, () => false);

Object.assign(globalThis, {
  test: { start, offer: () => peerCall!.offer(), receive, rekey: () => peerCall!.rekey(), status, stats, publish, published, subscribe, callOffer, callReceive, loseKeys, badInput, withoutWorker, signaling, startLoop, startBare, shown, loopStats, webCrypto },
});
