// The page of this folder by each bundler, opened in Chromium with the content security policy of the example.
//
//     bundlers.mjs SITE      in a folder with app.js, index.html and node_modules. SITE is the example, built.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { open } from '../browsers.mjs';
import { policyOf, serve } from '../site.mjs';

const here = process.cwd(), app = `${here}/app.js`, policy = policyOf(process.argv[2]), require = createRequire(`${here}/`);

// docs:begin bundlers
// esbuild and Rollup do not follow `new URL(..., import.meta.url)`: the worker is an entry of its own, and the module is copied beside it.
const WORKER = 'node_modules/pqrtc/dist/media/worker.js', MODULE = 'node_modules/pqrtc/dist/pqrtc.wasm';

const bundlers = {
  async esbuild(outdir) {
    const { build } = require('esbuild');
    await build({ entryPoints: { app, worker: WORKER }, bundle: true, format: 'esm', minify: true, outdir });
    copyFileSync(MODULE, `${outdir}/pqrtc.wasm`);
  },
  async rollup(dir) {
    const { rollup } = require('rollup'), { nodeResolve } = require('@rollup/plugin-node-resolve');
    const bundle = await rollup({ input: { app, worker: WORKER }, plugins: [nodeResolve({ browser: true })] });
    await bundle.write({ dir, format: 'es' });
    copyFileSync(MODULE, `${dir}/pqrtc.wasm`);
  },
  // Does by itself what is to be done.
  async webpack(path) {
    const webpack = require('webpack');
    const stats = await new Promise((done, failed) => webpack({ mode: 'production', entry: app, output: { path, filename: 'app.js' } }, (why, stats) => (stats ? done(stats) : failed(why))));
    assert(!stats.hasErrors(), stats.toString());
  },
};
// docs:end bundlers

for (const [name, build] of Object.entries(bundlers)) {
  const folder = `${here}/dist-${name}`, began = performance.now();
  rmSync(folder, { recursive: true, force: true });
  await build(folder);
  const took = performance.now() - began;
  cpSync(`${here}/index.html`, `${folder}/index.html`);
  const site = await serve(folder, policy), { browser, page } = await open('chromium', site.url);
  try {
    const frames = await Promise.race([page.evaluate(() => globalThis.result), new Promise((_, failed) => setTimeout(failed, 30_000, new Error(`${name}: no picture in 30 s`)))]);
    console.log(`${name} ${require(`${name}/package.json`).version}: built in ${(took / 1000).toFixed(1)} s, ${frames} frames opened in the worker`);
  } finally {
    await browser.close();
    site.close();
  }
}
process.exit();
