// One end of a call as a process: a page that uses the package, in Chromium or Firefox. examples/aiortc/peer.py says what it speaks; beside that
// a line {"call": NAME, "args": [...]} calls a function of the page (page.ts) and is answered by {"result": ...} or {"failed": ...}.
//
//     peer.mjs BROWSER SITE [--role offerer|answerer --identity KEY.pem --pin FINGERPRINT [--codec VP8] [--rekeys 1]] [--streams] [--without-worker]
//
// --streams: as in a browser that has createEncodedStreams alone. --without-worker: the server does not have its script.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { open } from './browsers.mjs';
import { policyOf, serve } from './site.mjs';

const EACH = 60, LAST = 30, ALL = 100; // pictures: opened before a change of keys, after the last one, in all
const text = { type: 'string' };
const { positionals: [name, folder], values: options } = parseArgs({
  allowPositionals: true,
  options: { role: text, identity: text, pin: text, codec: { ...text, default: 'VP8' }, rekeys: { ...text, default: '1' }, streams: { type: 'boolean' }, 'without-worker': { type: 'boolean' } },
});
const say = (message) => process.stdout.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);

const site = await serve(folder, policyOf(folder), options['without-worker'] ? /worker/ : undefined);
const { browser, page } = await open(name, `${site.url}test.html${options.streams ? '?streams' : ''}`);
const inPage = (call, ...args) => page.evaluate(([call, args]) => globalThis.test[call](...args), [call, args]);

async function watch(rekeys, offerer) {
  for (let rekeyed = 0; ; ) {
    await new Promise((done) => setTimeout(done, 100));
    const { state, epoch, sas, peer, incoming, outgoing } = await inPage('status'), video = incoming.video;
    if (!video) continue;
    if (offerer && epoch === rekeyed && rekeyed < rekeys && video.frames >= EACH * (rekeyed + 1)) {
      rekeyed++;
      say(await inPage('rekey'));
    }
    const current = (stats) => stats.kid !== null && (stats.kid & 3) === (rekeys & 3);
    if (epoch !== rekeys || video.frames < ALL || !current(video) || video.framesOfKid < LAST || !current(outgoing.video)) continue;
    const all = Object.values(incoming);
    const refused = all.flatMap(({ dropped }) => Object.entries(dropped)).filter(([why]) => why !== 'NO_KEY');
    const { PICTURES, PQRTC_PAIR } = process.env;
    if (PICTURES && PQRTC_PAIR) {
      await inPage('stats');
      await page.screenshot({ path: `${PICTURES}/${PQRTC_PAIR}-${name}.png` });
    }
    say({ type: 'report', state, epoch, sas, peer, opened: all.reduce((sum, { frames }) => sum + frames, 0), refused: refused.reduce((sum, [, count]) => sum + count, 0) });
    return;
  }
}

async function heard(line) {
  const message = JSON.parse(line);
  if (message.type === 'bye') return false;
  if (message.call === 'screenshot') {
    await page.screenshot({ path: message.args[0] });
    say({ result: null });
  } else if (message.call) {
    say(await inPage(message.call, ...message.args).then((result) => ({ result: result ?? null }), (why) => ({ failed: String(why.message) })));
  } else {
    const { reply, refused } = await inPage('receive', line);
    if (refused) {
      say({ type: 'error', ...refused });
      process.exitCode = 1;
      return false;
    }
    if (reply) say(reply);
  }
  return true;
}

try {
  if (options.role) {
    const offerer = options.role === 'offerer';
    await inPage('start', { pem: readFileSync(options.identity, 'utf8'), pin: options.pin, codec: options.codec });
    watch(Number(options.rekeys), offerer).catch(() => {});
    if (offerer) say(await inPage('offer'));
  }
  for await (const line of createInterface({ input: process.stdin })) if (!(await heard(line))) break;
} finally {
  await browser.close();
  site.close();
}
process.exit();
