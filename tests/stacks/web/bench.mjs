// What the worker of the package costs for 720p30 and Opus, sealed and opened in one page of Chromium. Two measures: the clock around each frame in
// the worker, and the processor time of the worker's thread as Linux counts it, streams and all.
//
//     bench.mjs SITE
import { readFileSync, readdirSync } from 'node:fs';
import { open } from './browsers.mjs';
import { policyOf, serve } from './site.mjs';

const SECONDS = 15;
const [folder] = process.argv.slice(2), site = await serve(folder, policyOf(folder));
const { browser, page } = await open('chromium', `${site.url}test.html`);
const inPage = (call, ...args) => page.evaluate(([call, args]) => globalThis.test[call](...args), [call, args]);

// Seconds of processor time of the threads of workers, of all Chromium processes.
function workers() {
  let spent = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const at = `/proc/${pid}/task/${task}`;
        if (readFileSync(`${at}/comm`, 'utf8').startsWith('DedicatedWorker')) spent += Number(readFileSync(`${at}/schedstat`, 'utf8').split(' ')[0]);
      }
    } catch {
      // it has ended
    }
  }
  return spent / 1e9;
}

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// The share of a core that the thread of the worker took, in percent, and what `sample` said before and after.
async function measured(start, sample = () => null) {
  await page.reload();
  await inPage(start, 1280, 720);
  for (let now; !(now?.height === 720 && now.time > 5); now = await inPage('shown')) await wait(0.5); // until the encoder is at its rate
  const before = await sample(), cpu = workers(), began = performance.now();
  await wait(SECONDS);
  const share = ((workers() - cpu) * 1e5) / (performance.now() - began);
  return { share, before, after: await sample() };
}

try {
  const bare = await measured('startBare');
  const { share, before, after } = await measured('startLoop', () => inPage('loopStats')), passed = (after.at - before.at) / 1000;
  let busy = 0;
  for (const [kind, { frames, busy: ms, bytesIn }] of Object.entries(after.of)) {
    const count = frames - before.of[kind].frames, spent = ms - before.of[kind].busy, bytes = bytesIn - before.of[kind].bytesIn;
    busy += spent;
    const name = kind.replace(/^opened (.*)/, 'open_$1').replace(/^(audio|video)$/, 'seal_$1');
    console.log(`figure chromium ${name}_frame,_mean_of_${Math.round(bytes / count)}_bytes,_${(count / passed).toFixed(1)}_a_second ${((spent * 1000) / count).toFixed(1)} us`);
  }
  console.log(`figure chromium 720p30_and_Opus_both_ways:_clock_around_each_frame,_share_of_one_core ${(busy / 10 / passed).toFixed(2)} %`);
  console.log(`figure chromium 720p30_and_Opus_both_ways:_the_thread_of_the_worker,_share_of_one_core ${share.toFixed(2)} %`);
  console.log(`figure chromium the_same_thread_with_a_transform_that_does_nothing ${bare.share.toFixed(2)} %`);
  console.log(`figure chromium added_by_this_package ${(share - bare.share).toFixed(2)} %`);
} finally {
  await browser.close();
  site.close();
}
process.exit();
