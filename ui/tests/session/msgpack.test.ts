import * as reference from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../src/session/msgpack";

const WHOLE = [0, 1, 31, 32, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1];
const NUMBERS = [
  ...WHOLE,
  ...WHOLE.map((n) => -n - 1).slice(0, -1),
  0.1,
  -2.5,
  1e300,
  Number.POSITIVE_INFINITY,
  2 ** 60,
];
const long = (n: number) => "ä".repeat(n);
const VALUES: unknown[] = [
  null,
  true,
  false,
  ...NUMBERS,
  ...[0, 15, 16, 31, 32, 127, 128, 300, 20_000].map(long),
  "left 🪢 right",
  ...[0, 1, 255, 256, 528, 4096].map((n) => Uint8Array.from({ length: n }, (_, i) => i * 7)),
  ...[0, 1, 15, 16, 300].map((n) => Array.from({ length: n }, (_, i) => i - 20)),
  ...[0, 1, 15, 16, 300].map((n) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`key-${i}`, { i, of: [null, i / 3] }])),
  ),
  JSON.parse('{"__proto__": 1, "op": "frame"}'),
];

describe("the wire's bytes", () => {
  it("are read by others as they were meant", () => {
    for (const value of VALUES) {
      if (value !== null && typeof value === "object" && Object.hasOwn(value, "__proto__")) continue;
      expect(reference.decode(encode(value))).toEqual(value);
    }
  });

  it("are understood as others write them", () => {
    for (const value of VALUES) expect(decode(reference.encode(value))).toEqual(value);
    expect(decode(reference.encode([0.5, -1.25], { forceFloat32: true }))).toEqual([0.5, -1.25]);
  });

  it("come back as they went, wherever they lie in a buffer", () => {
    for (const value of VALUES) {
      const bytes = encode(value);
      const within = new Uint8Array(bytes.length + 5);
      within.set(bytes, 3);
      expect(decode(within.subarray(3, 3 + bytes.length))).toEqual(value);
    }
  });

  it("are refused when they are cut off, too many or of another kind", () => {
    const bytes = encode({ op: "frame", t: [1.5, "left", Uint8Array.of(1, 2, 3)] });
    for (let n = 0; n < bytes.length; n++) expect(() => decode(bytes.subarray(0, n))).toThrow();
    expect(() => decode(Uint8Array.of(...bytes, 0xc0))).toThrow();
    for (const code of [0xc1, 0xc7, 0xd4, 0xd8]) expect(() => decode(Uint8Array.of(code, 0, 0, 0))).toThrow();
    expect(() => encode("x".repeat(70_000))).toThrow();
  });

  it("write a value that is missing as none", () => {
    expect(decode(encode({ variant: undefined }))).toEqual({ variant: null });
  });
});
