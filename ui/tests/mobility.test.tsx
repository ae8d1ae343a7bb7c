import { render } from "preact";
import { describe, expect, it } from "vitest";
import texts from "../../src/unkink/rules/locales/en/mobility.json";
import type { CheckShown, CheckToday, Measured } from "../src/api/types";
import { MobilityOffer, MobilityResult } from "../src/pages/Mobility";
import { findPlace } from "../src/session/demonstration";
import { readRoute } from "../src/session/route";
import { positionOf, setupKeysOf } from "../src/session/texts";
import { has } from "../src/text/catalogue";

function draw(node: preact.JSX.Element): HTMLElement {
  const root = document.createElement("div");
  document.body.append(root);
  render(node, root);
  return root;
}

const TODAY: CheckToday = {
  state: "due",
  due_at: "2026-03-15T09:00:00Z",
  last_at: "2026-03-01T09:00:00Z",
  minutes: 2,
  left_out: [],
  reasons: [],
};

function makeMeasured(change: Partial<Measured> = {}): Measured {
  return {
    quantity: "shoulder_turn_deg",
    side: "right",
    value_deg: 41.4,
    sd_deg: 3.6,
    n: 3,
    reason: null,
    before_deg: 38,
    noise_deg: 10,
    noise_because: "norm",
    repeats_deg: [40, 41.4, 42],
    ...change,
  };
}

function makeShown(sides: Measured[], change: Partial<CheckShown["movements"][number]> = {}): CheckShown {
  const movement = {
    part: "turn",
    name_key: "mobility.part.turn",
    quantity: "shoulder_turn_deg",
    sides,
    sentences: [{ key: "mobility.change.same", params: { side: "side.right" } }],
    norm: null,
    ...change,
  };
  return { movements: [movement], before_at: "2026-03-01T09:00:00Z", notes: [] };
}

describe("the mobility check", () => {
  it("is offered when it is due, and not mentioned otherwise", () => {
    expect(
      draw(<MobilityOffer today={TODAY} />)
        .querySelector("a")
        ?.getAttribute("href"),
    ).toContain("mobility-check");
    for (const state of ["later", "closed"] as const) {
      expect(draw(<MobilityOffer today={{ ...TODAY, state }} />).textContent).toBe("");
    }
  });

  it("says what is left out", () => {
    const left_out = [{ key: "mobility.left-out", params: { part: "mobility.part.turn" } }];
    expect(draw(<MobilityOffer today={{ ...TODAY, left_out }} />).textContent).toContain("Turning is left out");
  });

  it("shows both sides large, the left on the left, each with its give-or-take", () => {
    const sides = [makeMeasured(), makeMeasured({ side: "left", value_deg: 36.2 })];
    const root = draw(<MobilityResult shown={makeShown(sides)} />);
    expect([...root.querySelectorAll(".side-number .numeral")].map((n) => n.textContent)).toEqual(["36°", "41°"]);
    expect(root.textContent).toContain("± 4°");
    expect(root.textContent).toContain("To the right: no clear change");
    expect(root.textContent).not.toContain("why am I seeing this");
  });

  it("says so where nothing was measured, and draws nothing", () => {
    const root = draw(<MobilityResult shown={makeShown([makeMeasured({ value_deg: null, sd_deg: null, n: 0 })])} />);
    expect(root.textContent).toContain("not measured");
    expect(root.querySelector("figure")).toBeNull();
  });

  it("shows a norm only with its source and grade", () => {
    const norm = {
      low_deg: 41,
      high_deg: 45,
      text_key: "mobility.norm.shoulder_turn_deg",
      evidence: { id: "M01", source: "Johnson 2012", grade: "B", provenance: "S" },
    };
    const root = draw(<MobilityResult shown={makeShown([makeMeasured()], { norm })} />);
    expect(root.querySelector("details")?.textContent).toMatch(/41 to 45 degrees.*Johnson 2012.*B/s);
    expect(root.querySelector("rect.norm")).not.toBeNull();
  });

  it("is done sitting and needs a picture", () => {
    expect(positionOf("mobility-check")).toBe("sitting");
    expect(setupKeysOf("mobility-check", null)).toHaveLength(3);
    for (const mode of ["timer", "camera"]) {
      expect(readRoute(new URLSearchParams({ exercise: "mobility-check", mode })).wish.mode).toBe("camera");
    }
    expect(readRoute(new URLSearchParams({ exercise: "seated-twist", mode: "timer" })).wish.mode).toBe("timer");
  });

  it("has a demonstration that waits at its part", () => {
    expect(findPlace("turn", 10)).toBe(20);
    expect(findPlace("turn", 18)).toBeNull();
    expect(findPlace("turn", 40)).toBeNull();
    expect(findPlace("turn", 60)).toBe(20);
    expect(findPlace("somewhere", 60)).toBeNull();
  });

  it("never frightens, never shames, and has a word for every noise", () => {
    const banned = /\b(must|perfect|failed|streak|bad posture|weak|out of place|crumbling|great|abnormal|deficit)\b/i;
    for (const text of Object.values(texts)) expect(text).not.toMatch(banned);
    for (const why of ["norm", "instrument", "repeats", "sessions", "unknown"]) {
      expect(has(`mobility.noise.${why}`), why).toBe(true);
    }
  });
});
