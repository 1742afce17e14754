/** Two windows of one browser call each other. Nothing vouches for who joins, so people compare the code. */

import { init, Policy, Profile } from 'pqrtc';
import { PeerCall } from './call';

const [own, peer] = ['own', 'peer'].map((id) => document.getElementById(id) as HTMLVideoElement);
const [join, code, status] = ['join', 'code', 'status'].map((id) => document.getElementById(id) as HTMLElement);
const REKEY_EVERY_MS = 600_000;

// docs:begin join
async function start(): Promise<void> {
  await init();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240, frameRate: 15 } });
  own!.srcObject = stream;
  using policy = new Policy(Profile.SAS);
  const call = await PeerCall.create(stream, null, policy);
  peer!.srcObject = call.remote;

  const channel = new BroadcastChannel('pqrtc example'); // an application has a server
  const say = (text: string | null) => text && channel.postMessage(text);
  channel.onmessage = async ({ data }) => {
    if (data === 'here') return say(await call.offer());
    say(await call.receive(data));
    if (call.call.info().maySend) code!.textContent = call.call.sas();
  };
  say('here');

  const { video } = call.incoming;
  video?.addEventListener('stats', () => {
    status!.textContent = `epoch ${call.call.info().epoch}: ${video.stats.frames} frames opened, dropped ${JSON.stringify(video.stats.dropped)}`;
  });
  setInterval(() => say(call.rekey()), REKEY_EVERY_MS);
}
// docs:end join

join!.onclick = () => {
  join!.setAttribute('disabled', '');
  start().catch((why: Error) => {
    status!.textContent = `no call: ${why.message}`;
    join!.removeAttribute('disabled');
  });
};
