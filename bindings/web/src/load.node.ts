// The module of the package, in Node.
import { readFile } from "node:fs/promises";

/** From the file beside this one. Another URL may be of a file or of a server. */
export async function load(url: URL = new URL("./pqrtc.wasm", import.meta.url)): Promise<WebAssembly.Module> {
  if (url.protocol === "file:") return WebAssembly.compile(await readFile(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`pqrtc: ${url}: ${response.status} ${response.statusText}`);
  return WebAssembly.compile(await response.arrayBuffer());
}
