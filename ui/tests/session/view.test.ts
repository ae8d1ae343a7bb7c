import { describe, expect, it } from "vitest";
import type { CueMessage } from "../../src/generated/messages";
import {
  chooseCounter,
  chooseLine,
  EMPTY_VIEW,
  isPaused,
  isRunning,
  isStopped,
  reduceMessage,
  soundsOf,
} from "../../src/session/view";
import { makeState, makeVerdict, makeView, makeWelcome } from "./builders";

const say = ({ key }: { key: string }) => key;
const cue = (t_s: number, key = "cue.twist.grow-tall"): CueMessage => ({
  op: "cue",
  t_s,
  key,
  params: {},
  urgency: "form",
  rule_ids: [],
  fault_id: null,
});

describe("reduceMessage", () => {
  it("takes the mode that the server really does", () => {
    const view = reduceMessage(EMPTY_VIEW, makeWelcome({ mode: "timer" }), say);
    expect(view.mode).toBe("timer");
    expect(view.connection).toBe("open");
  });

  it("shows a cue while it is fresh, then the phase's own line", () => {
    let view = reduceMessage(makeView(), cue(10), say);
    expect(chooseLine(view)?.key).toBe("cue.twist.grow-tall");
    view = reduceMessage(view, makeState({ t_s: 12 }), say);
    expect(chooseLine(view)?.key).toBe("cue.twist.grow-tall");
    view = reduceMessage(view, makeState({ t_s: 14.1 }), say);
    expect(chooseLine(view)?.key).toBe("cue.twist.hold");
  });

  it("drops a cue when the phase moves on", () => {
    let view = reduceMessage(makeView(), cue(10), say);
    view = reduceMessage(
      view,
      makeState({ t_s: 11, phase: "return", line: { key: "cue.twist.return", params: {} } }),
      say,
    );
    expect(chooseLine(view)?.key).toBe("cue.twist.return");
  });

  it("never takes a stop back", () => {
    const stopped = reduceMessage(makeView(), makeVerdict(), say);
    const after = reduceMessage(stopped, makeVerdict({ kind: "continue", reasons: [] }), say);
    expect(isStopped(after)).toBe(true);
  });

  it("shows no stop card when the person ended it", () => {
    const view = reduceMessage(makeView(), makeState({ phase: "stopped" }), say);
    expect(view.stage).toBe("over");
    expect(isStopped(view)).toBe(false);
  });

  it("is over when finished, and knows where the summary is", () => {
    let view = reduceMessage(makeView(), makeState({ phase: "finished" }), say);
    expect(view.stage).toBe("over");
    view = reduceMessage(view, { op: "summary", session_id: "s9" }, say);
    expect(view.summary_id).toBe("s9");
  });

  it("keeps the gravest problem", () => {
    const fatal = { op: "problem", code: "a", key: "a", params: {}, error_id: null, fatal: true } as const;
    const mild = { ...fatal, code: "b", fatal: false };
    const view = reduceMessage(reduceMessage(makeView(), fatal, say), mild, say);
    expect(view.problem?.code).toBe("a");
  });
});

describe("pauses", () => {
  it("counts as running only while nothing is paused", () => {
    expect(isRunning(makeView())).toBe(true);
    const paused = makeView({ state: makeState({ phase: "paused", paused: "lost" }) });
    expect(isPaused(paused)).toBe(true);
    expect(isRunning(paused)).toBe(false);
  });
});

describe("chooseCounter", () => {
  it("counts whole seconds in form, and goes on beyond the target", () => {
    expect(chooseCounter(makeView())).toMatchObject({ kind: "seconds", n: 3, target: 15 });
    const beyond = chooseCounter(makeView({ state: makeState({ held_s: 17.3 }) }));
    expect(beyond).toMatchObject({ n: 17, share: 1 });
  });

  it("counts repetitions where the plan has them", () => {
    const welcome = makeWelcome({
      plan: { n_sets: 1, sides: ["both"], hold_s: null, reps: 8, roll_s: null, rest_s: 20 },
    });
    const state = makeState({ repetitions: 3, target_repetitions: 8, target_s: null });
    expect(chooseCounter(makeView({ welcome, state }))).toEqual({ kind: "repetitions", n: 3, target: 8, share: 3 / 8 });
  });

  it("has nothing to count before the first state", () => {
    expect(chooseCounter(makeView({ state: null }))).toEqual({ kind: "none" });
  });
});

describe("soundsOf", () => {
  it("rings once when the target is reached, and not on the other side's start", () => {
    const before = makeView({ state: makeState({ held_s: 14.9 }) });
    const reached = makeState({ held_s: 15 });
    const tones = (state: typeof reached) => soundsOf(before, makeView({ state }), state).map((sound) => sound.kind);
    expect(tones(reached)).toEqual(["tone"]);
    expect(tones(makeState({ held_s: 16, side: "left" }))).toEqual([]);
    const beyond = makeView({ state: reached });
    const more = makeState({ held_s: 15.1 });
    expect(soundsOf(beyond, makeView({ state: more }), more)).toEqual([]);
  });

  it("speaks a cue with its urgency, and a stop as safety", () => {
    const view = makeView();
    expect(soundsOf(view, view, cue(1))[0]).toMatchObject({ kind: "speak", urgency: "form" });
    expect(soundsOf(view, view, makeVerdict())[0]).toMatchObject({ kind: "speak", urgency: "safety" });
  });
});
