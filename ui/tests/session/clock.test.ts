import { describe, expect, it } from "vitest";
import { MediaClock } from "../../src/camera/pump";
import { SessionClock } from "../../src/session/clock";

function makeClock(start_ms = 10_000) {
  const hands = { steady_ms: start_ms, wall_ms: 1_700_000_000_000 };
  const clock = new SessionClock({ steady_ms: () => hands.steady_ms, wall_ms: () => hands.wall_ms });
  const pass = (ms: number, wall_ms = ms) => {
    hands.steady_ms += ms;
    hands.wall_ms += wall_ms;
  };
  return { clock, pass, hands };
}

describe("SessionClock", () => {
  it("counts seconds from the start", () => {
    const { clock, pass } = makeClock();
    pass(5000);
    clock.start();
    pass(2500);
    expect(clock.now()).toBeCloseTo(2.5);
  });

  it("goes on where the server stands after a resume", () => {
    const { clock, pass } = makeClock();
    clock.start(31.25);
    pass(1000);
    expect(clock.now()).toBeCloseTo(32.25);
    expect(clock.stamp()).toBeGreaterThanOrEqual(31.25);
  });

  it("lets no other message overtake the pictures, and none go back", () => {
    const { clock, pass } = makeClock();
    clock.start();
    const sent: number[] = [];
    for (let i = 0; i < 40; i++) {
      pass(33);
      // each picture is 90 ms old when its landmarks are sent
      sent.push(clock.stampFrame(clock.now() - 0.09));
      if (i % 7 === 3) sent.push(clock.stamp());
    }
    for (let i = 1; i < sent.length; i++) expect(sent[i]!).toBeGreaterThanOrEqual(sent[i - 1]!);
    const frames_late = sent.at(-1)! - (clock.now() - 0.09);
    expect(Math.abs(frames_late)).toBeLessThan(0.001);
  });

  it("runs without lag where there are no pictures", () => {
    const { clock, pass } = makeClock();
    clock.start();
    pass(4000);
    expect(clock.stamp()).toBeCloseTo(4);
  });

  it("notices a closed lid, whichever clock slept", () => {
    for (const [steady, wall] of [
      [90_000, 90_000],
      [300, 90_000],
    ] as const) {
      const { clock, pass } = makeClock();
      clock.start();
      expect(clock.checkJump(0.25)).toBe(0);
      pass(250);
      expect(clock.checkJump(0.25)).toBe(0);
      pass(1900);
      expect(clock.checkJump(0.25)).toBe(0);
      pass(steady, wall);
      expect(clock.checkJump(0.25)).toBeCloseTo(90, 0);
    }
  });
});

describe("MediaClock", () => {
  const at = (now_ms: number) => now_ms / 1000;

  it("takes the capture time where the browser tells it", () => {
    const times = new MediaClock({ at });
    expect(times.compute({ mediaTime: 900, captureTime: 4950 }, 5000)).toBeCloseTo(4.95);
  });

  it("does not believe a capture time of another clock", () => {
    const times = new MediaClock({ at });
    expect(times.compute({ mediaTime: 1, captureTime: 90_000_000 }, 5000)).toBeCloseTo(5);
  });

  it("keeps the even steps of the media although callbacks come late", () => {
    const times = new MediaClock({ at });
    const late_ms = [0, 40, 5, 60, 12, 0, 33];
    const t_s = late_ms.map((late, i) => times.compute({ mediaTime: i / 30 }, 1000 + (i * 1000) / 30 + late));
    for (let i = 1; i < t_s.length; i++) expect(t_s[i]! - t_s[i - 1]!).toBeCloseTo(1 / 30, 3);
  });

  it("starts anew after an interruption, never backwards", () => {
    const times = new MediaClock({ at });
    const before = times.compute({ mediaTime: 57.9 }, 60_000);
    // the film begins again
    const after = times.compute({ mediaTime: 0 }, 60_040);
    expect(after).toBeGreaterThan(before);
    expect(after).toBeCloseTo(60.04, 2);
  });
});
