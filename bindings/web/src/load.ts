// The module of the package, in a browser or a worker. A bundler that knows `new URL(..., import.meta.url)` copies the file.

/** Compiles as it arrives, where the server gives the right type. */
export async function load(url: URL = new URL("./pqrtc.wasm", import.meta.url)): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`pqrtc: ${url}: ${response.status} ${response.statusText}`);
  const type = response.headers.get("content-type")?.split(";")[0]?.trim();
  return type === "application/wasm" ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
