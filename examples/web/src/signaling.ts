/** The signaling profile: JSON messages beside the SDP. What is refused is a SignalingError. */

const MESSAGE_MAX = 65535;
const TYPES = ['offer', 'answer', 'pqrtc'] as const;

export interface Message {
  readonly type: (typeof TYPES)[number];
  /** Ready to be set; empty for a message without one. */
  readonly sdp: string;
  readonly pqrtc: Uint8Array;
}

export class SignalingError extends Error {}

function need(condition: unknown, why: string): asserts condition {
  if (!condition) throw new SignalingError(why);
}

export function encode(type: Message['type'], pqrtc: Uint8Array, sdp?: string): string {
  return JSON.stringify({ type, sdp, pqrtc: btoa(Array.from(pqrtc, (byte) => String.fromCharCode(byte)).join('')) });
}

export function decode(text: string): Message {
  let heard: unknown;
  try {
    heard = JSON.parse(text);
  } catch {
    throw new SignalingError('not JSON');
  }
  need(typeof heard === 'object' && heard !== null, 'no message');
  const { type, sdp = '', pqrtc } = heard as Record<string, unknown>;
  const known = TYPES.find((one) => one === type);
  need(known, 'no offer, answer or pqrtc message');
  need(typeof pqrtc === 'string', `${known} without pqrtc: the call does not go on without it`);
  if (known === 'pqrtc') return { type: known, sdp: '', pqrtc: unb64(pqrtc) };
  need(typeof sdp === 'string' && sdp, `${known} without SDP`);
  return { type: known, sdp: clean(sdp), pqrtc: unb64(pqrtc) };
}

/** The one form that an encoder writes. */
function unb64(text: string): Uint8Array {
  let data = '';
  try {
    data = atob(text);
  } catch {
    // refused below
  }
  need(data && btoa(data) === text && data.length <= MESSAGE_MAX, 'pqrtc: not base64 of 1 to 65535 bytes');
  return Uint8Array.from(data, (char) => char.charCodeAt(0));
}

/** The SHA-256 fingerprint of the DTLS certificate, which the call binds: one for the whole description. */
export function fingerprint(sdp: string): Uint8Array {
  const lines = sdp.split('\n').map((line) => line.replace(/\r$/, ''));
  const found = new Set(lines.flatMap((line) => /^a=fingerprint:sha-256 (.*)$/i.exec(line)?.[1]?.toUpperCase() ?? []));
  const [value] = found;
  need(found.size === 1 && value, `${found.size} SHA-256 fingerprints`);
  need(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/.test(value), 'no SHA-256 fingerprint');
  return Uint8Array.from(value.split(':'), (byte) => parseInt(byte, 16));
}

/** The description to set, in which no fingerprint is left but the one that is bound. */
function clean(sdp: string): string {
  need(/^([ -~]*\r?\n)*[ -~]*$/.test(sdp), 'SDP with control characters, or not in ASCII');
  return sdp.replace(/^a=(fingerprint(?!:sha-256 )|pqrtc:)[^\n]*\n?/gim, '');
}
