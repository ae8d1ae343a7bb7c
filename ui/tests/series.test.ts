import { describe, expect, it } from "vitest";
import { smooth, smoothAt, toPath } from "../src/design/series";
import { weakestGrade } from "../src/pages/evidence";
import { inOrder, minutesOf, sessionHref } from "../src/pages/names";

describe("a smooth line", () => {
  const flat = [0, 1, 2, 3].map((at) => ({ at, value: 4 }));
  it("keeps what is constant", () => {
    for (const point of smooth(flat, 9, 1)) expect(point.value).toBeCloseTo(4);
  });
  it("stays between the lowest and the highest and goes from the first to the last", () => {
    const points = [0, 1, 2, 3, 4].map((at) => ({ at, value: at % 2 ? 8 : 2 }));
    const line = smooth(points, 20, 0.8);
    expect(line[0]?.at).toBe(0);
    expect(line[19]?.at).toBe(4);
    for (const { value } of line) expect(value > 2 && value < 8).toBe(true);
  });
  it("has nothing to say about nothing", () => {
    expect(smooth([], 5, 1)).toEqual([]);
    expect(smoothAt([], 0, 1)).toBeNaN();
    expect(smooth([{ at: 3, value: 1 }], 5, 1)).toEqual([{ at: 3, value: 1 }]);
  });
  it("is drawn point by point", () => {
    expect(
      toPath([
        [0, 1],
        [2.25, 3],
      ]),
    ).toBe("M0.0 1.0 L2.3 3.0");
  });
});

describe("what is said of techniques", () => {
  const rows = (grades: string) => [...grades].map((grade, i) => ({ id: `D${i}`, source: "", grade, provenance: "S" }));
  it("is no firmer than the weakest row", () => {
    expect(weakestGrade(rows("AAAB"))).toBe("B");
    expect(weakestGrade(rows("BCCDA"))).toBe("D");
    expect(weakestGrade([...rows("AB"), { id: "D9", source: null, grade: null, provenance: null }])).toBe("D");
    expect(weakestGrade([])).toBeNull();
  });
  it("puts what presses on the back last", () => {
    expect(inOrder([{ code: "FR" }, { code: "WA" }, { code: "TW" }, { code: "SS" }]).map(({ code }) => code)).toEqual([
      "TW",
      "SS",
      "WA",
      "FR",
    ]);
  });
  it("leads to a session with the wish in its address", () => {
    expect(
      sessionHref({ exercise: "seated-twist", variant: "tw-soft", mode: "timer", isShort: true, resume: "a" }),
    ).toBe("/session?exercise=seated-twist&mode=timer&variant=tw-soft&short=1&resume=a");
    expect(sessionHref({ exercise: "wall-angels", variant: null, mode: "camera" })).toBe(
      "/session?exercise=wall-angels&mode=camera",
    );
  });
  it("never rounds a session to nothing", () => {
    expect(minutesOf(12)).toBe(1);
    expect(minutesOf(290)).toBe(5);
  });
});
