// The browser's implementation (examples/browser) on the frames that the library sealed, one JSON object a line on standard input. It makes
// the same bytes of each frame, opens what was sealed, and refuses what the library refused.
import { createInterface } from 'node:readline';
import { openFrame, sealFrame } from '../../examples/browser/frames.js';
import { Receiver, Sender } from '../../examples/browser/sframe.js';

const NAMES = { 2: 'opus', 3: 'VP8', 4: 'VP9', 5: 'H264', 7: 'H265', 9: 'AV1' };
const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data) => Buffer.from(data).toString('hex');
let sender, receiver, count = 0, refused = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { codec, key, kid, metadata, frame, sealed, forged, opened } = JSON.parse(line);
  if (key) {
    sender = await Sender.create(bytes(key), BigInt(kid));
    receiver = new Receiver();
    await receiver.addKey(BigInt(kid), bytes(key));
    continue;
  }
  const name = NAMES[codec], fail = (what, got) => {
    console.error(`${name}, frame ${frame}, sealed ${sealed}, forged ${forged}: ${what}: ${got}`);
    process.exit(1);
  };
  const mine = hex(await sealFrame(sender, name, bytes(frame), bytes(metadata)));
  if (mine !== sealed) fail('sealed', mine);
  const theirs = await openFrame(receiver, name, bytes(forged), bytes(metadata)).then(hex, (why) => {
    if (why.constructor.name !== 'FrameError') fail('threw', why.stack);
    return null;
  });
  if (theirs !== opened) fail('opened the forgery as', theirs);
  if (theirs === null) {
    refused++;
    const plain = hex(await openFrame(receiver, name, bytes(sealed), bytes(metadata)));
    if (plain !== frame) fail('opened as', plain);
  }
  count++;
}
if (!count) process.exit(1);
console.log(`${count} frames sealed to the same bytes and opened by the browser's implementation; ${refused} forgeries refused`);
