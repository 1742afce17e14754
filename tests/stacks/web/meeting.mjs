// A meeting of three pages over the delivery server of examples/meeting, video from each to each: one comes in mid-call, and leaves, and would rather
// stay: it keeps its connections and keys.
//
//     meeting.mjs SITE PICTURES PYTHON chromium|firefox
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { open } from './browsers.mjs';
import { policyOf, serve } from './site.mjs';

const [folder, pictures, python, name] = process.argv.slice(2), PATIENCE_MS = 60_000;
const COLOURS = { ada: '#ff0000', bob: '#00ff00', eve: '#0000ff' }, NAMES = Object.keys(COLOURS);
const delivery = spawn(python, [new URL('../../../examples/meeting/server.py', import.meta.url).pathname, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const [url] = /ws:\S+/.exec((await createInterface({ input: delivery.stdout })[Symbol.asyncIterator]().next()).value);
const site = await serve(folder, policyOf(folder).replace("connect-src 'self'", `connect-src 'self' ${url}`));
const { browser, page, another } = await open(name, `${site.url}meeting.html`);
const pages = { ada: page, bob: await another(), eve: await another() };
const call = (who, what, ...args) => pages[who].evaluate(([what, args]) => globalThis.test[what](...args), [what, args]);

async function until(what, true_) {
  for (const end = Date.now() + PATIENCE_MS; ; await new Promise((done) => setTimeout(done, 200))) {
    const all = Object.fromEntries(await Promise.all(NAMES.map(async (who) => [who, await call(who, 'status')])));
    if (true_(all)) return all;
    assert(Date.now() < end, `${name}, ${what}: not in ${PATIENCE_MS / 1000} s, the pages have ${JSON.stringify(all)}`);
  }
}
const link = (all, from, to) => all[to].links[from];
const pairs = (who) => who.flatMap((from) => who.filter((to) => to !== from).map((to) => [from, to]));
// The picture of `from` is shown at `to`, in its colour, under a key of the newest epoch.
const shows = (all, from, to) => {
  const { in: { kid, framesOfKid }, decoded, pixel } = link(all, from, to);
  return decoded > 10 && framesOfKid > 10 && (kid & 15) === all[to].epoch && pixel.every((value, at) => (value > 150) === (COLOURS[from].slice(1 + 2 * at, 3 + 2 * at) === 'ff'));
};
// Frames that came and did not open. What came before there was a key, and what was retransmitted, is none.
const lost = ({ in: { dropped } }) => Object.entries(dropped).filter(([why]) => why !== 'NO_KEY' && why !== 'REPLAYED_FRAME').reduce((sum, [, count]) => sum + count, 0);
const stream = (from, to) => 10 * NAMES.indexOf(from) + NAMES.indexOf(to);

async function connect(all, one, other) {
  const keys = (me, they) => [stream(me, they), stream(they, me), all[they].ownIndex];
  const offer = await call(one, 'offer', other, ...keys(one, other));
  await call(one, 'accept', other, await call(other, 'answer', one, offer, ...keys(other, one)));
}

try {
  await call('ada', 'join', `${url}/standup`, COLOURS.ada, true);
  await call('bob', 'join', `${url}/standup`, COLOURS.bob, false);
  let all = await until('two', ({ ada, bob }) => ada.members === 2 && bob.members === 2 && ada.code === bob.code);
  await connect(all, 'ada', 'bob');
  const two = pairs(['ada', 'bob']), three = pairs(NAMES);
  let before = await until('pictures of two', (all) => two.every(([from, to]) => shows(all, from, to)));

  await call('eve', 'join', `${url}/standup`, COLOURS.eve, false);
  all = await until('three', (all) => NAMES.every((who) => all[who].members === 3 && all[who].code === all.ada.code));
  await connect(all, 'ada', 'eve');
  await connect(all, 'bob', 'eve');
  all = await until('pictures of three', (all) => three.every(([from, to]) => shows(all, from, to)));
  for (const [from, to] of two) assert.equal(lost(link(all, from, to)), lost(link(before, from, to)), `a frame of ${from} was lost when eve came`);
  console.log(`${name}: a meeting of three, code ${all.ada.code}: six pictures, and no frame lost when the third came`);
  await pages.ada.screenshot({ path: `${pictures}/${name}-meeting.png` });

  before = all;
  await call('eve', 'leave', true);
  all = await until('two go on', (all) => all.bob.members === 2 && all.ada.code === all.bob.code && two.every(([from, to]) => shows(all, from, to)));
  for (const [from, to] of two) assert.equal(lost(link(all, from, to)), lost(link(before, from, to)), `a frame of ${from} was lost when eve left`);
  const refused = (from, to) => (all) => (link(all, from, to).in.dropped.UNKNOWN_KEY_ID ?? 0) - (link(before, from, to).in.dropped.UNKNOWN_KEY_ID ?? 0) > 20;
  const shut = [['ada', 'eve'], ['bob', 'eve'], ['eve', 'ada'], ['eve', 'bob']];
  const then = await until('nothing more to eve, and of her', (all) => shut.every(([from, to]) => refused(from, to)(all)));
  all = await until('still nothing', (all) => shut.every(([from, to]) => link(all, from, to).in.dropped.UNKNOWN_KEY_ID > link(then, from, to).in.dropped.UNKNOWN_KEY_ID + 15));
  for (const [from, to] of shut) assert.equal(link(all, from, to).in.frames, link(then, from, to).in.frames, `${to} opens frames of ${from}`);
  assert.equal(all.eve.epoch, before.eve.epoch);
  assert(all.ada.code !== before.ada.code);
  console.log(`${name}: one left: two go on without a lost frame; of ${shut.map((way) => way.join(' to ')).join(', ')} nothing opens any more`);

  // Once she hears of it she sends nothing more.
  await call('eve', 'listen');
  before = await until('eve is out', ({ eve }) => eve.ownIndex === null && Object.values(eve.links).every(({ out }) => out.dropped.NO_KEY > 5));
  all = await until('eve sends nothing', ({ eve }) => Object.entries(eve.links).every(([to, { out }]) => out.dropped.NO_KEY > before.eve.links[to].out.dropped.NO_KEY + 10));
  for (const [to, { out }] of Object.entries(all.eve.links)) assert.equal(out.frames, before.eve.links[to].out.frames);
  for (const who of NAMES) for (const { errors } of Object.values(all[who].links)) assert.deepEqual(errors, []);
  console.log(`${name}: who was removed has no keys: ${Object.values(all.eve.links).map(({ out }) => out.dropped.NO_KEY).join(' and ')} frames not sent`);
} finally {
  await browser.close();
  site.close();
  delivery.kill();
}
process.exit();
