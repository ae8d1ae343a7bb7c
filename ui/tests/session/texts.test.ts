import { PAIN_SIGNS, STOPS } from "virtual:safety-cards";
import { describe, expect, it } from "vitest";
import texts from "../../../src/unkink/rules/locales/en/session.json";
import type { PainKind } from "../../src/generated/messages";
import { ownStop, signOf } from "../../src/session/ownstop";
import { nameKeyOf, setupKeysOf } from "../../src/session/texts";
import { has, t } from "../../src/text/catalogue";

describe("texts of a session", () => {
  it("has a sentence for every reason of the camera, every pause and every problem", () => {
    const reasons = ["nobody", "two-people", "too-close", "too-far", "cropped-hips", "cropped-arms", "cropped-head"];
    reasons.push("side-on", "front-on", "dark", "jumpy", "stale", "camera", "hidden", "time-jump");
    for (const reason of reasons) expect(has(`tracking.${reason}`), reason).toBe(true);
    for (const reason of ["user", "lost", "partly", "left", "hidden", "camera", "pain", "time-jump"]) {
      expect(has(`paused.${reason}`), reason).toBe(true);
    }
    for (const problem of ["insecure", "none", "refused", "busy", "lost", "failed", "engine", "demo"]) {
      expect(has(`camera.problem.${problem}.title`) && has(`camera.problem.${problem}.text`), problem).toBe(true);
    }
  });

  it("never frightens, never shames", () => {
    const banned = /\b(must|perfect|failed|streak|bad posture|weak|out of place|crumbling|great)\b/i;
    for (const text of Object.values(texts)) expect(text).not.toMatch(banned);
  });

  it("has words and a help card for each sign, without a server", () => {
    expect(STOPS.map(({ id }) => id)).toEqual(["S01", "S02", "S03", "S04", "S05"]);
    for (const { id, card } of STOPS) {
      const verdict = ownStop(id, 3);
      expect(verdict.kind).toBe("stop");
      expect(verdict.card).toBe(card);
      expect(has(verdict.reasons[0]!.key), id).toBe(true);
      expect(has(`safety.symptom.${id}`), id).toBe(true);
      expect(has(`help.${card}.title`), id).toBe(true);
    }
    expect(has(ownStop(null, 3).reasons[0]!.key)).toBe(true);
  });

  it("stops by itself, with the right card, for each kind of pain that is a sign", () => {
    expect(Object.keys(PAIN_SIGNS).sort()).toEqual(["breath", "dizzy", "electric", "sharp", "spreading", "tingling"]);
    for (const [kind, sign] of Object.entries(PAIN_SIGNS)) {
      expect(has(`session.pain.kind.${kind}`), kind).toBe(true);
      expect(STOPS.map(({ id }) => id)).toContain(sign);
      expect(signOf(kind as PainKind)).toBe(sign);
    }
    expect(signOf("ache")).toBe(null);
  });

  it("takes a variant's own words where it has some", () => {
    expect(t(nameKeyOf("seated-twist", "tw-soft"))).not.toBe(t(nameKeyOf("seated-twist", null)));
    expect(nameKeyOf("seated-twist", "nothing")).toBe("exercise.seated-twist.name");
    for (const id of ["seated-twist", "standing-side-stretch", "wall-angels", "foam-roller"]) {
      expect(setupKeysOf(id, null).length).toBeGreaterThan(1);
    }
  });
});
