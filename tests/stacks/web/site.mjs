// Serves a built page on loopback, with the content security policy that the example has for it.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css' };

// The policy that the example sends.
export const policyOf = (folder) => /policy = "(.*)";/.exec(readFileSync(`${folder}/../vite.config.js`, 'utf8'))[1];

// { url, close }. Files that `without` matches are not there.
export async function serve(folder, policy, without = /^$/) {
  const server = createServer(async (request, response) => {
    const asked = normalize(new URL(request.url, 'http://x').pathname), path = asked === '/' ? '/index.html' : asked, type = without.test(path) ? undefined : TYPES[extname(path)];
    const data = type && (await readFile(join(folder, path)).catch(() => undefined)), missing = path === '/favicon.ico' ? 204 : 404;
    response.writeHead(data ? 200 : missing, { 'content-type': type ?? 'text/plain', 'content-security-policy': policy, 'cache-control': 'no-store' });
    response.end(data);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
