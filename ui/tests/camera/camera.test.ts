import { describe, expect, it } from "vitest";
import { isTooSlow, RateMeter, readChoice, rememberChoice } from "../../src/camera/choice";
import { countPersons, packPoints } from "../../src/camera/landmarks";
import { nameProblem } from "../../src/camera/source";
import { readRoute } from "../../src/session/route";

function makePose(left: number, visibility = 0.9) {
  return Array.from({ length: 33 }, (_, i) => ({ x: left + (i % 6) * 0.03, y: 0.2 + i * 0.02, z: 0, visibility }));
}

describe("packPoints", () => {
  it("packs x, y, z, visibility, and refuses what is not a whole pose", () => {
    const packed = packPoints(makePose(0.1))!;
    expect(packed).toHaveLength(132);
    expect(packed[4 * 7 + 1]).toBeCloseTo(0.34);
    expect(packPoints(undefined)).toBeNull();
    expect(packPoints(makePose(0.1).slice(1))).toBeNull();
    expect(packPoints([...makePose(0.1).slice(1), { x: Number.NaN, y: 0, z: 0 }])).toBeNull();
  });
});

describe("countPersons", () => {
  it("counts two that stand apart, one that was found twice, and none that is only guessed", () => {
    expect(countPersons([makePose(0.05), makePose(0.6)])).toBe(2);
    expect(countPersons([makePose(0.3), makePose(0.31)])).toBe(1);
    expect(countPersons([makePose(0.3), makePose(0.7, 0.2)])).toBe(1);
    expect(countPersons([])).toBe(0);
  });
});

describe("choice of model and delegate", () => {
  it("drops graphics that are slow, then the heavy model, and keeps the light one whatever it takes", () => {
    expect(isTooSlow({ model: "full", delegate: "GPU" }, 400)).toBe("delegate");
    expect(isTooSlow({ model: "full", delegate: "GPU" }, 20)).toBeNull();
    expect(isTooSlow({ model: "full", delegate: "CPU" }, 100)).toBe("model");
    expect(isTooSlow({ model: "full", delegate: "CPU" }, 50)).toBeNull();
    expect(isTooSlow({ model: "lite", delegate: "CPU" }, 500)).toBeNull();
  });

  it("remembers for a week, and not what is damaged", () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    rememberChoice({ model: "lite", delegate: "CPU" }, 1000, storage);
    expect(readChoice(2000, storage)).toEqual({ model: "lite", delegate: "CPU" });
    expect(readChoice(1000 + 8 * 24 * 3600 * 1000, storage)).toBeNull();
    kept.set("unkink.pose", '{"model":"huge","delegate":"CPU","at_ms":1000}');
    expect(readChoice(2000, storage)).toBeNull();
    kept.set("unkink.pose", "{");
    expect(readChoice(2000, storage)).toBeNull();
  });

  it("measures a rate over the last seconds only", () => {
    const meter = new RateMeter(2000);
    expect(meter.read()).toBeNaN();
    for (let t = 0; t <= 4000; t += 100) meter.mark(t);
    for (let t = 4050; t <= 6050; t += 50) meter.mark(t);
    expect(meter.read()).toBeCloseTo(20, 0);
  });
});

describe("nameProblem", () => {
  it("tells a refusal from no camera and from one in use", () => {
    const named = (name: string) => nameProblem(new DOMException("x", name));
    expect(named("NotAllowedError")).toBe("refused");
    expect(named("NotFoundError")).toBe("none");
    expect(named("NotReadableError")).toBe("busy");
    expect(nameProblem("?")).toBe("failed");
  });
});

describe("readRoute", () => {
  it("reads the wish from the address", () => {
    const { wish, model } = readRoute(
      new URLSearchParams("exercise=wall-angels&variant=wa-low&mode=demo&short=1&resume=s7"),
    );
    expect(wish).toEqual({ exercise_id: "wall-angels", variant: "wa-low", mode: "demo", short: true, resume_id: "s7" });
    expect(model).toBeUndefined();
  });

  it("falls back to what is safe", () => {
    const { wish, model } = readRoute(new URLSearchParams("mode=x&model=heavy"));
    expect(wish).toMatchObject({ mode: "camera", short: false, resume_id: null });
    expect(model).toBeUndefined();
  });
});
