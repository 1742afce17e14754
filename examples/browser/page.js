import { Call } from './call.js';
import { converse } from './http.js';
import { Identity } from './identity.js';
import { unb64 } from './session.js';

const [own, peer, join, status] = ['own', 'peer', 'join', 'status'].map((id) => document.getElementById(id));

join.onclick = async () => {
  join.disabled = true;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240, frameRate: 15 } });
    own.srcObject = stream;
    // Of this visit alone. An application keeps its identity, and knows its peer's from elsewhere; here who serves the page is the peer.
    const identity = Identity.generate(), { fingerprint } = await (await fetch('identity')).json();
    const call = await Call.create(stream, { identity, pins: [unb64(fingerprint, 'fingerprint', 32)] });
    peer.srcObject = call.remote;
    const id = crypto.randomUUID(), say = (text) => converse(id, call, text);
    await say(await call.offer());
    setInterval(() => say(call.rekey()), 600_000);
    setInterval(async () => { status.textContent = `epoch ${call.epoch}: ${JSON.stringify(await call.counts())}`; }, 500);
    Object.assign(window, { call, say });
  } catch (why) {
    status.textContent = `no call: ${why.message}`;
    join.disabled = false;
  }
};
