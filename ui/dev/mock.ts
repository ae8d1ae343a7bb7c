import type { Plugin } from "vite";

/** A stand-in for the server while the pages are being made; never shipped (`vite --mode mock`). */
export function mockServer(): Plugin {
  return { name: "unkink-mock-server" };
}
