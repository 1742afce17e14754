// Signaling with peer.py: each message is posted, and the next one is the answer.

import { PqrtcError } from './session.js';

export async function post(call, text) {
  const response = await fetch(`signal?${call}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text });
  const heard = await response.text();
  if (!response.ok) throw new PqrtcError(`the peer refuses: ${JSON.parse(heard).error}`);
  return heard;
}

// Until neither side has more to say.
export async function converse(id, call, text) {
  while (text) {
    const heard = await post(id, text);
    text = heard && (await call.receive(heard));
  }
}
