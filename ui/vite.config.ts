/// <reference types="vitest/config" />
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { safetyCards } from "./plugins/safety_cards.ts";

const OUT = fileURLToPath(new URL("../src/unkink/front/static", import.meta.url));
const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** What other build steps put into the same folder: not ours to delete. */
const KEPT = new Set(["pose", "wasm", "build.json"]);

function emptyOwnOutput(): Plugin {
  return {
    name: "unkink-empty-own-output",
    apply: "build",
    buildStart() {
      if (!existsSync(OUT)) return;
      for (const name of readdirSync(OUT)) if (!KEPT.has(name)) rmSync(join(OUT, name), { recursive: true });
    },
  };
}

export default defineConfig({
  plugins: [safetyCards(), emptyOwnOutput()],
  build: {
    outDir: OUT,
    emptyOutDir: false,
    // What can run the pose engine in a worker can run this.
    target: ["chrome123", "edge123", "firefox121", "safari17.5"],
    // The Content-Security-Policy allows no inlined scripts, styles or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  worker: { format: "es" },
  server: {
    host: "127.0.0.1",
    fs: { allow: [REPOSITORY] },
    proxy: {
      "/api": "http://127.0.0.1:8765",
      "/live": { target: "ws://127.0.0.1:8765", ws: true },
      "/wasm": "http://127.0.0.1:8765",
      "/pose": "http://127.0.0.1:8765",
    },
  },
  test: { environment: "happy-dom", setupFiles: ["tests/texts.ts"], include: ["tests/**/*.test.{ts,tsx}"] },
});
