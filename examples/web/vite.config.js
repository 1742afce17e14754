import { defineConfig } from 'vite';

// docs:begin csp
// What a server of the built page sends. WebAssembly needs 'wasm-unsafe-eval' and nothing of 'unsafe-eval'.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; media-src 'self' mediastream:";
// docs:end csp

export default defineConfig({
  base: './',
  // The development server would bundle the package, and the worker would no longer be beside it.
  optimizeDeps: { exclude: ['pqrtc'] },
  server: { host: '127.0.0.1', fs: { allow: ['.', '../../bindings/web'] } }, // the package is not in node_modules here, but a link to its folder
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  preview: { host: '127.0.0.1', headers: { 'content-security-policy': policy } },
});
