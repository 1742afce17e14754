// Seals what the page sends and opens what it receives, between codec and packetizer. Without a key, and whenever something fails, the
// frame is dropped: it is never passed on as it is.

import { Receiver, Sender, openFrame, sealFrame } from './sframe.js';

const senders = {}, receivers = {}, transformers = {};
const counts = { sealed: 0, opened: 0, dropped: {} };

// docs:begin transform
// `codec` is the one that the page offers for this track: what else comes is dropped.
async function seal(kind, codec, data) {
  if (!senders[kind]) throw new DOMException('no key yet', 'NoKey');
  const sealed = await sealFrame(senders[kind], codec, data);
  counts.sealed++;
  return sealed;
}

async function open(kind, codec, data) {
  if (!receivers[kind]) throw new DOMException('no key yet', 'NoKey');
  const plain = await openFrame(receivers[kind], codec, data);
  counts.opened++;
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

async function setKeys(kind, kid, sealing, opening) {
  const [sender, receiver] = [await Sender.create(sealing, kid), new Receiver()];
  await receiver.addKey(kid, opening);
  sealing.fill(0);
  opening.fill(0);
  senders[kind] = sender;
  receivers[kind] = receiver;
  if (kind === 'video') {
    // The frames before this one cannot be decoded, at either end.
    wantKeyFrame(transformers.sendvideo, 'generateKeyFrame');
    wantKeyFrame(transformers.receivevideo, 'sendKeyFrameRequest');
  }
}

self.onmessage = async ({ data: { id, keys } }) => {
  let error = null;
  try {
    for (const { kind, kid, sealing, opening } of keys ?? []) await setKeys(kind, kid, sealing, opening);
  } catch (why) {
    error = String(why);
  }
  self.postMessage({ id, error, counts });
};
