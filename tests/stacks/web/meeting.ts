/**
 * A member of a meeting in a page: commits over the delivery server (examples/meeting/server.py, messages in docs/meeting.md), and video to and
 * from each other member over a connection of its own. The stream of a member for another has that one's number.
 */

import { Codec, init, Meeting, MeetingCard, MeetingMessage, SignatureAlgorithm, SigningKey } from 'pqrtc';
import { protect, unprotect, type MediaTransform, type Protection, type Unprotection } from 'pqrtc/media';

const now = () => Math.floor(Date.now() / 1000);
const b64 = (data: Uint8Array) => btoa(String.fromCharCode(...data));
const unb64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

interface Link {
  readonly pc: RTCPeerConnection;
  readonly out: Protection;
  in?: Unprotection;
  readonly video: HTMLVideoElement;
  readonly errors: string[];
}

let identity: SigningKey, card: MeetingCard, meeting: Meeting | undefined, socket: WebSocket, camera: MediaStream;
/** What the server says is not heard, as by one who would rather stay. */
let deaf = false;
const unheard: string[] = [], waiting = new Set<string>(), leaving = new Set<number>(), links: Record<string, Link> = {};
let pending: { commit: string; adds: boolean } | undefined;

const send = (message: object) => socket.send(JSON.stringify(message));

/** A picture of one colour that moves. */
function picture(colour: string): MediaStream {
  const canvas = document.getElementById('own') as HTMLCanvasElement, at = canvas.getContext('2d')!;
  let x = 0;
  setInterval(() => {
    at.fillStyle = colour;
    at.fillRect(0, 0, 320, 240);
    at.fillStyle = 'white';
    at.fillRect((x = (x + 8) % 320), 200, 16, 16);
  }, 60);
  return canvas.captureStream(15);
}

async function join(url: string, colour: string, create: boolean): Promise<void> {
  await init();
  camera = picture(colour);
  identity = SigningKey.generate(SignatureAlgorithm.ML_DSA_65_ED25519);
  card = new MeetingCard(identity, now() + 3600);
  const published = b64(card.encoded);
  if (create) meeting = Meeting.create(identity, card, now());
  socket = new WebSocket(url);
  socket.onmessage = ({ data }: MessageEvent<string>) => (deaf ? void unheard.push(data) : hear(data));
  await new Promise((done, failed) => Object.assign(socket, { onopen: done, onerror: failed }));
  send({ type: create ? 'create' : 'card', card: published });
}

function hear(text: string): void {
  const message = JSON.parse(text);
  if (message.type === 'welcome') {
    const [welcome, commit, roster] = [message.welcome, message.commit, message.roster].map(unb64) as [Uint8Array, Uint8Array, Uint8Array];
    meeting = Meeting.join(identity, card, { welcome, commit, roster, cards: message.cards.map(unb64) }, now());
  } else if (message.type === 'accepted') {
    meeting!.accepted();
    if (pending!.adds) send({ type: 'roster', epoch: meeting!.info().epoch, roster: b64(meeting!.roster()) });
    pending = undefined;
  } else if (message.type === 'refused') {
    meeting!.dropped();
    pending = undefined;
  } else if (message.type === 'commit') {
    meeting!.receive(unb64(message.commit), now(), { box: unb64(message.box), cards: message.cards.map(unb64) });
    for (const one of message.cards) waiting.delete(one);
  } else if (message.type === 'card') waiting.add(message.card);
  else if (message.type === 'leave') leaving.add(message.index);
  commit();
}

/** The creator, who stays, adds and removes. */
function commit(): void {
  if (pending || meeting?.info().ownIndex !== 0 || waiting.size + leaving.size === 0) return;
  const [add, remove] = leaving.size ? [[], [...leaving]] : [[...waiting].slice(0, 1), []];
  for (const one of add) waiting.delete(one);
  leaving.clear();
  const made = b64(meeting.commit({ add: add.map(unb64), remove })), boxes: Record<number, string> = {}, welcomes: Record<string, string> = {};
  for (const { kind, member, reference, data } of meeting.outgoing()) {
    if (kind === MeetingMessage.BOX) boxes[member] = b64(data);
    else welcomes[b64(reference!)] = b64(data);
  }
  pending = { commit: made, adds: add.length > 0 };
  send({ type: 'commit', commit: made, boxes, welcomes });
}

