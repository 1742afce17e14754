// How the messages of a call travel: the signaling profile of docs/integrations/README.md. What is refused is a SignalingError.

import { PqrtcError, b64, unb64 } from './session.js';

const MESSAGE_MAX = 65535, LINE_MAX = 960;

export class SignalingError extends PqrtcError {}

const need = (condition, why) => {
  if (!condition) throw new SignalingError(why);
};

export const encode = (type, pqrtc, sdp) => JSON.stringify({ type, sdp, pqrtc: b64(pqrtc) });

// { type, sdp, pqrtc }: the description ready to be set, the message as bytes.
export function decode(text) {
  let heard;
  try {
    heard = JSON.parse(text);
  } catch {
    throw new SignalingError('not JSON');
  }
  need(['offer', 'answer', 'pqrtc'].includes(heard?.type), 'no offer, answer or pqrtc message');
  const sdp = heard.type === 'pqrtc' ? '' : heard.sdp;
  need(typeof sdp === 'string' && (sdp || heard.type === 'pqrtc'), `${heard.type} without SDP`);
  need(typeof heard.pqrtc === 'string', `${heard.type} without pqrtc: the call does not go on without it`);
  return { type: heard.type, sdp: clean(sdp), pqrtc: message(heard.pqrtc) };
}

function message(text) {
  const data = unb64(text, 'pqrtc');
  need(data.length && data.length <= MESSAGE_MAX, `a message of ${data.length} bytes`);
  return data;
}

// docs:begin fingerprint
const lines = (sdp) => sdp.split('\n').map((line) => line.replace(/\r$/, ''));

// The SHA-256 fingerprint of the DTLS certificate, which the call binds: one for the whole description.
export function fingerprint(sdp) {
  const found = new Set(lines(sdp).flatMap((line) => /^a=fingerprint:sha-256 (.*)$/i.exec(line)?.[1].toUpperCase() ?? [])), [value] = found;
  need(found.size === 1, `${found.size} SHA-256 fingerprints`);
  need(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/.test(value), 'no SHA-256 fingerprint');
  return fingerprintBytes(value);
}

export const fingerprintBytes = (value) => Uint8Array.from(value.split(':'), (byte) => parseInt(byte, 16));

// The description to set, in which no fingerprint is left but the one that is bound.
export function clean(sdp) {
  need(/^([ -~]*\r?\n)*[ -~]*$/.test(sdp), 'SDP with control characters, or not in ASCII');
  return sdp.replace(/^a=(fingerprint(?!:sha-256 )|pqrtc:)[^\n]*\n?/gim, '');
}
// docs:end fingerprint

// For signaling that carries SDP alone.
export function intoSdp(sdp, data) {
  const parts = b64(data).match(new RegExp(`.{1,${LINE_MAX}}`, 'g')), media = sdp.search(/^m=/m), at = media < 0 ? sdp.length : media;
  return sdp.slice(0, at) + parts.map((part, i) => `a=pqrtc:${i + 1}/${parts.length} ${part}\r\n`).join('') + sdp.slice(at);
}

export function fromSdp(type, sdp) {
  const all = lines(sdp), first = all.findIndex((line) => line.startsWith('m=')), media = first < 0 ? all.length : first;
  const parts = all.slice(0, media).filter((line) => line.startsWith('a=pqrtc:'));
  need(!all.slice(media).some((line) => line.startsWith('a=pqrtc:')), 'a=pqrtc in a media section');
  need(parts.length, 'SDP without a=pqrtc: the call does not go on without it');
  const text = parts.map((line, i) => {
    const begin = `a=pqrtc:${i + 1}/${parts.length} `, part = line.slice(begin.length);
    need(line.startsWith(begin) && part && part.length <= LINE_MAX, `${line.slice(0, 20)} is not part ${i + 1} of ${parts.length}`);
    return part;
  });
  return { type, sdp: clean(sdp), pqrtc: message(text.join('')) };
}
