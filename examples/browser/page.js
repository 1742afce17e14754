import { Call, identity } from './call.js';

const [own, peer, join, status] = ['own', 'peer', 'join', 'status'].map((id) => document.getElementById(id));

join.onclick = async () => {
  join.disabled = true;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240, frameRate: 15 } });
    own.srcObject = stream;
    const call = new Call(stream, (remote) => { peer.srcObject = remote; });
    await call.start(await call.connect(await identity()));
    setInterval(async () => { status.textContent = JSON.stringify(await call.counts()); }, 500);
    window.call = call;
  } catch (why) {
    status.textContent = `no call: ${why.message}`;
    join.disabled = false;
  }
};
