// For node --import, before anything of examples/browser: WebCrypto as in a page, which Node 18 has under another name, and @noble/* from the folder that NOBLE
// names (tests/browser/noble.sh).
import { webcrypto } from 'node:crypto';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

globalThis.crypto ??= webcrypto;
const from = JSON.stringify(pathToFileURL(`${process.env.NOBLE}/`).href);
register(`data:text/javascript,${encodeURIComponent(`
  export const resolve = (name, context, next) => next(name, name.startsWith('@noble/') ? { ...context, parentURL: ${from} } : context);
`)}`);
