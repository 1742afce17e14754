// Figures of the package, each beside a peer in the same run: `npm run build && npm run bench`. The median of rounds, in which the two take
// turns. PQRTC_WASM names another build of the module.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { x25519 } from "@noble/curves/ed25519.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { CipherSuite, HybridKeypair, SframeSender, Suite, init, initiate, random } from "pqrtc";

const wasm = process.env.PQRTC_WASM ?? new URL("dist/pqrtc.wasm", import.meta.url);
await init(readFileSync(wasm));

const sorted = (times) => times.sort((a, b) => a - b);
/** Times in microseconds of one turn of each, which is `count` calls. */
async function compare(rounds, count, mine, peer) {
  const times = [[], []];
  for (let round = 0; round < rounds + 3; round++) {
    for (const [i, work] of [mine, peer].entries()) {
      const start = performance.now();
      for (let n = 0; n < count; n++) {
        const pending = work();
        if (pending) await pending;
      }
      if (round >= 3) times[i].push(((performance.now() - start) * 1000) / count);
    }
  }
  return times.map(sorted);
}
/** The ratio of the medians, and that of the best rounds, which other work on the machine disturbs less. */
function row(name, [mine, peer]) {
  const ratio = (at) => (mine[at(mine)] / peer[at(peer)]).toFixed(2).padStart(7);
  const time = (times) => `${times[times.length >> 1].toFixed(1).padStart(9)} us`;
  console.log(`${name.padEnd(36)} ${time(mine)} ${time(peer)} ${ratio((times) => times.length >> 1)} ${ratio(() => 0)}`);
}


console.log(`${"".padEnd(36)} ${"pqrtc".padStart(12)} ${"peer".padStart(12)}   ratio of best`);
row(
  "X-Wing: generate, initiate, respond",
  await compare(
    30,
    4,
    () => {
      const pair = HybridKeypair.generate(Suite.X_WING);
      const { exchange, session } = initiate(Suite.X_WING, pair.bundle);
      for (const handle of [pair.respond(exchange), session, pair]) handle.dispose();
    },
    // @noble/post-quantum and @noble/curves: the operations alone.
    () => {
      const [kem, mine, theirs] = [ml_kem768.keygen(), x25519.keygen(), x25519.keygen()];
      const { cipherText } = ml_kem768.encapsulate(kem.publicKey);
      x25519.getSharedSecret(theirs.secretKey, mine.publicKey);
      ml_kem768.decapsulate(cipherText, kem.secretKey);
      x25519.getSharedSecret(mine.secretKey, theirs.publicKey);
    },
  ),
);

const key = await crypto.subtle.importKey("raw", random(32), "AES-GCM", false, ["encrypt"]);
const sender = SframeSender.fromKey(random(32), 1n, CipherSuite.AES_256_GCM_SHA512_128);
for (const length of [120, 1200, 16384, 100000]) {
  const frame = random(length);
  const iv = new Uint8Array(12);
  const peer = () => crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, frame);
  row(`seal ${length} bytes, AES-256-GCM`, await compare(60, Math.ceil(50000 / (length + 1000)), () => void sender.seal(frame), peer));
}

const dist = new URL("dist/", import.meta.url);
const scripts = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith(".js") && name !== "load.node.js").map((name) => readFileSync(new URL(name, dist)));
const zipped = (data) => gzipSync(data, { level: 9 }).length;
const [module, glue] = [zipped(readFileSync(wasm)), zipped(Buffer.concat(scripts))];
console.log(`gzipped: module ${module}, JavaScript ${glue}, together ${module + glue} bytes`);
