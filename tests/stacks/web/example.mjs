// The example as people use it: two windows of one browser, the button in both. Both show one code, and the other's picture.
//
//     example.mjs SITE PICTURES chromium|firefox
import assert from 'node:assert/strict';
import { open } from './browsers.mjs';
import { policyOf, serve } from './site.mjs';

const [folder, pictures, name] = process.argv.slice(2), PATIENCE_MS = 40_000;
const site = await serve(folder, policyOf(folder));
const { browser, page, another } = await open(name, site.url);
try {
  const pages = [page, await another()];
  for (const one of pages) await one.click('#join');
  const shown = () => Promise.all(pages.map((one) => one.evaluate(() => {
    const { videoWidth, currentTime } = document.getElementById('peer');
    return { code: document.getElementById('code').textContent, status: document.getElementById('status').textContent, videoWidth, currentTime };
  })));
  const plays = ({ code, status, videoWidth, currentTime }) => /^\d{10}$/.test(code) && Number(/(\d+) frames opened/.exec(status)?.[1]) > 20 && videoWidth && currentTime > 0.5;
  let now = [];
  for (const end = Date.now() + PATIENCE_MS; !(now.length && now.every(plays)); now = await shown()) {
    assert(Date.now() < end, `${name}: no call, the pages show ${JSON.stringify(now)}`);
    await new Promise((done) => setTimeout(done, 200));
  }
  assert.equal(now[0].code, now[1].code);
  await pages[1].screenshot({ path: `${pictures}/${name}-example.png` });
  console.log(`${name}: two windows of the example, code ${now[0].code}: ${now.map(({ status }) => status).join('; ')}`);
} finally {
  await browser.close();
  site.close();
}
process.exit();
