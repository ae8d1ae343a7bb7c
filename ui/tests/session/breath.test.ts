import { describe, expect, it } from "vitest";
import { computeBreath, linePath, linePoint, resolveBreath } from "../../src/breath/pacer";

describe("breath", () => {
  const inwards = { phase: "in", started_s: 10, duration_s: 4 } as const;
  const outwards = { phase: "out", started_s: 14, duration_s: 4 } as const;

  it("fills while breathing in and empties while breathing out", () => {
    expect(computeBreath(inwards, 10).level).toBeCloseTo(0);
    expect(computeBreath(inwards, 12).level).toBeCloseTo(0.5);
    expect(computeBreath(inwards, 14).level).toBeCloseTo(1);
    expect(computeBreath(outwards, 18).level).toBeCloseTo(0);
    // it waits at its end
    expect(computeBreath(outwards, 30).level).toBeCloseTo(0);
  });

  it("goes in and out by itself when it is easy, and is nowhere when there is none", () => {
    const easy = { phase: "easy", started_s: 0, duration_s: 0 } as const;
    const phases = new Set(Array.from({ length: 40 }, (_, i) => resolveBreath(easy, i / 2).phase));
    expect(phases).toEqual(new Set(["in", "out"]));
    expect(resolveBreath({ phase: "none", started_s: 0, duration_s: 0 }, 3).phase).toBe("none");
  });

  it("moves along the line without a jump from in to out", () => {
    expect(linePoint("in", 1).x).toBeCloseTo(linePoint("out", 0).x);
    expect(linePoint("in", 1).y).toBeCloseTo(linePoint("out", 0).y);
    expect(linePoint("in", 1).y).toBeLessThan(linePoint("in", 0).y);
    expect(linePath({ phase: "in", share: 0.5 }).length).toBeLessThan(linePath({ phase: "out", share: 0.5 }).length);
  });
});
