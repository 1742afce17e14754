// For node --import: @noble/* comes from the folder that NOBLE names (tests/browser/noble.sh), not from beside the page.
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const from = JSON.stringify(pathToFileURL(`${process.env.NOBLE}/`).href);
register(`data:text/javascript,${encodeURIComponent(`
  export const resolve = (name, context, next) => next(name, name.startsWith('@noble/') ? { ...context, parentURL: ${from} } : context);
`)}`);
