import { describe, expect, it } from "vitest";
import { bandOf, coverOf, gaugeOf } from "../../src/session/geometry";
import { dashOf, partsOf, RING_LENGTH } from "../../src/session/ring";

const numbers = (pattern: string) => pattern.split(" ").map(Number);

describe("ring", () => {
  it("fills by its share and never beyond", () => {
    expect(numbers(dashOf(0.4))[0]).toBeCloseTo(400);
    expect(numbers(dashOf(7))[0]).toBe(RING_LENGTH);
    expect(numbers(dashOf(Number.NaN))[0]).toBe(0);
    expect(numbers(dashOf(-1))[0]).toBe(0);
  });

  it("has one part for each repetition", () => {
    const marks = numbers(partsOf(8, 3));
    const drawn = marks.filter((_, i) => i % 2 === 0);
    expect(drawn).toHaveLength(3);
    // each part and its gap fill an eighth
    expect(marks[0]! + marks[1]!).toBeCloseTo(RING_LENGTH / 8, 0);
    // nothing is drawn after the last one
    expect(marks.at(-1)).toBe(RING_LENGTH);
    expect(partsOf(8, 0)).toBe(`0 ${RING_LENGTH}`);
    expect(numbers(partsOf(8, 20))).toHaveLength(16);
  });
});

describe("geometry", () => {
  const picture = { width: 640, height: 480 };

  it("covers the stage and mirrors", () => {
    const wide = coverOf(picture, { width: 1280, height: 720 }, false);
    expect(wide({ x: 0, y: 0.5 })).toEqual({ x: 0, y: 360 });
    expect(wide({ x: 1, y: 0 }).y).toBeCloseTo(-120);
    const mirrored = coverOf(picture, { width: 1280, height: 720 }, true);
    expect(mirrored({ x: 0.25, y: 0.5 }).x).toBeCloseTo(960);
  });

  it("shows a turn to the right on the right of a mirrored picture", () => {
    const trunk = { shoulders: { x: 500, y: 300 }, hips: { x: 500, y: 500 } };
    const stage = { width: 1000, height: 800 };
    for (const kind of ["turn", "lean"] as const) {
      const mirrored = gaugeOf(kind, trunk, stage, 1);
      expect(mirrored(30).x).toBeGreaterThan(500);
      expect(mirrored(-30).x).toBeLessThan(500);
      expect(gaugeOf(kind, trunk, stage, -1)(30).x).toBeLessThan(500);
      // more than the gauge shows is drawn at its end
      expect(mirrored(170)).toEqual(mirrored(80));
    }
  });

  it("puts the band on the side of the movement", () => {
    expect(bandOf([7, 60], "right", null)).toEqual([7, 60]);
    expect(bandOf([7, 60], "left", 20)).toEqual([-60, -7]);
    expect(bandOf([7, 60], "both", -3)).toEqual([-60, -7]);
  });
});
