// A page with the module in the page and in the worker: pictures from it to itself, sealed and opened. `result` has how many frames were opened.
import { Codec, init, random, selfTest } from 'pqrtc';
import { protect, unprotect } from 'pqrtc/media';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function call() {
  await init();
  selfTest();
  const canvas = document.querySelector('canvas'), at = canvas.getContext('2d'), key = { kid: 1n, baseKey: random(32) };
  setInterval(() => at.fillRect(Math.random() * 300, Math.random() * 200, 20, 20), 50);
  const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()], [track] = canvas.captureStream(20).getTracks();
  for (const [one, other] of [[from, to], [to, from]]) one.onicecandidate = ({ candidate }) => candidate && other.addIceCandidate(candidate);
  const transceiver = from.addTransceiver(track, { direction: 'sendonly' });
  transceiver.setCodecPreferences(RTCRtpReceiver.getCapabilities('video').codecs.filter(({ mimeType }) => mimeType === 'video/VP8'));
  protect(transceiver.sender, key, Codec.VP8);
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription);
  const [{ receiver }] = to.getTransceivers(), opening = unprotect(receiver, key, Codec.VP8), video = document.querySelector('video');
  video.srcObject = new MediaStream([receiver.track]);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription);
  while (opening.stats.frames < 20 || !video.videoWidth) await wait(100);
  return opening.stats.frames;
}

globalThis.result = call();
