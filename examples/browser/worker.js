// Seals what the page sends and opens what it receives, between codec and packetizer. Without a key, and whenever something fails, the
// frame is dropped: it is never passed on as it is.

import { CallReceiver, CallSender } from './media.js';
import { Session } from './session.js';
import { openFrame, sealFrame } from './sframe.js';

// A stream for each track of this side; the peer numbers its own.
const senders = { video: new CallSender(0), audio: new CallSender(1) }, receivers = { video: new CallReceiver(), audio: new CallReceiver() };
const transformers = {}, counts = { sealed: 0, opened: 0, dropped: {}, epochs: { video: receivers.video.opened, audio: receivers.audio.opened }, sending: null };
let newest = null;

// docs:begin transform
// `codec` is the one that the page offers for this track: what else comes is dropped.
async function seal(kind, codec, data) {
  const sealed = await sealFrame(senders[kind], codec, data);
  counts.sealed++;
  return sealed;
}

async function open(kind, codec, data) {
  const plain = await openFrame(receivers[kind], codec, data);
  counts.opened++;
  // A frame of the newest epoch: the peer has its keys.
  if (counts.sending !== newest && receivers[kind].opened[newest]) send();
  return plain;
}

self.onrtctransform = ({ transformer }) => {
  const { side, kind, codec } = transformer.options, work = side === 'send' ? seal : open;
  transformers[side + kind] = transformer;
  let asked = 0;
  const transform = async (frame, controller) => {
    try {
      const mime = frame.getMetadata().mimeType;
      if (mime && mime.toLowerCase() !== `${kind}/${codec}`.toLowerCase()) throw new DOMException(mime, 'OtherCodec');
      frame.data = (await work(kind, codec, new Uint8Array(frame.data))).buffer;
    } catch (why) {
      const name = `${side} ${why.name}`;
      counts.dropped[name] = (counts.dropped[name] ?? 0) + 1;
      // Later pictures refer to the dropped one. Ask once a second at most, so that forged frames do not cause many key frames.
      if (side === 'receive' && kind === 'video' && why.name !== 'NoKey' && performance.now() - asked > 1000) {
        asked = performance.now();
        wantKeyFrame(transformer, 'sendKeyFrameRequest');
      }
      return;
    }
    controller.enqueue(frame);
  };
  transformer.readable.pipeThrough(new TransformStream({ transform })).pipeTo(transformer.writable).catch(() => {});
};
// docs:end transform

const wantKeyFrame = (transformer, method) => transformer?.[method]?.()?.catch?.(() => {});

// From here on this side seals under the newest epoch.
function send() {
  const first = Object.values(senders).map((sender) => sender.advance());
  counts.sending = newest;
  if (first.some(Boolean)) wantKeyFrame(transformers.sendvideo, 'generateKeyFrame'); // nobody has the frames before this one
}

async function follow({ epoch, role, key }) {
  if (newest !== null) send(); // a rekey begins from an epoch that both have
  const session = new Session(key, role);
  for (const sender of Object.values(senders)) await sender.prepare({ epoch, role, session });
  for (const receiver of Object.values(receivers)) await receiver.add({ epoch, role, session });
  if (newest === null) wantKeyFrame(transformers.receivevideo, 'sendKeyFrameRequest');
  newest = epoch;
}

self.onmessage = async ({ data: { id, keys, maySend } }) => {
  let error = null;
  try {
    if (keys) await follow(keys);
    if (maySend) send();
  } catch (why) {
    error = String(why);
  }
  self.postMessage({ id, error, counts });
};