/** A connection to another member; `stream` is that of its frames. */
function link(name: string, stream: number): Link {
  const pc = new RTCPeerConnection(), errors: string[] = [], video = document.createElement('video');
  Object.assign(video, { autoplay: true, muted: true, width: 160 });
  document.getElementById('others')!.append(video);
  pc.addTrack(camera.getVideoTracks()[0]!, camera);
  const [transceiver] = pc.getTransceivers() as [RTCRtpTransceiver];
  transceiver.setCodecPreferences(RTCRtpReceiver.getCapabilities('video')!.codecs.filter(({ mimeType }) => mimeType === 'video/VP8'));
  const out = watched(protect(transceiver.sender, meeting!, Codec.VP8, { stream }), errors);
  return (links[name] = { pc, out, video, errors });
}

function opens(name: string, stream: number, member: number): void {
  const one = links[name]!, [{ receiver }] = one.pc.getTransceivers() as [RTCRtpTransceiver];
  one.in = watched(unprotect(receiver, meeting!, Codec.VP8, { stream, member }), one.errors);
  one.video.srcObject = new MediaStream([receiver.track]);
}

function watched<T extends MediaTransform>(transform: T, errors: string[]): T {
  transform.addEventListener('error', () => errors.push(`${transform.error?.message}`));
  return transform;
}

async function described(pc: RTCPeerConnection): Promise<string> {
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== 'complete') await new Promise((done) => pc.addEventListener('icegatheringstatechange', done, { once: true }));
  return pc.localDescription!.sdp;
}

/** `mine` is the stream for that member, `theirs` the one from it, `member` its index. */
async function offer(name: string, mine: number, theirs: number, member: number): Promise<string> {
  const { pc } = link(name, mine);
  opens(name, theirs, member);
  return described(pc);
}

async function answer(name: string, sdp: string, mine: number, theirs: number, member: number): Promise<string> {
  const { pc } = link(name, mine);
  opens(name, theirs, member);
  await pc.setRemoteDescription({ type: 'offer', sdp });
  return described(pc);
}

const accept = (name: string, sdp: string) => links[name]!.pc.setRemoteDescription({ type: 'answer', sdp });

function leave(stay: boolean): void {
  deaf = stay;
  send({ type: 'leave' });
}

function listen(): void {
  deaf = false;
  for (const text of unheard.splice(0)) hear(text);
}

const told = ({ stats, error }: MediaTransform) => ({ ...stats, kid: stats.kid === undefined ? null : Number(stats.kid), error: error?.message });

async function status() {
  const { epoch = -1, ownIndex, members = 0 } = meeting?.info() ?? {}, of: Record<string, object> = {};
  for (const [name, { pc, out, in: incoming, video, errors }] of Object.entries(links)) {
    const reports = [...((await pc.getStats()) as unknown as Map<string, any>).values()], found = (type: string) => reports.find((one) => one.type === type) ?? {};
    const canvas = document.createElement('canvas'), at = canvas.getContext('2d')!;
    if (video.videoWidth) at.drawImage(video, 0, 0, 8, 8);
    of[name] = {
      out: told(out), in: incoming && told(incoming), errors, decoded: found('inbound-rtp').framesDecoded ?? 0, bytesSent: found('outbound-rtp').bytesSent ?? 0,
      pixel: [...at.getImageData(4, 1, 1, 1).data].slice(0, 3), retransmitted: found('inbound-rtp').retransmittedPacketsReceived ?? 0,
    };
  }
  const all = { epoch, ownIndex: ownIndex ?? null, members, code: ownIndex === undefined ? '' : meeting!.code(), links: of };
  document.getElementById('status')!.textContent = JSON.stringify(all, null, 1);
  return all;
}

Object.assign(globalThis, { test: { join, offer, answer, accept, leave, listen, status } });
